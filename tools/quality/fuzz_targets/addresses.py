"""Fuzz target for configured addresses: regions, sub-domains, base URLs, prefixes and key set URLs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from frontegg_async._core.auth.jwks import parse_jwks_url
from frontegg_async._core.http.urls import build_url
from frontegg_async.errors import ConfigurationError
from frontegg_async.regions import BaseUrl, Region, parse_base_url, parse_domain, parse_prefix, parse_region
from quality.fuzz_targets.target import Target, check, text_of

_DOMAIN = re.compile(r"https://[a-z0-9][a-z0-9-]{0,62}(?:\.(?:us|ca|au|uk))?\.frontegg\.com")
_PATH = "/tenants/resources/tenants/v1"


def run(data: bytes) -> None:
    """Check that requests to an accepted address go exactly there, and that any other address raises an SDK error."""
    text = text_of(data)
    region = _tried(parse_region, text)
    check(region is None or (isinstance(region, Region) and text.lower() == region.value), "a region is known")
    domain = _tried(parse_domain, text)
    if isinstance(domain, BaseUrl):
        check(_DOMAIN.fullmatch(domain.origin), "a sub-domain is below frontegg.com")
        _check_leads_there(domain)
    base = _tried(parse_base_url, text)
    if isinstance(base, BaseUrl):
        check(parse_base_url(str(base)) == base, "an accepted address parses again to the same value")
        _check_leads_there(base)
    prefix = _tried(parse_prefix, text)
    check(prefix is None or ".." not in str(prefix).split("/"), "a prefix has no segment ..")
    keys = _tried(parse_jwks_url, text)
    if isinstance(keys, tuple):
        origin, endpoint = keys
        check(origin.origin.startswith("https://") or origin.is_loopback, "keys come by https or from loopback")
        check(build_url(origin, endpoint.path).raw_path == origin.prefix + endpoint.path, "the keys have this path")


def _tried(parse: Callable[[str], object], text: str) -> object:
    try:
        return parse(text)
    except ConfigurationError as error:
        check(error.message, "an error has a message")
        return None


def _check_leads_there(base: BaseUrl) -> None:
    url = build_url(base, _PATH)
    check(url.raw_path == base.prefix + _PATH, "the path of the request does not change")
    check(f"{url.scheme}://{url.raw_authority}" == base.origin, "the origin of the request does not change")
    check(url.raw_host == base.host.strip("[]") and url.user is None, "the host of the request does not change")
    check(base.host != "frontegg.com" or base.is_frontegg, "frontegg.com is recognized as the service")


def seeds() -> Iterator[bytes]:
    """Yield each form of an address, and some malformed ones."""
    for text in (
        *("eu", "us", "UK", "app-acme", "app-acme.us", "app.evil", "/frontegg", "/a/b/", "/../a", "/a/./b", "//a"),
        *(
            "https://api.frontegg.com",
            "https://app-acme.us.frontegg.com/frontegg",
            "http://127.0.0.1:8080",
            "http://[::1]:1",
        ),
        *(
            "https://user:password@host.example",
            "https://host.example?x",
            "https://host.example#x",
            "ftp://host.example",
        ),
        *(
            "https://host.example:0",
            "https://host.example:65536",
            "https://host.example:443/a",
            "https://1.2.3",
            "http://0x7f.1",
        ),
        *(
            "https://host.example/.well-known/jwks.json",
            "https://xn--a",
            "https://a_b.example",
            "https://a..b",
            "https://[1::1%25eth0]",
        ),
    ):
        yield text.encode()


TARGET = Target("addresses", run, seeds)
