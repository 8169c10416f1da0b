"""`EmulatorFaults`, with which a test makes requests to its environment fail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import TracebackType
from typing import Self, cast

from frontegg_async._values.durations import signed_seconds
from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from frontegg_async.emulator.checks.arguments import mapping, whole


class ActiveFault:
    """A fault that is active until `remove` is called, the ``with`` block of the fault ends, or the test ends."""

    def __init__(self, emulator: EmulatorHandle, fault_id: str) -> None:
        self._emulator = emulator
        self._id = fault_id
        self._fired: int | None = None

    @property
    def id(self) -> str:
        """The id of the fault in the journal of the emulator."""
        return self._id

    @property
    def fired(self) -> int:
        """The number of requests on which the fault has acted. The number stays available after `remove`."""
        return self._count() if self._fired is None else self._fired

    def remove(self) -> None:
        """Remove the fault. A second call has no effect."""
        if self._fired is None:
            self._fired = self._count()
            if self._is_there():
                self._emulator.delete_fault(self._id)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()

    def _is_there(self) -> bool:
        return any(fault["id"] == self._id for fault in self._emulator.faults())

    def _count(self) -> int:
        counts = (cast("int", fault["fired"]) for fault in self._emulator.faults() if fault["id"] == self._id)
        return next(counts, 0)


class EmulatorFaults:
    """Adds faults to the environment of a test. A fault is active from its creation to the end of its ``with`` block.

    Without a block, a fault is active until the end of the test. ``method`` and ``path`` select requests. The path may
    be a pattern of `fnmatch`, such as ``/tenants/*``. By default a fault acts on all selected requests. ``nth`` limits
    the fault to one of these requests, ``times`` to the first of these requests, and ``probability`` to a random share.

    Args:
        emulator: The environment.
    """

    def __init__(self, emulator: EmulatorHandle) -> None:
        self._emulator = emulator
        self._made: list[ActiveFault] = []

    def add(
        self,
        action: Mapping[str, object],
        *,
        stage: str = "accept",
        method: str | None = None,
        path: str | None = None,
        event: str | None = None,
        nth: int | None = None,
        times: int | None = None,
        probability: float | None = None,
    ) -> ActiveFault:
        """Add a fault, with any action at any stage of a request.

        Args:
            action: The action, such as ``{"type": "truncate", "bytes": 40}``.
            stage: The stage of the request: ``accept``, ``before_commit``, ``after_commit``, ``in_headers``,
                ``in_body`` or ``idle``. The stage ``delivery`` is for requests from the emulator to webhooks.
            method: Act only on requests with this method.
            path: Act only on requests with this path.
            event: At the stage ``delivery``, act only on requests about this event. A pattern is allowed, such as
                ``frontegg.tenant.*``.
            nth: Act only on the selected request with this number, from 1.
            times: Act on this many requests, 1 or more.
            probability: Act on this share of the requests, from 0 to 1.

        Raises:
            ValueError: An argument is unknown or out of range.
        """
        match: dict[str, JsonValue] = {
            "method": method,
            "path": path,
            "event": event,
            "nth": nth,
            "times": None if times is None else whole(times, "times", 1),
            "probability": probability,
        }
        given = {name: value for name, value in match.items() if value is not None}
        made = ActiveFault(self._emulator, self._emulator.add_fault(stage=stage, action=action, match=given))
        self._made.append(made)
        return made

    def status(
        self,
        status: int = 503,
        *,
        body: JsonValue = None,
        headers: Mapping[str, str] | None = None,
        method: str | None = None,
        path: str | None = None,
        times: int | None = None,
    ) -> ActiveFault:
        """Respond with an HTTP status. The request is not processed.

        Args:
            status: The HTTP status, 200 to 599.
            body: The body; by default the body that the service sends with this status.
            headers: Additional headers of the response.
            method: Act only on requests with this method.
            path: Act only on requests with this path.
            times: Act on this many requests, 1 or more.

        Raises:
            ValueError: An argument is out of range.
        """
        given = {} if headers is None else mapping(headers, "headers")
        action: dict[str, JsonValue] = {"type": "status", "status": status, "headers": dict(given)}
        if body is not None:
            action["body"] = body
        return self.add(action, method=method, path=path, times=times)

    def rate_limit(
        self,
        *,
        reset_in: float | timedelta = 1.0,
        with_header: bool = True,
        method: str | None = None,
        path: str | None = None,
        times: int | None = None,
    ) -> ActiveFault:
        """Respond with 429, like the service at a rate limit.

        Args:
            reset_in: The number of seconds after which the emulator accepts requests again.
            with_header: Whether a response header contains this number of seconds.
            method: Act only on requests with this method.
            path: Act only on requests with this path.
            times: Act on this many requests, 1 or more.

        Raises:
            ValueError: An argument is out of range.
        """
        seconds = signed_seconds(reset_in)
        action: dict[str, JsonValue] = {"type": "rate_limit", "reset_in": seconds, "with_header": with_header}
        return self.add(action, method=method, path=path, times=times)

    def delay(
        self,
        seconds: float | timedelta,
        *,
        method: str | None = None,
        path: str | None = None,
        times: int | None = None,
    ) -> ActiveFault:
        """Delay the processing of a request. If the client disconnects during the delay, the request is not processed.

        Args:
            seconds: The delay in seconds of real time, not of the environment's clock.
            method: Act only on requests with this method.
            path: Act only on requests with this path.
            times: Act on this many requests, 1 or more.

        Raises:
            ValueError: An argument is out of range.
        """
        return self.add({"type": "delay", "seconds": signed_seconds(seconds)}, method=method, path=path, times=times)

    def outage(self, *, method: str | None = None, path: str | None = None, times: int | None = None) -> ActiveFault:
        """Reset connections before requests are processed.

        Args:
            method: Act only on requests with this method.
            path: Act only on requests with this path.
            times: Act on this many requests, 1 or more.

        Raises:
            ValueError: An argument is out of range.
        """
        return self.add({"type": "reset"}, method=method, path=path, times=times)

    def lost_response(
        self, *, method: str | None = "POST", path: str | None = "/tenants/*", times: int | None = 1
    ) -> ActiveFault:
        """Process a request, and send no response. By default the fault acts on the next ``POST`` about tenants.

        Args:
            method: Act only on requests with this method.
            path: Act only on requests with this path.
            times: Act on this many requests, 1 or more.

        Raises:
            ValueError: An argument is out of range.
        """
        return self.add({"type": "reset"}, stage="after_commit", method=method, path=path, times=times)

    def clear(self) -> None:
        """Remove all faults of the environment."""
        while self._made:
            self._made.pop().remove()  # `remove` keeps the number of times that the fault has acted
        self._emulator.delete_faults()
