"""Migrations of many users: requests of 1,000, waits, outcomes, and what a lost response means."""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

import pytest

from frontegg_async import (
    AsyncFrontegg,
    BadRequestError,
    FronteggError,
    InvalidArgumentError,
    Options,
    ReadOnlyError,
    UserToMigrate,
)
from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_async.models import MigratedUser, MigrationOutcome
from frontegg_sync import Frontegg
from tests.support.clients import FakeClock, make_client
from tests.support.flavours import FLAVOURS, clients_of, do
from tests.support.raw_server import CLOSE, RESET, SILENCE, Answer, RawRequest, RawServer, http, raw_server

pytestmark = pytest.mark.anyio

_DONE, _FAILED, _UNKNOWN = MigrationOutcome
_STARTED: Final = http(202, {"migrationId": "m1"})


def _over(count: int) -> Answer:
    return http(200, {"migrationId": "m1", "state": "completed", "migratedUsers": count})


_ALL_OVER: Final = _over(1_000)
_OVER: Final = _over(1)
_CANARY: Final[dict[str, Any]] = {
    "password_hash": "canary-hash",
    "password_hash_type": "firebase-scrypt",
    "password_hash_config": '{"signerKey": "canary-config"}',
    "mfa_secret": "canary-mfa",
}


def _rows(count: int, **given: Any) -> Iterator[UserToMigrate]:
    return (UserToMigrate(tenant_id="acme", email=f"u{place}@a.example", **given) for place in range(count))


def _outcomes(found: list[MigratedUser]) -> list[MigrationOutcome]:
    assert [each.index for each in found] == [*range(len(found))]
    return [each.outcome for each in found]


def _sizes(server: RawServer) -> list[int]:
    return [len(json.loads(each.body)["users"]) for each in server.requests if each.method == "POST"]


@pytest.fixture
def emulator(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """An environment with a tenant and a user."""
    frontegg_emulator.seed(
        tenants=[{"tenantId": "acme", "name": "Acme"}],
        users=[{"id": "ann", "email": "u1@a.example", "tenantId": "acme"}],
    )
    return frontegg_emulator


@pytest.mark.slow
@pytest.mark.parametrize("flavour", FLAVOURS)
async def test_users_are_migrated(emulator: EmulatorHandle, flavour: str) -> None:
    """Who cannot be has failed, with the service's reason; the outcomes are in the order of the rows."""
    async with clients_of(emulator, flavour) as clients:
        users = clients.manager.users
        found = await do(users.bulk_migrate([*_rows(3, password="emu_new", verify=True)]).all)
        assert _outcomes(found) == [_DONE, _FAILED, _DONE]
        assert (found[1].reason, found[1].email, found[1].tenant_id) == ("User already exists", "u1@a.example", "acme")
        task = await do(users.get_migration_task, found[0].migration_id)
    assert (task.is_over, task.migrated_users, task.migration_id) == (True, 2, found[0].migration_id)


async def test_rows_are_sent_1000_at_a_time_and_never_held() -> None:
    """Also from a source that is awaited; the next rows are read when those before are over."""
    taken = 0

    async def rows() -> AsyncIterator[UserToMigrate]:
        nonlocal taken
        for row in _rows(2_001):
            taken += 1
            yield row

    async with raw_server(*(_STARTED, _ALL_OVER) * 2, _STARTED, _OVER) as server, make_client(server.url) as client:
        counts: list[int] = []
        found: list[MigratedUser] = []
        async for each in client.users.bulk_migrate(rows()):
            counts.append(taken)
            found.append(each)
        assert _outcomes(found) == [_DONE] * 2_001
        assert _sizes(server) == [1_000, 1_000, 1]
    assert (counts[0], counts[999], counts[1_000], counts[2_000]) == (1_000, 1_000, 2_000, 2_001)


async def test_the_blocking_twin_reads_any_iterable() -> None:
    async with raw_server(_STARTED, _ALL_OVER, _STARTED, _OVER) as server:

        def migrate() -> list[MigratedUser]:
            with Frontegg("emu_id", "emu_secret", base_url=server.url) as frontegg:
                return list(frontegg.users.bulk_migrate(_rows(1_001)))

        assert _outcomes(await asyncio.to_thread(migrate)) == [_DONE] * 1_001
        assert _sizes(server) == [1_000, 1]


async def test_the_state_is_read_with_growing_waits() -> None:
    clock = FakeClock()
    states = ("pending", "in progress", "in progress", "COMPLETED")
    polls = [http(200, {"state": state, "migratedUsers": 1}) for state in states]
    async with raw_server(_STARTED, *polls) as server, make_client(server.url, clock=clock) as client:
        assert _outcomes(await client.users.bulk_migrate([*_rows(1)]).all()) == [_DONE]
        assert len(server.requests) == 5
    assert len(clock.slept) == 3
    assert clock.slept == sorted(clock.slept)


async def test_a_migration_that_is_not_over_in_time() -> None:
    """Its rows are unknown, and the next rows are sent."""
    running = http(200, {"state": "verifying"})

    def answer(request: RawRequest) -> Answer:
        if request.method == "POST":
            return http(202, {"migrationId": f"m{len(json.loads(request.body)['users'])}"})
        return running if request.path.endswith("m1000") else _OVER

    async with raw_server(answer) as server, make_client(server.url, clock=FakeClock()) as client:
        found = await client.users.bulk_migrate(_rows(1_001), timeout=60).all()
    assert _outcomes(found) == [_UNKNOWN] * 1_000 + [_DONE]
    assert (found[0].migration_id, found[-1].migration_id) == ("m1000", "m1")
    assert "verifying" in str(found[0].reason)


@pytest.mark.parametrize(
    "script",
    [
        (CLOSE,),
        (RESET,),
        (http(500),),
        (http(503, {"errors": ["later"]}),),
        (http(202, {}),),
        (http(202, raw=b"<html>"),),
        (_STARTED, http(403, {"errors": ["may not read"]})),
    ],
)
async def test_rows_of_an_ambiguous_response_are_unknown(script: tuple[Answer, ...]) -> None:
    """They are sent once, and the rows after them are sent too."""
    async with raw_server(*script, _STARTED, _OVER) as server, make_client(server.url) as client:
        options = Options(max_retries=0)
        found = await client.users.bulk_migrate(_rows(1_001), options=options).all()
        assert _outcomes(found) == [_UNKNOWN] * 1_000 + [_DONE]
        assert found[0].reason
        assert _sizes(server) == [1_000, 1]


@pytest.mark.parametrize(
    "failure",
    [
        CLOSE,
        RESET,
        http(404, {"errors": ["no such migration"]}),
        http(429, {"errors": ["slow down"]}),
        http(503),
        http(200, ["odd"]),
    ],
)
async def test_a_failed_read_of_the_state_is_repeated(failure: Answer) -> None:
    clock = FakeClock()
    script = (_STARTED, failure, failure, _OVER)
    async with raw_server(*script) as server, make_client(server.url, clock=clock) as client:
        found = await client.users.bulk_migrate(_rows(1), options=Options(max_retries=0)).all()
        assert _outcomes(found) == [_DONE]
        assert len(server.requests) == 4
    assert len(clock.slept) >= 2


@pytest.mark.parametrize(("refusals", "outcome"), [(2, _DONE), (6, _DONE), (50, _UNKNOWN)])
async def test_a_token_that_is_revoked_during_the_wait(refusals: int, outcome: MigrationOutcome) -> None:
    """Reads may be refused with the old token and with a new one, which is kept for ten seconds. Then the wait ends."""
    script = (_STARTED, *[http(401)] * refusals, _OVER)
    clock = FakeClock()
    async with raw_server(*script) as server, make_client(server.url, clock=clock) as client:
        found = await client.users.bulk_migrate(_rows(1)).all()
    assert _outcomes(found) == [outcome]
    assert (sum(clock.slept) > 10) == (outcome is _UNKNOWN)
    assert sum(clock.slept) < 30


@pytest.mark.parametrize("first", [None, http(200, {"state": "verifying"})])
async def test_reads_that_fail_until_the_time_is_over(first: Answer | None) -> None:
    """The rows are unknown, with the state that was read or else the last failure; the next rows are sent."""
    answers = [] if first is None else [first]

    def answer(request: RawRequest) -> Answer:
        if request.method == "POST":
            return http(202, {"migrationId": f"m{len(json.loads(request.body)['users'])}"})
        if request.path.endswith("m1"):
            return _OVER
        return answers.pop() if answers else http(404, {"errors": ["no such migration"]})

    clock = FakeClock()
    async with raw_server(answer) as server, make_client(server.url, clock=clock) as client:
        found = await client.users.bulk_migrate(_rows(1_001), timeout=60).all()
    assert _outcomes(found) == [_UNKNOWN] * 1_000 + [_DONE]
    assert ("no such migration" if first is None else "verifying") in str(found[0].reason)
    assert sum(clock.slept) == pytest.approx(59.5)


async def test_a_read_takes_no_longer_than_the_time_that_is_left() -> None:
    """Also where the options set no limit."""
    options = Options(timeout=None, deadline=None)
    async with raw_server(_STARTED, SILENCE) as server, make_client(server.url) as client:
        found = await client.users.bulk_migrate(_rows(1), timeout=0.05, options=options).all()
    assert _outcomes(found) == [_UNKNOWN]


async def test_a_first_request_that_is_refused_raises() -> None:
    """Nothing was done. The rows of a later request have failed instead, and those after them are sent."""
    refused = http(400, {"errors": ["users.7.email is odd"]})
    async with raw_server(refused) as server, make_client(server.url) as client:
        with pytest.raises(BadRequestError):
            await client.users.bulk_migrate(_rows(2)).all()
    script = (_STARTED, _ALL_OVER, refused, _STARTED, _OVER)
    async with raw_server(*script) as server, make_client(server.url) as client:
        found = await client.users.bulk_migrate(_rows(2_001)).all()
    assert _outcomes(found) == [_DONE] * 1_000 + [_FAILED] * 1_000 + [_DONE]
    assert "users.7.email is odd" in str(found[1_000].reason)
    assert found[1_000].migration_id is None


async def test_a_client_that_is_read_only_sends_nothing(frontegg_client: AsyncFrontegg) -> None:
    with pytest.raises(ReadOnlyError):
        await frontegg_client.users.bulk_migrate(_rows(1), options=Options(read_only=True)).all()


async def test_bad_rows_of_a_list_are_found_before_anything_is_sent() -> None:
    async with raw_server() as server, make_client(server.url) as client:
        rows = [*_rows(1_500), UserToMigrate(tenant_id="acme", email="no address")]
        with pytest.raises(InvalidArgumentError, match=r"^users\[1500\]\.email must be an e-mail address"):
            await client.users.bulk_migrate(rows).all()
        assert server.requests == []


async def test_a_bad_row_of_another_iterable_has_failed() -> None:
    """It is not sent, and the others are; an object that is no row ends the iteration."""

    def rows(last: Any) -> Iterator[Any]:
        yield from _rows(1)
        yield UserToMigrate(tenant_id="acme", email="b@a.example", password_hash="canary")
        yield last

    async with raw_server(_STARTED, _over(2)) as server, make_client(server.url) as client:
        (last,) = _rows(1)
        found = await client.users.bulk_migrate(rows(last)).all()
        assert _outcomes(found) == [_DONE, _FAILED, _DONE]
        assert found[1].reason == "give users[1].password_hash and users[1].password_hash_type together"
        assert (found[1].migration_id, _sizes(server)) == (None, [2])
        with pytest.raises(InvalidArgumentError, match=r"users\[2\] must be a UserToMigrate, not str"):
            await client.users.bulk_migrate(rows("canary")).all()


@pytest.mark.parametrize("flavour", FLAVOURS)
async def test_an_iteration_sends_rows_once(emulator: EmulatorHandle, flavour: str) -> None:
    async with clients_of(emulator, flavour) as clients:
        migration = clients.manager.users.bulk_migrate([])
        assert await do(migration.all) == []
        with pytest.raises(InvalidArgumentError, match="earlier iteration"):
            await do(migration.all)
        for wrong in (7, None):
            with pytest.raises(InvalidArgumentError, match="iterable of UserToMigrate"):
                clients.manager.users.bulk_migrate(wrong)
        with pytest.raises(InvalidArgumentError, match="timeout"):
            clients.manager.users.bulk_migrate([], timeout=0)


async def test_a_cancelled_migration_names_the_rows_that_are_unknown() -> None:
    is_polled = asyncio.Event()

    def poll(_: RawRequest) -> Answer:
        is_polled.set()
        return SILENCE

    async with raw_server(_STARTED, poll) as server, make_client(server.url) as client:
        task = asyncio.create_task(client.users.bulk_migrate(_rows(3)).all())
        await is_polled.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
    (note,) = caught.value.__notes__
    assert note == (
        "users.bulk_migrate: 3 rows from users[0] have an unknown outcome; no later row was sent; "
        "the id of their migration is 'm1'"
    )


async def test_nothing_shows_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    """Neither outcomes, errors and their frames, logs, hooks, nor what the emulator records."""
    caplog.set_level(logging.DEBUG)
    seen: list[object] = []
    async with Emulator(seed={"tenants": [{"tenantId": "acme", "name": "Acme"}]}, journal_bodies=True) as emulator:
        client = AsyncFrontegg(
            emulator.client_id,
            emulator.secret,
            base_url=emulator.url,
            on_request=seen.append,
            on_response=seen.append,
        )
        async with client:
            found = await client.users.bulk_migrate([*_rows(2, **_CANARY)], timeout=0.001).all()
        journal = await emulator.journal()
        (entry,) = [each for each in journal if each.method == "POST" and each.path.endswith("/bulk")]
        recorded = await emulator.recorded_exchange(str(entry.trace_id))
        shown = [caplog.text, f"{seen} {journal} {await emulator.deliveries()}", str(recorded.request.body)]
    shown += [each.to_json() for each in found]
    quoting = http(400, {"errors": [str(value) for value in _CANARY.values()]})
    async with raw_server(quoting) as server, make_client(server.url) as client:
        with pytest.raises(FronteggError) as caught:
            await client.users.bulk_migrate([*_rows(2, **_CANARY)]).all()
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    ours = [frame.f_locals for frame in frames if str(frame.f_globals["__name__"]).startswith("frontegg_")]
    shown.append(f"{caught.value!r} {caught.value.details!r} {caught.value.details.messages} {ours}")
    assert [text for text in shown if "canary" in text] == []
    assert "assword" in shown[2]
