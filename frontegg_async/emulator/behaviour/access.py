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
    duplicate_key: Literal[409, 400] = attrs.field(
        default=409,
        metadata={QUESTION: "the status when a role or permission has the key of another, or a group the name"},
    )
    given_role_ids: Literal["any", "known"] = attrs.field(
        default="any",
        metadata={QUESTION: "whether SSO, API tokens and access tokens take ids of roles that do not exist"},
    )
    application_header: Literal["ignore", "check"] = attrs.field(
        default="ignore", metadata={QUESTION: "whether frontegg-application-id must name an application of the tenant"}
    )
