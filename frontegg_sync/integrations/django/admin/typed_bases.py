"""Typed stand-ins for Django's base classes of the admin, which have no types; at run time they are Django's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["Model", "ModelAdmin"]

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern

    class Model:
        """Django's ``django.db.models.Model``."""

        _meta: object

    class AdminSite:
        """Django's ``django.contrib.admin.AdminSite``."""

        def admin_view(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
            """Return a view that only staff may use."""
            ...

        def each_context(self, request: HttpRequest) -> dict[str, object]:
            """Return what templates of the admin need."""
            ...

    class ModelAdmin:
        """Django's ``django.contrib.admin.ModelAdmin``."""

        admin_site: AdminSite
        model: type[Model]

        def has_view_permission(self, request: HttpRequest) -> bool:
            """Return whether the user may view the objects."""
            ...

        def get_urls(self) -> Sequence[URLPattern]:
            """Return the URLs of the pages."""
            ...
else:
    from django.contrib.admin import ModelAdmin
    from django.db.models import Model
