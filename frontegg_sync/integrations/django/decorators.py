"""``require``: a decorator for views that need a valid token, a permission, a role or a feature."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeVar, cast

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.views import View as ClassView

from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.errors import (
    InvalidArgumentError,
    MissingPermissionError,
    NotEntitledError,
    NotFoundError,
    StaleEntitlementsError,
    TokenVerificationError,
)
from frontegg_async.integrations.guards import Guard, check_features, make_guard, remember_guard
from frontegg_async.models.entitlements import Names, check_called
from frontegg_sync.integrations.django.callers import aget_caller, get_caller
from frontegg_sync.integrations.django.clients import aget_entitlements, get_entitlements
from frontegg_sync.integrations.django.responses import add_caller_to_vary, problem_response

View = TypeVar("View", bound=Callable[..., object])

_REFUSALS: Final = (
    TokenVerificationError,
    MissingPermissionError,
    NotFoundError,
    NotEntitledError,
    StaleEntitlementsError,
)


def require(
    handler: None = None,
    /,
    *,
    permission: Names | None = None,
    role: Names | None = None,
    own_tenant: str | Unset = UNSET,
    in_tenant: str | Unset = UNSET,
    feature: Names | None = None,
) -> Callable[[View], View]:
    """Return a decorator that protects a view: a request needs a valid token that meets the requirements.

    A request without a valid token gets 401 with ``WWW-Authenticate``, or 503 if the token could not be verified. A
    token without a permission, a role or a feature gets 403. The view is a plain or an ``async`` function, the result
    of ``as_view()``, a method, or a callable object. It needs no middleware. Each response has the token headers in
    ``Vary``, so that caches keep the pages of different callers apart.

    The permissions and roles of a token hold in the token's own tenant. The administrators of this tenant assign them
    to users and access tokens. Thus a view that reads an object by an id from its path needs ``own_tenant`` (for
    customers) or ``in_tenant`` (for operators).

    Args:
        handler: Not used. This parameter only serves to detect missing parentheses.
        permission: One or more required permissions. Wildcards in the token's permissions apply. Without any
            requirement, a valid token is enough.
        role: One or more required roles.
        own_tenant: The name of the path parameter that must be the id of the token's tenant. A request for another
            tenant gets 404, whether or not this tenant exists.
        in_tenant: The id of the tenant that the token must belong to, such as your own company. Permissions and roles
            in other tenants do not count. It needs ``permission`` or ``role``.
        feature: One or more features that the caller must be entitled to, by `get_entitlements`. While the entitlements
            cannot be read, or are too old, requests get 503.

    Returns:
        The decorator. It raises `InvalidArgumentError` for an object that is not a view, such as a class or an
        ``include()``. The system check ``frontegg.E007`` finds a view whose path has no parameter ``own_tenant``. The
        check ``frontegg.E008`` finds a view that requires a feature if the extra ``entitlements`` is not installed.

    Raises:
        InvalidArgumentError: A collection is empty, an argument is malformed, or both tenants are given.
        TypeError: The parentheses of ``require()`` are missing.
    """
    check_called(handler, "@require()")
    guard = make_guard(permission, role, own_tenant, in_tenant, feature, may_be_empty=True)

    def decorate(view: View) -> View:
        _check_view(view)

        async def respond_async(*args: object, **kwargs: object) -> object:
            refusal = await _refusal_async(guard, _request_in(args), kwargs)
            if refusal is not None:
                return add_caller_to_vary(refusal)
            found = view(*args, **kwargs)
            return add_caller_to_vary(await cast("Awaitable[object]", found) if inspect.isawaitable(found) else found)

        def respond(*args: object, **kwargs: object) -> object:
            if _is_dispatched_async(view, args):
                return respond_async(*args, **kwargs)
            refusal = _refusal(guard, _request_in(args), kwargs)
            return add_caller_to_vary(view(*args, **kwargs) if refusal is None else refusal)

        guarded = functools.wraps(view)(respond_async if _is_async(view) else respond)
        remember_guard(guarded, guard)
        return cast("View", guarded)

    return decorate


def _refusal(guard: Guard, request: HttpRequest, parameters: Mapping[str, object]) -> HttpResponse | None:
    """Return the response to a request that a guard refuses; ``None`` for an accepted request."""
    try:
        claims = get_caller(request).claims
        guard.check(claims, parameters)
        if guard.feature:
            check_features(guard, claims, get_entitlements())
    except _REFUSALS as error:
        return problem_response(error, request)
    return None


async def _refusal_async(guard: Guard, request: HttpRequest, parameters: Mapping[str, object]) -> HttpResponse | None:
    """Return the same result as `_refusal`, without blocking the event loop."""
    try:
        claims = (await aget_caller(request)).claims
        guard.check(claims, parameters)
        if guard.feature:
            check_features(guard, claims, await aget_entitlements())
    except _REFUSALS as error:
        return problem_response(error, request)
    return None


def _check_view(view: object) -> None:
    if isinstance(view, type) or not callable(view):
        raise InvalidArgumentError(
            "require decorates views: a function, a method, or what as_view() makes; decorate a class with "
            "method_decorator(require(...), name='dispatch'), and each view of an include() by itself"
        )


def _is_async(view: object) -> bool:
    """Return whether a view is ``async``. Django does not detect objects with an ``async`` ``__call__``."""
    return any(
        iscoroutinefunction(each)  # pyright: ignore[reportDeprecated]  # asgiref's, for Python 3.11
        for each in (view, getattr(view, "__call__", None))  # noqa: B004 - of an object
    )


def _is_dispatched_async(view: object, args: tuple[object, ...]) -> bool:
    """Return whether a view is ``dispatch`` of a class with ``async`` handlers: it is plain, but runs in the loop."""
    # method_decorator passes a partial of the bound method.
    inner = inspect.unwrap(cast("Callable[..., object]", view), stop=lambda each: isinstance(each, functools.partial))
    owner: object = getattr(getattr(inner, "func", inner), "__self__", args[0] if args else None)
    return bool(getattr(owner, "view_is_async", False)) and isinstance(owner, ClassView)


def _request_in(args: tuple[object, ...]) -> HttpRequest:
    """Return the request among the first arguments of a function, or of a method after its instance."""
    for each in args[:2]:
        if hasattr(each, "META"):  # a request of Django, or a wrapper of such a request
            return cast("HttpRequest", each)
    raise TypeError("require decorates views, and this was called without a request")
