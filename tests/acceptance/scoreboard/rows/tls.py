"""Rows 31 and 32: bad certificates and TLS settings, and variables of the environment that concern connections."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import socket
import ssl
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import aiohttp
import attrs

from frontegg_async import AsyncFrontegg, ConfigurationError, ConnectionFailedError, FronteggError, Options
from frontegg_async._core.http import http_sessions
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.support.recorder import Recorder, Seen, answer, recorder, with_token
from tests.support.certificate_authority import Authority

_LOOPBACK: Final = "127.0.0.1"
_RETRIES: Final = Options(max_retries=5, timeout=5.0, deadline=20.0)


async def _outcome(call: Awaitable[object]) -> FronteggError | None:
    try:
        await call
    except FronteggError as error:
        return error
    return None


@attrs.define
class _Front:
    """Forwards connections to a server, and counts them before the TLS handshake."""

    behind: int
    connections: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        self.connections += 1
        to_server, from_server = None, None
        with contextlib.suppress(OSError):
            from_server, to_server = await asyncio.open_connection(_LOOPBACK, self.behind)
            await asyncio.gather(_pipe(reader, to_server), _pipe(from_server, writer))
        writer.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


def _ok(seen: Seen) -> bytes:
    return with_token(lambda _: answer(404, {"errors": ["no"]}))(seen)


async def _handshake(server: ssl.SSLContext, client: ssl.SSLContext) -> tuple[FronteggError | None, int]:
    """Return how a call to a server with a certificate ends, and how many connections it made."""
    async with recorder(_ok, ssl=server) as behind:
        front = _Front(behind.port)
        listening = await asyncio.start_server(front.serve, _LOOPBACK, 0)
        url = f"https://{_LOOPBACK}:{listening.sockets[0].getsockname()[1]}"
        async with AsyncFrontegg("id", "secret", base_url=url, ssl=client, options=_RETRIES) as frontegg:
            error = await _outcome(frontegg.check())
        listening.close()
        if behind.bytes_received and error is not None:
            error = FronteggError("bytes were sent")
    return error, front.connections


@contextlib.contextmanager
def _refusing(context: ssl.SSLContext) -> Iterator[tuple[int, list[ssl.SSLError]]]:
    """Serve handshakes by blocking sockets, in a thread: asyncio's own end before the alert of a failure is out."""
    failures: list[ssl.SSLError] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                try:
                    context.wrap_socket(connection, server_side=True).close()
                except ssl.SSLError as error:
                    failures.append(error)

    with socket.create_server((_LOOPBACK, 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1], failures
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


async def _handshake_by_socket(server: ssl.SSLContext, client: ssl.SSLContext) -> tuple[FronteggError | None, int]:
    """As `_handshake`."""
    with _refusing(server) as (port, failures):
        url = f"https://{_LOOPBACK}:{port}"
        async with AsyncFrontegg("id", "secret", base_url=url, ssl=client, options=_RETRIES) as frontegg:
            error = await _outcome(frontegg.check())
    return error, len(failures)


def _old(context: ssl.SSLContext) -> ssl.SSLContext:
    """Return a server's context that has TLS 1.1 and nothing newer."""
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def _lax(authority: Authority) -> Iterator[tuple[str, Callable[[], AsyncFrontegg]]]:
    """Yield settings that accept any host."""
    for url in ("https://api.frontegg.com", f"https://{_LOOPBACK}:1"):
        for name, mode in (("CERT_NONE", ssl.CERT_NONE), ("check_hostname=False", ssl.CERT_REQUIRED)):
            context = authority.client()
            context.check_hostname = False
            context.verify_mode = mode
            yield (
                f"{name}, {url}",
                functools.partial(AsyncFrontegg, "id", "secret", base_url=url, ssl=context),
            )
            for setting in (context, False):
                connector = aiohttp.TCPConnector(ssl=setting)
                yield (
                    f"connector with {name} or False, {url}",
                    functools.partial(AsyncFrontegg, "id", "secret", base_url=url, connector=connector),
                )


async def measure_tls(setting: Setting) -> Finding:
    """Call servers with untrustworthy certificates, and construct clients with contexts that trust every server."""
    del setting  # nothing in it is random
    authority = Authority()
    servers = {
        "self-signed": authority.server(_LOOPBACK, self_signed=True),
        "wrong host": authority.server("other.example"),
        "expired": authority.server(_LOOPBACK, expired=True),
        "TLS 1.1": _old(authority.server(_LOOPBACK)),
    }
    refused = retries = 0
    wrong: list[str] = []
    good, _ = await _handshake(authority.server(_LOOPBACK), authority.client())
    if good is not None:
        wrong.append(f"a good certificate: {good!r}")
    for name, server in servers.items():
        handshake = _handshake_by_socket if name == "TLS 1.1" else _handshake
        error, connections = await handshake(server, authority.client())
        retries += connections - 1
        refused += isinstance(error, ConnectionFailedError) and error.reason == "tls"
        wrong += [] if connections == 1 else [f"{name}: {connections} connections"]
        wrong += [] if isinstance(error, ConnectionFailedError) and error.reason == "tls" else [f"{name}: {error!r}"]
    lax = 0
    for name, make in _lax(authority):
        try:
            await make().aclose()
        except ConfigurationError:
            lax += 1
        else:
            wrong.append(f"{name} is taken")
    refused += not any("is taken" in each for each in wrong)
    return Finding(
        figure=f"refused {refused} of 5 (the last in {lax} forms, connectors and loopback among them), "
        f"retries {retries}",
        passed=not wrong and refused == len(servers) + 1,
        details=tuple(wrong),
    )


@contextlib.contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _variables(proxy: Recorder, home: Path) -> dict[str, str]:
    netrc = home / ".netrc"
    netrc.write_text(f"machine {_LOOPBACK} login canary-login password canary-password\n")
    netrc.chmod(0o600)
    names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
    keys = home / "keys.log"
    return {
        **dict.fromkeys(names, f"http://user:canary-password@{_LOOPBACK}:{proxy.port}"),
        "NO_PROXY": "example.com",
        "no_proxy": "example.com",
        "NETRC": str(netrc),
        "HOME": str(home),
        "SSLKEYLOGFILE": str(keys),
    }


@attrs.define
class _Environment:
    """Observations of calls with environment variables set."""

    proxied: int
    netrc: int
    keys: int
    reached: int


async def _call_all(plain: Recorder, tls: Recorder, *, context: ssl.SSLContext | None, trust_env: bool) -> None:
    for url in (plain.url, tls.url):
        given = context if url == tls.url else None
        async with AsyncFrontegg(
            "id", "secret", base_url=url, ssl=given, trust_env=trust_env, options=Options(max_retries=0)
        ) as client:
            await _outcome(client.check())
            await _outcome(client.tenants.get("t"))


async def _try(authority: Authority, *, trust_env: bool, own_context: bool, direct: bool = False) -> _Environment:
    """Make calls under these variables; with the SDK's own TLS context, the authority is in the system's store."""
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        async with (
            recorder(lambda _: answer(407, {})) as proxy,
            recorder(_ok) as plain,
            recorder(_ok, ssl=authority.server(_LOOPBACK)) as tls,
        ):
            store = home / "authority.pem"
            store.write_text(authority.pem)
            variables = {**_variables(proxy, home), "SSL_CERT_FILE": str(store)}
            if direct:
                variables["NO_PROXY"] = variables["no_proxy"] = _LOOPBACK
            with _environment(variables):
                http_sessions._silent_context.cache_clear()
                context = None if own_context else authority.client()
                await _call_all(plain, tls, context=context, trust_env=trust_env)
                http_sessions._silent_context.cache_clear()
            heads = b"".join(seen.head for seen in (*plain.seen, *tls.seen))
            keys = home / "keys.log"
            logged = keys.read_text() if keys.exists() else ""
    return _Environment(
        proxied=len(proxy.bytes_received),
        netrc=heads.lower().count(b"authorization: basic"),
        keys=sum(not line.startswith("#") for line in logged.splitlines()),
        reached=len(plain.seen) + len(tls.seen),
    )


async def measure_environment(setting: Setting) -> Finding:
    """Set every variable that may redirect connections, and record which of them have an effect."""
    del setting  # nothing in it is random
    authority = Authority()
    by_default = await _try(authority, trust_env=False, own_context=True)
    trusting = await _try(authority, trust_env=True, own_context=False)
    spared = await _try(authority, trust_env=True, own_context=False, direct=True)
    passed = (by_default.proxied, by_default.netrc, by_default.keys) == (0, 0, 0) and by_default.reached == 4
    return Finding(
        figure=f"bytes sent to the proxy {by_default.proxied}, uses of .netrc {by_default.netrc}, TLS keys written "
        f"{by_default.keys}, {by_default.reached} of 4 requests arrived; with trust_env {trusting.proxied} bytes went "
        f"to the proxy, and {spared.reached} requests past it by NO_PROXY",
        passed=passed and trusting.proxied > 0 and spared.proxied == 0 and spared.reached > 0,
        details=(f"{by_default}", f"{trusting}", f"{spared}"),
    )


ROWS: Final = (
    Row(
        number=31,
        name="tls",
        title="TLS: self-signed, wrong host, expired, TLS 1.1, a context with CERT_NONE",
        target="refused 5 of 5; retries 0",
        measure=measure_tls,
    ),
    Row(
        number=32,
        name="proxy-environment",
        title="environment with HTTP(S)_PROXY, NO_PROXY, .netrc and SSLKEYLOGFILE",
        target="bytes sent to the proxy 0; uses of .netrc 0",
        measure=measure_environment,
    ),
)
