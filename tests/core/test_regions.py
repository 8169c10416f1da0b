"""Regions, sub-domains and base URLs, and which credentials may be sent to them."""

from __future__ import annotations

import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from frontegg_async.errors import ConfigurationError
from frontegg_async.regions import (
    BaseUrl,
    Region,
    check_credential_host,
    parse_base_url,
    parse_domain,
    parse_prefix,
    parse_region,
    parse_region_url,
)
from tests.support.examples import examples


@pytest.mark.parametrize(
    ("region", "origin"),
    [
        (Region.EU, "https://api.frontegg.com"),
        (Region.US, "https://api.us.frontegg.com"),
        (Region.CA, "https://api.ca.frontegg.com"),
        (Region.AU, "https://api.au.frontegg.com"),
        (Region.UK, "https://api.uk.frontegg.com"),
    ],
)
def test_hosts_of_the_regions(region: Region, origin: str) -> None:
    """Each region has the host of the contract, without a prefix."""
    base_url = parse_region_url(region)
    assert (base_url.origin, base_url.prefix, base_url.region) == (origin, "", region)
    assert base_url.host == URL(origin).host
    assert base_url.is_frontegg
    assert not base_url.is_loopback
    assert str(parse_region_url(region, prefix="/frontegg")) == f"{origin}/frontegg"


@pytest.mark.parametrize("value", [Region.US, "us", "US", "Us"])
def test_regions_by_name(value: Region | str) -> None:
    """A region is given as a member or by its name in any case."""
    assert parse_region(value) is Region.US


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("", "''"),
        ("us ", "'us '"),
        ("us\n", "a text of 3 characters"),
        ("de", "'de'"),
        ("us-east-1", "'us-east-1'"),
        ("us.evil.example", "'us.evil.example'"),
        ("e3b0c442-98fc-1c14-9afb-f4c8996fb924", "a text of 36 characters"),
        (None, "NoneType"),
        (5, "5"),
        ([], "list"),
        (b"us", "bytes"),
    ],
)
def test_unknown_regions(value: object, shown: str) -> None:
    """An unknown region names the setting, what is known, and what was given unless it may be a secret."""
    with pytest.raises(ConfigurationError) as caught:
        parse_region(value, "FRONTEGG_REGION")  # type: ignore[arg-type]  # wrong types are the point
    assert caught.value.message == f"FRONTEGG_REGION must be one of eu, us, ca, au, uk, not {shown}"
    assert caught.value.__cause__ is caught.value.__context__ is None


@pytest.mark.parametrize(
    ("domain", "host"),
    [
        ("app-acme", "app-acme.frontegg.com"),
        ("a", "a.frontegg.com"),
        ("0", "0.frontegg.com"),
        ("app-acme.us", "app-acme.us.frontegg.com"),
        ("app-acme.ca", "app-acme.ca.frontegg.com"),
        ("app-acme.au", "app-acme.au.frontegg.com"),
        ("app-acme.uk", "app-acme.uk.frontegg.com"),
        ("a" * 63, f"{'a' * 63}.frontegg.com"),
        ("xn--bcher-kva", "xn--bcher-kva.frontegg.com"),
    ],
)
def test_domains(domain: str, host: str) -> None:
    """A sub-domain is below frontegg.com, over https, under the prefix that browsers' clients use."""
    base_url = parse_domain(domain)
    assert (base_url.origin, base_url.host, base_url.prefix) == (f"https://{host}", host, "/frontegg")
    assert parse_domain(domain, prefix="").prefix == ""
    assert parse_domain(domain, prefix="/x").prefix == "/x"


# fmt: off
_HOSTILE_DOMAINS: Final = (
    "", " ", ".", "..", "-", "-a", "a-", "a.", ".a", "a..us", "a.us.", "a.eu", "a.de", "a.us.us", "a.b", "a.b.us",
    "A", "App", "app acme", "app_acme", " app", "app ", "app\n", "app.us\n", "\napp", "app\r\n", "app\x00", "app\t",
    "app/", "app/../x", "app\\", "app?", "app#", "app#.us", "app@evil.example", "evil.example/", "evil.example#",
    "evil.example?", "evil.example\\", "evil.example:443/", "user:pass@evil", "app:443", "https://app", "//evil",
    "app%2eus", "app%00", "app%23", "[::1]", "127.0.0.1", "127.1", "a" * 64, "a" * 64 + ".us", "a" * 1_000,
    "app\u3002us", "app\uff0eus", "app\uff61us", "app\u2024us", "\u0430pp", "app\u200b", "\u00e4pp", "app\ufeff",
    "\uff41pp", "app\u2028", "app\ud800", "\u0661", "app.\u017fs", "app.\u212aA",
)
# fmt: on


def test_there_are_enough_hostile_domains() -> None:
    """The table below is the promised size."""
    assert len(set(_HOSTILE_DOMAINS)) >= 40


@pytest.mark.parametrize("domain", _HOSTILE_DOMAINS, ids=ascii)
def test_hostile_domains(domain: str) -> None:
    """None of them becomes an address."""
    with pytest.raises(ConfigurationError, match=r"^domain must be a sub-domain"):
        parse_domain(domain)


@pytest.mark.parametrize("domain", [None, 5, b"app", ["app"], Region.EU.base_url])
def test_domains_of_wrong_types(domain: object) -> None:
    """What is no text is refused under the name of the setting."""
    with pytest.raises(ConfigurationError, match=r"^FRONTEGG_DOMAIN must be"):
        parse_domain(domain, setting="FRONTEGG_DOMAIN")  # type: ignore[arg-type]  # wrong types are the point


@examples(500)
@given(st.one_of(st.text(), st.text("abz09-.us\n/@:%#?\\", max_size=12)))
def test_any_domain_stays_below_the_service(domain: str) -> None:
    """Whatever is taken as a sub-domain is one host directly below frontegg.com, as another parser reads it too."""
    try:
        base_url = parse_domain(domain)
    except ConfigurationError:
        return
    url = URL(str(base_url) + "/x")
    assert url.scheme == "https"
    assert url.host == base_url.host == f"{domain}.frontegg.com"
    assert (url.user, url.raw_query_string, url.raw_fragment, url.port) == (None, "", "", 443)
    assert re.fullmatch(r"[a-z0-9-]+(\.(us|ca|au|uk))?\.frontegg\.com", base_url.host)


@pytest.mark.parametrize(
    ("value", "origin", "prefix"),
    [
        ("https://api.frontegg.com", "https://api.frontegg.com", ""),
        ("https://api.frontegg.com/", "https://api.frontegg.com", ""),
        ("https://API.Frontegg.COM", "https://api.frontegg.com", ""),
        ("https://auth.acme.example/frontegg", "https://auth.acme.example", "/frontegg"),
        ("https://auth.acme.example/frontegg/", "https://auth.acme.example", "/frontegg"),
        ("https://auth.acme.example/a/b-c/d_e/f~g/v1.0", "https://auth.acme.example", "/a/b-c/d_e/f~g/v1.0"),
        ("https://auth.acme.example:443", "https://auth.acme.example", ""),
        ("https://auth.acme.example:0443", "https://auth.acme.example", ""),
        ("https://auth.acme.example:8443", "https://auth.acme.example:8443", ""),
        ("https://auth.acme.example:65535", "https://auth.acme.example:65535", ""),
        ("https://auth.acme.example:80", "https://auth.acme.example:80", ""),
        ("http://localhost", "http://localhost", ""),
        ("http://localhost:80", "http://localhost", ""),
        ("http://localhost:443", "http://localhost:443", ""),
        ("http://127.0.0.1:8080/frontegg", "http://127.0.0.1:8080", "/frontegg"),
        ("http://[::1]:8080", "http://[::1]:8080", ""),
        ("https://[2001:DB8::1]", "https://[2001:db8::1]", ""),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example", ""),
        ("http://emulator:8080", "http://emulator:8080", ""),
    ],
)
def test_base_urls(value: str, origin: str, prefix: str) -> None:
    """An address is split into origin and prefix; case, default ports and a last slash do not matter."""
    base_url = parse_base_url(value)
    assert (base_url.origin, base_url.prefix) == (origin, prefix)
    assert base_url.region is None
    assert str(URL(origin).origin()) == origin


# fmt: off
_HOSTILE_BASE_URLS: Final = (
    "", " ", "api.frontegg.com", "//api.frontegg.com", "/frontegg", "https:", "https://", "https:///x", "https:/a.b",
    "HTTPS://a.example", "ftp://a.example", "file:///etc/passwd", "ws://a.example", "javascript:alert(1)",
    "https://a.example\n", "https://a.example/\n", "https://a.example/x\n", " https://a.example", "https://a.example ",
    "https://a.example\r\nHost: evil", "https://a\t.example", "https://a.example\x00", "https://a .example",
    "https://user@a.example", "https://user:pass@a.example", "https://@a.example", "https://api.frontegg.com@evil.example",
    "https://api.frontegg.com:443@evil.example", "https://evil.example\\@api.frontegg.com", "https://a.example\\b",
    "https://a.example?", "https://a.example?x=1", "https://a.example/?x=1", "https://a.example/x?", "https://a.example#",
    "https://a.example/#x", "https://a.example/x#", "https://evil.example#.frontegg.com", "https://evil.example?.frontegg.com",
    "https://a.example:", "https://a.example:0", "https://a.example:65536", "https://a.example:99999",
    "https://a.example:123456", "https://a.example:-1", "https://a.example:80x", "https://a.example:\u0668\u0660",
    "https://a.example/..", "https://a.example/../x", "https://a.example/x/..", "https://a.example/.", "https://a.example/./x",
    "https://a.example/.hidden", "https://a.example/%2e%2e", "https://a.example/%2e", "https://a.example/a%2fb",
    "https://a.example//x", "https://a.example/x//y", "https://a.example/x y", "https://a.example/x;y", "https://a.example/x@y",
    "https://a.example/\u00e4", "https://a..example", "https://.example", "https://a.example.", "https://-a.example",
    "https://a-.example", "https://_b.example", "https://" + "a" * 64 + ".example", "https://a\u3002example",
    "https://a\uff0eexample", "https://b\u00fccher.example", "https://a\u200b.example", "https://\u2460.example",
    "https://a%2eexample", "https://a.example%00", "https://[::1", "https://::1", "https://[]", "https://[::g]", "https://[:::]",
    "https://[::1]x", "https://[::1%25lo]", "https://[::1%lo]", "https://[127.0.0.1]", "https://[v1.x]", "http://[1.2.3]",
    "https://[::1].example", "https://a.example,b.example", "https://a.example:443:443", "https://*.frontegg.com",
    "https://{domain}.frontegg.com", "https://a.example\u2028", "https://a.example/\ud800",
)
# fmt: on


def test_there_are_enough_hostile_base_urls() -> None:
    """The table below is the promised size."""
    assert len(set(_HOSTILE_BASE_URLS)) >= 40


@pytest.mark.parametrize("value", _HOSTILE_BASE_URLS, ids=ascii)
def test_hostile_base_urls(value: str) -> None:
    """None of them becomes an address, and the message has the name of the setting and not the value."""
    with pytest.raises(ConfigurationError, match=r"^FRONTEGG_BASE_URL ") as caught:
        parse_base_url(value, setting="FRONTEGG_BASE_URL")
    assert "pass" not in str(caught.value)
    assert "evil" not in str(caught.value)


@pytest.mark.parametrize("value", [None, 5, b"https://a.example", URL("https://a.example"), ["https://a.example"]])
def test_base_urls_of_wrong_types(value: object) -> None:
    """What is no text is refused."""
    with pytest.raises(ConfigurationError, match=r"^base_url must be text such as https.*, not "):
        parse_base_url(value)  # type: ignore[arg-type]  # wrong types are the point


@pytest.mark.parametrize("checked", [parse_base_url("https://a.example/p"), parse_region_url(Region.US)], ids=str)
def test_an_address_of_another_client(checked: BaseUrl) -> None:
    """It is checked like text, since anyone can make one, and keeps its region."""
    assert parse_base_url(checked) == checked
    with pytest.raises(ConfigurationError):
        parse_base_url(checked, prefix="/other" if checked.prefix else "bad")
    with pytest.raises(ConfigurationError, match=r"^base_url must be https"):
        parse_base_url(BaseUrl("https://a.example?x=1", "a.example"))


@examples(500)
@given(st.one_of(st.text(), st.text("htps:/.@#?[]%\\a0-1\n ", max_size=20).map("https://".__add__)))
def test_any_base_url_is_read_alike(value: str) -> None:
    """What is taken as an address is the same host to another parser, without user, query and fragment."""
    try:
        base_url = parse_base_url(value)
    except ConfigurationError:
        return
    url = URL(str(base_url), encoded=True)
    assert base_url.origin == f"{url.scheme}://{url.raw_authority}"
    assert url.raw_host == base_url.host.strip("[]")
    assert (url.raw_path or "/") == (base_url.prefix or "/")
    assert (url.raw_user, url.raw_query_string, url.raw_fragment) == (None, "", "")
    assert parse_base_url(str(base_url)) == base_url


def test_a_prefix_is_given_once() -> None:
    """A prefix beside a path in the address must be the same."""
    assert parse_base_url("https://a.example", prefix="/x").prefix == "/x"
    with pytest.raises(ConfigurationError, match=r"^prefix and the path in base_url differ$"):
        parse_base_url("https://a.example/x", prefix="/y")
    assert parse_base_url("https://a.example/x", prefix="/x/").prefix == "/x"


@pytest.mark.parametrize(
    ("value", "prefix"), [("", ""), ("/", ""), ("/frontegg", "/frontegg"), ("/a/b/", "/a/b"), ("/v1.0", "/v1.0")]
)
def test_prefixes(value: str, prefix: str) -> None:
    """A prefix is plain segments, each behind a slash."""
    assert parse_prefix(value) == prefix


@pytest.mark.parametrize(
    "value", ["x", "x/", "//x", "/x//y", "/..", "/x/..", "/.", "/x?", "/x#", "/%2e", "/x\n", "/ ", "/\u00e4", None, 5]
)
def test_hostile_prefixes(value: object) -> None:
    """A prefix that another parser could shorten or move is refused."""
    with pytest.raises(ConfigurationError, match=r"^prefix must be path segments"):
        parse_prefix(value)  # type: ignore[arg-type]  # wrong types are the point


@pytest.mark.parametrize(
    ("value", "is_loopback"),
    [
        ("http://localhost", True),
        ("http://LOCALHOST:8080", True),
        ("http://127.0.0.1", True),
        ("http://127.255.255.254:1", True),
        ("http://[::1]", True),
        ("http://[0:0:0:0:0:0:0:1]", True),
        ("http://0.0.0.0", False),
        ("http://[::]", False),
        ("http://127.1", False),
        ("http://127.0.0.1.nip.example", False),
        ("http://127.0.0.01", False),
        ("http://0177.0.0.1", False),
        ("http://0x7f.0.0.1", False),
        ("http://0x7f000001", False),
        ("http://2130706433", False),
        ("http://localhost.evil.example", False),
        ("http://localhost.localdomain", False),
        ("http://localhosts", False),
        ("http://evil-localhost", False),
        ("http://10.0.0.1", False),
        ("http://169.254.169.254", False),
        ("http://[fe80::1]", False),
        ("http://[::ffff:10.0.0.1]", False),
        ("http://[::ffff:127.0.0.1]", True),
        ("http://emulator", False),
        ("http://frontegg.com", False),
    ],
)
def test_loopback(value: str, *, is_loopback: bool) -> None:
    """Plain http reaches this machine only, told by the address and never by the look of a name."""
    base_url = parse_base_url(value)
    assert base_url.is_loopback is is_loopback
    if is_loopback:
        check_credential_host(base_url, "client", allow_http=False)
    else:
        with pytest.raises(ConfigurationError, match=r"^base_url must be https"):
            check_credential_host(base_url, "client", allow_http=False)


@pytest.mark.parametrize(
    ("value", "is_frontegg"),
    [
        ("https://frontegg.com", True),
        ("https://api.frontegg.com", True),
        ("https://a.b.FRONTEGG.com", True),
        ("https://frontegg.com.evil.example", False),
        ("https://evilfrontegg.com", False),
        ("https://frontegg.com-evil.example", False),
        ("https://frontegg.community", False),
    ],
)
def test_the_hosts_of_the_service(value: str, *, is_frontegg: bool) -> None:
    """The service is frontegg.com and what is below it; an emulator's credential is never sent there."""
    base_url = parse_base_url(value)
    assert base_url.is_frontegg is is_frontegg
    check_credential_host(base_url, "client", allow_http=False)
    if is_frontegg:
        with pytest.raises(ConfigurationError, match=r"^client_id or its secret is a credential of an emulator"):
            check_credential_host(base_url, "emu_client", allow_http=True)
    else:
        check_credential_host(base_url, "emu_client", allow_http=False)


@pytest.mark.parametrize(
    ("value", "client_id", "allow_http", "is_allowed"),
    [
        ("http://emulator:8080", "emu_client", True, True),
        ("http://emulator:8080", "emu_client", False, False),
        ("http://emulator:8080", "client", True, False),
        ("http://emulator:8080", "EMU_client", True, False),
        ("http://api.frontegg.com", "emu_client", True, False),
        ("http://api.frontegg.com", "client", True, False),
        ("http://127.0.0.1:8080", "emu_client", False, True),
        ("https://emulator:8443", "emu_client", False, True),
        ("https://vanity.acme.example", "client", False, True),
    ],
)
def test_http_beyond_loopback(value: str, client_id: str, *, allow_http: bool, is_allowed: bool) -> None:
    """Plain http leaves this machine only outside the service, when allowed, with an emulator's credentials."""
    base_url = parse_base_url(value)
    if is_allowed:
        check_credential_host(base_url, client_id, allow_http=allow_http)
    else:
        with pytest.raises(ConfigurationError):
            check_credential_host(base_url, client_id, allow_http=allow_http)


def test_addresses_are_values() -> None:
    """Equal addresses are equal, and none can be changed after the check."""
    assert parse_base_url("https://A.example:443/") == BaseUrl("https://a.example", "a.example")
    with pytest.raises(AttributeError):
        parse_base_url("https://a.example").origin = "https://evil.example"  # type: ignore[misc]  # it is frozen
