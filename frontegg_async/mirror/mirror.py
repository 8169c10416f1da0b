"""`AsyncMirror`: a copy of an environment's accounts in your own database."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from hashlib import sha256
from types import TracebackType
from typing import Final, Literal, Self, TypeAlias

from sqlalchemy import Table

from frontegg_async._values.durations import in_seconds
from frontegg_async._values.wrong_statements import OnlyAsyncWith
from frontegg_async.client import AsyncFrontegg
from frontegg_async.errors import ConfigurationError, InvalidArgumentError
from frontegg_async.mirror.accounts import Accounts
from frontegg_async.mirror.addresses import database_url
from frontegg_async.mirror.database import Database
from frontegg_async.mirror.dirty import Dirty
from frontegg_async.mirror.events import account_of
from frontegg_async.mirror.exporting import write_rows
from frontegg_async.mirror.health import health_of
from frontegg_async.mirror.proving import Check
from frontegg_async.mirror.reading import AccountReader
from frontegg_async.mirror.refreshing import Refresh
from frontegg_async.mirror.running import AsyncMirrorRun, Running
from frontegg_async.mirror.state import State, environment_of
from frontegg_async.mirror.upgrading import upgrade
from frontegg_async.mirror.worker import Worker
from frontegg_async.models.exports import Export
from frontegg_async.models.mirror import MirrorHealth, MirrorRefresh, Proof
from frontegg_async.options import Options
from frontegg_async.snapshots.files import check_path
from frontegg_async.webhooks.events import WebhookEvent

PartLiteral: TypeAlias = Literal["accounts"]
"""The kinds of objects that a mirror can contain."""

TableLiteral: TypeAlias = Literal["accounts", "live_accounts"]
"""The tables that programs may read."""

_MOST_SETTLE: Final = 3_600.0
_LEAST_EVERY: Final = 60.0
_MOST_EVERY: Final = 30 * 86_400.0


class AsyncMirror(OnlyAsyncWith):
    """A copy of an environment's accounts in your own database, with a check that proves that both are equal.

    A mirror needs the extra ``mirror``: SQLAlchemy, Alembic, psycopg and aiosqlite. The constructor sends nothing and
    does not connect. Call `upgrade` once for each version of the package, then call `refresh`. `running` keeps the
    mirror up to date. Several processes may work on one mirror. Use it in ``async with``, or call `aclose` at the end.

    Args:
        frontegg: The client of the environment. The mirror does not close the client.
        url: The address of the database, such as ``postgresql://user@host/database`` or ``sqlite:///file``. In
            PostgreSQL, the tables are in the schema ``frontegg_mirror``. In SQLite, their names begin with
            ``frontegg_mirror_``.
        parts: The kinds of objects: ``("accounts",)``.
        settle: The seconds between the first and the second read of an account after an event, 0 to 3,600. The second
            read helps if the service returns an old state shortly after a change. 0 disables second reads.
        check_every: The seconds between two checks by `running`, from 60 to 2,592,000 (30 days).

    Raises:
        ConfigurationError: A setting is invalid. The message names the setting.
    """

    def __init__(
        self,
        frontegg: AsyncFrontegg,
        url: str,
        *,
        parts: Sequence[PartLiteral] = ("accounts",),
        settle: float | timedelta = 5.0,
        check_every: float | timedelta = timedelta(hours=24),
    ) -> None:
        _check_parts(parts)
        self._caller = frontegg._caller  # noqa: SLF001 - a mirror takes a caller  # pyright: ignore[reportPrivateUsage]
        self._environment = frontegg.environment
        self._client = sha256(frontegg._environment.name.encode()).hexdigest()  # noqa: SLF001 - as above  # pyright: ignore[reportPrivateUsage]
        self._audits = frontegg.audits
        self._settle = timedelta(seconds=_seconds(settle, "settle", 0.0, _MOST_SETTLE))
        self._check_every = timedelta(seconds=_seconds(check_every, "check_every", _LEAST_EVERY, _MOST_EVERY))
        self._database = Database.of(database_url(url))
        self._environment_id: str | None = None
        self._running: list[Running] = []

    async def upgrade(self) -> None:
        """Create the tables, or migrate them to the version of this package.

        Other processes may use the mirror during the call. Tables of the application are not changed.

        Raises:
            MirrorError: A table of another program has the name of a mirror's table, or the database failed.
        """
        await upgrade(self._database)

    async def refresh(self, *, options: Options | None = None) -> MirrorRefresh:
        """List all accounts and write them to the mirror. Call this method to fill the mirror, and later at any time.

        Accounts of the mirror that are missing from the listing are read by their ids. If the service does not have
        such an account, its row is marked as deleted. If a request fails, no row is marked as deleted.

        Args:
            options: Options for each request. The client's options are the default.

        Returns:
            The numbers of accounts that were listed, read again, and marked as deleted.

        Raises:
            MirrorError: The tables of the mirror do not exist, or the database failed.
            FronteggError: A request failed.
        """
        accounts = await self._accounts(options)
        dirty = Dirty(accounts.database, accounts.environment_id)
        marked = await dirty.due()
        refreshed = await Refresh(accounts, AccountReader(self._caller, options)).run()
        await dirty.finish(marked, self._settle)
        await dirty.state.note_listing()
        return refreshed

    async def check(self, *, options: Options | None = None) -> Proof:
        """List all accounts, and compare each account with its row in the mirror.

        The check compares documents, hashes and columns. An account that differs is read again several times, within
        about 1.5 times ``settle``. So a change whose event has not arrived yet is not reported as a difference. The
        result is stored for `health`. Accounts that differ are marked, and `running` reads marked accounts. The check
        does not change the rows of accounts.

        Args:
            options: Options for each request. The client's options are the default.

        Returns:
            The proof. It contains whether both are equal, their root hashes, and the ids of the accounts that differ.

        Raises:
            MirrorError: The tables of the mirror do not exist, or the database failed.
            FronteggError: A request failed. Nothing is stored.
        """
        accounts = await self._accounts(options)
        proof = await Check(accounts, AccountReader(self._caller, options), self._settle).run()
        dirty = Dirty(accounts.database, accounts.environment_id)
        async with self._database.writing() as connection:
            await dirty.mark(connection, proof.different, is_announced=False)
            await dirty.state.note_proof(connection, proof)
        return proof

    async def receive(self, event: WebhookEvent) -> None:
        """Mark the account of an event, so that `running` reads the account.

        Pass this method to the webhook router of your framework.

        The mirror uses only the account id of the event. The account is not read or written during the webhook request.
        Events that are not about an account of the environment are ignored.

        Args:
            event: The event. Verify the header of the webhook request first.

        Raises:
            MirrorError: The tables of the mirror do not exist, or the database failed. The service does not send the
                event again. `running` still finds the change in the audit log or by the next check.
            FronteggError: The id of the environment could not be read. A mirror reads the id once.
        """
        dirty = Dirty(self._database, await self._environment_of(None))
        tenant_id = account_of(event, dirty.environment_id)
        if tenant_id is not None:
            async with self._database.writing() as connection:
                await dirty.mark(connection, [tenant_id], is_announced=True)

    def running(self) -> AsyncMirrorRun:
        """Return a context manager that keeps the mirror up to date while its block runs.

        The tasks read marked accounts within a second, follow the audit log if the environment has one, and check the
        mirror every ``check_every`` seconds. A mirror that was never filled is filled first. A task that fails logs a
        warning and starts again after a pause.
        """
        return AsyncMirrorRun(self._tasks)

    @asynccontextmanager
    async def _tasks(self) -> AsyncGenerator[None]:
        accounts = await self._accounts(None)
        dirty = Dirty(accounts.database, accounts.environment_id)
        worker = Worker(accounts, dirty, AccountReader(self._caller, None), self._settle)
        running = Running(worker, self._audits, self._check_every, self._fill_or_check)
        self._running.append(running)
        try:
            running.start()
            yield
        finally:
            self._running.remove(running)
            await running.end()

    async def health(self) -> MirrorHealth:
        """Return the health of the mirror. A request is sent only when a client uses the mirror for the first time.

        Raises:
            MirrorError: The tables of the mirror do not exist, or the database failed.
            FronteggError: The id of the environment could not be read.
        """
        return await health_of(Dirty(self._database, await self._known_environment()))

    async def export(self, path: str | os.PathLike[str]) -> Export:
        """Write the accounts of the mirror to a file, in the format of `AsyncFrontegg.export`.

        Equal accounts produce equal bytes. So `diff` can compare a mirror with an environment, an export, or another
        mirror. A request is sent only when a client uses the mirror for the first time.

        Args:
            path: The path of the file. It must end with ``.jsonl``, ``.csv`` or ``.yml``. An existing file is replaced.

        Returns:
            The path of the file and the number of its accounts.

        Raises:
            InvalidArgumentError: The path is invalid.
            MirrorError: The tables of the mirror do not exist, or the database failed.
            OSError: The file cannot be written.
            FronteggError: The id of the environment could not be read.
        """
        target = check_path(path)
        return await write_rows(Accounts(self._database, await self._known_environment()), target)

    def table(self, name: TableLiteral) -> Table:
        """Return a table for your own queries.

        Args:
            name: ``accounts``, which includes deleted accounts, or ``live_accounts``.

        Raises:
            InvalidArgumentError: The table does not exist.
        """
        tables = {"accounts": self._database.tables.accounts, "live_accounts": self._database.tables.live_accounts}
        if name not in tables:
            raise InvalidArgumentError(f"name must be one of {', '.join(tables)}")
        return tables[name]

    async def aclose(self) -> None:
        """End the tasks of `running`, and close the connections to the database."""
        for running in [*self._running]:
            await running.end()
        await self._database.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _accounts(self, options: Options | None) -> Accounts:
        await self._database.require_tables()
        environment_id = await self._environment_of(options)
        await State(self._database, environment_id).ensure(
            self._client
        )  # another process may have created the tables again
        return Accounts(self._database, environment_id)

    async def _known_environment(self) -> str:
        """Return the id of the environment. A request is sent only when a client uses the mirror for the first time."""
        await self._database.require_tables()
        found = await environment_of(self._database, self._client)
        return (await self._accounts(None)).environment_id if found is None else found

    async def _environment_of(self, options: Options | None) -> str:
        """Return the id of the environment, and create its row in the state table."""
        if self._environment_id is None:
            environment_id = (await self._environment.get(options=options)).id
            await State(self._database, environment_id).ensure(self._client)
            self._environment_id = environment_id
        return self._environment_id

    async def _fill_or_check(self) -> bool:
        """Fill the mirror if it was never filled. Then check the mirror. Return ``True`` if nothing differs."""
        if (await self.health()).last_listing is None:
            await self.refresh()
        return (await self.check()).equal


def _check_parts(parts: object) -> None:
    if parts not in (("accounts",), ["accounts"]):
        raise ConfigurationError("parts must be ('accounts',): this version can mirror only accounts")


def _seconds(value: object, name: str, least: float, most: float) -> float:
    seconds = in_seconds(value, name, ConfigurationError)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not least <= seconds <= most:
        raise ConfigurationError(f"{name} must be a number of seconds from {least:g} to {most:,.0f}")
    return float(seconds)
