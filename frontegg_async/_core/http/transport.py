"""Send a request once and return the result as a value.

Exceptions of aiohttp, and tracebacks with frames of aiohttp, never leave this module. The frames contain the headers
and the body of the request, which an error must not expose.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Mapping
from typing import Final, TypeAlias

import aiohttp
import msgspec
from aiohttp import hdrs
from yarl import URL

from frontegg_async._core.http import failed_attempts
from frontegg_async._core.http.attempt_results import Failure, Kind, RawResponse
from frontegg_async._core.http.decompression import FREE_SIZE, inflate
from frontegg_async._core.http.http_sessions import BUFFER, Pool
from frontegg_async._core.http.secret_headers import revealed
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.secret import HiddenFields, Secret

_CONNECT_TIMEOUT: Final = 10.0
_CONNECT_SHARE: Final = 0.9
_MAX_REFUSAL: Final = 64 * 1024
_FIRST_REDIRECT: Final = 300

_Raised: TypeAlias = tuple[type[BaseException], tuple[object, ...]]


class Request(HiddenFields, eq=False):
    """A request without its token. The class is a msgspec struct, because structs are created fastest."""

    method: str
    url: URL
    headers: Mapping[str, str | Secret]
    body: bytes | None
    is_never_repeated: bool = False
    """Whether the request is never sent again, even if the connection turns out to be closed."""
    max_body: int | None = None
    """The largest body that is read, in bytes. ``None`` for the limit of the client."""

    def __repr__(self) -> str:
        return f"Request(method={self.method!r})"


@functools.lru_cache(maxsize=64)
def _timeout(seconds: float) -> aiohttp.ClientTimeout:
    """Return the aiohttp timeout for connecting. `AttemptTimeouts` limits the whole attempt.

    Connecting gets only a part of the timeout. So a timeout of the whole attempt means that the request may have been
    sent.
    """
    # aiohttp rounds timeouts above the threshold up to a whole second.
    return aiohttp.ClientTimeout(total=None, connect=_connect_seconds(seconds), ceil_threshold=float("inf"))


def _connect_seconds(seconds: float) -> float:
    return min(_CONNECT_TIMEOUT, seconds * _CONNECT_SHARE)


async def attempt(pool: Pool, request: Request, token: Secret | None, seconds: float) -> RawResponse | Failure:
    """Send a request once, and return its slot to the pool.

    Args:
        pool: The pool. The caller has taken a slot of this pool.
        request: The request.
        token: The token. ``None`` if the operation takes no token.
        seconds: The timeout in seconds. Infinite for no limit.

    Returns:
        The response, or the failure.
    """
    pool.in_flight += 1
    timed = pool.timeouts.begin(seconds)
    response: aiohttp.ClientResponse | None = None
    try:
        session = pool.fresh_session() if request.is_never_repeated else pool.session
        response = await session.request(
            request.method,
            request.url,
            data=request.body,
            # The headers are created inside the expression, so that no local variable contains a secret.
            headers=revealed(request.headers) if token is None else pool.credentials.of(request.headers, token),
            allow_redirects=False,
            timeout=_timeout(seconds),
        )
        status = response.status
        limit = request.max_body or pool.max_body
        try:
            headers = response.headers
            if not response.content.is_eof() or hdrs.CONTENT_ENCODING in headers or status >= _FIRST_REDIRECT:
                return await _read(response, limit)
            body = response.content.read_nowait()
            if len(body) <= limit:
                return RawResponse(status, headers, body)
            return _refuse_length(response, limit)
        except BaseException:
            response.close()
            raise
    except Exception as error:  # noqa: BLE001 - all exceptions of the HTTP layer are translated, even defects
        outcome: Failure | _Raised = (
            failed_attempts.timed_out(request.url, seconds)
            if timed.was_ended()
            else failed_attempts.translate(error, request.url, seconds, _connect_seconds(seconds))
        )
    except (asyncio.CancelledError, KeyboardInterrupt, SystemExit) as error:
        is_late = isinstance(error, asyncio.CancelledError) and timed.was_ended()
        outcome = failed_attempts.timed_out(request.url, seconds) if is_late else (type(error), error.args)
    finally:
        pool.timeouts.finish(timed)
        if (slots := pool.slots).waiters:
            slots.release()
        else:
            slots.free += 1
        pool.in_flight -= 1
        if pool.is_retired:
            await pool.close_if_unused()
    if isinstance(outcome, Failure):
        return outcome if response is None else _with_head(outcome, response)
    response = None
    # Raise a new exception, because the traceback of the old exception contains frames with the request and its token.
    raise outcome[0](*outcome[1])


async def _read(response: aiohttp.ClientResponse, limit: int) -> RawResponse | Failure:
    """Read a body of at most ``limit`` bytes. Stop when the connection is closed."""
    content = response.content
    connection = response.connection
    protocol = None if connection is None else connection.protocol
    closed = None if protocol is None else protocol.closed
    if closed is None:
        return await _read_body(response, limit)
    # When a later chunk is malformed, the C parser of aiohttp (seen in 3.14) closes the connection but does not fail
    # the body. Then the read would wait until the timeout. No upstream issue is known.
    end = functools.partial(_end_body, content)
    # The future belongs to the connection and outlives this body. asyncio logs its exception if nothing retrieves it.
    # For this reason, aiohttp creates the future only on demand: https://github.com/aio-libs/aiohttp/pull/11107.
    closed.remove_done_callback(_retrieve_exception)
    closed.add_done_callback(_retrieve_exception)
    closed.add_done_callback(end)
    try:
        return await _read_body(response, limit)
    finally:
        closed.remove_done_callback(end)


def _retrieve_exception(closed: asyncio.Future[None]) -> None:
    if not closed.cancelled():
        closed.exception()


def _end_body(content: aiohttp.StreamReader, _closed: asyncio.Future[None]) -> None:
    """Let the read of an incomplete body fail, because the connection was closed."""
    if not content.is_eof() and content.exception() is None:
        content.set_exception(aiohttp.ClientPayloadError("the connection ended before the body did"))


async def _read_body(response: aiohttp.ClientResponse, limit: int) -> RawResponse | Failure:
    content, length = response.content, response.content_length
    if length is not None and length > limit:
        return _refuse(response, f"the response has {length} bytes; at most {limit} bytes are allowed")
    if length is not None and length <= BUFFER:
        # The body fits into the buffer, so this task wakes up once.
        await content.wait_eof()
        return await _unpack(response, content.read_nowait(), limit)
    chunks: list[bytes] = []
    size = 0
    while chunk := await content.readany():
        size += len(chunk)
        if size > limit:
            return _refuse_length(response, limit)
        chunks.append(chunk)
    return await _unpack(response, b"".join(chunks), limit)


async def _unpack(response: aiohttp.ClientResponse, body: bytes, limit: int) -> RawResponse | Failure:
    """Return the response with its body decompressed."""
    headers, status = response.headers, response.status
    if len(body) > limit:
        return _refuse_length(response, limit)
    if hdrs.CONTENT_ENCODING in headers and body and (encoding := headers[hdrs.CONTENT_ENCODING].lower()) != "identity":
        if encoding != "gzip":
            return _refuse(response, "the response has a content encoding that was not requested")
        plain = inflate(body, min(limit, FREE_SIZE))
        if plain is None and limit > FREE_SIZE:
            # The body is larger than a page, or incomplete. Decompress it in a thread, because this may take long.
            plain = await run_in_thread(inflate, body, limit)
        if plain is None:
            return _refuse(response, f"the response is not one gzip stream of at most {limit} bytes")
        body = plain
    # The error of the call keeps the body of an error response, so a long body is cut.
    return RawResponse(status, headers, body if status < _FIRST_REDIRECT else body[:_MAX_REFUSAL])


def _refuse_length(response: aiohttp.ClientResponse, limit: int) -> Failure:
    return _refuse(response, f"the response has more than {limit} bytes")


def _refuse(response: aiohttp.ClientResponse, message: str) -> Failure:
    response.close()
    return _with_head(Failure(Kind.AMBIGUOUS, "protocol", message), response)


def _with_head(failure: Failure, response: aiohttp.ClientResponse) -> Failure:
    """Return a failure, with the status and headers of a 2xx response, which shows that the service acted."""
    if failure.kind is Kind.AMBIGUOUS and 200 <= response.status < _FIRST_REDIRECT:  # noqa: PLR2004 - success
        head = RawResponse(response.status, response.headers, b"")
        return msgspec.structs.replace(failure, kind=Kind.ACKNOWLEDGED, head=head)
    return failure
