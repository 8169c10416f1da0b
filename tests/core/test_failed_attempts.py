"""What is said of an attempt without a response: the address, the cause in words, and what to do."""

from __future__ import annotations

import errno
import socket
from typing import Final

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from yarl import URL

from frontegg_async._core.http.attempt_results import Kind
from frontegg_async._core.http.failed_attempts import address_of, translate
from frontegg_async.errors import ProtocolError
from tests.support.clients import make_client
from tests.support.raw_server import Answer, raw_server

_SECRET: Final = "canary"
_URL: Final = URL(f"https://{_SECRET}:{_SECRET}@api.example/{_SECRET}?{_SECRET}")
_LOOPBACK: Final = URL("http://[::1]:8080/")


def _key(host: str = "api.example") -> ConnectionKey:
    return ConnectionKey(host, 443, True, True, None, None, None)


def _not_connected(code: int) -> aiohttp.ClientConnectorError:
    return aiohttp.ClientConnectorError(_key(), OSError(code, _SECRET))


def _unresolved(code: int) -> aiohttp.ClientConnectorError:
    return aiohttp.ClientConnectorDNSError(_key(), socket.gaierror(code, _SECRET))


@pytest.mark.parametrize(
    ("error", "kind", "reason", "said"),
    [
        (_not_connected(errno.ECONNREFUSED), Kind.NOT_SENT, "refused", "the connection was refused"),
        (_not_connected(errno.ENETUNREACH), Kind.NOT_SENT, "unreachable", "network is unreachable"),
        (_not_connected(errno.EMFILE), Kind.NOT_SENT, "unreachable", "too many open files"),
        (_unresolved(socket.EAI_NONAME), Kind.NOT_SENT, "dns", "the name api.example is unknown"),
        (_unresolved(socket.EAI_AGAIN), Kind.NOT_SENT, "dns", "the name api.example could not be resolved"),
        (_unresolved(socket.EAI_FAIL), Kind.NOT_SENT, "dns", "the name api.example could not be resolved"),
        (aiohttp.ConnectionTimeoutError(), Kind.NOT_SENT, "connect_timeout", "within 4.5 s"),
        (TimeoutError(), Kind.AMBIGUOUS, "timeout", "within 5 s"),
        (aiohttp.ServerFingerprintMismatch(b"", b"", _SECRET, 1), Kind.UNTRUSTED, "tls", "not the pinned one"),
        (aiohttp.ServerDisconnectedError(_SECRET), Kind.AMBIGUOUS, "disconnected", "closed the connection without"),
        (aiohttp.ClientPayloadError(_SECRET), Kind.AMBIGUOUS, "truncated", "ended early"),
        (ConnectionResetError(_SECRET), Kind.AMBIGUOUS, "reset", "was reset"),
        (RuntimeError(_SECRET), Kind.AMBIGUOUS, "protocol", "could not be read"),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, str) else type(value).__name__,
)
def test_exceptions_are_put_into_words(error: BaseException, kind: Kind, reason: str, said: str) -> None:
    """The words have the address, and nothing else of the URL or of the exception."""
    failure = translate(error, _URL, 5.0, 4.5)
    assert (failure.kind, failure.reason) == (kind, reason)
    assert said in failure.message
    assert "https://api.example:443" in failure.message
    assert _SECRET not in failure.message + failure.hint


def test_a_system_that_gives_up_first() -> None:
    """Without a timeout of the call there are no seconds to name."""
    failure = translate(TimeoutError(errno.ETIMEDOUT, ""), _URL, float("inf"), 10.0)
    assert failure.message == "no complete response from https://api.example:443 in time"


def test_addresses() -> None:
    """The port is always there, and an IPv6 address has its brackets."""
    assert address_of(_URL) == "https://api.example:443"
    assert address_of(_LOOPBACK) == "http://[::1]:8080"


def test_hints() -> None:
    """A closed port of this machine reminds of the emulator, another one does not; plain HTTP reminds of TLS."""
    refused = _not_connected(errno.ECONNREFUSED)
    assert "frontegg_async.emulator" in translate(refused, _LOOPBACK, 5.0, 4.5).hint
    assert translate(refused, _URL, 5.0, 4.5).hint == "does anything listen there?"
    gone = aiohttp.ServerDisconnectedError()
    assert translate(gone, _LOOPBACK, 5.0, 4.5).hint == "does it expect https?"
    assert translate(gone, _URL, 5.0, 4.5).hint == ""


@pytest.mark.parametrize(
    ("said", "hint"), [(b"\x15\x03\x03\x00\x02\x02\x16", "expect https?"), (b"HTTP/1.1 200 OK\r\nodd\r\n\r\n", "")]
)
@pytest.mark.anyio
async def test_only_an_alert_reminds_of_tls(said: bytes, hint: str) -> None:
    """Other broken responses come from a server of HTTP."""
    async with raw_server(Answer(said)) as server, make_client(server.url) as client:
        with pytest.raises(ProtocolError) as caught:
            await client.tenants.get("t1")
    assert str(caught.value).endswith(hint or "attempts)")
