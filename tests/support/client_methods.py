"""The public methods of the clients, found on their classes: what the catalogue is held against."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from itertools import chain
from typing import cast

from frontegg_async._core.runtime.lazy_resources import resource_kinds


def methods_of(owner: type, path: str = "") -> Iterator[tuple[str, Callable[..., object]]]:
    """Yield the public methods of a class and of all resources within, by the attributes that lead to them.

    Args:
        owner: The class.
        path: The attributes that lead to the class.
    """
    names = dict.fromkeys(chain.from_iterable(vars(each) for each in reversed(owner.__mro__[:-1])))
    for name in names:
        found: object = inspect.getattr_static(owner, name)
        if not name.startswith("_") and inspect.isfunction(found):
            yield f"{path}.{name}".strip("."), cast("Callable[..., object]", found)
    for name, kind in resource_kinds(owner).items():
        yield from methods_of(kind, f"{path}.{name}".strip("."))
