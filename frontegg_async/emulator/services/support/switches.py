"""The switches of all subjects: requests, pages, credentials and rate limits."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup


@attrs.frozen(kw_only=True, slots=False, repr=False)
class ServiceSwitches(SwitchGroup):
    """The switches of all subjects: requests, pages, credentials and rate limits."""

    total_items: Literal["right", "number", "text", "first_page", "null", "no_metadata"] = attrs.field(
        default="right",
        metadata={
            QUESTION: "the totalItems of a page: the right number, the number with a decimal point, the number as "
            "text, at most the number of items on the page, null, or no _metadata at all"
        },
    )
    post_status: Literal[201, 200] = attrs.field(
        default=201, metadata={QUESTION: "the status of a POST whose status is not documented"}
    )
    unknown_body_field: Literal["refuse", "ignore"] = attrs.field(
        default="refuse", metadata={QUESTION: "what happens to an unknown field in a body"}
    )
    offset: Literal["page_index", "record_offset"] = attrs.field(
        default="page_index", metadata={QUESTION: "whether _offset is a number of pages or of rows"}
    )
    limit_above_maximum: Literal["cap", "refuse"] = attrs.field(
        default="cap", metadata={QUESTION: "what happens if _limit is above 200"}
    )
    links: Literal["query", "path", "empty", "missing"] = attrs.field(
        default="query", metadata={QUESTION: "the form of the _links of a page"}
    )
    wrong_token_kind: Literal[401, 403] = attrs.field(
        default=401, metadata={QUESTION: "the status if the route does not accept the kind of the token"}
    )
    user_permissions: Literal["enforce", "documented", "ignore"] = attrs.field(
        default="enforce",
        metadata={QUESTION: "whether user tokens need all permissions of a route, only the documented ones, or none"},
    )
    environment_credential: Literal["read_write", "read_only"] = attrs.field(
        default="read_write",
        metadata={
            QUESTION: "whether the credential of the environment may write; if it may not, its tokens lack the scope "
            "write, and a write has the status 403"
        },
    )
    user_prefix: Literal["both", "required", "refused"] = attrs.field(
        default="both",
        metadata={QUESTION: "whether user tokens are accepted on paths with and without the prefix /frontegg"},
    )
    vendor_token_under_prefix: Literal["serve", "refuse"] = attrs.field(
        default="serve", metadata={QUESTION: "whether paths with the prefix /frontegg accept environment tokens"}
    )
    reset_header: Literal["rfc3339", "seconds", "epoch", "retry_after", "retry_after_date", "none"] = attrs.field(
        default="rfc3339", metadata={QUESTION: "the header in a 429 that has the time of the next try, and its format"}
    )


SWITCHES: Final = ServiceSwitches
