"""Tenants in Django's admin, read-only: add ``"frontegg_sync.integrations.django.admin"`` to ``INSTALLED_APPS``."""
