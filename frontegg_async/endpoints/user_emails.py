"""The operations on the e-mail addresses of users, by the environment and by the users themselves.

No source documents their errors. The emulator returns 400, 404 and 409.
"""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.page import Page
from frontegg_async.models.user_emails import EmailVerification, UserEmailAddress, UserEmailAddressCreate
from frontegg_async.models.users import UserEmail

_EMAILS: Final = "/identity/resources/users/emails/v1"
_OF_USER: Final = f"{_EMAILS}/vendor/{{user_id}}"
_CHANGE: Final = "/identity/resources/users/v1/email/me"

LIST = Endpoint(
    name="users.emails.list",
    method="GET",
    path=_EMAILS,
    auth=Auth.ENVIRONMENT | Auth.USER,
    query=("_limit", "_offset", "_sortBy", "_order", "_email", "userIds"),
    returns=Page[UserEmailAddress],
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    summary="List the e-mail addresses of users, page by page.",
)

ADD = Endpoint(
    name="users.emails.add",
    method="POST",
    path=_OF_USER,
    auth=Auth.ENVIRONMENT,
    body=UserEmailAddressCreate,
    returns=UserEmailAddress,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    _subject="user_id",
    _subject_field="user_id",
    _echoed=(("email", "email"),),
    errors=(400, 404, 409),
    summary="Add an e-mail address to a user.",
)

REMOVE = Endpoint(
    name="users.emails.remove",
    method="DELETE",
    path=f"{_OF_USER}/{{email_id}}",
    auth=Auth.ENVIRONMENT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Remove an e-mail address from a user.",
)

SET_PRIMARY = Endpoint(
    name="users.emails.set_primary",
    method="POST",
    path=f"{_OF_USER}/primary",
    auth=Auth.ENVIRONMENT,
    body=UserEmail,
    returns=NoneType,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Make one of a user's e-mail addresses the primary address.",
)

LIST_OWN = Endpoint(
    name="me.emails.list",
    method="GET",
    path=f"{_EMAILS}/me",
    auth=Auth.USER,
    returns=tuple[UserEmailAddress, ...],
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="List the caller's e-mail addresses.",
)

ADD_OWN = Endpoint(
    name="me.emails.add",
    method="POST",
    path=_EMAILS,
    auth=Auth.USER,
    body=UserEmail,
    returns=UserEmailAddress,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    _echoed=(("email", "email"),),
    errors=(400, 404, 409),
    summary="Add an e-mail address to the caller, and send a code to the address.",
)

VERIFY_OWN = Endpoint(
    name="me.emails.verify",
    method="POST",
    path=f"{_EMAILS}/verify",
    auth=Auth.USER,
    body=EmailVerification,
    returns=NoneType,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Verify an e-mail address of the caller with a code.",
)

REMOVE_OWN = Endpoint(
    name="me.emails.remove",
    method="DELETE",
    path=f"{_EMAILS}/{{email_id}}",
    auth=Auth.USER,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Remove an e-mail address from the caller.",
)

SET_OWN_PRIMARY = Endpoint(
    name="me.emails.set_primary",
    method="POST",
    path=f"{_EMAILS}/me/primary",
    auth=Auth.USER,
    body=UserEmail,
    returns=NoneType,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Make one of the caller's e-mail addresses the primary address.",
)

CHANGE_OWN = Endpoint(
    name="me.change_email",
    method="POST",
    path=_CHANGE,
    auth=Auth.USER,
    body=UserEmail,
    returns=NoneType,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404, 409),
    summary="Send a code to the caller's new e-mail address.",
)

CONFIRM_OWN_CHANGE = Endpoint(
    name="me.confirm_email",
    method="POST",
    path=f"{_CHANGE}/verify",
    auth=Auth.USER,
    body=EmailVerification,
    returns=NoneType,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404, 409),
    summary="Change the caller's e-mail address with a code.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    LIST,
    ADD,
    REMOVE,
    SET_PRIMARY,
    LIST_OWN,
    ADD_OWN,
    VERIFY_OWN,
    REMOVE_OWN,
    SET_OWN_PRIMARY,
    CHANGE_OWN,
    CONFIRM_OWN_CHANGE,
)
