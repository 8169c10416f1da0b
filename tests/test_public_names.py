"""What a user meets in a public signature can be imported from a documented place, and each attribute is documented."""

from __future__ import annotations

import ast
import difflib
import gc
import importlib
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Final

import make_public_surface
import pytest
from make_public_surface import MADE_BY_THE_SDK, NAMESPACES

pytestmark = pytest.mark.one_python

_ROOT: Final = Path(__file__).parent.parent

_MOST: Final = 90
"""The most names at the root of a package: what most programs import. All others are in a namespace."""

_OF_BASES: Final = (
    "frontegg_async._core.call.base_client",
    "frontegg_async._values.wrong_statements",
    "frontegg_async.bulk.operation_methods",
    "frontegg_async.resources.",
    "frontegg_sync._bridge.base_client",
    "frontegg_sync.bulk.operation_methods",
    "frontegg_sync.resources.",
)
"""Modules of bases that are no types of their own: what a class has from them is documented with the class."""

_SPELLED_OTHERWISE: Final = {"UnsetType": "users write Unset"}
"""Names in a signature that an exported alias stands for."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def _namespaces() -> tuple[ModuleType, ...]:
    return tuple(importlib.import_module(name) for name in NAMESPACES)


@cache
def _exported() -> dict[str, list[object]]:
    """What can be imported, by its name."""
    found: dict[str, list[object]] = {}
    for namespace in _namespaces():
        for name in namespace.__all__:
            found.setdefault(name, []).append(getattr(namespace, name))
    return found


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _path(module: str) -> Path:
    path = _ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def _imported(module: str) -> dict[str, tuple[str, str]]:
    """The names that a module has from others, with their modules and their names there."""
    return {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(_tree(_path(module)))
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


@cache
def _defined(module: str) -> dict[str, ast.stmt]:
    """The classes, functions and values that a module defines at its top, by their names."""
    found: dict[str, ast.stmt] = {}
    for node in _tree(_path(module)).body:
        if isinstance(node, ast.ClassDef | _Function):
            found[node.name] = node
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node
    return found


def _home(module: str, name: str) -> tuple[str, str] | None:
    """The module of ours that defines what a module calls by a name, and its name there."""
    while name not in _defined(module):
        if name not in _imported(module):
            return None
        module, name = _imported(module)[name]
        if not module.startswith("frontegg_"):
            return None
    return module, name


def _is_public(name: str) -> bool:
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))


def _is_for_users(module: str, name: str, method: str) -> bool:
    is_made_by_the_sdk = method == "__init__" and module.startswith(MADE_BY_THE_SDK) and name != "Emulator"
    return _is_public(method) and not is_made_by_the_sdk


def _hints(module: str, node: ast.stmt) -> Iterator[ast.expr]:
    """The expressions in a definition that a user meets: types of what is taken, returned and read, and bases."""
    if isinstance(node, ast.ClassDef):
        yield from node.bases
        for member in node.body:
            if isinstance(member, _Function) and _is_for_users(module, node.name, member.name):
                yield from _hints(module, member)
            elif isinstance(member, ast.AnnAssign) and _is_public(ast.unparse(member.target)):
                yield member.annotation
    elif isinstance(node, _Function):
        arguments = node.args
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
        yield from (each.annotation for each in every if each is not None and each.annotation is not None)
        yield from () if node.returns is None else (node.returns,)
    elif isinstance(node, ast.AnnAssign):
        yield node.annotation
        if ast.unparse(node.annotation) == "TypeAlias" and node.value is not None:
            yield node.value


def _names(expression: ast.expr) -> Iterator[str]:
    for node in ast.walk(expression):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            yield node.value


def _is_type_variable(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and ast.unparse(node.value).startswith(("TypeVar(", "ParamSpec("))


def _public() -> Iterator[tuple[str, str]]:
    """Everything that can be imported, by the module that defines it and its name there."""
    for namespace in _namespaces():
        for name in namespace.__all__:
            home = _home_of_exported(namespace.__name__, name)
            if home is not None:
                yield home


def _home_of_exported(namespace: str, name: str) -> tuple[str, str] | None:
    home = _home(namespace, name)
    assert home is not None or name == "__version__" or hasattr(importlib.import_module(namespace), name)
    return home


def _missing(module: str, name: str) -> Iterator[str]:
    """The names in the signature of something public that cannot be imported."""
    for expression in _hints(module, _defined(module)[name]):
        for used in _names(expression):
            home = _home(module, used)
            if home is None or home[1].startswith("_") or home[1] in _SPELLED_OTHERWISE:
                continue
            if _is_type_variable(_defined(home[0])[home[1]]):
                continue
            value = getattr(importlib.import_module(home[0]), home[1])
            if any(value is each for each in _exported().get(home[1], ())):
                continue
            if home[0].startswith(_OF_BASES):
                yield from _missing(*home)
            else:
                yield f"{home[0]}.{home[1]}, of {module}.{name}"


@pytest.fixture(scope="module", autouse=True)
def _only_here() -> Iterator[None]:
    """Keep the trees while these tests run: garbage collection would search them, here and in all later tests."""
    gc.disable()
    yield
    for cached in (_tree, _imported, _defined):
        cached.cache_clear()
    gc.enable()


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_what_is_exported_is_there(namespace: str) -> None:
    """Each name once, also where names are loaded when they are looked up; any other is an AttributeError."""
    module = importlib.import_module(namespace)

    assert [name for name in module.__all__ if not hasattr(module, name)] == []
    assert len(set(module.__all__)) == len(module.__all__)
    assert not hasattr(module, "Nothing")


@pytest.mark.slow
def test_the_public_surface_is_written_down() -> None:
    """A change of a public name, signature, field or value is seen in review."""
    written = make_public_surface.FILE.read_text(encoding="utf-8").splitlines()
    found = make_public_surface.surface().splitlines()

    changes = [line for line in difflib.unified_diff(written, found, n=0, lineterm="") if line[0] in "+-"]
    assert changes == [], "make generate writes it"


@pytest.mark.parametrize("package", ["frontegg_async", "frontegg_sync"])
def test_the_root_has_what_most_programs_import(package: str) -> None:
    """A model or an error of the root is in its namespace too, where all of them are."""
    root = importlib.import_module(package)
    models, errors, bulk = (importlib.import_module(f"{package}.{each}") for each in ("models", "errors", "bulk"))
    of = {name: getattr(root, name).__module__ for name in root.__all__ if isinstance(getattr(root, name), type)}

    assert 60 < len(root.__all__) < _MOST
    assert {name for name, home in of.items() if home.startswith("frontegg_async.models.")} <= set(models.__all__)
    assert {name for name, home in of.items() if home == "frontegg_async.errors"} <= set(errors.__all__)
    assert set(root.__all__) & set(bulk.__all__) == set()


def test_all_errors_and_warnings_are_exported() -> None:
    """By the module that has all of them."""
    errors = importlib.import_module("frontegg_async.errors")
    found = {
        name
        for name, each in vars(errors).items()
        if isinstance(each, type) and issubclass(each, Exception) and not name.startswith("_")
    }

    assert {"FronteggError", "LastOwnerWarning", "LedgerExistsError"} <= found
    assert found <= set(errors.__all__)


def test_the_names_of_models_are_listed() -> None:
    """An editor and a console complete them before they are loaded."""
    models = importlib.import_module("frontegg_async.models")

    assert set(models.__all__) <= set(dir(models))


@pytest.mark.slow
def test_names_in_public_signatures_can_be_imported() -> None:
    """Types of parameters, of what is returned and of attributes, and bases: none is for insiders only."""
    public = sorted(set(_public()))
    missing = sorted({each for module, name in public for each in _missing(module, name)})

    assert len(public) > 150
    assert missing == []


def _undocumented(module: str, name: str) -> Iterator[str]:
    node = _defined(module)[name]
    if not isinstance(node, ast.ClassDef):
        return
    is_enum = any(ast.unparse(base).startswith("enum.") for base in node.bases)
    for member, below in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(member, ast.AnnAssign):
            target = ast.unparse(member.target)
        elif is_enum and isinstance(member, ast.Assign):
            target = ast.unparse(member.targets[0])
        else:
            continue
        is_documented = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
        if not target.startswith("_") and not is_documented:
            yield f"{module}.{name}.{target}"


@pytest.mark.slow
def test_attributes_are_documented() -> None:
    """A string below each attribute of a public class, and each member of an enumeration, which editors show."""
    assert sorted({each for module, name in set(_public()) for each in _undocumented(module, name)}) == []


def test_values_are_documented() -> None:
    """A string below each public value at the top of a module; an operation has a summary."""
    undocumented = [
        f"{module}.{name}"
        for module, name in sorted(set(_public()))
        if not isinstance(node := _defined(module)[name], ast.ClassDef | _Function)
        if not _has_string_below(module, node) and not ast.unparse(node).partition(" = ")[2].startswith("Endpoint(")
        if name != "__version__"
    ]

    assert undocumented == []


def _has_string_below(module: str, node: ast.stmt) -> bool:
    body = _tree(_path(module)).body
    below = body[body.index(node) + 1 : body.index(node) + 2]
    return bool(below) and isinstance(below[0], ast.Expr) and isinstance(below[0].value, ast.Constant)


def test_the_test_looks_at_what_users_meet() -> None:
    """The reading of signatures finds the names that it is about."""
    assert _home("frontegg_sync", "Options") == ("frontegg_async.options", "Options")
    client = _defined("frontegg_async.client")["AsyncFrontegg"]
    used = {name for expression in _hints("frontegg_async.client", client) for name in _names(expression)}

    assert {"SecretSource", "Options", "Region", "AsyncTenants", "Self"} <= used
    assert inspect.isclass(_exported()["Options"][0])
