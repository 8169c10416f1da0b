"""The operations on passwords of users: change, reset, verification and policy."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.passwords import (
    PasswordChange,
    PasswordReset,
    PasswordResetCode,
    PasswordResetRequest,
    PasswordResetRequestV1,
    PasswordResetToken,
    PasswordVerification,
)
from frontegg_async.models.security_policies import PasswordPolicy

_V1: Final = "/identity/resources/users/v1/passwords"
_V2: Final = "/identity/resources/users/v2/passwords"

CHANGE = Endpoint(
    name="me.change_password",
    method="POST",
    path=f"{_V1}/change",
    auth=Auth.ENVIRONMENT | Auth.USER,
    user_header=True,
    body=PasswordChange,
    returns=NoneType,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404),
    summary="Change the password of the signed-in user.",
)

SEND_RESET_EMAIL = Endpoint(
    name="users.passwords.send_reset_email",
    method="POST",
    path=f"{_V2}/reset/email",
    auth=Auth.ENVIRONMENT,
    body=PasswordResetRequest,
    returns=object,  # the id of a session, which no operation of the SDK takes
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    summary="Send a user an e-mail with a link to set a new password.",
)

SEND_RESET_EMAIL_V1 = Endpoint(
    name="users.passwords.send_reset_email_v1",
    method="POST",
    path=f"{_V1}/reset",
    auth=Auth.NONE,
    body=PasswordResetRequestV1,
    returns=NoneType,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400,),
    client=False,
    summary="Send a user an e-mail with a link to set a new password.",
)

RESET = Endpoint(
    name="users.passwords.reset",
    method="POST",
    path=f"{_V1}/reset/verify",
    auth=Auth.ENVIRONMENT,
    body=PasswordReset,
    returns=NoneType,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400,),
    summary="Set a new password with the token of a link.",
)

VALIDATE_RESET = Endpoint(
    name="users.passwords.validate_reset",
    method="POST",
    path=f"{_V1}/reset/validate",
    auth=Auth.NONE,
    body=PasswordResetToken,
    returns=NoneType,
    retry=Retry.NEVER,
    evidence=Evidence.CLIENT,
    status=201,
    errors=(410,),
    client=False,
    summary="Check the token of a link to set a new password.",
)

SEND_RESET_SMS = Endpoint(
    name="users.passwords.send_reset_sms",
    method="POST",
    path=f"{_V2}/reset/sms",
    auth=Auth.NONE,
    body=PasswordResetRequest,
    returns=object,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    client=False,
    summary="Send a user an SMS with a code to set a new password.",
)

VERIFY_RESET_SMS = Endpoint(
    name="users.passwords.verify_reset_sms",
    method="POST",
    path=f"{_V2}/reset/sms/verify",
    auth=Auth.NONE,
    body=PasswordResetCode,
    returns=object,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    client=False,
    summary="Exchange the code of an SMS for a token to set a new password.",
)

RESET_BREACHED = Endpoint(
    name="users.passwords.reset_breached",
    method="POST",
    path=f"{_V1}/breached/reset/bulk",
    auth=Auth.USER,
    returns=NoneType,
    retry=Retry.NEVER,
    evidence=Evidence.CLIENT,
    status=201,
    client=False,
    summary="Send an e-mail to each user of the tenant whose password was published in a leak.",
)

GET_CONFIG = Endpoint(
    name="users.passwords.get_config",
    method="GET",
    path=f"{_V1}/config",
    auth=Auth.ENVIRONMENT | Auth.USER,
    query=("userId",),
    returns=PasswordPolicy,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Get the password policy of a user: the strictest policy of the user's tenants.",
)

VERIFY = Endpoint(
    name="users.passwords.verify",
    method="POST",
    path="/identity/resources/vendor-only/users/v1/passwords/verify",
    auth=Auth.ENVIRONMENT,
    body=PasswordVerification,
    returns=object,  # no source shows the response
    retry=Retry.SAFE,
    evidence=Evidence.DOCUMENTED,
    summary="Check the e-mail address and the password of a user.",
)

LIST_RECOVERY_STRATEGIES = Endpoint(
    name="users.passwords.list_recovery_strategies",
    method="GET",
    path="/identity/resources/configurations/v1/password-recovery/strategies",
    auth=Auth.NONE,
    returns=object,
    evidence=Evidence.CLIENT,
    client=False,
    summary="Get the ways in which users may set a new password.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    CHANGE,
    SEND_RESET_EMAIL,
    SEND_RESET_EMAIL_V1,
    RESET,
    VALIDATE_RESET,
    SEND_RESET_SMS,
    VERIFY_RESET_SMS,
    RESET_BREACHED,
    GET_CONFIG,
    VERIFY,
    LIST_RECOVERY_STRATEGIES,
)
"""The operations of this module.

Frontegg's own clients show the status 410. No source documents the other errors, which the emulator returns.
"""
