"""What is published: a wheel with both packages and nothing else, and an sdist with all that the project is made of."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path
from typing import Any, Final

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("frontegg_async", "frontegg_sync")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
_FIRST_USE: Final = "Matplotlib is building the font cache"
"""What matplotlib may say in a new environment."""


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with the wheel and the sdist, built without a network."""
    directory = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(directory)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return directory


@pytest.fixture(scope="module")
def wheel(distributions: Path) -> Path:
    """Return the wheel."""
    (found,) = distributions.glob("*.whl")
    return found


@pytest.mark.slow
def test_wheel_has_both_packages_typed_and_nothing_else(wheel: Path) -> None:
    """The wheel has every file of both packages, ``py.typed`` among them, and no tests, tools or examples."""
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    tracked = subprocess.run(
        ["git", "ls-files", "-z", *PACKAGES],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert {name.partition("/")[0] for name in names} == set(PACKAGES)
    assert {f"{package}/py.typed" for package in PACKAGES} <= names
    assert "frontegg_async/emulator/dashboard/static/index.html" in names
    if tracked.returncode == 0:  # an sdist is no git checkout
        assert names == set(tracked.stdout.decode().rstrip("\0").split("\0"))


@pytest.mark.slow
def test_wheel_tells_what_it_needs(wheel: Path) -> None:
    """The metadata has the version, the oldest Python, the license and the extras."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (entry for entry in archive.namelist() if entry.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(name).decode())
        licenses = [entry for entry in archive.namelist() if entry.endswith("/LICENSE")]
    assert metadata["Name"] == "frontegg-async"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"
    assert licenses
    assert {"emulator", "jwt"} <= set(metadata.get_all("Provides-Extra", []))
    assert metadata.get_payload().startswith("# frontegg-async")


@pytest.mark.slow
def test_sdist_has_what_the_project_is_made_of(distributions: Path) -> None:
    """The sdist has tests, tools, examples and pages beside the packages."""
    (sdist,) = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    expected = {
        "CHANGELOG.md",
        "LICENSE",
        "Makefile",
        "README.md",
        "constraints.txt",
        "docs/guide/tenants.md",
        "examples/data/accounts.csv",
        "frontegg_async/emulator/dashboard/static/index.html",
        "frontegg_async/py.typed",
        "frontegg_sync/py.typed",
        "pyproject.toml",
        "tests/conftest.py",
        "tools/generate.py",
    }
    assert expected <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith(".venv")]


_SCRATCH: Final = (
    "frontegg_async/scratch.py",
    "frontegg_sync/key.pem",
    "tests/.env",
    "tests/customers of acme.csv",
    "tests/below/deep/notes.txt",
    "docs/[draft]*.md",
    "docs/!plan.md",
    "docs/#plan.md",
    "tools/back\\slash.py",
    "tools/ends with a space ",
    "tools/gr\u00fc\u00dfe.py",
    "benchmarks/a\nb",
)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@pytest.mark.parametrize("is_checkout", [True, False], ids=["a checkout", "an sdist within one"])
def test_what_git_does_not_track_is_not_built(tmp_path: Path, is_checkout: bool) -> None:
    """Whatever its name is. An sdist that is unpacked within another checkout is built whole."""
    root = tmp_path if is_checkout else tmp_path / "sdist"
    tracked = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "frontegg_async/_version.py")
    for name in (*tracked, "frontegg_sync/py.typed"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    if is_checkout:
        subprocess.run(["git", "add", "--all"], cwd=tmp_path, check=True)
    for name in _SCRATCH:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(tmp_path / "dist")]
    run = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)

    (sdist,) = (tmp_path / "dist").glob("*.tar.gz")
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()} | {*zipfile.ZipFile(wheel).namelist()}
    assert {*tracked, "frontegg_sync/py.typed"} <= names
    assert {*_SCRATCH} & names == (set() if is_checkout else {*_SCRATCH})
    assert ("tests/.env" in run.stderr) is is_checkout


@pytest.mark.each_python
@pytest.mark.parametrize("package", PACKAGES)
def test_import_writes_nothing_and_starts_nothing(package: str) -> None:
    """Importing a package is silent, starts no thread, and does not load HTTP."""
    script = (
        f"import sys, threading, {package}; "
        "assert threading.active_count() == 1; assert 'aiohttp' not in sys.modules; "
        f"assert {package}.__version__"
    )
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", script]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


_CALL = """
import asyncio
import frontegg_async, frontegg_sync
from frontegg_async.emulator import Emulator

async def main(emulator):
    async with frontegg_async.AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url) as frontegg:
        await frontegg.tenants.create(tenant_id="acme", name="Acme")

with Emulator() as emulator:
    asyncio.run(main(emulator))
    with frontegg_sync.Frontegg(emulator.client_id, emulator.secret, base_url=emulator.url) as frontegg:
        print(frontegg.tenants.get("acme").name)
"""
"""A program that creates a tenant with one package, and reads it with the other."""


class _Environment:
    """A virtual environment that is empty at first, and programs that run in it, outside of the checkout."""

    def __init__(self, directory: Path, python: str = sys.executable) -> None:
        subprocess.run([python, "-m", "venv", str(directory)], check=True, capture_output=True)
        self._directory = directory
        self._python = directory / ("Scripts" if sys.platform == "win32" else "bin") / "python"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run its Python."""
        command = [str(self._python), *arguments]
        return subprocess.run(command, cwd=self._directory, capture_output=True, text=True, check=False)

    def install(self, *what: str) -> None:
        """Install distributions, at the versions of this project. Modules are compiled when a program imports them."""
        options = ("-q", "--disable-pip-version-check", "--no-compile", "-c", str(ROOT / "constraints.txt"))
        installed = self.run("-m", "pip", "install", *options, *what)
        assert installed.returncode == 0, installed.stderr


@pytest.mark.acceptance
@pytest.mark.parametrize("python", PYTHONS)
def test_installed_wheel_works_alone(python: str, wheel: Path, tmp_path: Path) -> None:
    """Outside of the checkout, the wheel imports and says what the emulator lacks; with its extra, it serves calls."""
    command = shutil.which(f"python{python}")
    if (
        not command
        or subprocess.run([command, "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode
    ):
        pytest.skip(f"no Python {python} with venv here")
    environment = _Environment(tmp_path / "venv", command)
    environment.install(str(wheel))
    clients = environment.run(
        "-W", "error", "-c", "from frontegg_async import AsyncFrontegg; from frontegg_sync import Frontegg"
    )
    assert (clients.returncode, clients.stderr) == (0, "")
    emulator = environment.run("-m", "frontegg_async.emulator")
    assert emulator.returncode != 0
    assert "frontegg-async[emulator]" in emulator.stderr
    assert len(emulator.stderr.splitlines()) == 1

    environment.install(f"{wheel}[emulator]")
    called = environment.run("-W", "error", "-c", _CALL)
    assert (called.returncode, called.stdout, called.stderr) == (0, "Acme\n", "")
    checked = environment.run("-m", "pip", "check")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.acceptance
def test_all_extras_resolve_together(wheel: Path) -> None:
    """One environment can have every extra, at the versions that this project installs."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    wanted = f"frontegg-async[{','.join(extras)}] @ {wheel.as_uri()}"
    constraints = ("--constraint", str(ROOT / "constraints.txt"))
    # uv takes a second instead of half a minute, but does not read the settings of pip.
    resolvers = (
        ("uv", "--quiet", "pip", "compile", "--python", sys.executable, *constraints, "-"),
        ("pip", "--disable-pip-version-check", "install", "--dry-run", "--ignore-installed", *constraints, wanted),
    )
    for resolver in resolvers:
        run = subprocess.run(
            [sys.executable, "-m", *resolver], input=wanted, capture_output=True, text=True, check=False
        )
        if run.returncode == 0:
            break
    assert run.returncode == 0, run.stderr


def _outputs(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [output for cell in notebook["cells"] for output in cell.get("outputs", [])]


def _stream(notebook: dict[str, Any], name: str) -> str:
    return "".join("".join(output["text"]) for output in _outputs(notebook) if output.get("name") == name)


def _count(notebook: dict[str, Any], kind: str) -> int:
    return sum(kind in output.get("data", {}) for output in _outputs(notebook))


@pytest.mark.early
@pytest.mark.acceptance
def test_the_notebooks_run_with_their_extra(wheel: Path, tmp_path: Path) -> None:
    """Beside what Jupyter brings, a notebook needs the extra ``notebook``; no cell warns, and each shows its result."""
    environment = _Environment(tmp_path / "venv")
    environment.install(f"{wheel}[notebook]", "ipykernel", "nbclient")
    copies = [shutil.copyfile(path, tmp_path / path.name) for path in (ROOT / "examples" / "notebooks").glob("*.ipynb")]
    run = environment.run("-m", "jupyter", "execute", "--inplace", *map(str, copies))
    assert run.returncode == 0, run.stderr
    executed = {copy.stem: json.loads(copy.read_text(encoding="utf-8")) for copy in copies}
    for notebook in executed.values():
        errors = [line for line in _stream(notebook, "stderr").splitlines() if _FIRST_USE not in line]
        assert errors == []
        assert not [output for output in _outputs(notebook) if output["output_type"] == "error"]
    pictures = {name: _count(notebook, "image/png") for name, notebook in executed.items()}
    assert pictures == {"audit": 1, "hierarchy": 3, "tour": 0}
    tables = {name: _count(notebook, "text/html") for name, notebook in executed.items()}
    assert tables == {"audit": 3, "hierarchy": 3, "tour": 3}
    assert _count(executed["audit"], "application/vnd.jupyter.widget-view+json") == 2
    assert "[503, 503, 200]" in _stream(executed["tour"], "stdout")
    assert "505 repaired, 293 for a person to look at" in _stream(executed["audit"], "stdout")
    assert "above: ['south', 'acme']" in _stream(executed["hierarchy"], "stdout")
