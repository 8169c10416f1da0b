"""``frontegg.migrations``: tenants that are moved into the environment."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async.endpoints import migrations as endpoints
from frontegg_async.errors import OutcomeUnknownError
from frontegg_async.models.migrations import Migration, MigrationStart, StartedMigration
from frontegg_async.options import Options, ResolvedOptions, merge_options
from frontegg_async.progress import AsyncMigrationProgress
from frontegg_async.resources.support.writes import write

_LOST: Final = "the id of the migration was lost with the response, so the status of the migration cannot be requested"


class AsyncMigrations:
    """The migrations of tenants into the environment.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def start(self, tenant_ids: Sequence[str], *, options: Options | None = None) -> StartedMigration:
        """Start to migrate tenants into the environment.

        ``POST /tenants/resources/migrations/v1/tenants`` (documented). The request is never sent twice, since no source
        says what a second migration of the same tenants would do.

        Args:
            tenant_ids: The ids of the tenants, at least one.

        Returns:
            The migration. `get_status` and `wait` take its id.

        Raises:
            InvalidArgumentError: ``tenant_ids`` is empty or one of them is not allowed; nothing was sent.
            BadRequestError: The service refused the tenants.
            OutcomeUnknownError: The response was lost: the migration may or may not have been started; ``unknown`` has
                the tenants.
            ResultLostError: The migration was started, but the response with its id was lost; ``asked`` has the
                tenants.
        """
        ids = arguments.check_ids(tenant_ids, "tenant_ids")
        body = MigrationStart(tenants=ids)
        try:
            return await write(self._caller, endpoints.START, body=body, options=options, lost=_LOST)
        except OutcomeUnknownError as error:
            failure = error
        raise failure.fresh(attrs.evolve(failure.details, unknown=ids))

    async def get_status(self, migration_id: str, *, options: Options | None = None) -> Migration:
        """Get the progress of a migration.

        ``GET /tenants/resources/migrations/v1/tenants/status/{migrationId}`` (documented). The shape of the response is
        assumed. Unknown fields are in ``extra``, and unknown states are text.

        Args:
            migration_id: The id that `start` returned, 1 to 256 characters.

        Returns:
            The migration as it is now.

        Raises:
            NotFoundError: There is no such migration.
            ResponseMismatchError: The response was about another migration.
        """
        arguments.check_id(migration_id, "migration_id")
        return await self._caller.value(endpoints.STATUS, path={"migration_id": migration_id}, options=options)

    def wait(
        self, migration_id: str, *, timeout: float | timedelta | None = 600.0, options: Options | None = None
    ) -> AsyncMigrationProgress:
        """Wait until a migration ends, and report its progress.

        The waits between two polls grow from half a second to half a minute; ``options`` hold for each poll. A
        migration that fails raises no error: the iteration ends, and ``status`` of the last item is
        ``MigrationStatus.FAILED``.

        Args:
            migration_id: The id that `start` returned, 1 to 256 characters.
            timeout: Seconds for each iteration; ``None`` for no limit. After this time `MigrationTimeoutError` is
                raised, which has the last progress.

        Returns:
            The progress. Iterate the progress for the state of the migration and each later change of the state, or
            call ``result()``. The first request is sent when you iterate the progress or call ``result()``.
        """
        arguments.check_id(migration_id, "migration_id")
        seconds = arguments.check_seconds(timeout, "timeout")
        polled = _PolledMigration(self._caller, migration_id, self._caller.options_for(options))
        return AsyncMigrationProgress(polled, timeout=seconds)


class _PolledMigration:
    """Reads the progress of a migration."""

    __slots__ = ("_caller", "_options", "migration_id")

    def __init__(self, caller: Caller, migration_id: str, options: ResolvedOptions) -> None:
        self._caller = caller
        self._options = options
        self.migration_id = migration_id

    async def poll(self, seconds: float) -> Migration:
        """Return the progress. The call takes at most ``seconds``."""
        deadline = self._options.deadline
        longest = seconds if deadline is None else min(seconds, deadline)
        options = self._options if longest == math.inf else merge_options(self._options, Options(deadline=longest))
        return await self._caller.value(endpoints.STATUS, path={"migration_id": self.migration_id}, options=options)

    async def pause(self, seconds: float) -> None:
        """Wait. Closing the client ends the wait."""
        await self._caller.pause(seconds)

    def monotonic(self) -> float:
        """Return seconds since some moment."""
        return self._caller.clocks.monotonic()

    def draw(self) -> float:
        """Return a random number from 0 to 1."""
        return self._caller.clocks.rng()
