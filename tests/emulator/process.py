"""Runs the emulator as a separate process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final, Self

from tests.support.nursery import forked

ENVIRONMENT: Final = dict(os.environ)
MODULE: Final = "frontegg_async.emulator"
STARTED: Final = (sys.executable, "-W", "error", "-m", MODULE)


class EmulatorProcess:
    """A running emulator; the constructor returns when it serves.

    Args:
        arguments: The options of the emulator.
        command: The command that runs it; by default, a nursery forks it.
    """

    def __init__(self, *arguments: str, command: Sequence[str] = ()) -> None:
        words = [*(command or forked(MODULE)), *arguments]
        self.process = subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
        )
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline()
        if not self.line:
            raise AssertionError(self.process.communicate()[1])
        self.ready: dict[str, Any] = json.loads(self.line)
        self.token = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.communicate()

    def end(self, number: int) -> tuple[int, str, str]:
        """Send a signal; return status, the rest of stdout, and stderr."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out, err

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request; return the parsed body, or the status of an error."""
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.ready["url"] + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                raw = response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        return json.loads(raw) if raw else None

    def authenticate(self) -> EmulatorProcess:
        """Get a token."""
        body = {"clientId": self.ready["client_id"], "secret": self.ready["secret"]}
        self.token = self.send("POST", "/auth/vendor", body)["token"]
        return self


def run_emulator(*arguments: str, code: str | None = None) -> tuple[int, str, str]:
    """Run an emulator that ends by itself; return status, stdout and stderr."""
    command = [*(forked(MODULE) if code is None else (sys.executable, "-W", "error", "-c", code)), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr
