"""The app: what Django does with it when it starts."""

from __future__ import annotations

from django.core.checks import register

from frontegg_sync.integrations.django import checks, clients
from frontegg_sync.integrations.django.bases import AppConfig


class FronteggConfig(AppConfig):
    """The app of ``INSTALLED_APPS``."""

    name = "frontegg_sync.integrations.django"
    label = "frontegg"
    verbose_name = "Frontegg"

    def ready(self) -> None:
        """Register the checks, and have clients made anew when a test overrides the settings."""
        register(checks.check_settings, "frontegg")
        register(checks.check_deployment, "frontegg", deploy=True)
        clients.follow_settings()
