"""P7: iterate a listing from a thread, by pages of 200."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from contextlib import ExitStack
from typing import Final, TypeVar

from benchmarks import thread_hop
from benchmarks.performance import canned_server, rounds
from benchmarks.performance.measures import Goal, Measure, RunSettings, figure, ratio
from frontegg_sync import Runner

T = TypeVar("T")

TENANTS: Final = 100_000
_OURS: Final = "frontegg_sync"
_REQUESTS: Final = "requests"
_PASSES: Final = 10
"""The rounds are divided by this number: one pass reads 500 pages."""


class CountingRunner(Runner):
    """A runner that counts how often a thread waits for it."""

    hops = 0

    def call(self, begin: Callable[[], Coroutine[object, object, T]]) -> T:
        """Count the call and make it."""
        self.hops += 1
        return super().call(begin)


def enter(stack: ExitStack, running: canned_server.CannedServer, runner: Runner) -> dict[str, Callable[[], object]]:
    """Return reads of the whole listing, by name; each returns the number of tenants."""
    import requests  # noqa: PLC0415 - see goals.py

    from frontegg_sync import Frontegg  # noqa: PLC0415

    client = stack.enter_context(Frontegg("emu_canned", "emu_canned", base_url=f"{running.plain}/plain", runner=runner))
    session = stack.enter_context(requests.Session())
    session.headers["Authorization"] = "Bearer canned"
    url = f"{running.plain}/plain/tenants/resources/tenants/v2"

    def ours() -> int:
        return sum(1 for _ in client.tenants.list())

    def theirs() -> int:
        found = index = 0
        while True:
            page = session.get(url, params={"_limit": canned_server.PAGE, "_offset": index}).json()
            found += sum(1 for _ in page["items"])
            index += 1
            if index >= page["_metadata"]["totalPages"]:
                return found

    return {_OURS: ours, _REQUESTS: theirs}


def take(settings: RunSettings) -> Sequence[Measure]:
    """Measure P7."""
    measures: list[Measure] = []
    # The last page is full, so a listing requests one more.
    pages = TENANTS // canned_server.PAGE + 1
    with canned_server.running(core=1, tenants=TENANTS) as running:
        for place in thread_hop.PLACES:
            with ExitStack() as stack:
                runner = stack.enter_context(CountingRunner())
                place.start()
                candidates = enter(stack, running, runner)
                assert {candidate() for candidate in candidates.values()} == {TENANTS}
                hops = runner.hops
                place.call()
                turns = rounds.take_turns(
                    candidates, rounds=max(3, settings.rounds // _PASSES), calls=1, seed=settings.seed
                )
            ours, theirs = turns[_OURS], turns[_REQUESTS]
            most = None if place is thread_hop.APART else 0.5
            measures += [
                ratio(f"of {_REQUESTS}, {place.name}", rounds.cpu(ours), rounds.cpu(theirs), most=most),
                ratio(f"of {_REQUESTS}, {place.name}, wall", rounds.wall(ours), rounds.wall(theirs)),
                figure(f"hops for each page, {place.name}", hops / pages, "", most=1.0, least=1.0),
            ]
    return measures


GOALS: Final = (Goal(name="P7", work="a listing of 100,000, by one thread", take=take),)
