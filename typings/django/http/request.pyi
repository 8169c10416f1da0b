from collections.abc import Mapping

class QueryDict(Mapping[str, str]):
    def getlist(self, key: str) -> list[str]: ...

class HttpRequest:
    method: str
    path: str
    headers: Mapping[str, str]
    META: dict[str, object]
    GET: QueryDict
    POST: QueryDict
    @property
    def body(self) -> bytes: ...
    def read(self, size: int = ...) -> bytes: ...
