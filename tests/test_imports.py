"""Imports point down: the floors of the package, read from its source text, and what importing it costs."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

import attrs
import pytest

_ROOT: Final = Path(__file__).parent.parent
_GROUND: Final = frozenset(
    {
        "_version",
        "arguments",
        "currencies",
        "errors",
        "forks",
        "immortal",
        "jsonvalue",
        "loops",
        "markup",
        "models",
        "options",
        "records",
        "secret",
        "tables",
        "uncopied",
        "unset",
        "value",
        "warn",
        "workers",
    }
)
_FLOORS: Final = (
    _GROUND,
    frozenset({"client_ip", "credentials", "drawing", "endpoints", "regions", "settings", "tally", "tree"}),
    frozenset({"auth", "fleet", "wire"}),
    frozenset({"pages", "progress"}),
    frozenset({"resources"}),
    frozenset({"access_token_verifier", "client", "environment", "http", "tenant_view", "token_verifier", "user"})
    | {"verifier_settings"},
    frozenset({""}),
    frozenset({"bulk", "cli", "integrations", "testing"}),
)
"""From the ground up, by the first name below the package; the empty one is the package itself."""

_BESIDE: Final = frozenset({"emulator"})
"""What stands on floors of its own."""

_HANDLES: Final = {
    "frontegg_async.emulator.handle": "frontegg_async.client",
    "frontegg_async.emulator.blocking": "frontegg_sync",
}
"""The modules of the emulator that make clients, for those who ask for one, and what they make them with."""


@attrs.frozen
class _Import:
    source: str
    target: str
    line: int
    lazy: bool
    relative: bool

    def __str__(self) -> str:
        return f"{self.source}:{self.line} imports {self.target}"


def _modules() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for package in ("frontegg_async", "frontegg_sync"):
        for path in sorted((_ROOT / package).rglob("*.py")):
            parts = path.relative_to(_ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


_MODULES: Final = _modules()


def _lazy_nodes(tree: ast.Module) -> set[ast.AST]:
    """What is below a function or ``if TYPE_CHECKING`` is not imported when the module is."""
    lazy: set[ast.AST] = set()
    for node in ast.walk(tree):
        is_guard = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        if is_guard or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            lazy.update(ast.walk(node))
    return lazy


def _targets(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        names = (f"{module}.{alias.name}" for alias in node.names)
        return sorted({name if name in _MODULES else module for name in names})
    return []


def _imports_of(source: str) -> Iterator[_Import]:
    tree = ast.parse(_MODULES[source].read_text(encoding="utf-8"))
    lazy = _lazy_nodes(tree)
    for node in ast.walk(tree):
        relative = isinstance(node, ast.ImportFrom) and node.level > 0
        for target in _targets(node):
            if relative or target.split(".")[0] in {"frontegg_async", "frontegg_sync"}:
                yield _Import(source, target, getattr(node, "lineno", 0), node in lazy, relative)


@cache
def _imports() -> tuple[_Import, ...]:
    return tuple(each for source in _MODULES for each in _imports_of(source))


def _subject(module: str) -> str:
    return module.partition(".")[2].partition(".")[0]


def _floor(module: str) -> int:
    return next(height for height, subjects in enumerate(_FLOORS) if _subject(module) in subjects)


def _is_async(module: str) -> bool:
    return module.partition(".")[0] == "frontegg_async"


def _in_emulator(module: str) -> bool:
    return _is_async(module) and _subject(module) == "emulator"


def test_the_imports_are_seen() -> None:
    """What the other tests go by: imports at the top and in functions, of modules and of names."""
    seen = {(each.source, each.target, each.lazy) for each in _imports()}

    assert ("frontegg_async.endpoints.tenants", "frontegg_async.models.page", False) in seen
    assert ("frontegg_async.resources.tenants", "frontegg_async._core.checks.arguments", False) in seen
    assert ("frontegg_async", "frontegg_async.client", True) in seen


def test_every_module_has_a_floor() -> None:
    """A new subject is put on a floor before anything can import it."""
    known = frozenset().union(*_FLOORS, _BESIDE)

    assert {_subject(module) for module in _MODULES if _is_async(module)} <= known


def test_imports_are_absolute() -> None:
    """An import names the whole path, so that moving a module is seen."""
    assert [str(each) for each in _imports() if each.relative] == []


def test_imports_point_down() -> None:
    """No module imports from a floor above its own."""
    walls = [
        str(each)
        for each in _imports()
        if _is_async(each.source)
        and _is_async(each.target)
        and not _in_emulator(each.source)
        and not _in_emulator(each.target)
        and _floor(each.target) > _floor(each.source)
    ]

    assert walls == []


def test_nothing_inside_asks_the_package_itself() -> None:
    """Inside, a name is imported from the module that makes it; the front door is for those above it."""
    askers = [each for each in _imports() if each.target == "frontegg_async" and _is_async(each.source)]

    assert [str(each) for each in askers if _in_emulator(each.source) or _floor(each.source) <= _floor("")] == []


def test_modules_do_not_import_each_other_in_circles() -> None:
    """Within a floor, too, there is an order in which the modules can be loaded."""
    graph: dict[str, set[str]] = {}
    for each in _imports():
        if not each.lazy:
            graph.setdefault(each.source, set()).add(each.target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_the_emulator_shares_operations_and_models_and_nothing_else() -> None:
    """It imports the ground, the operations and itself; only its handles make a client, and only when asked."""
    allowed = _GROUND | {"endpoints", "emulator", "tree"}
    strangers = [
        str(each)
        for each in _imports()
        if _in_emulator(each.source)
        and not (_is_async(each.target) and _subject(each.target) in allowed)
        and not (each.lazy and _HANDLES.get(each.source) == each.target)
    ]

    assert strangers == []


def test_only_test_helpers_import_the_emulator() -> None:
    """The client works without it."""
    users = {each.source for each in _imports() if _in_emulator(each.target) and not _in_emulator(each.source)}

    assert {_subject(module) for module in users} <= {"testing"}


def test_the_async_package_does_not_know_its_twin() -> None:
    """Only the emulator's handles and the test helpers offer a blocking client."""
    users = {each.source for each in _imports() if _is_async(each.source) and not _is_async(each.target)}

    assert {_subject(module) for module in users} <= {"emulator", "testing"}


def test_nothing_imports_integrations() -> None:
    """They stand on top, each for those who have the other library."""
    users = {each.source for each in _imports() if "integrations" in each.target.split(".")}

    assert {module for module in users if "integrations" not in module.split(".")} == set()


def _run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", code], capture_output=True, text=True, check=False, cwd=_ROOT
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


@pytest.mark.process
@pytest.mark.parametrize("package", ["frontegg_async", "frontegg_sync"])
def test_importing_a_package_does_not_load_http(package: str) -> None:
    """Models, errors and operations come without the HTTP stack, the emulator and its extra."""
    loaded = _run(f"import sys, {package}; print(*sys.modules)").split()

    assert {"aiohttp", "anyio", "asyncio", "cattrs", "jwt", "frontegg_async.emulator"} & set(loaded) == set()


@pytest.mark.process
@pytest.mark.parametrize("name", ["frontegg_async.AsyncFrontegg", "frontegg_sync.Frontegg"])
def test_looking_a_client_up_loads_http(name: str) -> None:
    """HTTP is there before the first call, so that no call loads it on a running loop."""
    package = name.partition(".")[0]

    assert _run(f"import sys, {package}; {name}; print('aiohttp' in sys.modules)") == "True"


_FIRST_CALLS: Final = {
    "frontegg_async": "import asyncio; from frontegg_async import AsyncFrontegg as Client, FronteggError; call = "
    "lambda work: asyncio.run(work, debug=False)",
    "frontegg_sync": "from frontegg_sync import Frontegg as Client, FronteggError; call = lambda value: value",
}


@pytest.mark.process
@pytest.mark.parametrize("package", sorted(_FIRST_CALLS))
def test_the_first_call_loads_nothing(package: str) -> None:
    """A module that is loaded in the thread of a loop blocks it, and hangs a child that is forked meanwhile."""
    code = f"""
import contextlib, sys
{_FIRST_CALLS[package]}
client = Client("emu_id", "emu_secret", base_url="http://localhost:1")
loaded = set(sys.modules)
with contextlib.suppress(FronteggError):
    call(client.with_options(max_retries=0).tenants.get("t1"))
print(*sorted(set(sys.modules) - loaded))
"""

    assert _run(code) == ""


@pytest.mark.process
@pytest.mark.parametrize("name", ["frontegg_async.AsyncFrontegg", "frontegg_sync.Frontegg"])
def test_importing_starts_nothing(name: str) -> None:
    """Looking a client up starts no thread."""
    package = name.partition(".")[0]

    assert _run(f"import threading, {package}; {name}; print(threading.active_count())") == "1"


@pytest.mark.process
def test_an_unknown_name_is_an_attribute_error() -> None:
    """The lazy package answers for its own names only, and lists them."""
    code = "import frontegg_async as f; print(hasattr(f, 'Nothing'), set(f.__all__) <= set(dir(f)))"

    assert _run(code) == "False True"
