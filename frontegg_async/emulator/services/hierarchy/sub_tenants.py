"""The rules of sub-accounts. Users with the permission may also call these operations within their own hierarchy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

import attrs
import msgspec

from frontegg_async._values.fields import EXTRA, wire_name
from frontegg_async.emulator.services.hierarchy.rows import HierarchySettingsRow
from frontegg_async.emulator.services.support.common import find_tenant, find_user
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, validation_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.services.support.switches import ServiceSwitches
from frontegg_async.emulator.services.tenants.access import check_parent, check_reach, is_within, outside
from frontegg_async.emulator.services.tenants.rules import delete_tenant, make_tenant
from frontegg_async.emulator.services.tenants.updated_at import with_updated_at
from frontegg_async.emulator.store.tenant_rows import TenantRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.journal import Effect
from frontegg_async.models.hierarchy import SubAccountAccessType
from frontegg_async.models.sub_tenants import SubTenant

_WRITE: Final = "fe.account-hierarchy.write.subAccount"
_MANAGE: Final = "fe.account-hierarchy.write.subAccountManagement"
_GRANT: Final = "fe.account-hierarchy.write.subAccountAccess"
_DELETE: Final = "fe.account-hierarchy.delete.subAccount"


_FIELDS: Final[Mapping[str, attrs.Attribute[object]]] = {
    wire_name(field): field for field in attrs.fields(SubTenant) if field.name != EXTRA
}
"""The fields of a sub-account in the response to a write, by the names of the fields in the response."""


def _written(row: TenantRow) -> dict[str, object]:
    """Return a sub-account in the form of the response to a write."""
    fields = {name: getattr(row, field.name) for name, field in _FIELDS.items()}
    return {name: value for name, value in fields.items() if value is not None}


def create(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a tenant below another tenant. If the tenant was deleted, restore it there."""
    parent_id = cast("str", call.body["parentTenantId"])
    if parent_id in environment.state.tenants:
        check_reach(environment, call.caller, parent_id)
    elif call.caller.kind == "user":
        # For users, errors about the parent take precedence over errors about the new tenant's id.
        check_parent(environment, parent_id, of_sub_account=True)
    row = make_tenant(environment, call.body, as_sub_account=True)
    effect = Effect(created=(row.tenant_id,))
    return EmulatedResponse(status=environment.switches[ServiceSwitches].post_status, body=_written(row), effect=effect)


def rename(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Give a tenant another name."""
    row = _target(environment, call)
    name = cast("str", call.body["name"])
    if not name:
        raise validation_error(["name should not be empty"])
    return _change(environment, row, name=name, shows=False)


def set_management(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Set whether a tenant may have sub-accounts."""
    row = _target(environment, call)
    return _change(environment, row, is_reseller=bool(call.body["isReseller"]))


def _change(
    environment: EmulatedEnvironment, row: TenantRow, *, shows: bool = True, **fields: str | bool
) -> EmulatedResponse:
    changed = with_updated_at(environment, msgspec.structs.replace(row, **fields), "fields")
    environment.state.put_tenant(changed)
    environment.emit("frontegg.tenant.updated", changed, tenant_id=row.tenant_id)
    effect = Effect(changed=(row.tenant_id,))
    return EmulatedResponse(body=_written(changed), effect=effect) if shows else EmulatedResponse(effect=effect)


def set_hierarchy_settings(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Set whether the users of a tenant may enter its sub-accounts."""
    tenant_id = _target(environment, call).tenant_id
    access = SubAccountAccessType(cast("str", call.body["subAccountAccessType"]))
    environment.state.put(
        HierarchySettingsRow(id=tenant_id, tenant_id=tenant_id, sub_account_access_type=access),
    )
    return EmulatedResponse(effect=Effect(changed=(tenant_id,)))


def delete(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete a tenant and its users. The sub-accounts of the tenant move to its parent."""
    return delete_tenant(environment, _target(environment, call).tenant_id)


def _target(environment: EmulatedEnvironment, call: IncomingCall) -> TenantRow:
    tenant_id = call.path["tenant_id"]
    check_reach(environment, call.caller, tenant_id)
    return find_tenant(environment.state, tenant_id)


def set_user_access(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Set whether a user may enter the sub-accounts of the user's tenant."""
    state = environment.state
    user = find_user(state, call.path["user_id"])
    caller = call.caller
    if caller.kind == "user" and not any(is_within(state, caller.tenant_id, each) for each in user.tenant_ids):
        raise outside(environment)
    state.put_user(msgspec.structs.replace(user, allow_access=bool(call.body["allowAccess"])))
    return EmulatedResponse()


RULES = {
    "sub_tenants.create": Rule(run=create, permission=_WRITE, prehook="CREATE_TENANT"),
    "sub_tenants.rename": Rule(run=rename, permission=_WRITE, prehook="UPDATE_TENANT"),
    "sub_tenants.set_management": Rule(run=set_management, permission=_MANAGE, prehook="UPDATE_TENANT"),
    "sub_tenants.set_hierarchy_settings": Rule(run=set_hierarchy_settings, permission=_WRITE),
    "sub_tenants.delete": Rule(run=delete, permission=_DELETE, prehook="DELETE_TENANT"),
    "sub_tenants.set_user_access": Rule(run=set_user_access, permission=_GRANT),
}

TAGS = {
    "sub_tenants": Tag("Sub-accounts, which users with the permission manage too.", write_body="sub_tenant_write_body"),
}
