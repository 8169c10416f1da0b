"""Describe why an attempt has no response: the event, the address, and a hint about the remedy."""

from __future__ import annotations

import errno
import os
import socket
import ssl as tls
from collections.abc import Callable, Mapping
from typing import Final

import aiohttp
from yarl import URL

from frontegg_async._core.http.attempt_results import Failure, Kind
from frontegg_async.regions import is_loopback

_UNKNOWN_NAME: Final = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})
_PROXY_AUTHENTICATION: Final = 407
_MAX_LINE: Final = 200

_TRUST: Final = (
    "if you trust the issuer of the certificate, give ssl=ssl.create_default_context(cafile='authority.pem')"
)
_BY_VERIFY_CODE: Final[Mapping[int, str]] = {
    # The keys are codes of OpenSSL (X509_V_ERR_*).
    9: "is the clock of this machine right?",
    10: "is the clock of this machine right?",
    18: _TRUST,
    19: _TRUST,
    20: _TRUST,
    21: _TRUST,
    62: "is the address right?",
    64: "is the address right?",
}
_NO_TLS: Final = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"})
"""The error reasons of OpenSSL for a server that does not respond with TLS."""


def address_of(url: URL) -> str:
    """Return only the scheme, host and port of a URL."""
    return f"{url.scheme}://{url.host_subcomponent}:{url.port}"


def timed_out(url: URL, seconds: float) -> Failure:
    """Return the failure of an attempt that got no complete response in time.

    Args:
        url: The URL of the request.
        seconds: The timeout of the attempt.
    """
    # Without a timeout of the client, the operating system ended the connection.
    within = "in time" if seconds == float("inf") else f"within {seconds:.3g} s"
    message = f"no complete response from {address_of(url)} {within}"
    return Failure(Kind.AMBIGUOUS, "timeout", message, seconds=seconds)


def translate(error: BaseException, url: URL, seconds: float, connect_seconds: float) -> Failure:
    """Return the failure for an exception of the HTTP layer.

    The exception may contain the token, so only the address and the reason are kept.

    Args:
        error: The exception.
        url: The URL of the request.
        seconds: The timeout of the attempt.
        connect_seconds: The part of the timeout that is available for connecting, in seconds.
    """
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        message = f"no connection to {address_of(url)} within {connect_seconds:.3g} s"
        return Failure(Kind.NOT_SENT, "connect_timeout", message, seconds=connect_seconds)
    if isinstance(error, TimeoutError):
        return timed_out(url, seconds)
    return next((describe(error, url) for kind, describe in _KINDS if isinstance(error, kind)), _other(error, url))


def on_one_line(text: str) -> str:
    """Return a text of the system or of a server without line breaks, shortened to 200 characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_MAX_LINE]


def _unresolved(error: BaseException, url: URL) -> Failure:
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    host = error.host if isinstance(error, aiohttp.ClientConnectorError) else url.host
    code = cause.errno if isinstance(cause, OSError) else None
    if code in _UNKNOWN_NAME:
        why, hint = f"the name {host} is unknown", "is the address right, and does this network resolve names?"
    else:
        why, hint = f"the name {host} could not be resolved", "is there a network?" if code == socket.EAI_AGAIN else ""
    return Failure(Kind.NOT_SENT, "dns", f"no connection to {address_of(url)}: {why}", hint)


def _untrusted(error: BaseException, url: URL) -> Failure:
    why, hint = "it is not valid", ""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        cause = error.certificate_error
        if isinstance(cause, tls.SSLCertVerificationError):
            why, hint = on_one_line(cause.verify_message).rstrip("."), _BY_VERIFY_CODE.get(cause.verify_code, "")
    return Failure(Kind.UNTRUSTED, "tls", f"the certificate of {address_of(url)} was refused: {why}", hint)


def _no_tls(error: BaseException, url: URL) -> Failure:
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    reason = cause.reason if isinstance(cause, tls.SSLError) else None
    if reason in _NO_TLS:
        why, hint = "the other side does not speak TLS", "is it http instead of https, or another port?"
    else:
        why, hint = f"TLS failed ({on_one_line((reason or 'no reason given').replace('_', ' ').lower())})", ""
    return Failure(Kind.UNTRUSTED, "tls", f"no connection to {address_of(url)}: {why}", hint)


def _not_pinned(_error: BaseException, url: URL) -> Failure:
    return Failure(Kind.UNTRUSTED, "tls", f"the certificate of {address_of(url)} was refused: it is not the pinned one")


def _no_proxy(error: BaseException, url: URL) -> Failure:
    assert isinstance(error, aiohttp.ClientProxyConnectionError)  # noqa: S101 - the table below calls this function only for this type
    _, why = _reason_of(error.os_error)
    message = f"no connection to {address_of(url)}: the proxy {error.host}:{error.port} could not be reached, {why}"
    return Failure(Kind.NOT_SENT, "proxy", message)


def _proxy_refused(error: BaseException, url: URL) -> Failure:
    status = error.status if isinstance(error, aiohttp.ClientResponseError) else 0
    hint = "give it a user and a password, as proxy='http://user:password@host:port'"
    message = f"no connection to {address_of(url)}: the proxy responded with {status}"
    return Failure(Kind.NOT_SENT, "proxy", message, hint if status == _PROXY_AUTHENTICATION else "")


def _not_connected(error: BaseException, url: URL) -> Failure:
    reason, why = _reason_of(error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error)
    hint = "does anything listen there?" if reason == "refused" else ""
    if hint and url.host is not None and is_loopback(url.host):
        hint = f"{hint} (python -m frontegg_async.emulator starts an emulator)"
    return Failure(Kind.NOT_SENT, reason, f"no connection to {address_of(url)}: {why}", hint)


def _reason_of(cause: BaseException) -> tuple[str, str]:
    """Return the reason for a failed connection twice: as one word, and as a phrase."""
    code = cause.errno if isinstance(cause, OSError) else None
    if code == errno.ECONNREFUSED:
        return "refused", "the connection was refused"
    if code is None:
        return "unreachable", on_one_line(str(cause)) or "no reason given"
    return "unreachable", os.strerror(code).lower()


def _disconnected(_error: BaseException, url: URL) -> Failure:
    message = f"{address_of(url)} closed the connection without a response"
    return Failure(Kind.AMBIGUOUS, "disconnected", message, _if_plain(url))


def _truncated(_error: BaseException, url: URL) -> Failure:
    return Failure(Kind.AMBIGUOUS, "truncated", f"the response of {address_of(url)} ended early")


def _no_http(error: BaseException, url: URL) -> Failure:
    message = f"the response of {address_of(url)} is not valid HTTP"
    is_alert = isinstance(error, aiohttp.ClientResponseError) and _TLS_ALERT in error.message
    return Failure(Kind.AMBIGUOUS, "protocol", message, _if_plain(url) if is_alert else "")


def _reset(_error: BaseException, url: URL) -> Failure:
    return Failure(Kind.AMBIGUOUS, "reset", f"the connection to {address_of(url)} was reset", _if_plain(url))


def _other(_error: BaseException, url: URL) -> Failure:
    return Failure(Kind.AMBIGUOUS, "protocol", f"the response of {address_of(url)} could not be read")


def _if_plain(url: URL) -> str:
    """Return a hint about TLS if the URL is ``http``. A server that expects TLS closes a connection without TLS."""
    return "does it expect https?" if url.scheme == "http" else ""


_TLS_ALERT: Final = r"b'\x15\x03"
"""The beginning of a TLS alert, as aiohttp's parser quotes it in error messages.

A TLS server sends an alert in response to plain HTTP.
"""

# A subclass must come before its base class.
_KINDS: Final[tuple[tuple[type[BaseException], Callable[[BaseException, URL], Failure]], ...]] = (
    (aiohttp.ClientConnectorDNSError, _unresolved),
    (aiohttp.ClientConnectorCertificateError, _untrusted),
    (aiohttp.ClientSSLError, _no_tls),
    (aiohttp.ServerFingerprintMismatch, _not_pinned),
    (aiohttp.ClientProxyConnectionError, _no_proxy),
    (aiohttp.ClientHttpProxyError, _proxy_refused),
    (aiohttp.ClientConnectorError, _not_connected),
    (aiohttp.ServerDisconnectedError, _disconnected),
    (aiohttp.ClientPayloadError, _truncated),
    (aiohttp.ClientResponseError, _no_http),
    (OSError, _reset),
)
