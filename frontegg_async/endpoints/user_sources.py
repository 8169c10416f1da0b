"""The operations on user sources."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.page import Page
from frontegg_async.models.user_sources import (
    UserOfSource,
    UserSource,
    UserSourceApplications,
    UserSourceCreate,
    UserSourceUpdate,
)

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
    summary="Remove applications from a user source.",
)

LIST_USERS = Endpoint(
    name="user_sources.list_users",
    method="GET",
    path=f"{_SOURCES}/{{id}}/users",
    auth=Auth.ENVIRONMENT,
    query=("_limit", "_offset"),
    returns=Page[UserOfSource],
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="List the users of a user source.",
)

TYPES: Final = {
    "auth0": "external/auth0",
    "cognito": "external/cognito",
    "firebase": "external/firebase",
    "custom-code": "external/custom-code",
    "federation": "federation",
}
"""The types of user sources, and the paths that create them."""


def _creation(kind: str, path: str) -> Endpoint[UserSource]:
    return Endpoint(
        name=f"user_sources.create_{kind.replace('-', '_')}",
        method="POST",
        path=f"{_SOURCES}/{path}",
        auth=Auth.ENVIRONMENT,
        body=UserSourceCreate,
        returns=UserSource,
        retry=Retry.NEVER,
        evidence=Evidence.DOCUMENTED,
        status=201,
        errors=(400, 404),
        client=False,
        summary=f"Create a user source of the type {kind}.",
    )


def _update(kind: str, path: str) -> Endpoint[None]:
    return Endpoint(
        name=f"user_sources.update_{kind.replace('-', '_')}",
        method="PUT",
        path=f"{_SOURCES}/{path}/{{id}}",
        auth=Auth.ENVIRONMENT,
        body=UserSourceUpdate,
        returns=NoneType,
        retry=Retry.NEVER,
        evidence=Evidence.DOCUMENTED,
        errors=(400, 404),
        client=False,
        summary=f"Change a user source of the type {kind}.",
    )


ENDPOINTS: tuple[Endpoint[object], ...] = (
    LIST,
    GET,
    DELETE,
    ASSIGN_APPLICATIONS,
    UNASSIGN_APPLICATIONS,
    LIST_USERS,
    *(_creation(kind, path) for kind, path in TYPES.items()),
    *(_update(kind, path) for kind, path in TYPES.items()),
)
"""The operations of this module. No source documents their errors. The emulator returns 400 and 404."""
