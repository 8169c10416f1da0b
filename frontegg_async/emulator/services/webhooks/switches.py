"""The switches of webhooks and prehooks: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import MARK, QUESTION, SwitchGroup, WriteBody, write_body_question


@attrs.frozen(kw_only=True, slots=False, repr=False)
class WebhookSwitches(SwitchGroup):
    """Settings for webhooks and prehooks: how the emulator behaves where no source describes the service."""

    webhooks_by_vendor: Literal["tenant", "serve", "refuse"] = attrs.field(
        default="tenant",
        metadata={
            MARK: "L",
            QUESTION: "whether environment tokens manage webhooks only with a tenant header, also without the header "
            "(for webhooks of the environment), or not at all",
        },
    )
    webhooks_environment_id: Literal["accept", "refuse"] = attrs.field(
        default="accept",
        metadata={QUESTION: "whether the environment's own id is accepted as the id of the tenant of its webhooks"},
    )
    webhooks_of_environment: Literal["all_tenants", "none"] = attrs.field(
        default="all_tenants",
        metadata={
            QUESTION: "whether webhooks that are created with the environment's own id in the tenant header receive "
            "the events of all tenants, or of none"
        },
    )
    webhook_subject: Literal["subject", "data", "top_level", "none"] = attrs.field(
        default="subject",
        metadata={
            QUESTION: "where the body of a webhook contains the object of the event: in a field with the object's "
            "name, in data, beside the event key, or nowhere"
        },
    )
    webhook_claims: Literal["iat_exp", "iat", "none"] = attrs.field(
        default="iat_exp", metadata={QUESTION: "the claims of the JWT in the header x-webhook-secret"}
    )
    webhook_after_failures: Literal["disable", "go_on"] = attrs.field(
        default="disable", metadata={QUESTION: "whether a webhook is disabled after five consecutive failures"}
    )
    webhook_log_body: Literal["sent", "received"] = attrs.field(
        default="sent",
        metadata={QUESTION: "whether the log of a webhook contains the body that was sent, or the received one"},
    )
    webhook_test_header: Literal["signed", "missing"] = attrs.field(
        default="signed", metadata={QUESTION: "whether the call that tests a webhook has the header x-webhook-secret"}
    )
    second_prehook: Literal[409, 400] = attrs.field(
        default=409, metadata={QUESTION: "the status if an event already has a prehook"}
    )
    failed_prehook: Literal[403, 400, 500] = attrs.field(
        default=403, metadata={QUESTION: "the status if a prehook with the failMethod CLOSE fails"}
    )
    prehook_status: Literal["all", "refusals"] = attrs.field(
        default="all",
        metadata={
            QUESTION: "whether the refusal of a prehook may have the statuses 401, 408, 425 and 429, after which "
            "clients send the request again, or such a status becomes 403"
        },
    )
    hook_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("webhooks and prehooks"))


SWITCHES: Final = WebhookSwitches
