"""The managed security policies of an account, with their names as keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar, Final, TypeAlias, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.gathering import gather
from frontegg_async._values.flags import check_flag
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints import security as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.managed.fields import Field, Shape, by_name
from frontegg_async.managed.kinds import ManagedObject, ObjectKind, Objects, by_key
from frontegg_async.managed.values import ObjectChanges, values_of
from frontegg_async.models.model import Model
from frontegg_async.models.security_policies import (
    EmailDomainConfig,
    IpRestrictionConfig,
    LockoutPolicy,
    MfaEnforcement,
    MfaPolicy,
    PasswordHistoryPolicy,
    PasswordPolicy,
    PasswordRotationPolicy,
    RestrictionType,
    SessionConcurrencyWrite,
    SessionPolicy,
    SessionPolicyWrite,
    SessionTimeoutWrite,
)
from frontegg_async.resources.of_tenant.security.policies import shows_limits, written
from frontegg_async.resources.of_tenant.security.tenant import AsyncTenantSecurity

_Values: TypeAlias = Mapping[str, JsonValue]
_Read: TypeAlias = Callable[[AsyncTenantSecurity], Awaitable[object]]
_Write: TypeAlias = Callable[[Caller, Any], Awaitable[object]]

_LONGEST: Final = 2_628_000
"""The maximum lifetime of a password in minutes."""
_LONGEST_IDLE: Final = 2_073_600
_LIMITS: Final[Mapping[str, type[SessionTimeoutWrite | SessionConcurrencyWrite]]] = MappingProxyType(
    {"idle": SessionTimeoutWrite, "lifetime": SessionTimeoutWrite, "concurrent": SessionConcurrencyWrite}
)


@attrs.frozen(eq=False)
class _Policy:
    """A policy: its model, its fields, and the functions that read and write it."""

    model: type[Model]
    fields: Mapping[str, Field]
    get: _Read
    set: _Write


def _number(name: str, least: int, most: int = arguments.MAX_INTEGER, *, is_required: bool = False) -> Field:
    return Field(name, Shape.NUMBER, is_required=is_required, limits=(least, most))


def _flag(name: str, *, is_required: bool = False) -> Field:
    return Field(name, Shape.FLAG, is_required=is_required)


def _tests(name: str) -> Field:
    return Field(
        name,
        Shape.MAP,
        keeps_members=True,
        check=lambda value, argument: check_flag(value, argument, InvalidArgumentError),
    )


def _limit(name: str, number: Field) -> Field:
    return Field(name, Shape.MAP, keys=by_name(_flag("enabled"), number), keeps_members=True)


_MODE: Final = Field("mode", choices=RestrictionType)


async def _set_sessions(caller: Caller, values: Mapping[str, dict[str, Any]]) -> None:
    """Write the session policy. ``values`` contains all limits."""
    for name, limit in values.items():
        for key in _POLICIES["sessions"].fields[name].keys:
            if key not in limit:
                raise InvalidArgumentError(f"{name}.{key} must be given, because the tenant has no such limit yet")
    made = {name: _LIMITS[name](**limit) for name, limit in values.items()}
    body = SessionPolicyWrite(**cast("dict[str, Any]", made))
    shows_it = partial(shows_limits, body=body)
    await written(caller, endpoints.SET_SESSIONS, endpoints.GET_SESSIONS, body, None, is_kept=shows_it)


_POLICIES: Final[Mapping[str, _Policy]] = MappingProxyType(
    {
        "mfa": _Policy(
            MfaPolicy,
            by_name(
                Field("enforce", choices=MfaEnforcement, is_required=True),
                _flag("allow_remember_my_device"),
                _number("device_expiration", 1),
            ),
            lambda security: security.mfa.get(),
            lambda caller, values: AsyncTenantSecurity(caller).mfa.set(**values, all_applications=False),
        ),
        "lockout": _Policy(
            LockoutPolicy,
            by_name(_flag("enabled", is_required=True), _number("max_attempts", 1, is_required=True)),
            lambda security: security.lockout.get(),
            lambda caller, values: AsyncTenantSecurity(caller).lockout.set(**values),
        ),
        "password": _Policy(
            PasswordPolicy,
            by_name(
                _number("min_length", 1),
                _number("max_length", 1),
                _flag("allow_passphrases"),
                _number("min_phrase_length", 1),
                _number("min_optional_tests_to_pass", 0),
                _flag("block_pwned_passwords"),
                _tests("optional_tests"),
                _tests("required_tests"),
            ),
            lambda security: security.password.get(),
            lambda caller, values: AsyncTenantSecurity(caller).password.set(**values),
        ),
        "password_history": _Policy(
            PasswordHistoryPolicy,
            by_name(_flag("enabled", is_required=True), _number("history_size", 1, 10, is_required=True)),
            lambda security: security.password_history.get(),
            lambda caller, values: AsyncTenantSecurity(caller).password_history.set(**values),
        ),
        "password_rotation": _Policy(
            PasswordRotationPolicy,
            by_name(
                _flag("enabled"),
                _number("rotation_period_minutes", 1, _LONGEST),
                _number("notification_period_minutes", 0, _LONGEST),
            ),
            lambda security: security.password_rotation.get(),
            lambda caller, values: AsyncTenantSecurity(caller).password_rotation.set(**values),
        ),
        "sessions": _Policy(
            SessionPolicy,
            by_name(
                _limit("idle", _number("timeout", 60, _LONGEST_IDLE)),
                _limit("lifetime", _number("timeout", 60)),
                _limit("concurrent", _number("max_sessions", 1)),
            ),
            lambda security: security.sessions.get(),
            _set_sessions,
        ),
        "ip_restrictions": _Policy(
            IpRestrictionConfig,
            by_name(_MODE, _flag("enabled")),
            lambda security: security.ip_restrictions.get_config(),
            lambda caller, values: AsyncTenantSecurity(caller).ip_restrictions.set_config(**values),
        ),
        "email_domains": _Policy(
            EmailDomainConfig,
            by_name(_flag("enabled", is_required=True), _MODE, _flag("block_public_domains")),
            lambda security: security.email_domains.get_config(),
            lambda caller, values: AsyncTenantSecurity(caller).email_domains.set_config(**values),
        ),
    }
)
"""The policies by key. Required fields are the fields that a policy needs when it does not exist yet."""


class Policies(ObjectKind):
    """The security policies of an account. If the account lacks a policy, the policy has no values.

    The fields depend on the key. Plans neither create nor delete policies. A change of a field creates a missing
    policy.

    The service has an MFA policy for each application, and an MFA policy without an application. Only the policy
    without an application is managed, even if ``enforce`` is ``Force``, since a plan must not write values that it does
    not show. `security.mfa.set` with ``all_applications=True`` covers the applications.

    For ``ip_restrictions`` and ``email_domains``, only the configurations are managed, and not the lists. An enabled
    but empty list of allowed addresses locks all users out.
    """

    part: ClassVar[str] = "policies"
    noun: ClassVar[str] = "policy"
    keys: ClassVar[tuple[str, ...]] = tuple(_POLICIES)
    fields: ClassVar[Mapping[str, Field]] = MappingProxyType(
        {name: field for policy in _POLICIES.values() for name, field in policy.fields.items()}
    )
    endpoints: ClassVar[tuple[Endpoint[object], ...]] = (
        endpoints.SET_MFA,
        endpoints.SET_LOCKOUT,
        endpoints.CREATE_LOCKOUT,
        endpoints.SET_PASSWORD,
        endpoints.SET_HISTORY,
        endpoints.CREATE_HISTORY,
        endpoints.SET_ROTATION,
        endpoints.SET_SESSIONS,
        endpoints.SET_IP_CONFIG,
        endpoints.SET_DOMAIN_CONFIG,
    )
    of_account: ClassVar[bool] = True
    can_create: ClassVar[bool] = False
    can_delete: ClassVar[bool] = False

    def model_of(self, key: str) -> type[Model]:
        """Return the model of a policy."""
        return _POLICIES[key].model

    def fields_of(self, key: str) -> Mapping[str, Field]:
        """Return the fields of a policy, by name. For an unknown policy, return the fields of all policies."""
        return _POLICIES[key].fields if key in _POLICIES else self.fields

    def problem_of_values(
        self, key: str, values: Mapping[str, JsonValue], present: Mapping[str, JsonValue]
    ) -> str | None:
        """Return why limits of sessions cannot be written: a new limit must have all its values."""
        for name in (each for each in _LIMITS if key == "sessions" and each in values):
            there = {**cast("_Values", present.get(name) or {}), **cast("_Values", values[name])}
            lacking = [each for each in self.fields_of(key)[name].keys if each not in there]
            if there and lacking:
                return f"there is no limit {name!r} of sessions, and to create one it must have {lacking[0]}"
        return None

    async def read(self, caller: Caller, keys: Collection[str] | None = None) -> Objects:
        """Return the policies, with one request for each policy."""
        named = self.keys if keys is None else [key for key in self.keys if key in keys]
        return by_key(await gather(partial(_read, caller), named))

    async def update(self, caller: Caller, key: str, object_id: str, changes: ObjectChanges) -> None:
        """Change fields of a policy, or create the policy. Other fields stay unchanged."""
        del object_id
        policy = _POLICIES[key]
        maps = [name for name, field in policy.fields.items() if field.has_members]
        whole: dict[str, JsonValue] = {}
        if any(changes.members(name) for name in maps):
            present = (await _read(caller, key)).values
            whole = {name: changes.whole(name, present.get(name)) for name in maps}
            whole = {name: members for name, members in whole.items() if members}
        await policy.set(caller, {**changes.plain(), **whole})


async def _read(caller: Caller, key: str) -> ManagedObject:
    policy = _POLICIES[key]
    found = await policy.get(AsyncTenantSecurity(caller))
    values = {} if found is None else _without_null(values_of(found, policy.fields))
    return ManagedObject(key, "", values)


def _without_null(values: _Values) -> dict[str, JsonValue]:
    """Return the values that are not null, at all levels."""
    return {
        name: _without_null(value) if isinstance(value, Mapping) else value
        for name, value in values.items()
        if value is not None
    }
