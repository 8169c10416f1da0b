"""FastAPI: the routes of an app, their dependencies, and the checks of their guards."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, cast

from fastapi import routing
from pydantic.fields import FieldInfo
from starlette.routing import BaseRoute

from frontegg_async.errors import ConfigurationError
from frontegg_async.integrations.guards import Guard, check_guards


def check_routes(
    routes: Sequence[BaseRoute], outer: Collection[str] = (), *, missing_entitlements: str | None = None
) -> None:
    """Refuse guards that cannot check the requests of their route.

    Args:
        routes: The routes of an app.
        outer: The path parameters of the mount that contains the app.
        missing_entitlements: The advice for an app without entitlements; ``None`` if the app has entitlements. The
            advice does not apply to a mounted app, since its own lifespan may have entitlements.

    Raises:
        ConfigurationError: A route lacks a path parameter, also reads the parameter from another place, or needs
            entitlements that the app lacks.
    """
    for route in _expanded(routes):
        known = {*outer, *getattr(route, "param_convertors", ())}
        inner = getattr(route, "routes", None)
        if inner:
            check_routes(inner, known)
        dependants = _dependants_of(route)
        for guard in _guards_among(dependants):
            check_guards([guard], f"the route {route.path!r}", known, missing_entitlements=missing_entitlements)
            if guard.own_tenant is not None:
                _check_place(guard.own_tenant, route.path, dependants)


def features_by_operation(routes: Sequence[BaseRoute]) -> Mapping[tuple[str, str], Sequence[str]]:
    """Return the features that operations require, by path and method of the OpenAPI document.

    Args:
        routes: The routes of an app.
    """
    found: dict[tuple[str, str], Sequence[str]] = {}
    for route in _expanded(routes):
        features = [feature for guard in _guards_among(_dependants_of(route)) for feature in guard.feature]
        if features:
            found |= {(route.path_format, method.lower()): features for method in getattr(route, "methods", None) or ()}
    return found


def _expanded(routes: Sequence[BaseRoute]) -> Iterable[Any]:
    # Newer versions of FastAPI keep included routers, and yield their routes only here.
    expand = cast("Callable[[Sequence[BaseRoute]], Iterable[Any]]", getattr(routing, "iter_route_contexts", list))
    return expand(routes)


def _dependants_of(route: object) -> list[Any]:
    """Return the dependencies of a route, at any depth."""
    whole = getattr(route, "dependant", None)
    dependants: list[Any] = [] if whole is None else [whole]
    for dependant in dependants:
        dependants += dependant.dependencies
    return dependants


def _guards_among(dependants: Iterable[Any]) -> Iterator[Guard]:
    for dependant in dependants:
        if isinstance(dependant.call, Guard):
            yield dependant.call


def _check_place(name: str, path: str, dependants: Sequence[Any]) -> None:
    """Refuse a route that would guard one tenant and read another tenant.

    If only the path of the mount has the name of a parameter, FastAPI reads the parameter from the query.

    Raises:
        ConfigurationError: A function of the route reads the parameter outside the path, or as another type than text.
    """
    for field in (each for dependant in dependants for each in dependant.path_params):
        if name in (field.name, field.alias) and not _is_plain_text(field.field_info):
            raise ConfigurationError(
                f"require(own_tenant={name!r}) compares the tenant of the caller with the text in the path "
                f"{path!r}, but the route converts the parameter {name!r}: declare {name!r} as str"
            )
    for place in ("query", "header", "cookie", "body"):
        for field in (each for dependant in dependants for each in getattr(dependant, f"{place}_params")):
            if name in (field.name, field.alias):
                raise ConfigurationError(
                    f"require(own_tenant={name!r}) guards the path of the route {path!r}, but the parameter {name!r} "
                    f"is read from the {place}: declare it as Annotated[str, Path()], or give it another name"
                )


_CHANGES: Final = ("to_lower", "to_upper", "strip_whitespace", "func")
"""The attributes of pydantic's constraints and validators that change a text."""


_TEXTS: Final[tuple[object, ...]] = (str, Any)
"""The annotations of parameters that a route receives unchanged. ``Any`` stands for a missing annotation."""


def _is_plain_text(field: FieldInfo) -> bool:
    """Return whether a route receives a parameter as the unchanged text of the path."""
    is_text = any(field.annotation is each for each in _TEXTS)
    return is_text and not any(getattr(each, name, None) for each in field.metadata for name in _CHANGES)
