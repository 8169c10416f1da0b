"""`Field`: the data of one field of an object that files manage."""

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
"""The path of a value inside the value of a field, and what is wrong with it."""


class Shape(enum.Enum):
    """The form of the values of a field."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    JSON = "json"
    """Any JSON value, which is replaced as a whole."""
    MEMBERS = "members"
    """A list of texts. A file names those that must be there; others stay."""
    MAP = "map"
    """An object. A file names keys and their values; others stay, and null removes a key."""
    SECRET = "secret"  # noqa: S105 - no secret
    """A reference to a secret, as ``{secret: env:NAME}``. Its value is read when it is sent, and never compared."""


Check: TypeAlias = Callable[[object, str], object]
"""Raises `InvalidArgumentError` for a value that is not allowed; takes the value and the name for the message."""


@attrs.frozen(eq=False)
class Field:
    """A field of an object that files manage."""

    name: str
    """The name, as the model of the object has it."""
    shape: Shape = Shape.TEXT
    choices: type[enum.StrEnum] | None = None
    """The values that the service knows, if they are known; each may be spelled as in signatures."""
    limits: tuple[int, int] | None = None
    """The least and the most of a whole number; ``None`` for any number."""
    is_required: bool = False
    """Whether an object cannot be created without it."""
    is_nullable: bool = False
    """Whether null clears it. Of a text, empty text is the same as null."""
    is_fixed: bool = False
    """Whether only a creation can set it."""
    is_later: bool = False
    """Whether a creation cannot set it, so that another write follows."""
    has_address: bool = False
    """Whether its values differ by nature between environments, so that exports have variables in their place."""
    refers_to: str = ""
    """The part whose keys the values are; empty if they are no keys."""
    has_keys: bool = False
    """Whether the service keeps the keys to which the values refer, and not ids, so that a rename may leave them."""
    map_references: Callable[[JsonValue, Callable[[str, str], str]], JsonValue] | None = attrs.field(
        default=None, repr=False
    )
    """Returns a JSON value with another key in the place of each that it has inside, as a function returns it for the
    part and the key; ``None`` if such a value has no keys."""
    check: Check | None = attrs.field(default=None, repr=False)
    """A further check of a value, or of each member of a list or map."""
    normal: Callable[[JsonValue], JsonValue] | None = attrs.field(default=None, repr=False)
    """Returns a value in the one form that `ObjectKind.read` returns, if files may write it in several forms."""
    keys: Mapping[str, Field] = attrs.field(factory=dict[str, "Field"], repr=False)
    """The keys of a map, and the data of their values; empty if people choose the keys."""
    keeps_members: bool = False
    """Whether members are only added, so that neither null nor a prune removes one."""

    @property
    def has_members(self) -> bool:
        """Whether a change names members of the value, and not the value."""
        return self.shape in (Shape.MEMBERS, Shape.MAP)

    def problems(self, value: object) -> Iterator[Problem]:
        """Yield what is wrong with a value that a file has.

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
        """Return a value, or null for empty text that stands for no value: services show a cleared text so.

        Args:
            value: A value of the field.
        """
        return None if value == "" and self.is_nullable and self.shape is Shape.TEXT else value

    def canonical(self, value: JsonValue) -> JsonValue:
        """Return a value without problems as the model has it: choices in the spelling of the service.

        Args:
            value: The value of a file.
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
    """Return fields by their names."""
    return MappingProxyType({each.name: each for each in fields})


def spellings(choices: type[enum.StrEnum]) -> Collection[str]:
    """Return the texts that files may have for choices, those of the service first.

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
