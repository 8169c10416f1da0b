"""Which methods of the clients ask before they are called, and what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from frontegg_async.cli.session import Session

_DESTRUCTIVE: Final = ("delete", "end_session", "move_users", "remove", "replace")
"""What the names of methods begin with that ask first."""

UNDONE_BY: Final = {
    "applications.unassign": "assign",
    "applications.unassign_users": "assign_users",
    "groups.remove_roles": "add_roles",
    "groups.remove_users": "add_users",
    "hierarchy.remove": "assign",
    "sub_tenants.users.unassign_roles": "assign_roles",
    "tenants.delete_metadata": "add_metadata",
    "users.unassign_roles": "assign_roles",
}
"""Methods that do not ask although they remove something, and the method that undoes each."""

_THINGS: Final = {
    "excluded_emails": "excluded e-mail address",
    "user_invitations": "invitation",
    "jwt_templates": "JWT template",
    "targeting": "targeting",
    "sso": "SSO configuration",
    "sub_tenants": "sub-account",
    "tenant": "account",
    "tenants": "account",
}
"""What is deleted where the name of the resource does not say it."""

_ACTIONS: Final = {
    "delete_current": "Delete",
    "delete_everywhere": "Delete everywhere",
    "end_sessions": "End all sessions of",
    "move_users": "Move the users of",
    "remove_from_tenant": "Remove from the account",
    "replace": "Replace all fields of",
}
"""What is done where nothing is deleted, or more than the name of the resource says."""

OF_SEVERAL: Final = {
    "tenants.lock": "Lock",
    "tenants.unlock": "Unlock",
    "migrations.start": "Migrate",
    "users.change_roles": "Change the roles of a user in",
}
"""Methods that change several accounts, those of ``tenant_ids``, and what they do."""


def destroys(path: str) -> bool:
    """Return whether a method does what no other one can undo, so that it asks first.

    Args:
        path: The attributes that lead to it, as ``roles.delete``.
    """
    return path.rpartition(".")[2].startswith(_DESTRUCTIVE) and path not in UNDONE_BY


def confirm_several(session: Session, path: str, number: int | None) -> None:
    """Ask in production before a method of `OF_SEVERAL` changes more than one account.

    Args:
        session: The session.
        path: The attributes that lead to the method, as ``tenants.lock``.
        number: How many accounts it changes; ``None`` for all of a user.

    Raises:
        CommandError: The answer is no, or there is no terminal to ask at.
        FronteggError: The environment cannot be read.
    """
    if number != 1:
        what = "all their accounts" if number is None else f"{number:,} accounts"
        session.confirm_in_production(f"{OF_SEVERAL[path]} {what}", typed=path == "tenants.lock")


def action_of(path: str, positional: Sequence[object]) -> str:
    """Return what a method that destroys does, for a question.

    Args:
        path: The attributes that lead to it, as ``roles.delete``.
        positional: Its arguments by position.
    """
    resource, name = path.split(".")[-2:]
    verb, _, thing = name.partition("_")
    if not thing or name in _ACTIONS:
        thing = resource
    thing = _THINGS.get(thing, thing.replace("_", " ").replace("api", "API").removesuffix("s"))
    verb = _ACTIONS.get(name, verb.capitalize())
    return " ".join((f"{verb} 1 {thing}:", *map(str, positional)) if positional else (verb, "1", thing))
