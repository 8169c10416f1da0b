"""``FileTokenStore``: the token that the processes of one host share, in a file."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import re
import stat
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from frontegg_async._core.runtime.forks import ProcessLock, notice_fork, renew_after_fork
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.secret import Hidden
from frontegg_async.errors import ConfigurationError
from frontegg_async.fleet.sealing import KeptToken, Seal, decode_token, encode_token
from frontegg_async.fleet.tokens import StoredToken

_NAME: Final = re.compile(r"[0-9a-f]{1,128}")
_LOOK_EVERY: Final = 0.05
_MOST_BYTES: Final = 64 * 1024
_LEFT_BEHIND: Final = 60.0
"""Seconds after which a file that was not put in its place is taken to be of a process that was killed."""


class FileTokenStore:
    """Keeps the token that the processes of one host share in a directory of files that only their user may read.

    Give it to each client as ``token_store``. Files are replaced as a whole, and a process that ends while it fetches a
    token holds up no other. It needs file locks as Linux and macOS have them.

    Args:
        directory: The directory, on a local disk. It is made, for this user alone, if it is not there.
        encryption_key: A key as ``cryptography.fernet.Fernet.generate_key()`` makes it, or several, of which the first
            encrypts; without one the files hold the token as it is.
        clock: The time of day, in seconds of the epoch.

    Raises:
        ConfigurationError: The directory is not one, others may write to it, the key is malformed, or this system has
            no such locks.
        MissingExtraError: There is a key, and the package ``cryptography`` is not installed.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        *,
        encryption_key: str | bytes | Sequence[str | bytes] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        # This frame is part of an error's traceback, which must not hold the key.
        keys = None if encryption_key is None else Hidden(encryption_key)
        del encryption_key
        self._seal = None if keys is None else Seal(keys.reveal(), argument="encryption_key", extra="jwt")
        self._clock = clock
        self._directory = _check_path(directory)
        _check_locks()
        _check_directory(self._directory)

    async def get(self, name: str, /) -> StoredToken | None:
        """Return the token of a name with what is left of its life, or ``None`` if there is none."""
        return await run_in_thread(self._get, name)

    async def put(self, name: str, token: StoredToken, /) -> None:
        """Keep a token in the place of the one that is there."""
        await run_in_thread(self._put, name, token)

    async def acquire(self, name: str, seconds: float, /) -> object | None:
        """Begin to fetch a token; the lease ends with the process, and not by time.

        Args:
            name: Which one.
            seconds: Not needed here.

        Returns:
            The lease; ``None`` if another has it.
        """
        del seconds
        lease = _FileLease()
        try:
            is_ours = await run_in_thread(lease.begin, self._path(name, "lock"))
        except BaseException:
            # The thread goes on by itself, and must not keep a lock that nobody gives back.
            lease.end()
            raise
        return lease if is_ours else None

    async def release(self, name: str, lease: object, /) -> None:
        """Give a lease back."""
        del name
        if isinstance(lease, _FileLease):
            lease.end()

    async def wait(self, name: str, seconds: float, /) -> None:
        """Wait a moment."""
        del name
        await asyncio.sleep(min(seconds, _LOOK_EVERY))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self._directory)!r})"

    def _path(self, name: str, suffix: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("a name is hexadecimal")
        return self._directory / f"{name}.{suffix}"

    def _get(self, name: str) -> StoredToken | None:
        try:
            descriptor = _open_file(self._path(name, "token"), os.O_RDONLY)
        except FileNotFoundError:
            return None
        with os.fdopen(descriptor, "rb") as file:
            if os.fstat(descriptor).st_uid != os.geteuid():
                return None
            content = file.read(_MOST_BYTES)
        found = self._open(name, content)
        if found is None:
            return None
        left = found.ends_at - self._clock()
        return StoredToken(found.value, found.life, left) if left > 0 else None

    def _open(self, name: str, content: bytes) -> KeptToken | None:
        if self._seal is not None:
            return self._seal.open(name, content)
        try:
            return decode_token(name, json.loads(content))
        except (ValueError, RecursionError, OverflowError):
            return None

    def _put(self, name: str, token: StoredToken) -> None:
        kept = KeptToken(token.value, token.life, self._clock() + token.left)
        content = encode_token(name, kept) if self._seal is None else self._seal.seal(name, kept)
        self._remove_left_behind(name)
        # mkstemp makes it readable for this user alone.
        descriptor, made = tempfile.mkstemp(dir=self._directory, prefix=f"{name}.", suffix=".new")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(descriptor)
            Path(made).replace(self._path(name, "token"))
        except BaseException:
            Path(made).unlink(missing_ok=True)
            raise

    def _remove_left_behind(self, name: str) -> None:
        """Remove the files of processes that were killed while they put a token; other processes may be putting one."""
        for path in self._directory.glob(f"{name}.*.new"):
            try:
                if self._clock() - path.lstat().st_mtime > _LEFT_BEHIND:
                    path.unlink()
            except FileNotFoundError:
                # Another process removed it, or put it in its place.
                continue


class _FileLease:
    """The lock of a file, from when a thread begins to take it until it is given back or given up."""

    def __init__(self) -> None:
        self._guard = ProcessLock()
        self._descriptor: int | None = None
        self._is_ended = False
        renew_after_fork(self)

    def begin(self, path: Path) -> bool:
        """Take the lock if nobody has it; return whether it is ours."""
        import fcntl  # noqa: PLC0415 - Windows has none, where there is no such store

        descriptor = _open_file(path, os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        except BaseException:
            os.close(descriptor)
            raise
        with self._guard.of_process():
            is_wanted = not self._is_ended
            if is_wanted:
                self._descriptor = descriptor
        if not is_wanted:
            _unlock(descriptor)
        return is_wanted

    def end(self) -> None:
        """Give the lock back, or give it up while a thread still takes it."""
        notice_fork()
        with self._guard.of_process():
            self._is_ended = True
            descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            _unlock(descriptor)

    def after_fork(self) -> None:
        """Close the file in a forked child: the lock is the parent's, and would outlive it here."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def _open_file(path: Path, flags: int) -> int:
    """Open a regular file, without following a link and without waiting: to open a named pipe waits for its other end.

    Raises:
        OSError: It is no regular file, or it cannot be opened.
    """
    descriptor = os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise OSError("not a regular file")


def _unlock(descriptor: int) -> None:
    """Give a lock back and close its file: to close it is not enough while a forked child has it open too."""
    import fcntl  # noqa: PLC0415 - Windows has none, where there is no such store

    try:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def _check_locks() -> None:
    if importlib.util.find_spec("fcntl") is None:
        raise ConfigurationError("FileTokenStore needs file locks that this system does not have: use a shared store")


def _check_path(directory: str | os.PathLike[str]) -> Path:
    text = os.fspath(directory) if isinstance(directory, str | os.PathLike) else ""
    # An empty text is a variable that is not set: it would be the working directory.
    if isinstance(text, str) and text:
        return Path(text)
    raise ConfigurationError("directory must be the path of a directory, as text or as a Path, and not empty")


def _check_directory(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = directory.stat()
    except OSError as error:
        reason = error.strerror
    except ValueError:
        reason = "it has characters that no path can have"
    else:
        if status.st_uid == os.geteuid() and not status.st_mode & 0o022:
            return
        reason = "it must belong to this user, and no other may write to it"
    raise ConfigurationError(f"directory cannot be used: {reason}")
