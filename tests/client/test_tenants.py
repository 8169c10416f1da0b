"""The tenants resource against the emulator: every verb, its refusals, and what a lost response does."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable
from types import MappingProxyType
from typing import Any

import pytest

from frontegg_async import (
    APIError,
    AsyncFrontegg,
    BadRequestError,
    ConflictError,
    InvalidArgumentError,
    JsonValue,
    NotFoundError,
    Options,
    PartialFailureError,
)
from frontegg_async.emulator import AsyncEmulatorHandle, Emulator
from frontegg_async.models import Order, TenantSort

pytestmark = pytest.mark.anyio

QUICK = Options(timeout=20.0)


@pytest.fixture
async def emulator() -> AsyncIterator[AsyncEmulatorHandle]:
    """An emulator of its own."""
    async with Emulator() as running:
        yield running


@pytest.fixture
async def client(emulator: AsyncEmulatorHandle) -> AsyncIterator[AsyncFrontegg]:
    """A client of its default environment."""
    async with emulator.client(options=QUICK) as made:
        yield made


async def effects(emulator: AsyncEmulatorHandle, route: str) -> int:
    """Return how many requests of a route changed something."""
    return sum(1 for entry in await emulator.journal() if entry.route == route and entry.effect)


async def test_create_and_get(client: AsyncFrontegg) -> None:
    """All fields come back, moments are aware, and metadata is a value."""
    made = await client.tenants.create(
        name="Grün & Söhne",
        status="active",
        website="https://gruen.example",
        application_url="https://app.gruen.example",
        logo="aGk=",
        logo_url="https://gruen.example/l.png",
        address="Weg 1",
        timezone="Europe/Berlin",
        currency="EUR",
        creator_name="N. N.",
        creator_email="nn@gruen.example",
        is_reseller=True,
        metadata={"plan": "pro", "seats": 3, "tags": ["a"], "nothing": None},
    )
    got = await client.tenants.get(made.tenant_id)
    assert got == made
    assert got.name == "Grün & Söhne"
    assert got.metadata == {"plan": "pro", "seats": 3, "tags": ["a"], "nothing": None}
    assert got.created_at.utcoffset() == dt.timedelta(0)
    assert (got.timezone, got.currency, got.is_reseller, got.deleted_at) == ("Europe/Berlin", "EUR", True, None)
    assert repr(got) == f"Tenant(tenant_id={made.tenant_id!r})"
    assert got.internal_id not in (None, made.tenant_id)


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        (42, 42),
        ("42", 42),
        ('{"a": [1]}', {"a": [1]}),
        ('"text"', "text"),
        ([1, {"a": None}], [1, {"a": None}]),
        (True, True),
        (1.5, 1.5),
        ({}, {}),
        (MappingProxyType({"a": (1, 2)}), {"a": [1, 2]}),
    ],
)
async def test_metadata_may_be_any_json_value(client: AsyncFrontegg, metadata: JsonValue, expected: JsonValue) -> None:
    """A mapping is usual, and not required; text is JSON text, stored as it is."""
    made = await client.tenants.create(name="n", metadata=metadata)
    assert (await client.tenants.get(made.tenant_id)).metadata == expected
    changed = await client.tenants.update(made.tenant_id, metadata=metadata)
    assert changed.metadata == expected


async def test_an_own_id_can_be_given_once(client: AsyncFrontegg) -> None:
    """A live id is a conflict; a deleted one is re-activated, and nothing but the id is kept."""
    await client.tenants.create(tenant_id="own/id ü", name="first", metadata={"a": 1})
    with pytest.raises(ConflictError):
        await client.tenants.create(tenant_id="own/id ü", name="second")
    await client.tenants.delete("own/id ü")
    again = await client.tenants.create(tenant_id="own/id ü", name="third")
    assert (again.name, again.metadata) == ("third", None)


async def test_a_parent_must_be_a_reseller(client: AsyncFrontegg) -> None:
    """The service's rules come out as errors of ours."""
    await client.tenants.create(tenant_id="plain", name="n")
    await client.tenants.create(tenant_id="seller", name="n", is_reseller=True)
    with pytest.raises(BadRequestError):
        await client.tenants.create(name="child", parent_tenant_id="plain")
    with pytest.raises(NotFoundError):
        await client.tenants.create(name="child", parent_tenant_id="nobody")
    await client.tenants.create(name="child", parent_tenant_id="seller")


async def test_get_of_nothing(client: AsyncFrontegg) -> None:
    """By id and by alias."""
    with pytest.raises(NotFoundError):
        await client.tenants.get("nobody")
    with pytest.raises(NotFoundError):
        await client.tenants.get_by_alias("nobody")


async def test_get_by_alias(emulator: AsyncEmulatorHandle, client: AsyncFrontegg) -> None:
    """A tenant with custom login."""
    await emulator.seed(tenants=[{"tenantId": "t1", "name": "n", "alias": "acme"}])
    assert (await client.tenants.get_by_alias("acme")).tenant_id == "t1"


async def test_update_changes_what_is_given(client: AsyncFrontegg) -> None:
    """None clears a field; what is not given stays; metadata is replaced."""
    await client.tenants.create(tenant_id="t1", name="n", website="https://a.example", metadata={"a": 1, "b": 2})
    changed = await client.tenants.update("t1", name="m", metadata={"c": 3})
    assert (changed.name, changed.website, changed.metadata) == ("m", "https://a.example", {"c": 3})
    cleared = await client.tenants.update("t1", website=None)
    assert (cleared.name, cleared.website, cleared.metadata) == ("m", None, {"c": 3})
    with pytest.raises(NotFoundError):
        await client.tenants.update("nobody", name="m")


@pytest.mark.slow
async def test_metadata_is_merged_and_its_keys_deleted(client: AsyncFrontegg) -> None:
    """A thousand concurrent merges of different keys all stay."""
    await client.tenants.create(tenant_id="t1", name="n", metadata={"a": 1})
    await asyncio.gather(*(client.tenants.add_metadata("t1", {f"k{n}": n}) for n in range(200)))
    tenant = await client.tenants.get("t1")
    assert tenant.metadata == {"a": 1} | {f"k{n}": n for n in range(200)}
    for n in range(200):
        await client.tenants.delete_metadata("t1", f"k{n}")
    assert (await client.tenants.delete_metadata("t1", "absent")).metadata == {"a": 1}
    with pytest.raises(NotFoundError):
        await client.tenants.add_metadata("nobody", {"a": 1})
    with pytest.raises(NotFoundError):
        await client.tenants.delete_metadata("nobody", "a")


async def test_delete(client: AsyncFrontegg) -> None:
    """It is gone, and cannot be deleted again."""
    await client.tenants.create(tenant_id="t1", name="n")
    assert await client.tenants.delete("t1") is None  # type: ignore[func-returns-value]  # nothing is returned
    with pytest.raises(NotFoundError):
        await client.tenants.get("t1")
    with pytest.raises(NotFoundError):
        await client.tenants.delete("t1")


async def test_list_filters_and_sorts(client: AsyncFrontegg) -> None:
    """As the service does."""
    for name in ("Acme", "Bacme", "Zeta"):
        await client.tenants.create(tenant_id=name.lower(), name=name)
    listing = client.tenants.list(filter="ac", sort_by=TenantSort.NAME, order=Order.DESC)
    assert [tenant.name async for tenant in listing] == ["Bacme", "Acme"]
    assert [tenant.name async for tenant in client.tenants.list(tenant_ids=["zeta", "nobody"])] == ["Zeta"]


async def test_lock_and_unlock_take_any_number(emulator: AsyncEmulatorHandle, client: AsyncFrontegg) -> None:
    """A hundred at a time."""
    ids = [f"t{n}" for n in range(250)]
    await emulator.seed(tenants=[{"tenantId": tenant_id, "name": "n"} for tenant_id in ids])
    await client.tenants.lock(ids)
    assert (await client.tenants.get("t249")).is_locked
    await client.tenants.unlock(ids)
    assert not (await client.tenants.get("t249")).is_locked
    assert [entry.route for entry in await emulator.journal()].count("tenants.lock") == 3


async def test_a_partial_failure_is_told_whole(emulator: AsyncEmulatorHandle, client: AsyncFrontegg) -> None:
    """Each id is in exactly one of the three groups."""
    ids = [f"t{n}" for n in range(299)]
    await emulator.seed(tenants=[{"tenantId": tenant_id, "name": "n"} for tenant_id in ids])
    path = "/tenants/resources/tenants/v1/lock"
    refusal: dict[str, JsonValue] = {"type": "status", "status": 400, "body": {"errors": ["no"]}}
    await emulator.add_fault(match={"path": path, "nth": 2}, stage="before_commit", action=refusal)
    await emulator.add_fault(match={"path": path, "nth": 3}, stage="after_commit", action={"type": "close"})
    with pytest.raises(PartialFailureError, match="of 299 ids 100 succeeded, 100 failed, 99 are unknown") as caught:
        await client.tenants.lock(ids, options=Options(max_retries=0))
    error = caught.value
    assert error.succeeded == tuple(ids[:100])
    assert tuple(error.failed) == tuple(ids[100:200])
    assert error.unknown == tuple(ids[200:])
    assert isinstance(error.failed["t150"], BadRequestError)


async def test_users_are_counted_and_moved(emulator: AsyncEmulatorHandle, client: AsyncFrontegg) -> None:
    """By tenant."""
    await emulator.seed(
        tenants=[{"tenantId": "a", "name": "a"}, {"tenantId": "b", "name": "b"}],
        users=[{"email": f"u{n}@example.com", "tenantId": "a"} for n in range(3)],
    )
    counts = await client.tenants.count_users(["a", "b"])
    assert {count.tenant_id: count.total_users for count in counts} == {"a": 3, "b": 0}
    await client.tenants.move_users("a", "b")
    counts = await client.tenants.count_users(["a", "b"], exclude_invisible_users=True)
    assert {count.tenant_id: count.total_users for count in counts} == {"a": 0, "b": 3}
    with pytest.raises(NotFoundError):
        await client.tenants.move_users("a", "nobody")


async def test_ensure_creates_what_is_absent(emulator: AsyncEmulatorHandle, client: AsyncFrontegg) -> None:
    """And leaves what exists as it is."""
    tenant, created = await client.tenants.ensure("t1", name="first", metadata={"a": 1})
    assert (created, tenant.name) == (True, "first")
    tenant, created = await client.tenants.ensure("t1", name="second")
    assert (created, tenant.name, tenant.metadata) == (False, "first", {"a": 1})
    results = await asyncio.gather(*(client.tenants.ensure("t2", name="n") for _ in range(20)))
    assert sum(created for _, created in results) == 1
    assert await effects(emulator, "tenants.create") == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stage", "action"),
    [
        ("before_commit", "close"),
        ("before_commit", "reset"),
        ("after_commit", "close"),
        ("after_commit", "reset"),
        ("after_commit", "truncate"),
    ],
)
async def test_no_lost_answer_makes_a_second_tenant(
    emulator: AsyncEmulatorHandle, client: AsyncFrontegg, stage: str, action: str
) -> None:
    """Whether the service acted or not, there is one tenant in the end and the call knows it."""
    fault: dict[str, JsonValue] = {"type": action, "bytes": 20} if action == "truncate" else {"type": action}
    match: dict[str, JsonValue] = {"path": "/tenants/resources/tenants/v1", "method": "POST", "times": 1}
    await emulator.add_fault(match=match, stage=stage, action=fault)
    made = await client.tenants.create(name="n", metadata={"plan": "pro"})
    assert [tenant.tenant_id async for tenant in client.tenants.list()] == [made.tenant_id]
    assert await effects(emulator, "tenants.create") == 1


@pytest.mark.parametrize(
    ("verb", "arguments", "named"),
    [
        ("create", {"name": ""}, "name"),
        ("create", {"name": 5}, "name"),
        ("create", {"name": None}, "name"),
        ("create", {"name": "n", "tenant_id": ""}, "tenant_id"),
        ("create", {"name": "n", "tenant_id": ".."}, "tenant_id"),
        ("create", {"name": "n", "tenant_id": " a "}, "tenant_id"),
        ("create", {"name": "n", "tenant_id": "a\ud800"}, "tenant_id"),
        ("create", {"name": "n", "tenant_id": "x" * 257}, "tenant_id"),
        ("create", {"name": "n", "tenant_id": "a", "parent_tenant_id": "a"}, "parent_tenant_id"),
        ("create", {"name": "n", "website": 5}, "website"),
        ("create", {"name": "n", "is_reseller": "yes"}, "is_reseller"),
        ("create", {"name": "n", "metadata": {"a": float("nan")}}, r"metadata\['a'\] must be a finite number"),
        ("create", {"name": "n", "metadata": {"a": {1, 2}}}, r"metadata\['a'\] is of type set"),
        ("create", {"name": "n", "metadata": {"a": dt.datetime(2024, 1, 1, tzinfo=dt.UTC)}}, "datetime"),
        ("create", {"name": "n", "metadata": "no JSON"}, "metadata given as text must be JSON text"),
        ("create", {"name": "n", "metadata": {5: "a"}}, "keys must be text"),
        ("get", {"tenant_id": ""}, "tenant_id"),
        ("get", {"tenant_id": None}, "tenant_id"),
        ("get_by_alias", {"alias": ".."}, "alias"),
        ("update", {"tenant_id": "a"}, "at least one field"),
        ("update", {"tenant_id": "a", "name": None}, "name"),
        ("update", {"tenant_id": "a", "metadata": b"x"}, "metadata"),
        ("delete", {"tenant_id": "."}, "tenant_id"),
        ("add_metadata", {"tenant_id": "a", "metadata": [1]}, "metadata must be a mapping"),
        ("add_metadata", {"tenant_id": "a", "metadata": {"a": float("inf")}}, "finite"),
        ("delete_metadata", {"tenant_id": "a", "key": ".."}, "key"),
        ("delete_metadata", {"tenant_id": "a", "key": ""}, "key"),
        ("lock", {"tenant_ids": []}, "tenant_ids must have at least one id"),
        ("lock", {"tenant_ids": "abc"}, "tenant_ids must be a sequence of ids"),
        ("unlock", {"tenant_ids": ["a", ""]}, r"tenant_ids\[1\]"),
        ("count_users", {"tenant_ids": 5}, "tenant_ids"),
        ("count_users", {"tenant_ids": ["a"], "exclude_invisible_users": 1}, "exclude_invisible_users"),
        ("move_users", {"source_tenant_id": "a", "target_tenant_id": "a"}, "target_tenant_id"),
        ("ensure", {"tenant_id": "", "name": "n"}, "tenant_id"),
        ("ensure", {"tenant_id": "a", "name": ""}, "name"),
        ("ensure", {"tenant_id": "a", "name": "n", "metadata": {"x": b""}}, "metadata"),
    ],
)
async def test_bad_arguments_are_named_before_anything_is_sent(
    emulator: AsyncEmulatorHandle, client: AsyncFrontegg, verb: str, arguments: dict[str, object], named: str
) -> None:
    """Each says which argument and what is allowed; it is a ValueError too."""
    with pytest.raises(InvalidArgumentError, match=named) as caught:
        await getattr(client.tenants, verb)(**arguments)
    assert isinstance(caught.value, ValueError)
    assert await emulator.journal() == []


UUID = "1578a2a3-3fa7-45ff-ac7c-93cbf546d1c5"
HINT = "looks like an internal id"


@pytest.mark.parametrize(
    ("call", "said", "is_hinted"),
    [
        (lambda c: c.tenants.get(UUID), f"for tenant_id '{UUID}'; it {HINT}", True),
        (lambda c: c.tenants.create(name="y", parent_tenant_id="nope"), ", parent_tenant_id 'nope'", False),
        (lambda c: c.sub_tenants.create(name="y", parent_tenant_id="nope"), ", parent_tenant_id 'nope'", False),
        (lambda c: c.tenants.create(name="y", parent_tenant_id=UUID), f"'{UUID}'; parent_tenant_id {HINT}", True),
        (lambda c: c.tenants.create(tenant_id="acme", name="y"), "already exists, for tenant_id 'acme'", False),
        (
            lambda c: c.tenants.create(tenant_id="new", name="y", parent_tenant_id="acme"),
            "accounts, for tenant_id 'new', parent_tenant_id 'acme'; has the parent is_reseller=True?",
            False,
        ),
        (
            lambda c: c.hierarchy.assign(parent_id="kiosk", child_id="acme"),
            "ancestor of its new parent, for parent_tenant_id 'kiosk', child_tenant_id 'acme' (",
            False,
        ),
        (lambda c: c.tenants.create(tenant_id="new", name="y", website="x"), "returned 400: Bad Request (trace", False),
        (lambda c: c.tenants.get_by_alias("nope"), "not found, for alias 'nope'", False),
        (
            lambda c: c.users.switch_tenant("ann", tenant_id="nope"),
            "users.switch_tenant returned 404: Tenant not found, for tenant_id 'nope', user_id 'ann' (trace",
            False,
        ),
        (
            lambda c: c.users.disable("acme", tenant_id=UUID),
            f"for tenant_id '{UUID}', user_id 'acme'; tenant_id looks like the id of a user: are tenant_id and user_id",
            False,
        ),
        (
            lambda c: c.users.invite("acme", email="ann@acme.example", role_ids=["Admin"]),
            ", for tenant_id 'acme', role_ids 'Admin'; role_ids are ids of roles that the tenant may use: roles.ids",
            False,
        ),
        (
            lambda c: c.applications.assign("acme", "Desk"),
            "not found, for app_id 'Desk', tenant_id 'acme'; applications.ids_of(names) finds ids (trace",
            False,
        ),
        (lambda c: c.sso.get("acme", "nope"), "the tenant 'acme' has no SSO configuration 'nope'", False),
    ],
)
async def test_a_refusal_names_the_ids(
    emulator: AsyncEmulatorHandle, client: AsyncFrontegg, call: Callable[[Any], Any], said: str, *, is_hinted: bool
) -> None:
    """Those of the request, and only one that the caller gave can be an internal id by mistake."""
    await client.tenants.create(tenant_id="acme", name="Acme")
    await emulator.seed(tenants=[{"tenantId": "kiosk", "name": "Kiosk", "parentTenantId": "acme", "isReseller": True}])
    if "Bad Request" in said:
        await emulator.add_fault(stage="accept", action={"type": "status", "status": 400})
    with pytest.raises(APIError) as caught:
        await call(client)
    assert said in str(caught.value)
    assert (HINT in str(caught.value)) is is_hinted
