"""The generator of the blocking package: what it does with what it knows, and what it says to what it does not."""

from __future__ import annotations

import dataclasses
import importlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import attrs
import pytest

pytestmark = pytest.mark.acceptance

_ROOT: Final = Path(__file__).parent.parent.parent
_TOOL: Final = _ROOT / "tools" / "generate.py"
_MARK: Final = '    __slots__ = ("_caller",)\n'
_TENANTS: Final = Path("frontegg_async") / "resources" / "tenants.py"


@attrs.frozen
class Project:
    """A copy of what the generator reads and writes."""

    root: Path

    def run(self, *arguments: str, python: str = sys.executable) -> tuple[int, str]:
        """Run the generator; return its exit status and what it says."""
        command = [python, str(_TOOL), "--root", str(self.root), *arguments]
        # Another Python has no ruff of its own.
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
        environment = {**os.environ, "PATH": path}
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env=environment)
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
    """Both packages, as they are, without what needs a sentence for each new method."""
    ignored = shutil.ignore_patterns("__pycache__", "emulator", "catalogue")
    for name in ("frontegg_async", "frontegg_sync"):
        shutil.copytree(_ROOT / name, tmp_path / name, ignore=ignored)
    shutil.copytree(_ROOT / "docs" / "api", tmp_path / "docs" / "api")
    shutil.copy(_ROOT / "pyproject.toml", tmp_path)
    return Project(tmp_path)


@pytest.fixture
def generator(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The generator as a module."""
    monkeypatch.syspath_prepend(str(_TOOL.parent))
    return importlib.import_module("generator.package")


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
    leftover = tenants.with_name("notes.py")
    shutil.copy(tenants, leftover)
    tenants.write_text(tenants.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")

    status, said = project.run("--check")
    assert status == 1
    assert "frontegg_sync/client.py: is missing" in said
    assert "frontegg_sync/resources/tenants.py: differs" in said
    assert "frontegg_sync/resources/notes.py: was generated from a module that is gone" in said
    assert project.run() == (0, "")
    assert project.run("--check") == (0, "")
    assert not leftover.exists()
    assert project.text("frontegg_sync/client.py") == (_ROOT / "frontegg_sync" / "client.py").read_text(
        encoding="utf-8"
    )


def test_it_does_not_overwrite_what_was_written_by_hand(project: Project) -> None:
    """The header tells the two apart."""
    (project.root / "frontegg_sync" / "client.py").write_text('"""By hand."""\n', encoding="utf-8")

    assert project.run() == (1, "generate: frontegg_sync/client.py:1: was written by hand and is in the way\n")


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
    assert said.startswith(f"generate: {_TENANTS.as_posix()}:{first + line}: ")
    assert message in said


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("class AsyncNotes:\n    pass\n", "a docstring is missing"),
        ("class AsyncHierarchy:\n    pass\n", "AsyncHierarchy is in frontegg_sync.resources.hierarchy too"),
        ("def helper() -> None:\n    pass\n", "helper is a public function"),
        ("for number in range(3):\n    pass\n", "a statement of the module is not understood"),
    ],
)
def test_a_module_that_it_does_not_understand_is_an_error(project: Project, code: str, message: str) -> None:
    """Also outside of classes."""
    first = project.add(code, after="from frontegg_async._core.call.caller import Caller\n")

    assert project.run("--check") == (1, f"generate: {_TENANTS.as_posix()}:{first}: {message}" + _rest(message))


def _rest(message: str) -> str:
    ends = {"helper": " beside a class that has a twin\n"}
    return ends.get(message.split(maxsplit=1)[0], "\n")


def test_the_front_of_a_room_has_a_docstring_only(project: Project) -> None:
    """Names are exported where the declaration says."""
    path = Path("frontegg_async") / "resources" / "sso" / "__init__.py"
    (project.root / path).write_text('"""A room."""\nLIMIT = 1\n', encoding="utf-8")
    assert project.run("--check") == (
        1,
        f"generate: {path.as_posix()}:2: an __init__ of resources has a docstring and nothing else\n",
    )


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('pages = ["AsyncPages"]', 'pages = ["AsyncPages", "Sheets"]', "frontegg_async.pages has no Sheets"),
        ('pages = ["AsyncPages"]', 'sheets = ["AsyncPages"]', "there is no module frontegg_async.sheets"),
        (
            'pages = ["AsyncPages"]',
            'pages = ["AsyncPages"]\n"models.tenants" = ["UserCount"]',
            "UserCount is declared twice",
        ),
        ('"AsyncPages", "AsyncUser', '"AsyncPages", "Sheets", "AsyncUser', "Sheets of [front] has no module"),
        ('"AsyncPages", "AsyncUser', '"AsyncUser', "AsyncPages is in no namespace; name it in [front]"),
        ('["async.md"."Clients"]', '["async.md"."Customers"]', "there is no list under the heading 'Customers'"),
    ],
)
def test_a_declaration_of_what_is_not_there_is_an_error(
    project: Project, generator: ModuleType, before: str, after: str, message: str
) -> None:
    """What is exported is defined, once, and has its place in the reference."""
    rules = importlib.import_module("generator.rules")
    declared = generator.DECLARATION.read_text(encoding="utf-8")
    assert before in declared
    declaration = project.root / "exports.toml"
    declaration.write_text(declared.replace(before, after), encoding="utf-8")
    with pytest.raises(rules.GeneratorError, match=re.escape(message)):
        generator.generate(project.root, rules.Rules(), declaration)


_MADE: Final = '    "MigrationStart": "frontegg_async.models.migrations",'


def test_what_is_declared_is_exported_and_listed(project: Project, generator: ModuleType) -> None:
    """By the models of both packages, and by the page of the reference; at the root only if it is named for it."""
    rules = importlib.import_module("generator.rules")
    checks = project.root / "frontegg_async" / "models" / "migrations.py"
    declared = checks.read_text(encoding="utf-8")
    more = declared.replace('"StartedMigration"]', '"StartedMigration", "MigrationStart"]')
    assert more != declared
    checks.write_text(more, encoding="utf-8")
    module = '"""Models of notes: what the service returns."""\n\n__all__ = ["Note"]\n\n\nclass Note: ...\n'
    (checks.parent / "notes.py").write_text(module, encoding="utf-8")
    texts = generator.generate(project.root, rules.Rules())
    for package in ("frontegg_async", "frontegg_sync"):
        assert _MADE not in texts[f"{package}/__init__.py"].splitlines()
    for path in ("frontegg_async/models/__init__.py", "frontegg_sync/models.py"):
        assert _MADE in texts[path].splitlines()
        assert "        MigrationStart," in texts[path].splitlines()
    page = texts["docs/api/models.md"]
    assert ".. autoclass:: frontegg_async.models.MigrationStart" in page.splitlines()
    notes = "\n## Notes\n\n```{eval-rst}\n.. autoclass:: frontegg_async.models.Note\n```\n"
    assert page.endswith(notes)

    (checks.parent / "notes.py").unlink()
    (project.root / "docs" / "api" / "models.md").write_text(page, encoding="utf-8")
    assert generator.generate(project.root, rules.Rules())["docs/api/models.md"] == page.removesuffix(notes)


def test_a_module_of_exported_models_says_what_they_are_of(project: Project) -> None:
    """The reference has the heading from its docstring."""
    (project.root / "frontegg_async" / "models" / "notes.py").write_text('"""Notes."""\n__all__ = ["Note"]\n', "utf-8")
    code, message = project.run("--check")
    assert (code, message) == (
        1,
        "generate: frontegg_async/models/notes.py:1: the docstring does not begin with 'Models of'\n",
    )


def test_a_class_of_one_tenant_gets_its_twin_with_an_id(project: Project, generator: ModuleType) -> None:
    """By its name alone; another name is taken where a class of that name is written by hand."""
    rules = importlib.import_module("generator.rules")
    room = project.root / "frontegg_async" / "resources" / "of_tenant"
    text = (room / "account_settings.py").read_text(encoding="utf-8").replace("AccountSettings", "Notes")
    (room / "notes.py").write_text(text, encoding="utf-8")
    texts = generator.generate(project.root, rules.Rules())
    assert "\nclass AsyncNotes:\n" in texts["frontegg_async/resources/by_id/notes.py"]
    assert "\nclass HierarchyById:\n" in texts["frontegg_async/resources/by_id/hierarchy.py"]
    assert "frontegg_async/resources/by_id/roles.py" not in texts, "AsyncRoles takes the id in some methods only"


_SETTINGS: Final = Path("frontegg_async") / "resources" / "of_tenant" / "account_settings.py"
_MANAGEMENT: Final = Path("frontegg_async") / "resources" / "tenants.py"


def _generated(project: Project, generator: ModuleType, name: str) -> str:
    rules = importlib.import_module("generator.rules")
    text = generator.generate(project.root, rules.Rules())[f"frontegg_async/resources/{name}.py"]
    assert isinstance(text, str)
    return text


def test_a_method_of_one_tenant_is_generated_with_the_tenant_first(project: Project, generator: ModuleType) -> None:
    """Its head as it is written, one line more in its documentation, and one call of the method of one tenant."""
    project.add(
        '''
    async def rename(
        self, name: str, *, secret: str | None = None, options: Options | None = None
    ) -> tuple[str, ...]:
        """Rename the tenant.

        Args:
            name: The name.
            secret: A secret.
            options: How this call is made.

        Returns:
            The names.

        Raises:
            NotFoundError: There is no such tenant.
        """
        return (name,)

    def _private(self) -> None:
        pass
''',
        path=_SETTINGS,
    )
    source = project.root / _SETTINGS
    hidden = "from frontegg_async._values.secret import hide\n"
    source.write_text(
        source.read_text(encoding="utf-8").replace("from frontegg_async.op", f"{hidden}from frontegg_async.op", 1)
    )
    text = _generated(project, generator, "by_id/account_settings")
    assert (
        '''
    async def rename(
        self, tenant_id: str, name: str, *, secret: str | None = None, options: Options | None = None
    ) -> tuple[str, ...]:
        """Rename the tenant.

        Args:
            tenant_id: The id of the tenant, 1 to 256 characters.
            name: The name.
            secret: A secret.
            options: How this call is made.

        Returns:
            The names.

        Raises:
            NotFoundError: There is no such tenant.
        """
        secret = hide(secret)
        return await AsyncTenantAccountSettings(self._caller.for_tenant(tenant_id)).rename(
            name, secret=secret, options=options
        )
'''
        in text
    )
    assert "_private" not in text


def test_a_method_without_arguments_gets_a_section_for_the_tenant(project: Project, generator: ModuleType) -> None:
    """Before the section of what it returns, or at the end."""
    returns = "\n        Returns:\n            A text.\n"
    for name, rest in (("one", ""), ("two", returns)):
        project.add(f'    async def {name}(self) -> str:\n        """Do {name}.\n{rest}        """\n', path=_SETTINGS)
    text = _generated(project, generator, "by_id/account_settings")
    arguments = "\n        Args:\n            tenant_id: The id of the tenant, 1 to 256 characters.\n"
    for name, rest in (("one", arguments), ("two", arguments + returns)):
        assert f'"""Do {name}.\n{rest}        """\n' in text


def test_a_method_of_a_view_is_generated_without_the_tenant(project: Project, generator: ModuleType) -> None:
    """Its head and its documentation without that parameter, and one call of the method that takes it."""
    assert '''
    async def delete_metadata(self, key: str, *, options: Options | None = None) -> Tenant:
        """Remove a key from the tenant's metadata. The metadata keep their other keys.
''' in _generated(project, generator, "views/tenant")
    assert "tenant_id:" not in _generated(project, generator, "views/tenant")


@pytest.mark.parametrize(
    ("code", "line", "message"),
    [
        (f"    @property\n    def each(self) -> str:\n{_DOC}", 1, "a decorator, which a generated class"),
        (f"    async def each(self, *names: str) -> str:\n{_DOC}", 0, "takes open-ended arguments"),
        (f"    async def each(self):\n{_DOC}", 0, "each does not say what it returns"),
        (f"    async def each(self, tenant_id: str) -> str:\n{_DOC}", 0, "has a parameter tenant_id already"),
        ("    async def each(self) -> str:\n        return 'x'\n", 0, "a docstring is missing"),
    ],
)
def test_what_cannot_take_a_tenant_is_an_error(project: Project, code: str, line: int, message: str) -> None:
    """With the file and the line of the method of one tenant."""
    first = project.add(code, path=_SETTINGS)
    status, said = project.run("--check")
    assert status == 1
    assert said.startswith(f"generate: {_SETTINGS.as_posix()}:{first + line}: ")
    assert message in said


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": "AsyncNothing"}, "there is no class 'AsyncNothing'"),
        ({"methods": ("vanish",)}, "AsyncTenants has no method 'vanish'"),
        ({"methods": ("count_users",), "known": {"name": None}}, "count_users has no parameter whose value is known"),
        ({"wording": (("no such words", ""),)}, "nothing uses the rule 'no such words'"),
        ({"methods": ("move_users",), "known": {"options": None}}, "does not declare and document options once"),
    ],
)
def test_a_release_that_does_not_fit_is_an_error(
    project: Project, generator: ModuleType, change: dict[str, Any], message: str
) -> None:
    """Each rule is about a class, its methods and their parameters, and changes something."""
    rules = importlib.import_module("generator.rules")
    first, *rest = rules.RELEASES
    with pytest.raises(rules.GeneratorError, match=re.escape(message)):
        generator.generate(project.root, rules.Rules(releases=(dataclasses.replace(first, **change), *rest)))


def test_a_class_with_an_id_is_generated_from_the_room_of_one_tenant(project: Project, generator: ModuleType) -> None:
    """The rooms mirror each other, so that the path of a generated class says where its source is."""
    rules = importlib.import_module("generator.rules")
    binding = dataclasses.replace(rules.BINDINGS[0], source="AsyncMigrations")
    message = "AsyncMigrations is not below frontegg_async/resources/of_tenant"
    with pytest.raises(rules.GeneratorError, match=message):
        generator.generate(project.root, rules.Rules(bindings=(binding,)))


def test_a_base_that_is_not_read_is_an_error(project: Project) -> None:
    """The twin of a class has the twins of its bases, so each base is known."""
    path = project.root / _MANAGEMENT
    path.write_text(path.read_text(encoding="utf-8").replace("class AsyncTenants:", "class AsyncTenants(Stranger):"))
    status, said = project.run("--check")
    assert status == 1
    assert "AsyncTenants has the base Stranger, which is no class of a resource" in said


def test_the_generated_classes_are_replaced_and_removed(project: Project) -> None:
    """As the twins are: what was edited differs, and what has no source any more goes."""
    room = project.root / "frontegg_async" / "resources" / "by_id"
    shutil.copy(room / "access_tokens.py", room / "notes.py")
    (room / "api_tokens.py").unlink()
    status, said = project.run("--check")
    assert status == 1
    assert "frontegg_async/resources/by_id/api_tokens.py: is missing" in said
    assert "frontegg_async/resources/by_id/notes.py: was generated from a module that is gone" in said
    assert project.run() == (0, "")
    assert project.run("--check") == (0, "")
    assert not (room / "notes.py").exists()


def test_a_rule_that_nothing_uses_is_an_error(project: Project, generator: ModuleType) -> None:
    """A table with dead entries hides the next mistake."""
    rules = importlib.import_module("generator.rules")
    for unused in (
        rules.Rules(secrets=rules.SECRETS | {"nothing"}),
        rules.Rules(wording=(*rules.WORDING, ("no such words", ""))),
    ):
        with pytest.raises(rules.GeneratorError, match=r"nothing uses the rule '(nothing|no such words)'"):
            generator.generate(project.root, unused)


def test_every_form_of_method_has_its_twin(project: Project, generator: ModuleType) -> None:
    """Those of resources to come among them."""
    rules = importlib.import_module("generator.rules")
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

''',
        after="            is_of_the_object=True,\n        )\n",
    )
    text = generator.generate(project.root, rules.Rules())["frontegg_sync/resources/tenants.py"]

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


def test_a_twin_inherits_what_its_original_inherits(project: Project) -> None:
    """Each method is written once; where several classes share the attributes, each says how narrow they are."""
    roles = project.text("frontegg_sync/resources/of_tenant/roles.py")
    assert "\nclass OwnRoles(TenantRoles):\n" in roles
    assert roles.count("    def list(") == 1
    assert "    _async: AsyncTenantRoles\n" in roles
    users = project.text("frontegg_sync/resources/users.py")
    assert "UserSignIn, UserRoles, UserMemberships, UserRecords):\n" in users
    assert "        self._async: AsyncUsers = resource  # pyright: ignore" in users
    assert "    _async: AsyncUserRoles\n" in project.text("frontegg_sync/resources/user_roles.py")


def test_a_client_that_works_with_another(project: Project) -> None:
    """It goes into the loop of that one."""
    text = project.text("frontegg_sync/verification/token_verifier.py")
    for line in (
        "from frontegg_async.verification.token_verifier import AsyncTokenVerifier",
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
    client = project.root / "frontegg_async" / "client.py"
    client.write_text(client.read_text(encoding="utf-8").replace("resources.tenants ", f"resources.{name} "), "utf-8")

    assert project.run() == (0, "")
    lines = project.text(f"frontegg_sync/resources/{name}.py").split("\n")
    assert lines[0].startswith("# Generated by tools/generate.py")
    assert lines[1] == "# change that, and generate again."
    assert max(map(len, lines)) <= 120
