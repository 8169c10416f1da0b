"""Known advisories, offline: no floor of the package is below a good version, nor is one installed."""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
ADVISORIES: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("advisories.toml").read_text(encoding="utf-8")
)["advisory"]


def floor_of(requirement: Requirement) -> Version:
    """Return the oldest version that a requirement allows."""
    (floor,) = (each.version for each in requirement.specifier if each.operator == ">=")
    return Version(floor)


def _requirements() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    texts = [*project["dependencies"], *(text for extra in project["optional-dependencies"].values() for text in extra)]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("advisory", ADVISORIES, ids=lambda advisory: advisory["package"])
def test_floors_are_above_advisories(advisory: dict[str, Any]) -> None:
    """Each requirement of the package that an advisory is about has a floor at the first good version or above it."""
    about = [each for each in _requirements() if canonicalize_name(each.name) == advisory["package"]]
    assert about
    for requirement in about:
        assert floor_of(requirement) >= Version(advisory["fixed"]), advisory["ids"]


@pytest.mark.parametrize("advisory", ADVISORIES, ids=lambda advisory: advisory["package"])
def test_nothing_installed_has_an_advisory(advisory: dict[str, Any]) -> None:
    """What these tests run on is good as well."""
    assert Version(metadata.version(advisory["package"])) >= Version(advisory["fixed"]), advisory["ids"]


def test_every_requirement_has_a_floor() -> None:
    """Without one, any old version would do."""
    assert all(floor_of(requirement) for requirement in _requirements())
