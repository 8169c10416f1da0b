"""The operations on flags of users, on temporary users, and on the second factor of a user in all tenants."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.user_flags import (
    TemporaryUserConfiguration,
    TemporaryUserConfigurationUpdate,
    UserExpiration,
    UserInvisible,
    UserSuperuser,
)
from frontegg_async.models.users import User

_USERS: Final = "/identity/resources/users"
_TEMPORARY: Final = f"{_USERS}/temporary/v1"
_TEAM: Final = Auth.TENANT | Auth.USER
"""It is assumed that the tenant header names the tenant of a temporary user, since no source says how."""

SET_INVISIBLE = Endpoint(
    name="users.set_invisible",
    method="PUT",
    path=f"{_USERS}/v1/{{user_id}}/invisible",
    auth=Auth.ENVIRONMENT,
    body=UserInvisible,
    returns=User,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    _echoed=(("id", "user_id"),),
    errors=(404,),
    summary="Hide a user from the users of its tenants, or show it again.",
)

SET_SUPERUSER = Endpoint(
    name="users.set_superuser",
    method="PUT",
    path=f"{_USERS}/v1/{{user_id}}/superuser",
    auth=Auth.ENVIRONMENT,
    body=UserSuperuser,
    returns=User,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    _echoed=(("id", "user_id"),),
    errors=(404,),
    summary="Give a user access to all tenants, or remove this access.",
)

SET_EXPIRATION = Endpoint(
    name="users.set_expiration",
    method="PUT",
    path=f"{_TEMPORARY}/{{user_id}}",
    auth=_TEAM,
    body=UserExpiration,
    returns=object,  # the fields of the request
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404),
    summary="Set the time after which a user leaves a tenant automatically.",
)

MAKE_PERMANENT = Endpoint(
    name="users.make_permanent",
    method="DELETE",
    path=f"{_TEMPORARY}/{{user_id}}",
    auth=_TEAM,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Make a temporary user a permanent member of a tenant.",
)

GET_TEMPORARY_CONFIG = Endpoint(
    name="users.get_temporary_config",
    method="GET",
    path=f"{_TEMPORARY}/configuration",
    auth=Auth.ENVIRONMENT | Auth.USER,
    returns=TemporaryUserConfiguration,
    evidence=Evidence.DOCUMENTED,
    summary="Get whether the environment has temporary users.",
)

SET_TEMPORARY_CONFIG = Endpoint(
    name="users.set_temporary_config",
    method="PUT",
    path=f"{_TEMPORARY}/configuration",
    auth=Auth.ENVIRONMENT,
    body=TemporaryUserConfigurationUpdate,
    returns=TemporaryUserConfiguration,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    summary="Set whether the environment has temporary users.",
)

UNENROLL_MFA = Endpoint(
    name="users.unenroll_mfa",
    method="POST",
    path="/identity/resources/vendor-only/users/v1/{user_id}/mfa/unenroll",
    auth=Auth.ENVIRONMENT,
    returns=NoneType,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Remove the second factor of a user in all tenants.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    SET_INVISIBLE,
    SET_SUPERUSER,
    SET_EXPIRATION,
    MAKE_PERMANENT,
    GET_TEMPORARY_CONFIG,
    SET_TEMPORARY_CONFIG,
    UNENROLL_MFA,
)
"""The operations of this module. No source documents their errors. The listed errors are the emulator's."""
