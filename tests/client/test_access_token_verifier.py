"""Opaque access tokens of incoming requests: asked about once, remembered for some seconds, refused with a reason."""

from __future__ import annotations

import asyncio
import datetime as dt
import pickle
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest

from frontegg_async import (
    AccessTokenVerifier,
    AsyncFrontegg,
    Claims,
    ClientClosedError,
    ConfigurationError,
    FronteggError,
    InvalidArgumentError,
    MissingPermissionError,
    Options,
    PermissionDeniedError,
    RateLimitError,
    ResponseMismatchError,
    ServerError,
    TokenType,
    TokenVerificationError,
    TokenVerifier,
)
from frontegg_async.access_token_verifier import REFUSED_TTL
from frontegg_async.auth.lookups import Lookups
from frontegg_async.emulator import Emulator
from frontegg_async.emulator.handle import AsyncEmulatorHandle
from frontegg_async.wire.engine import Clocks
from tests.support.clients import FakeClock, make_client
from tests.support.raw_server import RESET, SILENCE, RawRequest, Step, http, raw_server
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

OPAQUE: Final = "0c4fd0a5-6c9b-4d6e-8a53-canary"
ROW: Final = {"id": OPAQUE, "tenantId": "acme", "roles": ["Admin"], "permissions": ["fe.secure.*"]}
OF_TENANT: Final = "/identity/resources/vendor-only/tenants/access-tokens/v1/" + OPAQUE
OF_USER: Final = "/identity/resources/vendor-only/users/access-tokens/v1/" + OPAQUE


def verifier_of(client: AsyncFrontegg, clock: FakeClock | None = None, ttl: float = 30.0) -> AccessTokenVerifier:
    """Return a verifier whose time is passed in."""
    clock = FakeClock() if clock is None else clock
    verifier = object.__new__(AccessTokenVerifier)
    clocks = Clocks(monotonic=clock.monotonic, wall=clock.wall, rng=lambda: 0.0)
    verifier._assemble(client.access_tokens, ttl, clocks)
    return verifier


def only(path: str) -> Step:
    """Answer at one path, and say that there is nothing at others."""
    return lambda request: http(200, ROW) if request.path == path else http(404, {"errors": ["not found"]})


async def refused(verifier: AccessTokenVerifier, token: Any = OPAQUE, **more: Any) -> str | None:
    """Return why a token is refused."""
    with pytest.raises(TokenVerificationError) as caught:
        await verifier.verify(token, tenant_id="acme", **more)
    error = caught.value
    assert pickle.loads(pickle.dumps(error)) == error
    assert OPAQUE not in str(error) + repr(error.args)
    return error.reason


async def test_what_a_token_entitles_to() -> None:
    """It is asked about once, for all who come at the same time, and for some seconds after."""
    clock = FakeClock()
    async with (
        raw_server(only(OF_TENANT)) as server,
        make_client(server.url) as client,
        verifier_of(client, clock) as verifier,
    ):
        tokens = await asyncio.gather(*(verifier.verify(OPAQUE, tenant_id="acme") for _ in range(1_000)))
        assert {token.tenant_id for token in tokens} == {"acme"}
        tokens[0].require(permission="fe.secure.read.users", role="Admin")
        with pytest.raises(MissingPermissionError, match="the access token does not have role Owner"):
            tokens[0].require(role="Owner")
        clock.now += 29.0
        await verifier.verify(OPAQUE, tenant_id="acme")
        assert [request.path for request in server.requests] == [OF_TENANT]
        clock.now += 1.0
        await verifier.verify(OPAQUE, tenant_id="acme")
    assert [request.path for request in server.requests] == [OF_TENANT, OF_TENANT]
    assert {request.headers["frontegg-tenant-id"] for request in server.requests} == {"acme"}


async def test_tokens_of_users() -> None:
    """They are asked about second, or first when the type is known."""
    async with raw_server(only(OF_USER)) as server, make_client(server.url) as client, verifier_of(client) as verifier:
        await verifier.verify(OPAQUE, tenant_id="acme")
        await verifier.verify(OPAQUE, tenant_id="acme", type=TokenType.USER_ACCESS)
        assert await refused(verifier, type=TokenType.TENANT_ACCESS) == "unknown"
    assert [request.path for request in server.requests] == [OF_TENANT, OF_USER, OF_USER, OF_TENANT]


async def test_unknown_tokens_are_not_asked_about_again_at_once() -> None:
    """A flood of one bad token is one pair of requests every few seconds."""
    clock = FakeClock()
    async with (
        raw_server(http(404)) as server,
        make_client(server.url) as client,
        verifier_of(client, clock) as verifier,
    ):
        for _ in range(1_000):
            assert await refused(verifier) == "unknown"
        assert len(server.requests) == 2
        clock.now += REFUSED_TTL
        assert await refused(verifier) == "unknown"
    assert len(server.requests) == 4


async def test_without_a_memory() -> None:
    """With a `ttl` of 0 the service is asked each time, but for those who come together."""
    async with (
        raw_server(only(OF_TENANT)) as server,
        make_client(server.url) as client,
        verifier_of(client, ttl=0.0) as verifier,
    ):
        for _ in range(3):
            await verifier.verify(OPAQUE, tenant_id="acme")
        await asyncio.gather(*(verifier.verify(OPAQUE, tenant_id="acme") for _ in range(100)))
    assert len(server.requests) == 4


async def test_an_answer_counts_for_its_tenant_alone() -> None:
    """The same token is asked about again for another tenant."""

    def answer(request: RawRequest) -> Any:
        return http(200, ROW) if request.headers["frontegg-tenant-id"] == "acme" else http(404)

    async with raw_server(answer) as server, make_client(server.url) as client, verifier_of(client) as verifier:
        await verifier.verify(OPAQUE, tenant_id="acme")
        with pytest.raises(TokenVerificationError):
            await verifier.verify(OPAQUE, tenant_id="other")
    assert len(server.requests) == 3


async def test_an_answer_does_not_outlive_the_token() -> None:
    """Its end is looked at each time, also while the answer counts."""
    clock = FakeClock()
    ends = dt.datetime.fromtimestamp(clock.wall() + 10, dt.UTC).isoformat()
    async with (
        raw_server(http(200, {**ROW, "expires": ends})) as server,
        make_client(server.url) as client,
        verifier_of(client, clock) as verifier,
    ):
        await verifier.verify(OPAQUE, tenant_id="acme")
        clock.now += 10.0
        assert await refused(verifier) == "expired"
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (http(403, {"errors": ["Api tokens are disabled"]}), PermissionDeniedError),
        (http(500), ServerError),
        (http(429, headers={"Retry-After": "300"}), RateLimitError),
        (RESET, FronteggError),
        (http(200, {**ROW, "tenantId": "other"}), ResponseMismatchError),
        (http(200, {**ROW, "id": "another"}), ResponseMismatchError),
        (http(200, {**ROW, "permissions": "*"}), FronteggError),
    ],
    ids=["403", "500", "429", "down", "of another tenant", "another", "unreadable"],
)
async def test_what_is_no_judgement(answer: Step, error: type[FronteggError]) -> None:
    """What keeps the service from answering is told as it is, and is not remembered against the token."""
    options = Options(max_retries=0)
    async with (
        raw_server(answer) as server,
        make_client(server.url, options=options) as client,
        verifier_of(client) as verifier,
    ):
        with pytest.raises(error) as caught:
            await verifier.verify(OPAQUE, tenant_id="acme")
        assert not isinstance(caught.value, TokenVerificationError)
        frame = caught.value.__traceback__
        while frame is not None:
            if "frontegg_async" in frame.tb_frame.f_code.co_filename:
                assert OPAQUE not in repr(frame.tb_frame.f_locals)
            frame = frame.tb_next
        server.script = [only(OF_TENANT)]
        client._environment.engine.gates.by_route.clear()
        await verifier.verify(OPAQUE, tenant_id="acme")


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (None, "missing"),
        ("", "missing"),
        (7, "malformed"),
        (OPAQUE.encode(), "malformed"),
        ("..", "malformed"),
        (f" {OPAQUE}", "malformed"),
        (f"{OPAQUE}\n", "malformed"),
        ("x" * 257, "malformed"),
        ("\ud800", "malformed"),
        ("eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "malformed"),
        ("active", "malformed"),
    ],
    ids=ascii,
)
async def test_what_is_no_access_token(token: Any, reason: str) -> None:
    """Nothing is sent."""
    async with raw_server() as server, make_client(server.url) as client, verifier_of(client) as verifier:
        assert await refused(verifier, token) == reason
    assert server.requests == server.authentications == []


async def test_bad_arguments() -> None:
    """The error names the argument, and nothing is sent."""
    async with raw_server() as server, make_client(server.url) as client, verifier_of(client) as verifier:
        for tenant_id in ("", " acme", "..", None, 7):
            with pytest.raises(InvalidArgumentError, match=r"^tenant_id must"):
                await verifier.verify(OPAQUE, tenant_id=tenant_id)  # type: ignore[arg-type]
        for kind in (TokenType.USER, "other"):
            with pytest.raises(InvalidArgumentError, match=r"^type must"):
                await verifier.verify(OPAQUE, tenant_id="acme", type=kind)  # type: ignore[arg-type]
        with pytest.raises(InvalidArgumentError, match=r"^claims must"):
            await verifier.resolve(OPAQUE)  # type: ignore[arg-type]
    assert server.requests == []


async def test_cancelled_callers_harm_no_other() -> None:
    """The first one asks for all; when it goes away, the others are served."""
    async with (
        raw_server(only(OF_TENANT)) as server,
        make_client(server.url) as client,
        verifier_of(client) as verifier,
    ):
        callers = [asyncio.ensure_future(verifier.verify(OPAQUE, tenant_id="acme")) for _ in range(100)]
        await asyncio.sleep(0)
        for caller in callers[::2]:
            caller.cancel()
        results = await asyncio.gather(*callers, return_exceptions=True)
    assert sum(isinstance(result, asyncio.CancelledError) for result in results) == 50
    assert sum(not isinstance(result, BaseException) for result in results) == 50
    assert len(server.requests) == 1


async def test_after_it_is_closed() -> None:
    """Those who wait and those who come later are told; the client goes on."""
    async with raw_server(SILENCE) as server, make_client(server.url) as client:
        verifier = verifier_of(client)
        waiting = asyncio.ensure_future(verifier.verify(OPAQUE, tenant_id="acme"))
        await until(lambda: len(server.requests) == 1)
        await verifier.aclose()
        await verifier.aclose()
        with pytest.raises(ClientClosedError):
            await waiting
        with pytest.raises(ClientClosedError, match="the verifier is closed"):
            await verifier.verify(OPAQUE, tenant_id="acme")
        server.script = [only(OF_TENANT)]
        assert (await client.access_tokens.tenant_token("acme", OPAQUE)).id == OPAQUE


async def test_how_much_is_remembered() -> None:
    """The oldest gives way."""
    clock = FakeClock()
    lookups = Lookups[str](clock.monotonic, 3, "verifier")
    asked: list[bytes] = []

    async def get(key: bytes) -> str:
        async def look() -> tuple[str, float]:
            asked.append(key)
            return key.decode(), 10.0

        return await lookups.get(key, look)

    for key in (b"a", b"b", b"c", b"a", b"d", b"a", b"d"):
        assert await get(key) == key.decode()
    assert asked == [b"a", b"b", b"c", b"d", b"a"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("client",), "^client must be the client of an environment, not str"),
        ((None,), "^client must be"),
    ],
)
def test_bad_clients(arguments: tuple[Any, ...], message: str) -> None:
    """A client of an environment and nothing else."""
    with pytest.raises(ConfigurationError, match=message):
        AccessTokenVerifier(*arguments)


@pytest.mark.parametrize("ttl", [-1, 301, float("nan"), True, "30", None])
async def test_bad_ttls(ttl: Any) -> None:
    """Seconds, five minutes at most."""
    async with raw_server() as server, make_client(server.url) as client:
        with pytest.raises(ConfigurationError, match=r"^ttl must"):
            AccessTokenVerifier(client, ttl=ttl)


@pytest.fixture
async def emulator() -> AsyncIterator[AsyncEmulatorHandle]:
    """An environment with two tenants and a user."""
    async with Emulator() as running:
        environment = await running.create_environment()
        await environment.seed(
            tenants=[{"tenantId": "acme", "name": "Acme"}, {"tenantId": "other", "name": "Other"}],
            users=[{"id": "ann", "email": "ann@acme.example", "tenantId": "acme"}],
        )
        yield environment


async def test_real_tokens(emulator: AsyncEmulatorHandle) -> None:
    """Of a tenant and of a user; those that expired, or are another tenant's, are not known."""
    own = await emulator.access_token(tenant_id="acme", roles=["Admin"], expires_in=3600)
    anns = await emulator.access_token(tenant_id="acme", user_id="ann", permissions=["app.orders"])
    async with emulator.client() as client, AccessTokenVerifier(client, ttl=0) as verifier:
        assert (await verifier.verify(own, tenant_id="acme")).roles == ("Admin",)
        found = await verifier.verify(anns, tenant_id="acme")
        assert (found.user_id, found.may("app.orders")) == ("ann", True)
        with pytest.raises(TokenVerificationError, match="of another tenant"):
            await verifier.verify(own, tenant_id="other")
        await emulator.clock(advance=3600)
        with pytest.raises(TokenVerificationError) as caught:
            await verifier.verify(own, tenant_id="acme")
        assert caught.value.reason == "unknown"
        await emulator.set_divergence("expired_access_token", "serve")
        await emulator.clock(advance=-3600)
        assert (await verifier.verify(own, tenant_id="acme")).expires is not None


async def test_access_tokens_that_are_jwts(emulator: AsyncEmulatorHandle) -> None:
    """They name their id and tenant; what they entitle to is asked for."""
    own = await emulator.access_token(tenant_id="acme", roles=["Admin"])
    anns = await emulator.access_token(tenant_id="acme", user_id="ann", permissions=["app.orders"])
    async with (
        emulator.client() as client,
        TokenVerifier(issuer=emulator.url, audience=emulator.client_id) as tokens,
        AccessTokenVerifier(client) as verifier,
    ):

        async def claims_of(kind: TokenType, subject: str, tenant_id: str = "acme") -> Claims:
            made = await emulator.user_token(tenant_id=tenant_id, user_id=subject, type=kind)
            return await tokens.verify(made.access_token)

        assert (await verifier.resolve(await claims_of(TokenType.TENANT_ACCESS, own))).roles == ("Admin",)
        assert (await verifier.resolve(await claims_of(TokenType.USER_ACCESS, anns))).user_id == "ann"
        for claims, reason in (
            (await claims_of(TokenType.USER_ACCESS, own), "unknown"),
            (await claims_of(TokenType.TENANT_ACCESS, own, "other"), "unknown"),
            (await claims_of(TokenType.USER, "ann"), "type"),
            (await claims_of(TokenType.USER_ACCESS, "x" * 300), "claims"),
        ):
            with pytest.raises(TokenVerificationError) as caught:
                await verifier.resolve(claims)
            assert caught.value.reason == reason
