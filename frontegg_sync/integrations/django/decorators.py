"""``require``: a decorator for views that need a valid token, a permission or a role."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.views import View as ClassView

from frontegg_async.errors import InvalidArgumentError, MissingPermissionError, TokenVerificationError
from frontegg_async.models.entitlements import Names, check_called, wanted_names
from frontegg_sync.integrations.django.callers import AsyncFronteggCaller, FronteggCaller, aget_caller, get_caller
from frontegg_sync.integrations.django.responses import add_caller_to_vary, problem_response

View = TypeVar("View", bound=Callable[..., object])


def require(
    handler: None = None, /, *, permission: Names | None = None, role: Names | None = None
) -> Callable[[View], View]:
    """Return a decorator that lets only callers with a valid token and the permissions and roles use a view.

    Others get 401 with ``WWW-Authenticate`` without a valid token, 503 if it could not be verified, and 403 if it
    lacks a permission or a role. The view is a plain or an ``async`` function, the result of ``as_view()``, a method,
    or a callable object; it needs no middleware. Each response has the token headers in ``Vary``, so that caches keep
    the pages of different callers apart.

    Args:
        handler: Nothing: it is there to tell what to write if the parentheses are missing.
        permission: A permission, or several that are all required; wildcards of the token count. Without
            permission and role a valid token is enough.
        role: A role, or several that are all required.

    Returns:
        The decorator. It raises `InvalidArgumentError` for what is not a view, such as a class or an ``include()``.

    Raises:
        InvalidArgumentError: A collection is empty, or a name is empty or not a string.
        TypeError: The parentheses of ``require()`` are missing.
    """
    check_called(handler, "@require()")
    permissions: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    if permission is not None or role is not None:
        permissions, roles = wanted_names(permission, role)

    def refuse(caller: FronteggCaller | AsyncFronteggCaller) -> HttpResponse | None:
        try:
            caller.require(permission=permissions or None, role=roles or None)
        except (TokenVerificationError, MissingPermissionError) as error:
            return problem_response(error)
        return None

    def decorate(view: View) -> View:
        _check_view(view)

        async def respond_async(*args: object, **kwargs: object) -> object:
            refusal = refuse(await aget_caller(_request_in(args)))
            if refusal is not None:
                return add_caller_to_vary(refusal)
            found = view(*args, **kwargs)
            return add_caller_to_vary(await cast("Awaitable[object]", found) if inspect.isawaitable(found) else found)

        def respond(*args: object, **kwargs: object) -> object:
            if _is_dispatched_async(view, args):
                return respond_async(*args, **kwargs)
            refusal = refuse(get_caller(_request_in(args)))
            return add_caller_to_vary(view(*args, **kwargs) if refusal is None else refusal)

        return cast("View", functools.wraps(view)(respond_async if _is_async(view) else respond))

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
    return isinstance(owner, ClassView) and bool(getattr(owner, "view_is_async", False))


def _request_in(args: tuple[object, ...]) -> HttpRequest:
    """Return the request among the first arguments of a function, or of a method after its instance."""
    for each in args[:2]:
        if hasattr(each, "META"):  # a request of Django's, or a wrapper of one
            return cast("HttpRequest", each)
    raise TypeError("require decorates views, and this was called without a request")
