"""The switches of account settings: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final

import attrs

from frontegg_async.emulator.store.switch_group import SwitchGroup, WriteBody, write_body_question


@attrs.frozen(kw_only=True, slots=False, repr=False)
class AccountSettingsSwitches(SwitchGroup):
    """Settings for account settings: how the emulator behaves where no source describes the service."""

    settings_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("account settings"))


SWITCHES: Final = AccountSettingsSwitches
