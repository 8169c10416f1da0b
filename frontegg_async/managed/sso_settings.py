"""The managed SSO settings of the environment."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, ClassVar, Final, cast

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.gathering import gather
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints import sso_settings as endpoints
from frontegg_async.errors import InvalidArgumentError, NotFoundError
from frontegg_async.managed.fields import Field, Shape, by_name
from frontegg_async.managed.kinds import ManagedObject, ObjectKind, Objects, by_key
from frontegg_async.managed.values import ObjectChanges, values_of
from frontegg_async.models.model import Model
from frontegg_async.models.sso import MultipleSsoSettings, OidcSettings, SsoDomainSettings
from frontegg_async.resources.sso.settings import AsyncSsoSettings
from frontegg_async.resources.support.read_back import says_absent


def _check_uri(value: object, name: str) -> None:
    arguments.check_url(value, name, example="https://app.example.com/oidc/callback")


@attrs.frozen(eq=False)
class _Settings:
    """The settings with one key: their model, their fields, and the methods that read and write them."""

    model: type[Model]
    fields: Mapping[str, Field]
    get: Callable[[AsyncSsoSettings], Awaitable[object]]
    set: Callable[..., Awaitable[None]]


_ENABLED: Final = Field("enabled", Shape.FLAG)
_SETTINGS: Final[Mapping[str, _Settings]] = {
    "domains": _Settings(
        SsoDomainSettings,
        by_name(
            Field("allow_verified_users_to_add_domains", Shape.FLAG),
            Field("skip_domain_verification", Shape.FLAG),
            Field("bypass_domain_cross_validation", Shape.FLAG),
        ),
        AsyncSsoSettings.get_domain_config,
        AsyncSsoSettings.set_domain_config,
    ),
    "multiple_sso": _Settings(
        MultipleSsoSettings,
        by_name(
            _ENABLED,
            Field("use_active_tenant", Shape.FLAG),
            Field("unspecified_tenant_strategy", check=arguments.check_text),
        ),
        AsyncSsoSettings.get_multiple_sso_config,
        AsyncSsoSettings.set_multiple_sso_config,
    ),
    "oidc": _Settings(
        OidcSettings,
        by_name(_ENABLED, Field("redirect_uri", is_nullable=True, has_address=True, check=_check_uri)),
        AsyncSsoSettings.get_oidc_config,
        AsyncSsoSettings.set_oidc_config,
    ),
}


class SsoSettings(ObjectKind):
    """The environment's SSO settings. Each write sends all settings of a key."""

    part: ClassVar[str] = "sso_settings"
    noun: ClassVar[str] = "SSO setting"
    endpoints: ClassVar[tuple[Endpoint[object], ...]] = (
        endpoints.SET_DOMAINS,
        endpoints.SET_MULTIPLE_SSO,
        endpoints.SET_OIDC,
    )
    keys: ClassVar[tuple[str, ...]] = tuple(_SETTINGS)
    can_create: ClassVar[bool] = False
    can_delete: ClassVar[bool] = False
    fields: ClassVar[Mapping[str, Field]] = by_name(
        *(field for settings in _SETTINGS.values() for field in settings.fields.values())
    )

    def model_of(self, key: str) -> type[Model]:
        """Return the model of the settings with a key."""
        return _SETTINGS[key].model

    def fields_of(self, key: str) -> Mapping[str, Field]:
        """Return the fields of the settings with a key. For an unknown key, return the fields of all settings."""
        return _SETTINGS[key].fields if key in _SETTINGS else self.fields

    async def read(self, caller: Caller, keys: Collection[str] | None = None) -> Objects:
        """Return the settings. Settings that were never set have no values."""
        wanted = [key for key in _SETTINGS if keys is None or key in keys]
        found = await gather(lambda key: _read(caller, key), wanted)
        return by_key([ManagedObject(key, "", values) for key, values in zip(wanted, found, strict=True)])

    async def update(self, caller: Caller, key: str, object_id: str, changes: ObjectChanges) -> None:
        """Change some of the settings with a key."""
        del object_id
        settings, given = _SETTINGS[key], changes.plain()
        if others := given.keys() - settings.fields.keys():
            raise InvalidArgumentError(f"{self.part}.{key} has no field {', '.join(sorted(others))}")
        values = {**await _read(caller, key), **given}
        unset = [name for name, value in values.items() if value is None and not settings.fields[name].is_nullable]
        if unset:
            raise InvalidArgumentError(f"{self.part}.{key} was never set: give {', '.join(unset)} too")
        await settings.set(AsyncSsoSettings(caller), **cast("Any", values))


async def _read(caller: Caller, key: str) -> dict[str, JsonValue]:
    settings = _SETTINGS[key]
    try:
        found = await settings.get(AsyncSsoSettings(caller))
    except NotFoundError as error:
        if not says_absent(error):
            raise
        return dict.fromkeys(settings.fields)
    return values_of(found, settings.fields)
