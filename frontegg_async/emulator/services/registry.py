"""`RULES`: all rules, by the names of the operations. `TAGS`: all tags, by the first parts of the operations' names.

Rules and tags are collected from the modules of the subjects. A module with rules defines `RULES` and may also define
`TAGS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.subjects import subject_modules

_MODULES: Final = tuple(subject_modules())
RULES: Final[Mapping[str, Rule]] = {
    name: rule for module in _MODULES for name, rule in getattr(module, "RULES", {}).items()
}
TAGS: Final[Mapping[str, Tag]] = {name: tag for module in _MODULES for name, tag in getattr(module, "TAGS", {}).items()}
