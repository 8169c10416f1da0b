"""The operations that migrate users from another system, with their passwords or the hashes of their passwords."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.migrated_users import UserMigrationTask
from frontegg_async.models.migrations import StartedMigration
from frontegg_async.models.user_migrations import Auth0Migration, UserMigration, UserMigrations, UserMigrationsV2
from frontegg_async.models.users import User

_MIGRATIONS: Final = "/identity/resources/migrations"
_LOCAL: Final = f"{_MIGRATIONS}/v1/local"

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
    summary="Create a user with a password, or with the hash of a password.",
)

BULK_MIGRATE = Endpoint(
    name="users.bulk_migrate",
    method="POST",
    path=f"{_LOCAL}/bulk",
    auth=Auth.ENVIRONMENT,
    body=UserMigrations,
    returns=StartedMigration,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=202,
    errors=(400,),
    summary="Start to migrate up to 1,000 users.",
)

BULK_MIGRATE_V2 = Endpoint(
    name="users.bulk_migrate_v2",
    method="POST",
    path=f"{_MIGRATIONS}/v2/local/bulk",
    auth=Auth.ENVIRONMENT,
    body=UserMigrationsV2,
    returns=StartedMigration,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=202,
    errors=(400,),
    client=False,
    summary="Start to migrate up to 1,000 users with several e-mail addresses each.",
)

MIGRATE_FROM_AUTH0 = Endpoint(
    name="users.migrate_from_auth0",
    method="POST",
    path=f"{_MIGRATIONS}/v1/auth0",
    auth=Auth.ENVIRONMENT,
    body=Auth0Migration,
    returns=NoneType,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400,),
    client=False,
    summary="Migrate the users of an Auth0 tenant.",
)

MIGRATION_TASK = Endpoint(
    name="users.get_migration_task",
    method="GET",
    path=f"{_LOCAL}/bulk/status/{{migration_id}}",
    auth=Auth.ENVIRONMENT,
    returns=UserMigrationTask,
    evidence=Evidence.DOCUMENTED,
    _echoed=(("migration_id", "migration_id"),),
    errors=(404,),
    summary="Get the state of a migration of many users.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (MIGRATE, BULK_MIGRATE, BULK_MIGRATE_V2, MIGRATE_FROM_AUTH0, MIGRATION_TASK)
"""The operations of this module. No source documents their errors. The emulator returns 400, 404 and 409."""
