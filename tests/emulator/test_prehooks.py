"""Prehooks that the emulator calls: what is asked, and what each response does."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import jwt
import pytest

from frontegg_async import (
    APIError,
    BadRequestError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
)
from frontegg_async.emulator.services.registry import RULES
from tests.emulator.hook_stage import SECRET, Stage
from tests.emulator.support import Service

pytestmark = pytest.mark.anyio


async def test_a_prehook_allows(stage: Stage) -> None:
    """It is asked before each event, with the same header as a webhook."""
    await stage.prehook()
    stage.receiver.status, stage.receiver.answer = 200, {"continue": True}
    await stage.create("a")
    await stage.frontegg.tenants.update("a", name="B")
    await stage.frontegg.tenants.delete("a")
    keys = [call.body["eventKey"] for call in stage.receiver.calls]
    assert keys == ["CREATE_TENANT", "UPDATE_TENANT", "DELETE_TENANT"]
    assert stage.receiver.tenants() == ["a", "a", "a"]
    assert stage.receiver.calls[1].body["data"] == {"name": "B"}
    jwt.decode(stage.receiver.calls[0].signature or "", SECRET, ["HS256"])


async def test_prehooks_about_users(stage: Stage) -> None:
    """They are asked before invitations, changes, deletions and tokens, and get no password."""
    keys = {
        "USER_INVITE": (
            "sub_tenants.users.add sub_tenants.users.add_many users.add_to_tenant users.invite users.invite_many "
            "users.invite_v1"
        ),
        "USER_UPDATE": "me.update_profile users.replace_all_fields users.set_email users.update",
        "USER_DELETE": "sub_tenants.users.remove team_members.remove users.remove",
        "JWT_GENERATION": (
            "sessions.exchange_api_token sessions.exchange_api_token_v1 sessions.login sessions.refresh "
            "sessions.refresh_api_token sessions.refresh_api_token_v1"
        ),
    }
    for key, names in keys.items():
        assert sorted(name for name, rule in RULES.items() if rule.prehook == key) == names.split()
    await stage.create("a")
    await stage.prehook(event_keys=list(keys))
    stage.receiver.status, stage.receiver.answer = 200, {"continue": True}
    async with aiohttp.ClientSession() as session:
        service = Service(stage.emulator, session)
        await service.authenticate()
        ann = {"email": "ann@a.example", "password": "emu-ann"}
        path, headers = "/identity/resources/users/bulk/v1/invite", {"frontegg-tenant-id": "a"}
        assert (await service.send("POST", path, {"users": [ann]}, headers=headers)).status == 202
        user_id = (await service.send("POST", "/identity/resources/auth/v1/user", ann)).json["userId"]
        await service.send("DELETE", f"/identity/resources/users/v1/{user_id}", headers=headers)
    bodies = [call.body for call in stage.receiver.calls]
    assert [(body["eventKey"], body["eventContext"].get("userId")) for body in bodies] == [
        ("USER_INVITE", None),
        ("JWT_GENERATION", user_id),
        ("USER_DELETE", user_id),
    ]
    assert bodies[1]["eventContext"]["tenantId"] == "a"
    assert bodies[0]["data"] == {"users": [{"email": "ann@a.example"}]}
    assert "emu-ann" not in str(bodies)


@pytest.mark.parametrize(
    ("response", "plan", "roles"),
    [
        ({"claims": {"plan": "pro", "roles": ["guest"], "sub": "no", "tenantId": "no"}}, "pro", ["guest"]),
        ({"claims": "no object"}, None, ["ReadOnly"]),
        (None, None, ["ReadOnly"]),
    ],
)
async def test_a_prehook_gives_claims(stage: Stage, response: object, plan: object, roles: list[str]) -> None:
    """It replaces claims of tokens that are issued, except those that say whose they are."""
    await stage.create("a")
    ann = {"email": "ann@a.example", "password": "emu-ann"}
    await stage.emulator.seed(users=[{**ann, "id": "ann", "tenantId": "a", "roles": ["ReadOnly"]}])
    await stage.prehook(event_keys=["JWT_GENERATION"])
    await stage.webhook(event_keys=["frontegg.user.failedAuthentication"])
    stage.receiver.status, stage.receiver.answer = 200, {"continue": True, "response": response}
    async with aiohttp.ClientSession() as session:
        service = Service(stage.emulator, session)
        path = "/identity/resources/auth/v1/user"
        tokens = [(await service.send("POST", path, ann)).json]
        body, headers = {"refreshToken": tokens[0]["refreshToken"]}, {"frontegg-vendor-host": "a.example"}
        tokens.append((await service.send("POST", f"{path}/token/refresh", body, headers=headers)).json)
        for token in tokens:
            said = jwt.decode(token["accessToken"], options={"verify_signature": False})
            assert (said.get("plan"), said["roles"], said["sub"], said["tenantId"]) == (plan, roles, "ann", "a")
        assert stage.receiver.calls[0].body["data"]["claims"]["roles"] == ["ReadOnly"]
        assert (await service.send("POST", path, {**ann, "password": "emu-wrong"})).status == 401
    await stage.emulator.deliveries_done()
    (failure,) = stage.receiver.calls[2:]
    assert failure.body["eventKey"] == "frontegg.user.failedAuthentication"
    assert failure.body["eventContext"]["userId"] == "ann"


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        ({"status": 422, "message": ["Too", "small"]}, 422, "Too, small"),
        ({"status": 400, "message": "No"}, 400, "No"),
        ({"status": 500, "message": "No"}, 403, "No"),
        ("no object", 403, "Refused by a prehook"),
        (None, 403, "Refused by a prehook"),
    ],
)
async def test_a_prehook_refuses(stage: Stage, error: object, status: int, words: str) -> None:
    """The request is refused with its status, and nothing has changed."""
    await stage.prehook("open")
    await stage.webhook()
    stage.receiver.status, stage.receiver.answer = 200, {"continue": False, "error": error}
    with pytest.raises((BadRequestError, PermissionDeniedError)) as caught:
        await stage.create("a")
    assert (caught.value.status, caught.value.messages) == (status, (words,))
    assert await stage.frontegg.tenants.list().count() == 0
    assert len(stage.receiver.calls) == 1


async def test_a_prehook_refuses_rows(stage: Stage, tmp_path: Path) -> None:
    """Of bulk work, of which it is no failure as a whole."""
    await stage.prehook()
    stage.receiver.status, stage.receiver.answer = 200, {"continue": False, "error": {"status": 422, "message": "No"}}
    rows = [{"tenant_id": each, "name": each} for each in "ab"]
    report = await stage.frontegg.bulk.create(rows, ledger=str(tmp_path / "ledger"), on_bad_row="report")
    assert (report.succeeded, report.failed, report.unknown) == (0, 2, 0)


async def test_a_prehook_that_asks_for_another_try(stage: Stage) -> None:
    """Its status is passed on, which nothing tells from a rate limit; with a switch it is 403."""
    await stage.prehook()
    await stage.emulator.set_switch("prehook_status", "refusals")
    for status in (401, 408, 425, 429):
        stage.receiver.status = 200
        stage.receiver.answer = {"continue": False, "error": {"status": status, "message": "No"}}
        with pytest.raises(PermissionDeniedError, match="No"):
            await stage.create("a")
    await stage.emulator.set_switch("prehook_status", "all")
    with pytest.raises(RateLimitError, match="No"):
        await stage.frontegg.with_options(max_retries=0).tenants.create(name="A")


@pytest.mark.parametrize(
    ("status", "answer"),
    [(500, {"continue": True}), (200, {"continue": "yes"}), (200, [True]), (204, None), (302, None)],
)
async def test_a_prehook_fails(stage: Stage, status: int, answer: object) -> None:
    """With OPEN the event goes on, with CLOSE it is refused, by the status of a switch."""
    stage.receiver.status, stage.receiver.answer = status, answer
    await stage.prehook("open")
    await stage.create("a")
    (hook,) = await stage.frontegg.prehooks.list().all()
    await stage.frontegg.prehooks.update(hook.id, fail_method="close")
    for value, kind in ((403, PermissionDeniedError), (500, ServerError)):
        await stage.emulator.set_switch("failed_prehook", value)
        options = stage.frontegg.with_options(max_retries=0)
        with pytest.raises(APIError) as caught:
            await options.tenants.create(tenant_id="b", name="B")
        assert isinstance(caught.value, kind)
    await stage.frontegg.prehooks.update(hook.id, is_active=False)
    await stage.create("b")
