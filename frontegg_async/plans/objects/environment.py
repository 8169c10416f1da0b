"""Compare the objects of an environment with environment files."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async.errors import Fault
from frontegg_async.managed.feature_plans import FeaturePlans
from frontegg_async.managed.kinds import ObjectKind, Objects
from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.managed.values import flattened
from frontegg_async.plans.environment_files.environment_files import EnvironmentFiles, WantedObject
from frontegg_async.plans.files.faults import files_error
from frontegg_async.plans.objects.changes import ObjectChange, Values, Wanted, object_change
from frontegg_async.plans.objects.checks import object_faults, references_of, repeated_reference, unknown_reference
from frontegg_async.plans.objects.exclusive_flags import lost_flags
from frontegg_async.plans.objects.pruning import LOSSES, note_holders, note_losses, prune_members, removals
from frontegg_async.plans.objects.readable import UNREADABLE, WHOLE, read_objects, unreadable
from frontegg_async.plans.objects.references import Path, references, renamed, renamed_objects
from frontegg_async.plans.plan_file import PlanNote

_NONE: Final = Objects({})
_FIXED: Final = "differs, but only a creation sets it"

Originals = Mapping[str, Values]
"""The values of objects in the original export, by key."""


@attrs.define(eq=False)
class EnvironmentObjects:
    """Reads the objects of an environment, and compares them with the files.

    A part contains one kind of objects, such as ``roles``. Only parts that the files contain are read.

    Args:
        caller: Sends the requests.
        files: The files.
        base: The original export, from which the files were edited; ``None`` without such an export.
        parts: The parts to plan; ``None`` for all.
        pruned: The parts in which the plan deletes objects that no file contains. With an original export, the plan
            deletes only objects that the export contains.
    """

    caller: Caller
    files: EnvironmentFiles
    base: EnvironmentFiles | None
    parts: Collection[str] | None
    pruned: Collection[str]
    changes: list[ObjectChange] = attrs.field(factory=list[ObjectChange], init=False)
    """The changes of the objects."""
    notes: list[PlanNote] = attrs.field(factory=list[PlanNote], init=False)
    """The notes about objects and fields that the plan leaves out."""
    counts: dict[str, int] = attrs.field(factory=dict[str, int], init=False)
    """The number of objects of each part that was read."""
    _faults: list[Fault] = attrs.field(factory=list[Fault], init=False)
    _read: dict[str, Objects | None] = attrs.field(factory=dict[str, "Objects | None"], init=False)
    _unread: dict[str, Collection[str]] = attrs.field(factory=dict[str, Collection[str]], init=False)
    """The keys of objects that cannot be read, by part."""
    _renames: dict[tuple[str, str], str] = attrs.field(factory=dict[tuple[str, str], str], init=False)
    """The new keys of renamed objects, by part and old key. Parts are compared in the order of writing, so references
    to objects of earlier parts use the new keys.
    """

    async def run(self) -> None:
        """Read the parts, and compare them with the files.

        Raises:
            FilesError: Objects have faults; the error contains all faults.
            PaginationError: The listing of a part is incomplete.
            FronteggError: A request failed.
        """
        for part, kind in ENVIRONMENT.items():
            if self._is_planned(part):
                await self._compare(kind)
        await self._note_holders()
        await self._note_losses()
        self._check_removed()
        await self._check_unknown()
        if self._faults:
            raise files_error(self._faults)

    def created(self, part: str) -> frozenset[str]:
        """Return the keys of objects that the changes create. If the part cannot be read, return all keys in the files.

        Args:
            part: The part.
        """
        if self._read.get(part, _NONE) is None:
            return frozenset(self.files.objects.get(part, ()))
        return frozenset(each.key for each in self.changes if each.kind.part == part and not each.is_deleted)

    def removed(self, part: str) -> frozenset[str]:
        """Return the keys of objects that the changes delete or rename.

        Args:
            part: The part.
        """
        changes = [each for each in self.changes if each.kind.part == part]
        return frozenset(each.present_key for each in changes if each.is_deleted or each.is_renamed)

    def _is_planned(self, part: str) -> bool:
        return part in self.files.objects and (self.parts is None or part in self.parts)

    async def _objects(self, part: str) -> Objects | None:
        """Return the objects of a part; ``None`` if the credential cannot read them."""
        if part not in self._read:
            kind = ENVIRONMENT[part]
            keys = None if kind.can_create else self.files.objects.get(part)
            objects, reasons = await read_objects(kind, self.caller, keys)
            self._unread[part] = reasons.keys()
            if self._is_planned(part):
                names = {key: ".".join(filter(None, (part, key))) for key in reasons}
                self.notes += [PlanNote(names[key], "", reason) for key, reason in reasons.items()]
            followed = {place: key for place, key in self._renames.items() if _is_followed(place[0])}
            found = renamed_objects(objects, kind.fields_of, followed)
            self._read[part] = None if WHOLE in reasons else found
        return self._read[part]

    async def _compare(self, kind: ObjectKind) -> None:
        objects = await self._objects(kind.part)
        if objects is None:
            return
        self.counts[kind.part] = len(objects.found)
        given, originals = self.files.objects[kind.part], self._originals(kind)
        for wanted in (each for key, each in given.items() if key not in self._unread[kind.part]):
            self._add(self._change(kind, objects, wanted, originals))
        self.notes += [
            PlanNote(f"{kind.part}.{key}", "", f"several have this key: {', '.join(ids)}")
            for key, ids in objects.repeated.items()
            if key not in given
        ]
        if kind.part in self.pruned:
            for change in removals(kind, objects, given.values(), originals):
                self._add(change)
        for change in lost_flags(kind, objects, self.changes):
            self._add(change)

    def _originals(self, kind: ObjectKind) -> Originals | None:
        """Return the objects of a part in the original export, such as ``roles``; ``None`` if the part is missing."""
        if self.base is None or kind.part not in self.base.objects:
            return None
        # Apply the renames of the files to the export, so that a reference with the new key is not a difference.
        renames = {
            (part, each.renamed_from): each.key
            for part, objects in self.files.objects.items()
            for each in objects.values()
            if each.renamed_from is not None and self._is_planned(part) and _is_followed(part)
        }
        objects = self.base.objects[kind.part]
        return {key: renamed(kind.fields_of(key), each.values, renames) for key, each in objects.items()}

    def _change(
        self, kind: ObjectKind, objects: Objects, given: WantedObject, originals: Originals | None
    ) -> ObjectChange:
        wanted = Wanted(given.key, given.values, given.why, renamed_from=given.renamed_from)
        old = given.renamed_from or given.key
        shown = objects.found.get(given.key) or objects.found.get(old)
        original = None if originals is None else originals.get(old, originals.get(given.key))
        change = object_change(kind, wanted, shown, original, has_original=originals is not None)
        self._faults += [self._fault(given, *fault) for fault in object_faults(change, wanted, objects)]
        if kind.part in self.pruned:
            prune_members(change, wanted, original, has_original=originals is not None)
        return change

    def _add(self, change: ObjectChange) -> None:
        key = f"{change.kind.part}.{change.key}"
        self.notes += [PlanNote(key, name, _FIXED) for name in change.fixed]
        if change.reason_to_stay:
            self.notes.append(PlanNote(key, "", change.reason_to_stay))
        if change.is_written:
            self.changes.append(change)
            if change.is_renamed:
                self._renames[change.kind.part, change.present_key] = change.key

    async def _note_losses(self) -> None:
        """Add notes to deletions: which roles lose the permission, and which feature plans lose the feature."""
        for loss in LOSSES:
            deleted = self._deleted(loss.of)
            if deleted:
                note_losses(loss, deleted, await self._objects(loss.part), self.changes)

    async def _note_holders(self) -> None:
        """Add notes about the assignments of feature plans that the plan deletes.

        If assignments cannot be read, the plan deletes no feature plans.
        """
        deleted = self._deleted(FeaturePlans.part)
        if not deleted:
            return
        try:
            note_holders(deleted, await deleted[0].kind.count_holders(self.caller))
        except UNREADABLE as error:
            self.changes = [each for each in self.changes if each not in deleted]
            reason = f"assignments {unreadable(error)}"
            self.notes += [PlanNote(f"{each.kind.part}.{each.key}", "", reason) for each in deleted]

    def _deleted(self, part: str) -> list[ObjectChange]:
        return [each for each in self.changes if each.kind.part == part and each.is_deleted]

    def _check_removed(self) -> None:
        """Add a fault for each reference of the files to an object that the plan deletes or renames."""
        effects = {(each.kind.part, each.present_key): "deletes" for each in self.changes if each.is_deleted}
        effects |= dict.fromkeys(self._renames, "renames")
        for wanted, part, key, path in self._references():
            if (part, key) in effects:
                self._faults.append(
                    self._fault(wanted, path, f"{part} has {key!r}, which the plan {effects[part, key]}")
                )

    def _references(self) -> Iterator[tuple[WantedObject, str, str, Path]]:
        for part, objects in self.files.objects.items():
            for each in objects.values() if self._is_planned(part) else ():
                fields = ENVIRONMENT[part].fields_of(each.key)
                yield from ((each, *found) for found in references(fields, flattened(fields, each.values)))

    async def _check_unknown(self) -> None:
        """Add a fault for each new reference to an object that does not exist."""
        for change in self.changes:
            for part, key, path in references_of(change):
                objects = await self._objects(part)
                if objects is not None and (problem := self._problem(objects, part, key)):
                    self._faults.append(self.files.fault_at(change.kind.part, change.key, path, problem))

    def _problem(self, objects: Objects, part: str, key: str) -> str | None:
        if ids := objects.repeated.get(key):
            return repeated_reference(part, key, ids)
        known = {*objects.found, *self.created(part)}
        if key in known:
            return None
        is_left_out = key in self.files.objects.get(part, ()) and not self._is_planned(part)
        return unknown_reference(part, key, known, is_left_out=is_left_out)

    def _fault(self, wanted: WantedObject, path: Path, message: str) -> Fault:
        return self.files.fault_at(wanted.part, wanted.key, path, message)


def _is_followed(part: str) -> bool:
    """Return whether the service keeps references to a renamed object of a part."""
    return not ENVIRONMENT[part].is_referred_by_key
