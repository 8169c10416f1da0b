"""Validate JSON Web Tokens: parse a token with PyJWT, and check its header and its claims.

The functions return errors instead of raising them, so that no traceback contains a token. Only the header is read
before the signature is verified. A header may name the key. A header with any other field that changes the verification
is refused.

PyJWT parses tokens and verifies signatures. PyJWT does not check the claims, because it uses the system clock, and it
accepts text and booleans as times.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Final, TypeAlias, cast

import attrs

from frontegg_async._core.auth.numeric_dates import seconds_of
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value
from frontegg_async.errors import ErrorDetails, TokenVerificationError
from frontegg_async.models.claims import ACCESS_TYPES, Claims, TokenType

MAX_TOKEN: Final = 16 * 1024
"""The longest token, in characters."""

MAX_KEY_ID: Final = 256

_Json: TypeAlias = Mapping[str, JsonValue]

_HEADER: Final = re.compile(r"bearer +(\S.*)", re.ASCII | re.IGNORECASE | re.DOTALL)
_KINDS: Final = frozenset({"jwt", "at+jwt"})
_TIMES: Final = ("exp", "iat")
_ENCRYPTED_PARTS: Final = 5
_KEYS_INSIDE: Final = ("jwk", "jku", "x5c", "x5u")
_VENDOR: Final = "vendor"
_SHOWN: Final = 100


def refuse(reason: str, message: str) -> TokenVerificationError:
    """Return the error for a refused token."""
    return TokenVerificationError(message, ErrorDetails(reason=reason))


@attrs.frozen(eq=False)
class SignedToken:
    """The parts of a token whose signature is not verified yet.

    Args:
        key_id: The id of the key, if the header contains one.
        signed: The bytes that were signed.
        payload: The encoded claims.
        signature: The signature.
    """

    key_id: str | None
    signed: bytes = attrs.field(repr=False)
    payload: bytes = attrs.field(repr=False)
    signature: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Expectations(Value):
    """The expected claims of a token.

    Args:
        issuer: The issuer. ``None`` accepts any issuer whose key verifies the token.
        audiences: The accepted audiences. The token must contain at least one of them. An empty tuple accepts any
            audience.
        leeway: The allowed difference between the clocks, in seconds.
        endless: The types of tokens that may lack an expiry, because the service is asked whether each token is valid.
    """

    issuer: str | None
    audiences: Collection[str]
    leeway: float
    endless: Collection[str] = ()


def bearer(header: object) -> str | TokenVerificationError:
    """Return the token of an ``Authorization`` header.

    Args:
        header: The value of the header. ``None`` if the request has no such header.
    """
    if header is None or header == "":
        return refuse("missing", "there is no token: the request has no Authorization header")
    matched = _HEADER.fullmatch(header) if isinstance(header, str) else None
    if matched is None:
        return refuse("malformed", "the Authorization header must be 'Bearer', a space and a token")
    return matched.group(1)


def split(token: object, algorithm: str) -> SignedToken | TokenVerificationError:
    """Split a token into its parts and check its header.

    Args:
        token: The token.
        algorithm: The algorithm with which it must be signed.
    """
    import jwt  # noqa: PLC0415 - see `keys.check_extra`
    from jwt import api_jws  # noqa: PLC0415 - likewise

    if not isinstance(token, str):
        return refuse("malformed", f"the token must be text, not {type(token).__name__}")
    if not token:
        return refuse("missing", "there is no token: the text is empty")
    if len(token) > MAX_TOKEN:
        return refuse("too_large", f"the token has {len(token)} characters; at most {MAX_TOKEN} are allowed")
    if token[:7].lower() == "bearer ":
        return refuse("malformed", "the token begins with 'Bearer': give the JWT alone")
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004 - header, payload and signature
        return refuse("malformed", _why_no_jwt(len(parts)))
    try:
        # The signature cannot be verified yet: the header names the key.
        parsed = api_jws.decode_complete(token, options={"verify_signature": False})
    except (jwt.InvalidTokenError, ValueError):
        parsed = None
    # PyJWT accepts padding, empty parts, and a header with repeated names.
    is_strict = "=" not in token and "" not in parts
    fields = parse_object(base64.urlsafe_b64decode(parts[0] + "==")) if parsed and is_strict else None
    if parsed is None or fields is None:
        return refuse(
            "malformed",
            "the token is no JWT: its three parts must be base64url without padding, and its header one JSON object "
            "without repeated names and critical extensions, whose key id is text",
        )
    problem = _problem_of_header(fields, algorithm)
    if problem is not None:
        return problem
    signed = token.rpartition(".")[0].encode()
    return SignedToken(cast("str | None", fields.get("kid")), signed, parsed["payload"], parsed["signature"])


def _why_no_jwt(parts: int) -> str:
    if parts == _ENCRYPTED_PARTS:
        return "the token is an encrypted JWT; only signed JWTs are accepted"
    if parts == 1:
        return "the token is no JWT: it is a single word, such as the id of an access token, which proves nothing"
    return f"the token is no JWT: it has {parts} parts with dots between them, not 3"


def parse_object(raw: bytes) -> _Json | None:
    """Return a JSON object, or ``None`` for any other text.

    ``None`` is also returned for an object that different parsers read differently, such as one with repeated names.
    """
    try:
        value: object = _DECODER.decode(raw.decode())
        # Lone surrogates need escapes, and nesting needs brackets. Checking every value would take longer than parsing.
        if b"\\u" in raw or raw.count(b"[") + raw.count(b"{") > arguments.MAX_DEPTH:
            arguments.check_json(value, "token")
    except (ValueError, RecursionError):
        return None
    return cast("_Json", value) if isinstance(value, dict) else None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_number(_text: str) -> float:
    raise ValueError


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError
    return value


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_number, parse_float=_finite)


def _problem_of_header(fields: _Json, algorithm: str) -> TokenVerificationError | None:
    if "crit" in fields or "b64" in fields or "zip" in fields:
        return refuse("malformed", "the header of the token requires an extension that is not supported")
    if any(name in fields for name in _KEYS_INSIDE):
        return refuse("unknown_key", "the header of the token contains a key; only the keys of the issuer are trusted")
    kind = fields.get("typ", "JWT")
    if not isinstance(kind, str) or kind.lower() not in _KINDS or "cty" in fields:
        return refuse("malformed", "the header of the token says that it is not a plain JWT")
    if fields.get("alg") != algorithm:
        return refuse("algorithm", f"the token is not signed with {algorithm}, the algorithm of the issuer's key")
    key_id = fields.get("kid")
    if "kid" in fields and not (isinstance(key_id, str) and 0 < len(key_id) <= MAX_KEY_ID):
        return refuse("malformed", f"the key id of the token is not a text of 1 to {MAX_KEY_ID} characters")
    return None


def judge(
    payload: bytes, expected: Expectations, types: Collection[str], now: float
) -> Claims | TokenVerificationError:
    """Return the claims of a token whose signature is verified, or the error if a claim is not as expected.

    Args:
        payload: The encoded claims.
        expected: The expected claims.
        types: The accepted types of tokens.
        now: The current time, in seconds of the epoch.
    """
    fields = parse_object(payload)
    if fields is None:
        return refuse("malformed", "the token's claims must be one JSON object without repeated names")
    problem = _problem_of_type(fields.get("type"), types)
    if problem is not None:
        return problem
    lacking = [name for name in ("sub", "iss", "tenantId") if not _is_name(fields.get(name))]
    is_endless = "exp" not in fields and fields["type"] in expected.endless
    lacking += [name for name in _TIMES if seconds_of(fields.get(name)) is None and not (name == "exp" and is_endless)]
    said = fields.get("aud")
    audience = (said,) if isinstance(said, str) and said else _texts(said) or ()
    if not audience:
        lacking.append("aud")
    if "nbf" in fields and seconds_of(fields["nbf"]) is None:
        lacking.append("nbf")
    if lacking:
        return refuse("claims", f"the token has missing or malformed claims: {', '.join(lacking)}")
    problem = _problem_of_audience(fields, audience, expected) or _problem_of_time(fields, expected.leeway, now)
    return problem or _claims(fields, audience)


def _problem_of_type(kind: object, types: Collection[str]) -> TokenVerificationError | None:
    if isinstance(kind, str) and kind in types:
        return None
    wanted = " or ".join(sorted(types))
    if isinstance(kind, str) and kind in ACCESS_TYPES:
        return refuse(
            "type",
            f"the token is an access token ({kind}), and a {wanted} is expected: access tokens are sent in x-api-key, "
            "and AsyncAccessTokenVerifier verifies them",
        )
    if kind == _VENDOR:
        return refuse("type", f"the token is the token of an environment (vendor token), and a {wanted} is expected")
    if not _is_name(kind):
        return refuse("type", f"the token does not say its type, and a {wanted} is expected")
    if ACCESS_TYPES.issuperset(types):
        return refuse(
            "type",
            f"the token is of type {_shown(cast('str', kind))}, and an access token ({wanted}) is expected: "
            "other tokens are sent in Authorization, and AsyncTokenVerifier verifies them",
        )
    return refuse(
        "type",
        f"the token is of type {_shown(cast('str', kind))}, and a {wanted} is expected; the argument types=... "
        "accepts other types",
    )


def _problem_of_audience(
    fields: _Json, audience: tuple[str, ...], expected: Expectations
) -> TokenVerificationError | None:
    issuer = cast("str", fields["iss"])
    if expected.issuer is not None and issuer != expected.issuer:
        return refuse(
            "issuer",
            f"the token was issued by {_shown(issuer)}, and {_shown(expected.issuer)} is expected: "
            "the token belongs to another environment, or the setting domain or issuer is not the address where users "
            "sign in",
        )
    if expected.audiences and not any(each in expected.audiences for each in audience):
        return refuse(
            "audience",
            "the token is for another audience: the token belongs to another environment or application, "
            "or the setting audience lacks the client id or application id of the token",
        )
    return None


def _problem_of_time(fields: _Json, leeway: float, now: float) -> TokenVerificationError | None:
    expires = cast("float | None", fields.get("exp"))
    if expires is not None and now - leeway >= expires:
        return refuse("expired", f"the token expired {now - expires:.0f} s ago: its sender needs a new one")
    starts = max(cast("float", fields["iat"]), cast("float", fields.get("nbf", 0)))
    if starts > now + leeway:
        return refuse(
            "not_yet_valid",
            f"the token becomes valid in {starts - now:.0f} s: compare the clock of this machine with the clock of "
            "the issuer",
        )
    return None


def _claims(fields: _Json, audience: tuple[str, ...]) -> Claims:
    extra = dict(fields)
    kind = cast("str", extra.pop("type"))
    return Claims(
        type=TokenType(kind) if kind in _KNOWN else kind,
        subject=cast("str", extra.pop("sub")),
        tenant_id=cast("str", extra.pop("tenantId")),
        tenant_ids=_take_texts(extra, "tenantIds"),
        roles=_take_texts(extra, "roles"),
        permissions=_take_texts(extra, "permissions"),
        email=_take_text(extra, "email"),
        name=_take_text(extra, "name"),
        metadata=extra.pop("metadata", None),
        issued_at=datetime.fromtimestamp(cast("float", extra.pop("iat")), UTC),
        expires_at=datetime.fromtimestamp(cast("float", extra.pop("exp")), UTC) if "exp" in extra else None,
        audience=audience,
        issuer=cast("str", extra.pop("iss")),
        extra={name: value for name, value in extra.items() if name != "aud"},
    )


_KNOWN: Final = frozenset(kind.value for kind in TokenType)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value != "" and value.isprintable()


def _texts(value: object) -> tuple[str, ...] | None:
    """Return the texts of a list, or ``None`` if the list contains other items."""
    if not isinstance(value, list):
        return None
    items = cast("list[object]", value)
    return tuple(cast("list[str]", items)) if all(isinstance(item, str) for item in items) else None


def _take_texts(extra: dict[str, JsonValue], name: str) -> tuple[str, ...]:
    """Remove a list of texts from ``extra`` and return it. Any other value stays in ``extra`` and grants nothing."""
    texts = _texts(extra.get(name))
    if texts is None:
        return ()
    del extra[name]
    return texts


def _take_text(extra: dict[str, JsonValue], name: str) -> str | None:
    if isinstance(extra.get(name), str | None):
        return cast("str | None", extra.pop(name, None))
    return None


def _shown(text: str) -> str:
    return ascii(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")
