"""Row 9: mixed calls through a proxy that injects faults; a model of the writes checks each result."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias
from urllib.parse import urlsplit

import attrs

from frontegg_async import AsyncFrontegg, FronteggError, NotFoundError, Options
from frontegg_async.models.tenants import Tenant
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.support.emulator_process import emulator_apart
from tests.support.faults.chaos_proxy import chaos_proxy
from tests.support.faults.toxics import Mean, Toxic

_CALLS: Final = 10_000
_WORKERS: Final = 100
_PART: Final = 4
"""The short form has this part of the workers: with fewer calls, one failure would be too large a share."""
_PERSISTENT: Final = 0.999
_DEFAULT: Final = 0.99

# The mean number of bytes between faults. The distribution has no memory, so all connections are equally good.
_DOWN: Final = Mean(24_000.0)
_UP: Final = Mean(24_000.0)
TOXICS: Final = (
    Toxic(kind="down", toxicity=0.03),
    Toxic(kind="latency", toxicity=0.3, attributes={"latency": (0, 5), "jitter": 2}),
    Toxic(kind="slicer", toxicity=0.3, attributes={"average_size": (20, 500), "size_variation": 20, "delay": 10}),
    Toxic(kind="bandwidth", toxicity=0.1, attributes={"rate": (200, 2_000)}),
    Toxic(kind="slow_close", toxicity=0.2, attributes={"delay": (0, 50)}),
    Toxic(kind="reset_peer", attributes={"timeout": (0, 20), "after": _DOWN}),
    Toxic(kind="reset_peer", stream="upstream", attributes={"after": _UP}),
    Toxic(kind="limit_data", attributes={"bytes": _DOWN}),
    Toxic(kind="limit_data", stream="upstream", attributes={"bytes": _UP}),
    Toxic(kind="timeout", attributes={"timeout": (20, 200), "after": _DOWN}),
    Toxic(kind="timeout", stream="upstream", attributes={"timeout": (20, 200), "after": _UP}),
    Toxic(kind="timeout", name="hole", toxicity=0.02, attributes={"after": _DOWN}),
)

State: TypeAlias = "tuple[str, frozenset[tuple[str, object]]] | None"
"""A tenant's name and metadata, or ``None`` if there is none."""


def _state_of(tenant: Tenant | None) -> State:
    if tenant is None:
        return None
    metadata = tenant.metadata if isinstance(tenant.metadata, dict) else {}
    return tenant.name, frozenset(metadata.items())


@attrs.define
class _Tally:
    """Counts the results of the calls."""

    safe: Counter[bool] = attrs.field(factory=Counter[bool])
    unknown: int = 0
    foreign: list[str] = attrs.field(factory=list[str])
    wrong: list[str] = attrs.field(factory=list[str])
    errors: Counter[str] = attrs.field(factory=Counter[str])

    @property
    def share(self) -> float:
        """The share of safe operations that succeeded."""
        return self.safe[True] / max(1, self.safe.total())


@attrs.define
class _Worker:
    """Makes calls about its own tenant, and tracks the possible states of that tenant."""

    number: int
    client: AsyncFrontegg
    rng: random.Random
    tally: _Tally
    made: int = 0
    possible: set[State] = attrs.field(factory=lambda: {None})

    @property
    def tenant_id(self) -> str:
        """The tenant of now."""
        return f"chaos-{self.number}-{self.made}"

    async def work(self, calls: int) -> None:
        """Make some calls."""
        await self._create()
        actions = (self._get, self._list, self._update, self._add, self._take, self._delete, self._create)
        for _ in range(calls - 1):
            (action,) = self.rng.choices(actions, (40, 10, 15, 15, 5, 5, 10))
            await action()

    async def _run(
        self, call: Awaitable[Tenant | None], change: Callable[[State], State] | None, *, safe: bool = True
    ) -> None:
        """Await a call and hold what it says against what can be."""
        try:
            self._settle({_state_of(await call)}, change)
        except NotFoundError:
            self._settle({None}, None)
        except FronteggError as error:
            self.tally.errors[type(error).__name__] += 1
            self.tally.unknown += not safe
            self.tally.safe[False] += safe
            if change is not None:
                self.possible |= set(map(change, self.possible))
            return
        except Exception as error:  # noqa: BLE001 - that is what is counted
            self.tally.foreign.append(repr(error))
            return
        self.tally.safe[True] += safe

    def _settle(self, found: set[State], change: Callable[[State], State] | None) -> None:
        can_be = self.possible if change is None else set(map(change, self.possible))
        if not found <= can_be:
            self.tally.wrong.append(f"{self.tenant_id}: {found}, not one of {can_be}")
        self.possible = found

    async def _create(self) -> None:
        self.made += 1
        self.possible = {None}
        name = self._draw()
        call = self.client.tenants.create(tenant_id=self.tenant_id, name=name)
        await self._run(call, lambda _: (name, frozenset()), safe=False)

    async def _get(self) -> None:
        await self._run(self.client.tenants.get(self.tenant_id), None)

    async def _list(self) -> None:
        await self._run(self._only(), None)

    async def _only(self) -> Tenant | None:
        rows = [row async for row in self.client.tenants.list(tenant_ids=[self.tenant_id])]
        if any(row.tenant_id != self.tenant_id for row in rows):
            self.tally.wrong.append(f"a list of {self.tenant_id} has others")
        return rows[0] if rows else None

    async def _update(self) -> None:
        name = self._draw()
        await self._run(self.client.tenants.update(self.tenant_id, name=name), lambda state: state and (name, state[1]))

    async def _add(self) -> None:
        key, value = self.rng.choice("abc"), self._draw()

        def add(state: State) -> State:
            return state and (state[0], frozenset({**dict(state[1]), key: value}.items()))

        await self._run(self.client.tenants.add_metadata(self.tenant_id, {key: value}), add)

    async def _take(self) -> None:
        key = self.rng.choice("abc")

        def take(state: State) -> State:
            return state and (state[0], frozenset(item for item in state[1] if item[0] != key))

        await self._run(self.client.tenants.delete_metadata(self.tenant_id, key), take)

    async def _delete(self) -> None:
        await self._run(self._gone(), lambda _: None)

    async def _gone(self) -> None:
        await self.client.tenants.delete(self.tenant_id)

    def _draw(self) -> str:
        return f"{self.rng.getrandbits(48):012x}"


async def _take_half(setting: Setting, url: str, ready: tuple[str, str], options: Options, purpose: str) -> _Tally:
    """Make half of the calls with some options."""
    tally = _Tally()
    async with AsyncFrontegg(*ready, base_url=url, options=options) as client:
        count = _WORKERS if setting.full else _WORKERS // _PART
        workers = [_Worker(number, client, setting.rng(f"{purpose} {number}"), tally) for number in range(count)]
        if purpose == "default":
            for worker in workers:
                worker.number += _WORKERS
        await asyncio.gather(*(worker.work(_CALLS // 2 // _WORKERS) for worker in workers))
    return tally


async def measure_chaos(setting: Setting) -> Finding:
    """Make 10,000 calls, or a part of them, through a proxy that disturbs connections."""
    calls = _CALLS if setting.full else _CALLS // _PART
    with emulator_apart() as emulator:
        ready = emulator.process.ready
        account = (str(ready["client_id"]), str(ready["secret"]))
        port = urlsplit(emulator.url).port or 0
        async with chaos_proxy(port, seed=setting.seed, toxics=TOXICS) as proxy:
            persistent = await _take_half(
                setting, proxy.url, account, Options(max_retries=4, timeout=2.0), "persistent"
            )
            default = await _take_half(setting, proxy.url, account, Options(timeout=2.0), "default")
            # Each attempt with a fault causes one more attempt.
            faulted = len(proxy.fired) / (calls + len(proxy.fired))
    foreign, wrong = persistent.foreign + default.foreign, persistent.wrong + default.wrong
    good = persistent.share >= _PERSISTENT and default.share >= _DEFAULT
    return Finding(
        figure=f"unclassified errors {len(foreign)}, wrong data {len(wrong)}, safe operations {persistent.share:.2%} "
        f"with max_retries=4 and {default.share:.2%} by default, {faulted:.1%} of the attempts disturbed",
        passed=not foreign and not wrong and good,
        details=(*foreign[:5], *wrong[:5], f"{persistent.errors} {default.errors} {Counter(proxy.fired)}"),
    )


ROWS: Final = (
    Row(
        number=9,
        name="mixed-calls-through-a-chaos-proxy",
        alone=True,
        title="mixed calls through a chaos proxy, 10,000 in full, about 17 % of them disturbed",
        target="unclassified errors 0; wrong data 0; safe operations ≥ 99.9 % with max_retries=4, ≥ 99 % by default",
        measure=measure_chaos,
        starred=True,
    ),
)
