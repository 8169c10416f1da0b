"""`MigratedRows`: the migration of many users, with at most 1,000 users in each request."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from typing import Final

import attrs

from frontegg_async._core.auth.token_cache import REFUSAL_PAUSE
from frontegg_async._core.call.caller import Caller
from frontegg_async._values.kinds import kind_of
from frontegg_async.endpoints import user_migrations as endpoints
from frontegg_async.errors import (
    AuthenticationError,
    BadRequestError,
    ClientClosedError,
    ConfigurationError,
    FronteggError,
    InvalidArgumentError,
    Outcome,
    PermissionDeniedError,
)
from frontegg_async.models.migrated_users import MigratedUser, MigrationOutcome, UserMigrationTask
from frontegg_async.models.user_migrations import UserMigration, UserMigrations, UserToMigrate
from frontegg_async.options import Options, merge_options
from frontegg_async.progress import LAST_POLL, next_wait
from frontegg_async.resources.support.migrated_users import migration, without_secrets
from frontegg_async.resources.support.migration_outcomes import Found, outcomes_of
from frontegg_async.resources.support.writes import write

_SOON: Final = 0.001
_LASTING: Final = (AuthenticationError, BadRequestError, ClientClosedError, ConfigurationError, PermissionDeniedError)
"""Errors of a read request that would be the same if the request were sent again."""


@attrs.frozen(eq=False)
class MigratedRows:
    """A sender of users to migrate. It waits for each migration and returns the outcome of each user.

    Args:
        caller: Makes the calls.
        timeout: The largest number of seconds to wait for the end of each migration; infinite for no limit.
        options: Options of each call.
    """

    caller: Caller
    timeout: float
    options: Options | None

    def check(self, rows: Sequence[UserToMigrate]) -> None:
        """Check all rows. Call this method before the first row is sent.

        Raises:
            InvalidArgumentError: A row is not allowed. The message has the row's index and the argument.
        """
        for index, row in enumerate(rows):
            _body(row, index)

    async def send(self, rows: Sequence[UserToMigrate], first: int) -> list[MigratedUser]:
        """Migrate at most 1,000 users, and return the outcome of each.

        Args:
            rows: The rows. A row that is not allowed gets the outcome failed, and the other rows are sent.
            first: The index of the first row.

        Raises:
            InvalidArgumentError: A row is not a `UserToMigrate`.
            FronteggError: The first request failed, and nothing was done.
        """
        outcomes: dict[int, Found] = {}
        bodies: dict[int, UserMigration] = {}
        for index, row in enumerate(rows, first):
            try:
                bodies[index] = _body(row, index)
            except InvalidArgumentError as error:
                if type(row) is not UserToMigrate:
                    raise
                outcomes[index] = MigrationOutcome.FAILED, error.message
        migration_id = ""
        if bodies:
            migration_id, found = await self._migrate(tuple(bodies.values()), first)
            outcomes.update(zip(bodies, found, strict=True))
        return [
            MigratedUser(
                index=index,
                email=row.email,
                tenant_id=row.tenant_id,
                outcome=outcomes[index][0],
                reason=outcomes[index][1],
                migration_id=migration_id or None if index in bodies else None,
            )
            for index, row in enumerate(rows, first)
        ]

    async def _migrate(self, users: tuple[UserMigration, ...], first: int) -> tuple[str, list[Found]]:
        """Start a migration, and return its id and the outcomes of its users. A lost id is returned as empty text."""
        migration_id = ""
        try:
            started = await write(
                self.caller, endpoints.BULK_MIGRATE, body=UserMigrations(users=users), options=self.options
            )
            migration_id = started.migration_id
            return migration_id, outcomes_of(await self._ended(migration_id), users)
        except asyncio.CancelledError as cancelled:
            cancelled.add_note(
                f"users.bulk_migrate: {len(users)} rows from users[{first}] have an unknown outcome; "
                "no later row was sent"
                f"{f'; the id of their migration is {migration_id!r}' if migration_id else ''}"
            )
            raise
        except FronteggError as error:
            failure = without_secrets(error, *users)
        if migration_id or failure.outcome not in (Outcome.NOT_SENT, Outcome.REFUSED):
            return migration_id, [(MigrationOutcome.UNKNOWN, failure.message)] * len(users)
        if first == 0:
            raise failure.fresh()
        return migration_id, [(MigrationOutcome.FAILED, failure.message)] * len(users)

    async def _ended(self, migration_id: str) -> UserMigrationTask:
        """Wait for a migration to end, and return its final state.

        Failed requests are repeated, except for a lasting error. After a revocation, the client may keep a refused
        token for `REFUSAL_PAUSE` seconds, so responses with 401 count as lasting only after this time. After the
        timeout, return the latest known state.
        """
        clocks = self.caller.clocks
        end = clocks.monotonic() + self.timeout
        last: UserMigrationTask | FronteggError | None = None
        refused_at: float | None = None
        polls = 0
        while True:
            polls += 1
            try:
                task = await self._read(migration_id, end - clocks.monotonic())
            except FronteggError as error:
                now = clocks.monotonic()
                if not isinstance(error, AuthenticationError):
                    refused_at = None
                elif refused_at is None:
                    refused_at = now
                if isinstance(error, _LASTING) and (refused_at is None or now - refused_at > REFUSAL_PAUSE):
                    raise
                last = last if isinstance(last, UserMigrationTask) else error.fresh()
            else:
                refused_at = None
                if task.is_over:
                    return task
                last = task
            left = end - clocks.monotonic()
            if left <= LAST_POLL:
                break
            await self.caller.pause(next_wait(polls, left, clocks.rng()))
        if isinstance(last, UserMigrationTask):
            return last
        raise last.fresh()

    async def _read(self, migration_id: str, left: float) -> UserMigrationTask:
        """Request the state of a migration once, within the remaining time."""
        options = self.caller.options_for(self.options)
        longest = min(max(left, _SOON), math.inf if options.deadline is None else options.deadline)
        if longest != math.inf:
            options = merge_options(options, Options(deadline=longest))
        return await self.caller.value(endpoints.MIGRATION_TASK, path={"migration_id": migration_id}, options=options)


def _body(row: object, index: int) -> UserMigration:
    if not isinstance(row, UserToMigrate):
        raise InvalidArgumentError(f"users[{index}] must be a UserToMigrate, not {kind_of(row)}")
    return migration(row, f"users[{index}].")
