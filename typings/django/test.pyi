import contextlib
import unittest
from collections.abc import Mapping
from typing import Any

class Response:
    status_code: int
    content: bytes
    headers: Mapping[str, str]
    context: Mapping[str, Any]
    def json(self) -> Any: ...

class Client:
    def force_login(self, user: object) -> None: ...
    def get(
        self, path: str, data: Mapping[str, object] | None = ..., *, headers: Mapping[str, str] | None = ...
    ) -> Response: ...
    def post(
        self,
        path: str,
        data: Mapping[str, object] | None = ...,
        content_type: str = ...,
        *,
        follow: bool = ...,
        headers: Mapping[str, str] | None = ...,
    ) -> Response: ...
    def generic(self, method: str, path: str, *, headers: Mapping[str, str] | None = ...) -> Response: ...

def override_settings(**options: object) -> contextlib.AbstractContextManager[None]: ...

class SimpleTestCase(unittest.TestCase):
    client: Client
    def settings(self, **options: object) -> contextlib.AbstractContextManager[None]: ...
    def assertContains(self, response: Response, text: str, *, status_code: int = ...) -> None: ...
    def assertNotContains(self, response: Response, text: str, *, status_code: int = 200) -> None: ...
