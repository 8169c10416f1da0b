"""The headers of a request with the token and other secrets as plain text."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import hdrs
from multidict import CIMultiDict

from frontegg_async._values.secret import Secret, reveal


class SecretHeaders:
    """Caches the headers of a request, including the token, until the headers or the token change."""

    __slots__ = ("_headers", "_made", "_token")

    def __init__(self) -> None:
        self._headers: Mapping[str, str | Secret] | None = None
        self._token: Secret | None = None
        self._made: CIMultiDict[str] | None = None

    def of(self, headers: Mapping[str, str | Secret], token: Secret) -> CIMultiDict[str]:
        """Return headers, including the header with the token.

        Do not bind the result to a name, because tracebacks show local variables.

        Args:
            headers: The headers of the request, which must not change later.
            token: The token.
        """
        if headers is not self._headers or token is not self._token or self._made is None:
            self._headers, self._token = headers, token
            self._made = CIMultiDict({**revealed(headers), hdrs.AUTHORIZATION: f"Bearer {token.reveal()}"})
        return self._made


def revealed(headers: Mapping[str, str | Secret]) -> dict[str, str]:
    """Return headers with secrets as plain text.

    Do not bind the result to a name, because tracebacks show local variables.
    """
    return {name: reveal(value) for name, value in headers.items()}
