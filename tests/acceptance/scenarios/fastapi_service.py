"""A FastAPI service on the async client, while the service behind it is restarted, limits, resets and stalls."""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any, Final

from tests.acceptance.scenarios import judging
from tests.acceptance.scenarios.apps.fastapi_app import DEADLINE
from tests.acceptance.scenarios.disturbing import STEPS, USER, Ground, disturb
from tests.acceptance.scenarios.ending import end_in_flight
from tests.acceptance.scenarios.judging import Disturbance
from tests.acceptance.scenarios.processes import EmulatorServer, Server, cpu_seconds
from tests.acceptance.scenarios.scenario import Report, Scenario, Setting
from tests.acceptance.scenarios.shooting import Operation, Result, Results, plan, shooting
from tests.support.ports import reserved_port

_GRACE: Final = 0.2
_RECOVERY: Final = 5.0
_TENANTS: Final = 50
_SHORT: Final = 30.0
"""Seconds below which only some of the disturbances have room."""

_BURST: Final = 400
"""Requests; fewer than the service takes at once."""

_SHARE: Final = 0.6
"""Of what is served in a burst: what is left is for the restarts, and for whatever else the machine does."""

_IN_FLIGHT: Final = 8
_DOCUMENTED: Final = frozenset({401, 429, 502, 503, 504})
_WITH_WAIT: Final = frozenset({429, 503})
_ENDED: Final = frozenset({0, -signal.SIGTERM})
"""uvicorn ends well, and then by the signal that it was sent."""

_NOISE: Final = ("Traceback", "RuntimeError", "Unclosed", "unclosed", "never awaited", "never retrieved")


def _tenant(rng: Random) -> str:
    return f"t-{rng.randrange(_TENANTS)}"


def _new(number: int) -> dict[str, Any]:
    return {"name": f"made-{number}"}


_OPERATIONS: Final = (
    Operation(name="get", weight=50, success=200, make=lambda rng, _: ("GET", f"/tenants/{_tenant(rng)}", None)),
    Operation(name="list", weight=10, success=200, make=lambda _, __: ("GET", "/tenants", None)),
    Operation(name="create", weight=10, success=201, make=lambda _, number: ("POST", "/tenants", _new(number))),
    Operation(
        name="metadata",
        weight=10,
        success=200,
        make=lambda rng, number: ("PATCH", f"/tenants/{_tenant(rng)}/metadata", {f"n{number}": number}),
    ),
    Operation(
        name="own",
        weight=14,
        success=200,
        make=lambda _, __: ("GET", "/me/tenants", None),
        is_signed=True,
    ),
    Operation(name="missing", weight=3, success=404, make=lambda _, __: ("GET", "/tenants/nobody", None)),
    Operation(
        name="taken",
        weight=3,
        success=409,
        make=lambda rng, _: ("POST", "/tenants", {"name": "another", "id": _tenant(rng)}),
    ),
)

_READS: Final = tuple(each for each in _OPERATIONS if each.name in {"get", "list", "own", "missing"})


async def run(setting: Setting) -> Report:
    """Run the service, disturb it, and look at every answer and at the state in the end."""
    with reserved_port() as port:
        return await _run(setting, port)


async def _run(setting: Setting, port: int) -> Report:
    async with EmulatorServer(setting.directory) as emulator:
        tenants = [{"tenantId": f"t-{number}", "name": f"Tenant {number}"} for number in range(_TENANTS)]
        await emulator.ask("POST", "seed", {"tenants": tenants, "users": [USER]})
        ground = Ground(emulator=emulator, token=setting.directory / "token")
        await ground.sign_in()
        service = _service(setting, port, emulator)
        url = f"http://127.0.0.1:{port}"
        async with service:
            await service.answers(f"{url}/health")
            carried = await _carried(setting, url, ground)
            rate = setting.rate if setting.is_rate_given else min(setting.rate, carried * _SHARE)
            shots = plan(_OPERATIONS, rate=rate, seconds=setting.seconds, rng=setting.rng("shots"))
            await service.answers(f"{url}/health")  # the heartbeat begins anew
            before = cpu_seconds(service.pid)
            async with shooting(url, shots, _OPERATIONS, setting.directory, token=ground.token) as load:
                disturbances = await _disturb(ground, setting.seconds)
                results = await load
            pulse = await service.answers(f"{url}/health")
            finished = await end_in_flight(service, emulator, [f"{url}/tenants/t-0"] * _IN_FLIGHT, _ENDED)
        state = await emulator.ask("GET", "snapshot")
        await emulator.end()
    cpu = {"service": service.cpu - before, "emulator": emulator.cpu, "load": results.cpu}
    recoveries = [(each, judging.recovery(results, each)) for each in disturbances]
    written = service.written()
    figures = (
        f"in a burst {carried:.0f} requests a second were served; the load is {rate:.0f} a second",
        *_figures(results, recoveries, cpu),
        _held_up(pulse),
        f"{len(written)} lines on stderr of the service",
    )
    noise = (f"the service wrote: {line}" for line in written if any(word in line for word in _NOISE))
    failures = (*_failures(results, recoveries, pulse["starved"]), *_wrong_state(results, state), *finished, *noise)
    return Report(figures=figures, failures=failures)


def _held_up(pulse: dict[str, float]) -> str:
    held_up, starved = pulse["held_up"], pulse["starved"]
    return f"the loop was held up for {held_up:.2f} s at most, and for {starved:.2f} s since others had the processor"


async def _carried(setting: Setting, url: str, ground: Ground) -> float:
    """Return how many requests a second are served when many come at once: of two bursts, the first warms up."""
    rng = setting.rng("burst")
    served = 0.0
    for _ in range(2):
        shots = plan(_READS, rate=_BURST * 2, seconds=0.5, rng=rng)
        async with shooting(url, shots, _READS, setting.directory, token=ground.token) as load:
            hits = [result.hit for result in await load]
        served = len(hits) / (max(hit.done for hit in hits) - min(hit.planned for hit in hits))
    return served


def _service(setting: Setting, port: int, emulator: EmulatorServer) -> Server:
    command = (
        *("-m", "uvicorn", "tests.acceptance.scenarios.apps.fastapi_app:app", f"--port={port}", "--log-level=warning"),
        *("--no-access-log", "--timeout-keep-alive=120", "--timeout-graceful-shutdown=10"),
    )
    variables = {
        "FRONTEGG_BASE_URL": emulator.url,
        "FRONTEGG_CLIENT_ID": "emu_client",
        "FRONTEGG_SECRET_KEY": "emu_secret",
        "PYTHONWARNINGS": "always",
    }
    return Server(command, setting.directory / "service.err", variables)


async def _disturb(ground: Ground, seconds: float) -> list[Disturbance]:
    """Disturb the service at even distances, and leave it alone in the end."""
    steps = [step for step in STEPS if step.is_short or seconds >= _SHORT]
    start = time.monotonic()
    done: list[Disturbance] = []
    for number, step in enumerate(steps):
        await asyncio.sleep(max(0.0, start + (number + 0.5) * seconds / (len(steps) + 1) - time.monotonic()))
        done.append(await disturb(step, ground))
    return done


def _failures(results: Results, recoveries: Sequence[tuple[Disturbance, float | None]], starved: float) -> list[str]:
    """Return what is wrong with answers; for what others do on this machine nobody here can answer."""
    held = starved + max(each.hit.sent - each.hit.planned for each in results)
    return [
        *judging.unanswered(results),
        *judging.undocumented(results, _DOCUMENTED),
        *judging.slow(results, DEADLINE + _GRACE + held),
        *judging.some("refused without Retry-After", [each for each in results if _lacks_wait(each)]),
        *(f"{each.name}: not well within {_RECOVERY:g} s" for each, took in recoveries if _is_late(took)),
    ]


def _wrong_state(results: Results, state: dict[str, Any]) -> list[str]:
    rows = {row["tenantId"]: row for row in state["environments"][0]["tenants"]}
    return [*_creations(results, rows), *_changes(results, rows)]


def _figures(
    results: Results, recoveries: Sequence[tuple[Disturbance, float | None]], cpu: dict[str, float]
) -> list[str]:
    late = max(each.hit.sent - each.hit.planned for each in results)
    spent = ", ".join(f"{name} {seconds / len(results) * 1000:.2f} ms" for name, seconds in cpu.items())
    return [
        f"{len(results):,} requests, at most {late * 1000:.0f} ms late; {judging.statuses(results)}",
        judging.latencies(results),
        f"the slowest of all took {max(each.seconds for each in results):.2f} s, calls may take {DEADLINE:g} s",
        f"processor time for a request: {spent}",
        *(_told(each, took) for each, took in recoveries),
    ]


def _told(disturbance: Disturbance, took: float | None) -> str:
    well = "never well again" if took is None else f"well again after {took:.1f} s"
    return f"{disturbance.name} ({disturbance.ended - disturbance.begun:.1f} s): {well}"


def _lacks_wait(result: Result) -> bool:
    return result.hit.status in _WITH_WAIT and "Retry-After" not in result.hit.headers


def _is_late(took: float | None) -> bool:
    return took is None or took > _RECOVERY


def _creations(results: Results, rows: dict[str, Any]) -> list[str]:
    """Return what is wrong with the tenants that were made: twice, lost, or made though the answer denied it."""
    made = Counter(row["name"] for row in rows.values())
    creations = [each for each in results if each.shot.operation == "create"]
    count = {result.hit.number: made[f"made-{result.hit.number}"] for result in creations}
    denied = [each for each in creations if count[each.hit.number] and not each.succeeded and not _may_have(each)]
    return [
        *judging.some("made more than once", [each for each in creations if count[each.hit.number] > 1]),
        *judging.some("lost", [each for each in creations if each.succeeded and not count[each.hit.number]]),
        *judging.some("made, and the answer says that they were not", denied),
    ]


def _changes(results: Results, rows: dict[str, Any]) -> list[str]:
    """Return the changes that succeeded and are not there."""
    changes = [each for each in results if each.shot.operation == "metadata" and each.succeeded]
    lost = [
        each for each in changes if f'"n{each.hit.number}"' not in str(rows[each.shot.path.split("/")[2]]["metadata"])
    ]
    return judging.some("changes lost", lost)


def _may_have(result: Result) -> bool:
    body = result.hit.body
    return not isinstance(body, dict) or body.get("outcome") == "unknown"


SCENARIO: Final = Scenario(
    name="fastapi",
    summary="a FastAPI service, while the service behind it is restarted, revokes tokens, limits, resets and stalls",
    run=run,
    rate=500.0,
)
