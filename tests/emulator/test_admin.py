"""The admin API over HTTP: every verb, for one environment and for all."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.support import V1, V2, Service

pytestmark = pytest.mark.anyio

SEED: dict[str, Any] = {
    "tenants": [
        {"tenantId": "leaf", "name": "Leaf", "parentTenantId": "root", "metadata": {"k": 1}, "isLocked": True},
        {"tenantId": "root", "name": "Root", "isReseller": True, "alias": "r", "createdAt": "2020-01-01T00:00:00Z"},
    ],
    "users": [{"email": "ann@root.example", "tenantId": "root", "tenantIds": ["leaf"], "permissions": ["fe.secure.*"]}],
}


async def test_environments(service: Service) -> None:
    """They are made with given or made-up credentials, which must be an emulator's."""
    made = (await service.admin("POST", "environments", only=False)).json
    assert made["client_id"].startswith("emu_")
    assert made["secret"].startswith("emu_")
    given = {"client_id": "emu_mine", "secret": "emu_s", "token_ttl": 5, "rate_limit": 3}
    assert (await service.admin("POST", "environments", given, only=False)).json == {
        "client_id": "emu_mine",
        "secret": "emu_s",
    }
    assert (await service.send("POST", "/auth/vendor", {"clientId": "emu_mine", "secret": "emu_s"})).json[
        "expiresIn"
    ] == 5


@pytest.mark.parametrize(
    "body",
    [
        {"client_id": "mine"},
        {"secret": "mine"},
        {"client_id": "emu_ä"},
        {"token_ttl": 0},
        {"token_ttl": True},
        {"rate_limit": 0},
        {"switches": {"no": 1}},
        {"switches": {"delete_status": 500}},
        {"more": 1},
        [],
    ],
)
async def test_bad_environments(service: Service, body: Any) -> None:
    """They are 400 and say why."""
    answer = await service.admin("POST", "environments", body, only=False)
    assert answer.status == 400
    assert answer.json["error"]


async def test_seed(service: Service) -> None:
    """Tenants in any order, with users; what is there stays."""
    await service.create("before")
    answer = await service.admin("POST", "seed", SEED)
    assert answer.json == {"tenants": 2, "users": 1}
    rows = (await service.send("GET", f"{V2}?_sortBy=tenantId")).json["items"]
    assert [row["tenantId"] for row in rows] == ["before", "leaf", "root"]
    assert rows[1]["metadata"] == '{"k":1}'
    assert rows[1]["isLocked"] is True
    assert rows[2]["createdAt"] == "2020-01-01T00:00:00.000Z"
    assert (await service.send("GET", f"{V2}/alias/r")).json["tenantId"] == "root"
    body = {"tenantIds": ["root", "leaf"]}
    counts = (await service.send("POST", "/identity/resources/tenants/users/v1/count", body)).json
    assert [count["totalUsers"] for count in counts] == [1, 1]


@pytest.mark.parametrize(
    ("seed", "word"),
    [
        ({"tenants": [{"tenantId": "a"}]}, "name"),
        ({"tenants": [{"tenantId": "a", "name": 1}]}, "$.tenants[0].name"),
        ({"tenants": [{"tenantId": "a", "name": "A", "nme": "B"}]}, "nme"),
        ({"tenants": [{"tenantId": "..", "name": "A"}]}, "not valid"),
        ({"tenants": [{"tenantId": "a", "name": "A"}, {"tenantId": "a", "name": "A"}]}, "two tenants"),
        ({"tenants": [{"tenantId": "there", "name": "A"}]}, "exists already"),
        ({"tenants": [{"tenantId": "a", "name": "A", "parentTenantId": "x"}]}, "does not exist"),
        (
            {
                "tenants": [
                    {"tenantId": "a", "name": "A", "parentTenantId": "b", "isReseller": True},
                    {"tenantId": "b", "name": "B", "parentTenantId": "a", "isReseller": True},
                ]
            },
            "ancestor",
        ),
        ({"tenants": [{"tenantId": "a", "name": "A", "createdAt": "2020-01-01T00:00:00"}]}, "time zone"),
        ({"users": [{"email": "a@a.example", "tenantId": "x"}]}, "does not exist"),
        ({"users": [{"email": "a@a.example", "tenantId": "there"}] * 2}, "exists already"),
        ({"tenant": []}, "tenant"),
        ([], "object"),
    ],
)
async def test_bad_seeds(service: Service, seed: Any, word: str) -> None:
    """They are 400, say what is wrong, and add nothing."""
    await service.create("there")
    before = (await service.admin("GET", "snapshot")).json
    answer = await service.admin("POST", "seed", seed)
    assert answer.status == 400
    assert word in answer.json["error"]
    assert (await service.admin("GET", "snapshot")).json == before


async def test_snapshot_and_restore(service: Service) -> None:
    """The state goes out as JSON and comes back the same, also into another environment."""
    await service.admin("POST", "seed", SEED)
    await service.create("gone")
    await service.send("DELETE", f"{V1}/gone")
    await service.emulator.set_switch("delete_status", 204)
    await service.emulator.user_token(tenant_id="root", email="ann@root.example")
    kept = (await service.admin("GET", "snapshot")).json
    await service.admin("POST", "reset")
    assert (await service.send("GET", V2)).json["items"] == []
    assert (await service.admin("POST", "restore", kept)).status == 204
    assert (await service.admin("GET", "snapshot")).json == kept
    assert (await service.send("DELETE", f"{V1}/leaf")).status == 204
    other = Service(await service.emulator.create_environment(), service.session)
    await other.admin("POST", "restore", kept)
    await other.authenticate()
    rows = (await other.send("GET", V2)).json["items"]
    assert [row["tenantId"] for row in rows] == ["root", "leaf"]
    assert rows[0]["vendorId"] != kept["environments"][0]["tenants"][1]["vendorId"]


async def test_restore_of_all(service: Service) -> None:
    """Environments that a snapshot does not have are forgotten."""
    await service.create("a")
    kept = (await service.admin("GET", "snapshot", only=False)).json
    late = await service.emulator.create_environment()
    await service.create("b")
    assert (await service.admin("POST", "restore", kept, only=False)).status == 204
    assert (await service.send("GET", V2)).json["_metadata"]["totalItems"] == 1
    with pytest.raises(LookupError):
        service.emulator.environment(late.client_id)
    kept["environments"] = [each for each in kept["environments"] if each["client_id"] != "emu_client"]
    assert (await service.admin("POST", "restore", kept, only=False)).status == 204
    assert service.emulator.environment("emu_client").secret == "emu_secret"


def broken(snapshot: Any, how: str) -> Any:
    environment = next(each for each in snapshot["environments"] if each["tenants"])
    match how:
        case "version":
            snapshot["version"] = 99
        case "parent":
            environment["tenants"][0]["parentTenantId"] = "nobody"
        case "cycle":
            environment["tenants"][0]["parentTenantId"] = environment["tenants"][0]["tenantId"]
        case "clock":
            environment["clock_frozen"] = -1
        case "divergence":
            environment["divergences"] = {"no": 1}
        case "type":
            environment["tenants"][0]["name"] = 1
        case "none":
            snapshot["environments"] = []
    return snapshot


@pytest.mark.parametrize("how", ["version", "parent", "cycle", "clock", "divergence", "type", "none"])
async def test_bad_snapshots(service: Service, how: str) -> None:
    """They are 400 and change nothing."""
    await service.create("a")
    good = (await service.admin("GET", "snapshot")).json
    answer = await service.admin("POST", "restore", broken((await service.admin("GET", "snapshot")).json, how))
    assert answer.status == 400
    assert (await service.admin("GET", "snapshot")).json == good


async def test_reset(service: Service) -> None:
    """An environment is empty again, with its clock, settings, faults and journal; its token stays good."""
    await service.create("a")
    await service.emulator.clock(advance=1000)
    await service.emulator.set_switch("delete_status", 204)
    await service.emulator.add_fault(stage="accept", action={"type": "status", "status": 503}, match={"path": "/x"})
    default = service.emulator.environment("emu_client")
    await default.seed(tenants=[{"tenantId": "stays", "name": "Stays"}])
    assert (await service.admin("POST", "reset")).status == 204
    assert (await service.send("GET", V2)).json["items"] == []
    assert await service.emulator.faults() == []
    assert len(await service.emulator.journal()) == 1
    assert {each["value"] for each in await service.emulator.switches()} >= {200, 409}
    assert [row["tenantId"] for row in (await default.snapshot())["environments"][0]["tenants"]] == ["stays"]  # type: ignore[index, call-overload, union-attr]
    assert (await service.admin("POST", "reset", only=False)).status == 204
    assert (await default.snapshot())["environments"][0]["tenants"] == []  # type: ignore[index, call-overload]


async def test_user_tokens(service: Service) -> None:
    """They take what is not given from the user, and answer in the service's words."""
    await service.admin("POST", "seed", SEED)
    body = {"email": "ann@root.example", "tenantId": "leaf", "expires_in": 60}
    answer = (await service.admin("POST", "user-tokens", body)).json
    assert set(answer) == {"accessToken", "refreshToken", "expiresIn"}
    assert answer["expiresIn"] == 60
    import jwt

    claims = jwt.decode(answer["accessToken"], options={"verify_signature": False})
    assert claims["permissions"] == ["fe.secure.*"]
    assert claims["tenantIds"] == ["leaf", "root"]
    assert claims["exp"] - claims["iat"] in (60, 61)


@pytest.mark.parametrize(
    "body",
    [
        {"email": "x"},
        {"tenantId": ""},
        {"tenantId": "a", "type": "vendor"},
        {"tenantId": "a", "expires_in": 1e9},
        {"tenantId": "a", "more": 1},
    ],
)
async def test_bad_user_tokens(service: Service, body: Any) -> None:
    """They are 400, and no token is issued."""
    assert (await service.admin("POST", "user-tokens", body)).status == 400
    assert (await service.emulator.stats()).tokens_issued == 1


async def test_whose_user_tokens_are(service: Service) -> None:
    """Nobody's have a new user each; those of an e-mail address always the same; each type is taken."""
    import jwt

    async def claims(**body: Any) -> Any:
        answer = await service.admin("POST", "user-tokens", {"tenantId": "a", **body})
        return jwt.decode(answer.json["accessToken"], options={"verify_signature": False})

    nobodies = {(await claims())["sub"] for _ in range(3)}
    assert len(nobodies) == 3
    assert "" not in nobodies
    assert (await claims(email="x@a.example"))["sub"] == (await claims(email="x@a.example"))["sub"]
    assert (await claims(user_id="me", email="x@a.example"))["sub"] == "me"
    for kind in ("userToken", "userApiToken", "tenantApiToken"):
        assert (await claims(type=kind))["type"] == kind
    refused = await service.admin("POST", "user-tokens", {"tenantId": "a", "type": "tenantAccessToken"})
    assert refused.status == 400


async def test_the_clock(service: Service) -> None:
    """It stops, goes forward, and runs on from where it stands."""
    frozen = (await service.admin("POST", "clock", {"freeze": True})).json["now"]
    assert (await service.admin("POST", "clock", {})).json["now"] == frozen
    first = (await service.create("a")).json["createdAt"]
    assert first == frozen
    later = (await service.admin("POST", "clock", {"advance": 3600})).json["now"]
    assert (await service.create("b")).json["createdAt"] == later > frozen
    assert (await service.admin("POST", "clock", {"freeze": False})).json["now"] >= later
    for body in ({"advance": 1e18}, {"advance": "x"}, {"go": 1}):
        assert (await service.admin("POST", "clock", body)).status == 400


async def test_the_journal(service: Service) -> None:
    """Every request in order, with route, status, effect and trace id, and without secrets."""
    await service.emulator.clear_journal()
    created = await service.create("a")
    await service.send("GET", f"{V2}?_filter=x&access_token=hush")
    await service.send("PUT", f"{V2}/a", {"name": "B"})
    await service.send("DELETE", f"{V1}/a")
    await service.send("GET", "/nowhere")
    requests = (await service.admin("GET", "journal")).json["requests"]
    assert [(each["method"], each["route"], each["status"]) for each in requests] == [
        ("POST", "tenants.create", 201),
        ("GET", "tenants.list", 200),
        ("PUT", "tenants.update", 200),
        ("DELETE", "tenants.delete", 200),
        ("GET", None, 404),
    ]
    assert [each["effect"] for each in requests] == [
        {"created": ["a"], "changed": [], "deleted": []},
        None,
        {"created": [], "changed": ["a"], "deleted": []},
        {"created": [], "changed": [], "deleted": ["a"]},
        None,
    ]
    assert requests[0]["trace_id"] == created.headers["frontegg-trace-id"]
    assert requests[0]["environment"] == service.emulator.client_id
    assert requests[0]["path"] == V1
    assert "hush" not in requests[1]["query"]
    assert (await service.admin("DELETE", "journal")).status == 204
    assert (await service.admin("GET", "journal")).json == {"requests": [], "dropped": 0}


async def test_switches(service: Service) -> None:
    """Each has a name, a question, its mark, values and the current one; each can be set."""
    listed = (await service.admin("GET", "switches")).json["switches"]
    assert {each["mark"] for each in listed} == {"A", "L"}
    for each in listed:
        assert each["value"] == each["default"]
        assert each["question"]
        for value in each["allowed"]:
            answer = await service.admin("POST", "switches", {each["name"]: value})
            now = {one["name"]: one["value"] for one in answer.json["switches"]}
            assert now[each["name"]] == value
    for body in ({"no": 1}, {"delete_status": True}, {"delete_status": "200"}, []):
        assert (await service.admin("POST", "switches", body)).status == 400
    untouched = service.emulator.environment("emu_client")
    assert all(each["value"] == each["default"] for each in await untouched.switches())


async def test_the_former_name_of_switches(service: Service) -> None:
    """Routes, settings, methods and snapshots take ``divergences``, too."""
    one = await service.emulator.create_environment(divergences={"delete_status": 204, "post_status": 200})
    await one.set_divergence("post_status", 201)
    listed = await one.divergences()
    assert listed == await one.switches()
    assert {each["name"] for each in listed if each["value"] != each["default"]} == {"delete_status"}
    assert (await one.snapshot())["environments"][0]["divergences"] == {"delete_status": 204}  # type: ignore[call-overload,index]  # JSON
    answer = await service.admin("POST", "divergences", {"delete_status": 204})
    assert answer.json["divergences"] == (await service.admin("GET", "switches")).json["switches"]
    body = {"client_id": "emu_former", "divergences": {"delete_status": 204}, "switches": {"post_status": 200}}
    await service.admin("POST", "environments", body, only=False)
    former = await service.emulator.environment("emu_former").switches()
    assert {each["name"] for each in former if each["value"] != each["default"]} == {"delete_status", "post_status"}


async def test_health_and_document(service: Service) -> None:
    """Both are served."""
    assert (await service.admin("GET", "health", only=False)).json == {"status": "ok"}
    assert (await service.admin("GET", "openapi.json", only=False)).json["openapi"].startswith("3.1")


async def test_statistics(service: Service) -> None:
    """They are about one environment or about all."""
    await service.create("a")
    other = Service(await service.emulator.create_environment(), service.session)
    await other.authenticate()
    mine = (await service.admin("GET", "stats")).json
    assert mine["tokens_issued"] == 1
    assert mine["requests"] == {"auth.authenticate": 1, "tenants.create": 1}
    assert (await service.admin("GET", "stats", only=False)).json["tokens_issued"] == 2
    assert mine["connections"]["ever"] >= mine["connections"]["open"] >= 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/_emulator/v1/nothing", 404),
        ("GET", "/_emulator/v2/health", 404),
        ("PUT", "/_emulator/v1/reset", 404),
        ("GET", "/_emulator/v1/environments/emu_nobody/journal", 404),
        ("DELETE", "/_emulator/v1/faults/fault-99", 404),
    ],
)
async def test_unknown_verbs(service: Service, method: str, path: str, status: int) -> None:
    """They are 404 and say what there is."""
    answer = await service.send(method, path)
    assert answer.status == status
    assert answer.json["error"]


async def test_a_body_that_is_no_json(service: Service) -> None:
    """It is 400."""
    assert (await service.send("POST", "/_emulator/v1/seed", data=b"{")).status == 400
