"""What the layers of import-linter (``pyproject.toml``) do not say of imports, and what importing a package costs."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Final

import pytest

_ROOT: Final = Path(__file__).parent.parent
_ABOVE: Final = ("frontegg_async/integrations/", "frontegg_async/testing/", "frontegg_sync/integrations/")
"""What stands above the packages' own names, and may import them."""


@functools.cache
def _imports() -> list[tuple[str, ast.ImportFrom]]:
    """Return the imports of names, each with the path of its module."""
    return [
        (path.relative_to(_ROOT).as_posix(), node)
        for package in ("frontegg_async", "frontegg_sync")
        for path in sorted((_ROOT / package).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
    ]


@pytest.mark.slow
def test_imports_are_absolute() -> None:
    """An import names the whole path, so that a move of a module is seen."""
    assert [(path, node.lineno) for path, node in _imports() if node.level] == []


@pytest.mark.slow
def test_nothing_inside_imports_the_names_of_the_package() -> None:
    """Inside, a name is imported from the module that defines it; the package's own names are for those above it."""
    inside = [
        (path, node.lineno, alias.name)
        for path, node in _imports()
        for alias in node.names
        if node.module == "frontegg_async" and not path.startswith(_ABOVE)
        if not (_ROOT / "frontegg_async" / alias.name).is_dir()
        and not (_ROOT / "frontegg_async" / f"{alias.name}.py").exists()
    ]

    assert inside == []


@pytest.mark.slow
def test_no_module_imports_itself_by_way_of_others() -> None:
    """Imports for type checkers count, and so do circles through the front of a package, which no contract sees."""
    grimp = pytest.importorskip("grimp", reason="import-linter is in the group dev")
    graph = grimp.build_graph("frontegg_async", "frontegg_sync", exclude_type_checking_imports=False, cache_dir=None)

    TopologicalSorter({each: graph.find_modules_directly_imported_by(each) for each in graph.modules}).prepare()


@pytest.mark.slow
def test_no_module_of_ours_is_loaded_by_its_name() -> None:
    """The graph of imports would not have it. Packages that look their own modules up by a variable are no circle."""
    literal = re.compile(r'import_module\(\s*"frontegg_')
    modules = [path for package in ("frontegg_async", "frontegg_sync") for path in (_ROOT / package).rglob("*.py")]

    assert [path.name for path in modules if literal.search(path.read_text(encoding="utf-8"))] == []


_ROOMS: Final = {
    "by_id": {"by_id", "of_tenant", "support"},
    "of_tenant": {"of_tenant", "support"},
    "support": {"support"},
}
"""The rooms of the resources, each with those that it may import. The modules beside the rooms are in none."""


def _part(module: str) -> str | None:
    """Return the room of the resources, or the module beside the rooms, that a module is in."""
    found = re.match(r"frontegg_a?sync\.resources\b\.?(\w*)", module)
    return None if found is None else found[1]


@pytest.mark.slow
def test_the_rooms_of_the_resources_know_no_module_of_the_environment() -> None:
    """Nor the front of the resources, neither at run time nor for type checkers."""
    found = [
        (path, node.module)
        for path, node in _imports()
        if (room := _part(path.replace("/", "."))) in _ROOMS and node.module is not None
        if (part := _part(node.module)) is not None and part not in _ROOMS[room]
    ]

    assert found == []


def _run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", code], capture_output=True, text=True, check=False, cwd=_ROOT
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


@pytest.mark.each_python
@pytest.mark.parametrize("package", ["frontegg_async", "frontegg_sync"])
def test_importing_a_package_does_not_load_http(package: str) -> None:
    """Models, errors and operations come without the HTTP stack, the emulator and its extra."""
    loaded = _run(f"import sys, {package}; print(*sys.modules)").split()

    assert {"aiohttp", "anyio", "asyncio", "cattrs", "jwt", "mcp", "frontegg_async.emulator"} & set(loaded) == set()


@pytest.mark.each_python
def test_models_are_loaded_when_they_are_looked_up() -> None:
    """Importing the packages of models and operations, as each client does, loads none; users do without tenants."""
    code = """
import sys, frontegg_async.endpoints, frontegg_async.models, frontegg_async.resources
print(*(name for name in sys.modules if ".models." in name), hasattr(frontegg_async.endpoints, "PATCH_TENANT"))
print(frontegg_async.resources.AsyncUsers.__name__, "frontegg_async.models.tenants" in sys.modules)
"""

    assert _run(code) == "False\nAsyncUsers False"


_OF_OTHERS: Final = {
    "anyio.from_thread",
    "cattrs",
    "difflib",
    "frontegg_async.fleet",
    "frontegg_async.models.snapshots",
    "frontegg_async.models.users",
    "frontegg_async.tree",
    "mcp",
}
"""What only some programs need: those with a blocking client, with odd responses, in a fleet, with hooks."""


@pytest.mark.each_python
@pytest.mark.parametrize(("name", "most"), [("frontegg_async.AsyncFrontegg", 115), ("frontegg_sync.Frontegg", 132)])
def test_what_looking_a_client_up_loads(name: str, most: int) -> None:
    """HTTP is there before the first call, so that no call loads it on a running loop; other resources are not."""
    package = name.partition(".")[0]
    loaded = _run(f"import sys, {package}; {name}; print(*sys.modules)").split()

    assert {"aiohttp", f"{package}.resources.tenants"} <= set(loaded)
    assert _OF_OTHERS & set(loaded) == set()
    # The number of modules measures the time without a clock: a module takes a quarter of a millisecond on average.
    assert len([each for each in loaded if each.startswith("frontegg_")]) <= most


_FIRST_CALLS: Final = {
    "frontegg_async": "import asyncio; from frontegg_async import AsyncFrontegg as Client, FronteggError; call = "
    "lambda work: asyncio.run(work, debug=False)",
    "frontegg_sync": "from frontegg_sync import Frontegg as Client, FronteggError; call = lambda value: value",
}


@pytest.mark.each_python
@pytest.mark.parametrize("package", sorted(_FIRST_CALLS))
def test_the_first_call_loads_nothing(package: str) -> None:
    """Nor with hooks: what is loaded in the thread of a loop blocks it, and hangs a child that is forked meanwhile."""
    code = f"""
import contextlib, sys
{_FIRST_CALLS[package]}
client = Client("emu_id", "emu_secret", base_url="http://localhost:1", on_response=lambda response: None)
loaded = set(sys.modules)
with contextlib.suppress(FronteggError):
    call(client.with_options(max_retries=0).tenants.get("t1"))
print(*sorted(set(sys.modules) - loaded))
"""

    assert _run(code) == ""


@pytest.mark.each_python
def test_what_few_programs_need_is_loaded_in_a_thread(tmp_path: Path) -> None:
    """The first sign-up or export reads no module from the disk in the thread of the loop."""
    code = f"""
import asyncio, contextlib, sys, threading
from frontegg_async import AsyncFrontegg, FronteggError
here, loaded = threading.get_ident(), []
sys.addaudithook(lambda event, given: event == "import" and here == threading.get_ident() and loaded.append(given[0]))
async def work():
    async with AsyncFrontegg("emu_id", "emu_secret", base_url="http://localhost:1") as client:
        client = client.with_options(max_retries=0)
        loaded.clear()
        with contextlib.suppress(FronteggError):
            await client.onboard(name="Acme", owner_email="ann@acme.example", owner_name="Ann")
        with contextlib.suppress(FronteggError):
            await client.offboard("ann", tenant_id="acme")
        with contextlib.suppress(FronteggError):
            await client.export({str(tmp_path / "accounts.jsonl")!r})
        print(*loaded, {{"frontegg_async.resources.onboarding", "frontegg_async.snapshots.export"}} <= set(sys.modules))
asyncio.run(work(), debug=False)
"""

    assert _run(code) == "True"


@pytest.mark.each_python
@pytest.mark.parametrize("name", ["frontegg_async.AsyncFrontegg", "frontegg_sync.Frontegg"])
def test_importing_starts_nothing(name: str) -> None:
    """Looking a client up starts no thread."""
    package = name.partition(".")[0]

    assert _run(f"import threading, {package}; {name}; print(threading.active_count())") == "1"


@pytest.mark.each_python
def test_an_unknown_name_is_an_attribute_error() -> None:
    """The lazy package answers for its own names only, and lists them."""
    code = "import frontegg_async as f; print(hasattr(f, 'Nothing'), set(f.__all__) <= set(dir(f)))"

    assert _run(code) == "False True"
