"""The operations on migrations."""

from __future__ import annotations

from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.migrations import Migration, MigrationStart, StartedMigration

_V1: Final = "/tenants/resources/migrations/v1/tenants"

START = Endpoint(
    name="migrations.start",
    method="POST",
    path=_V1,
    auth=Auth.ENVIRONMENT,
    body=MigrationStart,
    returns=StartedMigration,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=202,
    summary="Start to migrate tenants into the environment.",
)

STATUS = Endpoint(
    name="migrations.get_status",
    method="GET",
    path=f"{_V1}/status/{{migration_id}}",
    auth=Auth.ENVIRONMENT,
    returns=Migration,
    evidence=Evidence.DOCUMENTED,
    _subject="migration_id",
    _subject_field="migration_id",
    errors=(404,),
    summary="Get the state of a migration.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (START, STATUS)
