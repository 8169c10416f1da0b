"""Ports of loopback for servers that cannot be given a socket, or that go away and come back."""

from __future__ import annotations

import contextlib
import random
import socket
import sys
from collections.abc import Iterator
from typing import Final

_LOOPBACK: Final = "127.0.0.1"
_PORTS: Final = range(20_000, 32_000)
"""Below those that Linux, macOS and Windows give to connections, one of which could take the port meanwhile."""


@contextlib.contextmanager
def reserved_port() -> Iterator[int]:
    """Give a port on which servers may listen until the end of the block; until one does, connections are refused.

    On Linux nobody else gets it: a server that says that it reuses addresses, as servers do, may listen beside a socket
    that says so too and does not listen. Elsewhere it may not, and the port is one that nobody uses now.

    Raises:
        OSError: None of a hundred is free.
    """
    with socket.socket() as owner:
        for port in random.SystemRandom().sample(_PORTS, 100):
            with contextlib.suppress(OSError):
                owner.bind((_LOOPBACK, port))
                break
        else:
            raise OSError("no port is free")
        if sys.platform == "linux":
            owner.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        else:
            owner.close()
        yield port
