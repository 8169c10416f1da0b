"""The options of a client, of a view and of a single call."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, TypeVar, cast

import attrs

from frontegg_async._values.secret import Hidden, Secret, hide
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async._values.value import Value
from frontegg_async.errors import ConfigurationError

T = TypeVar("T")

_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")
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
"""Headers whose values are hidden also when they are given as plain text."""

HeaderValue: TypeAlias = str | Secret
"""The value of a header; a `Secret` is sent as its text and shows nowhere else."""


MAX_RETRIES: Final = 100

IncompleteListing: TypeAlias = Literal["raise", "warn"]


def _check_seconds(value: float | None, name: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= sys.float_info.max:
        raise ConfigurationError(f"{name} must be a positive number of seconds, or None for no limit")
    return float(value)


def _check_retries(value: int | None) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_RETRIES:
        raise ConfigurationError(f"max_retries must be a whole number from 0 to {MAX_RETRIES}, or None for no limit")
    return value


def _check_flag(value: bool, name: str) -> bool:
    if not isinstance(value, bool):
        raise ConfigurationError(f"{name} must be True or False")
    return value


def _check_listing(value: IncompleteListing) -> IncompleteListing:
    if value not in ("raise", "warn"):
        raise ConfigurationError("incomplete_listing must be 'raise' or 'warn'")
    return value


def hide_headers(headers: Mapping[str, HeaderValue] | T) -> Mapping[str, HeaderValue] | T:
    """Return headers with those values hidden that are secrets; anything else as it is.

    A frame whose parameter is the headers deletes that parameter then: what is raised later keeps the frame.
    """
    if not isinstance(headers, Mapping):
        return headers
    given = cast("Mapping[str, HeaderValue]", headers)
    return {name: _hide_value(value) if _is_secret(name) else value for name, value in given.items()}


def _hide_value(value: HeaderValue) -> HeaderValue:
    """Return a value as a secret; what is no text by mistake, as bytes, is hidden until it is refused."""
    hidden = hide(value)
    return hidden if isinstance(hidden, Secret) else cast("Secret", Hidden(hidden))


def _is_secret(name: object) -> bool:
    return isinstance(name, str) and name.lower() in _SECRET_HEADERS


def _check_headers(headers: Mapping[str, HeaderValue] | None) -> Mapping[str, HeaderValue] | None:
    if headers is None:
        return None
    if not isinstance(headers, Mapping):
        raise ConfigurationError(f"headers must be a mapping of names to texts, not {type(headers).__name__}")
    checked: dict[str, HeaderValue] = {}
    for name, value in headers.items():
        if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name):
            raise ConfigurationError("headers has a name that is not a valid HTTP header name")
        lower = name.lower()
        if lower in _RESERVED_HEADERS or (lower.startswith("frontegg-") and lower not in _SETTABLE_FRONTEGG_HEADERS):
            raise ConfigurationError(f"headers may not set {lower}: the client and its operations set it")
        if not _is_header_value(value):
            raise ConfigurationError(f"headers[{lower!r}] must be printable ASCII text without outer spaces")
        checked[lower] = value
    return checked


def _is_header_value(value: HeaderValue) -> bool:
    text = value.reveal() if isinstance(value, Secret | Hidden) else value
    return isinstance(text, str) and text.isprintable() and text.isascii() and text == text.strip()


@attrs.frozen(init=False, eq=False, repr=False)
class Options(Value):
    """How a call is made. Give it to a client, to ``with_options()`` or to a single call.

    What is not given to a single call is taken from the client.

    Args:
        timeout: Seconds for one attempt, from the connection to the last byte; ``None`` for no limit; 30 by default.
            Making the connection gets at most nine tenths of it and never more than 10 s.
        deadline: Seconds for the whole call: queue, token, attempts and the waits between them; ``None`` for no
            limit; 90 by default.
        max_retries: Attempts after the first, 0 to 100; ``None`` for as many as the deadline and the budget of the
            client allow; 2 by default.
        headers: Headers to add to each request; none that the client or an operation sets. They are added to those
            of the client. A value that is given as a `Secret`, and that of ``x-frontegg-headers-verifier`` in any
            case, is sent and shows nowhere; options that have one cannot be pickled.
        strict_delete: Whether a 404 on a repeated delete raises; by default it counts as done.
        incomplete_listing: What a listing does that did not yield what the service says there is: ``raise`` a
            `PaginationError`, which is the default, or ``warn``.

    Raises:
        ConfigurationError: A value is out of range, or a header is reserved.
    """

    timeout: float | None
    deadline: float | None
    max_retries: int | None
    headers: Mapping[str, HeaderValue] | None = attrs.field(hash=False, repr=False)
    strict_delete: bool
    incomplete_listing: IncompleteListing
    given: frozenset[str] = attrs.field(init=False, eq=False, repr=False)

    def __init__(
        self,
        *,
        timeout: float | Unset | None = UNSET,
        deadline: float | Unset | None = UNSET,
        max_retries: int | None | Unset = UNSET,
        headers: Mapping[str, str | Secret] | Unset | None = UNSET,
        strict_delete: bool | Unset = UNSET,
        incomplete_listing: IncompleteListing | Unset = UNSET,
    ) -> None:
        # This frame is part of an error's traceback, which must not hold the texts.
        hidden = hide_headers(headers)
        del headers
        given = {
            "timeout": timeout,
            "deadline": deadline,
            "max_retries": max_retries,
            "headers": hidden,
            "strict_delete": strict_delete,
            "incomplete_listing": incomplete_listing,
        }
        checked = {
            "timeout": 30.0 if timeout is UNSET else _check_seconds(timeout, "timeout"),
            "deadline": 90.0 if deadline is UNSET else _check_seconds(deadline, "deadline"),
            "max_retries": 2 if max_retries is UNSET else _check_retries(max_retries),
            "headers": None if hidden is UNSET else _check_headers(hidden),
            "strict_delete": False if strict_delete is UNSET else _check_flag(strict_delete, "strict_delete"),
            "incomplete_listing": "raise" if incomplete_listing is UNSET else _check_listing(incomplete_listing),
            "given": frozenset(name for name, value in given.items() if value is not UNSET),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    def merge(self, other: Options) -> Options:
        """Return these options with what was given to ``other`` in their place; headers are joined."""
        take = other.given

        def pick(name: str) -> Options:
            return other if name in take else self

        headers = self.headers
        if "headers" in take:
            headers = {**(self.headers or {}), **other.headers} if other.headers else other.headers
        merged = Options(
            timeout=pick("timeout").timeout,
            deadline=pick("deadline").deadline,
            max_retries=pick("max_retries").max_retries,
            headers=headers,
            strict_delete=pick("strict_delete").strict_delete,
            incomplete_listing=pick("incomplete_listing").incomplete_listing,
        )
        # What neither was given stays not given, so that the result may be merged into others.
        object.__setattr__(merged, "given", self.given | take)
        return merged
