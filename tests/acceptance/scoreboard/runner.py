"""Runs each row in a process of its own: some in parallel, then one by one those that must run alone."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.acceptance.scoreboard.report import RowReport
from tests.acceptance.scoreboard.row import TAIL, Finding, Row, Setting

_ROOT: Final = Path(__file__).resolve().parents[3]
_ROWS: Final = f"{__package__}.rows."

_AT_ONCE: Final = 3
"""One more than the cores that are counted on: some rows wait more than they work."""

_AT_ONCE_IN_FULL: Final = 2
"""As many as the cores: long forms have less time to spare, and some start workers of their own."""


class Runner:
    """Starts rows when it is entered, and ends the running ones when it is left.

    Args:
        rows: What to run.
        setting: What to measure them with.
    """

    def __init__(self, rows: Sequence[Row], setting: Setting) -> None:
        self.setting: Final = setting
        self._rows = rows
        self._beside = ThreadPoolExecutor(_AT_ONCE_IN_FULL if setting.full else _AT_ONCE)
        self._alone = ThreadPoolExecutor(1)
        self._reports: dict[int, Future[RowReport]] = {}
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._is_closed = False

    def __enter__(self) -> Self:
        for row in in_order_of_start(self._rows):
            if not row.alone:
                self._reports[row.number] = self._beside.submit(self._run, row)
        self._alone.submit(self._beside.shutdown)  # which waits until all of them have ended
        for row in self._rows:
            if row.alone:
                self._reports[row.number] = self._alone.submit(self._run, row)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pools = (self._alone, self._beside)
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._is_closed = True
            for process in self._running:
                _kill(process)
        for pool in pools:
            pool.shutdown()

    def report(self, row: Row) -> RowReport:
        """Wait until a row was run, and return what it found."""
        return self._reports[row.number].result()

    def _run(self, row: Row) -> RowReport:
        started = time.monotonic()
        try:
            finding = self._measure(row)
        except Exception:  # noqa: BLE001 - without a finding, the report would not say why the row failed
            finding = _failed("it could not be run", traceback.format_exc())
        return RowReport(row=row, finding=finding, seconds=time.monotonic() - started)

    def _measure(self, row: Row) -> Finding:
        module = row.measure.__module__.removeprefix(_ROWS)
        argv = [sys.executable, "-m", "tests.acceptance.scoreboard", module, str(row.number)]
        time_limit = row.time_limit_of(self.setting)
        with self._lock:
            if self._is_closed:
                raise RuntimeError("the run was ended")
            process = subprocess.Popen(
                [*argv, f"--seed={self.setting.seed}", *(["--full"] if self.setting.full else [])],
                cwd=_ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="backslashreplace",
                start_new_session=True,
            )
            self._running.add(process)
        with process:
            try:
                output, _ = process.communicate(timeout=time_limit)
            except subprocess.TimeoutExpired:
                _kill(process)
                output, _ = process.communicate()
                return _failed(f"it took longer than {time_limit:.0f} s and was ended", output)
            finally:
                with self._lock:
                    self._running.discard(process)
        return _read(output) if process.returncode == 0 else _failed(f"status {process.returncode}", output)


def in_order_of_start(rows: Sequence[Row]) -> list[Row]:
    """Return rows in the order in which they are begun: the longest first, and last those that run alone."""
    return sorted(rows, key=lambda row: (row.alone, not row.early, row.number))


def _kill(process: subprocess.Popen[str]) -> None:
    """Kill a row with the processes that it started, which have its pipe as well."""
    with contextlib.suppress(ProcessLookupError):  # it ended at this moment
        os.killpg(process.pid, signal.SIGKILL)


def _read(output: str) -> Finding:
    *_, last = output.splitlines() or [""]
    try:
        found = json.loads(last)
        return Finding(figure=found["figure"], passed=found["passed"], details=tuple(found["details"]))
    except (ValueError, KeyError, TypeError):
        return _failed("it printed no finding", output)


def _failed(figure: str, output: str) -> Finding:
    return Finding(figure=figure, passed=False, details=tuple(output.splitlines()[-TAIL:]))
