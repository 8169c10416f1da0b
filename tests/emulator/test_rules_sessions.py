"""The rules of sessions, as tables: sign-in, refresh, and what ends a session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import jwt
import pytest

from frontegg_async.emulator.admin.verbs import Verbs
from frontegg_async.emulator.services.api_tokens.rows import ApiTokenRow
from frontegg_async.emulator.services.registry import RULES
from frontegg_async.emulator.services.roles.rows import DEFAULT_ROLES
from frontegg_async.emulator.services.sessions.token_sessions import MAX_LIVE, MAX_USED, REFRESH_TOKEN_TTL
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.world import World
from tests.emulator.support import create, make_environment, refusal, run, shown
from tests.emulator.test_rules_tenants import add_user

HOST: Final = {"frontegg-vendor-host": "emu_test"}
LOGIN: Final = {"email": "ann@users.example", "password": "emu_ann"}


def make(**switches: str | int) -> EmulatedEnvironment:
    """An environment with two tenants, a user of both, and an API token of each kind."""
    environment = make_environment(**switches)
    create(environment, "a")
    create(environment, "b")
    fields = {"password": "emu_ann", "username": "Ann", "roles": ("admin",), "permissions": ("fe.a",), "name": "Ann"}
    add_user(environment, "ann", "a", "b", metadata={"team": 1}, **fields)
    created = environment.clock.timestamp()
    row = ApiTokenRow(
        id="tenant-token",
        tenant_id="a",
        secret="emu_s",
        created_at=created,
        role_ids=("viewer",),
        permission_ids=("fe.b",),
        metadata={"for": "ci"},
        created_by_user_id="ann",
    )
    environment.state.put(row)
    environment.state.put(
        ApiTokenRow(id="user-token", tenant_id="a", user_id="ann", secret="emu_s", created_at=created)
    )
    return environment


def call(
    environment: EmulatedEnvironment, operation: str, body: Mapping[str, Any], headers: Mapping[str, str] = HOST
) -> EmulatedResponse:
    return RULES[operation].run(environment, IncomingCall(body=body, headers=headers))


def login(environment: EmulatedEnvironment, **body: Any) -> Any:
    return shown(run(environment, "sessions.login", body or LOGIN))


def refresh(environment: EmulatedEnvironment, token: str) -> tuple[int, Any]:
    answer = call(environment, "sessions.refresh", {"refreshToken": token})
    return answer.status, shown(answer)


def exchange(environment: EmulatedEnvironment, client_id: str = "tenant-token", secret: str = "emu_s") -> Any:
    return shown(
        run(environment, "sessions.exchange_api_token", {"clientId": client_id, "secret": secret}),
    )


def claims(token: str) -> Any:
    return jwt.decode(token, options={"verify_signature": False, "verify_exp": False})


def test_a_sign_in_with_a_password() -> None:
    """The answer has both tokens, and the access token says who it is."""
    environment = make()
    answer = run(environment, "sessions.login", LOGIN)
    body = shown(answer)
    assert answer.status == 200
    assert body["mfaRequired"] is False
    assert (body["expiresIn"], body["expires"]) == (86_400, "Wed, 15 Nov 2023 22:13:20 GMT")
    assert (body["userId"], body["userEmail"]) == ("ann", "ann@users.example")
    said = claims(body["accessToken"])
    assert said.pop("sid")
    assert said == {
        "sub": "ann",
        "type": "userToken",
        "tenantId": "a",
        "tenantIds": ["a", "b"],
        "roles": ["admin"],
        "permissions": ["fe.a"],
        "email": "ann@users.example",
        "name": "Ann",
        "metadata": {"team": 1},
        "iss": environment.issuer,
        "aud": "emu_test",
        "iat": 1_700_000_000,
        "exp": 1_700_086_400,
    }


def test_a_sign_in_sets_the_cookie() -> None:
    """Browsers keep the refresh token in a cookie that is named after the environment."""
    environment = make()
    environment.client_id = "emu_1-2-3"
    answer = run(environment, "sessions.login", LOGIN)
    token = shown(answer)["refreshToken"]
    assert answer.headers["Set-Cookie"].startswith(f"fe_refresh_emu_12-3={token}; ")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"email": "ANN@users.example", "password": "emu_ann"}, 200),
        ({"username": "ann", "password": "emu_ann"}, 200),
        ({"email": "nobody", "username": "ann", "password": "emu_ann"}, 200),
        ({"email": "ann@users.example", "password": "emu_wrong"}, 401),
        ({"email": "ann", "password": "emu_ann"}, 401),
        ({"username": "ann@users.example", "password": "emu_ann"}, 401),
        ({"email": "nobody@users.example", "password": "emu_ann"}, 401),
        ({"email": "ann@users.example", "password": "\ud800"}, 401),
        ({"password": "emu_ann"}, 400),
        ({"email": "", "password": "emu_ann"}, 400),
    ],
)
def test_who_may_sign_in(body: Mapping[str, Any], status: int) -> None:
    """The address or the user name, in any case, with the password."""
    environment = make()
    if status == 200:
        assert run(environment, "sessions.login", body).status == 200
    else:
        assert refusal(environment, "sessions.login", body).status == status


def test_users_without_a_password_do_not_sign_in() -> None:
    """Nobody guesses a password that is not there."""
    environment = make()
    add_user(environment, "bob", "a")
    for password in ("", "None"):
        body = {"email": "bob@users.example", "password": password}
        assert refusal(environment, "sessions.login", body).status == 401


def test_a_refresh_gives_new_tokens_once() -> None:
    """The new refresh token works, and goes on with the user's present roles."""
    environment = make()
    first = login(environment)["refreshToken"]
    environment.clock.advance(100)
    status, body = refresh(environment, first)
    assert status == 201
    assert body["refreshToken"] != first
    assert claims(body["accessToken"])["iat"] == 1_700_000_100
    assert refresh(environment, body["refreshToken"])[0] == 201


def test_a_refresh_token_that_is_used_twice_ends_its_session() -> None:
    """Every token of the session is refused then, and other sessions go on."""
    environment = make()
    other = login(environment)["refreshToken"]
    first = login(environment)["refreshToken"]
    second = refresh(environment, first)[1]["refreshToken"]
    third = refresh(environment, second)[1]["refreshToken"]
    assert refresh(environment, first)[0] == 401
    assert [refresh(environment, token)[0] for token in (third, second, first)] == [401, 401, 401]
    assert refresh(environment, other)[0] == 201


def test_a_refresh_token_that_is_used_twice_by_the_switch() -> None:
    """It is refused, and its session goes on."""
    environment = make(refresh_reuse="refuse")
    first = login(environment)["refreshToken"]
    second = refresh(environment, first)[1]["refreshToken"]
    assert refresh(environment, first)[0] == 401
    assert refresh(environment, second)[0] == 201


@pytest.mark.parametrize(("life", "status"), [("renewed", 201), ("kept", 401)])
def test_refresh_tokens_expire(life: str, status: int) -> None:
    """Each has its time; by the switch the session has one."""
    environment = make(refresh_life=life)
    first, second = login(environment)["refreshToken"], login(environment)["refreshToken"]
    environment.clock.advance(REFRESH_TOKEN_TTL - 1)
    following = refresh(environment, first)[1]["refreshToken"]
    environment.clock.advance(1)
    assert refresh(environment, second)[0] == 401
    assert refresh(environment, following)[0] == status


def test_used_refresh_tokens_do_not_pile_up() -> None:
    """The latest of a session are remembered; an older one is as good as unknown."""
    environment = make()
    token = first = login(environment)["refreshToken"]
    for _ in range(MAX_USED + 20):
        token = refresh(environment, token)[1]["refreshToken"]
    assert len(environment.state.refresh_tokens) == MAX_USED + 1
    assert refresh(environment, first)[0] == 401
    assert refresh(environment, token)[0] == 201


def test_a_refresh_needs_the_host_of_the_environment() -> None:
    """Without the header it is 400, unless the switch says otherwise."""
    for behaviour, status in (("refuse", 400), ("accept", 201)):
        environment = make(missing_vendor_host=behaviour)
        body = {"refreshToken": login(environment)["refreshToken"]}
        if status == 201:
            assert call(environment, "sessions.refresh", body, {}).status == status
        else:
            assert refusal(environment, "sessions.refresh", body).status == status


def cookies(**named: str) -> dict[str, str]:
    return {**HOST, "Cookie": "; ".join(f"{name}={value}" for name, value in named.items())}


@pytest.mark.parametrize("source", ["body", "cookie"])
def test_where_refresh_tokens_are(source: str) -> None:
    """In the body or in the environment's cookie; with both, one of them counts."""
    environment = make(refresh_source=source)
    alone = login(environment)["refreshToken"]
    good = cookies(a="1", fe_refresh_emu_test=alone, fe_refresh_other="no")
    good["Cookie"] = f"[]=odd; x; {good['Cookie']}"
    assert call(environment, "sessions.refresh", {}, good).status == 201
    for in_body in (True, False):
        token = login(environment)["refreshToken"]
        body, cookie = (token, "no") if in_body else ("no", token)
        answer = call(environment, "sessions.refresh", {"refreshToken": body}, cookies(fe_refresh_emu_test=cookie))
        assert answer.status == (201 if in_body is (source == "body") else 401)


@pytest.mark.parametrize("cookie", ["", "fe_refresh_emu_test=", "fe_refresh_emu_test", "a=\x00b;;=", "no\x01=1"])
def test_a_refresh_without_a_token(cookie: str) -> None:
    """Nothing to refresh with is 401, whatever else is sent."""
    answer = call(make(), "sessions.refresh", {}, {**HOST, "Cookie": cookie})
    assert answer.status == 401


def test_the_end_of_the_access_token_by_the_switch() -> None:
    """It can be written as all other moments are."""
    assert login(make(session_expires="rfc3339"))["expires"] == "2023-11-15T22:13:20.000Z"


@pytest.mark.parametrize("user_id", [None, "ann"])
def test_a_sign_in_with_an_invitation(user_id: str | None) -> None:
    """The user joins the tenant with the roles of the invitation, and enters it; a member gets the roles."""
    environment = make()
    create(environment, "c")
    for tenant_id in ("c", "a"):
        of_user = {"userId": user_id} if user_id and tenant_id == "a" else {}
        body = {"tenantId": tenant_id, "roleIds": [DEFAULT_ROLES[0].id], **of_user}
        token = shown(run(environment, "invitations.create", body))["token"]
        said = claims(login(environment, **LOGIN, invitationToken=token)["accessToken"])
        assert (said["tenantId"], said["roles"]) == (tenant_id, ["admin", "Admin"])
    assert environment.state.users["ann"].tenant_ids == ("a", "b", "c")
    told = [event.key.rpartition(".")[2] for event in environment.take_events() if event.user_id]
    assert told == ["joinedTenantUsingInvitationLink", "authenticated", "authenticated"]


def test_a_sign_in_with_a_wrong_invitation() -> None:
    """Nobody signs in with one that is unknown or of another user, unless a switch says that nobody looks at it."""
    environment = make()
    add_user(environment, "bob", "a")
    token = shown(run(environment, "invitations.create", {"tenantId": "a", "userId": "bob"}))["token"]
    for wrong in (token, "none"):
        assert refusal(environment, "sessions.login", {**LOGIN, "invitationToken": wrong}).status == 404
    assert login(make(invitation_at_sign_in="ignore"), **LOGIN, invitationToken="none")["userId"] == "ann"


def lock(environment: EmulatedEnvironment, tenant_id: str, *, locked: bool = True) -> None:
    run(environment, "tenants.lock" if locked else "tenants.unlock", {"tenantIds": [tenant_id]})


@pytest.mark.parametrize("status", [403, 401])
def test_a_locked_tenant(status: int) -> None:
    """Nobody signs in, and sessions do not go on until it is unlocked: no token is used up."""
    environment = make(locked_tenant=status)
    token = login(environment)["refreshToken"]
    api_token = exchange(environment)["refresh_token"]
    lock(environment, "a")
    assert refusal(environment, "sessions.login", LOGIN).status == status
    asked = {
        "sessions.refresh_api_token": {"refreshToken": api_token},
        "sessions.exchange_api_token": {"clientId": "user-token", "secret": "emu_s"},
        "sessions.exchange_api_token_v1": {"clientId": "tenant-token", "secret": "emu_s"},
    }
    for operation, body in asked.items():
        assert refusal(environment, operation, body).status == status
    with_host = make(locked_tenant=status, missing_vendor_host="accept")
    with_host.state = environment.state
    assert refusal(with_host, "sessions.refresh", {"refreshToken": token}).status == status
    lock(environment, "a", locked=False)
    assert login(environment)
    assert refresh(environment, token)[0] == 201
    assert run(environment, "sessions.refresh_api_token", {"refreshToken": api_token}).status == 200


def test_a_locked_active_tenant_by_the_switch() -> None:
    """A user signs in to the next of its tenants, until all are locked."""
    environment = make(locked_active_tenant="next_tenant")
    lock(environment, "a")
    body = login(environment)
    assert claims(body["accessToken"])["tenantId"] == "b"
    assert claims(refresh(environment, body["refreshToken"])[1]["accessToken"])["tenantId"] == "b"
    lock(environment, "b")
    assert refusal(environment, "sessions.login", LOGIN).status == 403


def test_api_tokens_of_a_locked_tenant_by_the_switch() -> None:
    """They can be served."""
    environment = make(locked_api_tokens="serve")
    lock(environment, "a")
    token = exchange(environment)["refresh_token"]
    assert run(environment, "sessions.refresh_api_token", {"refreshToken": token}).status == 200


def test_a_user_that_is_no_more() -> None:
    """With its last tenant a user goes, and its sessions with it; with another one they go on."""
    environment = make()
    token = login(environment)["refreshToken"]
    run(environment, "tenants.delete", tenant_id="a")
    _, body = refresh(environment, token)
    assert claims(body["accessToken"])["tenantId"] == "b"
    run(environment, "tenants.delete", tenant_id="b")
    assert refusal(environment, "sessions.login", LOGIN).status == 401
    assert refresh(environment, body["refreshToken"])[0] == 401


def test_a_user_that_comes_back() -> None:
    """Somebody new under the same id does not get on with what was handed out before."""
    environment = make()
    token = login(environment)["refreshToken"]
    for tenant_id in ("a", "b"):
        run(environment, "tenants.delete", tenant_id=tenant_id)
    create(environment, "a")
    add_user(environment, "ann", "a", password="emu_ann")
    assert refresh(environment, token)[0] == 401
    assert refresh(environment, login(environment)["refreshToken"])[0] == 201


def test_an_api_token_of_a_tenant() -> None:
    """Its access tokens say what it may do, and what else it was made with."""
    environment = make()
    body = exchange(environment)
    assert list(body) == ["access_token", "refresh_token", "expires_in", "expires"]
    said = claims(body["access_token"])
    expected = {
        "sub": "tenant-token",
        "type": "tenantApiToken",
        "tenantId": "a",
        "tenantIds": ["a"],
        "roles": ["viewer"],
        "permissions": ["fe.b"],
        "metadata": {"for": "ci"},
        "createdByUserId": "ann",
    }
    assert said.items() >= expected.items()


def test_an_api_token_of_a_user() -> None:
    """Its access tokens say what the user may do, who that is, and that it is no password that was given."""
    environment = make()
    answer = run(environment, "sessions.exchange_api_token_v1", {"clientId": "user-token", "secret": "emu_s"})
    body = shown(answer)
    assert answer.status == 200
    assert list(body) == ["accessToken", "refreshToken", "expiresIn", "expires"]
    said = claims(body["accessToken"])
    assert (said["type"], said["sub"], said["userId"]) == ("userApiToken", "user-token", "ann")
    assert (said["permissions"], said["email"], said["userMetadata"]) == (["fe.a"], "ann@users.example", {"team": 1})


@pytest.mark.parametrize(
    ("client_id", "secret"), [("tenant-token", "emu_wrong"), ("nobody", "emu_s"), ("tenant-token", "\ud800")]
)
def test_wrong_api_tokens(client_id: str, secret: str) -> None:
    """They are 401."""
    body = {"clientId": client_id, "secret": secret}
    assert refusal(make(), "sessions.exchange_api_token", body).status == 401


@pytest.mark.parametrize("version", ["", "_v1"])
def test_a_session_of_an_api_token_goes_on(version: str) -> None:
    """Its refresh tokens rotate as those of users do."""
    environment = make()
    operation = f"sessions.refresh_api_token{version}"
    token = exchange(environment)["refresh_token"]
    answer = run(environment, operation, {"refreshToken": token})
    assert answer.status == 200
    body = shown(answer)
    assert run(environment, operation, {"refreshToken": token}).status == 401
    following = body["refresh_token" if "refresh_token" in body else "refreshToken"]
    assert run(environment, operation, {"refreshToken": following}).status == 401, "the session was ended"


def test_each_kind_of_session_has_its_routes() -> None:
    """The refresh token of a user does not do for an API token, nor the other way round."""
    environment = make()
    user, api_token = login(environment)["refreshToken"], exchange(environment)["refresh_token"]
    assert run(environment, "sessions.refresh_api_token", {"refreshToken": user}).status == 401
    assert refresh(environment, api_token)[0] == 401


def test_a_hundred_sessions_of_an_api_token() -> None:
    """The 101st takes the place of the oldest; a session that goes on takes none."""
    environment = make()
    tokens = []
    for _ in range(MAX_LIVE):
        tokens.append(exchange(environment)["refresh_token"])
        environment.clock.advance(1)
    kept = shown(run(environment, "sessions.refresh_api_token", {"refreshToken": tokens[0]}))["refresh_token"]
    other = exchange(environment, "user-token")["refresh_token"]
    newest = exchange(environment)["refresh_token"]
    served = {
        token: run(environment, "sessions.refresh_api_token", {"refreshToken": token}).status
        for token in (kept, tokens[1], tokens[2], newest, other)
    }
    assert list(served.values()) == [200, 401, 200, 200, 200]


def test_an_api_token_has_its_time() -> None:
    """When that is over, it begins no session, and none goes on."""
    environment = make()
    row = ApiTokenRow(
        id="short",
        tenant_id="a",
        secret="s",
        created_at=environment.clock.timestamp(),
        expires="2023-11-14T23:00:00.000Z",
    )
    environment.state.put(row)
    token = exchange(environment, "short", "s")["refresh_token"]
    environment.clock.advance(3600)
    assert refusal(environment, "sessions.refresh_api_token", {"refreshToken": token}).status == 401
    assert refusal(environment, "sessions.exchange_api_token", {"clientId": "short", "secret": "s"}).status == 401


def test_an_api_token_that_is_no_more() -> None:
    """Deleted, or with its tenant, or its user elsewhere: it is 401."""
    environment = make()
    tokens = [exchange(environment, client_id)["refresh_token"] for client_id in ("tenant-token", "user-token")]
    environment.state.remove(ApiTokenRow, "tenant-token")
    run(environment, "tenants.move_users", {"srcTenantId": "a", "targetTenantId": "b"})
    for client_id, token in zip(("tenant-token", "user-token"), tokens, strict=True):
        body = {"clientId": client_id, "secret": "emu_s"}
        assert refusal(environment, "sessions.exchange_api_token", body).status == 401
        assert refusal(environment, "sessions.refresh_api_token", {"refreshToken": token}).status == 401
    run(environment, "tenants.delete", tenant_id="a")
    assert environment.state.table(ApiTokenRow) == {}


def admin() -> tuple[Verbs, EmulatedEnvironment]:
    environment = make(missing_vendor_host="accept")
    world = World(environment.key)
    world.environments["emu_test"] = environment
    return Verbs(world, environment), environment


def test_a_token_of_the_admin_api_goes_on_for_somebody_unknown() -> None:
    """What it was made with is in the next ones too, and it keeps its time."""
    verbs, environment = admin()
    made = verbs.user_token(tenant_id="a", permissions=["fe.x"], roles=["r"], expires_in=7)
    status, body = refresh(environment, made.refresh_token)
    before, after = claims(made.access_token), claims(body["accessToken"])
    assert (status, body["expiresIn"]) == (201, 7)
    assert before == after
    assert "sid" not in after


def test_a_token_of_the_admin_api_goes_on_for_a_user() -> None:
    """What was not given follows the user; what was given stays."""
    verbs, environment = admin()
    made = verbs.user_token(tenant_id="b", user_id="ann", permissions=["fe.x"])
    add_user(environment, "ann", "a", "b", roles=("new",), permissions=("fe.new",))
    said = claims(refresh(environment, made.refresh_token)[1]["accessToken"])
    assert (said["sub"], said["tenantId"], said["roles"], said["permissions"]) == ("ann", "b", ["new"], ["fe.x"])


def test_a_token_of_the_admin_api_ends_with_its_tenant() -> None:
    """A tenant that is locked or deleted refuses it; one that never was there is the business of the test."""
    verbs, environment = admin()
    made = verbs.user_token(tenant_id="b")
    lock(environment, "b")
    assert refusal(environment, "sessions.refresh", {"refreshToken": made.refresh_token}).status == 403
    run(environment, "tenants.delete", tenant_id="b")
    assert refusal(environment, "sessions.refresh", {"refreshToken": made.refresh_token}).status == 401
    made = verbs.user_token(tenant_id="never")
    assert refresh(environment, made.refresh_token)[0] == 201


@pytest.mark.parametrize("type", ["userApiToken", "tenantApiToken"])
@pytest.mark.parametrize("user_id", [None, "ann"])
def test_a_token_of_the_admin_api_for_an_api_token(type: str, user_id: str | None) -> None:
    """It goes on by the routes of API tokens, be its user known or not."""
    verbs, environment = admin()
    made = verbs.user_token(tenant_id="a", user_id=user_id, type=type, permissions=["fe.x"])
    body = shown(run(environment, "sessions.refresh_api_token", {"refreshToken": made.refresh_token}))
    assert claims(body["access_token"]) == claims(made.access_token)


def test_the_claims_of_a_token_of_the_admin_api() -> None:
    """Those of an API token are as an exchange gives them: a user's names its user, and a tenant's has no address."""
    verbs, environment = admin()
    exchanged = {kind: claims(exchange(environment, f"{kind}-token")["access_token"]) for kind in ("user", "tenant")}
    made = {
        kind: claims(verbs.user_token(tenant_id="a", user_id="ann", type=f"{kind}ApiToken").access_token)
        for kind in ("user", "tenant")
    }
    for kind in ("user", "tenant"):
        assert made[kind].keys() == exchanged[kind].keys() - {"sid"}
    assert (made["user"]["userId"], made["user"]["userMetadata"], made["user"]["metadata"]) == ("ann", {"team": 1}, {})
    assert made["user"]["sub"] != "ann"
    assert made["tenant"]["sub"] == "ann", "what is given as the user is the id of the token"
    named = claims(verbs.user_token(tenant_id="a", email="x@a.example", type="tenantApiToken").access_token)
    assert named["email"] == "x@a.example"
