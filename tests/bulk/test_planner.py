"""The decisions of the planner, on each store: the generation and the problem of each row."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async.bulk import planner, stores
from frontegg_async.bulk.operation import Operation
from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.bulk.planner import Findings
from frontegg_async.bulk.store import NewRow, Store
from tests.bulk.each_store import new_address

pytestmark = pytest.mark.anyio

Given: TypeAlias = tuple[str | None, str | None] | tuple[str | None, str | None, str]
"""The key of a row, its parent, and its problem if it has one."""

Decided: TypeAlias = Sequence[int | str]
"""For each row its generation, or a part of its problem."""

CREATE, UPDATE, DELETE, INVITE = (OPERATIONS[name] for name in ("create", "update", "delete", "invite"))

AGAIN = "column 'tenant_id': an earlier row has the same value"
CIRCLE = "column 'parent_tenant_id': the parents of this tenant form a circle"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.acceptance)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a ledger that is not there yet, in each store."""
    return new_address(request, tmp_path)


def missing(parent: str) -> str:
    return f"column 'parent_tenant_id': {parent!r} is neither in the environment nor in a valid row"


@pytest.fixture
async def store(address: str) -> AsyncIterator[Store]:
    """Return a new ledger."""
    begun = await begin(address)
    try:
        yield begun
    finally:
        await begun.close()


async def begin(address: str) -> Store:
    return (await stores.begin_ledger(address, operation="create", environment="here", settings={})).store


async def add(store: Store, rows: Sequence[Given]) -> None:
    await store.add([NewRow(n, None, row[0], row[1], b"{}", *row[2:]) for n, row in enumerate(rows, 1)])


async def arrange(store: Store, operation: Operation, there: Collection[str] = ()) -> Findings:
    """Let the planner decide, as the intake does in an environment that has some tenants."""
    found = await store.plan(partial(planner.begin, operation=operation))
    while asked := found.unknown_parents:
        missing = [parent for parent in asked if parent not in there]
        found = await store.plan(partial(planner.proceed, operation=operation, asked=asked, missing=missing))
    return found


async def decided(store: Store) -> Decided:
    query = "SELECT generation, problem FROM item ORDER BY number"
    rows = await store.plan(lambda execute: execute(query, ()).fetchall())
    return [cast("int | str", generation if problem is None else problem) for generation, problem in rows]


@pytest.mark.parametrize(
    ("operation", "rows", "expected"),
    [
        pytest.param(CREATE, [], [], id="no rows"),
        pytest.param(CREATE, [("a", None), ("b", None)], [0, 0], id="no parents"),
        pytest.param(CREATE, [("c", "b"), ("b", "a"), ("a", None), ("d", "c")], [2, 1, 0, 3], id="a chain"),
        pytest.param(
            CREATE,
            [("a", None), ("b", "a"), ("c", "a"), ("d", "a"), ("e", "c"), ("f", "c"), ("g", None), ("h", "g")],
            [0, 1, 1, 1, 2, 2, 0, 1],
            id="several children",
        ),
        pytest.param(CREATE, [("a", "there"), ("b", "a")], [0, 1], id="a parent in the environment"),
        pytest.param(
            CREATE,
            [("a", "x"), ("b", "y"), ("c", "x"), ("d", None)],
            [missing("x"), missing("y"), missing("x"), 0],
            id="unknown parents",
        ),
        pytest.param(CREATE, [("a", "x"), ("b", "a")], [missing("x"), 1], id="a row below one with an unknown parent"),
        pytest.param(CREATE, [("a", "b"), ("b", "a"), ("c", None)], [CIRCLE, CIRCLE, 0], id="a circle"),
        pytest.param(CREATE, [("a", "a"), ("b", None)], [CIRCLE, 0], id="a row below itself"),
        pytest.param(
            CREATE,
            [("a", "c"), ("b", "a"), ("c", "b"), ("d", "b"), ("e", "d"), ("f", None), ("g", "f")],
            [CIRCLE, CIRCLE, CIRCLE, CIRCLE, CIRCLE, 0, 1],
            id="rows below a circle",
        ),
        pytest.param(
            CREATE,
            [("a", None), ("b", "a"), ("a", "b"), ("a", None), ("b", "b")],
            [0, 1, AGAIN, AGAIN, AGAIN],
            id="repeated ids",
        ),
        pytest.param(
            CREATE,
            [("a", None), ("a", "x"), ("b", "a")],
            [0, AGAIN, 1],
            id="the parent of a row that is left out is not asked for",
        ),
        pytest.param(
            CREATE,
            [("a", None, "bad"), ("b", "a"), ("c", "b"), ("d", None)],
            ["bad", 1, 2, 0],
            id="an invalid row that keeps its key",
        ),
        pytest.param(
            CREATE,
            [(None, None, "bad"), ("b", "a"), (None, None, "worse")],
            ["bad", missing("a"), "worse"],
            id="an invalid row without a key",
        ),
        pytest.param(
            CREATE,
            [("a", None, "bad"), ("a", None), ("b", "a")],
            ["bad", AGAIN, 1],
            id="the id of an invalid row again",
        ),
        pytest.param(
            UPDATE,
            [("a", None), ("b", None), ("a", None), ("a", None), ("b", None), ("c", None)],
            [0, 0, 1, 2, 1, 0],
            id="rows of one tenant in the order of the input",
        ),
        pytest.param(UPDATE, [("a", "x"), ("b", "a")], [0, 0], id="parents that do not matter"),
        pytest.param(
            UPDATE,
            [(None, None, "bad"), ("a", None), (None, None, "bad"), ("a", None)],
            ["bad", 0, "bad", 1],
            id="invalid rows between those of one tenant",
        ),
        pytest.param(DELETE, [("a", None), ("b", None), ("a", None)], [0, 0, AGAIN], id="a tenant deleted twice"),
        pytest.param(
            INVITE,
            [("a", "\nann"), ("a", "\nbob"), ("b", "\nann"), ("a", "\nann"), (None, None, "bad")],
            [0, 0, 0, "an earlier row has the same tenant_id and email", "bad"],
            id="users of one tenant beside each other",
        ),
    ],
)
async def test_generations_and_problems(
    store: Store, operation: Operation, rows: Sequence[Given], expected: Decided
) -> None:
    await add(store, rows)
    found = await arrange(store, operation, {"there"})
    assert await decided(store) == expected
    problems = [(n, None, each) for n, each in enumerate(expected, 1) if isinstance(each, str)]
    assert found == Findings((), len(problems), problems or ())


async def test_unknown_parents_come_in_pages(store: Store) -> None:
    parents = [f"p{number:03}" for number in range(planner.PAGE + 5)]
    await add(store, [("p002", None), *((f"c{parent}", parent) for parent in reversed(parents)), ("d", "p001")])
    unknown = [parent for parent in parents if parent != "p002"]
    first = await store.plan(partial(planner.unknown_parents, after=""))
    assert first == unknown[: planner.PAGE]
    assert await store.plan(partial(planner.unknown_parents, after=first[-1])) == unknown[planner.PAGE :]
    assert await store.plan(partial(planner.unknown_parents, after=unknown[-1])) == []


async def test_invalid_rows_are_counted_and_the_first_are_named(store: Store) -> None:
    await add(store, [("a", None), *((None, None, f"bad {number}") for number in range(planner.SHOWN + 3))])
    count, first = await store.plan(planner.invalid_rows)
    assert count == planner.SHOWN + 3
    assert first == [(number + 2, None, f"bad {number}") for number in range(planner.SHOWN)]


async def test_a_job_without_invalid_rows(store: Store) -> None:
    await add(store, [("a", None)])
    assert await store.plan(planner.invalid_rows) == (0, ())


async def test_leaves_come_before_what_is_above_them(store: Store) -> None:
    await add(store, [("a", None), ("b", None), (None, None, "bad"), ("c", None)])
    await arrange(store, DELETE)
    assert await store.plan(partial(planner.valid_rows, after=0)) == [(1, "a"), (2, "b"), (4, "c")]
    assert await store.plan(partial(planner.valid_rows, after=2)) == [(4, "c")]
    await store.plan(partial(planner.put_leaves_first, known=[(1, 2, 5.0), (2, 0, None)]))
    assert await decided(store) == [2, 0, "bad", 0]


KEYS = [f"t{number}" for number in range(12)]
PARENTS: Sequence[str | None] = [*KEYS, None, "there"]


def expected_generations(parents: Mapping[str, str | None]) -> dict[str, int | str]:
    """Return the generation of each tenant by a walk to the top, or that it is below a circle."""
    found: dict[str, int | str] = {}
    for key in parents:
        above: list[str] = []
        parent = parents[key]
        while parent is not None and parent in parents and parent not in above:
            above.append(parent)
            parent = parents[parent]
        found[key] = CIRCLE if parent in above else len(above)
    return found


async def decide_anew(store: Store, parents: Mapping[str, str | None]) -> Decided:
    """Return the decisions about other rows than before."""
    await store.plan(lambda execute: execute("DELETE FROM item", ()))
    await add(store, list(parents.items()))
    await store.plan(planner.put_below_parents)
    return await decided(store)


@pytest.mark.slow
def test_forests_with_circles(address: str) -> None:
    """The decisions are those of a walk from each row to the top."""

    @given(st.lists(st.sampled_from(KEYS), unique=True), st.lists(st.sampled_from(PARENTS), min_size=len(KEYS)))
    def check(keys: Sequence[str], chosen: Sequence[str | None]) -> None:
        parents = dict(zip(keys, chosen, strict=False))
        found = runner.run(decide_anew(store, parents))
        assert found == list(expected_generations(parents).values())

    with asyncio.Runner() as runner:
        store = runner.run(begin(address))
        try:
            runner.run(arrange(store, CREATE))
            check()
        finally:
            runner.run(store.close())
