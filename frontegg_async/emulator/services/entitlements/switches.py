"""The switches of features and plans: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final

import attrs

from frontegg_async.emulator.store.switch_group import SwitchGroup, WriteBody, write_body_question


@attrs.frozen(kw_only=True, slots=False, repr=False)
class EntitlementSwitches(SwitchGroup):
    """Settings for features and plans: how the emulator behaves where no source describes the service."""

    entitlement_write_body: WriteBody = attrs.field(
        default="object", metadata=write_body_question("features, plans and their assignments")
    )


SWITCHES: Final = EntitlementSwitches
