"""The environment of these rows, and the accounts in it as an export shows them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import attrs

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_async.emulator.world import recordings
from frontegg_async.plans import Plan
from frontegg_async.testing import parts
from tests.plans.mixed_estate import APPLICATION, seeded, wanted

_VOLATILE: Final = frozenset({"created_at", "updated_at", "internal_id"})
"""What the service chooses anew for each account."""


@attrs.frozen
class Estate:
    """Families of accounts in an environment whose journal keeps all bodies.

    Args:
        families: The number of families.
        emulator: The emulator.
        client: A client of the environment.
        directory: A directory for files.
    """

    families: int
    emulator: EmulatorHandle
    client: AsyncFrontegg
    directory: Path

    async def plan(self, **more: Any) -> Plan:
        """Plan the changes of all families, as many as there are.

        Args:
            more: Other arguments of `AsyncFrontegg.plan`.
        """
        rows = wanted(self.families)
        plan = await self.client.plan(rows, **more)
        return await self.client.plan(rows, **more, allow={name: each.count for name, each in plan.guards.items()})

    async def export(self) -> Path:
        """Export the accounts, and return the file."""
        path = self.directory / "accounts.jsonl"
        await self.client.export(path, include=("settings", "applications"))
        return path

    async def accounts(self) -> Mapping[str, Mapping[str, Any]]:
        """Return all accounts by id, without what the service chooses."""
        lines = (await self.export()).read_text(encoding="utf-8").splitlines()
        rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
        return {row["tenant_id"]: {name: row[name] for name in row.keys() - _VOLATILE} for row in rows}


@asynccontextmanager
async def make_estate(families: int, directory: Path) -> AsyncGenerator[Estate, None]:
    """Run an emulator with families of accounts until the end of the block.

    Args:
        families: The number of families.
        directory: A directory for files.
    """
    recordings.__dict__.update(MAX_RECORDINGS=1_000_000, MAX_TOTAL=2**30)  # a row has its own process
    emulator = Emulator(seed={"tenants": seeded(families)}, journal_bodies=True)
    with ExitStack() as stack:
        handle = await asyncio.to_thread(stack.enter_context, emulator)
        async with parts.client(handle) as client:
            await client.applications.create(
                name=APPLICATION, app_url="https://a", login_url="https://b", access_type="managed_access"
            )
            yield Estate(families, handle, client, directory)
