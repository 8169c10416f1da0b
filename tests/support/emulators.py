"""Emulators that run in a thread of their own, for tests whose own event loop runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager

from frontegg_async.emulator import Emulator
from frontegg_async.emulator.blocking_handle import EmulatorHandle


@asynccontextmanager
async def emulator_in_thread(seed: Mapping[str, object] | None = None) -> AsyncIterator[EmulatorHandle]:
    """Run an emulator in a thread, so that all tasks of the running loop are those of the test.

    Args:
        seed: Tenants and users to start with.
    """
    with ExitStack() as stack:
        yield await asyncio.to_thread(stack.enter_context, Emulator(seed=seed))
