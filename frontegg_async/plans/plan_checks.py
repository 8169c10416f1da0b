"""Refuse a plan file with an invalid line, or with a first line that contradicts the other lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, cast

from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.managed.fields import SECRET, Field, Shape
from frontegg_async.managed.registry import KINDS
from frontegg_async.plans.assigning import BY_OPERATION
from frontegg_async.plans.guards import guards_of
from frontegg_async.plans.plan_file import Header
from frontegg_async.plans.write import OF_USERS, Write

_OPERATIONS: Final = frozenset(
    {
        "create",
        "update",
        "add_metadata",
        "delete_metadata",
        "update_account_settings",
        *BY_OPERATION,
        "move",
        "lock",
        "unlock",
        "delete",
        "create_object",
        "update_object",
        "delete_object",
        *OF_USERS,
    }
)
"""The operations that plans can contain."""

_MOST: Final = 2**31


def check_content(header: Header, writes: Sequence[Write], name: str) -> None:
    """Refuse the content of a plan file that this library has not written.

    Args:
        header: The first line.
        writes: All other lines.
        name: The name of the file, for messages.

    Raises:
        InvalidArgumentError: A line is not a valid write, or the counts or guards in the first line contradict the
            other lines.
    """
    last = 0
    for number, write in enumerate(writes, 2):
        problem = _problem(write, last)
        last = write.generation
        if problem is not None:
            raise InvalidArgumentError(f"{name}:{number}:1: the plan was changed or is damaged: {problem}")
    _check_lock_outs(writes, name)
    counts = Counter(change.kind for write in writes for change in write.changes())
    allowed = {name: each.get("allowed") for name, each in header.guards.items()}
    guards = guards_of(writes, header.populations, {})
    shown = {
        name: {"count": each.count, "limit": each.limit, "allowed": allowed.get(name)} for name, each in guards.items()
    }
    has_other_accounts = header.populations.get("lock") != header.accounts
    has_other_emails = header.emails != sum(each.send_email is True for each in writes)
    if header.counts != dict(counts) or header.guards != shown or has_other_accounts or has_other_emails:
        raise InvalidArgumentError(
            f"{name}:1:1: the plan was changed or is damaged: its first line does not match the other lines"
        )


def _check_lock_outs(writes: Sequence[Write], name: str) -> None:
    """Refuse a write that may lock users out of an account, if the caller did not allow such changes of the account."""
    opened = {write.key for write in writes if write.dangers or write.operation == "delete"}
    for number, write in enumerate(writes, 2):
        if write.may_lock_out and write.key not in opened:
            reason = "it may lock users out of an account for which this was not allowed"
            raise InvalidArgumentError(f"{name}:{number}:1: the plan was changed or is damaged: {reason}")


def _problem(write: Write, last: int) -> str | None:
    """Return why a line is not a valid write; ``None`` for a valid write.

    ``last`` is the generation of the previous line.
    """
    if write.operation not in _OPERATIONS:
        return f"a plan has no operation {write.operation!r}"
    found = OPERATIONS[write.operation].check(write.values())
    if found is not None:
        return found[1]
    if not last <= write.generation < _MOST:
        return "generation must not be lower than in the previous line"
    if not write.is_of_object and write.id != write.key:
        return "id must be the key of the account"
    if (write.operation in ("create", "create_object")) is not (write.before is None):
        return "before must be null for a creation, and only for a creation"
    if write.before is not None and not isinstance(write.before, Mapping):
        return "before must be an object"
    return _problem_of_object(write) if write.is_of_object else None


def _problem_of_object(write: Write) -> str | None:
    """Return why the write of an object is invalid or ambiguous; ``None`` for a valid write."""
    key = write.object_key or ""
    kind = KINDS[write.part or ""]
    if not kind.of_account and write.key != f"{kind.part}.{key}":
        return "key must be the part and the key of the object"
    if write.operation == "create_object":
        if not kind.can_create or write.id:
            return f"the creation of the {kind.noun} must not have an id, and settings are never created"
    elif write.operation == "delete_object" and not kind.can_delete:
        return f"the {kind.noun} is never deleted"
    if write.send_email and not (kind.sends_emails and write.operation == "create_object"):
        return "send_email must be left out, since the write never causes an e-mail"
    fields = kind.fields_of(kind.normal_key(key))
    return next((f"set must not contain {name!r}" for name in write.sets if not _is_set(fields, name, write)), None)


def _is_set(fields: Mapping[str, Field], name: str, write: Write) -> bool:
    """Return whether the write can set this flat name to its value."""
    field_name, dot, _ = name.partition(".")
    field = fields.get(field_name)
    if field is None or field.has_members is not bool(dot):
        return False
    if field.is_later if write.operation == "create_object" else field.is_fixed:
        return False
    value = write.sets[name]
    if field.shape is Shape.SECRET:
        names: object = set(cast("Mapping[str, object]", value)) if isinstance(value, Mapping) else None
        return names == {SECRET} and not any(field.problems(write.sets[name]))
    return field.shape is not Shape.MEMBERS or isinstance(value, bool)
