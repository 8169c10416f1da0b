"""Write the domains, the default roles and the groups of an SSO configuration, which have their own endpoints."""

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
"""The name of a read-only value: the domains with a verified owner."""
GROUPS: Final = "groups"

_Ids: TypeAlias = tuple[str, ...]


async def roles_of(caller: Caller) -> list[Role]:
    """Return the roles of the environment and the roles of an account.

    Args:
        caller: Sends the request for the account.

    Raises:
        FronteggError: The request failed.
    """
    return [role for role in await caller.value(endpoints.LIST_V1) if role.tenant_id in (None, caller.tenant_id)]


def groups_named(groups: Iterable[SsoGroup], name: str) -> list[SsoGroup]:
    """Return the groups with a name. Several groups may have the same name.

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
    """The ids of all default roles after the change; ``None`` without a change."""
    groups: Mapping[str, _Ids | None]
    """The role ids of each changed group, by group name; ``None`` for a group to remove."""

    async def write(self, sso: AsyncTenantSso) -> None:
        """Write the differences from the present configuration.

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
    """Return the parts to write, without writing them.

    Args:
        caller: Sends the request that reads roles, if the changes name roles.
        present: The present configuration.
        changes: The changes.

    Raises:
        InvalidArgumentError: A domain would be removed, several groups have the name of a changed group, or several
            roles have the same key.
        NotFoundError: No role has the key.
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
    """Return the ids of all default roles after a change. Roles that the change does not name stay."""
    keys = {role.id: role.key for role in roles}
    removed = changes.removed(DEFAULT_ROLES)
    kept = [each for each in present.default_roles if keys.get(each) not in removed]
    return tuple(dict.fromkeys((*kept, *_ids(roles, changes.added(DEFAULT_ROLES)))))


def _ids(roles: Iterable[Role], keys: Sequence[str]) -> _Ids:
    return ids_by_name(roles, keys, kind="role", of=lambda role: (role.id, role.key))
