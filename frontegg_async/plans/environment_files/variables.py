"""`Variables`: the values of variables in the texts of environment files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import Final, cast

from frontegg_async._core.checks.arguments import check_mapping, check_text
from frontegg_async._values.json_values import JsonValue
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.plans.files.places import Path
from frontegg_async.snapshots.environment_format import MARKS, NAME, unescaped

_PREFIX: Final = "FRONTEGG_VAR_"
"""How the names of environment variables with the values begin."""
_NOT_CLOSED: Final = "${ must be followed by a name and }, as ${DESK_URL}; write $${ for the text ${"

AddFault = Callable[[Path, str], None]
"""Adds a fault by the path of the value that is wrong."""


class Variables:
    """Replaces the variables in texts. Values are literal: a variable in the value of a variable is not replaced.

    Args:
        given: The values by names. The environment variable ``FRONTEGG_VAR_NAME`` has the value of any other name.

    Raises:
        InvalidArgumentError: A name or a value is not allowed.

    Attributes:
        used: The values of the variables that texts have.
    """

    def __init__(self, given: Mapping[str, str]) -> None:
        check_mapping(given, "variables")
        for name, value in given.items():
            if problem := name_problem(name):
                raise InvalidArgumentError(f"variables has {problem}")
            check_text(value, f"the variable {name}", allow_empty=True)
        self._given = given
        self.used: dict[str, str] = {}

    def replaced(self, value: JsonValue, path: Path, add_fault: AddFault) -> JsonValue:
        """Return a value with the values of variables in its texts, but not in the keys of mappings.

        Args:
            value: The value.
            path: Its path.
            add_fault: Called with the path of each text that has an unknown variable, or no variable behind ``${``.
        """
        if isinstance(value, str):
            try:
                return MARKS.sub(self._value, value)
            except InvalidArgumentError as error:
                add_fault(path, error.message)
                return value
        if isinstance(value, dict):
            return {key: self.replaced(each, (*path, key), add_fault) for key, each in value.items()}
        if isinstance(value, list):
            return [self.replaced(each, (*path, position), add_fault) for position, each in enumerate(value)]
        return value

    def _value(self, mark: re.Match[str]) -> str:
        """Return the text for a mark.

        Raises:
            InvalidArgumentError: The mark names no variable, or one without a value.
        """
        name = cast("str | None", mark[1])
        if name is None:
            if mark[0].startswith("$$"):
                return unescaped(mark[0])
            raise InvalidArgumentError(_NOT_CLOSED)
        value = self._given.get(name, os.environ.get(_PREFIX + name))
        if value is None:
            raise InvalidArgumentError(
                f"the variable {name} has no value: give --var {name}=VALUE, or set {_PREFIX}{name}"
            )
        self.used[name] = value
        return value


def name_problem(name: object) -> str | None:
    """Return what is wrong with the name of a variable; ``None`` if it is one."""
    if isinstance(name, str) and re.fullmatch(NAME, name):
        return None
    return f"the name {name!r}: the name of a variable has letters, digits and _, and begins with no digit"
