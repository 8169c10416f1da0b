"""The command `frontegg mcp` as clients start it."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from frontegg_async.emulator import AsyncEmulatorHandle
from tests.support.nursery import forked


def environment(folder: Path) -> dict[str, str]:
    """Return variables with which the command ``frontegg`` is found, and has its settings in a directory.

    Args:
        folder: The directory.
    """
    program = folder / "frontegg"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(forked())} "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("FRONTEGG_")},
        "FRONTEGG_CONFIG_DIR": str(folder / "settings"),
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
    }


def credential(emulator: AsyncEmulatorHandle) -> dict[str, str]:
    """Return the variables with the credential of an emulator."""
    return {
        "FRONTEGG_BASE_URL": emulator.url,
        "FRONTEGG_CLIENT_ID": emulator.client_id,
        "FRONTEGG_SECRET_KEY": emulator.secret,
    }
