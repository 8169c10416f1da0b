"""What an index shows of the package: its addresses, and a README whose links and pictures lead somewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from email.message import Message
from email.parser import BytesParser
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest
import yaml

import frontegg_async
import hatch_build

ROOT: Final = Path(__file__).resolve().parents[2]
REPOSITORY: Final = "https://example.com/x/frontegg-async"
TAG: Final = f"v{frontegg_async.__version__}"


def _metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (entry for entry in archive.namelist() if entry.endswith(".dist-info/METADATA"))
        return BytesParser().parsebytes(archive.read(name))


def _build(directory: Path, repository: str, source: Path = ROOT, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, hatch_build.SETTING: repository, "SOURCE_DATE_EPOCH": "1700000000"}
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(directory), *options]
    return subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module", params=["", REPOSITORY], ids=["no address", "an address"])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Return the address that was set, and the directory of the sdist and the wheel that were built with it."""
    repository: str = request.param
    directory = tmp_path_factory.mktemp("dist")
    run = _build(directory, repository)
    assert run.returncode == 0, run.stderr
    return repository, directory


def _wheel(directory: Path) -> Path:
    (found,) = directory.glob("*.whl")
    return found


class _Targets(HTMLParser):
    """Collects the targets and the ids of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.targets += [value for name in ("href", "src") if (value := given.get(name)) is not None]
        self.ids |= {value for name in ("id", "name") if (value := given.get(name)) is not None}


@pytest.mark.slow
def test_a_release_names_its_repository(built: tuple[str, Path]) -> None:
    """Its addresses lead to the files of its tag; without the address of the repository it has none."""
    repository, directory = built
    found = dict(line.split(", ") for line in _metadata(_wheel(directory)).get_all("Project-URL", []))
    assert found == (hatch_build.addresses(REPOSITORY, TAG) if repository else {})
    assert set(found) in (set(), {"Homepage", "Documentation", "Changelog", "Issues", "Source"})


@pytest.mark.slow
def test_a_release_says_who_made_it_and_where_it_runs(built: tuple[str, Path]) -> None:
    """The author, the systems, the Pythons and the frameworks are those of the documentation."""
    metadata = _metadata(_wheel(built[1]))
    classifiers = set(metadata.get_all("Classifier", []))
    assert metadata["Author"] == "the frontegg-async developers"
    assert {f"Programming Language :: Python :: 3.{minor}" for minor in range(11, 15)} <= classifiers
    assert {"Framework :: Django :: 5.2", "Framework :: FastAPI", "Operating System :: MacOS"} <= classifiers


def test_files_of_the_readme_exist() -> None:
    """What a link of the README becomes an address of, is a file or a folder of the repository."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.findall(rf"\]\({REPOSITORY}/(?:blob|raw)/{TAG}/([^)#]+)", hatch_build.absolute(text, REPOSITORY, TAG))
    assert "docs/guide/tenants.md" in found
    assert [path for path in found if not (ROOT / path).exists()] == []


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("[a](docs/a.md#b)", f"[a]({REPOSITORY}/blob/v1/docs/a.md#b)"),
        ("![a](docs/a.png)", f"![a]({REPOSITORY}/raw/v1/docs/a.png)"),
        ("[a](#b)", "[a](#b)"),
        ("[a](https://example.org/a)", "[a](https://example.org/a)"),
        ("`list[str]` (a list)", "`list[str]` (a list)"),
    ],
)
def test_links_become_absolute(written: str, published: str) -> None:
    """A file is shown, a picture is raw, and what is an address or a heading stays."""
    assert hatch_build.absolute(written, REPOSITORY, "v1") == published


@pytest.mark.parametrize("given", [REPOSITORY, f"{REPOSITORY}/", f"{REPOSITORY}.git", f" {REPOSITORY}"])
def test_addresses_may_be_written_as_people_write_them(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slash or `.git` at the end makes no difference."""
    monkeypatch.setenv(hatch_build.SETTING, given)
    assert hatch_build.repository() == REPOSITORY


@pytest.mark.parametrize("given", ["example.com/x/y", "https://example.com", "git@example.com:x/y", "https://a/b?c"])
def test_what_is_no_address_of_a_repository_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the setting and an example."""
    monkeypatch.setenv(hatch_build.SETTING, given)
    with pytest.raises(ValueError, match=r"REPOSITORY_URL must be .* https://host/owner/name, and is"):
        hatch_build.repository()


@pytest.mark.slow
def test_an_index_takes_and_shows_it(built: tuple[str, Path]) -> None:
    """Twine has no complaint, and the README as an index renders it has no link without a host, and no lost heading."""
    from readme_renderer import markdown

    repository, directory = built
    check = [sys.executable, "-m", "twine", "check", "--strict", *map(str, sorted(directory.iterdir()))]
    run = subprocess.run(check, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout

    text = _metadata(_wheel(directory)).get_payload(decode=True)
    assert isinstance(text, bytes)
    page = markdown.render(text.decode())
    assert page is not None
    shown = _Targets()
    shown.feed(page)
    relative = [target for target in shown.targets if not target.startswith(("https://", "#"))]
    assert bool(relative) == (not repository)
    assert {target[1:] for target in shown.targets if target.startswith("#")} <= shown.ids


@pytest.mark.slow
def test_the_sdist_makes_the_same_wheel(built: tuple[str, Path], tmp_path: Path) -> None:
    """Its metadata is that of the release also where the address is not set, as on a user's machine."""
    _, directory = built
    (sdist,) = directory.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    run = _build(tmp_path / "again", "", unpacked, "--target", "wheel")
    assert run.returncode == 0, run.stderr
    assert _wheel(tmp_path / "again").read_bytes() == _wheel(directory).read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="the workflow runs on Linux")
@pytest.mark.parametrize(
    ("address", "builds"),
    [(REPOSITORY, True), ("", False), ("/", False), ("https://example.com", False), ("example.com/x/y", False)],
)
def test_the_release_workflow_refuses_a_build_without_an_address(address: str, builds: bool) -> None:
    """Its step before the build fails, and says which setting is wrong."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))
    names = [step.get("name") for step in workflow["jobs"]["build"]["steps"]]
    place = names.index("Refuse to build without the address of the repository")
    refuse = workflow["jobs"]["build"]["steps"][place]["run"]
    run = subprocess.run(
        ["sh", "-ec", refuse],
        env={**os.environ, hatch_build.SETTING: address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode == 0) == builds
    assert ("REPOSITORY_URL must be" in run.stdout) != builds
    assert place < names.index("Build")
