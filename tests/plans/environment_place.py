"""An environment that generated objects fill, and what must hold of plans there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, cast

import attrs

from frontegg_async import AsyncFrontegg
from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.managed.kinds import ManagedObject, ObjectKind
from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.managed.values import ObjectChanges, flattened
from frontegg_async.plans.plan import Plan
from frontegg_sync import Frontegg
from tests.plans.environment_judge import changed_rows, differences, expected
from tests.plans.environment_strategies import Case, Estate, Objects, Values
from tests.plans.judge import unfinished
from tests.plans.place import made

_SECRET: Final = "canary"


@attrs.frozen
class EnvironmentPlace:
    """An environment of an emulator, and clients of it."""

    emulator: EmulatorHandle
    client: Frontegg
    runner: asyncio.Runner
    """Runs what reads and writes objects without plans."""
    awaited: AsyncFrontegg

    def check_export(self, estate: Estate, suffix: str) -> None:
        """Check that the plan of an export is empty.

        Args:
            estate: What the environment has.
            suffix: The suffix of the file.
        """
        self._begin(estate)
        with TemporaryDirectory() as directory:
            path, variables = Path(directory, f"export{suffix}"), Path(directory, f"vars{suffix}")
            self.client.export(path, kind="environment", vars=variables)
            plan = made(self.emulator, partial(self.client.plan, path, vars=variables))
        assert not plan, str(plan)
        assert plan.not_planned == 0, plan.notes

    def check_files(self, case: Case) -> None:
        """Check that files are applied exactly, that their plan is empty then, and that the job can be undone.

        Args:
            case: What the environment has, and the files.
        """
        self._begin(case.estate)
        found, rows = self._found(), self._rows()
        before = _values(found)
        staying = {part: [key for key, each in those.items() if each.reason_to_stay] for part, those in found.items()}
        ids = {f"{part}.{key}": each.id for part, those in found.items() for key, each in those.items()}
        plan_files = partial(self.client.plan, case.sources, prune=[f"part:{part}" for part in case.prune])
        with TemporaryDirectory() as directory:
            ledger, base, variables = (Path(directory, name) for name in ("ledger", "base.json", "vars.json"))
            plan = made(self.emulator, plan_files)
            self.client.export(base, kind="environment", vars=variables)
            with_base = made(self.emulator, partial(plan_files, base=base, vars=variables))
            assert _lines(with_base) == _lines(plan)
            self._apply(with_base, ledger)
            self._check(case, before, staying)
            _expect_none(changed_rows(rows, self._rows(), _written(plan, ids)))
            again = made(self.emulator, plan_files)
            assert not again, str(again)
            undone = made(self.emulator, partial(self.client.undo, ledger))
            self._apply(undone, Path(directory, "undone"))
        self._check_undone(plan, undone, before)

    def _begin(self, estate: Estate) -> None:
        self.emulator.reset()
        self.runner.run(self._fill(estate))

    def _check(self, case: Case, before: Objects, staying: Mapping[str, Sequence[str]]) -> None:
        new = {
            part: {key for key in wanted if key not in before[part] and (part, key) not in _new_keys(case)}
            for part, wanted in case.wanted.items()
        }
        _expect_none(differences(expected(before, case, staying), _values(self._found()), new))

    def _check_undone(self, plan: Plan, undone: Plan, before: Objects) -> None:
        """Check that all is as before, but for what was deleted and what is noted."""
        noted = {(note.key, note.path) for note in undone.notes}
        deleted = {each.key for each in plan.writes if each.operation == "delete_object"}
        found = _values(self._found())
        for part, objects in before.items():
            for key in [each for each in objects if f"{part}.{each}" in deleted]:
                del objects[key]
        left: list[str] = []
        for each in differences(before, found, {}):
            key, _, name = each.partition(": ")[0].rpartition(".")
            if not any(at == key and (not path or path.partition(".")[0] == name) for at, path in noted):
                left.append(each)
        is_deleting = bool(deleted)
        _expect_none([each for each in left if not (is_deleting and _refers(each))])

    def _found(self) -> dict[str, Mapping[str, ManagedObject]]:
        """Return all objects, by their parts and keys."""

        async def read() -> dict[str, Mapping[str, ManagedObject]]:
            return {part: (await kind.read(self.awaited._caller)).found for part, kind in ENVIRONMENT.items()}

        return self.runner.run(read())

    def _rows(self) -> Mapping[str, Sequence[Values]]:
        document: Any = self.emulator.snapshot()
        [environment] = [each for each in document["environments"] if each["client_id"] == self.emulator.client_id]
        return cast("Mapping[str, Sequence[Values]]", environment["tables"])

    async def _fill(self, estate: Estate) -> None:
        for part, objects in estate.objects.items():
            for key, values in objects.items():
                await self._create(ENVIRONMENT[part], key, values)
        settings = {key: ("sso_settings", values) for key, values in estate.settings.items()}
        if estate.rules is not None:
            settings["environment"] = ("jwt_template_targeting", {"rules": estate.rules})
        for key, (part, values) in settings.items():
            kind = ENVIRONMENT[part]
            await kind.update(self.awaited._caller, key, "", ObjectChanges(kind.fields_of(key), values))

    async def _create(self, kind: ObjectKind, key: str, values: Values) -> None:
        caller, flat = self.awaited._caller, flattened(kind.fields, values)
        later = {name: value for name, value in flat.items() if kind.fields[name.partition(".")[0]].is_later}
        first: dict[str, JsonValue] = {
            name: _SECRET if name == "secret" else value
            for name, value in flat.items()
            if name not in later and value is not None
        }
        await kind.create(caller, key, ObjectChanges(kind.fields, first), send_email=False)
        if later:
            found = (await kind.read(caller)).found[key]
            await kind.update(caller, key, found.id, ObjectChanges(kind.fields, later))

    def _apply(self, plan: Plan, ledger: Path) -> None:
        _expect_none(unfinished(self.client.apply(plan, ledger=ledger)))


def _lines(plan: Plan) -> list[str]:
    """Return the writes of a plan, without the values that they expect: a service may show null as empty text."""
    return [f"{each.operation} {each.key} {each.sets}" for each in plan.writes]


def _values(found: Mapping[str, Mapping[str, ManagedObject]]) -> Objects:
    return {part: {key: dict(each.values) for key, each in objects.items()} for part, objects in found.items()}


def _new_keys(case: Case) -> set[tuple[str, str]]:
    return {(part, name) for (part, _), name in case.renames.items()}


def _written(plan: Plan, ids: Mapping[str, str]) -> set[str]:
    """Return the ids of the objects that a plan writes, and those of objects that refer to deleted ones."""
    keys = {each.key for each in plan.writes}
    if any(each.operation == "delete_object" for each in plan.writes):
        keys |= {each for each in ids if each.startswith(("permissions.", "roles."))}
    return {ids[key] for key in keys if key in ids}


def _refers(difference: str) -> bool:
    """Return whether a difference is about a reference, which may have been one to an object that was deleted."""
    path = difference.partition(": ")[0]
    return path.endswith((".permissions", ".category", ".rules"))


def _expect_none(found: Sequence[str]) -> None:
    assert not found, "\n".join(found)
