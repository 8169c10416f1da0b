"""The operations that bring users from elsewhere, with their passwords or the hashes of these."""

from __future__ import annotations

from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.user_migrations import UserMigration
from frontegg_async.models.users import User

_LOCAL: Final = "/identity/resources/migrations/v1/local"

MIGRATE = Endpoint(
    name="users.migrate",
    method="POST",
    path=_LOCAL,
    auth=Auth.ENVIRONMENT,
    body=UserMigration,
    returns=User,
    _echoed=(("email", "email"),),
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404, 409),
    summary="Create a user with a password, or with the hash of one.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (MIGRATE,)
"""No source documents their errors; 400, 404 and 409 are what the emulator returns."""
