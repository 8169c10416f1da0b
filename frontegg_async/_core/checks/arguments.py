"""Check the arguments of calls before a request is sent. Each error names the argument and what is allowed."""

from __future__ import annotations

import enum
import functools
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import CoroutineType, NoneType
from typing import Final, TypeVar, cast, get_args, get_origin
from urllib.parse import urlsplit

import attrs

from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.durations import in_seconds, in_whole_units
from frontegg_async._values.fields import MAY_BE_EMPTY, field_types, holds_json
from frontegg_async._values.flags import check_flag
from frontegg_async._values.json_values import RawText, parse_json_text
from frontegg_async._values.kinds import kind_of, shown
from frontegg_async._values.unset import UNSET
from frontegg_async.errors import InvalidArgumentError

E = TypeVar("E", bound=enum.StrEnum)

MAX_LENGTH: Final = 256
"""The greatest length of an id or a key, in characters."""

_PLAIN: Final = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,255}", re.ASCII)

_NOT_IN_EMAIL: Final = r"[\s\x00-\x1f\x7f<>,;]"
_NOT_IN_URL: Final = r"[\s\x00-\x1f\x7f]"

_JSON_VALUES: Final = "use text, numbers, booleans, None, lists and mappings"

MAX_INTEGER: Final = 2**63 - 1

MAX_DEPTH: Final = 128
"""The deepest nesting of a JSON value that is sent."""


@without_frames
def check_json(value: object, argument: str) -> None:
    """Refuse a value that has no JSON form.

    Args:
        value: Any value.
        argument: The name of the caller's argument, for the message.

    Raises:
        InvalidArgumentError: A number is not finite, a key is not text, a text has a lone surrogate, a type has no JSON
            form, or the nesting is deeper than `MAX_DEPTH`. The message names the place, not the value.
    """
    pending: list[tuple[object, str, int]] = [(value, argument, 0)]
    while pending:
        item, place, depth = pending.pop()
        if isinstance(item, Mapping | list | tuple):
            if depth >= MAX_DEPTH:
                raise InvalidArgumentError(f"{argument} is nested deeper than {MAX_DEPTH} levels")
            pending.extend((member, inner, depth + 1) for inner, member in _members(cast("object", item), place))
        else:
            _check_scalar(item, place)


def _members(container: object, place: str) -> list[tuple[str, object]]:
    if not isinstance(container, Mapping):
        members = cast("Sequence[object]", container)
        return [(f"{place}[{index}]", member) for index, member in enumerate(members)]
    mapping = cast("Mapping[object, object]", container)
    for key in mapping:
        if not isinstance(key, str):
            raise InvalidArgumentError(f"{place} has a key of type {type(key).__name__}: keys must be text")
        _check_text(key, f"a key of {place}")
    return [(f"{place}[{key!r}]", member) for key, member in mapping.items()]


def _check_scalar(item: object, place: str) -> None:
    if item is None or isinstance(item, bool):
        return
    if isinstance(item, str):
        _check_text(item, place)
    elif isinstance(item, int):
        if not -MAX_INTEGER - 1 <= item <= 2 * MAX_INTEGER + 1:
            raise InvalidArgumentError(f"{place} must be a whole number of at most 64 bits")
    elif isinstance(item, float):
        if not math.isfinite(item):
            raise InvalidArgumentError(f"{place} must be a finite number: JSON has no NaN and no infinity")
    elif isinstance(item, CoroutineType):
        raise InvalidArgumentError(f"{place} must be a value that JSON can hold, not {kind_of(cast('object', item))}")
    else:
        raise InvalidArgumentError(
            f"{place} is of type {type(item).__name__}, which JSON cannot hold: "
            f"{'give its isoformat()' if hasattr(type(item), 'isoformat') else _JSON_VALUES}"
        )


def _check_text(text: str, place: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        encodable = False
    else:
        encodable = True
    if not encodable:
        raise InvalidArgumentError(f"{place} has a lone surrogate, which is not valid Unicode text")


@without_frames
def check_mapping(value: object, argument: str) -> None:
    """Refuse a value that is not a mapping. The content of the mapping is checked when it is encoded as JSON.

    Args:
        value: Any value.
        argument: The name of the caller's argument, for the message.

    Raises:
        InvalidArgumentError: The value is not a mapping.
    """
    if not isinstance(value, Mapping):
        raise InvalidArgumentError(f"{argument} must be a mapping, not {kind_of(value)}")


def check_text(value: object, argument: str, *, allow_empty: bool = False) -> None:
    """Refuse a value that is not text in valid Unicode.

    Raises:
        InvalidArgumentError: The value is not a ``str``, is empty, or has a lone surrogate.
    """
    if isinstance(value, str) and value and value.isascii():
        return
    try:
        _check_odd_text(value, argument, allow_empty=allow_empty)
    except InvalidArgumentError as error:
        error.__traceback__ = None  # its frames contain the value
        raise


def _check_odd_text(value: object, argument: str, *, allow_empty: bool) -> None:
    if not isinstance(value, str):
        raise InvalidArgumentError(f"{argument} must be text, not {kind_of(value, argument)}")
    if not value and not allow_empty:
        raise InvalidArgumentError(f"{argument} must not be empty")
    _check_text(value, argument)


def is_plain(value: object) -> bool:
    """Return whether a value can be a segment of a path without percent-encoding."""
    return isinstance(value, str) and _PLAIN.fullmatch(value) is not None


@without_frames
def check_path_value(value: object, argument: str) -> None:
    """Refuse a value that cannot be one segment of a path.

    The segments ``.`` and ``..`` are resolved before a request is sent, even if they are percent-encoded. They could
    turn the deletion of a metadata key into the deletion of a tenant.

    Raises:
        InvalidArgumentError: The value is not a ``str`` of 1 to 256 characters, is ``.`` or ``..``, or has a control
            character or a lone surrogate.
    """
    if is_plain(value):
        return
    check_text(value, argument)
    text = cast("str", value)
    if len(text) > MAX_LENGTH:
        raise InvalidArgumentError(f"{argument} must have at most {MAX_LENGTH} characters")
    if text in {".", ".."}:
        raise InvalidArgumentError(f"{argument} must not be '.' or '..'")
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise InvalidArgumentError(f"{argument} must not have control characters")


def check_id(value: object, argument: str) -> None:
    """Refuse a value that cannot be an id in a path, a header or a body.

    Raises:
        InvalidArgumentError: The value cannot be one segment of a path, or the value begins or ends with white space.
    """
    # This line repeats `is_plain` to avoid a call, because each id is checked here and again when the path is built.
    if isinstance(value, str) and _PLAIN.fullmatch(value) is not None:
        return
    try:
        _check_odd_id(value, argument)
    except InvalidArgumentError as error:
        error.__traceback__ = None  # its frames contain the value
        raise


def _check_odd_id(value: object, argument: str) -> None:
    check_path_value(value, argument)
    text = cast("str", value)
    if text != text.strip():
        raise InvalidArgumentError(f"{argument} must not begin or end with white space")


@without_frames
def check_email(value: object, argument: str) -> None:
    """Refuse a value that cannot be an e-mail address.

    Raises:
        InvalidArgumentError: The value is not a name and a domain with one ``@`` between them, has white space, or is
            longer than 256 characters.
    """
    check_path_value(value, argument)
    name, _, domain = cast("str", value).rpartition("@")
    if not name or "@" in name or re.search(_NOT_IN_EMAIL, name) or not domain or re.search(_NOT_IN_EMAIL, domain):
        raise InvalidArgumentError(f"{argument} must be an e-mail address, such as someone@example.com")


@without_frames
def check_ids(values: object, argument: str, *, of_query: bool = False, kind: str = "id") -> tuple[str, ...]:
    """Return the ids, or other short texts, of a sequence. Repetitions are dropped, and the order is kept.

    Args:
        values: The ids.
        argument: The name of the caller's argument, for the message.
        of_query: Whether the ids are sent in the query, where the service may split them at commas.
        kind: The name of an item, for the message.

    Raises:
        InvalidArgumentError: The value is a single text, an empty sequence or no sequence, or an item cannot be an id.
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        hint = f": give a list, also for one {kind}" if isinstance(values, str) else ""
        raise InvalidArgumentError(f"{argument} must be a sequence of {kind}s, not {kind_of(values)}{hint}")
    ids = tuple(cast("Iterable[str]", values))
    if not ids:
        raise InvalidArgumentError(f"{argument} must have at least one {kind}")
    for index, value in enumerate(ids):
        check_id(value, f"{argument}[{index}]")
        if of_query and "," in value:
            raise InvalidArgumentError(
                f"{argument}[{index}] must not have a comma, because the service may split the value at commas"
            )
    return tuple(dict.fromkeys(ids))


def check_count(value: object, argument: str, *, least: int, most: int) -> None:
    """Refuse a value that is not a whole number in the range.

    Raises:
        InvalidArgumentError: The value is not an ``int`` from ``least`` to ``most``.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InvalidArgumentError(f"{argument} must be a whole number from {least} to {most}, not {shown(value)}")


@without_frames
def check_duration(value: object, argument: str, *, least: int, most: int) -> int:
    """Return a duration as a whole number, in minutes if the argument's name ends in ``minutes``, else in seconds.

    Raises:
        InvalidArgumentError: The value is neither an ``int`` from ``least`` to ``most``, nor a `timedelta` in this
            range.
    """
    number = in_whole_units(value, argument, InvalidArgumentError)
    check_count(number, argument, least=least, most=most)
    return cast("int", number)


@without_frames
def optional_duration(value: object, argument: str, *, least: int, most: int = MAX_INTEGER) -> int | None:
    """Return a duration as `check_duration` does, or ``None`` for ``None``."""
    return None if value is None else check_duration(value, argument, least=least, most=most)


def check_member(value: object, kind: type[E], argument: str) -> E:
    """Return the member of an enumeration for the member, its value, or one of the texts of `texts_of`.

    Raises:
        InvalidArgumentError: The enumeration has no such member.
    """
    if isinstance(value, str) and (found := _members_by_text(kind).get(value)) is not None:
        return cast("E", found)
    import difflib  # noqa: PLC0415 - needed for errors only

    known = [literal_of(member) for member in kind]
    folded = {text.casefold(): literal_of(member) for member in kind for text in texts_of(member)}
    text = value.casefold() if isinstance(value, str) and len(value) <= MAX_LENGTH else ""
    nearest = difflib.get_close_matches(text, folded, 1)
    meant = f"; did you mean {folded[nearest[0]]!r}?" if nearest else ""
    raise InvalidArgumentError(f"{argument} must be one of {', '.join(known)}, not {shown(value)}{meant}")


@functools.cache
def _members_by_text(kind: type[enum.StrEnum]) -> dict[str, enum.StrEnum]:
    return {text: member for member in kind for text in (member.value, *texts_of(member))}


def texts_of(member: enum.StrEnum) -> tuple[str, ...]:
    """Return the texts that a caller may pass for a member: `literal_of`, and the member's name in lower case."""
    return tuple(dict.fromkeys((literal_of(member), member.name.lower())))


def literal_of(member: enum.StrEnum) -> str:
    """Return the text that signatures show for a member: the member's value, without upper case."""
    return member.value.lower() if member.value.isupper() else member.value


def check_seconds(value: object, argument: str) -> float:
    """Return a time limit in seconds. ``None`` means no limit and returns infinity.

    Raises:
        InvalidArgumentError: The value is neither ``None``, a positive finite number, nor a positive `timedelta`.
    """
    if value is None:
        return math.inf
    value = in_seconds(value, argument, InvalidArgumentError)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise InvalidArgumentError(
            f"{argument} must be a positive number of seconds, or None for no limit, not {shown(value)}"
        )
    return float(value)


@without_frames
def check_url(value: object, argument: str, *, example: str) -> None:
    """Refuse a value that is not an absolute URL.

    Args:
        value: Any value.
        argument: The name of the caller's argument, for the message.
        example: An address that is allowed, for the message.

    Raises:
        InvalidArgumentError: The value does not begin with ``https://`` or ``http://`` and a host, or has white space.
    """
    check_text(value, argument)
    text = cast("str", value)
    try:
        parts = urlsplit(text)
        is_absolute = parts.scheme in {"https", "http"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_absolute = False
    if not is_absolute or re.search(_NOT_IN_URL, text):
        raise InvalidArgumentError(f"{argument} must be an absolute URL, such as {example}")


@without_frames
def check_alias(value: object, argument: str) -> None:
    """Refuse a value that cannot be the alias of a tenant.

    Raises:
        InvalidArgumentError: The value cannot be one segment of a path, or the value contains a slash.
    """
    check_path_value(value, argument)
    if "/" in cast("str", value):
        raise InvalidArgumentError(f"{argument} must not have a slash: give the alias alone, without an address")


@without_frames
def check_body(body: attrs.AttrsInstance) -> None:
    """Refuse a body with a field whose type does not match the annotation of the model.

    Raises:
        InvalidArgumentError: A field has the wrong type, or its value has no JSON form.
    """
    _check_fields(body, "")


def _check_fields(body: attrs.AttrsInstance, prefix: str) -> None:
    for name, check in _checks(type(body)):
        value: object = getattr(body, name)
        if value is not UNSET:
            check(value, prefix + name)


@functools.cache
def _checks(model: type[attrs.AttrsInstance]) -> tuple[tuple[str, Callable[[object, str], None]], ...]:
    hints = field_types(model)
    return tuple(
        (field.name, _check_no_ids if MAY_BE_EMPTY in field.metadata else _check_of(hints[field.name]))
        for field in attrs.fields(model)
    )


def _check_of(hint: object) -> Callable[[object, str], None]:
    if get_origin(hint) is tuple:
        return _check_models if attrs.has(get_args(hint)[0]) else _check_ids
    kinds = get_args(hint) or (hint,)
    if holds_json(hint):
        return check_json_or_text
    if str not in kinds and bool not in kinds:
        return _no_check
    check = _check_flag if bool in kinds else _check_any_text
    if NoneType not in kinds:
        return check
    return functools.partial(_check_optional, check)


def check_json_or_text(value: object, argument: str) -> None:
    """Refuse a value without a JSON form, and refuse a text that is not JSON.

    The service would store such a text unchanged.

    Raises:
        InvalidArgumentError: The value has no JSON form, or the value is a text that is not JSON.
    """
    check_json(value, argument)
    if isinstance(value, str) and not isinstance(value, RawText) and isinstance(parse_json_text(value), RawText):
        raise InvalidArgumentError(
            f"{argument} given as text must be JSON text, because the service stores the text unchanged: "
            "give a mapping or another JSON value, or write a plain text with quotes, as '\"text\"'"
        )


def _check_optional(check: Callable[[object, str], None], value: object, argument: str) -> None:
    if value is not None:
        check(value, argument)


def _check_flag(value: object, argument: str) -> None:
    check_flag(value, argument, InvalidArgumentError)


def _check_any_text(value: object, argument: str) -> None:
    check_text(value, argument, allow_empty=True)


def _check_ids(value: object, argument: str) -> None:
    check_ids(value, argument)


def _check_models(values: object, argument: str) -> None:
    for index, model in enumerate(cast("tuple[attrs.AttrsInstance, ...]", values)):
        _check_fields(model, f"{argument}[{index}].")


def _check_no_ids(value: object, argument: str) -> None:
    if value != ():
        check_ids(value, argument)


def _no_check(value: object, argument: str) -> None:
    """Check nothing, because the methods of the resources check ids and objects."""
