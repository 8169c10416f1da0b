"""`Value`: equality, hash and repr for attrs classes without generated code.

attrs would generate and compile these methods for each class. This work took a third of the package's import time.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from reprlib import recursive_repr
from typing import Any, cast

import attrs


class Value:
    """The base class of attrs classes with ``eq=False, repr=False``.

    Equality, hash and repr respect the flags of the fields, like the methods that attrs generates.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        names = _compared(cast("type", self.__class__))
        return all(getattr(self, name) == getattr(other, name) for name in names)

    def __hash__(self) -> int:
        kind = cast("type", self.__class__)
        return hash((kind, _hashed(kind)(self)))

    @recursive_repr()
    def __repr__(self) -> str:
        shown = [f"{field.name}={getattr(self, field.name)!r}" for field in _fields(self.__class__) if field.repr]
        return f"{self.__class__.__qualname__.rpartition('>.')[2]}({', '.join(shown)})"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Return the fields that rich shows: the fields of ``repr``.

        Return no fields if a class defines its own ``repr``.
        """
        if type(self).__repr__ is not Value.__repr__:
            return []
        return [(field.name, getattr(self, field.name)) for field in _fields(self.__class__) if field.repr]


def _fields(model: type) -> tuple[attrs.Attribute[Any], ...]:
    found: tuple[attrs.Attribute[Any], ...] = attrs.fields(cast("type[attrs.AttrsInstance]", model))
    return found


@functools.cache
def _compared(model: type) -> tuple[str, ...]:
    return tuple(field.name for field in _fields(model) if field.eq)


@functools.cache
def _hashed(model: type) -> Callable[[object], object]:
    names = [field.name for field in _fields(model) if (field.eq if field.hash is None else field.hash)]
    return operator.attrgetter(*names) if names else lambda _: None
