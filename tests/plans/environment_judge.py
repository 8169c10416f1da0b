"""What the objects of an environment must be after files were applied."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Final, cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.fields import Shape
from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.plans.objects.changes import are_same
from tests.plans.environment_strategies import Case, Objects, Values

_REFERENCES: Final = (
    ("permission_categories", "permissions", "category"),
    ("permissions", "roles", "permissions"),
    ("features", "plans", "features"),
    ("features", "feature_flags", "feature"),
)
"""The part of objects, and the part and the field that refer to them."""
_SETTINGS: Final = frozenset({"jwtTargeting", "ssoMultiple", "ssoDomainPolicy", "oidc"})
"""The tables of settings, whose rows have other ids than objects."""
_ATTRIBUTES: Final = {"roles": "roleIds", "applications": "applicationId"}


def expected(before: Objects, case: Case, staying: Mapping[str, Collection[str]]) -> Objects:
    """Return what the files make of an environment; the values of new objects are those that the files name.

    Args:
        before: The objects before.
        case: The files.
        staying: The keys of objects that nothing deletes, by parts.
    """
    objects = deepcopy(before)
    for part in ENVIRONMENT:
        for key, name in [(key, name) for (of, key), name in case.renames.items() if of == part]:
            objects[part][name] = {**objects[part].pop(key), ENVIRONMENT[part].key_field: name}
            _replace(objects, part, key, name)
    for part, wanted in case.wanted.items():
        for key, values in wanted.items():
            present = objects[part].setdefault(key, {})
            for name, value in values.items():
                _set(part, key, present, name, value, is_pruned=part in case.prune)
    for part in case.prune:
        for key in [*objects[part].keys() - case.wanted[part].keys() - {*staying.get(part, ())}]:
            del objects[part][key]
            _replace(objects, part, key, None)
    return objects


def _set(part: str, key: str, present: Values, name: str, value: JsonValue, *, is_pruned: bool) -> None:
    field = ENVIRONMENT[part].fields_of(key)[name]
    shape, value, old = field.shape, field.canonical(value), present.get(name)
    if shape is Shape.MEMBERS:
        kept = [] if is_pruned else cast("list[str]", old or [])
        present[name] = sorted({*kept, *cast("list[str]", value)})
    elif shape is Shape.MAP:
        merged = {**cast("Values", old or {}), **cast("Values", value)}
        present[name] = {each: found for each, found in merged.items() if found is not None}
    elif shape is not Shape.SECRET and not are_same(value, old):
        present[name] = value


def _replace(objects: Objects, part: str, key: str, name: str | None) -> None:
    """Give the objects that refer to one its new key; of one that is deleted, they have none."""
    for of, other, field in _REFERENCES:
        for values in objects[other].values() if of == part else ():
            present = values.get(field)
            if isinstance(present, list) and key in present:
                others = {*cast("list[str]", present)} - {key}
                values[field] = cast("JsonValue", sorted(others | ({name} if name else set[str]())))
            elif present == key:
                values[field] = name
    rules = objects["jwt_template_targeting"]["environment"].get("rules") or []
    for each in cast("list[Values]", rules) if name else ():
        for condition in cast("list[Values]", each["conditions"]):
            if condition["attribute"] == _ATTRIBUTES.get(part):
                values = cast("list[str]", condition["values"])
                condition["values"] = cast(
                    "JsonValue", sorted({name or key if value == key else value for value in values})
                )


def differences(wanted: Objects, found: Objects, new: Mapping[str, Collection[str]]) -> list[str]:
    """Return where objects are not as they must be.

    Args:
        wanted: The objects as they must be.
        found: The objects as they are.
        new: The keys of objects, by parts, of which only the values that files name are known.
    """
    return [*_differences(wanted, found, new)]


def _differences(wanted: Objects, found: Objects, new: Mapping[str, Collection[str]]) -> Iterator[str]:
    for part in ENVIRONMENT:
        if found[part].keys() != wanted[part].keys():
            yield f"{part}: {sorted(found[part])}, and not {sorted(wanted[part])}"
        for key in found[part].keys() & wanted[part].keys():
            ours, theirs = wanted[part][key], found[part][key]
            names = ours.keys() if key in new.get(part, ()) else ours.keys() | theirs.keys()
            for name in sorted(names):
                if not are_same(ours.get(name), theirs.get(name)):
                    yield f"{part}.{key}.{name}: {theirs.get(name)!r}, and not {ours.get(name)!r}"


def changed_rows(
    before: Mapping[str, Sequence[Values]], after: Mapping[str, Sequence[Values]], named: Collection[str]
) -> list[str]:
    """Return the rows of the emulator that have changed, although the files do not name their objects.

    Args:
        before: The rows of each table before.
        after: The rows after.
        named: The ids of objects that the files name or delete.
    """
    found: list[str] = []
    for table in sorted((before.keys() | after.keys()) - _SETTINGS):
        was, now = ({str(row["id"]): row for row in rows.get(table, ())} for rows in (before, after))
        found += [
            f"{table}: {was[each]} -> {now.get(each)}"
            for each in was
            if each not in named and was[each] != now.get(each)
        ]
    return found
