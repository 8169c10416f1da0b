"""Runs the services of the compose example on addresses of their own, in namespaces that ``unshare`` has made.

It reads the services as JSON from standard input, and prints what it found as JSON.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Final

_SET_FLAGS: Final = 0x8914  # SIOCSIFFLAGS
_UP_AND_RUNNING: Final = 0x41


def _set_up(names: list[str]) -> None:
    """Bring the loopback interface up, and give each service an address by its name."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP_AND_RUNNING))
    lines = ["127.0.0.1 localhost", *(f"127.0.0.{number} {name}" for number, name in enumerate(names, 2))]
    with tempfile.NamedTemporaryFile("w", delete=False) as hosts:
        hosts.write("\n".join([*lines, ""]))
    subprocess.run(["mount", "--bind", hosts.name, "/etc/hosts"], check=True)
    Path(hosts.name).unlink()


def _environment(service: dict[str, Any]) -> dict[str, str]:
    """Return what a container has: the variables of the compose file, and its own Python first."""
    return {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "PYTHONWARNINGS": "error", **service["environment"]}


def _start(service: dict[str, Any]) -> subprocess.Popen[str]:
    """Start a service, and return when its health check succeeds."""
    environment = _environment(service)
    process = subprocess.Popen(service["command"], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()  # it listens when it has printed something
    subprocess.run(service["health"], env=environment, check=True)
    return process


def _fetch(url: str, body: Any = None, **headers: str) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json", **headers})
    return urllib.request.urlopen(request, timeout=30)


def _observe() -> dict[str, Any]:
    user = {"email": "ada@north.example", "password": "emu_password"}
    with _fetch("http://emulator:8080/identity/resources/auth/v1/user", user) as response:
        token = json.load(response)["accessToken"]
    part = token.split(".")[1]
    found: dict[str, Any] = {"issuer": json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))["iss"]}
    with _fetch("http://app:8000/accounts", authorization=f"Bearer {token}") as response:
        accounts = json.load(response)
        found["accounts"] = [each["id"] for each in accounts if each["id"] in ("north", "north-retail", "north-labs")]
    try:
        _fetch("http://app:8000/accounts").close()
    except urllib.error.HTTPError as error:
        with error:
            found["without a token"] = error.code
    with _fetch("http://app:8000/", accept="text/html") as response:
        found["start page"] = response.headers["content-type"]
    with _fetch("http://emulator:8080/", accept="text/html") as response:
        found["dashboard"] = response.url.removeprefix("http://emulator:8080")
    return found


def main() -> None:
    """Start the services in their order, use them, and stop them."""
    services: list[dict[str, Any]] = json.load(sys.stdin)
    _set_up([service["name"] for service in services])
    running: dict[str, subprocess.Popen[str]] = {}
    try:
        while len(running) < len(services):
            ready = [each for each in services if each["name"] not in running and set(each["after"]) <= running.keys()]
            running[ready[0]["name"]] = _start(ready[0])
        found = {"started": list(running), **_observe()}
    finally:
        for process in reversed(running.values()):
            process.send_signal(signal.SIGTERM)
        statuses = {name: _end(process) for name, process in running.items()}
    json.dump({**found, "statuses": statuses}, sys.stdout)


def _end(process: subprocess.Popen[str]) -> int:
    process.communicate()
    return process.returncode


if __name__ == "__main__":
    assert os.getuid() == 0, "run it by unshare -rnm"
    main()
