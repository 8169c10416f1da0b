"""The switches of security policies: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import MARK, QUESTION, SwitchGroup, WriteBody, write_body_question


@attrs.frozen(kw_only=True, slots=False, repr=False)
class SecuritySwitches(SwitchGroup):
    """Settings for security policies: how the emulator behaves where no source describes the service."""

    policies_without_tenant: Literal["environment", "refuse"] = attrs.field(
        default="environment",
        metadata={QUESTION: "the owner of a security policy without the tenant header: the environment, or nobody"},
    )
    mfa_policy_of: Literal["application", "tenant"] = attrs.field(
        default="application",
        metadata={
            QUESTION: "whether a tenant has an MFA policy for each application in frontegg-application-id and one "
            "without application, or only one",
            MARK: "L",
        },
    )
    policies_partial_write: Literal["reset", "keep"] = attrs.field(
        default="reset", metadata={QUESTION: "what a write of a security policy does with omitted fields"}
    )
    policies_kept: Literal["yes", "no"] = attrs.field(
        default="yes", metadata={QUESTION: "whether written policies of sessions and password rotation are stored"}
    )
    restrictions_verified: Literal["object", "nothing"] = attrs.field(
        default="object", metadata={QUESTION: "the body of the response to a check of the caller's own address"}
    )
    password_policy_by_user: Literal["accept", "refuse"] = attrs.field(
        default="accept", metadata={QUESTION: "whether users may set the password policy of their tenant"}
    )
    countries_write: Literal["replace", "add"] = attrs.field(
        default="replace",
        metadata={QUESTION: "whether a write of country restrictions keeps omitted countries"},
    )
    policy_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("security policies"))


SWITCHES: Final = SecuritySwitches
