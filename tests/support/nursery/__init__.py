"""Programs that tests run: started anew, or forked by a nursery, which takes a fifth of the time."""

from __future__ import annotations

import atexit
import functools
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

_STAND_IN: Final = Path(__file__).with_name("stand_in.py")
ROOT: Final = Path(__file__).parent.parent.parent.parent
STARTED: Final = (sys.executable, "-W", "error", "-m", "frontegg_async")
"""The command line in a Python of its own, for tests about its start, and for variables that are read there."""

_IMPORTED: Final = {
    "frontegg_async": (
        "frontegg_async._core.auth.environment_session",
        "frontegg_async.bulk.jobs",
        "frontegg_async.catalogue.environment.client",
        "frontegg_async.catalogue.environment.tenants",
        "frontegg_async.catalogue.models",
        "frontegg_async.cli.commands.api",
        "frontegg_async.cli.commands.apply",
        "frontegg_async.cli.commands.bulk",
        "frontegg_async.cli.commands.exports",
        "frontegg_async.cli.commands.plans",
        "frontegg_async.cli.commands.profiles",
        "frontegg_async.cli.commands.tenants",
        "frontegg_async.cli.commands.webhooks",
        "frontegg_async.cli.subtree_deletion",
        "frontegg_async.client",
        "frontegg_async.models.snapshots",
        "frontegg_async.plans.applying",
        "frontegg_async.plans.planning",
        "frontegg_async.resources.environment",
        "frontegg_async.snapshots.export",
        "importlib.metadata",
        "rich.progress",
        "rich.table",
        "yaml",
    ),
    "frontegg_async.emulator": (
        "frontegg_async._core.runtime.argument_parser",
        "frontegg_async._core.runtime.replaced_file",
        "frontegg_async.emulator.embedded",
        "frontegg_async.emulator.world.demo_data",
        "frontegg_async.emulator.world.sqlite_store",
        "frontegg_async.endpoints.all_operations",
        "jwt",
    ),
    "pytest": ("pytest",),
    "tests.integrations.redis.worker": (
        "frontegg_async._core.auth.environment_session",
        "frontegg_async.client",
        "frontegg_async.integrations.redis",
        "frontegg_async.resources.environment",
    ),
}
"""What runs of a module import sooner or later."""


def forked(module: str = "frontegg_async") -> tuple[str, ...]:
    """Return the command that runs a module as a program that a nursery forks; arguments follow.

    Args:
        module: The module, as in ``python -W error -m MODULE``.
    """
    if os.name != "posix":
        return (sys.executable, "-W", "error", "-m", module)
    return (sys.executable, "-I", "-S", str(_STAND_IN), _nursery(module))


@functools.cache
def _nursery(module: str) -> str:
    """Start the nursery of a module, which ends with this process; return its address."""
    folder = tempfile.TemporaryDirectory(prefix="nursery")
    address = f"{folder.name}/socket"
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "tests.support.nursery",
        address,
        module,
        *_IMPORTED.get(module, ()),
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def end() -> None:
        with folder, process:
            process.communicate()

    atexit.register(end)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return address
