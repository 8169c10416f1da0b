"""`EXERCISES`: those of all modules of this package."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Final

from tests import exercises
from tests.exercises.exercise import Exercise

_OTHERS: Final = ("every_exercise", "exercise", "test_exercises", "world")
"""The modules of the package that have no exercises."""


def _exercises() -> Iterator[Exercise]:
    for found in pkgutil.iter_modules(exercises.__path__):
        if found.name not in _OTHERS:
            yield from importlib.import_module(f"{exercises.__name__}.{found.name}").EXERCISES


EXERCISES: Final = tuple(_exercises())
