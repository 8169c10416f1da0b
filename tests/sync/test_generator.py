"""The generator of the blocking package: what it does with what it knows, and what it says to what it does not."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Final

import attrs
import pytest

pytestmark = pytest.mark.process

_ROOT: Final = Path(__file__).parent.parent.parent
_TOOL: Final = _ROOT / "tools" / "generate_sync.py"
_MARK: Final = '    __slots__ = ("_caller",)\n'
_TENANTS: Final = Path("frontegg_async") / "resources" / "tenants.py"


@attrs.frozen
class Project:
    """A copy of what the generator reads and writes."""

    root: Path

    def run(self, *arguments: str, python: str = sys.executable) -> tuple[int, str]:
        """Run the generator; return its exit status and what it says."""
        command = [python, str(_TOOL), "--root", str(self.root), *arguments]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        assert done.stdout == ""
        return done.returncode, done.stderr

    def add(self, code: str, *, path: Path = _TENANTS, after: str = _MARK) -> int:
        """Put code into a module; return its first line."""
        file = self.root / path
        before, mark, rest = file.read_text(encoding="utf-8").partition(after)
        assert mark
        file.write_text(f"{before}{mark}\n{code}\n{rest}", encoding="utf-8")
        return before.count("\n") + mark.count("\n") + 2

    def text(self, path: str) -> str:
        """Return a file."""
        return (self.root / path).read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Both packages, as they are."""
    for name in ("frontegg_async", "frontegg_sync"):
        shutil.copytree(_ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "emulator"))
    shutil.copy(_ROOT / "pyproject.toml", tmp_path)
    return Project(tmp_path)


@pytest.fixture
def generator(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The generator as a module."""
    monkeypatch.syspath_prepend(str(_TOOL.parent))
    return importlib.import_module("sync_generator.package")


def test_what_is_checked_in_is_what_is_generated() -> None:
    """With the Python that runs the tests."""
    assert Project(_ROOT).run("--check") == (0, "")


@pytest.mark.skipif(shutil.which("python3.13") is None, reason="there is no Python 3.13 here")
def test_every_python_generates_the_same() -> None:
    """The tool itself needs nothing but the standard library."""
    python = shutil.which("python3.13")
    assert python is not None

    assert Project(_ROOT).run("--check", python=python) == (0, "")


def test_it_writes_what_is_missing_and_removes_what_is_left_over(project: Project) -> None:
    """And says first, in a check, what that would be."""
    (project.root / "frontegg_sync" / "client.py").unlink()
    tenants = project.root / "frontegg_sync" / "resources" / "tenants.py"
    leftover = tenants.with_name("groups.py")
    shutil.copy(tenants, leftover)
    tenants.write_text(tenants.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")

    status, said = project.run("--check")
    assert status == 1
    assert "frontegg_sync/client.py: is missing" in said
    assert "frontegg_sync/resources/tenants.py: differs" in said
    assert "frontegg_sync/resources/groups.py: was generated from a module that is gone" in said
    assert project.run() == (0, "")
    assert project.run("--check") == (0, "")
    assert not leftover.exists()
    assert project.text("frontegg_sync/client.py") == (_ROOT / "frontegg_sync" / "client.py").read_text(
        encoding="utf-8"
    )


def test_it_does_not_overwrite_what_was_written_by_hand(project: Project) -> None:
    """The header tells the two apart."""
    (project.root / "frontegg_sync" / "client.py").write_text('"""By hand."""\n', encoding="utf-8")

    assert project.run() == (1, "generate_sync: frontegg_sync/client.py:1: was written by hand and is in the way\n")


_DOC: Final = '        """Do something."""\n'


@pytest.mark.parametrize(
    ("code", "line", "message"),
    [
        (f"    async def each(self) -> AsyncIterator[str]:\n{_DOC}", 0, "AsyncIterator, which cannot be twinned"),
        (f"    async def each(self) -> str:\n{_DOC}        yield 1\n", 2, "each is a generator"),
        (f"    async def each(self, **fields: str) -> str:\n{_DOC}", 0, "open-ended keyword arguments"),
        (f"    async def each(self):\n{_DOC}", 0, "each does not say what it returns"),
        ("    async def each(self) -> str:\n        return 'x'\n", 0, "a docstring is missing"),
        ('    async def each(self) -> str:\n        """Await it."""\n', 1, "would say 'Await'"),
        (f"    async def each(self) -> tuple[AsyncPages[Tenant], int]:\n{_DOC}", 0, "whose inner part has a twin"),
        (f"    async def each(self, of: AsyncTenants) -> str:\n{_DOC}", 0, "which only the async package has"),
        (f"    @staticmethod\n    def each() -> str:\n{_DOC}", 0, "a decorator that is not understood"),
        (f"    @property\n    async def each(self) -> str:\n{_DOC}", 1, "each is a property and async"),
        (f"    async def __aiter__(self) -> str:\n{_DOC}", 0, "__aiter__ has no rule"),
        ("    def __repr__(self) -> str:\n        return self._caller.name\n", 1, "__repr__ looks at _caller"),
        ("    limit = 100\n", 0, "a statement in its body that is not understood"),
        ("    limit: int\n", 0, "is no resource with a twin"),
        ("    more: AsyncTenants\n\n    other = 1\n", 0, "more has no docstring"),
    ],
)
def test_what_it_does_not_understand_is_an_error(project: Project, code: str, line: int, message: str) -> None:
    """With the file and the line."""
    first = project.add(code)
    status, said = project.run("--check")

    assert status == 1
    assert said.startswith(f"generate_sync: {_TENANTS.as_posix()}:{first + line}: ")
    assert message in said


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("class AsyncGroups:\n    pass\n", "AsyncGroups has no name for its blocking twin"),
        ("def helper() -> None:\n    pass\n", "helper is a public function"),
        ("for number in range(3):\n    pass\n", "a statement of the module is not understood"),
    ],
)
def test_a_module_that_it_does_not_understand_is_an_error(project: Project, code: str, message: str) -> None:
    """Also outside of classes."""
    first = project.add(code, after="from frontegg_async._core.call.caller import Caller\n")

    assert project.run("--check") == (1, f"generate_sync: {_TENANTS.as_posix()}:{first}: {message}" + _rest(message))


def _rest(message: str) -> str:
    ends = {"AsyncGroups": "; add it to NAMES\n", "helper": " beside a class that has a twin\n"}
    return ends.get(message.split(maxsplit=1)[0], "\n")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("print('loaded')\n", "a statement of the package's front is not understood"),
        ("LIMIT = 1\n", "the value of LIMIT in a package's front is not understood"),
        ("from frontegg_async.pages import AsyncPages, Listing\n", "imported together with what has none"),
    ],
)
def test_a_front_that_it_does_not_understand_is_an_error(project: Project, code: str, message: str) -> None:
    """What a package exports is known, or is an error."""
    path = Path("frontegg_async") / "__init__.py"
    first = project.add(code, path=path, after="from typing import TYPE_CHECKING, Final\n")
    status, said = project.run("--check")

    assert status == 1
    assert said.startswith(f"generate_sync: {path.as_posix()}:{first}: ")
    assert message in said


def test_a_rule_that_nothing_uses_is_an_error(project: Project, generator: ModuleType) -> None:
    """A table with dead entries hides the next mistake."""
    rules = importlib.import_module("sync_generator.rules")
    for unused in (
        rules.Rules(names={**rules.NAMES, "AsyncNothing": "Nothing"}),
        rules.Rules(wording=(*rules.WORDING, ("no such words", ""))),
    ):
        with pytest.raises(rules.GeneratorError, match=r"nothing uses the rule '(AsyncNothing|no such words)'"):
            generator.generate(project.root, unused)


def test_every_form_of_method_has_its_twin(project: Project, generator: ModuleType) -> None:
    """Those of resources to come among them."""
    rules = importlib.import_module("sync_generator.rules")
    project.add(
        '''
    parts: AsyncParts
    """The parts."""

    async def several(self, *tenant_ids: str, depth: int = 1) -> tuple[Tenant, dict[str, list[Tenant]]]:
        """Return several."""

    async def search(self, text: str) -> AsyncPages[Tenant]:
        """Search."""

    @property
    def inner(self) -> AsyncParts:
        """The parts, again."""

    async def refresh(self) -> None:
        """Refresh."""

    async def owner(self) -> AsyncFrontegg:
        """The client."""

    async def enter(self, token: str, *, secret: str | None = None) -> None:
        """Enter."""


class AsyncParts:
    """The parts of tenants."""

    def count(self, *, limit: "int" = LIMIT) -> int:
        """Count them; `AsyncParts` know."""


class Rest:
    __slots__ = ()

LIMIT = 3


class _Rest:
'''
    )
    text = generator.generate(project.root, rules.Rules(names={**rules.NAMES, "AsyncParts": "Parts"}))[
        "frontegg_sync/resources/tenants.py"
    ]

    for line in (
        '    __slots__ = ("_async", "_bridge", "parts")',
        "        self.parts = Parts(resource.parts, bridge)",
        "    def several(self, *tenant_ids: str, depth: int = 1) -> tuple[Tenant, dict[str, list[Tenant]]]:",
        "        return self._bridge.call(lambda: self._async.several(*tenant_ids, depth=depth))",
        "    def search(self, text: str) -> Pages[Tenant]:",
        "        return Pages(self._bridge.call(lambda: self._async.search(text)), self._bridge)",
        "        return Parts(self._async.inner, self._bridge)",
        "        self._bridge.call(self._async.refresh)",
        "        wrap = Frontegg._wrap  # noqa: SLF001 - of a twin  # pyright: ignore[reportPrivateUsage]",
        "        return wrap(self._bridge.call(self._async.owner), self._bridge.share())",
        "        hidden_token = Hidden(token)",
        "        del token, secret",
        "        self._bridge.call(lambda: self._async.enter(hidden_token.reveal(), secret=hidden_secret.reveal()))",
        "class Parts:",
        '        """Count them; `Parts` know."""',
        "        return self._async.count(limit=limit)",
        "from frontegg_async.resources.tenants import LIMIT, AsyncParts, AsyncTenants",
        "from frontegg_sync.client import Frontegg",
    ):
        assert line in text.splitlines(), line
    assert "Rest" not in text


def test_a_client_that_works_with_another(project: Project) -> None:
    """It goes into the loop of that one; a class of the same name is called otherwise inside its twin."""
    text = project.text("frontegg_sync/verification/token_verifier.py")
    for line in (
        "from frontegg_async.verification.token_verifier import TokenVerifier as AsyncTokenVerifier",
        "        client: Frontegg | None = None,",
        "        runner: Runner | None = None,",
        '        inner = None if client is None else unwrap(client, Frontegg, "client")',
        "        made = AsyncTokenVerifier(",
        "            client=inner,",
        "        self._assemble(made, beside(client, made, runner))",
        "    def _assemble(self, client: AsyncTokenVerifier, bridge: Bridge) -> None:",
    ):
        assert line in text.splitlines(), line
    text = project.text("frontegg_sync/verification/access_token_verifier.py")
    assert "runner" not in text
    for line in (
        "        client: Frontegg,",
        '        inner = unwrap(client, Frontegg, "client")',
        "        made = AsyncAccessTokenVerifier(",
        "            inner,",
        "        self._assemble(made, beside(client, made, None))",
    ):
        assert line in text.splitlines(), line


def test_the_mark_of_a_module_with_a_long_name_fits_its_lines(project: Project) -> None:
    """The linter sees generated files like any other, and a leftover is still known by its first line."""
    name = f"{'very_' * 4}long"
    shutil.copy(project.root / _TENANTS, project.root / _TENANTS.with_name(f"{name}.py"))
    (project.root / _TENANTS).unlink()
    for path in ("client.py", "resources/__init__.py", "__init__.py"):
        file = project.root / "frontegg_async" / path
        file.write_text(file.read_text(encoding="utf-8").replace("resources.tenants ", f"resources.{name} "), "utf-8")

    assert project.run() == (0, "")
    lines = project.text(f"frontegg_sync/resources/{name}.py").split("\n")
    assert lines[0].startswith("# Generated by tools/generate_sync.py")
    assert lines[1] == "# change that, and generate again."
    assert max(map(len, lines)) <= 120
