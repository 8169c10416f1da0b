"""`FileTokenStore`: shares a token among the processes of one host in a file."""

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
from frontegg_async._values.kinds import repr_by
from frontegg_async._values.secret import Hidden
from frontegg_async.errors import ConfigurationError
from frontegg_async.fleet.sealing import KeptToken, Seal, decode_token, encode_token
from frontegg_async.fleet.tokens import StoredToken

_NAME: Final = re.compile(r"[0-9a-f]{1,128}")
_LOOK_EVERY: Final = 0.05
_MOST_BYTES: Final = 64 * 1024
_LEFT_BEHIND: Final = 60.0
"""The age in seconds from which a temporary file must be the file of a killed process."""


class FileTokenStore:
    """Stores the shared token of the processes of one host in files that only their user may read.

    Pass the store to each client as ``token_store``. Files are replaced atomically. A process that dies while it
    fetches a token does not block the other processes. The store needs the file locks of Linux and macOS.

    Args:
        directory: The directory, on a local disk. If the directory does not exist, the store creates it, and only this
            user may read it.
        encryption_key: A key from ``cryptography.fernet.Fernet.generate_key()``, or several keys. The first key
            encrypts, and all keys decrypt. Without a key, the files contain the token as plain text.
        clock: Returns the time in seconds since the epoch.

    Raises:
        ConfigurationError: The directory cannot be used, other users may write to it, the key is malformed, or this
            system does not support file locks.
        MissingExtraError: A key is given, but the package ``cryptography`` is not installed.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        *,
        encryption_key: str | bytes | Sequence[str | bytes] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        # Keep the key out of this frame, which is part of an error's traceback.
        keys = None if encryption_key is None else Hidden(encryption_key)
        del encryption_key
        self._seal = None if keys is None else Seal(keys.reveal(), argument="encryption_key", extra="jwt")
        self._clock = clock
        self._directory = _check_path(directory)
        _check_locks()
        _check_directory(self._directory)

    async def get(self, name: str, /) -> StoredToken | None:
        """Return the token with this name and its remaining lifetime, or ``None`` if the store has no token."""
        return await run_in_thread(self._get, name)

    async def put(self, name: str, token: StoredToken, /) -> None:
        """Store a token in place of the present token."""
        await run_in_thread(self._put, name, token)

    async def acquire(self, name: str, seconds: float, /) -> object | None:
        """Acquire the lease, which is the right to fetch a token. The lease ends with the process, not after a time.

        Args:
            name: The name of the token.
            seconds: Ignored.

        Returns:
            The lease; ``None`` if another process holds it.
        """
        del seconds
        lease = _FileLease()
        try:
            is_ours = await run_in_thread(lease.begin, self._path(name, "lock"))
        except BaseException:
            # The thread continues. It must release the lock, since no other code does so.
            lease.end()
            raise
        return lease if is_ours else None

    async def release(self, name: str, lease: object, /) -> None:
        """Release a lease."""
        del name
        if isinstance(lease, _FileLease):
            lease.end()

    async def wait(self, name: str, seconds: float, /) -> None:
        """Wait briefly before the next poll of the store."""
        del name
        await asyncio.sleep(min(seconds, _LOOK_EVERY))

    def __repr__(self) -> str:
        return repr_by(self, "_directory")

    def _path(self, name: str, suffix: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("the name of a token must be hexadecimal")
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
        # mkstemp creates a file that only this user may read.
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
        """Remove the temporary files of killed processes. Keep the files of processes that are storing a token."""
        for path in self._directory.glob(f"{name}.*.new"):
            try:
                if self._clock() - path.lstat().st_mtime > _LEFT_BEHIND:
                    path.unlink()
            except FileNotFoundError:
                # Another process removed or renamed the file.
                continue


class _FileLease:
    """A file lock that a thread acquires. A caller may abandon the lock before the thread has acquired it."""

    def __init__(self) -> None:
        self._guard = ProcessLock()
        self._descriptor: int | None = None
        self._is_ended = False
        renew_after_fork(self)

    def begin(self, path: Path) -> bool:
        """Acquire the lock if it is free; return whether this process holds the lock."""
        import fcntl  # noqa: PLC0415 - Windows has no fcntl, and no such store

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
        """Release the lock. If a thread is still acquiring the lock, the thread releases it."""
        notice_fork()
        with self._guard.of_process():
            self._is_ended = True
            descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            _unlock(descriptor)

    def after_fork(self) -> None:
        """Close the file in a forked child. The lock belongs to the parent process, and must not outlive the parent."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def _open_file(path: Path, flags: int) -> int:
    """Open a regular file without following links. The call does not block on a named pipe.

    Raises:
        OSError: The file is not regular, or cannot be opened.
    """
    descriptor = os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise OSError("not a regular file")


def _unlock(descriptor: int) -> None:
    """Release a lock and close its file.

    Closing alone does not release the lock while a forked child has the file open.
    """
    import fcntl  # noqa: PLC0415 - Windows has no fcntl, and no such store

    try:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def _check_locks() -> None:
    if importlib.util.find_spec("fcntl") is None:
        raise ConfigurationError("FileTokenStore needs file locks that this system does not have: use a shared store")


def _check_path(directory: str | os.PathLike[str]) -> Path:
    text = os.fspath(directory) if isinstance(directory, str | os.PathLike) else ""
    # Refuse empty text: it usually comes from an unset variable, and would mean the working directory.
    if isinstance(text, str) and text:
        return Path(text)
    raise ConfigurationError("directory must be the path of a directory, as text or as a Path, and not empty")


def _check_directory(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = directory.stat()
    except FileExistsError:
        reason = "it is not a directory"
    except OSError as error:
        reason = error.strerror or "of an unknown error"
    except ValueError:
        reason = "it contains characters that are not allowed in a path"
    else:
        if status.st_uid == os.geteuid() and not status.st_mode & 0o022:
            return
        reason = "it must belong to this user, and no other user may write to it"
    raise ConfigurationError(f"directory {str(directory)!r} cannot be used: {reason}")
