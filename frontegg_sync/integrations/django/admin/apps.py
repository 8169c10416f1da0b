"""The app configuration of the admin's pages."""

from __future__ import annotations

from django.apps import AppConfig


class FronteggAdminConfig(AppConfig):
    """The configuration of the app in ``INSTALLED_APPS``."""

    name = "frontegg_sync.integrations.django.admin"
    label = "frontegg_admin"
    verbose_name: str = "Frontegg"  # pyright: ignore[reportIncompatibleVariableOverride]  # Django takes lazy text too
