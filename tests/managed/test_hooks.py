"""Webhooks and prehooks: their keys and secrets."""

from __future__ import annotations

import pytest

from frontegg_async import AsyncFrontegg
from tests.managed.environment_cases import CASES
from tests.managed.writing import create, full, kind_of, read, update
from tests.support.clients import make_client
from tests.support.raw_server import http, raw_server

pytestmark = pytest.mark.anyio

HOOKS = pytest.mark.parametrize("name", ["webhooks", "prehooks"])


async def secret_of(client: AsyncFrontegg, name: str) -> str:
    hooks = client.webhooks.of_environment if name == "webhooks" else client.prehooks
    [hook] = await hooks.list().all()
    assert hook.secret is not None
    return hook.secret.reveal()


@HOOKS
async def test_a_secret(frontegg_client: AsyncFrontegg, name: str) -> None:
    """It is sent, and never shown."""
    created = await create(frontegg_client, name, full(name))
    assert await secret_of(frontegg_client, name) == CASES[name].least["secret"]
    changed = await update(frontegg_client, name, created, {"secret": "canary two"})
    assert await secret_of(frontegg_client, name) == "canary two"
    assert (created.secrets, "canary" in repr((created, changed, dict(changed.values)))) == ({"secret"}, False)


@HOOKS
async def test_a_hook_without_a_display_name(frontegg_client: AsyncFrontegg, name: str) -> None:
    """Its key is its URL; a rename gives it a display name, and takes it again."""
    url = str(CASES[name].least["url"])
    created = await create(frontegg_client, name, CASES[name].least, key=url)
    hooks = frontegg_client.webhooks.of_environment if name == "webhooks" else frontegg_client.prehooks
    assert (created.key, created.values["display_name"], (await hooks.get(created.id)).display_name) == (url, url, None)

    renamed = await update(frontegg_client, name, created, {"display_name": "Named"})
    assert (renamed.key, renamed.values["url"]) == ("Named", url)

    moved = {"display_name": "https://b.example/", "url": "https://b.example/"}
    nameless = await update(frontegg_client, name, renamed, moved)
    assert (nameless.key, (await hooks.get(created.id)).display_name) == ("https://b.example/", None)


async def test_code_at_the_service() -> None:
    """No plan writes it."""
    rows = [
        {"id": "1", "type": "CUSTOM_CODE", "eventKeys": ["CREATE_USER"]},
        {"id": "2", "type": "API", "displayName": "Gate", "url": "https://gate.example", "eventKeys": ["JWT_CREATED"]},
    ]
    async with raw_server(http(200, rows)) as server, make_client(server.url) as client:
        found = (await read(client, "prehooks")).found
    assert {key: each.reason_to_stay for key, each in found.items()} == {"1": "it is code at the service", "Gate": None}
    assert found["Gate"].secrets == frozenset()


@pytest.mark.parametrize(
    ("name", "field", "value", "problem"),
    [
        ("webhooks", "event_keys", ["frontegg.tenant.created", "tenant.created"], "event_keys must be an event key, "),
        ("prehooks", "event_keys", ["create_user"], "event_keys must be an event key of prehooks, "),
        ("webhooks", "url", "ledger.example", "url must be "),
        ("prehooks", "timeout", 11, "timeout must be "),
    ],
)
def test_values_that_a_hook_cannot_have(name: str, field: str, value: list[str], problem: str) -> None:
    """The field says so, so nothing has to be sent."""
    [(_, message)] = kind_of(name).fields[field].problems(value)
    assert message.startswith(problem)
