"""Build the distributions twice, compare and check the builds, and write a bill of materials beside them.

Usage: ``python tools/make_dist.py``, in an environment that ``make`` created. The timestamps in the archives come from
``SOURCE_DATE_EPOCH``, or else from the last commit. ``hatch_build.py`` writes ``REPOSITORY_URL``, the address of the
repository, into the metadata. The tool does not use the network.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Final

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.dependency import Dependency
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).resolve().parent.parent
PROJECT: Final = "frontegg-async"
EXTRAS: Final = ("jwt", "emulator")
_FIRST_ZIP: Final = 315_532_800
"""The year 1980, the earliest that archives support."""


def epoch() -> str:
    """Return the timestamp for the archives."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return given
    found = subprocess.run(
        ["git", "log", "-1", "--format=%ct"],  # noqa: S607 - the git on the path
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip() or str(_FIRST_ZIP)


def build(directory: Path, time: str) -> dict[str, str]:
    """Build sdist and wheel; return the hash of each by name."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--directory", str(directory)],
        cwd=ROOT,
        env={**os.environ, "SOURCE_DATE_EPOCH": time},
        check=True,
        capture_output=True,
    )
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(directory.iterdir())}


def requirements(name: str, extras: tuple[str, ...] = ()) -> set[str]:
    """Return the requirements of an installed distribution that apply here, by name."""
    found: set[str] = set()
    for text in metadata.requires(name) or ():
        requirement = Requirement(text)
        environments = [{"extra": extra} for extra in (*extras, "")]
        if requirement.marker is None or any(requirement.marker.evaluate(each) for each in environments):
            found.add(canonicalize_name(requirement.name))
    return found


def runtime() -> dict[str, set[str]]:
    """Return the requirements of the package, of its extras, and of all their requirements, by name."""
    needs = {PROJECT: requirements(PROJECT, EXTRAS) - {PROJECT}}
    waiting = [*needs[PROJECT]]
    while waiting:
        name = waiting.pop()
        if name not in needs:
            # PyJWT is the only requirement with an extra.
            needs[name] = requirements(name, ("crypto",) if name == "pyjwt" else ())
            waiting += needs[name]
    return needs


_CLASSIFIER: Final = re.compile(r"License :: OSI Approved :: (.+)")
_NAMES: Final[Mapping[str, str]] = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Python Software Foundation License": "PSF-2.0",
}


def license_of(found: metadata.PackageMetadata) -> str | None:
    """Return the license of a distribution, from its metadata."""
    written = next((found[name] for name in ("License-Expression", "License") if name in found), None)
    if written and "\n" not in written:
        return written
    matches = (_CLASSIFIER.fullmatch(each) for each in found.get_all("Classifier") or ())
    return next((_NAMES.get(match[1], match[1]) for match in matches if match), None)


def _components(names: Mapping[str, object]) -> Iterator[Component]:
    licenses = LicenseFactory()
    for name in sorted(names):
        found = metadata.metadata(name)
        text = license_of(found)
        yield Component(
            name=found["Name"],
            version=found["Version"],
            type=ComponentType.LIBRARY,
            licenses=[] if text is None else [licenses.make_from_string(text)],
            purl=PackageURL("pypi", name=name, version=found["Version"]),
            bom_ref=f"{name}=={found['Version']}",
        )


def bill() -> str:
    """Return the bill of materials of the installed distributions, as reproducible CycloneDX JSON."""
    needs = runtime()
    components = dict(zip(sorted(needs), _components(needs), strict=True))
    bom = Bom(components=[each for name, each in components.items() if name != PROJECT])
    bom.metadata.component = components[PROJECT]
    for name, below in needs.items():
        bom.dependencies.add(
            Dependency(components[name].bom_ref, [Dependency(components[each].bom_ref) for each in sorted(below)])
        )
    text = JsonV1Dot6(bom).output_as_string(indent=2)
    # The library adds a serial number and a timestamp, which would differ between runs.
    text = re.sub(r'\n *"timestamp": "[^"]*",?', "", text)
    text = re.sub(r'\n *"serialNumber": "[^"]*",', "", text)
    return re.sub(r",(\n *\})", r"\1", text) + "\n"


def main() -> int:
    """Build, compare, and write everything to ``dist``."""
    time = epoch()
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        hashes, again = build(Path(first), time), build(Path(second), time)
        target = ROOT / "dist"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        for name in hashes:
            shutil.copyfile(Path(first, name), target / name)
    written = bill()
    (target / f"{PROJECT}.cdx.json").write_text(written, encoding="utf-8")
    for name, digest in hashes.items():
        print(f"{digest}  dist/{name}")
    same = hashes == again and len(hashes) == 2  # noqa: PLR2004 - sdist and wheel
    twine = [sys.executable, "-m", "twine", "check", "--strict", *(str(target / name) for name in hashes)]
    accepted = subprocess.run(twine, check=False).returncode == 0
    count = written.count('"type": "library"') - 1
    verdict = "two builds are byte for byte the same" if same else "FAILED: two builds differ"
    index = "an index accepts them" if accepted else "FAILED: an index would refuse them"
    address = os.environ.get("REPOSITORY_URL") or "without addresses, since REPOSITORY_URL is not set"
    print(
        f"make dist: {verdict} (SOURCE_DATE_EPOCH={time}); {index} ({address}); "
        f"bill of materials with {count} components"
    )
    return 0 if same and accepted else 1


if __name__ == "__main__":
    sys.exit(main())
