"""The portal's operations on sessions, which only Frontegg's own clients call."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence
from frontegg_async.models.users import SessionRevocation

_V1: Final = "/identity/resources/users/sessions/v1"

GET_CURRENT = Endpoint(
    name="user_sessions.get_current",
    method="GET",
    path=f"{_V1}/me/current",
    auth=Auth.USER,
    returns=object,
    evidence=Evidence.CLIENT,
    client=False,
    summary="Get the session of the user's own token.",
)

REVOKE = Endpoint(
    name="user_sessions.revoke",
    method="POST",
    path=f"{_V1}/revoke",
    auth=Auth.USER,
    body=SessionRevocation,
    returns=NoneType,
    evidence=Evidence.CLIENT,
    status=201,
    errors=(404,),
    client=False,
    summary="End all sessions of a user of the user's own tenant.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (GET_CURRENT, REVOKE)
"""The operations of this module. No source documents their errors. The emulator returns 404."""
