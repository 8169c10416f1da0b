"""Managed categories of permissions, with their names as keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints import permissions as endpoints
from frontegg_async.managed.fields import Field, by_name
from frontegg_async.managed.kinds import OF_SERVICE, ManagedObject, ObjectKind, Objects, by_key, own_key_problem
from frontegg_async.managed.values import ObjectChanges, null_as_empty, values_of
from frontegg_async.models.model import Model
from frontegg_async.models.permissions import PermissionCategory
from frontegg_async.resources.permissions import AsyncPermissions


class PermissionCategories(ObjectKind):
    """The categories of permissions."""

    part: ClassVar[str] = "permission_categories"
    noun: ClassVar[str] = "permission category"
    model: ClassVar[type[Model]] = PermissionCategory
    endpoints: ClassVar[tuple[Endpoint[object], ...]] = (
        endpoints.UPDATE_CATEGORY,
        endpoints.CREATE_CATEGORY,
        endpoints.DELETE_CATEGORY,
    )
    key_field: ClassVar[str] = "name"
    fields: ClassVar[Mapping[str, Field]] = by_name(
        Field("name", check=arguments.check_text),
        Field("description", is_nullable=True),
    )
    read_only: ClassVar[frozenset[str]] = ObjectKind.read_only | {"fe_category"}

    def problem_of_values(
        self, key: str, values: Mapping[str, JsonValue], present: Mapping[str, JsonValue]
    ) -> str | None:
        """Return a problem if only the service may create this key."""
        del values
        return own_key_problem(self.noun, key, present.get(self.key_field))

    async def read(self, caller: Caller, keys: Collection[str] | None = None) -> Objects:
        """Return the categories."""
        del keys
        return by_key([_object(each) for each in await AsyncPermissions(caller).list_categories()])

    async def create(self, caller: Caller, key: str, values: ObjectChanges, *, send_email: bool) -> None:
        """Create a category."""
        del send_email
        await AsyncPermissions(caller).create_category(name=key, **cast("Any", values.plain()))

    async def update(self, caller: Caller, key: str, object_id: str, changes: ObjectChanges) -> None:
        """Change fields of a category."""
        del key
        await AsyncPermissions(caller).update_category(object_id, **cast("Any", null_as_empty(changes.plain())))

    async def delete(self, caller: Caller, key: str, object_id: str) -> None:
        """Delete a category. Its permissions stay."""
        del key
        await AsyncPermissions(caller).delete_category(object_id)


def _object(category: PermissionCategory) -> ManagedObject:
    return ManagedObject(
        category.name,
        category.id,
        values_of(category, PermissionCategories.fields),
        reason_to_stay=OF_SERVICE if category.fe_category else None,
    )
