"""URLs: any text becomes exactly one segment of a path, or is refused before anything is sent."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final
from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from frontegg_async._core.http import urls
from frontegg_async._core.http.urls import NO_FIELDS, address, build_path, build_query, build_url
from frontegg_async.endpoints import Endpoint, all_endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.regions import BaseUrl, parse_base_url

_BASE_URLS: Final = (
    parse_base_url("https://api.frontegg.com"),
    parse_base_url("https://app-acme.us.frontegg.com/frontegg"),
    parse_base_url("http://127.0.0.1:8080"),
    parse_base_url("http://[::1]:8080/a/b"),
)
_DELETE_METADATA: Final = "/tenants/resources/tenants/v1/{tenant_id}/metadata/{key}"

_FIELDS: Final = [(endpoint, field) for endpoint in all_endpoints() for field in endpoint.fields]
"""Every field of the path of every operation."""

# fmt: off
_ATOMS: Final = (
    ".", "..", "...", "%2e", "%2E", "%2e%2e", "%252e", "%252e%252e", "/", "//", "\\", "%2f", "%2F", "%252f", "%5c",
    "?", "#", "@", ":", ";", "&", "=", "+", "%", "%%", "%00", "%zz", "*", "'", '"', "<", ">", "|", "`", "^", "{", "}",
    " ", "\t", "\n", "\r", "\r\n", "\x00", "\x1f", "\x7f", "\x80", "\x85", "\x9f", "\ud800", "\udbff", "\udc00",
    "\udfff", "\u00a0", "\u2024", "\u2025", "\u2026", "\u2028", "\u2029", "\u200b", "\u202e", "\u2044", "\u2215",
    "\u3002", "\ufeff", "\uff0e", "\uff0f", "\uff3c", "\u00e9", "e\u0301", "\u00df", "\u0130", "\u05d0", "\U0001f600",
    "\U000e0041", "\U0010ffff", "~", "-", "_", "a", "T1", "0", "{tenant_id}", "{key}", "http://evil.example",
    "//evil.example", "user:pass@", "[::1]", ":8080", "metadata", "lock",
)
# fmt: on


def _hostile_values() -> Iterator[str]:
    yield ""
    yield from _ATOMS
    yield from (first + second for first, second in itertools.product(_ATOMS, repeat=2))
    yield from ("/".join(parts) for parts in itertools.product((".", "..", "", "x", "%2e", "\\"), repeat=3))
    for length in (255, 256, 257, 1_000, 100_000):
        yield from (atom * length for atom in ("a", ".", "/", "%", "\u00e9", "\U0001f600"))


_SEGMENT: Final = re.compile(r"(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+")
_VALUES: Final = tuple(dict.fromkeys(_hostile_values()))


@cache
def _is_allowed(value: str) -> bool:
    """The rule itself: not empty, no dot segment, no control character, no surrogate, at most 256 characters."""
    return (
        0 < len(value) <= 256
        and value not in {".", ".."}
        and not any(unicodedata.category(character) in {"Cc", "Cs"} for character in value)
    )


@cache
def _segments(template: str, field: str) -> list[str]:
    """What the segments have to be: a null for that of the field, and the other fields with their value."""
    segments = template.replace(f"{{{field}}}", "\0").split("/")
    return [re.sub(r"\{.*\}", "other", segment) for segment in segments]


def _check(endpoint: Endpoint[object], field: str, value: str, base_url: BaseUrl) -> None:
    fields = dict.fromkeys(endpoint.fields, "other") | {field: value}
    if not _is_allowed(value):
        with pytest.raises(InvalidArgumentError, match=rf"^{field} must|^{field} has"):
            build_path(endpoint.path, fields)
        return
    path = build_path(endpoint.path, fields)
    url = build_url(base_url, path)
    assert address(base_url, endpoint.path, fields, ()) == url

    expected = _segments(endpoint.path, field)
    sent = path.split("/")
    assert len(sent) == len(expected)
    for segment, template in zip(sent, expected, strict=True):
        if template == "\0":
            assert unquote(segment, errors="strict") == value
            assert _SEGMENT.fullmatch(segment)
        else:
            assert segment == template
    assert url.raw_path == url.raw_path_qs == base_url.prefix + path
    assert str(url) == f"{base_url.origin}{base_url.prefix}{path}"
    assert (url.raw_user, url.raw_password, url.raw_fragment, url.raw_query_string) == (None, None, "", "")
    assert str(url.origin()) == base_url.origin


def test_there_are_enough_hostile_values() -> None:
    """The tables are of the promised size, each value meets a field, and every operation with a field is there."""
    assert len(_VALUES) >= 5_000
    assert len(_FIELDS) >= _SHARE
    assert {endpoint.name for endpoint, _ in _FIELDS} == {item.name for item in all_endpoints() if "{" in item.path}


_IDS: Final = [f"{each.name}-{field}" for each, field in _FIELDS]
_SHARE: Final = 10
"""Each field takes one value of so many, the next field the ones after them: each value meets some fields soon.

The scoreboard's row on paths tries more of them on each, and looks at what the service receives.
"""


@pytest.mark.slow
@pytest.mark.parametrize(("number", "endpoint", "field"), [(n, *each) for n, each in enumerate(_FIELDS)], ids=_IDS)
def test_hostile_values(number: int, endpoint: Endpoint[object], field: str) -> None:
    """Dot segments, encoded dots, slashes, controls and the rest never reach another route."""
    for value in _VALUES[number % _SHARE :: _SHARE]:
        _check(endpoint, field, value, _BASE_URLS[0])


@given(target=st.sampled_from(_FIELDS), value=st.text(max_size=300), base_url=st.sampled_from(_BASE_URLS))
@example(target=_FIELDS[-1], value="..", base_url=_BASE_URLS[1])
def test_any_text(target: tuple[Endpoint[object], str], value: str, base_url: BaseUrl) -> None:
    """Any text round-trips as one segment of any operation below any base URL, or is refused."""
    _check(*target, value, base_url)


@given(value=st.text(st.characters(categories=["Cc", "Cs"]), min_size=1), before=st.text(), after=st.text())
def test_control_characters_and_surrogates(value: str, before: str, after: str) -> None:
    """A control character or a lone surrogate anywhere is refused: it would vanish or end a header."""
    with pytest.raises(InvalidArgumentError):
        build_path("/a/{key}", {"key": before + value + after})


@pytest.mark.parametrize("value", [None, 5, b"t1", ["t1"], ("t1",), object()])
def test_only_text_is_a_segment(value: object) -> None:
    """Another type is refused by its name and is not turned into text."""
    with pytest.raises(InvalidArgumentError, match=rf"^key must be text, not {type(value).__name__}$"):
        build_path("/a/{key}", {"key": value})  # type: ignore[dict-item]  # the wrong type is the point


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"tenant_id": "t1"},
        {"key": "k"},
        {"tenant_id": "t1", "key": "k", "more": "m"},
        {"tenant_id": "t1", "keys": "k"},
        {"tenantId": "t1", "key": "k"},
    ],
    ids=lambda fields: ",".join(fields) or "none",
)
def test_fields_must_match_the_template(fields: dict[str, str]) -> None:
    """A field that is missing or unknown is told with the names that are expected."""
    with pytest.raises(InvalidArgumentError, match=r"^path must have the fields tenant_id, key, and no other fields$"):
        build_path(_DELETE_METADATA, fields)


def test_a_path_without_fields_takes_none() -> None:
    """A template without fields is the path, and a field for it is refused."""
    assert build_path("/auth/vendor", {}) == "/auth/vendor"
    with pytest.raises(InvalidArgumentError, match=r"\(none\)"):
        build_path("/auth/vendor", {"tenant_id": "t1"})


def test_the_quick_way_to_an_address_refuses_alike() -> None:
    """Fields that do not match, and values that are no segment."""
    for template, fields in ((_DELETE_METADATA, {"tenant_id": "t1"}), ("/a/{key}", {"key": ".."}), ("/a", {"b": "c"})):
        with pytest.raises(InvalidArgumentError) as slow:
            build_path(template, fields)
        with pytest.raises(InvalidArgumentError) as quick:
            address(_BASE_URLS[0], template, fields, ())
        assert str(quick.value) == str(slow.value)
    whole = address(_BASE_URLS[0], "/a", NO_FIELDS, (("b", "c d"),))
    assert whole.raw_query_string == "b=c%20d"


def test_an_address_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """For the same place alone, without a query; those that have to be encoded are made each time."""
    monkeypatch.setattr(urls, "_made", {})  # another test may have filled it up to where it is emptied
    tenant, other = {"tenant_id": "again", "key": "a.b"}, {"tenant_id": "again", "key": "a.c"}
    for base_url in _BASE_URLS * 2:
        for fields in (tenant, other):
            expected = build_url(base_url, build_path(_DELETE_METADATA, fields))
            assert address(base_url, _DELETE_METADATA, fields, ()) == expected
            assert address(base_url, _DELETE_METADATA, dict(reversed(fields.items())), ()) == expected
            assert address(base_url, _DELETE_METADATA, fields, (("a", "b"),)) == expected.with_query(a="b")
        assert (base_url.origin, base_url.prefix, _DELETE_METADATA, *tenant.items()) in urls._made
    with pytest.raises(InvalidArgumentError):
        address(_BASE_URLS[0], _DELETE_METADATA, {**tenant, "more": "a"}, ())
    kept = len(urls._made)
    address(_BASE_URLS[0], _DELETE_METADATA, {**tenant, "key": "a b"}, ())
    assert len(urls._made) == kept


def test_no_more_than_some_addresses_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many are asked for."""
    monkeypatch.setattr(urls, "_made", {})
    sizes: set[int] = set()
    for number in range(1100):
        address(_BASE_URLS[0], _DELETE_METADATA, {"tenant_id": str(number), "key": "k"}, ())
        sizes.add(len(urls._made))
    assert max(sizes) == 512
    assert min(sizes) == 1


def test_a_template_is_split_at_its_fields() -> None:
    """Each field comes with the text after it. The cache is passed by: another test may have filled it."""
    split = urls._split.__wrapped__
    assert split("/a/{b}/c/{d_e}") == ("/a/", (("b", "/c/"), ("d_e", "")), {"b", "d_e"})
    assert split("/a") == ("/a", (), frozenset())


def test_no_value_is_shown() -> None:
    """A query and the fields of a path say in a frame's locals what they have, and nothing of its value."""
    query = urls.RedactedQuery([("_filter", "ada@north.example"), ("_limit", "5")])
    assert repr(query) == "RedactedQuery(_filter, _limit)"
    assert repr(urls.RedactedFields(tenant_id="acme", user_id="ada")) == "RedactedFields(tenant_id, user_id)"


def test_no_value_is_quoted() -> None:
    """An error names the argument; the value, which may be personal, stays out of it."""
    with pytest.raises(InvalidArgumentError) as caught:
        build_path("/a/{key}", {"key": "canary\n"})
    assert "canary" not in repr(caught.value.args)


_TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.tuples(_TEXTS.filter(bool), _TEXTS)))
def test_queries_round_trip(pairs: list[tuple[str, str]]) -> None:
    """What a server reads from a query is what was given, keys repeated and in order."""
    query = build_query(pairs)
    assert parse_qsl(query, keep_blank_values=True, strict_parsing=bool(pairs), errors="strict") == pairs
    assert query.isascii()
    assert not set(query) & set("#?/ +")
    assert build_url(_BASE_URLS[0], "/a", query).raw_query_string == query


@pytest.mark.parametrize(
    ("pair", "named"),
    [
        (("_filter", "\ud800"), r"^query\['_filter'\] has a lone surrogate"),
        (("\udfff", "x"), "^a name of query has a lone surrogate"),
        (("", "x"), "^a name of query must not be empty"),
        (("_limit", 5), r"^query\['_limit'\] must be text, not int"),
        ((5, "x"), "^a name of query must be text, not int"),
    ],
)
def test_bad_queries(pair: tuple[str, str], named: str) -> None:
    """What is not text of UTF-8 is refused by the name of the parameter."""
    with pytest.raises(InvalidArgumentError, match=named):
        build_query([pair])


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/a?b", ""),
        ("/a#b", ""),
        ("/a", "b#c"),
        ("@evil.example/a", ""),
        (".evil.example/a", ""),
        (":1/a", ""),
        ("", "a=b"),
    ],
)
def test_what_would_move_is_refused(path: str, query: str) -> None:
    """The last check stands behind all others: another path, query, user or origin is never asked."""
    with pytest.raises(InvalidArgumentError, match="would change when its URL is parsed"):
        build_url(_BASE_URLS[0], path, query)


@pytest.mark.parametrize("origin", ["https://user@host.example", "https://user:password@host.example"])
def test_an_origin_with_a_user_is_refused(origin: str) -> None:
    """Also when it was made by hand: no address of ours ever has a user."""
    with pytest.raises(InvalidArgumentError, match="would change when its URL is parsed"):
        build_url(BaseUrl(origin, "host.example"), "/a")


def test_a_value_without_a_hash_is_refused_as_any_other() -> None:
    """What was made lately is looked for by the values, of which some cannot be looked for."""
    with pytest.raises(InvalidArgumentError, match="tenant_id"):
        address(_BASE_URLS[0], "/a/{tenant_id}", {"tenant_id": []}, ())  # type: ignore[dict-item] # that is the point


@pytest.mark.parametrize("base_url", _BASE_URLS, ids=str)
def test_addresses(base_url: BaseUrl) -> None:
    """An address is origin, prefix, path and query, joined and nothing else."""
    assert str(build_url(base_url, "/a/%2E", "b=%2F")) == f"{base_url}/a/%2E?b=%2F"
