"""Random changes of SSO data: every operation, mostly with valid arguments."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, Final, cast

import attrs
from hypothesis import strategies as st

from frontegg_async.emulator.services.support.emulated_response import EMPTY
from tests.emulator.cases_sso import METADATA
from tests.emulator.machine.sso_model import FLAGS, PLAIN, SKIPS, ModelGroup, SsoModel
from tests.emulator.machine.transports import V1, Transport, path
from tests.emulator.sso import BASE, BASE_V2

TENANTS: Final = ("acme", "other", "a b/c%")
DOMAINS: Final = ("acme.example", "ACME.example", "d0.example", "D1.example", "bücher.example", "no domain")
EMAILS: Final = ("ann@acme.example", "Ann@acme.example", "b+c@x.example")
UNKNOWN: Final = "nothing"
_PEM: Final = "-----BEGIN CERTIFICATE-----\nMIIBCDEF\n-----END CERTIFICATE-----\n"
FROM_METADATA: Final = {
    "type": "saml",
    "ssoEndpoint": "https://idp.example/redirect",
    "publicCertificate": base64.b64encode(_PEM.encode()).decode(),
}

tenant_ids: Final = st.sampled_from(TENANTS)
texts: Final = st.one_of(st.none(), st.sampled_from(("a", "hush", "https://idp.example/é", "")))
roles: Final = st.lists(st.sampled_from(("r1", "r2", "r3")), unique=True, max_size=3)
policies: Final = st.fixed_dictionaries(
    {
        name: st.booleans()
        for name in ("allowVerifiedUsersToAddDomains", "skipDomainVerification", "bypassDomainCrossValidation")
    }
)
multiples: Final = st.fixed_dictionaries(
    {"active": st.booleans(), "useActiveTenant": st.booleans(), "unspecifiedTenantStrategy": st.just("BLOCK")}
)
fields: Final = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys((*PLAIN, "acsUrl", "spEntityId"), texts),
        **dict.fromkeys(FLAGS, st.booleans()),
        "type": st.sampled_from(("saml", "oidc")),
        "subAccountAccessLimit": st.sampled_from((None, 0, 7, 2.5)),
        "configMetadata": st.sampled_from((None, {}, {"a": [None, {"b": 1}]})),
    },
)

Sent = tuple[str, str, object, dict[str, str]]


@attrs.frozen
class Change:
    """A request that changes something: how it is sent, why it may be refused, and what it does when it is not.

    ``find`` finds what was created when its answer was lost.
    """

    send: Sent
    refused: set[int]
    status: int
    apply: Callable[[SsoModel, dict[str, Any]], None]
    find: Callable[[], dict[str, Any]] | None = None


def about(tenant_id: str) -> dict[str, str]:
    """The header that names a tenant."""
    return {"frontegg-tenant-id": tenant_id}


class SsoDraws:
    """Draws changes for a transport and a model."""

    transport: Transport
    model: SsoModel

    def draw(self, data: st.DataObject, kind: str) -> Change:
        """Draw a change of a kind."""
        draw: Callable[[st.DataObject], Change] = getattr(self, f"draw_{kind}")
        return draw(data)

    def pick_owner(self, data: st.DataObject) -> tuple[str, str]:
        """Draw a tenant and a configuration, mostly one of the tenant's own."""
        every = [(each.tenant_id, key) for key, each in self.model.configurations.items()]
        if every and _mostly(data):
            return data.draw(st.sampled_from(every))
        return data.draw(tenant_ids), data.draw(st.sampled_from((UNKNOWN, *(key for _, key in every))))

    def pick_tenant(self, data: st.DataObject) -> str:
        """Draw a tenant, mostly one that there is."""
        alive = sorted(self.model.tenants)
        return data.draw(st.sampled_from(alive) if alive and _mostly(data) else tenant_ids)

    def pick_part(self, data: st.DataObject, kind: str) -> tuple[str, str, str]:
        """Draw a domain or a group, mostly one that there is."""
        known = [(key, part) for key, each in self.model.configurations.items() for part in getattr(each, kind)]
        if known and _mostly(data):
            key, part = data.draw(st.sampled_from(known))
            return self.model.configurations[key].tenant_id, key, part
        return (*self.pick_owner(data), data.draw(st.sampled_from((UNKNOWN, *(part for _, part in known)))))

    def draw_tenant(self, tenant_id: str) -> Change:
        """A tenant is created, or deleted when it is there."""
        if tenant_id in self.model.tenants:
            send: Sent = ("DELETE", path(V1, tenant_id), EMPTY, {})
            return Change(send, set(), 200, lambda model, _: model.delete_tenant(tenant_id))
        body = {"tenantId": tenant_id, "name": "T"}
        return Change(("POST", V1, body, {}), set(), 201, lambda model, _: model.tenants.add(tenant_id))

    def draw_create(self, data: st.DataObject) -> Change:
        """A configuration is created, by either route or from metadata."""
        tenant_id, body, route = self.pick_tenant(data), data.draw(fields), data.draw(st.integers(0, 2))
        refused = self.model.refuse_tenant(tenant_id)
        if route == 0:
            send: Sent = ("POST", f"{BASE}/metadata", {"metadata": METADATA}, about(tenant_id))
            body = dict(FROM_METADATA)
        elif route == 1:
            send = ("POST", BASE, dict(body), about(tenant_id))
        else:
            body[SKIPS] = data.draw(st.booleans())
            send = ("POST", BASE_V2, {**body, "tenantId": tenant_id}, {})
        return Change(
            send,
            refused,
            201,
            lambda model, row: model.create(tenant_id, row["id"], body),
            lambda: self.new_one(self.listed(tenant_id), self.model.configurations),
        )

    def draw_update(self, data: st.DataObject) -> Change:
        """A configuration is changed, by either route or from metadata."""
        tenant_id, key = self.pick_owner(data)
        body, route = data.draw(fields), data.draw(st.integers(0, 2))
        refused = self.model.refuse_configuration(tenant_id, key)
        if route == 0:
            send: Sent = ("PUT", path(BASE, key, "metadata"), {"metadata": METADATA}, about(tenant_id))
            body = dict(FROM_METADATA)
        elif route == 1:
            send = ("PATCH", path(BASE, key), dict(body), about(tenant_id))
        else:
            body[SKIPS] = data.draw(st.booleans())
            send = ("PATCH", path(BASE_V2, key), {**body, "tenantId": tenant_id}, {})
        return Change(send, refused, 200, lambda model, _: model.update(key, body))

    def draw_delete(self, data: st.DataObject) -> Change:
        """A configuration is deleted."""
        tenant_id, key = self.pick_owner(data)
        send: Sent = ("DELETE", path(BASE, key), EMPTY, about(tenant_id))
        refused = self.model.refuse_configuration(tenant_id, key)
        return Change(send, refused, 200, lambda model, _: _drop(model.configurations, key))

    def draw_roles(self, data: st.DataObject) -> Change:
        """Default roles are replaced."""
        (tenant_id, key), given = self.pick_owner(data), data.draw(roles)

        def apply(model: SsoModel, _row: dict[str, Any]) -> None:
            model.touch(key).roles = given

        send: Sent = ("PUT", path(BASE, key, "roles"), {"roleIds": given}, about(tenant_id))
        return Change(send, self.model.refuse_configuration(tenant_id, key), 201, apply)

    def draw_domain(self, data: st.DataObject) -> Change:
        """A domain is added."""
        (tenant_id, key), name = self.pick_owner(data), data.draw(st.sampled_from(DOMAINS))
        refused = self.model.refuse_configuration(tenant_id, key) | self.model.refuse_domain(key, name)
        return Change(
            ("POST", path(BASE, key, "domains"), {"domain": name}, about(tenant_id)),
            refused,
            201,
            lambda model, row: model.add_domain(key, row["id"], name),
            lambda: self.new_one(self.shown(tenant_id, key)["domains"], self.model.configurations[key].domains),
        )

    def draw_domain_away(self, data: st.DataObject) -> Change:
        """A domain is deleted."""
        tenant_id, key, part = self.pick_part(data, "domains")
        send: Sent = ("DELETE", path(BASE, key, "domains", part), EMPTY, about(tenant_id))
        refused = self.model.refuse_part(tenant_id, key, "domains", part)
        return Change(send, refused, 200, lambda model, _: _drop(model.touch(key).domains, part))

    def draw_validation(self, data: st.DataObject) -> Change:
        """A domain is validated, by its record or by e-mail."""
        tenant_id, key, part = self.pick_part(data, "domains")
        by_email = data.draw(st.booleans())
        target = path(BASE if by_email else BASE_V2, key, "domains", part, "validate") + ("/email" if by_email else "")

        def apply(model: SsoModel, _row: dict[str, Any]) -> None:
            model.touch(key).domains[part].validated = True

        refused = self.model.refuse_part(tenant_id, key, "domains", part)
        return Change(("PUT", target, EMPTY, about(tenant_id)), refused, 200, apply)

    def draw_force(self, data: st.DataObject) -> Change:
        """A domain is validated by force, or that is taken back."""
        tenant_id, validated = self.pick_tenant(data), data.draw(st.booleans())
        owned = {
            domain.name.lower()
            for owner, _, domain in self.model.domains()
            if self.model.configurations[owner].tenant_id == tenant_id
        }
        name = data.draw(st.sampled_from(sorted(owned) if owned and _mostly(data) else DOMAINS))
        body = {"validated": validated, "tenantId": tenant_id}
        send: Sent = ("PUT", path(BASE, "domains", name, "force-validate"), body, {})
        refused = set[int]() if name.lower() in owned else {404}
        return Change(send, refused, 200, lambda model, _: model.force(tenant_id, name, validated=validated))

    def draw_group(self, data: st.DataObject) -> Change:
        """A group is added."""
        (tenant_id, key), given = self.pick_owner(data), data.draw(roles)

        def apply(model: SsoModel, row: dict[str, Any]) -> None:
            model.touch(key).groups[row["id"]] = ModelGroup("staff", given)

        return Change(
            ("POST", path(BASE, key, "groups"), {"group": "staff", "roleIds": given}, about(tenant_id)),
            self.model.refuse_configuration(tenant_id, key),
            201,
            apply,
            lambda: self.new_one(self.shown(tenant_id, key)["groups"], self.model.configurations[key].groups),
        )

    def draw_group_change(self, data: st.DataObject) -> Change:
        """A group is changed or deleted."""
        tenant_id, key, part = self.pick_part(data, "groups")
        target, refused = path(BASE, key, "groups", part), self.model.refuse_part(tenant_id, key, "groups", part)
        if data.draw(st.booleans()):
            send: Sent = ("DELETE", target, EMPTY, about(tenant_id))
            return Change(send, refused, 200, lambda model, _: _drop(model.touch(key).groups, part))
        given = data.draw(roles)

        def apply(model: SsoModel, _row: dict[str, Any]) -> None:
            model.touch(key).groups[part] = ModelGroup("people", given)

        body = {"group": "people", "roleIds": given}
        return Change(("PATCH", target, body, about(tenant_id)), refused, 200, apply)

    def draw_policy(self, data: st.DataObject) -> Change:
        """How domains are validated, or whether they are shared."""
        if data.draw(st.booleans()):
            body = data.draw(policies)
            send: Sent = ("PUT", f"{BASE}/domains", body, {})
            return Change(send, set(), 201, lambda model, _: setattr(model, "policy", body))
        several = data.draw(multiples)
        send = ("PUT", f"{BASE}/multiple-sso-per-domain", several, {})
        return Change(send, set(), 201, lambda model, _: setattr(model, "multiple", several))

    def draw_email(self, data: st.DataObject) -> Change:
        """An address is excluded, or no more."""
        email = data.draw(st.sampled_from(EMAILS))
        if data.draw(st.booleans()):
            send: Sent = ("POST", f"{BASE}/excluded-emails", {"email": email}, {})
            return Change(send, set(), 201, lambda model, _: _first(model.excluded, email))
        send = ("DELETE", path(BASE, "excluded-emails", email), EMPTY, {})
        refused = set[int]() if email.lower() in self.model.excluded else {404}
        return Change(send, refused, 200, lambda model, _: _drop(model.excluded, email.lower()))

    def listed(self, tenant_id: str) -> list[dict[str, Any]]:
        """The configurations of a tenant, as the service lists them."""
        answered = self.transport.send("GET", BASE, headers=about(tenant_id))
        assert answered.status == 200, answered
        return cast("list[dict[str, Any]]", answered.body)

    def shown(self, tenant_id: str, key: str) -> dict[str, Any]:
        """One configuration, from the list."""
        return next(row for row in self.listed(tenant_id) if row["id"] == key)

    @staticmethod
    def new_one(rows: list[dict[str, Any]], known: dict[str, Any]) -> dict[str, Any]:
        """The one row that the model does not know."""
        (row,) = [row for row in rows if row["id"] not in known]
        return row


def _mostly(data: st.DataObject) -> bool:
    return data.draw(st.integers(0, 7)) < 7


def _drop(mapping: dict[str, Any], key: str) -> None:
    del mapping[key]


def _first(excluded: dict[str, str], email: str) -> None:
    excluded.setdefault(email.lower(), email)
