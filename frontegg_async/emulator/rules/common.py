"""What several rules need: ids, lookups and who may see what."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from frontegg_async.emulator.rules.emulated_response import RequestRefusedError, framework_error, service_error
from frontegg_async.emulator.store.rows.tenants import TenantRow, is_valid_tenant_id
from frontegg_async.emulator.store.state import State
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.grants import Grant

USER_HEADER: Final = "frontegg-user-id"
"""Names the user that an environment's call is about."""


def check_id(tenant_id: str, name: str = "tenantId") -> None:
    """Refuse what cannot be the id of a tenant.

    Raises:
        RequestRefusedError: 400.
    """
    if not is_valid_tenant_id(tenant_id):
        raise framework_error(400, [f"{name} is not a valid tenant id"])


def find_tenant(state: State, tenant_id: str) -> TenantRow:
    """Return a tenant that lives.

    Raises:
        RequestRefusedError: 404.
    """
    row = state.tenants.get(tenant_id)
    if row is None:
        raise _not_found()
    return row


def _not_found() -> RequestRefusedError:
    return service_error(404, "Tenant not found")


def check_parent(environment: EmulatedEnvironment, parent_id: str, *, of_sub_account: bool = False) -> None:
    """Refuse a parent that does not exist or may not have sub-accounts.

    Args:
        environment: Where.
        parent_id: The parent.
        of_sub_account: Whether it is the operation on sub-accounts that names it.

    Raises:
        RequestRefusedError: 404 or 400, unless the environment behaves otherwise.
    """
    parent = environment.state.tenants.get(parent_id)
    if parent is None:
        raise service_error(environment.behaviour.unknown_parent, "Parent tenant not found")
    if not parent.is_reseller and (of_sub_account or environment.behaviour.reseller_rule_holds == "everywhere"):
        raise service_error(environment.behaviour.reseller_rule, "Parent tenant may not have sub-accounts")


def check_reach(environment: EmulatedEnvironment, caller: Grant, tenant_id: str) -> None:
    """Refuse what a user token does not reach: it is confined to its tenant and the tenants below.

    Raises:
        RequestRefusedError: 404 for a tenant that does not exist, 403 for one elsewhere, unless a switch says
            otherwise.
    """
    if caller.kind != "vendor":
        check_within(environment, caller.tenant_id, tenant_id)


def check_within(environment: EmulatedEnvironment, top_id: str, tenant_id: str) -> None:
    """Refuse a tenant that is neither another nor below that other.

    Raises:
        RequestRefusedError: 404 for a tenant that does not exist, 403 for one elsewhere, unless a switch says
            otherwise.
    """
    find_tenant(environment.state, tenant_id)
    if not is_within(environment.state, top_id, tenant_id):
        raise outside(environment)


def is_within(state: State, top_id: str, tenant_id: str) -> bool:
    """Whether a tenant is another or below that other."""
    return tenant_id == top_id or top_id in state.ancestors(tenant_id)


def outside(environment: EmulatedEnvironment) -> RequestRefusedError:
    """Return the refusal of what exists outside of a hierarchy."""
    hidden = environment.behaviour.outside_hierarchy != HTTPStatus.FORBIDDEN.value
    return _not_found() if hidden else service_error(403, "The tenant is outside of your hierarchy")
