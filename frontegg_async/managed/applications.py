"""Managed applications, with their names as keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints import applications as endpoints
from frontegg_async.managed.fields import Field, Shape, by_name
from frontegg_async.managed.kinds import ManagedObject, ObjectKind, Objects, by_key
from frontegg_async.managed.metadata import FIELD, METADATA, shown_metadata, with_metadata
from frontegg_async.managed.values import ObjectChanges, null_as_empty, values_of
from frontegg_async.models.applications import Application, ApplicationAccess, ApplicationType, FrontendStack
from frontegg_async.models.model import Model
from frontegg_async.resources.applications import AsyncApplications

_DEFAULT: Final = "is_default"


def _check_url(value: object, name: str) -> None:
    arguments.check_url(value, name, example="https://app.example.com")


class Applications(ObjectKind):
    """The applications of the environment."""

    part: ClassVar[str] = "applications"
    noun: ClassVar[str] = "application"
    model: ClassVar[type[Model]] = Application
    endpoints: ClassVar[tuple[Endpoint[object], ...]] = (endpoints.UPDATE, endpoints.CREATE, endpoints.DELETE)
    key_field: ClassVar[str] = "name"
    exclusive_flag: ClassVar[str] = _DEFAULT
    fields: ClassVar[Mapping[str, Field]] = by_name(
        Field("name", check=arguments.check_text),
        Field("app_url", is_required=True, has_address=True, check=_check_url),
        Field("login_url", is_required=True, has_address=True, check=_check_url),
        Field("logo_url", is_nullable=True, has_address=True, check=_check_url),
        Field("access_type", choices=ApplicationAccess),
        Field(_DEFAULT, Shape.FLAG),
        Field("is_active", Shape.FLAG),
        Field("type", choices=ApplicationType),
        Field("frontend_stack", choices=FrontendStack),
        Field("description", is_nullable=True),
        FIELD,
        Field("app_host", is_later=True, is_nullable=True, has_address=True),
        Field("allow_dcr", Shape.FLAG),
    )
    read_only: ClassVar[frozenset[str]] = ObjectKind.read_only | {"integration_finished_at"}

    async def read(self, caller: Caller, keys: Collection[str] | None = None) -> Objects:
        """Return the applications."""
        del keys
        return by_key([_object(each) for each in await AsyncApplications(caller).list().all()])

    async def create(self, caller: Caller, key: str, values: ObjectChanges, *, send_email: bool) -> None:
        """Create an application."""
        del send_email
        await AsyncApplications(caller).create(name=key, **cast("Any", await with_metadata(values, values.plain())))

    async def update(self, caller: Caller, key: str, object_id: str, changes: ObjectChanges) -> None:
        """Change fields of an application. Other keys of the metadata stay unchanged."""
        del key
        applications = AsyncApplications(caller)

        async def read() -> JsonValue:
            return (await applications.get(object_id)).metadata

        sent = await with_metadata(changes, null_as_empty(changes.plain()), read)
        await applications.update(object_id, **cast("Any", sent))

    async def delete(self, caller: Caller, key: str, object_id: str) -> None:
        """Delete an application."""
        del key
        await AsyncApplications(caller).delete(object_id)


def _object(application: Application) -> ManagedObject:
    metadata, reason_to_stay = shown_metadata(application.metadata)
    values = {**values_of(application, Applications.fields), METADATA: metadata}
    return ManagedObject(application.name, application.id, values, reason_to_stay=reason_to_stay)
