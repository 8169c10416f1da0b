"""`EXERCISES`: those of all subjects, each of which is a module of this package."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Final

from tests import exercises
from tests.exercises.exercise import Exercise

_OTHERS: Final = ("every_exercise", "exercise", "test_exercises", "world")
"""The modules of the package that have no exercises."""


def subjects() -> Iterator[ModuleType]:
    """Yield the modules that have exercises."""
    for found in pkgutil.iter_modules(exercises.__path__):
        if found.name not in _OTHERS:
            yield importlib.import_module(f"{exercises.__name__}.{found.name}")


EXERCISES: Final[tuple[Exercise, ...]] = tuple(each for subject in subjects() for each in subject.EXERCISES)
