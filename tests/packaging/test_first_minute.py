"""The first screen of the README works as it stands, in an empty directory with nothing but Python."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.docs.markdown import blocks

ROOT: Final = Path(__file__).resolve().parents[2]


_FROM_INDEX: Final = re.compile(r"Once a version is released, the second line is `(pip install [^`]+)`")


@pytest.mark.skipif(sys.platform == "win32", reason="the lines are those of a shell")
@pytest.mark.acceptance
@pytest.mark.parametrize("source", ["index", "checkout"])
def test_the_first_screen_of_the_readme(source: str, tmp_path: Path) -> None:
    """Its lines install the SDK and start an emulator, and with what that prints the first program runs."""
    shown = blocks(ROOT / "README.md")
    console, program, printed = shown[0], shown[2], shown[3]
    assert [console.language, program.language, printed.language] == ["console", "python", "text"]
    lines = [line.removeprefix("$ ") for line in console.text.splitlines()]
    wheels = tmp_path / "wheels"
    if source == "checkout":
        lines[1] = f"(cd '{ROOT}' && {lines[1]})"
    else:
        (lines[1],) = _FROM_INDEX.findall((ROOT / "README.md").read_text(encoding="utf-8"))
        build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(wheels)]
        subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (tmp_path / "program.py").write_text(program.text, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FRONTEGG_", "COVERAGE"))}
    environment = {
        **kept,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PIP_CONSTRAINT": str(ROOT / "constraints.txt"),
        "PIP_FIND_LINKS": str(wheels),
        "PIP_QUIET": "1",
    }
    script = "\n".join(["set -e", *lines[:-1], f"exec {lines[-1]}"])
    with subprocess.Popen(
        ["sh", "-c", script],
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as emulator:
        assert emulator.stderr is not None
        said = ""
        for line in emulator.stderr:
            said += line
            if line.startswith("Ctrl-C"):
                break
        try:
            exports = re.findall(r"^export .*$", said, re.MULTILINE)
            assert len(exports) == len(shown[1].text.splitlines()) == 3, said
            second = "\n".join([". .venv/bin/activate", *exports, "python -W error program.py"])
            run = subprocess.run(
                ["sh", "-c", second], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
            )
        finally:
            emulator.send_signal(signal.SIGTERM)
    assert (run.stdout, run.stderr) == (printed.text, "")
    assert emulator.returncode == 0
