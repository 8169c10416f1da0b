"""JSON text inside JSON is parsed on first access; text that is not JSON is kept unchanged."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime
from typing import Any, Final, cast

import attrs
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async._core.codec.fast_path import RowReader
from frontegg_async._values.json_values import JsonValue, LazyJson, RawText, parse_json, parse_json_text, read_float
from frontegg_async.models.tenants import Tenant

_MOMENT: Final = datetime(2024, 1, 1, tzinfo=UTC)
_TEXT: Final = st.text(st.characters(exclude_categories=["Cs"]))
_JSON: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(_TEXT, inner),
    max_leaves=10,
)


def _tenant(metadata: JsonValue) -> Tenant:
    return Tenant(tenant_id="t1", name="n", created_at=_MOMENT, updated_at=_MOMENT, metadata=metadata)


def _raw_slot(tenant: Tenant) -> object:
    lazy: Any = vars(Tenant)["metadata"]
    return lazy.slot.__get__(tenant, Tenant)


def _from_wire(text: str | None) -> Tenant:
    """Return a tenant whose metadata is text that is still to be parsed, as the decoder leaves it."""
    tenant = _tenant(None)
    lazy: Any = vars(Tenant)["metadata"]
    lazy.slot.__set__(tenant, text)
    return tenant


@given(_JSON)
def test_json_text(value: JsonValue) -> None:
    """JSON text becomes its value."""
    assert parse_json_text(json.dumps(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "pro",
            "{",
            '{"a": 1',
            "{'a': 1}",
            "[1,]",
            "01",
            "NaN",
            "Infinity",
            "-Infinity",
            '{"a": NaN}',
            "1e400",
        ),
        *(
            "undefined",
            "null null",
            '"a',
            '"\\ud800"',
            "\ufeff{}",
            "[" * 100_000,
            "1" * 5_000,
            "\x00",
            "True",
            "\ud800",
        ),
    ],
    ids=lambda text: ascii(text)[:30],
)
def test_what_is_not_json(text: str) -> None:
    """Other text is kept as it came, and is told from JSON text by its type."""
    value = parse_json_text(text)
    assert type(value) is RawText
    assert isinstance(value, str)
    assert value == text
    assert type(_from_wire(text).metadata) is RawText


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"plan": "pro"}', {"plan": "pro"}),
        ("42", 42),
        ("null", None),
        ("true", True),
        ('"text"', "text"),
        ('"{}"', "{}"),
        ('"\\"42\\""', '"42"'),
        ("[]", []),
        (None, None),
    ],
)
def test_it_is_parsed_once(text: str | None, value: JsonValue) -> None:
    """The slot holds the text until it is read, then the value, which is not parsed again."""
    tenant = _from_wire(text)
    assert _raw_slot(tenant) == text
    assert tenant.metadata == value
    parsed = _raw_slot(tenant)
    assert tenant.metadata == value
    assert _raw_slot(tenant) is parsed
    assert type(tenant.metadata) is type(value)


def test_a_value_is_read_as_the_same_object() -> None:
    """What was parsed is not copied at each reading."""
    tenant = _from_wire('{"a": []}')
    assert tenant.metadata is tenant.metadata


@given(_JSON)
def test_a_value_that_was_given_stays(value: JsonValue) -> None:
    """What a constructor gets is a value already: text that looks like JSON stays text."""
    tenant = _tenant(value)
    assert tenant.metadata == value
    assert type(tenant.metadata) is type(value)
    assert attrs.evolve(tenant, name="m").metadata == value
    assert attrs.asdict(tenant)["metadata"] == value


@given(_JSON)
def test_the_paths_meet(value: JsonValue) -> None:
    """A tenant that was read is equal to one that was made, before and after it was looked at, and as a copy."""
    made = _tenant(value)
    text = json.dumps(value)
    assert _from_wire(text) == made
    for ways in (copy.copy, copy.deepcopy, lambda tenant: pickle.loads(pickle.dumps(tenant))):
        twin = ways(_from_wire(text))
        assert twin == made
        assert twin.metadata == value
        assert ways(made) == made
    assert hash(_from_wire(text)) == hash(made)


def test_raw_text_survives_copies() -> None:
    """Text that is not JSON is still told as such by a copy, and a constructor keeps its type."""
    tenant = _from_wire("not json")
    twin = pickle.loads(pickle.dumps(tenant))
    assert type(twin.metadata) is RawText
    assert type(attrs.evolve(tenant).metadata) is RawText
    assert type(copy.deepcopy(tenant).metadata) is RawText


def test_the_slot_is_of_the_class() -> None:
    """Asked of the class, the slot is itself."""
    assert isinstance(Tenant.metadata, LazyJson)
    assert not hasattr(_tenant(None), "__dict__")


def test_it_is_frozen() -> None:
    """A tenant's metadata cannot be replaced."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        _tenant(None).metadata = 5  # type: ignore[misc]  # it is frozen


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["", "0" * 400]))
def test_numbers_are_what_python_reads(number: float, zeros: str) -> None:
    """Also the numbers nearest to zero, and those with many digits."""
    text = f"{number!r}" if "e" in repr(number) else f"{number!r}{zeros}"
    assert parse_json(text) == json.loads(text) == number


@pytest.mark.parametrize("text", ["1e400", "-1e400", "[1.5e999]"])
def test_numbers_that_are_out_of_range(text: str) -> None:
    """They are no JSON of ours."""
    with pytest.raises(ValueError, match="out of range"):
        parse_json(text)
    with pytest.raises(ValueError, match="out of range"):
        read_float(text.strip("[]"))


def test_no_number_takes_long() -> None:
    """Nothing reads numbers of any kind by msgspec's own way, which takes a thousand times longer for some."""
    reader = RowReader(Tenant)
    reader.learn([])
    assert reader._fast_path is not None
    decoders: list[Any] = [
        value for value in msgspec.structs.astuple(reader._fast_path) if hasattr(value, "float_hook")
    ]
    assert len(decoders) == 3
    for decoder in (*decoders, cast("Any", parse_json).__self__):
        assert decoder.float_hook is read_float
