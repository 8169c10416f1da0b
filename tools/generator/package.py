"""Generate the whole package: choose the modules, and compare the result with the files or replace them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from generator.bound import bound_modules
from generator.bulk_methods import bulk_texts
from generator.catalogue import catalogue_texts
from generator.classes import is_client
from generator.exports import fronts, read_exports, reference, resource_fronts
from generator.field_descriptions import description_texts
from generator.fixtures import fixture_texts
from generator.handles import handle_texts
from generator.methods import Twins
from generator.modules import MARK, class_module, homes_of, room_front, shared_texts
from generator.registries import registry_texts
from generator.rules import BY_HAND, GeneratorError, Rules
from generator.source import Library, Source, is_public
from generator.tenant_fields import tenant_texts

_TWINNED: Final = (
    "_core/call/base_client.py",
    "bulk/jobs.py",
    "client.py",
    "entitlements/entitlements.py",
    "mirror/mirror.py",
    "tenant_view.py",
    "user.py",
    "resources/**/*.py",
    "verification/*.py",
)
"""The modules that may have classes with twins."""

DECLARATION: Final = Path(__file__).with_name("exports.toml")
CATALOGUE: Final = Path(__file__).with_name("catalogue.toml")


def generate(root: Path, rules: Rules, declaration: Path = DECLARATION) -> dict[str, str]:
    """Return the text of each generated module by its path.

    Args:
        root: The directory of both packages.
        rules: The tables.
        declaration: The declaration of public names.

    Raises:
        GeneratorError: A statement of the source is not supported, or a rule is not used.
    """
    package = root / "frontegg_async"
    paths = [path for pattern in _TWINNED for path in sorted(package.glob(pattern))]
    written = [Source(root, path) for path in paths if not _is_generated(path)]
    bound = _laid_out(root, bound_modules(Library(tuple(written)), rules) | bulk_texts(root))
    library = Library((*written, *(Source(root, root / path, text) for path, text in bound.items())))
    sources = [source for source in library.sources if library.twinned(source)]
    homes = homes_of(library, sources)
    rules = rules.with_classes(homes)
    classes = [(source, node) for source in sources for node in library.twinned(source)]
    closable = {node.name for source, node in classes if is_client(library.members(source, node))}
    twins = Twins(closable, {**BY_HAND, **homes})
    texts = {source.target: class_module(library, source, twins, homes, rules) for source in sources}
    texts |= {source.target: room_front(source, rules) for source in _rooms(library, sources)}
    exports = read_exports(root, declaration)
    places = [(source.module, node.name) for source, node in classes if is_public(node.name)]
    texts |= fronts(exports, homes, rules) | resource_fronts(places, homes, rules)
    pages = reference(exports, places, rules)
    texts |= handle_texts(root) | tenant_texts(root) | registry_texts(root) | description_texts(root)
    texts |= fixture_texts(root) | shared_texts(root) | catalogue_texts(root, library, CATALOGUE)
    unused = rules.unused()
    if unused:
        raise GeneratorError(f"tools/generator/rules.py:1: nothing uses the rule {unused[0]!r}; remove it")
    return bound | _laid_out(root, texts) | pages


def _rooms(library: Library, sources: Sequence[Source]) -> list[Source]:
    """Return the ``__init__`` of each directory that has a class with a twin."""
    rooms = {source.path.parent for source in sources}
    return [each for each in library.sources if each.path.name == "__init__.py" and each.path.parent in rooms]


def _laid_out(root: Path, texts: Mapping[str, str]) -> dict[str, str]:
    """Sort the imports and format the code."""
    settings = ("--quiet", "--no-cache", "--config", str(root / "pyproject.toml"))
    ours = "lint.isort.known-first-party = ['frontegg_async', 'frontegg_sync']"  # even before their files exist
    sort = ("check", *settings, "--config", ours, "--select", "I", "--fix", "--exit-zero")
    with tempfile.TemporaryDirectory() as directory:
        files = {path: Path(directory, path) for path in texts}
        for path, file in files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(texts[path], encoding="utf-8", newline="\n")
        for arguments in (sort, ("format", *settings)):
            argv = [_ruff(root), *arguments, "."]
            done = subprocess.run(argv, capture_output=True, encoding="utf-8", cwd=directory, check=False)
            if done.returncode:
                raise GeneratorError(f"the generated code is not valid: {done.stderr.strip()}")
        return {path: file.read_text(encoding="utf-8") for path, file in files.items()}


def _ruff(root: Path) -> str:
    for directory in (Path(sys.executable).parent, root / ".venv" / "bin"):
        found = shutil.which("ruff", path=str(directory))
        if found:
            return found
    found = shutil.which("ruff")
    if found is None:
        raise GeneratorError("tools/generate.py:1: ruff is not installed; run make dev")
    return found


def differences(root: Path, texts: dict[str, str]) -> Iterator[str]:
    """Yield a line for each file that differs, is missing or is left over."""
    for path, text in texts.items():
        file = root / path
        if not file.exists():
            yield f"{path}: is missing"
        elif file.read_text(encoding="utf-8") != text:
            yield f"{path}: differs from what is generated"
    for path in leftovers(root, texts):
        yield f"{path}: was generated from a module that is gone"


def leftovers(root: Path, texts: dict[str, str]) -> Iterator[str]:
    """Yield generated files that are no longer generated."""
    packages = (root / "frontegg_async", root / "frontegg_sync")
    for file in sorted(file for package in packages for file in package.rglob("*.py")):
        path = file.relative_to(root).as_posix()
        if path not in texts and _is_generated(file):
            yield path


def write(root: Path, texts: dict[str, str]) -> None:
    """Write the files, and remove generated files that are left over.

    Raises:
        GeneratorError: The path of a generated file has a hand-written file.
    """
    for path, text in texts.items():
        file = root / path
        if file.exists() and file.suffix == ".py" and not _is_generated(file):
            raise GeneratorError(f"{path}:1: was written by hand and is in the way")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    for path in list(leftovers(root, texts)):
        (root / path).unlink()


def _is_generated(file: Path) -> bool:
    with file.open(encoding="utf-8") as lines:
        return lines.readline().startswith(MARK)
