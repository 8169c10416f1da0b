from collections.abc import Callable

from django.http import HttpResponse

class APIView:
    @classmethod
    def as_view(cls) -> Callable[..., HttpResponse]: ...
