"""The app configuration of the admin's pages."""

from __future__ import annotations

from frontegg_sync.integrations.django.typed_bases import AppConfig


class FronteggAdminConfig(AppConfig):
    """The configuration of the app in ``INSTALLED_APPS``."""

    name = "frontegg_sync.integrations.django.admin"
    label = "frontegg_admin"
    verbose_name = "Frontegg"
