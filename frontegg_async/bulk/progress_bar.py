"""Show how far a bulk job is: a bar in notebooks, a line on terminals and in logs."""

from __future__ import annotations

import contextlib
import importlib
import shutil
import sys
from collections.abc import Callable
from typing import Final, TextIO

from frontegg_async.bulk.progress import BulkProgress

__all__ = ["ProgressBar"]

_TENTHS: Final = 10


class ProgressBar:
    """Shows how far a job is, as ``on_progress=ProgressBar()``.

    In a notebook it is a bar, of ipywidgets if that is installed. On a terminal it is one line; elsewhere there is a
    line for each tenth of the job. Use a new one for each run.

    Args:
        file: Where lines go; the standard error output by default.
    """

    def __init__(self, file: TextIO | None = None) -> None:
        self._file = sys.stderr if file is None else file
        self._show: Callable[[BulkProgress], None] | None = None
        self._tenths = -1

    def __call__(self, progress: BulkProgress) -> None:
        """Show how far the job is.

        Args:
            progress: How far it is.
        """
        if self._show is None:
            self._show = _notebook_bar(progress) or (self._on_terminal if self._file.isatty() else self._in_log)
        with contextlib.suppress(OSError, ValueError):  # nobody reads it, which is no reason to stop a job
            self._show(progress)

    def _on_terminal(self, progress: BulkProgress) -> None:
        width = shutil.get_terminal_size().columns - 1
        end = "\n" if progress.finished == progress.total else ""
        print(f"\r{progress.line(width):<{width}}", end=end, file=self._file, flush=True)

    def _in_log(self, progress: BulkProgress) -> None:
        tenths = progress.finished * _TENTHS // max(progress.total, 1)
        if tenths > self._tenths:
            self._tenths = tenths
            print(progress, file=self._file, flush=True)


def _notebook_bar(first: BulkProgress) -> Callable[[BulkProgress], None] | None:
    """Return what updates a bar in the cell that runs; ``None`` outside of notebooks."""
    python = sys.modules.get("IPython")
    if python is None or not hasattr(python.get_ipython(), "kernel"):
        return None
    # None of these is a dependency: by name, as there may be no types of them.
    display = importlib.import_module("IPython.display").display
    try:
        widgets = importlib.import_module("ipywidgets")
    except ImportError:
        update: Callable[[BulkProgress], None] = display(first, display_id=True).update
        return update
    bar, label = widgets.IntProgress(max=first.total), widgets.Label()
    display(widgets.HBox([bar, label]))

    def show(progress: BulkProgress) -> None:
        bar.value = progress.finished
        bar.bar_style = "warning" if progress.failed or progress.unknown or progress.stale else ""
        label.value = str(progress)

    return show
