"""The applications of an environment. Every environment has an initial application.

Use these functions to read applications. The state alone contains only applications that were added or changed.
"""

from __future__ import annotations

from collections.abc import Mapping

from frontegg_async.emulator.services.applications.rows import (
    DEFAULT_APPLICATION,
    ApplicationAssignmentRow,
    ApplicationRow,
)
from frontegg_async.emulator.services.applications.switches import ApplicationSwitches
from frontegg_async.emulator.services.roles.role_rows import remove_row, with_defaults
from frontegg_async.emulator.store.state import State
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def applications(environment: EmulatedEnvironment) -> Mapping[str, ApplicationRow]:
    """Return all applications by their ids, oldest first."""
    defaults = (DEFAULT_APPLICATION,) if environment.switches[ApplicationSwitches].default_application == "one" else ()
    return with_defaults(environment.state, ApplicationRow, defaults)


def default_application(environment: EmulatedEnvironment) -> ApplicationRow | None:
    """Return the default application, or ``None`` if there is no default application."""
    return next((row for row in applications(environment).values() if row.is_default), None)


def assignments_of(state: State, tenant_id: str) -> list[ApplicationAssignmentRow]:
    """Return the assignments of applications to a tenant."""
    return state.owned(ApplicationAssignmentRow, tenant_id)


def remove(environment: EmulatedEnvironment, row: ApplicationRow) -> None:
    """Remove an application."""
    remove_row(environment.state, row, is_default=row.id == DEFAULT_APPLICATION.id)
