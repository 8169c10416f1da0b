"""Calls with observers, such as hooks and telemetry; calls without observers do not pay for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from frontegg_async._core.call.call import Call
from frontegg_async._core.call.log import logger
from frontegg_async._core.call.observers import CURRENT_OBSERVERS, CallObserver, Observer
from frontegg_async._core.http.attempt_results import AttemptResult, Kind, RawResponse
from frontegg_async._core.http.http_sessions import Pool
from frontegg_async._values.secret import Secret
from frontegg_async.models.snapshots import RequestSnapshot, ResponseSnapshot

T = TypeVar("T")


class ObservedCall(Call[T], eq=False):
    """A call that notifies its observers of each attempt.

    Args:
        observers: The observers of the client and of the process.
        call_observers: Their observers of this call.
        request_snapshot: The last request.
        idle_since: When the last attempt ended, on the monotonic clock.
        shown_url: The address that observers see, with the names of secret fields in the place of their values.
    """

    observers: tuple[Observer, ...] = ()
    call_observers: tuple[CallObserver, ...] = ()
    request_snapshot: RequestSnapshot | None = None
    idle_since: float = 0.0
    shown_url: str = ""

    async def run(self) -> T:
        """Make attempts until one ends the call."""
        self.idle_since = self.started
        outer = CURRENT_OBSERVERS.get()
        self.call_observers = tuple(each for observer in self.observers if (each := self._begin(observer)) is not None)
        CURRENT_OBSERVERS.set(self.call_observers)
        try:
            value = await super().run()
        except BaseException as error:
            self._end(error, outer)
            raise
        self._end(None, outer)
        return value

    def _end(self, error: BaseException | None, outer: tuple[CallObserver, ...]) -> None:
        self._notify(lambda each: each.end(error))
        # Not reset by a token: a coroutine that is dropped half-way may be closed in another context.
        if CURRENT_OBSERVERS.get() is self.call_observers:
            CURRENT_OBSERVERS.set(outer)

    def _begin(self, observer: Observer) -> CallObserver | None:
        try:
            return observer.begin(self.endpoint, self.context.base_url)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - an observer must not change a call; an exit would end the loop only
            _log_failure(error)
        return None

    def _notify(self, notify: Callable[[CallObserver], None]) -> None:
        for each in self.call_observers:
            try:
                notify(each)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001 - as above
                _log_failure(error)

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
            attempt=self.attempts + 1,
            waited=self.context.clocks.monotonic() - self.idle_since,
        )
        self._notify(lambda each: each.send(snapshot))

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


def _log_failure(error: BaseException) -> None:
    logger.warning("a hook or telemetry raised %s", type(error).__name__)
