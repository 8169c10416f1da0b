from collections.abc import Mapping

class HttpResponseBase:
    status_code: int
    headers: Mapping[str, str]
    def close(self) -> None: ...

class HttpResponse(HttpResponseBase):
    def __init__(
        self,
        content: bytes | str = ...,
        *,
        status: int | None = ...,
        content_type: str | None = ...,
        headers: Mapping[str, str] | None = ...,
    ) -> None: ...
    content: bytes

class HttpResponseRedirect(HttpResponse): ...

class JsonResponse(HttpResponse):
    def __init__(
        self,
        data: object,
        *,
        safe: bool = ...,
        status: int | None = ...,
        headers: Mapping[str, str] | None = ...,
    ) -> None: ...
