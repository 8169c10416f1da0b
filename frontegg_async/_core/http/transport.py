"""One attempt: a request is sent, and what came of it is returned as a value.

No exception of aiohttp leaves this module, and no frame of it, so that none is reachable from what a caller sees: the
frames hold the headers and the body of the request.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Mapping
from typing import Final, TypeAlias

import aiohttp
from aiohttp import hdrs
from yarl import URL

from frontegg_async._core.http.attempt_results import Failure, Kind, RawResponse
from frontegg_async._core.http.decompression import FREE_SIZE, inflate
from frontegg_async._core.http.http_sessions import BUFFER, Pool
from frontegg_async._core.http.secret_headers import revealed
from frontegg_async._core.runtime.worker_threads import run_in_thread
from frontegg_async._values.hidden_fields import HiddenFields
from frontegg_async._values.secret import Secret

_CONNECT_TIMEOUT: Final = 10.0
_CONNECT_SHARE: Final = 0.9
_MAX_REFUSAL: Final = 64 * 1024
_FIRST_REDIRECT: Final = 300


_Raised: TypeAlias = tuple[type[BaseException], tuple[object, ...]]


class Request(HiddenFields, eq=False):
    """What is sent, without the credential. Each call makes one, and a struct of msgspec's is made fastest."""

    method: str
    url: URL
    headers: Mapping[str, str | Secret]
    body: bytes | None
    is_never_repeated: bool = False
    """Whether nothing can be done if the connection turns out to be dead."""

    def __repr__(self) -> str:
        return f"Request(method={self.method!r})"


@functools.lru_cache(maxsize=64)
def _timeout(seconds: float) -> aiohttp.ClientTimeout:
    """Return aiohttp's timeouts for one attempt: the one for the connection, since the attempt's own is ours.

    The connection gets a part of the time only, so that a timeout which ends the attempt as a whole means that
    something was sent, or may have been.
    """
    connect = min(_CONNECT_TIMEOUT, seconds * _CONNECT_SHARE)
    # aiohttp would round a timeout above the threshold up to a whole second.
    return aiohttp.ClientTimeout(total=None, connect=connect, ceil_threshold=float("inf"))


async def attempt(pool: Pool, request: Request, token: Secret | None, seconds: float) -> RawResponse | Failure:
    """Send a request once, and give its slot of the pool back.

    Args:
        pool: The session to send it with; the caller holds a slot of it.
        request: What is sent.
        token: The token, unless the operation takes none.
        seconds: The time that it may take; infinite for no limit.

    Returns:
        The raw_response with its body, or why there is none.
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
            # In the expression, so that no local of a frame ever holds the token or another secret.
            headers=revealed(request.headers) if token is None else pool.credentials.of(request.headers, token),
            allow_redirects=False,
            timeout=_timeout(seconds),
        )
        status = response.status
        try:
            headers = response.headers
            if not response.content.is_eof() or hdrs.CONTENT_ENCODING in headers or status >= _FIRST_REDIRECT:
                return await _read(response, pool.max_body)
            # It came as a whole, and as it is.
            body = response.content.read_nowait()
            if len(body) <= pool.max_body:
                return RawResponse(status, headers, body)
            return _refuse_length(response, pool.max_body)
        except BaseException:
            response.close()
            raise
    except Exception as error:  # noqa: BLE001 - whatever the HTTP layer raises is translated, also what is a defect of it
        outcome: Failure | _Raised = _TIMED_OUT if timed.was_ended() else translate(error)
    except (asyncio.CancelledError, KeyboardInterrupt, SystemExit) as error:
        is_late = isinstance(error, asyncio.CancelledError) and timed.was_ended()
        outcome = _TIMED_OUT if is_late else (type(error), error.args)
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
    # A new exception: the frames of the HTTP layer hold the request with its credential, and tracebacks show them.
    raise outcome[0](*outcome[1])


async def _read(response: aiohttp.ClientResponse, limit: int) -> RawResponse | Failure:
    """Read a body, never more than so many bytes, and no longer than its connection lasts."""
    content = response.content
    connection = response.connection
    protocol = None if connection is None else connection.protocol
    closed = None if protocol is None else protocol.closed
    if closed is None:
        return await _read_body(response, limit)
    # aiohttp's parser in C does not tell a body that a later part of it is malformed: it only closes the connection.
    end = functools.partial(_end_body, content)
    # The future is the connection's and outlives this body: asyncio would log an exception that nobody looked at.
    closed.remove_done_callback(_look_at_exception)
    closed.add_done_callback(_look_at_exception)
    closed.add_done_callback(end)
    try:
        return await _read_body(response, limit)
    finally:
        closed.remove_done_callback(end)


def _look_at_exception(closed: asyncio.Future[None]) -> None:
    if not closed.cancelled():
        closed.exception()


def _end_body(content: aiohttp.StreamReader, _closed: asyncio.Future[None]) -> None:
    """Tell a body that its connection has ended, unless it knows."""
    if not content.is_eof() and content.exception() is None:
        content.set_exception(aiohttp.ClientPayloadError("the connection ended before the body did"))


async def _read_body(response: aiohttp.ClientResponse, limit: int) -> RawResponse | Failure:
    content, length = response.content, response.content_length
    if length is not None and length > limit:
        return _refuse(response, f"the response has {length} bytes, and at most {limit} are read")
    if length is not None and length <= BUFFER:
        # All of it has room in the buffer: to be woken once is enough.
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
    """Return the raw_response with its body decompressed."""
    headers, status = response.headers, response.status
    if len(body) > limit:
        return _refuse_length(response, limit)
    if hdrs.CONTENT_ENCODING in headers and body and (encoding := headers[hdrs.CONTENT_ENCODING].lower()) != "identity":
        if encoding != "gzip":
            return _refuse(response, "the response has an encoding that was not asked for")
        plain = inflate(body, min(limit, FREE_SIZE))
        if plain is None and limit > FREE_SIZE:
            # More than a page has, or not whole: what takes long is done beside the loop.
            plain = await run_in_thread(inflate, body, limit)
        if plain is None:
            return _refuse(response, f"the response is not one gzip stream of at most {limit} bytes")
        body = plain
    # What tells of a failure is short, and is kept by the error.
    return RawResponse(status, headers, body if status < _FIRST_REDIRECT else body[:_MAX_REFUSAL])


def _refuse_length(response: aiohttp.ClientResponse, limit: int) -> Failure:
    return _refuse(response, f"the response has more than {limit} bytes")


def _refuse(response: aiohttp.ClientResponse, message: str) -> Failure:
    response.close()
    return _with_head(Failure(Kind.AMBIGUOUS, "protocol", message), response)


def _with_head(failure: Failure, response: aiohttp.ClientResponse) -> Failure:
    """Return what a failure means after the head of a response came; a 2xx tells that the service acted."""
    if failure.kind is Kind.AMBIGUOUS and 200 <= response.status < _FIRST_REDIRECT:  # noqa: PLR2004 - success
        head = RawResponse(response.status, response.headers, b"")
        return Failure(Kind.ACKNOWLEDGED, failure.reason, failure.message, head)
    return failure


_TIMED_OUT: Final = Failure(Kind.AMBIGUOUS, "timeout", "no complete response came in time")
_FAILURES: Final[tuple[tuple[type[BaseException], Failure], ...]] = (
    (aiohttp.ClientConnectorDNSError, Failure(Kind.NOT_SENT, "dns", "the host's name could not be resolved")),
    (aiohttp.ClientConnectorCertificateError, Failure(Kind.UNTRUSTED, "tls", "the host's certificate is not valid")),
    (aiohttp.ClientSSLError, Failure(Kind.UNTRUSTED, "tls", "no TLS connection could be made")),
    (aiohttp.ServerFingerprintMismatch, Failure(Kind.UNTRUSTED, "tls", "the host's certificate is not the pinned one")),
    (aiohttp.ClientProxyConnectionError, Failure(Kind.NOT_SENT, "proxy", "the proxy could not be reached")),
    (aiohttp.ClientHttpProxyError, Failure(Kind.NOT_SENT, "proxy", "the proxy refused the connection")),
    (aiohttp.ClientConnectorError, Failure(Kind.NOT_SENT, "refused", "no connection could be made")),
    (aiohttp.ConnectionTimeoutError, Failure(Kind.NOT_SENT, "connect_timeout", "no connection was made in time")),
    (TimeoutError, _TIMED_OUT),
    (
        aiohttp.ServerDisconnectedError,
        Failure(Kind.AMBIGUOUS, "disconnected", "the connection was closed without a response"),
    ),
    (aiohttp.ClientPayloadError, Failure(Kind.AMBIGUOUS, "truncated", "the response ended early")),
    (aiohttp.ClientResponseError, Failure(Kind.AMBIGUOUS, "protocol", "the response is not valid HTTP")),
    (OSError, Failure(Kind.AMBIGUOUS, "reset", "the connection was reset")),
)
_OTHER: Final = Failure(Kind.AMBIGUOUS, "protocol", "the response could not be read")


def translate(error: BaseException) -> Failure:
    """Return what an exception of the layers below means; it may hold the credential and is not kept."""
    return next((failure for kind, failure in _FAILURES if isinstance(error, kind)), _OTHER)
