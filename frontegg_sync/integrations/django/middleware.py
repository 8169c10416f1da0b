"""Middleware for ``MIDDLEWARE``: set the caller of a request, and handle errors of the SDK."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from frontegg_async.errors import FronteggError
from frontegg_sync.integrations.django import conf
from frontegg_sync.integrations.django.callers import ASYNC_ATTRIBUTE, FronteggCaller, aget_caller, get_caller
from frontegg_sync.integrations.django.responses import add_caller_to_vary, problem_response

GetResponse: TypeAlias = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]
"""The next middleware or the view. In ``async`` chains, its result is awaitable."""


class _Middleware:
    """The base class of the middleware. It forwards requests in plain and in ``async`` chains."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response
        self._is_async = iscoroutinefunction(get_response)  # pyright: ignore[reportDeprecated]  # asgiref's, for 3.11
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        return self._get_response(request)


class FronteggMiddleware(_Middleware):
    """The middleware that sets the caller: ``request.frontegg``, and ``request.afrontegg()`` for ``async`` views.

    The bearer token or access token of the request identifies the caller.

    The token is verified on first use. With ``"VERIFY": "eager"`` in the setting, the token is verified when the
    request arrives. A refused token then gets 401 at once, or 503 if the token could not be verified. A request without
    a token is forwarded with both values of ``VERIFY``.

    If a view used the caller, the response has the token headers in ``Vary``. With ``"eager"``, every response has
    these headers. In ``MIDDLEWARE``, put this class after Django's ``UpdateCacheMiddleware``, which reads ``Vary``.

    Args:
        get_response: The next middleware or the view.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Respond to a request."""
        setattr(request, ASYNC_ATTRIBUTE, partial(aget_caller, request))
        if self._is_async:
            return self._respond_async(request)
        caller = get_caller(request)
        refusal = _refusal(caller, request)
        response = cast("HttpResponseBase", self._get_response(request)) if refusal is None else refusal
        return _add_vary(caller, response)

    async def _respond_async(self, request: HttpRequest) -> HttpResponseBase:
        caller = get_caller(request)
        if conf.is_eager():
            await aget_caller(request)
        refusal = _refusal(caller, request)
        if refusal is not None:
            return _add_vary(caller, refusal)
        return _add_vary(caller, await cast("Awaitable[HttpResponseBase]", self._get_response(request)))


class FronteggErrorMiddleware(_Middleware):
    """The middleware that responds with problem details if a view raises an error of the SDK, for example 404.

    A browser, which prefers HTML, gets a page, as described in `problem_response`.

    Args:
        get_response: The next middleware or the view.
    """

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the response for an error of a view.

        Args:
            request: The request.
            exception: The error.

        Returns:
            The response; ``None`` if the error is not of the SDK.
        """
        return problem_response(exception, request) if isinstance(exception, FronteggError) else None


def _add_vary(caller: FronteggCaller, response: HttpResponseBase) -> HttpResponseBase:
    return add_caller_to_vary(response) if caller.is_asked or conf.is_eager() else response


def _refusal(caller: FronteggCaller, request: HttpRequest) -> HttpResponse | None:
    if not conf.is_eager():
        return None
    error = caller.error
    return None if error is None or error.reason == "missing" else problem_response(error, request)
