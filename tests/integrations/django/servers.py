"""Run the example site under real servers."""

from __future__ import annotations

import base64
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import attrs

from frontegg_async.emulator import EmulatorHandle

ROOT: Final = Path(__file__).resolve().parents[3]
SITE: Final = ROOT / "examples" / "django_project"
PASSWORD: Final = "correct-horse"
OPERATOR: Final = f"Basic {base64.b64encode(f'admin:{PASSWORD}'.encode()).decode()}"
_SECONDS: Final = 30.0
FILTERS: Final = (
    "error",
    "ignore:This process:DeprecationWarning",  # Python 3.12+ warns about os.fork() with threads
    "ignore::ResourceWarning:gunicorn.arbiter",  # the inherited socket
)


@attrs.frozen
class ServerResponse:
    """The response of a server."""

    status: int
    text: str
    headers: Mapping[str, str]


@attrs.define
class RunningSite:
    """A running site."""

    url: str
    pid: int
    written: str = ""

    def get(self, path: str, token: str | None = None) -> ServerResponse:
        """Request a path on a new connection, without a token as the operator of the site."""
        headers = {"Authorization": OPERATOR if token is None else f"Bearer {token}"}
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as response:
                return ServerResponse(response.status, response.read().decode(), response.headers)
        except urllib.error.HTTPError as error:
            with error:
                return ServerResponse(error.code, error.read().decode(), error.headers)


def environment(emulator: EmulatorHandle) -> dict[str, str]:
    """Return the environment variables for an emulated environment."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("FRONTEGG_", "DJANGO_"))}
    return {
        **inherited,
        "FRONTEGG_BASE_URL": emulator.url,
        "FRONTEGG_CLIENT_ID": emulator.client_id,
        "FRONTEGG_SECRET_KEY": emulator.secret,
        "PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", ""))),
        "PYTHONIOENCODING": "utf-8",
        "ADMIN_PASSWORD": PASSWORD,
    }


@contextlib.contextmanager
def served(emulator: EmulatorHandle, *command: str) -> Iterator[RunningSite]:
    """Serve the site with a server module on an inherited socket, and stop it with SIGTERM like systemd.

    Args:
        emulator: The environment of the site.
        command: The module and its arguments; ``FD`` is replaced by the descriptor of the socket.
    """
    with (
        socket.create_server(("127.0.0.1", 0), backlog=64) as listener,
        tempfile.TemporaryFile(mode="w+", encoding="utf-8") as errors,
    ):
        words = [word.replace("FD", str(listener.fileno())) for word in command]
        process = subprocess.Popen(
            [sys.executable, *(f"-W{each}" for each in FILTERS), "-m", *words],
            cwd=SITE,
            env=environment(emulator),
            stdout=errors,
            stderr=errors,
            pass_fds=(listener.fileno(),),
            start_new_session=True,
        )
        site = RunningSite(f"http://127.0.0.1:{listener.getsockname()[1]}", process.pid)
        try:
            yield site
            process.send_signal(signal.SIGTERM)
            process.wait(_SECONDS)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            errors.seek(0)
            site.written = errors.read()
