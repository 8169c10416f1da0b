"""The operations on prehooks."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.prehooks import Prehook, PrehookCreate, PrehookUpdate

_V1: Final = "/prehooks/resources/configurations/v1"

LIST = Endpoint(
    name="prehooks.list",
    method="GET",
    path=_V1,
    auth=Auth.ENVIRONMENT,
    returns=tuple[Prehook, ...],
    evidence=Evidence.CLIENT,
    summary="List the prehooks of the environment.",
)

CREATE = Endpoint(
    name="prehooks.create",
    method="POST",
    path=_V1,
    auth=Auth.ENVIRONMENT,
    body=PrehookCreate,
    returns=Prehook,
    _echoed=(("url", "url"),),
    retry=Retry.RECONCILE,
    evidence=Evidence.CLIENT,
    status=201,
    errors=(400, 409),
    summary="Create a prehook.",
)

UPDATE = Endpoint(
    name="prehooks.update",
    method="PATCH",
    path=f"{_V1}/{{id}}",
    auth=Auth.ENVIRONMENT,
    body=PrehookUpdate,
    returns=Prehook,
    retry=Retry.RESEND,
    evidence=Evidence.CLIENT,
    errors=(400, 404, 409),
    _echoed=(("id", "id"),),
    summary="Change fields of a prehook.",
)

DELETE = Endpoint(
    name="prehooks.delete",
    method="DELETE",
    path=f"{_V1}/{{id}}",
    auth=Auth.ENVIRONMENT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.CLIENT,
    errors=(404,),
    summary="Delete a prehook.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (LIST, CREATE, UPDATE, DELETE)
"""The operations of this module. No source documents their errors. The emulator returns 400, 404 and 409."""
