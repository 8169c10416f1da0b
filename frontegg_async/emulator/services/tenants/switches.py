"""The switches of tenants and their metadata: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup, WriteBody, write_body_question

Moves: TypeAlias = Literal["moves", "stays"]
Lag: TypeAlias = Literal[0, 1, 5, 30]


def _moves_question(of_what: str) -> dict[str, str]:
    return {QUESTION: f"whether the updatedAt of a tenant is set by a change of {of_what}"}


@attrs.frozen(kw_only=True, slots=False, repr=False)
class TenantSwitches(SwitchGroup):
    """Settings for tenants and their metadata: how the emulator behaves where no source describes the service."""

    tenant_updated_event: Literal["fields", "everything"] = attrs.field(
        default="fields",
        metadata={
            QUESTION: "whether frontegg.tenant.updated is sent only for changes of a tenant's fields, or also for "
            "changes of its metadata, settings and place in the hierarchy"
        },
    )
    locked_tenant: Literal[403, 401] = attrs.field(
        default=403,
        metadata={QUESTION: "the status when a session in a locked tenant is started or renewed"},
    )
    tenant_fields: Literal["all", "id_only", "null", "other_types"] = attrs.field(
        default="all",
        metadata={
            QUESTION: "which fields, besides the id, tenants have in lists, gets and the hierarchy: all, none, "
            "all with the value null, or all with each value in an array"
        },
    )
    unknown_tenant: Literal["empty_array", "not_found", "null", "empty_object"] = attrs.field(
        default="empty_array", metadata={QUESTION: "what a get by an unknown id returns"}
    )
    get_shape: Literal["object", "array"] = attrs.field(
        default="object", metadata={QUESTION: "whether a get by the v2 route returns an object or an array"}
    )
    get_shape_v1: Literal["array", "object"] = attrs.field(
        default="array", metadata={QUESTION: "whether a get by the v1 route returns an array or an object"}
    )
    unknown_alias: Literal["not_found", "empty_array", "null"] = attrs.field(
        default="not_found", metadata={QUESTION: "what a get by an unknown alias returns"}
    )
    duplicate_create: Literal[409, 400] = attrs.field(
        default=409, metadata={QUESTION: "the status if a tenant is created with the id of an existing tenant"}
    )
    create_without_name: Literal["tenant_id", "refuse"] = attrs.field(
        default="tenant_id", metadata={QUESTION: "the name of a tenant that is created without a name"}
    )
    reactivation_keeps: Literal["id", "everything"] = attrs.field(
        default="id", metadata={QUESTION: "what a restored tenant keeps of its former data"}
    )
    reactivated_created_at: Literal["new", "kept"] = attrs.field(
        default="new", metadata={QUESTION: "whether a restored tenant has a new createdAt or the former one"}
    )
    updated_at_resolution: Literal["millisecond", "second"] = attrs.field(
        default="millisecond", metadata={QUESTION: "the resolution of updatedAt"}
    )
    updated_at_by_fields: Moves = attrs.field(default="moves", metadata=_moves_question("its fields, such as the name"))
    updated_at_by_metadata: Moves = attrs.field(default="moves", metadata=_moves_question("its metadata"))
    updated_at_by_lock: Moves = attrs.field(default="moves", metadata=_moves_question("its lock"))
    updated_at_by_settings: Moves = attrs.field(default="moves", metadata=_moves_question("its settings"))
    updated_at_by_hierarchy: Moves = attrs.field(default="stays", metadata=_moves_question("its parent"))
    updated_at_by_sso: Moves = attrs.field(default="stays", metadata=_moves_question("its SSO configurations"))
    updated_at_by_users: Moves = attrs.field(default="stays", metadata=_moves_question("its users"))
    get_lag: Lag = attrs.field(
        default=0, metadata={QUESTION: "the seconds after a write until a get of the tenant returns the new data"}
    )
    listing_lag: Lag = attrs.field(
        default=0, metadata={QUESTION: "the seconds after a write until lists of tenants contain the new data"}
    )
    locked_tenants: Literal["listed", "by_ids", "left_out"] = attrs.field(
        default="listed",
        metadata={QUESTION: "whether locked tenants are in all lists, only in lists with _tenantIds, or in none"},
    )
    deleted_tenants: Literal["left_out", "by_ids", "listed"] = attrs.field(
        default="left_out",
        metadata={QUESTION: "whether deleted tenants are in no lists, only in lists with _tenantIds, or in all"},
    )
    unknown_parent: Literal[404, 403] = attrs.field(
        default=404, metadata={QUESTION: "the status when the parent does not exist"}
    )
    reseller_rule: Literal[400, 403] = attrs.field(
        default=400, metadata={QUESTION: "the status when the parent is not a reseller"}
    )
    reseller_rule_holds: Literal["everywhere", "sub_accounts"] = attrs.field(
        default="everywhere",
        metadata={
            QUESTION: "whether a parent must also be a reseller when a hierarchy is assigned or a tenant created"
        },
    )
    delete_status: Literal[200, 204] = attrs.field(
        default=200, metadata={QUESTION: "the status of a delete, whose body is empty"}
    )
    metadata_merge: Literal["replace", "refuse"] = attrs.field(
        default="replace", metadata={QUESTION: "what merging keys does if the metadata is not an object"}
    )
    metadata_merge_text: Literal["replace", "refuse"] = attrs.field(
        default="replace", metadata={QUESTION: "what adding metadata does if the JSON text is not an object"}
    )
    update_of_ids: Literal["ignore", "refuse"] = attrs.field(
        default="ignore", metadata={QUESTION: "what an update does with tenantId and parentTenantId in its body"}
    )
    metadata_text: Literal["json", "any"] = attrs.field(
        default="json", metadata={QUESTION: "whether create and update accept only JSON text as metadata, or any text"}
    )
    tenant_addresses: Literal["as_sent", "without_slash", "lower_case"] = attrs.field(
        default="as_sent",
        metadata={
            QUESTION: "how the web and e-mail addresses of a tenant are stored: unchanged, without a final slash, or "
            "in lower case"
        },
    )
    filter_match: Literal["ignore_case", "exact_case", "prefix"] = attrs.field(
        default="ignore_case", metadata={QUESTION: "how _filter is compared with name and tenant id"}
    )
    default_order: Literal["ascending", "descending"] = attrs.field(
        default="ascending",
        metadata={QUESTION: "the direction of the order by createdAt, then tenantId, without _sortBy"},
    )
    unsorted_pages: Literal["stable", "changing"] = attrs.field(
        default="stable",
        metadata={
            QUESTION: "whether all pages without _sortBy have the same order, or every second page has the reverse "
            "order"
        },
    )
    created_at_ties: Literal["keep_order", "other_order", "change_order"] = attrs.field(
        default="keep_order",
        metadata={
            QUESTION: "the order of tenants with the same createdAt: by their ids, another order, or "
            "an order that changes from page to page"
        },
    )
    tenant_ids_form: Literal["any", "repeated_keys"] = attrs.field(
        default="any",
        metadata={QUESTION: "whether _tenantIds may have commas and brackets, besides repeated keys"},
    )
    unknown_lock: Literal["refuse", "ignore"] = attrs.field(
        default="refuse", metadata={QUESTION: "what lock and unlock do if one of the tenants does not exist"}
    )
    outside_hierarchy: Literal[403, 404] = attrs.field(
        default=403, metadata={QUESTION: "the status for an existing tenant outside the hierarchy of the user"}
    )
    users_of_deleted_tenants: Literal["removed", "listed"] = attrs.field(
        default="removed",
        metadata={QUESTION: "whether a user whose only tenant was deleted is deleted, or is still listed"},
    )
    tenant_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("tenants"))
    metadata_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("tenant metadata"))


SWITCHES: Final = TenantSwitches
