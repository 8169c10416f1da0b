"""The rules of account settings. The settings are stored as fields of the tenant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs
import msgspec

from frontegg_async._values.fields import EXTRA, wire_name
from frontegg_async.emulator.services.support.common import find_tenant
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, validation_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.services.tenants.access import emit_other_change
from frontegg_async.emulator.services.tenants.addresses import store_addresses
from frontegg_async.emulator.services.tenants.updated_at import with_updated_at
from frontegg_async.emulator.store.tenant_rows import TenantRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.journal import Effect
from frontegg_async.models.account_settings import PublicTenantSettings, TenantSettings, TenantSettingsUpdate

_NO_SETTINGS: Final = frozenset({"tenant_id", EXTRA})


def _settings_of(model: type[attrs.AttrsInstance]) -> dict[str, str]:
    """Return the fields of a row that are settings, by the names of the settings in requests and responses."""
    return {wire_name(field): field.name for field in attrs.fields(model) if field.name not in _NO_SETTINGS}


_PUBLIC: Final[Mapping[str, str]] = _settings_of(PublicTenantSettings)
_SETTINGS: Final[Mapping[str, str]] = _settings_of(TenantSettings)
_WRITABLE: Final[Mapping[str, str]] = _settings_of(TenantSettingsUpdate)


def _shown(row: TenantRow, settings: Mapping[str, str]) -> dict[str, object]:
    """Return settings in the form of a response."""
    found = {name: getattr(row, field) for name, field in settings.items()}
    return {"tenantId": row.tenant_id, **{name: value for name, value in found.items() if value is not msgspec.UNSET}}


def get(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Get the settings of a tenant."""
    return EmulatedResponse(body=_shown(find_tenant(environment.state, call.tenant_id), _SETTINGS))


def public(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Get the public settings of a tenant. The caller needs no permission."""
    return EmulatedResponse(body=_shown(find_tenant(environment.state, call.tenant_id), _PUBLIC))


def update(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change settings of a tenant."""
    changes: dict[str, object] = {_WRITABLE[name]: value for name, value in call.body.items() if name in _WRITABLE}
    store_addresses(environment, changes)
    if not changes:
        raise validation_error(["the body must have at least one setting to change"])
    row = find_tenant(environment.state, call.tenant_id)
    changed = with_updated_at(environment, msgspec.structs.replace(row, **changes), "settings")
    environment.state.put_tenant(changed)
    emit_other_change(environment, changed)
    return EmulatedResponse(body=_shown(changed, _SETTINGS), effect=Effect(changed=(row.tenant_id,)))


RULES = {
    "account_settings.get": Rule(run=get, permission="fe.secure.read.accountSettings"),
    "account_settings.update": Rule(run=update, permission="fe.secure.write.accountSettings"),
    "account_settings.get_public": Rule(run=public),
}

TAGS = {
    "account_settings": Tag(
        "Settings of a tenant that its own administrators may change.", write_body="settings_write_body"
    ),
}
