"""Access tokens, valid and invalid, and a verifier with an injected key and clock."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from typing import Any, Final

from frontegg_async import AsyncAccessTokenVerifier, AsyncFrontegg
from frontegg_async._core.auth.jwt_validation import Expectations
from frontegg_async._core.auth.key_cache import FixedKeys
from frontegg_async._core.auth.keys import RS256, key_of_pem
from frontegg_async._core.runtime.clocks import Clocks
from tests.support.clients import FakeClock
from tests.support.signing import b64, claims, dumps, pem_of, rsa_key, sign

ID: Final = "0c4fd0a5-6c9b-4d6e-8a53-5d9a4c3b2a10"
"""The id of the valid ones."""

PEM: Final = pem_of(rsa_key())
"""The key of the environment."""

ENDLESS: Final = frozenset({"tenantAccessToken", "userAccessToken"})
"""The types that need no expiry."""


def verifier_of(
    client: AsyncFrontegg, clock: FakeClock | None = None, ttl: float = 30.0, **expected: Any
) -> AsyncAccessTokenVerifier:
    """Return a verifier with an injected clock and key."""
    clock = FakeClock() if clock is None else clock
    clocks = Clocks(monotonic=clock.monotonic, wall=clock.wall, rng=lambda: 0.0)
    whole = Expectations(**{"issuer": None, "audiences": (), "leeway": 0.0, "endless": ENDLESS, **expected})
    verifier = object.__new__(AsyncAccessTokenVerifier)
    verifier._assemble(client.access_tokens, whole, RS256, FixedKeys(key_of_pem(PEM, "public_key")), ttl, clocks)
    return verifier


def said(**changes: object) -> dict[str, Any]:
    """Return the claims of a tenant's access token without expiry."""
    own: dict[str, object] = {
        "type": "tenantAccessToken",
        "sub": ID,
        "exp": None,
        "roles": ["FETCH-ROLES-BY-API"],
        "permissions": ["FETCH-PERMISSIONS-BY-API"],
    }
    return claims(**{**own, **changes})


def of_user(**changes: object) -> dict[str, Any]:
    """Return the claims of a user's access token without expiry."""
    return said(**{"type": "userAccessToken", "userId": "ann", **changes})


GOOD: Final = sign(said())
USERS: Final = sign(of_user())

_HEAD, _BODY, _SIGNATURE = GOOD.split(".")
_STRANGER: Final = rsa_key("stranger")
_UNSIGNED: Final = b64(dumps({"alg": "none", "typ": "JWT"}))
HOSTILE: Final[dict[str, tuple[Any, str]]] = {
    "nothing": (None, "missing"),
    "no text": ("", "missing"),
    "a number": (7, "malformed"),
    "bytes": (GOOD.encode(), "malformed"),
    "a bare id": (ID, "malformed"),
    "a reserved word": ("active", "malformed"),
    "a path": ("../../v1/active", "malformed"),
    "a line break": (f"{GOOD}\n", "malformed"),
    "two keys in one header": (f"{GOOD},{GOOD}", "malformed"),
    "with a scheme": (f"Bearer {GOOD}", "malformed"),
    "a lone surrogate": ("\ud800", "malformed"),
    "huge": (f"{GOOD}{'A' * 16_384}", "too_large"),
    "algorithm none": (f"{_UNSIGNED}.{_BODY}.{_SIGNATURE}", "algorithm"),
    "algorithm none, unsigned": (f"{_UNSIGNED}.{_BODY}.", "malformed"),
    "HS256 with the public key": (sign(said(), secret=PEM.encode()), "algorithm"),
    "HS256 that says RS256": (sign(said(), secret=PEM.encode(), alg="RS256"), "signature"),
    "an embedded key": (sign(said(), key=_STRANGER, jwk={"kty": "RSA"}), "unknown_key"),
    "of another environment's key": (sign(said(), key=_STRANGER), "signature"),
    "other claims": (f"{_HEAD}.{b64(dumps(said(tenantId='other')))}.{_SIGNATURE}", "signature"),
    "a user's token": (sign(claims()), "type"),
    "an API token's": (sign(claims(type="tenantApiToken")), "type"),
    "a vendor token": (sign(said(type="vendor")), "type"),
    "a type in a list": (sign(said(type=["tenantAccessToken"])), "type"),
    "another spelling of a type": (sign(said(type="TenantAccessToken")), "type"),
    "a type that is new": (sign(said(type="robotAccessToken")), "type"),
    "a user's without end": (sign(claims(exp=None)), "type"),
    **{
        f"exp {end!r}": (sign({**said(), "exp": end}), "claims")
        for end in (None, "9999999999", True, -1, [], {}, 1e300)
    },
    **{f"nbf {each!r}": (sign({**said(), "nbf": each}), "claims") for each in (None, "0", [])},
    "not before tomorrow": (sign(said(nbf=1_700_100_000)), "not_yet_valid"),
    "of tomorrow": (sign(said(iat=1_700_100_000)), "not_yet_valid"),
    "no iat": (sign(said(iat=None)), "claims"),
    "no subject": (sign(said(sub=None)), "claims"),
    "no tenant": (sign(said(tenantId=None)), "claims"),
    "no issuer": (sign(said(iss=None)), "claims"),
    "no audience": (sign(said(aud=None)), "claims"),
    "a subject twice": (sign(dumps(said())[:-1] + b', "sub": "canary"}'), "malformed"),
    "a type twice": (sign(dumps(said())[:-1] + b', "type": "userAccessToken"}'), "malformed"),
    "an end twice": (sign(dumps(said(exp=1))[:-1] + b', "exp": 9999999999}'), "malformed"),
    **{
        f"subject {sub[:20]!r}": (sign(said(sub=sub)), "claims")
        for sub in (
            *("active", "ACTIVE", "Active", ".", "..", "../active", "a/b", "a%2Fb", "%2e%2e", "a\\b", "a?b", "a#b"),
            *("a;b", "a b", " a", "a\tb", "a\nb", "a\0b", "\u0430ctive", "\ufeff", "x" * 257, "x" * 9_000),
        )
    },
    **{
        f"tenant {tenant[:20]!r}": (sign(said(tenantId=tenant)), "claims")
        for tenant in ("..", " acme", "acme ", "a\r\nfrontegg-user-id: ann", "x" * 257)
    },
}
"""Invalid tokens by name, each with the reason for which it is refused."""


def random_keys(count: int, seed: int = 1) -> Iterator[str]:
    """Yield random texts that an attacker may send: ids, and JWTs with all kinds of signatures."""
    rng = random.Random(seed)
    by_stranger = [sign(said(sub=f"id-{index}"), key=_STRANGER) for index in range(20)]
    for _ in range(count):
        sub = str(uuid.UUID(int=rng.getrandbits(128)))
        match rng.randrange(5):
            case 0:
                yield sub
            case 1:
                yield f"{_HEAD}.{b64(dumps(said(sub=sub)))}.{_SIGNATURE}"
            case 2:
                yield f"{_HEAD}.{b64(dumps(said(sub=sub)))}.{b64(rng.randbytes(256))}"
            case 3:
                yield f"{_UNSIGNED}.{b64(dumps(said(sub=sub)))}.{_SIGNATURE}"
            case _:
                yield rng.choice(by_stranger)
