"""The fixtures of the plugin, as a user's own tests would use them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from frontegg_async import AsyncFrontegg, AsyncFronteggUser, AuthenticationError, Options, ServerError
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.testing.clock import EmulatorClock
from frontegg_async.testing.factory import Factory, SeededUser
from frontegg_async.testing.faults import EmulatorFaults
from frontegg_sync import Frontegg, FronteggUser, PermissionDeniedError, RateLimitError, RequestTimeoutError

NO_RETRIES = Options(max_retries=0)


@pytest.mark.anyio
async def test_the_client_awaits_its_own_environment(
    frontegg_client: AsyncFrontegg, frontegg_emulator: EmulatorHandle
) -> None:
    """What the client makes is in the environment that the test sees."""
    made = await frontegg_client.tenants.create(name="n")
    snapshot = frontegg_emulator.snapshot()
    assert made.tenant_id in str(snapshot)


@pytest.mark.parametrize("number", [1, 2])
def test_each_test_has_an_empty_environment(frontegg_sync_client: Frontegg, number: int) -> None:
    """Nothing is left of the test before."""
    assert frontegg_sync_client.tenants.list().count() == 0
    frontegg_sync_client.tenants.create(tenant_id="same", name=f"n{number}")
    assert frontegg_sync_client.tenants.list().count() == 1


@pytest.mark.anyio
async def test_the_user_is_its_own_client(frontegg_user: AsyncFronteggUser, frontegg_seeded_user: SeededUser) -> None:
    """It is a self-service client of the seeded user."""
    (tenant,) = await frontegg_user.tenants.list().all()
    assert tenant.tenant_id == frontegg_seeded_user.tenant_id


def test_the_blocking_user_may_do_everything(
    frontegg_sync_user: FronteggUser, frontegg_seeded_user: SeededUser
) -> None:
    """Writes that ask for permissions included; tokens are not shown."""
    frontegg_sync_user.account_settings.update(timezone="Europe/Berlin")
    frontegg_sync_user.sub_tenants.create(
        tenant_id="below", name="Below", parent_tenant_id=frontegg_seeded_user.tenant_id
    )
    assert [node.tenant_id for node in frontegg_sync_user.hierarchy.tree()] == ["tenant-1", "below"]
    assert frontegg_seeded_user.token not in repr(frontegg_seeded_user)


def test_tenants_and_trees(frontegg_factory: Factory, frontegg_sync_client: Frontegg) -> None:
    """They are there without a request, in the form that was asked for."""
    assert frontegg_factory.tree({"north": {"acme": {"kiosk": {}}, "blue": {}}}) == ["north", "acme", "kiosk", "blue"]
    assert frontegg_factory.tenants(3, parent="blue") == ["tenant-1", "tenant-2", "tenant-3"]
    assert frontegg_factory.tenant(name="Fourth", metadata={"plan": "pro"}, is_locked=True) == "tenant-4"
    assert frontegg_factory.tree({}) == []
    fourth = frontegg_sync_client.tenants.get("tenant-4")
    assert (fourth.name, fourth.metadata, fourth.is_locked) == ("Fourth", {"plan": "pro"}, True)
    tree = frontegg_sync_client.hierarchy.tree("north")
    assert [node.tenant_id for node in tree] == ["north", "acme", "kiosk", "blue", "tenant-1", "tenant-2", "tenant-3"]
    with pytest.raises(ValueError, match="exists already"):
        frontegg_factory.tree({"new": {"acme": {}}})
    assert frontegg_sync_client.tenants.list().count() == 8


def test_users_and_their_tokens(frontegg_factory: Factory, frontegg_emulator: EmulatorHandle) -> None:
    """Permissions are those that were given; a token may have fewer, another tenant and an end."""
    tenants = frontegg_factory.tenants(2)
    reader = frontegg_factory.user(
        "ann@acme.example", tenant_id=tenants[0], tenant_ids=tenants[1:], permissions=["fe.secure.read.*"]
    )
    with FronteggUser(base_url=frontegg_emulator.url, token=reader.token) as ann:
        assert [tenant.tenant_id for tenant in ann.tenants.list()] == tenants
        with pytest.raises(PermissionDeniedError):
            ann.account_settings.update(timezone="Europe/Berlin")
    token = frontegg_factory.token(reader, tenant_id=tenants[1], permissions=["fe.*"], expires_in=60)
    with FronteggUser(base_url=frontegg_emulator.url, token=token) as ann:
        ann.account_settings.update(timezone="Europe/Berlin")
    assert frontegg_factory.user().email != frontegg_factory.user().email


def test_tokens_end_by_the_clock(
    frontegg_clock: EmulatorClock, frontegg_sync_user: FronteggUser, frontegg_emulator: EmulatorHandle
) -> None:
    """A day later the user's token is refused; a clock that stands still runs on from there."""
    with frontegg_clock.freeze() as moment:
        assert frontegg_clock.now() == moment
        assert frontegg_clock.advance(timedelta(hours=1)) == moment + timedelta(hours=1)
        with pytest.raises(ValueError, match=r"^by must be a timedelta or a number of seconds, not NoneType$"):
            frontegg_clock.advance(None)  # type: ignore[arg-type]  # what is tested
        assert frontegg_sync_user.tenants.list().all()
    assert moment + timedelta(hours=1) <= frontegg_clock.now() < moment + timedelta(hours=2)
    frontegg_clock.advance(86_400)
    with pytest.raises(AuthenticationError):
        frontegg_sync_user.tenants.list().all()
    stopped = frontegg_clock.freeze()
    assert frontegg_clock.now() == stopped.moment == frontegg_emulator.clock()
    assert frontegg_clock.run() >= stopped.moment


def test_faults_end_with_their_block(frontegg_faults: EmulatorFaults, frontegg_sync_client: Frontegg) -> None:
    """They act inside, tell how often, and are gone afterwards."""
    frontegg = frontegg_sync_client.with_options(max_retries=0)
    with frontegg_faults.status(503, path="/tenants/*") as closed, pytest.raises(ServerError):
        frontegg.tenants.list().count()
    assert closed.fired == 1
    assert frontegg.tenants.list().count() == 0
    assert closed.fired == 1
    closed.remove()
    with (
        frontegg_faults.rate_limit(reset_in=30, path="/tenants/*", times=1) as full,
        pytest.raises(RateLimitError) as told,
    ):
        frontegg.tenants.get("t1")
    assert (full.fired, full.id) == (1, "fault-2" if closed.id == "fault-1" else full.id)
    assert told.value.retry_after is not None


def test_faults_that_are_cleared_know_what_they_did(
    frontegg_faults: EmulatorFaults, frontegg_sync_client: Frontegg
) -> None:
    """Whoever asks afterwards how often one acted is not told that it never did."""
    closed = frontegg_faults.status(503, path="/tenants/*")
    idle = frontegg_faults.status(503, path="/elsewhere")
    with pytest.raises(ServerError):
        frontegg_sync_client.with_options(max_retries=0).tenants.list().count()
    frontegg_faults.clear()

    assert (closed.fired, idle.fired) == (1, 0)
    assert frontegg_sync_client.tenants.list().count() == 0


@pytest.mark.slow
def test_faults_last_until_they_are_cleared(
    frontegg_faults: EmulatorFaults, frontegg_sync_client: Frontegg, frontegg_factory: Factory
) -> None:
    """Without a block they stay; a lost answer was a change, and an outage was none."""
    frontegg = frontegg_sync_client
    lost = frontegg_faults.lost_response()
    frontegg.tenants.create(tenant_id="acme", name="Acme")
    assert (lost.fired, frontegg.tenants.list().count()) == (1, 1)
    slow = frontegg_faults.delay(60, method="GET", path="/tenants/*")
    with pytest.raises(RequestTimeoutError):
        frontegg.with_options(max_retries=0, timeout=0.05).tenants.list().count()
    frontegg_faults.clear()
    slow.remove()
    frontegg_faults.outage(method="GET", times=1)
    frontegg_faults.add({"type": "truncate", "bytes": 3}, stage="in_body", method="GET", nth=2)
    frontegg_factory.tenants(2)
    assert frontegg.tenants.list().count() == 3
    frontegg_faults.status(404, body={"errors": ["no"]}, headers={"x-more": "1"}, method="DELETE")
    frontegg_faults.add({"type": "reset"}, probability=0.0)
    assert frontegg.tenants.list().count() == 3


def test_freezes_may_be_nested(frontegg_clock: EmulatorClock, frontegg_emulator: EmulatorHandle) -> None:
    """Only the end of the outermost lets the clock run; one that stood still before stays so."""
    with frontegg_clock.freeze() as outer:
        with frontegg_clock.freeze() as inner:
            assert inner == outer
        assert frontegg_emulator.is_clock_frozen()
        assert frontegg_clock.now() == outer
        with frontegg_clock.freeze():
            later = frontegg_clock.advance(5)
        assert frontegg_clock.now() == later == outer + timedelta(seconds=5)
    assert not frontegg_emulator.is_clock_frozen()
    frontegg_clock.freeze()
    with frontegg_clock.freeze() as moment:
        pass
    assert frontegg_clock.now() == moment
    frontegg_clock.run()
    once = frontegg_clock.freeze()
    with once:
        pass
    with pytest.raises(RuntimeError, match="freeze"), once:
        pass


NOBODY = SeededUser(id="nobody", email="nobody@x.example", tenant_id="nowhere", token="", refresh_token="")
MAKERS: list[tuple[str, Callable[[Factory], object]]] = [
    ("tenant_id", lambda factory: factory.tenant(5)),  # type: ignore[arg-type]  # what is tested
    ("tenantId", lambda factory: factory.tenant("")),
    ("name", lambda factory: factory.tenant(name=5)),  # type: ignore[arg-type]  # what is tested
    ("parent", lambda factory: factory.tenant(parent=[])),  # type: ignore[arg-type]  # what is tested
    ("is_reseller", lambda factory: factory.tenant(is_reseller="yes")),  # type: ignore[arg-type]  # what is tested
    ("is_locked", lambda factory: factory.tenant(is_locked=1)),  # type: ignore[arg-type]  # what is tested
    ("metadata", lambda factory: factory.tenant(metadata=5)),  # type: ignore[arg-type]  # what is tested
    ("metadata.x", lambda factory: factory.tenant(metadata={"x": float("nan")})),
    ("count", lambda factory: factory.tenants("3")),  # type: ignore[arg-type]  # what is tested
    ("count", lambda factory: factory.tenants(-1)),
    ("count", lambda factory: factory.tenants(True)),
    ("parent", lambda factory: factory.tenants(2, parent=5)),  # type: ignore[arg-type]  # what is tested
    ("shape", lambda factory: factory.tree(5)),  # type: ignore[arg-type]  # what is tested
    ("shape", lambda factory: factory.tree(["a"])),  # type: ignore[arg-type]  # what is tested
    ("shape", lambda factory: factory.tree({5: {}})),  # type: ignore[dict-item]  # what is tested
    ("below 'a'", lambda factory: factory.tree({"a": None})),  # type: ignore[dict-item]  # what is tested
    ("below 'b'", lambda factory: factory.tree({"a": {"b": 5}})),  # type: ignore[dict-item]  # what is tested
    ("email", lambda factory: factory.user(5)),  # type: ignore[arg-type]  # what is tested
    ("tenant_id", lambda factory: factory.user(tenant_id=5)),  # type: ignore[arg-type]  # what is tested
    ("tenant_ids", lambda factory: factory.user(tenant_ids=5)),  # type: ignore[arg-type]  # what is tested
    ("tenant_ids", lambda factory: factory.user(tenant_ids="ab")),
    ("permissions", lambda factory: factory.user(permissions="fe.*")),
    ("roles", lambda factory: factory.user(roles=5)),  # type: ignore[arg-type]  # what is tested
    ("name", lambda factory: factory.user(name=5)),  # type: ignore[arg-type]  # what is tested
    ("password", lambda factory: factory.user(password=b"x")),  # type: ignore[arg-type]  # what is tested
    ("tenant_id", lambda factory: factory.token(NOBODY, tenant_id="nope")),
    ("tenant_id", lambda factory: factory.token(NOBODY, tenant_id="")),
    ("tenant_id", lambda factory: factory.token(NOBODY, tenant_id=5)),  # type: ignore[arg-type]  # what is tested
    ("user", lambda factory: factory.token("ann")),  # type: ignore[arg-type]  # what is tested
]


@pytest.mark.parametrize(("name", "make"), MAKERS)
def test_makers_name_a_wrong_argument(
    frontegg_factory: Factory, frontegg_emulator: EmulatorHandle, name: str, make: Callable[[Factory], object]
) -> None:
    """A wrong type or value is a `ValueError` that names it, and nothing is made."""
    before = frontegg_emulator.snapshot()
    with pytest.raises(ValueError) as refused:
        make(frontegg_factory)
    assert name in str(refused.value)
    assert frontegg_emulator.snapshot() == before


def test_faults_name_a_wrong_argument(frontegg_faults: EmulatorFaults, frontegg_emulator: EmulatorHandle) -> None:
    """As all makers do."""
    calls: list[tuple[str, Callable[[], object]]] = [
        ("action", lambda: frontegg_faults.add(5)),  # type: ignore[arg-type]  # what is tested
        ("stage", lambda: frontegg_faults.add({"type": "reset"}, stage=[])),  # type: ignore[arg-type]  # what is tested
        ("headers", lambda: frontegg_faults.status(headers=5)),  # type: ignore[arg-type]  # what is tested
        ("body", lambda: frontegg_faults.status(body=object())),  # type: ignore[arg-type]  # what is tested
        ("status", lambda: frontegg_faults.status("503")),  # type: ignore[arg-type]  # what is tested
        ("seconds", lambda: frontegg_faults.delay("2")),  # type: ignore[arg-type]  # what is tested
        ("times", lambda: frontegg_faults.status(times=0)),
        ("times", lambda: frontegg_faults.outage(times=1.5)),  # type: ignore[arg-type]  # what is tested
        ("method", lambda: frontegg_faults.outage(method=5)),  # type: ignore[arg-type]  # what is tested
    ]
    for name, call in calls:
        with pytest.raises(ValueError, match=name):
            call()
    assert frontegg_emulator.faults() == []
