"""When the updatedAt of a tenant moves: by which changes, and with which resolution, as the switches say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC
from typing import Final

import pytest

from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_sync import Frontegg

CHANGES: Final[dict[str, Callable[[Frontegg], object]]] = {
    "fields": lambda frontegg: frontegg.tenants.update("acme", name="Acme Ltd"),
    "metadata": lambda frontegg: frontegg.tenants.add_metadata("acme", {"plan": "pro"}),
    "lock": lambda frontegg: frontegg.tenants.lock(["acme"]),
    "settings": lambda frontegg: frontegg.account_settings.update("acme", timezone="Europe/Berlin"),
    "hierarchy": lambda frontegg: frontegg.hierarchy.assign("acme", "top"),
    "sso": lambda frontegg: frontegg.sso.create("acme", type="saml", enabled=False),
    "users": lambda frontegg: frontegg.users.invite("acme", email="ann@acme.example", send_email=False),
}
BY_DEFAULT: Final = {"fields", "metadata", "lock", "settings"}


@pytest.fixture(scope="module")
def emulator() -> Iterator[EmulatorHandle]:
    with Emulator() as emulator:
        yield emulator


def moved(emulator: EmulatorHandle, cause: str, **switches: str) -> bool:
    environment = emulator.create_environment()
    environment.seed(tenants=[{"tenantId": "top", "name": "Top", "isReseller": True}])
    for name, value in switches.items():
        environment.set_switch(name, value)
    with environment.client() as frontegg:
        before = frontegg.tenants.create(tenant_id="acme", name="Acme").updated_at
        environment.clock(advance=5)
        CHANGES[cause](frontegg)
        after = frontegg.tenants.get("acme").updated_at
    assert before is not None
    assert after is not None
    return after > before


@pytest.mark.parametrize("cause", CHANGES)
def test_a_change_moves_it_or_not(emulator: EmulatorHandle, cause: str) -> None:
    by_switch = {value: moved(emulator, cause, **{f"updated_at_by_{cause}": value}) for value in ("moves", "stays")}
    assert by_switch == {"moves": True, "stays": False}
    assert moved(emulator, cause) is (cause in BY_DEFAULT)


def test_children_of_a_deleted_tenant_have_another_parent(emulator: EmulatorHandle) -> None:
    environment = emulator.create_environment()
    environment.set_switch("updated_at_by_hierarchy", "moves")
    environment.seed(
        tenants=[
            {"tenantId": "top", "name": "Top", "isReseller": True},
            {"tenantId": "acme", "name": "Acme", "parentTenantId": "top"},
        ]
    )
    with environment.client() as frontegg:
        before = frontegg.tenants.get("acme").updated_at
        environment.clock(advance=5)
        frontegg.tenants.delete("top")
        assert frontegg.tenants.get("acme").updated_at != before


@pytest.mark.parametrize(("resolution", "microsecond"), [("millisecond", 789_000), ("second", 0)])
def test_its_resolution(emulator: EmulatorHandle, resolution: str, microsecond: int) -> None:
    environment = emulator.create_environment()
    environment.set_switch("updated_at_resolution", resolution)
    now = environment.clock(freeze=True).astimezone(UTC)
    environment.clock(advance=1.7891 - now.microsecond / 1_000_000)
    with environment.client() as frontegg:
        frontegg.tenants.create(tenant_id="acme", name="Acme")
        tenant = frontegg.tenants.update("acme", name="Acme Ltd")
    assert tenant.updated_at is not None
    assert tenant.created_at is not None
    assert (tenant.updated_at.microsecond, tenant.created_at.microsecond) == (microsecond, 789_000)
