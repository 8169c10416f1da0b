"""Convert input rows into parameters of an operation: resolve aliases and dotted columns, and parse CSV cells."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Final, TypeAlias, cast

import attrs
import msgspec

from frontegg_async._core.checks.arguments import check_json
from frontegg_async._formats.csv_cells import unguarded, value_of_key
from frontegg_async._formats.json_text import JsonLimitError, json_line, load_json
from frontegg_async._values.json_values import JsonValue, NotJsonError, RepeatedNameError, copy_json, parse_json
from frontegg_async._values.kinds import kind_of, shown
from frontegg_async._values.records import columns_of, record_of
from frontegg_async._values.unset import UNSET
from frontegg_async.bulk.chosen_columns import ChosenColumns, full_name
from frontegg_async.bulk.operation import Column, Operation, RowProblem
from frontegg_async.bulk.row_files import MAX_COLUMNS
from frontegg_async.bulk.unknown_columns import UnknownColumn, unknown_columns
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.model import Serializable
from frontegg_async.snapshots.rows import FIELDS, INCLUDES, fields_of

FORMAT: Final = "format"
"""A column that each row of an export has."""

_EXPORTED: Final = frozenset({*FIELDS, *fields_of(INCLUDES)})
"""The columns of an export. Rows of an export may have columns that the operation does not take. If the caller chooses
the columns to send, any row may have such columns.
"""

Reading: TypeAlias = tuple[dict[str, JsonValue], RowProblem | None]
"""The values of a row and its problem. If the row has a problem, the values may be incomplete."""

NOTHING: Final[Reading] = {}, None
"""The result for a row without a value in the chosen columns. The job leaves the row out."""

_FLAGS: Final[Mapping[str, bool]] = {"true": True, "false": False}
_LONGEST_NAME: Final = 60
_NOTHING: Final = frozenset({"", "false", "null", "[]", "{}"})
"""CSV cells without a value. Nothing is lost if an operation leaves these cells out."""
_SET_BY_SERVICE: Final = frozenset({FORMAT, "internal_id", "id", "vendor_id", "created_at", "updated_at"})


@attrs.frozen
class _Target:
    """The target of a column: a parameter, and keys within the JSON value of the parameter."""

    column: Column
    path: tuple[str, ...] = ()


_Part: TypeAlias = tuple[str, _Target, JsonValue]
"""A column of a row, its target, and its value."""


class RowValues:
    """Converts input rows into the parameters of an operation.

    Args:
        operation: The operation.
        chosen: The columns to send; ``None`` for all.
        left_out: Counts the fields of exported rows that the operation does not take, by name.
    """

    def __init__(
        self, operation: Operation, chosen: ChosenColumns | None = None, left_out: Counter[str] | None = None
    ) -> None:
        self._operation = operation
        self._chosen = chosen
        self._left_out = left_out
        self._targets: dict[tuple[str, bool], _Target | None] = {}
        self._plain_rows: dict[tuple[str, ...], tuple[str, ...]] = {}
        """The parameters of rows that contain only text, by column names. Each column sets a different parameter."""

    def header_problem(self, names: Sequence[str]) -> str | None:
        """Return the problem of a CSV header; ``None`` for a valid header."""
        taken: dict[str, str] = {}
        if FORMAT in names and self._is_refused:
            return self._refusal()
        is_export = FORMAT in names
        if unknown := self._unknown(names, is_export=is_export):
            return unknown_columns(self._operation, unknown).text
        for name in names:
            try:
                target = self._target(name, is_export=is_export)
                if target is not None:
                    _take(taken, target, name)
            except RowProblem as error:
                return error.text
        needed = list(self._operation.required)
        if self._chosen is not None:
            needed += map(full_name, self._chosen.names)
        missing = [name for name in needed if name.partition(".")[0] not in taken]
        if missing:
            return f"there is no column {missing[0]!r}, which {self._operation.name} needs"
        return None

    def of_cells(self, cells: Mapping[str, str]) -> Reading:
        """Convert a row of CSV. An empty cell is the same as an omitted value."""
        is_export = FORMAT in cells

        def is_absent(_target: _Target, cell: object) -> bool:
            return not cell

        def read(target: _Target, name: str, cell: object) -> JsonValue:
            return _value_of_cell(target, name, unguarded(cast("str", cell)))

        return self._read(cells, is_absent, read, is_export=is_export)

    def of_items(self, items: Sequence[object]) -> Iterable[Reading]:
        """Convert mappings or models, like `of_item`.

        Rows with the same columns are converted column by column, which is faster.
        """
        values = self._of_plain_items(items)
        return map(self.of_item, items) if values is None else zip(values, repeat(None))

    def _of_plain_items(self, items: Sequence[object]) -> list[dict[str, JsonValue]] | None:
        """Convert mappings that have the same columns and only ordinary text; return ``None`` for other rows."""
        if {*map(type, items)} != {dict}:
            return None
        rows = cast("Sequence[dict[str, str]]", items)
        names = tuple(rows[0])
        parameters = self._plain_rows.get(names)
        if parameters is None or {*map(tuple, rows)} != {names}:
            return None
        cells = [[*row.values()] for row in rows]
        for name, column in zip(parameters, zip(*cells, strict=True), strict=True):
            if {*map(type, column)} != {str} or not all(map(self._operation.columns[name].is_plain, column)):
                return None
        if parameters == names:
            return [{**row} for row in rows]
        return [dict(zip(parameters, row, strict=True)) for row in cells]

    def of_item(self, item: object, *, is_json: bool = False) -> Reading:
        """Convert a mapping or a model.

        Args:
            item: The row.
            is_json: Whether the row is from JSON Lines, where ``metadata`` as text stays text. In a mapping,
                ``metadata`` as text is JSON text.
        """
        row = item
        columns = tuple(cast("dict[str, object]", row)) if type(row) is dict else ()
        known = self._of_plain_item(item, columns)
        if known is not None:
            return known, None
        given = self._given(item)
        if given is None:
            return {}, RowProblem(None, f"the row must be a mapping or a model, not {kind_of(item)}")
        model = type(item).__name__ if isinstance(item, Serializable) else ""
        is_model = model != ""
        is_export = is_model or FORMAT in given
        if is_export and self._is_refused:
            return {}, RowProblem(None if is_model else FORMAT, self._refusal(model))

        def is_absent(target: _Target, value: object) -> bool:
            if value is UNSET:
                return True
            if value is not None or target.path:
                return False
            return not self._operation.changes or (is_export and not target.column.is_nullable)

        def read(target: _Target, name: str, value: object) -> JsonValue:
            found = _plain(target, name, value)
            is_text = (is_json or is_model) and type(found) is str and target.column.is_json and not target.path
            return json_line(found) if is_text else found

        values, problem = reading = self._read(given, is_absent, read, is_export=is_export)
        is_plain = problem is None and 0 < len(values) == len(columns) and not self._is_any_json(values)
        if is_plain and len(self._plain_rows) < MAX_COLUMNS:
            self._plain_rows[columns] = tuple(values)
        return reading

    def _of_plain_item(self, item: object, columns: tuple[str, ...]) -> dict[str, JsonValue] | None:
        """Convert a mapping that has known columns and only text; return ``None`` for other rows."""
        parameters = self._plain_rows.get(columns)
        if parameters is None:
            return None
        cells = cast("dict[str, str]", item).values()
        values: dict[str, JsonValue] = dict(zip(parameters, cells, strict=True))
        is_valid = {*map(type, cells)} == {str} and self._operation.check(values) is None
        return values if is_valid else None

    def _is_any_json(self, values: Mapping[str, JsonValue]) -> bool:
        """Return whether any value belongs to a JSON column, or to a key of a JSON column."""
        return any((column := self._operation.columns.get(name)) is None or column.is_json for name in values)

    def _given(self, item: object) -> Mapping[object, object] | Mapping[str, object] | None:
        """Return the unconverted values of a mapping or a model; ``None`` for another type."""
        if isinstance(item, Mapping):
            return cast("Mapping[object, object]", item)
        if isinstance(item, Serializable):
            # Ignore fields of a model that the operation does not take, since the caller cannot remove them.
            return record_of(item, [name for name in columns_of(type(item)) if name in self._operation.aliases])
        if attrs.has(type(item)):
            fields = attrs.fields(cast("type[attrs.AttrsInstance]", type(item)))
            return {field.name: cast("object", getattr(item, field.name)) for field in fields}
        return None

    def _read(
        self,
        given: Mapping[str, object] | Mapping[object, object],
        is_absent: Callable[[_Target, object], bool],
        read: Callable[[_Target, str, object], JsonValue],
        *,
        is_export: bool,
    ) -> Reading:
        if len(given) > MAX_COLUMNS:
            return {}, RowProblem(None, f"the row has {len(given):,} columns, and at most {MAX_COLUMNS:,} are allowed")
        values: dict[str, JsonValue] = {}
        taken: dict[str, str] = {}
        parts: list[_Part] = []
        problem: RowProblem | None = None
        is_conflict = False
        for name, value in given.items():
            target: _Target | None = None
            try:
                target = self._target(name, is_export=is_export)
                if target is None or is_absent(target, value):
                    if target is None and is_export and self._left_out is not None:
                        _count(self._left_out, cast("str", name), value)
                    continue
                shown_name = cast("str", name)
                _take(taken, target, shown_name)
                found = read(target, shown_name, value)
                _put(values, self._place_of(target), shown_name, found)
                parts.append((shown_name, target, found))
            except RowProblem as error:
                problem = problem or self._completed(error, given, is_export=is_export)
                key = str(name) if target is None else ".".join(self._place_of(target))
                is_conflict = is_conflict or key in values
                values.setdefault(key, cast("JsonValue", value))
        if is_conflict:
            # Two columns have the same target, which cannot hold both values.
            values = {str(name): cast("JsonValue", value) for name, value in given.items()}
        elif problem is None:
            values = values if self._chosen is None else self._chosen.of(values)
            if self._chosen is not None and not values:
                return NOTHING
            wrong = self._operation.check(values)
            if wrong is None:
                return values, None
            column, text = wrong
            problem = _problem_of_part(column, parts) or RowProblem(column and taken.get(column, column), text)
        return {_storable_text(name): _storable(value) for name, value in values.items()}, problem

    def _target(self, name: object, *, is_export: bool) -> _Target | None:
        """Return the target of a column; ``None`` if the column is ignored."""
        if not isinstance(name, str):
            raise RowProblem(None, f"the name of a column is of type {type(name).__name__}: names must be text")
        key = name, is_export
        try:
            return self._targets[key]
        except KeyError:
            target = self._find_target(name, is_export=is_export)
        if len(self._targets) < MAX_COLUMNS:
            self._targets[key] = target
        return target

    def _unknown(self, names: Iterable[object], *, is_export: bool) -> Sequence[str]:
        """Return the names that are not columns of the operation."""
        unknown: list[str] = []
        for name in names:
            try:
                self._target(name, is_export=is_export)
            except UnknownColumn:
                unknown.append(cast("str", name))
            except RowProblem:
                pass  # a problem of a known column, or a name that is not text
        return unknown

    def _completed(self, error: RowProblem, names: Iterable[object], *, is_export: bool) -> RowProblem:
        """Return the problem of a column. For an unknown column, the problem names all unknown columns."""
        if not isinstance(error, UnknownColumn):
            return error
        return unknown_columns(self._operation, self._unknown(names, is_export=is_export))

    @property
    def _is_refused(self) -> bool:
        """Whether rows of an export and models are refused."""
        return self._operation.sends_fields and self._chosen is None

    def _refusal(self, model: str = "") -> str:
        """Return the problem of a row of an export, or of a model."""
        what = f"a {model}" if model else "of an export"
        return (
            f"the row is {what}, which has all fields with their old values: {self._operation.name} would also reset"
            " fields that have changed since. Name the columns to send, by columns= or --columns, such as"
            " name,metadata.plan; assign applies parents, lock and unlock apply locks"
        )

    def _place_of(self, target: _Target) -> tuple[str, ...]:
        """Return the path of a target in the values of a row. A merged key has its own path."""
        name, path = target.column.name, target.path
        if path and name == self._operation.merged:
            return f"{name}.{path[0]}", *path[1:]
        return name, *path

    def _find_target(self, name: str, *, is_export: bool) -> _Target | None:
        operation = self._operation
        begin, *path = name.split(".")
        found = operation.aliases.get(begin)
        if found is not None:
            column = operation.columns[found]
            if not path or (column.is_json and all(path)):
                if self._chosen is not None and not self._chosen.has(found, path[0] if path else None):
                    return None
                if len(path) > 1 and operation.sends_fields:
                    raise _nested(operation, name, found, path[0])
                return _Target(column, tuple(path))
        is_more_allowed = is_export or self._chosen is not None
        if name == FORMAT or name.startswith("_") or (is_more_allowed and begin in _EXPORTED):
            return None
        raise unknown_columns(operation, [name])


def _nested(operation: Operation, name: str, column: str, key: str) -> RowProblem:
    """Return the problem of a column with two or more dots: only the whole value of a key can be written."""
    shown_name, whole = name[:_LONGEST_NAME], f"{column}.{key}"[:_LONGEST_NAME]
    return RowProblem(
        shown_name,
        f"{shown_name} cannot be set alone: {operation.name} writes the whole value of {whole}, and the rest of the"
        f" value would be lost. Give a column {whole} with the whole value as JSON. If the key itself has a dot, give "
        f"add_metadata a column {column}",
    )


def describe_left_out(left_out: Mapping[str, int]) -> str:
    """Describe the fields of an export that ``create`` cannot set, with the number of accounts for each field.

    Args:
        left_out: The number of accounts by field.
    """
    counts = ", ".join(f"{name} (accounts: {number:,})" for name, number in sorted(left_out.items()))
    others = "lock applies locks, and update_account_settings applies settings"
    return f"create does not apply these fields of the export: {counts}; {others}"


def _count(left_out: Counter[str], name: str, value: object) -> None:
    """Count a value that `create` cannot set, unless the value is empty or the service sets the field."""
    says_nothing = value in _NOTHING if isinstance(value, str) else not value
    if not says_nothing and name not in _SET_BY_SERVICE and not name.startswith("_"):
        left_out[name] += 1


def _take(taken: dict[str, str], target: _Target, name: str) -> None:
    """Record which column sets a parameter.

    Raises:
        RowProblem: Another column sets the same parameter. Several keys of metadata are allowed.
    """
    other = taken.setdefault(target.column.name, name)
    if other != name and not (target.path and "." in other):
        raise RowProblem(name, f"columns {other!r} and {name!r} set the same value: leave one out")


def _problem_of_part(column: str | None, parts: Sequence[_Part]) -> RowProblem | None:
    """Return the problem of a dotted column, such as ``metadata.plan``, if it makes the whole column invalid.

    The result is ``None`` without such a problem.
    """
    whole = (column or "").partition(".")[0]
    for name, target, value in parts:
        if target.path and target.column.name == whole:
            try:
                check_json(value, name)
            except InvalidArgumentError as error:
                return RowProblem(name, error.message)
    return None


def _put(values: dict[str, JsonValue], keys: tuple[str, ...], name: str, value: JsonValue) -> None:
    """Set the value of a parameter, or a value within the parameter."""
    holder: object = values
    for key in keys[:-1]:
        holder = cast("dict[str, object]", holder).setdefault(key, {})
        if not isinstance(holder, dict):
            break
    if not isinstance(holder, dict) or keys[-1] in holder:
        raise RowProblem(name, f"column {name!r} is within the value of another column")
    cast("dict[str, JsonValue]", holder)[keys[-1]] = value


def _value_of_cell(target: _Target, name: str, text: str) -> JsonValue:
    if target.path:
        try:
            return value_of_key(text)
        except (JsonLimitError, RepeatedNameError) as error:
            raise RowProblem(name, f"{name} cannot be read as JSON: {error}") from None
    if target.column.is_json:
        try:
            value = cast("JsonValue", load_json(text))
        except ValueError as error:
            raise RowProblem(name, f'{name} must be JSON, such as {{"plan": "gold"}}: {error}') from None
        # The parameter parses text as JSON, so a JSON string keeps its quotes.
        return json_line(value) if isinstance(value, str) else value
    if target.column.is_flag:
        flag = _FLAGS.get(text.lower())
        if flag is None:
            raise RowProblem(name, f"{name} must be true or false, not {shown(text)}")
        return flag
    return text


def _plain(_target: _Target, name: str, value: object) -> JsonValue:
    """Return a value. Copy containers, since the caller may change them later."""
    if type(value) is str:
        return value
    if isinstance(value, Mapping | list | tuple):
        try:
            return copy_json(cast("object", value))
        except NotJsonError as error:
            raise RowProblem(name, f"{name}{error}") from None
    if isinstance(value, float) and math.isnan(value):
        raise RowProblem(name, f"{name} is NaN: give None where there is no value")
    # Convert subclasses of text, such as members of enumerations, to plain text.
    return str(value) if isinstance(value, str) else cast("JsonValue", value)


def _storable(value: JsonValue) -> JsonValue:
    """Return a value of an invalid row, as text if JSON cannot represent it."""
    try:
        return cast("JsonValue", parse_json(msgspec.json.encode(value)))
    except (TypeError, ValueError, OverflowError, RecursionError):
        pass
    try:
        return _storable_text(str(value))
    except (ValueError, RecursionError):
        # The value has thousands of digits, or thousands of levels.
        return kind_of(value)


def _storable_text(text: str) -> str:
    return text.encode(errors="replace").decode()
