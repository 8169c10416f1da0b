"""The switches of applications: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup, WriteBody, write_body_question


@attrs.frozen(kw_only=True, slots=False, repr=False)
class ApplicationSwitches(SwitchGroup):
    """Settings for applications: how the emulator behaves where no source describes the service."""

    default_application: Literal["one", "none"] = attrs.field(
        default="one", metadata={QUESTION: "whether an environment has an initial application"}
    )
    application_header: Literal["ignore", "check"] = attrs.field(
        default="ignore",
        metadata={QUESTION: "whether frontegg-application-id must be the id of an application of the tenant"},
    )
    application_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("applications"))


SWITCHES: Final = ApplicationSwitches
