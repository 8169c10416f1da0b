"""The limit of the journal: the oldest requests are dropped and counted."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from frontegg_async.emulator import Emulator
from frontegg_async.emulator.world.journal import MAX_ENTRIES, MAX_TEXT, Journal, JournalEntry
from tests.emulator.process import EmulatorProcess
from tests.emulator.support import V2, Service

_NUMBERS = itertools.count()


def entry(environment: str | None = None, **fields: Any) -> JournalEntry:
    given: dict[str, Any] = {"path": "/", "query": "", **fields}
    return JournalEntry(at="", method="GET", route=None, environment=environment, trace_id=str(next(_NUMBERS)), **given)


def test_the_oldest_of_all_are_dropped() -> None:
    """Whosever they are; each environment is told how many of its own."""
    journal = Journal(4)
    made = [entry(environment) for environment in ("a", "b", "a", "b", "a", None, "a")]
    for each in made:
        journal.add(each)
    assert journal.entries() == made[3:]
    assert journal.entries("a") == [made[4], made[6]]
    assert journal.entries("b") == [made[3]]
    assert journal.last(2) == made[5:]
    assert journal.last(5, "a") == [made[4], made[6]]
    assert (journal.dropped(), journal.dropped("a"), journal.dropped("b"), journal.dropped("c")) == (3, 2, 1, 0)
    journal.clear("a")
    assert (journal.dropped(), journal.dropped("a")) == (1, 0)
    assert journal.entries() == [made[3], made[5]]
    more = [entry("a") for _ in range(3)]
    for each in more:
        journal.add(each)
    assert journal.entries() == [made[5], *more]
    assert (journal.dropped(), journal.dropped("b")) == (2, 2)
    journal.clear()
    assert journal.entries() == []
    assert journal.dropped() == 0


def test_large_requests_are_fewer() -> None:
    """What they hold is bounded too: a path or header may have many thousand characters."""
    journal = Journal()
    size = MAX_TEXT // 8
    for _ in range(20):
        journal.add(entry("a", path="p" * (size // 2), query="q" * (size // 4), headers={"h": "h" * (size // 4)}))
    assert len(journal.entries()) == 7
    assert journal.dropped() == 13
    journal.clear("a")
    journal.add(entry("b", path="p" * (2 * MAX_TEXT)))
    assert len(journal.entries()) == 1
    journal.add(entry("b"))
    assert len(journal.entries()) == 1


def test_clearing_often_leaves_nothing_behind() -> None:
    """Neither entries nor their places in the order."""
    journal = Journal()
    journal.add(entry("kept"))
    for _ in range(500):
        for _ in range(10):
            journal.add(entry("a"))
        journal.clear("a")
    assert len(journal.entries()) == 1
    assert len(journal._order) < 1_100


@pytest.mark.anyio
async def test_what_was_dropped_is_told(service: Service) -> None:
    """By the verbs of the journal and the statistics, for one environment and for all."""
    async with Emulator(max_journal=3) as emulator:
        one = Service(await emulator.create_environment(), service.session)
        other = Service(await emulator.create_environment(), service.session)
        await one.authenticate()
        for _ in range(2):
            await one.send("GET", V2)
        await other.authenticate()
        await other.send("GET", V2)
        journal = (await one.admin("GET", "journal")).json
        assert ([each["route"] for each in journal["requests"]], journal["dropped"]) == (["tenants.list"], 2)
        whole = (await one.admin("GET", "journal", only=False)).json
        assert (len(whole["requests"]), whole["dropped"]) == (3, 2)
        assert (await one.emulator.stats()).journal_dropped == 2
        assert (await other.emulator.stats()).journal_dropped == 0
        assert (await one.admin("GET", "stats")).json["journal_dropped"] == 2
        assert (await one.emulator.stats()).requests["tenants.list"] == 2
        await one.emulator.clear_journal()
        assert (await one.emulator.stats()).journal_dropped == 0


@pytest.mark.parametrize("most", [0, -1, True, 1.5, "5", None])
def test_a_journal_that_cannot_be(most: Any) -> None:
    """It is refused by the name of the argument."""
    with pytest.raises(ValueError, match="max_journal"):
        Emulator(max_journal=most)


@pytest.mark.slow
def test_the_command_line_sets_it() -> None:
    """The default is large."""
    assert MAX_ENTRIES == 100_000
    with EmulatorProcess("--max-journal", "2") as emulator:
        emulator.authenticate()
        for _ in range(3):
            emulator.send("GET", V2)
        journal = emulator.send("GET", "/_emulator/v1/journal")
    assert (len(journal["requests"]), journal["dropped"]) == (2, 2)
