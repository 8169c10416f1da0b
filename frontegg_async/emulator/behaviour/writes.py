"""Switches for the bodies of responses to writes, which no source documents."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

from frontegg_async.emulator.behaviour.question import QUESTION

WriteBody: TypeAlias = Literal["object", "empty", "no_content"]


def _question(of_what: str) -> dict[str, str]:
    return {QUESTION: f"what a write of {of_what} returns: the object, an empty body, or an empty body with 204"}


@attrs.frozen(kw_only=True, slots=False)  # two bases with slots cannot be combined
class WriteBehaviour:
    """The switches about responses to writes, one for each family of operations."""

    tenant_write_body: WriteBody = attrs.field(default="object", metadata=_question("tenants"))
    metadata_write_body: WriteBody = attrs.field(default="object", metadata=_question("tenant metadata"))
    sub_tenant_write_body: WriteBody = attrs.field(default="object", metadata=_question("sub-accounts"))
    hierarchy_write_body: WriteBody = attrs.field(default="object", metadata=_question("the hierarchy"))
    settings_write_body: WriteBody = attrs.field(default="object", metadata=_question("account settings"))
    audit_write_body: WriteBody = attrs.field(default="object", metadata=_question("audits"))
    scim_write_body: WriteBody = attrs.field(default="object", metadata=_question("SCIM configurations"))
    policy_write_body: WriteBody = attrs.field(default="object", metadata=_question("security policies"))
    sso_write_body: WriteBody = attrs.field(default="object", metadata=_question("SSO configurations and settings"))
    token_write_body: WriteBody = attrs.field(default="object", metadata=_question("API tokens and access tokens"))
    user_write_body: WriteBody = attrs.field(default="object", metadata=_question("users"))
    invitation_write_body: WriteBody = attrs.field(default="object", metadata=_question("invitations"))
    template_write_body: WriteBody = attrs.field(default="object", metadata=_question("JWT templates"))
    hook_write_body: WriteBody = attrs.field(default="object", metadata=_question("webhooks and prehooks"))
    role_write_body: WriteBody = attrs.field(default="object", metadata=_question("roles and permissions"))
    group_write_body: WriteBody = attrs.field(default="object", metadata=_question("groups"))
    application_write_body: WriteBody = attrs.field(default="object", metadata=_question("applications"))
    migration_write_body: WriteBody = attrs.field(default="object", metadata=_question("migrations"))
