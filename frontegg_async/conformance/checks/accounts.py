"""Checks of accounts: get, create, update, delete, metadata and locks."""

from __future__ import annotations

from typing import Final

from frontegg_async.conformance.answer import Answer, Json, at, shape_at, shape_of
from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.checks.environment import ANY_PAGE
from frontegg_async.conformance.checks.metadata import changed_accounts, row_in
from frontegg_async.conformance.checks.shared import NO_ID
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.conformance.question import Value
from frontegg_async.endpoints import Endpoint, Evidence, migrations
from frontegg_async.endpoints import tenants as operations

TOPIC: Final = Topic("accounts")
_check: Final = TOPIC.check

_WEBSITE: Final = "https://conformance.invalid"
_MOST_LISTED: Final = 1000
"""The maximum number of accounts with which the check requests a listing without pages."""


async def _account_row(probe: Probe, tenant_id: str) -> Json:
    """Get an account and return it. The response is an object, or an array with one object.

    Raises:
        NotTriedError: The account cannot be read.
    """
    return _row_of(await probe.ask(operations.GET, {"tenant_id": tenant_id}), tenant_id)


def _row_of(answer: Answer, tenant_id: str) -> Json:
    row = answer.body if isinstance(answer.body, dict) else answer.at(0)
    if at(row, "tenantId") != tenant_id:
        raise NotTriedError(f"the account cannot be read: {answer.status}")
    return row


async def _update(probe: Probe, tenant_id: str, body: Json) -> Answer:
    return await probe.ask(operations.UPDATE, {"tenant_id": tenant_id}, body=body)


async def _created(probe: Probe) -> Answer:
    nobody: dict[str, Json] = {"creatorName": None, "creatorEmail": None}
    fields: dict[str, Json] = {"name": "Conformance", "website": _WEBSITE, "metadata": {"plan": "pro"}, **nobody}
    return await probe.creation("created", fields)


@_check("A get by an unknown id answers 200 with an empty array", Evidence.DOCUMENTED, "unknown_tenant")
async def _unknown_id(probe: Probe) -> Difference:
    answer = await probe.ask(operations.GET, {"tenant_id": NO_ID})
    return answer.unless(answer.status == 200 and answer.body == [])


@_check(
    "A get by an unknown id on the old route answers 200 with an empty array, too", Evidence.CLIENT, "unknown_tenant"
)
async def _unknown_id_v1(probe: Probe) -> Difference:
    answer = await probe.ask(operations.GET_V1, {"tenant_id": NO_ID})
    return answer.unless(answer.status == 200 and answer.body == [])


@once_a_run
async def _existing(probe: Probe) -> Answer:
    """Return the answer to a get of an existing account."""
    return await probe.ask(operations.GET, {"tenant_id": await probe.existing()})


@_check("A get answers with an object", Evidence.CLIENT, "get_shape")
async def _get_shape(probe: Probe) -> Difference:
    tenant_id, answer = await probe.existing(), await _existing(probe)
    return answer.unless(answer.at("tenantId") == tenant_id)


@_check("A get on the old route answers with an array of one account", Evidence.LIVE, "get_shape_v1")
async def _get_shape_v1(probe: Probe) -> Difference:
    tenant_id = await probe.existing()
    answer = await probe.ask(operations.GET_V1, {"tenant_id": tenant_id})
    return answer.unless(answer.at(0, "tenantId") == tenant_id and answer.at(1) is None)


@_check(
    "An account has a name, the times of its creation and last change, and a deletedAt of null",
    Evidence.LIVE,
    "tenant_fields",
)
async def _fields(probe: Probe) -> Difference:
    row = _row_of(await _existing(probe), await probe.existing())
    missing = [name for name in ("name", "createdAt", "updatedAt") if not isinstance(at(row, name), str)]
    if isinstance(row, dict) and ("deletedAt" not in row or row["deletedAt"] is not None):
        missing.append("deletedAt")
    named = ", ".join(f"{name} is {shape_at(row, name)}" for name in missing)
    return named or None


@_check("Times are RFC 3339 with milliseconds and Z", Evidence.LIVE)
async def _times(probe: Probe) -> Difference:
    text = at(_row_of(await _existing(probe), await probe.existing()), "createdAt")
    if not isinstance(text, str):
        raise NotTriedError("an account has no createdAt")
    is_right = len(text) == len("2026-01-01T00:00:00.000Z") and text[10] == "T" and text.endswith("Z")
    return None if is_right else "createdAt has another form"


@_check("Responses have metadata as JSON text", Evidence.LIVE, writes=True)
async def _metadata_is_text(probe: Probe) -> Difference:
    value = at(_row_of(await _existing(probe), await probe.existing()), "metadata")
    if value is None or isinstance(value, list):
        raise NotTriedError("an account has no metadata")
    return None if isinstance(value, str) else f"metadata are {shape_of(value)}"


@_check("An unknown alias answers 404", Evidence.ASSUMED, "unknown_alias")
async def _unknown_alias(probe: Probe) -> Difference:
    answer = await probe.ask(operations.GET_BY_ALIAS, {"alias": f"conformance-{NO_ID}"})
    return answer.unless(answer.status == 404)


TOPIC.untried(
    "A get by alias answers with the account", Evidence.DOCUMENTED, why="no operation gives an account an alias"
)


@_check("The old listing answers with a bare array in the order of ids", Evidence.CLIENT)
async def _list_v1(probe: Probe) -> Difference:
    page = await probe.once(ANY_PAGE, lambda: probe.ask(operations.LIST, query={"_limit": "1"}))
    total = page.at("_metadata", "totalItems")
    if isinstance(total, bool) or not isinstance(total, int) or total > _MOST_LISTED:
        raise NotTriedError("the listing has no pages, and the environment may have many accounts")
    answer = await probe.ask(operations.LIST_V1)
    ids = [at(row, "tenantId") for row in answer.items]
    texts = [each for each in ids if isinstance(each, str)]
    return answer.unless(isinstance(answer.body, list) and len(texts) == len(ids)) or (
        None if texts == sorted(texts) else "the listing has another order"
    )


@_check("Users are counted for each account, and unknown accounts are left out", Evidence.ASSUMED, "unknown_count")
async def _counts(probe: Probe) -> Difference:
    tenant_id = await probe.existing()
    body = {"tenantIds": [tenant_id, NO_ID], "excludeInvisibleUsers": False}
    answer = await probe.ask(operations.USER_COUNTS, body=body)
    is_counted = answer.at(0, "tenantId") == tenant_id and isinstance(answer.at(0, "totalUsers"), int)
    return answer.unless(answer.is_done and is_counted and answer.at(1) is None)


@_check("A create answers with the account", Evidence.LIVE, "tenant_write_body", writes=True)
async def _create_body(probe: Probe) -> Difference:
    answer = await _created(probe)
    return answer.unless(answer.is_done and answer.at("tenantId") == probe.new_id("created"))


@_check("A create answers 201", Evidence.ASSUMED, "post_status", "tenant_write_body", writes=True)
async def _create_status(probe: Probe) -> Difference:
    answer = await _created(probe)
    return answer.unless(answer.status == 201)


@_check(
    "A create with the id of an existing account answers 409 and says that the account exists",
    Evidence.ASSUMED,
    "duplicate_create",
    writes=True,
)
async def _duplicate(probe: Probe) -> Difference:
    body = {"tenantId": await probe.account("first"), "name": "Twice"}
    answer = await probe.ask(operations.CREATE, body=body)
    return answer.unless(answer.status == 409) or (
        None if "Tenant already exists" in answer.messages else "its error has another text"
    )


TOPIC.untried(
    "An account that is created without an id gets a UUID as its id",
    Evidence.DOCUMENTED,
    why="after a crash the kit could not distinguish its accounts from other accounts",
)
TOPIC.untried(
    "A create with an invalid id answers 400",
    Evidence.DOCUMENTED,
    why="an account with such an id, if it were made, could not be deleted",
)


@_check(
    "An account that is created without a name has its id as its name",
    Evidence.ASSUMED,
    "create_without_name",
    writes=True,
)
async def _nameless(probe: Probe) -> Difference:
    answer = await probe.creation("left")
    if not answer.is_done:
        return answer.unless(False)
    tenant_id = probe.new_id("left")
    row = answer.body if isinstance(answer.body, dict) else await _account_row(probe, tenant_id)
    name = at(row, "name")
    if name is not None and not isinstance(name, str):
        raise NotTriedError("the name of an account cannot be read")
    return None if name in (tenant_id, None) else "the account has another name"


@_check("A create takes null for creatorName and creatorEmail", Evidence.LIVE, writes=True)
async def _no_creator(probe: Probe) -> Difference:
    answer = await _created(probe)
    return answer.unless(answer.is_done)


@_check("An unknown field in a body answers 400", Evidence.ASSUMED, "unknown_body_field", writes=True)
async def _unknown_field(probe: Probe) -> Difference:
    answer = await _update(probe, await probe.account("first"), {"name": "First", "conformanceUnknown": 1})
    return answer.unless(answer.status == 400)


@_check("Metadata that are text but not JSON are refused with 400", Evidence.ASSUMED, "metadata_text", writes=True)
async def _no_json(probe: Probe) -> Difference:
    answer = await _update(probe, await probe.account("second"), {"metadata": "{"})
    return answer.unless(answer.status == 400)


@_check("An update changes only the fields in its body", Evidence.CLIENT, writes=True)
async def _subset(probe: Probe) -> Difference:
    if not (await _created(probe)).is_done:
        raise NotTriedError("an account could not be made")
    tenant_id = probe.new_id("created")
    answer = await _update(probe, tenant_id, {"name": "Changed"})
    if not answer.is_done:
        return answer.unless(False)
    row = await _account_row(probe, tenant_id)
    if not isinstance(at(row, "name"), str) or not isinstance(at(row, "website"), str):
        raise NotTriedError("the fields of an account cannot be read")
    kept = at(row, "website") == _WEBSITE and at(row, "metadata") is not None
    return None if kept and at(row, "name") == "Changed" else "another field changed, or the name did not change"


@_check("An update answers with the account", Evidence.CLIENT, "tenant_write_body", writes=True)
async def _update_body(probe: Probe) -> Difference:
    tenant_id = await probe.account("first")
    answer = await _update(probe, tenant_id, {"name": "First"})
    return answer.unless(answer.is_done and answer.at("tenantId") == tenant_id)


def _refused(operation: Endpoint[object], which: str) -> None:
    @_check(f"An update with an empty body answers 400{which}", Evidence.DOCUMENTED, writes=True)
    async def _empty(probe: Probe) -> Difference:
        answer = await probe.ask(operation, {"tenant_id": await probe.account("first")}, body={})
        return answer.unless(answer.status == 400)

    @_check(f"An update of an unknown account answers 404{which}", Evidence.DOCUMENTED, writes=True)
    async def _unknown(probe: Probe) -> Difference:
        answer = await probe.ask(operation, {"tenant_id": probe.nobody}, body={"name": "Nobody"})
        return answer.unless(answer.status == 404)


_refused(operations.UPDATE, "")
_refused(operations.UPDATE_V1, " on the old route")


@_check("An update ignores a tenantId in its body", Evidence.ASSUMED, "update_of_ids", writes=True)
async def _other_id(probe: Probe) -> Difference:
    tenant_id, other = await probe.account("first"), probe.new_id("renamed")
    answer = await _update(probe, tenant_id, {"tenantId": other, "name": "First"})
    if answer.at("tenantId") == tenant_id or not answer.is_done:
        probe.unmade("renamed")
    return answer.unless(answer.is_done)


async def _lock(probe: Probe, *tenant_ids: str) -> Answer:
    return await probe.ask(operations.LOCK, body={"tenantIds": list(tenant_ids)})


@_check("A lock of an unknown account is refused", Evidence.ASSUMED, "unknown_lock", writes=True)
async def _lock_unknown(probe: Probe) -> Difference:
    answer = await _lock(probe, probe.nobody)
    return answer.unless(400 <= answer.status < 500)


@_check("A lock of no account, or of more than 100 accounts, answers 400", Evidence.DOCUMENTED, writes=True)
async def _lock_many(probe: Probe) -> Difference:
    none = await _lock(probe)
    # These ids belong to the run, and no account has them.
    many = await _lock(probe, *(f"{probe.new_id('nobody')}-{number}" for number in range(101)))
    return none.unless(none.status == 400) or many.unless(many.status == 400)


@once_a_run
async def _deleted(probe: Probe) -> Answer:
    await _created(probe)
    return await probe.ask(operations.DELETE, {"tenant_id": probe.new_id("created")})


@_check("A delete answers with an empty body", Evidence.LIVE, writes=True)
async def _delete_body(probe: Probe) -> Difference:
    answer = await _deleted(probe)
    return answer.unless(answer.is_done and answer.is_empty)


@_check("A delete answers 200", Evidence.ASSUMED, "delete_status", "tenant_write_body", writes=True)
async def _delete_status(probe: Probe) -> Difference:
    answer = await _deleted(probe)
    return answer.unless(answer.status == 200)


@_check("A delete of an unknown account answers 404", Evidence.DOCUMENTED, writes=True)
async def _delete_unknown(probe: Probe) -> Difference:
    answer = await probe.ask(operations.DELETE, {"tenant_id": probe.nobody})
    return answer.unless(answer.status == 404)


@_check("A create with the id of a deleted account restores the account", Evidence.DOCUMENTED, writes=True)
async def _again(probe: Probe) -> Difference:
    answer = await _deleted_again(probe)
    if not answer.is_done:
        return answer.unless(False)
    await _row_again(probe)
    return None


async def _row_again(probe: Probe) -> Json:
    """Return the restored account from the listing of all accounts whose metadata changed."""
    row = row_in(await changed_accounts(probe), probe.new_id("created"))
    return await _account_row(probe, probe.new_id("created")) if row is None else row


@once_a_run
async def _deleted_again(probe: Probe) -> Answer:
    if not (await _deleted(probe)).is_done:
        raise NotTriedError("an account could not be deleted")
    return await probe.ask(operations.CREATE, body={"tenantId": probe.new_id("created"), "name": "Again"})


@_check("A restored account keeps nothing but its id", Evidence.ASSUMED, "reactivation_keeps", writes=True)
async def _keeps(probe: Probe) -> Difference:
    if not (await _deleted_again(probe)).is_done:
        raise NotTriedError("a deleted account could not be restored")
    row = await _row_again(probe)
    return "the account keeps its metadata" if isinstance(at(row, "metadata"), str) else None


@TOPIC.ask(
    "Which createdAt does a restored account have?",
    Evidence.ASSUMED,
    "reactivated_created_at",
    {"new": "A new one.", "kept": "The createdAt of the deleted account."},
    writes=True,
)
async def _created_anew(probe: Probe) -> Value:
    before = (await _created(probe)).at("createdAt")
    if not (await _deleted_again(probe)).is_done:
        raise NotTriedError("a deleted account could not be restored")
    after = at(await _row_again(probe), "createdAt")
    if not isinstance(before, str) or not isinstance(after, str):
        raise NotTriedError("accounts have no createdAt")
    return "new" if after > before else "kept"


TOPIC.untried(
    "A user with a permission can delete its own account", Evidence.DOCUMENTED, why="the kit deletes only by id"
)
TOPIC.untried("Users can be moved from one account to another", Evidence.DOCUMENTED, why="the kit moves no users")


@_check("An unknown migration answers 404", Evidence.ASSUMED, "unknown_migration")
async def _unknown_migration(probe: Probe) -> Difference:
    answer = await probe.ask(migrations.STATUS, {"migration_id": NO_ID})
    return answer.unless(answer.status == 404)


TOPIC.untried(
    "A migration of accounts works as this SDK assumes",
    Evidence.ASSUMED,
    "migration_answer",
    "migration_states",
    "migration_failure",
    "migration_of_known",
    "migration_tenants",
    "migration_of_unknown",
    "migration_write_body",
    why="the kit starts no migrations",
)
