"""`LazyResources`: import and create the resources of a client when a program first uses them.

Each resource imports its operations and models. A program needs few resources, and importing all of them takes longer
than importing the HTTP client.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from typing import Any, Final, TypeAlias, TypeVar, cast, get_type_hints

from frontegg_async._core.runtime.forks import importing
from frontegg_async._core.runtime.guessed_names import explain_arguments, refuse_name

K = TypeVar("K", bound=type)

_Arguments: TypeAlias = Callable[[Any, str], tuple[object, ...]]


class LazyResource:
    """An attribute whose resource is imported and created at the first access, and then stored in the object.

    Args:
        package: The package that exports the class of the resource.
        kind: The name of the class.
        name: The name of the attribute.
        arguments_of: Returns the arguments of the resource, for the object and the name of the attribute.
    """

    def __init__(self, package: str, kind: str, name: str, arguments_of: _Arguments) -> None:
        self._package: Final = package
        self._kind: Final = kind
        self._name: Final = name
        self._arguments_of: Final = arguments_of

    def load(self) -> type:
        """Import and return the class of the resource. Errors about unknown attributes suggest the intended name."""
        return _explain_names(cast("type", getattr(importlib.import_module(self._package), self._kind)))

    def __repr__(self) -> str:
        """Return the text that ``help()`` of the owner shows: the class, and the first line of its docstring."""
        return f"<{self._kind}: {(self.load().__doc__ or '').partition(chr(10))[0]}>"

    def __get__(self, instance: object | None, owner: type) -> object:
        if instance is None:
            return self
        with importing:
            kind = self.load()
        made: object = kind(*self._arguments_of(instance, self._name))
        # Threads that access the attribute at the same time get the same object.
        return instance.__dict__.setdefault(self._name, made)


class LazyResources:
    """Creates decorators for classes whose public annotations are resources.

    Args:
        package: The package that exports the classes of the resources.
        arguments_of: Returns the arguments of a resource, for the object and the name of the attribute.
    """

    def __init__(self, package: str, arguments_of: _Arguments) -> None:
        self._package: Final = package
        self._arguments_of: Final = arguments_of

    def __call__(self, *at_once: str) -> Callable[[K], K]:
        """Return a decorator.

        Args:
            at_once: The attributes whose resources are imported together with the decorated class.
        """

        def decorate(owner: K) -> K:
            for name, kind in inspect.get_annotations(owner).items():
                if not name.startswith("_"):
                    resource = LazyResource(self._package, kind, name, self._arguments_of)
                    setattr(owner, name, resource)
                    if name in at_once:
                        resource.load()
            for name in ("__init__", "from_env"):
                found = vars(owner).get(name)
                if found is not None:
                    making = explain_arguments(cast("Callable[..., object]", getattr(found, "__func__", found)))
                    setattr(owner, name, making if name == "__init__" else classmethod(making))
            return _explain_names(owner)

        return decorate


def _explain_names(kind: K) -> K:
    """Set ``__getattr__`` of a class at run time, because type checkers would accept any name otherwise."""
    if not hasattr(kind, "__getattr__"):
        setattr(kind, "__getattr__", refuse_name)  # noqa: B010 - see above
    return kind


def resource_kinds(owner: type) -> dict[str, type]:
    """Return the classes of the resources of a client, a view or a resource, by the names of the attributes.

    The function imports the classes.

    Args:
        owner: The class.
    """
    lazy = {
        name: each.load()
        for base in reversed(owner.__mro__)
        for name, each in vars(base).items()
        if isinstance(each, LazyResource)
    }
    kinds: dict[str, type] = lazy or get_type_hints(owner)
    return {name: kind for name, kind in kinds.items() if not name.startswith("_")}


def resource_kind(owner: type, name: str) -> type:
    """Return the class of one resource. No other resource is imported.

    Args:
        owner: The class of a client, a view or a resource.
        name: The name of the attribute.
    """
    found: object = getattr(owner, name, None)
    return found.load() if isinstance(found, LazyResource) else resource_kinds(owner)[name]
