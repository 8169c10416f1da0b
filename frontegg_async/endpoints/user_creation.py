"""The operation that creates users without an invitation, and the search of users by phrases."""

from __future__ import annotations

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.page import Page
from frontegg_async.models.user_creation import UserCreate
from frontegg_async.models.users import User

CREATE = Endpoint(
    name="users.create",
    method="POST",
    path="/identity/resources/vendor-only/users/v1",
    auth=Auth.ENVIRONMENT,
    body=UserCreate,
    returns=User,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    _echoed=(("email", "email"),),
    errors=(400, 403, 404, 409),
    summary="Create a user in a tenant, without an invitation.",
)

SEARCH = Endpoint(
    name="users.search",
    method="GET",
    path="/identity/resources/users/v1/query/phrase",
    auth=Auth.ENVIRONMENT | Auth.TENANT,
    query=(
        "_phraseSearchContains",
        "_phraseSearchExcludes",
        "_phraseSearchOptional",
        "_phraseSearchApproximate",
        "_limit",
        "_offset",
        "_email",
        "_tenantId",
        "ids",
        "_namePrefix",
        "_identifier",
        "_identifierType",
        "_includeSubTenants",
        "_externalIds",
        "_sortBy",
        "_order",
    ),
    returns=Page[User],
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    summary="Search the users by phrases.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (CREATE, SEARCH)
"""The operations of this module. No source documents their errors. The listed errors are the emulator's."""
