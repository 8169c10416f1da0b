"""The whole package: which modules are twinned, and how what was generated meets what is there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sync_generator.classes import is_client
from sync_generator.handles import handle_texts
from sync_generator.methods import Twins
from sync_generator.modules import MARK, class_module, front, homes_of, twinned
from sync_generator.rules import BY_HAND, GeneratorError, Rules
from sync_generator.source import Source
from sync_generator.tenant_fields import tenant_texts

_TWINNED: Final = ("client.py", "tenant_view.py", "user.py", "resources/*.py", "verification/*.py")
"""The modules that may have classes with twins."""


def generate(root: Path, rules: Rules) -> dict[str, str]:
    """Return the text of each generated module by its path.

    Args:
        root: The directory of both packages.
        rules: The tables.

    Raises:
        GeneratorError: Something in the source is not understood, or a rule is not used.
    """
    package = root / "frontegg_async"
    paths = [path for pattern in _TWINNED for path in sorted(package.glob(pattern))]
    sources = [source for source in (Source(root, path) for path in paths) if twinned(source)]
    fronts = [Source(root, package / "__init__.py"), Source(root, package / "resources" / "__init__.py")]
    homes = homes_of(sources, rules)
    closable = {node.name for source in sources for node in twinned(source) if is_client(node)}
    twins = Twins(closable, {*homes, *BY_HAND})
    texts = {source.target: class_module(source, twins, homes, rules) for source in sources}
    texts |= {source.target: front(source, homes, rules) for source in fronts}
    texts |= handle_texts(root) | tenant_texts(root)
    unused = rules.unused()
    if unused:
        raise GeneratorError(f"tools/sync_generator/rules.py:1: nothing uses the rule {unused[0]!r}; remove it")
    return {path: _format(root, path, text) for path, text in texts.items()}


def _format(root: Path, path: str, text: str) -> str:
    """Sort the imports and lay the code out, as in every other file."""
    ruff = _ruff(root)
    ours = "lint.isort.known-first-party = ['frontegg_async', 'frontegg_sync']"  # also before their files are there
    sort = ("check", "--select", "I", "--fix", "--exit-zero", "--quiet", "--config", ours)
    for arguments in (sort, ("format", "--quiet")):
        argv = [ruff, *arguments, "--stdin-filename", str(root / path), "-"]
        done = subprocess.run(argv, input=text, capture_output=True, encoding="utf-8", cwd=root, check=False)
        if done.returncode:
            raise GeneratorError(f"{path}:1: the generated code is not valid: {done.stderr.strip()}")
        text = done.stdout
    return text


def _ruff(root: Path) -> str:
    for directory in (Path(sys.executable).parent, root / ".venv" / "bin"):
        found = shutil.which("ruff", path=str(directory))
        if found:
            return found
    found = shutil.which("ruff")
    if found is None:
        raise GeneratorError("tools/generate_sync.py:1: ruff is not installed; run make dev")
    return found


def differences(root: Path, texts: dict[str, str]) -> Iterator[str]:
    """Yield what is wrong with the files that are there, a line for each."""
    for path, text in texts.items():
        file = root / path
        if not file.exists():
            yield f"{path}: is missing"
        elif file.read_text(encoding="utf-8") != text:
            yield f"{path}: differs from what is generated"
    for path in leftovers(root, texts):
        yield f"{path}: was generated from a module that is gone"


def leftovers(root: Path, texts: dict[str, str]) -> Iterator[str]:
    """Yield the files that were generated once and are not any more."""
    packages = (root / "frontegg_async", root / "frontegg_sync")
    for file in sorted(file for package in packages for file in package.rglob("*.py")):
        path = file.relative_to(root).as_posix()
        if path not in texts and _is_generated(file):
            yield path


def write(root: Path, texts: dict[str, str]) -> None:
    """Write the files, and remove those that are left over.

    Raises:
        GeneratorError: A file in the way was written by hand.
    """
    for path, text in texts.items():
        file = root / path
        if file.exists() and not _is_generated(file):
            raise GeneratorError(f"{path}:1: was written by hand and is in the way")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    for path in list(leftovers(root, texts)):
        (root / path).unlink()


def _is_generated(file: Path) -> bool:
    with file.open(encoding="utf-8") as lines:
        return lines.readline().startswith(MARK)
