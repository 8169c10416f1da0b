"""The switches of roles, permissions and groups: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup, WriteBody, write_body_question


@attrs.frozen(kw_only=True, slots=False, repr=False)
class RoleSwitches(SwitchGroup):
    """Settings for roles, permissions and groups: how the emulator behaves where no source describes the service."""

    default_roles: Literal["admin_and_read_only", "none"] = attrs.field(
        default="admin_and_read_only", metadata={QUESTION: "the initial roles of an environment"}
    )
    duplicate_key: Literal[409, 400] = attrs.field(
        default=409,
        metadata={QUESTION: "the status if the key of a role or permission, or the name of a group, is already in use"},
    )
    given_role_ids: Literal["any", "known"] = attrs.field(
        default="any",
        metadata={QUESTION: "whether SSO, API tokens and access tokens accept ids of roles that do not exist"},
    )
    roles_of_new_users: Literal["first_or_default", "none"] = attrs.field(
        default="first_or_default",
        metadata={
            QUESTION: "the roles of a user who is added without roles: the roles with firstUserRole for the first "
            "user of a tenant and with isDefault for others, or none"
        },
    )
    unknown_role: Literal[400, 404] = attrs.field(
        default=400, metadata={QUESTION: "the status when a user is given a role that the user's tenant may not use"}
    )
    stronger_roles: Literal["refuse", "give"] = attrs.field(
        default="refuse",
        metadata={QUESTION: "whether a user may assign a role with a lower (stronger) level than the user's own roles"},
    )
    role_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("roles and permissions"))
    group_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("groups"))


SWITCHES: Final = RoleSwitches
