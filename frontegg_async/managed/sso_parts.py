"""The domains, the default roles and the groups of an SSO configuration, each of which has requests of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._values.ascii_case import folded
from frontegg_async.endpoints import roles as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.managed.values import ObjectChanges
from frontegg_async.models.roles import Role
from frontegg_async.models.sso import SsoConfiguration, SsoGroup
from frontegg_async.resources.of_tenant.sso.configurations import AsyncTenantSso
from frontegg_async.resources.support.created_by_name import ids_by_name

DOMAINS: Final = "domains"
DEFAULT_ROLES: Final = "default_roles"
VALIDATED: Final = "validated_domains"
"""The name of a read-only value: the domains whose owner has been verified."""
GROUPS: Final = "groups"

_Ids: TypeAlias = tuple[str, ...]


async def roles_of(caller: Caller) -> list[Role]:
    """Return the roles of the environment and of an account.

    Args:
        caller: Makes the request; of the account.

    Raises:
        FronteggError: The request failed.
    """
    return [role for role in await caller.value(endpoints.LIST_V1) if role.tenant_id in (None, caller.tenant_id)]


def groups_named(groups: Iterable[SsoGroup], name: str) -> list[SsoGroup]:
    """Return the groups that have a name; several may have it.

    Args:
        groups: The groups of a configuration.
        name: The name at the identity provider.
    """
    return [each for each in groups if each.group == name]


@attrs.frozen(eq=False)
class SsoParts:
    """The domains, the default roles and the groups that a change of a configuration writes."""

    present: SsoConfiguration
    """The configuration before the change."""
    domains: Sequence[str]
    """The domains to add."""
    default_roles: _Ids | None
    """The ids of all default roles after the change; ``None`` if they do not change."""
    groups: Mapping[str, _Ids | None]
    """The ids of the roles of each group that changes, by its name; ``None`` for a group to remove."""

    async def write(self, sso: AsyncTenantSso) -> None:
        """Write what is not yet there.

        Args:
            sso: The SSO configurations of the account.

        Raises:
            FronteggError: A request failed.
        """
        for domain in self.domains:
            await sso.domains.create(self.present.id, domain=domain)
        if self.default_roles is not None:
            await sso.default_roles.set(self.present.id, role_ids=self.default_roles)
        for name, role_ids in self.groups.items():
            await self._write_group(sso, name, role_ids)

    async def _write_group(self, sso: AsyncTenantSso, name: str, role_ids: _Ids | None) -> None:
        found = groups_named(self.present.groups, name)
        if role_ids is None:
            for each in found:
                await sso.groups.delete(self.present.id, each.id)
        elif not found:
            await sso.groups.create(self.present.id, group=name, role_ids=role_ids)
        elif {*found[0].role_ids} != {*role_ids}:
            await sso.groups.update(self.present.id, found[0].id, group=name, role_ids=role_ids)


async def changed_parts(caller: Caller, present: SsoConfiguration, changes: ObjectChanges) -> SsoParts:
    """Return the parts to write. Nothing is written yet.

    Args:
        caller: Makes the request that reads roles, if roles are named.
        present: The configuration as it is.
        changes: The changes.

    Raises:
        InvalidArgumentError: A domain is to be removed, several groups have the name of one that changes, or several
            roles have a key.
        NotFoundError: No role has a key.
        FronteggError: The request failed.
    """
    if changes.removed(DOMAINS):
        raise InvalidArgumentError("domains are only added to an SSO configuration, and never removed")
    there = {folded(each.domain) for each in present.domains}
    groups = cast("Mapping[str, Sequence[str] | None]", changes.members(GROUPS))
    for name in groups:
        if len(groups_named(present.groups, name)) > 1:
            raise InvalidArgumentError(f"several groups of the SSO configuration have the name {name!r}")
    has_roles = bool(changes.members(DEFAULT_ROLES))
    roles = await roles_of(caller) if has_roles or groups else []
    return SsoParts(
        present,
        [domain for domain in changes.added(DOMAINS) if folded(domain) not in there],
        _default_roles(present, changes, roles) if has_roles else None,
        {name: None if keys is None else _ids(roles, keys) for name, keys in groups.items()},
    )


def _default_roles(present: SsoConfiguration, changes: ObjectChanges, roles: Sequence[Role]) -> _Ids:
    """Return the ids of all default roles after a change; those that nobody names stay."""
    keys = {role.id: role.key for role in roles}
    removed = changes.removed(DEFAULT_ROLES)
    kept = [each for each in present.default_roles if keys.get(each) not in removed]
    return tuple(dict.fromkeys((*kept, *_ids(roles, changes.added(DEFAULT_ROLES)))))


def _ids(roles: Iterable[Role], keys: Sequence[str]) -> _Ids:
    return ids_by_name(roles, keys, kind="role", of=lambda role: (role.id, role.key))
