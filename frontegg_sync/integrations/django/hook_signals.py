"""`hook_signal`: make a signal that isolates its receivers, so that each receiver gets every event."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from django.dispatch import Signal

from frontegg_async._values.kinds import kind_of
from frontegg_async.integrations.webhooks import ends_the_task, is_of_the_server, name_of
from frontegg_async.webhooks import WebhookEvent

_Receiver: TypeAlias = Callable[..., object]
_AsyncReceiver: TypeAlias = Callable[..., Awaitable[object]]


def hook_signal() -> Signal:
    """Return a new signal that treats ``sys.exit()`` in a receiver as an error of this receiver."""
    return _HookSignal()


class _HookSignal(Signal):
    """A signal that treats ``sys.exit()`` in a receiver as an error of this receiver.

    ``send_robust`` of Django catches only `Exception`. ``send_robust`` also fails when it logs the error of a receiver
    without ``__qualname__``, such as a ``functools.partial``.
    """

    def _live_receivers(self, sender: object) -> tuple[list[_Receiver], list[_AsyncReceiver]]:
        plain, awaited = super()._live_receivers(sender)
        return [_contained(each) for each in plain], [_contained_async(each) for each in awaited]


def _contained(receiver: _Receiver) -> _Receiver:
    def call(**given: object) -> object:
        try:
            return receiver(**given)
        except BaseException as error:
            if isinstance(error, Exception) or is_of_the_server(error):
                raise
            raise RuntimeError(_message(error, given)) from error

    call.__qualname__ = _name_of(receiver)
    return call


def _contained_async(receiver: _AsyncReceiver) -> _AsyncReceiver:
    async def call(**given: object) -> object:
        try:
            return await receiver(**given)
        except BaseException as error:
            if isinstance(error, Exception) or is_of_the_server(error) or ends_the_task(error):
                raise
            raise RuntimeError(_message(error, given)) from error

    call.__qualname__ = _name_of(receiver)
    return call


def _message(error: BaseException, given: dict[str, object]) -> str:
    event = given.get("event")
    of_event = f" for the webhook {name_of(event)}" if isinstance(event, WebhookEvent) else ""
    return f"the receiver raised {type(error).__name__}{of_event}"


def _name_of(receiver: object) -> str:
    """Return the name of a receiver for Django's log."""
    name: object = getattr(receiver, "__qualname__", None)
    return name if isinstance(name, str) else kind_of(receiver)
