"""Keys of tokens: when they are read, outages, rotation, unknown keys, event loops, and settings."""

from __future__ import annotations

import asyncio
import gzip
import json
import math
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest

from frontegg_async import (
    AsyncFrontegg,
    AsyncTokenVerifier,
    ClientClosedError,
    ConfigurationError,
    DecodeError,
    FronteggError,
    Options,
    TokenVerificationError,
)
from frontegg_async._core.auth.key_cache import AHEAD, KEPT, PAUSE, STALE
from frontegg_async.emulator import AsyncEmulatorHandle, Emulator
from frontegg_async.errors import WrongLoopError
from frontegg_async.models import TokenType
from frontegg_async.verification import verifier_settings
from tests.support.clients import FakeClock, make_client
from tests.support.faults.http import serving
from tests.support.loop_time import skip_waits
from tests.support.ports import reserved_port
from tests.support.raw_server import CLOSE, RESET, SILENCE, Answer, RawServer, Step, http, raw_server
from tests.support.signing import (
    AUDIENCE,
    ISSUER,
    SECRET,
    claims,
    jwk,
    key_set,
    make_verifier,
    pem_of,
    rsa_key,
    sign,
)
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

GOOD: Final = sign(claims(exp=1_800_000_000))
KEYS: Final = http(200, key_set(jwk("k1")))


def address(server: RawServer) -> str:
    """Return where the key set of a server is."""
    return f"{server.url}/.well-known/jwks.json"


async def refused(verifier: AsyncTokenVerifier, token: str = GOOD) -> str | None:
    """Return why a token is refused."""
    with pytest.raises(TokenVerificationError) as caught:
        await verifier.verify(token)
    return caught.value.reason


@pytest.mark.slow
async def test_keys_are_read_once() -> None:
    """Ten thousand first tokens at a time are judged by one key set; the request is a plain one."""
    async with raw_server(KEYS) as server, make_verifier(address(server)) as verifier:
        await asyncio.gather(*(verifier.verify(GOOD) for _ in range(10_000)))
    assert [(request.method, request.target) for request in server.requests] == [("GET", "/.well-known/jwks.json")]
    assert not {"cookie", "authorization", "x-access-token"} & server.requests[0].headers.keys()


async def test_cancelled_callers_harm_no_other() -> None:
    """Half of those who wait are cancelled, the first among them; the others are served, and no task is left."""
    async with raw_server(KEYS) as server, make_verifier(address(server)) as verifier:
        before = len(asyncio.all_tasks())
        callers = [asyncio.ensure_future(verifier.verify(GOOD)) for _ in range(1_000)]
        await until(lambda: len(asyncio.all_tasks()) > before + 1_000)
        for caller in callers[::2]:
            caller.cancel()
        results = await asyncio.gather(*callers, return_exceptions=True)
        await until(lambda: len(asyncio.all_tasks()) <= before + 1)
    assert sum(isinstance(result, asyncio.CancelledError) for result in results) == 500
    assert sum(not isinstance(result, BaseException) for result in results) == 500
    assert len(server.requests) == 1


async def test_keys_are_read_again() -> None:
    """Before they are old, in the background; nobody waits for it."""
    clock = FakeClock(now=0.0)
    async with raw_server(KEYS) as server, make_verifier(address(server), clock) as verifier:
        for now, requests in ((0.0, 1), (AHEAD - 1, 1), (AHEAD, 2), (2 * AHEAD - 1, 2), (2 * AHEAD, 3)):
            clock.now = now
            await verifier.verify(GOOD)
            await until(lambda: len(server.requests) == requests)  # noqa: B023 - it is done within the round
            await until(lambda: not verifier._keys._single_flight.is_under_way)  # type: ignore[attr-defined]


async def test_old_keys_are_not_taken_without_asking() -> None:
    """A key that the issuer withdrew is taken no longer than an hour when nobody asks meanwhile."""
    clock = FakeClock(now=0.0)
    async with (
        raw_server(KEYS, http(200, key_set(jwk("k2")))) as server,
        make_verifier(address(server), clock) as verifier,
    ):
        await verifier.verify(GOOD)
        clock.now = STALE
        assert await refused(verifier) == "unknown_key"
        assert (await verifier.verify(sign(claims(), kid="k2", key=rsa_key("k2")))).subject == "user-1"
    assert len(server.requests) == 2


async def test_a_new_key_is_fetched_when_a_token_names_it() -> None:
    """Once the last read is half a minute ago."""
    clock = FakeClock(now=0.0)
    later = sign(claims(), kid="k2", key=rsa_key("k2"))
    async with (
        raw_server(KEYS, http(200, key_set(jwk("k1"), jwk("k2")))) as server,
        make_verifier(address(server), clock) as verifier,
    ):
        await verifier.verify(GOOD)
        clock.now = PAUSE - 1
        assert await refused(verifier, later) == "unknown_key"
        assert len(server.requests) == 1
        clock.now = PAUSE
        await verifier.verify(later)
        await verifier.verify(GOOD)
    assert len(server.requests) == 2


@pytest.mark.slow
async def test_unknown_keys_are_no_way_to_have_keys_read() -> None:
    """Ten thousand names that nobody knows, over two minutes, one after the other and all at once."""
    clock = FakeClock(now=0.0)
    tokens = [sign(claims(), kid=f"unknown-{index}") for index in range(50)]
    async with raw_server(KEYS) as server, make_verifier(address(server), clock) as verifier:
        for index in range(5_000):
            clock.now = index * 120 / 5_000
            assert await refused(verifier, tokens[index % 50]) == "unknown_key"
        assert len(server.requests) == 4
        clock.now = 150.0
        results = await asyncio.gather(*(verifier.verify(tokens[i % 50]) for i in range(5_000)), return_exceptions=True)
        assert {type(result) for result in results} == {TokenVerificationError}
        assert len(server.requests) == 5
        await verifier.verify(GOOD)
    assert len(server.requests) == 5


OUTAGES: Final[dict[str, Step]] = {
    "down": RESET,
    "closed": CLOSE,
    "500": http(500),
    "429": http(429, headers={"Retry-After": "1"}),
    "404": http(404),
    "a page": http(200, raw=b"<html>sorry</html>"),
    "empty": http(200, raw=b""),
    "no keys": http(200, {"keys": []}),
    "other keys": http(200, key_set(jwk("k1", kty="EC"))),
    "not a set": http(200, {"keys": {"k1": 1}}),
    "null": http(200, None, raw=b"null"),
    "nested": http(200, raw=b'{"keys":' + b"[" * 50_000),
    "too large": http(200, {"keys": [], "pad": "x" * 65_536}),
    "a bomb": http(200, raw=gzip.compress(b" " * 1_000_000), headers={"Content-Encoding": "gzip"}),
    "cut off": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{", then="close"),
    "no HTTP": Answer(b"\x16\x03\x01\x02\x00garbage\r\n\r\n", then="close"),
    "a redirect": http(302, headers={"Location": "https://evil.example/jwks.json"}),
    "a redirect with keys": http(301, key_set(jwk("k1")), headers={"Location": "/elsewhere"}),
}


@pytest.mark.slow
@pytest.mark.parametrize("outage", OUTAGES.values(), ids=OUTAGES)
async def test_an_outage_of_a_day(outage: Step) -> None:
    """Known keys are taken without waiting, unknown ones are not; after a day, none are, until the keys are back."""
    clock = FakeClock(now=0.0)
    failures = 0
    async with raw_server(KEYS, outage) as server, make_verifier(address(server), clock) as verifier:
        await verifier.verify(GOOD)
        for minute in range(1, 24 * 60, 10):
            clock.now = minute * 60.0
            await verifier.verify(GOOD)
            await until(lambda: not verifier._keys._single_flight.is_under_way)  # type: ignore[attr-defined]
            failures += 1
        assert len(server.requests) <= failures + 1
        clock.now = KEPT - 1
        assert await refused(verifier, sign(claims(), kid="k2")) == "keys_unavailable"
        await verifier.verify(GOOD)
        clock.now = KEPT + 100
        assert await refused(verifier) == "keys_unavailable"
        server.script = [KEYS]
        clock.now = KEPT + 10_000
        await verifier.verify(GOOD)


@pytest.mark.parametrize("outage", OUTAGES.values(), ids=OUTAGES)
async def test_without_keys(outage: Step) -> None:
    """The error says that the token was not judged, from where the keys are, and what was wrong there."""
    clock = FakeClock(now=0.0)
    async with raw_server(outage) as server, make_verifier(address(server), clock) as verifier:
        with pytest.raises(
            TokenVerificationError, match=r"cannot be verified without the keys of the issuer"
        ) as caught:
            await verifier.verify(GOOD)
        assert caught.value.reason == "keys_unavailable"
        assert address(server) in str(caught.value)
        assert GOOD not in str(caught.value) + repr(caught.value.args)
        attempts = len(server.requests)
        assert attempts <= 3
        for _ in range(100):
            assert await refused(verifier) == "keys_unavailable"
        assert len(server.requests) == attempts
        server.script = [KEYS]
        clock.now = 60.0
        await verifier.verify(GOOD)
    assert {request.target for request in server.requests} == {"/.well-known/jwks.json"}


async def test_a_key_set_of_other_keys_says_what_it_lacks() -> None:
    """The error of the read names the operation and the place."""
    async with raw_server(OUTAGES["other keys"]) as server, make_verifier(address(server), FakeClock()) as verifier:
        with pytest.raises(DecodeError, match="no RSA key for RS256") as caught:
            await verifier._keys._fetch(True)  # type: ignore[attr-defined]
    assert (caught.value.details.endpoint, caught.value.details.reason) == ("auth.jwks", "decode")
    assert caught.value.paths == ("$.keys: expected RSA keys",)


async def test_pauses_grow_while_there_are_no_keys() -> None:
    """A verifier that starts in an outage asks soon again, then less often."""
    clock = FakeClock(now=0.0)
    asked: list[float] = []
    async with raw_server(http(404)) as server, make_verifier(address(server), clock) as verifier:
        for second in range(200):
            clock.now = float(second)
            before = len(server.requests)
            assert await refused(verifier) == "keys_unavailable"
            if len(server.requests) > before:
                asked.append(clock.now)
    assert asked == [0.0, 1.0, 3.0, 7.0, 15.0, 31.0, 61.0, 91.0, 121.0, 151.0, 181.0]


async def test_a_lost_first_answer_is_asked_for_again() -> None:
    """Nobody notices."""
    async with raw_server(RESET, http(503), KEYS) as server, make_verifier(address(server)) as verifier:
        await verifier.verify(GOOD)
    assert len(server.requests) == 3


async def test_a_slow_answer_holds_nobody_up_who_has_a_key() -> None:
    """While the keys are read again in an outage, tokens are judged: the read is still under way when all are."""
    clock = FakeClock(now=0.0)
    script = (KEYS, http(500), SILENCE)
    async with raw_server(*script) as server, make_verifier(address(server), clock, timeout=60.0) as verifier:
        await verifier.verify(GOOD)
        clock.now = STALE
        await verifier.verify(GOOD)
        clock.now = STALE + PAUSE
        await verifier.verify(GOOD)
        await until(lambda: len(server.requests) == 3)
        await asyncio.gather(*(verifier.verify(GOOD) for _ in range(100)))
        assert verifier._keys._single_flight.is_under_way  # type: ignore[attr-defined]


async def test_a_read_that_takes_too_long_is_an_outage() -> None:
    """Whoever needs a key that is not there is told so at the end of the read."""
    skip_waits()
    clock = FakeClock(now=0.0)
    async with raw_server(KEYS, SILENCE) as server, make_verifier(address(server), clock, timeout=30.0) as verifier:
        await verifier.verify(GOOD)
        clock.now = STALE
        assert await refused(verifier, sign(claims(), kid="k2")) == "keys_unavailable"


async def test_a_dripping_answer_is_an_outage() -> None:
    """One byte at a time does not keep a read alive."""
    slow = Answer(KEYS.data, drip=0.02)
    async with raw_server(slow) as server, make_verifier(address(server), timeout=0.1) as verifier:
        assert await refused(verifier) == "keys_unavailable"


async def test_a_key_set_that_is_as_large_as_allowed() -> None:
    """64 KiB."""
    whole = json.dumps(key_set(jwk("k1"))).encode()
    async with (
        raw_server(http(200, raw=whole + b" " * (64 * 1024 - len(whole)))) as server,
        make_verifier(address(server)) as verifier,
    ):
        await verifier.verify(GOOD)


async def test_bad_tokens_are_no_way_to_have_keys_read() -> None:
    """What is no token, or not signed as it must be, is refused before anything is sent."""
    async with raw_server(KEYS) as server, make_verifier(address(server)) as verifier:
        for token in ("", "a.b.c", "opaque", "x" * 20_000, sign(claims(), alg="none"), sign(claims(), secret=b"x")):
            assert await refused(verifier, token)
    assert server.requests == []


async def test_after_it_is_closed() -> None:
    """Those who wait and those who come later are told."""
    async with raw_server(SILENCE) as server:
        verifier = make_verifier(address(server))
        waiting = asyncio.ensure_future(verifier.verify(GOOD))
        await until(lambda: len(server.requests) == 1)
        await verifier.aclose()
        await verifier.aclose()
        with pytest.raises(ClientClosedError):
            await waiting
        for call in (verifier.verify(GOOD), verifier.verify_header(f"Bearer {GOOD}"), verifier.check()):
            with pytest.raises(ClientClosedError, match="the verifier is closed"):
                await call


async def test_checking_the_settings() -> None:
    """At the start of a program."""
    async with raw_server(http(404), KEYS) as server, make_verifier(address(server)) as verifier:
        with pytest.raises(TokenVerificationError, match=r"/\.well-known/jwks\.json: auth\.jwks returned 404"):
            await verifier.check()
        await verifier.check()
        await verifier.verify(GOOD)
    assert len(server.requests) == 2


def test_one_verifier_in_one_loop_after_the_other() -> None:
    """The keys stay; the session is that of the loop; a loop that ended while keys were read is nobody's fault."""
    clock = FakeClock(now=0.0)

    async def serve_and_verify(script: Step, requests: int) -> None:
        state = RawServer(script=[script])
        async with serving(state._serve, port=port):
            await verifier.verify(GOOD)
            await until(lambda: len(state.requests) == requests)

    with reserved_port() as port:
        verifier = make_verifier(f"http://127.0.0.1:{port}/k", clock, timeout=60.0)
        for now, script, requests in ((0.0, KEYS, 1), (0.0, KEYS, 0), (AHEAD, SILENCE, 1), (STALE, KEYS, 1)):
            clock.now = now
            asyncio.run(serve_and_verify(script, requests))


async def test_in_another_loop_at_the_same_time() -> None:
    """Fresh keys are taken in any loop; to read keys in two loops at a time is an error that says what to do."""
    async with raw_server(KEYS) as server, make_verifier(address(server)) as verifier:
        await verifier.verify(GOOD)
        assert (await asyncio.to_thread(asyncio.run, verifier.verify(GOOD))).subject == "user-1"
        with pytest.raises(WrongLoopError):
            await asyncio.to_thread(asyncio.run, verifier.check())
        await verifier.check()


@pytest.fixture
async def emulator() -> AsyncIterator[AsyncEmulatorHandle]:
    """An emulator of its own."""
    async with Emulator() as running:
        yield await running.create_environment()


async def test_real_tokens(emulator: AsyncEmulatorHandle) -> None:
    """Of every type but access tokens, by the emulator's key set and by the environment's public key."""
    await emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    async with (
        emulator.client() as client,
        AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id) as published,
        AsyncTokenVerifier(issuer=emulator.url, audience=["other", emulator.client_id], client=client) as own,
        AsyncTokenVerifier(
            issuer=emulator.url,
            audience=emulator.client_id,
            jwks_url=f"{emulator.url}/frontegg/.well-known/jwks.json",
        ) as addressed,
    ):
        for kind in (TokenType.USER, TokenType.USER_API, TokenType.TENANT_API):
            made = await emulator.user_token(tenant_id="acme", email="ann@acme.example", roles=["Admin"], type=kind)
            for verifier in (published, own, addressed):
                found = await verifier.verify_header(f"Bearer {made.access_token}", types=[kind])
                assert (found.type, found.tenant_id, found.roles, found.email) == (
                    kind,
                    "acme",
                    ("Admin",),
                    "ann@acme.example",
                )
        stats = (await emulator.stats()).requests
    assert stats["identity.configuration"] == 1


async def test_tokens_that_are_for_others(emulator: AsyncEmulatorHandle) -> None:
    """Of another environment of the same service, expired, an environment's own."""
    other = await emulator.create_environment()
    async with AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id) as verifier:
        foreign = await other.user_token(tenant_id="acme")
        assert await refused(verifier, foreign.access_token) == "audience"
        await emulator.clock(advance=-86_500)
        expired = await emulator.user_token(tenant_id="acme")
        assert await refused(verifier, expired.access_token) == "expired"
        await emulator.clock(advance=2 * 86_500)
        future = await emulator.user_token(tenant_id="acme")
        assert await refused(verifier, future.access_token) == "not_yet_valid"
        async with emulator.client() as client:
            await client.check()
            token = client._environment.tokens.current()
            assert token is not None
            assert await refused(verifier, token.reveal()) == "type"


@pytest.mark.slow
async def test_an_environment_that_does_not_answer() -> None:
    """The keys of a client come by its own calls, and fail as they do."""
    async with raw_server(http(500)) as server:
        client = AsyncFrontegg("emu_c", "emu_s", base_url=server.url, options=Options(max_retries=0))
        async with client, AsyncTokenVerifier(issuer=ISSUER, audience=AUDIENCE, client=client) as verifier:
            with pytest.raises(TokenVerificationError, match=r"environment's settings: identity\.configuration"):
                await verifier.verify(GOOD)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"publicKey": pem_of(rsa_key()), "jwtAlgorithm": "HS256"}, "secret="),
        ({"publicKey": "no key", "jwtAlgorithm": "RS256"}, "publicKey must be"),
        ({}, "publicKey must be"),
    ],
    ids=["secret", "no key", "nothing"],
)
async def test_an_environment_without_a_key(answer: dict[str, str], message: str) -> None:
    """What has to be done is in the error."""
    async with raw_server(http(200, answer)) as server:
        client = AsyncFrontegg("emu_c", "emu_s", base_url=server.url)
        async with client, AsyncTokenVerifier(issuer=ISSUER, audience=AUDIENCE, client=client) as verifier:
            for _ in range(2):
                with pytest.raises(FronteggError, match=message):
                    await verifier.verify(GOOD)


IN_COMPOSE: Final = {
    "domain": None,
    "issuer": "http://emulator:8080",
    "audience": "emu_client",
    "allow_http": True,
}
GOOD_SETTINGS: Final[dict[str, Any]] = {"audience": "client-1", "domain": "app-acme"}


@pytest.mark.parametrize(
    ("changes", "issuer"),
    [
        ({}, "https://app-acme.frontegg.com"),
        ({"domain": "app-acme.us"}, "https://app-acme.us.frontegg.com"),
        ({"domain": None, "issuer": "https://login.acme.example"}, "https://login.acme.example"),
        ({"domain": None, "issuer": "https://login.acme.example/"}, "https://login.acme.example/"),
        ({"domain": None, "issuer": "acme", "jwks_url": "https://a.example/k"}, "acme"),
        ({"jwks_url": "https://a.example/k"}, "https://app-acme.frontegg.com"),
        ({"public_key": pem_of(rsa_key())}, "https://app-acme.frontegg.com"),
        ({"secret": SECRET, "leeway": 0}, "https://app-acme.frontegg.com"),
        ({"audience": ["client-1", "app-1"], "leeway": 60.0}, "https://app-acme.frontegg.com"),
        (IN_COMPOSE, "http://emulator:8080"),
        ({**IN_COMPOSE, "issuer": "http://10.0.0.7:8080"}, "http://10.0.0.7:8080"),
        ({**IN_COMPOSE, "issuer": "http://[fd00::7]"}, "http://[fd00::7]"),
        ({"clock": int}, "https://app-acme.frontegg.com"),
    ],
    ids=range(13),
)
async def test_settings(changes: dict[str, Any], issuer: str) -> None:
    """Who issues tokens, and where the keys are; nothing is sent."""
    async with AsyncTokenVerifier(**{**GOOD_SETTINGS, **changes}) as verifier:
        assert verifier.issuer == issuer
        assert repr(verifier) == f"AsyncTokenVerifier({issuer!r})"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"domain": None}, "^give either domain, such as 'app-acme', or issuer"),
        ({"issuer": ISSUER}, "^give either domain, such as 'app-acme', or issuer"),
        ({"domain": "app-acme.evil.example"}, "^domain must"),
        ({"domain": "app-acme\n"}, "^domain must"),
        ({"domain": None, "issuer": "acme"}, "^issuer must be https"),
        ({"domain": None, "issuer": "http://login.acme.example"}, "must be https, or http on loopback"),
        ({"domain": None, "issuer": "https://a.example/?x"}, "^issuer must"),
        ({"domain": None, "issuer": ""}, "^issuer must"),
        ({"domain": None, "issuer": 7}, "^issuer must"),
        ({"jwks_url": "http://a.example/k"}, "^jwks_url must"),
        ({"jwks_url": "https://a.example/k", "public_key": "x"}, "^jwks_url and public_key exclude each other"),
        ({"public_key": "x", "secret": SECRET}, "^public_key and secret exclude each other"),
        ({"public_key": "x"}, "^public_key must be"),
        ({"secret": "short"}, "^secret must have"),
        ({"secret": "-----BEGIN PUBLIC KEY-----"}, "^secret must be"),
        ({"client": "x"}, "^client must be the client of an environment, not str"),
        ({"audience": ""}, "^audience must"),
        ({"audience": []}, "^audience must"),
        ({"audience": [""]}, "^audience must"),
        ({"audience": None}, "^audience must"),
        ({"audience": b"client-1"}, "^audience must"),
        ({"domain": None, "issuer": "http://emulator:1", "allow_http": True}, "^jwks_url must be https"),
        ({**IN_COMPOSE, "allow_http": False}, "^jwks_url must be https.*allow_http=True allows http"),
        ({**IN_COMPOSE, "allow_http": 1}, "^allow_http must"),
        ({**IN_COMPOSE, "audience": ["emu_client", "client-1"]}, "^jwks_url must be https"),
        ({**IN_COMPOSE, "issuer": "http://emulator.example"}, "^jwks_url must be https"),
        ({**IN_COMPOSE, "issuer": "http://134744072"}, "^jwks_url must be https"),
        ({**IN_COMPOSE, "issuer": "http://8.8.8.8"}, "^jwks_url must be https"),
        ({**IN_COMPOSE, "issuer": "http://[::ffff:8.8.8.8]"}, "^jwks_url must be https"),
        ({**IN_COMPOSE, "issuer": "http://api.frontegg.com"}, "^jwks_url must be https"),
        ({"clock": 5}, "^clock must be a function such as time.time, not int"),
        ({"clock": str}, "^clock must return seconds of the epoch as time.time does, not str"),
        ({"clock": bool}, "^clock must return"),
        ({"leeway": -1}, "^leeway must"),
        ({"leeway": 61}, "^leeway must"),
        ({"leeway": float("nan")}, "^leeway must"),
        ({"leeway": True}, "^leeway must"),
        ({"leeway": "10"}, "^leeway must"),
        ({"connector": "x"}, "^connector must"),
        ({"proxy": "x"}, "^proxy must"),
        ({"ssl": "x"}, "^ssl must"),
        ({"trust_env": 1}, "^trust_env must"),
        ({"app": ""}, "^app must"),
    ],
    ids=str,
)
def test_bad_settings(changes: dict[str, Any], message: str) -> None:
    """Each error names the setting."""
    with pytest.raises(ConfigurationError, match=message):
        AsyncTokenVerifier(**{**GOOD_SETTINGS, **changes})


@pytest.mark.parametrize(
    ("now", "message"),
    [
        (math.nan, "^clock must return seconds of the epoch as time.time does, not nan"),
        (math.inf, "^clock must return .*, not inf"),
        (-math.inf, "^clock must return .*, not -inf"),
        (None, "^clock must return .*, not NoneType"),
        ([], "^the function given as clock raised ZeroDivisionError"),
    ],
    ids=str,
)
async def test_a_clock_that_tells_no_time(now: Any, message: str) -> None:
    """No token is later than NaN: it would never expire. It is noticed when the verifier is made, and later."""

    def clock() -> Any:
        return times[0] if times[0] != [] else 1 // 0

    times = [now]
    settings: dict[str, Any] = {"issuer": ISSUER, "audience": AUDIENCE, "secret": SECRET, "clock": clock}
    with pytest.raises(ConfigurationError, match=message):
        AsyncTokenVerifier(**settings)
    times[0] = 0.0
    async with AsyncTokenVerifier(**settings) as verifier:
        times[0] = now
        with pytest.raises(ConfigurationError, match=message):
            await verifier.verify(sign(claims(), secret=SECRET.encode()))


async def test_a_token_whose_key_is_known_waits_for_nothing() -> None:
    """Nobody asked for ten minutes, and the service does not answer any more: the key is read beside the call."""
    clock = FakeClock(now=0.0)
    async with raw_server(KEYS, SILENCE) as server, make_verifier(address(server), clock, timeout=60.0) as verifier:
        await verifier.verify(GOOD)
        clock.now = 600.0
        async with asyncio.timeout(30):
            await verifier.verify(GOOD)
        await until(lambda: len(server.requests) == 2)
        assert verifier._keys._single_flight.is_under_way  # type: ignore[attr-defined]


async def test_the_key_of_an_environment_is_read_by_a_bounded_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """The options of the client are for the program's own calls: they may wait for a minute and more."""
    monkeypatch.setattr(verifier_settings, "READ_FIRST", Options(timeout=0.1, deadline=0.2, max_retries=0))
    options = Options(timeout=None, deadline=None, max_retries=None)
    async with raw_server(SILENCE) as server, make_client(server.url, options=options) as client:
        await client.check()
        keys = verifier_settings.environment_keys(client, FakeClock().monotonic)
        async with asyncio.timeout(30):
            with pytest.raises(TokenVerificationError) as caught:
                await keys.read()
    assert caught.value.reason == "keys_unavailable"
