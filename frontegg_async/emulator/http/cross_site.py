"""Refuses cross-site requests to the admin API: of all web pages, only the dashboard may use it.

Any web page that a developer visits can send requests to this machine, but it cannot forge its origin. Its host name
has been checked before, as for every request.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import attrs

from frontegg_async.emulator.http.allowed_hosts import LOOPBACK

_SAFE: Final = ("GET", "HEAD")
_OWN: Final = ("same-origin", "none")


@attrs.frozen
class CrossSiteRefusal:
    """The status and the reason with which a cross-site request is refused."""

    status: HTTPStatus
    reason: str


def cross_site_refusal(
    method: str,
    headers: Mapping[str, str],
    *,
    has_body: bool,
    is_page: bool,
    is_stream: bool = False,
    public_origin: str = "",
) -> CrossSiteRefusal | None:
    """Return why a request is refused; ``None`` if it is not.

    Args:
        method: Its method.
        headers: Its headers; names are case-insensitive.
        has_body: Whether it has a body.
        is_page: Whether it is for the dashboard itself, which other pages may link to.
        is_stream: Whether it is for an event stream, which holds a place for as long as another page wants.
        public_origin: The origin by which browsers reach the emulator, if a proxy or a port mapping gives it another.
    """
    host = headers.get("Host", LOOPBACK)
    site, origin = headers.get("Sec-Fetch-Site"), headers.get("Origin")
    if site is None and origin is None:
        return None
    if method in _SAFE and (is_page or (headers.get("Sec-Fetch-Mode") == "navigate" and not is_stream)):
        return None  # a user follows a link: the page with the link cannot read the response
    if origin not in (None, f"http://{host}", public_origin) or site not in (None, *_OWN):
        return CrossSiteRefusal(HTTPStatus.FORBIDDEN, "the admin API refuses requests of other web pages")
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if method not in _SAFE and has_body and kind != "application/json":
        return CrossSiteRefusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "web pages must send application/json")
    return None
