"""Checks of arguments: what JSON values, ids, counts and bodies may be; each error names its argument."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import json
import math
import uuid
from collections import OrderedDict, namedtuple
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async._core.checks import arguments
from frontegg_async._core.codec.encoding import encode
from frontegg_async._values.flags import check_flag
from frontegg_async._values.json_values import JsonValue, RawText
from frontegg_async._values.unset import UNSET
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.tenant_writes import TenantCreate, TenantUpdate
from frontegg_async.models.tenants import MetadataUpdate, Tenant, TenantIds, UserCountQuery
from tests.support.examples import examples

_TEXT: Final = st.text(st.characters(exclude_categories=["Cs"]))
_JSON: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXT,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(_TEXT, inner),
    max_leaves=20,
)
_ALIEN: Final = (
    st.sampled_from([math.nan, math.inf, -math.inf, 2**64, -(2**63) - 1, 10**30, b"x", {1}, object(), 1j, ...])
    | st.dates()
    | st.decimals()
    | st.uuids()
    | st.text(st.characters(categories=["Cs"]), min_size=1)
    | st.dictionaries(st.integers() | st.none() | st.tuples() | st.binary(), st.none(), min_size=1)
)


@examples(200)
@given(_JSON)
def test_json_is_taken(value: JsonValue) -> None:
    """Whatever JSON can hold is taken, and is encoded as another encoder reads it."""
    arguments.check_json(value, "metadata")
    assert json.loads(encode({"value": value})) == json.loads(json.dumps({"value": value}))


@examples(200)
@given(_JSON, _ALIEN, st.lists(st.sampled_from(["list", "tuple", "dict"]), max_size=5))
def test_what_json_cannot_hold_is_refused(beside: JsonValue, value: object, wraps: list[str]) -> None:
    """One alien value anywhere is refused, and the message begins with the argument or a key of it."""
    for wrap in wraps:
        value = {"list": [beside, value], "tuple": (value, beside), "dict": {"k": beside, "l": value}}[wrap]
    with pytest.raises(InvalidArgumentError, match=r"^(a key of )?metadata"):
        arguments.check_json(value, "metadata")


class _Text(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "another text"


class _Number(int):
    pass


class _Float(float):
    pass


class _Color(enum.StrEnum):
    RED = "red"


class _Level(enum.IntEnum):
    LOW = 1


_Point = namedtuple("_Point", ["x", "y"])  # noqa: PYI024 - a plain tuple to JSON


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (_Text("a"), "a"),
        (RawText("{not json"), "{not json"),
        (_Number(5), 5),
        (_Float(1.5), 1.5),
        (_Color.RED, "red"),
        (_Level.LOW, 1),
        (True, True),
        (-0.0, 0),
        (2**64 - 1, 2**64 - 1),
        (-(2**63), -(2**63)),
        (1e308, 1e308),
        ("\x00\u2028\U0001f600", "\x00\u2028\U0001f600"),
        (_Point(1, [2]), [1, [2]]),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (MappingProxyType({"a": MappingProxyType({})}), {"a": {}}),
        ({_Text("k"): 1}, {"k": 1}),
        (MappingProxyType({_Text("k"): 1}), {"k": 1}),
        ({_Color.RED: 1}, {"red": 1}),
        ({"": ""}, {"": ""}),
        ([], []),
        ({}, {}),
    ],
    ids=repr,
)
def test_what_is_taken_is_sent(value: object, sent: object) -> None:
    """Kinds of the plain types are sent as what they hold: nothing that is taken fails when it is encoded."""
    arguments.check_json({"m": value}, "body")
    assert json.loads(encode({"m": value})) == {"m": sent}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (math.nan, "metadata must be a finite number: JSON has no NaN and no infinity"),
        ({"a": [1, math.inf]}, "metadata['a'][1] must be a finite number: JSON has no NaN and no infinity"),
        ({1}, "metadata is of type set, which JSON cannot hold: use text,"),
        ({"a": b""}, "metadata['a'] is of type bytes, which JSON cannot hold"),
        ([dt.datetime(2025, 1, 2, tzinfo=dt.UTC)], "metadata[0] is of type datetime, which JSON cannot hold"),
        ((decimal.Decimal(1),), "metadata[0] is of type Decimal, which JSON cannot hold"),
        (uuid.UUID(int=1), "metadata is of type UUID, which JSON cannot hold"),
        ({"a": {5: 1}}, "metadata['a'] has a key of type int: keys must be text"),
        ({None: 1}, "metadata has a key of type NoneType: keys must be text"),
        ({"\ud800": 1}, "a key of metadata has a lone surrogate, which is not valid Unicode text"),
        (["\udc00"], "metadata[0] has a lone surrogate, which is not valid Unicode text"),
        (2**64, "metadata must be a whole number of at most 64 bits"),
        ({"n": -(2**63) - 1}, "metadata['n'] must be a whole number of at most 64 bits"),
        ({"a\nb": {1}}, r"metadata['a\nb'] is of type set"),
    ],
    ids=ascii,
)
def test_refusals_name_the_place(value: object, message: str) -> None:
    """A refusal says where and of which type, on one line."""
    with pytest.raises(InvalidArgumentError) as caught:
        arguments.check_json(value, "metadata")
    assert str(caught.value).startswith(message)
    assert len(str(caught.value).splitlines()) == 1


def _nested(depth: int) -> object:
    value: object = 1
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


@pytest.mark.slow
def test_the_depth_is_bounded() -> None:
    """Nesting is taken to the limit and refused behind it, also when it is endless."""
    arguments.check_json(_nested(arguments.MAX_DEPTH), "body")
    assert encode(_nested(arguments.MAX_DEPTH))
    cycle: list[object] = []
    cycle += [cycle, cycle]
    for value in (_nested(arguments.MAX_DEPTH + 1), _nested(100_000), cycle):
        with pytest.raises(InvalidArgumentError, match=r"^body is nested deeper than 128 levels$"):
            arguments.check_json(value, "body")


@pytest.mark.parametrize("value", ["a", " ", "\n", "\u00e4", "x" * 1_000])
def test_text(value: str) -> None:
    """Text is text."""
    arguments.check_text(value, "filter")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "filter must not be empty"),
        (None, "filter must be text, not NoneType"),
        (b"a", "filter must be text, not bytes"),
        ("\ud800", "filter has a lone surrogate, which is not valid Unicode text"),
    ],
)
def test_bad_text(value: object, message: str) -> None:
    """Nothing else is, and empty text only where it is allowed."""
    with pytest.raises(InvalidArgumentError) as caught:
        arguments.check_text(value, "filter")
    assert str(caught.value) == message
    assert caught.value.__cause__ is caught.value.__context__ is None
    arguments.check_text("", "filter", allow_empty=True)


@pytest.mark.parametrize(
    "value", ["a", "0", "T-1_x~y.z", "a b", "\u00e4", "a/b", "...", "..a", "%2e", "x" * 256, "\u00e9" * 256]
)
def test_ids(value: str) -> None:
    """An id is any text of one segment."""
    arguments.check_id(value, "tenant_id")
    assert arguments.check_ids([value], "tenant_ids") == (value,)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "must not be empty"),
        (".", "must not be '.' or '..'"),
        ("..", "must not be '.' or '..'"),
        ("x" * 257, "must have at most 256 characters"),
        ("a\n", "must not have control characters"),
        ("a\x00b", "must not have control characters"),
        ("\x85", "must not have control characters"),
        (" a", "must not begin or end with white space"),
        ("a ", "must not begin or end with white space"),
        ("\u00a0a", "must not begin or end with white space"),
        ("a\u2028", "must not begin or end with white space"),
        ("\ud800", "has a lone surrogate, which is not valid Unicode text"),
        (None, "must be text, not NoneType"),
        (5, "must be text, not int"),
        (b"a", "must be text, not bytes"),
        (["a"], "must be text, not list"),
        (uuid.UUID(int=1), "must be text, not UUID: give its str()"),
    ],
    ids=ascii,
)
def test_bad_ids(value: object, message: str) -> None:
    """What would vanish, move or be stripped on its way is no id, alone or among others."""
    with pytest.raises(InvalidArgumentError) as caught:
        arguments.check_id(value, "tenant_id")
    assert str(caught.value) == f"tenant_id {message}"
    with pytest.raises(InvalidArgumentError) as caught:
        arguments.check_ids(["fine", value], "tenant_ids")
    assert str(caught.value) == f"tenant_ids[1] {message}"


def _some_ids() -> Iterator[str]:
    yield from "abca"


@pytest.mark.parametrize("values", [["a", "b", "c", "a"], ("a", "b", "b", "c"), _some_ids(), {"a": 1, "b": 2, "c": 3}])
def test_ids_are_taken_once_and_in_order(values: Any) -> None:
    """An id that is repeated is sent once."""
    assert arguments.check_ids(values, "tenant_ids") == ("a", "b", "c")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ("abc", "tenant_ids must be a sequence of ids, not str: give a list, also for one id"),
        (None, "tenant_ids must be a sequence of ids, not NoneType"),
        (5, "tenant_ids must be a sequence of ids, not int"),
        (b"abc", "tenant_ids[0] must be text, not int"),
        ([], "tenant_ids must have at least one id"),
        ((), "tenant_ids must have at least one id"),
    ],
)
def test_bad_sequences_of_ids(values: object, message: str) -> None:
    """A single text is no sequence of ids, and no id is not enough."""
    with pytest.raises(InvalidArgumentError) as caught:
        arguments.check_ids(values, "tenant_ids")
    assert str(caught.value) == message
    with pytest.raises(InvalidArgumentError) as caught:
        arguments.check_ids(values, "tenant_ids", kind="key")
    assert str(caught.value) == message.replace(" id", " key")


@pytest.mark.parametrize("value", [1, 100, 200])
def test_counts(value: int) -> None:
    """Both ends of a range belong to it."""
    arguments.check_count(value, "page_size", least=1, most=200)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (-1, "-1"),
        (201, "201"),
        (1.0, "1.0"),
        (True, "bool"),
        (None, "NoneType"),
        ("5", "'5'"),
        ("a@b.example", "a text of 11 characters"),
        (math.nan, "nan"),
        (dt.timedelta(days=1), "timedelta"),
        pytest.param(2**20_000, "a number of 20001 bits", id="long"),
    ],
)
def test_bad_counts(value: object, shown: str) -> None:
    """Everything else is refused with the range, and shown unless it may be a secret or is too long."""
    with pytest.raises(InvalidArgumentError, match=f"^page_size must be a whole number from 1 to 200, not {shown}$"):
        arguments.check_count(value, "page_size", least=1, most=200)


def test_flags() -> None:
    """A flag is True or False and nothing that looks like it."""
    check_flag(True, "strict", InvalidArgumentError)
    check_flag(False, "strict", InvalidArgumentError)
    for value in (0, 1, None, "true"):
        with pytest.raises(InvalidArgumentError, match=rf"^strict must be True or False, not {type(value).__name__}$"):
            check_flag(value, "strict", InvalidArgumentError)


@attrs.frozen(kw_only=True)
class _Own:
    count: int


@pytest.mark.parametrize(
    "body",
    [
        TenantCreate(tenant_id="t1"),
        TenantCreate(tenant_id="t1", name="", is_reseller=False, metadata={"a": [1]}, status=None),
        TenantUpdate(),
        TenantUpdate(name="n", website=None, is_reseller=True, metadata=None),
        TenantUpdate(metadata='{"a": 1}'),
        TenantUpdate(metadata='"text"'),
        TenantUpdate(metadata=RawText("not JSON")),
        MetadataUpdate(metadata={"a": None}),
        TenantIds(tenant_ids=("a", "b")),
        UserCountQuery(tenant_ids=("a",), exclude_invisible_users=True),
        _Own(count=5),
    ],
)
def test_bodies(body: attrs.AttrsInstance) -> None:
    """A body whose fields have the types of its model is taken."""
    arguments.check_body(body)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (TenantCreate(tenant_id="t", name=5), "name must be text, not int"),  # type: ignore[arg-type]  # wrong types are the point
        (TenantCreate(tenant_id=None), "tenant_id must be text, not NoneType"),  # type: ignore[arg-type]  # likewise
        (TenantCreate(tenant_id="t", name="\ud800"), "name has a lone surrogate, which is not valid Unicode text"),
        (TenantCreate(tenant_id="t", is_reseller=1), "is_reseller must be True or False, not int"),  # type: ignore[arg-type]  # likewise
        (
            TenantCreate(tenant_id="t", metadata=math.nan),
            "metadata must be a finite number: JSON has no NaN and no infinity",
        ),
        (TenantUpdate(name=None), "name must be text, not NoneType"),  # type: ignore[arg-type]  # likewise
        (TenantUpdate(is_reseller=None), "is_reseller must be True or False, not NoneType"),  # type: ignore[arg-type]  # likewise
        (TenantUpdate(status=b""), "status must be text, not bytes"),  # type: ignore[arg-type]  # likewise
        (TenantUpdate(metadata="canary"), "metadata given as text must be JSON text, "),
        (TenantCreate(tenant_id="t", metadata="{'a': 1}"), "metadata given as text must be JSON text, "),
        (TenantIds(tenant_ids=("a", "")), "tenant_ids[1] must not be empty"),
        (TenantIds(tenant_ids=()), "tenant_ids must have at least one id"),
        (UserCountQuery(tenant_ids="abc"), "tenant_ids must be a sequence of ids, not str"),  # type: ignore[arg-type]  # likewise
        (MetadataUpdate(metadata={"a": UNSET}), "metadata['a'] is of type UnsetType, which JSON cannot hold: "),  # type: ignore[dict-item]  # likewise
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_bad_bodies(body: attrs.AttrsInstance, message: str) -> None:
    """A field of another type is refused by its name, before anything is encoded."""
    with pytest.raises(InvalidArgumentError) as caught:
        arguments.check_body(body)
    assert str(caught.value).startswith(message)
    assert "canary" not in str(caught.value)


def test_an_object_in_the_place_of_its_id() -> None:
    """The message says which attribute was probably meant."""
    tenant = Tenant(tenant_id="acme", name="Acme")
    with pytest.raises(InvalidArgumentError, match=r"^tenant_id must be text, not Tenant: give its tenant_id$"):
        arguments.check_id(tenant, "tenant_id")
    with pytest.raises(InvalidArgumentError, match=r"^tenant_ids\[0\] must be text, not Tenant: give its tenant_id$"):
        arguments.check_ids([tenant], "tenant_ids")
    with pytest.raises(InvalidArgumentError, match=r"^key must be text, not Tenant$"):
        arguments.check_path_value(tenant, "key")


def test_a_call_without_await_in_the_place_of_its_result() -> None:
    """The message says what to do."""

    async def call() -> None: ...

    coroutine = call()
    try:
        for check in (arguments.check_id, arguments.check_ids, arguments.check_json):
            with pytest.raises(InvalidArgumentError, match="not coroutine: await the call that returned it"):
                check(coroutine, "value")
        with pytest.raises(InvalidArgumentError, match="not coroutine: await the call that returned it"):
            check_flag(coroutine, "value", InvalidArgumentError)
    finally:
        coroutine.close()
