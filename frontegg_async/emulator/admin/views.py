"""The lists that the admin API returns: environments, tenants, users, operations, kinds of faults and the clock."""

from __future__ import annotations

from itertools import islice
from typing import Final, get_args, get_type_hints

import attrs

from frontegg_async._values.fields import EXTRA, wire_name
from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.faults.spec import ACTION_FIELDS, ALLOWED
from frontegg_async.emulator.services.entitlements.account_features import account_features
from frontegg_async.emulator.services.sso.common import shown_all
from frontegg_async.emulator.store.tenant_rows import StoredTenant
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.redaction import REDACTED
from frontegg_async.endpoints import Auth, all_endpoints
from frontegg_async.models.sso import SsoType
from frontegg_async.models.sso_writes import SsoConfigurationUpdate
from frontegg_async.models.tenant_writes import TenantUpdate

MAX_LISTED: Final = 100_000
"""The maximum number of tenants or users in a list. The list's ``total`` counts all of them."""
_SECRETS: Final = ("oidcSecret", "idpClientSecret")
_NOT_PLAIN: Final = frozenset({"tenantId", "parentTenantId", "metadata", EXTRA})
"""The fields that the forms do not list, because they have their own input or cannot be changed."""
_KINDS: Final = ((bool, "flag"), (int, "number"), (SsoType, "choice"), (str, "text"))
"""The kinds of values of a field. The first type in this list that the field's annotation contains decides."""
_CREDENTIALS: Final = (
    (Auth.ENVIRONMENT, "environment"),
    (Auth.TENANT, "environment with the tenant"),
    (Auth.USER, "user"),
)


def environment(one: EmulatedEnvironment) -> dict[str, JsonValue]:
    """Return an environment without the secret."""
    return {"client_id": one.client_id, "tenants": len(one.state.tenants), "users": len(one.state.users)}


def tenants(one: EmulatedEnvironment) -> dict[str, object]:
    """Return the tenants with the fields that a tree view needs."""
    parents = one.state.parents
    rows = [
        {
            "tenantId": row.tenant_id,
            "name": row.name,
            "parentTenantId": parents.get(row.tenant_id),
            "isReseller": row.is_reseller,
            "isLocked": row.is_locked,
        }
        for row in islice(one.state.tenants.values(), MAX_LISTED)
    ]
    return {"total": len(one.state.tenants), "tenants": rows}


def tenant(one: EmulatedEnvironment, tenant_id: str) -> StoredTenant:
    """Return a tenant with all its fields and its parent.

    Raises:
        LookupError: There is no tenant with that id.
    """
    if tenant_id not in one.state.tenants:
        raise LookupError(f"there is no tenant {tenant_id!r}")
    return one.state.tenants.stored(tenant_id, one.state.parents.get(tenant_id))


def features(one: EmulatedEnvironment, tenant_id: str) -> dict[str, object]:
    """Return the features. Each entry has whether the tenant is entitled to the feature, and why.

    Raises:
        LookupError: There is no tenant with that id.
    """
    tenant(one, tenant_id)
    return {"features": account_features(one, tenant_id)}


def sso(one: EmulatedEnvironment, tenant_id: str) -> dict[str, object]:
    """Return the SSO configurations of a tenant. In place of a secret, they contain whether the secret is set.

    Raises:
        LookupError: There is no tenant with that id.
    """
    tenant(one, tenant_id)
    shown = shown_all(one, tenant_id)
    for configuration in shown:
        for name in _SECRETS:
            configuration[name] = None if configuration[name] is None else REDACTED
    return {"configurations": shown}


def form_fields() -> dict[str, object]:
    """Return the writable fields of tenants and SSO configurations, each with the kind of its value."""
    return {"tenant": _fields_of(TenantUpdate), "sso": _fields_of(SsoConfigurationUpdate)}


def _fields_of(model: type[attrs.AttrsInstance]) -> list[dict[str, object]]:
    hints = get_type_hints(model)
    named = {wire_name(field): get_args(hints[field.name]) for field in attrs.fields(model)}
    return [{"name": name, **_kind_of(name, types)} for name, types in named.items() if name not in _NOT_PLAIN]


def _kind_of(name: str, types: tuple[object, ...]) -> dict[str, object]:
    if name in _SECRETS:
        return {"kind": "secret"}
    kind = next((kind for value_type, kind in _KINDS if value_type in types), "json")
    return {"kind": kind, "options": list(SsoType)} if kind == "choice" else {"kind": kind}


def users(one: EmulatedEnvironment) -> dict[str, object]:
    """Return the users without their passwords."""
    rows = [
        {
            "id": row.id,
            "email": row.email,
            "name": row.name,
            "tenantId": row.tenant_id,
            "tenantIds": row.tenant_ids,
            "permissions": row.permissions,
            "roles": row.roles,
            "username": row.username,
            "metadata": row.metadata,
            "invisible": row.invisible,
            "allowAccess": row.allow_access,
            "isLocked": row.is_locked,
            "verified": row.verified,
            "externalId": row.external_id,
            "memberships": row.memberships,
        }
        for row in islice(one.state.users.values(), MAX_LISTED)
    ]
    return {"total": len(one.state.users), "users": rows}


def clock(one: EmulatedEnvironment) -> dict[str, JsonValue]:
    """Return the time of the clock, and whether the clock is stopped."""
    return {"now": timestamp(one.clock.now()), "frozen": one.clock.frozen is not None}


def operations() -> dict[str, object]:
    """Return the operations that the emulator serves."""
    rows = [
        {
            "name": endpoint.name,
            "method": endpoint.method,
            "path": endpoint.path,
            "auth": [words for auth, words in _CREDENTIALS if endpoint.auth & auth],
            "evidence": endpoint.evidence.value,
            "summary": endpoint.summary,
        }
        for endpoint in all_endpoints()
    ]
    return {"operations": rows}


def fault_kinds() -> dict[str, object]:
    """Return the actions of faults that are possible at each stage, and the fields of each action."""
    return {
        "stages": {stage: sorted(actions) for stage, actions in ALLOWED.items()},
        "actions": {kind: sorted(fields) for kind, fields in ACTION_FIELDS.items()},
    }
