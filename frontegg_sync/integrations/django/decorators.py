"""``require``: a decorator for views that need a valid token, a permission or a role."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar, cast

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.views import View as ClassView

from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.errors import InvalidArgumentError, MissingPermissionError, NotFoundError, TokenVerificationError
from frontegg_async.integrations.guards import make_guard, remember_own_tenant
from frontegg_async.models.entitlements import Names, check_called
from frontegg_sync.integrations.django.callers import AsyncFronteggCaller, FronteggCaller, aget_caller, get_caller
from frontegg_sync.integrations.django.responses import add_caller_to_vary, problem_response

View = TypeVar("View", bound=Callable[..., object])


def require(
    handler: None = None,
    /,
    *,
    permission: Names | None = None,
    role: Names | None = None,
    own_tenant: str | Unset = UNSET,
    in_tenant: str | Unset = UNSET,
) -> Callable[[View], View]:
    """Return a decorator that lets only callers with a valid token that has what is required use a view.

    Others get 401 with ``WWW-Authenticate`` without a valid token, 503 if it could not be verified, and 403 if it
    lacks a permission or a role. The view is a plain or an ``async`` function, the result of ``as_view()``, a method,
    or a callable object; it needs no middleware. Each response has the token headers in ``Vary``, so that caches keep
    the pages of different callers apart.

    A token has its permissions and roles in its own tenant, whose administrators give them, also to access tokens. A
    view that reads by an id from its path needs ``own_tenant`` (for customers) or ``in_tenant`` (for operators).

    Args:
        handler: Nothing: it is there to tell what to write if the parentheses are missing.
        permission: A permission, or several that are all required; wildcards of the token count. If nothing is given,
            a valid token is enough.
        role: A role, or several that are all required.
        own_tenant: The name of the path parameter that must be the id of the token's tenant. A request for another
            tenant gets 404, whether that exists or not.
        in_tenant: The id of the tenant that the token must be for, as that of your own company: the permissions and
            roles of other tenants do not count. It needs ``permission`` or ``role``.

    Returns:
        The decorator. It raises `InvalidArgumentError` for what is not a view, such as a class or an ``include()``. The
        system check ``frontegg.E007`` finds a view whose path has no parameter ``own_tenant``.

    Raises:
        InvalidArgumentError: A collection is empty, an argument is malformed, or both tenants are given.
        TypeError: The parentheses of ``require()`` are missing.
    """
    check_called(handler, "@require()")
    guard = make_guard(permission, role, own_tenant, in_tenant, may_be_empty=True)

    def refuse(caller: FronteggCaller | AsyncFronteggCaller, parameters: Mapping[str, object]) -> HttpResponse | None:
        try:
            guard.check(caller.claims, parameters)
        except (TokenVerificationError, MissingPermissionError, NotFoundError) as error:
            return problem_response(error)
        return None

    def decorate(view: View) -> View:
        _check_view(view)

        async def respond_async(*args: object, **kwargs: object) -> object:
            refusal = refuse(await aget_caller(_request_in(args)), kwargs)
            if refusal is not None:
                return add_caller_to_vary(refusal)
            found = view(*args, **kwargs)
            return add_caller_to_vary(await cast("Awaitable[object]", found) if inspect.isawaitable(found) else found)

        def respond(*args: object, **kwargs: object) -> object:
            if _is_dispatched_async(view, args):
                return respond_async(*args, **kwargs)
            refusal = refuse(get_caller(_request_in(args)), kwargs)
            return add_caller_to_vary(view(*args, **kwargs) if refusal is None else refusal)

        guarded = functools.wraps(view)(respond_async if _is_async(view) else respond)
        remember_own_tenant(guarded, guard)
        return cast("View", guarded)

    return decorate


def _check_view(view: object) -> None:
    if isinstance(view, type) or not callable(view):
        raise InvalidArgumentError(
            "require decorates views: a function, a method, or what as_view() makes; decorate a class with "
            "method_decorator(require(...), name='dispatch'), and each view of an include() by itself"
        )


def _is_async(view: object) -> bool:
    """Return whether a view is ``async``; Django does not detect it on objects whose ``__call__`` is."""
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
        if hasattr(each, "META"):  # a request of Django's, or a wrapper of one
            return cast("HttpRequest", each)
    raise TypeError("require decorates views, and this was called without a request")
