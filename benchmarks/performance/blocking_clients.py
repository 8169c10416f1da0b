"""Blocking clients that get one tenant: the SDK, the same without it, and the alternatives, with their defaults."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from benchmarks.performance import canned_server
from benchmarks.performance.async_clients import BEARER, ReadTarget
from benchmarks.performance.bare_thread import BARE, read_behind_thread

OURS: Final = "frontegg_sync"
REQUESTS: Final = "requests"
REQUESTS_BARE: Final = "requests without trust_env"
URLLIB3: Final = "urllib3"
PYPI: Final = "PyPI frontegg"

_PATH: Final = f"/tenants/resources/tenants/v2/{canned_server.TENANT_ID}"

Candidates = dict[str, Callable[[], object]]


def enter(stack: ExitStack, running: canned_server.CannedServer, *, tls: bool, threads: int = 1) -> Candidates:
    """Return reads of one tenant, by the name of the client.

    Args:
        stack: Closes the clients at the end.
        running: The server.
        tls: Whether the requests use TLS.
        threads: How many threads use each client at the same time; only one thread can use aiohttp behind a thread.
    """
    origin = running.tls if tls else running.plain
    pem = Path(stack.enter_context(tempfile.TemporaryDirectory()), "authority.pem")
    pem.write_text(running.pem, encoding="ascii")
    place = ReadTarget(running, "plain", _PATH, tls=tls)
    return {
        OURS: _ours(stack, running, origin),
        **({BARE: read_behind_thread(stack, place)} if threads == 1 else {}),
        **_requests(stack, origin, pem),
        **_others(stack, running, origin, pem, threads),
        PYPI: _official(running, origin, pem),
    }


def _ours(stack: ExitStack, running: canned_server.CannedServer, origin: str) -> Callable[[], object]:
    from frontegg_sync import Frontegg  # noqa: PLC0415 - see goals.py

    client = stack.enter_context(
        Frontegg("emu_canned", "emu_canned", base_url=f"{origin}/plain", ssl=running.context())
    )
    return lambda: client.tenants.get(canned_server.TENANT_ID)


def _requests(stack: ExitStack, origin: str, pem: Path) -> Candidates:
    import requests  # noqa: PLC0415 - see goals.py

    # requests warns at each call when more threads share a session than it keeps connections for.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    # The environment's CA bundle would take precedence over that of a session.
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        os.environ.pop(name, None)
    url = f"{origin}/plain{_PATH}"
    default, bare = (stack.enter_context(requests.Session()) for _ in range(2))
    for session in (default, bare):
        session.headers.update(BEARER)
        session.verify = str(pem)
    bare.trust_env = False
    return {REQUESTS: lambda: default.get(url).json(), REQUESTS_BARE: lambda: bare.get(url).json()}


def _others(stack: ExitStack, running: canned_server.CannedServer, origin: str, pem: Path, threads: int) -> Candidates:
    import httpx  # noqa: PLC0415 - see goals.py
    import niquests  # noqa: PLC0415
    import urllib3  # noqa: PLC0415

    url = f"{origin}/plain{_PATH}"
    pool = stack.enter_context(urllib3.PoolManager(maxsize=threads, headers=BEARER, ssl_context=running.context()))
    client = stack.enter_context(httpx.Client(headers=BEARER, verify=running.context()))
    session = stack.enter_context(niquests.Session())
    session.headers.update(BEARER)
    session.verify = str(pem)
    return {
        URLLIB3: lambda: pool.request("GET", url).json(),
        "httpx": lambda: client.get(url).json(),
        "niquests": lambda: session.get(url).json(),
    }


def _official(running: canned_server.CannedServer, origin: str, pem: Path) -> Callable[[], object]:
    # Read when the package is imported; its client fetches a token, without TLS, when it is created.
    os.environ["FRONTEGG_API_GATEWAY_URL"] = f"{running.plain}/plain/"
    from frontegg.common.clients import HttpClient  # noqa: PLC0415 - see goals.py

    client = HttpClient("emu_canned", "emu_canned", f"{origin}/plain/")
    client.client.verify = str(pem)
    return lambda: client.get(_PATH[1:]).json()
