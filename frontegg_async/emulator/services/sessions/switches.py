"""The switches of sessions."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup


@attrs.frozen(kw_only=True, slots=False, repr=False)
class SessionSwitches(SwitchGroup):
    """The switches of sessions."""

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
    invitation_at_sign_in: Literal["join", "ignore"] = attrs.field(
        default="join",
        metadata={QUESTION: "whether a sign-in with the token of an invitation joins its tenant, and enters it"},
    )
    locked_user: Literal[403, 401] = attrs.field(
        default=403, metadata={QUESTION: "the status when a user signs in who is locked, or disabled in the tenant"}
    )


SWITCHES: Final = SessionSwitches
