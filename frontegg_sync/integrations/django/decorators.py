"""``require``: views for callers with a good token, a permission or a role."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.views import View as ClassView

from frontegg_async.errors import InvalidArgumentError, MissingPermissionError, TokenVerificationError
from frontegg_async.models.entitlements import Names, wanted_names
from frontegg_sync.integrations.django.answers import problem_response, vary_on_caller
from frontegg_sync.integrations.django.callers import FronteggCaller, get_caller

View = TypeVar("View", bound=Callable[..., object])


def require(*, permission: Names | None = None, role: Names | None = None) -> Callable[[View], View]:
    """Let a view answer only those whose token is good, and has a permission or a role.

    Others get 401 with ``WWW-Authenticate`` if there is no good token, 503 if it could not be judged, and 403 if it
    lacks something. The view is a plain or an ``async`` function, also one made by ``as_view()``, a method of a class,
    or an object that can be called; it needs no middleware. Each answer has ``Vary`` with the headers of the token, so
    that caches keep the pages of different callers apart.

    Args:
        permission: A permission, or several of which all are required; wildcards of the token cover. Without
            permission and role a good token is enough.
        role: A role, or several of which all are required.

    Returns:
        The decorator. It raises `InvalidArgumentError` for what is no view, as a class or what ``include()`` returns.

    Raises:
        InvalidArgumentError: A collection of names is empty, or a name is no text or empty.
    """
    permissions: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    if permission is not None or role is not None:
        permissions, roles = wanted_names(permission, role)

    def refuse(caller: FronteggCaller) -> HttpResponse | None:
        try:
            caller.require(permission=permissions or None, role=roles or None)
        except (TokenVerificationError, MissingPermissionError) as error:
            return problem_response(error)
        return None

    def decorate(view: View) -> View:
        _check_view(view)

        async def answer_async(*args: object, **kwargs: object) -> object:
            refusal = refuse(await get_caller(_request_in(args)).averify())
            if refusal is not None:
                return vary_on_caller(refusal)
            found = view(*args, **kwargs)
            return vary_on_caller(await cast("Awaitable[object]", found) if inspect.isawaitable(found) else found)

        def answer(*args: object, **kwargs: object) -> object:
            if _is_dispatched_async(view, args):
                return answer_async(*args, **kwargs)
            refusal = refuse(get_caller(_request_in(args)))
            return vary_on_caller(view(*args, **kwargs) if refusal is None else refusal)

        return cast("View", functools.wraps(view)(answer_async if _is_async(view) else answer))

    return decorate


def _check_view(view: object) -> None:
    if isinstance(view, type) or not callable(view):
        raise InvalidArgumentError(
            "require decorates views: a function, a method, or what as_view() makes; decorate a class with "
            "method_decorator(require(...), name='dispatch'), and each view of an include() by itself"
        )


def _is_async(view: object) -> bool:
    """Return whether a view is ``async``; Django itself does not see it of an object whose ``__call__`` is."""
    return any(
        iscoroutinefunction(each)  # pyright: ignore[reportDeprecated]  # asgiref's, for Python 3.11
        for each in (view, getattr(view, "__call__", None))  # noqa: B004 - of an object
    )


def _is_dispatched_async(view: object, args: tuple[object, ...]) -> bool:
    """Return whether a view is ``dispatch`` of a class whose handlers are ``async``: plain, and run in the loop."""
    # What method_decorator hands over is a partial of the bound method.
    inner = inspect.unwrap(cast("Callable[..., object]", view), stop=lambda each: isinstance(each, functools.partial))
    owner: object = getattr(getattr(inner, "func", inner), "__self__", args[0] if args else None)
    return isinstance(owner, ClassView) and bool(getattr(owner, "view_is_async", False))


def _request_in(args: tuple[object, ...]) -> HttpRequest:
    """Return the request that a function, or after its instance a method, was called with."""
    for each in args[:2]:
        if hasattr(each, "META"):  # a request of Django's, or one that wraps it
            return cast("HttpRequest", each)
    raise TypeError("require decorates views, and this was called without a request")
