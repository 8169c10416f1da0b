"""Map an error of the SDK to a Django response with problem details (RFC 9457)."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from frontegg_async.errors import FronteggError
from frontegg_async.integrations.problems import CONTENT_TYPE, Problem, log_problem, problem_of
from frontegg_async.integrations.request_credentials import API_KEY, AUTHORIZATION
from frontegg_sync.integrations.django import conf

T = TypeVar("T")


def problem_response(error: FronteggError) -> HttpResponse:
    """Return the response for your own caller when a call of the SDK failed, or a token is not accepted.

    A status of 5xx is logged to ``frontegg_async.integrations``. The response has the text of the error only
    for an argument that is not allowed.

    Args:
        error: The error.

    Returns:
        The response, with ``WWW-Authenticate`` for 401 and ``Retry-After`` if a retry may help.
    """
    problem = problem_of(error)
    log_problem(error, problem)
    return response_of(problem)


def response_of(problem: Problem) -> HttpResponse:
    """Return the response that describes a problem."""
    return HttpResponse(problem.encode(), status=problem.status, content_type=CONTENT_TYPE, headers=problem.headers)


def add_caller_to_vary(response: T) -> T:
    """Add the token headers to ``Vary`` of a response, so that caches keep callers apart.

    Args:
        response: What a view returned; anything but a response is returned unchanged.

    Returns:
        The same object.
    """
    if isinstance(response, HttpResponseBase):
        takes_access_tokens = conf.types_of_access_tokens() != ()
        patch_vary_headers(response, (AUTHORIZATION, API_KEY) if takes_access_tokens else (AUTHORIZATION,))
    return response
