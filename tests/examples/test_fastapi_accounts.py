"""The list of accounts of the FastAPI example: one query of its own database, which follows the service."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any, Final

import httpx
import jwt
import pytest
from fastapi import FastAPI
from fastapi_app.accounts import Accounts
from fastapi_app.sample import seed
from sqlalchemy import Engine, event

from frontegg_async.emulator import EmulatorHandle
from tests.examples.fastapi_example import OPERATOR, WEBHOOK_SECRET, example_app, under_uvicorn

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LIST: Final = "/admin/accounts"


@pytest.fixture
def emulator(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """Return an environment with the accounts of the example."""
    frontegg_emulator.seed(seed())
    return frontegg_emulator


@contextlib.asynccontextmanager
async def _running(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """Yield a client of an app, which calls it in its own task."""
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test", auth=OPERATOR) as client,
    ):
        yield client


async def _listed(client: httpx.AsyncClient, text: str, *, is_there: bool = True) -> None:
    """Ask for the list until it has a text, or has it no more."""
    async with asyncio.timeout(30):
        while (text in (await client.get(LIST)).text) is not is_there:
            pass


@contextlib.contextmanager
def _statements() -> Generator[list[str]]:
    """Yield the SQL statements of this task; the mirror of the app has its own tasks."""
    found: list[str] = []
    own = asyncio.current_task()

    def note(*arguments: Any) -> None:
        if asyncio.current_task() is own:
            found.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def test_a_page_of_fifty_accounts_is_one_query(frontegg_emulator: EmulatorHandle) -> None:
    """It takes one statement and no request to the service, and the pages have each account once."""
    names = [f"Customer {number:03}" for number in range(120)]
    frontegg_emulator.seed(tenants=[{"tenantId": f"c-{each[-3:]}", "name": each} for each in names])
    app = example_app(frontegg_emulator)
    async with _running(app) as client:
        accounts: Accounts = app.state.accounts
        async with asyncio.timeout(30):  # for the check with which the mirror begins
            while (await accounts.mirror.health()).last_proof is None:
                pass
        frontegg_emulator.clear_journal()
        costs: list[int] = []
        texts: list[str] = []
        for page in ({}, {"page": 2}, {"page": 3}, {"page": 4}, {"q": "customer 01"}):
            with _statements() as statements:
                texts.append((await client.get(LIST, params=page)).text)
            costs.append(len(statements))
        asked = [each.route for each in frontegg_emulator.journal() if not each.path.startswith("/audits")]

    assert costs == [1] * 5
    assert asked == []
    found = [[name for name in names if f">{name}<" in text] for text in texts]
    assert found == [names[:50], names[50:100], names[100:], [], names[10:20]]
    assert ["Previous page" in text for text in texts] == [False, True, True, True, False]
    assert ["Next page" in text for text in texts] == [True, True, False, False, False]
    assert "51 to 100 of 120 in all, by name" in texts[1]


async def test_a_change_elsewhere_appears_by_its_webhook(emulator: EmulatorHandle) -> None:
    """The list itself asks the service nothing: it also has the change while the service fails."""
    with under_uvicorn(example_app(emulator, webhook_secret=WEBHOOK_SECRET)) as url, emulator.client() as frontegg:
        frontegg.webhooks.of_environment.create(
            url=f"{url}/webhooks/frontegg", secret=WEBHOOK_SECRET, event_keys=["frontegg.tenant.updated"]
        )
        async with httpx.AsyncClient(base_url=url, auth=OPERATOR) as client:
            frontegg.tenants.update("north", name="South Distribution")
            await _listed(client, "South Distribution")
            emulator.add_fault(stage="before_commit", action={"type": "status", "status": 500})
            await _listed(client, "South Distribution")


async def test_the_body_of_a_webhook_is_not_believed(emulator: EmulatorHandle) -> None:
    """A forged webhook marks nothing; one with a valid header has its account read, whatever its body says."""
    event = {"eventKey": "frontegg.tenant.updated", "tenant": {"tenantId": "north", "name": "Evil"}}
    forged = {"x-webhook-secret": jwt.encode({}, "another secret of thirty-two bytes")}
    signed = {"x-webhook-secret": jwt.encode({}, WEBHOOK_SECRET)}
    app = example_app(emulator, webhook_secret=WEBHOOK_SECRET)
    async with _running(app) as client:
        for headers in ({}, forged):
            assert (await client.post("/webhooks/frontegg", json=event, headers=headers)).status_code == 401
        assert (await app.state.accounts.mirror.health()).oldest_dirty is None

        await app.state.frontegg.tenants.update("north", name="South Distribution")
        assert (await client.post("/webhooks/frontegg", json=event, headers=signed)).status_code == 204
        await _listed(client, "South Distribution")
        assert "Evil" not in (await client.get(LIST)).text

        await app.state.frontegg.tenants.delete("north")
        gone = event | {"eventKey": "frontegg.tenant.deleted"}
        assert (await client.post("/webhooks/frontegg", json=gone, headers=signed)).status_code == 204
        await _listed(client, "South Distribution", is_there=False)


async def test_changes_by_the_app_appear_without_webhooks(emulator: EmulatorHandle) -> None:
    """Sign-ups, and what owners create, rename and delete."""
    token = emulator.user_token(tenant_id="north", email="ada@north.example").access_token
    owner: dict[str, Any] = {"headers": {"Authorization": f"Bearer {token}"}, "auth": None}
    async with _running(example_app(emulator)) as client:
        await client.post("/sign-up", json={"company": "Ünï & Co", "email": "uni@uni.example"})
        await _listed(client, "Ünï &amp; Co")
        made = (await client.post("/accounts", json={"name": "Kiosk 8"}, **owner)).json()
        await _listed(client, "Kiosk 8")
        await client.patch(f"/accounts/{made['id']}", json={"name": "Kiosk Eight"}, **owner)
        await _listed(client, "Kiosk Eight")
        await client.delete(f"/accounts/{made['id']}", **owner)
        await _listed(client, "Kiosk Eight", is_there=False)


async def test_environments_that_share_a_database_stay_apart(
    emulator: EmulatorHandle, frontegg_emulator_server: EmulatorHandle, tmp_path: Path
) -> None:
    """Each app lists the accounts of its own environment."""
    other = frontegg_emulator_server.create_environment()
    other.seed(tenants=[{"tenantId": "zebra", "name": "Zebra"}])
    url = f"sqlite+aiosqlite:///{(tmp_path / 'accounts.db').as_posix()}"
    texts: list[str] = []
    for each in (emulator, other, emulator):
        async with _running(example_app(each, mirror_url=url)) as client:
            texts.append((await client.get(LIST)).text)

    assert [("Zebra" in text, "North Labs" in text) for text in texts] == [(False, True), (True, False), (False, True)]
