"""Finds the processes that hold a socket, from ``/proc`` on Linux."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_REMOTE: Final = 2
_INODE: Final = 9


def children(pid: int) -> list[int]:
    """Return the processes that a process started and that still run."""
    with contextlib.suppress(OSError):
        return [int(found) for found in (_PROC / str(pid) / "task" / str(pid) / "children").read_text().split()]
    return []


def connected_to(port: int) -> set[str]:
    """Return the sockets that are connected to a port of this machine."""
    rows = [line.split() for line in (_PROC / "net" / "tcp").read_text().splitlines()[1:]]
    return {row[_INODE] for row in rows if int(row[_REMOTE].rpartition(":")[2], 16) == port}


def sockets_of(pid: int) -> set[str]:
    """Return the sockets that a process has open, its own and those that it inherited."""
    found: set[str] = set()
    with contextlib.suppress(OSError):
        for descriptor in (_PROC / str(pid) / "fd").iterdir():
            with contextlib.suppress(OSError):
                kind, _, inode = str(descriptor.readlink()).partition(":[")
                if kind == "socket":
                    found.add(inode.rstrip("]"))
    return found


def shared_sockets(owned: Mapping[int, set[str]]) -> set[str]:
    """Return the sockets that two processes or more have open."""
    return {inode for one, other in itertools.combinations(owned.values(), 2) for inode in one & other}
