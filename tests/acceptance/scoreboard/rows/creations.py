"""Row 7: creations under faults: none is done twice, none is lost, and almost none ends with an unknown outcome."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

import attrs

from frontegg_async import AsyncFrontegg, FronteggError, Options, Outcome
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.support.emulator_process import EmulatorApart, emulator_apart

_CALLS: Final = 20_000
_SHARE: Final = 0.3
_MOST_UNKNOWN: Final = 0.001
_WORKERS: Final = 400
_PARENTS: Final = ("north", "south")

Kind: TypeAlias = Literal["made id", "own id", "sub-tenant", "own sub-tenant"]
_KINDS: Final[tuple[Kind, ...]] = ("made id", "own id", "sub-tenant", "own sub-tenant")


@attrs.define
class Creation:
    """A tenant to create, and the result of its creation."""

    number: int
    kind: Kind
    parent: str | None
    tenant_id: str | None
    error: Exception | None = None

    @property
    def name(self) -> str:
        """A name that no other has."""
        return f"{self.kind} {self.number}"

    @property
    def is_unknown(self) -> bool:
        """Whether the caller was told that nobody knows."""
        return isinstance(self.error, FronteggError) and self.error.outcome is Outcome.UNKNOWN

    @property
    def is_done(self) -> bool:
        """Whether the caller was told that it was done, and that the result is lost."""
        return isinstance(self.error, FronteggError) and self.error.outcome is Outcome.DONE

    @property
    def is_foreign(self) -> bool:
        """Whether it ended with an exception that is not the SDK's."""
        return self.error is not None and not isinstance(self.error, FronteggError)

    async def run(self, frontegg: AsyncFrontegg) -> None:
        """Create it, and keep how that ended."""
        try:
            if self.kind.endswith("sub-tenant"):
                made = await frontegg.sub_tenants.create(
                    name=self.name, parent_tenant_id=str(self.parent), tenant_id=self.tenant_id
                )
                self.tenant_id = made.tenant_id
            else:
                tenant = await frontegg.tenants.create(
                    name=self.name,
                    tenant_id=self.tenant_id,
                    parent_tenant_id=self.parent,
                    metadata={"number": self.number},
                )
                self.tenant_id = tenant.tenant_id
        except Exception as error:  # noqa: BLE001 - the kind of error is the result
            self.error = error


def plan(setting: Setting, count: int) -> list[Creation]:
    """Return the creations: with ids of the SDK's and of our own, alone and under others."""
    rng = setting.rng("creations")
    creations: list[Creation] = []
    for number in range(count):
        kind = rng.choice(_KINDS)
        parent = rng.choice(_PARENTS) if kind.endswith("sub-tenant") or rng.random() < 0.3 else None
        tenant_id = f"own/{number}" if kind.startswith("own") else None
        creations.append(Creation(number, kind, parent, tenant_id))
    return creations


async def run_all(creations: Sequence[Creation], frontegg: AsyncFrontegg, workers: int = _WORKERS) -> None:
    """Run the creations, some hundred at once."""
    left: Iterator[Creation] = iter(creations)

    async def work() -> None:
        for creation in left:
            await creation.run(frontegg)

    async with asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(work())


@attrs.frozen
class Tally:
    """Compares the tenants of the emulator with the results of the calls."""

    doubled: list[str]
    lost: list[str]
    unknown: list[Creation]
    foreign: list[Creation]
    refused: list[Creation]
    done: list[Creation]

    @classmethod
    def take(
        cls, creations: Sequence[Creation], tenants: Sequence[Mapping[str, Any]], journal: Sequence[Mapping[str, Any]]
    ) -> Tally:
        """Compare."""
        rows = {row["tenantId"]: row for row in tenants}
        names = Counter(row["name"] for row in tenants)
        made = Counter(each for entry in journal if entry["effect"] for each in entry["effect"]["created"])
        failed = [each for each in creations if each.error is not None]
        done = [each for each in failed if each.is_done]
        refused = [each for each in failed if not each.is_unknown and not each.is_foreign and not each.is_done]
        lost = [
            f"{each.name} succeeded, and is not there as it was asked for"
            for each in creations
            if each.error is None and not _is_there(each, rows.get(each.tenant_id))
        ]
        lost += [f"{each.name} is there, and failed with {each.error!r}" for each in refused if names[each.name]]
        lost += [f"{each.name} is said to be done, and is not there" for each in done if not names[each.name]]
        wanted = {each.name for each in creations}
        return cls(
            doubled=[
                *(f"{name} is there {count} times" for name, count in names.items() if count > 1 and name in wanted),
                *(f"{tenant_id} was made {count} times" for tenant_id, count in made.items() if count > 1),
            ],
            lost=lost,
            unknown=[each for each in failed if each.is_unknown],
            foreign=[each for each in failed if each.is_foreign],
            refused=refused,
            done=done,
        )


def _is_there(creation: Creation, row: Mapping[str, Any] | None) -> bool:
    return row is not None and (row["name"], row["parentTenantId"]) == (creation.name, creation.parent)


def share_of_faults(journal: Sequence[Mapping[str, Any]]) -> float:
    """Return the share of the requests that met a fault."""
    tried = [entry for entry in journal if entry["route"] != "auth.authenticate"]
    return sum(bool(entry["faults"]) for entry in tried) / len(tried)


def _seed() -> list[dict[str, Any]]:
    return [{"tenantId": parent, "name": parent.title(), "isReseller": True} for parent in _PARENTS]


async def _measure(emulator: EmulatorApart, creations: Sequence[Creation]) -> None:
    emulator.fail(_SHARE, path="/tenants/*")
    async with emulator.client(options=Options(max_retries=4)) as frontegg:
        await run_all(creations, frontegg)
    emulator.admin("DELETE", "faults")


async def measure_creations(setting: Setting) -> Finding:
    """Create tenants while three of ten requests, reads included, fail before or after the change is committed."""
    creations = plan(setting, setting.scaled(_CALLS))
    with emulator_apart(tenants=_seed()) as emulator:
        await _measure(emulator, creations)
        journal = emulator.journal()
        tally = Tally.take(creations, emulator.tenants(), journal)
    unknown = len(tally.unknown) / len(creations)
    return Finding(
        figure=(
            f"{len(creations):,} creations in {len(journal):,} requests, {share_of_faults(journal):.1%} with a fault: "
            f"{len(tally.doubled)} duplicates, {len(tally.lost)} lost, {len(tally.unknown)} of unknown outcome "
            f"({unknown:.3%}), {len(tally.done)} done without a result, {len(tally.refused)} refused, "
            f"{len(tally.foreign)} foreign exceptions"
        ),
        passed=not (tally.doubled or tally.lost or tally.foreign or tally.refused) and unknown <= _MOST_UNKNOWN,
        details=(
            *tally.doubled[:5],
            *tally.lost[:5],
            *(f"{each.name}: {each.error!r}" for each in (*tally.foreign[:5], *tally.refused[:5], *tally.unknown[:10])),
        ),
    )


ROWS: Final = (
    Row(
        number=7,
        name="creations-under-faults",
        early=True,
        title="creations, 20,000 in full: 30 % of the requests fail before or after the commit, max_retries=4",
        target="duplicates 0; silently lost 0; unknown outcomes ≤ 0.1 %; foreign exceptions 0",
        measure=measure_creations,
        starred=True,
    ),
)
