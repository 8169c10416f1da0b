"""Django: an app with settings, checks, middleware, a decorator and commands.

Add ``"frontegg_sync.integrations.django"`` to ``INSTALLED_APPS`` and configure the environment in the setting
``FRONTEGG``. Plain views use `get_client`, and ``async`` views use `get_async_client`. The middleware is in
``frontegg_sync.integrations.django.middleware``.
"""

from __future__ import annotations

import importlib

from frontegg_async.errors import MissingExtraError

try:
    importlib.import_module("django")
except ImportError:
    raise MissingExtraError("this integration needs Django: pip install 'frontegg-async[django]'") from None

from frontegg_sync.integrations.django.callers import AsyncFronteggCaller, FronteggCaller, aget_caller, get_caller
from frontegg_sync.integrations.django.changes import tenant_created, tenant_deleted, tenant_updated
from frontegg_sync.integrations.django.clients import (
    aget_entitlements,
    close_clients,
    get_access_token_verifier,
    get_async_client,
    get_client,
    get_entitlements,
    get_verifier,
)
from frontegg_sync.integrations.django.decorators import require
from frontegg_sync.integrations.django.responses import problem_response
from frontegg_sync.integrations.django.signals import caller_authenticated, caller_refused

__all__ = [
    "AsyncFronteggCaller",
    "FronteggCaller",
    "aget_caller",
    "aget_entitlements",
    "caller_authenticated",
    "caller_refused",
    "close_clients",
    "get_access_token_verifier",
    "get_async_client",
    "get_caller",
    "get_client",
    "get_entitlements",
    "get_verifier",
    "problem_response",
    "require",
    "tenant_created",
    "tenant_deleted",
    "tenant_updated",
]
