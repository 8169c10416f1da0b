"""The part of row 50 about the keys that verify tokens: reads that glitch, and keys that are replaced."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, cast

import attrs

from frontegg_async import AsyncFrontegg, AsyncTokenVerifier, FronteggError
from frontegg_async._core.auth.key_cache import KeyCache
from tests.acceptance.scoreboard.row import Setting
from tests.acceptance.scoreboard.support.virtual_time import VirtualTime
from tests.support.raw_server import CLOSE, RESET, Answer, RawRequest, http, raw_server
from tests.support.signing import AUDIENCE, ISSUER, claims, jwk, pem_of, rsa_key, sign

_JWKS: Final = "/keys"
_HOURS: Final = 24.0
_HOURS_IN_FULL: Final = 48.0
_HOUR: Final = 3_600.0
_STEP: Final = 40.0
"""The most virtual seconds between two tokens."""

_PAUSE: Final = 30.0
_MONTH: Final = 30 * 86_400.0
_NAMES: Final = ("first", "second", "third")
_BROKEN: Final[tuple[Answer, ...]] = (http(503), http(200, raw=b"<html>"), http(200, []), CLOSE, RESET)
_GLITCHES: Final[Mapping[str, tuple[Answer, ...]]] = {
    "the environment": (
        *_BROKEN,
        http(200, {"publicKey": None, "jwtAlgorithm": "RS256"}),
        http(200, {"publicKey": pem_of(rsa_key("first"))[:90], "jwtAlgorithm": "RS256"}),
        http(200, {"publicKey": None, "jwtAlgorithm": "HS256"}),
        http(200, {}),
    ),
    "a key set": (*_BROKEN, http(200, {"keys": []}), http(200, {"keys": None}), http(200, {"keys": [{"kty": "RSA"}]})),
}


@attrs.define
class KeyCounts:
    """What was counted."""

    verified: int = 0
    refused: int = 0
    """Tokens of a key that was known, or could have been read."""
    hasty: int = 0
    """Reads less than 30 s after another."""
    details: list[str] = attrs.field(factory=list[str])


@attrs.define
class _Issuer:
    """An issuer whose key is replaced, and whose responses are broken now and then."""

    source: str
    rng: random.Random
    time: VirtualTime
    glitches: float = 0.0
    name: str = _NAMES[0]
    read_at: list[float] = attrs.field(factory=list[float])

    def answer(self, _: RawRequest) -> Answer:
        """Return the key, or a broken response."""
        self.read_at.append(self.time.now)
        if self.rng.random() < self.glitches:
            return self.rng.choice(_GLITCHES[self.source])
        if self.source == "a key set":
            return http(200, {"keys": [jwk(self.name, kid=None)]})
        return http(200, {"publicKey": pem_of(rsa_key(self.name)), "jwtAlgorithm": "RS256"})

    def token(self, name: str) -> str:
        """Return a token that a key has signed."""
        now = self.time.clocks.wall()
        return sign(claims(now, exp=now + _MONTH), key=rsa_key(name))


@contextmanager
def _made(issuer: _Issuer, url: str) -> Iterator[Callable[[], tuple[AsyncFrontegg, AsyncTokenVerifier]]]:
    def make() -> tuple[AsyncFrontegg, AsyncTokenVerifier]:
        client = issuer.time.waiting(AsyncFrontegg("client", "secret", base_url=url))
        place: dict[str, Any] = {"jwks_url": url + _JWKS} if issuer.source == "a key set" else {"client": client}
        return client, AsyncTokenVerifier(issuer=ISSUER, audience=AUDIENCE, clock=issuer.time.clocks.wall, **place)

    with issuer.time.passed_in():
        yield make


async def measure_keys(setting: Setting) -> KeyCounts:
    """Verify tokens for some virtual hours in which reads glitch, and then while the key is replaced.

    Args:
        setting: Says for how long.
    """
    counts = KeyCounts()
    for source in _GLITCHES:
        rng = setting.rng(f"keys of {source}")
        issuer = _Issuer(source, rng, VirtualTime(rng))
        async with raw_server(issuer.answer) as server:
            with _made(issuer, server.url) as make:
                client, verifier = make()
            async with client, verifier:
                await verifier.check()
                await _glitch(issuer, verifier, counts, (_HOURS_IN_FULL if setting.full else _HOURS) * _HOUR)
                issuer.glitches = 0.0
                await _rotate(issuer, verifier, counts, 300 if setting.full else 30)
        pairs = zip(issuer.read_at, issuer.read_at[1:], strict=False)
        counts.hasty += sum(later - earlier < _PAUSE for earlier, later in pairs)
    return counts


async def _glitch(issuer: _Issuer, verifier: AsyncTokenVerifier, counts: KeyCounts, seconds: float) -> None:
    """Verify tokens of one key; now and then nobody asks for more than an hour, and the next token waits for a read."""
    token = issuer.token(issuer.name)
    issuer.glitches = 0.9
    end = issuer.time.now + seconds
    while issuer.time.now < end:
        issuer.time.now += issuer.rng.uniform(0, _STEP) + (2 * _HOUR if issuer.rng.random() < 0.01 else 0.0)
        if issuer.time.now - max(issuer.read_at) > 10 * _HOUR:
            issuer.glitches = 0.0
        await _verify(issuer, verifier, counts, token, "its key is known")
        issuer.glitches = 0.9


async def _rotate(issuer: _Issuer, verifier: AsyncTokenVerifier, counts: KeyCounts, rotations: int) -> None:
    """Replace the key at random moments; a token of the new key is accepted once the keys may be read again."""
    for _ in range(rotations):
        issuer.time.now += issuer.rng.uniform(0, 10 * _STEP)
        await _verify(issuer, verifier, KeyCounts(), issuer.token(issuer.name), "")
        issuer.name = issuer.rng.choice([each for each in _NAMES if each != issuer.name])
        token = issuer.token(issuer.name)
        issuer.time.now = max(issuer.time.now, issuer.read_at[-1] + _PAUSE) + issuer.rng.uniform(0, _STEP)
        for _ in range(2):
            await _verify(issuer, verifier, counts, token, "its key has replaced another")


async def _verify(issuer: _Issuer, verifier: AsyncTokenVerifier, counts: KeyCounts, token: str, why: str) -> None:
    try:
        await verifier.verify(token)
    except FronteggError as error:
        counts.refused += 1
        counts.details.append(f"{issuer.source}, {why}: {type(error).__name__}: {error}")
    else:
        counts.verified += 1
    flight = cast("KeyCache", verifier._keys)._single_flight
    while flight.is_under_way:  # noqa: ASYNC110 - it tells nobody when it ends
        await asyncio.sleep(0)
