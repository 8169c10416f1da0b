"""Find the faults of accounts files that only a comparison with the environment shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import attrs

from frontegg_async._core.checks.arguments import check_path_value
from frontegg_async._values.unset import UNSET
from frontegg_async.changes.account_difference import FieldDifference
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.plans.accounts.changes import AccountChanges, uncleared
from frontegg_async.plans.accounts.hierarchy import FinalTree
from frontegg_async.plans.files.fields import METADATA, SETTINGS
from frontegg_async.plans.files.relations import look
from frontegg_async.snapshots.rows import PARENT

FaultOf: TypeAlias = tuple[str, Sequence[str | int], str]
"""The id of an account, the path of the value, and the message."""


@attrs.frozen(eq=False)
class Checks:
    """The checks of the changes of accounts.

    Args:
        accounts: The changes, by id.
        tree: The hierarchy after the changes.
    """

    accounts: Mapping[str, AccountChanges]
    tree: FinalTree

    def faults(self) -> Iterator[FaultOf]:
        """Yield all faults with the ids of their accounts."""
        folded: dict[str, str] = {}
        if any(each.is_created for each in self.accounts.values()):
            folded = {look(tenant_id): tenant_id for tenant_id in self.tree.facts.parents}
        for changes in self.accounts.values():
            for path, message in self._of(changes, folded):
                yield changes.tenant_id, path, message

    def _of(self, changes: AccountChanges, folded: Mapping[str, str]) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for name in uncleared(changes):
            yield (name,), f"{name} must not be null or empty: the service cannot clear it"
        for each in changes.fields:
            if problem := removal_problem(each):
                yield each.path, problem
        if changes.is_created and not changes.is_taken:
            yield from self._of_new(changes, folded)
        for change in changes.objects:
            yield from change.faults
        yield from self._of_parent(changes)
        yield from _contradictions(changes)

    def _of_new(self, changes: AccountChanges, folded: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
        other = folded.get(look(changes.tenant_id))
        if not changes.tenant_id.isprintable():
            yield ("tenant_id",), f"the id {changes.tenant_id!a} has invisible characters"
        if other is not None:
            yield ("tenant_id",), f"there is an account {other!r}, whose id differs only in upper and lower case"
        elif not changes.creation.get("name"):
            yield (), f"there is no account {changes.tenant_id!r}: to create the account, the row must have a name"

    def _of_parent(self, changes: AccountChanges) -> Iterator[tuple[tuple[str, ...], str]]:
        if changes.tenant_id not in self.tree.changed or changes.is_deleted:
            return
        parent = self.tree.parent(changes.tenant_id)
        if parent is None:
            return
        above = self.accounts.get(parent)
        if above is not None and above.is_deleted:
            yield (PARENT,), f"the files delete the account {parent!r} (absent: true), so no account can be under it"
        elif parent not in self.tree.facts.parents and not (above and above.is_created):
            yield (PARENT,), f"there is no account {parent!r} in the environment or in the files"
        elif self.tree.is_reseller(parent, self.accounts) is False:
            yield (PARENT,), f"the account {parent!r} may not have accounts under it: give its row is_reseller: true"
        elif changes.tenant_id in self.tree.above(changes.tenant_id):
            circle = [*self.tree.above(changes.tenant_id)]
            names = " > ".join(reversed([changes.tenant_id, *circle[: circle.index(changes.tenant_id) + 1]]))
            yield (PARENT,), f"the account would be under itself, in this circle: {names}"


def removal_problem(difference: FieldDifference) -> str | None:
    """Return why a key cannot be removed from the metadata; ``None`` if the removal is possible.

    Args:
        difference: A change of an account.
    """
    name, *keys = difference.path
    if name != METADATA or not keys or difference.after is not UNSET:
        return None
    try:
        check_path_value(keys[0], f"the metadata key {keys[0]!a}")
    except InvalidArgumentError as error:
        return f"{error.message}, so the service cannot remove it"
    return None


def _contradictions(changes: AccountChanges) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the settings for which the row contains two values, in ``settings`` and in a field of the account."""
    fields = {each.path[0]: each.after for each in changes.fields if len(each.path) == 1}
    for each in changes.fields:
        if each.path[0] == SETTINGS and each.path[1] in fields and each.after != fields[each.path[1]]:
            yield each.path, f"settings.{each.path[1]} and {each.path[1]} are one value, but the row has two values"
