"""How an emulator starts: the world that it serves, made from a seed and a persistence file."""

from __future__ import annotations

from pathlib import Path

import attrs

from frontegg_async.emulator.world.emulated_environment import EnvironmentSettings
from frontegg_async.emulator.world.journal import MAX_ENTRIES, Journal
from frontegg_async.emulator.world.seeds import Seed, add_seed
from frontegg_async.emulator.world.signing_key import process_key
from frontegg_async.emulator.world.sqlite_store import attach
from frontegg_async.emulator.world.world import World


@attrs.frozen
class StartedWorld:
    """A world, and whether the persistence file has a state, beside which a seed does not count."""

    world: World
    restored: bool


def start_world(
    settings: EnvironmentSettings,
    *,
    seed: Seed | None = None,
    persist: Path | None = None,
    max_journal: int = MAX_ENTRIES,
) -> StartedWorld:
    """Make a world.

    Args:
        settings: Those of environments that do not bring their own.
        seed: Tenants and users of the default environment; they do not count when the file has data.
        persist: The file that everything is kept in. It is touched only when the seed is known to fit.
        max_journal: How many requests the journal has at most.

    Raises:
        ConfigurationError: The file cannot be used.
        MissingExtraError: PyJWT or cryptography is not installed.
        ValueError: The seed does not fit.
    """
    world = World(process_key(), settings, journal=Journal(max_journal))
    if seed is not None:
        add_seed(world.default, seed)
        world.commit(world.default)
    return StartedWorld(world, restored=persist is not None and attach(world, persist))
