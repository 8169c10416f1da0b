"""`Trail`: a file with one line for each call of a tool. With the file, people can review an assistant's calls."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.json_values import JsonValue
from frontegg_async.errors import ConfigurationError

_FLAGS: Final = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""Flags for `os.open` that refuse symbolic links, and do not wait for the reader of a pipe."""


class Trail:
    """A file in the format JSON Lines that only its owner can read.

    Args:
        path: The path of the file. The file is created if it does not exist. ``None`` for no trail.

    Raises:
        ConfigurationError: The file cannot be written.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        if path is None:
            return
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._append(b"")
        except OSError as error:
            raise ConfigurationError(f"trail cannot be written: {path}: {error.strerror}") from None

    async def write(self, entry: Mapping[str, JsonValue]) -> None:
        """Write a line with the time and an entry.

        Raises:
            OSError: The file cannot be written.
        """
        if self._path is not None:
            line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **entry}
            await run_in_thread(self._append, msgspec.json.encode(line) + b"\n")

    def _append(self, line: bytes) -> None:
        if self._path is None:
            return
        file = os.open(self._path, _FLAGS, 0o600)
        try:
            while line:
                line = line[os.write(file, line) :]
        finally:
            os.close(file)
