"""Find the changes of roles with which administrators lose rights."""

from __future__ import annotations

from typing import Final, cast

from frontegg_async.managed.administrators import OF_OWNER, WIDE_PERMISSIONS
from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.managed.values import member_name
from frontegg_async.plans.objects.changes import ObjectChange

_ROLES: Final = ENVIRONMENT["roles"]
_PERMISSIONS: Final = "permissions"


def taken_rights(change: ObjectChange) -> list[str]:
    """Return the administrator rights that a change removes: the key of a deleted role, or keys of permissions.

    The guard ``last-owner`` counts each of these rights, since some users may be administrators only because of the
    changed role.

    Args:
        change: The change of an object of the environment.
    """
    if change.kind is not _ROLES or change.shown is None:
        return []
    held = [each for each in WIDE_PERMISSIONS if each in _permissions(change)]
    if change.is_deleted:
        return [change.present_key] if held or change.present_key == OF_OWNER else []
    return [each for each in held if change.sets.get(member_name(_PERMISSIONS, each)) is False]


def note_of(change: ObjectChange) -> str | None:
    """Return a note about the administrator rights that a change removes; ``None`` without such rights.

    Args:
        change: The change of an object of the environment.
    """
    rights = taken_rights(change)
    if not rights:
        return None
    return "a role of administrators" if change.is_deleted else f"takes {', '.join(rights)} from administrators"


def _permissions(change: ObjectChange) -> list[str]:
    return [] if change.shown is None else cast("list[str]", change.shown.values.get(_PERMISSIONS) or [])
