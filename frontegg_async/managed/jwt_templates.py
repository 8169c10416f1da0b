"""Managed JWT templates, with their own keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints import jwt_templates as endpoints
from frontegg_async.managed.fields import Field, Shape, by_name
from frontegg_async.managed.kinds import ManagedObject, ObjectKind, Objects, by_key
from frontegg_async.managed.values import ObjectChanges, values_of
from frontegg_async.models.jwt_templates import JwtAlgorithm, JwtTemplate
from frontegg_async.models.model import Model
from frontegg_async.resources.jwt_templates import MAX_EXPIRATION, MIN_EXPIRATION, AsyncJwtTemplates

_CLAIMS: Final = "claims"


class JwtTemplates(ObjectKind):
    """The JWT templates of the environment."""

    part: ClassVar[str] = "jwt_templates"
    noun: ClassVar[str] = "JWT template"
    model: ClassVar[type[Model]] = JwtTemplate
    endpoints: ClassVar[tuple[Endpoint[object], ...]] = (endpoints.UPDATE, endpoints.CREATE, endpoints.DELETE)
    key_field: ClassVar[str] = "key"
    is_referred_by_key: ClassVar[bool] = True
    fields: ClassVar[Mapping[str, Field]] = by_name(
        Field("key", check=arguments.check_text),
        Field("name", is_required=True, check=arguments.check_text),
        Field("description", is_nullable=True),
        Field("expiration", Shape.NUMBER, is_required=True, limits=(MIN_EXPIRATION, MAX_EXPIRATION)),
        Field("algorithm", choices=JwtAlgorithm),
        Field(_CLAIMS, Shape.MAP, is_required=True),
    )

    async def read(self, caller: Caller, keys: Collection[str] | None = None) -> Objects:
        """Return the templates."""
        del keys
        found = await AsyncJwtTemplates(caller).list().all()
        return by_key([ManagedObject(each.key, each.id, values_of(each, self.fields)) for each in found])

    async def create(self, caller: Caller, key: str, values: ObjectChanges, *, send_email: bool) -> None:
        """Create a template. Tokens use the template only if a rule names it."""
        del send_email
        claims = cast("Any", values.whole(_CLAIMS, None))
        await AsyncJwtTemplates(caller).create(key=key, claims=claims, **cast("Any", values.plain()))

    async def update(self, caller: Caller, key: str, object_id: str, changes: ObjectChanges) -> None:
        """Change fields of a template. Other claims stay unchanged."""
        del key
        templates, sent = AsyncJwtTemplates(caller), changes.plain()
        if changes.members(_CLAIMS):
            sent[_CLAIMS] = changes.whole(_CLAIMS, (await templates.get(object_id)).claims)
        await templates.update(object_id, **cast("Any", sent))

    async def delete(self, caller: Caller, key: str, object_id: str) -> None:
        """Delete a template."""
        del key
        await AsyncJwtTemplates(caller).delete(object_id)
