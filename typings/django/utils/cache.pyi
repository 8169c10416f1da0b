from collections.abc import Iterable

from django.http.response import HttpResponseBase

def patch_vary_headers(response: HttpResponseBase, newheaders: Iterable[str]) -> None: ...
