"""What the rows about writes share: plans of every write, batches of trials, and how they are run and traced."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import pkgutil
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias
from urllib.parse import quote, urlsplit

import attrs

from frontegg_async import ApiToken, AsyncFrontegg, AsyncFronteggUser, RequestSnapshot
from frontegg_async.emulator.store.switches import names
from frontegg_async.endpoints import Auth, Retry, all_endpoints
from tests.acceptance.scoreboard.row import Setting
from tests.acceptance.scoreboard.rows import writes
from tests.acceptance.scoreboard.rows.writes.environment_state import After, Ground, Plan, Sides, secret_of
from tests.acceptance.scoreboard.rows.writes.judge import Traces, Trial
from tests.acceptance.scoreboard.support.emulator_process import EmulatorApart, emulator_apart
from tests.support.faults.http import RawRequest
from tests.support.faults.spoiling_proxy import MARK, SPOILINGS, STALLS, Exchange, ProxyAnswer, Spoiling, SpoilingProxy
from tests.support.ports import reserved_port

_NO_PLANS: Final = ("every_write", "look_alikes", "proxies", "runs")


def _plans() -> Iterator[Plan]:
    """Yield the plans of the modules beside this one."""
    for found in pkgutil.iter_modules(writes.__path__):
        if found.name not in _NO_PLANS:
            yield from getattr(importlib.import_module(f"{writes.__name__}.{found.name}"), "PLANS", ())


PLANS: Final = tuple(_plans())
BATCH_SIZE: Final = 60
"""Writes of one client: with more of them its retry budget would be exhausted."""
_BATCHES_AT_ONCE: Final = 24
_WORKERS: Final = 12
LONG: Final = 30.0
_FLAPPING: Final = 5
_CLOSED: Final = 10
_WATCHED: Final = 3
_REVOKED_EVERY: Final = 0.4
_SPOILT_AGAIN: Final = 0.15


def _switches(form: str) -> dict[str, str]:
    families = [name for name in names() if name.endswith("_write_body")]
    return dict.fromkeys(families, form)


_ENVIRONMENTS: Final[Mapping[str, tuple[float, Mapping[str, str]]]] = {
    "emu_bodies": (0.6, {}),
    "emu_empty": (0.2, _switches("empty")),
    "emu_no_content": (0.2, _switches("no_content")),
}
"""The environments, each with its share of the writes."""


@attrs.define
class Batch:
    """A batch of writes, made with one client and with a user of its home tenant."""

    ground: Ground
    number: int
    rng: random.Random
    is_rough: bool = True
    trials: list[Trial] = attrs.field(factory=list[Trial])

    @property
    def is_flapping(self) -> bool:
        """Whether its proxy takes no connections now and then, and spoils the exchange of tokens."""
        return self.is_rough and self.number % _FLAPPING == 0

    @property
    def is_closed(self) -> bool:
        """Whether its clients are closed before all of its calls have ended."""
        return self.is_rough and self.number % _CLOSED == 1


def mark_of(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@attrs.define
class Run:
    """The emulator, and all trials by their marks."""

    emulator: EmulatorApart
    trials: Mapping[str, Trial]
    exchanges: list[Exchange] = attrs.field(factory=list[Exchange])
    revokes: bool = True
    revocations: int = 0
    watched: list[RequestSnapshot] = attrs.field(factory=list[RequestSnapshot])

    @property
    def _target(self) -> int:
        return urlsplit(self.emulator.url).port or 0

    def choose(self, request: RawRequest, mark: str) -> Spoiling | ProxyAnswer | None:
        """Say what is done to a request."""
        trial = self.trials.get(mark)
        if trial is None or not trial.is_about(request.method):
            return None
        place, trial.seen = trial.seen, trial.seen + 1
        return trial.spoilings.get(place)

    async def run(self, batches: Sequence[Batch], rng: random.Random) -> None:
        """Run the batches, some at once, while tokens are revoked."""
        left = iter(batches)

        async def work() -> None:
            for batch in left:
                await self._run_batch(batch)

        revoking = asyncio.ensure_future(self._revoke(rng) if self.revokes else asyncio.sleep(0))
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(_BATCHES_AT_ONCE):
                    group.create_task(work())
        finally:
            revoking.cancel()
            await asyncio.gather(revoking, return_exceptions=True)

    async def _revoke(self, rng: random.Random) -> None:
        while True:
            await asyncio.sleep(_REVOKED_EVERY * 2 * rng.random())
            environment = rng.choice(list(_ENVIRONMENTS))
            await asyncio.to_thread(self.emulator.admin, "POST", f"environments/{environment}/revoke-tokens", {})
            self.revocations += 1

    async def _run_batch(self, batch: Batch) -> None:
        def choose(request: RawRequest, mark: str) -> Spoiling | ProxyAnswer | None:
            if mark or not batch.is_flapping or batch.rng.random() > _SPOILT_AGAIN:
                return self.choose(request, mark)
            return batch.rng.choice([each for each in SPOILINGS if each not in STALLS])

        async with contextlib.AsyncExitStack() as stack:
            proxy = SpoilingProxy(self._target, choose, stack.enter_context(reserved_port()))
            stack.push_async_callback(proxy.drain)
            up = await stack.enter_async_context(contextlib.AsyncExitStack())
            await up.enter_async_context(proxy.up())
            sides = await stack.enter_async_context(self._sides(batch, proxy.url))
            is_over = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                if batch.is_flapping:
                    group.create_task(_flap(proxy, up, batch.rng, is_over))
                await _try_all(batch, sides)
                is_over.set()
        self.exchanges += proxy.exchanges

    @contextlib.asynccontextmanager
    async def _sides(self, batch: Batch, url: str) -> AsyncIterator[Sides]:
        ground = batch.ground
        credential = ApiToken(client_id := f"emu_user-{batch.number}", secret_of(client_id))
        # Calls with a hook use other code of the client.
        hook = self.watched.append if batch.number % _WATCHED == 0 else None
        async with (
            AsyncFrontegg(ground.client_id, ground.secret, base_url=url, on_request=hook) as frontegg,
            AsyncFronteggUser(base_url=url, credential=credential, on_request=hook) as user,
        ):

            def user_of(tenant_id: str, user_id: str) -> AsyncFronteggUser:
                verb = f"environments/{ground.client_id}/user-tokens"
                body = {"tenantId": tenant_id, "user_id": user_id}

                async def token() -> str:
                    made = await asyncio.to_thread(self.emulator.admin, "POST", verb, body)
                    return str(made["accessToken"])

                return frontegg.as_user(token)

            yield Sides(frontegg, user, user_of)


async def _flap(
    proxy: SpoilingProxy, up: contextlib.AsyncExitStack, rng: random.Random, is_over: asyncio.Event
) -> None:
    """Take no connections now and then."""
    while not is_over.is_set():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.5 * rng.random()):
                await is_over.wait()
        await up.aclose()
        await asyncio.sleep(0.1 * rng.random())
        await up.enter_async_context(proxy.up())


async def _try_all(batch: Batch, sides: Sides) -> None:
    """Make the writes of a batch, some at once."""
    left = iter(batch.trials)

    async def work() -> None:
        for trial in left:
            await _try(trial, sides)

    async def close() -> None:
        await asyncio.sleep(3 * batch.rng.random())
        await sides.user.aclose()
        await sides.frontegg.aclose()

    async with asyncio.TaskGroup() as group:
        for _ in range(_WORKERS):
            group.create_task(work())
        if batch.is_closed:
            group.create_task(close())


async def _try(trial: Trial, sides: Sides) -> None:
    call = asyncio.ensure_future(trial.write.call(sides, trial.options))
    if trial.cancelled_after is not None:
        asyncio.get_running_loop().call_later(trial.cancelled_after, call.cancel)
    await asyncio.wait([call], timeout=4 * LONG)
    if call.done():
        trial.ended = time.monotonic()
        trial.error = asyncio.CancelledError() if call.cancelled() else call.exception()
        trial.value = None if trial.error is not None else call.result()
    call.cancel()


def traces_of(run: Run, batches: Sequence[Batch]) -> Iterator[Traces]:
    """Find what each trial left behind."""
    exchanges: dict[str, list[Exchange]] = defaultdict(list)
    for exchange in run.exchanges:
        exchanges[exchange.mark].append(exchange)
    entries: dict[str, list[dict[str, Any]]] = defaultdict(list)
    after: dict[str, After] = {}
    for name in sorted({batch.ground.client_id for batch in batches}):
        for entry in run.emulator.admin("GET", f"environments/{name}/journal")["requests"]:
            entries[entry["headers"].get(MARK, "")].append(entry)
        (environment,) = run.emulator.admin("GET", f"environments/{name}/snapshot")["environments"]
        after[name] = After(environment)
    for batch in batches:
        for trial in batch.trials:
            yield Traces.of(trial, entries[trial.mark], exchanges[trial.mark], after[batch.ground.client_id])


def outcome_of(trial: Trial) -> str:
    if trial.was_cancelled:
        return "cancelled"
    outcome = getattr(trial.error, "outcome", None)
    return "success" if trial.error is None else "none" if outcome is None else outcome.value


def not_covered() -> list[str]:
    """Return the writes of the SDK of which there is no plan."""
    ground = Ground("emu_plan", "emu_plan", {}, random.Random(0), home="home")
    covered = {each.name for plan in PLANS for each in plan(ground, "w").endpoints}
    return [
        endpoint.name
        for endpoint in all_endpoints()
        if endpoint.client
        and endpoint.retry is not Retry.SAFE
        and endpoint.auth is not Auth.NONE
        and endpoint.name not in covered
    ]


MakeTrial: TypeAlias = Callable[[random.Random, Ground, int, "Batch"], Trial]
"""Makes a trial of a number in a ground, and prepares what it needs there."""


def plan_batches(setting: Setting, count: int, make: MakeTrial, *, is_rough: bool = True) -> list[Batch]:
    """Return the batches with all trials, and what they need in their grounds."""
    rng = setting.rng("spoilt writes")
    batches: list[Batch] = []
    grounds = {name: Ground(name, f"{name}_secret", each[1], rng) for name, each in _ENVIRONMENTS.items()}
    numbers = iter(range(count))
    names = list(_ENVIRONMENTS)
    for batch_number in range(-(-count // BATCH_SIZE)):
        (name,) = rng.choices(names, [_ENVIRONMENTS[each][0] for each in names])
        ground = grounds[name]
        ground.home = ground.tenant(f"home-{batch_number}", isReseller=True)
        user_id = ground.user(f"user-{batch_number}", ground.home)
        ground.api_token(f"emu_user-{batch_number}", ground.home, user_id)
        batch = Batch(ground, batch_number, setting.rng(f"batch {batch_number}"), is_rough)
        batch.trials = [make(rng, ground, number, batch) for _, number in zip(range(BATCH_SIZE), numbers, strict=False)]
        batches.append(batch)
    return batches


async def run_batches(setting: Setting, batches: Sequence[Batch], *, revokes: bool = True) -> tuple[Run, list[Traces]]:
    """Run batches against an emulator of their own; return the run and the traces of all trials."""
    trials = {trial.mark: trial for batch in batches for trial in batch.trials}
    with emulator_apart() as emulator:
        for ground in {batch.ground.client_id: batch.ground for batch in batches}.values():
            emulator.admin("POST", "environments", {"client_id": ground.client_id, "secret": ground.secret})
            restored = emulator.admin("POST", f"environments/{quote(ground.client_id)}/restore", ground.snapshot())
            assert restored is None or not isinstance(restored, int), restored
        run = Run(emulator, trials, revokes=revokes)
        await run.run(batches, setting.rng("revocations"))
        return run, list(traces_of(run, batches))
