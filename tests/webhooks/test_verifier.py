"""``WebhookVerifier``: whose headers are accepted, and every forgery that is not."""

from __future__ import annotations

import base64
import importlib
import json
import traceback
from collections.abc import Mapping
from typing import Any, Final

import jwt
import pytest

from frontegg_async import ConfigurationError, InvalidArgumentError, Secret, WebhookVerificationError
from frontegg_async.errors import WebhookPayloadError
from frontegg_async.webhooks import WebhookVerifier, parse_event
from tests.support.signing import rsa_key

SECRET: Final = "the secret of a hook, of thirty-two bytes or more, which nobody else has"
OLD: Final = "the secret that it had before, and that some deliveries are still signed with"
NOW: Final = 1_700_000_000.0
HEADER: Final = "x-webhook-secret"


def signed(secret: str = SECRET, algorithm: str = "HS256", **claims: object) -> str:
    """Return a header as the service makes it."""
    return jwt.encode(dict(claims), secret, algorithm)


def _unsigned(header: Mapping[str, object], claims: Mapping[str, object], signature: str = "") -> str:
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims))
    return ".".join((*parts, signature))


def _raw(claims: bytes) -> str:
    return jwt.PyJWS().encode(claims, SECRET, "HS256")


def _verifier(secret: Any = SECRET, **settings: Any) -> WebhookVerifier:
    return WebhookVerifier(secret, clock=lambda: NOW, **settings)


GOOD: Final = signed(iat=NOW, exp=NOW + 300)

ACCEPTED: Final[dict[str, tuple[dict[str, Any], Any, dict[str, Any]]]] = {
    "as sent": ({}, SECRET, {HEADER: GOOD}),
    "a name in capitals": ({}, SECRET, {"X-Webhook-Secret": GOOD}),
    "a list of values": ({}, SECRET, {HEADER: [GOOD]}),
    "beside other headers": ({}, SECRET, {"host": "example", 7: 8, HEADER: (GOOD,)}),
    "without any claim": ({}, SECRET, {HEADER: signed()}),
    "a hidden secret": ({}, Secret(SECRET), {HEADER: GOOD}),
    "the first of two secrets": ({}, [SECRET, OLD], {HEADER: GOOD}),
    "the second of two secrets": ({}, (SECRET, OLD), {HEADER: signed(OLD, iat=NOW)}),
    "made a moment ahead": ({}, SECRET, {HEADER: signed(iat=NOW + 10)}),
    "just expired, within the leeway": ({}, SECRET, {HEADER: signed(exp=NOW - 9)}),
    "just young enough": ({"max_age": 60}, SECRET, {HEADER: signed(iat=NOW - 70)}),
    "of unknown age": ({"max_age": 60}, SECRET, {HEADER: signed()}),
    "another algorithm by option": ({"algorithm": "HS512"}, SECRET, {HEADER: signed(algorithm="HS512")}),
    "the bare secret by option": ({"allow_bare_secret": True}, [OLD, SECRET], {HEADER: SECRET}),
    "a JWT where the bare secret is allowed": ({"allow_bare_secret": True}, SECRET, {HEADER: GOOD}),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_what_the_service_signs_is_accepted(case: str) -> None:
    """In each form that frameworks give headers in, and with each secret while one replaces another."""
    settings, secret, headers = ACCEPTED[case]

    _verifier(secret, **settings).verify(headers)


REFUSED: Final[dict[str, tuple[dict[str, Any], Any, str]]] = {
    "no header": ({}, {}, "missing"),
    "the header of another": ({}, {"x-secret": GOOD}, "missing"),
    "an empty header": ({}, {HEADER: ""}, "missing"),
    "an empty list": ({}, {HEADER: []}, "missing"),
    "two values": ({}, {HEADER: [GOOD, GOOD]}, "ambiguous"),
    "two names": ({}, {HEADER: GOOD, "X-WEBHOOK-SECRET": GOOD}, "ambiguous"),
    "two values that a server joined": ({}, {HEADER: f"{GOOD}, {GOOD}"}, "malformed"),
    "no text": ({}, {HEADER: GOOD.encode()}, "malformed"),
    "nothing": ({}, {HEADER: None}, "malformed"),
    "a word": ({}, {HEADER: "secret"}, "malformed"),
    "the bare secret": ({}, {HEADER: SECRET}, "malformed"),
    "another bare secret": ({"allow_bare_secret": True}, {HEADER: OLD}, "malformed"),
    "a lone surrogate": ({"allow_bare_secret": True}, {HEADER: "\ud800"}, "malformed"),
    "a megabyte": ({}, {HEADER: "a" * 2**20}, "too_large"),
    "a megabyte of dots": ({}, {HEADER: "." * 2**20}, "too_large"),
    "a megabyte of bare secret": ({"allow_bare_secret": True}, {HEADER: SECRET * 20_000}, "too_large"),
    "a bearer": ({}, {HEADER: f"Bearer {GOOD}"}, "malformed"),
    "no algorithm, unsigned": ({}, {HEADER: _unsigned({"alg": "none"}, {"iat": NOW})}, "malformed"),
    "no algorithm, signed": ({}, {HEADER: _unsigned({"alg": "none"}, {}, GOOD.split(".")[2])}, "algorithm"),
    "an algorithm in other letters": ({}, {HEADER: _unsigned({"alg": "hs256"}, {}, "AA")}, "algorithm"),
    "a stronger algorithm": ({}, {HEADER: signed(algorithm="HS384")}, "algorithm"),
    "a weaker one than the option": ({"algorithm": "HS384"}, {HEADER: GOOD}, "algorithm"),
    "a key pair": ({}, {HEADER: jwt.encode({}, rsa_key(), "RS256")}, "algorithm"),
    "its own key": (
        {},
        {HEADER: _unsigned({"alg": "HS256", "jwk": {"k": "AA"}}, {}, "AA")},
        "unknown_key",
    ),
    "another secret": ({}, {HEADER: signed(OLD, iat=NOW)}, "signature"),
    "other claims": ({}, {HEADER: f"{signed(iat=1).rpartition('.')[0]}.{GOOD.split('.')[2]}"}, "signature"),
    "a changed signature": ({}, {HEADER: f"{GOOD.rpartition('.')[0]}.AAAA"}, "signature"),
    "expired": ({}, {HEADER: signed(exp=NOW - 10)}, "expired"),
    "of the future": ({}, {HEADER: signed(iat=NOW + 11)}, "not_yet_valid"),
    "not before": ({}, {HEADER: signed(nbf=NOW + 11)}, "not_yet_valid"),
    "too old": ({"max_age": 60}, {HEADER: signed(iat=NOW - 71, exp=NOW + 300)}, "expired"),
    "a time that is text": ({}, {HEADER: signed(iat="now")}, "claims"),
    "a time that is true": ({}, {HEADER: _raw(b'{"exp": true}')}, "claims"),
    "a time that is null": ({}, {HEADER: signed(nbf=None)}, "claims"),
    "a time without end": ({}, {HEADER: signed(exp=10**300)}, "claims"),
    "claims that are a list": ({}, {HEADER: _raw(b"[]")}, "malformed"),
    "claims that are no JSON": ({}, {HEADER: _raw(b"\xff")}, "malformed"),
    "a claim twice": ({}, {HEADER: _raw(b'{"exp":1,"exp":9999999999}')}, "malformed"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_every_forgery_is_refused(case: str) -> None:
    """Each with its reason, without a part of the header or a secret in the error, and also while secrets change."""
    settings, headers, reason = REFUSED[case]

    for secret in (SECRET, [f"{OLD}, long ago", SECRET]):
        with pytest.raises(WebhookVerificationError) as caught:
            _verifier(secret, **settings).verify(headers)

        assert caught.value.reason == reason
        shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
        assert SECRET not in shown
        assert GOOD.split(".")[2] not in shown
        frames = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
        assert frames == [__file__]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"secret": ""}, "secret must not be empty"),
        ({"secret": " \n"}, "secret must not be empty"),
        ({"secret": []}, "at least one secret"),
        ({"secret": [SECRET, ""]}, "secret must not be empty"),
        ({"secret": None}, "not NoneType"),
        ({"secret": SECRET.encode()}, "not bytes"),
        ({"secret": [SECRET.encode()]}, "of bytes"),
        ({"secret": {SECRET: 1}}, "not dict"),
        ({"secret": "\ud800"}, "lone surrogate"),
        ({"algorithm": "none"}, "algorithm must be one of HS256, HS384, HS512"),
        ({"algorithm": ["HS256"]}, "algorithm must be one of HS256, HS384, HS512, not list"),
        ({"algorithm": "RS256"}, "algorithm must be one of"),
        ({"allow_bare_secret": 1}, "allow_bare_secret must be True or False"),
        ({"max_age": 0}, "max_age must be a positive number"),
        ({"max_age": float("nan")}, "max_age must be a positive number"),
        ({"leeway": 61}, "leeway must be"),
        ({"clock": 1}, "clock must be a function"),
    ],
)
def test_settings_are_checked(settings: dict[str, Any], message: str) -> None:
    """When the verifier is made, in words, and without the secret."""
    with pytest.raises(ConfigurationError, match=message) as caught:
        WebhookVerifier(**{"secret": SECRET, **settings})

    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("body", [{"eventKey": "a.b"}, '{"eventKey": "a.b"}', b'{"eventKey": "a.b"}'])
def test_an_event_is_read_once_its_header_is_verified(body: Any) -> None:
    """A header of somebody else is refused before the body is looked at; then a body without an event is."""
    assert _verifier().read({HEADER: GOOD}, body) == parse_event(body)
    for wrong in (body, b"nonsense"):
        with pytest.raises(WebhookVerificationError):
            _verifier().read({HEADER: signed(OLD)}, wrong)
    with pytest.raises(WebhookPayloadError):
        _verifier().read({HEADER: GOOD}, b"nonsense")


def test_headers_must_be_a_mapping() -> None:
    """A mistake of the program is told as one, and not as a forgery."""
    with pytest.raises(InvalidArgumentError, match="headers must be the mapping of a request's headers, not str"):
        _verifier().verify(GOOD)


def test_no_secret_is_shown() -> None:
    """Neither by the verifier nor by what it has."""
    verifier = _verifier([SECRET, OLD])

    assert repr(verifier) == "WebhookVerifier(algorithm='HS256')"
    assert SECRET not in repr(vars(verifier))


def test_both_packages_export_the_same() -> None:
    """They are plain functions, which both kinds of programs call."""
    blocking, awaited = (importlib.import_module(f"{name}.webhooks") for name in ("frontegg_sync", "frontegg_async"))

    assert blocking.__all__ == awaited.__all__
    assert all(getattr(blocking, name) is getattr(awaited, name) for name in awaited.__all__)
