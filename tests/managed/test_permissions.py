"""Permissions, and what they refer to."""

from __future__ import annotations

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.errors import InvalidArgumentError
from tests.managed.environment_cases import prepare
from tests.managed.writing import create, full, read

pytestmark = pytest.mark.anyio


async def test_those_of_the_service(frontegg_client: AsyncFrontegg) -> None:
    """They stay as they are, and roles refer to them."""
    await prepare(frontegg_client)
    permissions = (await read(frontegg_client, "permissions")).found
    assert permissions["fe.secure.*"].reason_to_stay == "it is one of the service's own"
    assert permissions["reports.read"].reason_to_stay is None
    roles = (await read(frontegg_client, "roles")).found
    assert "fe.secure.*" in str(roles["Admin"].values["permissions"])
    assert roles["Admin"].reason_to_stay is None


async def test_a_category_that_is_deleted(frontegg_client: AsyncFrontegg) -> None:
    """Its permissions have none."""
    await prepare(frontegg_client)
    found = (await read(frontegg_client, "permission_categories")).found["Reports"]
    await frontegg_client.permissions.delete_category(found.id)
    assert (await read(frontegg_client, "permissions")).found["reports.read"].values["category"] is None


async def test_a_name_of_several_categories(frontegg_client: AsyncFrontegg) -> None:
    """No permission is put into one of them."""
    await prepare(frontegg_client)
    await frontegg_client.permissions.create_category(name="Reports")
    with pytest.raises(InvalidArgumentError, match="several objects are the permission category 'Reports': "):
        await create(frontegg_client, "permissions", full("permissions"))
