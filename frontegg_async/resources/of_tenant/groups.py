"""The groups of one tenant's users. The members of a group have the roles of the group."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.codec.encoding import encode_json
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.ascii_case import folded
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.endpoints import groups as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.groups import (
    Group,
    GroupCreate,
    GroupIds,
    GroupRelations,
    GroupRelationsLiteral,
    GroupRoleIds,
    GroupSort,
    GroupSortLiteral,
    GroupUpdate,
    GroupUserIds,
)
from frontegg_async.models.page import Order, OrderLiteral
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.creations import Created
from frontegg_async.resources.support.read_back import Confirmed, ReadBack, removed, shows
from frontegg_async.resources.support.role_keys import by_ids, required_roles
from frontegg_async.resources.support.role_listings import as_asked, group_pages, relations_of
from frontegg_async.resources.support.writes import write

_CONFIGURATION: Final = "config"


class AsyncTenantGroups:
    """The groups of one tenant's users.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        relations: GroupRelations | GroupRelationsLiteral | None = None,
        sort_by: GroupSort | GroupSortLiteral | None = None,
        order: Order | OrderLiteral | None = None,
        page_size: int = 200,
        prefetch: int = 2,
        options: Options | None = None,
    ) -> AsyncPages[Group]:
        """List the groups.

        ``GET /identity/resources/groups/v2`` (documented). The client sends one request for each page.

        Args:
            relations: The further data to return with each group: ``roles``, ``users`` or ``rolesAndUsers``. By
                default, groups have neither.
            sort_by: The field to sort by: ``id``, the default, ``name``, ``createdAt`` or ``updatedAt``.
            order: ``asc`` (ascending, the default) or ``desc`` (descending).
            page_size: The number of groups in a page, 1 to 200.
            prefetch: The largest number of pages that the client requests ahead, 0 to 16.

        Returns:
            A listing of the groups. The first request is sent when you iterate the listing. Each iteration sends the
            requests again.
        """
        return group_pages(
            self._caller,
            relations=relations,
            sort_by=sort_by,
            order=order,
            page_size=page_size,
            prefetch=prefetch,
            options=options,
        )

    async def get(
        self,
        group_id: str,
        *,
        relations: GroupRelations | GroupRelationsLiteral | None = None,
        options: Options | None = None,
    ) -> Group:
        """Get a group.

        ``GET /identity/resources/groups/v1/{groupId}`` (documented).

        Args:
            group_id: The id of the group, 1 to 256 characters.
            relations: The further data to return with the group: ``roles``, ``users`` or ``rolesAndUsers``. By default,
                the group has neither.

        Returns:
            The group.

        Raises:
            PermissionDeniedError: The user may not see groups.
            NotFoundError: The tenant has no such group.
            ResponseMismatchError: The response was about another group.
        """
        path, query = _path(group_id), relations_of(relations)
        return as_asked(await self._caller.value(endpoints.GET, path=path, query=query, options=options), query)

    async def get_many(
        self,
        group_ids: Sequence[str],
        *,
        relations: GroupRelations | GroupRelationsLiteral | None = None,
        options: Options | None = None,
    ) -> tuple[Group, ...]:
        """Get groups by their ids.

        ``POST /identity/resources/groups/v1/bulkGet`` (documented).

        Args:
            group_ids: The ids of the groups, at least one.
            relations: The further data to return with each group: ``roles``, ``users`` or ``rolesAndUsers``. By
                default, groups have neither.

        Returns:
            The groups. Unknown ids are left out.

        Raises:
            PermissionDeniedError: The user may not see groups.
            NotFoundError: There is no such tenant.
        """
        body = GroupIds(groups_ids=arguments.check_ids(group_ids, "group_ids"))
        query = relations_of(relations)
        found = await self._caller.value(endpoints.GET_MANY, body=body, query=query, options=options)
        return tuple(as_asked(group, query) for group in found.groups)

    async def create(
        self,
        *,
        name: str,
        color: str | None = None,
        description: str | None = None,
        metadata: JsonValue = None,
        options: Options | None = None,
    ) -> Group:
        """Create a group, without users and roles.

        ``POST /identity/resources/groups/v1`` (documented). The client checks whether the group exists before it sends
        the request, and again after a lost response.

        Args:
            name: The name, unique among the tenant's groups.
            color: The colour of the group in the portal, for example ``#5b8def``.
            description: The purpose, as free text.
            metadata: Data of your own: any JSON value. The client sends the value as JSON text.

        Returns:
            The new group, as the service returns it.

        Raises:
            BadRequestError: The service refused the fields.
            ConflictError: A group of the tenant has this name.
            PermissionDeniedError: The user may not create groups.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the group may or may not have been created. The error's
                attribute ``asked`` holds the arguments of the call.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_text(name, "name")
        text = None if metadata is None else _json_text(metadata)
        body = GroupCreate(name=name, color=color, description=description, metadata=text)
        reconcile = Created(
            self._caller,
            endpoints.LIST_V1,
            body,
            lambda found: (group for group in found.groups if group.name == name),
            lambda group: group,
            lambda group: group.id,
        )
        made = await write(self._caller, endpoints.CREATE, body=body, options=options, reconcile=reconcile)
        return as_asked(made, ())

    async def update(
        self,
        group_id: str,
        *,
        name: str | Unset = UNSET,
        color: str | Unset = UNSET,
        description: str | Unset = UNSET,
        metadata: JsonValue | Unset = UNSET,
        options: Options | None = None,
    ) -> Group:
        """Change fields of a group. Omitted fields keep their values.

        ``PATCH /identity/resources/groups/v1/{groupId}`` (documented).

        Args:
            group_id: The id of the group, 1 to 256 characters.
            name: The name, unique among the tenant's groups.
            color: The colour of the group in the portal.
            description: The purpose, as free text.
            metadata: Any JSON value, which replaces the current metadata. The client sends the value as JSON text.

        Returns:
            The group after the change.

        Raises:
            InvalidArgumentError: No field is given; nothing was sent.
            BadRequestError: The service refused the fields.
            ConflictError: Another group of the tenant has this name.
            PermissionDeniedError: The user may not change groups.
            NotFoundError: The tenant has no such group.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        path = _path(group_id)
        if name is not UNSET:
            arguments.check_text(name, "name")
        text = UNSET if metadata is UNSET else _json_text(metadata)
        body = GroupUpdate(name=name, color=color, description=description, metadata=text)
        if body == GroupUpdate():
            raise InvalidArgumentError("nothing to change: give at least one of name, color, description and metadata")
        reconcile = ReadBack(
            self._caller,
            endpoints.GET,
            lambda group: group if shows(group, body) else None,
            path=path,
            is_of_the_object=True,
        )
        changed = await write(
            self._caller, endpoints.UPDATE, path=path, body=body, options=options, reconcile=reconcile
        )
        return as_asked(changed, ())

    def _has(self, path: Mapping[str, str], holds: Callable[[Group], bool]) -> Confirmed[Group]:
        """Return a check that reads whether a group has the requested users or roles."""
        query = relations_of(GroupRelations.ROLES_AND_USERS)
        return Confirmed(self._caller, endpoints.GET, holds, path, query)

    async def delete(self, group_id: str, *, options: Options | None = None) -> None:
        """Delete a group. Its members stay in the tenant, but lose the roles of the group.

        ``DELETE /identity/resources/groups/v1/{groupId}`` (documented). If a response is lost, the request is sent
        again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            group_id: The id of the group, 1 to 256 characters.

        Raises:
            PermissionDeniedError: The user may not delete groups.
            NotFoundError: The tenant has no such group.
        """
        path = _path(group_id)
        is_gone = removed(self._caller, endpoints.GET, path)
        await self._caller.value(endpoints.DELETE, path=path, options=options, reconcile=is_gone)

    async def add_users(self, group_id: str, *, user_ids: Sequence[str], options: Options | None = None) -> None:
        """Add users of the tenant to a group. The current members stay.

        ``POST /identity/resources/groups/v1/{groupId}/users`` (documented).

        Args:
            group_id: The id of the group, 1 to 256 characters.
            user_ids: The ids of the users, at least one.

        Raises:
            PermissionDeniedError: The user lacks the permission, or the group has stronger roles than the user.
            NotFoundError: The tenant has no such group or user.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        path, body = _path(group_id), GroupUserIds(user_ids=arguments.check_ids(user_ids, "user_ids"))
        is_set = self._has(path, lambda group: set(body.user_ids) <= {user.id for user in group.users or ()})
        await self._caller.value(endpoints.ADD_USERS, path=path, body=body, options=options, reconcile=is_set)

    async def remove_users(self, group_id: str, *, user_ids: Sequence[str], options: Options | None = None) -> None:
        """Remove users from a group. The users stay in the tenant.

        ``DELETE /identity/resources/groups/v1/{groupId}/users`` (documented). The request has a body.

        Args:
            group_id: The id of the group, 1 to 256 characters.
            user_ids: The ids of the users, at least one.

        Raises:
            NotFoundError: The tenant has no such group.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        path, body = _path(group_id), GroupUserIds(user_ids=arguments.check_ids(user_ids, "user_ids"))
        is_set = self._has(path, lambda group: set(body.user_ids).isdisjoint(user.id for user in group.users or ()))
        await self._caller.value(endpoints.REMOVE_USERS, path=path, body=body, options=options, reconcile=is_set)

    async def add_roles(
        self,
        group_id: str,
        *,
        role_ids: Sequence[str] | None = None,
        role_keys: Sequence[str] | None = None,
        options: Options | None = None,
    ) -> None:
        """Add roles to a group. Its members get the roles at their next sign-in.

        ``POST /identity/resources/groups/v1/{groupId}/roles`` (documented).

        Args:
            group_id: The id of the group, 1 to 256 characters.
            role_ids: The ids of the roles, at least one.
            role_keys: The keys of the roles, in place of ``role_ids``. One more request finds the ids of the roles.

        Raises:
            PermissionDeniedError: The user lacks the permission, or a role is stronger than the user's roles.
            NotFoundError: The tenant has no such group or role, or ``role_keys`` has an unknown key.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        path, body = _path(group_id), GroupRoleIds(role_ids=required_roles(role_ids, role_keys))
        body, options = await by_ids(self._caller, endpoints.ADD_ROLES, body, role_keys, options)
        is_set = self._has(path, lambda group: set(body.role_ids) <= {role.id for role in group.roles or ()})
        await self._caller.value(endpoints.ADD_ROLES, path=path, body=body, options=options, reconcile=is_set)

    async def remove_roles(
        self,
        group_id: str,
        *,
        role_ids: Sequence[str] | None = None,
        role_keys: Sequence[str] | None = None,
        options: Options | None = None,
    ) -> None:
        """Remove roles from a group.

        ``DELETE /identity/resources/groups/v1/{groupId}/roles`` (documented). The request has a body.

        Args:
            group_id: The id of the group, 1 to 256 characters.
            role_ids: The ids of the roles, at least one.
            role_keys: The keys of the roles, in place of ``role_ids``. One more request finds the ids of the roles.

        Raises:
            NotFoundError: The tenant has no such group, or ``role_keys`` has an unknown key.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
        """
        path, body = _path(group_id), GroupRoleIds(role_ids=required_roles(role_ids, role_keys))
        body, options = await by_ids(self._caller, endpoints.REMOVE_ROLES, body, role_keys, options)
        is_set = self._has(path, lambda group: set(body.role_ids).isdisjoint(role.id for role in group.roles or ()))
        await self._caller.value(endpoints.REMOVE_ROLES, path=path, body=body, options=options, reconcile=is_set)


@without_frames
def _path(group_id: str) -> dict[str, str]:
    arguments.check_id(group_id, "group_id")
    if folded(group_id) == _CONFIGURATION:
        raise InvalidArgumentError(f"group_id must not be {_CONFIGURATION!r}: the service reserves this word")
    return {"group_id": group_id}


@without_frames
def _json_text(metadata: JsonValue) -> str:
    """Return metadata as the JSON text that the service requires. A string must already be JSON text.

    Raises:
        InvalidArgumentError: JSON cannot represent the metadata.
    """
    arguments.check_json_or_text(metadata, "metadata")
    return metadata if isinstance(metadata, str) else encode_json(metadata).decode()
