"""Files with secrets: read as people write them, and written so that their owner alone may read them."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from frontegg_async._values.secret import Secret
from frontegg_async.cli.failures import CommandError, ExitCode


def write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone may read, whole or not at all.

    Args:
        path: The file; its directory is made.
        text: The content.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as file:  # noqa: PTH123 - a descriptor
            file.write(text)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def read_secret(path: Path) -> Secret:
    """Return the secret in a file, without the end of its line.

    Args:
        path: The file; ``-`` for standard input.

    Raises:
        CommandError: It cannot be read, or has no secret.
    """
    is_input = str(path) == "-"
    name = "standard input" if is_input else str(path)
    try:
        with open(0 if is_input else path, encoding="utf-8-sig", closefd=not is_input) as file:
            text = file.read(64 * 1024).strip()
    except UnicodeDecodeError:
        raise CommandError(f"the secret in {name} cannot be read: it is not UTF-8", ExitCode.USAGE) from None
    except OSError as error:
        raise CommandError(f"the secret in {name} cannot be read: {error.strerror}", ExitCode.USAGE) from None
    if not text:
        raise CommandError(f"{name} has no secret in it", ExitCode.USAGE)
    return Secret(text)


@contextmanager
def new_secret_file(path: Path | None) -> Generator[Callable[[str], None]]:
    """Yield what writes to a new file that its owner alone may read.

    The file is made before the secret is: one that could not be stored would be lost. Nothing is left of it if nothing
    is written.

    Args:
        path: The file; ``None`` to write nowhere.

    Raises:
        CommandError: There is such a file, or it cannot be made.
    """
    if path is None:
        yield lambda _: None
        return
    if str(path) == "-":
        raise CommandError("a secret goes to a file, and not to standard output", ExitCode.USAGE)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CommandError(f"{path} is there already; a secret does not replace a file", ExitCode.USAGE) from None
    except OSError as error:
        raise CommandError(f"{path} cannot be made: {error.strerror}", ExitCode.USAGE) from None
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as file:  # noqa: PTH123 - a descriptor

            def write(text: str) -> None:
                file.write(f"{text}\n")
                file.flush()

            yield write
    finally:
        if not path.stat().st_size:
            path.unlink()
