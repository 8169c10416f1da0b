from collections.abc import Callable

from django.http import HttpResponse

class View:
    http_method_names: list[str]
    @classmethod
    def as_view(cls) -> Callable[..., HttpResponse]: ...
