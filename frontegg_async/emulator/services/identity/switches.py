"""The switches of the environment: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup


@attrs.frozen(kw_only=True, slots=False, repr=False)
class IdentitySwitches(SwitchGroup):
    """The settings that choose how the emulator behaves for the environment itself if sources do not say it."""

    environment_type: Literal["development", "staging", "qa", "production"] = attrs.field(
        default="development", metadata={QUESTION: "the kind of the environment"}
    )
    environment_details: Literal["serve", "refuse"] = attrs.field(
        default="serve", metadata={QUESTION: "whether the environment can be read; if it cannot, the status is 403"}
    )


SWITCHES: Final = IdentitySwitches
