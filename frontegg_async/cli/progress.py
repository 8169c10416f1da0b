"""Progress on standard error: a bar on a terminal, JSON Lines for programs, or nothing."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Literal, Self, TypeAlias

from frontegg_async._formats.terminal import console_of, is_terminal
from frontegg_async.cli import streams

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

ProgressMode: TypeAlias = Literal["auto", "none", "jsonl"]
"""The formats of progress. ``auto`` is a bar if standard error is a terminal, and otherwise nothing."""

_EVERY: Final = 0.5
"""Seconds between two lines for programs."""
_REFRESH: Final = 0.1
"""Seconds between two updates of the bar."""
_NARROW: Final = 72
"""The width in columns below which a terminal shows only the bar and the counts."""
_PROBLEMS: Final = ("failed", "unknown", "skipped", "stale")


class Progress:
    """A context manager that shows the progress of one command.

    Args:
        mode: The format.
        what: The plural noun for the counted items, such as ``accounts``.
        clock: A monotonic clock, in seconds.
    """

    def __init__(self, mode: ProgressMode, what: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._lines = mode == "jsonl"
        self._shows = mode == "auto" and is_terminal(sys.stderr)
        self._what = what
        self._clock = clock
        self._next = 0.0
        self._last: dict[str, object] | None = None
        self._bar: Bar | None = None
        self._parts: list[tuple[int, int]] = []
        self._stream = streams.progress_stream()
        self.done: int = 0
        """The number of finished items."""

    def __enter__(self) -> Self:
        if self._shows:
            from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415 - only terminals need it

            console = console_of(self._stream)
            narrow = console.width < _NARROW
            bar = BarColumn(None if narrow else 40, complete_style="cyan", finished_style="green")
            counts = (TextColumn("{task.fields[count]}"), TextColumn("{task.fields[note]}"))
            columns = (bar, *counts) if narrow else (self._what, bar, *counts, TimeRemainingColumn())
            self._bar = Progress(*columns, console=console, transient=True, expand=narrow, auto_refresh=False)
            self._bar.add_task(self._what, total=None, count="", note="")
            self._bar.start()
        return self

    def update(self, done: int, total: int | None = None, more: Mapping[str, object] | None = None) -> None:
        """Show the progress.

        Args:
            done: The number of finished items.
            total: The number of all items, if known.
            more: Further JSON values for programs, such as ``{"failed": 3}``. Of these values, a bar shows
                the rate and the counts that `_PROBLEMS` names.
        """
        self.done = done
        if self._bar is not None:
            count = f"{done:,}" if total is None else f"{done:,}/{total:,}"
            self._bar.update(self._bar.task_ids[0], completed=done, total=total, count=count, note=_note(more or {}))
            if self._is_due(_REFRESH) and not streams.messages_are_behind():
                self._bar.refresh()
        elif self._lines:
            self._last = {"event": "progress", "what": self._what, "done": done, "total": total, **(more or {})}
            if self._is_due(_EVERY):
                self._line()

    def part(self) -> Callable[[int, int], None]:
        """Return a function that updates one of several parts. The progress shows the sum of all parts."""
        number = len(self._parts)
        self._parts.append((0, 0))

        def update(done: int, total: int) -> None:
            self._parts[number] = done, total
            self.update(sum(done for done, _ in self._parts), sum(total for _, total in self._parts))

        return update

    def _is_due(self, seconds: float) -> bool:
        now = self._clock()
        if now < self._next:
            return False
        self._next = now + seconds
        return True

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
            streams.settle_messages()
        self._line(is_last=True)

    def _line(self, *, is_last: bool = False) -> None:
        if self._last is not None:
            if is_last or not streams.messages_are_behind():
                with suppress(OSError, ValueError):  # a closed stream is no error
                    self._stream.write(json.dumps(self._last) + "\n")
                    self._stream.flush()
            self._last = None


def _note(more: Mapping[str, object]) -> str:
    """Return the problems and the rate, for people."""
    notes = [f"{count:,} {name}" for name in _PROBLEMS if isinstance(count := more.get(name), int) and count]
    if isinstance(rate := more.get("rate"), float):
        notes.append(f"{rate:,.0f}/s")
    return ", ".join(notes)
