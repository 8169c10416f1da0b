"""The switches of invitations: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup, WriteBody, write_body_question


@attrs.frozen(kw_only=True, slots=False, repr=False)
class InvitationSwitches(SwitchGroup):
    """Settings for invitations: how the emulator behaves where no source describes the service."""

    tenant_invitations: Literal["allowed", "refused"] = attrs.field(
        default="allowed", metadata={QUESTION: "whether users may invite others to their tenants"}
    )
    invalid_invitation: Literal[404, 400] = attrs.field(
        default=404, metadata={QUESTION: "the status if no invitation has the token, or the invitation has expired"}
    )
    invitation_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("invitations"))


SWITCHES: Final = InvitationSwitches
