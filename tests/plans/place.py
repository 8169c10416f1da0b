"""An environment that generated estates fill, and what must hold of plans there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import attrs

from frontegg_async.emulator import EmulatorHandle
from frontegg_async.models import IncludeLiteral
from frontegg_async.plans.plan import Plan
from frontegg_async.snapshots.rows import PARENT
from frontegg_sync import Frontegg
from tests.plans.judge import changed, differences, state_of, unfinished
from tests.plans.part_judge import changed_parts, part_differences, parts_of
from tests.plans.strategies import Case, Estate, write

INCLUDED: Final[tuple[IncludeLiteral, ...]] = ("settings", "applications", "plans", "users", "policies", "sso")
"""All that files can name of an account."""


@attrs.frozen
class Place:
    """An environment of an emulator, and a client of it."""

    emulator: EmulatorHandle
    client: Frontegg

    def check_export(self, estate: Estate, suffix: str, include: Collection[IncludeLiteral]) -> None:
        """Check that the plan of an export is empty.

        Args:
            estate: What the environment has.
            suffix: The suffix of the file.
            include: What the export has beside the accounts.
        """
        self._fill(estate)
        with TemporaryDirectory() as directory:
            path = Path(directory, f"export{suffix}")
            self.client.export(path, include=include)
            plan = made(self.emulator, partial(self.client.plan, path))
        assert not plan, str(plan)
        assert plan.not_planned == 0, plan.notes

    def check_file(self, case: Case) -> None:
        """Check that a file is applied exactly, that its plan is empty then, and that the job can be undone.

        Args:
            case: What the environment has, and the file.
        """
        self._fill(case.estate)
        before, parts = state_of(self.emulator), parts_of(self.emulator)
        with TemporaryDirectory() as directory:
            path, ledger = Path(directory, f"accounts{case.suffix}"), Path(directory, "ledger")
            write(path, case.rows)
            base = Path(directory, "base.jsonl") if case.has_base else None
            if base is not None:
                self.client.export(base, include=INCLUDED)
            plan = made(self.emulator, partial(self.client.plan, path, base=base))
            self._apply(plan, ledger)
            _check(differences(before, state_of(self.emulator), case.rows))
            _check(part_differences(parts, parts_of(self.emulator), case.rows))
            assert self.emulator.outbox() == []
            for original in {None, base}:
                again = made(self.emulator, partial(self.client.plan, path, base=original))
                assert not again, str(again)
            undone = made(self.emulator, partial(self.client.undo, ledger))
            self._apply(undone, Path(directory, "undone"))
        gone = {each.key for each in plan.writes if each.operation == "delete"}
        orphans = {(tenant_id, PARENT) for tenant_id, row in before.items() if row[PARENT] in gone}
        noted = {(each.key, each.path) for each in undone.notes}
        kept = {tenant_id: row for tenant_id, row in before.items() if tenant_id not in gone}
        staying = {each.key for each in undone.notes} - before.keys()  # created, with others below them by now
        after = {tenant_id: row for tenant_id, row in state_of(self.emulator).items() if tenant_id not in staying}
        _check(changed(kept, after, noted | orphans))
        left = {place: each for place, each in parts.items() if place[0] not in gone}
        _check(changed_parts(left, parts_of(self.emulator), noted))

    def _fill(self, estate: Estate) -> None:
        self.emulator.reset()
        self.emulator.seed(estate.seed())

    def _apply(self, plan: Plan, ledger: Path) -> None:
        _check(unfinished(self.client.apply(plan, ledger=ledger)))


def made(emulator: EmulatorHandle, make: Callable[..., Plan]) -> Plan:
    """Make a plan, which sends GET requests only and has the same bytes when it is made again.

    Args:
        emulator: The emulator.
        make: Makes the plan, and takes ``allow``.
    """
    emulator.clear_journal()
    allow = {guard.name: guard.count for guard in make().shut_guards}
    plan = make(allow=allow)
    assert make(allow=allow).digest == plan.digest
    methods = {entry.method for entry in emulator.journal() if entry.path != "/auth/vendor"}
    assert methods == {"GET"}, methods
    return plan


def _check(found: Sequence[str]) -> None:
    assert not found, found
