"""`ProgressBar`: shows the progress of a bulk job in notebooks, on terminals and in logs."""

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
    """Shows the progress of a job: pass ``on_progress=ProgressBar()``.

    A notebook shows a bar, from ipywidgets if that package is installed. A terminal shows one line, which is updated.
    Any other output gets a line for each tenth of the job. Use a new object for each run.

    Args:
        file: The output for lines; the standard error output by default.
    """

    def __init__(self, file: TextIO | None = None) -> None:
        self._file = sys.stderr if file is None else file
        self._show: Callable[[BulkProgress], None] | None = None
        self._tenths = -1

    def __call__(self, progress: BulkProgress) -> None:
        """Show the progress of the job.

        Args:
            progress: The progress.
        """
        if self._show is None:
            self._show = _notebook_bar(progress) or (self._on_terminal if self._file.isatty() else self._in_log)
        with contextlib.suppress(OSError, ValueError):  # a closed output must not stop the job
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
    """Show a bar in a notebook, and return the function that updates the bar; ``None`` outside of notebooks."""
    python = sys.modules.get("IPython")
    if python is None or not hasattr(python.get_ipython(), "kernel"):
        return None
    # Import by name, since these packages are no dependencies and may have no types.
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
