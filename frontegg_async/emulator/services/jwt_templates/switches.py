"""The switches of JWT templates: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup, WriteBody, write_body_question


@attrs.frozen(kw_only=True, slots=False, repr=False)
class JwtTemplateSwitches(SwitchGroup):
    """Settings for JWT templates: how the emulator behaves where no source describes the service."""

    jwt_template_claims: Literal["check", "any"] = attrs.field(
        default="check",
        metadata={
            QUESTION: "whether a JWT template needs the claims of OpenID Connect, with clientId or applicationId as "
            "aud, and may not have claims that the service adds itself"
        },
    )
    jwt_template_unknown: Literal["default_claims", "refuse"] = attrs.field(
        default="default_claims",
        metadata={
            QUESTION: "whether a targeting rule may name a JWT template that does not exist; such a rule is ignored"
        },
    )
    jwt_unknown_variable: Literal["leave_out", "null"] = attrs.field(
        default="leave_out",
        metadata={QUESTION: "whether a claim is missing or null if its variable has no value"},
    )
    jwt_targeting_without_rules: Literal["given", "not_found"] = attrs.field(
        default="given",
        metadata={QUESTION: "whether the targeting still exists, without rules, after the last rule was removed"},
    )
    template_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("JWT templates"))


SWITCHES: Final = JwtTemplateSwitches
