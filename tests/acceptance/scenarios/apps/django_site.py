"""A Django site in one file that uses the integration: plain views, and responses to errors.

Two clients show that neither moment is wrong: `EARLY` is made and used when the module is imported, which with
gunicorn's ``--preload`` is in the master, before it forks; the integration makes its own when a worker needs it.
"""

from __future__ import annotations

import json
import os
from typing import Final

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path

from frontegg_async import Options
from frontegg_sync import Frontegg
from frontegg_sync.integrations.django import get_client
from tests.acceptance.scenarios.relay import PROCESS_HEADER

DEADLINE: Final = 10.0
_OPTIONS: Final = Options(deadline=DEADLINE)
EARLY: Final = Frontegg.from_env(options=_OPTIONS)


def _client(which: str) -> Frontegg:
    return EARLY if which == "early" else get_client()


def _here() -> Options:
    return Options(headers={PROCESS_HEADER: str(os.getpid())})


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
    FRONTEGG={
        "CLIENT_ID": os.environ["FRONTEGG_CLIENT_ID"],
        "SECRET": os.environ["FRONTEGG_SECRET_KEY"],
        "BASE_URL": os.environ["FRONTEGG_BASE_URL"],
        "OPTIONS": {"deadline": DEADLINE},
    },
    INSTALLED_APPS=["frontegg_sync.integrations.django"],
    MIDDLEWARE=["frontegg_sync.integrations.django.middleware.FronteggErrorMiddleware"],
    ROOT_URLCONF=__name__,
    SECRET_KEY=os.urandom(16).hex(),
)
django.setup()
EARLY.tenants.list(options=_here()).first()  # so that forked workers inherit an open connection
application = get_wsgi_application()
