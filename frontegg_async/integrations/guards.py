"""What a guard of a route requires of its caller: permissions and roles, and the tenant that they must be held in.

It depends on no framework; the framework integrations use it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final, cast

import attrs

from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.errors import ConfigurationError, ErrorDetails, InvalidArgumentError, NotFoundError
from frontegg_async.models.claims import Claims
from frontegg_async.models.entitlements import Names, check_tenant_id, wanted_names

OWN_TENANTS: Final = "frontegg_own_tenants"
"""The attribute of a guarded function with the path parameters that its guards read; ``functools.wraps`` copies it."""


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


def make_guard(
    permission: Names | None,
    role: Names | None,
    own_tenant: str | Unset,
    in_tenant: str | Unset,
    *,
    may_be_empty: bool = False,
) -> Guard:
    """Return a guard; an iterator of names is read once, here.

    Args:
        permission: A permission, or several that are all required.
        role: A role, or several that are all required.
        own_tenant: The name of a path parameter.
        in_tenant: The id of a tenant.
        may_be_empty: Whether a valid token may be enough.

    Raises:
        InvalidArgumentError: Nothing is required, a collection is empty, or an argument is malformed.
    """
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
    return Guard(permissions, roles, own_tenant or None, in_tenant or None)


def no_parameter(name: str, route: str, known: Collection[str]) -> str:
    """Return the message about a guard whose path parameter a route does not have.

    Args:
        name: The name that the guard was given.
        route: The route, as it is shown to developers.
        known: The names of the path parameters that the route has.
    """
    found = f"has only {', '.join(sorted(known))}" if known else "has no path parameters"
    return f"require(own_tenant={name!r}) guards {route}, which {found}"


def check_parameters(names: Collection[str], route: str, known: Collection[str]) -> None:
    """Refuse a guard whose path parameter its route does not have.

    Args:
        names: The names that the guards of the route were given.
        route: The route, as it is shown to developers.
        known: The names of the path parameters that the route has.

    Raises:
        ConfigurationError: The route lacks one.
    """
    for name in names:
        if name not in known:
            raise ConfigurationError(no_parameter(name, route, known))


def remember_own_tenant(function: object, guard: Guard) -> None:
    """Register the path parameter of a guard for `own_tenants_of`.

    Args:
        function: The guarded function.
        guard: Its guard.
    """
    if guard.own_tenant is not None:
        setattr(function, OWN_TENANTS, (*own_tenants_of(function), guard.own_tenant))


def own_tenants_of(function: object, methods: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the path parameters that the guards of a function, a method, a callable object or a class read.

    Args:
        function: What answers a request.
        methods: Of a class, the names of the methods that answer requests.
    """
    inner: object = getattr(function, "func", None)  # of functools.partial
    found: object = getattr(function, OWN_TENANTS, None) or getattr(inner, OWN_TENANTS, None)
    names = cast("tuple[str, ...]", found or ())
    owner: object = getattr(function, "__wrapped__", function)
    if isinstance(owner, type):
        return (*names, *(name for method in methods for name in own_tenants_of(getattr(owner, method, None))))
    return names
