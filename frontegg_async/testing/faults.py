"""`EmulatorFaults`: what goes wrong in an environment of the emulator, for as long as a test wants."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Self, cast

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from frontegg_async.emulator.checks.arguments import mapping


class ActiveFault:
    """A fault that acts from when it is made until `remove`, the end of its ``with`` block, or that of the test."""

    def __init__(self, emulator: EmulatorHandle, fault_id: str) -> None:
        self._emulator = emulator
        self._id = fault_id
        self._fired: int | None = None

    @property
    def id(self) -> str:
        """The id that the emulator's journal names it by."""
        return self._id

    @property
    def fired(self) -> int:
        """How often it acted; once it is removed, how often it had."""
        return self._count() if self._fired is None else self._fired

    def remove(self) -> None:
        """Let things go right again; a second time does nothing."""
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
    """Switches faults on. Each acts at once, and ends with its ``with`` block if it has one.

    ``method`` and ``path`` say which requests; the path is exact, or ends in ``*``. ``nth`` is one of them, ``times``
    how many of them from the first, and ``probability`` a share; by default it acts on all.

    Args:
        emulator: The environment.
    """

    def __init__(self, emulator: EmulatorHandle) -> None:
        self._emulator = emulator
        self._made: list[ActiveFault] = []

    def add(
        self,
        action: Mapping[str, JsonValue],
        *,
        stage: str = "accept",
        method: str | None = None,
        path: str | None = None,
        nth: int | None = None,
        times: int | None = None,
        probability: float | None = None,
    ) -> ActiveFault:
        """Add any fault that the emulator has.

        Args:
            action: What happens, as ``{"type": "truncate", "bytes": 40}``.
            stage: When: ``accept``, ``before_commit``, ``after_commit``, ``in_headers``, ``in_body`` or ``idle``.
            method: To requests of this method.
            path: To requests of this path.
            nth: To this one of them, from 1.
            times: To so many of them.
            probability: To this share of them, 0 to 1.

        Raises:
            ValueError: Something is unknown or out of range.
        """
        match: dict[str, JsonValue] = {
            "method": method,
            "path": path,
            "nth": nth,
            "times": times,
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
        """Answer with a status before anything is done.

        Args:
            status: The status.
            body: The body; by default one as the service has it for the status.
            headers: More headers.
            method: To requests of this method.
            path: To requests of this path.
            times: To so many of them.

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
        reset_in: float = 1.0,
        with_header: bool = True,
        method: str | None = None,
        path: str | None = None,
        times: int | None = None,
    ) -> ActiveFault:
        """Answer with 429.

        Args:
            reset_in: Seconds after which to come again.
            with_header: Whether the answer says so.
            method: To requests of this method.
            path: To requests of this path.
            times: To so many of them.

        Raises:
            ValueError: Something is out of range.
        """
        action: dict[str, JsonValue] = {"type": "rate_limit", "reset_in": reset_in, "with_header": with_header}
        return self.add(action, method=method, path=path, times=times)

    def delay(
        self, seconds: float, *, method: str | None = None, path: str | None = None, times: int | None = None
    ) -> ActiveFault:
        """Wait before anything is done; when the client gives up meanwhile, nothing is.

        Args:
            seconds: How long, in real seconds.
            method: With requests of this method.
            path: With requests of this path.
            times: With so many of them.

        Raises:
            ValueError: Something is out of range.
        """
        return self.add({"type": "delay", "seconds": seconds}, method=method, path=path, times=times)

    def outage(self, *, method: str | None = None, path: str | None = None, times: int | None = None) -> ActiveFault:
        """Reset connections before anything is done.

        Args:
            method: Of requests of this method.
            path: Of requests of this path.
            times: Of so many of them.

        Raises:
            ValueError: Something is out of range.
        """
        return self.add({"type": "reset"}, method=method, path=path, times=times)

    def lost_answer(
        self, *, method: str | None = "POST", path: str | None = "/tenants/*", times: int | None = 1
    ) -> ActiveFault:
        """Make the change and lose the answer: by default that of the next creation or other ``POST`` about tenants.

        Args:
            method: Of requests of this method.
            path: Of requests of this path.
            times: Of so many of them.

        Raises:
            ValueError: Something is out of range.
        """
        return self.add({"type": "reset"}, stage="after_commit", method=method, path=path, times=times)

    def clear(self) -> None:
        """Remove all faults of the environment."""
        while self._made:
            self._made.pop().remove()  # and each knows how often it had acted
        self._emulator.delete_faults()
