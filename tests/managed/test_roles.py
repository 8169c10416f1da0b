"""Roles of the environment."""

from __future__ import annotations

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import EmulatorHandle
from tests.managed.environment_cases import Flat
from tests.managed.writing import kind_of, read


@pytest.mark.parametrize("values", [{"level": 1.5}, {"level": -1}, {"name": ""}, {"key": ""}])
def test_values_that_a_role_cannot_have(values: Flat) -> None:
    """The field says so, so nothing has to be sent."""
    for name, value in values.items():
        [(_, problem)] = kind_of("roles").fields[name].problems(value)
        assert problem.startswith(name)


@pytest.mark.anyio
async def test_roles_of_tenants(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """They are none of the environment."""
    frontegg_emulator.seed(tenants=[{"tenantId": "north", "name": "North"}])
    await frontegg_client.for_tenant("north").roles.create(key="own", name="Own", level=5)
    assert [*(await read(frontegg_client, "roles")).found] == ["Admin", "ReadOnly"]
