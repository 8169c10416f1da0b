"""Sessions over HTTP: finding the environment of a request without a token, and access tokens of deleted users."""

from __future__ import annotations

from typing import Any, Final

import aiohttp
import jwt
import pytest

from frontegg_async.emulator import AsyncEmulatorHandle, Emulator
from tests.emulator.support import Response, Service

pytestmark = pytest.mark.anyio

AUTH: Final = "/identity/resources/auth"
MINE: Final = "/identity/resources/users/v2/me/tenants"
ANN: Final = {"email": "ann@users.example", "password": "emu_ann"}


async def seed(environment: AsyncEmulatorHandle, password: str = "emu_ann") -> None:
    user = {"id": "ann", "email": "ann@users.example", "password": password, "tenantId": "a", "tenantIds": ["a", "b"]}
    await environment.seed(tenants=[{"tenantId": "a", "name": "A"}, {"tenantId": "b", "name": "B"}], users=[user])


def host(environment: AsyncEmulatorHandle) -> dict[str, str]:
    return {"frontegg-vendor-host": environment.client_id}


async def login(service: Service, headers: dict[str, str] | None = None) -> Response:
    return await service.send("POST", f"{AUTH}/v1/user", ANN, headers=headers)


async def refresh(service: Service, token: str) -> Response:
    return await service.send(
        "POST", f"{AUTH}/v1/user/token/refresh", {"refreshToken": token}, headers=host(service.emulator)
    )


def bearer(answered: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {answered.json['accessToken']}"}


async def test_a_sign_in_is_tried_where_it_is_right() -> None:
    """The named environment, else the default one, else the only other one."""
    async with Emulator() as emulator, aiohttp.ClientSession() as session:
        first, second = await emulator.create_environment(), await emulator.create_environment()
        anonymous = Service(emulator, session)
        assert (await login(anonymous)).status == 401
        await seed(first)
        assert (await login(anonymous)).status == 200
        await seed(second)
        assert (await login(anonymous)).status == 401, "two environments have the user"
        for environment in (first, second):
            answered = await login(anonymous, host(environment))
            assert answered.status == 200
            assert f"fe_refresh_{environment.client_id}=" in answered.headers["Set-Cookie"]
            assert [entry.route for entry in await environment.journal()][-1] == "sessions.login"
        await seed(emulator)
        answered = await login(anonymous)
        assert answered.status == 200
        assert "fe_refresh_emu_client=" in answered.headers["Set-Cookie"]
        assert (await login(anonymous, {"frontegg-vendor-host": "app.example"})).status == 200
        assert (await login(anonymous, host(await emulator.create_environment()))).status == 401


async def test_a_refresh_token_finds_its_environment(service: Service) -> None:
    """Also when it was used already, so that journal, faults and switches are the environment's."""
    await seed(service.emulator)
    service.token = ""
    token = (await login(service, host(service.emulator))).json["refreshToken"]
    await service.emulator.clear_journal()
    statuses = [(await refresh(service, token)).status for _ in range(3)]
    assert statuses == [201, 401, 401]
    journal = await service.emulator.journal()
    assert [(entry.route, entry.status) for entry in journal] == [("sessions.refresh", status) for status in statuses]


async def test_a_session_is_good_in_its_environment_alone(service: Service) -> None:
    """Where the header names another environment, refresh tokens and API tokens are unknown and stay unused."""
    await seed(service.emulator)
    about = {"frontegg-tenant-id": "a"}
    made = (await service.send("POST", "/identity/resources/tenants/api-tokens/v2", {}, headers=about)).json
    own, elsewhere = host(service.emulator), {"frontegg-vendor-host": "emu_client"}
    token = (await login(service, own)).json["refreshToken"]
    api_token = {"clientId": made["clientId"], "secret": made["secret"]}
    session = (await service.send("POST", f"{AUTH}/v2/api-token", api_token)).json["refresh_token"]
    for path, body, status in (
        ("v1/user/token/refresh", {"refreshToken": token}, 201),
        ("v2/api-token", api_token, 200),
        ("v2/api-token/token/refresh", {"refreshToken": session}, 200),
    ):
        for headers, expected in ((elsewhere, 401), (own, status)):
            assert (await service.send("POST", f"{AUTH}/{path}", body, headers=headers)).status == expected


async def test_the_token_of_a_removed_member(service: Service) -> None:
    """It stays valid until it expires: a removal from a tenant ends no session, and the next token is for another."""
    await seed(service.emulator)
    answered = await login(service, host(service.emulator))
    about = {"frontegg-tenant-id": "a"}
    assert (await service.send("DELETE", "/identity/resources/users/v1/ann", headers=about)).status == 200
    assert [each["tenantId"] for each in (await service.send("GET", MINE, headers=bearer(answered))).json] == ["b"]
    await service.emulator.clock(advance=answered.json["expiresIn"] + 1)
    assert (await service.send("GET", MINE, headers=bearer(answered))).status == 401
    renewed = await refresh(service, answered.json["refreshToken"])
    claims = jwt.decode(renewed.json["accessToken"], options={"verify_signature": False})
    assert (claims["tenantId"], claims["tenantIds"]) == ("b", ["b"])


async def test_a_refresh_by_cookie(service: Service) -> None:
    """Browsers send no body; the cookie tells the environment."""
    await seed(service.emulator)
    cookie = (await login(service, host(service.emulator))).headers["Set-Cookie"].partition(";")[0]
    headers = {**host(service.emulator), "Cookie": f"other=1; {cookie}"}
    answered = await service.send("POST", f"{AUTH}/v1/user/token/refresh", headers=headers)
    assert answered.status == 201
    assert answered.headers["Set-Cookie"].partition(";")[0] != cookie


async def test_unknown_sessions(service: Service) -> None:
    """Tokens and ids that no environment knows are 401, whatever their form; a body of a wrong shape is 400."""
    paths = {f"{AUTH}/v1/user/token/refresh": "refreshToken", f"{AUTH}/v2/api-token/token/refresh": "refreshToken"}
    for path, field in paths.items():
        for value, status in (("no", 401), ([], 400), ({}, 400), (1, 400)):
            answered = await service.send("POST", path, {field: value}, headers=host(service.emulator))
            assert answered.status == status
    for password, status in (("no", 401), (1, 400), (None, 400)):
        body = {"email": "ann@users.example", "password": password}
        assert (await service.send("POST", f"{AUTH}/v1/user", body)).status == status
    for client_id, status in (("no", 401), ([], 400)):
        body = {"clientId": client_id, "secret": "no"}
        assert (await service.send("POST", f"{AUTH}/v1/api-token", body)).status == status


async def test_an_access_token_is_that_of_its_environment(service: Service) -> None:
    """It serves the routes of users, until its time is over by the clock of the environment."""
    await seed(service.emulator)
    session = await login(service, host(service.emulator))
    answered = await service.send("GET", MINE, headers=bearer(session))
    assert [tenant["tenantId"] for tenant in answered.json] == ["a", "b"]
    await service.emulator.clock(advance=86_401)
    assert (await service.send("GET", MINE, headers=bearer(session))).status == 401
    following = await refresh(service, session.json["refreshToken"])
    assert (await service.send("GET", MINE, headers=bearer(following))).status == 200


@pytest.mark.parametrize(("behaviour", "status"), [("refuse", 401), ("serve", 200)])
async def test_access_tokens_of_the_deleted(service: Service, behaviour: str, status: int) -> None:
    """They are refused as soon as the tenant or the user is no more, unless the switch says otherwise."""
    await seed(service.emulator)
    await service.emulator.set_switch("deleted_subject", behaviour)
    session = await login(service, host(service.emulator))
    made = await service.emulator.user_token(tenant_id="a")
    made_headers = {"Authorization": f"Bearer {made.access_token}"}
    deleted = await service.send("DELETE", "/tenants/resources/tenants/v1/a")
    assert deleted.status == 200
    assert (await service.send("GET", MINE, headers=bearer(session))).status == status
    assert (await service.send("GET", MINE, headers=made_headers)).status == status
    following = await refresh(service, session.json["refreshToken"])
    assert (await service.send("GET", MINE, headers=bearer(following))).status == 200, "the user has another tenant"
    await service.send("DELETE", "/tenants/resources/tenants/v1/b")
    assert (await service.create("b")).status == 201
    assert (await service.send("GET", MINE, headers=bearer(following))).status == status


async def test_deleting_the_own_tenant_twice(service: Service) -> None:
    """The second time it is not found, as documented, though the token is refused elsewhere."""
    await seed(service.emulator)
    made = await service.emulator.user_token(tenant_id="a", permissions=["fe.account-settings.*"])
    headers = {"Authorization": f"Bearer {made.access_token}"}
    statuses = [
        (await service.send("DELETE", "/tenants/resources/tenants/v1", headers=headers)).status for _ in range(2)
    ]
    assert statuses == [200, 404]


async def test_sessions_are_in_a_snapshot(service: Service) -> None:
    """A refresh token is good again after a restore, and one that was used is used."""
    await seed(service.emulator)
    token = (await login(service, host(service.emulator))).json["refreshToken"]
    before = await service.emulator.snapshot()
    following = (await refresh(service, token)).json["refreshToken"]
    after = await service.emulator.snapshot()
    await service.emulator.restore(before)
    assert (await refresh(service, following)).status == 401
    assert (await refresh(service, token)).status == 201
    await service.emulator.restore(after)
    assert (await refresh(service, token)).status == 401
    assert (await refresh(service, following)).status == 401, "its session was ended"


async def test_an_older_snapshot(service: Service) -> None:
    """Refresh tokens were kept with less than today; they are good for as long as nobody uses them."""
    await seed(service.emulator)
    snapshot: Any = await service.emulator.snapshot()
    old = {"token": "old", "subject": "ann", "tenantId": "a", "createdAt": "2024-01-31T12:00:00.000Z"}
    snapshot["environments"][0]["refresh_tokens"] = [old, {**old, "token": "whose", "subject": "nobody"}]
    await service.emulator.restore(snapshot)
    assert (await refresh(service, "whose")).status == 401
    answered = await refresh(service, "old")
    assert answered.status == 201
    assert (await refresh(service, answered.json["refreshToken"])).status == 201
    assert (await refresh(service, "old")).status == 401


async def test_a_reset_ends_sessions(service: Service) -> None:
    """Their users are gone; tokens of the admin API stay good."""
    await seed(service.emulator)
    session = await login(service, host(service.emulator))
    made = await service.emulator.user_token(tenant_id="a", email="ann@users.example")
    await service.emulator.reset()
    assert (await service.send("GET", MINE, headers=bearer(session))).status == 401
    assert (await service.send("GET", MINE, headers={"Authorization": f"Bearer {made.access_token}"})).status == 200


async def test_access_tokens_of_api_tokens_that_are_no_more(service: Service) -> None:
    """Deleted, or with their user: the access tokens are refused at once."""
    await seed(service.emulator)
    about = {"frontegg-tenant-id": "a", "frontegg-user-id": "ann"}
    bearers = []
    for path in ("/identity/resources/tenants/api-tokens/v2", "/identity/resources/users/api-tokens/v1"):
        made = (await service.send("POST", path, {}, headers=about)).json
        body = {"clientId": made["clientId"], "secret": made["secret"]}
        token = (await service.send("POST", f"{AUTH}/v2/api-token", body)).json["access_token"]
        bearers.append({"Authorization": f"Bearer {token}"})
        assert (await service.send("GET", MINE, headers=bearers[-1])).status == 200
    (own,) = (await service.send("GET", "/identity/resources/tenants/api-tokens/v1", headers=about)).json
    deleted = await service.send(
        "DELETE", f"/identity/resources/tenants/api-tokens/v1/{own['clientId']}", headers=about
    )
    assert deleted.status == 200
    body = {"srcTenantId": "a", "targetTenantId": "b"}
    assert (await service.send("PUT", "/identity/resources/users/v1/tenants/migrate", body)).status == 200
    assert [(await service.send("GET", MINE, headers=each)).status for each in bearers] == [401, 200]
    assert (await service.send("DELETE", "/tenants/resources/tenants/v1/b")).status == 200
    assert (await service.send("GET", MINE, headers=bearers[1])).status == 401
