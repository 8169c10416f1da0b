"""Servers of the example's site, as programs."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs

from frontegg_async.emulator.blocking import EmulatorHandle

ROOT: Final = Path(__file__).resolve().parents[3]
SITE: Final = ROOT / "examples" / "django_project"
_SECONDS: Final = 30.0
_FILTERS: Final = (
    "error",
    "ignore:This process:DeprecationWarning",  # Python's own word on os.fork() beside threads, from 3.12 on
    "ignore::ResourceWarning:gunicorn.arbiter",  # of the socket that it inherits
)


@attrs.frozen
class Answer:
    """What a server answered."""

    status: int
    text: str


@attrs.define
class Site:
    """A site that is served."""

    url: str
    pid: int
    written: str = ""

    def get(self, path: str, token: str | None = None) -> Answer:
        """Ask for a path, on a connection of its own."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
                return Answer(answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode())


def environment(emulator: EmulatorHandle) -> dict[str, str]:
    """Return the variables of a program whose environment is an emulator's."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("FRONTEGG_", "DJANGO_"))}
    return {
        **inherited,
        "FRONTEGG_BASE_URL": emulator.url,
        "FRONTEGG_CLIENT_ID": emulator.client_id,
        "FRONTEGG_SECRET_KEY": emulator.secret,
        "PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", ""))),
        "PYTHONIOENCODING": "utf-8",
    }


@contextlib.contextmanager
def served(emulator: EmulatorHandle, *command: str) -> Iterator[Site]:
    """Serve the site by a module of Python's, on a socket that it inherits; end it as systemd would.

    Args:
        emulator: The environment that it is about.
        command: The module and its arguments; the descriptor of the socket is put in the place of ``FD``.
    """
    with (
        socket.create_server(("127.0.0.1", 0), backlog=64) as listener,
        tempfile.TemporaryFile(mode="w+", encoding="utf-8") as errors,
    ):
        words = [word.replace("FD", str(listener.fileno())) for word in command]
        process = subprocess.Popen(
            [sys.executable, *(f"-W{each}" for each in _FILTERS), "-m", *words],
            cwd=SITE,
            env=environment(emulator),
            stdout=errors,
            stderr=errors,
            pass_fds=(listener.fileno(),),
            start_new_session=True,
        )
        site = Site(f"http://127.0.0.1:{listener.getsockname()[1]}", process.pid)
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
