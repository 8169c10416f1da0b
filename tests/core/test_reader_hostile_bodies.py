"""Malformed bodies lead to an error with paths and types, never with a value, and to no other exception."""

from __future__ import annotations

import json
import pickle
from typing import Any, cast

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async._core.codec.reader import decode
from frontegg_async._core.codec.rows import MISSING
from frontegg_async._values.fields import wire_name
from frontegg_async.errors import DecodeError
from frontegg_async.models.auth import EnvironmentToken
from frontegg_async.models.identity import IdentityConfiguration
from frontegg_async.models.page import Page
from frontegg_async.models.tenants import Tenant, UserCount
from tests.core.bodies import (
    CANARY,
    GIVEN_TWICE,
    GOOD,
    NOT_A_PAGE,
    NOT_A_TENANT,
    NOT_A_TOKEN,
    NOT_JSON,
    ODD_TENANTS,
    changed,
    spliced,
)
from tests.core.rows import TYPICAL


def _check(error: object) -> DecodeError:
    assert isinstance(error, DecodeError)
    assert error.paths
    assert str(error) == f"the response is not what was expected: {error.paths[0]}"
    assert error.details.reason == "decode"
    assert error.__traceback__ is error.__cause__ is error.__context__ is None
    for shown in (str(error), repr(error), repr(error.args), repr(error.paths), repr(error.details), str(vars(error))):
        assert "canary" not in shown
    assert b"canary" not in pickle.dumps(error)
    assert pickle.loads(pickle.dumps(error)) == error
    return error


def test_there_are_enough_bodies() -> None:
    """The tables are the promised size."""
    assert (
        len(NOT_JSON) + len(NOT_A_TENANT) + len(GIVEN_TWICE) + len(NOT_A_PAGE) + len(NOT_A_TOKEN) + len(ODD_TENANTS)
        >= 60
    )


def test_the_good_row_is_good() -> None:
    """What the tables damage is read when it is whole, so that each refusal is about the damage."""
    assert isinstance(decode(GOOD, Tenant), Tenant)
    assert isinstance(decode(spliced('"x": "\\u0041"'), Tenant), Tenant)


@pytest.mark.parametrize("name", NOT_JSON)
@pytest.mark.parametrize("returns", [Tenant, Page[Tenant], tuple[Tenant, ...], EnvironmentToken, object])
def test_what_is_not_json(name: str, returns: Any) -> None:
    """Whatever is expected, what is no JSON of ordinary size and shape is refused."""
    assert _check(decode(NOT_JSON[name], returns)).paths[0].startswith("$")


@pytest.mark.parametrize("name", NOT_JSON)
def test_what_is_not_json_within_a_page(name: str) -> None:
    """One damaged row spoils its page."""
    body = b'{"items": [%b, %b], "_metadata": {"totalItems": 2}}' % (GOOD, NOT_JSON[name] or b"x")
    if name == "only spaces":
        body = body.replace(b"}, ", b"},, ")
    _check(decode(body, Page[Tenant]))


@pytest.mark.parametrize("name", NOT_A_TENANT)
def test_what_is_no_tenant(name: str) -> None:
    """Another shape, or another type of id, is refused, each wrong place by its path on the wire."""
    body, paths = NOT_A_TENANT[name]
    for _ in range(2):
        assert set(_check(decode(body, Tenant)).paths) == paths


@pytest.mark.parametrize("name", ODD_TENANTS)
def test_what_is_an_odd_tenant(name: str) -> None:
    """Any other field of another type gets its default, and ``extra`` has what came."""
    odd = ODD_TENANTS[name]
    body, good = changed(**odd), decode(GOOD, Tenant)
    assert isinstance(good, Tenant)
    many, page = b"[%b, %b]" % (GOOD, body), b'{"items": [%b, %b], "_metadata": {"totalItems": 2}}' % (GOOD, body)
    for _ in range(2):
        one, (first, second), read = (
            decode(body, Tenant),
            cast("tuple[Tenant, ...]", decode(many, tuple[Tenant, ...])),
            decode(page, Page[Tenant]),
        )
        assert isinstance(one, Tenant)
        assert isinstance(read, Page)
        assert one == second == read.items[1]
        assert good == first == read.items[0]
        assert one.extra == good.extra | odd
        fields = {field.name: field.default for field in attrs.fields(Tenant) if wire_name(field) in odd}
        assert {field: getattr(one, field) for field in fields} == fields
        assert attrs.evolve(one, extra=good.extra, **{field: getattr(good, field) for field in fields}) == good


@pytest.mark.parametrize("name", GIVEN_TWICE)
def test_what_is_given_twice(name: str) -> None:
    """An id or a token that is given twice, however it is spelt, is nobody's."""
    body, returns, path = GIVEN_TWICE[name]
    assert _check(decode(body, returns)).paths == (path,)


def test_what_may_be_given_twice() -> None:
    """The same name in an object within, or as a value, is no duplicate; of other fields the last counts."""
    row = TYPICAL | {
        "parent": {"tenantId": "p"},
        "list": [{"tenantId": "a"}, {"tenantId": "b"}],
        "x": "tenantId",
        "y": "\u0001",
    }
    tenant = decode(json.dumps(row).encode(), Tenant)
    assert isinstance(tenant, Tenant)
    assert tenant.tenant_id == "t1"
    assert tenant.extra == {name: row[name] for name in ("parent", "list", "x", "y")}
    last = decode(spliced('"name": "Last", "y": "\\u0001"'), Tenant)
    assert isinstance(last, Tenant)
    assert last.name == "Last"


@pytest.mark.parametrize("name", NOT_A_PAGE)
def test_what_is_no_page(name: str) -> None:
    """A page without items, or with a row that is none, is refused as a whole."""
    body, paths = NOT_A_PAGE[name]
    for _ in range(2):
        assert set(_check(decode(body, Page[Tenant])).paths) == paths


@pytest.mark.parametrize("name", NOT_A_TOKEN)
def test_what_is_no_token(name: str) -> None:
    """A token that cannot be read is not quoted."""
    body, paths = NOT_A_TOKEN[name]
    assert set(_check(decode(body, EnvironmentToken)).paths) == paths


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"{}", "$: expected array, got dict"),
        (b"null", "$: expected array, got NoneType"),
        (b'{"errors": ["canary@example.com"]}', "$.tenantId: is missing"),
        (b"[%b, 5]" % GOOD, "$[1]: expected object, got int"),
        (b"[%b, {}]" % GOOD, "$[1].tenantId: is missing"),
    ],
)
def test_what_is_not_many(body: bytes, path: str) -> None:
    """Where an array is expected, an object is none, unless it is a row."""
    assert _check(decode(body, tuple[Tenant, ...])).paths[0] == path


def test_an_empty_body_is_no_page_and_not_many() -> None:
    """Nothing is neither a page nor an array: it would pass for "no tenants"."""
    _check(decode(b"", Page[Tenant]))
    _check(decode(b"", tuple[Tenant, ...]))


@given(
    st.binary(max_size=200) | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(
        [Tenant, Page[Tenant], tuple[Tenant, ...], EnvironmentToken, IdentityConfiguration, UserCount, object]
    ),
)
def test_any_bytes(body: bytes, returns: Any) -> None:
    """Whatever bytes come, they are read or refused: nothing is raised."""
    value = decode(body, returns)
    if isinstance(value, DecodeError):
        _check(value)


@given(st.data())
def test_any_damage(data: st.DataObject) -> None:
    """A row with bytes cut out, put in or changed is read or refused, and the refusal does not quote it."""
    body = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(body)))
        end = data.draw(st.integers(start, min(len(body), start + 5)))
        body[start:end] = data.draw(
            st.sampled_from([b"", b'"', b"{", b"}", b"[", b",", b":", b"\\", b"0", b"\xff", b"null", b"5"])
        )
    for returns in (Tenant, tuple[Tenant, ...], Page[Tenant]):
        value: object = decode(bytes(body), returns)
        if value is not MISSING and isinstance(value, DecodeError):
            assert CANARY not in repr(value.args)
