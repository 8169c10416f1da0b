"""What the settings of mutmut name is there: it leaves out without a word what is not."""

from __future__ import annotations

import ast

from quality.policies import ROOT, SETTINGS


def test_each_pattern_is_of_modules() -> None:
    """A module that was renamed would no longer be changed."""
    assert [pattern for pattern in SETTINGS["only_mutate"] if not list(ROOT.glob(pattern))] == []


def test_each_test_file_exists() -> None:
    """And what is left out of one is a test of it."""
    assert [each for each in SETTINGS["pytest_add_cli_args_test_selection"] if not (ROOT / each).is_file()] == []
    for option in SETTINGS["pytest_add_cli_args"]:
        if option.startswith("--deselect="):
            file, _, name = option.removeprefix("--deselect=").partition("::")
            tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
            assert name in {getattr(node, "name", None) for node in tree.body}, option
