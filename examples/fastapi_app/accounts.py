"""The accounts in the app's own database. The app reads lists there, without a request to the service."""

import contextlib
import json
import logging
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Annotated, Final, TypeAlias, cast

import attrs
from fastapi import Depends, Request
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from frontegg_async import AsyncFrontegg, Tenant
from frontegg_async.errors import MirrorError
from frontegg_async.mirror import AsyncMirror
from frontegg_async.webhooks import parse_event

logger: Final = logging.getLogger(__name__)


@attrs.frozen(kw_only=True)
class Found:
    """A page of accounts."""

    accounts: tuple[Tenant, ...]
    offset: int
    """The number of accounts on the previous pages."""
    total: int
    """The number of accounts on all pages; 0 if the page is empty."""


@attrs.frozen(kw_only=True)
class Accounts:
    """The accounts of the environment. A mirror keeps them in the database."""

    mirror: AsyncMirror
    engine: AsyncEngine
    environment_id: str

    async def find(self, text: str, *, limit: int, offset: int = 0) -> Found:
        """Return a page of the accounts whose name or id contains a text, sorted by name, with one query.

        Args:
            text: The text. The database ignores case by its function `lower`. SQLite does so for ASCII letters only.
            limit: The maximum number of accounts on the page.
            offset: The number of accounts on the previous pages.
        """
        table = self.mirror.table("live_accounts")
        columns = table.c
        wanted = [columns.environment_id == self.environment_id]  # the database may also have other environments
        if text:
            wanted.append(or_(*(each.icontains(text, autoescape=True) for each in (columns.name, columns.tenant_id))))
        total = select(func.count()).select_from(table).where(*wanted).correlate(None).scalar_subquery()
        query = (
            select(columns.document, total.label("total"))
            .where(*wanted)
            .order_by(func.lower(columns.name), columns.tenant_id)
            .limit(limit)
            .offset(offset)
        )
        async with self.engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        accounts = tuple(Tenant.from_dict(json.loads(row.document)) for row in rows)
        return Found(accounts=accounts, offset=offset, total=rows[0].total if rows else 0)

    async def mark(self, account: str) -> None:
        """Make the mirror read a changed account again, since the webhook about the change may be late or lost.

        The mirror treats this call like an event of the service. So the `health` of the mirror cannot
        detect missing webhooks for changes by the app.
        """
        event = parse_event({"eventKey": "app.account.changed", "eventContext": {"tenantId": account}})
        try:
            await self.mirror.receive(event)
        except MirrorError:  # the change itself is done
            logger.warning("the list of accounts shows a change later: the mirror could not record it", exc_info=True)


@contextlib.asynccontextmanager
async def open_accounts(frontegg: AsyncFrontegg, url: str | None) -> AsyncGenerator[Accounts]:
    """Fill the database, and keep it up to date until the end of the block.

    Args:
        frontegg: The client of the environment.
        url: The address of the database, which names the driver, such as ``postgresql+psycopg://user@host/database``.
            The default is a temporary file of SQLite.
    """
    async with contextlib.AsyncExitStack() as stack:
        if url is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="accounts-"))
            url = f"sqlite+aiosqlite:///{Path(folder).as_posix()}/accounts.db"
        engine = create_async_engine(url)
        stack.push_async_callback(engine.dispose)
        mirror = await stack.enter_async_context(AsyncMirror(frontegg, url))
        await mirror.upgrade()
        await mirror.refresh()
        await stack.enter_async_context(mirror.running())
        environment = await frontegg.environment.get()
        yield Accounts(mirror=mirror, engine=engine, environment_id=environment.id)


async def accounts(request: Request) -> Accounts:
    """Return the accounts of the app. `AccountsDep` depends on this function."""
    return cast("Accounts", request.app.state.accounts)


AccountsDep: TypeAlias = Annotated[Accounts, Depends(accounts)]
"""The accounts of the app: ``async def route(accounts: AccountsDep)``."""
