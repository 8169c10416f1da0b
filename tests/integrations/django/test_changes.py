"""Signals about tenants that were created, changed or deleted, by blocking and by asyncio clients."""

from __future__ import annotations

import asyncio
import functools
import logging
import operator
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import attrs
import pytest

from frontegg_async import AsyncFrontegg, NotFoundError, ResultLostError
from frontegg_async._core.call.observers import GLOBAL_OBSERVERS
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.endpoints import CREATE_TENANT
from frontegg_async.models import Tenant
from frontegg_sync import Frontegg
from frontegg_sync.integrations.django import (
    get_async_client,
    get_client,
    tenant_created,
    tenant_deleted,
    tenant_updated,
)
from tests.integrations.django.heard import heard

pytestmark = pytest.mark.usefixtures("site")

_SIGNALS = {"created": tenant_created, "updated": tenant_updated, "deleted": tenant_deleted}

_CALLS: list[tuple[str, dict[str, Any], list[tuple[str, str, tuple[str, ...]]]]] = [
    ("tenants.create", {"tenant_id": "acme", "name": "A"}, [("created", "acme", ("name",))]),
    ("tenants.ensure", {"tenant_id": "north", "name": "N"}, []),
    ("tenants.ensure", {"tenant_id": "south", "name": "S"}, [("created", "south", ("name",))]),
    ("tenants.update", {"tenant_id": "north", "website": None}, [("updated", "north", ("website",))]),
    ("tenants.add_metadata", {"tenant_id": "north", "metadata": {"a": 1}}, [("updated", "north", ("metadata",))]),
    ("tenants.delete_metadata", {"tenant_id": "shop", "key": "old"}, [("updated", "shop", ())]),
    (
        "tenants.lock",
        {"tenant_ids": ["north", "kiosk"]},
        [("updated", "north", ()), ("updated", "kiosk", ())],
    ),
    ("tenants.delete", {"tenant_id": "kiosk"}, [("deleted", "kiosk", ())]),
    (
        "hierarchy.move",
        {"child_id": "kiosk", "new_parent_id": "shop"},
        [("updated", "kiosk", ("parent_tenant_id",)), ("updated", "kiosk", ("parent_tenant_id",))],
    ),
    (
        "sub_tenants.create",
        {"tenant_id": "cart", "name": "C", "parent_tenant_id": "shop"},
        [("created", "cart", ("parent_tenant_id", "name"))],
    ),
    ("sub_tenants.rename", {"tenant_id": "kiosk", "name": "K"}, [("updated", "kiosk", ("name",))]),
    ("sub_tenants.delete", {"tenant_id": "kiosk"}, [("deleted", "kiosk", ())]),
    ("account_settings.update", {"tenant_id": "north", "address": "A"}, [("updated", "north", ("address",))]),
    ("tenants.get", {"tenant_id": "north"}, []),
]


@attrs.define
class _Told:
    """What the three signals told."""

    changes: list[tuple[str, str, tuple[str, ...]]] = attrs.field(factory=list)
    threads: set[int] = attrs.field(factory=set)

    def receive(self, kind: str, *, sender: object, tenant_id: str, fields: tuple[str, ...], **_: object) -> None:
        assert sender is Tenant
        self.changes.append((kind, tenant_id, fields))
        self.threads.add(threading.get_ident())


@pytest.fixture
def told(frontegg_emulator: EmulatorHandle) -> Iterator[_Told]:
    """What the three signals tell."""
    frontegg_emulator.seed(tenants=[{"tenantId": "shop", "name": "Shop", "isReseller": True, "metadata": '{"old": 1}'}])
    found = _Told()
    with ExitStack() as stack:
        for kind, signal in _SIGNALS.items():
            stack.enter_context(heard(signal, functools.partial(found.receive, kind)))
        yield found


@pytest.mark.parametrize(("name", "arguments", "changes"), _CALLS)
def test_blocking_calls(name: str, arguments: dict[str, Any], changes: list[Any], told: _Told) -> None:
    """Receivers are called in the thread that made the call."""
    operator.attrgetter(name)(get_client())(**arguments)

    assert told.changes == changes
    assert told.threads <= {threading.get_ident()}


@pytest.mark.anyio
@pytest.mark.parametrize(("name", "arguments", "changes"), _CALLS)
async def test_asyncio_calls(name: str, arguments: dict[str, Any], changes: list[Any], told: _Told) -> None:
    """They tell the same."""
    await operator.attrgetter(name)(get_async_client())(**arguments)

    assert told.changes == changes


def test_a_user_deletes_its_own_tenant(told: _Told, frontegg_emulator: EmulatorHandle) -> None:
    """The request names no tenant; the token does."""
    token = frontegg_emulator.user_token(tenant_id="north", user_id="ann", permissions=["*"]).access_token
    get_client().as_user(token).tenant.delete_current(confirm_tenant_id="north")

    assert told.changes == [("deleted", "north", ())]


@pytest.mark.anyio
async def test_clients_of_the_site(told: _Told, frontegg_client: AsyncFrontegg, frontegg_sync_client: Frontegg) -> None:
    """Those that are not the app's own tell the same, where they are used."""
    await frontegg_client.tenants.delete("kiosk")
    await asyncio.to_thread(frontegg_sync_client.tenants.delete, "shop")

    assert told.changes == [("deleted", "kiosk", ()), ("deleted", "shop", ())]


def test_an_operation_that_is_sent_by_itself(told: _Told) -> None:
    """Its body has the names on the wire."""
    get_client().send(CREATE_TENANT, body={"tenantId": "acme", "name": "A", "creatorName": "Ann"})

    assert told.changes == [("created", "acme", ("name", "creator_name"))]


@pytest.mark.slow
@pytest.mark.anyio
@pytest.mark.parametrize("is_async", [False, True])
async def test_lost_responses(told: _Told, frontegg_emulator: EmulatorHandle, is_async: bool) -> None:
    """A change counts once, also if a read found out that it was made; one that failed does not count."""
    match = {"path": "/tenants/resources/tenants/v1*", "times": 2}
    frontegg_emulator.add_fault(match={**match, "method": "POST"}, stage="after_commit", action={"type": "close"})
    frontegg_emulator.add_fault(match={**match, "method": "DELETE"}, stage="after_commit", action={"type": "close"})
    if is_async:
        await get_async_client().tenants.create(tenant_id="acme", name="A")
        await get_async_client().tenants.delete("kiosk")
        with pytest.raises(NotFoundError):
            await get_async_client().tenants.delete("nobody")
    else:
        get_client().tenants.create(tenant_id="acme", name="A")
        get_client().tenants.delete("kiosk")
        with pytest.raises(NotFoundError):
            get_client().tenants.delete("nobody")

    assert told.changes == [("created", "acme", ("name",)), ("deleted", "kiosk", ())]


@pytest.mark.slow
def test_a_lost_result(told: _Told, frontegg_emulator: EmulatorHandle) -> None:
    """The tenant was changed, though the call raises."""
    unreadable = {"type": "status", "status": 200, "body": ""}
    frontegg_emulator.add_fault(match={"path": "/tenants/*"}, stage="after_commit", action=unreadable)
    with pytest.raises(ResultLostError):
        get_client().with_options(max_retries=0).tenants.update("north", name="N")

    assert told.changes == [("updated", "north", ("name",))]


@pytest.mark.anyio
async def test_an_async_receiver_is_awaited_before_the_call_returns() -> None:
    """It may use the client of its loop."""
    names: list[str] = []

    async def receive(*, tenant_id: str, **_: object) -> None:
        names.append((await get_async_client().tenants.get(tenant_id)).name)

    with heard(tenant_updated, receive):
        await get_async_client().tenants.update("north", name="South")

    assert names == ["South"]


def test_a_receiver_may_make_blocking_calls() -> None:
    """It is in the thread of the caller, and not in that of the client."""
    names: list[str] = []

    def receive(*, tenant_id: str, **_: object) -> None:
        names.append(get_client().tenants.get(tenant_id).name)

    with heard(tenant_updated, receive):
        get_client().tenants.update("north", name="South")

    assert names == ["South"]


@pytest.mark.anyio
@pytest.mark.parametrize("is_async", [False, True])
async def test_a_broken_receiver_is_logged(is_async: bool, caplog: pytest.LogCaptureFixture) -> None:
    """The call returns what it does without it."""

    def receive(**_: object) -> None:
        raise KeyError("of the receiver")

    with heard(tenant_updated, receive), caplog.at_level(logging.ERROR, "django.dispatch"):
        if is_async:
            tenant = await get_async_client().tenants.update("north", name="South")
        else:
            tenant = get_client().tenants.update("north", name="South")

    assert tenant.name == "South"
    assert "of the receiver" in caplog.text


def test_calls_are_observed_only_while_a_signal_is_heard() -> None:
    """Without receivers, no call pays for the signals."""
    before = list(GLOBAL_OBSERVERS)
    with heard(tenant_created, print):
        with heard(tenant_deleted, print):
            assert len(GLOBAL_OBSERVERS) == len(before) + 1
        assert len(GLOBAL_OBSERVERS) == len(before) + 1
    assert before == GLOBAL_OBSERVERS
