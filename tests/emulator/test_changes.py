"""Changes through the admin API: operations by the rules of the service, users, and the undo of the last change."""

from __future__ import annotations

from typing import Any, Final

import pytest

from frontegg_async.emulator.world import undo_steps
from tests.emulator.support import V1, Service

pytestmark = pytest.mark.anyio

SEED: Final[dict[str, Any]] = {
    "tenants": [
        {"tenantId": "north", "name": "North", "isReseller": True},
        {"tenantId": "south", "name": "South", "isReseller": True},
        {"tenantId": "acme", "name": "Acme", "parentTenantId": "north", "metadata": {"plan": "team"}},
    ],
    "users": [
        {"id": "ann", "email": "ann@acme.example", "tenantId": "acme", "tenantIds": ["acme", "north"]},
        {"id": "bob", "email": "bob@acme.example", "tenantId": "acme", "password": "emu_password"},
    ],
}
SSO: Final = {"tenantId": "acme", "type": "saml", "ssoEndpoint": "https://idp.example/", "oidcSecret": "hush"}


def call(operation: str, *, about: str = "", body: Any = None, **path: str) -> dict[str, Any]:
    return {"operation": operation, "path": path, "tenantId": about, "body": body or {}}


def calls(*several: dict[str, Any]) -> dict[str, Any]:
    return {"calls": list(several)}


MOVE: Final = calls(
    call("hierarchy.unassign", body={"parentTenantId": "north", "childTenantId": "acme"}),
    call("hierarchy.assign", body={"parentTenantId": "south", "childTenantId": "acme"}),
)

CHANGES: Final[dict[str, tuple[str, Any]]] = {
    "create": ("calls", calls(call("tenants.create", body={"tenantId": "new", "name": "New"}))),
    "update": ("calls", calls(call("tenants.update", body={"name": "A", "metadata": "[1]"}, tenant_id="acme"))),
    "lock": ("calls", calls(call("tenants.lock", body={"tenantIds": ["acme", "north"]}))),
    "move": ("calls", MOVE),
    "delete": ("calls", calls(call("tenants.delete", tenant_id="north"))),
    "sso": ("calls", calls(call("sso.create", body=SSO))),
    "update a user": ("update-user", {"id": "ann", "changes": {"permissions": ["fe.*"]}}),
    "delete a user": ("delete-user", {"id": "ann"}),
    "seed": ("seed", {"tenants": [{"tenantId": "x", "name": "X"}]}),
    "import": ("import", {"tenants": [{"tenantId": "x", "name": "X"}]}),
    "reset": ("reset", None),
}


async def change(service: Service, label: str, verb: str, body: Any) -> Any:
    return await service.admin("POST", "change", {"label": label, "verb": verb, "body": body})


async def seeded(service: Service) -> dict[str, Any]:
    await service.admin("POST", "seed", SEED)
    await service.emulator.clock(freeze=True)
    return (await service.admin("GET", "snapshot")).json  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", CHANGES)
async def test_each_change_is_undone_once(service: Service, name: str) -> None:
    """Everything is as it was, in the same order; a second undo is refused."""
    verb, body = CHANGES[name]
    before = await seeded(service)
    assert (await service.admin("GET", "undo")).json == {"label": None, "obstacle": None}
    answer = await change(service, name, verb, body)
    assert answer.status < 300, answer.raw
    assert (await service.admin("GET", "snapshot")).json != before
    assert (await service.admin("GET", "undo")).json == {"label": name, "obstacle": None}
    assert (await service.admin("POST", "undo")).json == {"undone": name}
    assert (await service.admin("GET", "snapshot")).json == before
    assert "no change" in (await service.admin("POST", "undo")).json["error"]


async def test_a_restored_snapshot_is_undone_with_its_clock(service: Service) -> None:
    """Settings and clock go back too, unless they were changed again."""
    other = await seeded(service)
    await service.emulator.clock(advance=60)
    await service.emulator.set_switch("delete_status", 204)
    before = (await service.admin("GET", "snapshot")).json
    assert (await change(service, "Restore", "restore", other)).status == 204
    assert (await service.admin("POST", "undo")).status == 200
    assert (await service.admin("GET", "snapshot")).json == before
    await change(service, "Restore", "restore", other)
    await service.emulator.clock(advance=1)
    answer = await service.admin("POST", "undo")
    assert (answer.status, "clock" in answer.json["error"]) == (400, True)
    assert (await service.admin("GET", "snapshot")).json != before


@pytest.mark.parametrize("by", ["request", "verb", "reset"])
async def test_what_changed_since_is_not_lost(service: Service, by: str) -> None:
    """An undo is refused, and says so, when a program or a verb has changed something meanwhile."""
    await seeded(service)
    await change(service, "Lock", *CHANGES["lock"])
    if by == "request":
        await service.send("PUT", "/tenants/resources/tenants/v2/south", {"name": "S"})
    elif by == "verb":
        await service.admin("POST", "update-user", {"id": "bob", "changes": {"name": "Bob"}})
    else:
        await service.admin("POST", "reset")
    after = (await service.admin("GET", "snapshot")).json
    assert "changed since" in (await service.admin("GET", "undo")).json["obstacle"]
    answer = await service.admin("POST", "undo")
    assert answer.status == 400
    assert "'Lock' cannot be undone: the data has changed since then" in answer.json["error"]
    assert (await service.admin("GET", "snapshot")).json == after


async def test_environments_have_their_own_undo(service: Service) -> None:
    """A change elsewhere is no obstacle, and reading is none."""
    await seeded(service)
    await change(service, "Lock", *CHANGES["lock"])
    other = await service.emulator.create_environment()
    await other.seed(tenants=[{"tenantId": "x", "name": "X"}])
    await service.send("GET", f"{V1}/acme")
    assert (await service.admin("POST", "undo")).json == {"undone": "Lock"}


async def test_a_large_environment_has_no_undo(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """No copy of it is kept in memory; the change is made all the same."""
    monkeypatch.setattr(undo_steps, "MAX_RECORDS", 4)
    await seeded(service)
    assert (await change(service, "Lock", *CHANGES["lock"])).status == 200
    assert "more than 4 records" in (await service.admin("POST", "undo")).json["error"]


async def test_several_calls_are_made_or_none(service: Service) -> None:
    """If the service refuses one, those before it are taken back, and there is nothing to undo."""
    before = await seeded(service)
    body = calls(*MOVE["calls"], call("tenants.delete", tenant_id="nobody"))
    answer = await change(service, "Move", "calls", body)
    assert answer.status == 400
    assert answer.json["error"] == "Tenant not found (the service refuses tenants.delete with 404)"
    assert (await service.admin("GET", "snapshot")).json == before
    assert (await service.admin("GET", "undo")).json["label"] is None


async def test_calls_of_large_reads(service: Service) -> None:
    """A page and a tree are JSON beside the other responses, as they are alone."""
    await seeded(service)
    several = calls(call("tenants.list"), call("hierarchy.tree", about="north"), call("tenants.get", tenant_id="acme"))
    page, tree, tenant = (each["body"] for each in (await service.admin("POST", "calls", several)).json["results"])
    assert [row["tenantId"] for row in page["items"]] == ["acme", "north", "south"]
    assert [child["tenantId"] for child in tree["children"]] == ["acme"]
    assert tenant == page["items"][0]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (calls(call("tenants.create", body={"tenantId": "acme", "name": "A"})), 400, "already exists"),
        (
            calls(call("tenants.create", body={"tenantId": "n", "name": "N", "parentTenantId": "acme"})),
            400,
            "may not have sub-accounts",
        ),
        (calls(call("tenants.create", body={"tenantId": "n", "nme": "N"})), 400, "nme should not exist"),
        (calls(call("tenants.update", tenant_id="acme")), 400, "at least one property"),
        (calls(call("tenants.update", body={"name": "A"})), 400, "needs tenant_id in its path"),
        (calls(call("sso.list")), 400, "needs the id of a tenant"),
        (calls(call("me.tenants_v3")), 400, "does not accept the token of an environment"),
        (calls(call("tenants.explode")), 404, "no operation 'tenants.explode'"),
        ({"calls": [{"operation": "tenants.get", "how": 1}]}, 400, "how"),
        ({}, 400, "calls"),
    ],
)
async def test_refused_calls(service: Service, body: Any, status: int, words: str) -> None:
    """They are refused as requests are, in words, and change nothing."""
    before = await seeded(service)
    answer = await service.admin("POST", "calls", body)
    assert answer.status == status
    assert words in answer.json["error"]
    assert (await service.admin("GET", "snapshot")).json == before


async def test_calls_return_what_the_service_responds(service: Service) -> None:
    """Status and body of each response; reading changes nothing."""
    await seeded(service)
    (created,) = (await service.admin("POST", "calls", calls(call("sso.create", body=SSO)))).json["results"]
    assert (created["status"], created["body"]["tenantId"]) == (201, "acme")
    (listed,) = (await service.admin("POST", "calls", calls(call("sso.list", about="acme")))).json["results"]
    assert [one["id"] for one in listed["body"]] == [created["body"]["id"]]
    (shown,) = (await service.admin("GET", "tenants/acme/sso")).json["configurations"]
    assert (shown["id"], shown["oidcSecret"], shown["idpClientSecret"]) == (created["body"]["id"], "[redacted]", None)
    assert (await service.admin("GET", "tenants/nobody/sso")).status == 404


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"label": " ", "verb": "reset"}, "label"),
        ({"label": "Undo", "verb": "undo"}, "verb must be one of"),
        ({"label": "Change", "verb": "change"}, "verb must be one of"),
        ({"verb": "reset"}, "label"),
    ],
)
async def test_bad_changes(service: Service, body: Any, words: str) -> None:
    """They are 400."""
    answer = await service.admin("POST", "change", body)
    assert (answer.status, words in answer.json["error"]) == (400, True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": ""}, "email must not be empty"),
        ({"email": 1}, "email"),
        ({"tenantIds": []}, "no tenant"),
        ({"tenantIds": ["nobody"]}, "does not exist"),
        ({"tenantIds": ["acme", "acme"]}, "twice"),
        ({"tenantId": "south"}, "must be one of tenantIds"),
        ({"mail": "x"}, "mail"),
    ],
)
async def test_bad_changes_of_users(service: Service, changes: Any, words: str) -> None:
    """They are refused before anything changes."""
    before = await seeded(service)
    answer = await service.admin("POST", "update-user", {"id": "ann", "changes": changes})
    assert (answer.status, words in answer.json["error"]) == (400, True)
    assert (await service.admin("GET", "snapshot")).json == before


async def test_users_are_changed_and_deleted(service: Service) -> None:
    """Through the handle too; a user who leaves its active tenant is in another one."""
    await seeded(service)
    await service.emulator.update_user("ann", {"tenantIds": ["north"], "permissions": ["fe.*"], "metadata": {"a": 1}})
    ann, bob = (await service.admin("GET", "users")).json["users"]
    assert (ann["tenantId"], ann["tenantIds"], ann["permissions"]) == ("north", ["north"], ["fe.*"])
    assert ann["metadata"] == {"a": 1}
    assert "emu_password" not in str(bob)
    await service.emulator.delete_user("ann")
    assert [user["id"] for user in (await service.admin("GET", "users")).json["users"]] == ["bob"]
    for verb, body in (("update-user", {"id": "ann", "changes": {}}), ("delete-user", {"id": "ann"})):
        assert (await service.admin("POST", verb, body)).status == 404


async def test_a_program_on_another_page_cannot_change_anything(service: Service) -> None:
    """The new verbs refuse requests of other web pages, as all verbs do."""
    await seeded(service)
    for verb in ("change", "calls", "undo", "import", "update-user", "delete-user"):
        path = f"/_emulator/v1/environments/{service.emulator.client_id}/{verb}"
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            assert (await service.send("POST", path, {}, headers=headers)).status == 403
        rebound = await service.send("POST", path, {}, headers={"Host": "evil.example"})
        assert rebound.status == 403


async def test_the_fields_of_forms(service: Service) -> None:
    """All that an update takes, beside the metadata and the ids of a tenant."""
    form_fields = (await service.admin("GET", "form-fields")).json
    fields = {each["name"]: each["kind"] for each in form_fields["tenant"]}
    assert fields.pop("isReseller") == "flag"
    assert set(fields.values()) == {"text"}
    assert {"name", "website", "timezone"} <= fields.keys()
    assert not {"tenantId", "parentTenantId", "metadata"} & fields.keys()
    sso = {each.pop("name"): each for each in form_fields["sso"]}
    assert sso["type"] == {"kind": "choice", "options": ["saml", "oidc"]}
    assert sso["oidcSecret"] == {"kind": "secret"}
    assert (sso["enabled"], sso["subAccountAccessLimit"]) == ({"kind": "flag"}, {"kind": "number"})
    assert (sso["acsUrl"], sso["configMetadata"]) == ({"kind": "text"}, {"kind": "json"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1}', None),
        ('{\n  "a": }', "metadata is not valid JSON: Expecting value: line 2 column 8"),
        ('{"a": NaN}', "metadata has the number nan, which is not finite, at $.a"),
        ("", "line 1 column 1"),
    ],
)
async def test_json_is_checked_as_it_is_written(service: Service, text: str, words: str | None) -> None:
    """The answer names the place of the mistake."""
    answer = await service.admin("POST", "check-json", {"name": "metadata", "text": text})
    if words is None:
        assert answer.status == 204
    else:
        assert (answer.status, words in answer.json["error"]) == (400, True), answer.raw
