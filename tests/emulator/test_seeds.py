"""Seeds: as the service lists tenants, and through both handles."""

from __future__ import annotations

import re
import threading
from typing import Any

import msgspec
import pytest

from frontegg_async.emulator import Emulator
from frontegg_async.emulator.store.gradual_free import LARGE
from frontegg_async.emulator.store.state import State
from frontegg_async.emulator.store.tenant_rows import OwnFields, TenantRow
from frontegg_async.emulator.world.seeds import add_seed, read_seed
from frontegg_async.models.tenants import TenantSort
from tests.emulator.support import V1, V2, Service, make_environment
from tests.support.emulators import emulator_in_thread


@pytest.mark.anyio
async def test_what_the_service_lists_is_a_seed(service: Service) -> None:
    """A listing can be a seed elsewhere: moments and locks stay, the service's own ids are made anew."""
    await service.create("p", isReseller=True, metadata={"plan": "pro"}, status="good")
    await service.create("k", parentTenantId="p", metadata="42")
    await service.send("POST", f"{V1}/lock", {"tenantIds": ["k"]})
    rows = (await service.send("GET", V2)).json["items"]
    other = Service(await service.emulator.create_environment(), service.session)
    await other.emulator.clock(advance=1000)
    assert (await other.admin("POST", "seed", {"tenants": rows})).json == {"tenants": 2, "users": 0}
    await other.authenticate()
    seeded = (await other.send("GET", V2)).json["items"]
    for before, after in zip(rows, seeded, strict=True):
        assert after.pop("vendorId") != before.pop("vendorId")
        assert after.pop("id") != before.pop("id")
        assert after == before


@pytest.mark.parametrize(
    ("tenant", "word"),
    [
        ({"deletedAt": "2024-01-01T00:00:00Z"}, "deletedAt"),
        ({"id": 1}, "id"),
        ({"metadata": "[" * 600 + "]" * 600}, "nested"),
        ({"createdAt": "0001-01-01T00:00:00+12:00"}, "range"),
    ],
)
def test_what_is_no_living_tenant(tenant: dict[str, Any], word: str) -> None:
    """It is refused, and nothing is added."""
    environment = make_environment()
    document = {"tenants": [{"tenantId": "ok", "name": "OK"}, {"tenantId": "a", "name": "A", **tenant}]}
    with pytest.raises(ValueError, match=re.escape(word)):
        add_seed(environment, read_seed(document))
    assert not environment.state.tenants


def test_parents_need_no_permission() -> None:
    """A seed adds exactly its rows, also below a parent that could not have got the child by itself."""
    environment = make_environment()
    nulls = {"isReseller": None, "isLocked": None}
    document = {
        "tenants": [{"tenantId": "k", "name": "K", "parentTenantId": "p"}, {"tenantId": "p", "name": "P", **nulls}]
    }
    add_seed(environment, read_seed(document))
    assert environment.state.children("p") == ("k",)
    assert (environment.state.tenants["p"].is_reseller, environment.state.tenants["p"].is_locked) == (False, False)


def test_a_seed_is_stored_as_rows_are() -> None:
    """The text that it makes of a tenant is that of its row, whatever its values look like."""
    assert TenantRow.__struct_fields__[-len(OwnFields.__struct_fields__) :] == OwnFields.__struct_fields__
    environment = make_environment()
    profile = {
        "creatorName": ',"tenantId":"x',
        "alias": "one",
        "yearFounded": 10**30,
        "totalFunding": 1.5,
        "city": None,
    }
    metadata = {"é": [1, None]}
    tenants = [{"tenantId": "a", "name": '"A"', "metadata": metadata, **profile}, {"tenantId": "b", "name": "B"}]
    add_seed(environment, read_seed({"tenants": tenants}))
    table = environment.state.tenants
    for tenant_id, row in table.items():
        assert table.text(tenant_id) == msgspec.json.encode(row)
    assert table["a"].creator_name == ',"tenantId":"x'
    assert (table["a"].year_founded, table["a"].has_custom_login) == (10**30, True)


def test_a_deep_seed() -> None:
    """It is refused before it is read further."""
    value: Any = {}
    for _ in range(600):
        value = {"metadata": value}
    with pytest.raises(ValueError, match="nested"):
        read_seed({"tenants": [{"tenantId": "a", "name": "A", "metadata": value}]})


@pytest.mark.anyio
async def test_whole_documents() -> None:
    """Both handles take a document, or its parts, but not both."""
    document = {"tenants": [{"tenantId": "a", "name": "A"}], "users": [{"email": "a@a.example", "tenantId": "a"}]}
    async with Emulator() as emulator:
        result = await emulator.seed(document)
        assert (result.tenants, result.users) == (1, 1)
        with pytest.raises(ValueError, match="either"):
            await emulator.seed(document, tenants=[{"tenantId": "b", "name": "B"}])
    async with emulator_in_thread() as blocking:
        assert blocking.seed(document) == result
        with pytest.raises(ValueError, match="either"):
            blocking.seed({}, users=[{"email": "b@a.example", "tenantId": "a"}])
        assert blocking.seed(tenants=[{"tenantId": "b", "name": "B"}]).tenants == 1


def test_a_large_environment_is_reset() -> None:
    """What was in it is taken apart elsewhere, and the new state is untouched by that."""
    environment = make_environment()
    add_seed(
        environment, read_seed({"tenants": [{"tenantId": f"t{index}", "name": "T"} for index in range(LARGE + 1)]})
    )
    before = environment.state
    before.page(TenantSort.NAME, descending=False, start=0, stop=1)
    threads = set(threading.enumerate())
    environment.reset()
    assert environment.state is not before
    for thread in set(threading.enumerate()) - threads:
        thread.join()
    assert before == State()
    add_seed(environment, read_seed({"tenants": [{"tenantId": "a", "name": "A"}]}))
    assert list(environment.state.tenants) == ["a"]
