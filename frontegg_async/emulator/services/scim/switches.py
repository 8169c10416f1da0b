"""The switches of SCIM configurations: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final

import attrs

from frontegg_async.emulator.store.switch_group import SwitchGroup, WriteBody, write_body_question


@attrs.frozen(kw_only=True, slots=False, repr=False)
class ScimSwitches(SwitchGroup):
    """The settings that choose how the emulator behaves for SCIM configurations if sources do not say it."""

    scim_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("SCIM configurations"))


SWITCHES: Final = ScimSwitches
