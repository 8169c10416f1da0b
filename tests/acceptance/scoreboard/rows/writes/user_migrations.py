"""The writes that bring users from elsewhere."""

from __future__ import annotations

from typing import Final

from frontegg_async.emulator.services.roles.rows import DEFAULT_ROLES
from frontegg_async.endpoints import user_migrations
from tests.acceptance.scoreboard.rows.writes.environment_state import Ground, Plan, Write

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


PLANS: Final[tuple[Plan, ...]] = (_migrate,)
