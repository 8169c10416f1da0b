"""`EmulatorFaults`: makes requests to the environment of a test fail in chosen ways."""

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
    """A fault that acts until `remove`, the end of its ``with`` block, or the end of the test."""

    def __init__(self, emulator: EmulatorHandle, fault_id: str) -> None:
        self._emulator = emulator
        self._id = fault_id
        self._fired: int | None = None

    @property
    def id(self) -> str:
        """Its id in the journal of the emulator."""
        return self._id

    @property
    def fired(self) -> int:
        """How often it has acted, also after it was removed."""
        return self._count() if self._fired is None else self._fired

    def remove(self) -> None:
        """Remove the fault; a second call does nothing."""
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
    """Adds faults. Each acts at once, and ends with its ``with`` block if it has one.

    ``method`` and ``path`` select requests; a path may be a pattern of `fnmatch`, as ``/tenants/*``. ``nth`` selects
    one of these, ``times`` the first ones, and ``probability`` a share; by default a fault acts on all of them.

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
        """Add a fault with any action at any stage.

        Args:
            action: What happens, such as ``{"type": "truncate", "bytes": 40}``.
            stage: ``accept``, ``before_commit``, ``after_commit``, ``in_headers``, ``in_body`` or ``idle``; or
                ``delivery``, for calls of webhooks.
            method: Only on requests with this method.
            path: Only on requests with this path.
            event: At the stage ``delivery``, only on calls about this event; or a pattern, as ``frontegg.tenant.*``.
            nth: Only on this request, counted from 1.
            times: Only on this many requests, 1 or more.
            probability: On this share of the requests, from 0 to 1.

        Raises:
            ValueError: Something is unknown or out of range.
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
        """Respond with a status before the request is processed.

        Args:
            status: The status, 200 to 599.
            body: The body; by default that of the service for the status.
            headers: More headers.
            method: Only on requests with this method.
            path: Only on requests with this path.
            times: Only on this many requests, 1 or more.

        Raises:
            ValueError: Something is out of range.
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
        """Respond with 429.

        Args:
            reset_in: Seconds after which requests are accepted again.
            with_header: Whether a header says so.
            method: Only on requests with this method.
            path: Only on requests with this path.
            times: Only on this many requests, 1 or more.

        Raises:
            ValueError: Something is out of range.
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
        """Wait before a request is processed; it is dropped if the client disconnects meanwhile.

        Args:
            seconds: Seconds of real time.
            method: Only on requests with this method.
            path: Only on requests with this path.
            times: Only on this many requests, 1 or more.

        Raises:
            ValueError: Something is out of range.
        """
        return self.add({"type": "delay", "seconds": signed_seconds(seconds)}, method=method, path=path, times=times)

    def outage(self, *, method: str | None = None, path: str | None = None, times: int | None = None) -> ActiveFault:
        """Reset connections before requests are processed.

        Args:
            method: Only on requests with this method.
            path: Only on requests with this path.
            times: Only on this many requests, 1 or more.

        Raises:
            ValueError: Something is out of range.
        """
        return self.add({"type": "reset"}, method=method, path=path, times=times)

    def lost_response(
        self, *, method: str | None = "POST", path: str | None = "/tenants/*", times: int | None = 1
    ) -> ActiveFault:
        """Process a request and lose its response: by default that of the next ``POST`` about tenants.

        Args:
            method: Only on requests with this method.
            path: Only on requests with this path.
            times: Only on this many requests, 1 or more.

        Raises:
            ValueError: Something is out of range.
        """
        return self.add({"type": "reset"}, stage="after_commit", method=method, path=path, times=times)

    def clear(self) -> None:
        """Remove all faults of the environment."""
        while self._made:
            self._made.pop().remove()  # which remembers how often it has acted
        self._emulator.delete_faults()
