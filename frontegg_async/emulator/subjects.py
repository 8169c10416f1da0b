"""`subject_modules`: finds the modules in the folders of the subjects, such as ``tenants``, for the registries."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Final

_SERVICES: Final = "frontegg_async.emulator.services"


def subject_modules(name: str | None = None) -> Iterator[ModuleType]:
    """Import and yield the modules of all subjects, in the order of the subjects' names.

    Args:
        name: The name of the modules to yield, such as ``rules``. ``None`` yields all modules.
    """
    for subject in sorted(each.name for each in iter_modules(import_module(_SERVICES).__path__) if each.ispkg):
        package = import_module(f"{_SERVICES}.{subject}")
        for module in sorted(each.name for each in iter_modules(package.__path__)):
            if name in (None, module):
                yield import_module(f"{package.__name__}.{module}")
