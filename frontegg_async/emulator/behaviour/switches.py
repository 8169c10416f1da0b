"""`Behaviour`: a switch for every behaviour that no source documents; ``GET divergences`` lists them."""

from __future__ import annotations

from typing import Any, Final, Literal, cast, get_args, get_type_hints

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.behaviour.access import AccessBehaviour
from frontegg_async.emulator.behaviour.access_tokens import AccessTokenBehaviour
from frontegg_async.emulator.behaviour.audits import AuditBehaviour
from frontegg_async.emulator.behaviour.hooks import HookBehaviour
from frontegg_async.emulator.behaviour.identity import IdentityBehaviour
from frontegg_async.emulator.behaviour.migrations import MigrationBehaviour
from frontegg_async.emulator.behaviour.question import QUESTION
from frontegg_async.emulator.behaviour.reading import ReadingBehaviour
from frontegg_async.emulator.behaviour.security import SecurityBehaviour
from frontegg_async.emulator.behaviour.sso import SsoBehaviour
from frontegg_async.emulator.behaviour.users import UserBehaviour
from frontegg_async.emulator.behaviour.writes import WriteBehaviour


@attrs.frozen(kw_only=True)
class Behaviour(
    AccessBehaviour,
    AccessTokenBehaviour,
    AuditBehaviour,
    HookBehaviour,
    IdentityBehaviour,
    MigrationBehaviour,
    ReadingBehaviour,
    SecurityBehaviour,
    SsoBehaviour,
    UserBehaviour,
    WriteBehaviour,
):
    """All switches of an environment. The defaults are the assumptions (mark A) of the contract."""

    unknown_tenant: Literal["empty_array", "not_found", "null", "empty_object"] = attrs.field(
        default="empty_array", metadata={QUESTION: "what a get by an unknown id returns"}
    )
    get_shape: Literal["object", "array"] = attrs.field(
        default="object", metadata={QUESTION: "the shape of a get by the v2 route"}
    )
    get_shape_v1: Literal["array", "object"] = attrs.field(
        default="array", metadata={QUESTION: "the shape of a get by the v1 route"}
    )
    unknown_alias: Literal["not_found", "empty_array", "null"] = attrs.field(
        default="not_found", metadata={QUESTION: "what a get by an unknown alias returns"}
    )
    duplicate_create: Literal[409, 400] = attrs.field(
        default=409, metadata={QUESTION: "the status when a tenant that exists is created"}
    )
    create_without_name: Literal["tenant_id", "refuse"] = attrs.field(
        default="tenant_id", metadata={QUESTION: "the name of a tenant that is created without one"}
    )
    reactivation_keeps: Literal["id", "everything"] = attrs.field(
        default="id", metadata={QUESTION: "what a deleted tenant that is created again keeps"}
    )
    reactivated_created_at: Literal["new", "kept"] = attrs.field(
        default="new", metadata={QUESTION: "the createdAt of a deleted tenant that is created again"}
    )
    unknown_parent: Literal[404, 403] = attrs.field(
        default=404, metadata={QUESTION: "the status when the parent does not exist"}
    )
    reseller_rule: Literal[400, 403] = attrs.field(
        default=400, metadata={QUESTION: "the status when the parent is not a reseller"}
    )
    reseller_rule_holds: Literal["everywhere", "sub_accounts"] = attrs.field(
        default="everywhere",
        metadata={QUESTION: "whether the reseller rule holds on hierarchy assign and tenant create, too"},
    )
    assign_again: Literal["accept", "refuse"] = attrs.field(
        default="accept",
        metadata={QUESTION: "what happens when a tenant is assigned to the parent that it has already"},
    )
    hierarchy_search: Literal["descendants", "children"] = attrs.field(
        default="descendants", metadata={QUESTION: "which tenants a search of the hierarchy looks at"}
    )
    delete_status: Literal[200, 204] = attrs.field(
        default=200, metadata={QUESTION: "the status of a delete, whose body is empty"}
    )
    post_status: Literal[201, 200] = attrs.field(
        default=201, metadata={QUESTION: "the status of a POST whose status is not documented"}
    )
    metadata_merge: Literal["replace", "refuse"] = attrs.field(
        default="replace", metadata={QUESTION: "what a merge into metadata that is not an object does"}
    )
    metadata_merge_text: Literal["replace", "refuse"] = attrs.field(
        default="replace", metadata={QUESTION: "what adding metadata does with JSON text that is not an object"}
    )
    update_of_ids: Literal["ignore", "refuse"] = attrs.field(
        default="ignore", metadata={QUESTION: "what an update does with tenantId and parentTenantId in its body"}
    )
    metadata_text: Literal["json", "any"] = attrs.field(
        default="json", metadata={QUESTION: "which text create and update take as metadata"}
    )
    unknown_body_field: Literal["refuse", "ignore"] = attrs.field(
        default="refuse", metadata={QUESTION: "what happens to a body field that the operation does not have"}
    )
    offset: Literal["page_index", "record_offset"] = attrs.field(
        default="page_index", metadata={QUESTION: "what _offset counts"}
    )
    limit_above_maximum: Literal["cap", "refuse"] = attrs.field(
        default="cap", metadata={QUESTION: "what a _limit above 200 does"}
    )
    filter_match: Literal["ignore_case", "exact_case", "prefix"] = attrs.field(
        default="ignore_case", metadata={QUESTION: "how _filter matches name and tenant id"}
    )
    default_order: Literal["ascending", "descending"] = attrs.field(
        default="ascending", metadata={QUESTION: "the order of createdAt, then tenantId, without _sortBy"}
    )
    created_at_ties: Literal["keep_order", "change_order"] = attrs.field(
        default="keep_order",
        metadata={QUESTION: "whether tenants with the same createdAt have the same order on each page, sorted by it"},
    )
    links: Literal["query", "path", "empty", "missing"] = attrs.field(
        default="query", metadata={QUESTION: "what _links of a page hold"}
    )
    tenant_ids_form: Literal["any", "repeated_keys"] = attrs.field(
        default="any",
        metadata={QUESTION: "whether _tenantIds may be a comma list and have brackets, beside repeated keys"},
    )
    unknown_count: Literal["leave_out", "zero"] = attrs.field(
        default="leave_out", metadata={QUESTION: "what a user count says about an unknown tenant"}
    )
    unknown_lock: Literal["refuse", "ignore"] = attrs.field(
        default="refuse", metadata={QUESTION: "what lock and unlock do when one of the tenants is unknown"}
    )
    wrong_token_kind: Literal[401, 403] = attrs.field(
        default=401, metadata={QUESTION: "the status for a token of a kind that the route does not take"}
    )
    user_permissions: Literal["enforce", "documented", "ignore"] = attrs.field(
        default="enforce",
        metadata={QUESTION: "whether user tokens need the permissions of all routes, of those documented, or none"},
    )
    outside_hierarchy: Literal[403, 404] = attrs.field(
        default=403, metadata={QUESTION: "the status for a tenant that exists outside the hierarchy of the user"}
    )
    user_prefix: Literal["both", "required", "refused"] = attrs.field(
        default="both", metadata={QUESTION: "whether user tokens are served with and without the /frontegg prefix"}
    )
    vendor_token_under_prefix: Literal["serve", "refuse"] = attrs.field(
        default="serve", metadata={QUESTION: "whether the /frontegg prefix takes environment tokens"}
    )
    reset_header: Literal["rfc3339", "seconds", "epoch", "retry_after", "retry_after_date", "none"] = attrs.field(
        default="rfc3339", metadata={QUESTION: "how a 429 says when to try again"}
    )


DEFAULT: Final = Behaviour()
LOOSE: Final = Behaviour(unknown_body_field="ignore")

_ALLOWED: Final[dict[str, tuple[str | int, ...]]] = {
    name: get_args(hint) for name, hint in get_type_hints(Behaviour).items()
}


def names() -> tuple[str, ...]:
    """Return the names of the switches."""
    return tuple(_ALLOWED)


def describe(behaviour: Behaviour) -> list[dict[str, JsonValue]]:
    """Return every switch: its name, question, mark, default, allowed values and current value."""
    return [
        {
            "name": field.name,
            "question": field.metadata[QUESTION],
            "mark": "A",
            "default": field.default,
            "allowed": list(_ALLOWED[field.name]),
            "value": getattr(behaviour, field.name),
        }
        for field in attrs.fields(Behaviour)
    ]


def change(behaviour: Behaviour, values: dict[str, JsonValue]) -> Behaviour:
    """Return a behaviour with some switches changed.

    Raises:
        ValueError: There is no switch with the name, or the value is not allowed.
    """
    for name, value in values.items():
        allowed = _ALLOWED.get(name) if isinstance(name, str) else None
        if allowed is None:
            raise ValueError(f"there is no divergence {name!r}; there are {', '.join(_ALLOWED)}")
        if isinstance(value, bool) or value not in allowed:
            raise ValueError(f"{name} must be one of {', '.join(map(repr, allowed))}, not {value!r}")
    return attrs.evolve(behaviour, **cast("dict[str, Any]", values))


def differences(behaviour: Behaviour, base: Behaviour) -> dict[str, str | int]:
    """Return the switches that differ from ``base``, with their values."""
    values = cast("dict[str, str | int]", attrs.asdict(behaviour))
    return {name: value for name, value in values.items() if value != getattr(base, name)}
