"""Callers of apps whose guards ask for a tenant, and what each framework answers them."""

from __future__ import annotations

from typing import Any, Final

from frontegg_async._values.unset import UNSET
from frontegg_async.emulator import EmulatorHandle

GUARDS: Final[dict[str, dict[str, Any]]] = {
    "own": {"own_tenant": "tenant_id"},
    "own-role": {"own_tenant": "tenant_id", "role": "Support"},
    "operators": {"role": "Support", "in_tenant": "our-company"},
    "operators-permission": {"permission": "accounts.read", "in_tenant": "our-company"},
}
"""The guards of ``/GUARD/{tenant_id}``."""

STATUSES: Final[dict[str, dict[tuple[str, bool], tuple[int, int]]]] = {
    "own": {("north", True): (200, 404), ("north", False): (200, 404), ("our-company", True): (404, 404)},
    "own-role": {("north", True): (200, 404), ("north", False): (403, 404), ("our-company", True): (404, 404)},
    "operators": {("north", True): (403, 403), ("our-company", False): (403, 403), ("our-company", True): (200, 200)},
}
STATUSES["operators-permission"] = STATUSES["operators"]
"""The answers for ``north`` and for ``south`` to a caller of a tenant, with or without the role and the permission."""

SPELLINGS: Final = {"%6eorth": 200, "NORTH": 404, "north%20": 404, "north%00": 404, "%C2%ADnorth": 404, "n%6Frth": 200}
"""Other ways to write ``north`` in a path, and what its own caller is answered by the guard ``own``."""


def seed(emulator: EmulatorHandle) -> None:
    """Add the accounts."""
    emulator.seed(
        tenants=[{"tenantId": each, "name": each.title()} for each in ("north", "south", "our-company")],
        users=[
            {"id": f"u-{each}", "email": f"u@{each}.example", "tenantId": each} for each in ("north", "our-company")
        ],
    )


def credentials(emulator: EmulatorHandle, tenant_id: str, *, entitled: bool) -> list[dict[str, str]]:
    """Return the headers of a user of a tenant, of an access token of the tenant, and of one of the user."""
    held: dict[str, Any] = {"roles": [], "permissions": []}
    if entitled:
        held = {"roles": ["Support"], "permissions": ["accounts.*"]}
    user = f"u-{tenant_id}"
    keys = [emulator.access_token(tenant_id=tenant_id, user_id=each, **held).secret for each in (None, user)]
    bearer = emulator.user_token(tenant_id=tenant_id, user_id=user, **held).access_token
    return [{"Authorization": f"Bearer {bearer}"}, *({"x-api-key": key} for key in keys)]


WRONG: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "both": ({"own_tenant": "tenant_id", "in_tenant": "us", "role": "Support"}, "own_tenant or in_tenant, not both"),
    "no role": ({"in_tenant": "our-company"}, "give permission or role"),
    "a setting that is missing": ({"in_tenant": None, "role": "Support"}, "in_tenant must be the id of a tenant"),
    "an empty setting": ({"in_tenant": "", "role": "Support"}, "in_tenant must be the id of a tenant"),
    "white space": ({"in_tenant": " ", "role": "Support"}, "in_tenant must be the id of a tenant"),
    "several tenants": ({"in_tenant": ["us"], "role": "Support"}, "in_tenant must be the id of a tenant"),
    "no parameter": ({"own_tenant": None}, "own_tenant must be the name of a path parameter"),
    "an empty parameter": ({"own_tenant": ""}, "own_tenant must be the name of a path parameter"),
    "a path": ({"own_tenant": "{tenant_id}"}, "own_tenant must be the name of a path parameter"),
    "no name": ({"own_tenant": "tenant_id", "role": ""}, "role must be the printable name"),
    "not given, of a variable": ({"own_tenant": UNSET, "in_tenant": UNSET, "role": []}, "role must have at least one"),
}
"""Arguments of ``require`` that are refused when the guard is made, with a part of the message."""
