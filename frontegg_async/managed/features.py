"""Managed features, with their own keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints import features as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.managed.fields import Field, Shape, by_name
from frontegg_async.managed.kinds import ManagedObject, ObjectKind, Objects, by_key
from frontegg_async.managed.permissions import Permissions
from frontegg_async.managed.values import ObjectChanges, values_of
from frontegg_async.models.features import Feature, FeatureUpdate
from frontegg_async.models.model import Model
from frontegg_async.resources.features import AsyncFeatures

_PERMISSIONS: Final = Permissions.part


def _check_key(value: object, name: str) -> None:
    arguments.check_id(value, name)
    if "," in cast("str", value):
        raise InvalidArgumentError(f"{name} must not contain a comma, since the service may treat it as a separator")


class Features(ObjectKind):
    """The features of the environment. Feature plans consist of features."""

    part: ClassVar[str] = "features"
    noun: ClassVar[str] = "feature"
    model: ClassVar[type[Model]] = Feature
    endpoints: ClassVar[tuple[Endpoint[object], ...]] = (endpoints.UPDATE, endpoints.CREATE, endpoints.DELETE)
    key_field: ClassVar[str] = "key"
    fields: ClassVar[Mapping[str, Field]] = by_name(
        Field("key", check=_check_key),
        Field("name", is_required=True, check=arguments.check_text),
        Field("description", is_nullable=True),
        Field(_PERMISSIONS, Shape.MEMBERS, refers_to=Permissions.part, has_keys=True),
    )
    read_only: ClassVar[frozenset[str]] = ObjectKind.read_only | {"metadata"}

    def key_problem(self, key: str) -> str | None:
        """Return why a text cannot be a key; ``None`` for a valid key."""
        try:
            _check_key(key, f"the key of the {self.noun}")
        except InvalidArgumentError as error:
            return error.message
        return None

    async def read(self, caller: Caller, keys: Collection[str] | None = None) -> Objects:
        """Return the features, with the keys of their permissions."""
        del keys
        found = await AsyncFeatures(caller).list().all()
        return by_key([ManagedObject(each.key, each.id, values_of(each, self.fields)) for each in found])

    async def create(self, caller: Caller, key: str, values: ObjectChanges, *, send_email: bool) -> None:
        """Create a feature. No plan has the new feature."""
        del send_email
        permissions = values.added(_PERMISSIONS) or None
        await AsyncFeatures(caller).create(key=key, permissions=permissions, **cast("Any", values.plain()))

    async def update(self, caller: Caller, key: str, object_id: str, changes: ObjectChanges) -> None:
        """Change fields of a feature. Other permissions stay unchanged."""
        del key
        features, sent = AsyncFeatures(caller), cast("dict[str, Any]", changes.plain())
        if changes.members(_PERMISSIONS):
            present = (await features.get(object_id)).permissions
            sent[_PERMISSIONS] = changes.whole(_PERMISSIONS, [*present])
        if sent.get(_PERMISSIONS, True):
            await features.update(object_id, **sent)
            return
        # Send the empty list directly, since the method refuses an empty list as a probable mistake.
        if len(sent) > 1:
            await features.update(object_id, **{name: value for name, value in sent.items() if name != _PERMISSIONS})
        await caller.value(endpoints.UPDATE, path={"id": object_id}, body=FeatureUpdate(permissions=()))

    async def delete(self, caller: Caller, key: str, object_id: str) -> None:
        """Delete a feature. Plans lose the feature."""
        del key
        await AsyncFeatures(caller).delete(object_id)
