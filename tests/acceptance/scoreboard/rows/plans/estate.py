"""The environment of these rows, and the accounts and objects in it as exports show them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import attrs

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_async.emulator.world import recordings
from frontegg_async.models import IncludeLiteral, User
from frontegg_async.plans import Plan
from frontegg_async.testing import parts
from tests.plans.mixed_estate import (
    APPLICATION,
    PRUNE,
    create_objects,
    people_of,
    seeded,
    seeded_people,
    sets_of,
    wanted,
    wanted_objects,
)

_VOLATILE: Final = frozenset({"created_at", "updated_at", "internal_id"})
"""What the service chooses anew for each account."""


@attrs.frozen
class Exports:
    """The files of exports."""

    accounts: Path
    objects: Path
    variables: Path


@attrs.frozen
class Estate:
    """Families of accounts, and sets of objects, in an environment whose journal keeps all bodies.

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

    async def plan(self) -> Plan:
        """Plan the changes of all families and sets, as many as there are."""
        return await self._allowed([wanted_objects(self.families), *wanted(self.families)], prune=PRUNE)

    async def plans_with_base(self, exports: Exports) -> Sequence[Plan]:
        """Plan the changes that the files have beside original exports, of objects and of accounts.

        Args:
            exports: The original exports.
        """
        return (
            await self._allowed(
                [wanted_objects(self.families)], prune=PRUNE, base=exports.objects, vars=exports.variables
            ),
            await self._allowed(wanted(self.families), base=exports.accounts),
        )

    async def _allowed(self, sources: Any, **more: Any) -> Plan:
        plan = await self.client.plan(sources, **more)
        return await self.client.plan(sources, **more, allow={name: each.count for name, each in plan.guards.items()})

    async def export(self, name: str = "shown", *, has_people: bool = False) -> Exports:
        """Export the accounts and the objects.

        Args:
            name: The beginning of the names of the files.
            has_people: Whether the accounts have their people, by a request for each.
        """
        exports = Exports(*(self.directory / f"{name}{end}" for end in (".jsonl", ".json", "-vars.json")))
        people: tuple[IncludeLiteral, ...] = ("users",) if has_people else ()
        await self.client.export(exports.accounts, include=("settings", "applications", "plans", *people))
        await self.client.export(exports.objects, kind="environment", vars=exports.variables)
        return exports

    async def state(self) -> Mapping[str, Mapping[str, Any]]:
        """Return all accounts by id, all objects by part and key, and all people, without what the service chooses."""
        exports = await self.export()
        lines = exports.accounts.read_text(encoding="utf-8").splitlines()
        rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
        parts_of: dict[str, Any] = json.loads(exports.objects.read_text(encoding="utf-8"))
        return {
            **{row["tenant_id"]: {name: row[name] for name in row.keys() - _VOLATILE} for row in rows},
            **{
                f"{part}.{key}": values
                for part, objects in parts_of.items()
                if isinstance(objects, dict)
                for key, values in objects.items()
            },
            **{f"users.{user.email}": _shown(user) async for user in self._people()},
        }

    async def _people(self) -> AsyncIterator[User]:
        for number in range(sets_of(self.families)):
            async for user in self.client.users.list(people_of(number), with_roles=True):
                yield user

    async def keys(self) -> Mapping[str, str]:
        """Return the keys of objects by their ids, but for the application of the accounts, which writes name by id."""
        roles = {role.id: role.key async for role in self.client.roles.list()}
        permissions = {each.id: each.key async for each in self.client.permissions.list()}
        applications = {each.id: each.name for each in await self.client.applications.list().all()}
        people = {user.id: str(user.email) async for user in self._people()}
        found = {**roles, **permissions, **applications, **people}
        return {object_id: key for object_id, key in found.items() if key != APPLICATION}


def _shown(user: User) -> Mapping[str, Any]:
    roles = sorted(role.key for role in user.roles or ())
    return {"name": user.name, "roles": roles, "is_active": user.activated_for_tenant}


@asynccontextmanager
async def make_estate(families: int, directory: Path) -> AsyncGenerator[Estate, None]:
    """Run an emulator with families of accounts until the end of the block.

    Args:
        families: The number of families.
        directory: A directory for files.
    """
    recordings.__dict__.update(MAX_RECORDINGS=1_000_000, MAX_TOTAL=2**30)  # a row has its own process
    emulator = Emulator(seed={"tenants": seeded(families), "users": seeded_people(families)}, journal_bodies=True)
    with ExitStack() as stack:
        handle = await asyncio.to_thread(stack.enter_context, emulator)
        async with parts.client(handle) as client:
            await create_objects(client, families)
            yield Estate(families, handle, client, directory)
