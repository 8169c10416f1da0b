"""Objects of each kind of an environment file: what they are created with, and each change of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from frontegg_async import AsyncFrontegg
from frontegg_async._values.json_values import JsonValue
from frontegg_async.models import DEFAULT_JWT_CLAIMS

Flat = Mapping[str, JsonValue]
"""Values by flat names."""


@attrs.frozen(kw_only=True)
class Case:
    """An object of a kind."""

    part: str
    key: str
    least: Flat = attrs.field(factory=dict[str, JsonValue])
    """The values without which it cannot be created."""
    more: Flat
    """All other values that a creation can set."""
    changes: Flat
    """For each flat name, another value than the creation sets."""
    unknown: Flat = attrs.field(factory=dict[str, JsonValue])
    """References to what is not there."""


def rule(template: str, attribute: str, *values: str, op: str = "in_list", negate: bool = False) -> JsonValue:
    """Return a rule of JWT templates with one condition, as it is read."""
    condition: dict[str, JsonValue] = {"attribute": attribute, "op": op, "values": [*values]}
    return {"template_key": template, "conditions": [{**condition, "negate": True} if negate else condition]}


def treatment_rule(treatment: str, attribute: str, *values: str, op: str = "in_list") -> JsonValue:
    """Return a rule of feature plans and feature flags with one condition."""
    condition: dict[str, JsonValue] = {"attribute": attribute, "negate": False, "op": op, "value": {"list": [*values]}}
    return {"description": "", "conditionLogic": "and", "conditions": [condition], "treatment": treatment}


CASES: Final[Mapping[str, Case]] = {
    "permission_categories": Case(
        part="permission_categories",
        key="Sales",
        more={"description": "Of sales"},
        changes={"description": "Of sales people"},
    ),
    "permissions": Case(
        part="permissions",
        key="reports.write",
        least={"name": "Write"},
        more={"description": "Writes reports", "category": "Reports", "assignment_type": "NEVER"},
        changes={
            "name": "Write reports",
            "description": "Writes all reports",
            "category": "Users",
            "assignment_type": "ALWAYS",
        },
        unknown={"category": "Report"},
    ),
    "roles": Case(
        part="roles",
        key="editor",
        least={"name": "Editor", "level": 5},
        more={"description": "Edits", "is_default": True, "first_user_role": True},
        changes={
            "name": "Author",
            "level": 6,
            "description": "Writes",
            "is_default": False,
            "first_user_role": False,
            "permissions.reports.read": True,
            "permissions.fe.secure.*": True,
        },
        unknown={"permissions.report.read": True},
    ),
    "applications": Case(
        part="applications",
        key="Desk",
        least={"app_url": "https://desk.example", "login_url": "https://desk.example/login"},
        more={
            "logo_url": "https://desk.example/logo.png",
            "access_type": "MANAGED_ACCESS",
            "is_default": True,
            "is_active": False,
            "type": "mobile-ios",
            "frontend_stack": "swift",
            "description": "The desk",
            "metadata.team": "A",
            "metadata.seats.of.all": {"a": [1, None]},
            "allow_dcr": True,
        },
        changes={
            "app_url": "https://Desk.example/app/",
            "login_url": "https://desk.example/sign-in",
            "logo_url": "https://desk.example/logo.svg",
            "access_type": "FREE_ACCESS",
            "is_default": False,
            "is_active": True,
            "type": "web",
            "frontend_stack": "next.js",
            "description": "Our desk",
            "metadata.team": "B",
            "metadata.seats.of.all": None,
            "metadata.new": [1],
            "app_host": "desk.example",
            "allow_dcr": False,
        },
    ),
    "jwt_templates": Case(
        part="jwt_templates",
        key="short",
        least={
            "name": "Short",
            "expiration": 600,
            **{f"claims.{name}": value for name, value in DEFAULT_JWT_CLAIMS.items()},
        },
        more={"description": "Ends soon", "algorithm": "HS256", "claims.app.name": {"a": [1, None]}},
        changes={
            "name": "Long",
            "description": "Ends late",
            "expiration": 86400,
            "algorithm": "RS256",
            "claims.app.name": None,
            "claims.plan": "pro",
            "claims.name": "{{user.email}}",
        },
    ),
    "jwt_template_targeting": Case(
        part="jwt_template_targeting",
        key="environment",
        more={"rules": [rule("standard", "applicationId", "Till")]},
        changes={
            "rules": [
                rule("standard", "roleIds", "ReadOnly", "viewer", op="contains", negate=True),
                rule("standard", "tenantId", "north"),
                rule("standard", "applicationId", "Default Application"),
            ]
        },
        unknown={"rules": [rule("standard", "roleIds", "Till")]},
    ),
    "webhooks": Case(
        part="webhooks",
        key="Ledger",
        least={
            "url": "https://ledger.example/hooks",
            "secret": "canary one",
            "event_keys.frontegg.tenant.created": True,
        },
        more={
            "event_keys.frontegg.user.created": True,
            "description": "Tells the ledger",
            "is_active": False,
        },
        changes={
            "url": "https://ledger.example/v2/hooks",
            "secret": "canary two",
            "event_keys.frontegg.tenant.deleted": True,
            "event_keys.frontegg.tenant.created": False,
            "description": "Tells the new ledger",
            "is_active": True,
        },
    ),
    "prehooks": Case(
        part="prehooks",
        key="Gate",
        least={
            "url": "https://gate.example/hooks",
            "secret": "canary one",
            "event_keys.CREATE_TENANT": True,
            "fail_method": "OPEN",
        },
        more={"event_keys.CREATE_USER": True, "description": "Asks", "is_active": False, "timeout": 3},
        changes={
            "url": "https://gate.example/v2/hooks",
            "secret": "canary two",
            "event_keys.UPDATE_USER": True,
            "event_keys.CREATE_TENANT": False,
            "description": "Asks again",
            "is_active": True,
            "fail_method": "CLOSE",
            "timeout": 5,
        },
    ),
    "domains": Case(
        part="sso_settings",
        key="domains",
        more={
            "allow_verified_users_to_add_domains": True,
            "skip_domain_verification": False,
            "bypass_domain_cross_validation": True,
        },
        changes={
            "allow_verified_users_to_add_domains": False,
            "skip_domain_verification": True,
            "bypass_domain_cross_validation": False,
        },
    ),
    "multiple_sso": Case(
        part="sso_settings",
        key="multiple_sso",
        more={"enabled": True, "use_active_tenant": False, "unspecified_tenant_strategy": "BLOCK"},
        changes={"enabled": False, "use_active_tenant": True, "unspecified_tenant_strategy": "ASK"},
    ),
    "oidc": Case(
        part="sso_settings",
        key="oidc",
        more={"enabled": True, "redirect_uri": "https://app.example/oidc"},
        changes={"enabled": False, "redirect_uri": "https://app.example/oidc/2"},
    ),
    "features": Case(
        part="features",
        key="exports",
        least={"name": "Exports"},
        more={"description": "Exports reports", "permissions.reports.read": True},
        changes={
            "name": "All exports",
            "description": "Exports all",
            "permissions.fe.secure.*": True,
            "permissions.reports.read": False,
        },
    ),
    "plans": Case(
        part="plans",
        key="Enterprise",
        more={
            "description": "For large accounts",
            "features.seats": True,
            "default_treatment": "true",
            "rules": [treatment_rule("true", "jwt.plan", "pro")],
            "default_time_limitation": 30,
            "assign_on_signup": True,
            "metadata.price": 10,
            "metadata.a.b": {"a": [1, None]},
        },
        changes={
            "description": "For the largest accounts",
            "features.seats": False,
            "features.sso": True,
            "default_treatment": "false",
            "rules": [treatment_rule("false", "frontegg.tenantId", "north", "south"), treatment_rule("true", "a", "b")],
            "default_time_limitation": 31,
            "assign_on_signup": False,
            "metadata.price": None,
            "metadata.new": [1],
        },
        unknown={"features.seat": True},
    ),
    "feature_flags": Case(
        part="feature_flags",
        key="Beta",
        least={"feature": "seats", "on": True, "default_treatment": "false", "off_treatment": "false"},
        more={
            "rules": [treatment_rule("true", "frontegg.email", "@acme.example", op="ends_with")],
            "description": "For those who try it",
            "metadata.team": "A",
        },
        changes={
            "feature": "sso",
            "on": False,
            "default_treatment": "true",
            "off_treatment": "true",
            "rules": [],
            "description": "For all",
            "metadata.team": "B",
        },
        unknown={"feature": "seat"},
    ),
}
"""The objects by names; there is one for each kind, and for each key of settings."""


async def prepare(client: AsyncFrontegg) -> None:
    """Create what the objects refer to, and others beside them."""
    reports = await client.permissions.create_category(name="Reports")
    await client.permissions.create_category(name="Users", description="Of users")
    await client.permissions.create(key="reports.read", name="Read", category_id=reports.id)
    await client.roles.create(key="viewer", name="Viewer", level=9)
    await client.applications.create(name="Till", app_url="https://till.example", login_url="https://till.example/in")
    claims = DEFAULT_JWT_CLAIMS
    for key in ("seats", "sso"):
        await client.features.create(key=key, name=key.title())
    await client.jwt_templates.create(key="standard", name="Standard", claims=claims, expiration=3600)


async def create_twin(client: AsyncFrontegg, name: str) -> None:
    """Create one more object with the key of a case."""
    key = CASES[name].key
    if name == "permission_categories":
        await client.permissions.create_category(name=key)
    elif name == "applications":
        await client.applications.create(name=key, app_url="https://a.example", login_url="https://a.example")
    elif name == "plans":
        await client.plans.create(name=key)
    elif name == "feature_flags":
        feature = await client.features.list().first()
        assert feature is not None
        await client.feature_flags.create(name=key, feature_id=feature.id)
    elif name == "webhooks":
        await client.webhooks.of_environment.create(
            display_name=key, url="https://a.example", secret="s", event_keys=["frontegg.tenant.created"]
        )
    else:
        await client.prehooks.create(
            display_name=key, url="https://a.example", secret="s", event_keys=["JWT_CREATED"], fail_method="open"
        )
