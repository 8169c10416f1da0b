"""``require``: views for callers with a good token, a permission or a role."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse

from frontegg_async.errors import MissingPermissionError, TokenVerificationError
from frontegg_async.models import entitlements
from frontegg_async.models.entitlements import Names
from frontegg_sync.integrations.django.answers import problem_response
from frontegg_sync.integrations.django.callers import FronteggCaller, get_caller

View = TypeVar("View", bound=Callable[..., object])


def require(*, permission: Names | None = None, role: Names | None = None) -> Callable[[View], View]:
    """Let a view answer only those whose token is good, and has a permission or a role.

    Others get 401 with ``WWW-Authenticate`` if there is no good token, 503 if it could not be judged, and 403 if it
    lacks something. The view is a plain or an ``async`` function, also one made by ``as_view()``; it needs no
    middleware.

    Args:
        permission: A permission, or several of which all are required; wildcards of the token cover. Without
            permission and role a good token is enough.
        role: A role, or several of which all are required.

    Returns:
        The decorator.

    Raises:
        InvalidArgumentError: A name is no text or empty.
    """
    if permission is not None or role is not None:
        _check_names(permission, role)

    def refuse(caller: FronteggCaller) -> HttpResponse | None:
        try:
            caller.require(permission=permission, role=role)
        except (TokenVerificationError, MissingPermissionError) as error:
            return problem_response(error)
        return None

    def decorate(view: View) -> View:
        if iscoroutinefunction(view):  # pyright: ignore[reportDeprecated]  # asgiref's, for Python 3.11
            awaited = cast("Callable[..., Awaitable[object]]", view)

            @functools.wraps(view)
            async def answer_async(request: HttpRequest, /, *args: object, **kwargs: object) -> object:
                refusal = refuse(await get_caller(request).averify())
                return await awaited(request, *args, **kwargs) if refusal is None else refusal

            return cast("View", answer_async)

        @functools.wraps(view)
        def answer(request: HttpRequest, /, *args: object, **kwargs: object) -> object:
            refusal = refuse(get_caller(request))
            return view(request, *args, **kwargs) if refusal is None else refusal

        return cast("View", answer)

    return decorate


def _check_names(permission: Names | None, role: Names | None) -> None:
    """Find out now whether the names are allowed, and not with the first request."""
    try:
        entitlements.require((), (), permission=permission, role=role, holder="token")
    except MissingPermissionError:
        return
