"""Calls with observers, such as hooks and telemetry. Calls without observers do not use this module."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from frontegg_async._core.call.call import Call
from frontegg_async._core.call.observers import (
    CURRENT_OBSERVERS,
    Announcement,
    CallObserver,
    Observer,
    announce_in_task,
    log_failure,
)
from frontegg_async._core.http.attempt_results import AttemptResult, Kind, RawResponse
from frontegg_async._core.http.http_sessions import Pool
from frontegg_async._core.runtime.tracebacks import shorten
from frontegg_async._values.secret import Secret
from frontegg_async.errors import FronteggError
from frontegg_async.models.snapshots import RequestSnapshot, ResponseSnapshot

T = TypeVar("T")


class ObservedCall(Call[T], eq=False):
    """A call that notifies its observers of each attempt.

    Args:
        observers: The observers of the client and of the process.
        call_observers: The observers of this call. The observers of the client and of the process returned them.
        request_snapshot: The last request.
        idle_since: The time at which the last attempt ended, on the monotonic clock.
        shown_url: The address that observers get. It contains the names of secret fields instead of their values.
        body_fields: The names of the fields in the body.
        tenant_ids: The ids of the tenants that the request names.
    """

    observers: tuple[Observer, ...] = ()
    call_observers: tuple[CallObserver, ...] = ()
    request_snapshot: RequestSnapshot | None = None
    idle_since: float = 0.0
    shown_url: str = ""
    body_fields: tuple[str, ...] = ()
    tenant_ids: tuple[str, ...] = ()

    async def run(self) -> T:
        """Make attempts until an attempt ends the call."""
        self.idle_since = self.started
        outer = CURRENT_OBSERVERS.get()
        self.call_observers = tuple(each for observer in self.observers if (each := self._begin(observer)) is not None)
        CURRENT_OBSERVERS.set(self.call_observers)
        try:
            value = await super().run()
        except BaseException as error:
            await self._end(error, outer)
            if isinstance(error, FronteggError):
                shorten(error)
            raise
        await self._end(None, outer)
        return value

    async def _end(self, error: BaseException | None, outer: tuple[CallObserver, ...]) -> None:
        announcements: list[Announcement] = []

        def end(observer: CallObserver) -> None:
            announcement = observer.end(error)
            if announcement is not None:
                announcements.append(announcement)

        self._notify(end)
        # Set the variable instead of resetting it by its token: Python may close an unfinished coroutine in another
        # context, where the token is invalid.
        if CURRENT_OBSERVERS.get() is self.call_observers:
            CURRENT_OBSERVERS.set(outer)
        await announce_in_task(announcements)

    def _begin(self, observer: Observer) -> CallObserver | None:
        try:
            return observer.begin(self.endpoint, self.context.base_url)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - an observer must not change a call, and an exit would end the loop
            log_failure(error)
        return None

    def _notify(self, notify: Callable[[CallObserver], None]) -> None:
        for each in self.call_observers:
            try:
                notify(each)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001 - as above
                log_failure(error)

    async def _admit(self) -> tuple[Pool, Secret | None]:
        pool, token = await super()._admit()
        try:
            self._notify_request()
        except BaseException:
            pool.slots.release()
            raise
        return pool, token

    def _notify_request(self) -> None:
        request = self.request
        snapshot = self.request_snapshot = RequestSnapshot(
            operation=self.endpoint.name,
            method=request.method,
            template=self.endpoint.path,
            url=self.shown_url,
            headers={name.lower(): value for name, value in request.headers.items() if isinstance(value, str)},
            body_size=None if request.body is None else len(request.body),
            body_fields=self.body_fields,
            tenant_ids=self.tenant_ids or self._tenant_of_token(),
            attempt=self.attempts + 1,
            waited=self.context.clocks.monotonic() - self.idle_since,
        )
        self._notify(lambda each: each.send(snapshot))

    def _tenant_of_token(self) -> tuple[str, ...]:
        found = None if self.tokens is None else self.tokens.tenant_id
        return () if found is None else (found,)

    def record_attempt(self, result: AttemptResult, begun: float) -> Kind | None:
        """Record the result of an attempt and notify the observers."""
        self.idle_since = self.context.clocks.monotonic()
        request = cast("RequestSnapshot", self.request_snapshot)
        snapshot = _snapshot(request, result, self.idle_since - begun)
        self._notify(lambda each: each.receive(snapshot))
        return super().record_attempt(result, begun)


def _snapshot(request: RequestSnapshot, result: AttemptResult, elapsed: float) -> ResponseSnapshot:
    if isinstance(result, RawResponse):
        return ResponseSnapshot(
            request=request,
            status=result.status,
            failure=None,
            headers={name.lower(): value for name, value in result.headers.items()},
            trace_id=result.trace_id,
            body_size=len(result.body),
            elapsed=elapsed,
        )
    return ResponseSnapshot(
        request=request,
        status=None,
        failure=result.reason,
        headers={},
        trace_id=None,
        body_size=0,
        elapsed=elapsed,
    )
