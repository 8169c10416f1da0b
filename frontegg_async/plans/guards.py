"""Guards of plans: the limits of dangerous changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, Literal, TypeAlias, cast

import attrs

from frontegg_async._values.kinds import shown
from frontegg_async._values.value import Value
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.plans.write import Write

GuardName: TypeAlias = Literal[
    "delete",
    "lock",
    "move",
    "role-removal",
    "person-removal",
    "sso-change",
    "last-owner",
    "sso-lockout",
    "assigned-plan",
]
"""The names of the guards: one for each kind of dangerous change."""

NAMES: Final[tuple[GuardName, ...]] = (
    "delete",
    "lock",
    "move",
    "role-removal",
    "person-removal",
    "sso-change",
    "last-owner",
    "sso-lockout",
    "assigned-plan",
)
_NEVER: Final = frozenset({"last-owner", "sso-lockout", "assigned-plan"})
"""The guards whose limit is 0."""
_SHARE: Final = 5
"""A fifth of what is there, so 20 %, is the limit."""
_LEAST: Final = 3
"""The least limit."""


@attrs.frozen(eq=False, repr=False)
class PlanGuard(Value):
    """The limit of one kind of dangerous change."""

    name: GuardName
    """The kind, as ``delete``."""
    count: int
    """The number of these changes in the plan."""
    limit: int
    """The most changes of this kind: 20 % of what is there, but at least 3.

    It is 0 for ``last-owner``, ``sso-lockout`` and ``assigned-plan``.
    """
    allowed: int | None = None
    """The number that was allowed when the plan was made; ``None`` if none was."""

    @property
    def is_shut(self) -> bool:
        """Whether the guard keeps the plan from being applied: the number is above the limit, and is not allowed."""
        return self.count > self.limit and self.count != self.allowed

    def __str__(self) -> str:
        return f"{self.name}: {self.count}, and the limit is {self.limit}"


def check_allowed(allow: Mapping[str, int] | None) -> Mapping[GuardName, int]:
    """Return the numbers that are allowed.

    Raises:
        InvalidArgumentError: There is no such guard, or a number is none.
    """
    given: Mapping[str, object] = {} if allow is None else allow
    for name, number in given.items():
        if name not in NAMES:
            raise InvalidArgumentError(f"allow must name guards among {', '.join(NAMES)}; {shown(name)} is not one")
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            raise InvalidArgumentError(f"allow must have a number from 0 for {name}, not {shown(number)}")
    return cast("Mapping[GuardName, int]", given)


def guards_of(
    writes: Sequence[Write], populations: Mapping[str, int], allowed: Mapping[GuardName, int]
) -> Mapping[str, PlanGuard]:
    """Return the guards of a plan, by name.

    Args:
        writes: The writes of the plan.
        populations: The number of things that each guard is about, by the names of the guards.
        allowed: The numbers that are allowed.

    Raises:
        InvalidArgumentError: A number that is allowed is not the number of the plan.
    """
    # People who leave an account that is deleted count with the account.
    deleted = {write.key for write in writes if write.operation == "delete"}
    counts = Counter(name for write in writes if not _is_of(write, deleted) for name in _dangers(write))
    for name, number in allowed.items():
        if number != counts[name]:
            raise InvalidArgumentError(f"allow has {name}={number}, and the plan has {counts[name]}: give this number")
    return {
        name: PlanGuard(name, counts[name], _limit(name, populations.get(name, 0)), allowed.get(name)) for name in NAMES
    }


def _is_of(write: Write, accounts: Collection[str]) -> bool:
    """Return whether an object of one of some accounts is written."""
    return write.is_of_object and write.key in accounts


def _limit(name: GuardName, population: int) -> int:
    return 0 if name in _NEVER else max(_LEAST, population // _SHARE)


def _dangers(write: Write) -> Iterator[str]:
    """Yield the names of the guards that a write counts for, once for each change."""
    yield from write.dangers
    if write.operation in ("delete", "lock", "move"):
        yield write.operation
    elif write.operation == "delete_object":
        yield _REMOVALS.get(write.part or "", "delete")
    elif write.operation == "update_object":
        if write.part in _SSO:
            yield "sso-change"
        yield from ("role-removal" for name, value in write.sets.items() if _takes_role(write.part, name, value))


def _takes_role(part: str | None, name: str, value: object) -> bool:
    """Return whether a value takes a role from a person, or a permission from a role."""
    return value is False and name.startswith({"users": "roles.", "roles": "permissions."}.get(part or "", "\0"))


_REMOVALS: Final[Mapping[str, GuardName]] = {"users": "person-removal", "roles": "role-removal"}
_SSO: Final = frozenset({"sso", "sso_settings"})
