"""The writes that bring users from elsewhere."""

from __future__ import annotations

from typing import Final

from frontegg_async import ConflictError, Options, Outcome, OutcomeUnknownError, ResultLostError, UserToMigrate
from frontegg_async.emulator.services.roles.rows import DEFAULT_ROLES
from frontegg_async.endpoints import user_migrations
from frontegg_async.errors import ErrorDetails
from frontegg_async.models import MigrationOutcome
from tests.acceptance.scoreboard.rows.writes.environment_state import Ground, Plan, Sides, Write

_ADMIN: Final = DEFAULT_ROLES[0].id


def _migrate(ground: Ground, mark: str) -> Write:
    home, email = ground.home, f"{mark}@migrated.example"
    return Write(
        endpoints=(user_migrations.MIGRATE,),
        call=lambda sides, options: sides.frontegg.users.migrate(
            home,
            email=email,
            name=f"Ünïcode {mark}",
            password="emu_migrated",
            metadata={"mark": mark},
            vendor_metadata={"crm": [mark]},
            role_ids=[_ADMIN],
            verify=True,
            options=options,
        ),
        similar=lambda sides, options: sides.frontegg.users.migrate(home, email=email, options=options),
        shown=lambda after: [home] in [row["tenantIds"] for row in after.by_email[email]],
        made=lambda after: len(after.by_email[email]),
        returned=lambda made, after: [row["id"] for row in after.by_email[email]] == [made.id],
    )


def _bulk_migrate(ground: Ground, mark: str) -> Write:
    """A row that failed or is unknown counts as the error of the write."""
    email = f"{mark}@migrated.example"
    user = UserToMigrate(tenant_id=ground.home, email=email, password="emu_migrated")

    async def call(sides: Sides, options: Options) -> object:
        (row,) = await sides.frontegg.users.bulk_migrate([user], timeout=30, options=options).all()
        if "its result is lost" in str(row.reason):  # the request was done: only the outcome of its row is unknown
            raise ResultLostError(str(row.reason), ErrorDetails(outcome=Outcome.DONE))
        if row.outcome is MigrationOutcome.UNKNOWN:
            raise OutcomeUnknownError(str(row.reason), ErrorDetails(outcome=Outcome.UNKNOWN))
        if row.outcome is MigrationOutcome.FAILED:
            raise ConflictError(str(row.reason), ErrorDetails(outcome=Outcome.REFUSED))
        return row

    return Write(
        endpoints=(user_migrations.BULK_MIGRATE,),
        call=call,
        shown=lambda after: bool(after.by_email[email]),
        made=lambda after: len(after.by_email[email]),
        returned=lambda row, after: after.row("userMigrations", row.migration_id) is not None,
    )


PLANS: Final[tuple[Plan, ...]] = (_migrate, _bulk_migrate)
