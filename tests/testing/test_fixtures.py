"""The fixtures of the plugin, as a user's own tests would use them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from frontegg_async import AsyncFrontegg, AsyncFronteggUser, AuthenticationError, Options, ServerError
from frontegg_async.emulator.blocking import EmulatorHandle
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
    (tenant,) = await frontegg_user.me.tenants()
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
        assert [tenant.tenant_id for tenant in ann.me.tenants()] == tenants
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
        assert frontegg_sync_user.me.tenants()
    assert moment + timedelta(hours=1) <= frontegg_clock.now() < moment + timedelta(hours=2)
    frontegg_clock.advance(86_400)
    with pytest.raises(AuthenticationError):
        frontegg_sync_user.me.tenants()
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


def test_faults_last_until_they_are_cleared(
    frontegg_faults: EmulatorFaults, frontegg_sync_client: Frontegg, frontegg_factory: Factory
) -> None:
    """Without a block they stay; a lost answer was a change, and an outage was none."""
    frontegg = frontegg_sync_client
    lost = frontegg_faults.lost_answer()
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
    frontegg_faults.status(404, body={"errors": ["no"]}, headers={"x-more": "1"}, times=0)
    frontegg_faults.add({"type": "reset"}, probability=0.0)
    assert frontegg.tenants.list().count() == 3
