"""The settings of the site. It has no database: the accounts are in Frontegg."""

from __future__ import annotations

import os
from pathlib import Path

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "for this example alone")
DEBUG = bool(os.environ.get("DJANGO_DEBUG"))
ADMIN_PASSWORD = os.environ.get("ADMIN_PASSWORD", "")  # for the operator "admin"; if empty, nobody can sign in
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
ROOT_URLCONF = "backoffice.urls"
WSGI_APPLICATION = "backoffice.wsgi.application"
DATABASES: dict[str, object] = {}

INSTALLED_APPS = [
    "django.contrib.messages",
    "frontegg_sync.integrations.django",
    "customers",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "frontegg_sync.integrations.django.middleware.FronteggMiddleware",
    "frontegg_sync.integrations.django.middleware.FronteggErrorMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
BASE_DIR = Path(__file__).resolve().parent.parent

FRONTEGG = {
    "CLIENT_ID": os.environ.get("FRONTEGG_CLIENT_ID"),
    "SECRET": os.environ.get("FRONTEGG_SECRET_KEY"),
    "REGION": os.environ.get("FRONTEGG_REGION"),
    "BASE_URL": os.environ.get("FRONTEGG_BASE_URL"),  # an emulator, which also issues the tokens of users
    "DOMAIN": os.environ.get("FRONTEGG_DOMAIN"),
    "ISSUER": os.environ.get("FRONTEGG_ISSUER") or os.environ.get("FRONTEGG_BASE_URL"),
    "OPTIONS": {"timeout": 3, "deadline": 10},
    "APP": "backoffice/1",
}
