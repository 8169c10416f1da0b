"""Access tokens of incoming requests: JWTs that are verified, looked up once, and remembered for some seconds."""

from __future__ import annotations

import asyncio
import datetime as dt
import pickle
from collections.abc import AsyncIterator
from typing import Any, Final

import attrs
import pytest

from frontegg_async import (
    AsyncAccessTokenVerifier,
    AsyncFrontegg,
    AsyncTokenVerifier,
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
    TokenVerificationError,
)
from frontegg_async._core.auth import jwt_validation
from frontegg_async._core.call.single_flight_cache import SingleFlightCache
from frontegg_async.emulator import AsyncEmulatorHandle, Emulator
from frontegg_async.emulator.world.signing_key import process_key
from frontegg_async.endpoints.access_tokens import USER_TOKEN
from frontegg_async.models import TokenType
from frontegg_async.verification.access_token_verifier import REFUSED_TTL
from tests.support.access_tokens import ENDLESS, GOOD, HOSTILE, ID, PEM, USERS, of_user, random_keys, said, verifier_of
from tests.support.clients import FakeClock, make_client
from tests.support.raw_server import RESET, SILENCE, Answer, RawRequest, Step, http, raw_server
from tests.support.signing import AUDIENCE, ISSUER, SECRET, claims, dumps, sign
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

ROW: Final = {"id": ID, "tenantId": "acme", "roles": ["Admin"], "permissions": ["fe.secure.*"]}
ANNS: Final = {**ROW, "userId": "ann"}
OF_TENANT: Final = f"/identity/resources/vendor-only/tenants/access-tokens/v1/{ID}"
OF_USER: Final = f"/identity/resources/vendor-only/users/access-tokens/v1/{ID}"


def only(path: str) -> Step:
    """Answer at one path, and say that there is nothing at others."""
    row = ANNS if path == OF_USER else ROW
    return lambda request: http(200, row) if request.path == path else http(404, {"errors": ["not found"]})


async def refused(verifier: AsyncAccessTokenVerifier, token: Any = GOOD, **more: Any) -> str | None:
    """Return why a token is refused."""
    with pytest.raises(TokenVerificationError) as caught:
        await verifier.verify(token, **more)
    error = caught.value
    assert pickle.loads(pickle.dumps(error)) == error
    assert "canary" not in str(error) + repr(error.args)
    return error.reason


async def test_what_a_token_entitles_to() -> None:
    """It is looked up once, by its own id and tenant, for all who come at the same time and for some seconds after."""
    clock = FakeClock()
    async with (
        raw_server(only(OF_TENANT)) as server,
        make_client(server.url) as client,
        verifier_of(client, clock) as verifier,
    ):
        tokens = await asyncio.gather(*(verifier.verify(GOOD) for _ in range(1_000)))
        first = tokens[0]
        assert (first.id, first.tenant_id, first.user_id, first.expires_at) == (ID, "acme", None, None)
        assert (first.type, first.roles, first.permissions) == (TokenType.TENANT_ACCESS, ("Admin",), ("fe.secure.*",))
        first.require(permission="fe.secure.read.users", role="Admin")
        with pytest.raises(MissingPermissionError, match="the access token does not have role Owner"):
            first.require(role="Owner")
        clock.now += 29.0
        await verifier.verify(GOOD)
        await verifier.verify(sign(said(iat=1_699_999_000)))  # another JWT of the same token
        assert [request.path for request in server.requests] == [OF_TENANT]
        clock.now += 1.0
        await verifier.verify(GOOD)
    assert [request.path for request in server.requests] == [OF_TENANT, OF_TENANT]
    assert {request.headers["frontegg-tenant-id"] for request in server.requests} == {"acme"}


async def test_tokens_of_users() -> None:
    """Each type is looked up where it is known, and a type that is not wanted is not looked up."""
    async with raw_server(only(OF_USER)) as server, make_client(server.url) as client, verifier_of(client) as verifier:
        found = await verifier.verify(USERS)
        assert (found.type, found.user_id) == (TokenType.USER_ACCESS, "ann")
        await verifier.verify(USERS, type="user_access_token")
        assert await refused(verifier, USERS, type=TokenType.TENANT_ACCESS) == "type"
        assert await refused(verifier, GOOD, type=TokenType.USER_ACCESS) == "type"
    assert [request.path for request in server.requests] == [OF_USER]


async def test_unknown_tokens_are_not_asked_about_again_at_once() -> None:
    """A flood of one token that was deleted is one request every few seconds."""
    clock = FakeClock()
    async with (
        raw_server(http(404, {"errors": ["not found"]})) as server,
        make_client(server.url) as client,
        verifier_of(client, clock) as verifier,
    ):
        for _ in range(500):
            assert await refused(verifier) == "unknown"
        assert len(server.requests) == 1
        clock.now += REFUSED_TTL
        assert await refused(verifier) == "unknown"
    assert len(server.requests) == 2


@pytest.mark.parametrize("answer", [http(404), http(200, {}), http(200, []), http(200, raw=b"null")])
async def test_what_is_no_word_of_the_service_is_a_failed_lookup(answer: Answer) -> None:
    """It says nothing about the token, and is not kept."""
    async with (
        raw_server(answer, only(OF_TENANT)) as server,
        make_client(server.url) as client,
        verifier_of(client) as verifier,
    ):
        with pytest.raises(FronteggError) as failed:
            await verifier.verify(GOOD)
        assert not isinstance(failed.value, TokenVerificationError)
        await verifier.verify(GOOD)


async def test_without_a_memory() -> None:
    """With a `ttl` of 0 the service is asked each time, but for those who come together."""
    async with (
        raw_server(only(OF_TENANT)) as server,
        make_client(server.url) as client,
        verifier_of(client, ttl=0.0) as verifier,
    ):
        for _ in range(3):
            await verifier.verify(GOOD)
        await asyncio.gather(*(verifier.verify(GOOD) for _ in range(100)))
    assert len(server.requests) == 4


async def test_an_answer_counts_for_one_token_alone() -> None:
    """A token with the same id of another tenant or type is looked up by itself."""

    def answer(request: RawRequest) -> Any:
        tenant_id = request.headers["frontegg-tenant-id"]
        return http(200, {**(ANNS if request.path == OF_USER else ROW), "tenantId": tenant_id})

    async with raw_server(answer) as server, make_client(server.url) as client, verifier_of(client) as verifier:
        for payload in (said(), said(tenantId="other"), of_user(), of_user(tenantId="other")):
            found = await verifier.verify(sign(payload))
            assert (found.tenant_id, found.type) == (payload["tenantId"], payload["type"])
    assert len(server.requests) == 4


async def test_nobody_gets_what_is_remembered() -> None:
    """What a caller does to a response is not seen by the next one, at any depth; nor by who waited with it."""
    row = {**ROW, "limits": {"rates": [1, {"a": [2]}]}, "deep": _nested(400)}
    async with (
        raw_server(http(200, row)) as server,
        make_client(server.url) as client,
        verifier_of(client) as verifier,
    ):
        first, beside = await asyncio.gather(verifier.verify(GOOD), verifier.verify(GOOD))
        extra: Any = first.extra
        extra["limits"]["rates"][1]["a"].append("canary")
        extra["limits"]["canary"] = True
        extra["canary"] = True
        for other in (beside, await verifier.verify(GOOD)):
            assert other.extra["limits"] == {"rates": [1, {"a": [2]}]}
            assert "canary" not in other.extra
            assert other.extra["deep"] == row["deep"]
    assert len(server.requests) == 1


def _nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


async def test_when_a_token_ends() -> None:
    """By its own ``exp``, which costs no request once it is past, or by what the service says, whichever is first."""
    clock = FakeClock()
    now = int(clock.wall())
    later = dt.datetime.fromtimestamp(now + 10, dt.UTC)
    row = {**ROW, "expires": later.isoformat()}
    async with (
        raw_server(http(200, row)) as server,
        make_client(server.url) as client,
        verifier_of(client, clock) as verifier,
    ):
        assert await refused(verifier, sign(said(exp=now))) == "expired"
        assert await refused(verifier, sign(said(exp=now - 86_400, iat=now - 90_000))) == "expired"
        assert server.requests == []
        assert (await verifier.verify(sign(said(exp=now + 100)))).expires_at == later
        assert (await verifier.verify(sign(said(exp=now + 5)))).expires_at == later - dt.timedelta(seconds=5)
        assert (await verifier.verify(GOOD)).expires_at == later
        clock.now += 10.0
        assert await refused(verifier) == "expired"
        assert await refused(verifier, sign(said(exp=now + 100))) == "expired"
    assert len(server.requests) == 1


async def test_an_end_that_is_far_away() -> None:
    """It is as good as none."""
    far = 4_855_608_000
    async with raw_server(http(200, ROW)) as server, make_client(server.url) as client:
        found = await verifier_of(client).verify(sign(said(exp=far)))
    assert found.expires_at == dt.datetime.fromtimestamp(far, dt.UTC)


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
        (http(200, [ID]), FronteggError),
    ],
    ids=["403", "500", "429", "down", "of another tenant", "another", "unreadable", "a list"],
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
            await verifier.verify(GOOD)
        assert not isinstance(caught.value, TokenVerificationError)
        frame = caught.value.__traceback__
        while frame is not None:
            if "frontegg_async" in frame.tb_frame.f_code.co_filename:
                assert GOOD.rpartition(".")[2] not in repr(frame.tb_frame.f_locals)
            frame = frame.tb_next
        server.script = [only(OF_TENANT)]
        client._environment.context.gates.by_route.clear()
        await verifier.verify(GOOD)


async def test_an_answer_of_somebody_else_ends_its_connection() -> None:
    """One about another token than was asked for tells that the responses of the connection are shifted."""
    async with (
        raw_server(http(200, {**ROW, "id": "another"}), only(OF_TENANT)) as server,
        make_client(server.url) as client,
    ):
        before = client._environment.context.sessions.get()
        with pytest.raises(ResponseMismatchError, match="another tenant token than the one asked for"):
            await client.access_tokens.get_tenant_token("acme", ID)
        assert client._environment.context.sessions.get() is not before
        assert (await client.access_tokens.get_tenant_token("acme", ID)).id == ID


async def test_whose_a_token_is() -> None:
    """By the token or by the service; they must agree, and one of them must say it."""
    without = {name: value for name, value in ANNS.items() if name != "userId"}
    async with raw_server(http(200, ANNS)) as server, make_client(server.url) as client:
        assert (await verifier_of(client).verify(sign(of_user(userId=None)))).user_id == "ann"
        with pytest.raises(ResponseMismatchError, match="another user"):
            await verifier_of(client).verify(sign(of_user(userId="eve")))
        server.script = [http(200, without)]
        assert (await verifier_of(client).verify(USERS)).user_id == "ann"
        assert await refused(verifier_of(client), sign(of_user(userId=None))) == "claims"
        assert (await client.send(USER_TOKEN, path={"id": ID})).value.id == ID
        server.script = [http(200, ANNS)]
        found = await verifier_of(client).verify(GOOD)
        assert (found.user_id, found.type) == (None, TokenType.TENANT_ACCESS)


@pytest.mark.parametrize(("token", "reason"), HOSTILE.values(), ids=[ascii(name) for name in HOSTILE])
async def test_hostile_tokens(token: Any, reason: str) -> None:
    """Nothing is sent for any of them, not even an authentication."""
    async with raw_server() as server, make_client(server.url) as client, verifier_of(client) as verifier:
        assert await refused(verifier, token) == reason
    assert server.requests == server.authentications == []


@pytest.mark.slow
async def test_a_flood_of_keys_that_nobody_issued() -> None:
    """Ten thousand random ones: none is looked up, none displaces a genuine one, and none holds one up."""
    clock = FakeClock()
    async with (
        raw_server(only(OF_TENANT)) as server,
        make_client(server.url) as client,
        verifier_of(client, clock) as verifier,
    ):
        await verifier.verify(GOOD)
        for token in random_keys(10_000):
            with pytest.raises(TokenVerificationError):
                await verifier.verify(token)
        assert len(server.requests) == 1
        clock.now += 29.0
        assert (await verifier.verify(GOOD)).id == ID
        assert len(verifier._entitlement_cache._entries) == 1
    assert len(server.requests) == 1


async def test_issuer_and_audience() -> None:
    """They are checked when they are given, and the issuer when the client says where its users sign in."""
    async with raw_server(only(OF_TENANT)) as server:
        for domain, given, reason in (
            (None, {}, None),
            (None, {"issuer": ISSUER, "audience": AUDIENCE}, None),
            (None, {"issuer": f"{ISSUER}/"}, "issuer"),
            (None, {"audience": ["client-2", "app-1"]}, "audience"),
            (None, {"audience": ["client-2", AUDIENCE]}, None),
            ("app-acme", {}, None),
            ("app-other", {}, "issuer"),
            ("app-other", {"issuer": ISSUER}, None),
        ):
            made = AsyncFrontegg("id-1", "secret", base_url=server.url, domain=domain)
            async with made as client, AsyncAccessTokenVerifier(client, public_key=PEM, **given) as verifier:
                if reason is None:
                    assert (await verifier.verify(GOOD)).id == ID
                else:
                    assert await refused(verifier) == reason


async def test_environments_that_sign_with_a_secret() -> None:
    """The key fixes the algorithm."""
    token = sign(said(), secret=SECRET.encode())
    async with (
        raw_server(only(OF_TENANT)) as server,
        make_client(server.url) as client,
        AsyncAccessTokenVerifier(client, secret=SECRET) as verifier,
    ):
        assert (await verifier.verify(token)).id == ID
        assert await refused(verifier) == "algorithm"
        assert await refused(verifier, sign(said(), secret=b"another" * 8)) == "signature"


CONFIGURATION: Final = "/identity/resources/configurations/v1"


async def test_the_key_of_the_environment() -> None:
    """It is read with the client, once; while it cannot be read, no token is judged."""
    calls: list[str] = []

    def answer(request: RawRequest) -> Any:
        calls.append(request.path)
        if request.path == CONFIGURATION:
            return http(403) if len(calls) == 1 else http(200, {"publicKey": PEM, "jwtAlgorithm": "RS256"})
        return http(200, ROW)

    clock = FakeClock()
    async with raw_server(answer) as server, make_client(server.url, options=Options(max_retries=0)) as client:
        verifier = AsyncAccessTokenVerifier(client)
        verifier._keys._clock = clock.monotonic  # type: ignore[attr-defined]  # of the cache of keys
        assert await refused(verifier, ID) == "malformed"
        assert calls == []
        assert await refused(verifier) == "keys_unavailable"
        clock.now += 60.0
        await asyncio.gather(*(verifier.verify(GOOD) for _ in range(100)))
        await verifier.check()
        await verifier.aclose()
    assert calls == [CONFIGURATION, CONFIGURATION, OF_TENANT, CONFIGURATION]


async def test_an_environment_that_signs_otherwise_says_what_to_give() -> None:
    """Its key is no secret that the service should tell."""
    settings = {"publicKey": None, "jwtAlgorithm": "HS256", "jwtSecret": "canary"}
    async with (
        raw_server(http(200, settings)) as server,
        make_client(server.url) as client,
        AsyncAccessTokenVerifier(client) as verifier,
    ):
        with pytest.raises(ConfigurationError, match="pass the environment's JWT secret as secret="):
            await verifier.verify(GOOD)


async def test_the_same_as_claims() -> None:
    """In the form of other tokens, with what the service says in the place of what the token says."""
    ends = "2023-11-14T23:13:20.000Z"
    async with raw_server(http(200, {**ANNS, "expires": ends})) as server, make_client(server.url) as client:
        verifier = verifier_of(client)
        found = await verifier.verify_claims(sign(of_user(userId=None)))
        assert (found.type, found.subject, found.tenant_id, found.user_id) == ("userAccessToken", ID, "acme", "ann")
        assert (found.roles, found.permissions) == (("Admin",), ("fe.secure.*",))
        assert found.expires_at == dt.datetime.fromisoformat(ends)
        assert (found.issuer, found.audience) == (ISSUER, (AUDIENCE,))
        with pytest.raises(TokenVerificationError):
            await verifier.verify_claims(ID)
        server.script = [http(200, ROW)]
        found = await verifier.verify_claims(GOOD, type=TokenType.TENANT_ACCESS)
        assert (found.user_id, found.expires_at) == (None, None)


async def test_bad_arguments() -> None:
    """The error names the argument, and nothing is sent."""
    async with raw_server() as server, make_client(server.url) as client, verifier_of(client) as verifier:
        for kind in (TokenType.USER, "other", 7, ["tenantAccessToken"], ""):
            for verify in (verifier.verify, verifier.verify_claims):
                with pytest.raises(InvalidArgumentError, match=r"^type must"):
                    await verify(GOOD, type=kind)  # type: ignore[arg-type]
    assert server.requests == []


async def test_cancelled_callers_harm_no_other() -> None:
    """The first one asks for all; when it goes away, the others are served."""
    async with (
        raw_server(only(OF_TENANT)) as server,
        make_client(server.url) as client,
        verifier_of(client) as verifier,
    ):
        callers = [asyncio.ensure_future(verifier.verify(GOOD)) for _ in range(100)]
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
        waiting = asyncio.ensure_future(verifier.verify(GOOD))
        await until(lambda: len(server.requests) == 1)
        await verifier.aclose()
        await verifier.aclose()
        with pytest.raises(ClientClosedError):
            await waiting
        for ask in (lambda: verifier.verify(GOOD), lambda: verifier.verify_claims(GOOD), verifier.check):
            with pytest.raises(ClientClosedError, match="the verifier is closed"):
                await ask()
        server.script = [only(OF_TENANT)]
        assert (await client.access_tokens.get_tenant_token("acme", ID)).id == ID


async def test_how_much_is_remembered() -> None:
    """The oldest gives way."""
    clock = FakeClock()
    lookups = SingleFlightCache[str](clock.monotonic, 3, "verifier")
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
        AsyncAccessTokenVerifier(*arguments)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        *(({"ttl": ttl}, "^ttl must") for ttl in (-1, 301, float("nan"), True, "30", None)),
        *(({"leeway": leeway}, "^leeway must") for leeway in (-1, 61, True, "1")),
        *(({"issuer": issuer}, "^issuer must") for issuer in ("", "a b", 7)),
        *(({"audience": audience}, "^audience must") for audience in ("", [], 7, [7], b"a")),
        *(({"public_key": key}, "^public_key must") for key in ("", "PEM", 7)),
        *(({"secret": secret}, "^secret must") for secret in ("", "short", 7, PEM)),
        ({"public_key": PEM, "secret": SECRET}, "^public_key and secret exclude each other"),
        ({"clock": 5}, "^clock must be a function"),
        ({"allow_http": "yes"}, "^allow_http must"),
    ],
)
async def test_bad_settings(given: dict[str, Any], message: str) -> None:
    """The error names the setting."""
    async with raw_server() as server, make_client(server.url) as client:
        with pytest.raises(ConfigurationError, match=message):
            AsyncAccessTokenVerifier(client, **given)


async def test_a_client_that_uses_http_in_a_private_network() -> None:
    """Whoever is between could say which permissions a token has: it needs permission in code, as for keys."""
    async with AsyncFrontegg("emu_c", "emu_s", base_url="http://emulator:1", allow_http=True) as client:
        with pytest.raises(ConfigurationError, match=r"^base_url of the client must be https"):
            AsyncAccessTokenVerifier(client, public_key=PEM)
        with pytest.raises(ConfigurationError, match=r"^base_url of the client must be https"):
            AsyncTokenVerifier(client=client, issuer="emulator", audience="emu_c")
        AsyncAccessTokenVerifier(client, allow_http=True)
        AsyncTokenVerifier(client=client, issuer="emulator", audience="emu_c", allow_http=True)
    async with AsyncFrontegg("emu_c", "emu_s", base_url="http://emulator.example", allow_http=True) as client:
        with pytest.raises(ConfigurationError, match="without a dot or with a private address"):
            AsyncAccessTokenVerifier(client, allow_http=True)


@pytest.fixture
async def emulator() -> AsyncIterator[AsyncEmulatorHandle]:
    """An environment with two tenants and a user."""
    async with Emulator() as running:
        environment = await running.create_environment()
        await environment.seed(
            tenants=[{"tenantId": "acme", "name": "Acme"}, {"tenantId": "other", "name": "Other"}],
            users=[{"id": "ann", "email": "ann@acme.example", "tenantId": "acme", "permissions": ["app.orders"]}],
        )
        yield environment


async def test_real_tokens(emulator: AsyncEmulatorHandle) -> None:
    """Of a tenant and of a user, from their creation to their end."""
    async with emulator.client() as client, AsyncAccessTokenVerifier(client, ttl=0) as verifier:
        own = await client.access_tokens.create("acme", role_ids=["Admin"], expires_in_minutes=60)
        anns = await client.user_access_tokens.create("ann", tenant_id="acme")
        found = await verifier.verify(own.secret.reveal())
        assert (found.id, found.roles, found.permissions) == (own.id, ("Admin",), ())
        assert found.expires_at is not None
        assert own.expires_at is not None
        assert dt.timedelta() <= own.expires_at - found.expires_at < dt.timedelta(seconds=1)
        found = await verifier.verify(anns.secret.reveal())
        assert (found.user_id, found.expires_at, found.may("app.orders")) == ("ann", None, True)
        await client.user_access_tokens.delete("ann", anns.id, tenant_id="acme")
        assert await refused(verifier, anns.secret.reveal()) == "unknown"
        await emulator.set_switch("access_tokens", "disabled")
        with pytest.raises(PermissionDeniedError, match="Api tokens are disabled"):
            await verifier.verify(own.secret.reveal())
        await emulator.set_switch("access_tokens", "enabled")
        await emulator.clock(advance=3600)
        assert await refused(verifier, own.secret.reveal()) == "unknown"
        await emulator.clock(advance=-3600)
        await emulator.set_switch("endless_access_token", "far_exp")
        far = await client.access_tokens.create("acme")
        assert (await verifier.verify(far.secret.reveal())).expires_at is not None


async def test_tokens_of_another_environment(emulator: AsyncEmulatorHandle) -> None:
    """The environments of an emulator share its key; their tokens are known to none but their own."""
    async with Emulator() as running:
        other = await running.create_environment()
        await other.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
        foreign = await other.access_token(tenant_id="acme")
    async with emulator.client() as client:
        async with AsyncAccessTokenVerifier(client) as verifier:
            assert await refused(verifier, foreign.secret) == "unknown"
        async with AsyncAccessTokenVerifier(client, audience=emulator.client_id) as verifier:
            assert await refused(verifier, foreign.secret) == "audience"
        async with AsyncAccessTokenVerifier(client, issuer=emulator.url) as verifier:
            assert await refused(verifier, foreign.secret) == "issuer"


async def test_the_verifier_of_other_tokens(emulator: AsyncEmulatorHandle) -> None:
    """It does not take access tokens, unless it is told to; and never one without an end, which it cannot look up."""
    endless = await emulator.access_token(tenant_id="acme", roles=["Admin"])
    ending = await emulator.access_token(tenant_id="acme", expires_in=60)
    user = await emulator.user_token(tenant_id="acme")
    types = [TokenType.TENANT_ACCESS]
    async with AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id) as verifier:
        assert verifier.audience == (emulator.client_id,)
        await verifier.verify(user.access_token)
        for token, given, reason, message in (
            (endless, None, "type", "AsyncAccessTokenVerifier"),
            (ending, None, "type", "x-api-key"),
            (endless, types, "claims", "exp"),
        ):
            with pytest.raises(TokenVerificationError, match=message) as caught:
                await verifier.verify(token.secret, types=given)
            assert caught.value.reason == reason
        with pytest.raises(TokenVerificationError, match="is an access token"):
            await verifier.verify_header(f"Bearer {ending.secret}")
        claims_of_token = await verifier.verify(ending.secret, types=types)
        assert (claims_of_token.subject, claims_of_token.user_id) == (ending.id, None)
        assert claims_of_token.roles == ("FETCH-ROLES-BY-API",)
    async with emulator.client() as client, AsyncAccessTokenVerifier(client) as access:
        assert await refused(access, user.access_token) == "type"


async def test_an_issuer_without_claims_of_its_own(emulator: AsyncEmulatorHandle) -> None:
    """A JWT of the right key with an id that the service does not know costs one look-up, and is not taken."""
    forged = process_key().sign(
        {
            "sub": ID,
            "type": "tenantAccessToken",
            "tenantId": "acme",
            "aud": emulator.client_id,
            "iss": emulator.url,
            "iat": 1,
        },
        named=True,
    )
    async with emulator.client() as client, AsyncAccessTokenVerifier(client) as verifier:
        assert await refused(verifier, forged) == "unknown"
        assert await refused(verifier, forged) == "unknown"
    asked = [entry.route for entry in await emulator.journal()]
    assert asked.count("access_tokens.get_tenant_token") == 1


def test_expectations_of_other_tokens_need_an_end() -> None:
    """Only the types that are looked up may lack it."""
    expected = jwt_validation.Expectations(issuer=ISSUER, audiences=(AUDIENCE,), leeway=0.0)
    for payload in (said(), of_user(), claims(exp=None)):
        outcome = jwt_validation.judge(dumps(payload), expected, (payload["type"],), 1_700_000_000.0)
        assert isinstance(outcome, TokenVerificationError)
        assert outcome.reason == "claims"
    told = attrs.evolve(expected, endless=ENDLESS)
    outcome = jwt_validation.judge(dumps(said()), told, ("tenantAccessToken",), 1_700_000_000.0)
    assert not isinstance(outcome, TokenVerificationError)
    assert outcome.expires_at is None
