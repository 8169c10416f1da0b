"""Options: defaults, ranges, reserved headers and merging."""

from __future__ import annotations

import copy
import inspect
import math
import pickle
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontegg_async._values.unset import UNSET
from frontegg_async.errors import ConfigurationError
from frontegg_async.options import Options, ResolvedOptions, merge_options, resolve_options

_NAMES: Final = (
    "timeout",
    "deadline",
    "max_retries",
    "headers",
    "strict_delete",
    "incomplete_listing",
    "read_only",
    "sorted_listings",
)


def test_defaults() -> None:
    """Resolved without arguments, options are those that the documentation promises."""
    options = resolve_options(Options())
    assert options.timeout == 30.0
    assert options.deadline == 90.0
    assert options.max_retries == 2
    assert options.headers is None
    assert options.strict_delete is False
    assert options.incomplete_listing == "raise"
    assert options.sorted_listings is True
    assert options == ResolvedOptions()
    assert ResolvedOptions(timeout=5) == resolve_options(Options(timeout=5))


def test_what_is_not_given_is_unset() -> None:
    """An option reads as it was given; only resolved options have values for all."""
    assert [getattr(Options(), name) for name in _NAMES] == [UNSET] * len(_NAMES)
    assert Options(deadline=None).deadline is None
    assert Options() != Options(timeout=30.0)
    assert Options(timeout=5) != resolve_options(Options(timeout=5))
    assert (repr(Options(timeout=5)), repr(ResolvedOptions(timeout=5))) == (
        (
            "Options(timeout=5.0, deadline=UNSET, max_retries=UNSET, strict_delete=UNSET, incomplete_listing=UNSET, "
            "read_only=UNSET, sorted_listings=UNSET)"
        ),
        (
            "ResolvedOptions(timeout=5.0, deadline=90.0, max_retries=2, strict_delete=False, "
            "incomplete_listing='raise', read_only=False, sorted_listings=True)"
        ),
    )


def test_resolved_options_are_options() -> None:
    """They may be given wherever options may, and then every value of theirs is taken."""
    other = resolve_options(Options(timeout=1, strict_delete=True))
    assert merge_options(resolve_options(Options(timeout=5, deadline=7)), other) == other
    assert resolve_options(other) == other
    assert type(merge_options(other, Options(timeout=2))) is ResolvedOptions


def test_every_parameter_is_by_name() -> None:
    """No option is given by its position."""
    assert tuple(inspect.signature(Options).parameters) == _NAMES
    assert tuple(inspect.signature(ResolvedOptions).parameters) == _NAMES
    with pytest.raises(TypeError):
        Options(5)  # type: ignore[call-arg]  # the wrong call is the point


@pytest.mark.parametrize("name", ["timeout", "deadline"])
@pytest.mark.parametrize("value", [0.001, 1, 2.5, 86_400, 1e300, None])
def test_seconds(name: str, value: float | None) -> None:
    """A time is any positive number of seconds, or none."""
    options = Options(**{name: value})  # type: ignore[arg-type]  # the name is a parameter of the test
    kept = getattr(options, name)
    assert kept == value
    assert kept is None or type(kept) is float


@pytest.mark.parametrize("name", ["timeout", "deadline"])
@pytest.mark.parametrize(
    "value", [0, 0.0, -1, -0.001, math.nan, math.inf, -math.inf, True, False, "5", b"5", [], 10**400]
)
def test_bad_seconds(name: str, value: Any) -> None:
    """Nothing but a positive, finite number is a time; the message names the option."""
    with pytest.raises(ConfigurationError, match=rf"^{name} must be a positive number of seconds, or None"):
        Options(**{name: value})


@pytest.mark.parametrize("value", [0, 1, 100, None])
def test_retries(value: int | None) -> None:
    """From none to a hundred retries, or no limit."""
    assert Options(max_retries=value).max_retries == value


@pytest.mark.parametrize("value", [-1, 101, 10**30, 1.0, True, "2", math.nan])
def test_bad_retries(value: Any) -> None:
    """Nothing else is a number of retries."""
    with pytest.raises(
        ConfigurationError, match=r"^max_retries must be a whole number from 0 to 100, or None for no limit, not "
    ):
        Options(max_retries=value)


@pytest.mark.parametrize("value", [None, 0, 1, "yes"])
def test_bad_flags(value: Any) -> None:
    """A flag is True or False."""
    with pytest.raises(ConfigurationError, match=r"^strict_delete must be True or False, not"):
        Options(strict_delete=value)


@pytest.mark.parametrize("value", ["", "Raise", "ignore", None, True, ["raise"]])
def test_bad_listing_choices(value: Any) -> None:
    """An incomplete listing raises or warns."""
    with pytest.raises(ConfigurationError, match=r"^incomplete_listing must be 'raise' or 'warn'$"):
        Options(incomplete_listing=value)


# fmt: off
_RESERVED: Final = (
    "authorization", "Authorization", "AUTHORIZATION", "x-access-token", "X-Access-Token", "host", "Host",
    "content-length", "Content-Length", "cookie", "Cookie", "content-type", "content-encoding", "transfer-encoding",
    "connection", "accept-encoding", "proxy-authorization", "frontegg-tenant-id", "Frontegg-Tenant-Id",
    "frontegg-user-id", "frontegg-environment-id", "frontegg-vendor-host", "frontegg-trace-id", "frontegg-",
    "FRONTEGG-ANYTHING",
)
# fmt: on


@pytest.mark.parametrize("name", _RESERVED)
def test_reserved_headers(name: str) -> None:
    """No option replaces a credential, the framing, or what an operation sets."""
    with pytest.raises(ConfigurationError, match=rf"^headers may not set {name.lower()}:"):
        Options(headers={name: "canary"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("frontegg-application-id", "app"),
        ("Frontegg-Vendor-Id", "vendor"),
        ("x-frontegg-forwarded-for", "192.0.2.7"),
        ("X-Request-Id", "a b"),
        ("user-agent", "mine/1"),
        ("x-empty", ""),
        ("x" * 64, "v"),
        ("!#$%&'*+.^_`|~-", "v"),
    ],
)
def test_headers(name: str, value: str) -> None:
    """Other headers are taken, by their names in lower case."""
    assert Options(headers={name: value}).headers == {name.lower(): value}


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "a:", "a\n", "a\r\nx", "a\x00", "\u00e4", "a(b)", "x" * 65, 5, None, b"a", "a\u2028"]
)
def test_bad_header_names(name: Any) -> None:
    """What is no token of HTTP is no name of a header."""
    with pytest.raises(ConfigurationError, match=r"^headers has a name that is not a valid HTTP header name$"):
        Options(headers={name: "v"})


@pytest.mark.parametrize(
    "value", ["a\n", "a\r\nx: y", "\x00", "\x7f", "\u00e4", " a", "a ", "\t", "\u2028", "\ud800", 5, None, b"a", True]
)
def test_bad_header_values(value: Any) -> None:
    """A value cannot end its line, nor change on its way; the message names the header and not the value."""
    with pytest.raises(ConfigurationError, match=r"^headers\['x-a'\] must be printable ASCII text"):
        Options(headers={"X-A": value})


@pytest.mark.parametrize("value", [[("a", "b")], "a: b", 5, {"a"}, True])
def test_headers_are_a_mapping(value: Any) -> None:
    """Another type is refused by its name."""
    with pytest.raises(ConfigurationError, match=rf"^headers must be a mapping .*, not {type(value).__name__}$"):
        Options(headers=value)


def test_headers_are_taken_over() -> None:
    """Headers that the caller changes later do not change the options."""
    headers = {"x-a": "1"}
    options = Options(headers=MappingProxyType(headers))
    headers["authorization"] = "canary"
    assert options.headers == {"x-a": "1"}


def test_values_of_headers_do_not_show() -> None:
    """Headers may carry what is private."""
    assert "canary" not in repr(Options(headers={"x-a": "canary"}))


def test_options_are_values() -> None:
    """Options are frozen, compare by value, and pickle and copy with what was given to them."""
    options = Options(timeout=5, headers={"x-a": "1"})
    for each in (options, resolve_options(options)):
        for twin in (pickle.loads(pickle.dumps(each)), copy.copy(each), copy.deepcopy(each)):
            assert twin == each
            assert type(twin) is type(each)
    assert pickle.loads(pickle.dumps(options)).deadline is UNSET
    assert hash(Options(timeout=5)) == hash(Options(timeout=5.0))
    with pytest.raises(AttributeError):
        options.timeout = 1  # type: ignore[misc]  # it is frozen


def test_merging_takes_what_was_given() -> None:
    """An option that is given replaces, also when it is given the default; the others stay."""
    client = ResolvedOptions(timeout=5, deadline=None, max_retries=9, strict_delete=True, incomplete_listing="warn")
    assert merge_options(client, Options()) == client
    assert merge_options(client, Options(timeout=30.0)).timeout == 30.0
    assert merge_options(client, Options(max_retries=2)).max_retries == 2
    assert merge_options(client, Options(strict_delete=False)).strict_delete is False
    merged = merge_options(client, Options(deadline=1, incomplete_listing="raise"))
    assert merged == ResolvedOptions(
        timeout=5, deadline=1, max_retries=9, strict_delete=True, incomplete_listing="raise"
    )


@pytest.mark.parametrize(
    ("base", "given_headers", "merged"),
    [
        (None, {"x-a": "1"}, {"x-a": "1"}),
        ({"x-a": "1"}, {"x-b": "2"}, {"x-a": "1", "x-b": "2"}),
        ({"x-a": "1"}, {"X-A": "2"}, {"x-a": "2"}),
        ({"x-a": "1"}, None, None),
        ({"x-a": "1"}, {}, {}),
    ],
)
def test_merging_joins_headers(
    base: Mapping[str, str] | None, given_headers: Mapping[str, str] | None, merged: Mapping[str, str] | None
) -> None:
    """Headers are added by name; given as nothing, they are taken away."""
    assert merge_options(Options(headers=base), Options(headers=given_headers)).headers == merged


_HEADERS: Final = st.dictionaries(st.sampled_from(["x-a", "X-B", "x-c"]), st.sampled_from(["1", "2"]), min_size=1)
_OPTIONS: Final = st.fixed_dictionaries(
    {},
    optional={
        "timeout": st.none() | st.floats(0.1, 100),
        "deadline": st.none() | st.integers(1, 100),
        "max_retries": st.integers(0, 100),
        "headers": _HEADERS,
        "strict_delete": st.booleans(),
        "incomplete_listing": st.sampled_from(["raise", "warn"]),
        "sorted_listings": st.booleans(),
    },
).map(lambda given: Options(**given))  # type: ignore[arg-type]  # the strategy gives the right types


@given(_OPTIONS, _OPTIONS)
def test_merging_by_property(base: Options, other: Options) -> None:
    """Each option is the other's if it was given to it, else it stays."""
    merged = merge_options(base, other)
    for name in _NAMES:
        if name == "headers":
            assert merged.headers == ({**(base.headers or {}), **(other.headers or {})} or UNSET)
        else:
            assert getattr(merged, name) == getattr(base if getattr(other, name) is UNSET else other, name)
    assert resolve_options(merged) == merge_options(resolve_options(base), other)


@given(_OPTIONS, _OPTIONS, _OPTIONS)
def test_merging_is_associative(client: Options, view: Options, call: Options) -> None:
    """Options that were merged first say no more than they were given, so the order of merging does not matter."""
    assert merge_options(merge_options(client, view), call) == merge_options(client, merge_options(view, call))
