"""Checks of the objects that plans write: a plan for values that were just written must be empty.

The kit writes an object as a plan does. One request creates it, one changes its fields, and one clears its nullable
fields. Fields with operations of their own need more requests. Settings of the environment are only read.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from typing import Final, cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.client_calls import call, caller_of
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.object_samples import SAMPLES, Sample, Values
from frontegg_async.conformance.object_writes import ObjectWriter
from frontegg_async.conformance.plan_changes import planned_object_changes
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.endpoints import Evidence, users
from frontegg_async.managed.fields import Field, Shape
from frontegg_async.managed.kinds import ManagedObject, ObjectKind
from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.managed.users import Users
from frontegg_async.plans.objects.changes import Wanted, object_change

TOPIC: Final = Topic("objects of plans")
_check: Final = TOPIC.check

_ACCOUNT: Final = "objects"
_NOT_KEPT: Final = "policies_kept"
_SWITCHES: Final[Mapping[str, str]] = {
    "policies.password_rotation": _NOT_KEPT,
    "policies.sessions": _NOT_KEPT,
    "policies.ip_restrictions": _NOT_KEPT,
}
"""The switches of the emulator that change the values that reads return, by the places of objects."""
_SETTINGS: Final = [kind for kind in ENVIRONMENT.values() if not kind.can_delete]


class _Step(enum.Enum):
    """The writes of an object. The values are the words in reports."""

    CREATED = "created"
    CHANGED = "changed"
    CLEARED = "cleared"


_BEFORE: Final = {_Step.CHANGED: _Step.CREATED, _Step.CLEARED: _Step.CHANGED}


def _fields(sample: Sample) -> Mapping[str, Field]:
    return sample.kind.fields_of(sample.key)


def _named(sample: Sample, step: _Step) -> Values:
    """Return the values that a step writes, in the form of a file."""
    if step is _Step.CREATED:
        return sample.values
    if step is _Step.CHANGED:
        return sample.changed
    return {name: None for name in sample.values if _fields(sample)[name].is_nullable}


def _steps(sample: Sample) -> list[_Step]:
    return [step for step in _Step if _named(sample, step)]


def _wanted(sample: Sample, last: _Step) -> Values:
    """Return all expected values after a step, in the form of a file. A change must not reset fields that it omits."""
    values: dict[str, JsonValue] = {}
    steps = _steps(sample)
    for step in steps[: steps.index(last) + 1]:
        for name, value in _named(sample, step).items():
            field = _fields(sample)[name]
            values[name] = field.canonical(_laid_over(field, values.get(name), value))
    return values


def _laid_over(field: Field, present: JsonValue, value: JsonValue) -> JsonValue:
    if field.shape is Shape.MAP:
        return {**cast("Values", present or {}), **cast("Values", value or {})}
    if field.shape is Shape.MEMBERS:
        return [*cast("list[JsonValue]", present or []), *cast("list[JsonValue]", value or [])]
    return value


@attrs.frozen(eq=False)
class _Written:
    """An object after a step."""

    sample: Sample
    step: _Step
    key: str
    refusals: Mapping[str, str]
    """Descriptions of how the service refused fields, by field name."""
    shown: ManagedObject | None

    def difference(self, names: Sequence[str]) -> Difference:
        """Describe the fields that were refused, or that a plan would write again."""
        if self.shown is None:
            return "the object is not found by its key"
        refused = [f"{name} is refused: {self.refusals[name]}" for name in names if name in self.refusals]
        every = _wanted(self.sample, self.step)
        values = {name: every[name] for name in names if name in every and name not in self.refusals}
        renamed_from = self.shown.key if self.sample.kind.key_field in names else None
        wanted = Wanted(self.key, values, "", renamed_from=renamed_from)
        planned = planned_object_changes(self.sample.kind, wanted, self.shown)
        return ", ".join([*refused, *([] if planned is None else [planned])]) or None


@once_a_run
async def _after(probe: Probe, generic: Sample, step: _Step) -> _Written:
    """Make the writes of a step as a plan makes them, and return the object.

    Raises:
        NotTriedError: The object or an object that it refers to could not be made, or a request failed.
    """
    sample = generic.of(probe.prefix)
    if step is _Step.CREATED:
        return await _create(probe, generic, sample)
    before = await _after(probe, generic, _BEFORE[step])
    shown = before.shown
    if shown is None:
        raise NotTriedError("the object is not found by the key that was written")
    key = sample.new_key if step is _Step.CHANGED and sample.new_key else shown.key
    wanted = Wanted(key, _wanted(sample, step), "", renamed_from=shown.key)
    sets = object_change(sample.kind, wanted, shown, None, has_original=False).sets
    if step is _Step.CHANGED:
        sets |= {name: None for name in sample.values if _fields(sample)[name].shape is Shape.SECRET}
    writer = ObjectWriter(probe, sample.kind, shown.key, await _tenant_id(probe, sample))
    refusals = await writer.update(shown.id, sets)
    if sample.kind.key_field in refusals:
        key = shown.key
    return _Written(sample, step, key, refusals, await writer.read(key, shown.id))


async def _create(probe: Probe, generic: Sample, sample: Sample) -> _Written:
    """Create an object, and write the fields that a creation cannot set."""
    for needed in SAMPLES:
        if needed.part in generic.needs:
            await _after(probe, needed, _steps(needed)[-1])
    kind, step = sample.kind, _Step.CREATED
    writer = ObjectWriter(probe, kind, sample.key, await _tenant_id(probe, sample))
    change = object_change(kind, Wanted(sample.key, _wanted(sample, step), ""), None, None, has_original=False)
    left: Values = {}
    shown = change.shown
    if change.is_created:
        left = await writer.create(change.creation)
        shown = await writer.read(sample.key)
        if shown is None:
            return _Written(sample, step, sample.key, {}, None)
        if kind.part == Users.part and writer.tenant_id is not None:
            probe.note_row(users.REMOVE, {"user_id": shown.id}, writer.tenant_id)
    if not left and not change.sets:
        return _Written(sample, step, sample.key, {}, shown)
    object_id = "" if shown is None else shown.id
    refusals = await writer.update(object_id, {**left, **change.sets})
    if left and not refusals:
        refusals = dict.fromkeys((name.partition(".")[0] for name in left), "the creation succeeds only without it")
    return _Written(sample, step, sample.key, refusals, await writer.read(sample.key))


async def _tenant_id(probe: Probe, sample: Sample) -> str | None:
    """Return the id of an object's account.

    Without an account, note the object's part for clean-up and return ``None``.
    """
    if sample.kind.of_account:
        return await probe.account(_ACCOUNT)
    probe.note_part(sample.part)
    return None


def _groups(sample: Sample) -> list[list[str]]:
    """Return groups of fields, one for each check. A policy is one group.

    Other objects have a group for each form of values.
    """
    fields = _fields(sample)
    names = [*sample.values, *([sample.kind.key_field] if sample.new_key else [])]
    if not sample.kind.can_create:
        return [names]
    groups: dict[object, list[str]] = {}
    for name in names:
        field = fields[name]
        is_text = field.shape is Shape.TEXT and field.choices is None
        is_alone = field.has_members or field.shape is Shape.SECRET
        groups.setdefault(name if is_alone else is_text, []).append(name)
    return list(groups.values())


def _check_group(sample: Sample, names: Sequence[str]) -> None:
    steps = [
        step for step in _steps(sample) if step is _Step.CREATED or not set(names).isdisjoint(_named(sample, step))
    ]
    verb = "is" if len(names) == 1 else "are"
    writes = _joined([step.value for step in steps])
    switches = [_SWITCHES[sample.place]] if sample.place in _SWITCHES else []

    @_check(
        f"A plan is empty after {_joined(names)} in {sample.place} {verb} {writes}",
        Evidence.ASSUMED,
        *switches,
        writes=True,
    )
    async def _is_empty(probe: Probe) -> Difference:
        for step in steps:
            how = (await _after(probe, sample, step)).difference(names)
            if how is not None:
                return f"once {step.value}, {how}"
        return None


def _joined(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


for _sample in SAMPLES:
    for _names in _groups(_sample):
        _check_group(_sample, _names)


def _check_settings(kind: ObjectKind) -> None:
    @_check(f"A plan is empty after {kind.part} is read", Evidence.ASSUMED)
    async def _is_empty(probe: Probe) -> Difference:
        objects = await call(probe, lambda client: kind.read(caller_of(client, None)), most=8)
        for key, shown in objects.found.items():
            fields = kind.fields_of(key)
            values = {name: value for name, value in shown.values.items() if value is not None}
            for name, value in values.items():
                if any(fields[name].problems(value)):
                    return f"{name} of {key} has a form that files cannot contain"
            wanted = {name: fields[name].canonical(value) for name, value in values.items()}
            how = planned_object_changes(kind, Wanted(key, wanted, ""), shown)
            if how is not None:
                return f"in {key}, {how}"
        return None


for _kind in _SETTINGS:
    _check_settings(_kind)
