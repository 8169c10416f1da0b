"""Checks whether a caller may access a tenant, and whether a tenant may be a parent."""

from __future__ import annotations

from http import HTTPStatus

from frontegg_async.emulator.services.support.common import find_tenant
from frontegg_async.emulator.services.support.emulated_response import RequestRefusedError, service_error
from frontegg_async.emulator.services.tenants.switches import TenantSwitches
from frontegg_async.emulator.store.state import State
from frontegg_async.emulator.store.tenant_rows import TenantRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.grants import Grant


def check_unlocked(environment: EmulatedEnvironment, tenant_id: str) -> None:
    """Refuse a locked tenant. Nobody may enter a locked tenant or be invited to it.

    Raises:
        RequestRefusedError: 403 if the tenant is locked. A switch can set another status.
    """
    tenant = environment.state.tenants.get(tenant_id)
    if tenant is not None and tenant.is_locked:
        raise service_error(environment.switches[TenantSwitches].locked_tenant, "The tenant is locked")


def emit_other_change(environment: EmulatedEnvironment, row: TenantRow) -> None:
    """Emit the event of an updated tenant after a change that is not in the tenant's own fields.

    The event is emitted only if a switch requires it.
    """
    if environment.switches[TenantSwitches].tenant_updated_event == "everything":
        environment.emit("frontegg.tenant.updated", row, tenant_id=row.tenant_id)


def check_parent(environment: EmulatedEnvironment, parent_id: str, *, of_sub_account: bool = False) -> None:
    """Refuse a parent that does not exist or may not have sub-accounts.

    Args:
        environment: The environment.
        parent_id: The id of the parent.
        of_sub_account: Whether the request is for one of the operations on sub-accounts.

    Raises:
        RequestRefusedError: 404 if the parent does not exist, 400 if it may not have sub-accounts. Switches can set
            other statuses.
    """
    parent = environment.state.tenants.get(parent_id)
    if parent is None:
        raise service_error(environment.switches[TenantSwitches].unknown_parent, "Parent tenant not found")
    if not parent.is_reseller and (
        of_sub_account or environment.switches[TenantSwitches].reseller_rule_holds == "everywhere"
    ):
        raise service_error(
            environment.switches[TenantSwitches].reseller_rule, "Parent tenant may not have sub-accounts"
        )


def check_reach(environment: EmulatedEnvironment, caller: Grant, tenant_id: str) -> None:
    """Refuse access to a tenant that is neither the caller's own tenant nor below it.

    Raises:
        RequestRefusedError: 404 if the tenant does not exist, 403 if it is outside the caller's hierarchy. A switch can
            set another status.
    """
    if caller.kind != "vendor":
        check_within(environment, caller.tenant_id, tenant_id)


def check_within(environment: EmulatedEnvironment, top_id: str, tenant_id: str) -> None:
    """Refuse access to a tenant that is neither the top tenant nor below the top tenant.

    Raises:
        RequestRefusedError: 404 if the tenant does not exist, 403 if it is outside the hierarchy. A switch can set
            another status.
    """
    find_tenant(environment.state, tenant_id)
    if not is_within(environment.state, top_id, tenant_id):
        raise outside(environment)


def is_within(state: State, top_id: str, tenant_id: str) -> bool:
    """Return whether a tenant is the top tenant or below the top tenant."""
    return tenant_id == top_id or top_id in state.ancestors(tenant_id)


def outside(environment: EmulatedEnvironment) -> RequestRefusedError:
    """Return the error for a request whose tenant is outside the caller's hierarchy."""
    hidden = environment.switches[TenantSwitches].outside_hierarchy != HTTPStatus.FORBIDDEN.value
    return (
        service_error(404, "Tenant not found")
        if hidden
        else service_error(403, "The tenant is outside of your hierarchy")
    )
