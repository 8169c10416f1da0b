"""The operations on user names.

No source documents their errors. The emulator returns 400, 404 and 409. The service's description shows one user name
as the response of `LIST`, but Frontegg's own clients expect a page of user names.
"""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.page import Page
from frontegg_async.models.usernames import Username, UsernameCreate

_USERNAMES: Final = "/identity/resources/usernames/v1"

LIST = Endpoint(
    name="users.usernames.list",
    method="GET",
    path=_USERNAMES,
    auth=Auth.ENVIRONMENT | Auth.USER,
    query=("_limit", "_offset", "_sortBy", "_order", "_usernamePrefix", "userIds", "usernames"),
    returns=Page[Username],
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    summary="List the user names of users, page by page.",
)

GET_OWN = Endpoint(
    name="me.username.get",
    method="GET",
    path=f"{_USERNAMES}/me",
    auth=Auth.USER,
    returns=Username,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Get the caller's user name.",
)

CREATE_OWN = Endpoint(
    name="me.username.create",
    method="POST",
    path=_USERNAMES,
    auth=Auth.USER,
    body=UsernameCreate,
    returns=NoneType,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404, 409),
    summary="Give the caller a user name.",
)

DELETE_OWN = Endpoint(
    name="me.username.delete",
    method="DELETE",
    path=f"{_USERNAMES}/{{username}}",
    auth=Auth.USER,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Remove the user name of the caller.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (LIST, GET_OWN, CREATE_OWN, DELETE_OWN)
