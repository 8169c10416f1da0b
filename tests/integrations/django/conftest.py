"""A Django site in the test process. Each test has its own setting FRONTEGG."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import django
import pytest
from django.conf import settings
from django.test import override_settings

from frontegg_async.emulator import EmulatorHandle

APP = "frontegg_sync.integrations.django"
MIDDLEWARE = (f"{APP}.middleware.FronteggMiddleware", f"{APP}.middleware.FronteggErrorMiddleware")
_DJANGO = tuple(
    f"django.contrib.{each}" for each in ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")
)
_OF_ADMIN = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
)
_PROCESSORS = (
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
)

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},  # only the admin needs it
        INSTALLED_APPS=[*_DJANGO, APP, f"{APP}.admin"],
        MIDDLEWARE=[*_OF_ADMIN, *MIDDLEWARE],
        ROOT_URLCONF="tests.integrations.django.views",
        SECRET_KEY="tests",
        STATIC_URL="static/",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": [*_PROCESSORS]},
            }
        ],
    )
    django.setup()


@pytest.fixture
def given(frontegg_emulator: EmulatorHandle) -> dict[str, Any]:
    """The setting FRONTEGG for the environment of this test."""
    frontegg_emulator.seed(
        tenants=[
            {"tenantId": "north", "name": "North"},
            {"tenantId": "kiosk", "name": "Kiosk 7", "parentTenantId": "north"},
        ],
        users=[{"id": "ann", "email": "ann@north.example", "tenantId": "north"}],
    )
    return {
        "CLIENT_ID": frontegg_emulator.client_id,
        "SECRET": frontegg_emulator.secret,
        "BASE_URL": frontegg_emulator.url,
        "ISSUER": frontegg_emulator.url,
        "OPTIONS": {"timeout": 5, "deadline": 5},
    }


@pytest.fixture
def site(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Apply the setting."""
    with override_settings(FRONTEGG=given):
        yield given


@pytest.fixture
def token(frontegg_emulator: EmulatorHandle) -> str:
    """The token of a user with read and write permissions."""
    return frontegg_emulator.user_token(
        tenant_id="north", email="ann@north.example", permissions=["accounts.*"], roles=["Admin"]
    ).access_token
