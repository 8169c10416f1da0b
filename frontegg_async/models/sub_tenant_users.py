"""Request bodies that change the users of sub-accounts."""

from __future__ import annotations

import attrs

from frontegg_async._values.fields import MAY_BE_EMPTY
from frontegg_async._values.value import Value

__all__: tuple[str, ...] = ()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SubTenantNewUser(Value):
    """A person who becomes a user of sub-accounts. Fields that are ``None`` are not sent."""

    email: str = attrs.field(repr=False)
    name: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SubTenantMembership(Value):
    """A sub-account, and the roles of a user in this sub-account. Fields that are ``None`` are not sent."""

    tenant_id: str
    role_ids: tuple[str, ...] | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SubTenantUserAdd(Value):
    """A user, and the sub-accounts to which to add the user."""

    user: SubTenantNewUser = attrs.field(repr=False)
    sub_tenants: tuple[SubTenantMembership, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SubTenantUsersAdd(Value):
    """Several users, and the sub-account to which the users are added. Fields that are ``None`` are not sent."""

    users: tuple[SubTenantNewUser, ...] = attrs.field(repr=False)
    tenant_id: str
    role_ids: tuple[str, ...] | None = None
    allow_sub_account_access: bool | None = None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SubTenantName(Value):
    """A sub-account from which to remove a user."""

    tenant_id: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SubTenantUserRemoval(Value):
    """A user, and the sub-accounts from which to remove the user."""

    user_id: str
    sub_tenants: tuple[SubTenantName, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SubTenantRoles(Value):
    """Roles of a user in a sub-account."""

    tenant_id: str
    role_ids: tuple[str, ...] = attrs.field(metadata={MAY_BE_EMPTY: True})


@attrs.frozen(kw_only=True, eq=False, repr=False)
class SubTenantUserRoles(Value):
    """Roles of a user in sub-accounts."""

    sub_tenants_roles: tuple[SubTenantRoles, ...]
