"""A listing that is read backward has each row that is there all the time, whatever comes and goes meanwhile."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async import PaginationError
from frontegg_async.backward_reader import BackwardReader
from frontegg_async.models.page import Page
from tests.support.changing_accounts import CHANGES, TOTALS, Account, Change, ChangingAccounts, Totals

pytestmark = pytest.mark.anyio


def reader_of(service: ChangingAccounts) -> BackwardReader[Account]:
    """Return a reader of accounts."""
    return BackwardReader(service, attrgetter("tenant_id"), attrgetter("created_at"))


async def read(service: ChangingAccounts) -> list[str]:
    """Read a listing and return the ids in it, in the order in which they came."""
    found: list[str] = []

    async def take(rows: Sequence[Account]) -> None:
        found.extend(row.tenant_id for row in rows)

    await reader_of(service).read(take, found.clear)
    return found


@given(
    seed=st.integers(0, 2**32),
    count=st.integers(0, 60),
    most=st.integers(0, 3),
    kinds=st.sets(st.sampled_from(CHANGES)),
    totals=st.sampled_from(TOTALS),
)
def test_no_row_is_lost(seed: int, count: int, most: int, kinds: set[Change], totals: Totals) -> None:
    """Rows come and go between any two pages: each that is there all the time is in the listing, or there is none."""
    service = ChangingAccounts(
        random.Random(seed), count, most=most, kinds=tuple(sorted(kinds)), totals=totals, full_page=4
    )

    try:
        found = asyncio.run(read(service))
    except PaginationError:
        assert kinds & {"create_again", "delete_many", "create"}
        return

    assert service.alive <= set(found)
    if "create_again" not in kinds:
        assert len(found) == len(set(found))


@pytest.mark.parametrize("kinds", [("create",), ("delete",), ("create", "delete")])
async def test_it_ends_while_rows_come_or_go_all_the_time(kinds: tuple[Change, ...]) -> None:
    """An environment that grows or shrinks is no reason to give up."""
    for seed in range(20):
        service = ChangingAccounts(random.Random(seed), 200, most=1, kinds=kinds, full_page=20)

        assert service.alive <= set(await read(service))


async def test_it_takes_few_more_requests_than_there_are_pages() -> None:
    """The first page, an empty one; and again an empty one and the last."""
    for count, requests in [(0, 2), (1, 5), (20, 5), (60, 7)]:
        service = ChangingAccounts(random.Random(1), count, kinds=(), full_page=20)

        assert len(await read(service)) == count
        assert service.requests == requests


async def test_what_is_new_since_the_last_time() -> None:
    """Only rows that were not read before."""
    service = ChangingAccounts(random.Random(1), 30, kinds=())
    reader = reader_of(service)
    await reader.read(_forget, list[Account]().clear)
    assert await reader.read_new() == []
    known = {row.tenant_id for row in service.rows}
    service.kinds, service.most = ("create",), 2
    for _ in range(5):
        service.change()
    service.kinds = ()

    created = [row.tenant_id for row in await reader.read_new()]

    assert set(created) == {row.tenant_id for row in service.rows} - known != set()
    assert reader.count == reader.total == len(service.rows)


async def _forget(_: Sequence[Account]) -> None:
    pass


@attrs.define
class Wrong(ChangingAccounts):
    """A service that does not do what it should."""

    answer: Callable[[Sequence[Account], int], Page[Account]] = lambda rows, index: Page(items=tuple(rows), total=index)

    async def fetch(
        self, index: int, page_size: int | None = None, turn: Awaitable[None] | None = None
    ) -> Page[Account]:
        """Return what it answers."""
        await super().fetch(index, page_size, turn)
        return self.answer(self.rows, index)


def _of_rows(rows: Sequence[Account], start: int, stop: int, total: int | None) -> Page[Account]:
    return Page(items=tuple(rows[start:stop]), total=total)


WRONG: dict[str, tuple[Callable[[Sequence[Account], int], Page[Account]], str]] = {
    "the same page always": (lambda rows, _: _of_rows(rows, 0, 5, None), "page 1 has rows of an earlier page"),
    "an offset of rows": (lambda rows, index: _of_rows(rows, index, index + 5, len(rows)), "has rows of an earlier"),
    "newest first": (lambda rows, index: _of_rows(rows[::-1], 5 * index, 5 * index + 5, len(rows)), "not in the order"),
    "rows that are left out": (
        lambda rows, index: _of_rows(rows, 5 * index, 5 * index + 5 - (index == 2), len(rows)),
        "23 rows were read, and the service counts 24",
    ),
    "a total that is far too large": (
        lambda rows, index: _of_rows(rows, 5 * index, 5 * index + 5, 10**18),
        "page [0-9]+ is empty, and the service counts 1000000000000000000 rows",
    ),
    "no rows, and a total": (lambda _, __: Page(items=(), total=5), "page 0 is empty, and the service counts 5 rows"),
}


@pytest.mark.parametrize("case", WRONG)
async def test_a_service_that_contradicts_itself_is_told(case: str) -> None:
    """After three passes, with what is wrong."""
    answer, told = WRONG[case]
    service = Wrong(random.Random(1), 24, kinds=(), answer=answer)
    for number, row in enumerate(service.rows):
        row.created_at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=number)

    with pytest.raises(PaginationError, match=told) as caught:
        await read(service)

    assert (caught.value.endpoint, caught.value.attempts) == ("tenants.list", service.requests)
    assert service.requests <= 3 * 12


async def test_rows_that_do_not_say_when_they_were_created_are_not_compared() -> None:
    """Others are, across them."""
    service = ChangingAccounts(random.Random(1), 30, kinds=())
    for row in service.rows[::2]:
        row.created_at = None

    assert len(await read(service)) == 30
    late = next(row for row in service.rows if row.created_at is not None)
    late.created_at = datetime(2100, 1, 1, tzinfo=UTC)
    with pytest.raises(PaginationError, match="not in the order in which they were created"):
        await read(service)
