"""What `decode` accepts for each plain type, and which types an operation cannot return."""

from __future__ import annotations

import functools
import json
from types import NoneType
from typing import Any, Final

import attrs
import pytest

from frontegg_async._core.codec import reader
from frontegg_async._core.codec.encoding import encode
from frontegg_async._core.codec.reader import decode, reader_of
from frontegg_async._core.codec.rows import MISSING
from frontegg_async.errors import ConfigurationError, DecodeError
from frontegg_async.models.auth import EnvironmentToken
from frontegg_async.models.migrations import StartedMigration
from frontegg_async.models.page import Page
from frontegg_async.models.sessions import SessionTokens, SessionTokensV2
from frontegg_async.models.sso import SsoExcludedEmail
from frontegg_async.models.tenants import Tenant
from frontegg_async.tree import TenantTree

_ROW: Final = {
    "tenantId": "t1",
    "name": "One",
    "createdAt": "2024-01-01T00:00:00Z",
    "updatedAt": "2024-01-01T00:00:00Z",
}


class _Unhashable(type):
    """A type that no dictionary can have as a key."""

    __hash__ = None  # type: ignore[assignment]  # that is the point


@pytest.mark.parametrize(
    "returns",
    [
        complex,
        set,
        tuple[int, ...],
        tuple[Tenant],
        tuple[Tenant, Tenant],
        dict[str, Tenant],
        list[int],
        Page[int],
        _Unhashable("Odd", (), {}),
        5,
        "Tenant",
    ],
    ids=repr,
)
def test_types_that_no_answer_has(returns: Any) -> None:
    """They are refused before anything is sent, with what may be given."""
    with pytest.raises(ConfigurationError, match=r"^returns must be an attrs model"):
        reader_of(returns)


def _counted(total: str) -> bytes:
    return f'{{"items": [], "_metadata": {{"totalItems": {total}}}}}'.encode()


@pytest.mark.parametrize(
    ("returns", "body", "expected"),
    [
        (NoneType, b"", None),
        (NoneType, b"OK", None),
        (NoneType, b'{"any": 1}', None),
        (None, b"", None),
        (NoneType, b" \n<html>", "$: expected nothing, got markup"),
        (object, b"", None),
        (object, b"null", None),
        (object, b"[1]", [1]),
        (object, b"{", "$: expected JSON"),
        (str, b'"text"', "text"),
        (str, b"plain text", "plain text"),
        (str, b"\xef\xbb\xbf<xml/>", "<xml/>"),
        (str, b"", "$: expected JSON"),
        (str, b"  ", "$: expected JSON"),
        (str, b'"cut', "$: expected JSON"),
        (str, b"{", "$: expected JSON"),
        (str, b"[", "$: expected JSON"),
        (str, b"<!DOCTYPE\n html>", "$: expected JSON"),
        (str, b" <HTML>", "$: expected JSON"),
        (str, b"\xff\xfe", "$: expected JSON"),
        (str, b"5", "$: expected str, got int"),
        (bool, b"true", True),
        (bool, b"1", "$: expected bool, got int"),
        (int, b"1", 1),
        (int, b"true", "$: expected int, got bool"),
        (int, b"1.0", "$: expected int, got float"),
        (float, b"1", 1),
        (float, b"1.5", 1.5),
        (float, b"1e400", "$: expected JSON"),
        (float, b"NaN", "$: expected JSON"),
        (float, b"true", "$: expected float, got bool"),
        (list, b"[1]", [1]),
        (list, b"{}", "$: expected list, got dict"),
        (dict, b"{}", {}),
        (dict, b"null", "$: expected dict, got NoneType"),
        (tuple[str, ...], b'["a", ""]', ("a", "")),
        (tuple[str, ...], b"[]", ()),
        (tuple[str, ...], b'{"a": 1}', "$: expected array, got dict"),
        (tuple[str, ...], b'["a", null]', "$[1]: expected str, got NoneType"),
        (tuple[Tenant, ...], b'"a"', "$: expected array, got str"),
        (tuple[Tenant, ...], b'["a"]', "$[0]: expected object, got str"),
        (list[Tenant], b"{}", "$: expected array, got dict"),
        (Page[Tenant], b"[]", "$: expected object, got list"),
        (Page[Tenant], b"{}", "$.items: expected array, got NoneType"),
        (Page[Tenant], b'{"items": []}', Page(items=(), total=None)),
        (Page[Tenant], b'{"items": null, "_metadata": {"totalItems": 0}}', Page(items=(), total=0)),
        (Page[Tenant], b'{"items": [], "_metadata": []}', Page(items=(), total=None)),
        (Page[Tenant], b'{"items": [], "_metadata": null}', Page(items=(), total=None)),
        (Page[Tenant], b'{"items": [], "_metadata": {}}', Page(items=(), total=None)),
        (Page[Tenant], b'{"items": [], "_metadata": {"totalItems": 7, "totalItems": 8}}', Page(items=(), total=8)),
        (Page[Tenant], _counted("true"), Page(items=(), total=None)),
        (Page[Tenant], _counted("-1"), Page(items=(), total=None)),
        (Page[Tenant], _counted("-0.0"), Page(items=(), total=0)),
        (Page[Tenant], _counted("450.0"), Page(items=(), total=450)),
        (Page[Tenant], _counted("4.5e2"), Page(items=(), total=450)),
        (Page[Tenant], _counted('"450"'), Page(items=(), total=450)),
        (Page[Tenant], _counted('"450.0"'), Page(items=(), total=None)),
        (Page[Tenant], _counted('" 450"'), Page(items=(), total=None)),
        (Page[Tenant], _counted('"-1"'), Page(items=(), total=None)),
        (Page[Tenant], _counted('"\u0664\u0665"'), Page(items=(), total=None)),
        (Page[Tenant], _counted('""'), Page(items=(), total=None)),
        (Page[Tenant], _counted('"9999999999999999"'), Page(items=(), total=None)),
        (Page[Tenant], _counted("450.5"), Page(items=(), total=None)),
        (Page[Tenant], _counted("1e308"), Page(items=(), total=None)),
        (Page[Tenant], _counted("9007199254740992"), Page(items=(), total=2**53)),
        (Page[Tenant], _counted("9007199254740993"), Page(items=(), total=None)),
        (Page[Tenant], _counted("1" + "0" * 400), Page(items=(), total=None)),
        (Page[Tenant], _counted("[450]"), Page(items=(), total=None)),
        (Page[Tenant], _counted("1e400"), "$: expected JSON"),
        (Page[Tenant], _counted("0"), Page(items=(), total=0)),
        (Page[Tenant], b'{"items": [5], "_metadata": {"totalItems": 1}}', "$.items[0]: expected object, got int"),
        (tuple[SsoExcludedEmail, ...], b'["a@b.example"]', (SsoExcludedEmail(email="a@b.example"),)),
        (tuple[SsoExcludedEmail, ...], b'["a@b.example", 5]', "$[1]: expected object, got int"),
        (Tenant, b"[1, 2]", "$: expected one object, got an array of 2"),
        (Tenant, b"[1]", "$[0]: expected object, got int"),
        (Tenant, b"5", "$: expected object, got int"),
    ],
)  # fmt: skip
def test_bodies(returns: Any, body: bytes, expected: object) -> None:
    """Each is read, or refused with where it is wrong and what is there, by its type."""
    found = decode(body, returns)
    if isinstance(found, DecodeError):
        assert found.paths == (expected,)
        assert found.details.reason == "decode"
        assert str(found).startswith(f"the response is not what was expected: {expected}")
    else:
        assert found == expected
        assert type(found) is type(expected)


@pytest.mark.parametrize("again", ["tenantId", "".join(f"\\u{ord(letter):04x}" for letter in "tenantId")])
def test_an_id_that_is_there_twice(again: str) -> None:
    """What decides whose a response is, however it is spelt, is not read in two ways."""
    found = decode(f'{json.dumps(_ROW)[:-1]}, "{again}": "t1"}}'.encode(), Tenant)
    assert isinstance(found, DecodeError)
    assert found.paths == ("$.tenantId: given twice",)


@pytest.mark.parametrize("key", ["name", "token", "accessToken"])
def test_another_key_that_is_there_twice(key: str) -> None:
    """Keys that decide nothing, and those of tokens in a response that holds none, may repeat: the last one counts."""
    text = json.dumps(_ROW | {key: "t1"})
    found = decode(f'{text[:-1]}, "{key}": "Two"}}'.encode(), Tenant)
    assert isinstance(found, Tenant)
    assert found.extra.get(key, found.name) == "Two"


@pytest.mark.parametrize("returns", [EnvironmentToken, SessionTokens, SessionTokensV2])
def test_no_key_of_a_token_answer_may_be_there_twice(returns: type[attrs.AttrsInstance]) -> None:
    """However the service spells it; the moment of its end decides nothing and may repeat."""
    names = [field.name for field in attrs.fields(returns) if field.name != "expires"]
    whole = {name: 60.0 if name == "expires_in" else "text" for name in names}
    text = encode(returns(**whole)).decode()
    assert decode(text.encode(), returns) == returns(**whole)
    for key in json.loads(text):
        found = decode(f'{text[:-1]}, "{key}": 60.0}}'.encode(), returns)
        assert isinstance(found, DecodeError)
        assert found.paths == (f"$.{key}: given twice",)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"migrationId": "m1", "more": 1}', StartedMigration(migration_id="m1", extra={"more": 1})),
        (b'"m1"', StartedMigration(migration_id="m1", extra={})),
        (b"m-1.~_", StartedMigration(migration_id="m-1.~_", extra={})),
        (b"m" * 256 + b"\n", StartedMigration(migration_id="m" * 256, extra={})),
        (b"m" * 257, "$: expected JSON"),
        (b"<html>", "$: expected JSON"),
        (b"two words", "$: expected JSON"),
        (b"", "$: expected JSON"),
        (b"{}", "$: expected object, got dict"),
        (b"[]", "$: expected object, got list"),
        (b"5", "$: expected object, got int"),
        (b"null", "$: expected object, got NoneType"),
    ],
    ids=ascii,
)
def test_a_model_that_knows_its_answers(body: bytes, expected: object) -> None:
    """The id of a migration comes in an object, as JSON text, or as a plain word; a page of HTML is none."""
    found = decode(body, StartedMigration)
    assert (found.paths == (expected,)) if isinstance(found, DecodeError) else (found == expected)


@pytest.mark.parametrize("returns", [Tenant, Page[Tenant], tuple[Tenant, ...], list[Tenant], TenantTree])
def test_a_reader_is_made_once(returns: Any) -> None:
    """Responses of one type are read by one reader: to make one takes longer than to read with it."""
    assert reader_of(returns) is reader_of(returns)


def test_one_answer_teaches_the_fast_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """A field that is new in a response of one row is known to the fast path from the next response on."""
    # Use separate row readers: other tests may have taught the common row readers the maximum number of names.
    monkeypatch.setattr(reader, "rows_of", functools.cache(reader.rows_of.__wrapped__))
    body = json.dumps(_ROW | {"newInOneAnswer": 1}).encode()
    found = decode(body, Tenant)
    assert reader.rows_of(Tenant).read_one(body) == found


@pytest.mark.parametrize("empty", [b"[]", b"{}", b"null", b"[" + b" " * 62 + b"]"])
def test_no_tree(empty: bytes) -> None:
    """A tree that is not there comes in several shapes, with up to 64 bytes."""
    assert decode(empty, TenantTree) is MISSING


def test_a_new_field_in_a_page() -> None:
    """The page that brings it is read as it will be from then on."""
    row = _ROW | {"newInAPage": 1}
    body = json.dumps({"items": [row, row], "_metadata": {"totalItems": 2}}).encode()
    first, again = decode(body, Page[Tenant]), decode(body, Page[Tenant])
    assert isinstance(first, Page)
    assert first == again
    assert [tenant.extra for tenant in first.items] == [{"newInAPage": 1}] * 2
