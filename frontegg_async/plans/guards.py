"""Guards of plans: the limits of dangerous changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, Literal, TypeAlias, cast

import attrs

from frontegg_async._values.kinds import shown
from frontegg_async._values.value import Value
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.plans.write import Write

GuardName: TypeAlias = Literal["delete", "lock", "move"]
"""The names of the guards: one for each kind of dangerous change."""

_NAMES: Final[tuple[GuardName, ...]] = ("delete", "lock", "move")
_SHARE: Final = 5
"""A fifth of the accounts, so 20 %, is the limit."""
_LEAST: Final = 3
"""The limit in small environments."""


@attrs.frozen(eq=False, repr=False)
class PlanGuard(Value):
    """The limit of one kind of dangerous change."""

    name: GuardName
    """The kind: ``delete``, ``lock`` or ``move``."""
    count: int
    """The number of these changes in the plan."""
    limit: int
    """The most changes of this kind: 20 % of all accounts, but at least 3."""
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
        if name not in _NAMES:
            raise InvalidArgumentError(f"allow must name guards among {', '.join(_NAMES)}; {shown(name)} is not one")
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            raise InvalidArgumentError(f"allow must have a number from 0 for {name}, not {shown(number)}")
    return cast("Mapping[GuardName, int]", given)


def guards_of(writes: Iterable[Write], accounts: int, allowed: Mapping[GuardName, int]) -> Mapping[str, PlanGuard]:
    """Return the guards of a plan, by name.

    Args:
        writes: The writes of the plan.
        accounts: The number of accounts in the environment.
        allowed: The numbers that are allowed.

    Raises:
        InvalidArgumentError: A number that is allowed is not the number of the plan.
    """
    counts = Counter(write.operation for write in writes)
    limit = max(_LEAST, accounts // _SHARE)
    for name, number in allowed.items():
        if number != counts[name]:
            raise InvalidArgumentError(f"allow has {name}={number}, and the plan has {counts[name]}: give this number")
    return {name: PlanGuard(name, counts[name], limit, allowed.get(name)) for name in _NAMES}
