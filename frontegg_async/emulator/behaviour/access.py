"""Switches for behaviours about roles, permissions, groups and applications that no source documents."""

from __future__ import annotations

from typing import Literal

import attrs

from frontegg_async.emulator.behaviour.question import QUESTION


@attrs.frozen(kw_only=True, slots=False)  # two bases with slots cannot be combined
class AccessBehaviour:
    """The switches about roles, permissions, groups and applications."""

    default_roles: Literal["admin_and_read_only", "none"] = attrs.field(
        default="admin_and_read_only", metadata={QUESTION: "which roles an environment has from the beginning"}
    )
    default_application: Literal["one", "none"] = attrs.field(
        default="one", metadata={QUESTION: "whether an environment has an application from the beginning"}
    )
