"""``frontegg.applications``: the applications of an environment, and the tenants and users that may use them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.ascii_case import folded
from frontegg_async._values.flags import check_flag
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.endpoints import applications as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.applications import (
    Application,
    ApplicationAccess,
    ApplicationAccessLiteral,
    ApplicationCreate,
    ApplicationType,
    ApplicationTypeLiteral,
    ApplicationUpdate,
    FrontendStack,
    FrontendStackLiteral,
)
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.by_id.applications import ApplicationsById
from frontegg_async.resources.support.created_by_name import check_names, ids_by_name
from frontegg_async.resources.support.creations import Created
from frontegg_async.resources.support.read_back import Confirmed, removed, shows
from frontegg_async.resources.support.whole_listing import same, whole_listing
from frontegg_async.resources.support.writes import write

_DEFAULT: Final = "default"
"""The path of the default application ends with this word, so the word cannot be the id of an application."""

_UNKNOWN: Final = "look for the application with applications.list() before you create another one"


class AsyncApplications(ApplicationsById):
    """The applications of the environment, and the tenants and users that may use them.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ()

    def list(
        self,
        *,
        name: str | None = None,
        access_type: ApplicationAccess | ApplicationAccessLiteral | None = None,
        is_default: bool | None = None,
        is_active: bool | None = None,
        options: Options | None = None,
    ) -> AsyncPages[Application]:
        """List the applications of the environment.

        ``GET /applications/resources/applications/v1`` (documented).

        Args:
            name: Only applications whose name contains this text, in any case.
            access_type: Only applications of this type: ``free_access`` or ``managed_access``.
            is_default: ``True`` for only the default application, ``False`` for only the others.
            is_active: ``True`` for only applications that users may use, ``False`` for only the others.

        Returns:
            A listing of the applications. The first request is sent when you iterate the listing. Each iteration sends
            the requests again.
        """
        query: list[tuple[str, str]] = []
        if name is not None:
            arguments.check_text(name, "name")
            query.append(("name", name))
        if access_type is not None:
            member = arguments.check_member(access_type, ApplicationAccess, "access_type")
            query.append(("_accessType", member.value))
        for parameter, argument, flag in (
            ("_isDefault", "is_default", is_default),
            ("_isActive", "is_active", is_active),
        ):
            if flag is not None:
                check_flag(flag, argument, InvalidArgumentError)
                query.append((parameter, str(flag).lower()))
        return whole_listing(self._caller, endpoints.LIST, Application, same, query=query, options=options)

    async def ids_of(self, names: Sequence[str], *, options: Options | None = None) -> tuple[str, ...]:
        """Get the ids of applications by their names. Ids differ between environments.

        ``GET /applications/resources/applications/v1`` (documented). Each call sends a request: keep the ids if you
        need them often.

        Args:
            names: The whole names of the applications, at least one; case matters.

        Returns:
            The ids, in the order of the names.

        Raises:
            InvalidArgumentError: ``names`` is empty or a name is not text; nothing was sent. Or several applications
                have one of the names.
            NotFoundError: No application has one of the names.
        """
        wanted = check_names(names, "names")
        rows = await self._caller.value(endpoints.LIST, options=options)
        return ids_by_name(rows, wanted, kind="application", of=lambda row: (row.id, row.name))

    async def get_default(self, *, options: Options | None = None) -> Application:
        """Get the default application of the environment. Invitations lead to this application.

        ``GET /applications/resources/applications/v1/default`` (documented).

        Returns:
            The application.

        Raises:
            NotFoundError: The environment has no default application.
        """
        return await self._caller.value(endpoints.GET_DEFAULT, options=options)

    async def get(self, app_id: str, *, options: Options | None = None) -> Application:
        """Get an application.

        ``GET /applications/resources/applications/v1/{appId}`` (documented).

        Args:
            app_id: The id of the application, 1 to 256 characters.

        Returns:
            The application.

        Raises:
            NotFoundError: There is no such application.
            ResponseMismatchError: The response was about another application.
        """
        return await self._caller.value(endpoints.GET, path=_path(app_id), options=options)

    async def create(
        self,
        *,
        name: str,
        app_url: str,
        login_url: str,
        logo_url: str | None = None,
        access_type: ApplicationAccess | ApplicationAccessLiteral | None = None,
        is_default: bool | None = None,
        is_active: bool | None = None,
        type: ApplicationType | ApplicationTypeLiteral | None = None,
        frontend_stack: FrontendStack | FrontendStackLiteral | None = None,
        description: str | None = None,
        metadata: Mapping[str, JsonValue] | None = None,
        allow_dcr: bool | None = None,
        options: Options | None = None,
    ) -> Application:
        """Create an application. The request is never sent twice, so that it cannot create two applications.

        ``POST /applications/resources/applications/v1`` (documented).

        Args:
            name: The name that people see; not empty.
            app_url: The address of the application: an absolute URL, ``https`` or ``http``.
            login_url: The address at which users sign in to the application: an absolute URL, ``https`` or ``http``.
            logo_url: The address of a picture: an absolute URL, ``https`` or ``http``.
            access_type: The tenants that may use the application: ``free_access`` for all tenants, ``managed_access``
                only for tenants with an assignment.
            is_default: Whether the new application replaces the default application.
            is_active: Whether users may use the application.
            type: The kind of application: ``web``, ``mobile-ios``, ``mobile-android``, ``agent`` or ``other``.
            frontend_stack: The framework of the application's front end, for example ``react``: see `FrontendStack`.
            description: The purpose of the application.
            metadata: A JSON object of your own.
            allow_dcr: Whether OAuth clients may register themselves (dynamic client registration, DCR).

        Returns:
            The application as the service made it.

        Raises:
            BadRequestError: The service refused the fields.
            OutcomeUnknownError: The response was lost, so the application may or may not have been created. The error's
                attribute ``asked`` holds the arguments of the call.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_text(name, "name")
        _check_addresses(app_url=app_url, login_url=login_url, logo_url=UNSET if logo_url is None else logo_url)
        if metadata is not None:
            arguments.check_mapping(metadata, "metadata")
        body = ApplicationCreate(
            name=name,
            app_url=app_url,
            login_url=login_url,
            logo_url=logo_url,
            access_type=None if access_type is None else _access(access_type),
            is_default=is_default,
            is_active=is_active,
            type=None if type is None else _type(type),
            frontend_stack=None if frontend_stack is None else _stack(frontend_stack),
            description=description,
            metadata=metadata,
            allow_dcr=allow_dcr,
        )
        reconcile = Created(
            self._caller, endpoints.LIST, body, lambda rows: rows, lambda row: row, lambda row: row.id, is_unique=False
        )
        return await write(
            self._caller, endpoints.CREATE, body=body, options=options, reconcile=reconcile, unknown=_UNKNOWN
        )

    async def update(
        self,
        app_id: str,
        *,
        name: str | Unset = UNSET,
        app_url: str | Unset = UNSET,
        login_url: str | Unset = UNSET,
        logo_url: str | Unset = UNSET,
        access_type: ApplicationAccess | ApplicationAccessLiteral | Unset = UNSET,
        is_default: bool | Unset = UNSET,
        is_active: bool | Unset = UNSET,
        type: ApplicationType | ApplicationTypeLiteral | Unset = UNSET,
        frontend_stack: FrontendStack | FrontendStackLiteral | Unset = UNSET,
        description: str | Unset = UNSET,
        metadata: Mapping[str, JsonValue] | Unset = UNSET,
        app_host: str | Unset = UNSET,
        allow_dcr: bool | Unset = UNSET,
        options: Options | None = None,
    ) -> None:
        """Change fields of an application. Omitted fields keep their values.

        ``PATCH /applications/resources/applications/v1/{appId}`` (documented). The response has no body: read the
        application again if you need it.

        Args:
            app_id: The id of the application, 1 to 256 characters.
            name: The name that people see; not empty.
            app_url: The address of the application: an absolute URL, ``https`` or ``http``.
            login_url: The address at which users sign in to the application: an absolute URL, ``https`` or ``http``.
            logo_url: The address of a picture: an absolute URL, ``https`` or ``http``.
            access_type: The tenants that may use the application: ``free_access`` for all tenants, ``managed_access``
                only for tenants with an assignment.
            is_default: Whether the application is the default application.
            is_active: Whether users may use the application.
            type: The kind of application: ``web``, ``mobile-ios``, ``mobile-android``, ``agent`` or ``other``.
            frontend_stack: The framework of the application's front end, for example ``react``: see `FrontendStack`.
            description: The purpose of the application.
            metadata: A JSON object, which replaces the old object.
            app_host: The host name of the application's own domain, for example ``portal.example.com``.
            allow_dcr: Whether OAuth clients may register themselves (dynamic client registration, DCR).

        Raises:
            InvalidArgumentError: There is nothing to change; nothing was sent.
            BadRequestError: The service refused the fields.
            NotFoundError: There is no such application.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        path = _path(app_id)
        if name is not UNSET:
            arguments.check_text(name, "name")
        # No source says how to remove a logo. An empty text may remove the logo.
        _check_addresses(app_url=app_url, login_url=login_url, logo_url=UNSET if logo_url == "" else logo_url)
        if metadata is not UNSET:
            arguments.check_mapping(metadata, "metadata")
        body = ApplicationUpdate(
            name=name,
            app_url=app_url,
            login_url=login_url,
            logo_url=logo_url,
            access_type=UNSET if access_type is UNSET else _access(access_type),
            is_default=is_default,
            is_active=is_active,
            type=UNSET if type is UNSET else _type(type),
            frontend_stack=UNSET if frontend_stack is UNSET else _stack(frontend_stack),
            description=description,
            metadata=metadata,
            app_host=app_host,
            allow_dcr=allow_dcr,
        )
        if body == ApplicationUpdate():
            raise InvalidArgumentError("nothing to change: give at least one field of the application")
        is_changed = Confirmed(self._caller, endpoints.GET, lambda found: shows(found, body), path)
        await self._caller.value(endpoints.UPDATE, path=path, body=body, options=options, reconcile=is_changed)

    async def delete(self, app_id: str, *, options: Options | None = None) -> None:
        """Delete an application. Nobody can sign in to the application afterwards.

        ``DELETE /applications/resources/applications/v1/{appId}`` (documented). If a response is lost, the request is
        sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            app_id: The id of the application, 1 to 256 characters.

        Raises:
            NotFoundError: There is no such application.
        """
        path = _path(app_id)
        is_gone = removed(self._caller, endpoints.GET, path)
        await self._caller.value(endpoints.DELETE, path=path, options=options, reconcile=is_gone)

    async def list_tenants(self, app_id: str, *, options: Options | None = None) -> tuple[str, ...]:
        """List the tenants to which an application is assigned.

        ``GET /applications/resources/applications/tenant-assignments/v1/{appId}`` (documented).

        Args:
            app_id: The id of the application, 1 to 256 characters.

        Returns:
            The ids of the tenants.

        Raises:
            NotFoundError: There is no such application.
        """
        found = await self._caller.value(endpoints.TENANTS, path=_path(app_id), options=options)
        return found.tenant_ids

    async def list_users(self, app_id: str, *, options: Options | None = None) -> tuple[str, ...]:
        """List the users to whom an application is assigned, in all tenants.

        ``GET /identity/resources/applications/v1/{appId}/users`` (documented).

        Args:
            app_id: The id of the application, 1 to 256 characters.

        Returns:
            The ids of the users.

        Raises:
            NotFoundError: There is no such application.
        """
        return await self._caller.value(endpoints.USERS, path=_path(app_id), options=options)

    async def list_for_user(self, user_id: str, *, options: Options | None = None) -> tuple[str, ...]:
        """List the applications that are assigned to a user, in all of the user's tenants.

        ``GET /identity/resources/applications/v1/{userId}/apps`` (documented).

        Args:
            user_id: The id of the user, 1 to 256 characters.

        Returns:
            The ids of the applications.

        Raises:
            NotFoundError: There is no such user.
        """
        arguments.check_id(user_id, "user_id")
        return await self._caller.value(endpoints.OF_USER, path={"user_id": user_id}, options=options)


@without_frames
def _path(app_id: str) -> dict[str, str]:
    arguments.check_id(app_id, "app_id")
    if folded(app_id) == _DEFAULT:
        raise InvalidArgumentError(
            f"app_id must not be {_DEFAULT!r}: applications.get_default() returns the default application with its id"
        )
    return {"app_id": app_id}


def _check_addresses(**addresses: object) -> None:
    for argument, address in addresses.items():
        if address is not UNSET:
            arguments.check_url(address, argument, example="https://app.example.com")


def _access(value: ApplicationAccess | ApplicationAccessLiteral) -> ApplicationAccess:
    return arguments.check_member(value, ApplicationAccess, "access_type")


def _type(value: ApplicationType | ApplicationTypeLiteral) -> ApplicationType:
    return arguments.check_member(value, ApplicationType, "type")


def _stack(value: FrontendStack | FrontendStackLiteral) -> FrontendStack:
    return arguments.check_member(value, FrontendStack, "frontend_stack")
