"""Middleware for ``MIDDLEWARE``: who a request comes from, and answers to errors of the SDK."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from frontegg_async.errors import FronteggError
from frontegg_sync.integrations.django import conf
from frontegg_sync.integrations.django.answers import problem_response, vary_on_caller
from frontegg_sync.integrations.django.callers import FronteggCaller, get_caller

GetResponse: TypeAlias = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]
"""What answers a request, behind a middleware; of ``async`` views it has to be awaited."""


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
    """Gives each request ``request.frontegg``: who it comes from by its bearer token or its access token.

    The token is verified when a view first asks. With ``"VERIFY": "eager"`` in the setting it is verified when the
    request comes, and one that is not taken is answered at once with 401, or 503 when it could not be judged. A request
    without a token goes on in both cases.

    An answer for which a view asked who the caller is has ``Vary`` with the headers of the token, and with ``"eager"``
    each answer has it. In ``MIDDLEWARE``, put this after Django's ``UpdateCacheMiddleware``, which reads that header.

    Args:
        get_response: What answers the request.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Answer a request."""
        if self._is_async:
            return self._answer(request)
        caller = get_caller(request)
        refusal = _refusal(caller)
        answer = cast("HttpResponseBase", self._get_response(request)) if refusal is None else refusal
        return _varied(caller, answer)

    async def _answer(self, request: HttpRequest) -> HttpResponseBase:
        caller = get_caller(request)
        if conf.is_eager():
            await caller.averify()
        refusal = _refusal(caller)
        if refusal is not None:
            return _varied(caller, refusal)
        return _varied(caller, await cast("Awaitable[HttpResponseBase]", self._get_response(request)))


class FronteggErrorMiddleware(_Middleware):
    """Answers with problem details when a view raises an error of the SDK: 404 for what does not exist, and so on.

    Args:
        get_response: What answers the request.
    """

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return what to answer when a view raised an error.

        Args:
            request: The request.
            exception: What was raised.

        Returns:
            The answer; ``None`` if it is no error of the SDK.
        """
        del request
        return problem_response(exception) if isinstance(exception, FronteggError) else None


def _varied(caller: FronteggCaller, answer: HttpResponseBase) -> HttpResponseBase:
    return vary_on_caller(answer) if caller.is_asked or conf.is_eager() else answer


def _refusal(caller: FronteggCaller) -> HttpResponse | None:
    if not conf.is_eager():
        return None
    error = caller.error
    return None if error is None or error.reason == "missing" else problem_response(error)
