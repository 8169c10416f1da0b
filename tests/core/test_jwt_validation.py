"""Tokens are accepted or refused: a table of attacks and malformed tokens."""

from __future__ import annotations

import datetime as dt
import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async._core.auth import jwt_validation
from frontegg_async._core.auth.key_cache import FixedKeys, Keys
from frontegg_async._core.auth.keys import KeySet, key_of_pem, key_of_secret, keys_of_document
from frontegg_async.errors import InvalidArgumentError, MissingPermissionError, TokenVerificationError
from frontegg_async.models.claims import Claims, TokenType
from tests.support.examples import examples
from tests.support.hostile_tokens import CANARY, GOOD, HOSTILE, NOW
from tests.support.signing import (
    AUDIENCE,
    ISSUER,
    SECRET,
    claims,
    jwk,
    make_verifier,
    pem_of,
    rsa_key,
    sign,
)

pytestmark = pytest.mark.anyio


class GivenKeys(FixedKeys):
    """A key set that does not change."""

    def __init__(self, keys: KeySet) -> None:
        self._set = keys

    async def find(self, key_id: str | None) -> Any:
        """Return the key that a token names."""
        return self._set.find(key_id) or jwt_validation.refuse("unknown_key", "no such key")


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
    """Each type that is known, but access tokens only where they are wanted by name."""
    verifier = make_verifier(published())
    token = sign(claims(type=kind.value))

    if kind in (TokenType.TENANT_ACCESS, TokenType.USER_ACCESS):
        with pytest.raises(TokenVerificationError, match="AsyncAccessTokenVerifier"):
            await verifier.verify(token)
    else:
        assert (await verifier.verify(token)).type is kind
    assert (await verifier.verify(token, types=[kind.value])).type is kind
    with pytest.raises(TokenVerificationError, match=r"a someToken is expected") as caught:
        await verifier.verify(token, types=["someToken"])
    assert caught.value.reason == "type"


@pytest.mark.parametrize(
    ("payload", "user_id"),
    [
        (claims(), "user-1"),
        (claims(userId="other"), "user-1"),
        (claims(type="userApiToken", userId="ann"), "ann"),
        (claims(type="userApiToken"), None),
        (claims(type="userApiToken", userId=7), None),
        (claims(type="userApiToken", userId=""), None),
        (claims(type="tenantApiToken", userId="ann"), None),
        (claims(type="someToken", userId="ann"), "ann"),
    ],
)
async def test_whose_a_token_is(payload: dict[str, Any], user_id: str | None) -> None:
    """The user is the subject of a user's own token, and a claim of others; a tenant's token has none."""
    found = await make_verifier(published()).verify(sign(payload), types=[payload["type"]])
    assert found.user_id == user_id


async def test_a_type_of_tomorrow() -> None:
    """It is taken by those who ask for it, and kept as it is."""
    verifier = make_verifier(published())
    token = sign(claims(type="someToken"))

    with pytest.raises(TokenVerificationError, match=r"types=\.\.\. accepts other types"):
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
    assert await reason_of(sign(claims(), kid=kid, key=rsa_key("stranger")), keys=keys) == "signature"
    assert await reason_of(sign(claims(), secret=pem_of(rsa_key()).encode()), keys=keys) == "algorithm"


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
@examples(150)
def test_any_text_is_an_answer(text: str) -> None:
    """Whatever comes, the outcome is a refusal and never another exception."""
    assert isinstance(jwt_validation.split(text, "RS256"), TokenVerificationError)
    assert isinstance(jwt_validation.bearer(text), str | TokenVerificationError)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
_NAMES = st.sampled_from(
    ("sub", "iss", "aud", "exp", "iat", "nbf", "type", "tenantId", "roles", "permissions", "metadata")
)


@given(st.dictionaries(_NAMES, _JSON), st.dictionaries(_NAMES, st.just(None)))
@examples(150)
def test_any_claims_are_an_answer(changes: dict[str, Any], without: dict[str, None]) -> None:
    """Claims with anything in them are taken or refused; what is taken has what every token has."""
    payload = {name: value for name, value in {**claims(), **changes}.items() if name not in without}
    expected = jwt_validation.Expectations(issuer=ISSUER, audiences=frozenset({AUDIENCE}), leeway=0.0)
    found = jwt_validation.judge(json.dumps(payload).encode(), expected, frozenset(TokenType), NOW)

    if isinstance(found, Claims):
        assert (found.issuer, found.type) == (ISSUER, payload["type"])
        assert AUDIENCE in found.audience
        assert found.subject
        assert found.tenant_id
        assert found.issued_at.timestamp() <= NOW < found.expires_at.timestamp()
