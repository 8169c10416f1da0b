"""Packages of npm that tests compare with, as Frontegg's own: pinned by ``package-lock.json``, installed once."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest

_HERE: Final = Path(__file__).parent
_ROOT: Final = _HERE.parents[2]
_NAMES: Final = ("package.json", "package-lock.json")
_UNREACHABLE: Final = re.compile(r"\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT)\b")


def npm_packages() -> Path:
    """Return the directory ``node_modules`` with the packages; install them below ``.nox`` first if they are not there.

    No script of a package runs. The test is skipped where there is no Node, or no network to install the packages.
    """
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("there is no Node.js with npm here, by which packages of npm run")
    digest = sha256(b"".join((_HERE / name).read_bytes() for name in _NAMES)).hexdigest()[:16]
    directory = _ROOT / ".nox" / f"npm-{digest}"
    if not directory.exists():
        _install(npm, directory)
    return directory / "node_modules"


def _install(npm: str, directory: Path) -> None:
    directory.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory.parent) as name:
        made = Path(name, "made")
        made.mkdir()
        for each in _NAMES:
            shutil.copy(_HERE / each, made)
        command = (npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        done = subprocess.run(command, cwd=made, capture_output=True, encoding="utf-8", timeout=300, check=False)
        if _UNREACHABLE.search(done.stderr):
            pytest.skip("the registry of npm cannot be reached, which has the packages")
        assert done.returncode == 0, done.stderr
        try:
            made.rename(directory)
        except OSError:
            if not directory.exists():  # else another process was faster
                raise
