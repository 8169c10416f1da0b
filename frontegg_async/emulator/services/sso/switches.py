"""The switches of SSO: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup, WriteBody, write_body_question


@attrs.frozen(kw_only=True, slots=False, repr=False)
class SsoSwitches(SwitchGroup):
    """Settings for SSO: how the emulator behaves where no source describes the service."""

    sso_tenant_header: Literal["tolerate", "refuse"] = attrs.field(
        default="tolerate",
        metadata={
            QUESTION: "whether SSO routes without a tenant, and the route that verifies a user, accept a tenant header"
        },
    )
    sso_v1_requires_all: Literal["off", "on"] = attrs.field(
        default="off", metadata={QUESTION: "whether create (v1) and PATCH require every field of the API description"}
    )
    sso_create_without_type: Literal["saml", "refuse"] = attrs.field(
        default="saml", metadata={QUESTION: "the type of an SSO configuration that is created without a type"}
    )
    sso_empty_update: Literal["accept", "refuse"] = attrs.field(
        default="accept", metadata={QUESTION: "what a PATCH of an SSO configuration with an empty body does"}
    )
    sso_enabled_at_first: Literal["no", "yes"] = attrs.field(
        default="no", metadata={QUESTION: "whether an SSO configuration that is created without enabled is enabled"}
    )
    sso_certificate: Literal["encode_pem", "as_sent"] = attrs.field(
        default="encode_pem", metadata={QUESTION: "whether a certificate that is sent as PEM is returned as base64"}
    )
    sso_metadata_check: Literal["identity_provider", "well_formed"] = attrs.field(
        default="identity_provider",
        metadata={QUESTION: "whether metadata must be the XML of an identity provider, or any XML"},
    )
    sso_default_roles: Literal["ids", "object"] = attrs.field(
        default="ids", metadata={QUESTION: "the form of defaultRoles in an SSO configuration"}
    )
    sso_domain_syntax: Literal["check", "any"] = attrs.field(
        default="check", metadata={QUESTION: "whether the name of an SSO domain is checked"}
    )
    sso_duplicate_domain: Literal[409, 400] = attrs.field(
        default=409, metadata={QUESTION: "the status when an SSO domain is in use already"}
    )
    sso_domain_elsewhere: Literal["refuse", "refuse_validated", "accept"] = attrs.field(
        default="refuse",
        metadata={
            QUESTION: "whether a domain may be in a second configuration, if bypassDomainCrossValidation is not set "
            "and a domain may not have several SSO providers"
        },
    )
    sso_domain_validation: Literal["succeed", "published", "refuse", "unvalidated"] = attrs.field(
        default="succeed",
        metadata={
            QUESTION: "the result of the search for the TXT record of an SSO domain; with published, the emulator "
            "searches the records that were added to it"
        },
    )
    sso_txt_record: Literal["host", "host_and_value"] = attrs.field(
        default="host", metadata={QUESTION: "whether txtRecord of an SSO domain also contains the value of the record"}
    )
    sso_validation_by_vendor: Literal["succeed", "refuse"] = attrs.field(
        default="succeed",
        metadata={QUESTION: "what validation by e-mail does with an environment token, which has no e-mail address"},
    )
    sso_verified_users: Literal["validate", "ignore"] = attrs.field(
        default="validate",
        metadata={
            QUESTION: "whether allowVerifiedUsersToAddDomains validates a domain of the user's own e-mail address"
        },
    )
    sso_skip_email_domain: Literal["validate", "ignore"] = attrs.field(
        default="validate",
        metadata={
            QUESTION: "whether skipEmailDomainValidation of a configuration validates domains when they are added"
        },
    )
    sso_duplicate_group: Literal["accept", "refuse"] = attrs.field(
        default="accept", metadata={QUESTION: "whether a configuration may have two groups with the same name"}
    )
    sso_unknown_email: Literal[404, 200] = attrs.field(
        default=404, metadata={QUESTION: "the status when an address is removed that is not excluded"}
    )
    sso_unset_settings: Literal["defaults", "not_found"] = attrs.field(
        default="defaults", metadata={QUESTION: "what reading SSO settings returns if they were never set"}
    )
    sso_write_body: WriteBody = attrs.field(
        default="object", metadata=write_body_question("SSO configurations and settings")
    )


SWITCHES: Final = SsoSwitches
