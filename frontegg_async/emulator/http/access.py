"""Authorizes requests: checks the kind of the token, the tenant header and the permissions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async.emulator.http.routes import Route
from frontegg_async.emulator.services.api_tokens.rows import ApiTokenRow
from frontegg_async.emulator.services.sessions.switches import SessionSwitches
from frontegg_async.emulator.services.sso.switches import SsoSwitches
from frontegg_async.emulator.services.support.emulated_response import framework_error, service_error
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.services.support.switches import ServiceSwitches
from frontegg_async.emulator.store.state import State
from frontegg_async.emulator.store.switches import Switches
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.grants import Grant
from frontegg_async.endpoints import Retry

TENANT_HEADER: Final = "frontegg-tenant-id"
_BEARER: Final = "bearer "
_ASSUMED: Final = ("fe.account-settings.read.app", "fe.connectivity.", "fe.secure.")
"""The prefixes of permissions that are assumed. No source documents which permissions these routes need."""


def read_token(headers: Mapping[str, str]) -> str | None:
    """Return the token of a request. The token may be in either of two headers."""
    authorization = headers.get("Authorization")
    if authorization is not None and authorization[: len(_BEARER)].lower() == _BEARER:
        return authorization[len(_BEARER) :].strip()
    return headers.get("x-access-token")


def check_subject(environment: EmulatedEnvironment, caller: Grant, rule: Rule) -> None:
    """Refuse a request if the user, API token or tenant to which its access token belongs has been deleted since.

    Raises:
        RequestRefusedError: 401, unless a switch allows the request.
    """
    if caller.kind == "vendor" or environment.switches[SessionSwitches].deleted_subject == "serve":
        return
    state = environment.state
    known = not caller.session or caller.subject in state.users or _is_api_token(state, caller.subject)
    gone = caller.tenant_id in state.deleted and caller.tenant_id not in state.tenants
    if (gone and not rule.outlives_tenant) or not (known or gone):
        raise service_error(401, "The user or the tenant of the token was deleted")


def _is_api_token(state: State, client_id: str) -> bool:
    row = state.table(ApiTokenRow).get(client_id)
    if row is None:
        return False
    return row.user_id is None or row.claims is not None or row.user_id in state.users


def check_access(route: Route, caller: Grant, *, tenant_header: str | None, prefixed: bool, switches: Switches) -> str:
    """Check that the caller has access to a route. Return the id of the request's tenant.

    Args:
        route: The route of the request.
        caller: The rights that the token grants.
        tenant_header: The value of the header that names the tenant.
        prefixed: Whether the path had the prefix ``/frontegg``.
        switches: The switches of the environment.

    Returns:
        The id of the tenant of the request. The id is empty if the request does not concern a single tenant.

    Raises:
        RequestRefusedError: 401 or 403: the caller has no access. 404: users must call the path in its other form, with
        or without the prefix ``/frontegg``.
    """
    if caller.kind == "user":
        return _check_user(route, caller, prefixed=prefixed, switches=switches)
    if prefixed and switches[ServiceSwitches].vendor_token_under_prefix == "refuse":  # noqa: S105 - no password
        raise service_error(401, "Failed to verify user JWT")
    if not route.takes_environment and not route.takes_tenant:
        raise service_error(switches[ServiceSwitches].wrong_token_kind, "Failed to verify user JWT")
    is_read_only = switches[ServiceSwitches].environment_credential == "read_only"
    if is_read_only and route.endpoint.retry is not Retry.SAFE:
        raise service_error(403, "The credential may not write")
    lacks_tenant = not route.takes_environment and not tenant_header
    if lacks_tenant and not (route.rule.needs_no_tenant and route.rule.needs_no_tenant(switches)):
        raise service_error(403, "Tenant ID is not specified")
    tolerates = route.rule.takes_tenant_header and switches[SsoSwitches].sso_tenant_header == "tolerate"
    only_environment = route.takes_environment and not route.takes_tenant and not route.takes_user
    if only_environment and tenant_header is not None and not tolerates:
        raise service_error(403, "Tenant ID is defined - forbidden route for tenants")
    return tenant_header or ""


def _check_user(route: Route, caller: Grant, *, prefixed: bool, switches: Switches) -> str:
    if not route.takes_user:
        raise service_error(switches[ServiceSwitches].wrong_token_kind, "Failed to verify vendor JWT")
    if switches[ServiceSwitches].user_prefix == ("refused" if prefixed else "required"):
        raise framework_error(404, f"Cannot {route.endpoint.method} the path in this form")
    permission = route.rule.permission
    if permission is not None and _is_required(permission, switches) and not caller.may(permission):
        raise service_error(403, "You are not permitted to do this")
    return caller.tenant_id


def _is_required(permission: str, switches: Switches) -> bool:
    match switches[ServiceSwitches].user_permissions:
        case "enforce":
            return True
        case "documented":
            return not permission.startswith(_ASSUMED)
        case "ignore":
            return False
