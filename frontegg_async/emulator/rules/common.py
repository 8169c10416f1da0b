"""What several rules need: ids, lookups and who may see what."""

from __future__ import annotations

import unicodedata
from http import HTTPStatus
from typing import Final

from frontegg_async.emulator.rules.incoming_call import Grant
from frontegg_async.emulator.rules.responses import Refusal, framework_error, service_error
from frontegg_async.emulator.store.rows.tenants import TenantRow
from frontegg_async.emulator.store.state import State
from frontegg_async.emulator.world.environment import Environment

MAX_ID_LENGTH: Final = 256
USER_HEADER: Final = "frontegg-user-id"
"""Names the user that an environment's call is about."""


def is_valid_id(tenant_id: str) -> bool:
    """Whether a text may be the id of a tenant."""
    if not 0 < len(tenant_id) <= MAX_ID_LENGTH or tenant_id in (".", ".."):
        return False
    return tenant_id.isprintable() or not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in tenant_id)


def check_id(tenant_id: str, name: str = "tenantId") -> None:
    """Refuse what cannot be the id of a tenant.

    Raises:
        Refusal: 400.
    """
    if not is_valid_id(tenant_id):
        raise framework_error(400, [f"{name} is not a valid tenant id"])


def find_tenant(state: State, tenant_id: str) -> TenantRow:
    """Return a tenant that lives.

    Raises:
        Refusal: 404.
    """
    row = state.tenants.get(tenant_id)
    if row is None:
        raise _not_found()
    return row


def _not_found() -> Refusal:
    return service_error(404, "Tenant not found")


def check_parent(environment: Environment, parent_id: str, *, of_sub_account: bool = False) -> None:
    """Refuse a parent that does not exist or may not have sub-accounts.

    Args:
        environment: Where.
        parent_id: The parent.
        of_sub_account: Whether it is the operation on sub-accounts that names it.

    Raises:
        Refusal: 404 or 400, unless the environment behaves otherwise.
    """
    parent = environment.state.tenants.get(parent_id)
    if parent is None:
        raise service_error(environment.behaviour.unknown_parent, "Parent tenant not found")
    if not parent.is_reseller and (of_sub_account or environment.behaviour.reseller_rule_holds == "everywhere"):
        raise service_error(environment.behaviour.reseller_rule, "Parent tenant may not have sub-accounts")


def check_reach(environment: Environment, caller: Grant, tenant_id: str) -> None:
    """Refuse what a user token does not reach: it is confined to its tenant and the tenants below.

    Raises:
        Refusal: 404 for a tenant that does not exist, 403 for one elsewhere, unless the environment behaves otherwise.
    """
    if caller.kind != "vendor":
        check_within(environment, caller.tenant_id, tenant_id)


def check_within(environment: Environment, top_id: str, tenant_id: str) -> None:
    """Refuse a tenant that is neither another nor below that other.

    Raises:
        Refusal: 404 for a tenant that does not exist, 403 for one elsewhere, unless the environment behaves otherwise.
    """
    find_tenant(environment.state, tenant_id)
    if not is_within(environment.state, top_id, tenant_id):
        raise outside(environment)


def is_within(state: State, top_id: str, tenant_id: str) -> bool:
    """Whether a tenant is another or below that other."""
    return tenant_id == top_id or top_id in state.ancestors(tenant_id)


def outside(environment: Environment) -> Refusal:
    """Return the refusal of what exists outside of a hierarchy."""
    hidden = environment.behaviour.outside_hierarchy != HTTPStatus.FORBIDDEN.value
    return _not_found() if hidden else service_error(403, "The tenant is outside of your hierarchy")
