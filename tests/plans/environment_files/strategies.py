"""Generated environment files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, cast

from hypothesis import strategies as st

from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.fields import Field, Shape
from frontegg_async.managed.kinds import ObjectKind
from frontegg_async.managed.registry import ENVIRONMENT

Document: TypeAlias = Mapping[str, JsonValue]
"""What a file has."""

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="$\0"), min_size=1, max_size=8)
NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
JSON: st.SearchStrategy[JsonValue] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
_FIRST_KEY = "a"
KEYS = st.sampled_from([_FIRST_KEY, "b", "null", "1", "a: b", "\u65e5\u672c", "- x", " y #z"])
"""No two of them look alike."""
SECRETS: list[JsonValue] = [{"secret": "env:A"}, {"secret": "file:${B}", "rotate": True}]
EXAMPLES: list[JsonValue] = [
    "https://acme.example",
    "acme.example",
    [],
    ["frontegg.user.created", "frontegg.tenant.deleted"],
    ["AUTH_INITIATED"],
    [{"treatment": "true", "conditionLogic": "and", "conditions": []}],
    [{"template_key": "a", "conditions": [{"attribute": "userEmail", "op": "in_list", "values": ["b"]}]}],
]
"""Values of fields that allow few texts, members or JSON values."""
_SHAPES: Mapping[Shape, st.SearchStrategy[JsonValue]] = {
    Shape.TEXT: TEXT,
    Shape.NUMBER: st.integers(-5, 5) | st.floats(-1, 1),
    Shape.FLAG: st.booleans(),
    Shape.JSON: JSON,
    Shape.MEMBERS: cast("st.SearchStrategy[JsonValue]", st.lists(TEXT, max_size=3)),
    Shape.MAP: st.dictionaries(TEXT, JSON, max_size=3),
    Shape.SECRET: st.sampled_from(SECRETS),
}


def _values(field: Field) -> st.SearchStrategy[JsonValue]:
    """Return the values that a field may have."""
    usable = [each for each in EXAMPLES if not [*field.problems(each)]]
    found = _SHAPES[field.shape]
    if field.choices is not None:
        found = st.sampled_from([each.value for each in field.choices])
    elif field.limits is not None:
        found = st.integers(*field.limits)
    elif usable:
        found = st.one_of(found, st.sampled_from(usable))
    found = st.one_of(found, st.none()) if field.is_nullable else found
    # An example replaces a value that is not allowed: a filter would drop most of the documents.
    return found.map(lambda value: usable[0] if usable and [*field.problems(value)] else value)


def _object(kind: ObjectKind, key: str) -> st.SearchStrategy[JsonValue]:
    """Return objects with any of the fields that they may have."""
    fields = {name: _values(field) for name, field in kind.fields_of(key).items() if name != kind.key_field}
    return st.fixed_dictionaries({}, optional=fields)


def _without_shared_flag(kind: ObjectKind, objects: dict[str, JsonValue]) -> JsonValue:
    """Return objects of which only the first key may have the flag that only one object can have."""
    for key, values in objects.items():
        if key != _FIRST_KEY and isinstance(values, dict):
            values.pop(kind.exclusive_flag, None)
    return cast("JsonValue", objects)


def _objects(kind: ObjectKind) -> st.SearchStrategy[JsonValue]:
    """Return a part with any of its objects."""
    if kind.keys:
        return st.fixed_dictionaries({}, optional={key: _object(kind, key) for key in kind.keys})
    keys = KEYS.map(lambda key: _FIRST_KEY if kind.key_problem(key) else key)
    return st.dictionaries(keys, _object(kind, ""), max_size=3).map(lambda objects: _without_shared_flag(kind, objects))


_FORMAT: Mapping[str, st.SearchStrategy[JsonValue]] = {"format": st.just("frontegg-environment/1")}
ENVIRONMENTS: st.SearchStrategy[Document] = st.fixed_dictionaries(
    dict(_FORMAT), optional={part: _objects(kind) for part, kind in ENVIRONMENT.items()}
)
"""What files have."""
