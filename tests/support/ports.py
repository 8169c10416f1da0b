"""Ports of loopback for servers that another process starts."""

from __future__ import annotations

import random
import socket
from typing import Final

_PORTS: Final = range(20_000, 32_000)
"""Below those that Linux, macOS and Windows give to connections, one of which could take the port meanwhile."""


def free_port() -> int:
    """Return a port that nobody uses now.

    Raises:
        OSError: None of a hundred is free.
    """
    for port in random.SystemRandom().sample(_PORTS, 100):
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
    raise OSError("no port is free")
