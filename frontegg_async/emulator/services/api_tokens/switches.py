"""The switches of API tokens: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup, WriteBody, write_body_question


@attrs.frozen(kw_only=True, slots=False, repr=False)
class ApiTokenSwitches(SwitchGroup):
    """Settings for API tokens: how the emulator behaves where no source describes the service."""

    roles_and_permissions: Literal["roles", "refuse"] = attrs.field(
        default="roles",
        metadata={QUESTION: "what happens if an API token is created with both roles and permissions"},
    )
    neither_roles_nor_permissions: Literal["accept", "refuse"] = attrs.field(
        default="accept", metadata={QUESTION: "whether an API token may have neither roles nor permissions"}
    )
    empty_credential_update: Literal["refuse", "accept"] = attrs.field(
        default="refuse", metadata={QUESTION: "what an update of an API token with an empty body does"}
    )
    api_token_tenant: Literal["given", "missing"] = attrs.field(
        default="given", metadata={QUESTION: "whether responses with an API token of a tenant contain the tenant's id"}
    )
    token_write_body: WriteBody = attrs.field(
        default="object", metadata=write_body_question("API tokens and access tokens")
    )


SWITCHES: Final = ApiTokenSwitches
