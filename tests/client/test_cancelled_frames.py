"""The traceback of a cancelled call holds no frame of the HTTP layer, no token and no secret."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import anyio
import pytest

from frontegg_async import AsyncFrontegg, AsyncFronteggUser, RotatingTokens
from tests.support.jwts import make_jwt
from tests.support.raw_server import SILENCE, Answer, http, raw_server
from tests.support.traceback_frames import foreign_frames, shown_by_frames
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

CANARY: Final = "canary7f3a9c"
TOKEN: Final = f"token-{CANARY}"
AUTHENTICATED: Final = http(200, {"token": TOKEN, "expiresIn": 3600})
BODY: Final = Answer(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"tenantId": "t1"', then="silence")
CHUNKS: Final = Answer(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"ten\r\n', then="silence")

Work = Callable[[], Awaitable[object]]


async def by_timeout(work: Work, sent: Work) -> None:
    """Use asyncio's context manager."""
    async with asyncio.timeout(None) as scope:
        task = asyncio.ensure_future(_when(sent, lambda: scope.reschedule(0)))
        try:
            await work()
        finally:
            task.cancel()


async def by_wait_for(work: Work, sent: Work) -> None:
    """Use asyncio's function; the time is short, since nothing tells it that the request is sent."""
    del sent
    await asyncio.wait_for(work(), 0.2)


async def by_anyio(work: Work, sent: Work) -> None:
    """Use anyio's context manager."""
    with anyio.fail_after(None) as scope:
        task = asyncio.ensure_future(_when(sent, lambda: setattr(scope, "deadline", anyio.current_time())))
        try:
            await work()
        finally:
            task.cancel()


async def by_group(work: Work, sent: Work) -> None:
    """Fail in a task beside the call."""
    left: list[BaseException] = []

    async def call() -> None:
        try:
            await work()
        except BaseException as error:
            left.append(error)
            raise

    async def fail() -> None:
        await sent()
        raise ValueError("beside")

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(call())
            group.create_task(fail())
    except* ValueError as failed:
        raise failed from left[0]


async def by_cancelling(work: Work, sent: Work) -> None:
    """Cancel a task with a message, and raise another error from what it raises."""
    task = asyncio.ensure_future(work())
    await sent()
    task.cancel("by the user")
    try:
        await task
    except asyncio.CancelledError as error:
        raise LookupError("cancelled") from error


async def _when(sent: Work, then: Callable[[], object]) -> None:
    await sent()
    then()


WAYS: Final = {
    "timeout": by_timeout,
    "wait_for": by_wait_for,
    "anyio": by_anyio,
    "group": by_group,
    "cancel": by_cancelling,
}
PHASES: Final[dict[str, Any]] = {"authentication": None, "headers": SILENCE, "body": BODY, "chunks": CHUNKS}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("phase", PHASES)
async def test_nothing_is_left_of_the_request(way: str, phase: str) -> None:
    """Wherever the request is when its caller gives it up."""
    answer = PHASES[phase]
    authentication = SILENCE if answer is None else AUTHENTICATED
    async with raw_server(answer or SILENCE, auth=[authentication]) as server:
        client = AsyncFrontegg("id", f"secret-{CANARY}", base_url=server.url)

        async def sent() -> None:
            await until(lambda: bool(server.authentications if answer is None else server.requests))
            await asyncio.sleep(0)

        with pytest.raises((TimeoutError, LookupError, ExceptionGroup)) as caught:
            await WAYS[way](lambda: client.tenants.update("t1", name="n"), sent)
        await client.aclose()
    assert foreign_frames(caught.value) == []
    assert [line for line in shown_by_frames(caught.value) if CANARY in line] == []


@pytest.mark.parametrize("way", WAYS)
async def test_nothing_is_left_of_a_refresh_or_a_login(way: str) -> None:
    """The tokens of users are in bodies."""
    credential = RotatingTokens(refresh_token=f"refresh-{CANARY}")
    async with raw_server(SILENCE) as server:
        user = AsyncFronteggUser(base_url=server.url, credential=credential)

        async def sent() -> None:
            await until(lambda: bool(server.requests))

        with pytest.raises((TimeoutError, LookupError, ExceptionGroup)) as caught:
            await WAYS[way](user.hierarchy.tree, sent)
    await user.aclose()  # which waits for the refresh, and the end of the server has ended that
    assert foreign_frames(caught.value) == []
    assert [line for line in shown_by_frames(caught.value) if CANARY in line] == []


async def test_a_cancellation_keeps_its_message_and_counts_once() -> None:
    """Whoever cancelled the task finds its own cancellation in it, as without the SDK."""
    async with raw_server(SILENCE) as server:
        client = AsyncFrontegg("id", "secret", base_url=server.url)
        task = asyncio.ensure_future(client.tenants.get("t1"))
        await until(lambda: bool(server.requests))
        task.cancel("by the user")
        with pytest.raises(asyncio.CancelledError, match="by the user"):
            await task
        assert task.cancelled()
        await client.aclose()


async def test_a_user_token_is_in_no_frame() -> None:
    """It is in the headers of each request of a user."""
    token = make_jwt(CANARY)
    async with raw_server(SILENCE) as server:
        user = AsyncFronteggUser(base_url=server.url, token=token)

        async def sent() -> None:
            await until(lambda: bool(server.requests))

        with pytest.raises(LookupError) as caught:
            await by_cancelling(user.hierarchy.tree, sent)
        await user.aclose()
    parts = token.split(".")
    assert foreign_frames(caught.value) == []
    assert [line for line in shown_by_frames(caught.value) if any(part in line for part in parts[1:])] == []


@pytest.mark.parametrize("is_user", [False, True])
async def test_an_address_is_in_no_frame_but_the_method_s(is_user: bool) -> None:
    """An invitation is cancelled while it reads what was there before."""
    async with raw_server(SILENCE) as server:
        client = (
            AsyncFronteggUser(base_url=server.url, token=make_jwt("ann"))
            if is_user
            else AsyncFrontegg("id", "secret", base_url=server.url)
        )
        users = client.users if isinstance(client, AsyncFronteggUser) else client.for_tenant("t1").users

        async def sent() -> None:
            await until(lambda: bool(server.requests))

        with pytest.raises(LookupError) as caught:
            await by_cancelling(lambda: users.invite(email=f"{CANARY}@example.com"), sent)
        await client.aclose()
    shown = {line.partition(" ")[0] for line in shown_by_frames(caught.value) if CANARY in line}
    assert {function for function in shown if not function.endswith(".invite")} == set()
