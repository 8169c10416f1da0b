"""The switches of the hierarchy and sub-accounts: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup, WriteBody, write_body_question


@attrs.frozen(kw_only=True, slots=False, repr=False)
class HierarchySwitches(SwitchGroup):
    """Settings for the hierarchy and sub-accounts: how the emulator behaves where no source describes the service."""

    hierarchy_name: Literal["tenant_name", "name"] = attrs.field(
        default="tenant_name",
        metadata={QUESTION: "whether the name of a tenant in the hierarchy is in the field tenantName or name"},
    )
    hierarchy_level: Literal["given", "missing"] = attrs.field(
        default="given", metadata={QUESTION: "whether sub-accounts and parents have the field level"}
    )
    hierarchy_of_one: Literal["array", "object"] = attrs.field(
        default="array",
        metadata={
            QUESTION: "whether a list of the hierarchy with only one row, and the only child in a tree, are in an array"
        },
    )
    assign_again: Literal["accept", "refuse"] = attrs.field(
        default="accept",
        metadata={QUESTION: "what happens when a tenant is assigned again to the parent that it has"},
    )
    hierarchy_search: Literal["descendants", "children"] = attrs.field(
        default="descendants",
        metadata={QUESTION: "whether a search below a tenant finds tenants on all levels, or only direct sub-accounts"},
    )
    sub_tenant_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("sub-accounts"))
    hierarchy_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("the hierarchy"))


SWITCHES: Final = HierarchySwitches
