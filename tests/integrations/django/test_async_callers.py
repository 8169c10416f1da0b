"""``aget_caller`` and ``request.afrontegg``: verified in the running loop, without the thread of plain views."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.test import override_settings

from frontegg_async import MissingPermissionError, TokenVerificationError
from frontegg_async.emulator import EmulatorHandle
from frontegg_sync.integrations.django import aget_caller, close_clients, get_caller

pytestmark = pytest.mark.usefixtures("site")


def _request(token: str | None) -> HttpRequest:
    request = HttpRequest()
    if token is not None:
        request.META["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return request


class _Keys:
    """Serves the keys of the emulator, and counts and holds back requests."""

    def __init__(self, emulator: EmulatorHandle) -> None:
        with urllib.request.urlopen(f"{emulator.url}/.well-known/jwks.json") as response:
            document = response.read()
        self.requests = 0
        self.arrived, self.may_answer = threading.Event(), threading.Event()
        self.may_answer.set()
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                served.requests += 1
                served.arrived.set()
                served.may_answer.wait()
                with contextlib.suppress(ConnectionError):
                    self.send_response(200)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(document)))
                    self.end_headers()
                    self.wfile.write(document)

            def log_message(self, *_: object) -> None:
                """Write nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/keys"


@pytest.fixture
def keys(frontegg_emulator: EmulatorHandle) -> Iterator[_Keys]:
    """A server of keys."""
    served = _Keys(frontegg_emulator)
    thread = threading.Thread(target=served.server.serve_forever)
    thread.start()
    yield served
    served.may_answer.set()
    served.server.shutdown()
    thread.join()
    served.server.server_close()


@pytest.mark.anyio
async def test_the_caller_is_verified_in_the_loop(token: str) -> None:
    """It has the verbs of that of plain views, and no thread is made for it."""
    close_clients()
    before = set(threading.enumerate())
    request = _request(token)
    caller = await aget_caller(request)

    assert set(threading.enumerate()) <= before
    assert caller.is_authenticated
    assert (caller.claims.subject, caller.tenant_id, caller.user_id, caller.error) == ("ann", "north", "ann", None)
    assert caller.require(permission="accounts.read", role="Admin") is caller.claims
    with pytest.raises(MissingPermissionError):
        caller.require(permission="billing")
    assert [tenant.name for tenant in await caller.client().tenants.list().all()] == ["North"]
    assert "ann" in repr(caller)
    assert token not in repr(caller)
    # After this, plain code does not block either.
    assert get_caller(request).claims is caller.claims


@pytest.mark.anyio
@pytest.mark.parametrize("token", [None, "nonsense", "a.b.c"])
async def test_a_caller_without_a_valid_token(token: str | None) -> None:
    """Awaiting raises nothing; the claims and the client do."""
    caller = await aget_caller(_request(token))

    assert not caller.is_authenticated
    assert isinstance(caller.error, TokenVerificationError)
    with pytest.raises(TokenVerificationError):
        _ = caller.claims
    with pytest.raises(TokenVerificationError):
        caller.client()


@pytest.mark.anyio
async def test_an_access_token(frontegg_emulator: EmulatorHandle) -> None:
    """It is looked up in the loop; it gives claims, and no self-service client."""
    made = frontegg_emulator.access_token(tenant_id="north", permissions=["accounts.*"])
    request = HttpRequest()
    request.META["HTTP_X_API_KEY"] = made.secret
    caller = await aget_caller(request)

    assert caller.require(permission="accounts.read").subject == made.id
    with pytest.raises(TokenVerificationError):
        caller.client()


@pytest.mark.slow
@pytest.mark.anyio
async def test_a_cancelled_verification_leaves_nothing(given: dict[str, Any], keys: _Keys, token: str) -> None:
    """No task is left, and the next call verifies the token anew."""
    with override_settings(FRONTEGG={**given, "JWKS_URL": keys.url}):
        keys.may_answer.clear()
        before = asyncio.all_tasks()
        request = _request(token)
        verifying = asyncio.ensure_future(aget_caller(request))
        await asyncio.to_thread(keys.arrived.wait)
        verifying.cancel()
        await asyncio.wait([verifying])
        keys.may_answer.set()

        assert verifying.cancelled()
        assert "not verified yet" in repr(get_caller(request))
        assert (await aget_caller(request)).claims.subject == "ann"
        assert asyncio.all_tasks() <= before | {verifying}


@pytest.mark.slow
def test_loops_pass_the_keys_on(given: dict[str, Any], keys: _Keys, token: str) -> None:
    """Under WSGI each request has its own loop: the keys are read once."""

    async def ask() -> str:
        return (await aget_caller(_request(token))).claims.subject

    with override_settings(FRONTEGG={**given, "JWKS_URL": keys.url}):
        assert {async_to_sync(ask)() for _ in range(3)} == {"ann"}
        assert asyncio.run(ask()) == "ann"
    assert keys.requests == 1


@pytest.mark.anyio
async def test_types_are_those_of_the_setting(given: dict[str, Any], token: str) -> None:
    """TOKEN_TYPES limits what is accepted, and an unset issuer is a mistake of the site."""
    with override_settings(FRONTEGG={**given, "TOKEN_TYPES": ["tenantApiToken"]}):
        assert not (await aget_caller(_request(token))).is_authenticated
    with override_settings(FRONTEGG={**given, "TOKEN_TYPES": ["tenantAccessToken"]}):
        assert (await aget_caller(_request(token))).error is not None
    with override_settings(FRONTEGG={**given, "ISSUER": None}), pytest.raises(ImproperlyConfigured, match="ISSUER"):
        await aget_caller(_request(token))
