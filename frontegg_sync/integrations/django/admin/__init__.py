"""Tenants in Django's admin: add ``"frontegg_sync.integrations.django.admin"`` to ``INSTALLED_APPS``."""
