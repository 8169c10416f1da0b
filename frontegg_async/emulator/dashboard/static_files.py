"""The static files of the dashboard. Their headers let the page load content from its own emulator only."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from frontegg_async.emulator.services.support.emulated_response import EMPTY, EmulatedResponse

ADDRESS: Final = "/_emulator/"
_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@cache
def _contents() -> dict[str, tuple[str, bytes]]:
    """Return the media type and the bytes of each file. The keys are the paths below the dashboard's address."""
    found: dict[str, tuple[str, bytes]] = {}
    for file in files("frontegg_async.emulator.dashboard").joinpath("static").iterdir():
        kind = _TYPES.get(file.name.rpartition(".")[2])
        if kind is not None:
            found["" if file.name == "index.html" else f"static/{file.name}"] = (kind, file.read_bytes())
    return found


def home_of(method: str, target: str, accept: str) -> EmulatedResponse | None:
    """Return the redirect from ``/`` to the dashboard for a browser's request. Return ``None`` for other requests.

    A program that requests ``/`` therefore receives the response of Frontegg's service.
    """
    if method not in ("GET", "HEAD") or target != "/":
        return None
    kinds = {each.partition(";")[0].strip().lower() for each in accept.split(",")}
    if "text/html" not in kinds:
        return None
    return EmulatedResponse(status=302, body=EMPTY, headers={"Location": ADDRESS, "Vary": "Accept"})


def page_of(path: str) -> EmulatedResponse | None:
    """Return the response for a file of the dashboard, or ``None`` if the dashboard has no file at the path."""
    if path == ADDRESS.rstrip("/"):
        return EmulatedResponse(status=308, body=EMPTY, headers={"Location": ADDRESS})
    found = _contents().get(path.removeprefix(ADDRESS)) if path.startswith(ADDRESS) else None
    if found is None:
        return None
    kind, body = found
    return EmulatedResponse(body=body, content_type=kind, headers=_HEADERS)
