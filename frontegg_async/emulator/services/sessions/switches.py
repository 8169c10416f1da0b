"""The switches of sessions: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup


@attrs.frozen(kw_only=True, slots=False, repr=False)
class SessionSwitches(SwitchGroup):
    """Settings for sessions: how the emulator behaves where no source describes the service."""

    locked_active_tenant: Literal["refuse", "next_tenant"] = attrs.field(
        default="refuse",
        metadata={
            QUESTION: "whether a user whose active tenant is locked is refused, or signs in to another of the user's "
            "tenants"
        },
    )
    locked_api_tokens: Literal["refuse", "serve"] = attrs.field(
        default="refuse", metadata={QUESTION: "whether API tokens of a locked tenant are refused, as its users are"}
    )
    refresh_reuse: Literal["end_session", "refuse"] = attrs.field(
        default="end_session", metadata={QUESTION: "what happens to a session if a used refresh token is sent again"}
    )
    refresh_life: Literal["renewed", "kept"] = attrs.field(
        default="renewed",
        metadata={QUESTION: "whether the lifetime of a refresh token starts again when it is exchanged"},
    )
    refresh_source: Literal["body", "cookie"] = attrs.field(
        default="body", metadata={QUESTION: "which refresh token is used if body and cookie contain different ones"}
    )
    missing_vendor_host: Literal["refuse", "accept"] = attrs.field(
        default="refuse", metadata={QUESTION: "what a user's refresh without the frontegg-vendor-host header does"}
    )
    session_expires: Literal["http_date", "rfc3339"] = attrs.field(
        default="http_date", metadata={QUESTION: "the format of the expiry in the response to a sign-in"}
    )
    deleted_subject: Literal["refuse", "serve"] = attrs.field(
        default="refuse",
        metadata={QUESTION: "whether access tokens are refused if their user, API token or tenant was deleted"},
    )
    invitation_at_sign_in: Literal["join", "ignore"] = attrs.field(
        default="join",
        metadata={QUESTION: "whether a user who signs in with the token of an invitation joins and enters the tenant"},
    )
    locked_user: Literal[403, 401] = attrs.field(
        default=403, metadata={QUESTION: "the status of a sign-in if the user is locked, or disabled in the tenant"}
    )


SWITCHES: Final = SessionSwitches
