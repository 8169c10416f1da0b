"""``make dist``: a bill of materials that is the same each time, with what the package runs on and nothing else."""

from __future__ import annotations

import json
from importlib import metadata

import make_dist
import pytest
from packaging.utils import canonicalize_name


def test_the_bill_has_what_the_package_runs_on() -> None:
    """All that it needs is there, by version and license; what only its development needs is not."""
    bill = json.loads(make_dist.bill())
    components = {canonicalize_name(each["name"]): each for each in bill["components"]}
    assert {"aiohttp", "attrs", "cattrs", "msgspec", "anyio", "yarl", "pyjwt", "cryptography"} <= components.keys()
    assert not components.keys() & {"pytest", "ruff", "mypy", "cyclonedx-python-lib", "frontegg-async"}
    for name, component in components.items():
        assert component["version"] == metadata.version(name)
        assert component["licenses"], name
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["metadata"]["component"]["name"] == "frontegg-async"


@pytest.mark.slow
def test_the_bill_is_the_same_each_time() -> None:
    """No time and no number of its own is in it."""
    assert make_dist.bill() == make_dist.bill()


def test_the_bill_tells_what_needs_what() -> None:
    """The package needs its requirements, and these theirs."""
    dependencies = json.loads(make_dist.bill())["dependencies"]
    below = {each["ref"].partition("==")[0]: each.get("dependsOn", []) for each in dependencies}
    assert any(ref.startswith("aiohttp==") for ref in below["frontegg-async"])
    assert any(ref.startswith("multidict==") for ref in below["aiohttp"])


def test_the_time_of_the_archives_is_the_one_that_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """``SOURCE_DATE_EPOCH`` wins over the last commit."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert make_dist.epoch() == "1700000000"
