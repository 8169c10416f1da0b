"""Signals about tenants that clients of this process changed. Errors of receivers are logged and affect no call."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

import attrs
from django.dispatch import Signal

from frontegg_async._core.call.hooks import load_observed_calls
from frontegg_async._core.call.observers import GLOBAL_OBSERVERS
from frontegg_async.endpoints import Endpoint, account_settings, hierarchy, sub_tenants, tenants
from frontegg_async.errors import FronteggError, Outcome
from frontegg_async.models.snapshots import RequestSnapshot, ResponseSnapshot
from frontegg_async.models.tenants import Tenant
from frontegg_async.regions import BaseUrl


class _TenantSignal(Signal):
    """A signal about tenants. Calls are observed only while such a signal has a receiver."""

    def connect(
        self,
        receiver: Callable[..., object],
        sender: object = None,
        weak: bool = True,
        dispatch_uid: object = None,
    ) -> None:
        """Connect a receiver, like any signal."""
        super().connect(receiver, sender, weak, dispatch_uid)
        _observe_while_heard()

    def disconnect(
        self, receiver: Callable[..., object] | None = None, sender: object = None, dispatch_uid: object = None
    ) -> bool:
        """Disconnect a receiver, like any signal."""
        was_connected = super().disconnect(receiver, sender, dispatch_uid)
        _observe_while_heard()
        return was_connected


tenant_created: Final[Signal] = _TenantSignal()
"""A tenant was created, or re-activated.

Receivers get ``sender`` (`Tenant`), ``tenant_id``, ``operation`` (such as ``tenants.create``), and ``fields``, the
names of the other sent fields.
"""

tenant_updated: Final[Signal] = _TenantSignal()
"""A tenant was changed, locked, unlocked, or moved in the tree. Receivers get the arguments of `tenant_created`."""

tenant_deleted: Final[Signal] = _TenantSignal()
"""A tenant was deleted. Receivers get the arguments of `tenant_created`. ``fields`` is empty."""

_SIGNALS: Final = (tenant_created, tenant_updated, tenant_deleted)
_OF_OPERATIONS: Final[dict[str, Signal]] = {
    endpoint.name: signal
    for signal, endpoints in (
        (tenant_created, (tenants.CREATE, sub_tenants.CREATE)),
        (tenant_deleted, (tenants.DELETE, tenants.DELETE_CURRENT, sub_tenants.DELETE)),
        (
            tenant_updated,
            (
                tenants.UPDATE,
                tenants.ADD_METADATA,
                tenants.DELETE_METADATA,
                tenants.LOCK,
                tenants.UNLOCK,
                sub_tenants.RENAME,
                sub_tenants.SET_MANAGEMENT,
                sub_tenants.SET_HIERARCHY_SETTINGS,
                hierarchy.ASSIGN,
                hierarchy.REMOVE,
                account_settings.UPDATE,
            ),
        ),
    )
    for endpoint in endpoints
}


@attrs.frozen(eq=False)
class _Change:
    """The change of a call. It sends one signal for each tenant."""

    signal: Signal
    request: RequestSnapshot

    def send(self) -> None:
        """Send the signals in the thread that made a blocking call."""
        for each in self._arguments():
            self.signal.send_robust(Tenant, **each)

    async def asend(self) -> None:
        """Send the signals in the task that made a call."""
        for each in self._arguments():
            await self.signal.asend_robust(Tenant, **each)

    def _arguments(self) -> list[dict[str, object]]:
        what = {"operation": self.request.operation, "fields": self.request.body_fields}
        return [{"tenant_id": each, **what} for each in self.request.tenant_ids]


@attrs.define(eq=False)
class _ChangeObserver:
    """An observer of a call that changes tenants."""

    signal: Signal
    request: RequestSnapshot | None = None

    def send(self, request: RequestSnapshot) -> None:
        """Remember the request."""
        self.request = request

    def receive(self, response: ResponseSnapshot) -> None:
        """Do nothing: the end of the call shows whether there was a change."""

    def end(self, error: BaseException | None) -> _Change | None:
        """Return the change if it was made, even if its result was lost."""
        was_done = error is None or (isinstance(error, FronteggError) and error.outcome is Outcome.DONE)
        return _Change(self.signal, self.request) if was_done and self.request is not None else None


class _Changes:
    """An observer of the calls of all clients that change tenants."""

    def begin(self, endpoint: Endpoint[object], base_url: BaseUrl) -> _ChangeObserver | None:
        """Observe a call if its signal has a receiver."""
        del base_url
        signal = _OF_OPERATIONS.get(endpoint.name)
        return None if signal is None or not signal.has_listeners(Tenant) else _ChangeObserver(signal)


_changes: Final = _Changes()
_lock: Final = threading.Lock()


def _observe_while_heard() -> None:
    with _lock:
        is_heard = any(signal.has_listeners(Tenant) for signal in _SIGNALS)
        if is_heard and _changes not in GLOBAL_OBSERVERS:
            load_observed_calls()
            GLOBAL_OBSERVERS.append(_changes)
        elif not is_heard and _changes in GLOBAL_OBSERVERS:
            GLOBAL_OBSERVERS.remove(_changes)
