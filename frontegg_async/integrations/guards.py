"""What a guard of a route requires of its caller: permissions and roles, the tenant they are held in, and features.

It depends on no framework; the framework integrations use it.
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
"""The attribute of a guarded function with its guards; ``functools.wraps`` copies it."""


class Decider(Protocol):
    """What decides on features: an `AsyncEntitlements`, or its blocking twin."""

    def decide(self, claims: Claims, *, feature: str) -> Decision:
        """Return whether a caller may use a feature."""
        ...


@attrs.frozen
class Guard:
    """What a guarded route requires of the request's token."""

    permission: tuple[str, ...]
    """The permissions that are required, all of them."""
    role: tuple[str, ...]
    """The roles that are required, all of them."""
    own_tenant: str | None = None
    """The path parameter that must be the id of the token's tenant; ``None`` for none."""
    in_tenant: str | None = None
    """The id of the tenant that the token must be for; ``None`` for any."""
    feature: tuple[str, ...] = ()
    """The features that the caller must be entitled to, all of them."""

    def check(self, claims: Claims, parameters: Mapping[str, object]) -> None:
        """Refuse a token that lacks something.

        Args:
            claims: The claims of the request's token, verified.
            parameters: The path parameters of the request, by their names.

        Raises:
            NotFoundError: The path names another tenant than that of the token.
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
        claims: The claims of the request's token, verified.
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
    """Return a guard; an iterator of names is read once, here.

    Args:
        permission: A permission, or several that are all required.
        role: A role, or several that are all required.
        own_tenant: The name of a path parameter.
        in_tenant: The id of a tenant.
        feature: A feature, or several that are all required.
        may_be_empty: Whether a valid token may be enough.

    Raises:
        InvalidArgumentError: Nothing is required, a collection is empty, or an argument is malformed.
    """
    features: tuple[str, ...] = ()
    if feature is not None:
        features = feature_names(feature)
        may_be_empty = True
    if own_tenant is not UNSET:
        if not isinstance(own_tenant, str) or not own_tenant.isidentifier():
            raise InvalidArgumentError("own_tenant must be the name of a path parameter, as 'tenant_id'")
        if in_tenant is not UNSET:
            raise InvalidArgumentError(
                "give own_tenant or in_tenant, not both: one is for customers, the other for operators"
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
    """Return the message about a guard whose path parameter a route does not have.

    Args:
        name: The name that the guard was given.
        route: The route, as it is shown to developers.
        known: The names of the path parameters that the route has.
    """
    found = f"has only {', '.join(sorted(known))}" if known else "has no path parameters"
    return f"require(own_tenant={name!r}) guards {route}, which {found}"


def no_entitlements(names: Sequence[str], route: str, instead: str) -> str:
    """Return the message about a guard that needs entitlements, of an app without them.

    Args:
        names: The features of the guard.
        route: The route, as it is shown to developers.
        instead: What to do, for this framework.
    """
    wanted = repr(names[0] if len(names) == 1 else [*names])
    return f"require(feature={wanted}) guards {route}, and no entitlements are configured: {instead}"


def check_guards(
    guards: Iterable[Guard], route: str, known: Collection[str], *, missing_entitlements: str | None
) -> None:
    """Refuse guards that cannot decide on the requests of their route.

    Args:
        guards: The guards of a route.
        route: The route, as it is shown to developers.
        known: The names of the path parameters that the route has.
        missing_entitlements: What to do in this framework to have entitlements; ``None`` if the app has them.

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
        function: What answers a request.
        methods: Of a class, the names of the methods that answer requests.
    """
    inner: object = getattr(function, "func", None)  # of functools.partial
    found: object = getattr(function, GUARDS, None) or getattr(inner, GUARDS, None)
    guards = cast("tuple[Guard, ...]", found or ())
    owner: object = getattr(function, "__wrapped__", function)
    if isinstance(owner, type):
        return (*guards, *(guard for method in methods for guard in guards_of(getattr(owner, method, None))))
    return guards
