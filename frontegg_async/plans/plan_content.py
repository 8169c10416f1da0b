"""`PlanContent`: the parsed content of a plan file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import attrs

from frontegg_async.plans.guards import GuardName, PlanGuard
from frontegg_async.plans.plan_file import Header
from frontegg_async.plans.write import Change, Write


@attrs.frozen(eq=False)
class PlanContent:
    """The parsed content of a plan file."""

    header: Header
    """The first line of the file."""
    writes: Sequence[Write]
    """The writes in all other lines."""
    digest: str
    """The SHA-256 of the file."""

    def changes(self) -> Iterator[Change]:
        """Yield the changes of all writes."""
        for write in self.writes:
            yield from write.changes()

    @property
    def total(self) -> int:
        """The number of changes."""
        return sum(self.header.counts.values())

    @property
    def guards(self) -> Mapping[str, PlanGuard]:
        """The guards by name."""
        return {
            name: PlanGuard(cast("GuardName", name), each["count"] or 0, each["limit"] or 0, each["allowed"])
            for name, each in self.header.guards.items()
        }

    @property
    def shut_guards(self) -> Sequence[PlanGuard]:
        """The guards that prevent the application of the plan."""
        return [each for each in self.guards.values() if each.is_shut]
