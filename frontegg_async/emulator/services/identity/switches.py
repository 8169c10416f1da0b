"""The switches of the environment: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup


@attrs.frozen(kw_only=True, slots=False, repr=False)
class IdentitySwitches(SwitchGroup):
    """Settings for the environment as a whole: how the emulator behaves where no source describes the service."""

    environment_type: Literal["development", "staging", "qa", "production"] = attrs.field(
        default="development", metadata={QUESTION: "the kind of the environment"}
    )
    environment_details: Literal["serve", "refuse"] = attrs.field(
        default="serve", metadata={QUESTION: "whether the environment can be read; if it cannot, the status is 403"}
    )


SWITCHES: Final = IdentitySwitches
