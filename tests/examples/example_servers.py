"""Start examples that serve as a user would, each with its own emulator."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs

ROOT: Final = Path(__file__).resolve().parents[2]


@attrs.frozen
class RunningExample:
    """The URL of a running example, and the token that it prints."""

    url: str
    token: str


@contextlib.contextmanager
def run_example_server(name: str, **variables: str) -> Iterator[RunningExample]:
    """Run an example until the end of the block and stop it with Ctrl-C; it must write nothing to stderr.

    Args:
        name: The folder of the example.
        variables: Additional environment variables.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FRONTEGG_")}
    with subprocess.Popen(
        [sys.executable, "-W", "error", str(ROOT / "examples" / name), "--port", "0"],
        env={**inherited, "PYTHONIOENCODING": "utf-8", **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            said = ""
            for line in process.stdout:
                said += line
                if line.startswith("Ctrl-C"):
                    break
            url = re.search(r"http://127\.0\.0\.1:\d+", said)
            token = re.search(r"^TOKEN=(.*)$", said, re.MULTILINE)
            assert url is not None, process.stderr.read()
            assert token is not None
            yield RunningExample(url[0], token[1])
        finally:
            process.send_signal(signal.SIGINT)
        assert process.stderr.read() == ""
