"""The switches of invitations."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup, WriteBody, write_body_question


@attrs.frozen(kw_only=True, slots=False, repr=False)
class InvitationSwitches(SwitchGroup):
    """The switches of invitations."""

    tenant_invitations: Literal["allowed", "refused"] = attrs.field(
        default="allowed", metadata={QUESTION: "whether the environment lets users invite others to their tenants"}
    )
    invalid_invitation: Literal[404, 400] = attrs.field(
        default=404, metadata={QUESTION: "the status if the token of an invitation is unknown or has expired"}
    )
    invitation_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("invitations"))


SWITCHES: Final = InvitationSwitches
