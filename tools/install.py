"""Install this project and dependency groups into the environment of this Python.

Usage: ``python tools/install.py GROUP...``. The project is installed editable, with the emulator. All versions come
from ``constraints.txt``. The tool does nothing if the environment already has the groups.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
RECORD: Final = Path(sys.prefix) / ".installed"
"""The record of the environment: the state of the last installation, then a line for each group."""

_PIP: Final = ("pip", "--quiet", "--no-input", "--disable-pip-version-check", "install", "--progress-bar", "off")
_CONSTRAINTS: Final = ("--constraint", "constraints.txt")


def state() -> str:
    """Return a text that changes when the requirements change, or the checkout moves."""
    files = b"".join((ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt"))
    return f"{ROOT} {hashlib.sha256(files).hexdigest()}"


def closure(wanted: Iterable[str], groups: dict[str, list[Any]]) -> Iterator[str]:
    """Yield the groups, and the groups that they include.

    Raises:
        KeyError: A group does not exist.
    """
    for name in wanted:
        yield name
        yield from closure((each["include-group"] for each in groups[name] if isinstance(each, dict)), groups)


def recorded() -> list[str]:
    """Return the installed groups; none if the requirements have changed since the installation."""
    try:
        found, *names = RECORD.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []
    return names if found == state() else []


def install(wanted: Sequence[str]) -> bool:
    """Install the project and groups; return whether the installation succeeded."""

    def run(*arguments: str) -> bool:
        return subprocess.run((sys.executable, "-m", *arguments), cwd=ROOT, check=False).returncode == 0

    what = ["--editable", ".[emulator]"]
    what += [argument for name in wanted for argument in ("--group", name)]
    pip = (*_PIP, "--no-compile", *_CONSTRAINTS)
    # Try uv first: it takes a sixth of the time. But it has no wheel for some platforms, and ignores pip's settings.
    uv = ("uv", "--quiet", "pip", "install", "--python", sys.executable, *_CONSTRAINTS)
    if run(*pip, "uv") and run(*uv, *what):
        return True
    print(f"{sys.prefix}: uv could not install the packages; trying pip ...", flush=True)
    return run(*pip, "--upgrade", "pip") and run(*pip, *what)


def main(wanted: Sequence[str]) -> int:
    """Install the missing groups; return 1 if the installation failed."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    if not wanted or not set(wanted) <= set(groups):
        print(f"Usage: python tools/install.py GROUP...; the groups are {', '.join(groups)}", file=sys.stderr)
        return 2
    if sys.prefix == sys.base_prefix:
        print(
            "tools/install.py installs only into a virtual environment: run it with the Python of that environment",
            file=sys.stderr,
        )
        return 2
    present = recorded()
    if set(closure(wanted, groups)) <= set(closure(present, groups)):
        return 0
    RECORD.unlink(missing_ok=True)
    version = ".".join(map(str, sys.version_info[:3]))
    print(f"{sys.prefix}: installing {', '.join(wanted)} with Python {version} ...", flush=True)
    if not install(wanted):
        print(f"{sys.prefix}: pip could not install the packages of {', '.join(wanted)}", file=sys.stderr)
        return 1
    RECORD.write_text("\n".join([state(), *dict.fromkeys([*present, *wanted])]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
