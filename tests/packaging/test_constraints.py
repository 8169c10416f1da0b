"""``constraints.txt`` pins what the project installs, to versions that ``pyproject.toml`` allows."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
_PIN = re.compile(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+(; python_version (<|>=) \"3\.[0-9]+\")?")


def _pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
        for pin in pins
        if pin.marker is None or pin.marker.evaluate()
    }


def _requirements() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [*project["dependency-groups"].values(), *project["project"]["optional-dependencies"].values()]
    texts = [text for group in groups for text in group if isinstance(text, str)]
    return [Requirement(text) for text in [*project["project"]["dependencies"], *texts]]


def test_constraints_are_plain_pins() -> None:
    """Each line is a name and an exact version, perhaps of some Pythons: no addresses, no hashes."""
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or _PIN.fullmatch(line), line


def test_what_is_required_is_pinned_to_a_version_that_is_allowed() -> None:
    """Each requirement of the package, its extras and groups has a pin, and the pin is above its floor."""
    pins = _pins()
    for requirement in _requirements():
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), requirement


def test_pip_understands_dependency_groups() -> None:
    """The pinned pip installs dependency groups, which it does from 25.1 on."""
    assert Requirement("pip>=25.1").specifier.contains(_pins()["pip"])


def test_what_installs_is_pinned() -> None:
    """It goes into the environments beside what they are for."""
    assert "uv" in _pins()
