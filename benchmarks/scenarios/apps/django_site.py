"""A Django site in one file, on the blocking client: plain views, and one client for each process.

Two clients show that neither moment is wrong: `EARLY` is made and used when the module is imported, which with
gunicorn's ``--preload`` is in the master, before it forks; `late` makes its client when a process first needs it.
"""

from __future__ import annotations

import functools
import json
import os
from typing import Any, Final

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path

from benchmarks.scenarios.relay import PROCESS_HEADER
from frontegg_async import (
    ConflictError,
    ConnectionFailedError,
    FronteggError,
    NotFoundError,
    Options,
    RateLimitError,
    RequestTimeoutError,
)
from frontegg_sync import Frontegg

DEADLINE: Final = 10.0
STATUSES: Final[tuple[tuple[type[FronteggError], int], ...]] = (
    (NotFoundError, 404),
    (ConflictError, 409),
    (RateLimitError, 429),
    (ConnectionFailedError, 503),
    (RequestTimeoutError, 504),
    (FronteggError, 502),
)

_OPTIONS: Final = Options(deadline=DEADLINE)
EARLY: Final = Frontegg.from_env(options=_OPTIONS)


@functools.cache
def late() -> Frontegg:
    """Return the client of this process."""
    return Frontegg.from_env(options=_OPTIONS)


def _client(which: str) -> Frontegg:
    return EARLY if which == "early" else late()


def _here() -> Options:
    return Options(headers={PROCESS_HEADER: str(os.getpid())})


class Errors:
    """Middleware: one place that turns errors of the SDK into answers."""

    def __init__(self, get_response: Any) -> None:  # noqa: ANN401 - Django has no types
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:  # noqa: ANN401 - Django has no types
        """Answer a request."""
        return self._get_response(request)

    def process_exception(self, _: HttpRequest, error: Exception) -> JsonResponse | None:
        """Answer with the status that an error of the SDK stands for."""
        if not isinstance(error, FronteggError):
            return None
        status = next(status for kind, status in STATUSES if isinstance(error, kind))
        outcome = None if error.outcome is None else error.outcome.value
        return JsonResponse({"error": type(error).__name__, "outcome": outcome}, status=status)


def health(_: HttpRequest) -> JsonResponse:
    """Say that this site serves."""
    return JsonResponse({"status": "ok"})


def show(_: HttpRequest, which: str, tenant_id: str) -> JsonResponse:
    """Show a tenant."""
    tenant = _client(which).tenants.get(tenant_id, options=_here())
    return JsonResponse({"id": tenant.tenant_id, "name": tenant.name})


def create(request: HttpRequest, which: str) -> JsonResponse:
    """Create a tenant."""
    tenant = _client(which).tenants.create(name=json.loads(request.body)["name"], options=_here())
    return JsonResponse({"id": tenant.tenant_id, "name": tenant.name}, status=201)


urlpatterns = [
    path("health", health),
    path("<str:which>/tenants", create),
    path("<str:which>/tenants/<str:tenant_id>", show),
]

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    MIDDLEWARE=[f"{__name__}.Errors"],
    ROOT_URLCONF=__name__,
    SECRET_KEY=os.urandom(16).hex(),
)
django.setup()
EARLY.tenants.list(options=_here()).first()  # connects: what a fork finds here is open
application = get_wsgi_application()
