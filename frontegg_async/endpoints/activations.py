"""The operations to activate users, accept invitations and sign up: steps of login boxes."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.activations import (
    Activation,
    ActivationEmail,
    ActivationStrategyUpdate,
    ActivationWithCode,
    InvitationAcceptance,
    InvitationAcceptanceWithCode,
    InvitationStrategyUpdate,
    OwnTenantToken,
    SignUp,
)

_V1: Final = "/identity/resources/users/v1"
_CONFIGURATIONS: Final = "/identity/resources/configurations/v1"

ACTIVATE = Endpoint(
    name="users.activation.activate",
    method="POST",
    path=f"{_V1}/activate",
    auth=Auth.NONE,
    body=Activation,
    returns=object,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 403),
    client=False,
    summary="Activate a user with the token of a link, and sign the user in.",
)

ACTIVATE_WITH_CODE = Endpoint(
    name="users.activation.activate_with_code",
    method="POST",
    path=f"{_V1}/activate/code",
    auth=Auth.NONE,
    body=ActivationWithCode,
    returns=object,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 403),
    client=False,
    summary="Activate a user with a token and a code, and sign the user in.",
)

GET_ACTIVATION_STRATEGY = Endpoint(
    name="users.activation.get_strategy",
    method="GET",
    path=f"{_V1}/activate/strategy",
    auth=Auth.NONE,
    query=("userId", "token"),
    returns=object,
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    client=False,
    summary="Get whether a user must set a password for the activation.",
)

RESEND_ACTIVATION = Endpoint(
    name="users.activation.resend",
    method="POST",
    path=f"{_V1}/activate/reset",
    auth=Auth.NONE,
    body=ActivationEmail,
    returns=NoneType,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    client=False,
    summary="Send a new activation link to a user.",
)

ACCEPT_INVITATION = Endpoint(
    name="users.invitation.accept",
    method="POST",
    path=f"{_V1}/invitation/accept",
    auth=Auth.NONE,
    body=InvitationAcceptance,
    returns=NoneType,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    client=False,
    summary="Accept an invitation to a tenant with the token of a link.",
)

ACCEPT_INVITATION_WITH_CODE = Endpoint(
    name="users.invitation.accept_with_code",
    method="POST",
    path=f"{_V1}/invitation/accept/code",
    auth=Auth.NONE,
    body=InvitationAcceptanceWithCode,
    returns=NoneType,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    client=False,
    summary="Accept an invitation to a tenant with a token and a code.",
)

SIGN_UP = Endpoint(
    name="users.sign_up.create",
    method="POST",
    path=f"{_V1}/signUp",
    auth=Auth.NONE,
    body=SignUp,
    returns=object,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 409),
    client=False,
    summary="Sign a person up with an e-mail address, and create a tenant for the person.",
)

SIGN_UP_WITH_USERNAME = Endpoint(
    name="users.sign_up.create_with_username",
    method="POST",
    path=f"{_V1}/signUp/username",
    auth=Auth.NONE,
    body=SignUp,
    returns=object,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 409),
    client=False,
    summary="Sign a person up with a user name, and create a tenant for the person.",
)

LIST_SIGN_UP_STRATEGIES = Endpoint(
    name="users.sign_up.list_strategies",
    method="GET",
    path=f"{_CONFIGURATIONS}/sign-up/strategies",
    auth=Auth.NONE,
    returns=object,
    evidence=Evidence.CLIENT,
    client=False,
    summary="Get the identifiers with which people sign up.",
)

GET_ACTIVATION_CONFIG = Endpoint(
    name="users.activation.get_config",
    method="GET",
    path=f"{_CONFIGURATIONS}/activation/strategies",
    auth=Auth.ENVIRONMENT,
    returns=object,
    evidence=Evidence.DOCUMENTED,
    client=False,
    summary="Get whether users activate themselves by links or by codes.",
)

SET_ACTIVATION_CONFIG = Endpoint(
    name="users.activation.set_config",
    method="POST",
    path=f"{_CONFIGURATIONS}/activation/strategies",
    auth=Auth.ENVIRONMENT,
    body=ActivationStrategyUpdate,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    client=False,
    summary="Set whether users activate themselves by links or by codes.",
)

GET_INVITATION_CONFIG = Endpoint(
    name="users.invitation.get_config",
    method="GET",
    path=f"{_CONFIGURATIONS}/invitation/strategies",
    auth=Auth.ENVIRONMENT,
    returns=object,
    evidence=Evidence.DOCUMENTED,
    client=False,
    summary="Get whether users accept invitations by links or by codes.",
)

SET_INVITATION_CONFIG = Endpoint(
    name="users.invitation.set_config",
    method="POST",
    path=f"{_CONFIGURATIONS}/invitation/strategies",
    auth=Auth.ENVIRONMENT,
    body=InvitationStrategyUpdate,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    client=False,
    summary="Set the lifetime of the codes of invitations.",
)

GET_TENANT_TOKEN = Endpoint(
    name="me.get_tenant_token",
    method="POST",
    path="/identity/resources/users/v3/me/token",
    auth=Auth.USER,
    body=OwnTenantToken,
    returns=object,
    retry=Retry.NEVER,
    evidence=Evidence.CLIENT,
    status=201,
    errors=(403, 404),
    client=False,
    summary="Get an access token of the signed-in user for another tenant of the user.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    ACTIVATE,
    ACTIVATE_WITH_CODE,
    GET_ACTIVATION_STRATEGY,
    RESEND_ACTIVATION,
    ACCEPT_INVITATION,
    ACCEPT_INVITATION_WITH_CODE,
    SIGN_UP,
    SIGN_UP_WITH_USERNAME,
    LIST_SIGN_UP_STRATEGIES,
    GET_ACTIVATION_CONFIG,
    SET_ACTIVATION_CONFIG,
    GET_INVITATION_CONFIG,
    SET_INVITATION_CONFIG,
    GET_TENANT_TOKEN,
)
"""The operations of this module. No source documents their errors. The listed errors are the emulator's."""
