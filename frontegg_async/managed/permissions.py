"""Managed permissions, with their own keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints import permissions as endpoints
from frontegg_async.managed.fields import Field, by_name
from frontegg_async.managed.kinds import (
    KEYS_OF_SERVICE,
    OF_SERVICE,
    ManagedObject,
    ObjectKind,
    Objects,
    by_key,
    own_key_problem,
)
from frontegg_async.managed.permission_categories import PermissionCategories
from frontegg_async.managed.values import ObjectChanges, null_as_empty, values_of
from frontegg_async.models.model import Model
from frontegg_async.models.permissions import Permission, PermissionAssignment
from frontegg_async.resources.permissions import AsyncPermissions

_CATEGORY: Final = "category"


class Permissions(ObjectKind):
    """The permissions of the environment, including the service's own permissions."""

    part: ClassVar[str] = "permissions"
    noun: ClassVar[str] = "permission"
    model: ClassVar[type[Model]] = Permission
    endpoints: ClassVar[tuple[Endpoint[object], ...]] = (endpoints.UPDATE, endpoints.CREATE, endpoints.DELETE)
    key_field: ClassVar[str] = "key"
    fields: ClassVar[Mapping[str, Field]] = by_name(
        Field("key", check=arguments.check_text),
        Field("name", is_required=True, check=arguments.check_text),
        Field("description", is_nullable=True),
        Field(_CATEGORY, refers_to=PermissionCategories.part),
        Field("assignment_type", choices=PermissionAssignment),
    )
    read_only: ClassVar[frozenset[str]] = ObjectKind.read_only | {"fe_permission", "role_ids"}

    def problem_of_values(
        self, key: str, values: Mapping[str, JsonValue], present: Mapping[str, JsonValue]
    ) -> str | None:
        """Return a problem if only the service may create this key."""
        del values
        return own_key_problem(self.noun, key, present.get(self.key_field))

    async def read(self, caller: Caller, keys: Collection[str] | None = None) -> Objects:
        """Return the permissions, with the names of their categories."""
        del keys
        resource = AsyncPermissions(caller)
        found = await resource.list().all()
        is_categorized = any(each.category_id for each in found)
        names = {each.id: each.name for each in await resource.list_categories()} if is_categorized else {}
        return by_key([_object(each, names) for each in found])

    async def create(self, caller: Caller, key: str, values: ObjectChanges, *, send_email: bool) -> None:
        """Create a permission. No role has the new permission."""
        del send_email
        await AsyncPermissions(caller).create(key=key, **await _sent(caller, values.plain()))

    async def update(self, caller: Caller, key: str, object_id: str, changes: ObjectChanges) -> None:
        """Change fields of a permission."""
        del key
        await AsyncPermissions(caller).update(object_id, **await _sent(caller, null_as_empty(changes.plain())))

    async def delete(self, caller: Caller, key: str, object_id: str) -> None:
        """Delete a permission. Roles lose the permission."""
        del key
        await AsyncPermissions(caller).delete(object_id)


async def _sent(caller: Caller, values: dict[str, JsonValue]) -> dict[str, Any]:
    """Replace the name of the category by its id."""
    if _CATEGORY not in values:
        return values
    categories = await PermissionCategories().read(caller)
    name = cast("str", values.pop(_CATEGORY))
    return {**values, "category_id": categories.id_of(name, PermissionCategories.noun)}


def _object(permission: Permission, categories: Mapping[str, str]) -> ManagedObject:
    is_of_service = permission.fe_permission or permission.key.startswith(KEYS_OF_SERVICE)
    # A deleted category counts as no category.
    category = categories.get(permission.category_id or "")
    return ManagedObject(
        permission.key,
        permission.id,
        {**values_of(permission, Permissions.fields), _CATEGORY: category},
        reason_to_stay=OF_SERVICE if is_of_service else None,
    )
