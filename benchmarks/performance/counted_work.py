"""Work whose instructions P10 counts, in a module that imports little: valgrind runs imports too."""

from __future__ import annotations

import asyncio
import functools
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from frontegg_async import TreeNode

BRANCHES: Final = 10


async def list_all(url: str) -> None:
    """Iterate a listing of all tenants of a server."""
    from frontegg_async import AsyncFrontegg  # noqa: PLC0415 - see goals.py

    async with AsyncFrontegg("emu_canned", "emu_canned", base_url=url) as frontegg:
        async for _ in frontegg.tenants.list():
            pass


def tree_body(size: int) -> bytes:
    """Return the JSON of a tree with ten children per node, fewer at the end."""
    parts: list[str] = []
    pending = [(0, False)]
    while pending:
        number, is_end = pending.pop()
        if is_end:
            parts.append("]},")
            continue
        about = f'"tenantId":"tenant-{number:07}","tenantName":"Company {number}","status":"active"'
        parts.append(f'{{{about},"createdAt":"2024-05-01T10:00:00.000Z","children":[')
        pending.append((number, True))
        first = number * BRANCHES + 1
        pending += [(below, False) for below in range(min(first + BRANCHES, size) - 1, first - 1, -1)]
    return "".join(parts)[:-1].replace(",]", "]").encode()


@functools.cache
def _body(size: int) -> bytes:
    return tree_body(size)


def _read_tree(size: int) -> None:
    from frontegg_async import TenantTree  # noqa: PLC0415
    from frontegg_async._core.codec.reader import decode  # noqa: PLC0415

    assert isinstance(decode(_body(size), TenantTree), TenantTree)


def _make_tree(size: int) -> None:
    from frontegg_async import TenantTree  # noqa: PLC0415

    tree = TenantTree(_nodes(size), [-1, *[0] * (size - 1)])
    assert sum(place.depth for place in tree.walk()) == size - 1


@functools.cache
def _nodes(size: int) -> Sequence[TreeNode]:
    from frontegg_async import TreeNode  # noqa: PLC0415

    return [TreeNode(tenant_id=f"tenant-{number:07}") for number in range(size)]


WORKS: Final = {"reading a tree": _read_tree, "making and walking a tree": _make_tree}


class Trees(dict[str, Callable[[], None]]):
    """What is done with trees, by the work and the number of nodes; the first call also makes what the work needs."""

    def __missing__(self, name: str) -> Callable[[], None]:
        """Return the work."""
        work, _, size = name.rpartition(" ")
        return partial(WORKS[work], int(size))


if __name__ == "__main__":
    asyncio.run(list_all(sys.argv[1]))
