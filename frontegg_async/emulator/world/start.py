"""Creates the world of an emulator at its start, from a seed and a persistence file."""

from __future__ import annotations

from pathlib import Path

import attrs

from frontegg_async.emulator.world.emulated_environment import EmulatedSettings
from frontegg_async.emulator.world.journal import MAX_ENTRIES, Journal
from frontegg_async.emulator.world.recordings import Recordings
from frontegg_async.emulator.world.seeds import Seed, add_seed
from frontegg_async.emulator.world.signing_key import process_key
from frontegg_async.emulator.world.sqlite_store import attach
from frontegg_async.emulator.world.world import World


@attrs.frozen
class StartedWorld:
    """The world (the state of the whole emulator), and whether it was loaded from the persistence file.

    A loaded world ignores the seed.
    """

    world: World
    restored: bool


def start_world(
    settings: EmulatedSettings,
    *,
    seed: Seed | None = None,
    persist: Path | None = None,
    max_journal: int = MAX_ENTRIES,
    journal_bodies: bool = False,
) -> StartedWorld:
    """Create the world, which is the state of the whole emulator.

    Args:
        settings: The settings of environments that have no settings of their own.
        seed: The tenants and users of the default environment. It is ignored if the persistence file has data.
        persist: The path of the persistence file. The file is opened after the seed was added without an error.
        max_journal: The maximum number of requests in the journal.
        journal_bodies: Whether to keep the headers and bodies of the last requests.

    Raises:
        ConfigurationError: The persistence file cannot be used.
        MissingExtraError: cryptography is not installed.
        ValueError: The seed is not valid.
    """
    recordings = Recordings() if journal_bodies else None
    world = World(process_key(), settings, journal=Journal(max_journal), recordings=recordings)
    if seed is not None:
        add_seed(world.default, seed)
        world.commit(world.default)
    return StartedWorld(world, restored=persist is not None and attach(world, persist))
