"""The addresses of calls: regions, sub-domains and base URLs, which are checked when a client is created."""

from __future__ import annotations

import enum
import ipaddress
import re
from typing import Final, Literal, TypeAlias

import msgspec

from frontegg_async._values.ascii_case import folded
from frontegg_async._values.kinds import kind_of, shown
from frontegg_async._values.secret import Secret
from frontegg_async.errors import ConfigurationError

__all__ = ["BaseUrl", "Region", "RegionLiteral"]


class Region(enum.StrEnum):
    """The regions of the service. Each region has its own host for management calls."""

    EU = "eu"
    """Europe, at ``api.frontegg.com``."""
    US = "us"
    """The United States, at ``api.us.frontegg.com``."""
    CA = "ca"
    """Canada, at ``api.ca.frontegg.com``."""
    AU = "au"
    """Australia, at ``api.au.frontegg.com``."""
    UK = "uk"
    """The United Kingdom, at ``api.uk.frontegg.com``."""

    @property
    def base_url(self) -> str:
        """The address of the region, as ``https://api.us.frontegg.com``."""
        return "https://api.frontegg.com" if self is Region.EU else f"https://api.{self.value}.frontegg.com"


RegionLiteral: TypeAlias = Literal["eu", "us", "ca", "au", "uk"]
"""The regions of `Region` as text."""


class BaseUrl(msgspec.Struct, frozen=True):
    """A checked address: an origin, to which a credential may be sent, and a path prefix."""

    origin: str
    """Scheme, host and port, as ``https://api.us.frontegg.com``; a default port is omitted."""
    host: str
    """The host alone, in lower case."""
    prefix: str = ""
    """The prefix of all paths, as ``/frontegg``; empty for none."""
    region: Region | None = None
    """The chosen region; ``None`` if an address or a sub-domain was chosen."""

    @property
    def is_loopback(self) -> bool:
        """Whether the host is ``localhost`` or a loopback address."""
        return is_loopback(self.host)

    @property
    def is_private(self) -> bool:
        """Whether the host is a name without a dot, as ``emulator``, or a private or loopback address."""
        return _is_private(self.host)

    @property
    def is_frontegg(self) -> bool:
        """Whether the host belongs to Frontegg's service."""
        return self.host == "frontegg.com" or self.host.endswith(".frontegg.com")

    @property
    def place(self) -> str:
        """The address, and the region if one was chosen, for messages."""
        if self.region is None:
            return str(self)
        return f"{self} (region {self.region.value}; other regions have other environments)"

    def __str__(self) -> str:
        return self.origin + self.prefix


# Underscores are allowed, since names of Docker Compose services have them.
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
_BASE_URL: Final = rf"(?P<scheme>https?)://(?P<host>{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{{1,5}}))?(?P<path>/.*)?"
_DOMAIN: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.(?P<region>us|ca|au|uk))?"
_PREFIX: Final = r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*"
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}
_MAX_PORT: Final = 65_535
EMULATED: Final = "emu_"
"""The prefix of an emulator's credentials, which distinguishes them from credentials of the service."""

SUBDOMAIN_PREFIX: Final = "/frontegg"
"""The path prefix of the API on sub-domains, unless a client sets another prefix."""


def _address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None
    # From 3.13 on, Python checks the embedded IPv4 address itself.
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def is_loopback(host: str) -> bool:
    """Return whether a host is ``localhost`` or a loopback address."""
    address = _address_of(host)
    return host == "localhost" if address is None else address.is_loopback


def _is_private(host: str) -> bool:
    address = _address_of(host)
    if address is not None:
        return address.is_private
    # Resolvers read a number, as 134744072 or 0x8080808, as an IPv4 address, which may be anywhere.
    return "." not in host and host[0].isalpha()


def parse_region(value: Region | str, setting: str = "region") -> Region:
    """Return the region that ``value`` names.

    Raises:
        ConfigurationError: There is no such region.
    """
    try:
        return Region(folded(value) if isinstance(value, str) else value)
    except ValueError:
        known = ", ".join(region.value for region in Region)
    raise ConfigurationError(f"{setting} must be one of {known}, not {shown(value)}")


def parse_prefix(value: str, setting: str = "prefix") -> str:
    """Return a checked path prefix, as ``/frontegg`` or the empty text.

    Raises:
        ConfigurationError: The value is not plain path segments, each after a ``/``.
    """
    if not isinstance(value, str) or not re.fullmatch(_PREFIX, value.rstrip("/")):
        raise ConfigurationError(
            f"{setting} must be path segments that each follow a '/', such as '/frontegg', or empty"
        )
    return value.rstrip("/")


def parse_base_url(value: str | BaseUrl, *, prefix: str | None = None, setting: str = "base_url") -> BaseUrl:
    """Check an address and split it into origin and prefix.

    Args:
        value: ``https://host[:port][/prefix]``, or the same with ``http``, or a checked address.
        prefix: The path prefix, if it is not part of ``value``.
        setting: The name of the setting, for messages.

    Raises:
        ConfigurationError: The value is not an address of this form, or ``prefix`` differs from the path in the
            address.
    """
    if isinstance(value, BaseUrl):
        return msgspec.structs.replace(parse_base_url(str(value), prefix=prefix, setting=setting), region=value.region)
    if not isinstance(value, str):
        raise ConfigurationError(f"{setting} must be text such as https://host[:port][/prefix], not {kind_of(value)}")
    matched = re.fullmatch(_BASE_URL, value)
    if matched is None:
        raise ConfigurationError(f"{setting} must be https://host[:port][/prefix], without user, query and fragment")
    scheme, host, port, path = matched.group("scheme", "host", "port", "path")
    host = folded(host)
    if host.startswith("[") and not _is_ipv6(host[1:-1]):
        raise ConfigurationError(f"{setting} has a malformed IPv6 address")
    if port is not None and not 0 < int(port) <= _MAX_PORT:
        raise ConfigurationError(f"{setting} must have a port from 1 to {_MAX_PORT}")
    own = parse_prefix(path or "", setting)
    if own and prefix is not None and parse_prefix(prefix) != own:
        raise ConfigurationError(f"prefix and the path in {setting} differ")
    suffix = "" if port is None or int(port) == _DEFAULT_PORTS[scheme] else f":{int(port)}"
    return BaseUrl(f"{scheme}://{host}{suffix}", host, own or parse_prefix(prefix or ""))


def _is_ipv6(host: str) -> bool:
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        return False
    return True


def parse_domain(
    value: str,
    *,
    region: Region | None = None,
    prefix: str | None = None,
    setting: str = "domain",
    region_setting: str = "region",
) -> BaseUrl:
    """Return the address of an environment's sub-domain, ``https://{domain}.frontegg.com``.

    Args:
        value: The sub-domain alone, as ``app-acme``, or with its region, as ``app-acme.us``.
        region: The region of the environment; ``None`` if it is unknown. A sub-domain that names no region is then in
            Europe.
        prefix: The path prefix; ``/frontegg`` by default.
        setting: The name of the setting, for messages.
        region_setting: The name of the setting of the region, for messages.

    Raises:
        ConfigurationError: The value is not a sub-domain, or is in another region.
    """
    matched = re.fullmatch(_DOMAIN, value) if isinstance(value, str) else None
    if matched is None:
        raise ConfigurationError(
            f"{setting} must be a sub-domain such as 'app-acme', or with the region us, ca, au or uk 'app-acme.us'"
        )
    own = matched.group("region")
    if own is None and region not in {None, Region.EU}:
        value = f"{value}.{region}"
    elif own is not None and region not in {None, own}:
        default = ", the default" if region is Region.EU else ""
        raise ConfigurationError(
            f"{setting} and {region_setting} contradict each other: {value!r} is in the region {own}, "
            f"and {region_setting} is {region}{default}"
        )
    host = f"{value}.frontegg.com"
    return BaseUrl(f"https://{host}", host, parse_prefix(SUBDOMAIN_PREFIX if prefix is None else prefix))


def parse_region_url(region: Region, *, prefix: str | None = None) -> BaseUrl:
    """Return the address of a region."""
    return BaseUrl(region.base_url, region.base_url.removeprefix("https://"), parse_prefix(prefix or ""), region)


def check_credential_host(
    base_url: BaseUrl,
    client_id: str,
    secret: Secret | None = None,
    *,
    allow_http: bool,
    client_id_setting: str = "client_id",
    base_url_setting: str = "base_url",
    allow_http_setting: str = "allow_http=True",
) -> None:
    """Refuse to bind a credential to an address to which it must not be sent.

    Args:
        base_url: The address.
        client_id: The environment's client id.
        secret: The environment's secret, if it is known already.
        allow_http: Whether ``http`` is allowed on hosts other than loopback.
        client_id_setting: The name of the setting, for messages.
        base_url_setting: The name of the setting, for messages.
        allow_http_setting: The setting that allows ``http``, for messages.

    Raises:
        ConfigurationError: The address has ``http`` and a host other than loopback, without ``allow_http`` and emulator
            credentials. Or emulator credentials would be sent to the service itself.
    """
    has_secret = secret is not None and secret.reveal().startswith(EMULATED)
    if base_url.is_frontegg and (client_id.startswith(EMULATED) or has_secret):
        raise ConfigurationError(
            f"{client_id_setting} or its secret is a credential of an emulator (it starts with '{EMULATED}'), "
            f"which is not sent to frontegg.com: set {base_url_setting}"
        )
    if base_url.origin.startswith("https://") or base_url.is_loopback:
        return
    is_emulated = client_id.startswith(EMULATED) and (secret is None or has_secret)
    if base_url.is_frontegg or not allow_http or not is_emulated:
        raise ConfigurationError(
            f"{base_url_setting} must be https; http is allowed on loopback, and on other hosts except frontegg.com "
            f"only with {allow_http_setting} and an emulator's credentials"
        )
