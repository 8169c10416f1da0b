"""What `@frontegg/rest-api` 7.119.0 sends about a person: as a portal with a token, and as a log-in box without one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs
import pytest

from tests.emulator.support import Service
from tests.emulator.test_replays import Sent, get, replay

pytestmark = pytest.mark.anyio

USERS: Final = "/identity/resources/users"
PHONES: Final = f"{USERS}/phone-numbers/v1"
NUMBER: Final = "+4930123456"
OLD, NEW, NEWEST = "emu_Ann-secret-1", "emu_Ann-secret-2", "emu_Ann-secret-3"

BEFORE_CODES: Final = (
    Sent("POST", f"{USERS}/v1/passwords/change", {"password": OLD, "newPassword": NEW}, status=201),
    get(f"{USERS}/v1/passwords/config"),
    Sent("PUT", f"{USERS}/v2/me", {"name": "Ann 2"}, reads={"name": "Ann 2"}),
    Sent("POST", "/identity/resources/usernames/v1", {"username": "ann_a"}, status=201),
    get("/identity/resources/usernames/v1/me", {"username": "ann_a"}),
    get("/identity/resources/usernames/v1?userIds=ann", {"username": "ann_a", "userId": "ann"}),
    Sent("DELETE", "/identity/resources/usernames/v1/ann_a"),
    get(f"{USERS}/emails/v1?userIds=ann", {"userId": "ann", "email": "ann@t.example"}),
    get(f"{USERS}/temporary/v1/configuration"),
    Sent("PUT", f"{USERS}/temporary/v1/bob", {"expirationInSeconds": 3_600}, status=201),
    Sent("DELETE", f"{USERS}/temporary/v1/bob"),
    Sent("POST", PHONES, {"phoneNumber": NUMBER, "verify": True}, status=201, keeps="otc", key="otcToken"),
)
"""What the portal sends until a code comes."""


def _portal(requests: tuple[Sent, ...]) -> list[Sent]:
    return [attrs.evolve(each, path=f"/frontegg{each.path}") for each in requests]


async def _last_code(service: Service) -> str:
    code = (await service.emulator.outbox())[-1].code
    assert code
    return code


async def _signed_in(service: Service) -> None:
    await service.create("t")
    users: list[Mapping[str, Any]] = [
        {"id": "ann", "email": "ann@t.example", "tenantId": "t", "password": OLD},
        {"id": "bob", "email": "bob@t.example", "tenantId": "t"},
    ]
    await service.emulator.seed(users=users)
    token = await service.emulator.user_token(tenant_id="t", user_id="ann", permissions=["fe.secure.*"])
    service.token = token.access_token


async def test_the_portal_changes_a_profile(service: Service) -> None:
    """Password, name, user name, expiration of a colleague, and a phone number with its codes."""
    await _signed_in(service)
    kept: dict[str, str] = {}
    await replay(service, _portal(BEFORE_CODES))
    sent = await service.send("POST", f"/frontegg{PHONES}/preverify", {"phoneNumber": NUMBER})
    kept["otc"] = sent.json["otcToken"]
    verify = {"otcToken": "<otc>", "code": await _last_code(service)}
    await replay(
        service,
        _portal(
            (
                Sent("POST", f"{PHONES}/verify", verify),
                get(f"{PHONES}/me", {"phoneNumber": NUMBER, "verified": True}, keeps="phone"),
                get(f"{USERS}/phone-numbers/v2?userIds=ann", {"userId": "ann", "phoneNumber": NUMBER}),
                Sent("DELETE", f"{PHONES}/<phone>", keeps="deletion", key="otcToken"),
            )
        ),
        **kept,
    )


async def test_a_person_changes_the_address(service: Service) -> None:
    """By a code that comes to the new one."""
    await _signed_in(service)
    path = f"/frontegg{USERS}/v1/email/me"
    assert (await service.send("POST", path, {"email": "new@t.example"})).status == 200
    body = {"email": "new@t.example", "code": await _last_code(service)}
    assert (await service.send("POST", f"{path}/verify", body)).status == 200
    assert (await service.send("GET", f"/frontegg{USERS}/v2/me")).json["email"] == "new@t.example"


async def test_the_log_in_box_sets_a_forgotten_password(service: Service) -> None:
    """Without a token: the link of the e-mail has the id of the user and a token, which works once."""
    await _signed_in(service)
    service.token = ""
    host = {"frontegg-vendor-host": service.emulator.url}
    forgot = {"email": "ann@t.example", "identifier": "ann@t.example", "identifierType": "email"}
    await replay(service, [Sent("POST", f"/frontegg{USERS}/v1/passwords/reset", forgot, status=201, headers=host)])
    (email,) = await service.emulator.outbox()
    query = dict(pair.split("=") for pair in (email.link or "").partition("?")[2].split("&"))
    chosen = {"userId": query["userId"], "token": query["token"], "password": NEWEST}
    path = f"/frontegg{USERS}/v1/passwords/reset/verify"
    await replay(service, [Sent("POST", path, chosen, status=201, headers=host)])
    assert (await service.send("POST", path, chosen, headers=host)).status == 400
    signed_in = {"email": "ann@t.example", "password": NEWEST}
    await replay(service, [Sent("POST", "/frontegg/identity/resources/auth/v1/user", signed_in, headers=host)])
