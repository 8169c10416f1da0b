"""The policy modules. Their tests cover all branches, and mutation testing checks the tests."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
SETTINGS: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
"""The modules that `make mutants` changes."""
MODULES: Final = tuple(
    path.relative_to(ROOT).as_posix() for pattern in SETTINGS["only_mutate"] for path in sorted(ROOT.glob(pattern))
)
TESTS: Final[tuple[str, ...]] = tuple(SETTINGS["pytest_add_cli_args_test_selection"])
"""The tests of the policies. Tests without a network come first."""
