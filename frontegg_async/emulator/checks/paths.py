"""Paths that shipped clients send with a slash at their end: the service takes both forms for one."""

from __future__ import annotations

from typing import Final

SLASHED: Final = frozenset({"/auth/vendor", "/identity/resources/configurations/v1"})
"""The paths without that slash."""


def equal_paths(path: str) -> tuple[str, ...]:
    """Return all forms of a path, the one without the slash first."""
    plain = path.removesuffix("/")
    return (plain, f"{plain}/") if plain in SLASHED else (path,)
