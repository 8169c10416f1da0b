"""The section of docs/operations.md on operations without a method, which ``send()`` calls, from public sources."""

from __future__ import annotations

from typing import Final, NamedTuple

from frontegg_async.endpoints import Evidence


class Neighbour(NamedTuple):
    """An operation of another part of the service.

    ``credential`` is ``V`` (environment), ``V+T`` (with the tenant) or ``V+T+user``; ``evidence`` says how it is known,
    as in the declared operations.
    """

    method: str
    path: str
    credential: str
    evidence: Evidence
    what: str


USERS: Final = "/identity/resources/users"
IDENTITY: Final = "/identity/resources"
APPLICATIONS: Final = "/applications/resources/applications"
ENTITLEMENTS: Final = "/entitlements/resources"

NEIGHBOURS: Final[dict[str, tuple[Neighbour, ...]]] = {
    "Users": (
        Neighbour(
            "GET", f"{USERS}/v3", "V", Evidence.DOCUMENTED, "lists users; the tenant's header narrows it to one tenant"
        ),
        Neighbour("GET", f"{USERS}/v1/{{user_id}}", "V+T", Evidence.DOCUMENTED, "gets a user"),
        Neighbour("POST", f"{USERS}/v2", "V+T", Evidence.DOCUMENTED, "invites a user"),
        Neighbour("POST", f"{USERS}/bulk/v1/invite", "V+T", Evidence.DOCUMENTED, "invites several; the status is 202"),
        Neighbour("PUT", f"{USERS}/v1", "V+T+user", Evidence.DOCUMENTED, "changes fields of a user in a tenant"),
        Neighbour("PUT", f"{USERS}/v1/{{user_id}}", "V", Evidence.DOCUMENTED, "**replaces** a user's global fields"),
        Neighbour(
            "DELETE",
            f"{USERS}/v1/{{user_id}}",
            "V+T",
            Evidence.DOCUMENTED,
            "removes a user from the tenant; sent without one, **everywhere**",
        ),
        Neighbour("POST", f"{USERS}/v1/{{user_id}}/tenant", "V", Evidence.DOCUMENTED, "adds a user to another tenant"),
        Neighbour(
            "PUT",
            f"{USERS}/v1/{{user_id}}/tenant",
            "V",
            Evidence.DOCUMENTED,
            "moves a user; **creates** an unknown tenant unless the body has `validateTenantExist`",
        ),
        Neighbour(
            "POST",
            f"{USERS}/v1/{{user_id}}/roles",
            "V+T",
            Evidence.DOCUMENTED,
            "adds roles; `DELETE` removes them, with a body",
        ),
        Neighbour(
            "GET",
            f"{IDENTITY}/tenants/users/v1/statuses",
            "V",
            Evidence.DOCUMENTED,
            "returns who was invited and who signed in",
        ),
        Neighbour("GET", f"{USERS}/sessions/v1/me", "V+T+user", Evidence.LIVE, "lists the sessions of a user"),
    ),
    "Roles, permissions, groups": (
        Neighbour("GET", f"{IDENTITY}/roles/v1", "V", Evidence.DOCUMENTED, "lists roles, as an array"),
        Neighbour("POST", f"{IDENTITY}/roles/v1", "V", Evidence.LIVE, "creates roles; the body is an array"),
        Neighbour(
            "PUT",
            f"{IDENTITY}/roles/v1/{{role_id}}/permissions",
            "V",
            Evidence.DOCUMENTED,
            "**replaces** a role's permissions",
        ),
        Neighbour("GET", f"{IDENTITY}/permissions/v1", "V", Evidence.DOCUMENTED, "lists permissions"),
        Neighbour("GET", f"{IDENTITY}/groups/v2", "V+T", Evidence.DOCUMENTED, "lists the groups of a tenant"),
        Neighbour("POST", f"{IDENTITY}/groups/v1", "V+T", Evidence.DOCUMENTED, "creates a group"),
    ),
    "Applications": (
        Neighbour("GET", f"{APPLICATIONS}/v1", "V", Evidence.DOCUMENTED, "lists applications"),
        Neighbour(
            "GET",
            "/applications/resources/applications/tenant-assignments/v1",
            "V+T",
            Evidence.DOCUMENTED,
            "lists those of a tenant",
        ),
        Neighbour(
            "POST",
            "/applications/resources/applications/tenant-assignments/v1/{app_id}",
            "V",
            Evidence.DOCUMENTED,
            "assigns one to a tenant; 409 if it is assigned",
        ),
    ),
    "Webhooks and events": (
        Neighbour(
            "GET", "/webhook", "V", Evidence.ASSUMED, "lists webhooks; shipped clients use a portal's or a user's token"
        ),
        Neighbour("POST", "/webhook/custom", "V", Evidence.ASSUMED, "creates a webhook; likewise"),
        Neighbour("POST", "/event/resources/triggers/v3", "V+T", Evidence.CLIENT, "triggers a custom event"),
        Neighbour(
            "GET",
            "/prehooks/resources/configurations/v1",
            "V",
            Evidence.CLIENT,
            "lists prehooks, which may refuse a write",
        ),
    ),
    "Audits": (
        Neighbour(
            "GET",
            "/audits/resources/audits/v2",
            "V",
            Evidence.DOCUMENTED,
            "lists audits; `count` and `offset`, in items",
        ),
        Neighbour("GET", "/audits/resources/metrics/v1", "V", Evidence.DOCUMENTED, "returns their totals"),
    ),
    "Plans and entitlements": (
        Neighbour(
            "GET",
            f"{ENTITLEMENTS}/entitlements/v2",
            "V",
            Evidence.DOCUMENTED,
            "lists entitlements, at most 10 at a time",
        ),
        Neighbour("POST", f"{ENTITLEMENTS}/entitlements/v2/batch", "V", Evidence.DOCUMENTED, "creates several"),
        Neighbour("GET", f"{ENTITLEMENTS}/plans/v1", "V", Evidence.DOCUMENTED, "lists plans"),
    ),
    "Policies and provisioning": (
        Neighbour(
            "PUT", f"{IDENTITY}/configurations/v1/mfa-policy", "V+T", Evidence.DOCUMENTED, "sets when MFA is required"
        ),
        Neighbour(
            "GET",
            f"{IDENTITY}/configurations/sessions/v1",
            "V+T",
            Evidence.DOCUMENTED,
            "returns how long sessions last",
        ),
        Neighbour(
            "GET",
            f"{IDENTITY}/configurations/v1/restrictions/ip",
            "V+T",
            Evidence.DOCUMENTED,
            "lists restrictions by address",
        ),
        Neighbour(
            "POST",
            "/directory/resources/v1/configurations/scim2",
            "V+T",
            Evidence.DOCUMENTED,
            "configures SCIM; the token is returned once",
        ),
    ),
    "The environment": (
        Neighbour("GET", "/vendors", "V", Evidence.DOCUMENTED, "returns the environment of a credential"),
    ),
}

CREDENTIALS: Final = {
    "V": "environment",
    "V+T": "environment with the tenant",
    "V+T+user": "environment with the tenant and the user",
}

HEAD: Final = """\
## Neighbouring operations

These operations of the service have no methods in the SDK yet. Declare the ones that you need and pass them to
[`send()`](own_operations.md), which uses the same token, deadline, retries, rate limits and errors. The list has
the most common ones, and is not complete. The emulator does not serve them.

- **environment**: `auth=Auth.ENVIRONMENT`, sent by the client. *With the tenant*: `auth=Auth.TENANT`, sent by
  `frontegg.for_tenant(...)`. *And the user*: `user_header=True`, and `send(..., user_id="...")`.
- Only `GET` is retried, until you declare the effect of a repeated request ([how](own_operations.md#retries)).
- Paging differs: users, roles v2 and groups count pages (`_offset`), entitlements and audits count items (`offset`).
"""

EXAMPLE: Final = """\
### For example: the tenants of a user

An operation with the header of a user. `frontegg_async.endpoints.me` declares it as `TENANTS` too, and the emulator
serves it:

```python
from frontegg_async import AsyncFrontegg, Auth, Endpoint
from frontegg_async.emulator import Emulator

TENANTS_OF_USER = Endpoint(
    name="users.tenants",
    method="GET",
    path="/identity/resources/users/v2/me/tenants",
    auth=Auth.ENVIRONMENT,
    user_header=True,
    returns=list,
)

async with Emulator() as emulator, emulator.client() as frontegg:
    await emulator.seed(
        tenants=[
            {"tenantId": "north", "name": "North"},
            {"tenantId": "south", "name": "South"},
        ],
        users=[
            {
                "id": "ada",
                "email": "ada@north.example",
                "tenantId": "north",
                "tenantIds": ["south"],
            }
        ],
    )
    response = await frontegg.send(TENANTS_OF_USER, user_id="ada")
    print([tenant["name"] for tenant in response.value])
```

```text
['North', 'South']
```
"""


def section(evidence: dict[Evidence, str]) -> str:
    """Return the section of the page.

    Args:
        evidence: The words for each kind of evidence.
    """
    parts = [HEAD]
    for subject, operations in NEIGHBOURS.items():
        rows = (
            f"| `{each.method} {each.path}` | {each.what} | {CREDENTIALS[each.credential]} "
            f"| {evidence[each.evidence]} |"
            for each in operations
        )
        head = ("| operation | what it does | credential | evidence |", "| --- | --- | --- | --- |")
        parts.append("\n".join([f"### {subject}", "", *head, *rows, ""]))
    return "\n".join([*parts, EXAMPLE])
