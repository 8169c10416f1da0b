"""Checks ids of roles in bodies and of applications in headers. The service may accept such ids without a check."""

from __future__ import annotations

from typing import Final, cast

from frontegg_async.emulator.services.applications import application_rows
from frontegg_async.emulator.services.applications.rows import ApplicationAssignmentRow, assignment_id
from frontegg_async.emulator.services.applications.rules import not_assigned
from frontegg_async.emulator.services.applications.switches import ApplicationSwitches
from frontegg_async.emulator.services.roles import role_rows
from frontegg_async.emulator.services.roles.switches import RoleSwitches
from frontegg_async.emulator.services.support.common import find_row
from frontegg_async.emulator.services.support.emulated_response import service_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.endpoints import Endpoint

APPLICATION_HEADER: Final = "frontegg-application-id"
_TAKE_ANY_ROLES: Final = frozenset(
    {
        "access_tokens.create",
        "api_tokens.create",
        "api_tokens.create_v1",
        "api_tokens.update",
        "sso.default_roles.set",
        "sso.groups.create",
        "sso.groups.update",
    }
)


def check_given_ids(environment: EmulatedEnvironment, endpoint: Endpoint[object], call: IncomingCall) -> None:
    """Refuse ids of roles and applications that do not exist, if the switches require the check.

    Raises:
        RequestRefusedError: 404 for a role or an application of another tenant, 403 for an application that does not
            exist.
    """
    switches = environment.switches
    if switches[RoleSwitches].given_role_ids == "known" and endpoint.name in _TAKE_ANY_ROLES:
        present = role_rows.roles_of(environment, call.tenant_id)
        for role_id in cast("list[str]", call.body.get("roleIds") or ()):
            find_row(present, role_id, "Role")
    app_id = call.headers.get(APPLICATION_HEADER)
    if switches[ApplicationSwitches].application_header == "check" and app_id is not None:
        _check_application(environment, app_id, call.tenant_id or call.path.get("tenant_id", ""))


def _check_application(environment: EmulatedEnvironment, app_id: str, tenant_id: str) -> None:
    row = application_rows.applications(environment).get(app_id)
    if row is None:
        raise service_error(403, "Application ID is not specified", "ER-00008")
    assigned = environment.state.table(ApplicationAssignmentRow)
    if tenant_id and row.access_type == "MANAGED_ACCESS" and assignment_id(app_id, tenant_id) not in assigned:
        raise not_assigned()
