"""Middleware for ``MIDDLEWARE``: sets the caller of a request, and handles errors of the SDK."""

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
"""The next middleware or the view; in ``async`` chains its result is awaited."""


class _Middleware:
    """Passes requests on, in plain and in ``async`` chains."""

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
    """Sets ``request.frontegg`` and, for ``async`` views, ``request.afrontegg()``: who sent the request.

    The caller is identified by bearer token or access token.

    The token is verified on first use. With ``"VERIFY": "eager"`` in the setting it is verified when the request
    arrives, and a token that is not accepted gets 401 at once, or 503 if it could not be verified. A request without a
    token is passed on in both cases.

    If a view used the caller, the response has the token headers in ``Vary``; with ``"eager"`` every response has
    them. In ``MIDDLEWARE``, put this after Django's ``UpdateCacheMiddleware``, which reads ``Vary``.

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
    """Responds with problem details when a view raises an error of the SDK: 404 if something does not exist, and so on.

    A browser, which prefers HTML, gets a page, as by `problem_response`.

    Args:
        get_response: The next middleware or the view.
    """

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the response when a view raised an error.

        Args:
            request: The request.
            exception: The error.

        Returns:
            The response; ``None`` if it is not an error of the SDK.
        """
        return problem_response(exception, request) if isinstance(exception, FronteggError) else None


def _add_vary(caller: FronteggCaller, response: HttpResponseBase) -> HttpResponseBase:
    return add_caller_to_vary(response) if caller.is_asked or conf.is_eager() else response


def _refusal(caller: FronteggCaller, request: HttpRequest) -> HttpResponse | None:
    if not conf.is_eager():
        return None
    error = caller.error
    return None if error is None or error.reason == "missing" else problem_response(error, request)
