"""API tokens with both clients: of tenants and of users, by the management and by users themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from frontegg_async import (
    ApiToken,
    AsyncFrontegg,
    AsyncFronteggUser,
    AuthenticationError,
    BadRequestError,
    InvalidArgumentError,
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    ResponseMismatchError,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.models import NewTenantApiToken, TenantApiToken
from frontegg_sync import Frontegg, FronteggUser
from tests.support.raw_server import CLOSE, http, raw_server

TENANTS = [{"tenantId": "acme", "name": "Acme"}, {"tenantId": "other", "name": "Other"}]
USERS = [{"id": "ann", "email": "ann@acme.example", "tenantId": "acme", "permissions": ["fe.secure.*"]}]
READ_ONLY = ("fe.secure.read.*",)


@pytest.fixture
def emulator(frontegg_emulator: EmulatorHandle) -> EmulatorHandle:
    """An environment with two tenants and a user."""
    frontegg_emulator.seed(tenants=TENANTS, users=USERS)
    return frontegg_emulator


def ids(tokens: Sequence[Any]) -> list[str]:
    return [token.client_id for token in tokens]


@pytest.mark.anyio
async def test_the_life_of_a_tenants_token(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """Created with its secret, listed without, changed, and deleted."""
    del emulator
    tokens = frontegg_client.api_tokens
    made = await tokens.create(
        "acme", description="ci", role_ids=["r1", "r1"], expires_in_minutes=90, metadata={"for": ["ci", None]}
    )
    assert (made.tenant_id, made.description, made.created_by_user_id) == ("acme", "ci", None)
    assert (made.role_ids, made.permission_ids, made.metadata) == (("r1",), (), {"for": ["ci", None]})
    assert made.expires_at is not None
    assert made.created_at is not None
    assert made.expires_at - made.created_at == dt.timedelta(minutes=90)
    assert made.secret.reveal().startswith("emu_")
    assert made.secret.reveal() not in f"{made!r}{made}{made.extra}"
    assert repr(made) == f"NewTenantApiToken(client_id={made.client_id!r}, tenant_id='acme')"

    (listed,) = await tokens.list("acme").all()
    assert type(listed) is TenantApiToken
    assert (listed.client_id, listed.description, listed.extra) == (made.client_id, "ci", {})
    changed = await tokens.update("acme", made.client_id, description=None, permission_ids=["p1"], metadata={})
    assert (changed.description, changed.role_ids, changed.permission_ids) == (None, (), ("p1",))
    assert changed.metadata == {}
    assert (await tokens.update("acme", made.client_id, role_ids=())).permission_ids == ()
    await tokens.delete("acme", made.client_id)
    assert await tokens.list("acme").all() == []
    assert await tokens.list("other").all() == []


def test_the_life_of_a_tenants_token_blocking(emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """The same without awaiting."""
    del emulator
    tokens = frontegg_sync_client.api_tokens
    made = tokens.create("acme", description="ci", permission_ids=["p1"], metadata={"a": 1})
    assert made.expires_at is None
    assert ids(tokens.list("acme").all()) == [made.client_id]
    assert tokens.update("acme", made.client_id, description="cd", role_ids=["r"]).role_ids == ("r",)
    tokens.delete("acme", made.client_id)
    assert tokens.list("acme").all() == []


@pytest.mark.anyio
async def test_the_life_of_a_users_token(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """It needs no roles: it may do what the user may."""
    del emulator
    tokens = frontegg_client.user_api_tokens
    made = await tokens.create(
        "ann", tenant_id="acme", description="cli", expires_in_minutes=5_256_000, metadata={"a": 1}
    )
    assert (made.description, made.metadata) == ("cli", {"a": 1})
    assert repr(made) == f"NewUserApiToken(client_id={made.client_id!r})"
    (listed,) = await tokens.list("ann", tenant_id="acme").all()
    assert (listed.client_id, listed.expires_at) == (made.client_id, made.expires_at)
    assert await frontegg_client.api_tokens.list("acme").all() == []
    await tokens.delete("ann", made.client_id, tenant_id="acme")
    assert await tokens.list("ann", tenant_id="acme").all() == []


def test_the_life_of_a_users_token_blocking(emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """The same without awaiting."""
    del emulator
    tokens = frontegg_sync_client.user_api_tokens
    made = tokens.create("ann", tenant_id="acme", description="cli")
    assert ids(tokens.list("ann", tenant_id="acme").all()) == [made.client_id]
    tokens.delete("ann", made.client_id, tenant_id="acme")
    assert tokens.list("ann", tenant_id="acme").all() == []


@pytest.mark.anyio
async def test_a_view_of_a_tenant(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """Its calls do not name the tenant."""
    del emulator
    view = frontegg_client.for_tenant("acme")
    own = await view.api_tokens.create(description="ci")
    anns = await view.user_api_tokens.create("ann", description="cli")
    assert (
        ids(await frontegg_client.api_tokens.list("acme").all())
        == ids(await view.api_tokens.list().all())
        == [own.client_id]
    )
    assert ids(await view.user_api_tokens.list("ann").all()) == [anns.client_id]
    assert (await view.api_tokens.update(own.client_id, description="cd")).description == "cd"
    await view.user_api_tokens.delete("ann", anns.client_id)
    await view.api_tokens.delete(own.client_id)
    assert await view.api_tokens.list().all() == []


def test_a_view_of_a_tenant_blocking(emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """The same without awaiting."""
    del emulator
    view = frontegg_sync_client.for_tenant("acme")
    own = view.api_tokens.create(description="ci")
    anns = view.user_api_tokens.create("ann")
    assert (ids(view.api_tokens.list().all()), ids(view.user_api_tokens.list("ann").all())) == (
        [own.client_id],
        [anns.client_id],
    )
    assert view.api_tokens.update(own.client_id, description="cd").description == "cd"
    view.user_api_tokens.delete("ann", anns.client_id)
    view.api_tokens.delete(own.client_id)
    assert view.api_tokens.list().all() == []


@pytest.mark.anyio
async def test_users_and_their_own(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """A user manages the tokens of its tenant and its own, and no header says so."""
    token = emulator.user_token(tenant_id="acme", user_id="ann").access_token
    async with frontegg_client.as_user(token) as user:
        own = await user.api_tokens.create(description="ci")
        mine = await user.personal_api_tokens.create(description="cli", expires_in_minutes=1, metadata={"a": None})
        assert own.created_by_user_id == "ann"
        assert (ids(await user.api_tokens.list().all()), ids(await user.personal_api_tokens.list().all())) == (
            [own.client_id],
            [mine.client_id],
        )
        assert (await user.api_tokens.update(own.client_id, metadata={"b": 1})).metadata == {"b": 1}
        assert ids(await frontegg_client.user_api_tokens.list("ann", tenant_id="acme").all()) == [mine.client_id]
        await user.personal_api_tokens.delete(mine.client_id)
        await user.api_tokens.delete(own.client_id)
        assert (await user.api_tokens.list().all(), await user.personal_api_tokens.list().all()) == ([], [])


def test_users_and_their_own_blocking(emulator: EmulatorHandle) -> None:
    """The same without awaiting."""
    token = emulator.user_token(tenant_id="acme", user_id="ann").access_token
    with FronteggUser(base_url=emulator.url, token=token) as user:
        own, mine = user.api_tokens.create(), user.personal_api_tokens.create()
        assert ids(user.api_tokens.list().all()) == [own.client_id]
        assert ids(user.personal_api_tokens.list().all()) == [mine.client_id]
        assert user.api_tokens.update(own.client_id, description="cd").description == "cd"
        user.personal_api_tokens.delete(mine.client_id)
        user.api_tokens.delete(own.client_id)
        assert (user.api_tokens.list().all(), user.personal_api_tokens.list().all()) == ([], [])


@pytest.mark.anyio
async def test_what_was_created_authenticates(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """Both kinds, by both versions of the service's routes, until they are deleted."""
    own = await frontegg_client.api_tokens.create("acme", permission_ids=["fe.secure.read.tenantApiTokens"])
    anns = await frontegg_client.user_api_tokens.create("ann", tenant_id="acme")
    for credential in (
        ApiToken(own.client_id, own.secret.reveal()),
        ApiToken(anns.client_id, anns.secret.reveal(), version=1, renewal="refresh"),
    ):
        async with AsyncFronteggUser(base_url=emulator.url, credential=credential) as user:
            assert ids(await user.api_tokens.list().all()) == [own.client_id]
            emulator.clock(advance=86_401)
            emulator.revoke_tokens()
            assert [tenant.tenant_id for tenant in await user.tenants.list().all()] == ["acme"]
    credential = ApiToken(own.client_id, own.secret.reveal())
    async with AsyncFronteggUser(base_url=emulator.url, credential=credential) as user:
        await frontegg_client.api_tokens.delete("acme", own.client_id)
        with pytest.raises(AuthenticationError):
            await user.tenants.list().all()


def test_what_was_created_authenticates_blocking(emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """The same without awaiting."""
    anns = frontegg_sync_client.user_api_tokens.create("ann", tenant_id="acme")
    credential = ApiToken(anns.client_id, anns.secret.reveal())
    with FronteggUser(base_url=emulator.url, credential=credential) as user:
        assert ids(user.personal_api_tokens.list().all()) == [anns.client_id]


UNKNOWN: Mapping[str, Callable[[Any], Any]] = {
    "create": lambda client: client.api_tokens.create("nobody"),
    "list": lambda client: client.api_tokens.list("nobody").all(),
    "update": lambda client: client.api_tokens.update("acme", "none", description="x"),
    "delete": lambda client: client.api_tokens.delete("acme", "none"),
    "create of a user": lambda client: client.user_api_tokens.create("nobody", tenant_id="acme"),
    "list of a user": lambda client: client.user_api_tokens.list("ann", tenant_id="other").all(),
    "delete of a user": lambda client: client.user_api_tokens.delete("ann", "none", tenant_id="acme"),
}


@pytest.mark.anyio
@pytest.mark.parametrize("what", UNKNOWN)
async def test_what_is_not_there(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, what: str) -> None:
    """It is not found."""
    del emulator
    with pytest.raises(NotFoundError):
        await UNKNOWN[what](frontegg_client)


@pytest.mark.parametrize("what", UNKNOWN)
def test_what_is_not_there_blocking(emulator: EmulatorHandle, frontegg_sync_client: Frontegg, what: str) -> None:
    """It is not found."""
    del emulator
    with pytest.raises(NotFoundError):
        UNKNOWN[what](frontegg_sync_client)


@pytest.mark.anyio
async def test_a_refusal_of_the_service(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """What the service may refuse and the SDK does not is a bad request."""
    emulator.set_switch("neither_roles_nor_permissions", "refuse")
    with pytest.raises(BadRequestError, match="roleIds"):
        await frontegg_client.api_tokens.create("acme")


FORBIDDEN: Mapping[str, Callable[[Any], Any]] = {
    "create": lambda user: user.api_tokens.create(),
    "update": lambda user: user.api_tokens.update("t", description="x"),
    "delete": lambda user: user.api_tokens.delete("t"),
    "create own": lambda user: user.personal_api_tokens.create(),
    "delete own": lambda user: user.personal_api_tokens.delete("t"),
}


@pytest.mark.anyio
@pytest.mark.parametrize("what", FORBIDDEN)
async def test_what_users_need(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, what: str) -> None:
    """A permission for each verb; those who may read may not write."""
    token = emulator.user_token(tenant_id="acme", permissions=READ_ONLY).access_token
    user = frontegg_client.as_user(token)
    assert (await user.api_tokens.list().all(), await user.personal_api_tokens.list().all()) == ([], [])
    with pytest.raises(PermissionDeniedError):
        await FORBIDDEN[what](user)


@pytest.mark.parametrize("what", FORBIDDEN)
def test_what_users_need_blocking(emulator: EmulatorHandle, frontegg_sync_client: Frontegg, what: str) -> None:
    """The same without awaiting."""
    user = frontegg_sync_client.as_user(emulator.user_token(tenant_id="acme", permissions=READ_ONLY).access_token)
    with pytest.raises(PermissionDeniedError):
        FORBIDDEN[what](user)


BAD: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    "both": (lambda client: client.api_tokens.create("acme", role_ids=["r"], permission_ids=["p"]), "either role_ids"),
    "no role": (lambda client: client.api_tokens.create("acme", role_ids=[]), "role_ids must have at least one"),
    "roles as text": (lambda client: client.api_tokens.create("acme", role_ids="r1"), "role_ids must be a sequence"),
    "a bad id": (lambda client: client.api_tokens.create("acme", permission_ids=["p", ""]), r"permission_ids\[1\]"),
    "no time": (lambda client: client.api_tokens.create("acme", expires_in_minutes=0), "expires_in_minutes"),
    "half a minute": (lambda client: client.api_tokens.create("acme", expires_in_minutes=1.5), "expires_in_minutes"),
    "metadata": (lambda client: client.api_tokens.create("acme", metadata="{}"), "metadata must be a mapping"),
    "NaN": (lambda client: client.api_tokens.create("acme", metadata={"a": float("nan")}), "metadata"),
    "description": (lambda client: client.api_tokens.create("acme", description=1), "description must be text"),
    "tenant": (lambda client: client.api_tokens.create(""), "tenant_id"),
    "nothing": (lambda client: client.api_tokens.update("acme", "t"), "at least one of description"),
    "both new": (
        lambda client: client.api_tokens.update("acme", "t", role_ids=[], permission_ids=["p"]),
        "either role_ids",
    ),
    "new roles as text": (lambda client: client.api_tokens.update("acme", "t", role_ids=""), "role_ids must be a seq"),
    "new metadata": (lambda client: client.api_tokens.update("acme", "t", metadata=[]), "metadata must be a mapping"),
    "client id": (lambda client: client.api_tokens.update("acme", "..", description="x"), "client_id"),
    "deleted id": (lambda client: client.api_tokens.delete("acme", ""), "client_id must not be empty"),
    "no metadata": (lambda client: client.api_tokens.update("acme", "id", metadata=None), "metadata must be a mapping"),
    "user": (lambda client: client.user_api_tokens.create(" ", tenant_id="acme"), "user_id"),
    "no user": (lambda client: client.user_api_tokens.create(None, tenant_id="acme"), "user_id must be text"),
    "list of no user": (
        lambda client: client.for_tenant("acme").user_api_tokens.list(None).all(),
        "user_id must be text",
    ),
    "token of no user": (
        lambda client: client.user_api_tokens.delete(None, "id", tenant_id="acme"),
        "user_id must be text",
    ),
    "user's time": (
        lambda client: client.user_api_tokens.create("ann", tenant_id="acme", expires_in_minutes=5_256_001),
        "from 1 to 5256000",
    ),
    "user's metadata": (
        lambda client: client.user_api_tokens.create("ann", tenant_id="acme", metadata=1),
        "metadata must be",
    ),
    "user's list": (lambda client: client.user_api_tokens.list("", tenant_id="acme").all(), "user_id"),
    "user's token": (lambda client: client.user_api_tokens.delete("ann", ".", tenant_id="acme"), "client_id"),
}


@pytest.mark.anyio
@pytest.mark.parametrize("what", BAD)
async def test_bad_arguments(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, what: str) -> None:
    """They are refused before anything is sent; the message names the argument."""
    call, message = BAD[what]
    with pytest.raises(InvalidArgumentError, match=message):
        await call(frontegg_client)
    assert emulator.journal() == []


@pytest.mark.parametrize("what", BAD)
def test_bad_arguments_blocking(emulator: EmulatorHandle, frontegg_sync_client: Frontegg, what: str) -> None:
    """The same without awaiting."""
    call, message = BAD[what]
    with pytest.raises(InvalidArgumentError, match=message):
        call(frontegg_sync_client)
    assert emulator.journal() == []


@pytest.mark.anyio
async def test_a_create_whose_answer_is_lost(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """It is not sent again: a second token would be one too many, and nobody has the secret of the first."""
    match = {"method": "POST", "path": "/identity/*", "times": 1}
    emulator.add_fault(match=match, stage="after_commit", action={"type": "reset"})
    with pytest.raises(OutcomeUnknownError) as unknown:
        await frontegg_client.api_tokens.create("acme", description="ci", role_ids=["r"], metadata={"hush": 1})
    assert unknown.value.asked == {"tenant_id": "acme", "description": "ci", "role_ids": ("r",)}
    assert len(await frontegg_client.api_tokens.list("acme").all()) == 1
    emulator.add_fault(match=match, stage="after_commit", action={"type": "close"})
    with pytest.raises(OutcomeUnknownError) as unknown:
        await frontegg_client.user_api_tokens.create("ann", tenant_id="acme", expires_in_minutes=5)
    assert unknown.value.asked == {"tenant_id": "acme", "user_id": "ann", "expires_in_minutes": 5}
    assert len(await frontegg_client.user_api_tokens.list("ann", tenant_id="acme").all()) == 1


@pytest.mark.anyio
async def test_a_delete_whose_answer_is_lost(emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """It is sent again, and what is not found then was deleted before."""
    made = await frontegg_client.api_tokens.create("acme")
    emulator.add_fault(match={"method": "DELETE", "times": 1}, stage="after_commit", action={"type": "reset"})
    await frontegg_client.api_tokens.delete("acme", made.client_id)
    assert await frontegg_client.api_tokens.list("acme").all() == []


ROW = {
    "clientId": "c",
    "tenantId": "t1",
    "description": None,
    "createdByUserId": None,
    "metadata": {},
    "createdAt": None,
}


@pytest.mark.anyio
async def test_odd_answers() -> None:
    """Null and missing lists are empty, unknown fields are kept, and a secret is not, where it does not belong."""
    odd = {**ROW, "roleIds": None, "secret": "hush", "more": 1}
    async with (
        raw_server(http(200, [odd, {**ROW, "expires": "2030-01-01T00:00:00Z"}])) as server,
        AsyncFrontegg("emu_client", "emu_secret", base_url=server.url) as frontegg,
    ):
        first, second = await frontegg.api_tokens.list("t1").all()
    assert (first.role_ids, first.permission_ids, first.extra) == ((), (), {"more": 1})
    assert second.expires_at == dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


@pytest.mark.anyio
async def test_an_answer_about_another_tenant() -> None:
    """It is refused; a create may have been made then."""
    answers = (http(200, [{**ROW, "tenantId": "t2"}]), http(201, {**ROW, "tenantId": "t2", "secret": "hush"}))
    async with (
        raw_server(*answers) as server,
        AsyncFrontegg("emu_client", "emu_secret", base_url=server.url) as frontegg,
    ):
        with pytest.raises(ResponseMismatchError):
            await frontegg.api_tokens.list("t1").all()
        with pytest.raises(OutcomeUnknownError) as unknown:
            await frontegg.api_tokens.create("t1")
    assert "hush" not in repr(unknown.value)


@pytest.mark.anyio
async def test_what_is_sent() -> None:
    """What is not given is not sent; headers say whose tokens they are."""
    new = {**ROW, "secret": "hush"}
    async with (
        raw_server(http(201, new), http(201, new), CLOSE) as server,
        AsyncFrontegg("emu_client", "emu_secret", base_url=server.url) as frontegg,
    ):
        made = await frontegg.api_tokens.create("t1")
        await frontegg.user_api_tokens.create("u1", tenant_id="t1", description="")
        with pytest.raises(OutcomeUnknownError):
            await frontegg.user_api_tokens.create("u1", tenant_id="t1")
    first, second, _ = server.requests
    assert isinstance(made, NewTenantApiToken)
    assert (first.path, first.body) == ("/identity/resources/tenants/api-tokens/v2", b"{}")
    assert (first.headers["frontegg-tenant-id"], "frontegg-user-id" in first.headers) == ("t1", False)
    assert (second.headers["frontegg-tenant-id"], second.headers["frontegg-user-id"]) == ("t1", "u1")
    assert second.body == b'{"description":""}'
