"""The rules about single tenants, as tables."""

from __future__ import annotations

from typing import Any

import pytest

from frontegg_async.emulator.services.registry import RULES
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.grants import Grant
from frontegg_async.emulator.world.seeds import add_seed, read_seed
from tests.emulator.support import create, make_environment, refusal, run, shown


def get(environment: Any, tenant_id: str) -> Any:
    return shown(run(environment, "tenants.get", tenant_id=tenant_id))


def add_user(environment: Any, user_id: str, *tenant_ids: str, **fields: Any) -> None:
    environment.state.put_user(
        UserRow(id=user_id, email=f"{user_id}@users.example", tenant_id=tenant_ids[0], tenant_ids=tenant_ids, **fields)
    )


def test_create_stores_what_is_sent() -> None:
    """A tenant comes back with its fields, dates and nulls."""
    environment = make_environment()
    tenant = create(environment, "acme", website="https://acme.example", logo="aGk=", status=None)
    assert tenant["tenantId"] == "acme"
    assert tenant["name"] == "ACME"
    assert tenant["website"] == "https://acme.example"
    assert tenant["logo"] == "aGk="
    assert tenant["status"] is None
    assert tenant["createdAt"] == tenant["updatedAt"] == "2023-11-14T22:13:20.000Z"
    assert tenant["deletedAt"] is None
    assert tenant["vendorId"] == environment.vendor_id
    assert tenant["id"] != "acme"
    assert get(environment, "acme") == tenant
    assert "parentTenantId" not in tenant


def test_create_without_an_id_makes_one() -> None:
    """The service makes a UUID when it gets no id; two differ."""
    environment = make_environment()
    first = shown(run(environment, "tenants.create", {"name": "One"}))["tenantId"]
    second = shown(run(environment, "tenants.create", {"name": "Two", "tenantId": None}))["tenantId"]
    assert len(first) == 36
    assert first != second


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"plan": "pro", "größe": 1.5}, '{"plan":"pro","größe":1.5}'),
        ('{ "plan" : "pro" }', '{ "plan" : "pro" }'),
        ("42", "42"),
        (42, "42"),
        ([1, None], "[1,null]"),
        (True, "true"),
        (None, None),
    ],
)
def test_metadata_comes_back_as_json_text(sent: Any, stored: Any) -> None:
    """Objects go in as they are, text is never encoded twice."""
    assert create(make_environment(), "a", metadata=sent)["metadata"] == stored


def test_metadata_text_that_is_no_json() -> None:
    """It is refused, and taken as it is by the switch."""
    refused = refusal(make_environment(), "tenants.create", {"tenantId": "a", "name": "A", "metadata": "{"})
    assert refused.status == 400
    assert create(make_environment(metadata_text="any"), "a", metadata="{")["metadata"] == "{"


@pytest.mark.parametrize("tenant_id", ["", ".", "..", "a\nb", "\ud800", "x" * 257])
def test_bad_ids_are_refused(tenant_id: str) -> None:
    """An id is 1 to 256 characters without controls, and no dot segment."""
    assert refusal(make_environment(), "tenants.create", {"tenantId": tenant_id, "name": "A"}).status == 400
    assert refusal(make_environment(), "tenants.get_v1", tenant_id=tenant_id).status == 400


@pytest.mark.parametrize("tenant_id", ["a", "x" * 256, "ä/ö ü", "%2e%2e", "...", "日本"])
def test_odd_ids_are_taken(tenant_id: str) -> None:
    """Any other text is an id."""
    environment = make_environment()
    create(environment, tenant_id)
    assert get(environment, tenant_id)["tenantId"] == tenant_id


@pytest.mark.parametrize(("value", "status"), [(409, 409), (400, 400)])
def test_a_live_id_is_a_conflict(value: int, status: int) -> None:
    """Creating a tenant that lives is refused and changes nothing."""
    environment = make_environment(duplicate_create=value)
    before = create(environment, "a")
    refused = refusal(environment, "tenants.create", {"tenantId": "a", "name": "Other"})
    assert refused.status == status
    assert "Tenant already exists" in shown(refused)["errors"][0]
    assert get(environment, "a") == before


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("tenants.create", {"name": "N"}),
        ("sub_tenants.create", {"name": "N", "parentTenantId": "p"}),
        ("users.add_to_tenant", {}),
    ],
)
def test_the_id_of_the_environment_is_taken(operation: str, body: dict[str, Any]) -> None:
    """Nothing makes a tenant of it, and no token of a user or tenant with it reaches the webhooks there."""
    environment = make_environment()
    create(environment, "p", isReseller=True)
    add_user(environment, "ann", "p")
    taken = environment.vendor_id
    refused = refusal(environment, operation, {"tenantId": taken, **body}, user_id="ann")
    assert refused.status == 409
    assert "Tenant already exists" in shown(refused)["errors"][0]
    assert list(environment.state.tenants) == ["p"]
    with pytest.raises(ValueError, match="the environment's own id"):
        add_seed(environment, read_seed({"tenants": [{"tenantId": taken, "name": "N"}]}))
    hook = {"url": "http://127.0.0.1:9/", "secret": "s", "eventKeys": ["frontegg.tenant.created"], "isActive": True}
    made = shown(run(environment, "webhooks.create", hook, about=taken))
    path = {"id": made["_id"], "log_id": "x"}
    for kind in ("userToken", "tenantApiToken"):
        user = Grant(kind="user", client_id="c", issued=0, expires=1, tenant_id=taken, claims={"type": kind})
        for name in (each for each in RULES if each.startswith("webhooks.")):
            assert refusal(environment, name, hook, caller=user, **path).status == 404, name
    assert shown(run(environment, "webhooks.list", about=taken)) == [made]


def test_a_deleted_id_is_reactivated() -> None:
    """It keeps nothing but the id."""
    environment = make_environment()
    create(environment, "p", isReseller=True)
    first = create(environment, "a", website="https://a.example", metadata={"k": 1}, parentTenantId="p")
    run(environment, "tenants.delete", tenant_id="a")
    second = create(environment, "a", name="New")
    assert second["name"] == "New"
    assert second["website"] is None
    assert second["metadata"] is None
    assert second["id"] != first["id"]
    assert "a" not in environment.state.parents
    assert "a" not in environment.state.deleted


def test_reactivation_may_keep_everything() -> None:
    """By the switch, a tenant that comes back has its fields, under what is sent."""
    environment = make_environment(reactivation_keeps="everything")
    create(environment, "a", website="https://a.example", status="old")
    run(environment, "tenants.delete", tenant_id="a")
    again = create(environment, "a", status="new")
    assert (again["website"], again["status"], again["deletedAt"]) == ("https://a.example", "new", None)


@pytest.mark.parametrize(("value", "is_new"), [("new", True), ("kept", False)])
@pytest.mark.parametrize("keeps", ["id", "everything"])
def test_reactivation_may_keep_the_time_of_creation(value: str, is_new: bool, keeps: str) -> None:
    """A tenant that comes back is the newest, or has its old place, by the switch."""
    environment = make_environment(reactivated_created_at=value, reactivation_keeps=keeps)
    first = create(environment, "a")
    run(environment, "tenants.delete", tenant_id="a")
    environment.clock.advance(1)
    again = create(environment, "a")
    assert (again["createdAt"] > first["createdAt"]) is is_new


@pytest.mark.parametrize(("value", "status"), [(404, 404), (403, 403)])
def test_unknown_parent(value: int, status: int) -> None:
    """A parent must exist."""
    environment = make_environment(unknown_parent=value)
    refused = refusal(environment, "tenants.create", {"tenantId": "a", "name": "A", "parentTenantId": "a"})
    assert refused.status == status
    assert not environment.state.tenants


@pytest.mark.parametrize(("value", "status"), [(400, 400), (403, 403)])
def test_a_parent_must_be_a_reseller(value: int, status: int) -> None:
    """Only a reseller has sub-accounts."""
    environment = make_environment(reseller_rule=value)
    create(environment, "p")
    refused = refusal(environment, "tenants.create", {"tenantId": "a", "name": "A", "parentTenantId": "p"})
    assert refused.status == status


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("as_sent", "https://A.example/X/"),
        ("without_slash", "https://A.example/X"),
        ("lower_case", "https://a.example/x/"),
    ],
)
def test_addresses_may_be_stored_in_another_form(value: str, stored: str) -> None:
    """The other texts stay as they are sent, and null clears an address."""
    environment = make_environment(tenant_addresses=value)
    tenant = create(environment, "a", name="A/", website="https://A.example/X/", logoUrl=None)
    assert (tenant["name"], tenant["website"], tenant["logoUrl"]) == ("A/", stored, None)
    body = {"applicationUrl": "https://A.example/X/", "status": "S/"}
    changed = shown(run(environment, "tenants.update", body, tenant_id="a"))
    assert (changed["applicationUrl"], changed["status"]) == (stored, "S/")


def test_create_without_a_name() -> None:
    """The id becomes the name, or it is refused by the switch."""
    assert shown(run(make_environment(), "tenants.create", {"tenantId": "a"}))["name"] == "a"
    assert refusal(make_environment(create_without_name="refuse"), "tenants.create", {"tenantId": "a"}).status == 400


@pytest.mark.parametrize(("value", "body"), [("empty_array", []), ("null", None), ("empty_object", {})])
@pytest.mark.parametrize("operation", ["tenants.get", "tenants.get_v1"])
def test_get_unknown(operation: str, value: str, body: Any) -> None:
    """An unknown id is 200 with an empty array, or another shape by the switch."""
    answer = run(make_environment(unknown_tenant=value), operation, tenant_id="nobody")
    assert answer.status == 200
    assert shown(answer) == body


def test_get_unknown_as_an_error() -> None:
    """By the switch an unknown id is 404."""
    assert refusal(make_environment(unknown_tenant="not_found"), "tenants.get", tenant_id="nobody").status == 404


def test_get_shapes() -> None:
    """The v2 route gives an object and v1 an array of one; the switches turn them round."""
    environment = make_environment()
    tenant = create(environment, "a")
    assert shown(run(environment, "tenants.get", tenant_id="a")) == tenant
    assert shown(run(environment, "tenants.get_v1", tenant_id="a")) == [tenant]
    turned = make_environment(get_shape="array", get_shape_v1="object")
    tenant = create(turned, "a")
    assert shown(run(turned, "tenants.get", tenant_id="a")) == [tenant]
    assert shown(run(turned, "tenants.get_v1", tenant_id="a")) == tenant


@pytest.mark.parametrize(("value", "body"), [("empty_array", []), ("null", None)])
def test_unknown_alias_by_the_switch(value: str, body: Any) -> None:
    """An unknown alias can answer 200."""
    assert shown(run(make_environment(unknown_alias=value), "tenants.get_by_alias", alias="x")) == body


def test_unknown_alias() -> None:
    """An unknown alias is 404."""
    assert refusal(make_environment(), "tenants.get_by_alias", alias="x").status == 404


@pytest.mark.parametrize("operation", ["tenants.update", "tenants.update_v1"])
def test_update_replaces(operation: str) -> None:
    """What is sent replaces, null included; metadata as a whole; the rest stays."""
    environment = make_environment()
    before = create(environment, "a", website="https://a.example", metadata={"k": 1, "l": 2}, status="x")
    environment.clock.advance(5)
    after = shown(run(environment, operation, {"metadata": {"m": 3}, "status": None}, tenant_id="a"))
    assert after["metadata"] == '{"m":3}'
    assert after["status"] is None
    assert after["website"] == "https://a.example"
    assert after["createdAt"] == before["createdAt"]
    assert after["updatedAt"] == "2023-11-14T22:13:25.000Z"


def test_update_refusals() -> None:
    """An empty body is 400 and an unknown tenant 404."""
    environment = make_environment()
    create(environment, "a")
    assert refusal(environment, "tenants.update", {}, tenant_id="a").status == 400
    assert refusal(environment, "tenants.update", {"name": "B"}, tenant_id="b").status == 404


def test_delete_reparents_and_takes_the_users() -> None:
    """Sub-accounts go to the parent; users go, but for those who belong elsewhere too."""
    environment = make_environment()
    create(environment, "root", isReseller=True)
    create(environment, "mid", isReseller=True, parentTenantId="root")
    create(environment, "leaf", parentTenantId="mid")
    add_user(environment, "gone", "mid")
    add_user(environment, "stays", "mid", "leaf")
    answer = run(environment, "tenants.delete", tenant_id="mid")
    assert (answer.status, shown(answer)) == (200, None)
    assert answer.effect.deleted == ("mid",)
    assert environment.state.parents == {"leaf": "root"}
    assert list(environment.state.users) == ["stays"]
    assert environment.state.users["stays"].tenant_id == "leaf"
    assert environment.state.deleted["mid"].deleted_at == "2023-11-14T22:13:20.000Z"
    assert get(environment, "mid") == []
    assert refusal(environment, "tenants.delete", tenant_id="mid").status == 404


def test_delete_of_a_root_makes_roots() -> None:
    """The sub-accounts of a root become roots."""
    environment = make_environment()
    create(environment, "root", isReseller=True)
    create(environment, "leaf", parentTenantId="root")
    run(environment, "tenants.delete", tenant_id="root")
    assert environment.state.parents == {}


def test_delete_status_by_the_switch() -> None:
    """A delete can answer 204."""
    environment = make_environment(delete_status=204)
    create(environment, "a")
    assert run(environment, "tenants.delete", tenant_id="a").status == 204


def test_delete_current_has_a_documented_status() -> None:
    """It answers 200, whatever other deletes answer."""
    environment = make_environment(delete_status=204)
    create(environment, "mine")
    caller = Grant(kind="user", client_id="emu_test", issued=0, expires=1, tenant_id="mine")
    assert run(environment, "tenant.delete_current", caller=caller).status == 200


def test_delete_current_is_about_the_caller() -> None:
    """The caller's own tenant goes, and is 404 the second time."""
    environment = make_environment()
    create(environment, "mine")
    create(environment, "other")
    caller = Grant(kind="user", client_id="emu_test", issued=0, expires=1, tenant_id="mine")
    run(environment, "tenant.delete_current", caller=caller)
    assert list(environment.state.tenants) == ["other"]
    assert refusal(environment, "tenant.delete_current", caller=caller).status == 404


@pytest.mark.parametrize(
    ("before", "sent", "after"),
    [
        ({"a": 1, "b": 2}, {"b": 3, "c": 4}, '{"a":1,"b":3,"c":4}'),
        ({"a": 1}, '{"b": 2}', '{"a":1,"b":2}'),
        (None, {"a": 1}, '{"a":1}'),
        ("42", {"a": 1}, '{"a":1}'),
        ({"a": {"x": 1}}, {"a": {"y": 2}}, '{"a":{"y":2}}'),
        ({"a": 1}, {}, '{"a":1}'),
    ],
)
def test_add_metadata_merges(before: Any, sent: Any, after: str) -> None:
    """Keys are merged at the top level; what is no object is replaced."""
    environment = make_environment()
    create(environment, "a", metadata=before)
    answer = run(environment, "tenants.add_metadata", {"metadata": sent}, tenant_id="a")
    assert answer.status == 201
    assert shown(answer)["metadata"] == after


@pytest.mark.parametrize("sent", [42, [1], None, True, "{", "[" * 501])
def test_add_metadata_refuses_what_has_no_keys(sent: Any) -> None:
    """Neither a JSON object nor JSON text is 400."""
    environment = make_environment()
    create(environment, "a", metadata={"k": 1})
    assert refusal(environment, "tenants.add_metadata", {"metadata": sent}, tenant_id="a").status == 400
    assert get(environment, "a")["metadata"] == '{"k":1}'


@pytest.mark.parametrize("text", ["42", "[1]", "null", '"x"'])
def test_add_metadata_takes_any_json_text(text: str) -> None:
    """JSON text of what is no object replaces the value, or is refused by the switch."""
    environment = make_environment()
    create(environment, "a", metadata={"k": 1})
    answer = run(environment, "tenants.add_metadata", {"metadata": text}, tenant_id="a")
    assert (answer.status, shown(answer)["metadata"]) == (201, text)
    strict = make_environment(metadata_merge_text="refuse")
    create(strict, "a", metadata={"k": 1})
    assert refusal(strict, "tenants.add_metadata", {"metadata": text}, tenant_id="a").status == 400
    assert get(strict, "a")["metadata"] == '{"k":1}'


@pytest.mark.parametrize("ids", [{"tenantId": "b"}, {"parentTenantId": "p"}, {"parentTenantId": None, "tenantId": "a"}])
def test_an_update_leaves_the_ids(ids: dict[str, Any]) -> None:
    """Ids are a body, and change neither tenant nor parent; by the switch they are refused."""
    environment = make_environment()
    create(environment, "p", isReseller=True)
    before = create(environment, "a")
    answer = run(environment, "tenants.update", ids, tenant_id="a")
    assert (answer.status, shown(answer)) == (200, before)
    assert not environment.state.parents
    assert shown(run(environment, "tenants.update", {**ids, "name": "B"}, tenant_id="a"))["name"] == "B"
    assert refusal(environment, "tenants.update", ids, tenant_id="nobody").status == 404
    strict = make_environment(update_of_ids="refuse")
    create(strict, "a")
    assert refusal(strict, "tenants.update", {**ids, "name": "B"}, tenant_id="a").status == 400
    assert get(strict, "a")["name"] == "A"


def test_add_metadata_by_the_switches() -> None:
    """A merge into what is no object can be refused, and the status can be 200."""
    environment = make_environment(metadata_merge="refuse", post_status=200)
    create(environment, "a", metadata="42")
    create(environment, "b")
    assert refusal(environment, "tenants.add_metadata", {"metadata": {"k": 1}}, tenant_id="a").status == 400
    assert run(environment, "tenants.add_metadata", {"metadata": {"k": 1}}, tenant_id="b").status == 200


def test_delete_metadata() -> None:
    """A key goes; one that is missing changes nothing; an unknown tenant is 404."""
    environment = make_environment()
    create(environment, "a", metadata={"k": 1, "l": 2})
    assert shown(run(environment, "tenants.delete_metadata", tenant_id="a", key="k"))["metadata"] == '{"l":2}'
    answer = run(environment, "tenants.delete_metadata", tenant_id="a", key="k")
    assert (answer.status, answer.effect.changed, shown(answer)["metadata"]) == (200, (), '{"l":2}')
    assert refusal(environment, "tenants.delete_metadata", tenant_id="b", key="k").status == 404


def test_delete_metadata_of_what_is_no_object() -> None:
    """There is no key to remove."""
    environment = make_environment()
    create(environment, "a", metadata="[1]")
    assert shown(run(environment, "tenants.delete_metadata", tenant_id="a", key="0"))["metadata"] == "[1]"


def test_lock_and_unlock() -> None:
    """Both answer 204 and say in their effect what changed."""
    environment = make_environment()
    create(environment, "a")
    create(environment, "b")
    answer = run(environment, "tenants.lock", {"tenantIds": ["a", "b", "a"]})
    assert (answer.status, answer.effect.changed) == (204, ("a", "b"))
    assert get(environment, "a")["isLocked"] is True
    assert run(environment, "tenants.unlock", {"tenantIds": ["a"]}).effect.changed == ("a",)
    assert run(environment, "tenants.unlock", {"tenantIds": ["a"]}).effect.changed == ()
    assert get(environment, "a")["isLocked"] is False
    assert get(environment, "b")["isLocked"] is True


@pytest.mark.parametrize("count", [0, 101])
def test_lock_takes_1_to_100(count: int) -> None:
    """Any other number is 400."""
    assert refusal(make_environment(), "tenants.lock", {"tenantIds": ["a"] * count}).status == 400


def test_lock_with_an_unknown_id() -> None:
    """Nothing is locked; by the switch the others are."""
    environment = make_environment()
    create(environment, "a")
    assert refusal(environment, "tenants.lock", {"tenantIds": ["a", "nobody"]}).status == 404
    assert get(environment, "a")["isLocked"] is False
    lenient = make_environment(unknown_lock="ignore")
    create(lenient, "a")
    assert run(lenient, "tenants.lock", {"tenantIds": ["a", "nobody"]}).effect.changed == ("a",)
