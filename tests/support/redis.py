"""A Redis server of the system's package, in its own directory and without persistence."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as LostConnectionError
from redis.retry import Retry

from tests.support.ports import reserved_port

REASON: Final = "needs redis-server: install the Debian package redis-server"
_NAME: Final = "tests"
_READY: Final = "Ready to accept connections"


class RedisServer:
    """A server that can be stopped and started again, without its data.

    Args:
        directory: The directory of its socket.
        port: The port.
    """

    def __init__(self, directory: Path, port: int) -> None:
        self._directory = directory
        self._socket = directory / "redis.sock"
        self._process: subprocess.Popen[str] | None = None
        self.port = port
        self.url = f"unix://{self._socket}"
        self.tcp_url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server, and wait until it is ready."""
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--unixsocket", str(self._socket)]
        options = [
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            str(self._directory),
            "--maxmemory-policy",
            "noeviction",
        ]
        self._process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, encoding="utf-8")
        assert self._process.stdout is not None
        lines: list[str] = []
        for line in self._process.stdout:
            lines.append(line)
            if _READY in line:
                return
        raise RuntimeError("".join(lines))

    def stop(self) -> None:
        """Kill the server."""
        if self._process is not None:
            with self._process as process:
                process.kill()
            self._process = None

    def freeze(self) -> None:
        """Suspend the server: it accepts connections and does not respond."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Resume the server."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def lock(self, password: str) -> None:
        """Require a password, and close all connections."""
        with self._client() as client:
            client.execute_command("CONFIG", "SET", "requirepass", password)
            client.execute_command("CLIENT", "KILL", "SKIPME", "yes")

    def ask(self, *words: str | int) -> object:
        """Send a command, and return the response."""
        with self._client() as client:
            response: object = client.execute_command(*words)
            return response

    def reset(self) -> None:
        """Restore the state of a new server."""
        try:
            self.thaw()
            self.ask("PING")
        except LostConnectionError:
            self.stop()
            self.start()
        self.ask("CLIENT", "KILL", "SKIPME", "yes")
        self.ask("CONFIG", "SET", "maxmemory", "0")
        self.ask("FLUSHALL")

    def _client(self) -> Redis:
        return Redis(unix_socket_path=str(self._socket), client_name=_NAME, retry=Retry(NoBackoff(), 0))

    def connections(self) -> int:
        """Return the number of other clients' connections."""
        listed = self.ask("CLIENT", "LIST")
        assert isinstance(listed, bytes)
        return sum(f"name={_NAME} ".encode() not in line for line in listed.splitlines())


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """Run a server; skip the test without redis-server."""
    if shutil.which("redis-server") is None:
        pytest.skip(REASON)
    # Not pytest's directory: the path of a socket is limited in length.
    with tempfile.TemporaryDirectory(prefix="fr-") as directory, reserved_port() as port:
        server = RedisServer(Path(directory), port)
        server.start()
        try:
            yield server
        finally:
            server.stop()
