"""`PostEvent`, which posts signed events to an app through the test client of the app's framework."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Protocol, TypeVar, cast, overload

from frontegg_async._values.secret import Secret
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.webhooks import WebhookEvent, sign

R_co = TypeVar("R_co", covariant=True)


class _ClientWithContent(Protocol[R_co]):
    """A client of httpx or Starlette."""

    def post(self, url: str, /, *, content: bytes, headers: Mapping[str, str]) -> R_co: ...


class _ClientWithContentType(Protocol[R_co]):
    """A test client of Django."""

    def post(self, path: str, /, *, data: bytes, content_type: str, headers: Mapping[str, str]) -> R_co: ...


class _ClientWithData(Protocol[R_co]):
    """A client of aiohttp or requests."""

    def post(self, url: str, /, *, data: bytes, headers: Mapping[str, str]) -> R_co: ...


class PostEvent:
    """A function that posts signed events to an app. The time of each signature is the time of the environment's clock.

    Args:
        emulator: The environment.
    """

    def __init__(self, emulator: EmulatorHandle) -> None:
        self._emulator = emulator

    @overload
    def __call__(
        self,
        client: _ClientWithContent[R_co],
        path: str,
        event: WebhookEvent | Mapping[str, object],
        *,
        secret: str | Secret,
    ) -> R_co: ...

    @overload
    def __call__(
        self,
        client: _ClientWithContentType[R_co],
        path: str,
        event: WebhookEvent | Mapping[str, object],
        *,
        secret: str | Secret,
    ) -> R_co: ...

    @overload
    def __call__(
        self,
        client: _ClientWithData[R_co],
        path: str,
        event: WebhookEvent | Mapping[str, object],
        *,
        secret: str | Secret,
    ) -> R_co: ...

    def __call__(
        self,
        client: _ClientWithContent[R_co] | _ClientWithContentType[R_co] | _ClientWithData[R_co],
        path: str,
        event: WebhookEvent | Mapping[str, object],
        *,
        secret: str | Secret,
    ) -> R_co:
        """Post an event and return the result of the client's ``post``. Await the result if the client is async.

        Args:
            client: The test client of FastAPI, Starlette, Django or aiohttp; or a client of httpx, aiohttp or requests.
            path: The path or the URL of the receiver.
            event: The event or the body of the event, in a form that `frontegg_async.webhooks.sign` accepts.
            secret: The secret of the receiver. With another secret, the receiver gets a forged event.

        Raises:
            InvalidArgumentError: An argument is not allowed; the message names the argument.
        """
        if not callable(getattr(client, "post", None)):
            raise InvalidArgumentError(f"client must have a method post, and {type(client).__name__} has none")
        signed = sign(event, secret, clock=self._emulator.time)
        takes = inspect.signature(client.post).parameters
        if "content" in takes:
            return cast("_ClientWithContent[R_co]", client).post(path, content=signed.body, headers=signed.headers)
        if "content_type" in takes:
            return cast("_ClientWithContentType[R_co]", client).post(
                path, data=signed.body, content_type=signed.headers["Content-Type"], headers=signed.headers
            )
        return cast("_ClientWithData[R_co]", client).post(path, data=signed.body, headers=signed.headers)
