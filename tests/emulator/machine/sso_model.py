"""A simple model of the contract about SSO, written independently of the emulator."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any, Final

import attrs

PLAIN: Final = ("ssoEndpoint", "oidcClientId", "oidcSecret", "idpClientId", "idpClientSecret", "publicCertificate")
FLAGS: Final = ("enabled", "signRequest", "overrideActiveTenant")
SKIPS: Final = "skipEmailDomainValidation"
_TXT: Final = r"_saml-domain-challenge\.[0-9a-f-]{36}\.[0-9a-f-]{36}\."


@attrs.define
class ModelDomain:
    """A domain of a configuration."""

    name: str
    validated: bool


@attrs.define
class ModelGroup:
    """A group of a configuration."""

    name: str
    roles: list[str]


@attrs.define
class ModelConfiguration:
    """A configuration. ``updated`` has the moments that may be the last change."""

    tenant_id: str
    fields: dict[str, Any]
    created: str
    updated: set[str]
    roles: list[str] = attrs.field(factory=list)
    domains: dict[str, ModelDomain] = attrs.field(factory=dict)
    groups: dict[str, ModelGroup] = attrs.field(factory=dict)

    def difference(self, own_id: str, row: dict[str, Any]) -> list[str]:
        """The fields in which an answer is not this configuration."""
        expected = {"id": own_id, "tenantId": self.tenant_id, "createdAt": self.created, **self.fields}
        wrong = [name for name, value in expected.items() if name not in row or row[name] != value]
        if row["updatedAt"] not in self.updated:
            wrong.append("updatedAt")
        if row["defaultRoles"] != self.roles:
            wrong.append("defaultRoles")
        wrong += [f"domain {key}" for key in _unlike(row["domains"], self.domains, own_id, domain_is)]
        return wrong + [f"group {key}" for key in _unlike(row["groups"], self.groups, own_id, group_is)]


def _unlike(rows: list[dict[str, Any]], parts: dict[str, Any], owner: str, agrees: Any) -> set[str]:
    found = {row["id"]: row for row in rows}
    both = found.keys() & parts.keys()
    return (found.keys() ^ parts.keys()) | {key for key in both if not agrees(parts[key], owner, found[key])}


def domain_is(domain: ModelDomain, owner: str, row: dict[str, Any]) -> bool:
    """Whether an answer is a domain."""
    txt = re.fullmatch(_TXT + re.escape(domain.name), row["txtRecord"])
    return txt is not None and row == {
        "id": row["id"],
        "domain": domain.name,
        "validated": domain.validated,
        "txtRecord": row["txtRecord"],
        "ssoConfigId": owner,
    }


def group_is(group: ModelGroup, owner: str, row: dict[str, Any]) -> bool:
    """Whether an answer is a group."""
    shown = {"group": group.name, "enabled": True, "roleIds": group.roles, "ssoConfigId": owner}
    return row == {"id": row["id"], **shown}


@attrs.define
class SsoModel:
    """What there should be. ``now`` is the moment on the clock, ``defaults`` what new configurations have."""

    now: str
    defaults: dict[str, Any]
    tenants: set[str] = attrs.field(factory=set)
    configurations: dict[str, ModelConfiguration] = attrs.field(factory=dict)
    policy: dict[str, bool] = attrs.field(factory=dict)
    multiple: dict[str, Any] = attrs.field(factory=dict)
    excluded: dict[str, str] = attrs.field(factory=dict)

    def copy(self) -> SsoModel:
        """A snapshot."""
        return copy.deepcopy(self)

    def of(self, tenant_id: str) -> dict[str, ModelConfiguration]:
        """The configurations of a tenant."""
        return {key: each for key, each in self.configurations.items() if each.tenant_id == tenant_id}

    # Each of the following says with which statuses a request may be refused; none when it must be done.

    def refuse_tenant(self, tenant_id: str) -> set[int]:
        """404 for a tenant that does not exist."""
        return set() if tenant_id in self.tenants else {404}

    def refuse_configuration(self, tenant_id: str, key: str) -> set[int]:
        """404 for what is not a configuration of the tenant."""
        return set() if tenant_id in self.tenants and key in self.of(tenant_id) else {404}

    def refuse_part(self, tenant_id: str, key: str, kind: str, part: str) -> set[int]:
        """404 for what is not a domain or a group of a configuration of the tenant."""
        known = self.of(tenant_id).get(key)
        return set() if known is not None and part in getattr(known, kind) else {404}

    def refuse_domain(self, key: str, name: str) -> set[int]:
        """400 for what is no domain, 409 for one that is taken."""
        refused = set() if re.fullmatch(r"[\w-]+(\.[\w-]+)+", name) else {400}
        owners = {owner for owner, _, domain in self.domains() if domain.name.lower() == name.lower()}
        shares = self.policy.get("bypassDomainCrossValidation") or self.multiple.get("active")
        return refused | ({409} if key in owners or (owners and not shares) else set())

    def domains(self) -> Iterator[tuple[str, str, ModelDomain]]:
        """Every domain, with the ids of its configuration and of itself."""
        for owner, each in self.configurations.items():
            for key, domain in each.domains.items():
                yield owner, key, domain

    # And these do it.

    def create(self, tenant_id: str, key: str, fields: dict[str, Any]) -> None:
        """A new configuration."""
        assert key not in self.configurations
        given = {name: value for name, value in fields.items() if value is not None}
        self.configurations[key] = ModelConfiguration(tenant_id, {**self.defaults, **given}, self.now, {self.now})

    def update(self, key: str, fields: dict[str, Any]) -> None:
        """What is sent replaces what there was; nothing sent may count as a change or not."""
        each = self.configurations[key]
        each.fields |= fields
        each.updated = {self.now} if fields else each.updated | {self.now}

    def touch(self, key: str) -> ModelConfiguration:
        """A change of what belongs to a configuration may count as a change of it or not."""
        each = self.configurations[key]
        each.updated |= {self.now}
        return each

    def add_domain(self, key: str, part: str, name: str) -> None:
        """A new domain, validated where nothing has to be proven."""
        each = self.touch(key)
        skips = bool(each.fields[SKIPS] or self.policy.get("skipDomainVerification"))
        each.domains[part] = ModelDomain(name, skips)

    def force(self, tenant_id: str, name: str, *, validated: bool) -> None:
        """Each domain of the tenant with that name."""
        for owner, _, domain in self.domains():
            if self.configurations[owner].tenant_id == tenant_id and domain.name.lower() == name.lower():
                domain.validated = validated
                self.touch(owner)

    def delete_tenant(self, tenant_id: str) -> None:
        """Everything of a tenant goes."""
        self.tenants.discard(tenant_id)
        for key in self.of(tenant_id):
            del self.configurations[key]
