"""The switches of webhooks and prehooks."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import MARK, QUESTION, SwitchGroup, WriteBody, write_body_question


@attrs.frozen(kw_only=True, slots=False, repr=False)
class WebhookSwitches(SwitchGroup):
    """The switches of webhooks and prehooks."""

    webhooks_by_vendor: Literal["tenant", "serve", "refuse"] = attrs.field(
        default="tenant",
        metadata={
            MARK: "L",
            QUESTION: "whether webhooks are managed with an environment token and a tenant header, also without the "
            "header as those of the environment, or by users only",
        },
    )
    webhooks_environment_id: Literal["accept", "refuse"] = attrs.field(
        default="accept",
        metadata={QUESTION: "whether the environment's own id is accepted as the tenant id of its webhooks"},
    )
    webhooks_of_environment: Literal["all_tenants", "none"] = attrs.field(
        default="all_tenants",
        metadata={
            QUESTION: "whether webhooks that are created with the environment's own id in the tenant header get the "
            "events of all tenants, or of none"
        },
    )
    webhook_subject: Literal["subject", "data", "top_level", "none"] = attrs.field(
        default="subject",
        metadata={
            QUESTION: "where the body of a webhook has what the event is about: in a field with its name, in data, "
            "beside the event key, or nowhere"
        },
    )
    webhook_claims: Literal["iat_exp", "iat", "none"] = attrs.field(
        default="iat_exp", metadata={QUESTION: "the claims of the JWT in the x-webhook-secret header"}
    )
    webhook_after_failures: Literal["disable", "go_on"] = attrs.field(
        default="disable", metadata={QUESTION: "whether a webhook is disabled after five failures in a row"}
    )
    webhook_log_body: Literal["sent", "received"] = attrs.field(
        default="sent", metadata={QUESTION: "whether the log of a webhook has the body that was sent or received"}
    )
    webhook_test_header: Literal["signed", "missing"] = attrs.field(
        default="signed", metadata={QUESTION: "whether the test of a webhook has the x-webhook-secret header"}
    )
    second_prehook: Literal[409, 400] = attrs.field(
        default=409, metadata={QUESTION: "the status when an event has a prehook already"}
    )
    failed_prehook: Literal[403, 400, 500] = attrs.field(
        default=403, metadata={QUESTION: "the status when a prehook fails whose failMethod is CLOSE"}
    )
    prehook_status: Literal["all", "refusals"] = attrs.field(
        default="all",
        metadata={
            QUESTION: "whether a prehook that refuses may also give a response the statuses 401, 408, 425 and 429, for "
            "which clients send the request again, or these become 403"
        },
    )
    hook_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("webhooks and prehooks"))


SWITCHES: Final = WebhookSwitches
