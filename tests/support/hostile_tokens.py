"""Invalid tokens by name, each with the reason for which it is refused."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.support.signing import AUDIENCE, ISSUER, b64, claims, dumps, jwk, pem_of, rsa_key, sign

NOW: Final = 1_700_000_000.0
"""The wall time at which they are verified."""

CANARY: Final = "canary@example.com"
"""An email address in one of them, which no error may show."""


def _with(payload: bytes, old: bytes, new: bytes) -> bytes:
    assert old in payload
    return payload.replace(old, new, 1)


def _padded(token: str, index: int, padding: str) -> str:
    parts = token.split(".")
    parts[index] += padding
    return ".".join(parts)


def _respelled(token: str) -> str:
    """Return a token whose last character has meaningless bits set: it decodes to the same bytes."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    assert len(token.rpartition(".")[2]) % 4 == 2
    return token[:-1] + alphabet[alphabet.index(token[-1]) + 1]


GOOD: Final = sign(claims())
_HEAD, _BODY, _SIGNATURE = GOOD.split(".")
_PLAIN: Final = dumps(claims())
_STRANGER: Final = rsa_key("stranger")
_PUBLIC_PEM: Final = pem_of(rsa_key()).encode()

NO_TIMES: Final[tuple[Any, ...]] = (True, None, "9999999999", -1, 253_402_300_800, 10**18, [], {})
HOSTILE: Final[dict[str, tuple[Any, str]]] = {
    # not a token
    "none": (None, "malformed"),
    "bytes": (GOOD.encode(), "malformed"),
    "a number": (7, "malformed"),
    "empty": ("", "missing"),
    "opaque": ("2b1f7c3e-8d4a-4c1e-9f6b-1a2b3c4d5e6f", "malformed"),
    "two parts": (f"{_HEAD}.{_BODY}", "malformed"),
    "four parts": (f"{GOOD}.x", "malformed"),
    "encrypted": (f"{GOOD}.x.y", "malformed"),
    "with its scheme": (f"Bearer {GOOD}", "malformed"),
    "spaces around": (f" {GOOD} ", "malformed"),
    "a line break": (f"{GOOD}\n", "malformed"),
    "no signature": (f"{_HEAD}.{_BODY}.", "malformed"),
    "no header": (f".{_BODY}.{_SIGNATURE}", "malformed"),
    "no claims": (f"{_HEAD}..{_SIGNATURE}", "malformed"),
    "dots": ("..", "malformed"),
    "a NUL": (GOOD.replace(".", ".\0", 1), "malformed"),
    "letters of others": (GOOD.replace(".", ".\u0430", 1), "malformed"),
    "a lone surrogate": (GOOD + "\ud800", "malformed"),
    "huge": (f"{GOOD}{'A' * 16_384}", "too_large"),
    "huge claims": (sign(claims(pad="x" * 16_384)), "too_large"),
    # non-canonical encodings
    "padding of the header": (_padded(GOOD, 0, "="), "malformed"),
    "padding of the claims": (_padded(GOOD, 1, "=="), "malformed"),
    "padding of the signature": (_padded(GOOD, 2, "=="), "malformed"),
    "plain base64": (GOOD[:-4] + "+/+/", "malformed"),
    "meaningless bits": (_respelled(GOOD), "malformed"),
    "a part of 4n+1 letters": (f"{_HEAD}.{_BODY}.AAAAA", "malformed"),
    # the header
    "header that is no JSON": (sign(claims(), header=b"not JSON"), "malformed"),
    "header that is an array": (sign(claims(), header=[]), "malformed"),
    "header that is null": (sign(claims(), header=b"null"), "malformed"),
    "header without algorithm": (sign(claims(), alg=None), "algorithm"),
    "algorithm none": (f"{b64(dumps({'alg': 'none'}))}.{_BODY}.AA", "algorithm"),
    "algorithm nOnE": (sign(claims(), alg="nOnE"), "algorithm"),
    "algorithm none, unsigned": (f"{b64(dumps({'alg': 'none'}))}.{_BODY}.", "malformed"),
    "algorithm as a list": (sign(claims(), alg=["RS256"]), "algorithm"),
    "algorithm in small letters": (sign(claims(), alg="rs256"), "algorithm"),
    "another algorithm of the key": (sign(claims(), alg="RS512"), "algorithm"),
    "a padding of another algorithm": (sign(claims(), alg="PS256"), "algorithm"),
    "HS256 with the public key": (sign(claims(), secret=_PUBLIC_PEM), "algorithm"),
    "HS256 with the public key's text": (sign(claims(), secret=_PUBLIC_PEM.strip()), "algorithm"),
    "HS256 that says RS256": (sign(claims(), secret=_PUBLIC_PEM, alg="RS256"), "signature"),
    "HS256 with nothing": (sign(claims(), secret=b"", alg="RS256"), "signature"),
    "an algorithm twice": (sign(claims(), header=b'{"alg":"none","alg":"RS256","kid":"k1"}'), "malformed"),
    "a key's name twice": (sign(claims(), header=b'{"alg":"RS256","kid":"k2","kid":"k1"}'), "malformed"),
    "another typ": (sign(claims(), typ="dpop+jwt"), "malformed"),
    "typ that is no text": (sign(claims(), typ=1), "malformed"),
    "a token in a token": (sign(dumps(GOOD), cty="JWT"), "malformed"),
    "critical extensions": (sign(claims(), crit=["exp"], exp=1), "malformed"),
    "no critical extensions": (sign(claims(), crit=[]), "malformed"),
    "claims that are not base64": (sign(claims(), b64=False), "malformed"),
    "compressed": (sign(claims(), zip="DEF"), "malformed"),
    "an embedded key": (sign(claims(), key=_STRANGER, jwk=jwk("k1", key=_STRANGER)), "unknown_key"),
    "an address of keys": (sign(claims(), key=_STRANGER, jku="https://evil.example/jwks.json"), "unknown_key"),
    "a certificate": (sign(claims(), key=_STRANGER, x5c=["MIIB"]), "unknown_key"),
    "an address of certificates": (sign(claims(), key=_STRANGER, x5u="https://evil.example/"), "unknown_key"),
    "a key's name that is no text": (sign(claims(), header={"alg": "RS256", "kid": 1}), "malformed"),
    "a key's name that is null": (sign(claims(), header={"alg": "RS256", "kid": None}), "malformed"),
    "an empty key's name": (sign(claims(), kid=""), "malformed"),
    "a long key's name": (sign(claims(), kid="k" * 257), "malformed"),
    "a path as a key's name": (sign(claims(), kid="../../dev/null"), "unknown_key"),
    "an unknown key's name": (sign(claims(), kid="k3"), "unknown_key"),
    "no key's name, of two": (sign(claims(), kid=None), "unknown_key"),
    "the name of another key": (sign(claims(), kid="k2"), "signature"),
    "a nested header": (sign(claims(), header=b'{"alg":"RS256","a":' + b"[" * 9_000), "malformed"),
    # the signature
    "a stranger's signature": (sign(claims(), key=_STRANGER), "signature"),
    "a signature of zeros": (f"{_HEAD}.{_BODY}.{b64(bytes(256))}", "signature"),
    "a short signature": (f"{_HEAD}.{_BODY}.{b64(b'x')}", "signature"),
    "a signature of other claims": (f"{_HEAD}.{b64(dumps(claims(sub='admin')))}.{_SIGNATURE}", "signature"),
    "a signature of another header": (f"{b64(dumps({'alg': 'RS256', 'kid': 'k1'}))}.{_BODY}.{_SIGNATURE}", "signature"),
    # the claims, with a valid signature
    "claims that are no JSON": (sign(b"not JSON"), "malformed"),
    "claims that are an array": (sign(b"[1]"), "malformed"),
    "claims that are text": (sign(b'"text"'), "malformed"),
    "claims that are not UTF-8": (sign(_with(_PLAIN, b"user-1", b"user-\xff")), "malformed"),
    "claims in UTF-16": (sign(json.dumps(claims()).encode("utf-16")), "malformed"),
    "claims behind a byte order mark": (sign(b"\xef\xbb\xbf" + _PLAIN), "malformed"),
    "claims and something more": (sign(_PLAIN + b"{}"), "malformed"),
    "claims with a lone surrogate": (sign(_with(_PLAIN, b"user-1", b"user-\\ud800")), "malformed"),
    "nested claims": (sign(_PLAIN[:-1] + b', "a": ' + b"[" * 4_000 + b"]" * 4_000 + b"}"), "malformed"),
    "a subject twice": (sign(_PLAIN[:-1] + b', "sub": "admin"}'), "malformed"),
    "an end twice": (sign(_PLAIN[:-1] + b', "exp": 9999999999}'), "malformed"),
    "a permission twice, inside": (sign(_PLAIN[:-1] + b', "metadata": {"a": 1, "a": 2}}'), "malformed"),
    "a number that is none": (sign(_PLAIN[:-1] + b', "a": NaN}'), "malformed"),
    "a number without end": (sign(_PLAIN[:-1] + b', "a": 1e400}'), "malformed"),
    "a number of 5,000 digits": (sign(_PLAIN[:-1] + b', "a": ' + b"9" * 5_000 + b"}"), "malformed"),
    **{
        f"no {name}": (sign({k: v for k, v in claims().items() if k != name}), "claims")
        for name in ("exp", "iat", "iss", "aud", "sub", "tenantId")
    },
    "no type": (sign(claims(type=None)), "type"),
    "null as a type": (sign({**claims(), "type": None}), "type"),
    "a type of another kind": (sign(claims(type=["userToken"])), "type"),
    "a vendor token": (sign({"type": "vendor", "vendorId": "v", "iat": NOW, "exp": NOW + 60}, kid="k1"), "type"),
    "a vendor token with claims": (sign(claims(type="vendor")), "type"),
    "an empty subject": (sign(claims(sub="")), "claims"),
    "a subject that is a number": (sign(claims(sub=7)), "claims"),
    "a subject with a line break": (sign(claims(sub="a\nb")), "claims"),
    "a tenant that is a list": (sign(claims(tenantId=["acme"])), "claims"),
    "an audience that is empty": (sign(claims(aud="")), "claims"),
    "no audience at all": (sign(claims(aud=[])), "claims"),
    "an audience of numbers": (sign(claims(aud=[1, AUDIENCE])), "claims"),
    "an audience that is an object": (sign(claims(aud={AUDIENCE: 1})), "claims"),
    "an audience that is true": (sign(claims(aud=True)), "claims"),
    **{
        f"{name} as {value!r}": (sign({**claims(), name: value}), "claims")
        for name in ("exp", "iat", "nbf")
        for value in NO_TIMES
    },
    "an end in scientific notation": (sign(_with(_PLAIN, b'"exp": 1700003600', b'"exp": 1e308')), "claims"),
    "an end of another century": (sign(claims(exp=0, iat=0)), "expired"),
    "an expired one": (sign(claims(exp=NOW - 11, iat=NOW - 60)), "expired"),
    "one of tomorrow": (sign(claims(iat=NOW + 86_400, exp=NOW + 90_000)), "not_yet_valid"),
    "not before tomorrow": (sign(claims(nbf=NOW + 86_400, exp=NOW + 90_000)), "not_yet_valid"),
    "of another environment": (sign(claims(iss="https://app-other.frontegg.com")), "issuer"),
    "an issuer with a slash": (sign(claims(iss=f"{ISSUER}/")), "issuer"),
    "an issuer in capitals": (sign(claims(iss=ISSUER.upper())), "issuer"),
    "an issuer that begins alike": (sign(claims(iss=f"{ISSUER}.evil.example")), "issuer"),
    "an issuer that is a list": (sign(claims(iss=[ISSUER])), "claims"),
    "an issuer with a line break": (sign(claims(iss=f"{ISSUER}\n")), "claims"),
    "for another audience": (sign(claims(aud="client-2", email=CANARY)), "audience"),
}
