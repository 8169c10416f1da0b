"""`Variables`: replaces variables in the texts of environment files. `read_variables`: reads a file with values."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import Final, cast

from frontegg_async._core.checks.arguments import check_mapping, check_text
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_in_files, kind_of, shown
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.plans.environment_files.sources import EnvironmentSource, SourceFaults, open_source
from frontegg_async.plans.files.faults import FaultList
from frontegg_async.plans.files.places import Path
from frontegg_async.snapshots.environment_format import MARKS, NAME, UNNAMED, unescaped

_PREFIX: Final = "FRONTEGG_VAR_"
"""The prefix of the operating system's environment variables that contain values of variables."""
_UNNAMED: Final = "${ must be followed by a name and }, such as ${DESK_URL}; write $${ for the text ${"

AddFault = Callable[[Path, str], None]
"""Adds a fault. The arguments are the path of the wrong value and the message."""


class Variables:
    """Replaces variables such as ``${NAME}`` in texts. Values are literal: a variable within a value is not replaced.

    Args:
        given: The values by name. Any other variable ``NAME`` gets the value of the environment variable
            ``FRONTEGG_VAR_NAME``.

    Raises:
        InvalidArgumentError: A name or a value is invalid.

    Attributes:
        used: The values of the variables that texts use.
    """

    def __init__(self, given: Mapping[str, str]) -> None:
        check_mapping(given, "variables")
        for name, value in given.items():
            if problem := name_problem(name):
                raise InvalidArgumentError(problem)
            check_text(value, f"the variable {name}", allow_empty=True)
        self._given = given
        self.used: dict[str, str] = {}

    def replaced(self, value: JsonValue, path: Path, add_fault: AddFault) -> JsonValue:
        """Replace variables in the texts of a value, but not in the keys of mappings.

        Args:
            value: The value.
            path: The path of the value.
            add_fault: Called for each text that contains an unknown variable, or ``${`` without the name of a variable.
        """
        if isinstance(value, str):
            return MARKS.sub(lambda mark: self._text(mark, path, add_fault), value)
        if isinstance(value, dict):
            return {key: self.replaced(each, (*path, key), add_fault) for key, each in value.items()}
        if isinstance(value, list):
            return [self.replaced(each, (*path, position), add_fault) for position, each in enumerate(value)]
        return value

    def _text(self, mark: re.Match[str], path: Path, add_fault: AddFault) -> str:
        """Return the text that replaces ``${NAME}`` or ``$${``.

        Without a value of the variable, the text is not replaced.
        """
        name = cast("str | None", mark[1])
        if name is None and mark[0] != UNNAMED:
            return unescaped(mark[0])
        if name is None:
            add_fault(path, _UNNAMED)
            return mark[0]
        value = self._given.get(name, os.environ.get(_PREFIX + name))
        if value is None:
            add_fault(path, f"the variable {name} has no value: give --var {name}=VALUE, or set {_PREFIX}{name}")
            return mark[0]
        self.used[name] = value
        return value


def read_variables(path: str | os.PathLike[str]) -> dict[str, str]:
    """Read a file with the values of variables by name, in the format of an export. The call blocks.

    Args:
        path: The file, ``.json`` or ``.yml``. The values are literal.

    Raises:
        FilesError: The file cannot be read or has faults; the error contains all faults.
        InvalidArgumentError: ``path`` is not a path.
        MissingExtraError: The file is YAML, but PyYAML is not installed.
    """
    if not isinstance(path, str | os.PathLike):
        raise InvalidArgumentError(f"vars must be a path, not {kind_of(path)}")
    faults = FaultList()
    found: dict[str, str] = {}
    source = open_source(0, path, set(), faults)
    if source is not None:
        found = _values(source, SourceFaults(source, faults))
    faults.check()
    return found


def _values(source: EnvironmentSource, faults: SourceFaults) -> dict[str, str]:
    """Return the values in a file. Values with faults are left out."""
    faults.add_faults_of_text()
    if not isinstance(source.value, dict):
        faults.add((), f"the file must be a mapping of names to texts, not {kind_in_files(source.value)}")
        return {}
    found: dict[str, str] = {}
    for name, value in source.value.items():
        if problem := name_problem(name):
            faults.add((name,), problem, of_name=True)
        elif not isinstance(value, str):
            hint = ": write it with quotes" if isinstance(value, int | float) else ""
            faults.add((name,), f"{name} must be text, not {kind_in_files(value)}{hint}")
        else:
            found[name] = value
    return found


def name_problem(name: object) -> str | None:
    """Return the problem of a variable's name; ``None`` for a valid name."""
    if isinstance(name, str) and re.fullmatch(NAME, name):
        return None
    return f"the name of a variable must be letters, digits and _, and must not begin with a digit: {shown(name)}"
