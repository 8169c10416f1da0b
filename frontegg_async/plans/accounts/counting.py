"""Count the accounts of an environment without reading all of them."""

from __future__ import annotations

from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async.errors import PaginationError
from frontegg_async.resources.tenants import AsyncTenants

FEW: Final = 1_000
"""The maximum number of accounts that are read by their ids, instead of reading all accounts."""


async def count_accounts(caller: Caller) -> int | None:
    """Return the number of accounts; ``None`` if the service does not show a total.

    Raises:
        FronteggError: The request failed.
    """
    try:
        return await AsyncTenants(caller).list(page_size=1).count()
    except PaginationError:
        return None
