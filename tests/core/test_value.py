"""`Value`: equality, hash and repr like those that attrs generates."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping

import attrs
import pytest
from rich.pretty import pretty_repr

import frontegg_async.client  # noqa: F401 - all models are loaded with it
from frontegg_async._values.value import Value
from frontegg_async.models.sso import SsoGroup
from frontegg_async.models.tenant_writes import TenantUpdate


@attrs.frozen
class _Whole:
    """What attrs generates."""

    one: object
    hidden: object = attrs.field(default=None, repr=False)
    unhashed: object = attrs.field(default=None, hash=False)
    ignored: object = attrs.field(default=None, eq=False)


@attrs.frozen(eq=False, repr=False)
class _Shared(Value):
    """The same fields."""

    one: object
    hidden: object = attrs.field(default=None, repr=False)
    unhashed: object = attrs.field(default=None, hash=False)
    ignored: object = attrs.field(default=None, eq=False)


@attrs.frozen(eq=False, repr=False)
class _Other(_Shared):
    """A subclass without fields of its own."""


@attrs.frozen(eq=False, repr=False)
class _Empty(Value):
    """No field at all."""


@attrs.frozen(eq=False, repr=False)
class _Single(Value):
    """One field."""

    one: object


_NAN = float("nan")
_FIELDS: tuple[Mapping[str, object], ...] = (
    {"one": 1},
    {"one": 2},
    {"one": 1, "hidden": 1},
    {"one": 1, "unhashed": []},
    {"one": 1, "unhashed": [1]},
    {"one": 1, "ignored": 1},
    {"one": _NAN},
    {"one": []},
)


@pytest.mark.parametrize("other", _FIELDS)
@pytest.mark.parametrize("fields", _FIELDS)
def test_it_is_as_attrs_would_have_it(fields: Mapping[str, object], other: Mapping[str, object]) -> None:
    """Equality, its contrary, hashes and text, whichever flags the fields have; NaN is not equal to itself."""
    whole, shared = _Whole(**fields), _Shared(**fields)
    assert (shared == _Shared(**other)) is (whole == _Whole(**other))
    assert (shared != _Shared(**other)) is (whole != _Whole(**other))
    assert repr(shared) == repr(whole).replace("_Whole", "_Shared")
    if fields["one"] != [] and other["one"] != []:
        assert (hash(shared) == hash(_Shared(**other))) is (hash(whole) == hash(_Whole(**other)))


def test_what_cannot_be_hashed() -> None:
    """A value in a field that takes part says so itself."""
    with pytest.raises(TypeError, match="unhashable type: 'list'"):
        hash(_Shared([]))
    with pytest.raises(TypeError, match="unhashable type: 'list'"):
        hash(_Single([]))


def test_other_classes_are_not_equal() -> None:
    """Neither a subclass nor a class with the same fields, and the other side is asked."""

    class Any:
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = object.__hash__

    assert _Shared(1) != _Other(1)
    assert _Other(1) != _Shared(1)
    assert _Shared(1) != _Whole(1)
    assert _Shared(1) == Any()
    assert len({_Single(1), _Single(1), _Shared(1), _Other(1)}) == 3


def test_few_fields() -> None:
    """A class with one field or none is a value too."""
    assert _Single(1) == _Single(1) != _Single(2)
    assert hash(_Single(1)) == hash(_Single(1))
    assert _Empty() == _Empty()
    assert hash(_Empty()) == hash(_Empty())
    assert [repr(each) for each in (_Single("a"), _Empty())] == ["_Single(one='a')", "_Empty()"]


def test_what_holds_itself() -> None:
    """The text of a value that is in one of its own fields ends."""
    inside: list[object] = []
    value = _Single(inside)
    inside.append(value)
    assert repr(value) == "_Single(one=[...])"


def test_it_stays_an_attrs_class() -> None:
    """It is frozen, has slots only, and can be copied, pickled and changed."""
    value = _Shared(1, unhashed=[2])
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        value.one = 2  # type: ignore[misc]  # it is frozen
    assert not hasattr(value, "__dict__")
    assert copy.deepcopy(value) == pickle.loads(pickle.dumps(value)) == attrs.evolve(value) == value


def _kinds(kind: type) -> list[type]:
    return [kind, *(found for each in kind.__subclasses__() for found in _kinds(each))]


def test_nothing_is_generated_again() -> None:
    """No model has methods of its own that only cost time while it is loaded."""
    models = [kind for kind in _kinds(Value)[1:] if kind.__module__.startswith("frontegg_async.")]
    assert len(models) > 60
    assert [kind for kind in models if {"__eq__", "__hash__"} & {*vars(kind)}] == []


def test_rich_shows_what_repr_shows() -> None:
    """It takes attrs classes apart by itself otherwise, also those that show nothing."""
    assert pretty_repr(TenantUpdate(creator_email="canary@example.com", metadata={"k": "canary"})) == "TenantUpdate()"
    group = SsoGroup(id="g1", group="canary", role_ids=("canary",))
    assert pretty_repr(group) == repr(group)
    assert "canary" not in repr(group)
