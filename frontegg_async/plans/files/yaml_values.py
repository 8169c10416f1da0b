"""`YamlValues`: builds the values of a YAML text from the events of the parser, with the place of each value."""

from __future__ import annotations

from types import ModuleType, TracebackType
from typing import Any, Final, Protocol, Self, cast

from frontegg_async._core.checks.arguments import MAX_DEPTH
from frontegg_async._formats.yaml_text import pyyaml
from frontegg_async._values.json_values import JsonValue
from frontegg_async.plans.files.places import MAX_PARTS, BrokenTextError, Part, PlacedValue, Spot
from frontegg_async.plans.files.yaml_stream import YamlStream

_TAG: Final = "tag:yaml.org,2002:"
_MERGE: Final = f"{_TAG}merge"
_TEXTS: Final = frozenset({_MERGE, *(_TAG + name for name in ("str", "value", "timestamp"))})
"""The YAML tags of values that stay text. The tags include times, since JSON has no times."""
_SCALARS: Final = frozenset(_TAG + name for name in ("null", "bool", "int", "float"))

_NONE: Final[dict[str | int, Part[Spot]]] = {}
_LONGEST: Final = 60
"""The maximum number of characters of a tag in a message."""
_WITHOUT_END: Final = frozenset({"found unexpected end of stream", "could not find expected ':'"})
_TAB: Final = "a tab must not be used for indentation: use spaces"


class Mark(Protocol):
    """A position in the text, from 0."""

    index: int
    line: int
    column: int


class Event(Protocol):
    """An event of PyYAML, which has no type annotations."""

    start_mark: Mark
    end_mark: Mark


class YamlValues:
    """Reads the values of a text one at a time.

    YAML aliases are refused, since a small text with aliases can expand to more values than fit into memory.

    Args:
        stream: The text.
        first: The number of the first line.
        most: The maximum number of inner values whose places are stored.

    Attributes:
        size: The number of characters of the last value.
    """

    def __init__(self, stream: YamlStream, first: int = 1, *, most: int = MAX_PARTS) -> None:
        self._yaml: ModuleType = pyyaml()
        self._loader: Any = getattr(self._yaml, "CSafeLoader", self._yaml.SafeLoader)(stream)
        self._stream = stream
        self._first = first
        self._faults: list[tuple[Spot, str]] = []
        self._most = most
        self._parts = 0
        self._end = 0
        self.size: int = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._loader.dispose()
        self._stream.close()

    def event(self) -> Event:
        """Return the next event.

        Raises:
            BrokenTextError: The text is not YAML.
        """
        try:
            event = cast("Event | None", self._loader.get_event())
        except self._yaml.MarkedYAMLError as error:
            # Report where an unfinished text or key begins. This place is more helpful than the place where the parser
            # failed.
            mark = error.context_mark if error.problem in _WITHOUT_END else error.problem_mark
            problem = f"{error.problem} {error.context or ''}".strip()
        except self._yaml.YAMLError as error:
            mark, problem = None, str(error)
        else:
            if event is None:
                raise BrokenTextError(None, "the text has no more values")
            self._end = event.end_mark.index
            return event
        spot = None if mark is None else self._spot(mark)
        is_tab = spot is not None and self._stream.is_tab(spot)
        raise BrokenTextError(spot, _TAB if is_tab else f"not YAML: {problem}")

    def is_a(self, event: Event, kind: str) -> bool:
        """Return whether an event has a kind, such as ``SequenceStart``."""
        return isinstance(event, getattr(self._yaml, f"{kind}Event"))

    def spot(self, event: Event) -> Spot:
        """Return where an event begins."""
        return self._spot(event.start_mark)

    def _spot(self, mark: Mark) -> Spot:
        return mark.line + self._first, mark.column + 1

    def value(self, event: Event) -> PlacedValue:
        """Return the value that begins with an event. Consume the events up to the end of the value.

        Raises:
            BrokenTextError: The text is not YAML, or is nested too deeply.
        """
        self._faults, self._parts = [], 0
        self._stream.begin_row(self.spot(event))
        value, part = self._value(event, 0, None)
        self.size = self._end - event.start_mark.index
        return PlacedValue(value, part.find, self._faults)

    def _value(self, event: Any, depth: int, name: Spot | None) -> tuple[JsonValue, Part[Spot]]:  # noqa: ANN401 - as above
        spot = self.spot(event)
        yaml = self._yaml
        parts: dict[str | int, Part[Spot]] = _NONE
        value: JsonValue = None
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            self._faults.append((spot, f"the alias *{event.anchor} is not allowed: write the value"))
        elif depth > MAX_DEPTH:
            raise BrokenTextError(spot, f"the row is nested deeper than {MAX_DEPTH} levels")
        else:
            parts = {}
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            value = self._mapping(depth, parts) if is_mapping else self._sequence(depth, parts)
        return value, Part(name or spot, spot, parts)

    def _sequence(self, depth: int, parts: dict[str | int, Part[Spot]]) -> list[JsonValue]:
        found: list[JsonValue] = []
        while not isinstance(event := self.event(), self._yaml.SequenceEndEvent):
            value, part = self._value(event, depth + 1, None)
            self._place(parts, len(found), part)
            found.append(value)
        return found

    def _mapping(self, depth: int, parts: dict[str | int, Part[Spot]]) -> dict[str, JsonValue]:
        found: dict[str, JsonValue] = {}
        while not isinstance(event := self.event(), self._yaml.MappingEndEvent):
            name = self.spot(event)
            key = self._key(event, depth)
            value, part = self._value(self.event(), depth + 1, name)
            if key in found:
                self._faults.append((name, f"the key {key!r} occurs twice"))
            if key is not None:
                found[key] = value
                self._place(parts, key, part)
        return found

    def _key(self, event: Any, depth: int) -> str | None:  # noqa: ANN401 - as above
        """Return a key as text; ``None`` if the key is not allowed."""
        spot = self.spot(event)
        if not isinstance(event, self._yaml.ScalarEvent):
            self._value(event, depth + 1, None)
            self._faults.append((spot, "a key must be text"))
            return None
        if event.value == "<<" and event.implicit[0]:
            self._faults.append((spot, "the merge key << is not allowed: write the keys"))
            return None
        return cast("str", event.value)

    def _place(self, parts: dict[str | int, Part[Spot]], key: str | int, part: Part[Spot]) -> None:
        if self._parts < self._most:
            self._parts += 1
            parts[key] = part

    def _scalar(self, event: Any) -> JsonValue:  # noqa: ANN401 - as above
        text = cast("str", event.value)
        tag = event.tag
        if tag in (None, "!"):
            tag = self._loader.resolve(self._yaml.ScalarNode, text, event.implicit)
        if tag in _TEXTS:
            return text
        if tag not in _SCALARS:
            shown = cast("str", tag).replace(_TAG, "!!")[:_LONGEST]
            self._faults.append((self.spot(event), f"the tag {shown} is not allowed: write a plain value"))
            return None
        try:
            node = self._yaml.ScalarNode(tag, text, event.start_mark, event.end_mark)
            return cast("JsonValue", self._loader.yaml_constructors[tag](self._loader, node))
        except (ValueError, LookupError):  # for example for !!int x, or a number with thousands of digits
            self._faults.append((self.spot(event), f"the value cannot be read as {tag.removeprefix(_TAG)}"))
            return None
