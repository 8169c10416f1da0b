"""Refuse a plan whose lines cannot be sent, or whose first line does not say what the others do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from frontegg_async.bulk.operations import OPERATIONS
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.plans.guards import guards_of
from frontegg_async.plans.plan_file import Header
from frontegg_async.plans.write import Write

_OPERATIONS: Final = frozenset(
    {
        "create",
        "update",
        "add_metadata",
        "delete_metadata",
        "update_account_settings",
        "assign_application",
        "unassign_application",
        "move",
        "lock",
        "unlock",
        "delete",
        "create_object",
        "update_object",
        "delete_object",
    }
)
"""The operations that a plan can have."""

_MOST: Final = 2**31


def check_content(header: Header, writes: Sequence[Write], name: str) -> None:
    """Refuse a plan that `frontegg plan` has not written.

    Args:
        header: The first line.
        writes: All other lines.
        name: The name of the file, for messages.

    Raises:
        InvalidArgumentError: A line is no write that can be sent, or the counts or guards of the first line are not
            those of the lines.
    """
    last = 0
    for number, write in enumerate(writes, 2):
        problem = _problem(write, last)
        last = write.generation
        if problem is not None:
            raise InvalidArgumentError(f"{name}:{number}:1: the plan was changed or is damaged: {problem}")
    counts = Counter(change.kind for write in writes for change in write.changes())
    allowed = {name: each.get("allowed") for name, each in header.guards.items()}
    guards = guards_of(writes, header.populations, {})
    shown = {
        name: {"count": each.count, "limit": each.limit, "allowed": allowed.get(name)} for name, each in guards.items()
    }
    has_other_accounts = header.populations.get("lock") != header.accounts
    if header.counts != dict(counts) or header.guards != shown or has_other_accounts:
        raise InvalidArgumentError(
            f"{name}:1:1: the plan was changed or is damaged: its first line does not count the changes of the others"
        )


def _problem(write: Write, last: int) -> str | None:
    """Return why a line is no write after one of a generation; ``None`` if it is one."""
    if write.operation not in _OPERATIONS:
        return f"a plan has no operation {write.operation!r}"
    found = OPERATIONS[write.operation].check(write.values())
    if found is not None:
        return found[1]
    if not last <= write.generation < _MOST:
        return "generation must not be below that of the line before"
    if not write.is_of_object and write.id != write.key:
        return "id must be the key of the account"
    if (write.operation in ("create", "create_object")) is not (write.before is None):
        return "before must be null for what is created, and for nothing else"
    if write.before is not None and not isinstance(write.before, Mapping):
        return "before must be an object"
    return None
