"""Switches for fields that lists and rows leave out, or return in another form."""

from __future__ import annotations

from typing import Literal

import attrs

from frontegg_async.emulator.behaviour.question import QUESTION


@attrs.frozen(kw_only=True, slots=False)  # two bases with slots cannot be combined
class ReadingBehaviour:
    """The switches about rows of tenants and of the hierarchy, and about the totals of pages."""

    total_items: Literal["right", "number", "text", "first_page", "null", "no_metadata"] = attrs.field(
        default="right",
        metadata={
            QUESTION: "the totalItems of a page: right, with a decimal point, as text, never more than one page has, "
            "null, or without _metadata"
        },
    )
    tenant_fields: Literal["all", "id_only", "null", "other_types"] = attrs.field(
        default="all",
        metadata={
            QUESTION: "the fields of a tenant in a list, a get or the hierarchy besides its id: all, none, "
            "all of them null, or each value in an array"
        },
    )
    hierarchy_name: Literal["tenant_name", "name"] = attrs.field(
        default="tenant_name", metadata={QUESTION: "whether the hierarchy names tenants by tenantName or by name"}
    )
    hierarchy_level: Literal["given", "missing"] = attrs.field(
        default="given", metadata={QUESTION: "whether sub-accounts and parents have a level"}
    )
    hierarchy_of_one: Literal["array", "object"] = attrs.field(
        default="array",
        metadata={
            QUESTION: "whether a list of the hierarchy with one row, or the only child in a tree, is in an array"
        },
    )
    api_token_tenant: Literal["given", "missing"] = attrs.field(
        default="given", metadata={QUESTION: "whether the API tokens of a tenant have its id"}
    )
