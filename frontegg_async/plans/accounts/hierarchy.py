"""`HierarchyFacts`: the hierarchy of all accounts, for the order and the checks of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs
import msgspec

from frontegg_async.plans.accounts.changes import AccountChanges
from frontegg_async.plans.accounts.fields import RESELLER
from frontegg_async.snapshots.rows import PARENT


class _Facts(msgspec.Struct, gc=False):
    tenant_id: str
    parent_tenant_id: str | None = None
    is_reseller: bool | None = None


_read: Final = msgspec.json.Decoder(_Facts).decode_lines


@attrs.define(eq=False)
class HierarchyFacts:
    """All accounts of the environment, their parents, and whether they may have children."""

    parents: dict[str, str | None] = attrs.Factory(dict[str, str | None])
    """The id of the parent of each account."""
    tops: dict[str, bool | None] = attrs.Factory(dict[str, bool | None])
    """Whether each account is a reseller, which may have children; ``None`` if the service does not show the field."""
    _known: dict[str, str] = attrs.Factory(dict[str, str])
    _skipped: list[tuple[str, str]] = attrs.Factory(list[tuple[str, str]])
    _count: int = 0

    @property
    def count(self) -> int:
        """The number of accounts."""
        return self._count

    def skip(self, ids: Sequence[str]) -> None:
        """Count accounts that are equal to their rows in the files.

        `fill` adds these accounts later if they are needed.

        Args:
            ids: The ids of consecutive accounts, in order.
        """
        self._count += len(ids)
        self._skipped.append((ids[0], ids[-1]))

    def fill(self, rows: Iterable[tuple[str, bytes]]) -> None:
        """Add the accounts that were skipped. The call blocks.

        Args:
            rows: The ids and lines of all rows of the files, in order.
        """
        ranges = iter(self._skipped)
        first, last = next(ranges, (None, None))
        lines: list[bytes] = []
        for tenant_id, line in rows:
            while last is not None and tenant_id > last:
                first, last = next(ranges, (None, None))
            if first is not None and first <= tenant_id:
                lines.append(line)
        self._add(b"\n".join(lines))
        self._skipped.clear()

    def add(self, lines: bytes) -> None:
        """Add accounts of a snapshot.

        Args:
            lines: The rows as JSON Lines.
        """
        before = len(self.parents)
        self._add(lines)
        self._count += len(self.parents) - before

    def _add(self, lines: bytes) -> None:
        for each in _read(lines):
            parent = each.parent_tenant_id
            self.parents[each.tenant_id] = None if parent is None else self._known.setdefault(parent, parent)
            if each.is_reseller is not False:
                self.tops[each.tenant_id] = each.is_reseller

    def children(self) -> dict[str, list[str]]:
        """Return the ids of the direct children of each account that has children."""
        found: dict[str, list[str]] = {}
        for child, parent in self.parents.items():
            if parent is not None:
                found.setdefault(parent, []).append(child)
        return found


@attrs.frozen(eq=False)
class FinalTree:
    """The hierarchy after the plan is applied."""

    facts: HierarchyFacts
    changed: Mapping[str, str | None]
    """The new parent of each account that is created or moved."""

    @classmethod
    def of(cls, facts: HierarchyFacts, accounts: Iterable[AccountChanges]) -> FinalTree:
        """Return the hierarchy after changes.

        Args:
            facts: The present hierarchy.
            accounts: The changes.
        """
        changed: dict[str, str | None] = {}
        for each in accounts:
            parent: Any = each.creation.get(PARENT) if each.is_created else each.parent and each.parent.after
            if each.is_created or each.parent is not None:
                changed[each.tenant_id] = parent
        return cls(facts, changed)

    def parent(self, tenant_id: str) -> str | None:
        """Return the parent of an account; ``None`` without a parent."""
        return self.changed[tenant_id] if tenant_id in self.changed else self.facts.parents.get(tenant_id)

    def above(self, tenant_id: str) -> Iterator[str]:
        """Yield the accounts above an account, nearest first. In a circle, each account is yielded once."""
        seen = {tenant_id}
        parent = self.parent(tenant_id)
        while parent is not None:
            yield parent
            if parent in seen:
                return
            seen.add(parent)
            parent = self.parent(parent)

    def depth(self, tenant_id: str) -> int:
        """Return the number of accounts above an account that the plan creates or moves."""
        return sum(each in self.changed for each in self.above(tenant_id))

    def is_reseller(self, tenant_id: str, accounts: Mapping[str, AccountChanges]) -> bool | None:
        """Return whether an account may have children; ``None`` if the service does not show this."""
        changes = accounts.get(tenant_id)
        if changes is not None and changes.is_created:
            return bool(changes.creation.get(RESELLER))
        after = next((each.after for each in changes.fields if each.path == (RESELLER,)), None) if changes else None
        if after is not None:
            return bool(after)
        return self.facts.tops.get(tenant_id, False)
