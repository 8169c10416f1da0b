"""Map an error of the SDK to a Django response: problem details (RFC 9457), or a page for browsers."""

from __future__ import annotations

from typing import Final, TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html, format_html_join

from frontegg_async.errors import FronteggError
from frontegg_async.integrations.problems import CONTENT_TYPE, Problem, log_problem, problem_of
from frontegg_async.integrations.request_credentials import API_KEY, AUTHORIZATION
from frontegg_sync.integrations.django import conf

T = TypeVar("T")

_HTML: Final = "text/html"
_TYPES: Final = [CONTENT_TYPE, "application/json", _HTML]
"""The content types of responses. The first type is for senders without a preference."""

_PAGE: Final = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
    "<body><h1>{title}</h1><p>{detail}</p><ul>{errors}</ul></body></html>"
)


def problem_response(error: FronteggError, request: HttpRequest | None = None) -> HttpResponse:
    """Return the response for your own caller after a failed call of the SDK or a refused token.

    A status of 5xx is logged to ``frontegg_async.integrations``. The response has the text of the error only if an
    argument is not allowed.

    Args:
        error: The error.
        request: The request. If its sender prefers HTML, as browsers do, the response is a page: the site's template
            for the status, such as ``404.html``, or otherwise a plain page. The template is rendered without the
            request, with ``problem`` in its context.

    Returns:
        The response, with ``WWW-Authenticate`` for 401 and ``Retry-After`` if a retry may help.
    """
    problem = problem_of(error)
    log_problem(error, problem)
    if request is None or request.get_preferred_type(_TYPES) != _HTML:
        return response_of(problem)
    return HttpResponse(_page_of(problem), status=problem.status, headers=problem.headers)


def _page_of(problem: Problem) -> str:
    try:
        # Render without the request: context processors may query the database, which an async view must not do.
        return render_to_string(f"{problem.status}.html", {"problem": problem})
    except TemplateDoesNotExist:
        errors = format_html_join("", "<li>{}</li>", ((each.message,) for each in problem.errors))
        return format_html(_PAGE, title=problem.title, detail=problem.detail, errors=errors)


def response_of(problem: Problem) -> HttpResponse:
    """Return the response for a problem."""
    return HttpResponse(problem.encode(), status=problem.status, content_type=CONTENT_TYPE, headers=problem.headers)


def add_caller_to_vary(response: T) -> T:
    """Add the token headers to ``Vary`` of a response, so that caches keep callers apart.

    Args:
        response: The result of a view. Any object that is not a response is returned unchanged.

    Returns:
        The same object.
    """
    if isinstance(response, HttpResponseBase):
        takes_access_tokens = conf.types_of_access_tokens() != ()
        patch_vary_headers(response, (AUTHORIZATION, API_KEY) if takes_access_tokens else (AUTHORIZATION,))
    return response
