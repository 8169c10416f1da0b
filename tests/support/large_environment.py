"""An environment with many accounts, of which some are resellers with all others below them."""

from __future__ import annotations

from typing import Final

from frontegg_async.emulator import EmulatorHandle

RESELLERS: Final = 100


def seed(emulator: EmulatorHandle, accounts: int) -> None:
    """Fill an environment.

    Args:
        emulator: The environment.
        accounts: The number of accounts, more than that of the resellers.
    """
    emulator.seed(
        tenants=[
            {
                "tenantId": f"t-{number * 7919 % accounts:07}",
                "name": f"Account {number}",
                "metadata": {"plan": "team", "seats": number, "billing": {"currency": "EUR", "monthly": True}},
                "status": "active",
                **(
                    {"isReseller": True}
                    if number < RESELLERS
                    else {"parentTenantId": f"t-{number % RESELLERS * 7919 % accounts:07}"}
                ),
            }
            for number in range(accounts)
        ]
    )


def variables(emulator: EmulatorHandle) -> dict[str, str]:
    """Return the variables that a client of the environment reads."""
    return {
        "FRONTEGG_BASE_URL": emulator.url,
        "FRONTEGG_CLIENT_ID": emulator.client_id,
        "FRONTEGG_SECRET_KEY": emulator.secret,
    }
