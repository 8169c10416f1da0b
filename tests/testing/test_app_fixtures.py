"""The fixtures that connect an app to the emulator: its variables, its setting, and events that are posted to it."""

from __future__ import annotations

import os
from typing import Any, Final

import httpx
import pytest
import requests
from aiohttp import web
from aiohttp.test_utils import TestClient as AiohttpClient
from aiohttp.test_utils import TestServer
from fastapi import FastAPI
from starlette.testclient import TestClient

from frontegg_async import AsyncFrontegg, InvalidArgumentError
from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_async.integrations.aiohttp import add_webhooks
from frontegg_async.integrations.fastapi import webhook_router
from frontegg_async.testing import EmulatorClock, PostEvent
from frontegg_async.webhooks import WebhookEvent, WebhookVerifier
from frontegg_sync import Frontegg

PATH: Final = "/webhooks/frontegg"
SECRET: Final = "the secret of a webhook, of thirty-two bytes"
EVENT: Final = WebhookEvent(event_key="frontegg.tenant.created", tenant_id="acme")

pytestmark = pytest.mark.anyio


@pytest.fixture
def _of_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTEGG_API_KEY", "of production")
    monkeypatch.setenv("FRONTEGG_DOMAIN", "app-acme")
    monkeypatch.setenv("FRONTEGG_READ_ONLY", "1")


@pytest.mark.usefixtures("_of_production")
def test_from_env_reaches_the_emulator(request: pytest.FixtureRequest, frontegg_sync_client: Frontegg) -> None:
    """Nothing is left of the variables that were set before; they are back after the test."""
    variables: dict[str, str] = request.getfixturevalue("frontegg_environ")
    assert variables.items() <= os.environ.items()
    assert {name for name in os.environ if name.startswith("FRONTEGG_")} == variables.keys()
    with Frontegg.from_env() as frontegg:
        frontegg.tenants.create(tenant_id="acme", name="Acme")
    assert frontegg_sync_client.tenants.get("acme").name == "Acme"


async def test_environ_is_what_from_env_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also that of an emulator in the loop."""
    async with Emulator() as emulator:
        for name, value in emulator.environ().items():
            monkeypatch.setenv(name, value)
        async with AsyncFrontegg.from_env() as frontegg:
            assert await frontegg.tenants.list().count() == 0


@pytest.fixture
def app(received: list[WebhookEvent], frontegg_emulator: EmulatorHandle) -> FastAPI:
    """An app that receives webhooks."""
    app = FastAPI()
    app.include_router(webhook_router(WebhookVerifier(SECRET, clock=frontegg_emulator.time), received.append))
    return app


@pytest.fixture
def received() -> list[WebhookEvent]:
    """The events that the app has received."""
    return []


def test_an_event_is_posted_to_an_asgi_app(
    app: FastAPI, received: list[WebhookEvent], frontegg_post_event: PostEvent, frontegg_clock: EmulatorClock
) -> None:
    """A forged one is refused; the signature follows the clock, which the verifier follows."""
    frontegg_clock.advance(100_000)
    with TestClient(app) as client:
        assert frontegg_post_event(client, PATH, EVENT, secret=SECRET).status_code == httpx.codes.NO_CONTENT
        assert frontegg_post_event(client, PATH, EVENT, secret="another").status_code == httpx.codes.UNAUTHORIZED
    assert [event.tenant_id for event in received] == ["acme"]


async def test_an_async_client_is_awaited(
    app: FastAPI, received: list[WebhookEvent], frontegg_post_event: PostEvent
) -> None:
    """The function returns what the client returns."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        response = await frontegg_post_event(client, PATH, EVENT, secret=SECRET)
    assert (response.status_code, len(received)) == (httpx.codes.NO_CONTENT, 1)


async def test_an_event_is_posted_to_an_aiohttp_app(
    received: list[WebhookEvent], frontegg_post_event: PostEvent
) -> None:
    """By the test client of aiohttp."""
    app = web.Application()
    add_webhooks(app, WebhookVerifier(SECRET), received.append)
    async with AiohttpClient(TestServer(app)) as client:
        response = await frontegg_post_event(client, PATH, EVENT, secret=SECRET)
    assert (response.status, len(received)) == (httpx.codes.NO_CONTENT, 1)


def test_an_event_is_posted_to_a_url(frontegg_emulator: EmulatorHandle, frontegg_post_event: PostEvent) -> None:
    """By requests; the emulator refuses the body since it is an event."""
    with requests.Session() as session:
        url = f"{frontegg_emulator.url}/_emulator/v1/user-tokens"
        response = frontegg_post_event(session, url, EVENT, secret=SECRET)
    assert (response.status_code, "eventKey" in response.text) == (httpx.codes.BAD_REQUEST, True)


def test_a_client_that_cannot_post_is_refused(frontegg_post_event: PostEvent) -> None:
    """The error names the argument."""
    client: Any = object()
    with pytest.raises(InvalidArgumentError, match=r"^client must have a method post, and object has none$"):
        frontegg_post_event(client, PATH, EVENT, secret=SECRET)
