"""Clients that are read-only: writes are refused before anything is sent, and reads are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from frontegg_async import AsyncFrontegg, ConfigurationError, Options, ReadOnlyError
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.endpoints import Auth, Endpoint, Retry, all_endpoints
from frontegg_sync import Frontegg
from tests.support.variables import variables

pytestmark = pytest.mark.anyio


def _client(emulator: EmulatorHandle, options: Options | None = None) -> AsyncFrontegg:
    return AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url, options=options)


async def test_every_operation_that_writes_is_refused(frontegg_emulator: EmulatorHandle) -> None:
    """By its declaration, whatever it is given; not even a token is fetched."""
    async with _client(frontegg_emulator, Options(read_only=True)) as client:
        view = client.for_tenant("acme")
        writes = [each for each in all_endpoints() if each.writes and each.client]
        for endpoint in writes:
            caller = client if endpoint.auth & Auth.ENVIRONMENT else view
            if not endpoint.auth & (Auth.ENVIRONMENT | Auth.TENANT):
                continue
            user_id = "ann" if endpoint.user_header else None
            with pytest.raises(ReadOnlyError, match=f"^{endpoint.name} writes, and was not sent"):
                await caller.send(endpoint, path=dict.fromkeys(endpoint.fields, "x"), user_id=user_id)
        assert len(writes) > 90
    assert frontegg_emulator.journal() == []


async def test_so_are_calls_of_several_writes(frontegg_emulator: EmulatorHandle) -> None:
    """As a whole, and not as a failure of each request."""
    ids = [f"t{number}" for number in range(150)]
    async with _client(frontegg_emulator) as client:
        for call in (
            client.tenants.lock(ids, options=Options(read_only=True)),
            client.with_options(read_only=True).tenants.unlock(ids),
            client.security.mfa.set("t0", enforce="Force", all_applications=True, options=Options(read_only=True)),
        ):
            with pytest.raises(ReadOnlyError, match="writes, and was not sent"):
                await call
    assert frontegg_emulator.journal() == []


async def test_reads_are_made_also_by_post(frontegg_emulator: EmulatorHandle) -> None:
    frontegg_emulator.seed(tenants=[{"tenantId": "a", "name": "A"}])
    async with _client(frontegg_emulator, Options(read_only=True)) as client:
        assert [tenant.tenant_id async for tenant in client.tenants.list()] == ["a"]
        assert await client.tenants.count_users(["a"])
        assert (await client.bulk.lock([{"tenant_id": "a"}], dry_run=True)).pending == 1


@pytest.mark.parametrize("options", [Options(read_only=True), Options(read_only="the settings of the team")])
async def test_it_cannot_be_turned_off(options: Options, frontegg_emulator: EmulatorHandle) -> None:
    """Neither by a view nor by a call; a view can turn it on. The message says where it is set."""
    place = options.read_only if isinstance(options.read_only, str) else "the option read_only"
    off = Options(read_only=False)
    async with _client(frontegg_emulator, options) as client:
        for caller in (client, client.with_options(read_only=False), client.for_tenant("a").with_options(timeout=5)):
            with pytest.raises(ReadOnlyError, match=f"the client is read-only, as {place} says"):
                await caller.send(_LOCK, options=off)
    async with _client(frontegg_emulator) as client:
        with pytest.raises(ReadOnlyError):
            await client.with_options(read_only=True).tenants.create(name="A")
        with pytest.raises(ReadOnlyError):
            await client.tenants.create(name="A", options=Options(read_only=True))
        await client.tenants.create(name="A")


_LOCK: Endpoint[object] = Endpoint(
    name="own.lock", method="POST", path="/tenants/resources/tenants/v1/lock", auth=Auth.TENANT | Auth.ENVIRONMENT,
    returns=object, body=object,
)  # fmt: skip


def test_operations_of_ones_own() -> None:
    """What is safe to send again only reads."""
    assert _LOCK.writes
    search = Endpoint[object](
        name="own.search", method="POST", path="/search", auth=Auth.TENANT, returns=object, retry=Retry.SAFE
    )
    assert not search.writes


async def test_bulk_jobs_are_refused_as_a_whole(frontegg_emulator: EmulatorHandle, tmp_path: Path) -> None:
    """Before there is a ledger, and not row by row."""
    async with _client(frontegg_emulator, Options(read_only=True)) as client:
        with pytest.raises(ReadOnlyError, match=r"^bulk\.create writes"):
            await client.bulk.create([{"name": "A"}], ledger=tmp_path / "ledger")
        with pytest.raises(ReadOnlyError, match=r"^bulk\.resume writes"):
            await client.bulk.resume(tmp_path / "ledger")
        with pytest.raises(ReadOnlyError, match=r"^bulk\.work writes"):
            await client.bulk.work("postgresql://localhost/jobs")
    assert not (tmp_path / "ledger").exists()


@pytest.mark.parametrize("options", [None, Options(read_only=False, timeout=5)])
def test_the_variable_wins_over_the_options_of_a_program(
    options: Options | None, frontegg_emulator: EmulatorHandle
) -> None:
    environ = {
        "FRONTEGG_BASE_URL": frontegg_emulator.url,
        "FRONTEGG_CLIENT_ID": frontegg_emulator.client_id,
        "FRONTEGG_SECRET_KEY": frontegg_emulator.secret,
    }
    with variables({**environ, "FRONTEGG_READ_ONLY": "1"}), Frontegg.from_env(options=options) as client:
        with pytest.raises(ReadOnlyError, match="as FRONTEGG_READ_ONLY says"):
            client.tenants.create(name="A")
        assert list(client.tenants.list()) == []
        assert client.options.timeout == (30 if options is None else 5)
    with variables({**environ, "FRONTEGG_READ_ONLY": "0"}), Frontegg.from_env() as client:
        client.tenants.create(name="A")
    with (
        variables({**environ, "FRONTEGG_READ_ONLY": "yes"}),
        pytest.raises(ConfigurationError, match="FRONTEGG_READ_ONLY must be 1 or 0"),
    ):
        Frontegg.from_env()


@pytest.mark.parametrize("value", ["", 1, None])
def test_values_that_cannot_be(value: object) -> None:
    with pytest.raises(ConfigurationError, match="read_only must be"):
        Options(read_only=value)  # type: ignore[arg-type]
