from collections.abc import Callable

from django.http import HttpResponse

class APIView:
    kwargs: dict[str, object]
    @classmethod
    def as_view(cls) -> Callable[..., HttpResponse]: ...
