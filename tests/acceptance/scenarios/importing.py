"""An import that is killed repeatedly, and once the service with it: in the end each account exists exactly once."""

from __future__ import annotations

import asyncio
import csv
import json
import signal
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tests.acceptance.scenarios.processes import EmulatorServer, Server
from tests.acceptance.scenarios.scenario import Report, Scenario, Setting

_EXAMPLES: Final = Path(__file__).resolve().parents[3] / "examples"
_ACCOUNTS: Final = _EXAMPLES / "data" / "accounts.csv"
_KILLS: Final = 5
_PAUSE: Final = 0.01
_MOST_RUNS: Final = 10
_FIELDS: Final = {
    "name": "name",
    "status": "status",
    "website": "website",
    "timezone": "timezone",
    "currency": "currency",
    "creatorEmail": "creator_email",
    "parentTenantId": "parent_tenant_id",
}


def read_input() -> dict[str, dict[str, object]]:
    """Return what must be there in the end, by the names on the wire."""
    with _ACCOUNTS.open(encoding="utf-8", newline="") as file:
        return {
            row["tenant_id"]: {
                **{name: row[column] or None for name, column in _FIELDS.items()},
                "isReseller": row["is_reseller"] == "true",
                "metadata": {"plan": row["plan"], "seats": int(row["seats"]), "source": "accounts.csv"},
            }
            for row in csv.DictReader(file)
        }


def differences(expected: Mapping[str, Mapping[str, object]], tenants: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what of the state is not as the input has it, a line each."""
    times = Counter(row["tenantId"] for row in tenants)
    found = {row["tenantId"]: {**row, "metadata": json.loads(row["metadata"] or "null")} for row in tenants}
    return [
        *(f"{each} is there {count} times" for each, count in times.items() if count > 1),
        *(f"{each} is not there" for each in expected.keys() - found.keys()),
        *(f"{each} was never asked for" for each in found.keys() - expected.keys()),
        *(
            f"{each} has {name} {found[each].get(name)!r}, not {value!r}"
            for each in expected.keys() & found.keys()
            for name, value in expected[each].items()
            if found[each].get(name) != value
        ),
    ]


def doubled(journal: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the tenants that were created more than once, or changed or deleted at all, a line each."""
    effects = [entry["effect"] for entry in journal if entry["effect"]]
    made = Counter(each for effect in effects for each in effect["created"])
    return [
        *(f"{each} was created {count} times" for each, count in made.items() if count > 1),
        *(f"{each} was {verb}" for effect in effects for verb in ("changed", "deleted") for each in effect[verb]),
    ]


class Import(Server):
    """The import as a process.

    Args:
        emulator: Where it imports to.
        directory: For its ledger, and what it writes to stderr.
        ledger: The name of its ledger.
    """

    def __init__(self, emulator: EmulatorServer, directory: Path, ledger: str) -> None:
        settings = {
            "FRONTEGG_BASE_URL": emulator.url,
            "FRONTEGG_CLIENT_ID": "emu_client",
            "FRONTEGG_SECRET_KEY": "emu_secret",
        }
        command = (str(_EXAMPLES / "import_accounts.py"), str(_ACCOUNTS), str(directory / ledger))
        super().__init__(command, directory / "import.err", settings)

    @property
    def has_ended(self) -> bool:
        """Whether it has ended by itself."""
        return self._running.returncode is not None

    async def finish(self) -> int:
        """Wait for its end and return its status."""
        return await self._running.wait()


async def reach(point: int, running: Import, emulator: EmulatorServer) -> None:
    """Wait until an import brought the emulator to so many creations, or ended."""
    while not running.has_ended and await created(emulator) < point:  # noqa: ASYNC110 - no event tells it
        await asyncio.sleep(_PAUSE)


async def created(emulator: EmulatorServer) -> int:
    """Return how many creations the emulator was asked for since its start."""
    stats = await emulator.ask("GET", "stats")
    return int(stats["requests"].get("tenants.create", 0))


async def _state(emulator: EmulatorServer) -> list[dict[str, Any]]:
    (environment,) = (await emulator.ask("GET", "snapshot"))["environments"]
    rows: list[dict[str, Any]] = environment["tenants"]
    return rows


async def kill_imports(setting: Setting, emulator: EmulatorServer) -> tuple[list[int], list[str]]:
    """Kill the import at some random points and run it to its end; return where it was killed, and what is wrong."""
    expected = read_input()
    points = sorted(setting.rng("imports").sample(range(1, len(expected)), _KILLS))
    for point in points:
        async with Import(emulator, setting.directory, "killed.sqlite3") as running:
            await reach(point, running, emulator)
            if running.has_ended:
                return points, ["an import ended before it was killed", *running.written()]
            await running.end(signal.SIGKILL)
    async with Import(emulator, setting.directory, "killed.sqlite3") as running:
        status = await running.finish()
    journal = (await emulator.ask("GET", "journal"))["requests"]
    return points, [
        *([] if status == 0 else [f"the last import ended with status {status}"]),
        *doubled(journal),
        *differences(expected, await _state(emulator)),
    ]


async def kill_service(setting: Setting, emulator: EmulatorServer) -> tuple[int, int, list[str]]:
    """Kill the service in the middle of an import, and start it again on its file; repeat the import until it ends.

    Returns:
        After how many creations it was killed, how often the import ran, and what is wrong.
    """
    expected = read_input()
    await emulator.ask("POST", "reset")
    point = setting.rng("service").randrange(1, len(expected))
    statuses: list[int] = []
    async with Import(emulator, setting.directory, "served.sqlite3") as running:
        await reach(point, running, emulator)
        await emulator.restart(signal.SIGKILL)
        statuses.append(await running.finish())
    while statuses[-1] and len(statuses) < _MOST_RUNS:
        async with Import(emulator, setting.directory, "served.sqlite3") as running:
            statuses.append(await running.finish())
    return (
        point,
        len(statuses),
        [
            *([] if statuses[-1] == 0 else [f"the imports ended with the statuses {statuses}"]),
            *differences(expected, await _state(emulator)),
        ],
    )


async def run(setting: Setting) -> Report:
    """Import, with both kinds of ends."""
    async with EmulatorServer(setting.directory) as emulator:
        points, wrong = await kill_imports(setting, emulator)
        point, runs, wrong_after = await kill_service(setting, emulator)
    figures = (
        (
            f"{len(read_input()):,} accounts; the import was killed after {', '.join(map(str, points))} creations, "
            f"then ran to its end: {len(wrong)} findings in journal and state"
        ),
        (
            f"the service was killed after {point} creations and started again on its file; {runs} runs of the import: "
            f"{len(wrong_after)} findings in the state"
        ),
    )
    return Report(figures=figures, failures=(*wrong[:10], *wrong_after[:10]))


SCENARIO: Final = Scenario(
    name="import",
    summary="an import of accounts is killed at random points and run again; the service is killed under it, too",
    run=run,
    seconds=120.0,
)
