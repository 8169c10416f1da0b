"""The app configuration, which runs when Django starts."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register

from frontegg_sync.integrations.django import checks, clients, page_caches


class FronteggConfig(AppConfig):
    """The configuration of the app in ``INSTALLED_APPS``."""

    name = "frontegg_sync.integrations.django"
    label = "frontegg"

    def ready(self) -> None:
        """Register the checks, separate callers in caches, and make new clients when a test overrides settings."""
        register(checks.check_settings, "frontegg")
        register(checks.check_guards, "frontegg")
        register(checks.check_deployment, "frontegg", deploy=True)
        page_caches.keep_callers_apart()
        clients.follow_settings()
