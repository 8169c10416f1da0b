"""The applications of one tenant, and their assignment to its users."""

from __future__ import annotations

from collections.abc import Sequence

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async.endpoints import applications as endpoints
from frontegg_async.models.applications import (
    ApplicationAccess,
    ApplicationAccessChange,
    ApplicationAccessLiteral,
    ApplicationAssignment,
    ApplicationToTenant,
    ApplicationUsers,
    AssignedApplication,
    TenantApplicationIds,
    TenantApplications,
)
from frontegg_async.options import Options
from frontegg_async.resources.support.creations import Created
from frontegg_async.resources.support.read_back import Confirmed, ReadBack
from frontegg_async.resources.support.writes import write


class AsyncTenantApplications:
    """The applications of one tenant.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def list_assigned(
        self,
        *,
        access_type: ApplicationAccess | ApplicationAccessLiteral | None = None,
        options: Options | None = None,
    ) -> tuple[ApplicationAssignment, ...]:
        """List the applications that are assigned to the tenant.

        ``GET /applications/resources/applications/tenant-assignments/v2`` (documented). Applications whose
        ``access_type`` is ``FREE_ACCESS`` need no assignment: every tenant may use them.

        Args:
            access_type: Only assignments with this access type: ``free_access`` or ``managed_access``.

        Returns:
            The ids of the applications, each with the users of the tenant who may use the application.

        Raises:
            NotFoundError: There is no such tenant.
            ResponseMismatchError: The response was about another tenant.
        """
        query = () if access_type is None else (("accessType", _access(access_type).value),)
        return _of_all(await self._caller.value(endpoints.ASSIGNED, query=query, options=options))

    async def assign(
        self,
        app_id: str,
        *,
        access_type: ApplicationAccess | ApplicationAccessLiteral | None = None,
        options: Options | None = None,
    ) -> None:
        """Assign an application to the tenant.

        ``POST /applications/resources/applications/tenant-assignments/v1/{appId}`` (documented). The client reads
        the assignments before it sends the request, and again after a lost response.

        Args:
            app_id: The id of the application, 1 to 256 characters.
            access_type: The users who may use the application. ``free_access`` means all users of the tenant, and
                ``managed_access`` only assigned users.

        Raises:
            ConflictError: The application is already assigned to the tenant.
            NotFoundError: There is no such application or tenant.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        arguments.check_id(app_id, "app_id")
        access = None if access_type is None else _access(access_type)

        tenant_id = self._tenant_id
        path, body = {"app_id": app_id}, ApplicationToTenant(tenant_id=tenant_id, access_type=access)
        reconcile = Created(
            self._caller,
            endpoints.ASSIGNED,
            body,
            lambda tenants: (each for each in _of_all(tenants) if each.app_id == app_id),
            lambda each: TenantApplicationIds(tenant_id=tenant_id, app_ids=(each.app_id,)),
            lambda each: each.app_id,
            agrees=lambda each: access in (None, each.access_type),
        )
        await write(self._caller, endpoints.ASSIGN, path=path, body=body, options=options, reconcile=reconcile)

    async def set_access_type(
        self, app_id: str, *, access_type: ApplicationAccess | ApplicationAccessLiteral, options: Options | None = None
    ) -> None:
        """Set which users of the tenant may use an assigned application.

        ``PUT /applications/resources/applications/tenant-assignments/v1/{appId}/{tenantId}`` (documented).

        Args:
            app_id: The id of the application, 1 to 256 characters.
            access_type: The users who may use the application. ``free_access`` means all users of the tenant, and
                ``managed_access`` only assigned users.

        Raises:
            NotFoundError: The application is not assigned to the tenant.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        path, body = self._path(app_id), ApplicationAccessChange(access_type=_access(access_type))
        is_set = Confirmed(
            self._caller,
            endpoints.ASSIGNED,
            lambda found: any((each.app_id, each.access_type) == (app_id, body.access_type) for each in _of_all(found)),
        )
        await self._caller.value(endpoints.SET_ACCESS_TYPE, path=path, body=body, options=options, reconcile=is_set)

    async def unassign(self, app_id: str, *, options: Options | None = None) -> None:
        """Unassign an application from the tenant and from the tenant's users.

        ``DELETE /applications/resources/applications/tenant-assignments/v1/{appId}/{tenantId}`` (documented). If a
        response is lost, the request is sent again; a 404 then counts as success, unless the option ``strict_delete``
        is set.

        Args:
            app_id: The id of the application, 1 to 256 characters.

        Raises:
            NotFoundError: The application is not assigned to the tenant.
        """
        is_gone = Confirmed(
            self._caller, endpoints.ASSIGNED, lambda found: all(each.app_id != app_id for each in _of_all(found))
        )
        await self._caller.value(endpoints.UNASSIGN, path=self._path(app_id), options=options, reconcile=is_gone)

    async def assign_users(self, app_id: str, *, user_ids: Sequence[str], options: Options | None = None) -> None:
        """Assign an application to users of the tenant. Users who already have the application keep it.

        ``POST /identity/resources/applications/v1`` (documented).

        Args:
            app_id: The id of the application, 1 to 256 characters.
            user_ids: The ids of the users, at least one.

        Raises:
            NotFoundError: There is no such application, or the tenant has no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        body = self._users(app_id, user_ids)

        def find(present: tuple[str, ...]) -> tuple[AssignedApplication, ...] | None:
            return (AssignedApplication(app_id=app_id),) if set(body.user_ids) <= set(present) else None

        reconcile = ReadBack(self._caller, endpoints.USERS, find, path={"app_id": app_id})
        await write(self._caller, endpoints.ASSIGN_USERS, body=body, options=options, reconcile=reconcile)

    async def unassign_users(self, app_id: str, *, user_ids: Sequence[str], options: Options | None = None) -> None:
        """Unassign an application from users of the tenant.

        ``DELETE /identity/resources/applications/v1`` (documented). The request has a body.

        Args:
            app_id: The id of the application, 1 to 256 characters.
            user_ids: The ids of the users, at least one.

        Raises:
            NotFoundError: There is no such application, or the tenant has no such user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        body = self._users(app_id, user_ids)
        are_gone = Confirmed(
            self._caller, endpoints.USERS, lambda present: set(body.user_ids).isdisjoint(present), {"app_id": app_id}
        )
        await self._caller.value(endpoints.UNASSIGN_USERS, body=body, options=options, reconcile=are_gone)

    @property
    def _tenant_id(self) -> str:
        return str(self._caller.tenant_id)

    def _path(self, app_id: str) -> dict[str, str]:
        arguments.check_id(app_id, "app_id")
        return {"app_id": app_id, "tenant_id": self._tenant_id}

    def _users(self, app_id: str, user_ids: Sequence[str]) -> ApplicationUsers:
        arguments.check_id(app_id, "app_id")
        ids = arguments.check_ids(user_ids, "user_ids")
        return ApplicationUsers(app_id=app_id, tenant_id=self._tenant_id, user_ids=ids)


@without_frames
def _access(value: ApplicationAccess | ApplicationAccessLiteral) -> ApplicationAccess:
    return arguments.check_member(value, ApplicationAccess, "access_type")


def _of_all(tenants: tuple[TenantApplications, ...]) -> tuple[ApplicationAssignment, ...]:
    return tuple(each for tenant in tenants for each in tenant.assignments)
