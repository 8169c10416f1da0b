"""The demo's own record of its changes, for a comparison with the emulator's journal and state."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias, cast

import attrs
from accounts import Account

from frontegg_async import JsonValue, TenantTree

Effect: TypeAlias = tuple[str, str, str]
"""An operation, its effect (created, changed or deleted), and the tenant."""

REPORTED: Final = 10


@attrs.define
class Expected:
    """The expected tenant at the end of the demo, with the field names of the API."""

    fields: dict[str, JsonValue]
    metadata: dict[str, JsonValue]
    parent: str | None
    is_locked: bool = False


@attrs.define
class Record:
    """The requested changes, and the tenants that must exist after these changes."""

    tenants: dict[str, Expected] = attrs.field(factory=dict[str, Expected])
    effects: Counter[Effect] = attrs.field(factory=Counter[Effect])
    listings: list[str] = attrs.field(factory=list[str])
    """The errors in listings."""

    def create(self, account: Account) -> None:
        """Record that an account was created."""
        self.effects["tenants.create", "created", account.tenant_id] += 1
        self.tenants[account.tenant_id] = Expected(
            fields={
                "name": account.name,
                "status": account.status,
                "website": account.website,
                "timezone": account.timezone,
                "currency": account.currency,
                "creatorEmail": account.creator_email,
                "isReseller": account.is_reseller,
            },
            metadata=dict(account.metadata),
            parent=account.parent_tenant_id,
        )

    def merge(self, tenant_id: str, metadata: Mapping[str, JsonValue]) -> None:
        """Record that metadata was merged."""
        self.effects["tenants.add_metadata", "changed", tenant_id] += 1
        self.tenants[tenant_id].metadata.update(metadata)

    def remove_key(self, tenant_id: str, key: str) -> None:
        """Record that a key was removed from the metadata."""
        self.effects["tenants.delete_metadata", "changed", tenant_id] += 1
        del self.tenants[tenant_id].metadata[key]

    def replace(self, tenant_id: str, *, status: str, metadata: Mapping[str, JsonValue]) -> None:
        """Record that status and metadata were replaced."""
        self.effects["tenants.update", "changed", tenant_id] += 1
        self.tenants[tenant_id].fields["status"] = status
        self.tenants[tenant_id].metadata = dict(metadata)

    def lock(self, tenant_ids: Iterable[str]) -> None:
        """Record that tenants were locked."""
        for tenant_id in tenant_ids:
            self.effects["tenants.lock", "changed", tenant_id] += 1
            self.tenants[tenant_id].is_locked = True

    def unlock(self, tenant_ids: Iterable[str]) -> None:
        """Record that tenants were unlocked."""
        for tenant_id in tenant_ids:
            self.effects["tenants.unlock", "changed", tenant_id] += 1
            self.tenants[tenant_id].is_locked = False

    def delete(self, tenant_id: str) -> None:
        """Record that a tenant was deleted; its sub-accounts move to its parent."""
        self.effects["tenants.delete", "deleted", tenant_id] += 1
        gone = self.tenants.pop(tenant_id)
        for tenant in self.tenants.values():
            if tenant.parent == tenant_id:
                tenant.parent = gone.parent

    def compare_listing(self, tenant_ids: Iterable[str]) -> None:
        """Compare a listing of all tenants with the expected tenants."""
        seen = Counter(tenant_ids)
        self.listings += [
            f"listing: {tenant_id} came {seen[tenant_id]} times"
            for tenant_id in sorted(seen.keys() | self.tenants.keys())
            if seen[tenant_id] != (tenant_id in self.tenants)
        ]

    def tops(self) -> list[str]:
        """Return the tenants that have sub-accounts and no parent."""
        parents = {tenant.parent for tenant in self.tenants.values()}
        return [each for each in self.tenants if each in parents and self.tenants[each].parent is None]

    def compare_trees(self, trees: Iterable[TenantTree]) -> None:
        """Compare each tenant's parent in all hierarchies with the expected parent."""
        seen: dict[str, str | None] = {}
        for tree in trees:
            for node in tree:
                parent = tree.parent_of(node.tenant_id)
                seen[node.tenant_id] = None if parent is None else parent.tenant_id
        expected: dict[str, str | None] = {
            each: tenant.parent for each, tenant in self.tenants.items() if tenant.parent is not None
        }
        expected |= dict.fromkeys(self.tops())
        self.listings += [
            f"hierarchy: {tenant_id} is under {seen.get(tenant_id, 'nothing')}, not {expected.get(tenant_id, 'there')}"
            for tenant_id in sorted(seen.keys() | expected.keys())
            if tenant_id not in seen or tenant_id not in expected or seen[tenant_id] != expected[tenant_id]
        ]

    def disagreements(self, journal: Sequence[Mapping[str, JsonValue]], snapshot: JsonValue) -> list[str]:
        """Compare the record with the emulator's journal and state.

        Returns:
            A line for each difference.
        """
        return [*self.listings, *self._effects_that_differ(journal), *self._tenants_that_differ(snapshot)]

    def _effects_that_differ(self, journal: Sequence[Mapping[str, JsonValue]]) -> list[str]:
        seen = Counter(effect for entry in journal for effect in _effects(entry))
        return [
            f"journal: {operation} {verb} {tenant_id} {seen[operation, verb, tenant_id]} times, "
            f"not {self.effects[operation, verb, tenant_id]}"
            for operation, verb, tenant_id in sorted(seen | self.effects)
            if seen[operation, verb, tenant_id] != self.effects[operation, verb, tenant_id]
        ]

    def _tenants_that_differ(self, snapshot: JsonValue) -> list[str]:
        held = _tenants(snapshot)
        problems = [f"state: {tenant_id} is lost" for tenant_id in self.tenants.keys() - held.keys()]
        problems += [f"state: {tenant_id} exists and must not" for tenant_id in held.keys() - self.tenants.keys()]
        for tenant_id in self.tenants.keys() & held.keys():
            expected, actual = _wire(self.tenants[tenant_id]), held[tenant_id]
            problems += [
                f"state: {tenant_id} has {name} {actual.get(name)!r}, not {value!r}"
                for name, value in expected.items()
                if actual.get(name) != value
            ]
        return sorted(problems)


def report(problems: Sequence[str]) -> list[str]:
    """Return the first differences and the number of further differences."""
    more = len(problems) - REPORTED
    return [*problems[:REPORTED], *([f"and {more} more"] if more > 0 else [])]


def _wire(tenant: Expected) -> dict[str, JsonValue]:
    return {
        **tenant.fields,
        "metadata": tenant.metadata,
        "isLocked": tenant.is_locked,
        "parentTenantId": tenant.parent,
    }


def _effects(entry: Mapping[str, JsonValue]) -> list[Effect]:
    """Return the effects of a request, except the moves of sub-accounts by a deletion. The state shows these moves."""
    effect = cast("Mapping[str, Sequence[str]]", entry["effect"] or {})
    return [(str(entry["route"]), verb, tenant_id) for verb, tenant_ids in effect.items() for tenant_id in tenant_ids]


def _tenants(snapshot: JsonValue) -> dict[str, dict[str, JsonValue]]:
    """Return the tenants of a snapshot by id, their metadata parsed."""
    environments = cast("Mapping[str, Sequence[Mapping[str, Sequence[Mapping[str, JsonValue]]]]]", snapshot)
    (environment,) = environments["environments"]
    return {
        str(row["tenantId"]): {**row, "metadata": json.loads(str(row["metadata"]))} for row in environment["tenants"]
    }
