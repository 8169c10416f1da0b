"""Guards of plans: limits for the number of dangerous changes."""

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
"""The names of the guards. Each kind of dangerous change has one guard."""

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
"""The number by which the number of present objects is divided to get the limit. A limit is a fifth of the objects, 20
%.
"""
_LEAST: Final = 3
"""The minimum of the limits that are a share of the present objects."""


@attrs.frozen(eq=False, repr=False)
class PlanGuard(Value):
    """A guard of a plan: the number of dangerous changes of one kind, and the limit for this number."""

    name: GuardName
    """The kind of change, such as ``delete``."""
    count: int
    """The number of changes of this kind in the plan."""
    limit: int
    """The maximum number of changes of this kind: 20 % of the present objects, but at least 3.

    The limit is 0 for ``last-owner``, ``sso-lockout`` and ``assigned-plan``.
    """
    allowed: int | None = None
    """The number of changes that the caller allowed when the plan was made; ``None`` if the caller allowed no number.
    """

    @property
    def is_shut(self) -> bool:
        """Whether the guard prevents the application of the plan.

        This is so if the number of changes is above the limit, and the caller did not allow this number.
        """
        return self.count > self.limit and self.count != self.allowed

    def __str__(self) -> str:
        return f"{self.name}: {self.count}, and the limit is {self.limit}"


def check_allowed(allow: Mapping[str, int] | None) -> Mapping[GuardName, int]:
    """Check the allowed numbers, and return them.

    Raises:
        InvalidArgumentError: A guard does not exist, or a number is invalid.
    """
    given: Mapping[str, object] = {} if allow is None else allow
    for name, number in given.items():
        if name not in NAMES:
            raise InvalidArgumentError(f"allow must contain only the guards {', '.join(NAMES)}, not {shown(name)}")
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            raise InvalidArgumentError(f"allow must have a whole number from 0 for {name}, not {shown(number)}")
    return cast("Mapping[GuardName, int]", given)


def guards_of(
    writes: Sequence[Write], populations: Mapping[str, int], allowed: Mapping[GuardName, int]
) -> Mapping[str, PlanGuard]:
    """Return the guards of a plan, by name.

    Args:
        writes: The writes of the plan.
        populations: The number of present objects of which each guard limits a share, by guard.
        allowed: The numbers of changes that the caller allows, by guard.

    Raises:
        InvalidArgumentError: An allowed number differs from the number in the plan.
    """
    # The removal of users from an account that is deleted is part of the deletion, so it is not counted.
    deleted = {write.key for write in writes if write.operation == "delete"}
    counts = Counter(name for write in writes if not _is_of(write, deleted) for name in _dangers(write))
    for name, number in allowed.items():
        if number != counts[name]:
            raise InvalidArgumentError(
                f"allow has {name}={number}, but the plan has {counts[name]} such changes: allow that number"
            )
    return {
        name: PlanGuard(name, counts[name], _limit(name, populations.get(name, 0)), allowed.get(name)) for name in NAMES
    }


def _is_of(write: Write, accounts: Collection[str]) -> bool:
    """Return whether a write changes an object of one of the accounts."""
    return write.is_of_object and write.key in accounts


def _limit(name: GuardName, population: int) -> int:
    return 0 if name in _NEVER else max(_LEAST, population // _SHARE)


def _dangers(write: Write) -> Iterator[str]:
    """Yield the names of the guards that count a write.

    A guard that counts several changes of the write is yielded several times.
    """
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
    """Return whether a value that a write sets removes a role from a user, or a permission from a role."""
    return value is False and name.startswith({"users": "roles.", "roles": "permissions."}.get(part or "", "\0"))


_REMOVALS: Final[Mapping[str, GuardName]] = {"users": "person-removal", "roles": "role-removal"}
_SSO: Final = frozenset({"sso", "sso_settings"})
