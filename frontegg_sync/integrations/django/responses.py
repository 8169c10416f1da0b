"""From an error of the SDK to an answer of Django: problem details (RFC 9457)."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from frontegg_async.errors import FronteggError
from frontegg_async.integrations.door import API_KEY, AUTHORIZATION
from frontegg_async.integrations.problems import CONTENT_TYPE, log_problem, problem_of
from frontegg_sync.integrations.django import conf

T = TypeVar("T")


def problem_response(error: FronteggError) -> HttpResponse:
    """Return what to answer your own caller when a call of the SDK failed, or when a token is not taken.

    A status of 5xx is written to the log ``frontegg_async.integrations``. The answer has nothing of the error's text.

    Args:
        error: The error.

    Returns:
        The answer, with ``WWW-Authenticate`` for 401 and ``Retry-After`` where trying again may help.
    """
    problem = problem_of(error)
    log_problem(error, problem)
    return HttpResponse(problem.encode(), status=problem.status, content_type=CONTENT_TYPE, headers=problem.headers)


def vary_on_caller(answer: T) -> T:
    """Add the headers that tokens come in to ``Vary`` of an answer, so that caches keep callers apart.

    Args:
        answer: What a view returned; anything but an answer stays as it is.

    Returns:
        The same.
    """
    if isinstance(answer, HttpResponseBase):
        takes_access_tokens = conf.types_of_access_tokens() != ()
        patch_vary_headers(answer, (AUTHORIZATION, API_KEY) if takes_access_tokens else (AUTHORIZATION,))
    return answer
