"""The rules of user sources, which come from a seed: no operation creates them."""

from __future__ import annotations

from typing import cast

import msgspec

from frontegg_async.emulator.services.applications import application_rows
from frontegg_async.emulator.services.support.common import find_row
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule, Tag
from frontegg_async.emulator.services.user_sources.rows import UserSourceRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment


def list_all(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """List the user sources, each with the number of its users."""
    rows = environment.state.table(UserSourceRow).values()
    return EmulatedResponse(body=[{**_shown(environment, row), "usersCount": row.users_count} for row in rows])


def get(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return a user source."""
    return EmulatedResponse(body=_shown(environment, _find(environment, call.path["id"])))


def delete(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete a user source."""
    environment.state.remove(UserSourceRow, _find(environment, call.path["id"]).id)
    return EmulatedResponse()


def assign(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Assign applications; those that it has stay, and the new ones follow them."""
    row, app_ids = _asked(environment, call)
    known = application_rows.applications(environment)
    for app_id in app_ids:
        find_row(known, app_id, "Application")
    return _put(environment, row, tuple(dict.fromkeys((*row.app_ids, *app_ids))))


def unassign(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Take applications from a user source, which need not have them."""
    row, app_ids = _asked(environment, call)
    return _put(environment, row, tuple(each for each in row.app_ids if each not in app_ids))


def _asked(environment: EmulatedEnvironment, call: IncomingCall) -> tuple[UserSourceRow, list[str]]:
    row = _find(environment, cast("str", call.body["userSourceId"]))
    return row, cast("list[str]", call.body["appIds"])


def _put(environment: EmulatedEnvironment, row: UserSourceRow, app_ids: tuple[str, ...]) -> EmulatedResponse:
    environment.state.put(msgspec.structs.replace(row, app_ids=app_ids))
    return EmulatedResponse(status=201)


def _find(environment: EmulatedEnvironment, row_id: str) -> UserSourceRow:
    return find_row(environment.state.table(UserSourceRow), row_id, "User source")


def _shown(environment: EmulatedEnvironment, row: UserSourceRow) -> dict[str, object]:
    known = application_rows.applications(environment)
    return {
        "id": row.id,
        "name": row.name,
        "type": row.type,
        "description": row.description,
        "appIds": [each for each in row.app_ids if each in known],
        "index": row.index,
        "configuration": row.configuration,
    }


RULES = {
    "user_sources.list": Rule(run=list_all),
    "user_sources.get": Rule(run=get),
    "user_sources.delete": Rule(run=delete),
    "user_sources.assign_applications": Rule(run=assign),
    "user_sources.unassign_applications": Rule(run=unassign),
}

TAGS = {
    "user_sources": Tag(
        "User sources: where users come from when they sign in for the first time.", "user_source_write_body"
    )
}
