"""The operations on users, and on their memberships in tenants."""

from __future__ import annotations

from types import NoneType
from typing import Final

import attrs

from frontegg_async.endpoints.endpoint import TENANT_OF_CALL, USER_OF_CALL, Auth, Endpoint, Evidence, Retry
from frontegg_async.models.page import Page
from frontegg_async.models.users import (
    ActiveTenant,
    BulkInvitation,
    InvitationReset,
    InvitationTask,
    InvitedUser,
    NewMembership,
    RoleAssignment,
    RoleIds,
    RoleIdsByTenant,
    RolesChange,
    RolesTask,
    User,
    UserEmail,
    UserGroups,
    UserInvitation,
    UserReplacement,
    UserRoleIds,
    UserSession,
    UserStatuses,
    UserUpdate,
)

_USERS: Final = "/identity/resources/users"
_V1: Final = f"{_USERS}/v1/{{user_id}}"
_VENDOR_ONLY: Final = "/identity/resources/vendor-only/users/v1"
_IN_TENANT: Final = "/identity/resources/tenants/users/v1"
_SESSIONS: Final = f"{_USERS}/sessions/v1/me"
_TEAM: Final = Auth.TENANT | Auth.USER
"""An environment's token with a tenant header, or a token of a user or a tenant, which acts on its own tenant."""

_OF_USER: Final = _TEAM | Auth.ENVIRONMENT
"""The credentials of `_TEAM`, or an environment's token without a tenant header, since another header names the user.
"""

LIST = Endpoint(
    name="users.list",
    method="GET",
    path=f"{_USERS}/v3",
    auth=Auth.ENVIRONMENT | Auth.TENANT | Auth.USER,
    query=(
        "_limit",
        "_offset",
        "_email",
        "_tenantId",
        "ids",
        "_namePrefix",
        "_identifier",
        "_identifierType",
        "_includeSubTenants",
        "_externalIds",
        "_preset",
        "_maxInactiveSeconds",
        "_sortBy",
        "_order",
    ),
    returns=Page[User],
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    summary="List the users of a tenant, or of the whole environment.",
)

GET = Endpoint(
    name="users.get",
    method="GET",
    path=f"{_VENDOR_ONLY}/{{user_id}}",
    auth=Auth.ENVIRONMENT,
    returns=User,
    evidence=Evidence.DOCUMENTED,
    _echoed=(("id", "user_id"),),
    errors=(404,),
    summary="Get a user with its roles in all tenants.",
)

GET_IN_TENANT = Endpoint(
    name="users.get_in_tenant",
    method="GET",
    path=_V1,
    auth=_TEAM,
    returns=User,
    evidence=Evidence.DOCUMENTED,
    _echoed=(("id", "user_id"),),
    errors=(404,),
    summary="Get a user of a tenant with its roles there.",
)

GET_BY_EMAIL = Endpoint(
    name="users.get_by_email",
    method="GET",
    path=f"{_USERS}/v1/email",
    auth=Auth.ENVIRONMENT,
    query=("email",),
    returns=User,
    evidence=Evidence.DOCUMENTED,
    _echoed=(("email", "email"),),
    errors=(400, 404),
    summary="Get the user with an e-mail address.",
)

INVITE = Endpoint(
    name="users.invite",
    method="POST",
    path=f"{_USERS}/v2",
    auth=_TEAM,
    body=UserInvitation,
    returns=InvitedUser,
    _echoed=(("email", "email"),),
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 403, 404, 409),
    summary="Create a user in a tenant, or invite an existing user.",
)

INVITE_V1 = attrs.evolve(
    INVITE, name="users.invite_v1", path=f"{_USERS}/v1", auth=Auth.TENANT, retry=Retry.NEVER, client=False
)

LIST_V1 = Endpoint(
    name="users.list_v1",
    method="GET",
    path=f"{_USERS}/v1",
    auth=Auth.ENVIRONMENT | Auth.TENANT,
    query=("_limit", "_offset"),
    returns=Page[User],
    evidence=Evidence.LIVE,
    errors=(400,),
    client=False,
    summary="List the users of a tenant or of the whole environment, with their roles.",
)

LIST_V2 = Endpoint(
    name="users.list_v2",
    method="GET",
    path=f"{_USERS}/v2",
    auth=_TEAM,
    query=("_limit", "_offset", "_sortBy", "_order"),
    returns=Page[User],
    evidence=Evidence.CLIENT,
    errors=(400,),
    client=False,
    summary="List the users of a tenant.",
)

RESEND_INVITATION = Endpoint(
    name="users.resend_invitation",
    method="POST",
    path=f"{_USERS}/v1/invitation/reset",
    auth=_TEAM,
    body=InvitationReset,
    returns=NoneType,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Create a new invitation to a tenant, and send it.",
)

RESEND_ALL_INVITATIONS = Endpoint(
    name="users.resend_all_invitations",
    method="POST",
    path=f"{_USERS}/v1/invitation/reset/all",
    auth=_TEAM,
    body=InvitationReset,
    returns=NoneType,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Create new invitations to a tenant and its sub-accounts, and send them.",
)

BULK_INVITE = Endpoint(
    name="users.invite_many",
    method="POST",
    path=f"{_USERS}/bulk/v1/invite",
    auth=Auth.TENANT,
    body=BulkInvitation,
    returns=InvitationTask,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=202,
    errors=(400, 403, 404),
    summary="Invite up to 1,000 users to a tenant.",
)

BULK_INVITE_STATUS = Endpoint(
    name="users.get_invitation_task",
    method="GET",
    path=f"{_USERS}/bulk/v1/status/{{id}}",
    auth=Auth.ENVIRONMENT,
    returns=InvitationTask,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    _echoed=(("id", "id"),),
    summary="Get the state of an invitation of many users.",
)

ADD_TO_TENANT = Endpoint(
    name="users.add_to_tenant",
    method="POST",
    path=f"{_V1}/tenant",
    auth=Auth.ENVIRONMENT,
    body=NewMembership,
    returns=User,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    _echoed=(("id", "user_id"),),
    errors=(403, 404, 409),
    summary="Add a user to a tenant.",
)

REMOVE = Endpoint(
    name="users.remove",
    method="DELETE",
    path=_V1,
    auth=Auth.ENVIRONMENT | Auth.TENANT | Auth.USER,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Remove a user from the tenant of the call; without a tenant, delete the user everywhere.",
)

UPDATE = Endpoint(
    name="users.update",
    method="PUT",
    path=f"{_USERS}/v1",
    auth=Auth.TENANT,
    user_header=True,
    _subject=USER_OF_CALL,
    _subject_field="id",
    body=UserUpdate,
    returns=User,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Change fields of a user of a tenant.",
)

REPLACE = Endpoint(
    name="users.replace_all_fields",
    method="PUT",
    path=_V1,
    auth=Auth.ENVIRONMENT,
    body=UserReplacement,
    returns=User,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    _echoed=(("id", "user_id"),),
    errors=(404,),
    summary="Replace all fields of a user, in all tenants.",
)

SET_EMAIL = Endpoint(
    name="users.set_email",
    method="PUT",
    path=f"{_V1}/email",
    auth=Auth.ENVIRONMENT,
    body=UserEmail,
    returns=User,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    _echoed=(("id", "user_id"),),
    errors=(400, 404, 409),
    summary="Change the e-mail address of a user.",
)

SET_ACTIVE_TENANT = Endpoint(
    name="users.set_active_tenant",
    method="PUT",
    path=f"{_V1}/tenant",
    auth=Auth.ENVIRONMENT,
    body=ActiveTenant,
    returns=User,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    client=False,
    errors=(404,),
    summary="Set the active tenant of a user; the service creates a missing tenant.",
)

ASSIGN_ROLES = Endpoint(
    name="users.assign_roles",
    method="POST",
    path=f"{_V1}/roles",
    auth=_TEAM,
    body=RoleIds,
    returns=RoleAssignment,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=201,
    _subject=TENANT_OF_CALL,
    _echoed=(("user_id", "user_id"),),
    errors=(400, 404),
    summary="Give a user roles in a tenant.",
)

UNASSIGN_ROLES = Endpoint(
    name="users.unassign_roles",
    method="DELETE",
    path=f"{_V1}/roles",
    auth=_TEAM,
    body=RoleIds,
    returns=RoleAssignment,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    _subject=TENANT_OF_CALL,
    _echoed=(("user_id", "user_id"),),
    errors=(400, 404),
    summary="Remove roles of a user in a tenant.",
)

CHANGE_ROLES = Endpoint(
    name="users.change_roles",
    method="PATCH",
    path=f"{_VENDOR_ONLY}/{{user_id}}/roles/bulk",
    auth=Auth.ENVIRONMENT,
    body=RoleIdsByTenant,
    returns=RolesChange,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    _echoed=(("user_id", "user_id"),),
    errors=(400, 404),
    summary="Add and remove roles of a user in many tenants.",
)

ROLES_TASK = Endpoint(
    name="users.get_roles_task",
    method="GET",
    path=f"{_VENDOR_ONLY}/bulk-roles/status/{{task_id}}",
    auth=Auth.ENVIRONMENT,
    returns=RolesTask,
    evidence=Evidence.DOCUMENTED,
    _echoed=(("id", "task_id"),),
    errors=(404,),
    summary="Get the state of a change of roles in many tenants.",
)

ROLES = Endpoint(
    name="users.list_roles",
    method="GET",
    path=f"{_USERS}/v3/roles",
    auth=_TEAM,
    query=("ids",),
    returns=tuple[UserRoleIds, ...],
    evidence=Evidence.LIVE,
    _subject="ids",
    _subject_field="user_id",
    errors=(400,),
    summary="Get the ids of the roles of users in a tenant.",
)

GROUPS = Endpoint(
    name="users.list_groups",
    method="GET",
    path=f"{_USERS}/v3/groups",
    auth=_TEAM,
    query=("ids",),
    returns=tuple[UserGroups, ...],
    evidence=Evidence.LIVE,
    _subject="ids",
    _subject_field="user_id",
    errors=(400,),
    summary="Get the ids of the groups of users in a tenant.",
)


def _switch(verb: str, path: str, auth: Auth, summary: str) -> Endpoint[None]:
    return Endpoint(
        name=f"users.{verb}",
        method="POST",
        path=path,
        auth=auth,
        returns=NoneType,
        retry=Retry.RESEND,
        evidence=Evidence.DOCUMENTED,
        errors=(404,),
        summary=summary,
    )


DISABLE = _switch("disable", f"{_IN_TENANT}/{{user_id}}/disable", _TEAM, "Keep a user out of a tenant.")
ENABLE = _switch("enable", f"{_IN_TENANT}/{{user_id}}/enable", _TEAM, "Let a user into a tenant again.")
LOCK = _switch("lock", f"{_V1}/lock", Auth.ENVIRONMENT, "Keep a user from signing in.")
UNLOCK = _switch("unlock", f"{_V1}/unlock", Auth.ENVIRONMENT, "Let a user sign in again.")
VERIFY = _switch("mark_verified", f"{_V1}/verify", Auth.ENVIRONMENT, "Mark the e-mail address of a user as verified.")

STATUSES = Endpoint(
    name="users.list_statuses",
    method="GET",
    path=f"{_IN_TENANT}/statuses",
    auth=Auth.ENVIRONMENT,
    query=("userIds", "userTenantStatuses"),
    returns=tuple[UserStatuses, ...],
    evidence=Evidence.DOCUMENTED,
    _subject="userIds",
    _subject_field="user_id",
    errors=(400,),
    summary="Get the statuses of users in their tenants.",
)

SESSIONS = Endpoint(
    name="users.list_sessions",
    method="GET",
    path=_SESSIONS,
    auth=_OF_USER,
    user_header=True,
    returns=tuple[UserSession, ...],
    evidence=Evidence.LIVE,
    errors=(400, 404),
    summary="List the sessions of a user.",
)

END_SESSION = Endpoint(
    name="users.end_session",
    method="DELETE",
    path=f"{_SESSIONS}/{{id}}",
    auth=_OF_USER,
    user_header=True,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.LIVE,
    errors=(400, 404),
    summary="End a session of a user.",
)

END_SESSIONS = Endpoint(
    name="users.end_sessions",
    method="DELETE",
    path=f"{_SESSIONS}/all",
    auth=_OF_USER,
    user_header=True,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.LIVE,
    errors=(400, 404),
    summary="End all sessions of a user.",
)

DISABLE_MFA = Endpoint(
    name="users.disable_mfa",
    method="POST",
    path=f"{_USERS}/v1/mfa/disable",
    auth=Auth.TENANT,
    user_header=True,
    returns=NoneType,
    retry=Retry.NEVER,
    evidence=Evidence.LIVE,
    errors=(400, 404),
    summary="Remove the second factor of a user.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    LIST,
    GET,
    GET_IN_TENANT,
    GET_BY_EMAIL,
    INVITE,
    INVITE_V1,
    LIST_V1,
    LIST_V2,
    RESEND_INVITATION,
    RESEND_ALL_INVITATIONS,
    BULK_INVITE,
    BULK_INVITE_STATUS,
    ADD_TO_TENANT,
    REMOVE,
    UPDATE,
    REPLACE,
    SET_EMAIL,
    SET_ACTIVE_TENANT,
    ASSIGN_ROLES,
    UNASSIGN_ROLES,
    CHANGE_ROLES,
    ROLES_TASK,
    ROLES,
    GROUPS,
    DISABLE,
    ENABLE,
    LOCK,
    UNLOCK,
    VERIFY,
    STATUSES,
    SESSIONS,
    END_SESSION,
    END_SESSIONS,
    DISABLE_MFA,
)
"""The operations of this module. No source documents most of their errors. The emulator returns 400, 404 and 409."""
