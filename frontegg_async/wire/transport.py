"""One attempt: a request is sent, and what came of it is returned as a value.

No exception of aiohttp leaves this module, so that none is reachable from an error of ours.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Mapping
from typing import Final

import aiohttp
import attrs
from yarl import URL

from frontegg_async.secret import Secret
from frontegg_async.wire.inflate import FREE_SIZE, inflate
from frontegg_async.wire.outcomes import Failure, Kind, Reply
from frontegg_async.wire.session import Pool

_CONNECT_TIMEOUT: Final = 10.0
_CONNECT_SHARE: Final = 0.9
_MAX_REFUSAL: Final = 64 * 1024
_FIRST_REDIRECT: Final = 300


@attrs.frozen(eq=False)
class Request:
    """What is sent, without the credential."""

    method: str
    url: URL = attrs.field(repr=False)
    headers: Mapping[str, str] = attrs.field(repr=False)
    body: bytes | None = attrs.field(repr=False)


@functools.lru_cache(maxsize=64)
def make_timeout(seconds: float | None) -> aiohttp.ClientTimeout:
    """Return aiohttp's timeouts for one attempt.

    The connection gets a part of the time only, so that a timeout which ends the attempt as a whole means that
    something was sent, or may have been.
    """
    connect = _CONNECT_TIMEOUT if seconds is None else min(_CONNECT_TIMEOUT, seconds * _CONNECT_SHARE)
    # aiohttp would round a timeout above the threshold up to a whole second.
    return aiohttp.ClientTimeout(total=seconds, connect=connect, ceil_threshold=float("inf"))


async def attempt(
    pool: Pool,
    request: Request,
    token: Secret | None,
    timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp keeps it
) -> Reply | Failure:
    """Send a request once.

    Args:
        pool: The session to send it with.
        request: What is sent.
        token: The token, unless the operation takes none.
        timeout: aiohttp's timeouts.

    Returns:
        The reply with its body, or why there is none.
    """
    pool.in_flight += 1
    try:
        response = await pool.session.request(
            request.method,
            request.url,
            data=request.body,
            # In the expression, so that no local of a frame ever holds the token.
            headers=request.headers
            if token is None
            else {**request.headers, "Authorization": f"Bearer {token.reveal()}"},
            allow_redirects=False,
            timeout=timeout,
        )
        try:
            return await _read(response, pool.max_body)
        except BaseException:
            response.close()
            raise
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, RuntimeError) as error:
        failure = translate(error)
    finally:
        pool.in_flight -= 1
        if pool.is_retired:
            await pool.close_if_unused()
    return failure


async def _read(response: aiohttp.ClientResponse, limit: int) -> Reply | Failure:
    """Read the body, never more than so many bytes, and decompress it."""
    headers = response.headers
    length = response.content_length
    if length is not None and length > limit:
        return _refuse(response, f"the answer has {length} bytes, and at most {limit} are read")
    chunks: list[bytes] = []
    size = 0
    while chunk := await response.content.readany():
        size += len(chunk)
        if size > limit:
            return _refuse(response, f"the answer has more than {limit} bytes")
        chunks.append(chunk)
    body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
    del chunks
    encoding = headers.get("Content-Encoding")
    if encoding is not None and encoding.lower() != "identity" and body:
        if encoding.lower() != "gzip":
            return _refuse(response, "the answer has an encoding that was not asked for")
        packed = body
        plain = inflate(packed, min(limit, FREE_SIZE))
        if plain is None and limit > FREE_SIZE:
            # More than a page has, or not whole: what takes long is done beside the loop.
            plain = await asyncio.to_thread(inflate, packed, limit)
        if plain is None:
            return _refuse(response, f"the answer is not one gzip stream of at most {limit} bytes")
        body = plain
    # What tells of a failure is short, and is kept by the error.
    return Reply(response.status, headers, body if response.status < _FIRST_REDIRECT else body[:_MAX_REFUSAL])


def _refuse(response: aiohttp.ClientResponse, message: str) -> Failure:
    response.close()
    return Failure(Kind.AMBIGUOUS, "protocol", message)


_FAILURES: Final[tuple[tuple[type[BaseException], Failure], ...]] = (
    (aiohttp.ClientConnectorDNSError, Failure(Kind.NOT_SENT, "dns", "the host's name could not be resolved")),
    (aiohttp.ClientConnectorCertificateError, Failure(Kind.UNTRUSTED, "tls", "the host's certificate is not valid")),
    (aiohttp.ClientSSLError, Failure(Kind.UNTRUSTED, "tls", "no TLS connection could be made")),
    (aiohttp.ServerFingerprintMismatch, Failure(Kind.UNTRUSTED, "tls", "the host's certificate is not the pinned one")),
    (aiohttp.ClientProxyConnectionError, Failure(Kind.NOT_SENT, "proxy", "the proxy could not be reached")),
    (aiohttp.ClientHttpProxyError, Failure(Kind.NOT_SENT, "proxy", "the proxy refused the connection")),
    (aiohttp.ClientConnectorError, Failure(Kind.NOT_SENT, "refused", "no connection could be made")),
    (aiohttp.ConnectionTimeoutError, Failure(Kind.NOT_SENT, "connect_timeout", "no connection was made in time")),
    (TimeoutError, Failure(Kind.AMBIGUOUS, "timeout", "no complete answer came in time")),
    (
        aiohttp.ServerDisconnectedError,
        Failure(Kind.AMBIGUOUS, "disconnected", "the connection was closed without an answer"),
    ),
    (aiohttp.ClientPayloadError, Failure(Kind.AMBIGUOUS, "truncated", "the answer ended early")),
    (aiohttp.ClientResponseError, Failure(Kind.AMBIGUOUS, "protocol", "the answer is not valid HTTP")),
    (OSError, Failure(Kind.AMBIGUOUS, "reset", "the connection was reset")),
)
_OTHER: Final = Failure(Kind.AMBIGUOUS, "protocol", "the answer could not be read")


def translate(error: BaseException) -> Failure:
    """Return what an exception of the layers below means; it may hold the credential and is not kept."""
    return next((failure for kind, failure in _FAILURES if isinstance(error, kind)), _OTHER)
