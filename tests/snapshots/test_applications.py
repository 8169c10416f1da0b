"""The applications of accounts in an export: by name, with a request for each application."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, Final

import pytest

from frontegg_async import AsyncFrontegg, NotFoundError, diff
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.snapshots.applications import read_applications
from frontegg_async.testing import EmulatorFaults
from tests.snapshots.test_export import names_in
from tests.support.flavours import FLAVOURS, clients_of, do

pytestmark = pytest.mark.anyio

TENANTS: Final = "/applications/resources/applications/tenant-assignments/v1"
ABSENT: Final[dict[str, Any]] = {"errors": ["Not found"]}
OF_A_PROXY: Final = {"message": "no Route matched with those values"}


@pytest.fixture
async def ids(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> dict[str, str]:
    """The ids of four applications, of which two have one name, by the names and a mark of the second."""
    frontegg_emulator.seed(tenants=[{"tenantId": each, "name": each} for each in ("a", "b", "c")])
    found: dict[str, str] = {}
    for key in ("Desk", "Books", "Twin", "Twin 2"):
        name = key.removesuffix(" 2")
        url = "https://app.example.com"
        made = await frontegg_client.applications.create(name=name, app_url=url, login_url=url)
        found[key] = made.id
    for tenant_id, key in [("a", "Desk"), ("a", "Books"), ("b", "Desk"), ("b", "Twin"), ("b", "Twin 2")]:
        await frontegg_client.applications.assign(tenant_id, found[key])
    return found


@pytest.mark.parametrize("flavour", FLAVOURS)
async def test_an_export_has_the_names(
    frontegg_emulator: EmulatorHandle, ids: dict[str, str], tmp_path: Path, flavour: str
) -> None:
    """Sorted, also beside what has a request for each account; the id where two applications have a name."""
    of_b = sorted(["Desk", ids["Twin"], ids["Twin 2"]])
    expected = {"a": ["Books", "Desk"], "b": of_b, "c": []}
    async with clients_of(frontegg_emulator, flavour) as clients:
        for include in (["applications"], ["applications", "settings"]):
            frontegg_emulator.clear_journal()
            await do(clients.manager.export, tmp_path / "accounts.jsonl", include=include)
            asked = [entry.path for entry in frontegg_emulator.journal()]
            # The environment has a default application too.
            assert len([path for path in asked if path.startswith(TENANTS)]) == len(ids) + 1
            lines = (tmp_path / "accounts.jsonl").read_text(encoding="utf-8").splitlines()
            rows = [json.loads(line) for line in lines]
            assert {row["tenant_id"]: row["applications"] for row in rows} == expected
            assert lines == [json.dumps(row, sort_keys=True, separators=(",", ":")) for row in rows]
        await do(clients.manager.export, tmp_path / "accounts.csv", include=["applications"])
        assert not await do(clients.manager.diff, tmp_path / "accounts.csv")
        await do(clients.manager.applications.unassign, "a", ids["Desk"])
        (changed,) = await do(clients.manager.diff, tmp_path / "accounts.csv")

    assert not diff(tmp_path / "accounts.csv", tmp_path / "accounts.jsonl")
    with (tmp_path / "accounts.csv").open(encoding="utf-8", newline="") as file:
        assert [json.loads(row["applications"]) for row in csv.DictReader(file)] == [*expected.values()]
    assert [(field.field, field.before, field.after) for field in changed.fields] == [
        ("applications", ["Books", "Desk"], ["Books"])
    ]


async def test_names_and_ids(frontegg_client: AsyncFrontegg, ids: dict[str, str]) -> None:
    """A name that two applications have is no key."""
    found = await read_applications(frontegg_client._caller, None)

    twins = sorted([ids["Twin"], ids["Twin 2"]])
    assert {name: ids[name] for name in ("Desk", "Books")}.items() <= found.by_name.items()
    assert "Twin" not in found.by_name
    assert {**found.repeated} == {"Twin": (*twins,)}
    assert found.of("nobody") == []


async def test_accounts_are_those_that_each_account_lists(frontegg_client: AsyncFrontegg, ids: dict[str, str]) -> None:
    """Also after another order of assignments."""
    await frontegg_client.applications.assign("c", ids["Books"])
    await frontegg_client.applications.assign("c", ids["Desk"])
    found = await read_applications(frontegg_client._caller, None)

    keys = {app_id: name if found.by_name.get(name) == app_id else app_id for name, app_id in ids.items()}
    for tenant_id in ("a", "b", "c"):
        listed = await frontegg_client.applications.list_assigned(tenant_id)
        assert found.of(tenant_id) == sorted(keys[each.app_id] for each in listed)


async def test_an_application_that_is_deleted_meanwhile_is_left_out(
    frontegg_client: AsyncFrontegg, frontegg_faults: EmulatorFaults, ids: dict[str, str]
) -> None:
    """A name that it shared is that of the other one alone."""
    for path in (f"{TENANTS}/{ids['Twin']}", f"/applications/resources/applications/v1/{ids['Twin']}"):
        frontegg_faults.status(404, body=ABSENT, path=path)

    found = await read_applications(frontegg_client._caller, None)

    assert (found.by_name["Twin"], {**found.repeated}) == (ids["Twin 2"], {})
    assert found.of("b") == ["Desk", "Twin"]


@pytest.mark.parametrize("is_of_a_proxy", [False, True])
async def test_an_application_that_is_there_is_not_left_out(
    frontegg_client: AsyncFrontegg,
    frontegg_faults: EmulatorFaults,
    ids: dict[str, str],
    tmp_path: Path,
    *,
    is_of_a_proxy: bool,
) -> None:
    """A 404 of its accounts ends the export, and so does a 404 that a proxy wrote."""
    if is_of_a_proxy:
        frontegg_faults.status(404, body=OF_A_PROXY, path=f"/applications/resources/applications/v1/{ids['Desk']}")
    frontegg_faults.status(404, body=OF_A_PROXY if is_of_a_proxy else ABSENT, path=f"{TENANTS}/{ids['Desk']}")

    with pytest.raises(NotFoundError):
        await frontegg_client.export(tmp_path / "accounts.jsonl", include=["applications"])

    assert names_in(tmp_path) == []
