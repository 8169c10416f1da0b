"""P7: a listing that a thread iterates, by pages of 200."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from contextlib import ExitStack
from typing import Final, TypeVar

from benchmarks import hop
from benchmarks.performance import rounds, service
from benchmarks.performance.goal import Goal, Measure, Setting, figure, ratio
from frontegg_sync import Runner

T = TypeVar("T")

TENANTS: Final = 100_000
_OURS: Final = "frontegg_sync"
_REQUESTS: Final = "requests"
_PASSES: Final = 10
"""One in so many rounds is made: one pass has 500 pages."""


class CountingRunner(Runner):
    """A runner that counts how often a thread waits for it."""

    hops = 0

    def call(self, begin: Callable[[], Coroutine[object, object, T]]) -> T:
        """Count the call, and make it."""
        self.hops += 1
        return super().call(begin)


def enter(stack: ExitStack, running: service.Service, runner: Runner) -> dict[str, Callable[[], object]]:
    """Return who reads the whole listing, by name; each returns how many tenants there were."""
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
            page = session.get(url, params={"_limit": service.PAGE, "_offset": index}).json()
            found += sum(1 for _ in page["items"])
            index += 1
            if index >= page["_metadata"]["totalPages"]:
                return found

    return {_OURS: ours, _REQUESTS: theirs}


def take(setting: Setting) -> Sequence[Measure]:
    """P7."""
    measures: list[Measure] = []
    # The last page is full, so that a listing asks for one more.
    pages = TENANTS // service.PAGE + 1
    with service.running(core=1, tenants=TENANTS) as running:
        for place in hop.PLACES:
            with ExitStack() as stack:
                runner = stack.enter_context(CountingRunner())
                place.start()
                candidates = enter(stack, running, runner)
                assert {candidate() for candidate in candidates.values()} == {TENANTS}
                hops = runner.hops
                place.call()
                turns = rounds.take_turns(
                    candidates, rounds=max(3, setting.rounds // _PASSES), calls=1, seed=setting.seed
                )
            ours, theirs = turns[_OURS], turns[_REQUESTS]
            most = None if place is hop.APART else 0.5
            measures += [
                ratio(f"of {_REQUESTS}, {place.name}", rounds.cpu(ours), rounds.cpu(theirs), most=most),
                ratio(f"of {_REQUESTS}, {place.name}, wall", rounds.wall(ours), rounds.wall(theirs)),
                figure(f"hops for each page, {place.name}", hops / pages, "", most=1.0, least=1.0),
            ]
    return measures


GOALS: Final = (Goal(name="P7", work="a listing of 100,000, by one thread", take=take),)
