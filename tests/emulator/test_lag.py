"""Reads that lag behind writes, by the clock of the environment."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_async.errors import NotFoundError, PermissionDeniedError
from frontegg_sync import Frontegg


@pytest.fixture(scope="module")
def emulator() -> Iterator[EmulatorHandle]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def environment(emulator: EmulatorHandle) -> EmulatorHandle:
    environment = emulator.create_environment()
    environment.clock(freeze=True)
    environment.seed(tenants=[{"tenantId": "acme", "name": "Old"}, {"tenantId": "left", "name": "Left"}])
    return environment


def listed(frontegg: Frontegg, *tenant_ids: str) -> dict[str, str]:
    return {tenant.tenant_id: tenant.name for tenant in frontegg.tenants.list(tenant_ids=tenant_ids or None)}


def write_all(frontegg: Frontegg) -> None:
    frontegg.tenants.update("acme", name="Newer")
    frontegg.tenants.update("acme", name="New")
    frontegg.tenants.create(tenant_id="late", name="Late")
    frontegg.tenants.delete("left")


def test_gets_lag_until_the_clock_goes_on(environment: EmulatorHandle) -> None:
    environment.set_switch("get_lag", 5)
    with environment.client() as frontegg:
        write_all(frontegg)
        assert listed(frontegg) == {"acme": "New", "late": "Late"}
        assert (frontegg.tenants.get("acme").name, frontegg.tenants.get("left").name) == ("Old", "Left")
        with pytest.raises(NotFoundError):
            frontegg.tenants.get("late")
        environment.clock(advance=5)
        assert (frontegg.tenants.get("acme").name, frontegg.tenants.get("late").name) == ("New", "Late")
        with pytest.raises(NotFoundError):
            frontegg.tenants.get("left")


def test_listings_lag_until_the_clock_goes_on(environment: EmulatorHandle) -> None:
    environment.set_switch("listing_lag", 30)
    with environment.client() as frontegg:
        write_all(frontegg)
        assert frontegg.tenants.get("acme").name == "New"
        assert listed(frontegg) == listed(frontegg, "acme", "left", "late") == {"acme": "Old", "left": "Left"}
        environment.clock(advance=29)
        frontegg.tenants.update("acme", name="Newest")
        environment.clock(advance=1)
        assert listed(frontegg) == {"acme": "New", "late": "Late"}
        environment.clock(advance=29)
        assert listed(frontegg) == {"acme": "Newest", "late": "Late"}


def test_a_reset_ends_the_lag(environment: EmulatorHandle) -> None:
    environment.set_switch("get_lag", 30)
    with environment.client() as frontegg:
        frontegg.tenants.update("acme", name="New")
        environment.reset()
        with pytest.raises(NotFoundError):
            frontegg.tenants.get("acme")


def test_a_credential_that_only_reads(environment: EmulatorHandle) -> None:
    environment.set_switch("environment_credential", "read_only")
    with environment.client() as frontegg:
        assert frontegg.tenants.get("acme").name == "Old"
        assert frontegg.tenants.count_users(["acme"]) is not None
        with pytest.raises(PermissionDeniedError):
            frontegg.tenants.update("acme", name="New")
        assert frontegg.tenants.get("acme").name == "Old"
