"""`Factory`, which creates tenants, trees of tenants, and users with tokens in the environment of a test."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final, TypeAlias, cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from frontegg_async.emulator.checks.arguments import flag, mapping, optional_text, text, texts, whole

EVERYTHING: Final = ("fe.*",)
"""The permissions of a tenant's administrator."""

TreeShape: TypeAlias = Mapping[str, "TreeShape"]
"""The ids of tenants, each with the sub-accounts of the tenant: ``{"north": {"acme": {}, "kiosk": {}}}``."""


@attrs.frozen(kw_only=True)
class SeededUser:
    """A user in the emulator, with tokens for a tenant of the user."""

    id: str
    """The id of the user."""
    email: str
    """The user's e-mail address."""
    tenant_id: str
    """The id of the tenant that the tokens are for."""
    token: str = attrs.field(repr=False)
    """The JWT for the self-service client and for incoming requests."""
    refresh_token: str = attrs.field(repr=False)
    """The refresh token of the user's session. A refresh token can be used once."""


class Factory:
    """Creates the tenants and users that exist at the start of a test.

    The factory sends no requests, so the journal of the emulator does not contain its work. Generated ids and names are
    the same in every run.

    Args:
        emulator: The environment, or the emulator itself for its default environment.
    """

    def __init__(self, emulator: EmulatorHandle) -> None:
        self._emulator = emulator
        self._tenants = itertools.count(1)
        self._users = itertools.count(1)

    def tenant(
        self,
        tenant_id: str | None = None,
        *,
        name: str | None = None,
        parent: str | None = None,
        is_reseller: bool = False,
        is_locked: bool = False,
        metadata: Mapping[str, JsonValue] | None = None,
    ) -> str:
        """Create a tenant and return its id.

        Args:
            tenant_id: The id of the tenant; by default a generated id.
            name: The name of the tenant; by default the id.
            parent: The id of the parent tenant.
            is_reseller: Whether the tenant may have sub-accounts.
            is_locked: Whether the tenant is locked. Users of a locked tenant cannot sign in.
            metadata: The metadata of the tenant.

        Raises:
            ValueError: The id exists or is not valid, the parent does not exist, or an argument has the wrong type.
        """
        made = f"tenant-{next(self._tenants)}" if tenant_id is None else text(tenant_id, "tenant_id")
        row: dict[str, JsonValue] = {
            "tenantId": made,
            "name": made if name is None else text(name, "name"),
            "parentTenantId": optional_text(parent, "parent"),
            "isReseller": flag(is_reseller, "is_reseller"),
            "isLocked": flag(is_locked, "is_locked"),
            "metadata": None if metadata is None else mapping(metadata, "metadata"),
        }
        self._emulator.seed(tenants=[row])
        return made

    def tenants(self, count: int, *, parent: str | None = None) -> list[str]:
        """Create several tenants at once and return their ids.

        Args:
            count: The number of tenants, 0 or more.
            parent: The id of the parent of the tenants.

        Raises:
            ValueError: ``count`` is not an integer of 0 or more, or the parent does not exist.
        """
        optional_text(parent, "parent")
        made = [f"tenant-{next(self._tenants)}" for _ in range(whole(count, "count", 0))]
        self._emulator.seed(tenants=[{"tenantId": each, "name": each, "parentTenantId": parent} for each in made])
        return made

    def tree(self, shape: TreeShape, *, parent: str | None = None) -> list[str]:
        """Create a tree of tenants and return their ids, parents first.

        Args:
            shape: The ids, such as ``{"north": {"acme": {}, "kiosk": {}}}``. A tenant with sub-accounts becomes a
                reseller.
            parent: The id of the parent of the tree.

        Raises:
            ValueError: An id exists or is not valid, the parent does not exist, or ``shape`` is not a mapping of ids to
                mappings. Nothing was created.
        """
        optional_text(parent, "parent")
        rows = list(_rows(shape, parent))
        self._emulator.seed(tenants=rows)
        return [str(row["tenantId"]) for row in rows]

    def user(
        self,
        email: str | None = None,
        *,
        tenant_id: str | None = None,
        tenant_ids: Sequence[str] = (),
        permissions: Sequence[str] = EVERYTHING,
        roles: Sequence[str] = (),
        name: str | None = None,
        password: str | None = None,
    ) -> SeededUser:
        """Create a user, and issue a token for the user's tenant.

        Args:
            email: The e-mail address of the user; by default a generated address.
            tenant_id: The id of an existing tenant. By default a new tenant is created, which may have sub-accounts.
            tenant_ids: The ids of more tenants to which the user belongs.
            permissions: The keys of the user's permissions, or prefixes that end in ``*``; all permissions by default.
            roles: The ids of the user's roles.
            name: The name of the user.
            password: The password of the user. Without a password the user cannot sign in.

        Raises:
            ValueError: Another user has the address, a tenant does not exist, or an argument has the wrong type.
        """
        optional_text(email, "email")
        optional_text(tenant_id, "tenant_id")
        row: dict[str, JsonValue] = {
            "permissions": [*texts(permissions, "permissions")],
            "roles": [*texts(roles, "roles")],
            "name": optional_text(name, "name"),
            "password": optional_text(password, "password"),
        }
        others = texts(tenant_ids, "tenant_ids")
        home = self.tenant(is_reseller=True) if tenant_id is None else tenant_id
        number = next(self._users)
        user_id, address = f"user-{number}", email or f"user-{number}@users.example"
        row |= {"id": user_id, "email": address, "tenantId": home, "tenantIds": [home, *others]}
        self._emulator.seed(users=[row])
        tokens = self._emulator.user_token(tenant_id=home, user_id=user_id, email=address)
        return SeededUser(
            id=user_id,
            email=address,
            tenant_id=home,
            token=tokens.access_token,
            refresh_token=tokens.refresh_token,
        )

    def token(
        self,
        user: SeededUser,
        *,
        tenant_id: str | None = None,
        permissions: Sequence[str] | None = None,
        roles: Sequence[str] | None = None,
        expires_in: float | timedelta | None = None,
    ) -> str:
        """Issue another token for a user.

        Args:
            user: The user.
            tenant_id: The id of the existing tenant that the token is for; the user's tenant by default.
            permissions: The permissions in the token; the user's permissions by default.
            roles: The roles in the token; the user's roles by default.
            expires_in: The lifetime in seconds by the clock of the environment; 24 hours by default. Use -60 for an
                expired token: verifiers accept a token until ``leeway`` seconds after its expiry.

        Raises:
            ValueError: The tenant does not exist, ``expires_in`` is out of range, or an argument has the wrong type.
        """
        if not isinstance(user, SeededUser):
            raise ValueError(f"user must be a SeededUser from user(), not {type(user).__name__}")  # noqa: TRY004 - one kind of error
        if tenant_id is not None and text(tenant_id, "tenant_id") not in self._tenant_ids():
            raise ValueError(f"tenant_id must be the id of an existing tenant, not {tenant_id!r}")
        return self._emulator.user_token(
            tenant_id=user.tenant_id if tenant_id is None else tenant_id,
            user_id=user.id,
            email=user.email,
            permissions=permissions,
            roles=roles,
            expires_in=expires_in,
        ).access_token

    def _tenant_ids(self) -> set[str]:
        return {row["tenantId"] for row in cast("list[dict[str, str]]", self._emulator.export_seed()["tenants"])}


def _rows(shape: TreeShape, parent: str | None) -> Iterator[dict[str, JsonValue]]:
    waiting: list[tuple[str, TreeShape, str | None]] = [
        (name, below, parent) for name, below in _backwards(shape, "shape")
    ]
    while waiting:
        name, below, above = waiting.pop()
        yield {"tenantId": name, "name": name, "parentTenantId": above, "isReseller": bool(below)}
        waiting.extend((child, deeper, name) for child, deeper in _backwards(below, f"shape below {name!r}"))


def _backwards(shape: TreeShape, name: str) -> Iterator[tuple[str, TreeShape]]:
    texts(mapping(shape, name), name)
    return reversed(list(shape.items()))
