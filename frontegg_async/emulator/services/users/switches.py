"""The switches of users: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup, WriteBody, write_body_question


@attrs.frozen(kw_only=True, slots=False, repr=False)
class UserSwitches(SwitchGroup):
    """Settings for users: how the emulator behaves where no source describes the service."""

    unknown_count: Literal["leave_out", "zero"] = attrs.field(
        default="leave_out", metadata={QUESTION: "what a count of users returns for a tenant that does not exist"}
    )
    user_list_roles: Literal["missing", "given"] = attrs.field(
        default="missing", metadata={QUESTION: "whether a list of users contains the roles of each user in each tenant"}
    )
    invite_member: Literal[409, 201] = attrs.field(
        default=409,
        metadata={QUESTION: "the status when a user is invited to a tenant to which the user has signed in"},
    )
    invite_pending: Literal[409, 201] = attrs.field(
        default=409,
        metadata={
            QUESTION: "the status when a user is invited to a tenant again before the first sign-in to the tenant; "
            "with 201, the e-mail is sent again unless skipInviteEmail is true"
        },
    )
    taken_email: Literal[409, 400] = attrs.field(
        default=409, metadata={QUESTION: "the status when a user is given the e-mail address of another user"}
    )
    bulk_roles: Literal["at_once", "task"] = attrs.field(
        default="at_once",
        metadata={QUESTION: "whether a change of roles in many tenants is complete at once, or returns a task"},
    )
    user_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("users"))


SWITCHES: Final = UserSwitches
