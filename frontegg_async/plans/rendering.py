"""Format plans as a text table, Markdown, JSON, and HTML for notebooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from frontegg_async._formats import markdown
from frontegg_async._formats.json_text import json_list, sorted_json
from frontegg_async._notebook import markup
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.printable import printable
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.plans.plan_content import PlanContent
from frontegg_async.plans.write import Change

_SIGNS: Final = {"created": "+", "deleted": "-", "moved": ">"}
_ARROW: Final = " \N{RIGHTWARDS ARROW} "
_LONGEST: Final = 60
"""The maximum number of characters of a value in a table."""
_WIDEST: Final = 40
"""The maximum width of an aligned cell in characters."""
_HTML_ROWS: Final = 100
_HEAD: Final = ("change", "account", "field", "before", "after", "note")


def lines(plan: PlanContent, format: str) -> Iterator[str]:
    """Return the lines of a plan in a format, as documented in `Plan.lines`.

    Raises:
        InvalidArgumentError: The format is unknown.
    """
    if format not in _WRITERS:
        raise InvalidArgumentError(f"format must be one of {', '.join(_WRITERS)}, not {format!r}")
    return _WRITERS[format](plan)


def html(plan: PlanContent) -> str:
    """Return an HTML table of the first changes."""
    rows = [_cells(change) for change in islice(plan.changes(), _HTML_ROWS + 1)]
    note = summary(plan) if len(rows) <= _HTML_ROWS else f"the first {_HTML_ROWS} are shown; {summary(plan)}"
    return markup.table("Plan", _HEAD, rows[:_HTML_ROWS], note)


def summary(plan: PlanContent) -> str:
    """Return a summary of a plan in one line: its counts, and the beginning of its digest."""
    parts = [_counted(plan.total, "change")]
    if plan.header.not_planned:
        parts.append(f"{plan.header.not_planned:,} not planned")
    requests = f"{_counted(plan.header.requests, 'request')}, {_counted(plan.header.emails, 'e-mail')}"
    return f"{', '.join(parts)}; {requests}; plan {plan.digest[:12]}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _table(plan: PlanContent) -> Iterator[str]:
    rows = [(_SIGNS.get(each.kind, "~"), each.key, each.path, _effect(each)) for each in plan.changes()]
    rows += [("?", each.key, each.path, f"{each.text}: not planned") for each in plan.header.notes]
    keys = min(_WIDEST, max((len(row[1]) for row in rows), default=0))
    paths = min(_WIDEST, max((len(row[2]) for row in rows), default=0))
    for sign, key, path, effect in rows:
        yield printable(f"{sign} {key:<{keys}}  {path:<{paths}}  {effect}".rstrip())
    if plan.header.not_planned > len(plan.header.notes):
        yield f"? and {plan.header.not_planned - len(plan.header.notes):,} more: not planned"
    yield from _shut(plan)
    yield summary(plan)


def _shut(plan: PlanContent) -> Iterator[str]:
    """Yield the guards that prevent the application of the plan."""
    for each in plan.shut_guards:
        count = _counted(each.count, "change")
        yield f"the guard {each.name} refuses the plan: {count}, and the limit is {each.limit:,}"


def _effect(change: Change) -> str:
    note = f" ({change.note})" if change.note else ""
    if change.kind == "created":
        return f"{_created(change.after)}{note}"
    if change.kind == "deleted":
        return note.strip()
    if change.is_member:
        return ("removed" if change.after is UNSET else "added") + note
    return f"{shown(change.before)}{_ARROW}{shown(change.after)}{note}"


def _created(after: JsonValue | Unset) -> str:
    """Describe a creation: the name of the object, and the members of its lists, such as the roles of a user."""
    values = after if isinstance(after, dict) else {}
    members: dict[str, list[str]] = {}
    for path, value in values.items():
        name, _, member = path.partition(".")
        if member and value is True:
            members.setdefault(name, []).append(member)
    texts = [shown(values["name"])] if "name" in values else []
    texts += [f"{name}: {', '.join(sorted(found))}" for name, found in members.items()]
    return shown("; ".join(texts)) if texts else ""


def shown(value: JsonValue | Unset) -> str:
    """Return a value in a form for people. Text has no quotation marks, and all other values are JSON."""
    if value is UNSET:
        return "(none)"
    text = value if isinstance(value, str) and value and value == value.strip() else sorted_json(value).decode()
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"


def _cells(change: Change) -> tuple[str, ...]:
    before, after = ("" if value is UNSET else shown(value) for value in (change.before, change.after))
    return change.kind, change.key, change.path, before, after, change.note or ""


def _markdown(plan: PlanContent) -> Iterator[str]:
    yield from markdown.table_head(_HEAD)
    for kind, *cells in map(_cells, plan.changes()):
        yield markdown.table_row([kind, *map(markdown.code, cells)])
    for note in plan.header.notes:
        yield markdown.table_row(["not planned", *map(markdown.code, (note.key, note.path, "", "", note.text))])
    yield ""
    yield from (f"**{each}**" for each in _shut(plan))
    yield f"{summary(plan)}."


def _json_lines(plan: PlanContent) -> Iterator[str]:
    return (sorted_json(each.to_dict()).decode() for each in plan.changes())


def _json(plan: PlanContent) -> Iterator[str]:
    return json_list(_json_lines(plan))


_WRITERS: Final[dict[str, Callable[[PlanContent], Iterator[str]]]] = {
    "table": _table,
    "markdown": _markdown,
    "json": _json,
    "jsonl": _json_lines,
}
