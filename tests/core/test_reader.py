"""Decoding responses into models and encoding request bodies: forms of responses, and what a tenant keeps."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from types import MappingProxyType, NoneType
from typing import Any, Final

import attrs
import pytest
from hypothesis import given

from frontegg_async._core.codec.encoding import encode
from frontegg_async._core.codec.reader import decode
from frontegg_async._core.codec.rows import MISSING
from frontegg_async._values.json_values import JsonValue, RawText
from frontegg_async.errors import DecodeError
from frontegg_async.models.auth import EnvironmentAuthentication, EnvironmentToken
from frontegg_async.models.identity import JwksDocument
from frontegg_async.models.page import Page
from frontegg_async.models.tenant_writes import TenantCreate, TenantUpdate
from frontegg_async.models.tenants import MetadataUpdate, Tenant, TenantIds, UserCount, UserCountQuery, UserMove
from tests.core.rows import JSON, READ, REQUIRED, TYPICAL


def _body(value: object) -> bytes:
    return json.dumps(value).encode()


def _read(**changes: object) -> Tenant:
    tenant = decode(_body(REQUIRED | changes), Tenant)
    assert isinstance(tenant, Tenant)
    return tenant


_LEAST: Final = Tenant(tenant_id="t1", name="Acme", created_at=READ, updated_at=READ)


@pytest.mark.parametrize(
    "body",
    [
        _body(REQUIRED),
        _body([REQUIRED]),
        b" \r\n\t" + _body(REQUIRED) + b"\n",
        json.dumps([REQUIRED], indent=2).encode(),
        _body(dict(reversed(REQUIRED.items()))),
    ],
    ids=["object", "array of one", "with space", "indented array", "reversed"],
)
def test_one_tenant(body: bytes) -> None:
    """A tenant comes as an object or, from older routes, as an array of one."""
    assert decode(body, Tenant) == _LEAST


@pytest.mark.parametrize("body", [b"[]", b"{}", b"null", b" [ ] ", b"\n{ }\n", b" null "])
def test_no_tenant(body: bytes) -> None:
    """Each way in which the service says "not there" with a success is the same response."""
    assert decode(body, Tenant) is MISSING
    assert decode(body, UserCount) is MISSING


def test_an_object_without_fields_is_one_of_a_model_that_needs_none() -> None:
    """Also when it is the first response of all, before the paths know any other."""

    @attrs.frozen(kw_only=True)
    class Settings:
        region: str | None = None

    first = decode(b"{}", Settings)
    assert decode(_body({"region": "eu", "more": 1}), Settings) == Settings(region="eu")
    assert first == decode(b"{}", Settings) == decode(b"[{}]", Settings) == Settings()
    assert decode(b"[]", Settings) is decode(b"null", Settings) is MISSING


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (_body([REQUIRED, REQUIRED]), "$: expected one object, got an array of 2"),
        (b"[null]", "$[0]: expected object, got NoneType"),
        (b"[[]]", "$[0]: expected object, got list"),
        (b"5", "$: expected object, got int"),
        (b'"t1"', "$: expected object, got str"),
        (b"true", "$: expected object, got bool"),
        (b"0", "$: expected object, got int"),
        (b"false", "$: expected object, got bool"),
        (b'""', "$: expected object, got str"),
        (b"[{}]", "$[0].tenantId: is missing"),
    ],
)
def test_another_number_of_tenants(body: bytes, path: str) -> None:
    """Anything else is no tenant, and not taken for an absent one."""
    error = decode(body, Tenant)
    assert isinstance(error, DecodeError)
    assert error.paths[0] == path


def test_a_typical_row() -> None:
    """Names on the wire become those of the model, metadata its value, moments aware."""
    tenant = decode(_body(TYPICAL), Tenant)
    assert tenant == Tenant(
        tenant_id="t1",
        name="Acme",
        created_at=READ,
        updated_at=READ,
        deleted_at=None,
        internal_id="5f0c",
        vendor_id="v1",
        is_reseller=False,
        metadata={"plan": "pro"},
        creator_name="Jo",
        creator_email="jo@example.com",
        status="active",
        website="https://acme.example",
        timezone="Europe/Berlin",
        currency="EUR",
    )
    assert repr(tenant) == "Tenant(tenant_id='t1')"


def test_unknown_fields_survive() -> None:
    """What the model does not know is kept under its name on the wire, with its value."""
    unknown = {
        "parentTenantId": None,
        "newThing": {"a": [1, 2.5, {"b": None}]},
        "tenant_id": "x",
        "extra": 1,
        "\u00e9": True,
    }
    assert _read(**unknown).extra == unknown
    assert _read(website="w", **unknown).extra == unknown
    assert _read().extra == {}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ('{"plan": "pro"}', {"plan": "pro"}),
        ("42", 42),
        ("4.5", 4.5),
        ("null", None),
        ("true", True),
        ('"text"', "text"),
        ('["a"]', ["a"]),
        ("{}", {}),
        (None, None),
        ({"plan": "pro"}, {"plan": "pro"}),
        ({}, {}),
        ([1], [1]),
        (42, 42),
        (True, True),
        ("", RawText("")),
        ("pro", RawText("pro")),
        ("{'a': 1}", RawText("{'a': 1}")),
        ('{"a": NaN}', RawText('{"a": NaN}')),
        ("NaN", RawText("NaN")),
        ("1e400", RawText("1e400")),
        ('{"a": 1', RawText('{"a": 1')),
        ("[" * 2_000, RawText("[" * 2_000)),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_metadata(sent: JsonValue, kept: JsonValue) -> None:
    """Metadata is the value of its JSON text, the text itself if it is not JSON, or the value if it came as one."""
    for changes in ({}, {"parentTenantId": 1}):
        metadata = _read(metadata=sent, **changes).metadata
        assert metadata == kept
        assert type(metadata) is type(kept)


def test_metadata_may_be_missing() -> None:
    """A row without metadata has none."""
    assert _read().metadata is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-05-06T07:08:09.123Z", READ),
        ("2024-05-06T07:08:09Z", READ.replace(microsecond=0)),
        ("2024-05-06T07:08:09.123456Z", READ.replace(microsecond=123_456)),
        ("2024-05-06T07:08:09.1234567Z", READ.replace(microsecond=123_457)),
        ("2024-05-06T07:08:09.123", READ),
        ("2024-05-06T07:08:09", READ.replace(microsecond=0)),
        ("2024-05-06 07:08:09.123", READ),
        ("2024-05-06T09:08:09.123+02:00", READ),
        ("2024-05-06T07:08:09.123+00:00", READ),
        ("2024-05-06T07:08:09.123-00:00", READ),
        ("2024-05-06t07:08:09.123z", READ),
        ("2024-05-06", datetime(2024, 5, 6, tzinfo=UTC)),
    ],
)
def test_moments(text: str, moment: datetime) -> None:
    """Moments are aware: with their offset, or in UTC where the service gives none."""
    for changes in ({}, {"more": 1}):
        tenant = _read(createdAt=text, deletedAt=text, **changes)
        assert tenant.created_at == tenant.deleted_at == moment
        assert tenant.created_at is not None
        assert tenant.created_at.tzinfo is not None
        assert tenant.updated_at == READ


def test_an_offset_is_kept() -> None:
    """A moment keeps the offset that it came with."""
    moment = _read(createdAt="2024-05-06T07:08:09+05:45").created_at
    assert moment is not None
    assert moment.utcoffset() == timedelta(hours=5, minutes=45)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2024-13-01T00:00:00Z",
        "2024-02-30T00:00:00Z",
        "2024-01-01T25:00:00Z",
        "2024-01-01T00:00:60Z",
        "2024-01-01T00:00:00+24:00",
        "2024-01-01T00:00:00Z ",
        "0000-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "1714979289",
    ],
)
def test_moments_that_are_none(text: str) -> None:
    """What is no moment is kept as it came, and none is there."""
    for changes in ({}, {"more": 1}):
        tenant = _read(createdAt=text, deletedAt=text, **changes)
        assert tenant.created_at is tenant.deleted_at is None
        assert tenant.extra == {"createdAt": text, "deletedAt": text, **changes}
        assert tenant.is_deleted


def test_pages() -> None:
    """A page has its items and the total; links and other fields are not needed."""
    for beside in ({}, {"_links": {}}, {"_links": None, "more": [1]}, {"_links": {"next": "?_offset=1"}}):
        page = _body({"items": [REQUIRED, TYPICAL], "_metadata": {"totalItems": 9, "totalPages": 5, "x": 1}} | beside)
        read = decode(page, Page[Tenant])
        assert isinstance(read, Page)
        assert (read.total, read.index) == (9, 0)
        assert [tenant.metadata for tenant in read.items] == [None, {"plan": "pro"}]
    assert decode(_body({"items": [], "_metadata": {"totalItems": 0}}), Page[Tenant]) == Page(items=(), total=0)
    odd = _body({"items": [REQUIRED | {"metadata": {}}], "_metadata": {"totalItems": 0}})
    assert decode(odd, Page[Tenant]) == Page(items=(attrs.evolve(_LEAST, metadata={}),), total=0)


def test_many() -> None:
    """A bare array is a tuple, an empty one among it."""
    assert decode(b"[]", tuple[Tenant, ...]) == ()
    assert decode(_body([REQUIRED]), tuple[Tenant, ...]) == (_LEAST,)
    counts = [
        {"tenantId": "a", "totalUsers": 2, "totalAccessAllowedUsers": 1},
        {"tenantId": "b", "totalUsers": 0, "new": 1},
    ]
    assert decode(_body(counts), tuple[UserCount, ...]) == (
        UserCount(tenant_id="a", total_users=2, total_access_allowed_users=1),
        UserCount(tenant_id="b", total_users=0, extra={"new": 1}),
    )


def test_texts() -> None:
    """A bare array of texts is a tuple, and has nothing else in it."""
    assert decode(b"[]", tuple[str, ...]) == ()
    assert decode(b'["a", "b"]', tuple[str, ...]) == ("a", "b")
    for body, path in ((b"{}", "$: expected array, got dict"), (b'["a", 1]', "$[1]: expected str, got int")):
        error = decode(body, tuple[str, ...])
        assert isinstance(error, DecodeError)
        assert error.paths == (path,)
    assert isinstance(decode(b"", tuple[str, ...]), DecodeError)


@pytest.mark.parametrize("body", [b"", b"{}", b"not JSON", b"\xff", b"[" * 100_000])
def test_nothing(body: bytes) -> None:
    """Where nothing is expected, whatever came is nothing."""
    assert decode(body, NoneType) is None


@given(JSON)
def test_any_json(value: object) -> None:
    """Where any JSON is expected, it comes back as it was sent."""
    assert decode(_body(value), object) == value
    assert decode(encode({"value": value}), object) == {"value": value}


def test_any_json_may_be_empty() -> None:
    """An empty body is nothing."""
    assert decode(b"", object) is None


def test_tokens() -> None:
    """The token response is read by the slow path; whole seconds are seconds; other fields do not matter."""
    for seconds in (60, 60.5):
        token: Any = decode(_body({"token": "x", "expiresIn": seconds, "other": 1}), EnvironmentToken)
        assert (token.token, token.expires_in) == ("x", seconds)
        assert type(token.expires_in) is float
        assert "'x'" not in repr(token)


def test_key_sets() -> None:
    """Keys are mappings of JSON, kept whole."""
    document: Any = decode(_body({"keys": [{"kty": "RSA"}], "more": 1}), JwksDocument)
    assert list(document.keys) == [{"kty": "RSA"}]
    assert document.extra == {"more": 1}


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        (EnvironmentAuthentication(client_id="c", secret="s"), {"clientId": "c", "secret": "s"}),
        (TenantCreate(tenant_id="t"), {"tenantId": "t"}),
        (TenantCreate(tenant_id="t", name=None, metadata=None), {"tenantId": "t"}),
        (
            TenantCreate(tenant_id="t", name="", is_reseller=False, parent_tenant_id="p", logo_url="u", metadata={}),
            {"tenantId": "t", "name": "", "isReseller": False, "parentTenantId": "p", "logoUrl": "u", "metadata": {}},
        ),
        (TenantCreate(tenant_id="t", metadata='{"a": 1}'), {"tenantId": "t", "metadata": '{"a": 1}'}),
        (
            TenantCreate(tenant_id="t", metadata=[1, (2, {"a": None})]),
            {"tenantId": "t", "metadata": '[1,[2,{"a":null}]]'},
        ),
        (TenantUpdate(), {}),
        (TenantUpdate(website=None, is_reseller=False, name="n"), {"website": None, "isReseller": False, "name": "n"}),
        (TenantUpdate(metadata=None), {"metadata": None}),
        (TenantUpdate(metadata=RawText("{")), {"metadata": "{"}),
        (MetadataUpdate(metadata=MappingProxyType({"a": MappingProxyType({"b": 1})})), {"metadata": {"a": {"b": 1}}}),
        (MetadataUpdate(metadata={}), {"metadata": {}}),
        (TenantIds(tenant_ids=("a", "b")), {"tenantIds": ["a", "b"]}),
        (UserCountQuery(tenant_ids=("a",)), {"tenantIds": ["a"]}),
        (
            UserCountQuery(tenant_ids=("a",), exclude_invisible_users=False),
            {"tenantIds": ["a"], "excludeInvisibleUsers": False},
        ),
        (UserMove(src_tenant_id="a", target_tenant_id="b"), {"srcTenantId": "a", "targetTenantId": "b"}),
        ({"any": ["json", None]}, {"any": ["json", None]}),
        ("text", "text"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_sent(body: object, sent: object) -> None:
    """Only what was given is sent, by the names on the wire; null where null was given."""
    assert json.loads(encode(body)) == sent


@given(JSON)
def test_metadata_goes_in_as_an_object_or_as_text(value: Any) -> None:
    """The service takes an object or JSON text: text is sent as it is and never encoded twice, other values as text."""
    for body in (TenantCreate(tenant_id="t", metadata=value), TenantUpdate(metadata=value)):
        sent = json.loads(encode(body)).get("metadata")
        if value is None or isinstance(value, str | dict):
            assert sent == value
        else:
            assert json.loads(sent) == value
        text = json.dumps(value)
        assert json.loads(encode(attrs.evolve(body, metadata=text)))["metadata"] == text


def test_what_json_cannot_hold_is_not_sent() -> None:
    """The encoder stands behind the checks of arguments: it names the type and not the value."""
    for value in (object(), 1j, UTC):
        with pytest.raises(TypeError, match=rf"^JSON cannot hold a value of type {type(value).__name__}$"):
            encode({"a": value})


@pytest.mark.parametrize(("sent", "got"), [('"42"', "str"), ('"canary"', "str"), ("null", "NoneType"), ("[1]", "list")])
def test_mappings_must_be_mappings(sent: str, got: str) -> None:
    """Where only an object is allowed, another value of JSON is refused, also within a text."""
    error = decode(f'{{"metadata": {sent}}}'.encode(), MetadataUpdate)
    assert isinstance(error, DecodeError)
    assert error.paths == (f"$.metadata: expected object, got {got}",)
    for text in ('{"a": 1}', json.dumps('{"a": 1}')):
        assert decode(f'{{"metadata": {text}}}'.encode(), MetadataUpdate) == MetadataUpdate(metadata={"a": 1})


@dataclasses.dataclass
class _Point:
    x: int


@attrs.frozen(kw_only=True)
class _Shape:
    point_list: tuple[int, ...] = ()
    one_point: _Point | None = None
    inner_shape: _Shape | None = None
    size: float = 0.0


@pytest.mark.parametrize(
    ("raw", "paths"),
    [
        (
            {"pointList": [1, "canary", None]},
            ["$.pointList[1]: expected int, got str", "$.pointList[2]: expected int, got NoneType"],
        ),
        ({"onePoint": {"x": "canary"}}, ["$.onePoint.x: expected int, got str"]),
        ({"onePoint": {}}, ["$.onePoint.x: is missing"]),
        (
            {"innerShape": {"pointList": ["canary"], "size": "canary"}},
            ["$.innerShape.pointList[0]: expected int, got str", "$.innerShape.size: expected float, got str"],
        ),
        ({"size": 10**400}, ["$.size: is not readable (OverflowError)"]),
        ({"pointList": 5}, ["$.pointList: expected array, got int"]),
        ({"pointList": "canary"}, ["$.pointList: expected array, got str"]),
        ({"pointList": "12"}, ["$.pointList: expected array, got str"]),
        ({"pointList": {"1": 2}}, ["$.pointList: expected array, got dict"]),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_models_of_ones_own(raw: object, paths: list[str]) -> None:
    """Models with members of any kind are read by the slow path, and what is wrong in them has its whole path."""
    error = decode(_body(raw), _Shape)
    assert isinstance(error, DecodeError)
    assert list(error.paths) == paths
    assert decode(b'{"pointList": [1], "onePoint": {"x": 2}, "size": 3}', _Shape) == _Shape(
        point_list=(1,), one_point=_Point(2), size=3.0
    )
