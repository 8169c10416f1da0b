"""The rules of the tenants in which users work, for each application. A sign-in does not consider these tenants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from frontegg_async.emulator.services.active_tenants.rows import ActiveTenantsRow
from frontegg_async.emulator.services.applications import application_rows
from frontegg_async.emulator.services.support.common import find_member, find_row, find_user, user_in_header
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def get(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the tenants in which a user works. Tenants that the user has left are omitted."""
    user = find_user(environment.state, user_in_header(call))
    shown = [
        {"tenantId": tenant_id, "applicationId": app_id}
        for app_id, tenant_id in _tenants(environment, user.id).items()
        if tenant_id in user.tenant_ids
    ]
    return EmulatedResponse(body={"applicationActiveTenants": shown})


def put(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Set the user's tenants for some applications. The tenants and the applications must exist (assumed)."""
    user = find_user(environment.state, user_in_header(call))
    known = application_rows.applications(environment)
    chosen: dict[str, str] = {}
    for each in cast("list[Mapping[str, str]]", call.body["activeApplicationTenants"]):
        application = find_row(known, each["applicationId"], "Application")
        find_member(environment.state, user.id, each["tenantId"])
        chosen[application.id] = each["tenantId"]
    environment.state.put(ActiveTenantsRow(id=user.id, tenants={**_tenants(environment, user.id), **chosen}))
    return EmulatedResponse()


def _tenants(environment: EmulatedEnvironment, user_id: str) -> Mapping[str, str]:
    row = environment.state.table(ActiveTenantsRow).get(user_id)
    return {} if row is None else row.tenants


RULES = {
    "applications.get_active_tenants": Rule(run=get),
    "applications.set_active_tenants": Rule(run=put),
}
