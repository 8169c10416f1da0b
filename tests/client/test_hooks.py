"""Hooks observe each request and response, and cannot change a call."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from frontegg_async import AsyncFrontegg, AsyncFronteggUser, Options, RequestSnapshot, ResponseSnapshot
from frontegg_async._core.call.hooks import Hooks
from frontegg_async._core.call.observers import GLOBAL_OBSERVERS, Announcement, CallObserver
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.endpoints import Auth, Endpoint
from frontegg_async.errors import ConfigurationError, ConnectionFailedError, FronteggError, NotFoundError
from frontegg_async.regions import BaseUrl
from frontegg_sync import Frontegg
from tests.support.raw_server import CLOSE, http, raw_server
from tests.support.tenants import tenant_row

pytestmark = pytest.mark.anyio

OK = http(200, tenant_row(), headers={"frontegg-trace-id": "trace-1"})


@attrs.define(eq=False)
class Seen:
    """What hooks saw."""

    requests: list[RequestSnapshot] = attrs.field(factory=list)
    responses: list[ResponseSnapshot] = attrs.field(factory=list)

    def client(self, url: str, *, options: Options | None = None) -> AsyncFrontegg:
        """Return a client with these hooks."""
        return AsyncFrontegg(
            "emu_client",
            "emu_canary",
            base_url=url,
            options=options,
            on_request=self.requests.append,
            on_response=self.responses.append,
        )


async def test_they_see_every_attempt() -> None:
    """Those for tokens and those that failed, in order."""
    seen = Seen()
    async with (
        raw_server(CLOSE, OK) as server,
        seen.client(server.url, options=Options(headers={"X-A": "1"})) as client,
    ):
        await client.tenants.get("t1")
    assert [(each.operation, each.method, each.attempt) for each in seen.requests] == [
        ("auth.authenticate", "POST", 1),
        ("tenants.get", "GET", 1),
        ("tenants.get", "GET", 2),
    ]
    assert [(each.status, each.failure, each.trace_id) for each in seen.responses] == [
        (200, None, None),
        (None, "disconnected", None),
        (200, None, "trace-1"),
    ]
    first, second = seen.requests[1:]
    assert first.url == f"{server.url}/tenants/resources/tenants/v2/t1"
    assert first.template == "/tenants/resources/tenants/v2/{tenant_id}"
    assert first.headers == {"x-a": "1"}
    assert first.body_size is None
    assert second.waited > 0
    assert [each.request for each in seen.responses] == seen.requests
    last = seen.responses[-1]
    assert (last.headers["frontegg-trace-id"], last.body_size > 0, last.elapsed > 0) == ("trace-1", True, True)
    assert seen.responses[1].headers == {}


async def test_they_see_what_a_request_is_about(frontegg_emulator: EmulatorHandle) -> None:
    """The ids of its tenants, in path, body or header, and the names of the fields that it sends."""
    seen = Seen()
    client = AsyncFrontegg(
        frontegg_emulator.client_id,
        frontegg_emulator.secret,
        base_url=frontegg_emulator.url,
        on_request=seen.requests.append,
    )
    async with client:
        view = client.for_tenant("t1")
        for call in (
            client.tenants.create(tenant_id="t1", name="T", creator_email=None),
            client.tenants.update("t1", name="U", website=None),
            client.tenants.lock(["t1", "t2"]),
            view.account_settings.update(address="A"),
            client.tenants.move_users("t1", "t2"),
            client.tenants.list().count(),
        ):
            with contextlib.suppress(FronteggError):
                await call
    assert [(each.tenant_ids, each.body_fields) for each in seen.requests if each.operation != "auth.authenticate"] == [
        (("t1",), ("name",)),
        (("t1",), ("name", "website")),
        (("t1", "t2"), ()),
        (("t1",), ("address",)),
        (("t1", "t2"), ()),
        ((), ()),
    ]


async def test_no_credential_is_seen() -> None:
    """Neither in what snapshots hold nor in how they are shown."""
    seen = Seen()
    async with raw_server(OK) as server, seen.client(server.url) as client:
        await client.tenants.get("t1")
    shown = repr([attrs.asdict(each) for each in (*seen.requests, *seen.responses)])
    assert "emu_canary" not in shown
    assert "token-1" not in shown
    assert "authorization" not in shown.lower()


async def test_they_see_that_nothing_was_sent() -> None:
    """Without a connection there is no status."""
    seen = Seen()
    async with seen.client("http://127.0.0.1:1", options=Options(max_retries=0)) as client:
        with pytest.raises(ConnectionFailedError):
            await client.tenants.get("t1")
    assert [(each.status, each.failure) for each in seen.responses] == [(None, "refused")]


@pytest.mark.parametrize("name", ["on_request", "on_response"])
async def test_what_they_raise_changes_nothing(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged by its kind alone."""

    def fail(snapshot: object) -> None:
        raise ValueError(snapshot)

    hooks: dict[str, Callable[[object], None]] = {name: fail}
    async with raw_server(OK) as server:
        client = AsyncFrontegg("emu_client", "emu_secret", base_url=server.url, **hooks)  # type: ignore[arg-type] # by name
        async with client:
            assert (await client.tenants.get("t1")).tenant_id == "t1"
    assert {record.message for record in caplog.records} == {"a hook or telemetry raised ValueError"}


async def test_users_have_them_too(frontegg_emulator: EmulatorHandle) -> None:
    """By `as_user`, and in a client of their own."""
    frontegg_emulator.seed(tenants=[{"tenantId": "t1", "name": "T"}])
    token = frontegg_emulator.user_token(tenant_id="t1", email="u@example.com").access_token
    seen = Seen()
    client = AsyncFrontegg(
        frontegg_emulator.client_id,
        frontegg_emulator.secret,
        base_url=frontegg_emulator.url,
        on_request=seen.requests.append,
    )
    async with client:
        await client.as_user(token).tenants.list().all()
    url = frontegg_emulator.url
    async with AsyncFronteggUser(base_url=url, token=token, on_response=seen.responses.append) as user:
        await user.tenants.list().all()
    assert [each.operation for each in seen.requests] == ["me.tenants"]
    assert [each.status for each in seen.responses] == [200]


def test_blocking_clients_have_them(frontegg_emulator: EmulatorHandle) -> None:
    """They are called in the thread of the client."""
    seen = Seen()
    with Frontegg(
        frontegg_emulator.client_id,
        frontegg_emulator.secret,
        base_url=frontegg_emulator.url,
        on_request=seen.requests.append,
        on_response=seen.responses.append,
    ) as client:
        client.tenants.create(tenant_id="t1", name="T")
        with pytest.raises(NotFoundError):
            client.tenants.get("t2")
    assert [each.operation for each in seen.requests] == ["auth.authenticate", "tenants.create", "tenants.get"]
    assert [each.status for each in seen.responses] == [200, 201, 200]  # the service has no 404 for it
    assert seen.requests[1].body_size is not None


@pytest.mark.parametrize("hook", ["on_request", "on_response"])
def test_a_hook_is_checked(hook: str) -> None:
    """It is a plain function."""

    async def later(snapshot: object) -> None:
        """Is never awaited."""

    for wrong in (1, later):
        given: dict[str, object] = {hook: wrong}
        with pytest.raises(ConfigurationError, match=rf"^{hook} must be a plain function"):
            AsyncFrontegg("emu_client", "emu_secret", base_url="http://127.0.0.1:1", **given)  # type: ignore[arg-type] # that is the point


@attrs.define
class _Announcement:
    """Notes where it is made, and fails."""

    made: list[tuple[str, int]] = attrs.field(factory=list)

    def send(self) -> None:
        self.made.append(("thread", threading.get_ident()))
        raise ValueError

    async def asend(self) -> None:
        self.made.append(("task", threading.get_ident()))
        raise ValueError


class _Announcing(Hooks):
    """An observer of all clients that announces the end of each call."""

    def __init__(self) -> None:
        super().__init__(None, None)
        self.announcement = _Announcement()

    def end(self, error: BaseException | None) -> Announcement:
        del error
        return self.announcement


async def test_announcements_are_made_where_the_call_was(
    frontegg_client: AsyncFrontegg, frontegg_sync_client: Frontegg, caplog: pytest.LogCaptureFixture
) -> None:
    """In the task, or in the thread that makes a blocking call; one that fails changes nothing."""

    def block() -> int:
        frontegg_sync_client.tenants.list().count()
        return threading.get_ident()

    await frontegg_client.check()
    await asyncio.to_thread(frontegg_sync_client.check)
    observer = _Announcing()
    GLOBAL_OBSERVERS.append(observer)
    try:
        await frontegg_client.tenants.list().count()
        ident = await asyncio.to_thread(block)
    finally:
        GLOBAL_OBSERVERS.remove(observer)
    assert observer.announcement.made == [("task", threading.get_ident()), ("thread", ident)]
    assert {record.message for record in caplog.records} == {"a hook or telemetry raised ValueError"}


async def test_one_that_cannot_begin_is_left_out(
    frontegg_client: AsyncFrontegg, caplog: pytest.LogCaptureFixture
) -> None:
    """An observer of all clients that fails sees nothing, and harms nobody."""

    class Failing:
        def begin(self, endpoint: Endpoint[object], base_url: BaseUrl) -> CallObserver:
            raise ValueError(endpoint.name, base_url)

    failing = Failing()
    GLOBAL_OBSERVERS.append(failing)
    try:
        assert await frontegg_client.tenants.list().count() == 0
    finally:
        GLOBAL_OBSERVERS.remove(failing)
    assert {record.message for record in caplog.records} == {"a hook or telemetry raised ValueError"}


class _OddError(BaseException):
    """What derives from none of the usual classes."""


@pytest.mark.parametrize("kind", [SystemExit, _OddError, asyncio.CancelledError])
@pytest.mark.parametrize("hook", ["on_request", "on_response"])
async def test_no_exception_of_a_hook_costs_a_connection(
    kind: type[BaseException], hook: str, caplog: pytest.LogCaptureFixture
) -> None:
    """An exit would end the event loop and nothing else, and the one connection would be taken for ever."""

    def fail(_: object) -> None:
        raise kind

    hooks: dict[str, Any] = {hook: fail}
    async with raw_server(OK) as server:
        client = AsyncFrontegg("emu_client", "emu_x", base_url=server.url, max_connections=1, **hooks)
        async with client, asyncio.timeout(30):
            await client.tenants.get("t1")
            await client.tenants.get("t1")
    assert {record.message for record in caplog.records} == {f"a hook or telemetry raised {kind.__name__}"}


def test_ctrl_c_in_a_hook_gives_the_connection_back() -> None:
    """It goes to the program, as everywhere."""

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    free: list[int] = []

    async def call() -> None:
        async with raw_server(OK) as server:
            client = AsyncFrontegg("emu_client", "emu_x", base_url=server.url, on_request=interrupt)
            try:
                await client.check()
            finally:
                free.append(client._environment.context.sessions.get().slots.free)
                await client.aclose()

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(call())
    assert free == [100]


async def test_a_secret_in_the_path_shows_as_its_template() -> None:
    """A customer's key must not get into the logs of a hook, nor into the addresses of spans."""
    own = Endpoint(
        name="own.key",
        method="GET",
        path="/keys/{kind}/{key}/state",
        auth=Auth.ENVIRONMENT,
        returns=dict,
        secret_fields=("key",),
    )
    seen = Seen()
    async with raw_server(http(200, {})) as server, seen.client(server.url) as client:
        await client.send(own, path={"kind": "a/b", "key": "canary"}, query={"x": "1"})
    request = seen.requests[-1]
    assert request.url == f"{server.url}/keys/a%2Fb/{{key}}/state?x=1"
    assert "canary" not in repr(seen)
    assert server.requests[0].target == "/keys/a%2Fb/canary/state?x=1"


def test_the_secret_fields_of_an_operation_are_those_of_its_path() -> None:
    """A name with a mistake in it would show the secret."""
    for wrong in (("keys",), "key", ["key"]):
        with pytest.raises(ConfigurationError, match="secret_fields must be a tuple of names of fields"):
            Endpoint(
                name="own.key",
                method="GET",
                path="/keys/{key}",
                auth=Auth.ENVIRONMENT,
                returns=dict,
                secret_fields=wrong,  # type: ignore[arg-type]  # that is what is tried
            )
