"""Check the objects in a row, such as the users of an account, with the field definitions of their kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, cast

from frontegg_async._core.checks.arguments import check_text
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_in_files
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.managed.fields import Field
from frontegg_async.managed.kinds import ObjectKind
from frontegg_async.plans.files.fields import ABSENT
from frontegg_async.plans.files.places import Path
from frontegg_async.plans.files.problems import Problem, unknown_field
from frontegg_async.plans.files.spellings import named

_NAME: Final = "name"
"""The field that an object with ``absent: true`` may also contain."""


def checked_objects(kind: ObjectKind, value: object) -> tuple[dict[str, JsonValue], list[Problem]]:
    """Return objects in the form of `ObjectKind.read`, and their problems.

    Read-only fields are left out. An object to remove has ``absent: true``.

    Args:
        kind: The kind of the objects.
        value: The value of the part in a file, of any type.
    """
    if not isinstance(value, Mapping):
        message = f"{kind.part} must be a mapping with the fields of each {kind.noun}, not {kind_in_files(value)}"
        return {}, [Problem((kind.part,), message)]
    objects: dict[str, JsonValue] = {}
    problems: list[Problem] = []
    names: dict[str, str] = {}
    for spelled, given in cast("Mapping[str, JsonValue]", value).items():
        path = (kind.part, spelled)
        key = kind.normal_key(spelled)
        problem = _key_problem(kind, spelled)
        if problem is None and key in names:
            problem = f"{names[key]!r} and {spelled!r} are the same {kind.noun}: leave one out"
        if problem is not None:
            problems.append(Problem(path, problem, of_name=True))
        names[key] = spelled
        if isinstance(given, Mapping):
            objects[key], found = _checked_object(kind, key, given, path)
            problems += found
        else:
            hint = ": write {} to name no field" if given is None else ""
            message = f"the {kind.noun} must be a mapping of fields, not {kind_in_files(given)}{hint}"
            problems.append(Problem(path, message))
    return objects, problems


def _key_problem(kind: ObjectKind, key: str) -> str | None:
    try:
        check_text(key, f"the key of the {kind.noun}", allow_empty=True)
    except InvalidArgumentError as error:
        return error.message
    return kind.key_problem(key)


def _checked_object(
    kind: ObjectKind, key: str, given: Mapping[str, JsonValue], path: Path
) -> tuple[dict[str, JsonValue], list[Problem]]:
    """Return the fields of an object, and their problems."""
    fields = kind.fields_of(key)
    known = [*fields, ABSENT] if kind.can_be_absent else [*fields]
    problems: list[Problem] = []
    names: dict[str, str] = {}
    for spelled in given:
        name = named(spelled, [*known, *sorted(kind.read_only)])
        if name is None:
            problems.append(Problem((*path, spelled), unknown_field(spelled, known), of_name=True))
        elif name in names:
            message = f"{names[name]!r} and {spelled!r} are the same field: leave one out"
            problems.append(Problem((*path, spelled), message, of_name=True))
        else:
            names[name] = spelled
    for name, spelled in names.items():
        if name in fields:
            problems += _field_problems(fields[name], given[spelled], (*path, spelled))
    is_absent = ABSENT in names and given[names[ABSENT]]
    if not isinstance(is_absent, bool):
        message = f"absent must be true or false, not {kind_in_files(is_absent)}"
        problems.append(Problem((*path, names[ABSENT]), message))
    elif is_absent and (others := sorted((names.keys() & fields.keys()) - {_NAME})):
        message = f"absent: true removes the {kind.noun}, which must not have other fields: leave out"
        problems.append(Problem((*path, names[ABSENT]), f"{message} {', '.join(others)}"))
    if problems:
        return {}, problems
    values = {name: fields[name].canonical(given[spelled]) for name, spelled in names.items() if name in fields}
    return {**values, **({ABSENT: True} if is_absent else {})}, []


def _field_problems(field: Field, value: JsonValue, path: Path) -> Iterator[Problem]:
    for place, message in field.problems(value):
        yield Problem((*path, *place), message)
