"""A trial in a fresh process: the module is read with the change from the start, so that nothing was made before."""

from __future__ import annotations

import importlib.abc
import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import CodeType, ModuleType
from typing import Final

import pytest
from policies import PACKAGE, ROOT

from mutants.covering import OPTIONS
from mutants.sites import Mutant
from mutants.trial import run_items


class _Loader(SourceFileLoader):
    def __init__(self, mutant: Mutant) -> None:
        super().__init__(mutant.dotted, str(ROOT / PACKAGE / mutant.module))
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        del fullname
        return self._mutant.compile()


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if fullname != self._mutant.dotted:
            return None
        return importlib.util.spec_from_loader(fullname, _Loader(self._mutant))


class Only:
    """A plugin of pytest that runs some tests, in their order, until one fails.

    Args:
        tests: Which.
        seconds: What each takes.
    """

    def __init__(self, tests: Sequence[str], seconds: dict[str, float]) -> None:
        self._order: Final = {test: position for position, test in enumerate(tests)}
        self._seconds = seconds
        self.survived = False

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run them."""
        chosen = [item for item in session.items if item.nodeid in self._order]
        chosen.sort(key=lambda item: self._order[item.nodeid])
        self.survived = bool(chosen) and not session.testsfailed and run_items(chosen, self._seconds)
        return True


def survives(mutant: Mutant, tests: Sequence[str], seconds: dict[str, float]) -> bool:
    """Run the tests of a mutant in this process, which must not have the package yet."""
    assert not any(name.partition(".")[0] == PACKAGE for name in sys.modules)  # noqa: S101 - of the program itself
    sys.meta_path.insert(0, _Finder(mutant))
    only = Only(tests, seconds)
    files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
    pytest.main([*OPTIONS, "--hypothesis-profile=mutants", *files], plugins=[only])
    return only.survived
