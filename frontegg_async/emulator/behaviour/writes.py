"""The behaviours about what the service answers to writes: no source settles which answers have a body."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import attrs

from frontegg_async.emulator.behaviour.question import QUESTION
from frontegg_async.emulator.rules.responses import EMPTY, Answer
from frontegg_async.endpoints import Endpoint, Retry

WriteBody: TypeAlias = Literal["object", "empty", "no_content"]

_METADATA: Final = frozenset({"tenants.add_metadata", "tenants.delete_metadata"})
_NO_CONTENT: Final = 204


def _question(of_what: str) -> dict[str, str]:
    return {QUESTION: f"what a write of {of_what} answers: the object, an empty body, or an empty body with 204"}


@attrs.frozen(kw_only=True, slots=False)  # bases with slots cannot be joined
class WriteBehaviour:
    """The assumptions about the answers to writes, a switch for each family of operations."""

    tenant_write_body: WriteBody = attrs.field(default="object", metadata=_question("tenants"))
    metadata_write_body: WriteBody = attrs.field(default="object", metadata=_question("tenant metadata"))
    sub_tenant_write_body: WriteBody = attrs.field(default="object", metadata=_question("sub-accounts"))
    hierarchy_write_body: WriteBody = attrs.field(default="object", metadata=_question("the hierarchy"))
    settings_write_body: WriteBody = attrs.field(default="object", metadata=_question("account settings"))
    sso_write_body: WriteBody = attrs.field(default="object", metadata=_question("SSO configurations and settings"))
    token_write_body: WriteBody = attrs.field(default="object", metadata=_question("API tokens and access tokens"))
    user_write_body: WriteBody = attrs.field(default="object", metadata=_question("users"))
    migration_write_body: WriteBody = attrs.field(default="object", metadata=_question("migrations"))


_FAMILIES: Final = {
    "tenants": "tenant_write_body",
    "tenant": "tenant_write_body",
    "sub_tenants": "sub_tenant_write_body",
    "hierarchy": "hierarchy_write_body",
    "account_settings": "settings_write_body",
    "sso": "sso_write_body",
    "api_tokens": "token_write_body",
    "user_api_tokens": "token_write_body",
    "access_tokens": "token_write_body",
    "user_access_tokens": "token_write_body",
    "me": "user_write_body",
    "migrations": "migration_write_body",
}
"""The switch of an operation, by the first part of its name."""


def as_written(answer: Answer, endpoint: Endpoint[object], behaviour: WriteBehaviour) -> Answer:
    """Return the answer to a request that was served, without its body where a switch says so.

    Args:
        answer: What the rule answers.
        endpoint: The operation; the answers to reads stay as they are.
        behaviour: The switches.
    """
    name = switch_of(endpoint)
    wanted: WriteBody = "object" if name is None else getattr(behaviour, name)
    if wanted == "object":
        return answer
    return attrs.evolve(answer, body=EMPTY, status=_NO_CONTENT if wanted == "no_content" else answer.status)


def switch_of(endpoint: Endpoint[object]) -> str | None:
    """Return the name of the switch that an operation has, or ``None`` for a read and for the exchange of tokens."""
    if endpoint.retry is Retry.SAFE:
        return None
    if endpoint.name in _METADATA:
        return "metadata_write_body"
    return _FAMILIES.get(endpoint.name.partition(".")[0])
