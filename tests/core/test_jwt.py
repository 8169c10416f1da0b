"""Tokens as they come in: what is taken, and a table of those that must not be."""

from __future__ import annotations

import datetime as dt
import json
import pickle
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontegg_async.auth import jwt
from frontegg_async.auth.keycache import FixedKeys, Keys
from frontegg_async.auth.keys import KeySet, key_of_pem, key_of_secret, keys_of_document
from frontegg_async.errors import InvalidArgumentError, MissingPermissionError, TokenVerificationError
from frontegg_async.models.claims import Claims, TokenType
from tests.support.signing import (
    AUDIENCE,
    ISSUER,
    SECRET,
    b64,
    claims,
    dumps,
    jwk,
    make_verifier,
    pem_of,
    rsa_key,
    sign,
)

pytestmark = pytest.mark.anyio

NOW: Final = 1_700_000_000.0
CANARY: Final = "canary@example.com"


class GivenKeys(FixedKeys):
    """A key set that does not change."""

    def __init__(self, keys: KeySet) -> None:
        self._set = keys

    async def find(self, key_id: str | None) -> Any:
        """Return the key that a token names."""
        return self._set.find(key_id) or jwt.refuse("unknown_key", "no such key")


def published() -> Keys:
    """Two keys, as an issuer publishes them."""
    return GivenKeys(keys_of_document([jwk("k1"), jwk("k2")]))


async def reason_of(token: Any, **settings: Any) -> str | None:
    """Return why a token is refused; it must be."""
    verifier = make_verifier(settings.pop("keys", None) or published(), **settings)
    with pytest.raises(TokenVerificationError) as caught:
        await verifier.verify(token)
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    assert pickle.loads(pickle.dumps(error)) == error
    if isinstance(token, str) and len(token) > 20:
        for part in token.split("."):
            assert len(part) < 12 or part not in str(error)
        frame = caught.value.__traceback__
        while frame is not None:
            if "frontegg_async" in frame.tb_frame.f_code.co_filename:
                assert token not in repr(frame.tb_frame.f_locals)
            frame = frame.tb_next
    assert CANARY not in str(error) + repr(error) + repr(error.args)
    assert len(str(error).splitlines()) == 1
    return error.reason


async def test_a_good_token() -> None:
    """Its claims, typed; what has no field of its own is kept."""
    payload = claims(
        tenantIds=["acme", "north"],
        roles=["Admin"],
        permissions=["fe.secure.read.*", "app.orders"],
        email=CANARY,
        name="Ann",
        metadata={"theme": "dark"},
        sid="s1",
        nbf=int(NOW),
    )
    found = await make_verifier(published()).verify(sign(payload))

    assert found == Claims(
        type=TokenType.USER,
        subject="user-1",
        tenant_id="acme",
        tenant_ids=("acme", "north"),
        roles=("Admin",),
        permissions=("fe.secure.read.*", "app.orders"),
        email=CANARY,
        name="Ann",
        metadata={"theme": "dark"},
        issued_at=dt.datetime.fromtimestamp(NOW - 60, dt.UTC),
        expires_at=dt.datetime.fromtimestamp(NOW + 3600, dt.UTC),
        audience=(AUDIENCE,),
        issuer=ISSUER,
        extra={"sid": "s1", "nbf": int(NOW)},
    )
    assert repr(found) == "Claims(type='userToken', subject='user-1', tenant_id='acme')"
    assert pickle.loads(pickle.dumps(found)) == found
    hash(found)


async def test_the_least_token() -> None:
    """What a template may leave out is empty."""
    found = await make_verifier(published()).verify(sign(claims(), typ=None, kid="k1"))

    assert (found.tenant_ids, found.roles, found.permissions, found.extra) == ((), (), (), {})
    assert (found.email, found.name, found.metadata) == (None, None, None)


@pytest.mark.parametrize("kind", list(TokenType))
async def test_types(kind: TokenType) -> None:
    """Each type that is known, unless others are wanted."""
    verifier = make_verifier(published())
    token = sign(claims(type=kind.value))

    assert (await verifier.verify(token)).type is kind
    assert (await verifier.verify(token, types=[kind.value])).type is kind
    with pytest.raises(TokenVerificationError, match=r"a someToken is expected") as caught:
        await verifier.verify(token, types=["someToken"])
    assert caught.value.reason == "type"


async def test_a_type_of_tomorrow() -> None:
    """It is taken by those who ask for it, and kept as it is."""
    verifier = make_verifier(published())
    token = sign(claims(type="someToken"))

    with pytest.raises(TokenVerificationError, match=r"types=\.\.\. takes others"):
        await verifier.verify(token)
    assert (await verifier.verify(token, types=(TokenType.USER, "someToken"))).type == "someToken"


@pytest.mark.parametrize("types", ["userToken", (), [""], [1], 1, [None]])
async def test_types_that_are_none(types: Any) -> None:
    """A single text would be a set of letters."""
    with pytest.raises(InvalidArgumentError, match=r"^types must"):
        await make_verifier(published()).verify(sign(claims()), types=types)


@pytest.mark.parametrize(
    "changes",
    [
        {"roles": "Admin"},
        {"permissions": "*"},
        {"permissions": ["*", 1]},
        {"permissions": {"*": True}},
        {"roles": None, "permissions": 7},
        {"tenantIds": "other"},
        {"email": ["a@b.example"]},
        {"name": 7},
    ],
    ids=str,
)
async def test_odd_claims_entitle_to_nothing(changes: dict[str, Any]) -> None:
    """A template of a customer's may write them in another way: they are kept as they came."""
    found = await make_verifier(published()).verify(sign({**claims(), **changes}))

    assert (found.roles, found.permissions, found.tenant_ids) == ((), (), ())
    assert not found.may("fe.a")
    for name, value in changes.items():
        assert value is None or found.extra[name] == value


async def test_what_is_required_of_claims() -> None:
    """A permission by name or wildcard, a role, several of them."""
    payload = claims(roles=["Admin"], permissions=["fe.secure.*", "app.orders"])
    found = await make_verifier(published()).verify(sign(payload))

    found.require(permission="app.orders", role="Admin")
    found.require(permission=("fe.secure.read.users", "app.orders"))
    assert found.may("fe.secure.write.users")
    assert not found.may("app.orders.delete")
    with pytest.raises(MissingPermissionError, match=r"^the token does not have permission app\.users, role Owner;"):
        found.require(permission=["app.users"], role="Owner")


@pytest.mark.parametrize(
    ("leeway", "exp", "iat", "nbf", "reason"),
    [
        (0, 1, 0, None, None),
        (0, 0, -1, None, "expired"),
        (10, -9, -60, None, None),
        (10, -10, -60, None, "expired"),
        (60, -59.5, -60, None, None),
        (60, -60, -61, None, "expired"),
        (0, 60, 1, None, "not_yet_valid"),
        (10, 60, 10, None, None),
        (10, 60, 10.5, None, "not_yet_valid"),
        (10, 60, 0, 10, None),
        (10, 60, 0, 11, "not_yet_valid"),
    ],
)
async def test_times(leeway: float, exp: float, iat: float, nbf: float | None, reason: str | None) -> None:
    """A token counts from its beginning to its end, give or take the leeway."""
    payload = claims(exp=NOW + exp, iat=NOW + iat, nbf=None if nbf is None else NOW + nbf)
    if reason is None:
        await make_verifier(published(), leeway=leeway).verify(sign(payload))
    else:
        assert await reason_of(sign(payload), leeway=leeway) == reason


@pytest.mark.parametrize(
    ("audience", "wanted", "taken"),
    [
        ("client-1", ("client-1",), True),
        (["app-1", "client-1"], ("client-1",), True),
        ("app-2", ("client-1", "app-2"), True),
        ("app-1", ("client-1", "app-2"), False),
        (["client-1 "], ("client-1",), False),
        ("CLIENT-1", ("client-1",), False),
    ],
)
async def test_audiences(audience: Any, wanted: tuple[str, ...], taken: bool) -> None:
    """One of them is enough, letter by letter."""
    token = sign(claims(aud=audience))
    if taken:
        found = await make_verifier(published(), audiences=wanted).verify(token)
        assert set(found.audience) & set(wanted)
    else:
        assert await reason_of(token, audiences=wanted) == "audience"


def _with(payload: bytes, old: bytes, new: bytes) -> bytes:
    assert old in payload
    return payload.replace(old, new, 1)


def _padded(token: str, index: int, padding: str) -> str:
    parts = token.split(".")
    parts[index] += padding
    return ".".join(parts)


def _respelled(token: str) -> str:
    """The same bytes with meaningless bits set in the last character."""
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
    # what is no token at all
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
    # the spelling
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
    # the claims, with a good signature
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


@pytest.mark.parametrize(("token", "reason"), HOSTILE.values(), ids=HOSTILE)
async def test_what_must_not_be_taken(token: Any, reason: str) -> None:
    """Each is refused with a reason, and the error has nothing of the token."""
    assert await reason_of(token) == reason


async def test_the_table_is_of_bad_tokens() -> None:
    """The token that they are made of is good, so that each is bad for its own reason alone."""
    assert len(HOSTILE) >= 100
    assert (await make_verifier(published()).verify(GOOD)).subject == "user-1"


@pytest.mark.parametrize("kid", ["k1", "k9", None])
async def test_a_key_without_a_name(kid: str | None) -> None:
    """A PEM has none: whatever a token calls it, only its signature counts."""
    keys = FixedKeys(key_of_pem(pem_of(rsa_key()), "public_key"))

    assert (await make_verifier(keys).verify(sign(claims(), kid=kid))).subject == "user-1"
    assert await reason_of(sign(claims(), kid=kid, key=_STRANGER), keys=keys) == "signature"
    assert await reason_of(sign(claims(), secret=_PUBLIC_PEM), keys=keys) == "algorithm"


async def test_a_token_without_a_key_name() -> None:
    """It is taken when there is exactly one key."""
    one = GivenKeys(keys_of_document([jwk("k1"), jwk("k2", use="enc"), {"kty": "EC"}]))

    assert (await make_verifier(one).verify(sign(claims(), kid=None))).subject == "user-1"


async def test_a_secret() -> None:
    """HS256, with the secret of the caller alone."""
    keys = FixedKeys(key_of_secret(SECRET))
    settings = {"keys": keys, "algorithm": "HS256"}
    verifier = make_verifier(keys, algorithm="HS256")

    assert (await verifier.verify(sign(claims(), secret=SECRET.encode(), kid=None))).subject == "user-1"
    assert await reason_of(sign(claims(), secret=b"another secret of thirty-two bytes"), **settings) == "signature"
    assert await reason_of(sign(claims(), secret=b""), **settings) == "signature"
    assert await reason_of(sign(claims()), **settings) == "algorithm"
    assert await reason_of(sign(claims(), alg="HS384", secret=SECRET.encode()), **settings) == "algorithm"
    assert SECRET not in repr(verifier) + repr(keys) + repr(vars(keys))


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (None, "missing"),
        ("", "missing"),
        ("Bearer", "malformed"),
        ("Bearer ", "malformed"),
        (GOOD, "malformed"),
        (f"Basic {GOOD}", "malformed"),
        (f"Bearer,{GOOD}", "malformed"),
        (f"Bearer {GOOD} {GOOD}", "malformed"),
        (f"Bearer {GOOD}\n", "malformed"),
        (f"Bearer\t{GOOD}", "malformed"),
        (f"Bearer {GOOD}, Bearer {GOOD}", "malformed"),
        (b"Bearer x", "malformed"),
        (f"Bearer {sign(claims(exp=1, iat=0))}", "expired"),
    ],
    ids=[
        "none",
        "empty",
        "scheme",
        "space",
        "bare",
        "basic",
        "comma",
        "two",
        "break",
        "tab",
        "twice",
        "bytes",
        "expired",
    ],
)
async def test_headers_that_are_refused(header: Any, reason: str) -> None:
    """A header is a scheme and one token."""
    with pytest.raises(TokenVerificationError) as caught:
        await make_verifier(published()).verify_header(header)
    assert caught.value.reason == reason
    frame = caught.value.__traceback__
    while frame is not None:
        if "frontegg_async" in frame.tb_frame.f_code.co_filename:
            assert GOOD not in repr(frame.tb_frame.f_locals)
        frame = frame.tb_next


@pytest.mark.parametrize("header", [f"Bearer {GOOD}", f"bearer {GOOD}", f"BEARER  {GOOD}"])
async def test_headers(header: str) -> None:
    """The scheme in any case."""
    assert (await make_verifier(published()).verify_header(header, types=[TokenType.USER])).subject == "user-1"


@given(st.text(max_size=200))
@settings(max_examples=150)
def test_any_text_is_an_answer(text: str) -> None:
    """Whatever comes, the outcome is a refusal and never another exception."""
    assert isinstance(jwt.split(text, "RS256"), TokenVerificationError)
    assert isinstance(jwt.bearer(text), str | TokenVerificationError)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
_NAMES = st.sampled_from(
    ("sub", "iss", "aud", "exp", "iat", "nbf", "type", "tenantId", "roles", "permissions", "metadata")
)


@given(st.dictionaries(_NAMES, _JSON), st.dictionaries(_NAMES, st.just(None)))
@settings(max_examples=150)
def test_any_claims_are_an_answer(changes: dict[str, Any], without: dict[str, None]) -> None:
    """Claims with anything in them are taken or refused; what is taken has what every token has."""
    payload = {name: value for name, value in {**claims(), **changes}.items() if name not in without}
    expected = jwt.Expectations(issuer=ISSUER, audiences=frozenset({AUDIENCE}), leeway=0.0)
    found = jwt.judge(json.dumps(payload).encode(), expected, frozenset(TokenType), NOW)

    if isinstance(found, Claims):
        assert (found.issuer, found.type) == (ISSUER, payload["type"])
        assert AUDIENCE in found.audience
        assert found.subject
        assert found.tenant_id
        assert found.issued_at.timestamp() <= NOW < found.expires_at.timestamp()
