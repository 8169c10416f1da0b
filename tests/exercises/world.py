"""The environment of all exercises: tenants, users, and objects with known ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from frontegg_async.emulator import EmulatorHandle
from tests.emulator import cases_roles, cases_sso
from tests.exercises import (
    entitlements,
    events,
    hooks,
    invitations,
    jwt_templates,
    passwords,
    scim,
    security,
    user_contacts,
    user_migrations,
    user_sources,
)

TENANTS: Final[Sequence[Mapping[str, Any]]] = (
    {"tenantId": "acme", "name": "Acme", "isReseller": True, "alias": "acme", "metadata": {"plan": "pro"}},
    {"tenantId": "child", "name": "Child", "parentTenantId": "acme", "isReseller": True},
    {"tenantId": "leaf", "name": "Leaf", "parentTenantId": "child"},
    {"tenantId": "other", "name": "Other"},
)
USERS: Final[Sequence[Mapping[str, Any]]] = (
    {
        "id": "ann",
        "email": "ann@acme.example",
        "password": passwords.PASSWORD_OF_ANN,
        "tenantId": "acme",
        "tenantIds": ["acme", "other"],
        "mfaEnrolled": True,
    },
    {"id": "bob", "email": "bob@child.example", "tenantId": "child"},
)
_CREATED: Final = "2026-01-01T00:00:00.000Z"


ROLE_OF_OTHER: Final = "role-of-other"
"""The id of a role that acme may not use."""

TABLES_OF_USERS: Final[Mapping[str, Any]] = {
    "roles": [
        {
            "id": ROLE_OF_OTHER,
            "tenantId": "other",
            "key": "Own",
            "name": "Own",
            "createdAt": _CREATED,
            "updatedAt": _CREATED,
        }
    ],
    "userTasks": [
        {"id": "invitation", "total": 2, "errors": [{"index": "1", "message": "no"}]},
        {"id": "roles", "total": 2, "userId": "ann", "addedRoleIds": ["admin"]},
    ],
}
"""A role of one tenant, and tasks of users."""

SESSION_OF_ANN: Final[Mapping[str, Any]] = {
    "token": "refresh-of-ann",
    "subject": "ann",
    "tenantId": "acme",
    "createdAt": _CREATED,
    "session": "session-of-ann",
}
"""A session that can be ended, as a snapshot has it."""


def prepare(environment: EmulatorHandle) -> None:
    """Fill an environment. Ann belongs to acme and other; ids of API tokens begin with the environment's client id."""
    environment.seed(tenants=TENANTS, users=USERS)
    snapshot: Any = environment.snapshot()
    tables = snapshot["environments"][0]["tables"]
    tables.update(cases_sso.TABLES)
    of_acme = {"tenantId": "acme", "createdAt": _CREATED}
    tables["access_token"] = [
        {**of_acme, "id": "of-acme", "roles": ["Admin"]},
        {**of_acme, "id": "of-ann", "userId": "ann", "permissions": ["fe.secure.*"]},
    ]
    snapshot["environments"][0]["refresh_tokens"].append(SESSION_OF_ANN)
    of_users = (passwords, user_contacts, user_migrations, user_sources)
    for module in (cases_roles, entitlements, events, hooks, invitations, jwt_templates, scim, security, *of_users):
        tables.update(module.TABLES)
    for name, rows in TABLES_OF_USERS.items():
        tables[name] = [*tables.get(name, ()), *rows]
    tables["migration"] = [{"id": "m1", "startedAt": _CREATED, "tenants": [{"tenantId": "acme"}]}]
    tables["apiTokens"] = [
        {**of_acme, "id": api_token(environment), "secret": "emu_api"},
        {**of_acme, "id": user_api_token(environment), "secret": "emu_api", "userId": "ann"},
    ]
    environment.restore(snapshot)


def api_token(environment: EmulatorHandle) -> str:
    """Return the client id of acme's API token."""
    return f"{environment.client_id}-acme"


def user_api_token(environment: EmulatorHandle) -> str:
    """Return the client id of Ann's API token."""
    return f"{environment.client_id}-ann"
