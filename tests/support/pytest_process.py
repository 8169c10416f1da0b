"""A process of pytest for tests that are written meanwhile."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

from tests.support.nursery import forked

_PLUGINS: Final = ("-p", "anyio", "-p", "frontegg")


def pytest_with_few_plugins(directory: Path) -> subprocess.CompletedProcess[str]:
    """Run the tests of a directory, in their order.

    Loading the plugins of this suite takes longer than the tests: only those that they use are loaded.
    """
    command = [*forked("pytest"), "-q", *_PLUGINS, "-p", "no:cacheprovider", "-W", "error", "."]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False, env=environment)
