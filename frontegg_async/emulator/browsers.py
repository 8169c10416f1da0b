"""Requests that web pages make: only the dashboard's own may use the admin API.

Any page that a developer visits can send requests to this machine. A page cannot lie about its origin, nor about the
name by which it found the machine.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import attrs

_SAFE: Final = ("GET", "HEAD")
_OWN: Final = ("same-origin", "none")
_RESERVED: Final = (".localhost", ".internal", ".test")
"""Names that nobody can have on the internet, and so cannot point to this machine."""
_LOOPBACK: Final = "127.0.0.1"


@attrs.frozen
class Unwelcome:
    """Why a request is refused."""

    status: HTTPStatus
    reason: str


def is_local_name(host: str) -> bool:
    """Whether a name or address, with or without a port, is one that a page of the internet cannot come by."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost" or name.endswith(_RESERVED) or "." not in name.rstrip("."):
        return name != ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def unwelcome(
    method: str, headers: Mapping[str, str], *, to_loopback: bool, has_body: bool, is_page: bool
) -> Unwelcome | None:
    """Return why a request is refused; ``None`` if it is not.

    Args:
        method: Its method.
        headers: Its headers, by names in any case.
        to_loopback: Whether it came to an address of loopback.
        has_body: Whether it has a body.
        is_page: Whether it is for the dashboard itself, which other pages may link to.
    """
    host = headers.get("Host", _LOOPBACK)
    if to_loopback and not is_local_name(host):
        return Unwelcome(HTTPStatus.FORBIDDEN, f"the admin API does not answer to this name: use {_LOOPBACK}")
    site, origin = headers.get("Sec-Fetch-Site"), headers.get("Origin")
    if site is None and origin is None:
        return None
    if method in _SAFE and (is_page or headers.get("Sec-Fetch-Mode") == "navigate"):
        return None  # somebody follows a link, and the page that has it sees nothing of the answer
    if (origin is not None and origin != f"http://{host}") or (site is not None and site not in _OWN):
        return Unwelcome(HTTPStatus.FORBIDDEN, "the admin API is not for other web pages")
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if method not in _SAFE and has_body and kind != "application/json":
        return Unwelcome(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "web pages must send application/json")
    return None
