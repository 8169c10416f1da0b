"""The switches of JWT templates."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup, WriteBody, write_body_question


@attrs.frozen(kw_only=True, slots=False, repr=False)
class JwtTemplateSwitches(SwitchGroup):
    """The switches of JWT templates."""

    jwt_template_claims: Literal["check", "any"] = attrs.field(
        default="check",
        metadata={
            QUESTION: "whether a JWT template needs the claims of OpenID Connect, with clientId or applicationId as "
            "aud, and may not have those that the service adds itself"
        },
    )
    jwt_template_unknown: Literal["default_claims", "refuse"] = attrs.field(
        default="default_claims",
        metadata={QUESTION: "whether a targeting rule may name a JWT template that is not there, which it ignores"},
    )
    jwt_unknown_variable: Literal["leave_out", "null"] = attrs.field(
        default="leave_out",
        metadata={QUESTION: "what a claim is whose variable has no value: missing, or null"},
    )
    jwt_targeting_without_rules: Literal["given", "not_found"] = attrs.field(
        default="given",
        metadata={QUESTION: "whether targeting whose last rule was removed is still there, without rules"},
    )
    template_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("JWT templates"))


SWITCHES: Final = JwtTemplateSwitches
