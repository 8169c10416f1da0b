from collections.abc import Sequence

from django.urls import URLPattern

class AdminSite:
    @property
    def urls(self) -> tuple[Sequence[URLPattern], str]: ...
    def register(self, model: type[object], admin_class: type[object]) -> None: ...

site: AdminSite
