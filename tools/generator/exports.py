"""Generate the public names: each ``__init__`` of the packages and namespaces, and the lists of the reference."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from generator.modules import header
from generator.rules import EXPORTS, GeneratorError, Rules

PLACE: Final = "tools/generator/exports.toml"

_PACKAGE: Final = "frontegg_async"
_TWINNED: Final = "async.md"
"""The page of the async classes with blocking twins. The page of the twins has the same headings."""

_MODELS: Final = "models.md"
"""The page of the models. The generator adds a missing section at the end, and removes a section without names."""

_NAMESPACES: Final = ("bulk", "endpoints", "entitlements", "errors", "mirror", "models", "plans")
"""The namespaces of names that are not at the root of the packages."""

_ERRORS: Final = "errors.md"
_HELD: Final = "What errors hold"
_CLIENTS: Final = "Clients"
_RESOURCES: Final = "Resources"
_BODY: Final = """
def __getattr__(name: str) -> object:
    module = _LAZY.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(importlib.import_module(module), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
"""


@dataclass(frozen=True)
class Models:
    """The names that ``frontegg_async.models`` exports besides the models of the package root."""

    docstring: str
    names: Mapping[str, str]


@dataclass(frozen=True)
class Exports:
    """The declared public names, by page and heading of the reference. Each name has its module."""

    root: Path
    docstring: str
    models: Models
    rooms: Mapping[str, str]
    """The docstrings of the packages that export names of their own."""
    front: frozenset[str]
    """The names at the root of the packages."""
    lists: Mapping[tuple[str, str], Mapping[str, str]]

    @cached_property
    def modules(self) -> dict[str, str]:
        """The module of each name."""
        return {name: module for names in self.lists.values() for name, module in names.items()}

    def of(self, namespace: str) -> dict[str, str]:
        """Return the names of a namespace, each with its module."""
        start = f"{_PACKAGE}.{namespace}."
        found = {name: module for name, module in self.modules.items() if f"{module}.".startswith(start)}
        return {**found, **(self.models.names if namespace == "models" else {})}

    def place(self, name: str) -> str:
        """Return the module from which a name is imported: the package, or one of its namespaces.

        Raises:
            GeneratorError: The name is in no namespace.
        """
        if name in self.front:
            return _PACKAGE
        namespace = next((each for each in _NAMESPACES if name in self.of(each)), None)
        if namespace is None:
            raise GeneratorError(f"{PLACE}:1: {name} is in no namespace; name it in [front]")
        return f"{_PACKAGE}.{namespace}"

    def directive(self, name: str) -> str:
        """Return the Sphinx directive that documents a name: class, exception, function or data.

        Raises:
            GeneratorError: The module does not have the name.
        """
        of_class = "exception" if name.endswith(("Error", "Warning")) else "class"
        for node in _tree(self.root, self.modules[name]).body:
            if isinstance(node, ast.ClassDef) and node.name == name:
                return of_class
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
                return "function"
            if isinstance(node, ast.ImportFrom) and name in {each.asname or each.name for each in node.names}:
                return of_class
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                return "data"
        raise GeneratorError(f"{PLACE}:1: {self.modules[name]} has no {name}")


def _tree(root: Path, module: str) -> ast.Module:
    path = root / module.replace(".", "/")
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if file.exists():
            return ast.parse(file.read_bytes(), filename=str(file))
    raise GeneratorError(f"{PLACE}:1: there is no module {module}")


def read_exports(root: Path, source: Path) -> Exports:
    """Read the declaration of the public names.

    Args:
        root: The directory of both packages.
        source: The file.

    Raises:
        GeneratorError: A name is declared twice, or has no place.
    """
    declared = tomllib.loads(source.read_text(encoding="utf-8"))
    docstring: str = declared.pop("docstring")
    models, rooms = declared.pop("models"), declared.pop("rooms")
    front = frozenset(name for kind in declared.pop("front").values() for name in kind)
    beside = Models(models["docstring"].strip(), _names(models["names"]))
    lists: dict[tuple[str, str], dict[str, str]] = {("", ""): _names(declared.pop("unlisted"))}
    for page, headings in declared.items():
        for heading, modules in headings.items():
            lists[page, heading] = _names(modules)
    for path in sorted((root / _PACKAGE / "models").glob("*.py")):
        exported = _all_of(path) if path.stem != "__init__" else []
        if exported:
            lists[_MODELS, _subject(path)] = dict.fromkeys(exported, f"{_PACKAGE}.models.{path.stem}")
    errors = f"{_PACKAGE}.errors"
    for name in _all_of((root / errors.replace(".", "/")).with_suffix(".py")):
        heading = "" if name.endswith(("Error", "Warning")) else _HELD
        lists.setdefault((_ERRORS, heading), {})[name] = errors
    names = [name for each in lists.values() for name in each]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise GeneratorError(f"{PLACE}:1: {twice} is declared twice")
    missing = next((name for name in sorted(front) if name not in names), None)
    if missing is not None:
        raise GeneratorError(f"{PLACE}:1: {missing} of [front] has no module")
    exports = Exports(root, docstring.strip(), beside, rooms, front, lists)
    for name in names:
        exports.directive(name)
        exports.place(name)
    return exports


def _all_of(path: Path) -> list[str]:
    for node in ast.parse(path.read_bytes(), filename=str(path)).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__":
            names: list[str] = ast.literal_eval(node.value)
            return names
    return []


def _subject(path: Path) -> str:
    """Return the subject of a module's models from its docstring, for the heading of their list.

    Raises:
        GeneratorError: The docstring does not begin with "Models of".
    """
    found = re.match(r'"""Models of (?:the )?([^:,.(]*[^:,.( ])', path.read_text(encoding="utf-8"))
    if found is None:
        raise GeneratorError(f"{_PACKAGE}/models/{path.name}:1: the docstring does not begin with 'Models of'")
    return found[1][0].upper() + found[1][1:]


def _names(modules: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: f"{_PACKAGE}.{module}" for module, names in modules.items() for name in names}


def fronts(exports: Exports, homes: Mapping[str, str], rules: Rules) -> dict[str, str]:
    """Return the text of each ``__init__`` of both packages and of their namespaces. The keys are paths.

    Args:
        exports: The declaration.
        homes: The module of each twin.
        rules: The tables.
    """

    def twins(names: Mapping[str, str]) -> dict[str, str]:
        return {rules.rename(name): homes.get(name, module) for name, module in names.items()}

    root = {name: module for name, module in exports.modules.items() if name in exports.front}
    models = _front(exports.models.docstring, exports.of("models"))
    texts = {
        f"{_PACKAGE}/__init__.py": _front(exports.docstring, root),
        f"{_PACKAGE}/models/__init__.py": models,
        "frontegg_sync/__init__.py": _front(rules.reword(exports.docstring), twins(root) | dict(EXPORTS)),
        "frontegg_sync/models.py": models,
    }
    for room, docstring in exports.rooms.items():
        names = exports.of(room)
        of_twins = twins(names)
        texts[f"{_PACKAGE}/{room}/__init__.py"] = _front(docstring, names)
        place = f"frontegg_sync/{room}.py" if of_twins == names else f"frontegg_sync/{room}/__init__.py"
        texts[place] = _front(docstring, of_twins)
    return texts


def _front(docstring: str, names: Mapping[str, str]) -> str:
    return header(PLACE, f'"""{docstring}\n"""') + _lazy(names)


def _lazy(names: Mapping[str, str]) -> str:
    """Return the code of a module that loads its names at their first look-up.

    Args:
        names: The module of each name.
    """
    ordered = sorted(names, key=export_order)
    imports = [f"    from {names[name]} import {name}" for name in ordered]
    lazy = {name: names[name] for name in ordered}
    lines = [
        "import importlib",
        "from typing import TYPE_CHECKING, Final",
        "if TYPE_CHECKING:",
        *imports,
        f"__all__ = {ordered!r}",
        f"_LAZY: Final = {lazy!r}",
        _BODY,
    ]
    return "\n".join(lines)


def resource_fronts(classes: Iterable[tuple[str, str]], homes: Mapping[str, str], rules: Rules) -> dict[str, str]:
    """Return the ``__init__`` of the resources of both packages, which exports each class. The keys are paths.

    Args:
        classes: The modules and names of the classes that have twins.
        homes: The module of each twin.
        rules: The tables.
    """
    found = [(module, name) for module, name in classes if f"{_PACKAGE}.resources." in module]
    return {
        f"{_PACKAGE}/resources/__init__.py": _resource_front(_PACKAGE, found),
        "frontegg_sync/resources/__init__.py": _resource_front(
            "frontegg_sync", [(homes[name], rules.rename(name)) for _, name in found]
        ),
    }


def _resource_front(package: str, classes: list[tuple[str, str]]) -> str:
    text = _lazy({name: module for module, name in classes})
    docstring = '"""The resources of a client: its methods, grouped by what they read and change."""'
    return header(f"{package}/resources/*.py", docstring) + text


def export_order(name: str) -> tuple[int, str]:
    """Return the sort key of a name. The order is that of the linter: constants, classes, other names."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def reference(exports: Exports, classes: Iterable[tuple[str, str]], rules: Rules) -> dict[str, str]:
    """Return the pages of the reference with their new lists. The keys are paths.

    Args:
        exports: The declaration.
        classes: The modules and names of the classes that have twins.
        rules: The tables.

    Raises:
        GeneratorError: A page has no list under a heading.
    """
    lists: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for (page, heading), names in exports.lists.items():
        if not page:
            continue
        lists[page, heading] = [(exports.directive(name), f"{exports.place(name)}.{name}") for name in names]
        if page == _TWINNED:
            places = {name: exports.place(name).replace(_PACKAGE, "frontegg_sync") for name in names}
            lists["sync.md", heading] = [("class", f"{places[name]}.{rules.rename(name)}") for name in names]
    only = [("class", f"frontegg_sync.{name}") for name in EXPORTS]
    lists["sync.md", _CLIENTS] = [*lists.get(("sync.md", _CLIENTS), ()), *only]
    found = sorted((name for module, name in classes if f"{_PACKAGE}.resources." in module), key=export_order)
    lists[_TWINNED, _RESOURCES] = [("class", f"{_PACKAGE}.resources.{name}") for name in found]
    lists["sync.md", _RESOURCES] = [("class", f"frontegg_sync.resources.{rules.rename(name)}") for name in found]
    texts: dict[str, str] = {}
    for (page, heading), entries in lists.items():
        path = f"docs/api/{page}"
        text = texts.get(path) or (exports.root / path).read_text(encoding="utf-8")
        texts[path] = _with_list(path, text, heading, entries, exports.models.names)
    models = f"docs/api/{_MODELS}"
    if models in texts:
        texts[models] = _only_sections(texts[models], {heading for page, heading in lists if page == _MODELS})
    return texts


def _only_sections(text: str, headings: Collection[str]) -> str:
    """Return a page without the sections that have other headings."""
    head, *sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    kept = [section for section in sections if section.partition("\n")[0].removeprefix("## ") in headings]
    return "".join([head, *kept]).rstrip() + "\n"


def _with_list(path: str, text: str, heading: str, entries: list[tuple[str, str]], beside: Collection[str]) -> str:
    """Return a page whose first list below a heading has these entries, followed by its hand-written entries."""
    if path.endswith(_MODELS) and f"\n## {heading}\n" not in text:
        text += f"\n## {heading}\n\n```{{eval-rst}}\n```\n"
    start = 0 if not heading else text.find(f"\n## {heading}\n")
    found = None if start < 0 else re.compile(r"```\{eval-rst\}\n(?:.*?\n)?```", re.DOTALL).search(text, start)
    if found is None:
        raise GeneratorError(f"{path}:1: there is no list under the heading {heading!r}")
    options = {"exception": "\n   :show-inheritance:"}
    if path.endswith("sync.md"):  # of both packages: readers need inherited members with the class
        options["class"] = "\n   :inherited-members:"
    shown = [f".. auto{kind}:: {name}{options.get(kind, '')}" for kind, name in entries]
    for line, namespace, name in re.findall(r"^(\.\. auto\w+:: frontegg_async\.(\w+)\.(\w+))$", found[0], re.MULTILINE):
        if namespace not in {*_NAMESPACES, "resources"} - {"endpoints"} or name in beside:
            shown += [line] if line not in shown else []
    body = "\n\n".join(shown)
    return f"{text[: found.start()]}```{{eval-rst}}\n{body}\n```{text[found.end() :]}"
