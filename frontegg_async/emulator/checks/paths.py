"""Paths that are served with and without a trailing slash. Frontegg's pages and SDKs differ in these paths."""

from __future__ import annotations

from typing import Final

SLASHED: Final = frozenset({"/audits", "/auth/vendor", "/identity/resources/configurations/v1"})
"""The paths that are served with and without a trailing slash. They are listed without the slash."""


def equal_paths(path: str) -> tuple[str, ...]:
    """Return all served forms of a path. The first form has no trailing slash."""
    plain = path.removesuffix("/")
    return (plain, f"{plain}/") if plain in SLASHED else (path,)
