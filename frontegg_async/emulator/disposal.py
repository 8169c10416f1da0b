"""Frees the data of an environment that was emptied, while requests go on being answered."""

from __future__ import annotations

import threading
from typing import Final

from frontegg_async.emulator.state import State

LARGE: Final = 5_000
"""Tenants or users above which freeing takes longer than a request should wait."""


def dispose(state: State) -> None:
    """Take a state apart in a thread if it is large; nobody may use it any more."""
    if max(len(state.tenants), len(state.deleted), len(state.users), len(state.refresh_tokens)) > LARGE:
        # One large dictionary is freed in one go, which no other thread can interrupt; entry by entry it can.
        threading.Thread(target=state.take_apart, name="frontegg-emulator-disposal", daemon=True).start()
