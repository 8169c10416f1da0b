"""`Field`: the description of one field of a managed object."""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias, TypeVar, cast

import attrs

from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.kinds import kind_in_files, shown
from frontegg_async.errors import InvalidArgumentError

T = TypeVar("T")

SECRET: Final = "secret"  # noqa: S105 - the name of a member
SOURCES: Final = ("env:", "file:")

Problem: TypeAlias = tuple[tuple[str | int, ...], str]
"""The path within the value of a field, and the problem of the value at this path."""


class Shape(enum.Enum):
    """The form of the values of a field."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    JSON = "json"
    """Any JSON value. A change replaces the whole value."""
    MEMBERS = "members"
    """A list of texts. A file names members that must exist. Other members stay."""
    MAP = "map"
    """A JSON object. A file names keys and their values. Other keys stay, and null removes a key."""
    SECRET = "secret"  # noqa: S105 - no secret
    """A reference to a secret, such as ``{secret: env:NAME}``.

    A write reads the secret just before the request. Plans never compare secrets.
    """


Check: TypeAlias = Callable[[object, str], object]
"""Checks a value: takes the value and its name for the message, and raises `InvalidArgumentError`."""


@attrs.frozen(eq=False)
class Field:
    """A field of a managed object."""

    name: str
    """The name of the field in the model of the object."""
    shape: Shape = Shape.TEXT
    choices: type[enum.StrEnum] | None = None
    """The allowed values, or ``None``. A file may also write a value in the spelling of the Python signatures."""
    limits: tuple[int, int] | None = None
    """The minimum and the maximum of a whole number; ``None`` for any number."""
    is_required: bool = False
    """Whether a creation needs the field."""
    is_nullable: bool = False
    """Whether null clears the field. For a text, an empty text is the same as null."""
    is_fixed: bool = False
    """Whether only a creation can set the field."""
    is_later: bool = False
    """Whether a creation cannot set the field, so that a second write sets it."""
    has_address: bool = False
    """Whether the values contain addresses, which differ between environments. Exports replace them by variables."""
    refers_to: str = ""
    """The part, such as ``roles``, whose objects the values name by key; empty if the values are not keys."""
    has_keys: bool = False
    """Whether the service stores keys and not ids as references, so that references may be outdated after a rename."""
    map_references: Callable[[JsonValue, Callable[[str, str], str]], JsonValue] | None = attrs.field(
        default=None, repr=False
    )
    """Replaces each key inside a JSON value by the result of a function of part and key; ``None`` if values contain no
    keys.
    """
    check: Check | None = attrs.field(default=None, repr=False)
    """An additional check of a value, or of each member of a list or map."""
    normal: Callable[[JsonValue], JsonValue] | None = attrs.field(default=None, repr=False)
    """Converts a value to the form of `ObjectKind.read`, if files may write the value in several forms."""
    keys: Mapping[str, Field] = attrs.field(factory=dict[str, "Field"], repr=False)
    """The allowed keys of a map with the fields of their values; empty if any key is allowed."""
    keeps_members: bool = False
    """Whether members are only added, so that neither null nor a prune removes a member."""

    @property
    def has_members(self) -> bool:
        """Whether a change names single members of the value instead of the whole value."""
        return self.shape in (Shape.MEMBERS, Shape.MAP)

    def problems(self, value: object) -> Iterator[Problem]:
        """Yield the problems of a value in a file.

        Args:
            value: The value.
        """
        if self.null_if_empty(value) is None:
            if not self.is_nullable:
                yield (), f"{self.name} must not be null: it cannot be cleared"
            return
        try:
            members = _CHECKS[self.shape](value, self)
        except InvalidArgumentError as error:
            yield (), error.message
            return
        for place, member in members:
            for path, message in self._problems_of_member(place, member):
                yield (*place, *path), message

    def _problems_of_member(self, place: tuple[str | int, ...], member: object) -> Iterator[Problem]:
        if self.keys:
            key = str(place[0])
            if key in self.keys:
                yield from self.keys[key].problems(member)
            else:
                yield (), f"{self.name} has no {shown(key)}; there are {', '.join(self.keys)}"
        elif member is None:
            if self.keeps_members:
                yield (), f"{self.name} must not have null: its members cannot be removed"
        elif self.check is not None:
            try:
                self.check(member, self.name)
            except InvalidArgumentError as error:
                yield (), error.message

    def null_if_empty(self, value: T) -> T | None:
        """Return a value, or ``None`` for an empty text that means no value.

        The service may show a cleared text as an empty text.

        Args:
            value: A value of the field.
        """
        return None if value == "" and self.is_nullable and self.shape is Shape.TEXT else value

    def canonical(self, value: JsonValue) -> JsonValue:
        """Convert a valid value to the form of the model, with choices in the spelling of the service.

        Args:
            value: The value in a file.
        """
        if self.null_if_empty(value) is None:
            return None
        if self.normal is not None:
            return self.normal(value)
        if self.choices is not None and isinstance(value, str) and value in spellings(self.choices):
            return arguments.check_member(value, self.choices, self.name).value
        if self.shape is Shape.MEMBERS and isinstance(value, list):
            return cast("JsonValue", sorted(set(cast("list[str]", value))))
        return value


def by_name(*fields: Field) -> Mapping[str, Field]:
    """Return fields by name."""
    return MappingProxyType({each.name: each for each in fields})


def spellings(choices: type[enum.StrEnum]) -> Collection[str]:
    """Return the texts that files may use for choices, with the service's spelling first.

    Args:
        choices: The choices.
    """
    members = [each.value for each in choices]
    return dict.fromkeys([*members, *(text for member in choices for text in arguments.texts_of(member))])


_Members: TypeAlias = list[tuple[tuple[str | int, ...], object]]


def _text(value: object, field: Field) -> _Members:
    if not isinstance(value, str):
        hint = ": write it with quotes" if isinstance(value, int | float) else ""
        raise InvalidArgumentError(f"{field.name} must be text, not {kind_in_files(value)}{hint}")
    arguments.check_text(value, field.name, allow_empty=True)
    if field.choices is not None:
        arguments.check_member(value, field.choices, field.name)
    return [((), value)]


def _number(value: object, field: Field) -> _Members:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidArgumentError(f"{field.name} must be a number, not {shown(value)}")
    arguments.check_json(value, field.name)
    if field.limits is not None:
        least, most = field.limits
        arguments.check_count(value, field.name, least=least, most=most)
    return [((), value)]


def _flag(value: object, field: Field) -> _Members:
    _check_flag(value, field.name)
    return [((), value)]


def _json(value: object, field: Field) -> _Members:
    arguments.check_json(value, field.name)
    return [((), value)]


def _members(value: object, field: Field) -> _Members:
    if not isinstance(value, list):
        raise InvalidArgumentError(f"{field.name} must be a list, not {kind_in_files(value)}")
    for member in cast("list[object]", value):
        if not isinstance(member, str) or not member:
            raise InvalidArgumentError(f"{field.name} must be a list of texts, not of {shown(member)}")
    arguments.check_json(cast("object", value), field.name)
    return [((place,), member) for place, member in enumerate(cast("list[object]", value))]


def _map(value: object, field: Field) -> _Members:
    if not isinstance(value, Mapping):
        raise InvalidArgumentError(f"{field.name} must be a mapping, not {kind_in_files(value)}")
    arguments.check_json(cast("object", value), field.name)
    return [((key,), member) for key, member in cast("Mapping[str, object]", value).items()]


def _secret(value: object, field: Field) -> _Members:
    source = cast("Mapping[str, object]", value).get(SECRET) if isinstance(value, Mapping) else None
    names = {SECRET, "rotate"}
    if not isinstance(value, Mapping) or not names.issuperset(cast("Mapping[str, object]", value)):
        raise InvalidArgumentError(f"{field.name} must be {{secret: env:NAME}} or {{secret: file:PATH}}")
    if not isinstance(source, str) or not any(source.startswith(each) and source != each for each in SOURCES):
        raise InvalidArgumentError(f"{field.name} must be {{secret: env:NAME}} or {{secret: file:PATH}}")
    rotate = cast("Mapping[str, object]", value).get("rotate", False)
    _check_flag(rotate, f"{field.name}.rotate")
    return []


def _check_flag(value: object, name: str) -> None:
    if not isinstance(value, bool):
        raise InvalidArgumentError(f"{name} must be true or false, not {kind_in_files(value)}")


_CHECKS: Final[Mapping[Shape, Callable[[object, Field], _Members]]] = {
    Shape.TEXT: _text,
    Shape.NUMBER: _number,
    Shape.FLAG: _flag,
    Shape.JSON: _json,
    Shape.MEMBERS: _members,
    Shape.MAP: _map,
    Shape.SECRET: _secret,
}
