"""Check the entitlements of a token: whether its permissions and roles cover those that are required."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias, cast

from frontegg_async._values.base_errors import ErrorDetails, InvalidArgumentError, MissingPermissionError
from frontegg_async._values.unset import UNSET, Unset

Names: TypeAlias = str | Iterable[str]
"""The name of a permission, a role or a feature, or several of which all are required."""

_EVERYTHING: Final = "*"
_BELOW: Final = ".*"


def covers(held: str, wanted: str) -> bool:
    """Return whether a permission that is held covers one that is wanted.

    A permission covers itself. As a wildcard, ``fe.secure.*`` covers each permission that begins with ``fe.secure.``,
    and ``*`` covers every permission. A star anywhere else has no meaning.
    """
    if held in (wanted, _EVERYTHING):
        return True
    return len(wanted) >= len(held) > len(_BELOW) and held.endswith(_BELOW) and wanted.startswith(held[:-1])


def may(held: Iterable[str], wanted: str) -> bool:
    """Return whether one of the permissions that are held covers one that is wanted.

    Raises:
        InvalidArgumentError: It is no text, or empty.
    """
    if not isinstance(wanted, str):
        raise InvalidArgumentError(f"permission must be text, not {type(wanted).__name__}")
    if isinstance(names := _names(wanted, "permission"), InvalidArgumentError):
        raise names
    return any(covers(each, wanted) for each in held)


def check_called(handler: object, instead: str) -> None:
    """Refuse a function that ``require`` got because its parentheses are missing.

    Raises:
        TypeError: There is one.
    """
    if handler is not None:
        raise TypeError(f"require is called with what is required: write {instead}")


def wanted_names(permission: Names | None, role: Names | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the permissions and the roles that are wanted, as tuples; an iterator is read once, here.

    Args:
        permission: What is wanted: one, or several of which all are wanted.
        role: What is wanted: one, or several of which all are wanted.

    Raises:
        InvalidArgumentError: Nothing is wanted, a collection is empty, or a name is no text or empty.
    """
    permissions = () if permission is None else _names(permission, "permission")
    roles = () if role is None else _names(role, "role")
    if isinstance(permissions, InvalidArgumentError):
        raise permissions
    if isinstance(roles, InvalidArgumentError):
        raise roles
    if not permissions and not roles:
        raise InvalidArgumentError("give permission or role: without one there is nothing to require")
    return permissions, roles


def feature_names(feature: Names) -> tuple[str, ...]:
    """Return the keys of the features that are wanted, as a tuple; an iterator is read once, here.

    Args:
        feature: What is wanted: one, or several of which all are wanted.

    Raises:
        InvalidArgumentError: A collection is empty, or a key is no text or empty.
    """
    if isinstance(names := _names(feature, "feature"), InvalidArgumentError):
        raise names
    return names


def check_tenant_id(value: object) -> None:
    """Refuse what cannot be the tenant in which permissions and roles are wanted, such as a setting that is missing.

    Raises:
        InvalidArgumentError: It is no text, empty, or not printable.
    """
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise InvalidArgumentError("in_tenant must be the id of a tenant, as 'our-company'")


def require(
    permissions: Sequence[str],
    roles: Sequence[str],
    tenant_id: str,
    *,
    permission: Names | None,
    role: Names | None,
    in_tenant: str | Unset,
    holder: str,
) -> None:
    """Raise an error if one of the permissions and roles that are wanted is lacking.

    Args:
        permissions: The permissions that are held.
        roles: The roles that are held.
        tenant_id: The id of the tenant in which they are held.
        permission: The permission that is wanted, or several of which all are wanted.
        role: The role that is wanted, or several of which all are wanted.
        in_tenant: The id of the tenant in which they are wanted; `UNSET` for any.
        holder: The holder, for the message.

    Raises:
        InvalidArgumentError: Nothing is wanted, or a name or an id is no text or empty.
        MissingPermissionError: Something is lacking.
    """
    wanted_permissions, wanted_roles = wanted_names(permission, role)
    if in_tenant is not UNSET:
        check_tenant_id(in_tenant)
        if in_tenant != tenant_id:
            raise MissingPermissionError(
                f"the {holder} is for tenant {tenant_id!r}, and what it may do there does not count in {in_tenant!r}",
                ErrorDetails(reason="other_tenant", missing=(*wanted_permissions, *wanted_roles)),
            )
    lacking = (
        *(f"permission {wanted}" for wanted in wanted_permissions if not any(covers(e, wanted) for e in permissions)),
        *(f"role {wanted}" for wanted in wanted_roles if wanted not in roles),
    )
    if lacking:
        raise MissingPermissionError(
            f"the {holder} does not have {', '.join(lacking)}; give its owner a role that does, and issue a new token",
            ErrorDetails(reason="entitlement", missing=tuple(each.partition(" ")[2] for each in lacking)),
        )


def _names(value: object, argument: str) -> tuple[str, ...] | InvalidArgumentError:
    """Return the names, or the error: raised by the caller, its traceback is one frame shorter."""
    values = (value,) if isinstance(value, str) else value
    if not isinstance(values, Iterable) or isinstance(values, bytes):
        return InvalidArgumentError(f"{argument} must be text or several texts, not {type(value).__name__}")
    names = tuple(cast("Iterable[object]", values))
    for name in names:
        if not isinstance(name, str) or not name or not name.isprintable():
            return InvalidArgumentError(f"{argument} must be the printable name of a {argument}, or several")
    if not names:
        return InvalidArgumentError(f"{argument} must have at least one name")
    return cast("tuple[str, ...]", names)
