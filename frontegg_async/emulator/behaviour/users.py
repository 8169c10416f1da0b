"""Switches for behaviours about users that no source documents."""

from __future__ import annotations

from typing import Literal

import attrs

from frontegg_async.emulator.behaviour.question import QUESTION


@attrs.frozen(kw_only=True, slots=False)  # two bases with slots cannot be combined
class UserBehaviour:
    """The switches about users."""

    user_list_roles: Literal["missing", "given"] = attrs.field(
        default="missing", metadata={QUESTION: "whether the listing of users has the roles of each user in its tenants"}
    )
    users_of_deleted_tenants: Literal["removed", "listed"] = attrs.field(
        default="removed",
        metadata={QUESTION: "whether a user whose only tenant was deleted is deleted, or still listed"},
    )
    invite_member: Literal[409, 201] = attrs.field(
        default=409, metadata={QUESTION: "the status when a user is invited to a tenant that it is in already"}
    )
    roles_of_new_users: Literal["first_or_default", "none"] = attrs.field(
        default="first_or_default",
        metadata={
            QUESTION: "the roles of a user who is added without any: as the first user of a tenant those with "
            "firstUserRole, else those with isDefault, or none"
        },
    )
    unknown_role: Literal[400, 404] = attrs.field(
        default=400, metadata={QUESTION: "the status when a user is given a role that its tenant may not use"}
    )
    stronger_roles: Literal["refuse", "give"] = attrs.field(
        default="refuse",
        metadata={QUESTION: "whether a user may give a role that is stronger, of a lower level, than all of its own"},
    )
    invitation_at_sign_in: Literal["join", "ignore"] = attrs.field(
        default="join",
        metadata={QUESTION: "whether a sign-in with the token of an invitation joins its tenant, and enters it"},
    )
    locked_user: Literal[403, 401] = attrs.field(
        default=403, metadata={QUESTION: "the status when a user signs in who is locked, or disabled in the tenant"}
    )
    taken_email: Literal[409, 400] = attrs.field(
        default=409, metadata={QUESTION: "the status when a user gets the e-mail address of another"}
    )
    bulk_roles: Literal["at_once", "task"] = attrs.field(
        default="at_once",
        metadata={QUESTION: "whether a change of roles in many tenants is done at once or returns a task"},
    )
