"""The limit on the nesting of JSON, so that parsers and encoders do not exceed Python's recursion limit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import NoneType
from typing import Final, TypeAlias, TypeGuard

import msgspec

MAX_DEPTH: Final = 500

_SCALARS: Final = (str, int, float, NoneType)
_CONTAINERS: Final = (dict, list, tuple, Mapping)
_Container: TypeAlias = "Mapping[str, object] | list[object] | tuple[object, ...]"


def is_too_deep(value: object) -> bool:
    """Return whether more than `MAX_DEPTH` objects and arrays are nested in each other."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for each in level if _is_container(each) for child in _children(each)]
        if not level:
            return False
    return any(map(_is_container, level))


def is_too_deep_text(text: str | bytes) -> bool:
    """Return whether JSON text is nested too deeply. The result is ``False`` for text that is not JSON."""
    brackets = text.count("[") + text.count("{") if isinstance(text, str) else text.count(b"[") + text.count(b"{")
    if brackets <= MAX_DEPTH:
        return False
    try:
        return is_too_deep(msgspec.json.decode(text))
    except RecursionError:
        return True
    except ValueError:
        return False


def _is_container(value: object) -> TypeGuard[_Container]:
    return not isinstance(value, _SCALARS) and isinstance(value, _CONTAINERS)


def _children(value: _Container) -> Iterable[object]:
    return value.values() if isinstance(value, Mapping) else value
