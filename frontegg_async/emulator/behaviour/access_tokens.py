"""The behaviours about access tokens that no source settles."""

from __future__ import annotations

from typing import Literal

import attrs

from frontegg_async.emulator.behaviour.question import QUESTION


@attrs.frozen(kw_only=True, slots=False)  # two bases with slots cannot be joined
class AccessTokenBehaviour:
    """The assumptions about access tokens."""

    access_tokens: Literal["enabled", "disabled"] = attrs.field(
        default="enabled",
        metadata={QUESTION: "whether the environment has access tokens; where it has none, they are answered with 403"},
    )
    endless_access_token: Literal["no_exp", "far_exp"] = attrs.field(
        default="no_exp",
        metadata={QUESTION: "whether the JWT of an access token that does not expire lacks exp, or has one far away"},
    )
    expired_access_token: Literal["not_found", "serve"] = attrs.field(
        default="not_found", metadata={QUESTION: "what is answered about an access token that expired"}
    )
    foreign_access_token: Literal["not_found", "refuse"] = attrs.field(
        default="not_found",
        metadata={QUESTION: "what is answered about an access token of another tenant than that of the header"},
    )
    access_tokens_of_locked_tenant: Literal["serve", "refuse"] = attrs.field(
        default="serve", metadata={QUESTION: "whether the access tokens of a locked tenant are told about"}
    )
