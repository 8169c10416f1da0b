"""The blocking client: results, errors, and whose event loop it uses."""

from __future__ import annotations

import contextvars
import gc
import threading
import traceback
import weakref

import aiohttp
import pytest

from frontegg_async import endpoints
from frontegg_async.emulator import EmulatorHandle
from frontegg_sync import (
    AuthenticationError,
    ClientClosedError,
    ConfigurationError,
    ConflictError,
    ConnectionFailedError,
    Frontegg,
    FronteggError,
    InvalidArgumentError,
    NotFoundError,
    Options,
    OutcomeUnknownError,
    Runner,
    Tenant,
)
from frontegg_sync.errors import WrongLoopError
from tests.support.variables import variables

COLOUR = contextvars.ContextVar("COLOUR", default="none")


def test_a_round_of_the_management(frontegg_sync_client: Frontegg) -> None:
    """Every verb gives what the awaited one gives."""
    tenants = frontegg_sync_client.tenants
    created = tenants.create(name="Acme", tenant_id="acme", metadata={"plan": "free"})
    assert isinstance(created, Tenant)
    assert tenants.ensure("acme", name="Other") == (tenants.get("acme"), False)
    with pytest.raises(NotFoundError):
        tenants.get_by_alias("acme")
    assert tenants.update("acme", website="https://acme.example").website == "https://acme.example"
    assert tenants.add_metadata("acme", {"seats": 3}).metadata == {"plan": "free", "seats": 3}
    assert tenants.delete_metadata("acme", "plan").metadata == {"seats": 3}
    tenants.lock(["acme"])
    tenants.unlock(["acme"])
    assert [count.tenant_id for count in tenants.count_users(["acme"])] == ["acme"]
    tenants.delete("acme")
    with pytest.raises(NotFoundError):
        tenants.get("acme")


def test_send_gives_the_whole_answer(frontegg_sync_client: Frontegg) -> None:
    """Of any operation."""
    frontegg_sync_client.tenants.create(name="Acme", tenant_id="acme")
    response = frontegg_sync_client.send(endpoints.tenants.GET, path={"tenant_id": "acme"})

    assert (response.value.name, response.status, response.attempts) == ("Acme", 200, 1)


def test_check_authenticates(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """And so does the next call after `reset_auth`."""
    assert frontegg_sync_client.check().base_url == frontegg_emulator.url
    frontegg_sync_client.tenants.list().count()
    before = frontegg_emulator.stats().tokens_issued
    frontegg_sync_client.reset_auth()
    frontegg_sync_client.tenants.list().count()

    assert frontegg_emulator.stats().tokens_issued == before + 1


def test_a_view_shares_session_and_token(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """It is closed with its client, and its client with it."""
    view = frontegg_sync_client.with_options(max_retries=0)
    frontegg_sync_client.tenants.list().count()
    view.tenants.list().count()

    assert (view.options.max_retries, frontegg_sync_client.options.max_retries) == (0, 2)
    assert frontegg_emulator.stats().tokens_issued == 1
    view.close()
    with pytest.raises(ClientClosedError):
        frontegg_sync_client.tenants.list().count()


@pytest.mark.each_python
def test_what_remains_of_a_client_keeps_it_open(frontegg_emulator: EmulatorHandle) -> None:
    """A resource, or a listing, works when the client's own name is gone; without any, the loop ends."""
    client = frontegg_emulator.client()
    runner = weakref.ref(client._bridge._runner)
    tenants = client.tenants
    del client
    gc.collect()
    assert tenants.list().count() == 0
    listing = tenants.list()
    del tenants
    gc.collect()
    assert listing.all() == []
    thread = listing._bridge._runner._thread
    assert thread is not None
    del listing
    thread.join(30)
    del thread
    gc.collect()

    assert runner() is None


def test_errors_are_raised_as_they_are(frontegg_sync_client: Frontegg) -> None:
    """They have the traceback of the calling thread alone, and nothing is chained to them."""
    frontegg_sync_client.tenants.create(name="Acme", tenant_id="acme")
    with pytest.raises(ConflictError) as caught:
        frontegg_sync_client.tenants.create(name="Acme", tenant_id="acme")

    error = caught.value
    assert (error.__cause__, error.__context__) == (None, None)
    functions = [frame.name for frame in traceback.extract_tb(error.__traceback__)]
    assert functions == ["test_errors_are_raised_as_they_are", "create"]


def test_the_way_of_an_error_holds_nothing_that_holds_it() -> None:
    """It goes with its last reference, and is not left to the garbage collector."""

    async def fail() -> None:
        raise NotFoundError("no such thing")

    def call() -> weakref.ref[NotFoundError] | None:
        try:
            runner.call(fail)
        except NotFoundError as error:
            return weakref.ref(error)
        return None

    with Runner() as runner:
        reference = call()
        runner.call(_nothing)  # the loop's thread is through with the call before

    assert reference is not None
    assert reference() is None


def test_bad_arguments_are_refused(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """Nothing is sent."""
    with pytest.raises(InvalidArgumentError):
        frontegg_sync_client.tenants.get("..")
    with pytest.raises(ConfigurationError, match="runner"):
        Frontegg("emu_client", "emu_secret", base_url=frontegg_emulator.url, runner="own")  # type: ignore[arg-type]  # that is what is tested

    assert frontegg_emulator.journal() == []


def test_a_lost_answer_is_an_unknown_outcome(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """As for those who await."""
    frontegg_emulator.add_fault(stage="after_commit", action={"type": "reset"}, match={"method": "PUT"})
    frontegg_emulator.seed(tenants=[{"tenantId": "a", "name": "A"}, {"tenantId": "b", "name": "B"}])
    with pytest.raises(OutcomeUnknownError):
        frontegg_sync_client.tenants.move_users("a", "b")


def test_from_env_reads_the_settings(frontegg_emulator: EmulatorHandle) -> None:
    """Of the process."""
    environ = {
        "FRONTEGG_CLIENT_ID": frontegg_emulator.client_id,
        "FRONTEGG_SECRET_KEY": frontegg_emulator.secret,
        "FRONTEGG_BASE_URL": frontegg_emulator.url,
    }
    with variables(environ), Frontegg.from_env(options=Options(max_retries=1)) as client:
        assert client.tenants.list().count() == 0
        assert client.options.max_retries == 1
    assert repr(client) == f"Frontegg('{frontegg_emulator.url}')"


def test_a_refused_secret_names_the_place(frontegg_emulator: EmulatorHandle) -> None:
    """A function that returns the secret is called in a thread of its own, which the loop does not wait for."""
    threads: list[str] = []

    def secret() -> str:
        threads.append(threading.current_thread().name)
        return "emu_wrong"

    with (
        Frontegg(frontegg_emulator.client_id, secret, base_url=frontegg_emulator.url) as client,
        pytest.raises(AuthenticationError, match=frontegg_emulator.url),
    ):
        client.check()
    assert threads == ["frontegg-function"]


def test_context_variables_reach_the_call() -> None:
    """Those of each caller its own calls, and what a call sets stays there."""

    async def exchange() -> str:
        found = COLOUR.get()
        COLOUR.set("blue")
        return found

    with Runner() as runner:
        COLOUR.set("red")
        assert [runner.call(exchange), COLOUR.get()] == ["red", "red"]
        assert contextvars.Context().run(runner.call, exchange) == "none"


def test_a_call_from_the_loop_is_refused(frontegg_sync_client: Frontegg) -> None:
    """It would wait for itself."""

    async def call() -> Tenant:
        return frontegg_sync_client.tenants.get("acme")

    with pytest.raises(WrongLoopError, match="frontegg_async"):
        frontegg_sync_client._bridge.call(call)


def test_a_client_can_be_closed_from_the_loop(frontegg_sync_client: Frontegg) -> None:
    """To close does not wait."""

    async def close() -> None:
        frontegg_sync_client.close()

    frontegg_sync_client._bridge.call(close)
    with pytest.raises(ClientClosedError):
        frontegg_sync_client.tenants.get("acme")


def test_a_connector_is_made_in_the_loop_of_a_runner(frontegg_emulator: EmulatorHandle) -> None:
    """It is borrowed, and not closed with the client."""

    async def make() -> aiohttp.TCPConnector:
        return aiohttp.TCPConnector(limit=3)

    with Runner() as runner:
        connector = runner.call(make)
        with Frontegg(
            frontegg_emulator.client_id,
            frontegg_emulator.secret,
            base_url=frontegg_emulator.url,
            connector=connector,
            runner=runner,
        ) as client:
            assert client.tenants.list().count() == 0
        assert not connector.closed
        runner.call(connector.close)


@pytest.mark.anyio
async def test_a_connector_of_another_loop_is_refused(frontegg_emulator: EmulatorHandle) -> None:
    """The message says where it is to be made."""
    async with aiohttp.TCPConnector() as connector:
        client = Frontegg(
            frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url, connector=connector
        )
        with pytest.raises(WrongLoopError, match="in the loop of its runner"):
            client.check()
        client.close()


def test_a_runner_is_shared(frontegg_emulator: EmulatorHandle) -> None:
    """Its clients are closed one by one, by name or when they are dropped, and with it."""
    with Runner() as runner:
        first = Frontegg(
            frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url, runner=runner
        )
        second = Frontegg(
            frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url, runner=runner
        )
        assert first.tenants.list().count() == second.tenants.list().count() == 0
        first.close()
        first.close()
        with pytest.raises(ClientClosedError):
            first.tenants.list().count()
        assert second.tenants.list().count() == 0
        assert len(runner._clients) == 1
    with pytest.raises(ClientClosedError):
        second.tenants.list().count()


def test_a_runner_that_was_never_used_is_closed() -> None:
    """There is no thread to end."""
    runner = Runner()
    client = Frontegg("emu_client", "emu_secret", base_url="http://127.0.0.1:1", runner=runner)
    client.close()
    runner.close()
    runner.close()

    with pytest.raises(ClientClosedError):
        runner.call(_nothing)


async def _nothing() -> None:
    """Do nothing."""


def test_a_coroutine_that_cannot_be_made_raises_in_its_caller() -> None:
    """Whatever it is, and the runner goes on."""

    def fail() -> contextvars.Context:
        raise LookupError("no such thing")

    with Runner() as runner:
        with pytest.raises(LookupError, match="no such thing"):
            runner.call(fail)  # type: ignore[arg-type]  # that is what is tested
        assert runner.call(_nothing) is None  # type: ignore[func-returns-value]  # it returns at all


def test_a_host_that_does_not_answer() -> None:
    """Is an error of ours, as for those who await."""
    options = Options(max_retries=0)
    with Frontegg("emu_client", "emu_secret", base_url="http://127.0.0.1:1", options=options) as client:
        with pytest.raises(ConnectionFailedError) as caught:
            client.check()
        assert isinstance(caught.value, FronteggError)
