"""The aiohttp example: customers see their accounts, and owners change their plan."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp_app.app import create_app

from frontegg_async import AsyncFrontegg, AsyncTokenVerifier
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.integrations.aiohttp import frontegg_context
from tests.examples.example_servers import run_example_server

pytestmark = pytest.mark.anyio

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def emulator(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """Return an environment with an account and its sub-account."""
    frontegg_emulator.seed(
        tenants=[
            {"tenantId": "north", "name": "North", "isReseller": True, "metadata": '{"plan": "trial"}'},
            {"tenantId": "kiosk", "name": "Kiosk", "parentTenantId": "north"},
        ]
    )
    return frontegg_emulator


@pytest.fixture
async def client(emulator: EmulatorHandle) -> AsyncIterator[Client]:
    """Yield a client of the app."""
    context = frontegg_context(
        client=lambda: AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url),
        verifier=lambda _: AsyncTokenVerifier(issuer=emulator.url, audience=emulator.client_id),
    )
    async with TestClient(TestServer(create_app(context))) as client:
        yield client


def _signed_in(emulator: EmulatorHandle, **changes: Any) -> dict[str, str]:
    chosen = {"tenant_id": "north", "user_id": "ada", "permissions": ["fe.account-hierarchy.*"], **changes}
    return {"Authorization": f"Bearer {emulator.user_token(**chosen).access_token}"}


async def test_customers_see_their_accounts(client: Client, emulator: EmulatorHandle) -> None:
    """Customers see their account and its tree; without a token only the start page and the health check respond."""
    headers = _signed_in(emulator)
    async with client.get("/account", headers=headers) as response:
        assert await response.json() == {"id": "north", "name": "North", "plan": "trial"}
    async with client.get("/tree", headers=headers) as response:
        assert await response.text() == "North (north)\n└── Kiosk (kiosk)\n"
    async with client.get("/tree") as response:
        assert response.status == 401
    async with client.get("/") as response:
        assert (response.status, response.content_type) == (200, "text/html")
        assert "PUT /account/plan" in await response.text()
    async with client.get("/health") as response:
        assert response.status == 200


@pytest.mark.parametrize(
    ("role", "plan", "status"), [("Owner", "team", 200), ("Owner", "x", 422), ("Reader", "team", 403)]
)
async def test_owners_change_their_plan(
    client: Client, emulator: EmulatorHandle, role: str, plan: str, status: int
) -> None:
    """Owners choose one of the existing plans; other users get an error."""
    async with client.put("/account/plan", data=plan, headers=_signed_in(emulator, roles=[role])) as response:
        assert response.status == status
    async with client.get("/account", headers=_signed_in(emulator)) as response:
        assert (await response.json())["plan"] == ("team" if status == 200 else "trial")


@pytest.mark.slow
def test_the_example_runs_as_shown() -> None:
    """One command starts it, and the token that it prints belongs to the owner."""
    with (
        run_example_server("aiohttp_app") as served,
        httpx.Client(base_url=served.url, headers={"Authorization": f"Bearer {served.token}"}) as client,
    ):
        assert "Café Ost (cafe-ost)" in client.get("/tree").text
        assert client.put("/account/plan", content="team").json()["plan"] == "team"
