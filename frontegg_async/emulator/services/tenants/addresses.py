"""Converts the web and e-mail addresses of tenants to the form in which the service stores them."""

from __future__ import annotations

from typing import Final

from frontegg_async.emulator.services.tenants.switches import TenantSwitches
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_ADDRESSES: Final = ("website", "application_url", "logo_url", "login_url", "creator_email")


def store_addresses(environment: EmulatedEnvironment, changes: dict[str, object]) -> None:
    """Replace the addresses in the changes of a tenant with the form in which the service stores them."""
    switch = environment.switches[TenantSwitches].tenant_addresses
    if switch == "as_sent":
        return
    for name in _ADDRESSES:
        if isinstance(address := changes.get(name), str):
            changes[name] = address.lower() if switch == "lower_case" else address.rstrip("/")
