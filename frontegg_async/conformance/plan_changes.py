"""Describes, without values, what a plan would change in values that were written and read again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.conformance.answer import Json, shape_of
from frontegg_async.conformance.check import Difference
from frontegg_async.managed.kinds import ManagedObject, ObjectKind
from frontegg_async.plans.accounts.changes import changes_of
from frontegg_async.plans.objects.changes import Wanted, object_change
from frontegg_async.snapshots.rows import Row

_FORMS: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    ("the same text in another case", lambda text: text.strip().rstrip("/").casefold()),
    ("the same text with other white space", lambda text: "".join(text.split()).rstrip("/")),
)
"""Descriptions of how two texts differ. Each has a function that returns equal results for two such texts.

A plan ignores final white space and slashes.
"""


def planned_changes(wanted: Row, shown: Row) -> Difference:
    """Describe the fields that a plan would write again; ``None`` if the plan is empty.

    Args:
        wanted: The values that were written, as a row of an accounts file.
        shown: The account in the form in which a plan reads it.
    """
    changes = changes_of("", wanted, shown, "", None, has_original=False)
    return ", ".join(f"{each.field} comes back as {_form(each.after, each.before)}" for each in changes.fields) or None


def planned_object_changes(kind: ObjectKind, wanted: Wanted, shown: ManagedObject) -> Difference:
    """Describe the fields of an object that a plan would write again; ``None`` if the plan is empty.

    Args:
        kind: The kind of the object.
        wanted: The object in the form of a file.
        shown: The object in the form in which a plan reads it.
    """
    change = object_change(kind, wanted, shown, None, has_original=False)
    if change.reason_to_stay is not None:
        return "a read returns it as an object that plans do not write"
    forms = [
        f"{name} comes back as {_form(value, change.before.get(name, UNSET))}" for name, value in change.sets.items()
    ]
    return ", ".join(forms) or None


def _form(written: JsonValue | Unset, shown: JsonValue | Unset) -> str:
    if shown is UNSET:
        return "nothing"
    if shown == "":
        return "empty text"
    if isinstance(written, str) and isinstance(shown, str):
        return next((words for words, form in _FORMS if form(written) == form(shown)), "another text")
    found = shape_of(cast("Json", shown))
    return f"another value, {found}" if found == shape_of(cast("Json", written)) else found
