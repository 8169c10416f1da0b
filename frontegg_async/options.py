"""Options: timeouts, retries, headers and other settings of a client, of a view or of a single call."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Literal, TypeAlias, TypeVar, cast, get_args

import attrs

from frontegg_async._values.durations import in_seconds
from frontegg_async._values.flags import check_flag
from frontegg_async._values.kinds import shown
from frontegg_async._values.secret import Hidden, Secret, hide, reveal
from frontegg_async._values.unset import UNSET, Unset, UnsetType
from frontegg_async._values.value import Value
from frontegg_async.errors import ConfigurationError

__all__ = ["HeaderValue", "IncompleteListing", "Options", "ResolvedOptions"]

AnyOptions = TypeVar("AnyOptions", bound="Options")

_HEADER_NAME: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}"
_RESERVED_HEADERS: Final = frozenset(
    {
        "accept-encoding",
        "authorization",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "cookie",
        "host",
        "proxy-authorization",
        "transfer-encoding",
        "x-access-token",
    }
)
_SETTABLE_FRONTEGG_HEADERS: Final = frozenset({"frontegg-application-id", "frontegg-vendor-id"})
_SECRET_HEADERS: Final = frozenset({"x-frontegg-headers-verifier"})
"""Headers whose values are hidden even if they are given as plain text."""

HeaderValue: TypeAlias = str | Secret
"""The value of a header; a `Secret` is sent as its text, and the text is shown nowhere else."""

_Headers: TypeAlias = Mapping[str, HeaderValue] | Unset | None


MAX_RETRIES: Final = 100
"""The largest number for ``max_retries``."""

IncompleteListing: TypeAlias = Literal["raise", "warn"]
"""The reaction to an incomplete listing: raise a `PaginationError`, or warn with a `PaginationWarning`."""


def _check_seconds(value: float | timedelta | Unset | None, name: str) -> float | Unset | None:
    if value is UNSET or value is None:
        return value
    value = in_seconds(value, name, ConfigurationError)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= sys.float_info.max:
        raise ConfigurationError(
            f"{name} must be a positive number of seconds, or None for no limit, not {shown(value)}"
        )
    return float(value)


def _check_retries(value: int | Unset | None) -> int | Unset | None:
    if value is UNSET or value is None:
        return value
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_RETRIES:
        raise ConfigurationError(
            f"max_retries must be a whole number from 0 to {MAX_RETRIES}, or None for no limit, not {shown(value)}"
        )
    return value


def _check_strict_delete(value: bool | Unset) -> bool | Unset:
    return value if value is UNSET else check_flag(value, "strict_delete", ConfigurationError)


def _check_read_only(value: bool | str | Unset) -> bool | str | Unset:
    if value is UNSET or (isinstance(value, str) and value):
        return value
    return check_flag(value, "read_only", ConfigurationError)


def _check_sorted(value: bool | Unset) -> bool | Unset:
    return value if value is UNSET else check_flag(value, "sorted_listings", ConfigurationError)


def _check_listing(value: IncompleteListing | Unset) -> IncompleteListing | Unset:
    if value is not UNSET and value not in get_args(IncompleteListing):
        raise ConfigurationError("incomplete_listing must be 'raise' or 'warn'")
    return value


def _check_headers(hidden: Hidden[_Headers]) -> _Headers:
    """Return headers with lower-case names. No frame of an error's traceback contains a value."""
    checked = _read_headers(hidden.reveal())
    if isinstance(checked, ConfigurationError):
        raise checked
    return checked


def _read_headers(headers: object) -> _Headers | ConfigurationError:
    """Return headers with lower-case names, or the error to raise."""
    if headers is None or isinstance(headers, UnsetType):
        return headers
    if not isinstance(headers, Mapping):
        return ConfigurationError(f"headers must be a mapping of names to texts, not {type(headers).__name__}")
    checked: dict[str, HeaderValue] = {}
    for name, value in cast("Mapping[object, HeaderValue]", headers).items():
        if not isinstance(name, str) or not re.fullmatch(_HEADER_NAME, name):
            return ConfigurationError("headers has a name that is not a valid HTTP header name")
        lower = name.lower()
        if lower in _RESERVED_HEADERS or (lower.startswith("frontegg-") and lower not in _SETTABLE_FRONTEGG_HEADERS):
            return ConfigurationError(f"headers may not set {lower}: the client sets this header itself")
        if not _is_header_value(value):
            return ConfigurationError(f"headers[{lower!r}] must be printable ASCII text without outer spaces")
        checked[lower] = hide(value) if lower in _SECRET_HEADERS else value
    return checked


def _is_header_value(value: HeaderValue) -> bool:
    text = reveal(value)
    return isinstance(text, str) and text.isprintable() and text.isascii() and text == text.strip()


@attrs.frozen(init=False, eq=False, repr=False)
class Options(Value):
    """Timeouts, retries and other settings of requests, for a client, for ``with_options()`` or for a single call.

    Every method of a resource takes ``options``. An omitted option is `UNSET` and is inherited: a call inherits from
    its view, a view from its client, and a client from the defaults. If a method sends several requests, for example
    one for each page of a listing, the options hold for each request. The ``options`` of a client are
    `ResolvedOptions`, which have a value for each option. Two `Options` are equal if they set the same options to the
    same values: ``Options()``, which inherits the timeout, differs from ``Options(timeout=30)``.

    Args:
        timeout: Seconds for one attempt, from the connection to the last byte; ``None`` for no limit; 30 by default.
            The connection gets at most nine tenths of this time, and at most 10 s.
        deadline: Seconds for the whole call: all attempts, and all waits for a connection, for a token and between
            attempts; ``None`` for no limit; 90 by default.
        max_retries: Attempts after the first, 0 to 100; ``None`` for as many attempts as the deadline and the retry
            budget allow; 2 by default. The retry budget limits the retries of all calls together.
        headers: Headers to add to each request, besides the inherited headers. ``None`` removes the inherited headers.
            Headers that the client or an operation sets are not allowed. A `Secret`, and any value of
            ``x-frontegg-headers-verifier``, is sent but never shown. Options with such a value cannot be pickled.
        strict_delete: Whether a delete raises `NotFoundError` if its repeated request gets a 404. By default this 404
            counts as success.
        incomplete_listing: The reaction if the number of items of a listing differs from the service's total: ``raise``
            (the default) raises a `PaginationError`, ``warn`` emits a `PaginationWarning`.
        read_only: Whether writes are refused with a `ReadOnlyError` before they are sent. A text also refuses writes,
            and the error quotes the text to say where this option is set. A view or a call cannot turn this option off.
        sorted_listings: Whether a listing requests an order even if the call names no order; ``True`` by default.
            Without an order, pages may lose rows during concurrent writes.

    Raises:
        ConfigurationError: A value is out of range, or a header is reserved.
    """

    timeout: float | Unset | None
    """Seconds for one attempt; ``None`` for no limit."""
    deadline: float | Unset | None
    """Seconds for the whole call; ``None`` for no limit."""
    max_retries: int | Unset | None
    """Attempts after the first, 0 to 100; ``None`` for no limit."""
    headers: Mapping[str, HeaderValue] | Unset | None = attrs.field(hash=False, repr=False)
    """Headers to add, with lower-case names; ``None`` for none."""
    strict_delete: bool | Unset
    """Whether a delete raises `NotFoundError` if its repeated request gets a 404."""
    incomplete_listing: IncompleteListing | Unset
    """``raise`` or ``warn`` if a listing is incomplete."""
    read_only: bool | str | Unset
    """Whether writes are refused, or a text that says where this option is set."""
    sorted_listings: bool | Unset
    """Whether a listing requests an order even if the call names no order."""

    def __init__(
        self,
        *,
        timeout: float | timedelta | Unset | None = UNSET,
        deadline: float | timedelta | Unset | None = UNSET,
        max_retries: int | None | Unset = UNSET,
        headers: Mapping[str, str | Secret] | Unset | None = UNSET,
        strict_delete: bool | Unset = UNSET,
        incomplete_listing: IncompleteListing | Unset = UNSET,
        read_only: bool | str | Unset = UNSET,
        sorted_listings: bool | Unset = UNSET,
    ) -> None:
        # Keep these texts out of this frame, which is part of an error's traceback.
        hidden = Hidden(headers)
        del headers
        checked = {
            "timeout": _check_seconds(timeout, "timeout"),
            "deadline": _check_seconds(deadline, "deadline"),
            "max_retries": _check_retries(max_retries),
            "headers": _check_headers(hidden),
            "strict_delete": _check_strict_delete(strict_delete),
            "incomplete_listing": _check_listing(incomplete_listing),
            "read_only": _check_read_only(read_only),
            "sorted_listings": _check_sorted(sorted_listings),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)


class ResolvedOptions(Options):
    """Options that have a value for each option, for example the ``options`` of a client. `Options` explains them."""

    __slots__ = ()

    timeout: float | None
    """Seconds for one attempt; ``None`` for no limit."""
    deadline: float | None
    """Seconds for the whole call; ``None`` for no limit."""
    max_retries: int | None
    """Attempts after the first, 0 to 100; ``None`` for no limit."""
    headers: Mapping[str, HeaderValue] | None
    """Headers to add, with lower-case names; ``None`` for none."""
    strict_delete: bool
    """Whether a delete raises `NotFoundError` if its repeated request gets a 404."""
    incomplete_listing: IncompleteListing
    """``raise`` or ``warn`` if a listing is incomplete."""
    read_only: bool | str
    """Whether writes are refused, or a text that says where this option is set."""
    sorted_listings: bool
    """Whether a listing requests an order even if the call names no order."""

    def __init__(
        self,
        *,
        timeout: float | timedelta | None = 30.0,
        deadline: float | timedelta | None = 90.0,
        max_retries: int | None = 2,
        headers: Mapping[str, str | Secret] | None = None,
        strict_delete: bool = False,
        incomplete_listing: IncompleteListing = "raise",
        read_only: bool | str = False,
        sorted_listings: bool = True,
    ) -> None:
        hidden = Hidden(headers)
        del headers
        super().__init__(
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            headers=hidden.reveal(),
            strict_delete=strict_delete,
            incomplete_listing=incomplete_listing,
            read_only=read_only,
            sorted_listings=sorted_listings,
        )


_NAMES: Final = tuple(field.name for field in attrs.fields(Options))
_DEFAULTS: Final = ResolvedOptions()


def merge_options(options: AnyOptions, other: Options) -> AnyOptions:
    """Return options, with the values that ``other`` sets in place of the old values. Headers are merged."""
    found = object.__new__(type(options))
    for name in _NAMES:
        given = cast("object", getattr(other, name))
        is_kept = given is UNSET or (name == "read_only" and options.read_only)
        object.__setattr__(found, name, getattr(options, name) if is_kept else given)
    if options.headers and other.headers:
        object.__setattr__(found, "headers", {**options.headers, **other.headers})
    return found


def resolve_options(options: Options) -> ResolvedOptions:
    """Return options in which omitted options have their defaults."""
    return merge_options(_DEFAULTS, options)
