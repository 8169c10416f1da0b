"""`AllowedHosts`: checks the host name in the ``Host`` header of requests.

The check stops DNS rebinding: a web page lets its own host name resolve to this machine, so that the browser lets
the page read the emulator's responses. The page cannot change the ``Host`` header, which has the page's host name.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import attrs

from frontegg_async._values.ascii_case import folded

LOOPBACK: Final = "127.0.0.1"
MAX_SHOWN: Final = 80
"""The number of characters of a refused name that an error shows."""
_AUTHORITY: Final = re.compile(r"(?:\[(?P<address>[^\[\]\s]+)\]|(?P<name>[^\[\]\s:@/?#\\]+))(?::[0-9]*)?")
_NAME: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?")


def _host_of(authority: str) -> str:
    """Return the lower-case name or address in the value of a ``Host`` header, or an empty text for any other value."""
    found = _AUTHORITY.fullmatch(authority)
    if found is None:
        return ""
    return folded(found["address"] or found["name"].removesuffix("."))


@lru_cache(maxsize=64)
def _names_address(authority: str) -> bool:
    try:
        ipaddress.ip_address(_host_of(authority))
    except ValueError:
        return False
    return True


def check_allowed_hosts(names: Iterable[str]) -> tuple[str, ...]:
    """Check the names that ``Host`` may have besides loopback names. Return them in lower case without a final dot.

    Raises:
        ValueError: The value is a single text, or a name is not a plain host name. URLs, patterns and names with a port
        are not plain host names.
    """
    if isinstance(names, str | bytes) or not isinstance(names, Iterable):
        raise ValueError(f"allow_hosts must be a list of names, not {type(names).__name__}")  # noqa: TRY004 - one kind of error
    return tuple(_check_name(name) for name in names)


def _check_name(name: object) -> str:
    plain = folded(name).removesuffix(".") if isinstance(name, str) else ""
    if not _NAME.fullmatch(plain):
        raise ValueError(
            "allow_hosts must be plain host names such as 'emulator' or 'emulator.example.com', "
            f"without scheme, port or '*', not {name!r}"
        )
    return plain


@attrs.frozen
class AllowedHosts:
    """Accepts ``Host`` headers with ``localhost``, a name below ``localhost``, an IP address, or one of given names.

    Args:
        names: The other accepted names, in lower case.
    """

    names: frozenset[str] = frozenset()

    def allows(self, authority: str) -> bool:
        """Return whether the value of a ``Host`` header is accepted. The value may have a port."""
        if _names_address(authority):
            return True
        host = _host_of(authority)
        is_name = not authority.startswith("[")
        return is_name and (host == "localhost" or host.endswith(".localhost") or host in self.names)

    def refusal(self, authority: str) -> str | None:
        """Return the reason why a ``Host`` header is refused, or ``None`` if the header is accepted."""
        if self.allows(authority):
            return None
        host = _host_of(authority)
        if not _NAME.fullmatch(host):
            return f"the Host header {authority[:MAX_SHOWN]!r} is not a host: use {LOOPBACK}"
        return (
            f"the emulator does not answer to the name {host[:MAX_SHOWN]!r}: use {LOOPBACK} or localhost, or start it "
            f"with --allow-host {host[:MAX_SHOWN]}, in a program with Emulator(allow_hosts=[{host[:MAX_SHOWN]!r}])"
        )
