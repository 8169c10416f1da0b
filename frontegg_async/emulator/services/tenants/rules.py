"""The rules of tenants: create, restore, get, update, delete and lock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

import attrs
import msgspec

from frontegg_async._values.fields import wire_name
from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.services.support.common import check_id, find_tenant
from frontegg_async.emulator.services.support.emulated_response import (
    EMPTY,
    EmulatedResponse,
    service_error,
    validation_error,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.services.support.switches import ServiceSwitches
from frontegg_async.emulator.services.tenants import row_shapes
from frontegg_async.emulator.services.tenants.access import check_parent
from frontegg_async.emulator.services.tenants.addresses import store_addresses
from frontegg_async.emulator.services.tenants.lag import got_text
from frontegg_async.emulator.services.tenants.metadata import to_text
from frontegg_async.emulator.services.tenants.switches import TenantSwitches
from frontegg_async.emulator.services.tenants.updated_at import Cause, touch, updated_now, with_updated_at
from frontegg_async.emulator.store.tenant_rows import TenantRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.journal import Effect
from frontegg_async.models.tenant_writes import TenantUpdate

MAX_LOCK: Final = 100

_CONVERTED: Final = frozenset({"tenant_id", "parent_tenant_id", "is_reseller", "metadata"})
"""The fields in the body of a write that are not stored directly: they are checked, converted or ignored."""

_PLAIN_FIELDS: Final[Mapping[str, str]] = {
    wire_name(field): field.name for field in attrs.fields(TenantUpdate) if field.name not in _CONVERTED
}
"""The fields in the body of a write whose values are stored unchanged. The values may be null."""

_IDS: Final = ("tenantId", "parentTenantId")
"""The fields in the body of an update that are accepted but have no effect."""


def _changes(environment: EmulatedEnvironment, body: Mapping[str, JsonValue]) -> dict[str, object]:
    changes: dict[str, object] = {_PLAIN_FIELDS[name]: value for name, value in body.items() if name in _PLAIN_FIELDS}
    store_addresses(environment, changes)
    if "isReseller" in body:
        changes["is_reseller"] = bool(body["isReseller"])
    if "metadata" in body:
        changes["metadata"] = to_text(
            body["metadata"], check=environment.switches[TenantSwitches].metadata_text == "json"
        )
    return changes


def create(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Create a tenant. If a tenant with the id was deleted, restore it."""
    row = make_tenant(environment, call.body)
    effect = Effect(created=(row.tenant_id,))
    return EmulatedResponse(status=environment.switches[ServiceSwitches].post_status, body=row, effect=effect)


def make_tenant(
    environment: EmulatedEnvironment, body: Mapping[str, JsonValue], *, as_sub_account: bool = False
) -> TenantRow:
    """Create a tenant from the body of a request.

    Raises:
        RequestRefusedError: 400 if a value is not allowed, 404 if the parent does not exist, 409 if the tenant exists.
    """
    state = environment.state
    switches = environment.switches
    tenant_id = cast("str | None", body.get("tenantId"))
    if tenant_id is None:
        tenant_id = _free_id(environment)
    check_id(tenant_id)
    # The environment's id is not free. As the id of a tenant, it stands for the webhooks of the environment.
    if tenant_id in state.tenants or tenant_id == environment.vendor_id:
        raise service_error(switches[TenantSwitches].duplicate_create, "Tenant already exists")
    parent_id = cast("str | None", body.get("parentTenantId"))
    if parent_id is not None:
        check_parent(environment, parent_id, of_sub_account=as_sub_account)
    changes = _changes(environment, body)
    if changes.get("name") is None:
        if switches[TenantSwitches].create_without_name == "refuse":
            raise validation_error(["name must be a string"])
        changes["name"] = tenant_id
    deleted = state.deleted.get(tenant_id)
    row = _new_row(environment, tenant_id, deleted)
    row = msgspec.structs.replace(row, **changes)
    state.forget_deleted(tenant_id)
    state.put_tenant(row)
    state.put_parent(tenant_id, parent_id)
    environment.emit("frontegg.tenant.created", row, tenant_id=tenant_id)
    return row


def _free_id(environment: EmulatedEnvironment) -> str:
    while True:
        tenant_id = environment.new_id()
        if tenant_id not in environment.state.tenants and tenant_id not in environment.state.deleted:
            return tenant_id


def _new_row(environment: EmulatedEnvironment, tenant_id: str, former: TenantRow | None) -> TenantRow:
    now = environment.clock.timestamp()
    keeps_time = environment.switches[TenantSwitches].reactivated_created_at == "kept"
    created_at = former.created_at if former is not None and keeps_time else now
    if former is not None and environment.switches[TenantSwitches].reactivation_keeps == "everything":
        return msgspec.structs.replace(
            former, deleted_at=None, created_at=created_at, updated_at=updated_now(environment)
        )
    return TenantRow(
        id=environment.new_id(),
        vendor_id=environment.vendor_id,
        tenant_id=tenant_id,
        name=tenant_id,
        created_at=created_at,
        updated_at=updated_now(environment),
    )


def _unknown(environment: EmulatedEnvironment) -> EmulatedResponse:
    match environment.switches[TenantSwitches].unknown_tenant:
        case "empty_array":
            return EmulatedResponse(body=[])
        case "null":
            return EmulatedResponse(body=None)
        case "empty_object":
            return EmulatedResponse(body={})
        case "not_found":
            raise service_error(404, "Tenant not found")


def get(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return a tenant. An unknown id is not an error."""
    text = got_text(environment, call.path["tenant_id"])
    if text is None:
        return _unknown(environment)
    shown = row_shapes.stored_tenant(text, environment.switches)
    return EmulatedResponse(body=[shown] if environment.switches[TenantSwitches].get_shape == "array" else shown)


def get_v1(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return an array that contains one tenant."""
    check_id(call.path["tenant_id"])
    text = got_text(environment, call.path["tenant_id"])
    if text is None:
        return _unknown(environment)
    shown = row_shapes.stored_tenant(text, environment.switches)
    return EmulatedResponse(body=shown if environment.switches[TenantSwitches].get_shape_v1 == "object" else [shown])


def get_by_alias(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return the tenant that has an alias."""
    text = got_text(environment, environment.state.aliases.get(call.path["alias"], ""))
    if text is not None:
        return EmulatedResponse(body=row_shapes.stored_tenant(text, environment.switches))
    match environment.switches[TenantSwitches].unknown_alias:
        case "empty_array":
            return EmulatedResponse(body=[])
        case "null":
            return EmulatedResponse(body=None)
        case "not_found":
            raise service_error(404, "Tenant not found")


def update(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Change fields of a tenant. New metadata replaces the whole old metadata."""
    changes = _changes(environment, call.body)
    ids = [name for name in _IDS if name in call.body]
    if ids and environment.switches[TenantSwitches].update_of_ids == "refuse":
        raise validation_error([f"{name} cannot be changed" for name in ids])
    if not changes and not ids:
        raise validation_error(["the body must have at least one property to change"])
    row = find_tenant(environment.state, call.path["tenant_id"])
    if not changes:
        return EmulatedResponse(body=row)
    cause: Cause = "metadata" if changes.keys() == {"metadata"} else "fields"
    changed = with_updated_at(environment, msgspec.structs.replace(row, **changes), cause)
    environment.state.put_tenant(changed)
    environment.emit("frontegg.tenant.updated", changed, tenant_id=row.tenant_id)
    return EmulatedResponse(body=changed, effect=Effect(changed=(row.tenant_id,)))


def delete(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete a tenant."""
    return delete_tenant(environment, call.path["tenant_id"])


def delete_current(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete the tenant of the caller. The status of this response is documented; for other deletes it is assumed."""
    return msgspec.structs.replace(delete_tenant(environment, call.caller.tenant_id), status=200)


def delete_tenant(environment: EmulatedEnvironment, tenant_id: str) -> EmulatedResponse:
    """Delete a tenant and its users. The sub-accounts of the tenant move to its parent."""
    state = environment.state
    row = find_tenant(state, tenant_id)
    parent_id = state.parents.get(tenant_id)
    for child_id in state.children(tenant_id):
        state.put_parent(child_id, parent_id)
        touch(environment, child_id, "hierarchy")
    for user in state.members(tenant_id):
        remaining = user.without(tenant_id)
        if remaining is None:
            if environment.switches[TenantSwitches].users_of_deleted_tenants == "removed":
                state.remove_user(user.id)
        else:
            state.put_user(remaining)
    state.remove_tenant(tenant_id)
    deleted = msgspec.structs.replace(row, deleted_at=environment.clock.timestamp())
    state.put_deleted(deleted)
    environment.emit("frontegg.tenant.deleted", deleted, tenant_id=tenant_id)
    return EmulatedResponse(
        status=environment.switches[TenantSwitches].delete_status, body=EMPTY, effect=Effect(deleted=(tenant_id,))
    )


def lock(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Lock tenants."""
    return _set_locked(environment, call, locked=True)


def unlock(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Unlock tenants."""
    return _set_locked(environment, call, locked=False)


def _set_locked(environment: EmulatedEnvironment, call: IncomingCall, *, locked: bool) -> EmulatedResponse:
    state = environment.state
    tenant_ids = cast("list[str]", call.body["tenantIds"])
    if not 1 <= len(tenant_ids) <= MAX_LOCK:
        raise validation_error([f"tenantIds must contain 1 to {MAX_LOCK} elements"])
    if environment.switches[TenantSwitches].unknown_lock == "refuse":
        for tenant_id in tenant_ids:
            find_tenant(state, tenant_id)
    changed: list[str] = []
    for tenant_id in dict.fromkeys(tenant_ids):
        row = state.tenants.get(tenant_id)
        if row is not None and row.is_locked is not locked:
            row = with_updated_at(environment, msgspec.structs.replace(row, is_locked=locked), "lock")
            state.put_tenant(row)
            environment.emit(f"frontegg.tenant.{'locked' if locked else 'unlocked'}", row, tenant_id=tenant_id)
            changed.append(tenant_id)
    return EmulatedResponse(status=204, effect=Effect(changed=tuple(changed)))


RULES = {
    "tenants.create": Rule(run=create, optional=("tenantId",), prehook="CREATE_TENANT"),
    "tenants.get": Rule(run=get),
    "tenants.get_v1": Rule(run=get_v1),
    "tenants.get_by_alias": Rule(run=get_by_alias),
    "tenants.update": Rule(run=update, prehook="UPDATE_TENANT"),
    "tenants.update_v1": Rule(run=update, prehook="UPDATE_TENANT"),
    "tenants.delete": Rule(run=delete, prehook="DELETE_TENANT"),
    "tenant.delete_current": Rule(
        run=delete_current,
        permission="fe.account-settings.delete.account",
        outlives_tenant=True,
        prehook="DELETE_TENANT",
    ),
    "tenants.lock": Rule(run=lock),
    "tenants.unlock": Rule(run=unlock),
}

TAGS = {
    "tenant": Tag("The caller's own tenant.", write_body="tenant_write_body"),
    "tenants": Tag("Tenants, and the numbers of their users.", write_body="tenant_write_body"),
}
