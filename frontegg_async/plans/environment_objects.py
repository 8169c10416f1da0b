"""Compare the objects of an environment with environment files."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async.errors import Fault, NotFoundError, PermissionDeniedError
from frontegg_async.managed.fields import Shape
from frontegg_async.managed.kinds import ManagedObject, ObjectKind, Objects
from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.managed.values import member_name
from frontegg_async.plans.environment_files.environment_files import EnvironmentFiles, WantedObject
from frontegg_async.plans.files.faults import files_error
from frontegg_async.plans.object_changes import ObjectChange, Wanted, object_change, removal
from frontegg_async.plans.object_checks import object_faults, references_of, unknown_reference
from frontegg_async.plans.plan_file import PlanNote

_UNREADABLE: Final = (PermissionDeniedError, NotFoundError)
_PRUNE: Final = "--prune"


@attrs.define(eq=False)
class EnvironmentObjects:
    """Reads the parts of an environment that files name, and compares them.

    Args:
        caller: Makes the requests.
        files: The files.
        base: The original export, if there is one.
        parts: The parts to plan; ``None`` for all.
        pruned: The parts of which objects are deleted that no file has.
    """

    caller: Caller
    files: EnvironmentFiles
    base: EnvironmentFiles | None
    parts: Collection[str] | None
    pruned: Collection[str]
    changes: list[ObjectChange] = attrs.field(factory=list[ObjectChange], init=False)
    """What the files would change."""
    notes: list[PlanNote] = attrs.field(factory=list[PlanNote], init=False)
    """What is not planned."""
    counts: dict[str, int] = attrs.field(factory=dict[str, int], init=False)
    """The number of objects of each part that was read."""
    _read: dict[str, Objects | None] = attrs.field(factory=dict[str, "Objects | None"], init=False)
    _faults: list[tuple[str, str, Sequence[str | int], str]] = attrs.field(
        factory=list[tuple[str, str, Sequence[str | int], str]], init=False
    )

    async def run(self) -> None:
        """Read the parts, and compare them.

        Raises:
            FilesError: An object cannot be written; the error has all faults.
            PaginationError: The objects of a part could not be read completely.
            FronteggError: A request failed.
        """
        for part, kind in ENVIRONMENT.items():
            if part in self.files.objects and (self.parts is None or part in self.parts):
                await self._compare(kind)
        await self._check_references()
        if self._faults:
            found = [self._fault(*each) for each in self._faults]
            raise files_error(found)

    def created(self, part: str) -> frozenset[str]:
        """Return the keys of objects that the changes make.

        Args:
            part: The part.
        """
        return frozenset(
            each.key for each in self.changes if each.kind.part == part and not each.is_deleted and each.is_written
        )

    async def _objects(self, part: str) -> Objects | None:
        """Return the objects of a part; ``None`` if the credential cannot read them."""
        if part not in self._read:
            try:
                self._read[part] = await ENVIRONMENT[part].read(self.caller)
            except _UNREADABLE as error:
                self._read[part] = None
                if part in self.files.objects:
                    self.notes.append(PlanNote(part, "", f"not readable ({error.status})"))
        return self._read[part]

    async def _compare(self, kind: ObjectKind) -> None:
        objects = await self._objects(kind.part)
        if objects is None:
            return
        self.counts[kind.part] = len(objects.found)
        given = self.files.objects[kind.part]
        original = None if self.base is None else self.base.objects.get(kind.part)
        for wanted in given.values():
            self._add(kind, objects, wanted, original)
        for key, ids in objects.repeated.items():
            if key not in given:
                self.notes.append(
                    PlanNote(f"{kind.part}.{key}", "", f"not managed: several have this key: {', '.join(ids)}")
                )
        if kind.part in self.pruned:
            self._prune(kind, objects, given, original)

    def _add(
        self, kind: ObjectKind, objects: Objects, given: WantedObject, original: Mapping[str, WantedObject] | None
    ) -> None:
        wanted = Wanted(given.key, given.values, given.why, renamed_from=given.renamed_from)
        shown = objects.found.get(given.key) or objects.found.get(given.renamed_from or given.key)
        before = None if original is None else original.get(given.renamed_from or given.key) or original.get(given.key)
        change = object_change(
            kind, wanted, shown, None if before is None else before.values, has_original=original is not None
        )
        self._faults += [(kind.part, given.key, *fault) for fault in object_faults(change, wanted, objects)]
        key = f"{kind.part}.{given.key}"
        self.notes += [PlanNote(key, name, "differs, and only a creation sets it") for name in change.fixed]
        if change.reason_to_stay:
            self.notes.append(PlanNote(key, "", change.reason_to_stay))
        if change.is_written:
            if kind.part in self.pruned and shown is not None:
                _prune_members(change, given, shown)
            self.changes.append(change)

    async def _check_references(self) -> None:
        for change in self.changes:
            for part, key, path in references_of(change):
                objects = await self._objects(part)
                known = None if objects is None else {*objects.found, *self.created(part)}
                if known is not None and key not in known:
                    self._faults.append((change.kind.part, change.key, path, unknown_reference(part, key, known)))

    def _fault(self, part: str, key: str, path: Sequence[str | int], message: str) -> Fault:
        return self.files.fault_at(part, key, path, message)

    def _prune(
        self,
        kind: ObjectKind,
        objects: Objects,
        given: Mapping[str, WantedObject],
        original: Mapping[str, WantedObject] | None,
    ) -> None:
        """Add the deletion of objects that no file has, and of members that the lists of the files do not have."""
        changed = {each.key for each in self.changes}
        renamed = {each.renamed_from for each in given.values()}
        for key, shown in objects.found.items():
            wanted = given.get(key)
            if shown.reason_to_stay or key in renamed or (original is not None and key not in original):
                continue
            if wanted is None:
                if kind.can_delete:
                    self.changes.append(removal(kind, shown, _PRUNE))
            elif key not in changed:
                change = ObjectChange(kind, key, wanted.why, shown)
                _prune_members(change, wanted, shown)
                if change.is_written:
                    self.changes.append(change)


def _prune_members(change: ObjectChange, wanted: WantedObject, shown: ManagedObject) -> None:
    """Add the removal of members of lists that a file names without them."""
    for name, member in _superfluous(change, wanted, shown):
        flat = member_name(name, member)
        change.sets[flat] = False
        change.before[flat] = True


def _superfluous(change: ObjectChange, wanted: WantedObject, shown: ManagedObject) -> Iterator[tuple[str, str]]:
    for name, field in change.fields.items():
        named, present = wanted.values.get(name), shown.values.get(name)
        if field.shape is Shape.MEMBERS and isinstance(named, list) and isinstance(present, list):
            for member in present:
                if isinstance(member, str) and member not in named:
                    yield name, member
