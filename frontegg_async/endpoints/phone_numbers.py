"""The operations on the phone numbers of users, by the environment and by the users themselves.

No source documents their errors. The emulator returns 400, 404 and 409. The service's description omits the fields of
responses with tokens. Frontegg's own clients show these fields.
"""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.page import Page
from frontegg_async.models.phone_numbers import (
    PhoneChangeVerification,
    PhoneNumber,
    PhoneNumberCode,
    PhoneNumberCreate,
    PhoneNumberVerification,
    PhoneResetChange,
    PhoneResetRequest,
    PhoneResetVerification,
    UserPhoneNumber,
)

_NUMBERS: Final = "/identity/resources/users/phone-numbers"
_OF_USER: Final = f"{_NUMBERS}/v1/vendor/{{user_id}}"
_PHONE: Final = "/identity/resources/users/v1/phone"

LIST = Endpoint(
    name="users.phone_numbers.list",
    method="GET",
    path=f"{_NUMBERS}/v2",
    auth=Auth.ENVIRONMENT | Auth.USER,
    query=("_limit", "_offset", "_sortBy", "_order", "_phoneNumber", "userIds"),
    returns=Page[UserPhoneNumber],
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    summary="List the phone numbers of users, page by page.",
)

LIST_V1 = Endpoint(
    name="users.phone_numbers.list_v1",
    method="GET",
    path=f"{_NUMBERS}/v1",
    auth=Auth.ENVIRONMENT | Auth.USER,
    query=("_limit", "_offset", "_sortBy", "_order", "_phoneNumber"),
    returns=Page[UserPhoneNumber],
    evidence=Evidence.DOCUMENTED,
    client=False,
    errors=(400,),
    summary="List the phone numbers of users, by the deprecated version.",
)

ADD = Endpoint(
    name="users.phone_numbers.add",
    method="POST",
    path=_OF_USER,
    auth=Auth.ENVIRONMENT,
    body=PhoneNumber,
    returns=NoneType,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404, 409),
    summary="Give a user a phone number that counts as verified.",
)

REMOVE = Endpoint(
    name="users.phone_numbers.remove",
    method="DELETE",
    path=f"{_OF_USER}/{{phone_id}}",
    auth=Auth.ENVIRONMENT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Remove a phone number of a user.",
)

LIST_OWN = Endpoint(
    name="me.phone_numbers.list",
    method="GET",
    path=f"{_NUMBERS}/v1/me",
    auth=Auth.USER,
    returns=tuple[UserPhoneNumber, ...],
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="List the caller's phone numbers.",
)

ADD_OWN = Endpoint(
    name="me.phone_numbers.add",
    method="POST",
    path=f"{_NUMBERS}/v1",
    auth=Auth.USER,
    body=PhoneNumberCreate,
    returns=PhoneNumberCode,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404, 409),
    summary="Give the caller a phone number, and send a code to the number.",
)

SEND_CODE = Endpoint(
    name="me.phone_numbers.send_code",
    method="POST",
    path=f"{_NUMBERS}/v1/preverify",
    auth=Auth.USER,
    body=PhoneNumber,
    returns=PhoneNumberCode,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404, 409),
    summary="Send a code to a phone number.",
)

VERIFY_OWN = Endpoint(
    name="me.phone_numbers.verify",
    method="POST",
    path=f"{_NUMBERS}/v1/verify",
    auth=Auth.USER,
    body=PhoneNumberVerification,
    returns=NoneType,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404, 409),
    summary="Verify a phone number of the caller with a code.",
)

REQUEST_REMOVAL = Endpoint(
    name="me.phone_numbers.request_removal",
    method="DELETE",
    path=f"{_NUMBERS}/v1/{{id}}",
    auth=Auth.USER,
    returns=PhoneNumberCode,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Send a code that confirms the removal of the caller's phone number.",
)

CONFIRM_REMOVAL = Endpoint(
    name="me.phone_numbers.confirm_removal",
    method="POST",
    path=f"{_NUMBERS}/v1/{{id}}/delete/verify",
    auth=Auth.USER,
    body=PhoneNumberVerification,
    returns=NoneType,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Remove a phone number of the caller with a code.",
)

CHANGE_OWN = Endpoint(
    name="me.change_phone",
    method="POST",
    path=_PHONE,
    auth=Auth.USER,
    body=PhoneNumber,
    returns=object,
    evidence=Evidence.CLIENT,
    client=False,
    status=201,
    errors=(400, 404, 409),
    summary="Send a code to the caller's new phone number.",
)

CONFIRM_OWN_CHANGE = Endpoint(
    name="me.confirm_phone",
    method="POST",
    path=f"{_PHONE}/verify",
    auth=Auth.USER,
    body=PhoneChangeVerification,
    returns=NoneType,
    evidence=Evidence.CLIENT,
    client=False,
    status=201,
    errors=(400, 404, 409),
    summary="Change the caller's phone number with a code.",
)

RESET = Endpoint(
    name="me.reset_phone",
    method="POST",
    path=f"{_PHONE}/reset",
    auth=Auth.NONE,
    body=PhoneResetRequest,
    returns=object,
    evidence=Evidence.CLIENT,
    client=False,
    status=201,
    errors=(400,),
    summary="Send a code to a person who lost the phone.",
)

VERIFY_RESET = Endpoint(
    name="me.verify_phone_reset",
    method="POST",
    path=f"{_PHONE}/reset/verify",
    auth=Auth.NONE,
    body=PhoneResetVerification,
    returns=object,
    evidence=Evidence.CLIENT,
    client=False,
    status=201,
    errors=(400,),
    summary="Exchange the code for a token that sets a new phone number.",
)

CHANGE_AFTER_RESET = Endpoint(
    name="me.change_phone_after_reset",
    method="PUT",
    path=f"{_PHONE}/change",
    auth=Auth.NONE,
    body=PhoneResetChange,
    returns=NoneType,
    evidence=Evidence.CLIENT,
    client=False,
    errors=(400, 409),
    summary="Set a new phone number with the token.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    LIST,
    LIST_V1,
    ADD,
    REMOVE,
    LIST_OWN,
    ADD_OWN,
    SEND_CODE,
    VERIFY_OWN,
    REQUEST_REMOVAL,
    CONFIRM_REMOVAL,
    CHANGE_OWN,
    CONFIRM_OWN_CHANGE,
    RESET,
    VERIFY_RESET,
    CHANGE_AFTER_RESET,
)
