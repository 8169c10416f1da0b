"""Files with secrets: read as people write them, and written so that their owner alone may read them."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from frontegg_async._core.runtime.replaced_file import replace_file
from frontegg_async._values.secret import Secret
from frontegg_async.cli.failures import CommandError, ExitCode


def write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone may read, whole or not at all.

    Args:
        path: The file; its directory is made.
        text: The content.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_file(path, text, is_private=True)


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
        with open(0 if is_input else path, encoding="utf-8-sig", newline="", closefd=not is_input) as file:
            text = re.sub(r"\r?\n\Z", "", file.read(64 * 1024))  # spaces may be part of a password
    except UnicodeDecodeError:
        raise CommandError(f"the secret in {name} cannot be read: it is not UTF-8", ExitCode.USAGE) from None
    except OSError as error:
        raise CommandError(f"the secret in {name} cannot be read: {error.strerror}", ExitCode.USAGE) from None
    if not text.strip():
        raise CommandError(f"{name} has no secret in it", ExitCode.USAGE)
    return Secret(text)


def check_writers(path: Path) -> None:
    """Refuse a file or a directory that another user may write, who could send a secret to another host.

    Args:
        path: The file or the directory; it may be missing.

    Raises:
        CommandError: Another user may write it.
    """
    if os.name != "posix":
        return
    try:
        found = path.stat()
    except OSError:  # whoever reads it says why
        return
    if found.st_uid not in (0, os.geteuid()) and os.geteuid() != 0:
        raise CommandError(f"{path} belongs to another user, who may write it", ExitCode.USAGE)
    if stat.S_IMODE(found.st_mode) & 0o022:
        raise CommandError(f"others may write {path}", ExitCode.USAGE, f"chmod go-w {path}")


@contextmanager
def locked(path: Path) -> Generator[None]:
    """Hold a file while no other process does.

    Args:
        path: The file, which stays; its directory is made.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)  # which gives it up


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - of Windows

        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
    else:
        import fcntl  # noqa: PLC0415 - not of Windows

        fcntl.flock(descriptor, fcntl.LOCK_EX)


@contextmanager
def new_secret_file(path: Path | None) -> Generator[Callable[[str], None]]:
    """Yield what writes to a new file that its owner alone may read.

    The file is made before the secret is: one that could not be stored would be lost. Nothing is left of it if nothing
    is written.

    Args:
        path: The file; ``None`` to write nowhere.

    Raises:
        CommandError: There is such a file, or it cannot be made; what it yields raises it if the secret is not in it.
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
    made = os.fstat(descriptor)
    try:
        # Without a buffer, which closing would try to write again.
        with open(descriptor, "wb", buffering=0) as file:  # noqa: PTH123 - a descriptor

            def write(text: str) -> None:
                try:
                    rest = f"{text}\n".encode()
                    while rest:
                        rest = rest[file.write(rest) :]
                    is_there = path.lstat().st_ino == made.st_ino
                except OSError as error:
                    raise _lost(path, str(error.strerror)) from None
                if not is_there:
                    raise _lost(path, "another file has its name now")

            yield write
    finally:
        with suppress(FileNotFoundError):
            # Unless another file has its name now.
            if (found := path.lstat()).st_ino == made.st_ino and not found.st_size:
                path.unlink()


def _lost(path: Path, why: str) -> CommandError:
    return CommandError(
        f"the call was made, but its secret is not in {path}: {why}",
        ExitCode.PARTLY,
        "remove what the call made, by the id in its result, and make it anew",
    )
