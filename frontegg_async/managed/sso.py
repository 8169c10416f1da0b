"""The managed SSO configurations of an account, with their types as keys."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar, Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.ascii_case import folded
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints import sso as endpoints
from frontegg_async.errors import ErrorDetails, GuardShutError, InvalidArgumentError, Outcome
from frontegg_async.managed.fields import Field, Shape, by_name
from frontegg_async.managed.kinds import ManagedObject, ObjectKind, Objects, by_key
from frontegg_async.managed.object_write import ObjectWrite
from frontegg_async.managed.policies import Policies
from frontegg_async.managed.sso_lockout import locks_out
from frontegg_async.managed.sso_parts import (
    DEFAULT_ROLES,
    DOMAINS,
    GROUPS,
    VALIDATED,
    changed_parts,
    groups_named,
    roles_of,
)
from frontegg_async.managed.values import ObjectChanges, values_of
from frontegg_async.models.model import Model
from frontegg_async.models.sso import SsoConfiguration, SsoGroup, SsoType
from frontegg_async.resources.of_tenant.sso.certificates import encode_certificate, normal_certificate
from frontegg_async.resources.of_tenant.sso.checks import check_domain
from frontegg_async.resources.of_tenant.sso.configurations import AsyncTenantSso

_CERTIFICATE: Final = "public_certificate"
_ENDPOINT: Final = "sso_endpoint"
_METADATA: Final = "config_metadata"
_SECRETS: Final = ("oidc_secret", "idp_client_secret")


def _check_url(value: object, name: str) -> None:
    arguments.check_url(value, name, example="https://idp.example.com/sso")


def _check_certificate(value: object, name: str) -> None:
    encode_certificate(cast("str", value), name)


def _check_roles(value: object, name: str) -> None:
    if not isinstance(value, list) or not all(isinstance(key, str) and key for key in cast("list[object]", value)):
        raise InvalidArgumentError(f"{name} must have a list of keys of roles for each group")


def _normal_certificate(value: JsonValue) -> JsonValue:
    return normal_certificate(cast("str", value))


def _normal_domains(value: JsonValue) -> JsonValue:
    return cast("JsonValue", sorted({folded(domain) for domain in cast("list[str]", value)}))


def _normal_groups(value: JsonValue) -> JsonValue:
    groups = cast("Mapping[str, list[str] | None]", value)
    return {group: None if keys is None else cast("JsonValue", sorted({*keys})) for group, keys in groups.items()}


class Sso(ObjectKind):
    """The SSO configurations of an account: one for SAML and one for OpenID Connect.

    Two configurations of the same type are not managed. Plans neither delete a configuration nor remove a domain; files
    only add domains. Null removes the mapping of a group of the identity provider, as null removes a key of any map.
    """

    part: ClassVar[str] = "sso"
    noun: ClassVar[str] = "SSO configuration"
    model: ClassVar[type[Model]] = SsoConfiguration
    keys: ClassVar[tuple[str, ...]] = tuple(each.value for each in SsoType)
    fields: ClassVar[Mapping[str, Field]] = by_name(
        Field("enabled", Shape.FLAG),
        Field(_ENDPOINT, is_nullable=True, check=_check_url),
        Field(_CERTIFICATE, is_nullable=True, check=_check_certificate, normal=_normal_certificate),
        Field("sign_request", Shape.FLAG),
        # Null is not allowed in these two fields, since the service fills in a default.
        Field("acs_url", check=_check_url),
        Field("sp_entity_id", check=arguments.check_text),
        Field("oidc_client_id", is_nullable=True, check=arguments.check_text),
        Field("oidc_secret", Shape.SECRET),
        Field("override_active_tenant", Shape.FLAG),
        Field("sub_account_access_limit", Shape.NUMBER, is_nullable=True, limits=(0, 2**31 - 1)),
        Field("idp_client_id", is_nullable=True, check=arguments.check_text),
        Field("idp_client_secret", Shape.SECRET),
        Field("skip_email_domain_validation", Shape.FLAG),
        Field(_METADATA, Shape.MAP),
        Field(DOMAINS, Shape.MEMBERS, is_later=True, keeps_members=True, check=check_domain, normal=_normal_domains),
        Field(DEFAULT_ROLES, Shape.MEMBERS, is_later=True, refers_to="roles"),
        Field(GROUPS, Shape.MAP, is_later=True, refers_to="roles", check=_check_roles, normal=_normal_groups),
    )
    endpoints: ClassVar[tuple[Endpoint[object], ...]] = (
        endpoints.CREATE,
        endpoints.UPDATE,
        endpoints.CREATE_DOMAIN,
        endpoints.SET_DEFAULT_ROLES,
        endpoints.CREATE_GROUP,
        endpoints.UPDATE_GROUP,
        endpoints.DELETE_GROUP,
    )
    of_account: ClassVar[bool] = True
    can_delete: ClassVar[bool] = False
    read_only: ClassVar[frozenset[str]] = ObjectKind.read_only | {
        "type",
        "tenant_id",
        "generated_verification",
        VALIDATED,
    }

    def problem_of_values(
        self, key: str, values: Mapping[str, JsonValue], present: Mapping[str, JsonValue]
    ) -> str | None:
        """Return why a SAML configuration cannot be created: an enabled configuration needs an endpoint."""
        is_enabled = key == SsoType.SAML and values.get("enabled") is True
        if present or not is_enabled or values.get(_ENDPOINT) is not None:
            return None
        return f"there is no SSO configuration {key!r}, and to create an enabled one it must have {_ENDPOINT}"

    async def read(self, caller: Caller, keys: Collection[str] | None = None) -> Objects:
        """Return the configurations of known types, with the keys of their roles."""
        del keys
        found = [each for each in await caller.value(endpoints.LIST) if each.type in self.keys]
        has_roles = any(each.default_roles or each.groups for each in found)
        names = {role.id: role.key for role in await roles_of(caller)} if has_roles else {}
        return by_key([_object(each, names) for each in found])

    async def check_danger(self, caller: Caller, written: ObjectWrite) -> None:
        """Refuse to disable the last SSO of an account that needs SSO."""
        if written.sets.get("enabled") is not False:
            return
        if locks_out(await self.read(caller), [written], await Policies().read(caller, ["mfa"])):
            message = "people of the account may be locked out without SSO, and the plan does not allow that"
            raise GuardShutError(message, ErrorDetails(reason="sso-lockout", outcome=Outcome.NOT_SENT))

    async def create(self, caller: Caller, key: str, values: ObjectChanges, *, send_email: bool) -> None:
        """Create a configuration without domains, default roles and groups."""
        del send_email
        await AsyncTenantSso(caller).create(type=SsoType(key), **_plain(values, None))

    async def update(self, caller: Caller, key: str, object_id: str, changes: ObjectChanges) -> None:
        """Change fields of a configuration, add domains, and set default roles and groups.

        Raises:
            InvalidArgumentError: A domain would be removed, several groups have the name of a changed group, or several
                roles have the same key; nothing was changed.
            NotFoundError: The configuration or a role does not exist; nothing was changed.
            FronteggError: A request failed.
        """
        del key
        sso = AsyncTenantSso(caller)
        if not any(changes.members(name) for name in (_METADATA, DOMAINS, DEFAULT_ROLES, GROUPS)):
            await sso.update(object_id, **_plain(changes, None))
            return
        present = await sso.get(object_id)
        parts = await changed_parts(caller, present, changes)
        if plain := _plain(changes, present.config_metadata):
            await sso.update(object_id, **plain)
        await parts.write(sso)


def _plain(changes: ObjectChanges, present: JsonValue) -> dict[str, Any]:
    """Return the values of fields without members, and the whole metadata if a key of the metadata changes."""
    values = changes.plain()
    if changes.members(_METADATA):
        values[_METADATA] = changes.whole(_METADATA, present)
    return values


def _object(configuration: SsoConfiguration, roles: Mapping[str, str]) -> ManagedObject:
    def keys(ids: Iterable[str]) -> JsonValue:
        return cast("JsonValue", sorted({roles[each] for each in ids if each in roles}))

    fields = Sso.fields
    metadata = configuration.config_metadata
    is_map = isinstance(metadata, Mapping | None)
    names = dict.fromkeys(each.group for each in configuration.groups)
    values = {
        **values_of(configuration, {name: field for name, field in fields.items() if not field.has_members}),
        _METADATA: (metadata or {}) if is_map else {},
        DOMAINS: [each.domain for each in configuration.domains],
        DEFAULT_ROLES: keys(configuration.default_roles),
        GROUPS: {name: keys(_role_ids(configuration.groups, name)) for name in names},
    }
    return ManagedObject(
        str(configuration.type),
        configuration.id,
        {
            name: fields[name].canonical(value)
            for name, value in values.items()
            if value is not None or fields[name].is_nullable
        },
        secrets=frozenset(name for name in _SECRETS if getattr(configuration, name) is not None),
        reason_to_stay=None if is_map else "its config_metadata is no JSON object",
        read_only={VALIDATED: _normal_domains([each.domain for each in configuration.domains if each.validated])},
        is_active=configuration.enabled is True,
    )


def _role_ids(groups: Iterable[SsoGroup], name: str) -> list[str]:
    return [role_id for group in groups_named(groups, name) for role_id in group.role_ids]
