"""Guards of routes: the permissions, roles, tenant and features that a guard requires of the caller.

This module depends on no framework. The framework integrations use it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, Protocol, cast

import attrs

from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.entitlements.decisions import Decision
from frontegg_async.errors import (
    ConfigurationError,
    ErrorDetails,
    InvalidArgumentError,
    NotEntitledError,
    NotFoundError,
)
from frontegg_async.models.claims import Claims
from frontegg_async.models.entitlements import Names, check_tenant_id, feature_names, wanted_names

GUARDS: Final = "frontegg_guards"
"""The attribute of a guarded function that holds its guards. ``functools.wraps`` copies the attribute."""


class Decider(Protocol):
    """An object that decides on features: an `AsyncEntitlements`, or the blocking `Entitlements`."""

    def decide(self, claims: Claims, *, feature: str) -> Decision:
        """Return whether a caller may use a feature."""
        ...


@attrs.frozen
class Guard:
    """The requirements of a route for the request's token."""

    permission: tuple[str, ...]
    """The permissions, all of them required."""
    role: tuple[str, ...]
    """The roles, all of them required."""
    own_tenant: str | None = None
    """The path parameter that must be the id of the token's tenant; ``None`` for no such check."""
    in_tenant: str | None = None
    """The id of the tenant that the token must belong to; ``None`` for any tenant."""
    feature: tuple[str, ...] = ()
    """The features, all of them required."""

    def check(self, claims: Claims, parameters: Mapping[str, object]) -> None:
        """Refuse a token that does not meet the requirements.

        Args:
            claims: The verified claims of the request's token.
            parameters: The path parameters of the request, by name.

        Raises:
            NotFoundError: The path names another tenant than the token.
            MissingPermissionError: The token lacks a permission or a role, or is for another tenant than `in_tenant`.
            RuntimeError: The path has no parameter of this name.
        """
        if self.own_tenant is not None:
            if self.own_tenant not in parameters:
                raise RuntimeError(no_parameter(self.own_tenant, "this route", parameters))
            if str(parameters[self.own_tenant]) != claims.tenant_id:
                raise NotFoundError(
                    "the path names another tenant than that of the token", ErrorDetails(reason="other_tenant")
                )
        if self.permission or self.role:
            claims.require(
                permission=self.permission or None,
                role=self.role or None,
                in_tenant=UNSET if self.in_tenant is None else self.in_tenant,
            )


def check_features(guard: Guard, claims: Claims, entitlements: Decider) -> None:
    """Refuse a caller who is not entitled to a feature of a guard.

    Args:
        guard: The guard.
        claims: The verified claims of the request's token.
        entitlements: The entitlements of the app.

    Raises:
        NotEntitledError: The caller may not use a feature.
        StaleEntitlementsError: The entitlements are too old to decide.
    """
    for feature in guard.feature:
        decision = entitlements.decide(claims, feature=feature)
        if not decision.is_entitled:
            raise NotEntitledError(
                f"the caller may not use the feature {feature!r}: {decision.reason}",
                ErrorDetails(reason=decision.reason, missing=(feature,)),
            )


def make_guard(
    permission: Names | None,
    role: Names | None,
    own_tenant: str | Unset,
    in_tenant: str | Unset,
    feature: Names | None,
    *,
    may_be_empty: bool = False,
) -> Guard:
    """Return a guard. Names may be an iterator, which only this function iterates.

    Args:
        permission: One or more required permissions.
        role: One or more required roles.
        own_tenant: The name of a path parameter.
        in_tenant: The id of a tenant.
        feature: One or more required features.
        may_be_empty: Whether to allow a guard that only requires a valid token.

    Raises:
        InvalidArgumentError: Nothing is required, a collection is empty, or an argument is malformed.
    """
    features: tuple[str, ...] = ()
    if feature is not None:
        features = feature_names(feature)
        may_be_empty = True
    if own_tenant is not UNSET:
        if not isinstance(own_tenant, str) or not own_tenant.isidentifier():
            raise InvalidArgumentError("own_tenant must be the name of a path parameter, such as 'tenant_id'")
        if in_tenant is not UNSET:
            raise InvalidArgumentError(
                "give own_tenant or in_tenant, not both: own_tenant is for customers, and in_tenant for operators"
            )
        may_be_empty = True
    if in_tenant is not UNSET:
        check_tenant_id(in_tenant)
        may_be_empty = False
    permissions: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    if permission is not None or role is not None or not may_be_empty:
        permissions, roles = wanted_names(permission, role)
    return Guard(permissions, roles, own_tenant or None, in_tenant or None, features)


def no_parameter(name: str, route: str, known: Collection[str]) -> str:
    """Return the message about a guard on a route without the guard's path parameter.

    Args:
        name: The name of the path parameter.
        route: The description of the route for developers.
        known: The names of the route's path parameters.
    """
    found = f"has only {', '.join(sorted(known))}" if known else "has no path parameters"
    return f"require(own_tenant={name!r}) guards {route}, which {found}"


def no_entitlements(names: Sequence[str], route: str, instead: str) -> str:
    """Return the message about a guard with features in an app without entitlements.

    Args:
        names: The features of the guard.
        route: The description of the route for developers.
        instead: The advice for this framework.
    """
    wanted = repr(names[0] if len(names) == 1 else [*names])
    return f"require(feature={wanted}) guards {route}, and no entitlements are configured: {instead}"


def check_guards(
    guards: Iterable[Guard], route: str, known: Collection[str], *, missing_entitlements: str | None
) -> None:
    """Refuse guards that cannot check the requests of their route.

    Args:
        guards: The guards of a route.
        route: The description of the route for developers.
        known: The names of the route's path parameters.
        missing_entitlements: The advice of this framework for an app without entitlements; ``None`` if the app has
            entitlements.

    Raises:
        ConfigurationError: The route lacks a path parameter, or the app lacks entitlements.
    """
    for guard in guards:
        if guard.own_tenant is not None and guard.own_tenant not in known:
            raise ConfigurationError(no_parameter(guard.own_tenant, route, known))
        if guard.feature and missing_entitlements is not None:
            raise ConfigurationError(no_entitlements(guard.feature, route, missing_entitlements))


def remember_guard(function: object, guard: Guard) -> None:
    """Register a guard for `guards_of`.

    Args:
        function: The guarded function.
        guard: Its guard.
    """
    setattr(function, GUARDS, (*guards_of(function), guard))


def guards_of(function: object, methods: Iterable[str] = ()) -> tuple[Guard, ...]:
    """Return the guards of a function, a method, a callable object or a class.

    Args:
        function: The function, method, object or class that handles requests.
        methods: The names of the methods that handle requests, if ``function`` is a class.
    """
    inner: object = getattr(function, "func", None)  # functools.partial has it
    found: object = getattr(function, GUARDS, None) or getattr(inner, GUARDS, None)
    guards = cast("tuple[Guard, ...]", found or ())
    owner: object = getattr(function, "__wrapped__", function)
    if isinstance(owner, type):
        return (*guards, *(guard for method in methods for guard in guards_of(getattr(owner, method, None))))
    return guards
