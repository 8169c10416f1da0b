"""The writes on invitations to tenants, with the credentials of an environment and of users."""

from __future__ import annotations

from typing import Final

from frontegg_async.emulator.services.roles.rows import DEFAULT_ROLES
from frontegg_async.endpoints import invitations
from tests.acceptance.scoreboard.rows.writes.environment_state import Ground, Plan, Write, field_of

_ROLE: Final = DEFAULT_ROLES[0].id
_LATER: Final = "2100-01-01T00:00:00.000Z"


def _invitation(ground: Ground, mark: str, user_id: str | None = None) -> str:
    given = {"token": f"emu_{mark}", "expires": _LATER, "userId": user_id}
    return ground.row("invitations", f"invitation-{mark}", ground.home, **given)


def _create(ground: Ground, mark: str) -> Write:
    home, user_id = ground.home, ground.user(f"invited-{mark}", ground.home)
    return Write(
        endpoints=(invitations.CREATE,),
        call=lambda sides, options: sides.frontegg.invitations.create(
            home, user_id=user_id, role_ids=[_ROLE], options=options
        ),
        shown=lambda after: after.count("invitations", "userId", user_id) == 1,
        made=lambda after: after.count("invitations", "userId", user_id),
        returned=lambda made, after: field_of(after, "invitations", made.id, "token") == made.token.reveal(),
    )


def _delete(ground: Ground, mark: str) -> Write:
    invitation_id = _invitation(ground, mark)
    return Write(
        endpoints=(invitations.DELETE,),
        call=lambda sides, options: sides.frontegg.invitations.delete(invitation_id, options=options),
        shown=lambda after: after.row("invitations", invitation_id) is None,
    )


def _create_of_user(*, by_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home, user_id = ground.home, ground.user(f"inviting-{mark}", ground.home)
        return Write(
            endpoints=(invitations.CREATE_OF_USER,),
            form="by a user" if by_user else "",
            call=lambda sides, options: (
                sides.user_of(home, user_id).invitation.create(expires_in_minutes=60, role_ids=[_ROLE], options=options)
                if by_user
                else sides.frontegg.user_invitations.create(
                    user_id, tenant_id=home, expires_in_minutes=60, role_ids=[_ROLE], options=options
                )
            ),
            shown=lambda after: after.count("invitations", "userId", user_id) == 1,
            made=lambda after: after.count("invitations", "userId", user_id),
            returned=lambda made, after: field_of(after, "invitations", made.id, "token") == made.token.reveal(),
        )

    return plan


def _update_of_user(ground: Ground, mark: str) -> Write:
    home, user_id = ground.home, ground.user(f"inviting-{mark}", ground.home)
    invitation_id = _invitation(ground, mark, user_id)
    return Write(
        endpoints=(invitations.UPDATE_OF_USER,),
        call=lambda sides, options: sides.frontegg.user_invitations.update(
            user_id, tenant_id=home, send_email=True, options=options
        ),
        shown=lambda after: field_of(after, "invitations", invitation_id, "shouldSendEmail") is True,
    )


def _delete_of_user(ground: Ground, mark: str) -> Write:
    home, user_id = ground.home, ground.user(f"inviting-{mark}", ground.home)
    invitation_id = _invitation(ground, mark, user_id)
    return Write(
        endpoints=(invitations.DELETE_OF_USER,),
        call=lambda sides, options: sides.frontegg.user_invitations.delete(user_id, tenant_id=home, options=options),
        shown=lambda after: after.row("invitations", invitation_id) is None,
    )


PLANS: Final[tuple[Plan, ...]] = (
    _create,
    _delete,
    _create_of_user(by_user=False),
    _create_of_user(by_user=True),
    _update_of_user,
    _delete_of_user,
)
