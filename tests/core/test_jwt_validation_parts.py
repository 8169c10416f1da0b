"""Each malformed token gets a helpful message; limits of size are exact."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from frontegg_async._core.auth.jwt_validation import MAX_TOKEN, Expectations, SignedToken, bearer, judge, split
from frontegg_async.errors import TokenVerificationError
from frontegg_async.models.claims import Claims, TokenType


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


_HEADER = _part({"alg": "RS256", "typ": "JWT", "kid": "k1"})
_PAYLOAD = _part({"sub": "u1"})


@pytest.mark.parametrize(
    ("token", "reason", "message"),
    [
        (None, "malformed", "must be text, not NoneType"),
        (b"a.b.c", "malformed", "must be text, not bytes"),
        ("", "missing", "the text is empty"),
        ("bearer a.b.c", "malformed", "begins with 'Bearer'"),
        ("Bearer x", "malformed", "begins with 'Bearer'"),
        ("Bearer a", "malformed", "begins with 'Bearer'"),
        ("Bearer", "malformed", "no JWT: it is a single word"),
        ("opaque", "malformed", "no JWT: it is a single word"),
        ("a.b", "malformed", "it has 2 parts"),
        ("a.b.c.d", "malformed", "it has 4 parts"),
        ("a.b.c.d.e", "malformed", "an encrypted JWT"),
        ("a.b.c.d.e.f", "malformed", "it has 6 parts"),
        ("..", "malformed", "base64url without padding"),
        (f"{_HEADER}.{_PAYLOAD}.", "malformed", "base64url without padding"),
        (f"{_HEADER}..c2ln", "malformed", "base64url without padding"),
        (f"{_HEADER}.{_PAYLOAD}.c2ln=", "malformed", "base64url without padding"),
        (f"{_HEADER}.{_PAYLOAD}.c2lnx", "malformed", "base64url without padding"),
        (f"{_HEADER}.{_PAYLOAD}.c2l+", "malformed", "base64url without padding"),
        (f"{_HEADER}.{_PAYLOAD}.c2", "malformed", "base64url without padding"),
        (f"{_HEADER}.{_PAYLOAD}.c2ln\ud800", "malformed", "base64url without padding"),
        (f"{_part([])}.{_PAYLOAD}.c2ln", "malformed", "one JSON object"),
        (f"{_part({'alg': 'RS256', 'crit': ['exp']})}.{_PAYLOAD}.c2ln", "malformed", "critical extensions"),
        (f"{_part({'alg': 'RS256', 'kid': 5})}.{_PAYLOAD}.c2ln", "malformed", "key id is text"),
    ],
)
def test_what_is_no_token(token: Any, reason: str, message: str) -> None:
    """Nothing of the token is quoted."""
    problem = split(token, "RS256")
    assert isinstance(problem, TokenVerificationError)
    assert problem.reason == reason
    assert message in problem.message


def test_the_longest_token() -> None:
    """16,384 characters are looked at, one more is not."""
    start = f"{_HEADER}.{_PAYLOAD}."
    room = MAX_TOKEN - len(start)
    longest = start + "A" * room
    problem = split(longest + "A", "RS256")
    assert isinstance(problem, TokenVerificationError)
    assert problem.reason == "too_large"
    assert f"{MAX_TOKEN + 1} characters" in problem.message
    parts = split(longest if room % 4 != 1 else f"{start}{'A' * (room - 1)}", "RS256")
    assert isinstance(parts, SignedToken)
    assert (parts.key_id, parts.payload, parts.signed.decode()) == ("k1", b'{"sub": "u1"}', start[:-1])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"typ": "at+jwt"}, None),
        ({"typ": "AT+JWT"}, None),
        ({"typ": "jose"}, "malformed"),
        ({"typ": 5}, "malformed"),
        ({"typ": None}, "malformed"),
        ({"cty": "JWT"}, "malformed"),
        ({"crit": ["exp"]}, "malformed"),
        ({"b64": False}, "malformed"),
        ({"b64": True}, "malformed"),
        ({"b64": True, "crit": ["b64"]}, "malformed"),
        ({"zip": "DEF"}, "malformed"),
        ({"jwk": {}}, "unknown_key"),
        ({"jku": "https://evil.example"}, "unknown_key"),
        ({"x5c": []}, "unknown_key"),
        ({"x5u": ""}, "unknown_key"),
        ({"alg": "none"}, "algorithm"),
        ({"alg": "HS256"}, "algorithm"),
        ({"alg": "rs256"}, "algorithm"),
        ({"alg": None}, "algorithm"),
        ({"kid": "k"}, None),
        ({"kid": ""}, "malformed"),
        ({"kid": None}, "malformed"),
        ({"kid": 5}, "malformed"),
        ({"kid": "k" * 256}, None),
        ({"kid": "k" * 257}, "malformed"),
    ],
    ids=str,
)
def test_headers(changes: dict[str, Any], reason: str | None) -> None:
    """A header names the issuer's algorithm and perhaps a key, and asks for nothing."""
    header = _part({"alg": "RS256", "typ": "JWT"} | changes)
    found = split(f"{header}.{_PAYLOAD}.c2ln", "RS256")
    if reason is None:
        assert isinstance(found, SignedToken)
        assert found.key_id == changes.get("kid")
    else:
        assert isinstance(found, TokenVerificationError)
        assert found.reason == reason


_CLAIMS = {
    "type": "userToken",
    "sub": "u1",
    "tenantId": "t1",
    "iss": "https://app.example",
    "aud": "client",
    "iat": 1_000,
    "exp": 2_000,
}
_EXPECTED = Expectations(issuer="https://app.example", audiences=("client",), leeway=10.0)


def _judged(payload: bytes, now: float = 1_500.0) -> str | None:
    """Return why claims are refused, or ``None`` when they are taken."""
    found = judge(payload, _EXPECTED, ("userToken",), now)
    return found.reason if isinstance(found, TokenVerificationError) else None


def _nested(lists: int, objects: int) -> bytes:
    deep = '{"x":' * objects + "[" * lists + "]" * lists + "}" * objects
    return f'{json.dumps(_CLAIMS)[:-1]}, "deep": {deep or "null"}}}'.encode()


@pytest.mark.parametrize(
    ("lists", "objects", "reason"),
    [
        (0, 0, None),
        (127, 0, None),
        (128, 0, "malformed"),
        (1, 126, None),
        (0, 128, "malformed"),
        (64, 63, None),
        (65, 65, "malformed"),
        (5_000, 0, "malformed"),
        (0, 5_000, "malformed"),
    ],
)
def test_how_deep_claims_are(lists: int, objects: int, reason: str | None) -> None:
    """At most 128 levels, of whatever they are."""
    assert _judged(_nested(lists, objects)) == reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"sub": ""}, "claims"),
        ({"sub": None}, "claims"),
        ({"sub": "a\nb"}, "claims"),
        ({"tenantId": 5}, "claims"),
        ({"iss": ""}, "claims"),
        ({"aud": ""}, "claims"),
        ({"aud": []}, "claims"),
        ({"aud": ["client", 5]}, "claims"),
        ({"aud": ["other", "client"]}, None),
        ({"aud": ["other"]}, "audience"),
        ({"aud": "client2"}, "audience"),
        ({"aud": ["client "]}, "audience"),
        ({"aud": "CLIENT"}, "audience"),
        ({"iss": "https://app.example/"}, "issuer"),
        ({"type": "vendor"}, "type"),
        ({"type": ""}, "type"),
        ({"type": ["userToken"]}, "type"),
        ({"type": "other"}, "type"),
        ({"exp": True}, "claims"),
        ({"exp": "2000"}, "claims"),
        ({"exp": -1}, "claims"),
        ({"exp": 253_402_300_800}, "claims"),
        ({"exp": 253_402_300_799}, None),
        ({"iat": None}, "claims"),
        ({"iat": 0}, None),
        ({"nbf": "soon"}, "claims"),
        ({"nbf": None}, "claims"),
        ({"nbf": 1_510}, None),
        ({"nbf": 1_510.5}, "not_yet_valid"),
        ({"iat": 1_510}, None),
        ({"iat": 1_511}, "not_yet_valid"),
        ({"iat": 1_511, "nbf": 1}, "not_yet_valid"),
        ({"exp": 1_490}, "expired"),
        ({"exp": 1_490.5}, None),
    ],
    ids=str,
)
def test_claims(changes: dict[str, Any], reason: str | None) -> None:
    """What every token has, for whom it is, and its time, to the moment."""
    assert _judged(json.dumps(_CLAIMS | changes).encode()) == reason


@pytest.mark.parametrize(
    "payload",
    [
        b"[]",
        b"null",
        b"{",
        b"\xff{}",
        b'{"sub": "u1", "sub": "u2"}',
        b'{"deep": {"a": 1, "a": 2}}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1e400}',
        b'{"a": "\\ud800"}',
        b'{"a": ' + b"9" * 5_000 + b"}",
    ],
)
def test_claims_that_two_readers_read_in_two_ways(payload: bytes) -> None:
    """Repeated names, numbers that are none, lone surrogates: no claims at all."""
    assert _judged(payload) == "malformed"


def test_all_that_claims_say() -> None:
    """Each has its field; what is not known stays, and what has another type entitles to nothing."""
    claims = judge(
        json.dumps(
            _CLAIMS
            | {"tenantIds": ["t1"], "roles": ["r1"], "permissions": ["p1", 2], "email": "a@b.example", "name": None}
            | {"metadata": {"a": 1.5}, "more": [1], "nbf": 1}
        ).encode(),
        _EXPECTED,
        ("userToken",),
        1_500.0,
    )
    assert isinstance(claims, Claims)
    assert claims == Claims(
        type=TokenType.USER,
        subject="u1",
        tenant_id="t1",
        tenant_ids=("t1",),
        roles=("r1",),
        permissions=(),
        email="a@b.example",
        name=None,
        metadata={"a": 1.5},
        issued_at=datetime.fromtimestamp(1_000, UTC),
        expires_at=datetime.fromtimestamp(2_000, UTC),
        audience=("client",),
        issuer="https://app.example",
        extra={"permissions": ["p1", 2], "more": [1], "nbf": 1},
    )


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "missing"),
        ("", "missing"),
        ("Bearer x", "x"),
        ("bearer   x y", "x y"),
        ("BEARER x", "x"),
        ("Bearer ", "malformed"),
        ("Bearer\tx", "malformed"),
        ("Basic x", "malformed"),
        (" Bearer x", "malformed"),
        (5, "malformed"),
    ],
)
def test_the_header(header: Any, expected: str) -> None:
    """The token of an Authorization header, or why there is none."""
    found = bearer(header)
    assert (found.reason if isinstance(found, TokenVerificationError) else found) == expected


@pytest.mark.parametrize(("leeway", "margin"), [(0.0, 0), (60.0, 60)])
def test_the_leeway(leeway: float, margin: int) -> None:
    """A token counts from its beginning to its end, give or take the leeway, which may be none."""
    expected = attrs.evolve(_EXPECTED, leeway=leeway)
    taken = {
        now: judge(json.dumps(_CLAIMS).encode(), expected, ("userToken",), now)
        for now in (999.5 - margin, 1_000.0 - margin, 1_999.5 + margin, 2_000.0 + margin)
    }
    reasons = [found.reason if isinstance(found, TokenVerificationError) else None for found in taken.values()]
    assert reasons == ["not_yet_valid", None, None, "expired"]


def test_what_claims_lack_is_named() -> None:
    """All of it at once, in the order of the documentation."""
    problem = judge(b'{"type": "userToken", "nbf": "soon"}', _EXPECTED, ("userToken",), 1_500.0)
    assert isinstance(problem, TokenVerificationError)
    assert problem.message.endswith("has missing or malformed claims: sub, iss, tenantId, exp, iat, aud, nbf")


@pytest.mark.parametrize(
    ("changes", "now", "message"),
    [
        (
            {"type": "vendor"},
            0.0,
            "the token of an environment (vendor token), and a tenantApiToken or userToken is expected",
        ),
        ({"type": 5}, 0.0, "does not say its type, and a tenantApiToken or userToken is expected"),
        (
            {"type": "other"},
            0.0,
            "is of type 'other', and a tenantApiToken or userToken is expected; the argument types=...",
        ),
        ({"type": "x" * 100}, 0.0, f"is of type '{'x' * 100}', and"),
        ({"type": "x" * 101}, 0.0, f"is of type '{'x' * 100}...', and"),
        ({"type": "\u00e9"}, 0.0, r"is of type '\xe9', and"),
        ({"iss": "https://b.example"}, 0.0, "issued by 'https://b.example', and 'https://app.example' is expected"),
        ({}, 2_012.4, "expired 12 s ago"),
        ({}, 900.4, "becomes valid in 100 s"),
    ],
)
def test_what_people_are_told(changes: dict[str, Any], now: float, message: str) -> None:
    """What is wrong, with what was expected, in ASCII and not at any length."""
    payload = json.dumps(_CLAIMS | changes).encode()
    problem = judge(payload, _EXPECTED, ("userToken", "tenantApiToken"), now)
    assert isinstance(problem, TokenVerificationError)
    assert message in problem.message


def test_a_token_shows_the_name_of_its_key_alone() -> None:
    """Nothing of what it says, and not its signature."""
    assert repr(split(f"{_HEADER}.{_PAYLOAD}.c2ln", "RS256")) == "SignedToken(key_id='k1')"
