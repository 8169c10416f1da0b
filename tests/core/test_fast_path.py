"""Fast path and slow path decode any row alike; a new field takes the slow path once."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any, Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async._core.codec.fast_path import MAX_LEARNED, RowReader
from frontegg_async._core.codec.reader import decode
from frontegg_async._core.codec.slow_path import converter
from frontegg_async._values.json_values import JsonValue, LazyJson
from frontegg_async.models.auth import EnvironmentToken
from frontegg_async.models.identity import IdentityConfiguration
from frontegg_async.models.page import Page
from frontegg_async.models.tenants import Tenant, UserCount
from tests.core.rows import JSON, KNOWN, MOMENTS, READ, REQUIRED, TYPICAL, tenant_rows
from tests.support.examples import examples

_ASCII_OR_NOT: Final = st.booleans()


def _same(one: object, other: object) -> bool:
    """Equal, and of the same types all the way down: 1, 1.0 and True are three values."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other


def _check_same(one: Any, other: Any) -> None:
    assert one == other
    assert type(one) is type(other)
    for field in attrs.fields(type(other)):
        ours, theirs = getattr(one, field.name), getattr(other, field.name)
        assert _same(ours, theirs), (field.name, ours, theirs)
        if hasattr(ours, "utcoffset"):
            assert ours.utcoffset() == theirs.utcoffset()


@examples(200)
@given(tenant_rows(), _ASCII_OR_NOT)
def test_both_paths_read_alike(row: dict[str, Any], ascii_only: bool) -> None:
    """A row in any order, with any of the fields and any unknown ones, is the same value by either path."""
    body = json.dumps(row, ensure_ascii=ascii_only).encode()
    reader = RowReader(Tenant)
    slow = converter.structure(json.loads(body), Tenant)
    reader.learn([row])
    fast = reader.read_one(body)
    is_odd = any(ord(character) < 32 or character in '"\\' for name in row.keys() - KNOWN for character in name)
    if fast is None:
        assert is_odd or not isinstance(row.get("metadata"), str | None)
    else:
        _check_same(fast, slow)
        many, page = (
            reader.read_many(b"[%b]" % body),
            reader.read_page(b'{"items":[%b],"_metadata":{"totalItems":1}}' % body),
        )
        assert many is not None
        assert page is not None
        _check_same(many[0], slow)
        _check_same(page[0][0], slow)


@given(st.lists(tenant_rows(), max_size=5))
def test_decoding_needs_no_path(rows: list[dict[str, Any]]) -> None:
    """Through the door, rows are read whole: as one, as many, as a page; first and later alike."""
    expected = tuple(converter.structure(row, Tenant) for row in rows)
    body = json.dumps(rows).encode()
    page = json.dumps({"items": rows, "_metadata": {"totalItems": 7}, "_links": {}}).encode()
    for _ in range(2):
        assert decode(body, tuple[Tenant, ...]) == expected
        assert decode(page, Page[Tenant]) == Page(items=expected, total=7)
        for row, tenant in zip(rows, expected, strict=True):
            one = decode(json.dumps(row).encode(), Tenant)
            _check_same(one, tenant)
            assert isinstance(one, Tenant)
            assert {name: row[name] for name in row.keys() - KNOWN} == one.extra


@given(MOMENTS)
def test_moments_are_read_alike(text: str) -> None:
    """RFC 3339 of any precision and zone is rounded alike and keeps its offset."""
    reader = RowReader(Tenant)
    row = REQUIRED | {"createdAt": text}
    reader.learn([row])
    fast = reader.read_one(json.dumps(row).encode())
    slow = converter.structure(row, Tenant)
    if fast is not None:
        _check_same(fast, slow)
    assert slow.created_at is not None
    assert slow.created_at.tzinfo is not None


_COUNTS: Final = {"tenantId": "t1", "totalUsers": 5}


@pytest.mark.parametrize(
    ("model", "row"),
    [
        (Tenant, REQUIRED),
        (Tenant, TYPICAL),
        (Tenant, TYPICAL | {"newField": {"a": [1, 2.5, None]}, "other": "x"}),
        (UserCount, _COUNTS),
        (UserCount, _COUNTS | {"totalAccessAllowedUsers": 3, "invited": 1}),
        (IdentityConfiguration, {}),
        (
            IdentityConfiguration,
            {"publicKey": "-----BEGIN", "jwtAlgorithm": "RS256", "apiTokensEnabled": True, "id": "x"},
        ),
    ],
)
def test_what_looks_as_expected_is_on_the_fast_path(model: type[object], row: dict[str, Any]) -> None:
    """After the first row of its kind, a row with unknown fields too is read by the fast path, and alike."""
    reader = RowReader(model)
    body = json.dumps(row).encode()
    first = reader.read_one(body)
    assert reader.learn([row]) is (first is None)
    fast = reader.read_one(body)
    assert fast is not None
    _check_same(fast, converter.structure(row, model))
    assert not reader.learn([row])


def test_the_first_rows_open_the_fast_path() -> None:
    """Whatever they are: before them it is not known which names the service sends."""
    for rows in ([REQUIRED], [TYPICAL], [], [None], [{"a\nb": 1}]):
        reader = RowReader(Tenant)
        assert reader.read_one(json.dumps(REQUIRED).encode()) is None
        assert reader.read_many(b"[]") is None
        assert reader.read_page(b'{"items": [], "_metadata": {"totalItems": 0}}') is None
        assert reader.learn(rows)
        assert reader.read_one(b'{"tenantId": "t1"}') == Tenant(tenant_id="t1", extra={"name": ""})
        assert reader.learn([REQUIRED]) is (REQUIRED not in rows and TYPICAL not in rows)
        assert reader.read_one(json.dumps(REQUIRED).encode()) is not None
        assert reader.read_many(b"[]") == []
        assert reader.read_page(b'{"items": [], "_metadata": {"totalItems": 0}}') == ([], {"totalItems": 0})


@attrs.frozen(kw_only=True, weakref_slot=False)
class _Fresh:
    metadata: JsonValue = None
    extra: dict[str, object] = attrs.field(factory=dict)


LazyJson.install(_Fresh, "metadata")


def test_a_first_answer_takes_the_fast_path() -> None:
    """It is not waited for what the slow path generates for a model; only the fast path leaves metadata as text."""
    value = decode(b'{"metadata": "[1]", "new": 2}', _Fresh)
    assert isinstance(value, _Fresh)
    assert vars(_Fresh)["metadata"].slot.__get__(value) == "[1]"
    assert value == _Fresh(metadata=[1], extra={"new": 2})


def test_a_model_without_extra_has_no_fast_path() -> None:
    """Where unknown fields are not kept, there is nothing to gain: rare answers take the slow path."""
    reader = RowReader(EnvironmentToken)
    assert reader.read_one(b'{"token": "x", "expiresIn": 5}') is None
    assert reader.read_many(b"[]") is None
    assert reader.read_page(b'{"items": [], "_metadata": {"totalItems": 0}}') is None
    assert not reader.learn([{"token": "x", "other": 1}])


@attrs.frozen(kw_only=True, weakref_slot=False)
class _Nested:
    names: tuple[str, ...] = ()
    extra: dict[str, object] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class _WithWeakrefs:
    name: str = ""
    extra: dict[str, object] = attrs.field(factory=dict)


@pytest.mark.parametrize("model", [_Nested, _WithWeakrefs])
def test_models_that_the_fast_path_cannot_build(model: type[object]) -> None:
    """A field with members, or a slot that a twin has not, closes the fast path and loses nothing."""
    assert RowReader(model).read_one(b"{}") is None
    value: Any = decode(b'{"new": 1}', model)
    assert value.extra == {"new": 1}
    assert decode(b'[{"new": 1}]', tuple[model, ...]) == (value,)  # type: ignore[valid-type]  # a model that the test was given


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\nb", "a\x00", '"', "\\", "x" * 129, "x" * 10_000])
def test_names_that_cannot_be_learned_stay_harmless(name: str) -> None:
    """A field name that no struct can have is kept by the slow path, and what came before and comes after is read."""
    reader = RowReader(Tenant)
    assert reader.learn([REQUIRED])
    assert not reader.learn([REQUIRED | {name: 1}])
    for row in (REQUIRED | {name: 1}, REQUIRED, REQUIRED | {"fresh": 2}, REQUIRED | {name: 3, "fresh": 4}):
        tenant = decode(json.dumps(row).encode(), Tenant)
        assert isinstance(tenant, Tenant)
        assert tenant.extra == {key: row[key] for key in row.keys() - REQUIRED.keys()}
    assert reader.learn([REQUIRED | {name: 1, "fresh": 2}])
    assert reader.read_one(json.dumps(REQUIRED | {"fresh": 2}).encode()) is not None


def test_what_is_learned_is_bounded() -> None:
    """A service that sends ever new names fills no memory, and every name is kept in its row."""
    assert MAX_LEARNED == 64
    reader = RowReader(Tenant)
    for page in range(20):
        rows = [REQUIRED | {f"field{page}x{number}": number} for number in range(10)]
        reader.learn(rows)
        assert len(reader._known.learned) <= MAX_LEARNED
    assert len(reader._known.learned) == MAX_LEARNED
    assert len(set(reader._known.learned.values())) == MAX_LEARNED
    assert not reader.learn([REQUIRED | {"more": 1}])
    assert reader.learn([REQUIRED | {"website": "https://a.example"}])
    for page in range(20):
        body = json.dumps({"items": [REQUIRED | {f"new{page}": 1}], "_metadata": {"totalItems": 1}}).encode()
        read = decode(body, Page[Tenant])
        assert isinstance(read, Page)
        assert read.items[0].extra == {f"new{page}": 1}


def test_learning_passes_over_what_is_no_row() -> None:
    """Rows of other types teach nothing."""
    reader = RowReader(Tenant)
    assert reader.learn([REQUIRED])
    assert not reader.learn([None, 5, "x", [], ["a"], True])
    assert reader.learn([None, {"a": 1}])


def test_threads_learn_together() -> None:
    """Blocking clients decode in their own threads and share what was learned: no value ends under another name."""
    reader = RowReader(Tenant)
    barrier = threading.Barrier(4)
    wrong: list[object] = []

    def work(number: int) -> None:
        barrier.wait()
        for step in range(8):
            row = REQUIRED | {f"own{number}x{step}": number, f"shared{step}": step, "website": "w"}
            reader.learn([row])
            tenant = reader.read_one(json.dumps(row).encode())
            expected = {f"own{number}x{step}": number, f"shared{step}": step}
            if tenant is None or tenant.extra != expected or tenant.website != "w":
                wrong.append(tenant)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(set(reader._known.learned.values())) == len(reader._known.learned) == 40


_SECRET: Final = "canary-jwt-secret"
_CONFIGURATION: Final = {"publicKey": "k", "jwtAlgorithm": "HS256", "jwtSecret": _SECRET, "other": 1}


def _slow(body: bytes) -> object:
    return converter.structure(json.loads(body), IdentityConfiguration)


def _fast(body: bytes) -> object:
    reader = RowReader(IdentityConfiguration)
    reader.learn([json.loads(body)])
    without = json.dumps({name: value for name, value in json.loads(body).items() if name != "jwtSecret"}).encode()
    assert reader.read_one(body) is None
    assert "jwtSecret" not in reader._known.learned
    return reader.read_one(without)


@pytest.mark.parametrize("read", [_slow, _fast, lambda body: decode(body, IdentityConfiguration)])
@pytest.mark.parametrize("escape", [False, True])
def test_the_signing_secret_is_never_kept(read: Callable[[bytes], object], *, escape: bool) -> None:
    """Neither path keeps the environment's signing secret, however its name is spelt."""
    body = json.dumps(_CONFIGURATION).encode()
    if escape:
        body = body.replace(b'"jwtSecret"', b'"jwt\\u0053ecret"')
    for _ in range(2):
        found = read(body)
        assert isinstance(found, IdentityConfiguration)
        assert (found.public_key, found.jwt_algorithm, found.extra) == ("k", "HS256", {"other": 1})
        assert _SECRET not in repr(attrs.asdict(found))


def test_the_signing_secret_is_kept_nowhere_else() -> None:
    """Not among the unknown fields of other models, rows of a page, or responses of many."""
    row = TYPICAL | {"jwtSecret": _SECRET}
    page = json.dumps({"items": [row, TYPICAL, row], "_metadata": {"totalItems": 3}}).encode()
    for _ in range(2):
        assert _SECRET not in repr([attrs.asdict(tenant) for tenant in decode(page, Page[Tenant]).items])  # type: ignore[union-attr]  # it is a page
        assert _SECRET not in repr(decode(json.dumps([row]).encode(), tuple[Tenant, ...]))


@given(JSON, st.text(min_size=1))
def test_what_was_read_is_of_its_own(value: object, name: str) -> None:
    """Two readings of the same body share nothing that could be changed."""
    body = json.dumps(REQUIRED | {f"x{name}": [value]}).encode()
    one, other = decode(body, Tenant), decode(body, Tenant)
    if isinstance(one, Tenant) and isinstance(other, Tenant):
        assert one == other
        assert one.extra is not other.extra
        assert one.created_at == READ
