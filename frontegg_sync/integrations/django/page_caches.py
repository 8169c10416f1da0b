"""Separate the pages of callers in Django's page cache, which may store a response before middleware sees it.

``cache_page`` and ``UpdateCacheMiddleware`` store a response for all requests with equal headers of its ``Vary``.
`FronteggMiddleware` sets ``Vary`` too late for ``cache_page``, and a project may not use this middleware.
"""

from __future__ import annotations

import functools

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.cache import UpdateCacheMiddleware

from frontegg_sync.integrations.django.callers import ATTRIBUTE, FronteggCaller
from frontegg_sync.integrations.django.responses import add_caller_to_vary


def keep_callers_apart() -> None:
    """Make Django's cache add the token headers to ``Vary`` before it stores the response to a caller.

    A response is stored as before if its view did not use the caller.
    """
    store = UpdateCacheMiddleware.process_response
    if getattr(store, "keeps_callers_apart", False):
        return

    @functools.wraps(store)
    def store_apart(
        middleware: UpdateCacheMiddleware, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase | str:
        caller = getattr(request, ATTRIBUTE, None)
        if isinstance(caller, FronteggCaller) and caller.is_asked:
            add_caller_to_vary(response)
        return store(middleware, request, response)

    # Django has no hook for this change.
    setattr(store_apart, "keeps_callers_apart", True)  # noqa: B010 - type checkers refuse "=" for a function
    setattr(UpdateCacheMiddleware, "process_response", store_apart)  # noqa: B010 - and for a method
