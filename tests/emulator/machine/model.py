"""A simple model of the contract about tenants, written independently of the emulator."""

from __future__ import annotations

import copy
import json
from typing import Any, Final

import attrs

PLAIN: Final = (
    "name",
    "status",
    "website",
    "applicationUrl",
    "logo",
    "logoUrl",
    "address",
    "timezone",
    "currency",
    "creatorName",
    "creatorEmail",
)


@attrs.define
class Metadata:
    """Metadata as it was given: text that must come back as it is, or a value that comes back as its JSON text."""

    text: str | None = None
    value: Any = None

    @classmethod
    def given(cls, value: Any) -> Metadata:
        """What a create or an update stores."""
        return cls(text=value) if isinstance(value, str) else cls(value=value)

    def parsed(self) -> Any:
        """The JSON value, however it was given."""
        return self.value if self.text is None else json.loads(self.text)

    def agrees(self, answered: str | None) -> bool:
        """Whether an answer has this metadata in it."""
        if self.text is not None:
            return answered == self.text
        if answered is None:
            return self.value is None
        return json.loads(answered) == self.value


@attrs.define
class ModelTenant:
    """A tenant that lives. ``updated`` has the moments that may be the last change."""

    tenant_id: str
    created: str
    updated: set[str]
    plain: dict[str, str | None]
    is_reseller: bool = False
    is_locked: bool = False
    metadata: Metadata = attrs.field(factory=Metadata)
    parent: str | None = None

    def difference(self, answered: dict[str, Any]) -> list[str]:
        """The fields in which an answer is not this tenant."""
        expected = {
            "tenantId": self.tenant_id,
            "createdAt": self.created,
            "deletedAt": None,
            "isReseller": self.is_reseller,
            "isLocked": self.is_locked,
            **self.plain,
        }
        wrong = [name for name, value in expected.items() if name not in answered or answered[name] != value]
        if answered["updatedAt"] not in self.updated:
            wrong.append("updatedAt")
        if not self.metadata.agrees(answered["metadata"]):
            wrong.append("metadata")
        if "parentTenantId" in answered:
            wrong.append("parentTenantId")
        return wrong


@attrs.define
class Model:
    """The tenants that there should be. ``now`` is the moment on the emulator's clock."""

    now: str
    tenants: dict[str, ModelTenant] = attrs.field(factory=dict)
    deleted: set[str] = attrs.field(factory=set)

    def copy(self) -> Model:
        """A snapshot."""
        return copy.deepcopy(self)

    # Each of the following says with which statuses a request may be refused; none when it must be done.

    def refuse_create(self, body: dict[str, Any]) -> set[int]:
        """409 for an id that lives, 404 for an unknown parent, 400 for one that is no reseller."""
        refused: set[int] = set()
        if body.get("tenantId") in self.tenants:
            refused.add(409)
        parent = body.get("parentTenantId")
        if parent is not None and parent not in self.tenants:
            refused.add(404)
        elif parent is not None and not self.tenants[parent].is_reseller:
            refused.add(400)
        return refused

    def refuse_update(self, tenant_id: str, body: dict[str, Any]) -> set[int]:
        """400 for an empty body, 404 for an unknown tenant."""
        return ({400} if not body else set()) | self.refuse_unknown(tenant_id)

    def refuse_merge(self, tenant_id: str, metadata: Any) -> set[int]:
        """400 for what is neither an object nor JSON text, 404 for an unknown tenant."""
        taken = isinstance(metadata, dict) or (isinstance(metadata, str) and _is_json(metadata))
        return (set() if taken else {400}) | self.refuse_unknown(tenant_id)

    def refuse_unknown(self, tenant_id: str) -> set[int]:
        """404 for an unknown tenant."""
        return set() if tenant_id in self.tenants else {404}

    def refuse_lock(self, tenant_ids: list[str]) -> set[int]:
        """400 unless there are 1 to 100 ids, 404 when one of them is unknown."""
        refused = set() if 1 <= len(tenant_ids) <= 100 else {400}
        return refused | ({404} if set(tenant_ids) - self.tenants.keys() else set())

    # And these do it.

    def create(self, tenant_id: str, body: dict[str, Any]) -> None:
        """A new tenant; one that was deleted keeps nothing but its id."""
        self.deleted.discard(tenant_id)
        self.tenants[tenant_id] = ModelTenant(
            tenant_id=tenant_id,
            created=self.now,
            updated={self.now},
            plain={name: body.get(name) for name in PLAIN},
            is_reseller=body.get("isReseller", False),
            metadata=Metadata.given(body.get("metadata")),
            parent=body.get("parentTenantId"),
        )

    def update(self, tenant_id: str, body: dict[str, Any]) -> None:
        """What is sent replaces what there was, metadata as a whole."""
        tenant = self.tenants[tenant_id]
        tenant.plain |= {name: value for name, value in body.items() if name in PLAIN}
        tenant.is_reseller = body.get("isReseller", tenant.is_reseller)
        if "metadata" in body:
            tenant.metadata = Metadata.given(body["metadata"])
        tenant.updated = {self.now}

    def merge(self, tenant_id: str, metadata: Any) -> None:
        """Keys are added or replaced; what is no object is replaced by one, and replaces when it comes as text."""
        tenant = self.tenants[tenant_id]
        before = tenant.metadata.parsed()
        keys = json.loads(metadata) if isinstance(metadata, str) else metadata
        if isinstance(keys, dict):
            tenant.metadata = Metadata(value={**(before if isinstance(before, dict) else {}), **keys})
        else:
            tenant.metadata = Metadata.given(metadata)
        tenant.updated = {self.now}

    def delete_key(self, tenant_id: str, key: str) -> None:
        """One key goes; without it nothing changes."""
        tenant = self.tenants[tenant_id]
        before = tenant.metadata.parsed()
        if isinstance(before, dict) and key in before:
            tenant.metadata = Metadata(value={name: value for name, value in before.items() if name != key})
            tenant.updated = {self.now}
        else:
            tenant.updated |= {self.now}

    def delete(self, tenant_id: str) -> None:
        """The tenant goes, and its sub-accounts go to its parent."""
        gone = self.tenants.pop(tenant_id)
        self.deleted.add(tenant_id)
        for tenant in self.tenants.values():
            if tenant.parent == tenant_id:
                tenant.parent = gone.parent
                # no source says whether a change of parent counts as a change of the tenant
                tenant.updated |= {self.now}

    def lock(self, tenant_ids: list[str], *, locked: bool) -> None:
        """Tenants are locked or unlocked; those that are already may count as changed or not."""
        for tenant_id in tenant_ids:
            tenant = self.tenants[tenant_id]
            tenant.updated = {self.now} if tenant.is_locked is not locked else tenant.updated | {self.now}
            tenant.is_locked = locked

    def matching(self, text: str | None, tenant_ids: list[str] | None) -> dict[str, ModelTenant]:
        """The tenants that a listing is about."""
        wanted = (text or "").lower()
        return {
            tenant_id: tenant
            for tenant_id, tenant in self.tenants.items()
            if (tenant_ids is None or tenant_id in tenant_ids)
            and (wanted in tenant_id.lower() or wanted in (tenant.plain["name"] or "").lower())
        }


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
