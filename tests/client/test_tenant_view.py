"""The verbs of a view of one tenant, by both clients, against the emulator."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator

import pytest

from frontegg_async import InvalidArgumentError, NotFoundError, RequestTimeoutError
from frontegg_async.emulator import EmulatorHandle
from tests.support.flavours import FLAVOURS, Clients, clients_of, do

pytestmark = pytest.mark.anyio


@pytest.fixture(params=FLAVOURS)
async def clients(request: pytest.FixtureRequest, frontegg_emulator: EmulatorHandle) -> AsyncIterator[Clients]:
    """Both flavours, over two tenants."""
    frontegg_emulator.seed(
        tenants=[{"tenantId": name, "name": name.title(), "isReseller": True} for name in ("acme", "other")]
    )
    async with clients_of(frontegg_emulator, request.param) as made:
        yield made


async def test_a_view_has_the_verbs_of_its_tenant(clients: Clients) -> None:
    """Each is the one of `tenants`, without the id."""
    view = clients.manager.for_tenant("acme")
    assert (await do(view.get)).name == "Acme"
    assert (await do(view.update, name="Acme AG", currency="EUR")).currency == "EUR"
    assert (await do(view.add_metadata, {"plan": "pro", "seats": 3})).metadata == {"plan": "pro", "seats": 3}
    assert (await do(view.delete_metadata, "seats")).metadata == {"plan": "pro"}
    await do(view.lock)
    assert (await do(view.get)).is_locked
    assert not (await do(clients.manager.tenants.get, "other")).is_locked
    await do(view.unlock)
    assert not (await do(view.get)).is_locked
    await do(view.delete)
    with pytest.raises(NotFoundError):
        await do(view.get)
    assert (await do(clients.manager.tenants.get, "other")).name == "Other"


async def test_a_view_has_sub_tenants(clients: Clients) -> None:
    """By the operations that users have too, whose parent is named."""
    view = clients.manager.for_tenant("acme")
    made = await do(view.sub_tenants.create, name="Below", parent_tenant_id="acme")
    assert [each.tenant_id for each in await do(view.hierarchy.list_sub_accounts)] == [made.tenant_id]


async def test_a_view_checks_its_arguments(clients: Clients) -> None:
    """Before anything is sent."""
    view = clients.manager.for_tenant("acme")
    for call in (view.update, lambda: view.update(name=""), lambda: view.add_metadata("x")):
        with pytest.raises(InvalidArgumentError):
            await do(call)
    assert [entry.route for entry in clients.emulator.journal() if entry.route != "auth.authenticate"] == []


async def test_a_view_with_other_options(clients: Clients) -> None:
    """It is about the same tenant, for the same user of the client, and the first view is left as it is."""
    view = clients.manager.for_tenant("acme")
    hurried = view.with_options(deadline=1e-9, headers={"x-trace": "1"})
    assert type(hurried) is type(view)
    assert hurried.tenant_id == "acme"
    with pytest.raises(RequestTimeoutError):
        await do(hurried.account_settings.get)
    with pytest.raises(RequestTimeoutError):
        await do(hurried.get)
    assert (await do(view.get)).name == "Acme"
    assert inspect.signature(view.with_options) == inspect.signature(clients.manager.with_options)
