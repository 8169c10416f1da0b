"""A Django site on the blocking client under gunicorn, whose workers are replaced under load."""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any, Final

import attrs

from tests.acceptance.scenarios import judging
from tests.acceptance.scenarios.ending import end_in_flight
from tests.acceptance.scenarios.processes import EmulatorServer, Server
from tests.acceptance.scenarios.relay import Relay
from tests.acceptance.scenarios.scenario import Report, Scenario, Setting
from tests.acceptance.scenarios.shooting import Operation, Result, Results, plan, shooting
from tests.acceptance.scenarios.sockets import children, connected_to, shared_sockets, sockets_of
from tests.support.ports import reserved_port

_TENANTS: Final = 50
_WORKERS: Final = 4
_THREADS: Final = 8
_MAX_REQUESTS: Final = 100
_SLOWEST: Final = 10.2
"""The deadline of calls and some grace."""

_SIGNALS: Final = (signal.SIGHUP, signal.SIGTTIN, signal.SIGTTOU, signal.SIGHUP)
_LOOK: Final = 0.5
"""Seconds between two looks at the sockets of all processes."""

_IN_FLIGHT: Final = 4
"""Calls of each client when the site ends."""

_NOISE: Final = ("Traceback", "RuntimeError", "Unclosed", "unclosed", "never awaited", "SystemExit", "CRITICAL")
_WAYS: Final = ("early", "late")


def _show(rng: Random, _: int) -> tuple[str, str, dict[str, Any] | None]:
    return "GET", f"/{rng.choice(_WAYS)}/tenants/t-{rng.randrange(_TENANTS)}", None


def _create(rng: Random, number: int) -> tuple[str, str, dict[str, Any] | None]:
    return "POST", f"/{rng.choice(_WAYS)}/tenants", {"name": f"made-{number}"}


_OPERATIONS: Final = (
    Operation(name="show", weight=80, success=200, make=_show),
    Operation(name="create", weight=20, success=201, make=_create),
)


@attrs.define(kw_only=True)
class Sightings:
    """Observations of the worker processes while they serve requests."""

    of_master: set[str] = attrs.field(factory=set[str])
    """Also those that the master closed since, while workers that were forked before still have them."""
    inherited: set[str] = attrs.field(factory=set[str])
    shared: set[str] = attrs.field(factory=set[str])
    looks: int = 0

    def look(self, master: int, port: int) -> None:
        """Look at the sockets to the service that master and workers have open now."""
        connected = connected_to(port)
        self.looks += 1
        self.of_master |= sockets_of(master) & connected
        owned = {worker: sockets_of(worker) & connected for worker in children(master)}
        self.inherited |= {inode for inodes in owned.values() for inode in inodes & self.of_master}
        self.shared |= shared_sockets(owned) - self.of_master


async def run(setting: Setting) -> Report:
    """Run the site, change its workers under load, and look at answers, sockets and the state in the end."""
    with reserved_port() as port:
        return await _run(setting, port)


async def _run(setting: Setting, port: int) -> Report:
    async with EmulatorServer(setting.directory) as emulator, Relay(emulator.port) as relay:
        tenants = [{"tenantId": f"t-{number}", "name": f"Tenant {number}"} for number in range(_TENANTS)]
        await emulator.ask("POST", "seed", {"tenants": tenants})
        url = f"http://127.0.0.1:{port}"
        shots = plan(_OPERATIONS, rate=setting.rate, seconds=setting.seconds, rng=setting.rng("shots"))
        sightings = Sightings()
        async with _site(setting, port, relay.url) as site:
            await site.answers(f"{url}/health")
            forked = time.monotonic()
            async with shooting(url, shots, _OPERATIONS, setting.directory, fresh=True) as load:
                watching = asyncio.create_task(_watch(sightings, site.pid, relay.port))
                await _signal(site, setting.seconds)
                results = await load
                watching.cancel()
            finished = await end_in_flight(
                site, emulator, [f"{url}/{way}/tenants/t-0" for way in _WAYS * _IN_FLIGHT], {0}
            )
        state = await emulator.ask("GET", "snapshot")
    failures = [
        *judging.unanswered(results),
        *judging.undocumented(results, ()),
        *judging.slow(results, _SLOWEST),
        *judging.some("about another tenant", [each for each in results if _is_about_another(each)]),
        *_creations(results, state),
        *(f"connection {number} was used by processes {used}" for number, used in relay.shared.items()),
        *(f"socket {inode} is in two workers" for inode in sightings.shared),
        *_wrong_processes(site.pid, relay, sightings, forked),
        *finished,
        *(f"the site wrote: {line}" for line in site.written() if any(word in line for word in _NOISE)),
    ]
    return Report(figures=tuple(_figures(setting, results, relay, sightings, site)), failures=tuple(failures))


def _site(setting: Setting, port: int, service: str) -> Server:
    command = (
        *("-m", "gunicorn", "tests.acceptance.scenarios.apps.django_site:application", f"--bind=127.0.0.1:{port}"),
        *("--preload", f"--workers={_WORKERS}", "--worker-class=gthread", f"--threads={_THREADS}"),
        *(f"--max-requests={_MAX_REQUESTS}", f"--max-requests-jitter={_MAX_REQUESTS}", "--graceful-timeout=15"),
        "--log-level=warning",
    )
    variables = {
        "FRONTEGG_BASE_URL": service,
        "FRONTEGG_CLIENT_ID": "emu_client",
        "FRONTEGG_SECRET_KEY": "emu_secret",
        "PYTHONWARNINGS": "always",
    }
    return Server(command, setting.directory / "site.err", variables)


async def _signal(site: Server, seconds: float) -> None:
    """Have gunicorn change its workers, at even distances."""
    start = time.monotonic()
    for number, each in enumerate(_SIGNALS, 1):
        await asyncio.sleep(max(0.0, start + number * seconds / (len(_SIGNALS) + 1) - time.monotonic()))
        site.send(each)


async def _watch(sightings: Sightings, master: int, port: int) -> None:
    while True:
        sightings.look(master, port)
        await asyncio.sleep(_LOOK)


def _is_about_another(result: Result) -> bool:
    asked = result.shot.path.split("/")[3:]
    return result.succeeded and bool(asked) and result.hit.body["id"] != asked[0]


def _creations(results: Results, state: dict[str, Any]) -> list[str]:
    made = Counter(row["name"] for row in state["environments"][0]["tenants"])
    creations = [each for each in results if each.shot.operation == "create"]
    wrong = [each for each in creations if each.succeeded and made[f"made-{each.hit.number}"] != 1]
    return [
        *judging.some("not made exactly once", wrong),
        *judging.some("made more than once", [each for each in creations if made[f"made-{each.hit.number}"] > 1]),
    ]


def _wrong_processes(master: int, relay: Relay, sightings: Sightings, forked: float) -> list[str]:
    """Return what is wrong with the connection of the master, and with what the scenario is to show.

    The master makes its calls before it forks. Whatever is sent on its connection afterwards is a worker's.
    """
    senders = set().union(*relay.senders.values())
    inherited = [number for number, found in relay.senders.items() if master in found]
    return [
        *(f"something was sent on connection {each} of the master" for each in inherited if relay.last[each] > forked),
        *([] if master in senders else ["the master made no call before it forked"]),
        *([] if sightings.inherited else ["no worker inherited a connection"]),
        *([] if len(senders - {master}) > _WORKERS else ["no worker was replaced"]),
    ]


def _figures(setting: Setting, results: Results, relay: Relay, sightings: Sightings, site: Server) -> Sequence[str]:
    senders = set().union(*relay.senders.values()) - {site.pid}
    asked = f"{len(results):,} requests, {setting.rate:g} a second for {setting.seconds:g} s"
    signals = ", ".join(each.name for each in _SIGNALS)
    inherited, shared = len(sightings.inherited), len(sightings.shared)
    return [
        f"{asked}, each on a connection of its own; {judging.statuses(results)}",
        judging.latencies(results),
        f"{len(senders)} workers made calls, {_WORKERS} with {_THREADS} threads at a time; gunicorn got {signals}",
        f"{len(relay.senders)} connections to the service, used by more than one process: {len(relay.shared)}",
        f"{sightings.looks} looks at their sockets: {inherited} inherited from the master, {shared} shared beside",
        f"{len(site.written())} lines on stderr of the site",
    ]


SCENARIO: Final = Scenario(
    name="django",
    summary="a Django site under gunicorn with --preload, whose workers are replaced under load",
    run=run,
    rate=60.0,
    seconds=40.0,
)
