"""Unverified claims of user tokens: what is read, what is refused, and hints for people."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async._core.auth.unverified_claims import (
    MAX_LENGTH,
    TokenFacts,
    check_user_host,
    facts_of,
    parse_user_token,
)
from frontegg_async.errors import ConfigurationError
from frontegg_async.regions import parse_base_url
from tests.support.jwts import make_jwt


def _facts(**claims: object) -> TokenFacts:
    facts = facts_of(make_jwt(**claims))
    assert facts is not None
    return facts


def test_all_that_it_says() -> None:
    """Each claim has its field."""
    facts = _facts(tenantId="t1", tenantIds=["t1", "t2"], exp=2_000.5, aud="emu_client")
    assert facts == TokenFacts("t1", ("t1", "t2"), 2_000.5, is_emulated=True)


@pytest.mark.parametrize(
    ("claims", "field", "expected"),
    [
        ({"tenantId": 5}, "tenant_id", None),
        ({"tenantId": None}, "tenant_id", None),
        ({"tenantIds": "t1"}, "tenant_ids", ()),
        ({"tenantIds": ["t1", 2, None, "t2"]}, "tenant_ids", ("t1", "t2")),
        ({"exp": True}, "expires_at", None),
        ({"exp": "2000"}, "expires_at", None),
        ({"exp": -1}, "expires_at", None),
        ({"exp": 0}, "expires_at", 0.0),
        ({"exp": 253_402_300_799}, "expires_at", 253_402_300_799.0),
        ({"exp": 253_402_300_800}, "expires_at", None),
        ({"exp": []}, "expires_at", None),
        ({"aud": ["emu_client"]}, "is_emulated", False),
        ({"aud": "client_emu_"}, "is_emulated", False),
        ({"aud": "emu_"}, "is_emulated", True),
    ],
)
def test_what_means_nothing(claims: dict[str, object], field: str, expected: object) -> None:
    """A claim of another type says nothing; the last moment is that of the calendar."""
    assert getattr(_facts(**claims), field) == expected


def test_remarks() -> None:
    """The tenant that it is for, up to five of the user's, and that it ended, by this machine's clock."""
    many = tuple(f"t{number}" for number in range(1, 8))
    assert TokenFacts(None, (), None, is_emulated=False).hint(0.0) == ""
    assert TokenFacts("t1", ("t1",), 10.0, is_emulated=False).hint(9.9) == "the user token is for tenant t1"
    assert TokenFacts("t1", ("t1", "t2"), None, is_emulated=False).hint(9.9) == (
        "the user token is for tenant t1 of t1, t2"
    )
    assert TokenFacts("t1", many, 10.0, is_emulated=False).hint(10.0) == (
        "the user token is for tenant t1 of t1, t2, t3, t4, t5, "
        "and it expired at 1970-01-01T00:00:10+00:00 by this machine's clock: get a new token"
    )
    assert TokenFacts(None, many, 10.0, is_emulated=False).hint(11.0) == (
        "it expired at 1970-01-01T00:00:10+00:00 by this machine's clock: get a new token"
    )


@pytest.mark.parametrize("text", ["t1\nERROR all is lost", "t1\x9b31m", "t1\ud800", "t1\u202e", "t" * 16_000])
def test_a_remark_is_one_line_whoever_made_the_token(text: str) -> None:
    """A service passes on tokens that nobody has verified, and logs what comes of it."""
    said = TokenFacts(text, (text,) * 7, None, is_emulated=False).hint(0.0)
    assert said.startswith("the user token is for tenant ")
    assert said.isprintable()
    assert len(said) < 2_000


def test_a_token_is_read_without_what_is_around_it() -> None:
    """Spaces and line ends around it come from files."""
    token = make_jwt(tenantId="t9")
    secret, facts = parse_user_token(f" {token}\n", "token")
    assert secret.reveal() == token
    assert facts.tenant_id == "t9"


def test_the_longest_token() -> None:
    """16 KiB are taken, one character more is not."""
    base = make_jwt(signature="")
    longest = base + "A" * (MAX_LENGTH - len(base))
    assert MAX_LENGTH == 16_384
    assert parse_user_token(longest, "token")[0].reveal() == longest
    with pytest.raises(ConfigurationError, match=r"^token must have at most 16384 characters$"):
        parse_user_token(f"{longest}A", "token")


@pytest.mark.parametrize("value", [None, 5, b"a.b.c", ["a.b.c"]])
def test_only_text_is_a_token(value: object) -> None:
    """Anything else is named by its type."""
    with pytest.raises(ConfigurationError, match=rf"^it must be a user's JWT as text, not {type(value).__name__}$"):
        parse_user_token(value, "it")


@pytest.mark.parametrize(
    "claims", [b"[]", b"null", b'"text"', b"5", b"{", b"", b"[" * 9_000, b'{"type":' + b"[" * 9_000, b"\xff"]
)
def test_claims_that_are_no_object(claims: bytes) -> None:
    """What is no JSON object is no user's token, however deep it nests."""
    token = f"e30.{base64.urlsafe_b64encode(claims).rstrip(b'=').decode()}.c2ln"
    assert facts_of(token) is None
    with pytest.raises(ConfigurationError, match="three parts of base64url") as caught:
        parse_user_token(token, "token")
    assert token not in str(caught.value)


def test_an_environments_token() -> None:
    """It is refused with what to use in its place."""
    with pytest.raises(ConfigurationError, match="is an environment's token"):
        parse_user_token(make_jwt(type="vendor"), "token")


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: f"e30.{base64.urlsafe_b64encode(raw).decode()}.x"))
def test_any_text(text: str) -> None:
    """Whatever the text: what it says, or the one error; both functions agree."""
    facts = facts_of(text)
    try:
        _, read = parse_user_token(text, "token")
    except ConfigurationError:
        read = None
    assert read is None or facts in (read, None)


@pytest.mark.parametrize(
    ("address", "is_emulated", "allow_http", "problem"),
    [
        ("https://app.frontegg.com", False, False, None),
        (
            "https://app.frontegg.com",
            True,
            True,
            "it is a credential of an emulator, which is not sent to frontegg.com: set base_url",
        ),
        ("https://proxy.example", True, False, None),
        ("http://localhost:1", False, False, None),
        ("http://127.0.0.1:1", True, False, None),
        ("http://emulator:1", True, True, None),
        ("http://emulator:1", True, False, "base_url must be https"),
        ("http://emulator:1", False, True, "base_url must be https"),
        ("http://app.frontegg.com", False, True, "base_url must be https"),
    ],
)
def test_where_a_credential_may_go(address: str, *, is_emulated: bool, allow_http: bool, problem: str | None) -> None:
    """A user's by https or to this machine; an emulator's never to the service, and by http where that is allowed."""

    def check() -> Any:
        check_user_host(parse_base_url(address), "it", is_emulated=is_emulated, allow_http=allow_http)

    if problem is None:
        check()
        return
    with pytest.raises(ConfigurationError, match=f"^{problem}"):
        check()


def test_remarks_are_one_line() -> None:
    """Of a tenant's id that somebody made up, 256 characters are told, and none that begins another line."""
    assert TokenFacts("t" * 257, (), None, is_emulated=False).hint(0.0) == (f"the user token is for tenant {'t' * 256}")
    assert TokenFacts("a\nb", (), None, is_emulated=False).hint(0.0).endswith(r"tenant 'a\nb'")
