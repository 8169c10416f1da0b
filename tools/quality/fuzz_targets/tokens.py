"""Fuzz target for incoming tokens: parsing, verification, reading without a key, and key sets."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

from frontegg_async._core.auth.jwt_validation import Expectations, SignedToken, bearer, judge, split
from frontegg_async._core.auth.keys import MAX_KEYS, RsaKey, keys_of_document
from frontegg_async._core.auth.unverified_claims import facts_of, parse_user_token
from frontegg_async.errors import ConfigurationError, TokenVerificationError
from frontegg_async.models.claims import Claims
from quality.fuzz_targets.target import Target, check, text_of

_NOW = 1_700_000_000.0
_EXPECTED = Expectations(issuer="https://app.frontegg.com", audiences=("client",), leeway=60.0)
_TYPES = ("userToken", "tenantApiToken")
_CLAIMS: dict[str, Any] = {
    "type": "userToken",
    "sub": "u1",
    "tenantId": "t1",
    "tenantIds": ["t1"],
    "roles": ["r1"],
    "permissions": ["p1"],
    "iss": "https://app.frontegg.com",
    "aud": "client",
    "iat": 1_699_999_000,
    "exp": 1_700_001_000,
}


def run(data: bytes) -> None:
    """Check that a token is parsed unchanged or refused, and that accepted claims meet the expectations."""
    text = text_of(data)
    token = bearer(text)
    check(isinstance(token, TokenVerificationError) or token in text, "a token is a part of its header")
    for given in (text, token):
        parts = split(given, "RS256") if isinstance(given, str) else None
        if isinstance(parts, SignedToken):
            _check_parts(str(given), parts)
    _check_claims(data)
    _check_unverified(text)


def _check_parts(token: str, parts: SignedToken) -> None:
    _, payload, signature = token.split(".")
    check(_encoded(parts.payload) == payload and _encoded(parts.signature) == signature, "a token has one encoding")
    check(parts.signed.decode() == token.rpartition(".")[0], "the signed text is the token without its signature")
    header = json.loads(base64.urlsafe_b64decode(token.partition(".")[0] + "=="))
    check(header["alg"] == "RS256" and header.get("kid") == parts.key_id, "the key id is that of the token")
    judged = judge(parts.payload, _EXPECTED, _TYPES, _NOW)
    check(isinstance(judged, Claims | TokenVerificationError), "claims are accepted or refused")


def _check_claims(payload: bytes) -> None:
    judged = judge(payload, _EXPECTED, _TYPES, _NOW)
    if isinstance(judged, Claims):
        said = json.loads(payload)
        check(judged.issuer == said["iss"] == _EXPECTED.issuer, "the issuer is the expected issuer")
        check("client" in judged.audience and said["type"] in _TYPES, "audience and type are expected values")
        check(said["exp"] > _NOW - 60 and said["iat"] <= _NOW + 60, "accepted claims are valid now")
        check((judged.tenant_id, judged.subject) == (said["tenantId"], said["sub"]), "the ids are those of the token")
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError):
        return
    keys = keys_of_document(document.get("keys") if isinstance(document, dict) else document).keys
    check(all(isinstance(key, RsaKey) for key in keys) and len(keys) <= MAX_KEYS, "a key set has few keys, all RSA")


def _check_unverified(text: str) -> None:
    facts = facts_of(text)
    try:
        secret, read = parse_user_token(text, "token")
    except ConfigurationError as error:
        check(len(text) < 20 or text not in error.message, "an error does not quote a token")  # noqa: PLR2004 - a word
        return
    check(secret.reveal() == text.strip() and facts in (None, read), "both parsers return the same facts")
    read.hint(_NOW)


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def seeds() -> Iterator[bytes]:
    """Yield tokens, claims without a token, and a key set."""
    for header in ({"alg": "RS256", "typ": "JWT", "kid": "k1"}, {"alg": "none"}, {"alg": "HS256", "jku": "x"}):
        token = (
            f"{_encoded(json.dumps(header).encode())}.{_encoded(json.dumps(_CLAIMS).encode())}.{_encoded(b'signature')}"
        )
        yield token.encode()
        yield f"Bearer {token}".encode()
    for change in ({}, {"exp": 1}, {"aud": ["client", "x"]}, {"type": "vendor"}, {"nbf": 1e300}, {"iat": True}):
        yield json.dumps(_CLAIMS | change).encode()
    modulus = _encoded(b"\xc1" + b"\x01" * 255)
    yield json.dumps({"keys": [{"kty": "RSA", "kid": "k1", "n": modulus, "e": "AQAB", "alg": "RS256"}]}).encode()


TARGET = Target("tokens", run, seeds)
