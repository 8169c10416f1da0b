"""The switches of access tokens: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup


@attrs.frozen(kw_only=True, slots=False, repr=False)
class AccessTokenSwitches(SwitchGroup):
    """Settings for access tokens: how the emulator behaves where no source describes the service."""

    access_tokens: Literal["enabled", "disabled"] = attrs.field(
        default="enabled",
        metadata={QUESTION: "whether access tokens are enabled; if they are not, requests are refused with 403"},
    )
    endless_access_token: Literal["no_exp", "far_exp"] = attrs.field(
        default="no_exp",
        metadata={
            QUESTION: "whether the JWT of an access token that does not expire has no exp, or an exp far in the future"
        },
    )
    expired_access_token: Literal["not_found", "serve"] = attrs.field(
        default="not_found", metadata={QUESTION: "the response to a look-up of an expired access token"}
    )
    foreign_access_token: Literal["not_found", "refuse"] = attrs.field(
        default="not_found",
        metadata={QUESTION: "the response to a look-up of an access token with another tenant in the header"},
    )
    access_tokens_of_locked_tenant: Literal["serve", "refuse"] = attrs.field(
        default="serve", metadata={QUESTION: "whether the access tokens of a locked tenant can be looked up"}
    )


SWITCHES: Final = AccessTokenSwitches
