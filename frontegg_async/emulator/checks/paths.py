"""Paths that are served with and without a trailing slash, because sources and shipped clients differ."""

from __future__ import annotations

from typing import Final

SLASHED: Final = frozenset({"/audits", "/auth/vendor", "/identity/resources/configurations/v1"})
"""These paths, without the trailing slash."""


def equal_paths(path: str) -> tuple[str, ...]:
    """Return all forms of a path, the one without the trailing slash first."""
    plain = path.removesuffix("/")
    return (plain, f"{plain}/") if plain in SLASHED else (path,)
