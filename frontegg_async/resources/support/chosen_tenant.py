"""The argument ``tenant_id`` of listings. If the argument is omitted, the listing is about all tenants."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.errors import InvalidArgumentError


@without_frames
def chosen_tenant(tenant_id: str | Unset) -> str | None:
    """Check a tenant id, and return it. If it is omitted, return ``None``, which means all tenants.

    Raises:
        InvalidArgumentError: ``tenant_id`` cannot be an id, or is ``None``. ``None`` is refused so that a variable
            without a value does not list the data of all tenants.
    """
    if tenant_id is UNSET:
        return None
    if tenant_id is None:
        raise InvalidArgumentError("tenant_id must not be None: omit tenant_id to list all tenants")
    arguments.check_id(tenant_id, "tenant_id")
    return tenant_id


@without_frames
def caller_of(caller: Caller, tenant_id: str | Unset) -> Caller:
    """Return a caller for one tenant. If ``tenant_id`` is omitted, return a caller for all tenants."""
    chosen = chosen_tenant(tenant_id)
    return caller if chosen is None else caller.for_tenant(chosen)
