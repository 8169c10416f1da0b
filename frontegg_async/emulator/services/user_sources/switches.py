"""The switches of user sources: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final

import attrs

from frontegg_async.emulator.store.switch_group import SwitchGroup, WriteBody, write_body_question


@attrs.frozen(kw_only=True, slots=False, repr=False)
class UserSourceSwitches(SwitchGroup):
    """Settings for user sources: how the emulator behaves where no source describes the service."""

    user_source_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("user sources"))


SWITCHES: Final = UserSourceSwitches
