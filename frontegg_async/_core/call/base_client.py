"""The base class of clients and their views."""

from __future__ import annotations

from abc import ABCMeta, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Final, Self, TypeVar

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.call.context import CallContext
from frontegg_async._core.runtime.lazy_resources import LazyResources
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.kinds import repr_by
from frontegg_async._values.secret import Hidden, Secret
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.wrong_statements import OnlyAsyncWith
from frontegg_async.endpoints import Endpoint
from frontegg_async.models.response import Response
from frontegg_async.options import IncompleteListing, Options, ResolvedOptions
from frontegg_async.regions import BaseUrl

T = TypeVar("T")

_options: Final = without_frames(Options)

with_resources: Final = LazyResources("frontegg_async.resources", lambda owner, _: (owner._caller,))  # noqa: SLF001 - of the decorated classes
"""A decorator for clients and views. It creates the resources that their annotations declare."""


class WithOptions(metaclass=ABCMeta):
    """The base class of clients and views that can return a view with other options."""

    __slots__ = ()

    def with_options(
        self,
        *,
        timeout: float | timedelta | None | Unset = UNSET,
        deadline: float | timedelta | None | Unset = UNSET,
        max_retries: int | None | Unset = UNSET,
        headers: Mapping[str, str | Secret] | None | Unset = UNSET,
        strict_delete: bool | Unset = UNSET,
        incomplete_listing: IncompleteListing | Unset = UNSET,
        read_only: bool | str | Unset = UNSET,
        sorted_listings: bool | Unset = UNSET,
    ) -> Self:
        """Return a view whose calls have other options. The view shares the HTTP session and the token.

        Args:
            timeout: The time limit of one attempt, in seconds. ``None`` for no limit.
            deadline: The time limit of a whole call, in seconds. ``None`` for no limit.
            max_retries: The largest number of attempts after the first, 0 to 100. ``None`` for no limit.
            headers: Headers to add to each request, see `Options`.
            strict_delete: Whether a deletion that was sent again raises an error if the response is a 404.
            incomplete_listing: The reaction to an incomplete listing: ``raise`` or ``warn``.
            read_only: Whether writes are refused. A view cannot allow writes that its client refuses.
            sorted_listings: Whether a listing requests an order even if the call names no order.

        Returns:
            The view. Closing the view of a client closes the client.

        Raises:
            ConfigurationError: A value is out of range, or a header is reserved.
        """
        # Keep the texts of the headers out of this frame, which is part of an error's traceback.
        hidden_headers = Hidden(headers)
        del headers
        given = _options(
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            headers=hidden_headers.reveal(),
            strict_delete=strict_delete,
            incomplete_listing=incomplete_listing,
            read_only=read_only,
            sorted_listings=sorted_listings,
        )
        return self._with(given)

    @abstractmethod
    def _with(self, given: Options) -> Self:
        """Return a view with these options. Omitted options keep their values."""


class EnvironmentCalls:
    """The method `send`, which calls any operation with an environment's credential."""

    __slots__ = ()

    _caller: Caller

    async def send(
        self,
        endpoint: Endpoint[T],
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str | Sequence[str]] | None = None,
        body: object = None,
        user_id: str | None = None,
        options: Options | None = None,
    ) -> Response[T]:
        """Call any operation, including operations that you declare.

        Args:
            endpoint: The operation. A view of one tenant adds the tenant's header if the operation takes this header.
            path: A value for each field of the operation's path.
            query: The parameters of the query. A sequence repeats the name of the parameter.
            body: A write model, or any JSON value.
            user_id: The id of the user for an operation with ``user_header=True``, 1 to 256 characters.

        Returns:
            The value, with status, headers, trace id, attempts and elapsed time.

        Raises:
            ConfigurationError: The operation does not take the credential of this client. Or the operation is about a
                user, and ``user_id`` is missing.
            InvalidArgumentError: A field, a parameter or the body is not allowed. Nothing was sent.
        """
        return await self._caller.send(
            endpoint, path=path, query=query, body=Hidden(body), user_id=user_id, options=options
        )


class BaseClient(OnlyAsyncWith, WithOptions):
    """The base class of clients, each of which sends its calls to one address."""

    _context: CallContext
    _options: ResolvedOptions

    @property
    def base_url(self) -> BaseUrl:
        """The address to which the client sends its credential."""
        return self._context.base_url

    @property
    def options(self) -> ResolvedOptions:
        """The default options of calls."""
        return self._options

    @abstractmethod
    async def aclose(self) -> None:
        """Close the client."""

    async def __aenter__(self) -> Self:
        self._context.sessions.check_open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return repr_by(self, "base_url")
