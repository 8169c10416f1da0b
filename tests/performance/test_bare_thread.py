"""What is measured without the SDK does the same work: calls behind a thread, and a listing by them."""

from __future__ import annotations

import asyncio
import threading
from contextlib import closing

import pytest

from benchmarks.bare_thread import BareThread
from benchmarks.blocking import bare_session, list_bare
from tests.performance.test_canned_server import TENANTS, canned


def test_a_call_has_its_own_value_or_error() -> None:
    """An error does not outlive its call; the thread ends with the block."""
    threads: set[threading.Thread] = set()

    async def divide(number: int) -> float:
        await asyncio.sleep(0)
        threads.add(threading.current_thread())
        return 6 / number

    with closing(BareThread()) as thread:
        assert thread.call(lambda: divide(2)) == 3
        with pytest.raises(ZeroDivisionError):
            thread.call(lambda: divide(0))
        assert thread.call(lambda: divide(3)) == 2
    assert [each.is_alive() for each in threads] == [False]


@pytest.mark.anyio
@pytest.mark.parametrize("tenants", [0, 200, 1001])
async def test_a_listing_is_read_to_its_end(tenants: int) -> None:
    """Whether there are more pages than are requested ahead or not; twice, as in turns."""

    def read(url: str) -> list[int]:
        with bare_session() as (thread, session):
            return [list_bare(thread, session, url) for _ in range(2)]

    async with canned(tenants) as port:
        assert await asyncio.to_thread(read, f"http://127.0.0.1:{port}/plain{TENANTS}") == [tenants, tenants]
