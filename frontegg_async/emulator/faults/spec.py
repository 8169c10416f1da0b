"""The definition of a fault: the matching requests, the stage and the action. The definition is checked here."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from fnmatch import fnmatchcase
from typing import Final, Literal, TypeAlias, cast, get_args

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.checks.paths import equal_paths

Stage: TypeAlias = Literal["accept", "before_commit", "after_commit", "in_headers", "in_body", "idle", "delivery"]
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
DELIVERY: Final[Stage] = "delivery"
"""The stage of faults that act on deliveries of webhooks instead of requests."""
_NO_HEADERS: Final[Mapping[str, str]] = {}
MAX_BOMB: Final = 2**32
MAX_SECONDS: Final = 86_400.0
WAIT_UNTOLD: Final = 60.0


@attrs.frozen(kw_only=True)
class Match:
    """The conditions of the requests or deliveries on which a fault acts. ``None`` is no condition.

    Path and event may be `fnmatch` patterns. In these patterns, ``*`` also matches slashes and dots.
    """

    method: str | None = None
    path: str | None = None
    event: str | None = None
    nth: int | None = None
    probability: float | None = None
    times: int | None = None

    def covers(self, method: str, path: str) -> bool:
        """Return whether the method and path match."""
        if self.method is not None and self.method != method:
            return False
        pattern = self.path
        return pattern is None or any(fnmatchcase(form, pattern) for form in equal_paths(path))

    def covers_event(self, key: str) -> bool:
        """Return whether an event key matches."""
        return self.event is None or fnmatchcase(key, self.event)


@attrs.frozen(kw_only=True)
class Status:
    """Respond with a given status. The body and headers of the response can be given too."""

    status: int
    body: JsonValue = None
    headers: Mapping[str, str] = _NO_HEADERS


@attrs.frozen(kw_only=True)
class Delay:
    """Wait for some seconds of real time. At the stage of idle connections, close the connection afterwards."""

    seconds: float


@attrs.frozen(kw_only=True)
class RateLimit:
    """Respond with 429. A flag says whether the response has the header with the time of the reset."""

    reset_in: float
    with_header: bool


@attrs.frozen(kw_only=True)
class Redirect:
    """Respond with a redirect."""

    location: str
    status: int


@attrs.frozen(kw_only=True)
class Reset:
    """Reset the connection."""


@attrs.frozen(kw_only=True)
class Close:
    """Close the connection without a reset."""


@attrs.frozen(kw_only=True)
class Truncate:
    """Send a number of bytes and close the connection. ``in_headers`` counts from the head, not from the body."""

    bytes: int


@attrs.frozen(kw_only=True)
class Drip:
    """Send the response in pieces of a number of bytes, with a pause after each piece."""

    bytes: int
    every: float


@attrs.frozen(kw_only=True)
class Garbage:
    """Send bytes that are not HTTP. On an idle connection, send a complete response that nobody requested."""


@attrs.frozen(kw_only=True)
class Bomb:
    """Respond with a decompression bomb: a small body whose decompressed content is large."""

    encoding: str
    size: int


@attrs.frozen(kw_only=True)
class Lose:
    """Drop a delivery, but do not count it as a failure."""


@attrs.frozen(kw_only=True)
class Double:
    """Make a delivery twice, both times with the same header and body."""


@attrs.frozen(kw_only=True)
class Swap:
    """Postpone a delivery until the next delivery to the same webhook, or until a test waits for all deliveries."""


_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FRAMING: Final = frozenset({"connection", "content-length", "transfer-encoding"})

FaultAction: TypeAlias = (
    Status | Delay | RateLimit | Redirect | Reset | Close | Truncate | Drip | Garbage | Bomb | Lose | Double | Swap
)

_BEFORE_RESPONSE: Final = frozenset({"status", "delay", "rate_limit", "redirect", "reset", "close", "garbage", "bomb"})
_IN_RESPONSE: Final = frozenset({"delay", "reset", "close", "truncate", "drip", "garbage"})
ALLOWED: Final[Mapping[Stage, frozenset[str]]] = {
    "accept": _BEFORE_RESPONSE,
    "before_commit": _BEFORE_RESPONSE,
    "after_commit": _BEFORE_RESPONSE | {"truncate", "drip"},
    "in_headers": _IN_RESPONSE,
    "in_body": _IN_RESPONSE | {"bomb"},
    "idle": frozenset({"delay", "reset", "close", "garbage"}),
    "delivery": frozenset({"delay", "lose", "double", "swap"}),
}
"""The actions of faults that are possible at each stage."""


def parse_fault(document: JsonValue) -> tuple[Match, Stage, FaultAction]:
    """Read a fault from the JSON of the admin API.

    Raises:
        ValueError: A value is missing, unknown or out of range. The message names the value.
    """
    spec = _object(document, "the fault")
    _check_names(spec, "the fault", {"match", "stage", "action"})
    stage = spec.get("stage")
    if stage not in STAGES:
        raise ValueError(f"stage must be one of {', '.join(STAGES)}")
    action = _object(spec.get("action"), "action")
    kind = action.get("type")
    allowed = ALLOWED[stage]
    if not isinstance(kind, str) or kind not in allowed:
        raise ValueError(f"action.type at stage {stage} must be one of {', '.join(sorted(allowed))}")
    of = {"event"} if stage == DELIVERY else {"method", "path"}
    return _parse_match(_object(spec.get("match", {}), "match"), of), stage, _parse_action(kind, action)


def _parse_match(spec: Mapping[str, JsonValue], of: Collection[str]) -> Match:
    _check_names(spec, "match", {*of, "nth", "probability", "times"})
    method = _optional_text(spec, "method")
    return Match(
        method=method and method.upper(),
        path=_path(spec),
        event=_optional_text(spec, "event"),
        nth=None if spec.get("nth") is None else _integer(spec, "nth", 1, 2**53),
        probability=None if spec.get("probability") is None else _number(spec, "probability", 0, 1),
        times=None if spec.get("times") is None else _integer(spec, "times", 0, 2**53),
    )


def _path(spec: Mapping[str, JsonValue]) -> str | None:
    """Return the path that a request must match. Refuse a path that no request can have."""
    path = _optional_text(spec, "path")
    if path is not None and (not path.startswith(("/", "*")) or path.startswith("/frontegg/")):
        raise ValueError("path must begin with '/' or be '*', and must not have the prefix /frontegg, which is ignored")
    return path


def _parse_action(kind: str, spec: Mapping[str, JsonValue]) -> FaultAction:
    fields, build = _ACTIONS[kind]
    _check_names(spec, "action", {"type", *fields})
    return build(spec)


def _status(spec: Mapping[str, JsonValue]) -> Status:
    return Status(
        status=_integer(spec, "status", 200, 599),
        body=spec.get("body"),
        headers=_headers(_object(spec.get("headers", {}), "headers")),
    )


def _headers(given: Mapping[str, JsonValue]) -> dict[str, str]:
    names = {name.lower() for name in given}
    if len(names) != len(given):
        raise ValueError("headers must not have a name twice")
    for name in given:
        if not _TOKEN.fullmatch(name):
            raise ValueError(f"headers must have valid header names, not {name!r}")
    if framing := sorted(names & _FRAMING):
        raise ValueError(f"headers may not have {', '.join(framing)}: the emulator sets them")
    return {name: _header(value) for name, value in given.items()}


def _rate_limit(spec: Mapping[str, JsonValue]) -> RateLimit:
    return RateLimit(
        reset_in=_number(spec, "reset_in", 0, MAX_SECONDS, default=WAIT_UNTOLD),
        with_header=_flag(spec, "with_header", default=True),
    )


def _redirect(spec: Mapping[str, JsonValue]) -> Redirect:
    return Redirect(location=_header(spec.get("location")), status=_integer(spec, "status", 300, 399, default=307))


def _drip(spec: Mapping[str, JsonValue]) -> Drip:
    return Drip(bytes=_integer(spec, "bytes", 1, 2**31), every=_number(spec, "every", 0, MAX_SECONDS))


def _bomb(spec: Mapping[str, JsonValue]) -> Bomb:
    encoding = spec.get("encoding", "gzip")
    if encoding not in ("gzip", "deflate"):
        raise ValueError("encoding must be gzip or deflate")
    return Bomb(encoding=str(encoding), size=_integer(spec, "size", 1, MAX_BOMB))


_ACTIONS: Final[Mapping[str, tuple[frozenset[str], Callable[[Mapping[str, JsonValue]], FaultAction]]]] = {
    "status": (frozenset({"status", "body", "headers"}), _status),
    "delay": (frozenset({"seconds"}), lambda spec: Delay(seconds=_number(spec, "seconds", 0, MAX_SECONDS))),
    "rate_limit": (frozenset({"reset_in", "with_header"}), _rate_limit),
    "redirect": (frozenset({"location", "status"}), _redirect),
    "truncate": (frozenset({"bytes"}), lambda spec: Truncate(bytes=_integer(spec, "bytes", 0, 2**31))),
    "drip": (frozenset({"bytes", "every"}), _drip),
    "bomb": (frozenset({"encoding", "size"}), _bomb),
    "reset": (frozenset(), lambda _: Reset()),
    "close": (frozenset(), lambda _: Close()),
    "garbage": (frozenset(), lambda _: Garbage()),
    "lose": (frozenset(), lambda _: Lose()),
    "double": (frozenset(), lambda _: Double()),
    "swap": (frozenset(), lambda _: Swap()),
}
"""The fields of each action, and the function that builds the action from the fields."""
ACTION_FIELDS: Final[Mapping[str, frozenset[str]]] = {kind: fields for kind, (fields, _) in _ACTIONS.items()}


def _check_names(spec: Mapping[str, JsonValue], place: str, known: Collection[str]) -> None:
    for name in spec:
        if name not in known:
            raise ValueError(f"{place} has no {name!r}; it has {', '.join(sorted(known))}")


def _object(value: object, place: str) -> Mapping[str, JsonValue]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{place} must be an object")  # noqa: TRY004 - the admin API expects one kind of error
    return cast("Mapping[str, JsonValue]", value)


def _optional_text(spec: Mapping[str, JsonValue], name: str) -> str | None:
    value = spec.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{name} must be text")
    return value


def _header(value: JsonValue) -> str:
    if not isinstance(value, str) or not value.isprintable() or not value.isascii():
        raise ValueError("headers and location must be printable ASCII text")
    return value


def _flag(spec: Mapping[str, JsonValue], name: str, *, default: bool) -> bool:
    value = spec.get(name, default)
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false")  # noqa: TRY004 - the admin API expects one kind of error
    return value


def _number(
    spec: Mapping[str, JsonValue], name: str, least: float, most: float, *, default: float | None = None
) -> float:
    value = spec.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{name} must be a number from {least:g} to {most:g}")
    if not least <= value <= most:
        raise ValueError(f"{name} must be a number from {least:g} to {most:g}")
    return float(value)


def _integer(spec: Mapping[str, JsonValue], name: str, least: int, most: int, *, default: int | None = None) -> int:
    value = spec.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"{name} must be a whole number from {least} to {most}")
    return value
