"""Check the rows of accounts files, with the same rules as the methods that write the fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias, cast

from frontegg_async._core.checks.arguments import MAX_DEPTH, check_id, check_json, check_text
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_in_files
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.managed.registry import ACCOUNT
from frontegg_async.plans.files import fields
from frontegg_async.plans.files.fields import ABSENT, FORMAT, METADATA, SETTINGS, TENANT_ID
from frontegg_async.plans.files.object_checks import checked_objects
from frontegg_async.plans.files.places import Path
from frontegg_async.plans.files.problems import LONGEST, Problem, unknown_field
from frontegg_async.snapshots.rows import ASSIGNED, PARENT, Row
from frontegg_async.snapshots.rows import FORMAT as VERSION

_ENVIRONMENT: Final = "frontegg-environment/"
"""The beginning of the format of environment files."""


def checked(value: object) -> tuple[Row, list[Problem]]:
    """Return a row whose fields have the names of Python attributes. Also return the problems of the row.

    Args:
        value: The value of the row in a file, of any type.
    """
    if not isinstance(value, dict):
        return {}, [Problem((), f"a row must be a mapping with the fields of an account, not {kind_in_files(value)}")]
    given = cast("Row", value)
    if _is_environment(given):
        return {}, [whole_file_problem(given)]
    problems: list[Problem] = []
    row = _named(given, (), fields.KNOWN, fields.SPELLINGS, problems)
    settings = row.get(SETTINGS)
    if isinstance(settings, dict):
        known, spellings = fields.SETTINGS_FIELDS, fields.SETTINGS_SPELLINGS
        row[SETTINGS] = _named(settings, (SETTINGS,), known, spellings, problems)
    if TENANT_ID not in row:
        problems.append(Problem((), "tenant_id is missing"))
    for name, each in row.items():
        if name in ACCOUNT:
            row[name], found = checked_objects(ACCOUNT[name], each)
            problems += found
        else:
            problems += _CHECKS[name](each, name)
    problems += _absence_problems(row)
    return row, problems


def whole_file_problem(value: object) -> Problem:
    """Return the problem of a file whose text is not a list."""
    if isinstance(value, dict) and _is_environment(cast("Row", value)):
        return Problem((FORMAT,), "an environment must be a mapping in a separate file, .json or .yml")
    return Problem((), f"the file must be a list of accounts, or a mapping with format: {_ENVIRONMENT}1")


def _is_environment(value: Mapping[str, object]) -> bool:
    version = value.get(FORMAT)
    return isinstance(version, str) and version.startswith(_ENVIRONMENT)


def _named(
    given: Mapping[str, JsonValue],
    path: tuple[str, ...],
    known: frozenset[str],
    spellings: Mapping[str, str],
    problems: list[Problem],
) -> Row:
    """Return the members of a mapping by attribute name."""
    row: Row = {}
    for name, value in given.items():
        attribute = spellings.get(name, name)
        if attribute not in known:
            problems.append(Problem((*path, name), unknown_field(name, known), of_name=True))
        elif attribute in row:
            message = f"{name!r} is the field {attribute!r}, which occurs already: leave one out"
            problems.append(Problem((*path, name), message, of_name=True))
        else:
            row[attribute] = value
    return row


def _absence_problems(row: Row) -> Iterator[Problem]:
    if row.get(ABSENT) is True and (others := sorted((row.keys() & (fields.MANAGED | fields.OBJECTS)) - {"name"})):
        message = (
            f"absent: true removes the account, so the row must not have other fields: leave out {', '.join(others)}"
        )
        yield Problem((ABSENT,), message)


_Check: TypeAlias = Callable[[object, str], Iterator[Problem]]


def _raising(check: Callable[[object, str], None]) -> _Check:
    """Convert a check that raises an error into a check that yields problems."""

    def problems(value: object, name: str) -> Iterator[Problem]:
        try:
            check(value, name)
        except InvalidArgumentError as error:
            yield Problem((name,), error.message)

    return problems


def _check_text(value: object, name: str, *, allow_empty: bool = False) -> None:
    if not isinstance(value, str):
        hint = ": write it with quotes" if isinstance(value, int | float) else ""
        raise InvalidArgumentError(f"{name} must be text, not {kind_in_files(value)}{hint}")
    check_text(value, name, allow_empty=allow_empty)


def _check_optional_text(value: object, name: str) -> None:
    if value is not None:
        _check_text(value, name, allow_empty=True)


def _check_id(value: object, name: str) -> None:
    _check_text(value, name)
    check_id(value, name)


def _check_optional_id(value: object, name: str) -> None:
    if value is not None:
        _check_id(value, name)


def _check_flag(value: object, name: str) -> None:
    if not isinstance(value, bool):
        raise InvalidArgumentError(f"{name} must be true or false, not {kind_in_files(value)}")


def _check_optional_flag(value: object, name: str) -> None:
    if value is not None:
        _check_flag(value, name)


def _check_format(value: object, name: str) -> None:
    if value != VERSION:
        shown = repr(value[:LONGEST]) if isinstance(value, str) else kind_in_files(value)
        raise InvalidArgumentError(f"{name} must be {VERSION!r}, not {shown}")


def _settings_problems(value: object, name: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem((name,), f"{name} must be a mapping, not {kind_in_files(value)}")
        return
    for key, each in cast("dict[str, object]", value).items():
        try:
            _check_optional_text(each, f"{name}.{key}")
        except InvalidArgumentError as error:
            yield Problem((name, key), error.message)


def _assigned_problems(value: object, name: str) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield Problem((name,), f"{name} must be a list of names, not {kind_in_files(value)}")
        return
    for position, each in enumerate(cast("list[object]", value)):
        try:
            _check_text(each, f"{name}[{position}]")
        except InvalidArgumentError as error:
            yield Problem((name, position), error.message)


_Link: TypeAlias = "tuple[_Link | None, str | int]"
"""A step of a path, linked to the steps before it."""


def _json_problems(value: object, name: str) -> Iterator[Problem]:
    """Yield the problems of values that JSON cannot represent, in nested mappings and lists."""
    pending: list[tuple[object, _Link, int]] = [(value, (None, name), 0)]
    while pending:
        item, link, depth = pending.pop()
        if not isinstance(item, dict | list):
            yield from _scalar_problems(item, link)
        elif depth >= MAX_DEPTH:
            yield Problem(_path(link), f"{name} is nested deeper than {MAX_DEPTH} levels")
        elif isinstance(item, list):
            members = enumerate(cast("list[object]", item))
            pending += [(each, (link, position), depth + 1) for position, each in members]
        else:
            mapping = cast("dict[str, object]", item)
            for key in mapping:
                yield from _scalar_problems(key, (link, key), of_name=True)
            pending += [(each, (link, key), depth + 1) for key, each in mapping.items()]


def _scalar_problems(value: object, link: _Link, *, of_name: bool = False) -> Iterator[Problem]:
    if value is None or isinstance(value, bool) or (isinstance(value, str) and value.isascii()):
        return
    path = _path(link)
    try:
        check_json(value, f"a key of {_shown(path[:-1])}" if of_name else _shown(path))
    except InvalidArgumentError as error:
        yield Problem(path, error.message, of_name)


def _path(link: _Link) -> tuple[str | int, ...]:
    steps: list[str | int] = []
    step: _Link | None = link
    while step is not None:
        step, key = step
        steps.append(key)
    return tuple(reversed(steps))


def _shown(path: Path) -> str:
    return ".".join(map(str, path))


_CHECKS: Final[Mapping[str, _Check]] = {
    **dict.fromkeys(fields.READ_ONLY, _json_problems),
    **dict.fromkeys(fields.TEXTS, _raising(_check_optional_text)),
    **dict.fromkeys(fields.FLAGS, _raising(_check_optional_flag)),
    TENANT_ID: _raising(_check_id),
    PARENT: _raising(_check_optional_id),
    FORMAT: _raising(_check_format),
    ABSENT: _raising(_check_flag),
    METADATA: _json_problems,
    SETTINGS: _settings_problems,
    **dict.fromkeys(ASSIGNED, _assigned_problems),
}
