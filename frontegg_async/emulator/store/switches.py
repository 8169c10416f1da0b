"""`Switches`: all switches of an environment. They are collected from the ``switches`` modules of the subjects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar, cast, get_args, get_type_hints

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.store.switch_group import MARK, QUESTION, SwitchGroup
from frontegg_async.emulator.subjects import subject_modules

G = TypeVar("G", bound=SwitchGroup)

_GROUPS: Final[tuple[type[SwitchGroup], ...]] = tuple(module.SWITCHES for module in subject_modules("switches"))
_GROUP_OF: Final = {field.name: group for group in _GROUPS for field in attrs.fields(group)}
_ALLOWED: Final[dict[str, tuple[str | int, ...]]] = {
    name: get_args(hint) for group in _GROUPS for name, hint in get_type_hints(group).items()
}


@attrs.frozen
class Switches:
    """All switches of an environment. For example, ``switches[TenantSwitches]`` has the switches of tenants.

    Args:
        groups: The switches of each subject, by the class of the group.
    """

    groups: Mapping[type[SwitchGroup], SwitchGroup] = attrs.field(factory=lambda: {group: group() for group in _GROUPS})

    def __getitem__(self, group: type[G]) -> G:
        return cast("G", self.groups[group])

    def value(self, name: str) -> str | int:
        """Return the value of a switch, by the name of the switch."""
        return cast("str | int", getattr(self.groups[_GROUP_OF[name]], name))


DEFAULT: Final = Switches()


def names() -> tuple[str, ...]:
    """Return the names of all switches."""
    return tuple(_ALLOWED)


def describe(switches: Switches) -> list[dict[str, JsonValue]]:
    """Describe every switch: its name, question, mark, default, allowed values and present value."""
    return [
        {
            "name": field.name,
            "question": field.metadata[QUESTION],
            "mark": field.metadata.get(MARK, "A"),
            "default": field.default,
            "allowed": list(_ALLOWED[field.name]),
            "value": switches.value(field.name),
        }
        for group in _GROUPS
        for field in attrs.fields(group)
    ]


def change(switches: Switches, values: Mapping[str, JsonValue]) -> Switches:
    """Return a copy of the switches with some values changed.

    Raises:
        ValueError: There is no switch with the name, or the value is not allowed.
    """
    groups = dict(switches.groups)
    for name, value in values.items():
        allowed = _ALLOWED.get(name) if isinstance(name, str) else None
        if allowed is None:
            raise ValueError(f"there is no switch {name!r}; there are {', '.join(_ALLOWED)}")
        if isinstance(value, bool) or value not in allowed:
            raise ValueError(f"{name} must be one of {', '.join(map(repr, allowed))}, not {value!r}")
        group = _GROUP_OF[name]
        groups[group] = attrs.evolve(groups[group], **cast("dict[str, Any]", {name: value}))
    return Switches(groups)


def differences(switches: Switches, base: Switches) -> dict[str, str | int]:
    """Return the names and values of the switches whose values differ from ``base``."""
    return {name: switches.value(name) for name in _ALLOWED if switches.value(name) != base.value(name)}


LOOSE: Final = change(DEFAULT, {"unknown_body_field": "ignore"})
