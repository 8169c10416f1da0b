"""The output formats of differences: text for people, Markdown, JSON, and a table for notebooks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final

from frontegg_async._formats import markdown
from frontegg_async._formats.json_text import json_list, sorted_json
from frontegg_async._notebook import markup
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.printable import printable
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.changes.account_difference import AccountDifference
from frontegg_async.errors import InvalidArgumentError

_SIGNS: Final = {"created": "+", "deleted": "-", "moved": ">", "changed": "~"}
_LONGEST: Final = 60
"""The largest number of characters of a value that people see."""

_HTML_ROWS: Final = 100


def lines(differences: Iterable[AccountDifference], format: str) -> Iterator[str]:
    """Return the lines of the differences in a format. See `Differences.lines`.

    Raises:
        InvalidArgumentError: The format is unknown.
    """
    if format not in _WRITERS:
        raise InvalidArgumentError(f"format must be one of {', '.join(_WRITERS)}, not {format!r}")
    return _WRITERS[format](differences)


def html(differences: Iterable[AccountDifference]) -> str:
    """Return an HTML table of the first differences."""
    rows = [*islice(_cells(differences), _HTML_ROWS + 1)]
    note = f"the first {_HTML_ROWS} are shown" if len(rows) > _HTML_ROWS else None if rows else "none"
    return markup.table("Differences", _HEAD, rows[:_HTML_ROWS], note)


_HEAD: Final = ("change", "account", "name", "field", "before", "after")


def _cells(differences: Iterable[AccountDifference]) -> Iterator[tuple[str, ...]]:
    """Yield one row for each field that differs, and one row for each created or deleted account."""
    for each in differences:
        head = (each.kind, each.tenant_id, each.name or "")
        if each.kind in ("created", "deleted"):
            yield *head, "", "", ""
        else:
            for field in each.fields:
                yield *head, field.field, _shown(field.before), _shown(field.after)


def _shown(value: JsonValue | Unset) -> str:
    text = "" if value is UNSET else sorted_json(value).decode()
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"


def _table(differences: Iterable[AccountDifference]) -> Iterator[str]:
    counts = Counter[str]()
    for each in differences:
        counts[each.kind] += 1
        name = f"  {each.name}" if each.name else ""
        yield printable(f"{_SIGNS[each.kind]} {each.tenant_id}{name}")
        if each.kind in ("moved", "changed"):
            for field in each.fields:
                change = f"{_shown(field.before) or '(none)'} \N{RIGHTWARDS ARROW} {_shown(field.after) or '(none)'}"
                yield printable(f"    {field.field}: {change}")
    yield ", ".join(f"{counts[kind]} {kind}" for kind in _SIGNS)


def _markdown(differences: Iterable[AccountDifference]) -> Iterator[str]:
    yield from markdown.table_head(_HEAD)
    for kind, *cells in _cells(differences):
        yield markdown.table_row([kind, *map(markdown.code, cells)])


def _json_lines(differences: Iterable[AccountDifference]) -> Iterator[str]:
    return (sorted_json(each.to_dict()).decode() for each in differences)


def _json(differences: Iterable[AccountDifference]) -> Iterator[str]:
    return json_list(_json_lines(differences))


_WRITERS: Final[dict[str, Callable[[Iterable[AccountDifference]], Iterator[str]]]] = {
    "table": _table,
    "json": _json,
    "jsonl": _json_lines,
    "markdown": _markdown,
}
