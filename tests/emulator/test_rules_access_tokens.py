"""The rules of opaque access tokens, without HTTP; and how one is made."""

from __future__ import annotations

from typing import Any, Final

import pytest

from frontegg_async.emulator import Emulator
from frontegg_async.emulator.answers import Refusal
from frontegg_async.emulator.calls import Call
from frontegg_async.emulator.environment import Environment
from frontegg_async.emulator.rows import UserRow
from frontegg_async.emulator.rules import RULES
from frontegg_async.emulator.tables.access_tokens import AccessTokenRow
from tests.emulator.support import Service, create, make_environment, run, shown

TENANT: Final = "access_tokens.tenant_token"
USER: Final = "access_tokens.user_token"
ACTIVE_TENANT: Final = "access_tokens.active_tenant_tokens"
ACTIVE_USER: Final = "access_tokens.active_user_tokens"


def ask(environment: Environment, operation: str, tenant_id: str, **path: str) -> tuple[int, Any]:
    """Return the status and the body of what a rule says about a tenant."""
    try:
        answer = RULES[operation].run(environment, Call(tenant_id=tenant_id, path=path))
    except Refusal as refused:
        answer = refused.answer
    return answer.status, shown(answer)


def populated(**behaviour: str | int) -> Environment:
    """Two tenants; one has a token of its own, one of its user, and one of each that is over."""
    environment = make_environment(**behaviour)
    create(environment, "acme")
    create(environment, "other")
    state = environment.state
    state.put_user(UserRow(id="ann", email="ann@acme.example", tenant_id="acme", tenant_ids=("acme",)))
    over = "2023-11-14T22:13:20.000Z"
    later = "2023-11-14T22:13:21.000Z"
    state.put(AccessTokenRow(id="own", tenant_id="acme", roles=("Admin",), permissions=("fe.a.*",), expires=later))
    state.put(AccessTokenRow(id="anns", tenant_id="acme", user_id="ann"))
    state.put(AccessTokenRow(id="own-over", tenant_id="acme", expires=over))
    state.put(AccessTokenRow(id="anns-over", tenant_id="acme", user_id="ann", expires=over))
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


@pytest.mark.anyio
async def test_the_admin_verb(service: Service) -> None:
    """A token is made for a tenant or a user that exists; it survives a snapshot; the journal does not show it."""
    await service.emulator.seed(
        tenants=[{"tenantId": "acme", "name": "Acme"}],
        users=[{"id": "ann", "email": "a@b.example", "tenantId": "acme"}],
    )
    body = {"tenantId": "acme", "userId": "ann", "roles": ["Admin"], "permissions": ["*"], "expires_in": 60}
    made = (await service.admin("POST", "access-tokens", body)).json
    assert (made["tenantId"], made["userId"], made["roles"], made["permissions"]) == ("acme", "ann", ["Admin"], ["*"])
    await service.emulator.restore(await service.emulator.snapshot())
    await service.authenticate()
    path = f"/identity/resources/vendor-only/users/access-tokens/v1/{made['id']}"
    answer = await service.send("GET", path, headers={"frontegg-tenant-id": "acme"})
    assert answer.json == made
    shown_paths = [entry.path for entry in await service.emulator.journal()]
    assert shown_paths[-1] == "/identity/resources/vendor-only/users/access-tokens/v1/{id}"
    for method, wrong in (("POST", path), ("GET", f"{path}/"), ("GET", f"/frontegg/{path}")):
        assert (await service.send(method, wrong)).status == 404
    assert made["id"] not in (await service.send("GET", "/_emulator/v1/journal")).raw.decode()


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
        {"tenantId": "acme", "expires_in": -1},
        {"tenantId": "acme", "more": 1},
    ],
)
async def test_what_the_admin_verb_refuses(service: Service, body: dict[str, object]) -> None:
    """A tenant and a user that exist and belong together, an id that is free, and a time to come."""
    tenants = [{"tenantId": "acme", "name": "Acme"}, {"tenantId": "other", "name": "Other"}]
    await service.emulator.seed(tenants=tenants, users=[{"id": "bob", "email": "b@b.example", "tenantId": "other"}])
    assert await service.emulator.access_token(tenant_id="acme", id="taken") == "taken"
    assert (await service.admin("POST", "access-tokens", body)).status == 400


def test_the_blocking_handle() -> None:
    """It makes tokens too."""
    with Emulator() as emulator:
        emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
        assert emulator.access_token(tenant_id="acme", expires_in=60.0)
