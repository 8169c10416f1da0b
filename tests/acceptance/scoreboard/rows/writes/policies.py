"""The writes on security policies and SCIM configurations, each of a tenant of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, Final

from frontegg_async.endpoints import Endpoint, scim, security
from tests.acceptance.scoreboard.rows.writes.environment_state import After, Ground, Plan, Write

_THEN: Final = "2026-01-01T00:00:00.000Z"


def _policy(
    name: str,
    kind: str,
    *endpoints: Endpoint[Any],
    is_there: bool = False,
    is_own: bool = False,
    before: object = None,
    **given: object,
) -> Plan:
    """Return the plan to set a policy, as the environment or as a user of the tenant.

    ``before`` are its values if the tenant has one already.
    """
    form = " ".join(["of one that is there"] * is_there + ["by a user"] * is_own)

    def plan(ground: Ground, mark: str) -> Write:
        tenant_id = ground.tenant(f"policy-{mark}")
        user_id = ground.user(f"user-{mark}", tenant_id) if is_own else ""
        row_id = f"{kind}:{tenant_id}"
        if is_there:
            ground.row(
                "policies", row_id, tenant_id, kind=kind, createdAt=_THEN, updatedAt=_THEN, values=before or {"is": 1}
            )

        def shown(after: After) -> bool:
            row = after.row("policies", row_id)
            return row is not None and row["updatedAt"] != _THEN

        async def call(sides: Any, options: Any) -> object:
            client = sides.user_of(tenant_id, user_id) if is_own else sides.frontegg.for_tenant(tenant_id)
            return await attrgetter(name)(client.security)(options=options, **given)

        return Write(endpoints=endpoints, call=call, shown=shown, form=form)

    return plan


def _row(
    endpoint: Endpoint[Any],
    table: str,
    call: Callable[[Any, str, str, Any], Any],
    *,
    before: Mapping[str, object] | None = None,
    shown: Callable[[After, str, str], bool],
    made: Callable[[After, str], int] = lambda _, __: 0,
) -> Plan:
    """Return the plan of a write of a row; ``before`` is what there is at first."""

    def plan(ground: Ground, mark: str) -> Write:
        tenant_id, row_id = ground.tenant(f"policy-{mark}"), f"row-{mark}"
        if before is not None:
            ground.row(table, row_id, tenant_id, createdAt=_THEN, **before)
        return Write(
            endpoints=(endpoint,),
            call=lambda sides, options: call(sides.frontegg, tenant_id, row_id, options),
            shown=lambda after: shown(after, tenant_id, row_id),
            made=lambda after: made(after, tenant_id),
        )

    return plan


def _count(table: str) -> Callable[[After, str], int]:
    return lambda after, tenant_id: after.count(table, "tenantId", tenant_id)


def _one(table: str) -> Callable[[After, str, str], bool]:
    return lambda after, tenant_id, _: after.count(table, "tenantId", tenant_id) == 1


def _none(table: str) -> Callable[[After, str, str], bool]:
    return lambda after, _, row_id: after.row(table, row_id) is None


_IP: Final = {"ip": "203.0.113.7", "strategy": "BLOCK"}
_COUNTRIES: Final = 2
_ADDRESSES: Final = 2
"""The restrictions that there are when one was changed and one was added."""
_DOMAIN: Final = {"domain": "old.example", "type": "BLOCK"}
_SCIM: Final = {"connectionName": "Okta", "source": "okta"}
_HISTORY: Final = (security.SET_HISTORY, security.CREATE_HISTORY)
_MFA: Final[Mapping[str, Any]] = {"enforce": "Force", "all_applications": True}
_LOCKOUT: Final = (security.SET_LOCKOUT, security.CREATE_LOCKOUT)


def _set_countries(ground: Ground, mark: str) -> Write:
    tenant_id = ground.tenant(f"policy-{mark}")
    user_id = ground.user(f"user-{mark}", tenant_id)
    ground.row("countries", f"row-{mark}", tenant_id, createdAt=_THEN, countryCode="US")
    return Write(
        endpoints=(security.SET_COUNTRIES,),
        call=lambda sides, options: sides.user_of(tenant_id, user_id).security.countries.set(
            country_codes=["AT", "DE"], options=options
        ),
        shown=lambda after: after.count("countries", "tenantId", tenant_id) == _COUNTRIES,
        made=lambda after: after.count("countries", "tenantId", tenant_id) - 1,
    )


PLANS: Final[tuple[Plan, ...]] = (
    _set_countries,
    _policy("countries.set_config", "countryConfig", security.SET_COUNTRY_CONFIG, is_own=True, enabled=True),
    _policy("mfa.set", "mfa", security.SET_MFA, **_MFA, allow_remember_my_device=True, device_expiration=60),
    _policy("mfa.set", "mfa", security.SET_MFA, is_there=True, before={"enforceMFAType": "DontForce"}, **_MFA),
    _policy("mfa.set", "mfa@app", security.SET_MFA, is_own=True, enforce="Force", app_ids=["app"]),
    _policy("lockout.set", "lockout", *_LOCKOUT, enabled=True, max_attempts=3),
    _policy("lockout.set", "lockout", *_LOCKOUT, is_there=True, enabled=True, max_attempts=3),
    _policy("lockout.set", "lockout", *_LOCKOUT, is_own=True, enabled=True, max_attempts=3),
    _policy("password.set", "password", security.SET_PASSWORD, min_length=12),
    _policy("password_history.set", "passwordHistory", *_HISTORY, enabled=True, history_size=3),
    _policy("password_history.set", "passwordHistory", *_HISTORY, is_there=True, enabled=True, history_size=3),
    _policy("password_rotation.set", "passwordRotation", security.SET_ROTATION, enabled=True),
    _policy("sessions.set", "sessions", security.SET_SESSIONS, idle=600, lifetime=None, max_sessions=3),
    _policy("ip_restrictions.set_config", "ipConfig", security.SET_IP_CONFIG, mode="allow", enabled=True),
    _policy("email_domains.set_config", "emailDomainConfig", security.SET_DOMAIN_CONFIG, enabled=True),
    _row(
        security.CREATE_IP,
        "ipRestrictions",
        lambda frontegg, tenant_id, _, options: frontegg.security.ip_restrictions.create(
            tenant_id, ip="203.0.113.7", mode="block", options=options
        ),
        shown=_one("ipRestrictions"),
        made=_count("ipRestrictions"),
    ),
    _row(
        security.CREATE_IPS,
        "ipRestrictions",
        lambda frontegg, tenant_id, _, options: frontegg.security.ip_restrictions.create_many(
            tenant_id, ips=["203.0.113.7", "203.0.113.0/24"], mode="block", options=options
        ),
        before=_IP,
        shown=lambda after, tenant_id, _: after.count("ipRestrictions", "tenantId", tenant_id) == _ADDRESSES,
        made=lambda after, tenant_id: after.count("ipRestrictions", "tenantId", tenant_id) - 1,
    ),
    _row(
        security.DELETE_IP,
        "ipRestrictions",
        lambda frontegg, tenant_id, row_id, options: frontegg.security.ip_restrictions.delete(
            tenant_id, row_id, options=options
        ),
        before=_IP,
        shown=_none("ipRestrictions"),
    ),
    _row(
        security.CREATE_DOMAIN,
        "emailDomains",
        lambda frontegg, tenant_id, _, options: frontegg.security.email_domains.create(
            tenant_id, domain="new.example", mode="allow", options=options
        ),
        shown=_one("emailDomains"),
        made=_count("emailDomains"),
    ),
    _row(
        security.DELETE_DOMAIN,
        "emailDomains",
        lambda frontegg, tenant_id, row_id, options: frontegg.security.email_domains.delete(
            tenant_id, row_id, options=options
        ),
        before=_DOMAIN,
        shown=_none("emailDomains"),
    ),
    _row(
        security.REPLACE_DOMAINS,
        "emailDomains",
        lambda frontegg, tenant_id, _, options: frontegg.security.email_domains.replace(
            tenant_id, domains=["new.example"], mode="allow", options=options
        ),
        before=_DOMAIN,
        shown=_none("emailDomains"),
    ),
    _row(
        scim.CREATE,
        "scimConfigurations",
        lambda frontegg, tenant_id, _, options: frontegg.scim.create(tenant_id, source="okta", options=options),
        shown=_one("scimConfigurations"),
        made=_count("scimConfigurations"),
    ),
    _row(
        scim.UPDATE,
        "scimConfigurations",
        lambda frontegg, tenant_id, row_id, options: frontegg.scim.update(
            tenant_id, row_id, sync_to_user_management=True, options=options
        ),
        before=_SCIM,
        shown=lambda after, _, row_id: (after.row("scimConfigurations", row_id) or {})["syncToUserManagement"] is True,
    ),
    _row(
        scim.DELETE,
        "scimConfigurations",
        lambda frontegg, tenant_id, row_id, options: frontegg.scim.delete(tenant_id, row_id, options=options),
        before=_SCIM,
        shown=_none("scimConfigurations"),
    ),
)
