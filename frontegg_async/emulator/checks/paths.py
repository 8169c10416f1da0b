"""Paths that are served both with and without a trailing slash, because sources and shipped clients differ."""

from __future__ import annotations

from typing import Final

SLASHED: Final = frozenset({"/audits", "/auth/vendor", "/identity/resources/configurations/v1"})
"""The paths that are served with and without a trailing slash, here without it."""


def equal_paths(path: str) -> tuple[str, ...]:
    """Return all served forms of a path. The form without a trailing slash is first."""
    plain = path.removesuffix("/")
    return (plain, f"{plain}/") if plain in SLASHED else (path,)
