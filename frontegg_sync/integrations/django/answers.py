"""From an error of the SDK to an answer of Django: problem details (RFC 9457)."""

from __future__ import annotations

from django.http import HttpResponse

from frontegg_async.errors import FronteggError
from frontegg_async.integrations.problems import CONTENT_TYPE, log_problem, problem_of


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
