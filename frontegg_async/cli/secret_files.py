"""Files with secrets: read them with any line end, and write them so that only their owner may read them."""

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
    """Write a file that only its owner may read. If the write fails, the old file stays unchanged.

    Args:
        path: The file. Missing directories are created.
        text: The content.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_file(path, text, is_private=True)


def read_secret(path: Path) -> Secret:
    """Return the secret in a file, without the line end.

    Args:
        path: The file; ``-`` for standard input.

    Raises:
        CommandError: The file cannot be read, or has no secret.
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
    """Refuse a file or a directory that another user may write: that user could redirect a secret to another host.

    Args:
        path: The file or the directory, which may be missing.

    Raises:
        CommandError: Another user may write the file or the directory.
    """
    if os.name != "posix":
        return
    try:
        found = path.stat()
    except OSError:  # the code that reads the file reports the error
        return
    if found.st_uid not in (0, os.geteuid()) and os.geteuid() != 0:
        raise CommandError(f"{path} belongs to another user, who may write it", ExitCode.USAGE)
    if stat.S_IMODE(found.st_mode) & 0o022:
        raise CommandError(f"other users may write {path}", ExitCode.USAGE, f"To forbid this: chmod go-w {path}")


@contextmanager
def locked(path: Path) -> Generator[None]:
    """Hold a lock that only one process can have.

    Args:
        path: The lock file. It is never removed. Missing directories are created.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)  # releases the lock


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - Windows only

        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
    else:
        import fcntl  # noqa: PLC0415 - not on Windows

        fcntl.flock(descriptor, fcntl.LOCK_EX)


@contextmanager
def new_secret_file(path: Path | None) -> Generator[Callable[[str], None]]:
    """Yield a function that writes a secret to a new file, which only its owner may read.

    The file is created before the secret exists, so that no secret is lost because its file cannot be created. The file
    is removed if no secret is written.

    Args:
        path: The file; ``None`` to write nothing.

    Raises:
        CommandError: The file exists or cannot be created. The yielded function also raises it if the write fails.
    """
    if path is None:
        yield lambda _: None
        return
    if str(path) == "-":
        raise CommandError("a secret must go to a file, not to standard output", ExitCode.USAGE)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CommandError(f"{path} exists already; a secret is written only to a new file", ExitCode.USAGE) from None
    except OSError as error:
        raise CommandError(f"{path} cannot be created: {error.strerror}", ExitCode.USAGE) from None
    made = os.fstat(descriptor)
    try:
        # Without a buffer: closing the file after a failed write would write the buffer again.
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
                    raise _lost(path, "another file has this name now")

            yield write
    finally:
        with suppress(FileNotFoundError):
            # Remove the empty file, unless another file has its name now.
            if (found := path.lstat()).st_ino == made.st_ino and not found.st_size:
                path.unlink()


def _lost(path: Path, why: str) -> CommandError:
    return CommandError(
        f"the request succeeded, but the secret could not be written to {path}: {why}",
        ExitCode.PARTLY,
        "Remove the created object by the id in the result, and create the object again.",
    )
