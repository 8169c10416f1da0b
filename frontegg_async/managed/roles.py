"""Managed roles of the environment, with their own keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints import roles as endpoints
from frontegg_async.managed.fields import Field, Shape, by_name
from frontegg_async.managed.kinds import ManagedObject, ObjectKind, Objects, by_key
from frontegg_async.managed.permissions import Permissions
from frontegg_async.managed.values import ObjectChanges, null_as_empty, values_of
from frontegg_async.models.model import Model
from frontegg_async.models.roles import Role
from frontegg_async.resources.permissions import AsyncPermissions
from frontegg_async.resources.roles import AsyncRoles
from frontegg_async.resources.support.read_back import agrees
from frontegg_async.resources.support.role_listings import MAX_LEVEL

_PERMISSIONS: Final = Permissions.part


class Roles(ObjectKind):
    """The roles of the environment, without roles of tenants."""

    part: ClassVar[str] = "roles"
    noun: ClassVar[str] = "role"
    model: ClassVar[type[Model]] = Role
    endpoints: ClassVar[tuple[Endpoint[object], ...]] = (
        endpoints.UPDATE,
        endpoints.CREATE,
        endpoints.SET_PERMISSIONS,
        endpoints.DELETE,
    )
    key_field: ClassVar[str] = "key"
    fields: ClassVar[Mapping[str, Field]] = by_name(
        Field("key", check=arguments.check_text),
        Field("name", is_required=True, check=arguments.check_text),
        Field("level", Shape.NUMBER, is_required=True, limits=(0, MAX_LEVEL)),
        Field("description", is_nullable=True),
        Field("is_default", Shape.FLAG),
        Field("first_user_role", Shape.FLAG),
        Field(_PERMISSIONS, Shape.MEMBERS, refers_to=Permissions.part, is_later=True),
    )
    read_only: ClassVar[frozenset[str]] = ObjectKind.read_only | {"tenant_id"}

    async def read(self, caller: Caller, keys: Collection[str] | None = None) -> Objects:
        """Return the roles, with the keys of their permissions."""
        del keys
        found = [role for role in await caller.value(endpoints.LIST_V1) if role.tenant_id is None]
        names = {each.id: each.key for each in await AsyncPermissions(caller).list().all()}
        return by_key([_object(role, names) for role in found])

    async def create(self, caller: Caller, key: str, values: ObjectChanges, *, send_email: bool) -> None:
        """Create a role without permissions."""
        del send_email
        await AsyncRoles(caller).create(key=key, **cast("Any", values.plain()))

    async def update(self, caller: Caller, key: str, object_id: str, changes: ObjectChanges) -> None:
        """Change fields of a role, or its permissions. Fields that an earlier run changed are not sent again."""
        del key
        has_members = bool(changes.members(_PERMISSIONS))
        found = (await self.read(caller)).by_id(object_id) if has_members else None
        present: Mapping[str, JsonValue] = {} if found is None else found.values
        plain = null_as_empty(changes.plain())
        if not all(name in present and agrees(value, present[name]) for name, value in plain.items()):
            await AsyncRoles(caller).update(object_id, **cast("Any", plain))
        if has_members:
            keys = cast("list[str]", changes.whole(_PERMISSIONS, present.get(_PERMISSIONS)))
            ids = await AsyncPermissions(caller).ids_of(keys) if keys else ()
            await AsyncRoles(caller).set_permissions(object_id, permission_ids=ids)

    async def delete(self, caller: Caller, key: str, object_id: str) -> None:
        """Delete a role."""
        del key
        await AsyncRoles(caller).delete(object_id)


def _object(role: Role, permissions: Mapping[str, str]) -> ManagedObject:
    # Leave out a permission that was deleted between the two reads.
    keys: JsonValue = sorted({permissions[each] for each in role.permissions if each in permissions})
    return ManagedObject(role.key, role.id, {**values_of(role, Roles.fields), _PERMISSIONS: keys})
