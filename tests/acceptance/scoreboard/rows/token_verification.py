"""Row 22: verification of incoming tokens: hostile tokens, unknown keys, and a day without the key set.

Access tokens are looked up as well, so that those that nobody issued must cost no look-up.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, cast

import attrs

from frontegg_async import AsyncFrontegg, AsyncTokenVerifier, TokenVerificationError
from frontegg_async._core.auth.key_cache import KeyCache
from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator import AsyncEmulatorHandle, Emulator
from frontegg_async.verification.access_token_verifier import MAX_TTL
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.support.virtual_time import VirtualTime
from tests.support import access_tokens
from tests.support.clients import FakeClock
from tests.support.hostile_tokens import GOOD, HOSTILE
from tests.support.raw_server import http, raw_server
from tests.support.signing import claims, jwk, key_set, make_verifier, rsa_key, sign

_KEYS: Final = "/.well-known/jwks.json"
_UNKNOWN: Final = 10_000
_AT_ONCE: Final = 50
_STEP: Final = 3.0
"""Virtual seconds between two bursts of tokens with unknown keys."""

_PAUSE: Final = 30.0
_DAY: Final = 86_400.0
_OUTAGE_STEP: Final = 20.0
_OUTAGE: Final[tuple[dict[str, JsonValue], ...]] = (
    {"type": "status", "status": 503},
    {"type": "reset"},
    {"type": "garbage"},
)
_FRESH: Final = 300.0
"""Seconds after which keys are to be read again."""


async def measure_verification(setting: Setting) -> Finding:
    """Measure the parts one after the other."""
    parts = (await _hostile(), await _access_tokens(setting), await _unknown(setting), await _outage(setting))
    return Finding(
        figure="; ".join(part.figure for part in parts),
        passed=all(part.passed for part in parts),
        details=tuple(detail for part in parts for detail in part.details),
    )


async def _hostile() -> Finding:
    """Verify a table of tokens that must all be refused, with keys that are read from a server."""
    accepted: list[str] = []
    foreign: list[str] = []
    async with (
        raw_server(http(200, key_set(jwk("k1"), jwk("k2")))) as server,
        make_verifier(f"{server.url}{_KEYS}", FakeClock(now=0.0)) as verifier,
    ):
        is_good_taken = (await verifier.verify(GOOD)).subject == "user-1"
        for name, (token, _) in HOSTILE.items():
            try:
                await verifier.verify(token)
            except TokenVerificationError as error:
                if error.reason == "keys_unavailable":
                    foreign.append(f"{name}: {error}")
            except Exception as error:  # noqa: BLE001 - which it must not raise
                foreign.append(f"{name}: {type(error).__name__}")
            else:
                accepted.append(name)
    return Finding(
        figure=f"{len(accepted)} of {len(HOSTILE)} hostile tokens accepted",
        passed=not accepted and not foreign and is_good_taken and len(HOSTILE) >= 40,
        details=(*accepted, *foreign),
    )


async def _access_tokens(setting: Setting) -> Finding:
    """Verify hostile access tokens and random keys beside a genuine token whose look-up is remembered."""
    row = {"id": access_tokens.ID, "tenantId": "acme", "roles": [], "permissions": []}
    accepted: list[str] = []
    refused = 0
    async with (
        raw_server(http(200, row)) as server,
        AsyncFrontegg("id", "secret", base_url=server.url) as client,
        access_tokens.verifier_of(client, ttl=MAX_TTL) as verifier,
    ):
        first = await verifier.verify(access_tokens.GOOD)
        named = [(name, token) for name, (token, _) in access_tokens.HOSTILE.items()]
        seed = setting.rng("random keys").getrandbits(32)
        named += [("a random key", token) for token in access_tokens.random_keys(_UNKNOWN, seed)]
        for name, token in named:
            try:
                await verifier.verify(token)
            except TokenVerificationError:
                refused += 1
            else:
                accepted.append(name)
        again = await verifier.verify(access_tokens.GOOD)
        look_ups = len(server.requests) - 1
    return Finding(
        figure=f"{len(accepted)} of {len(named):,} hostile access tokens accepted, {look_ups} looked up",
        passed=not accepted and refused == len(named) and look_ups == 0 and first == again,
        details=tuple(accepted[:5]),
    )


@attrs.frozen
class _Issuer:
    """An environment whose keys are read, and a verifier of its tokens in virtual time."""

    emulator: AsyncEmulatorHandle
    verifier: AsyncTokenVerifier
    token: str

    async def fetches(self) -> int:
        """Return how often the keys were asked for."""
        return sum(entry.path == _KEYS for entry in await self.emulator.journal())

    async def settle(self) -> None:
        """Wait until no read of the keys is under way."""
        flight = cast("KeyCache", self.verifier._keys)._single_flight
        while flight.is_under_way:  # noqa: ASYNC110 - it tells nobody when it ends
            await asyncio.sleep(0)


@asynccontextmanager
async def _issuer(time: VirtualTime) -> AsyncIterator[_Issuer]:
    async with Emulator() as emulator:
        await emulator.seed(tenants=[{"tenantId": "t1", "name": "First"}])
        token = (await emulator.user_token(tenant_id="t1", expires_in=3 * _DAY)).access_token
        with time.passed_in():
            verifier = AsyncTokenVerifier(
                audience=emulator.client_id,
                issuer=emulator.url,
                jwks_url=emulator.url + _KEYS,
                clock=time.clocks.wall,
            )
        async with verifier:
            yield _Issuer(emulator, verifier, token)


async def _unknown(setting: Setting) -> Finding:
    """Verify bursts of tokens that name keys which do not exist, while time passes."""
    time = VirtualTime(setting.rng("waits"))
    rng = setting.rng("kids")
    stranger = rsa_key("stranger")
    template = sign(claims(), key=stranger).partition(".")[2]
    moments: list[float] = []
    accepted = 0
    async with _issuer(time) as issuer:
        await issuer.verifier.verify(issuer.token)
        seen = await issuer.fetches()
        moments.append(time.now)
        for _ in range(_UNKNOWN // _AT_ONCE):
            time.now += rng.uniform(0, 2 * _STEP)
            head = (sign({}, key=stranger, kid=f"{rng.getrandbits(64):x}").partition(".")[0] for _ in range(_AT_ONCE))
            outcomes = await asyncio.gather(
                *(issuer.verifier.verify(f"{each}.{template}") for each in head), return_exceptions=True
            )
            accepted += sum(not isinstance(outcome, TokenVerificationError) for outcome in outcomes)
            now_seen = await issuer.fetches()
            moments += [time.now] * (now_seen - seen)
            seen = now_seen
    least = min(later - earlier for earlier, later in itertools.pairwise(moments))
    return Finding(
        figure=f"{_UNKNOWN:,} unknown key ids: {seen} fetches in {moments[-1] - moments[0]:,.0f} virtual s, "
        f"{least:.0f} s or more apart",
        passed=least >= _PAUSE and seen > 1 and accepted == 0,
        details=(f"{accepted} were not refused",),
    )


async def _outage(setting: Setting) -> Finding:
    """Verify tokens of known keys for a day in which reading the key set fails in several ways."""
    time = VirtualTime(setting.rng("waits of the outage"))
    rng = setting.rng("outage")
    failures: list[str] = []
    verified = 0
    async with _issuer(time) as issuer:
        await issuer.verifier.verify(issuer.token)
        began = time.now
        for action in _OUTAGE:
            await issuer.emulator.add_fault(stage="accept", action=action, match={"path": _KEYS, "probability": 0.5})
        await issuer.emulator.add_fault(stage="accept", action=_OUTAGE[0], match={"path": _KEYS})
        while time.now < began + _DAY - 2 * _OUTAGE_STEP:
            time.now += rng.uniform(0, 2 * _OUTAGE_STEP)
            try:
                verified += (await issuer.verifier.verify(issuer.token)).tenant_id == "t1"
            except TokenVerificationError as error:
                failures.append(f"after {time.now - began:,.0f} s: {error}")
            await issuer.settle()
        fetches = await issuer.fetches()
    return Finding(
        figure=f"outage of 24 h: {len(failures)} failures in {verified:,} verifications, {fetches - 1} fetches failed",
        passed=not failures and verified > 0 and fetches > _DAY / _FRESH,
        details=tuple(failures[:5]),
    )


ROWS: Final = (
    Row(
        number=22,
        name="token-verification",
        title="hostile JWTs and access tokens, 10,000 random keys, 10,000 unknown key ids, 24 h without the key set",
        target="accepted 0 of at least 40; look-ups 0; key set fetches at most 1 per 30 s; failures in the outage 0",
        measure=measure_verification,
        time_limit=120.0,
    ),
)
