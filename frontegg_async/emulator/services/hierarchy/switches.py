"""The switches of the hierarchy and sub-accounts."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup, WriteBody, write_body_question


@attrs.frozen(kw_only=True, slots=False, repr=False)
class HierarchySwitches(SwitchGroup):
    """The switches of the hierarchy and sub-accounts."""

    hierarchy_name: Literal["tenant_name", "name"] = attrs.field(
        default="tenant_name",
        metadata={QUESTION: "whether the hierarchy has names in tenantName or in name"},
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
    assign_again: Literal["accept", "refuse"] = attrs.field(
        default="accept",
        metadata={QUESTION: "what happens when a tenant is assigned to its present parent again"},
    )
    hierarchy_search: Literal["descendants", "children"] = attrs.field(
        default="descendants",
        metadata={QUESTION: "whether a search below a tenant finds all levels"},
    )
    sub_tenant_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("sub-accounts"))
    hierarchy_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("the hierarchy"))


SWITCHES: Final = HierarchySwitches
