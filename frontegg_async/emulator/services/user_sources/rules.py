"""The rules of user sources. The users of a source come from a seed, since the emulator calls no other service."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import msgspec

from frontegg_async.emulator.services.applications import application_rows
from frontegg_async.emulator.services.support.common import find_row
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, service_error
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.paging import sorted_page
from frontegg_async.emulator.services.support.rule import Rule, Run, Tag
from frontegg_async.emulator.services.user_sources.rows import UserSourceRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.endpoints.user_sources import TYPES


def list_all(environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    """List the user sources. Each entry has the number of users in the source."""
    rows = environment.state.table(UserSourceRow).values()
    return EmulatedResponse(
        body=[{**_shown(environment, row), "usersCount": row.users_count or len(row.users)} for row in rows]
    )


def get(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return a user source."""
    return EmulatedResponse(body=_shown(environment, _find(environment, call.path["id"])))


def delete(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Delete a user source."""
    environment.state.remove(UserSourceRow, _find(environment, call.path["id"]).id)
    return EmulatedResponse()


def list_users(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Return one page of the users of a user source."""
    row = _find(environment, call.path["id"])
    return sorted_page(environment, call, row.users, msgspec.to_builtins, {})


def _creation(kind: str) -> Run:
    """Return the rule that creates a user source of a type. The rule does not check the configuration of the source."""

    def create(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
        row = UserSourceRow(
            id=environment.new_id(),
            name=cast("str", call.body["name"]),
            type=kind,
            configuration=cast("dict[str, object]", call.body["configuration"]),
            app_ids=_known(environment, cast("list[str]", call.body.get("appIds") or ())),
            index=cast("int", call.body["index"]),
            description=cast("str", call.body.get("description") or ""),
        )
        environment.state.put(row)
        shown = _shown(environment, row)
        del shown["configuration"]
        return EmulatedResponse(status=201, body=shown)

    return create


def _update(kind: str) -> Run:
    """Return the rule that changes a user source of a type. Sources of other types are not found (assumed)."""

    def update(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
        row = _find(environment, call.path["id"])
        if row.type != kind:
            raise service_error(404, "User source not found")
        changes = {name: value for name, value in call.body.items() if value is not None}
        environment.state.put(msgspec.structs.replace(row, **changes))
        return EmulatedResponse()

    return update


def assign(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Add applications to a user source. They follow the applications that the source has already."""
    row, app_ids = _asked(environment, call)
    return _put(environment, row, tuple(dict.fromkeys((*row.app_ids, *_known(environment, app_ids)))))


def _known(environment: EmulatedEnvironment, app_ids: Iterable[str]) -> tuple[str, ...]:
    """Check and return the ids of applications.

    Raises:
        RequestRefusedError: 404 if an application does not exist.
    """
    known = application_rows.applications(environment)
    return tuple(find_row(known, app_id, "Application").id for app_id in app_ids)


def unassign(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Remove applications from a user source. An application that the source does not have is ignored."""
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
    "user_sources.list_users": Rule(run=list_users),
    **{f"user_sources.create_{kind.replace('-', '_')}": Rule(run=_creation(kind)) for kind in TYPES},
    **{f"user_sources.update_{kind.replace('-', '_')}": Rule(run=_update(kind)) for kind in TYPES},
}

TAGS = {"user_sources": Tag("User sources: the origins of users at their first sign-in.", "user_source_write_body")}
