"""The behaviours about SSO that no source settles."""

from __future__ import annotations

from typing import Literal

import attrs

from frontegg_async.emulator.switch import QUESTION


@attrs.frozen(kw_only=True, slots=False)  # two bases with slots cannot be joined
class SsoBehaviour:
    """The assumptions about SSO."""

    sso_tenant_header: Literal["tolerate", "refuse"] = attrs.field(
        default="tolerate",
        metadata={QUESTION: "what the SSO routes that need no tenant header do with one"},
    )
