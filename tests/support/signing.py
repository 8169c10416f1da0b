"""Sign tokens of every kind, valid and invalid, with the keys and the clock of a test issuer."""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from frontegg_async._core.auth.jwks import JwksReader, parse_jwks_url
from frontegg_async._core.auth.jwt_validation import Expectations
from frontegg_async._core.auth.key_cache import KeyCache, Keys
from frontegg_async._core.call.caller import Caller
from frontegg_async._core.call.context import CallContext
from frontegg_async._core.http.setup import make_sessions
from frontegg_async._core.runtime.clocks import Clocks
from frontegg_async.endpoints import Auth
from frontegg_async.options import Options, ResolvedOptions
from frontegg_async.verification.token_verifier import AsyncTokenVerifier
from tests.support.clients import FakeClock, FakeWaits

ISSUER: Final = "https://app-acme.frontegg.com"
AUDIENCE: Final = "client-1"
SECRET: Final = "a secret of thirty-two bytes, at least"


@functools.cache
def _make_key(name: str, bits: int) -> rsa.RSAPrivateKey:
    del name
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def rsa_key(name: str = "k1", bits: int = 2048) -> rsa.RSAPrivateKey:
    """Return the key with a name; it is generated once per process."""
    return _make_key(name, bits)


def pem_of(key: rsa.RSAPrivateKey) -> str:
    """Return the public key as PEM."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def b64(raw: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def number(value: int) -> str:
    """Encode a number as in a JSON Web Key."""
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def jwk(name: str = "k1", *, key: rsa.RSAPrivateKey | None = None, **changes: object) -> dict[str, object]:
    """Return a public key as a JSON Web Key; ``None`` removes a field."""
    numbers = (rsa_key(name) if key is None else key).public_key().public_numbers()
    whole = {
        "kty": "RSA",
        "use": "sig",
        "alg": "RS256",
        "kid": name,
        "n": number(numbers.n),
        "e": number(numbers.e),
    } | changes
    return {field: value for field, value in whole.items() if value is not None}


def claims(now: float = 1_700_000_000.0, **changes: object) -> dict[str, Any]:
    """Return the claims of a valid token; ``None`` removes a claim."""
    whole: dict[str, Any] = {
        "sub": "user-1",
        "iss": ISSUER,
        "aud": AUDIENCE,
        "type": "userToken",
        "tenantId": "acme",
        "iat": int(now) - 60,
        "exp": int(now) + 3600,
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def dumps(value: object) -> bytes:
    """Return JSON."""
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def sign(
    payload: object,
    *,
    header: object = None,
    key: rsa.RSAPrivateKey | None = None,
    secret: bytes | None = None,
    **fields: object,
) -> str:
    """Return a token, signed with RS256, or with HS256 if a secret is given.

    Args:
        payload: The claims, or raw bytes.
        header: The whole header, or raw bytes.
        key: The RSA key.
        secret: The secret.
        fields: Fields of the header; ``None`` removes a field.
    """
    if header is None:
        whole = {"alg": "RS256" if secret is None else "HS256", "typ": "JWT", "kid": "k1", **fields}
        header = {name: value for name, value in whole.items() if value is not None}
    signed = f"{b64(dumps(header))}.{b64(dumps(payload))}"
    if secret is not None:
        signature = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    else:
        chosen = rsa_key() if key is None else key
        signature = chosen.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{b64(signature)}"


def make_verifier(
    keys: Keys | str,
    clock: FakeClock | None = None,
    *,
    issuer: str = ISSUER,
    audiences: tuple[str, ...] = (AUDIENCE,),
    leeway: float = 10.0,
    algorithm: str = "RS256",
    timeout: float = 5.0,
) -> AsyncTokenVerifier:
    """Return a verifier with an injected clock, and with given keys or the URL of a key set."""
    clock = FakeClock(now=0.0) if clock is None else clock
    clocks = Clocks(monotonic=clock.monotonic, wall=clock.wall, rng=lambda: 0.0)
    sessions = make_sessions(
        connector=None, proxy=None, ssl=None, trust_env=False, max_connections=2, app=None, max_body=64 * 1024
    )
    if isinstance(keys, str):
        origin, endpoint = parse_jwks_url(keys)
        context = CallContext(origin, Auth.NONE, {}, sessions, clocks)
        context.waits = FakeWaits(clock)
        caller = Caller(context, None, ResolvedOptions())
        first = Options(timeout=timeout, deadline=60.0, max_retries=2)
        reader = JwksReader(caller, endpoint, first=first, again=Options(timeout=timeout, max_retries=0))
        keys = KeyCache(reader, clocks.monotonic, place=keys)
    verifier = object.__new__(AsyncTokenVerifier)
    verifier._assemble(
        Expectations(issuer=issuer, audiences=audiences, leeway=leeway), algorithm, keys, sessions, clocks
    )
    return verifier


def key_set(*keys: Mapping[str, object]) -> dict[str, object]:
    """Return a key set."""
    return {"keys": list(keys)}
