"""The rules of access tokens, without HTTP, and the verb that issues one."""

from __future__ import annotations

import json
from typing import Any, Final

import msgspec
import pytest

from frontegg_async.emulator import Emulator
from frontegg_async.emulator.services.access_tokens.rows import AccessTokenRow
from frontegg_async.emulator.services.registry import RULES
from frontegg_async.emulator.services.roles.rows import PermissionRow, RoleRow
from frontegg_async.emulator.services.support.emulated_response import RequestRefusedError
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.grants import Grant
from frontegg_async.emulator.world.signing_key import process_key
from tests.emulator.support import START, Service, create, make_environment, refusal, run, shown

TENANT: Final = "access_tokens.get_tenant_token"
USER: Final = "access_tokens.get_user_token"
ACTIVE_TENANT: Final = "access_tokens.list_active_tenant_tokens"
ACTIVE_USER: Final = "access_tokens.list_active_user_tokens"


def _row(**fields: Any) -> AccessTokenRow:
    return AccessTokenRow(created_at="2023-11-01T00:00:00.000Z", **fields)


def ask(environment: EmulatedEnvironment, operation: str, tenant_id: str, **path: str) -> tuple[int, Any]:
    """Return the status and the body of what a rule says about a tenant."""
    try:
        answer = RULES[operation].run(environment, IncomingCall(tenant_id=tenant_id, path=path))
    except RequestRefusedError as refused:
        answer = refused.response
    return answer.status, shown(answer)


def populated(**switches: str | int) -> EmulatedEnvironment:
    """Two tenants; one has a token of its own, one of its user, and one of each that is over."""
    environment = make_environment(**switches)
    create(environment, "acme")
    create(environment, "other")
    state = environment.state
    state.put_user(UserRow(id="ann", email="ann@acme.example", tenant_id="acme", tenant_ids=("acme",)))
    over = "2023-11-14T22:13:20.000Z"
    later = "2023-11-14T22:13:21.000Z"
    state.put(_row(id="own", tenant_id="acme", roles=("Admin",), permissions=("fe.a.*",), expires=later))
    state.put(_row(id="anns", tenant_id="acme", user_id="ann"))
    state.put(_row(id="own-over", tenant_id="acme", expires=over))
    state.put(_row(id="anns-over", tenant_id="acme", user_id="ann", expires=over))
    return environment


def test_what_a_token_entitles_to() -> None:
    """Roles and permissions, whose it is, and when it ends if it does."""
    environment = populated()
    assert ask(environment, TENANT, "acme", id="own")[1] == {
        "id": "own",
        "tenantId": "acme",
        "roles": ["Admin"],
        "permissions": ["fe.a.*"],
        "expires": "2023-11-14T22:13:21.000Z",
    }
    assert ask(environment, USER, "acme", id="anns")[1] == {
        "id": "anns",
        "tenantId": "acme",
        "userId": "ann",
        "roles": [],
        "permissions": [],
    }


@pytest.mark.parametrize(
    ("operation", "token_id", "tenant_id"),
    [
        (TENANT, "nothing", "acme"),
        (TENANT, "anns", "acme"),
        (USER, "own", "acme"),
        (TENANT, "own", "other"),
        (TENANT, "own", "nobody"),
        (USER, "anns", "other"),
        (TENANT, "own-over", "acme"),
        (USER, "anns-over", "acme"),
    ],
)
def test_what_is_not_found(operation: str, token_id: str, tenant_id: str) -> None:
    """Unknown, of the other kind, of another tenant, or over."""
    assert ask(populated(), operation, tenant_id, id=token_id)[0] == 404


def test_which_tokens_are_active() -> None:
    """Those of the tenant, of the kind that was asked for, that are good now."""
    environment = populated()
    assert ask(environment, ACTIVE_TENANT, "acme")[1] == ["own"]
    assert ask(environment, ACTIVE_USER, "acme")[1] == ["anns"]
    assert ask(environment, ACTIVE_USER, "other")[1] == []
    assert ask(environment, ACTIVE_TENANT, "nobody")[0] == 404
    environment.clock.advance(1.0)
    assert ask(environment, ACTIVE_TENANT, "acme")[1] == []
    assert ask(environment, TENANT, "acme", id="own")[0] == 404


def test_a_user_who_left_has_no_token() -> None:
    """A token of a user who is not in the tenant any more, or not at all, is good for nothing."""
    environment = populated()
    environment.state.put_user(UserRow(id="ann", email="a@b.example", tenant_id="other", tenant_ids=("other",)))
    assert ask(environment, USER, "acme", id="anns")[0] == 404
    assert ask(environment, ACTIVE_USER, "acme")[1] == []
    environment.state.remove_user("ann")
    assert ask(environment, USER, "acme", id="anns")[0] == 404


def test_tokens_go_with_their_tenant() -> None:
    """A tenant that is made again has none."""
    environment = populated()
    run(environment, "tenants.delete", tenant_id="acme")
    create(environment, "acme")
    assert ask(environment, ACTIVE_TENANT, "acme")[1] == []
    assert ask(environment, TENANT, "acme", id="own")[0] == 404


def test_the_switches() -> None:
    """Each assumption can be set otherwise."""
    environment = populated(expired_access_token="serve", foreign_access_token="refuse")
    assert ask(environment, TENANT, "acme", id="own-over")[1]["expires"] == "2023-11-14T22:13:20.000Z"
    assert ask(environment, TENANT, "other", id="own")[0] == 403
    for locked, expected in (("serve", 200), ("refuse", 403)):
        environment = populated(access_tokens_of_locked_tenant=locked)
        run(environment, "tenants.lock", {"tenantIds": ["acme"]})
        for operation, token_id in ((TENANT, "own"), (USER, "anns"), (ACTIVE_TENANT, ""), (ACTIVE_USER, "")):
            assert ask(environment, operation, "acme", id=token_id)[0] == expected


def test_look_ups_without_the_tenant_header() -> None:
    """As three shipped verifiers ask: a token is found by its id alone, and the active ones of all tenants are told."""
    environment = populated()
    environment.state.put(_row(id="others", tenant_id="other"))
    assert ask(environment, TENANT, "", id="own")[1]["tenantId"] == "acme"
    assert ask(environment, USER, "", id="anns")[1]["userId"] == "ann"
    assert ask(environment, TENANT, "", id="anns")[0] == 404
    assert ask(environment, ACTIVE_TENANT, "")[1] == ["own", "others"]
    assert ask(environment, ACTIVE_USER, "")[1] == ["anns"]
    for locked, expected in (("serve", ["own", "others"]), ("refuse", ["others"])):
        environment = populated(access_tokens_of_locked_tenant=locked)
        environment.state.put(_row(id="others", tenant_id="other"))
        run(environment, "tenants.lock", {"tenantIds": ["acme"]})
        assert ask(environment, ACTIVE_TENANT, "")[1] == expected


def test_an_environment_without_access_tokens() -> None:
    """Everything about them is answered with 403, and the settings say so."""
    environment = populated(access_tokens="disabled")
    operations = [name for name in RULES if name.partition(".")[0] in ("access_tokens", "user_access_tokens")]
    assert len(operations) == 10
    for operation in operations:
        answer = refusal(environment, operation, {}, about="acme", id="own")
        assert (answer.status, shown(answer)["errors"]) == (403, ["Api tokens are disabled"])
    assert shown(run(environment, "identity.configuration"))["apiTokensEnabled"] is False
    assert shown(run(populated(), "identity.configuration"))["apiTokensEnabled"] is True


def _read(secret: str) -> dict[str, Any]:
    import jwt

    key = process_key()
    assert jwt.get_unverified_header(secret) == {"alg": "RS256", "typ": "JWT", "kid": key.key_id}
    found: dict[str, Any] = jwt.decode(
        secret, key.public, ["RS256"], options={"verify_exp": False, "verify_aud": False}
    )
    return found


PLACEHOLDERS: Final = {"roles": ["FETCH-ROLES-BY-API"], "permissions": ["FETCH-PERMISSIONS-BY-API"]}
ISSUED: Final = {"aud": "emu_test", "iss": "http://127.0.0.1", "iat": int(START)}


def test_tokens_of_a_tenant_by_its_management() -> None:
    """Its secret is a JWT with the claims of the contract and no others; the list has everything but that."""
    environment = populated()
    body = {"description": "ci", "roleIds": ["r1", "r2", "r1"], "expiresInMinutes": 1.5}
    answer = run(environment, "access_tokens.create", body, about="acme")
    made = shown(answer)
    secret = made.pop("secret")
    assert answer.status == 201
    assert made == {
        "id": made["id"],
        "createdAt": "2023-11-14T22:13:20.000Z",
        "description": "ci",
        "expires": "2023-11-14T22:14:50.000Z",
        "roleIds": ["r1", "r2"],
        "createdByUserId": None,
    }
    own = {"sub": made["id"], "type": "tenantAccessToken", "tenantId": "acme", "exp": int(START) + 90}
    assert _read(secret) == {**own, **PLACEHOLDERS, **ISSUED}
    assert ask(environment, TENANT, "acme", id=made["id"])[1]["roles"] == ["r1", "r2"]
    now = environment.clock.timestamp()
    environment.state.put(
        RoleRow(id="r1", key="Reader", name="Reader", permission_ids=("p1", "gone"), created_at=now, updated_at=now)
    )
    environment.state.put(PermissionRow(id="p1", key="orders.read", name="Read", created_at=now, updated_at=now))
    found = ask(environment, TENANT, "acme", id=made["id"])[1]
    assert (found["roles"], found["permissions"]) == (["Reader", "r2"], ["orders.read"])
    listed = shown(run(environment, "access_tokens.list", about="acme"))
    assert listed.keys() == {"accessTokens"}
    assert made in listed["accessTokens"]
    assert [row["id"] for row in listed["accessTokens"]] == ["own", "own-over", made["id"]]
    assert run(environment, "access_tokens.delete", about="acme", id=made["id"]).status == 200
    for token_id, tenant_id in ((made["id"], "acme"), ("anns", "acme"), ("own", "other"), ("own", "nobody")):
        assert refusal(environment, "access_tokens.delete", about=tenant_id, id=token_id).status == 404
    assert ask(environment, TENANT, "acme", id=made["id"])[0] == 404


def test_tokens_of_a_user_by_the_management() -> None:
    """They may do what their user may, and have no roles of their own."""
    environment = populated()
    ann = environment.state.users["ann"]
    environment.state.put_user(msgspec.structs.replace(ann, roles=("Owner",), permissions=("fe.a",)))
    about = IncomingCall(tenant_id="acme", headers={"frontegg-user-id": "ann"}, body={"description": "cli"})
    made = shown(RULES["user_access_tokens.create"].run(environment, about))
    claims = _read(made.pop("secret"))
    assert made == {"id": made["id"], "createdAt": "2023-11-14T22:13:20.000Z", "description": "cli"}
    own = {"sub": made["id"], "type": "userAccessToken", "tenantId": "acme", "userId": "ann"}
    assert claims == {**own, **PLACEHOLDERS, **ISSUED}
    found = ask(environment, USER, "acme", id=made["id"])[1]
    assert (found["userId"], found["roles"], found["permissions"]) == ("ann", ["Owner"], ["fe.a"])
    environment.state.put_user(msgspec.structs.replace(ann, permissions=("fe.b",)))
    assert ask(environment, USER, "acme", id=made["id"])[1]["permissions"] == ["fe.b"]
    listed = shown(RULES["user_access_tokens.list"].run(environment, about))["accessTokens"]
    assert [row["id"] for row in listed] == ["anns", "anns-over", made["id"]]
    assert all("secret" not in row for row in listed)


def test_tokens_of_somebody_whom_the_environment_does_not_have() -> None:
    """The admin API hands out tokens of such users, and they may make access tokens of their own."""
    environment = populated()
    claims = {"tenantId": "acme", "sub": "eve", "roles": ["Guest"], "permissions": ["fe.secure.*"]}
    eve = Grant(
        kind="user", client_id="emu_test", issued=0, expires=1e12, subject="eve", tenant_id="acme", claims=claims
    )
    made = shown(run(environment, "user_access_tokens.create", {}, caller=eve))
    found = ask(environment, USER, "acme", id=made["id"])[1]
    assert (found["userId"], found["roles"], found["permissions"]) == ("eve", ["Guest"], ["fe.secure.*"])
    assert ask(environment, ACTIVE_USER, "acme")[1] == ["anns", made["id"]]
    tenants = shown(run(environment, "access_tokens.create", {}, caller=eve))
    assert tenants["createdByUserId"] == "eve"


@pytest.mark.parametrize("minutes", [0, 0.5, -1, 1e12])
def test_how_long_a_token_may_be_good_for(minutes: float) -> None:
    """At least a minute, and not beyond the end of the clock."""
    environment = populated()
    answer = refusal(environment, "access_tokens.create", {"expiresInMinutes": minutes}, about="acme")
    assert answer.status == 400


def test_a_token_without_end() -> None:
    """Its JWT has no ``exp``, or by the switch one that is far away; the answer never has ``expires``."""
    made = shown(run(populated(), "access_tokens.create", {}, about="acme"))
    assert "exp" not in _read(made["secret"])
    assert "expires" not in made
    made = shown(run(populated(endless_access_token="far_exp"), "access_tokens.create", {}, about="acme"))
    assert _read(made["secret"])["exp"] == int(START) + 100 * 365 * 86_400
    assert "expires" not in made


@pytest.mark.anyio
async def test_the_admin_verb(service: Service) -> None:
    """A token is made for a tenant or a user that exists; it survives a snapshot, in which its JWT is not."""
    await service.emulator.seed(
        tenants=[{"tenantId": "acme", "name": "Acme"}],
        users=[{"id": "ann", "email": "a@b.example", "tenantId": "acme"}],
    )
    body = {"tenantId": "acme", "userId": "ann", "roles": ["Admin"], "permissions": ["*"], "expires_in": 60}
    made = (await service.admin("POST", "access-tokens", body)).json
    secret = made.pop("secret")
    assert made == {"id": made["id"], "tenantId": "acme", "userId": "ann"}
    claims = _read(secret)
    assert (claims["sub"], claims["type"], claims["exp"] - claims["iat"]) == (made["id"], "userAccessToken", 60)
    snapshot = await service.emulator.snapshot()
    assert secret not in json.dumps(snapshot)
    await service.emulator.restore(snapshot)
    await service.authenticate()
    path = f"/identity/resources/vendor-only/users/access-tokens/v1/{made['id']}"
    answer = await service.send("GET", path, headers={"frontegg-tenant-id": "acme"})
    assert {name: answer.json[name] for name in made} == made
    assert (answer.json["roles"], answer.json["permissions"]) == (["Admin"], ["*"])
    assert [entry.path for entry in await service.emulator.journal()][-1] == path


@pytest.mark.anyio
async def test_an_access_token_is_no_bearer_token(service: Service) -> None:
    """The service's own routes do not take it, in neither header; and the journal does not show it."""
    await service.emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    made = await service.emulator.access_token(tenant_id="acme", permissions=["*"])
    service.token = ""
    for headers in (
        {"Authorization": f"Bearer {made.secret}"},
        {"x-access-token": made.secret},
        {"x-api-key": made.secret},
    ):
        answer = await service.send("GET", "/identity/resources/users/v2/me/tenants", headers=headers)
        assert answer.status == 401
    assert made.secret not in (await service.send("GET", "/_emulator/v1/journal")).raw.decode()


@pytest.mark.anyio
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"tenantId": "nobody"},
        {"tenantId": "acme", "userId": "nobody"},
        {"tenantId": "acme", "userId": "bob"},
        {"tenantId": "acme", "id": ".."},
        {"tenantId": "acme", "id": "taken"},
        {"tenantId": "acme", "expires_in": -1e9},
        {"tenantId": "acme", "more": 1},
    ],
)
async def test_what_the_admin_verb_refuses(service: Service, body: dict[str, object]) -> None:
    """A tenant and a user that exist and belong together, an id that is free, and a lifetime in range."""
    tenants = [{"tenantId": "acme", "name": "Acme"}, {"tenantId": "other", "name": "Other"}]
    await service.emulator.seed(tenants=tenants, users=[{"id": "bob", "email": "b@b.example", "tenantId": "other"}])
    assert (await service.emulator.access_token(tenant_id="acme", id="taken")).id == "taken"
    assert (await service.admin("POST", "access-tokens", body)).status == 400


def test_the_blocking_handle() -> None:
    """It makes tokens too."""
    with Emulator() as emulator:
        emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
        made = emulator.access_token(tenant_id="acme", expires_in=60.0)
        assert _read(made.secret)["sub"] == made.id
        assert made.secret not in repr(made)
