"""Calls that somebody watches. Those that nobody watches know nothing of this."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from frontegg_async._core.call.call import Call
from frontegg_async._core.call.log import logger
from frontegg_async._core.call.observers import UNDER_WAY, CallObserver, Observer
from frontegg_async._core.http.outcomes import Failure, Kind, RawResponse
from frontegg_async._core.http.sessions import Pool
from frontegg_async._values.secret import Secret
from frontegg_async.models.snapshots import RequestSnapshot, ResponseSnapshot

T = TypeVar("T")


class ObservedCall(Call[T], eq=False):
    """A call that somebody watches.

    Args:
        observers: Those who watch.
        watches: What they see it by.
        request_snapshot: The last request.
        free_since: When the last attempt ended, on the monotonic clock.
        shown_url: The address as they see it, with the template in the place of secrets.
    """

    observers: tuple[Observer, ...] = ()
    watches: tuple[CallObserver, ...] = ()
    request_snapshot: RequestSnapshot | None = None
    free_since: float = 0.0
    shown_url: str = ""

    async def run(self) -> T:
        """Make attempts until one ends the call."""
        self.free_since = self.started
        around = UNDER_WAY.get()
        self.watches = tuple(watch for observer in self.observers if (watch := self._begun(observer)) is not None)
        UNDER_WAY.set(self.watches)
        try:
            value = await super().run()
        except BaseException as error:
            self._end(error, around)
            raise
        self._end(None, around)
        return value

    def _end(self, error: BaseException | None, around: tuple[CallObserver, ...]) -> None:
        self._tell(lambda watch: watch.end(error))
        # Not by a token: whoever closes a coroutine that nobody awaits any more has another context.
        if UNDER_WAY.get() is self.watches:
            UNDER_WAY.set(around)

    def _begun(self, observer: Observer) -> CallObserver | None:
        try:
            return observer.begin(self.endpoint, self.context.base_url)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - whoever watches changes nothing; an exit would end the loop only
            _complain(error)
        return None

    def _tell(self, tell: Callable[[CallObserver], None]) -> None:
        for watch in self.watches:
            try:
                tell(watch)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001 - as above
                _complain(error)

    async def _admit(self) -> tuple[Pool, Secret | None]:
        pool, token = await super()._admit()
        try:
            self._tell_of_request()
        except BaseException:
            pool.slots.release()
            raise
        return pool, token

    def _tell_of_request(self) -> None:
        request = self.request
        snapshot = self.request_snapshot = RequestSnapshot(
            operation=self.endpoint.name,
            method=request.method,
            template=self.endpoint.path,
            url=self.shown_url,
            headers={name.lower(): value for name, value in request.headers.items() if isinstance(value, str)},
            body_size=None if request.body is None else len(request.body),
            attempt=self.attempts + 1,
            waited=self.context.clocks.monotonic() - self.free_since,
        )
        self._tell(lambda watch: watch.send(snapshot))

    def record_attempt(self, outcome: RawResponse | Failure, begun: float) -> Kind | None:
        """Tell those who watch of how an attempt ended, too."""
        self.free_since = self.context.clocks.monotonic()
        request = cast("RequestSnapshot", self.request_snapshot)
        snapshot = _snapshot(request, outcome, self.free_since - begun)
        self._tell(lambda watch: watch.receive(snapshot))
        return super().record_attempt(outcome, begun)


def _snapshot(request: RequestSnapshot, outcome: RawResponse | Failure, elapsed: float) -> ResponseSnapshot:
    if isinstance(outcome, RawResponse):
        return ResponseSnapshot(
            request=request,
            status=outcome.status,
            failure=None,
            headers={name.lower(): value for name, value in outcome.headers.items()},
            trace_id=outcome.trace_id,
            body_size=len(outcome.body),
            elapsed=elapsed,
        )
    return ResponseSnapshot(
        request=request,
        status=None,
        failure=outcome.reason,
        headers={},
        trace_id=None,
        body_size=0,
        elapsed=elapsed,
    )


def _complain(error: BaseException) -> None:
    logger.warning("what watches calls raised %s", type(error).__name__)
