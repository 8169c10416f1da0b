"""Refuses cross-site requests to the admin API. The dashboard is the only web page that may use the API.

Any web page that a developer visits can send requests to this machine, but no page can forge its origin. The host
name of every request has been checked before this module is called.
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
    """Return the refusal of a cross-site request, or ``None`` if the request is allowed.

    Args:
        method: The method of the request.
        headers: The headers of the request, with case-insensitive names.
        has_body: Whether the request has a body.
        is_page: Whether the request is for the dashboard. Other web pages may link to the dashboard.
        is_stream: Whether the request is for an event stream. Otherwise another web page could keep all allowed streams
        open.
        public_origin: The origin by which browsers reach the emulator, if a proxy or a port mapping changes the origin.
    """
    host = headers.get("Host", LOOPBACK)
    site, origin = headers.get("Sec-Fetch-Site"), headers.get("Origin")
    if site is None and origin is None:
        return None
    if method in _SAFE and (is_page or (headers.get("Sec-Fetch-Mode") == "navigate" and not is_stream)):
        return None  # the user followed a link; the page with the link cannot read the response
    if origin not in (None, f"http://{host}", public_origin) or site not in (None, *_OWN):
        return CrossSiteRefusal(HTTPStatus.FORBIDDEN, "the admin API refuses requests from other web pages")
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if method not in _SAFE and has_body and kind != "application/json":
        return CrossSiteRefusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "web pages must send application/json")
    return None
