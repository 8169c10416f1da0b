"""The number of accounts of an environment, where not all of them are read."""

from __future__ import annotations

from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async.errors import PaginationError
from frontegg_async.resources.tenants import AsyncTenants

FEW: Final = 1_000
"""The accounts up to which they are read by their ids."""


async def count_accounts(caller: Caller) -> int | None:
    """Return the number of accounts; ``None`` if the service does not give it without all accounts.

    Raises:
        FronteggError: The request failed.
    """
    try:
        return await AsyncTenants(caller).list(page_size=1).count()
    except PaginationError:
        return None
