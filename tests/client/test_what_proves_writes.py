"""Each write is proved by a read after a 2xx that proves nothing, or is listed here with the reason why it is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest

from frontegg_async import FronteggError
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.endpoints import Auth, all_endpoints
from tests.exercises.every_exercise import EXERCISES
from tests.exercises.exercise import Exercise
from tests.exercises.test_exercises import _await, _Awaited, _open_clients

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PAGE: Final = {"type": "status", "status": 200, "body": "<html>Log in</html>", "headers": {"Content-Type": "text/html"}}
WRITES: Final = {
    each.name: each for each in all_endpoints() if each.client and each.writes and each.auth is not Auth.NONE
}

_SECRET: Final = "its secret or link is in the response only"
_TASK: Final = "a task does it, and the id of the task is in the response only"
_SENT: Final = "what was sent to somebody else is not told"
_LIKE: Final = "what is read may have been there before"
_SEARCH: Final = "only a search of pages of users would show it"
UNKNOWN: Final = {
    **dict.fromkeys(("access_tokens.create", "user_access_tokens.create", "api_tokens.create"), _SECRET),
    **dict.fromkeys(("user_api_tokens.create", "invitations.create", "scim.create"), _SECRET),
    **dict.fromkeys(("users.generate_activation_link", "users.generate_password_reset_link"), _SECRET),
    **dict.fromkeys(("migrations.start", "users.invite_many", "users.change_roles"), _TASK),
    **dict.fromkeys(("users.resend_invitation", "users.resend_all_invitations"), _SENT),
    **dict.fromkeys(("webhooks.redeliver", "webhooks.test"), _SENT),
    **dict.fromkeys(("applications.create", "permissions.create_category", "sso.create", "sso.create_v1"), _LIKE),
    **dict.fromkeys(("plans.create", "plan_assignments.assign", "feature_flags.create"), _LIKE),
    **dict.fromkeys(("plan_assignments.change_expiry", "plan_assignments.remove"), "a request has up to 50 of them"),
    **dict.fromkeys(("sso.create_from_metadata", "sso.domains.create", "sso.groups.create"), _LIKE),
    **dict.fromkeys(("me.change_email", "me.phone_numbers.send_code"), _SENT),
    **dict.fromkeys(("me.phone_numbers.add", "me.phone_numbers.request_removal"), _SECRET),
    "me.phone_numbers.verify": "its token does not say which number it is about",
    "user_invitations.create": _LIKE,
    **dict.fromkeys(("sub_tenants.users.add", "sub_tenants.users.add_many", "sub_tenants.users.remove"), _SEARCH),
    **dict.fromkeys(("sub_tenants.users.assign_roles", "sub_tenants.users.set_roles"), _SEARCH),
    "sub_tenants.users.unassign_roles": _SEARCH,
    **dict.fromkeys(("audits.write", "events.trigger"), "it has no id that the caller knows"),
    "me.switch_tenant": "what is returned is the user, of whom only the tenant could be read",
    "security.email_domains.replace": "all pages of the list would have to be read",
    "sub_tenants.set_hierarchy_settings-environment": "only a search below a tenant above shows it",
    "sub_tenants.set_user_access-user": "users get no users by their ids",
    "tenant.delete_current": "the token ends with its tenant",
    "tenants.move_users": "users that were in the other tenant before are not told apart",
    "users.set_expiration": "the clock of the service chooses the time that is read",
    **dict.fromkeys(("me.change_password", "users.passwords.reset"), "nothing shows a password"),
    "users.create": "nothing shows the password that was sent with it",
    "users.passwords.send_reset_email": _SENT,
    "users.end_sessions": "sessions that began since are not told apart",
}
"""Writes that nothing proves but their response, with the reason; with the credential where that counts."""

REPORTED: Final = {"users.bulk_migrate": "its rows are unknown, as the outcomes say"}
"""Writes that nothing proves either, and that report this in another way than by an error."""


def _chosen() -> Iterator[Exercise]:
    """Yield an exercise of each write; two where the credential makes a difference."""
    for name in WRITES:
        found = {each.who: each for each in reversed(EXERCISES) if each.name == name and each.kind == "good"}
        assert found, f"{name} has no exercise"
        yield from found.values() if name.startswith("sub_tenants.") else list(found.values())[-1:]


async def proof_of(emulator: EmulatorHandle, exercise: Exercise) -> tuple[str, bool]:
    """Make a write that is done and answered with a page; return how it ended, and whether a read came next."""
    endpoint = WRITES[exercise.name]
    emulator.reset()
    clients = _open_clients(emulator, exercise, _Awaited())
    match = {"method": endpoint.method, "path": re.sub(r"\{[^}]*\}", "*", endpoint.path), "times": 1}
    emulator.add_fault(stage="after_commit", action=PAGE, match=match)
    ended = "done"
    try:
        await _await(exercise, clients)
    except FronteggError as error:
        ended = type(error).__name__
    finally:
        for client in clients.made:
            await client.aclose()
    entries = [entry for entry in emulator.journal() if entry.route != "auth.authenticate"]
    [answered] = [place for place, entry in enumerate(entries) if entry.faults]
    return ended, [entry.method for entry in entries[answered + 1 :]][:1] == ["GET"]


@pytest.mark.parametrize("exercise", [*_chosen()], ids=str)
async def test_each_write_is_proved_by_a_read_or_is_known_to_be_unknown(
    exercise: Exercise, frontegg_emulator: EmulatorHandle
) -> None:
    """A new write needs a reader, or a reason in the table."""
    ended, is_read = await proof_of(frontegg_emulator, exercise)
    if exercise.name in UNKNOWN or f"{exercise.name}-{exercise.who}" in UNKNOWN:
        assert ended == "OutcomeUnknownError"
    elif exercise.name in REPORTED:
        assert (ended, is_read) == ("done", False)
    else:
        assert (ended, is_read) == ("done", True)


def test_the_table_names_writes() -> None:
    """None that is gone, or was renamed."""
    assert {name.partition("-")[0] for name in UNKNOWN} <= WRITES.keys()
