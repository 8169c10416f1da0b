"""The switches of the signed-in user: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup


@attrs.frozen(kw_only=True, slots=False, repr=False)
class MeSwitches(SwitchGroup):
    """Settings for the signed-in user: how the emulator behaves where no source describes the service."""

    user_tenants: Literal["whole", "names"] = attrs.field(
        default="whole",
        metadata={QUESTION: "whether the listed tenants of a user have all fields, or only id and name"},
    )
    user_hierarchy: Literal["trees", "rows"] = attrs.field(
        default="trees",
        metadata={
            QUESTION: "whether the hierarchy of a user's tenants has nested nodes, or rows with the ids of parents"
        },
    )
    switch_not_member: Literal[403, 404] = attrs.field(
        default=403, metadata={QUESTION: "the status when a user switches to a tenant that the user may not enter"}
    )
    switch_to_sub_account: Literal["allow", "refuse"] = attrs.field(
        default="allow",
        metadata={
            QUESTION: "whether a user may switch to a sub-account that the user may enter only through the hierarchy"
        },
    )


SWITCHES: Final = MeSwitches
