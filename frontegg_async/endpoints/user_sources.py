"""The operations on user sources."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.user_sources import UserSource, UserSourceApplications

_SOURCES: Final = "/identity/resources/user-sources/v1"

LIST = Endpoint(
    name="user_sources.list",
    method="GET",
    path=_SOURCES,
    auth=Auth.ENVIRONMENT,
    returns=tuple[UserSource, ...],
    evidence=Evidence.DOCUMENTED,
    summary="List the user sources of the environment.",
)

GET = Endpoint(
    name="user_sources.get",
    method="GET",
    path=f"{_SOURCES}/{{id}}",
    auth=Auth.ENVIRONMENT,
    returns=UserSource,
    evidence=Evidence.DOCUMENTED,
    _subject="id",
    _subject_field="id",
    errors=(404,),
    summary="Get a user source.",
)

DELETE = Endpoint(
    name="user_sources.delete",
    method="DELETE",
    path=f"{_SOURCES}/{{id}}",
    auth=Auth.ENVIRONMENT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Delete a user source.",
)

ASSIGN_APPLICATIONS = Endpoint(
    name="user_sources.assign_applications",
    method="POST",
    path=f"{_SOURCES}/assign",
    auth=Auth.ENVIRONMENT,
    body=UserSourceApplications,
    returns=NoneType,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404),
    summary="Assign applications to a user source.",
)

UNASSIGN_APPLICATIONS = Endpoint(
    name="user_sources.unassign_applications",
    method="POST",
    path=f"{_SOURCES}/unassign",
    auth=Auth.ENVIRONMENT,
    body=UserSourceApplications,
    returns=NoneType,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404),
    summary="Take applications from a user source.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (LIST, GET, DELETE, ASSIGN_APPLICATIONS, UNASSIGN_APPLICATIONS)
"""No source documents their errors; 400 and 404 are what the emulator returns."""
