"""The guard of administrators: whether a plan leaves an account without one."""

from __future__ import annotations

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.administrators import administrator_roles, loses_last_owner
from frontegg_async.managed.kinds import ManagedObject, by_key
from frontegg_async.managed.users import Users
from frontegg_async.plans.objects.changes import ObjectChange

KIND = Users()
ROLES = frozenset({"Admin", "boss"})


def person(key: str, *roles: str, is_active: bool = True) -> ManagedObject:
    return ManagedObject(key, f"id of {key}", {"name": key, "roles": [*roles]}, is_active=is_active)


def changed(key: str, **roles: bool) -> ObjectChange:
    """Return the change of the roles of a person."""
    sets: dict[str, JsonValue] = {f"roles.{name}": value for name, value in roles.items()}
    return ObjectChange(KIND, key, "why", person(key), sets=sets)


def removed(key: str) -> ObjectChange:
    return ObjectChange(KIND, key, "why", person(key), is_deleted=True)


def invited(key: str, *roles: str) -> ObjectChange:
    creation: dict[str, JsonValue] = {f"roles.{name}": True for name in roles}
    return ObjectChange(KIND, key, "why", None, is_created=True, creation=creation)


ANN = person("ann", "Admin", "editor")
BOB = person("bob", "boss")
CYD = person("cyd", "editor")
WAITING = person("dan", "Admin", is_active=False)


@pytest.mark.parametrize(
    ("before", "changes", "expected"),
    [
        ([ANN, CYD], [removed("ann")], True),
        ([ANN, CYD], [changed("ann", Admin=False)], True),
        ([ANN, BOB], [removed("ann"), changed("bob", boss=False)], True),
        ([ANN, WAITING], [removed("ann")], True),
        ([ANN], [removed("ann"), invited("eve", "Admin")], True),
        ([ANN, CYD], [removed("ann"), changed("cyd", editor=False)], True),
        ([ANN, BOB], [removed("ann")], False),
        ([ANN, CYD], [removed("ann"), changed("cyd", boss=True)], False),
        ([ANN], [changed("ann", Admin=False, boss=True)], False),
        ([ANN], [changed("ann", editor=False)], False),
        ([ANN, CYD], [removed("cyd")], False),
        ([ANN], [], False),
        ([WAITING], [removed("dan")], False),
        ([CYD], [removed("cyd")], False),
        ([], [invited("eve", "Admin")], False),
    ],
)
def test_the_last_administrator(before: list[ManagedObject], changes: list[ObjectChange], *, expected: bool) -> None:
    """Only people who can act now are administrators, before the changes and after them."""
    assert loses_last_owner(by_key(before), changes, ROLES) is expected


@pytest.mark.anyio
async def test_the_roles_of_administrators(frontegg_client: AsyncFrontegg) -> None:
    """Those of the environment and of the account count, and those of other accounts do not."""
    client = frontegg_client
    for name in ("acme", "kiosk"):
        await client.tenants.create(tenant_id=name, name=name)
    ids = {each.key: each.id for each in await client.permissions.list().all()}
    for key in ("fe.secure.*", "reports.read"):
        if key not in ids:
            ids[key] = (await client.permissions.create(key=key, name=key)).id
    for tenant_id in (None, "acme", "kiosk"):
        of = client.roles if tenant_id is None else client.for_tenant(tenant_id).roles
        for key, permission in (("boss", "fe.secure.*"), ("reader", "reports.read")):
            role = await of.create(key=f"{key}-{tenant_id}", name=key, level=1)
            await client.roles.set_permissions(role.id, permission_ids=[ids[permission]])
    found = await administrator_roles(client._caller.for_tenant("acme"))
    assert found == {"Admin", "boss-None", "boss-acme"}
