"""What exports have of the objects of accounts: people and policies, by their natural keys."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from frontegg_async import AsyncFrontegg, Options
from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import PermissionDeniedError, ServerError
from frontegg_async.managed.registry import ACCOUNT
from frontegg_async.models import IncludeLiteral
from frontegg_async.snapshots.files import read_rows
from frontegg_async.snapshots.rows import NOT_MANAGED, Row
from frontegg_async.testing import EmulatorFaults

pytestmark = pytest.mark.anyio

OF_ALL: Mapping[str, JsonValue] = {"tenantId": "acme", "tenantIds": ["acme", "kiosk"]}


@pytest.fixture
async def client(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> AsyncFrontegg:
    """Return a client of two accounts with people."""
    frontegg_emulator.seed(
        tenants=[{"tenantId": each, "name": each} for each in ("acme", "kiosk")],
        users=[
            {"id": "1", "email": "Bob@acme.example", "name": "Bob", **OF_ALL},
            {"id": "2", "email": "ann@acme.example", "managedBy": "scim2", **OF_ALL, "tenantIds": ["acme"]},
            {"id": "3", "email": "not-an-address", **OF_ALL, "tenantIds": ["acme"]},
        ],
    )
    await frontegg_client.users.assign_roles("1", tenant_id="acme", role_keys=["ReadOnly", "Admin"])
    return frontegg_client


async def exported(client: AsyncFrontegg, path: Path, *include: IncludeLiteral) -> dict[str, Row]:
    """Return the rows of an export by the ids of the accounts."""
    await client.export(path, include=include)
    return {str(row["tenant_id"]): row for row in read_rows(path)}


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "yml"])
async def test_people_by_their_addresses(client: AsyncFrontegg, tmp_path: Path, suffix: str) -> None:
    """Their roles are keys, and whoever another system manages is marked."""
    rows = await exported(client, tmp_path / f"a.{suffix}", "users")
    assert rows["acme"]["users"] == {
        "ann@acme.example": {"name": "ann@acme.example", "roles": [], "managed_by": "scim2"},
        "bob@acme.example": {"name": "Bob", "roles": ["Admin", "ReadOnly"]},
    }
    assert rows["kiosk"]["users"] == {"bob@acme.example": {"name": "Bob", "roles": []}}
    assert rows["acme"][NOT_MANAGED] == {"users": {"not-an-address": ["3"]}}


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "yml"])
async def test_people_with_one_address(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path, suffix: str
) -> None:
    """Their ids are told, since no file can name one of them."""
    frontegg_emulator.seed(users=[{"id": "0", "email": "bob@ACME.example", **OF_ALL, "tenantIds": ["acme"]}])
    rows = await exported(client, tmp_path / f"a.{suffix}", "users")
    assert rows["acme"][NOT_MANAGED] == {"users": {"bob@acme.example": ["0", "1"], "not-an-address": ["3"]}}
    assert rows["kiosk"].get(NOT_MANAGED) is None
    assert rows["kiosk"]["users"] == {"bob@acme.example": {"name": "Bob", "roles": []}}
    plan = await client.plan([tmp_path / f"a.{suffix}"])
    assert not [*plan]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["jsonl", "csv", "yml"])
async def test_an_export_is_a_file_without_changes(client: AsyncFrontegg, tmp_path: Path, suffix: str) -> None:
    """Values that a file must not have, as null, are left out."""
    await exported(client, tmp_path / f"a.{suffix}", *(each for each in ACCOUNT))
    plan = await client.plan([tmp_path / f"a.{suffix}"])
    assert not [*plan]
    assert not plan.notes


async def test_a_difference_between_people(
    client: AsyncFrontegg, frontegg_emulator: EmulatorHandle, tmp_path: Path
) -> None:
    """Each field of a person differs by itself."""
    await exported(client, tmp_path / "a.jsonl", "users")
    await client.users.unassign_roles("1", tenant_id="acme", role_keys=["Admin"], warn_last_owner=False)
    frontegg_emulator.update_user("1", {"tenantIds": ["acme"]})
    found = {each.tenant_id: each.fields for each in await client.diff(tmp_path / "a.jsonl")}
    [role] = found["acme"]
    assert (role.path, role.before, role.after) == (
        ("users", "bob@acme.example", "roles"),
        ["Admin", "ReadOnly"],
        ["ReadOnly"],
    )
    assert [each.path for each in found["kiosk"]] == [("users", "bob@acme.example")]


async def test_people_that_cannot_be_read(
    client: AsyncFrontegg, frontegg_faults: EmulatorFaults, tmp_path: Path
) -> None:
    """There is no export in which they look as if they were gone."""
    frontegg_faults.status(403, path="/identity/resources/users/v3")
    with pytest.raises(PermissionDeniedError):
        await client.export(tmp_path / "a.jsonl", include=["users"])
    assert not (tmp_path / "a.jsonl").exists()


async def test_options_of_an_export_are_those_of_each_request(
    client: AsyncFrontegg, frontegg_faults: EmulatorFaults, tmp_path: Path
) -> None:
    """Also of requests about people."""
    frontegg_faults.status(503, path="/identity/resources/users/v3", times=1)
    assert [*await exported(client, tmp_path / "a.jsonl", "users")] == ["acme", "kiosk"]
    frontegg_faults.status(503, path="/identity/resources/users/v3", times=1)
    with pytest.raises(ServerError):
        await client.export(tmp_path / "b.jsonl", include=["users"], options=Options(max_retries=0))
