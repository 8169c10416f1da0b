"""The operations on definitions of events. Frontegg's own clients call these operations, and the emulator serves them.

Frontegg's MCP server uses the definitions for webhooks. The JavaScript package `@frontegg/rest-api` has types for the
definitions.
"""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence
from frontegg_async.models.event_definitions import EventDefinitionCreate

_V1: Final = "/event/resources/configurations/v1"

LIST = Endpoint(
    name="event_definitions.list",
    method="GET",
    path=_V1,
    auth=Auth.ENVIRONMENT | Auth.USER,
    returns=object,
    evidence=Evidence.LIVE,
    client=False,
    summary="List the definitions of events.",
)

CATEGORIES = Endpoint(
    name="event_definitions.categories",
    method="GET",
    path=f"{_V1}/categories",
    auth=Auth.ENVIRONMENT | Auth.USER,
    returns=object,
    evidence=Evidence.CLIENT,
    client=False,
    summary="List the categories of events.",
)

CREATE = Endpoint(
    name="event_definitions.create",
    method="POST",
    path=_V1,
    auth=Auth.ENVIRONMENT,
    body=EventDefinitionCreate,
    returns=object,
    evidence=Evidence.LIVE,
    status=201,
    errors=(400,),
    client=False,
    summary="Define an event of your own.",
)

DELETE = Endpoint(
    name="event_definitions.delete",
    method="DELETE",
    path=f"{_V1}/{{id}}",
    auth=Auth.ENVIRONMENT,
    returns=NoneType,
    evidence=Evidence.LIVE,
    errors=(404,),
    client=False,
    summary="Delete the definition of an event.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (LIST, CATEGORIES, CREATE, DELETE)
