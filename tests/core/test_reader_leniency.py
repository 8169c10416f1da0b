"""Lenient and strict fields of each model, on both paths, alone, in an array and in a page."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import pkgutil
from collections.abc import Mapping
from typing import Any, Final, cast, get_origin, get_type_hints

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async import models
from frontegg_async._core.codec import unreadable_values
from frontegg_async._core.codec.fast_models import FastModel
from frontegg_async._core.codec.fast_path import RowReader
from frontegg_async._core.codec.field_values import members
from frontegg_async._core.codec.reader import decode
from frontegg_async._core.codec.slow_path import converter
from frontegg_async._values.fields import (
    EXPECTED,
    EXTRA,
    OTHER_NAME,
    FromResponse,
    has_extra,
    lenient_fields,
    wire_name,
)
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret
from frontegg_async.errors import DecodeError
from frontegg_async.models.access_tokens import AccessToken
from frontegg_async.models.api_tokens import NewUserApiToken, TenantApiToken, UserApiToken
from frontegg_async.models.auth import EnvironmentToken
from frontegg_async.models.hierarchy import HierarchyMarks, HierarchyTenant, RelatedTenant, TreeNode
from frontegg_async.models.identity import IdentityConfiguration, JwksDocument
from frontegg_async.models.jwt_templates import JwtTemplate
from frontegg_async.models.migrations import MigratedTenant, Migration
from frontegg_async.models.page import Page
from frontegg_async.models.sessions import SessionTokens, SessionTokensV2
from frontegg_async.models.sso import SsoConfiguration, SsoDomain, SsoExcludedEmail, SsoGroup
from frontegg_async.models.sub_tenants import SubTenant
from frontegg_async.models.tenants import Tenant, UserCount
from frontegg_async.models.user_tenants import UserTenant, UserTenants
from frontegg_async.models.users import User
from frontegg_async.tree import TenantTree
from tests.core.rows import JSON, MOMENT, READ, TEXTS
from tests.support.examples import examples


def _read_models() -> list[type[attrs.AttrsInstance]]:
    found = set[type[attrs.AttrsInstance]]()
    for module in pkgutil.iter_modules(models.__path__):
        content = vars(importlib.import_module(f"frontegg_async.models.{module.name}"))
        found |= {each for each in content.values() if isinstance(each, type) and attrs.has(each) and has_extra(each)}
    return sorted((each for each in found if each.__name__ != "Claims"), key=lambda each: each.__name__)


READ_MODELS: Final = _read_models()
"""Every model that keeps what it does not know; claims are read by the verifier."""

_ODD_DATES: Final = st.sampled_from(
    [
        *(
            "",
            "soon",
            "2024-02-30T00:00:00Z",
            "1714979289",
            "2024-05-06",
            "2024-05-06 07:08:09",
            "2024-05-06T24:00:00Z",
        ),
        *(
            "20240506T070809.1234567Z",
            "2024-05-06T07:08:09.123z",
            "2024-05-06T07:08:09.1239",
            "0000-01-01T00:00:00.000Z",
        ),
        *(
            "2024-05-06T07:08:09+0200",
            "2024-05-06T07:08:60.000Z",
            "2024-W19-1T07:08:09.123Z",
            "2024-05-06T07:08:0é.123Z",
        ),
    ]
)
ANYTHING: Final = JSON | _ODD_DATES | st.just(MOMENT) | st.sampled_from([10**30, -(2**70), 1e308, 5e-324, 3.0, -0.0])


def _given(hint: object) -> st.SearchStrategy[object]:
    """Values as the service should give them."""
    kinds = members(hint)
    if any(attrs.has(cast("type", kind)) for kind in kinds if isinstance(kind, type)):
        return st.just({"tenantId": "t", "id": "i"})
    if any(get_origin(kind) is tuple for kind in (hint, *kinds)):
        return st.just([])
    choices = {
        str: TEXTS,
        bool: st.booleans(),
        int: st.integers(-5, 2**40),
        dt.datetime: st.just(MOMENT),
        Secret: TEXTS,
    }
    if any(get_origin(kind) is Mapping for kind in kinds):
        return st.dictionaries(TEXTS, JSON, max_size=2)
    fitting = [choices[cast("type", kind)] for kind in kinds if kind in choices]
    return st.one_of(*fitting) if fitting else JSON


@st.composite
def rows_of(draw: st.DrawFn, model: type[attrs.AttrsInstance]) -> dict[str, Any]:
    """A row in which each field that is not relied upon may be right, missing, null or anything."""
    hints, lenient, row = get_type_hints(model), lenient_fields(model), dict[str, Any]()
    for field in attrs.fields(model):
        if field.name == EXTRA:
            continue
        kind = draw(st.sampled_from(["right", "missing", "null", "anything"])) if field.name in lenient else "right"
        if kind != "missing":
            value = {"right": _given(hints[field.name]), "null": st.none(), "anything": ANYTHING}[kind]
            row[wire_name(field)] = draw(value)
    row |= draw(st.dictionaries(st.sampled_from(["name", "tenantName", "new", "newer"]), ANYTHING, max_size=2))
    return {name: row[name] for name in draw(st.permutations(sorted(row)))}


def _same(one: object, other: object) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other


def _check_same(one: Any, other: Any) -> None:
    assert one == other
    for field in attrs.fields(type(other)):
        ours, theirs = getattr(one, field.name), getattr(other, field.name)
        assert _same(ours, theirs), (field.name, ours, theirs)


def test_there_is_every_model() -> None:
    """Those of the API, and none that is only written."""
    assert {Tenant, UserCount, RelatedTenant, TreeNode, HierarchyTenant, SsoConfiguration} <= {*READ_MODELS}
    assert len(READ_MODELS) >= 25


@pytest.mark.parametrize("model", READ_MODELS, ids=lambda model: model.__name__)
@examples(15)
@given(data=st.data())
def test_no_row_fails_a_listing(model: Any, data: st.DataObject) -> None:
    """Whatever its other fields are; both paths read it alike, and what was not read as its type is kept raw."""
    rows = data.draw(st.lists(rows_of(model), min_size=1, max_size=3))
    raw = [json.loads(json.dumps(row)) for row in rows]
    expected = [converter.structure(row, model) for row in raw]
    for row, value in zip(raw, expected, strict=True):
        _check_kept(row, value)
    reader = RowReader(model)
    body = json.dumps(rows).encode()
    reader.learn(raw)
    fast = reader.read_many(body)
    assert (fast is not None) is FastModel(model).is_flat
    for ours, theirs in zip(fast or expected, expected, strict=True):
        _check_same(ours, theirs)
    for _ in range(2):
        assert decode(body, tuple[model, ...]) == tuple(expected)
        page = decode(b'{"items": %b, "_metadata": {"totalItems": 1}}' % body, Page[model])
        assert page == Page(items=tuple(expected), total=1)
        if rows[0] and not issubclass(model, FromResponse):
            assert decode(json.dumps(rows[0]).encode(), model) == expected[0]


def _check_kept(row: Mapping[str, object], value: Any) -> None:
    """Each lenient field that has its default although it was given is in ``extra`` as it came, but for secrets."""
    model = type(value)
    hints = get_type_hints(model)
    known = {wire_name(field) for field in attrs.fields(model)}
    for field in attrs.fields(model):
        name = wire_name(field)
        if name not in value.extra or field.name == EXTRA:
            continue
        assert Secret not in members(hints[field.name])
        assert value.extra[name] == row.get(name, "")
        default = field.default.factory() if isinstance(field.default, attrs.Factory) else field.default  # type: ignore[arg-type]  # attrs types it as a function
        assert getattr(value, field.name) == default
        assert name in row or EXPECTED in field.metadata
    others = {field.metadata[OTHER_NAME] for field in attrs.fields(model) if OTHER_NAME in field.metadata}
    for name in row.keys() - known - others:
        assert value.extra[name] == row[name]


@pytest.mark.parametrize("model", READ_MODELS, ids=lambda model: model.__name__)
@given(data=st.data())
@examples(20)
def test_a_right_value_is_never_kept_raw(model: Any, data: st.DataObject) -> None:
    """What has the type of its field is in the field."""
    hints = get_type_hints(model)
    row = {
        wire_name(field): data.draw(_given(hints[field.name])) for field in attrs.fields(model) if field.name != EXTRA
    }
    if model is JwksDocument:
        row["keys"] = [{"kty": "RSA"}]
    if model is JwtTemplate:
        row["templateSchema"] = {"claims": {}}
    (value,) = cast("tuple[Any]", decode(b"[%b]" % json.dumps(row).encode(), tuple[model, ...]))
    assert value.extra == {}


@pytest.mark.parametrize(
    ("row", "name", "kept"),
    [
        ({"name": "Acme"}, "Acme", {}),
        ({"name": ""}, "", {}),
        ({"name": None}, "", {"name": None}),
        ({}, "", {"name": ""}),
        ({"name": 5}, "", {"name": 5}),
        ({"name": []}, "", {"name": []}),
    ],
)
@pytest.mark.parametrize("model", [Tenant, SubTenant, UserTenant, HierarchyTenant])
def test_a_name_that_is_null_or_missing(model: type[Tenant], row: dict[str, Any], name: str, kept: object) -> None:
    """Both stay visible, and can be warned from each other and from an empty name."""
    for more in ({}, {"new": 1}, {"createdAt": "soon", "updatedAt": "soon"}):
        body = json.dumps({"tenantId": "t1", **row, **more}).encode()
        for _ in range(2):
            tenant = decode(body, model)
            assert isinstance(tenant, model)
            assert tenant.name == name
            assert {key: value for key, value in tenant.extra.items() if key not in more} == kept


def test_of_a_tenant_only_its_id_is_relied_upon() -> None:
    """All else may be missing, and is null then."""
    tenant = decode(b'{"tenantId": "t1"}', Tenant)
    assert tenant == Tenant(tenant_id="t1", extra={"name": ""})
    assert isinstance(tenant, Tenant)
    assert tenant.created_at is tenant.updated_at is tenant.deleted_at is None
    assert not tenant.is_deleted


@pytest.mark.parametrize(
    ("sent", "read", "deleted"),
    [
        (None, None, False),
        (MOMENT, READ, True),
        ("2024-05-06", dt.datetime(2024, 5, 6, tzinfo=dt.UTC), True),
        ("soon", None, True),
        ("", None, True),
        (0, None, True),
        (False, None, True),
        ([], None, True),
        ({}, None, True),
        (1_714_979_289, None, True),
    ],
)
def test_a_time_of_deletion_that_cannot_be_read_counts(sent: object, read: object, deleted: bool) -> None:
    """Whatever is not null says that the tenant is deleted."""
    for _ in range(2):
        tenant = decode(json.dumps({"tenantId": "t1", "name": "n", "deletedAt": sent}).encode(), Tenant)
        assert isinstance(tenant, Tenant)
        assert (tenant.deleted_at, tenant.is_deleted) == (read, deleted)
        assert tenant.extra == ({} if read is not None or sent is None else {"deletedAt": sent})
        of_user = decode(json.dumps({"tenantId": "t1", "name": "n", "deletedAt": sent}).encode(), UserTenant)
        assert isinstance(of_user, UserTenant)
        assert (of_user.deleted_at, of_user.is_deleted, of_user.extra) == (read, deleted, tenant.extra)


@pytest.mark.parametrize(
    ("model", "row", "path"),
    [
        (Tenant, {"tenantId": None, "name": "n"}, "$.tenantId: expected str, got NoneType"),
        (Tenant, {"tenantId": 5, "name": 5}, "$.tenantId: expected str, got int"),
        (Tenant, {"name": "n"}, "$.tenantId: is missing"),
        (TenantApiToken, {"clientId": "c", "tenantId": 5}, "$.tenantId: expected str or null, got int"),
        (TenantApiToken, {"tenantId": "t"}, "$.clientId: is missing"),
        (SsoConfiguration, {"id": "c", "tenantId": ["t"]}, "$.tenantId: expected str or null, got list"),
        (User, {"id": "u", "tenantId": {}}, "$.tenantId: expected str or null, got dict"),
        (NewUserApiToken, {"clientId": "c", "secret": 5}, "$.secret: expected str, got int"),
        (NewUserApiToken, {"clientId": "c"}, "$.secret: is missing"),
        (AccessToken, {"id": "a", "tenantId": "t", "expires": "soon"}, "$.expires: expected datetime or null, got str"),
        (AccessToken, {"id": "a", "tenantId": "t", "expires": 5}, "$.expires: expected datetime or null, got int"),
        (AccessToken, {"id": "a", "tenantId": "t", "userId": 5}, "$.userId: expected str or null, got int"),
        (IdentityConfiguration, {"publicKey": 5}, "$.publicKey: expected str or null, got int"),
        (IdentityConfiguration, {"jwtAlgorithm": ["HS256"]}, "$.jwtAlgorithm: expected str or null, got list"),
        (JwksDocument, {"key": []}, "$.keys: is missing"),
        (UserTenants, {"tenants": [{"tenantId": "t"}, {"name": "n"}]}, "$.tenants[1].tenantId: is missing"),
        (UserTenants, {"tenants": None}, "$.tenants: expected array, got NoneType"),
        (Migration, {"migrationId": 5, "status": "pending"}, "$.migrationId: expected str, got int"),
        (Migration, {"status": "pending"}, "$.migrationId: is missing"),
        (EnvironmentToken, {"token": "t", "expiresIn": "60"}, "$.expiresIn: expected float, got str"),
        (SessionTokens, {"accessToken": "t", "expiresIn": None}, "$.expiresIn: expected float, got NoneType"),
        (
            SessionTokens,
            {"accessToken": "t", "expiresIn": 5, "refreshToken": 5},
            "$.refreshToken: expected str or null",
        ),
        (SessionTokensV2, {"access_token": None, "expires_in": 5}, "$.access_token: expected str, got NoneType"),
    ],
)
def test_what_is_strict(model: Any, row: dict[str, Any], path: str) -> None:
    """Whose a response is, how long it holds, keys and credentials are not guessed."""
    for _ in range(2):
        error = decode(json.dumps(row).encode(), model)
        assert isinstance(error, DecodeError)
        assert len(error.paths) == 1
        assert error.paths[0].startswith(path)


def test_rows_with_less_than_was_expected() -> None:
    """Levels, counts and names may be missing, and tokens need not say whose they are."""
    assert decode(b'[{"tenantId": "a"}]', tuple[RelatedTenant, ...]) == (RelatedTenant(tenant_id="a"),)
    assert decode(b'[{"tenantId": "a"}]', tuple[UserCount, ...]) == (UserCount(tenant_id="a"),)
    assert decode(b'[{"clientId": "c"}]', tuple[TenantApiToken, ...]) == (TenantApiToken(client_id="c"),)
    assert decode(b'[{"id": "d"}]', tuple[SsoDomain, ...]) == (SsoDomain(id="d", extra={"domain": ""}),)
    assert decode(b'[{"id": "g"}]', tuple[SsoGroup, ...]) == (SsoGroup(id="g", extra={"group": ""}),)
    migration = decode(b'{"migrationId": "m", "status": "pending", "tenants": [{"tenantId": "t"}]}', Migration)
    tenants = (MigratedTenant(tenant_id="t", extra={"status": ""}),)
    assert migration == Migration(migration_id="m", status="pending", tenants=tenants)


@pytest.mark.parametrize(
    ("row", "text", "kept"),
    [
        ({"$": "given"}, "given", {}),
        ({"$": ""}, "", {}),
        ({"$": None}, "", {"$": None}),
        ({}, "", {"$": ""}),
        ({"$": 5}, "", {"$": 5}),
        ({"$": {"a": [1]}}, "", {"$": {"a": [1]}}),
    ],
)
def test_a_status_or_an_address_that_is_null_or_missing(row: dict[str, Any], text: str, kept: dict[str, Any]) -> None:
    """The state of a migration, and an address of a list of many: neither fails the response."""

    def named(name: str, values: dict[str, Any]) -> dict[str, Any]:
        return {name: values["$"]} if values else {}

    for _ in range(2):
        body = json.dumps({"migrationId": "m", "tenants": [], **named("status", row)}).encode()
        migration = decode(body, Migration)
        assert migration == Migration(migration_id="m", status=text, extra=named("status", kept))
        assert isinstance(migration, Migration)
        assert not migration.is_over
        body = json.dumps([{"id": "1", "email": "a@b.c"}, {"id": "2", **named("email", row)}, "d@e.f"]).encode()
        assert decode(body, tuple[SsoExcludedEmail, ...]) == (
            SsoExcludedEmail(id="1", email="a@b.c"),
            SsoExcludedEmail(id="2", email=text, extra=named("email", kept)),
            SsoExcludedEmail(email="d@e.f"),
        )


def test_one_address_may_stand_for_a_list() -> None:
    """If it says that it is one, although no field of it is relied upon."""
    for sent, read in (("a@b.c", SsoExcludedEmail(email="a@b.c")), (None, SsoExcludedEmail(extra={"email": None}))):
        assert decode(json.dumps({"email": sent}).encode(), tuple[SsoExcludedEmail, ...]) == (read,)
    for body in (b"{}", b'{"errors": ["x"]}', b'{"items": []}', b"5", b'"a@b.c"'):
        assert isinstance(decode(body, tuple[SsoExcludedEmail, ...]), DecodeError)


def test_one_object_may_stand_for_a_list() -> None:
    """If it is a row; what has nothing of one is none."""
    one = decode(b'{"tenantId": "a", "level": 1}', tuple[RelatedTenant, ...])
    assert one == (RelatedTenant(tenant_id="a", level=1),)
    assert decode(b'{"tenantId": "a"}', list[RelatedTenant]) == [RelatedTenant(tenant_id="a")]
    for body in (b"{}", b'{"errors": ["x"]}', b'{"items": []}'):
        assert isinstance(decode(body, tuple[RelatedTenant, ...]), DecodeError)
        assert isinstance(decode(body, tuple[HierarchyMarks, ...]), DecodeError)


@pytest.mark.parametrize(
    ("row", "name", "kept"),
    [
        ({"tenantName": "A"}, "A", {}),
        ({"name": "B"}, "B", {}),
        ({"tenantName": None, "name": "B"}, "B", {}),
        ({"tenantName": "A", "name": "B"}, "A", {"name": "B"}),
        ({"tenantName": "", "name": "B"}, "", {"name": "B"}),
        ({"tenantName": 5, "name": "B"}, None, {"tenantName": 5, "name": "B"}),
        ({"name": 5}, None, {"name": 5}),
        ({"name": None}, None, {"name": None}),
        ({}, None, {}),
    ],
)
def test_a_name_by_its_other_name(row: dict[str, Any], name: str | None, kept: object) -> None:
    """Rows and nodes of a hierarchy may say ``name``; it counts where there is no ``tenantName``."""
    body = json.dumps([{"tenantId": "a", **row}]).encode()
    for model in (RelatedTenant, TreeNode):
        for _ in range(2):
            (found,) = cast("tuple[TreeNode]", decode(body, tuple[model, ...]))  # type: ignore[valid-type]  # a model of the test
            assert (found.tenant_name, found.extra) == (name, kept)
    node = json.dumps({"tenantId": "top", "children": [{"tenantId": "a", **row, "children": []}]}).encode()
    tree = decode(node, TenantTree)
    assert isinstance(tree, TenantTree)
    (found,) = tree.children("top")
    assert (found.tenant_name, {key: found.extra[key] for key in found.extra}) == (
        name,
        {} if kept == {"name": None} else kept,
    )


def test_a_tree_with_odd_nodes() -> None:
    """As rows; its shape and its ids are relied upon."""
    tree = decode(
        b'{"tenantId": "a", "createdAt": "soon", "children": [{"tenantId": "b", "tenantName": [1], "status": 5}]}',
        TenantTree,
    )
    assert isinstance(tree, TenantTree)
    assert [dict(node.extra) for node in tree] == [{"createdAt": "soon"}, {"tenantName": [1], "status": 5}]


def test_odd_values_within_a_row() -> None:
    """An odd field of an inner object is kept there; an inner object that cannot be read at all, in the outer row."""
    row = {"tenantId": "a", "name": "A", "metadata": {"isParent": "yes"}}
    marks = HierarchyMarks(extra={"isParent": "yes"})
    assert decode(json.dumps(row).encode(), HierarchyTenant) == HierarchyTenant(tenant_id="a", name="A", metadata=marks)
    for odd in ("x", 5, [], ["isParent"], True):
        row = {"tenantId": "a", "name": "A", "metadata": odd}
        assert decode(json.dumps(row).encode(), HierarchyTenant) == HierarchyTenant(
            tenant_id="a", name="A", extra={"metadata": odd}
        )
    domains: list[dict[str, Any]] = [{"id": "d", "domain": "a.example", "validated": "yes"}]
    read = SsoDomain(id="d", domain="a.example", extra={"validated": "yes"})
    body = json.dumps({"id": "c", "domains": domains, "groups": [{"group": "no id"}], "defaultRoles": [5]}).encode()
    expected = SsoConfiguration(id="c", domains=(read,), extra={"groups": [{"group": "no id"}], "defaultRoles": [5]})
    assert decode(body, SsoConfiguration) == expected


def test_a_secret_of_another_type_is_not_kept() -> None:
    """It may be a secret all the same."""
    configuration = decode(b'{"id": "c", "oidcSecret": {"value": "canary"}, "idpClientSecret": 5}', SsoConfiguration)
    assert configuration == SsoConfiguration(id="c")


@pytest.mark.parametrize("metadata", ['{"a": 1}', {"a": 1}])
def test_metadata_of_a_token_is_its_value(metadata: JsonValue) -> None:
    """In whichever form it comes, from the first row on."""
    body = json.dumps({"clientId": "c", "metadata": metadata}).encode()
    for _ in range(2):
        assert decode(body, UserApiToken) == UserApiToken(client_id="c", metadata={"a": 1})


@attrs.frozen(kw_only=True, weakref_slot=False)
class _Own:
    id: str
    count: int = 7
    label: str = "none"
    note: str | None = "empty"
    share: float | None = None
    extra: dict[str, object] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True, weakref_slot=False)
class _OwnStrict:
    id: str
    count: int = 7


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, _Own(id="a")),
        ({"count": 0, "label": "", "note": None}, _Own(id="a", count=0, label="", note=None)),
        ({"count": 3.0, "share": 2}, _Own(id="a", count=3, share=2.0)),
        ({"count": None, "label": None}, _Own(id="a", extra={"count": None, "label": None})),
        ({"count": 3.5, "share": "x"}, _Own(id="a", extra={"count": 3.5, "share": "x"})),
        ({"count": True, "share": True}, _Own(id="a", extra={"count": True, "share": True})),
        ({"share": 10**400}, _Own(id="a", extra={"share": 10**400})),
    ],
    ids=range(7),
)
def test_models_of_ones_own(row: dict[str, Any], expected: _Own) -> None:
    """They are read leniently where they have ``extra`` and defaults, with the defaults that they have."""
    body = json.dumps({"id": "a", **row}).encode()
    for _ in range(3):
        _check_same(decode(body, _Own), expected)
        _check_same(cast("tuple[_Own]", decode(b"[%b]" % body, tuple[_Own, ...]))[0], expected)
    if expected.extra:
        strict = decode(body, _OwnStrict)
        assert isinstance(strict, DecodeError) is ("count" in row)


def test_what_could_not_be_read_is_taken_down_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its model, field and type; nulls are no news, and what was dropped is found again."""
    monkeypatch.setattr(unreadable_values, "_warned", set())
    body = b'[{"tenantId": "a", "name": null, "status": 5, "createdAt": "canary"}]'
    collected = unreadable_values.PendingWarnings(is_held=True)
    with unreadable_values.collected_in(collected):
        for _ in range(3):
            decode(body, tuple[Tenant, ...])
    warned = [*collected._messages.values()]
    assert sorted(message.partition(" cannot")[0] for message in warned) == ["Tenant.created_at", "Tenant.status"]
    assert "canary" not in "".join(warned)
    collected.discard()
    with unreadable_values.collected_in(collected):
        decode(body, tuple[Tenant, ...])
    assert [*collected._messages.values()] == warned
