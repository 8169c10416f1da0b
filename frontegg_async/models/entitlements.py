"""The check whether a token has the required permissions and roles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias, cast

from frontegg_async._values.base_errors import ErrorDetails, InvalidArgumentError, MissingPermissionError
from frontegg_async._values.unset import UNSET, Unset

Names: TypeAlias = str | Iterable[str]
"""The name of a permission, a role or a feature, or several names that are all required."""

_EVERYTHING: Final = "*"
_BELOW: Final = ".*"


def covers(held: str, wanted: str) -> bool:
    """Return whether a permission that somebody has covers a required permission.

    A permission covers itself. As a wildcard, ``fe.secure.*`` covers each permission that begins with ``fe.secure.``,
    and ``*`` covers every permission. A star anywhere else has no meaning.
    """
    if held in (wanted, _EVERYTHING):
        return True
    return len(wanted) >= len(held) > len(_BELOW) and held.endswith(_BELOW) and wanted.startswith(held[:-1])


def may(held: Iterable[str], wanted: str) -> bool:
    """Return whether one of the held permissions covers the wanted permission.

    Raises:
        InvalidArgumentError: ``wanted`` is not text, or is empty.
    """
    if not isinstance(wanted, str):
        raise InvalidArgumentError(f"permission must be text, not {type(wanted).__name__}")
    if isinstance(names := _names(wanted, "permission"), InvalidArgumentError):
        raise names
    return any(covers(each, wanted) for each in held)


def check_called(handler: object, instead: str) -> None:
    """Raise an error if ``require`` is used as a decorator without parentheses.

    Python then passes the decorated function as ``handler``.

    Raises:
        TypeError: ``handler`` is not ``None``.
    """
    if handler is not None:
        raise TypeError(f"require needs its arguments in parentheses: write {instead}")


def wanted_names(permission: Names | None, role: Names | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the wanted permissions and roles as tuples. The function consumes iterators.

    Args:
        permission: One permission, or several that are all wanted.
        role: One role, or several that are all wanted.

    Raises:
        InvalidArgumentError: Both arguments are ``None``, a collection is empty, or a name is not text or is empty.
    """
    permissions = () if permission is None else _names(permission, "permission")
    roles = () if role is None else _names(role, "role")
    if isinstance(permissions, InvalidArgumentError):
        raise permissions
    if isinstance(roles, InvalidArgumentError):
        raise roles
    if not permissions and not roles:
        raise InvalidArgumentError("give permission or role: at least one of the two arguments is required")
    return permissions, roles


def feature_names(feature: Names) -> tuple[str, ...]:
    """Return the keys of the wanted features as a tuple. The function consumes an iterator.

    Args:
        feature: One feature, or several that are all wanted.

    Raises:
        InvalidArgumentError: A collection is empty, or a key is not text or is empty.
    """
    if isinstance(names := _names(feature, "feature"), InvalidArgumentError):
        raise names
    return names


def check_tenant_id(value: object) -> None:
    """Raise an error if a value cannot be the id of a tenant, for example since a setting is missing.

    Raises:
        InvalidArgumentError: The value is not text, is empty, or is not printable.
    """
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise InvalidArgumentError("in_tenant must be the id of a tenant, such as 'our-company'")


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
    """Raise an error if a wanted permission or role is missing.

    Args:
        permissions: The held permissions.
        roles: The held roles.
        tenant_id: The id of the tenant in which the permissions and roles are held.
        permission: The wanted permission, or several that are all wanted.
        role: The wanted role, or several that are all wanted.
        in_tenant: The id of the tenant in which the permissions and roles are wanted; `UNSET` for any tenant.
        holder: The words for the token in messages, such as ``access token``.

    Raises:
        InvalidArgumentError: Neither a permission nor a role is wanted, or a name or an id is empty or is not text.
        MissingPermissionError: A wanted permission or role is missing, or ``in_tenant`` is not ``tenant_id``.
    """
    wanted_permissions, wanted_roles = wanted_names(permission, role)
    if in_tenant is not UNSET:
        check_tenant_id(in_tenant)
        if in_tenant != tenant_id:
            raise MissingPermissionError(
                f"the {holder} is for tenant {tenant_id!r}, so its permissions have no effect in tenant {in_tenant!r}",
                ErrorDetails(reason="other_tenant", missing=(*wanted_permissions, *wanted_roles)),
            )
    lacking = (
        *(f"permission {wanted}" for wanted in wanted_permissions if not any(covers(e, wanted) for e in permissions)),
        *(f"role {wanted}" for wanted in wanted_roles if wanted not in roles),
    )
    if lacking:
        raise MissingPermissionError(
            f"the {holder} does not have {', '.join(lacking)}; give these rights to its owner and issue a new token",
            ErrorDetails(reason="entitlement", missing=tuple(each.partition(" ")[2] for each in lacking)),
        )


def _names(value: object, argument: str) -> tuple[str, ...] | InvalidArgumentError:
    """Return the names or an error. The caller raises the error, so that the traceback is one frame shorter."""
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
