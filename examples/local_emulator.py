"""Run an emulator for the examples in another process, and read its admin API."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast
from unittest.mock import patch

import attrs

from frontegg_async import JsonValue

START_SECONDS: Final = 20.0
STOP_SECONDS: Final = 10.0


@attrs.frozen
class LocalEmulator:
    """A running emulator and its addresses."""

    url: str
    client_id: str
    secret: str = attrs.field(repr=False)
    pid: int

    def journal(self) -> list[dict[str, JsonValue]]:
        """Return all requests that the emulator received, in order."""
        response = cast("dict[str, list[dict[str, JsonValue]]]", self._get("journal"))
        return response["requests"]

    def snapshot(self) -> JsonValue:
        """Return the state of the emulator."""
        return self._get(f"environments/{self.client_id}/snapshot")

    def _get(self, verb: str) -> JsonValue:
        with urllib.request.urlopen(f"{self.url}/_emulator/v1/{verb}", timeout=30) as response:
            return cast("JsonValue", json.load(response))


@contextmanager
def local_emulator() -> Iterator[LocalEmulator]:
    """Start ``python -m frontegg_async.emulator`` on a free port, and stop it at the end.

    Raises:
        RuntimeError: The emulator did not start.
    """
    with tempfile.TemporaryDirectory() as directory:
        ready_file = Path(directory) / "ready.json"
        command = [sys.executable, "-m", "frontegg_async.emulator", "--ready-file", str(ready_file)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            try:
                _wait_for(ready_file, process)
                ready = json.loads(ready_file.read_text(encoding="utf-8"))
                yield LocalEmulator(ready["url"], ready["client_id"], ready["secret"], ready["pid"])
            finally:
                _stop(process)


def _wait_for(ready_file: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready_file.exists():
        if process.poll() is not None:
            raise RuntimeError(f"the emulator exited at once, with status {process.returncode}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"the emulator was not ready within {START_SECONDS:.0f} s")
        time.sleep(0.02)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


@contextmanager
def environment_settings() -> Iterator[str]:
    """Yield the address of the API: ``FRONTEGG_BASE_URL``, or the address of a new emulator.

    The environment variables of the SDK have the address and the credential of the new emulator until the end of the
    block.
    """
    if address := os.environ.get("FRONTEGG_BASE_URL"):
        yield address
        return
    with local_emulator() as emulator:
        settings = {
            "FRONTEGG_BASE_URL": emulator.url,
            "FRONTEGG_CLIENT_ID": emulator.client_id,
            "FRONTEGG_SECRET_KEY": emulator.secret,
        }
        with patch.dict(os.environ, settings):
            yield emulator.url
