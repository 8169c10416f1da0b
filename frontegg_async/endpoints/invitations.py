"""The operations on general invitations to tenants, and on invitations of users."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import TENANT_OF_CALL, Auth, Endpoint, Evidence, Retry
from frontegg_async.models.invitations import (
    Invitation,
    InvitationConfiguration,
    InvitationCreate,
    InvitationVerification,
    UserInvitationCreate,
    UserInvitationCreateV1,
    UserInvitationUpdate,
)

_V1: Final = "/identity/resources/tenants/invites/v1"
_USER: Final = f"{_V1}/user"
_BY_USERS: Final = Auth.TENANT | Auth.USER

CREATE = Endpoint(
    name="invitations.create",
    method="POST",
    path=_V1,
    auth=Auth.ENVIRONMENT,
    body=InvitationCreate,
    returns=Invitation,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    _subject="tenant_id",
    errors=(400, 404),
    summary="Create an invitation to a tenant.",
)

LIST = Endpoint(
    name="invitations.list",
    method="GET",
    path=f"{_V1}/all",
    auth=Auth.ENVIRONMENT,
    returns=tuple[Invitation, ...],
    evidence=Evidence.DOCUMENTED,
    summary="List the invitations to all tenants.",
)

DELETE = Endpoint(
    name="invitations.delete",
    method="DELETE",
    path=f"{_V1}/token/{{id}}",
    auth=Auth.ENVIRONMENT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Delete an invitation.",
)

VERIFY = Endpoint(
    name="invitations.verify",
    method="POST",
    path=f"{_V1}/verify",
    auth=Auth.ENVIRONMENT,
    body=InvitationVerification,
    returns=Invitation,
    retry=Retry.SAFE,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Get the invitation of a token that is still valid.",
)

CONFIGURATION = Endpoint(
    name="invitations.get_config",
    method="GET",
    path=f"{_V1}/configuration",
    auth=Auth.ENVIRONMENT | Auth.USER,
    returns=InvitationConfiguration,
    evidence=Evidence.DOCUMENTED,
    summary="Get whether people may be invited to tenants.",
)

GET_OF_USER = Endpoint(
    name="user_invitations.get",
    method="GET",
    path=_USER,
    auth=_BY_USERS,
    user_header=True,
    returns=Invitation,
    evidence=Evidence.DOCUMENTED,
    _subject=TENANT_OF_CALL,
    errors=(400, 404),
    summary="Get the invitation of a user to a tenant.",
)

CREATE_OF_USER_V1 = Endpoint(
    name="user_invitations.create_v1",
    method="POST",
    path=_USER,
    auth=_BY_USERS,
    user_header=True,
    body=UserInvitationCreateV1,
    returns=Invitation,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    _subject=TENANT_OF_CALL,
    errors=(400, 404),
    client=False,
    summary="Create the invitation of a user to a tenant, without roles.",
)

CREATE_OF_USER = Endpoint(
    name="user_invitations.create",
    method="POST",
    path="/identity/resources/tenants/invites/v2/user",
    auth=_BY_USERS,
    user_header=True,
    body=UserInvitationCreate,
    returns=Invitation,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    _subject=TENANT_OF_CALL,
    errors=(400, 404),
    summary="Create the invitation of a user to a tenant.",
)

UPDATE_OF_USER = Endpoint(
    name="user_invitations.update",
    method="PATCH",
    path=_USER,
    auth=_BY_USERS,
    user_header=True,
    body=UserInvitationUpdate,
    returns=Invitation,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    _subject=TENANT_OF_CALL,
    errors=(400, 404),
    summary="Change the invitation of a user to a tenant.",
)

DELETE_OF_USER = Endpoint(
    name="user_invitations.delete",
    method="DELETE",
    path=_USER,
    auth=_BY_USERS,
    user_header=True,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Delete the invitation of a user to a tenant.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    CREATE,
    LIST,
    DELETE,
    VERIFY,
    CONFIGURATION,
    GET_OF_USER,
    CREATE_OF_USER_V1,
    CREATE_OF_USER,
    UPDATE_OF_USER,
    DELETE_OF_USER,
)
"""The operations of this module. No source documents their errors. The emulator returns 400 and 404."""
