"""Switches for behaviours about the environment, sessions, users and API tokens that no source documents."""

from __future__ import annotations

from typing import Literal

import attrs

from frontegg_async.emulator.behaviour.question import QUESTION


@attrs.frozen(kw_only=True, slots=False)  # two bases with slots cannot be combined
class IdentityBehaviour:
    """The switches about the environment, sessions, users and API tokens."""

    environment_type: Literal["development", "staging", "qa", "production"] = attrs.field(
        default="development", metadata={QUESTION: "what the environment is for"}
    )
    environment_details: Literal["serve", "refuse"] = attrs.field(
        default="serve", metadata={QUESTION: "whether the environment can be read; if not, the response is 403"}
    )
    locked_tenant: Literal[403, 401] = attrs.field(
        default=403, metadata={QUESTION: "the status when a session is begun, renewed or switched in a locked tenant"}
    )
    locked_active_tenant: Literal["refuse", "next_tenant"] = attrs.field(
        default="refuse",
        metadata={
            QUESTION: "whether a user whose active tenant is locked is refused or signs in to the next of its tenants"
        },
    )
    locked_api_tokens: Literal["refuse", "serve"] = attrs.field(
        default="refuse", metadata={QUESTION: "whether the API tokens of a locked tenant are refused, as its users are"}
    )
    refresh_reuse: Literal["end_session", "refuse"] = attrs.field(
        default="end_session", metadata={QUESTION: "what a refresh token that was used before does to its session"}
    )
    refresh_life: Literal["renewed", "kept"] = attrs.field(
        default="renewed",
        metadata={QUESTION: "whether the lifetime of a refresh token starts again when it is exchanged"},
    )
    refresh_source: Literal["body", "cookie"] = attrs.field(
        default="body", metadata={QUESTION: "which refresh token counts when the body has one and a cookie another"}
    )
    missing_vendor_host: Literal["refuse", "accept"] = attrs.field(
        default="refuse", metadata={QUESTION: "what a user's refresh without the frontegg-vendor-host header does"}
    )
    session_expires: Literal["http_date", "rfc3339"] = attrs.field(
        default="http_date", metadata={QUESTION: "the format of the expiry in the response to a sign-in"}
    )
    deleted_subject: Literal["refuse", "serve"] = attrs.field(
        default="refuse",
        metadata={QUESTION: "whether access tokens of deleted users, API tokens and tenants are refused"},
    )
    user_tenants: Literal["whole", "names"] = attrs.field(
        default="whole",
        metadata={QUESTION: "whether the tenants of a user come with all their fields or with id and name only"},
    )
    user_hierarchy: Literal["trees", "rows"] = attrs.field(
        default="trees", metadata={QUESTION: "whether a user's hierarchy comes as nested nodes or as rows with parents"}
    )
    switch_not_member: Literal[403, 404] = attrs.field(
        default=403, metadata={QUESTION: "the status when a user switches to a tenant that it may not enter"}
    )
    switch_to_sub_account: Literal["allow", "refuse"] = attrs.field(
        default="allow",
        metadata={QUESTION: "whether a user switches to a sub-account that it may enter by the hierarchy only"},
    )
    roles_and_permissions: Literal["roles", "refuse"] = attrs.field(
        default="roles", metadata={QUESTION: "what an API token gets that is given both roles and permissions"}
    )
    neither_roles_nor_permissions: Literal["accept", "refuse"] = attrs.field(
        default="accept", metadata={QUESTION: "whether an API token may have neither roles nor permissions"}
    )
    empty_credential_update: Literal["refuse", "accept"] = attrs.field(
        default="refuse", metadata={QUESTION: "what an update of an API token with nothing in it does"}
    )
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
    tenant_invitations: Literal["allowed", "refused"] = attrs.field(
        default="allowed", metadata={QUESTION: "whether the environment lets users invite others to their tenants"}
    )
    invalid_invitation: Literal[404, 400] = attrs.field(
        default=404, metadata={QUESTION: "the status when the token of an invitation is unknown or has expired"}
    )
