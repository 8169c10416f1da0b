"""Selectors: choose the accounts, and the parts of accounts, that a plan may change."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import shown
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.managed.registry import ACCOUNT, ENVIRONMENT
from frontegg_async.plans.accounts.changes import AccountChanges
from frontegg_async.plans.accounts.fields import LOCK
from frontegg_async.plans.files.fields import METADATA, SETTINGS
from frontegg_async.snapshots.rows import ASSIGNED, PARENT

PARTS: Final[Mapping[str, str]] = {
    METADATA: METADATA,
    SETTINGS: SETTINGS,
    **{field: field for field in sorted(ASSIGNED)},
    "parent": PARENT,
    "lock": LOCK,
    **{part: part for part in ACCOUNT},
}
"""The parts of an account that a selector can choose, with the fields of each part. The part ``fields`` has all other
fields.
"""

_ADDED: Final = "added, since a selected account is below it"
_FORMS: Final = "id:acme*, under:north, metadata.plan:pro or part:metadata"


@attrs.frozen(eq=False)
class Term:
    """A condition about an account."""

    kind: str
    value: str

    def is_met(
        self, tenant_id: str, above: Callable[[str], Iterable[str]], rows: Iterable[Mapping[str, JsonValue]] = ()
    ) -> bool:
        """Return whether an account meets the condition.

        Args:
            tenant_id: The id of the account.
            above: Returns the ids of the accounts above an account.
            rows: The rows of the account, for its metadata.
        """
        if self.kind == "id":
            return fnmatch.fnmatchcase(tenant_id, self.value)
        if self.kind == "under":
            return self.value in above(tenant_id)
        key = self.kind.partition(".")[2]
        return any(_text(_metadata(row, key)) == self.value for row in rows)


@attrs.frozen(eq=False)
class Selector:
    """A selector has conditions that an account must meet, and the parts of the account that it chooses."""

    terms: Sequence[Term]
    parts: frozenset[str]
    """The chosen parts; empty for all parts."""

    @property
    def named(self) -> Sequence[str]:
        """The ids of accounts in the selector's conditions. These accounts must exist."""
        return [term.value for term in self.terms if term.kind == "under"]

    def is_met(self, changes: AccountChanges, above: Callable[[str], Iterable[str]]) -> bool:
        """Return whether an account meets all conditions.

        Args:
            changes: The account.
            above: Returns the ids of the accounts above an account.
        """
        rows = (changes.wanted, changes.shown or {})
        return all(term.is_met(changes.tenant_id, above, rows) for term in self.terms)

    def has_part(self, name: str) -> bool:
        """Return whether the selector chooses a field of an account.

        Args:
            name: The name of the field.
        """
        part = next((part for part, field in PARTS.items() if field == name), "fields")
        return not self.parts or part in self.parts


def parse_selectors(only: Sequence[str] | str | None) -> tuple[Selector, ...]:
    """Parse selectors. A plan includes an account if the account meets at least one selector.

    Args:
        only: The texts of the selectors. A comma within a text means *and*.

    Raises:
        InvalidArgumentError: A text is not a selector.
    """
    if only is None:
        return ()
    if isinstance(only, str) or not isinstance(only, Sequence):
        raise InvalidArgumentError(f"only must be a list of selectors, such as {_FORMS}")
    return tuple(map(_parse, only))


def _parse(text: object) -> Selector:
    if not isinstance(text, str):
        raise InvalidArgumentError(f"only must have selectors such as {_FORMS}, not {shown(text)}")
    terms: list[Term] = []
    parts: set[str] = set()
    for condition in text.split(","):
        term = parse_term(condition, "only", _FORMS)
        if term.kind != "part":
            terms.append(term)
        elif term.value in PARTS or term.value in ENVIRONMENT or term.value == "fields":
            parts.add(term.value)
        else:
            known = ", ".join(dict.fromkeys(("fields", *PARTS, *ENVIRONMENT)))
            raise InvalidArgumentError(f"part: must be one of {known}, not {shown(term.value)}")
    return Selector(tuple(terms), frozenset(parts))


def parse_term(condition: str, argument: str, forms: str) -> Term:
    """Parse a condition.

    Args:
        condition: The text, such as ``id:acme*``.
        argument: The name of the caller's argument, for messages.
        forms: Examples of selectors, for messages.

    Raises:
        InvalidArgumentError: The text is not a condition.
    """
    kind, colon, value = (each.strip() for each in condition.partition(":"))
    is_known = kind in ("id", "under", "part") or (kind.startswith("metadata.") and kind != "metadata.")
    if not colon or not value or not is_known:
        raise InvalidArgumentError(f"{argument} must have selectors such as {forms}, not {condition!r}")
    return Term(kind, value)


def selected(
    accounts: Mapping[str, AccountChanges], only: Sequence[Selector], above: Callable[[str], Iterable[str]]
) -> dict[str, AccountChanges]:
    """Return the accounts that selectors choose, and the parents that must be created for these accounts.

    Args:
        accounts: All accounts that a plan could change, by id.
        only: The selectors; empty for all accounts.
        above: Returns the ids of the accounts above an account.

    Returns:
        The accounts by id, with their chosen parts.
    """
    if not only:
        return dict(accounts)
    found: dict[str, AccountChanges] = {}
    for tenant_id, changes in accounts.items():
        meant = [each for each in only if each.is_met(changes, above)]
        is_whole = changes.is_created or changes.is_deleted
        if any(not each.parts for each in meant) or (meant and not is_whole):
            found[tenant_id] = _restricted(changes, meant)
    added: dict[str, None] = {}
    for tenant_id in [*found]:
        added |= dict.fromkeys(each for each in above(tenant_id) if each in accounts and accounts[each].is_created)
    for each in added.keys() - found.keys():
        found[each] = attrs.evolve(accounts[each], fields=[], objects=[], note=_ADDED)
    return {tenant_id: found[tenant_id] for tenant_id in accounts if tenant_id in found}


def _restricted(changes: AccountChanges, meant: Sequence[Selector]) -> AccountChanges:
    """Restrict the changes of an account to the parts that selectors choose.

    Creations and deletions are not restricted.
    """
    if changes.is_created or changes.is_deleted:
        return changes

    def is_meant(name: str) -> bool:
        return any(selector.has_part(name) for selector in meant)

    fields = [each for each in changes.fields if is_meant(each.path[0])]
    objects = [each for each in changes.objects if is_meant(each.kind.part)]
    unwritable, unreadable = ([*filter(is_meant, each)] for each in (changes.unwritable, changes.unreadable))
    return attrs.evolve(changes, fields=fields, objects=objects, unwritable=unwritable, unreadable=unreadable)


def _metadata(row: Mapping[str, JsonValue], key: str) -> JsonValue:
    metadata = row.get(METADATA)
    return metadata.get(key) if isinstance(metadata, Mapping) else None


def _text(value: JsonValue) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
