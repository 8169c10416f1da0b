"""Access tokens of tenants and users: how they are managed, and their roles and permissions."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

import pytest

from frontegg_async import (
    AsyncFrontegg,
    InvalidArgumentError,
    MissingPermissionError,
    NotFoundError,
    OutcomeUnknownError,
    ResponseMismatchError,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.models import (
    AccessToken,
    NewTenantAccessToken,
    NewUserAccessToken,
    TenantAccessToken,
    TokenType,
    UserAccessToken,
)
from frontegg_sync import Frontegg
from tests.support.clients import make_client
from tests.support.flavours import FLAVOURS, clients_of, do
from tests.support.raw_server import http, raw_server

TENANTS = [{"tenantId": "acme", "name": "Acme"}, {"tenantId": "other", "name": "Other"}]
USERS = [{"id": "ann", "email": "ann@acme.example", "tenantId": "acme"}]


@pytest.mark.anyio
async def test_what_tokens_entitle_to(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """Of the tenant itself and of its user, by id, and which are good."""
    frontegg_emulator.seed(tenants=TENANTS, users=USERS)
    own = frontegg_emulator.access_token(tenant_id="acme", roles=["Admin"], expires_in=3600).id
    anns = frontegg_emulator.access_token(tenant_id="acme", user_id="ann", permissions=["fe.secure.read.*"]).id
    tokens = frontegg_client.access_tokens

    found = await tokens.get_tenant_token("acme", own)
    assert (found.id, found.tenant_id, found.user_id, found.roles) == (own, "acme", None, ("Admin",))
    assert found.expires_at is not None
    assert found.expires_at.tzinfo is dt.UTC
    found = await tokens.get_user_token("acme", anns)
    assert (found.user_id, found.permissions, found.expires_at) == ("ann", ("fe.secure.read.*",), None)
    assert found.may("fe.secure.read.users")
    assert await tokens.list_active_tenant_tokens("acme") == (own,)
    assert await tokens.list_active_user_tokens("acme") == (anns,)
    frontegg_emulator.clock(advance=3600)
    assert await tokens.list_active_tenant_tokens("acme") == ()
    for tenant_id, token_id in (("acme", own), ("acme", anns), ("other", own), ("acme", "nothing")):
        with pytest.raises(NotFoundError):
            await tokens.get_tenant_token(tenant_id, token_id)
    for tenant_id in ("other", "nobody"):
        with pytest.raises(NotFoundError):
            await tokens.get_user_token(tenant_id, anns)
    with pytest.raises(NotFoundError):
        await tokens.list_active_tenant_tokens("nobody")
    with pytest.raises(NotFoundError):
        await tokens.list_active_user_tokens("nobody")


def test_blocking(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """The same without awaiting."""
    frontegg_emulator.seed(tenants=TENANTS, users=USERS)
    own = frontegg_emulator.access_token(tenant_id="acme").id
    anns = frontegg_emulator.access_token(tenant_id="acme", user_id="ann", permissions=["fe.a"]).id
    tokens = frontegg_sync_client.access_tokens

    assert tokens.get_tenant_token("acme", own).id == own
    assert tokens.get_user_token("acme", anns).permissions == ("fe.a",)
    assert (tokens.list_active_tenant_tokens("acme"), tokens.list_active_user_tokens("acme")) == ((own,), (anns,))
    with pytest.raises(NotFoundError):
        tokens.get_tenant_token("acme", "nothing")
    with pytest.raises(NotFoundError):
        tokens.get_user_token("acme", own)
    with pytest.raises(NotFoundError):
        tokens.list_active_user_tokens("nobody")
    with pytest.raises(NotFoundError):
        tokens.list_active_tenant_tokens("nobody")
    with pytest.raises(InvalidArgumentError, match="token_id"):
        tokens.get_user_token("acme", "")


@pytest.mark.anyio
@pytest.mark.parametrize("bad", ["", "..", "a\n", "x" * 257, "\ud800"], ids=ascii)
async def test_malformed_ids_are_not_sent(bad: str) -> None:
    """The error names the argument."""
    async with raw_server() as server, make_client(server.url) as client:
        for ask in (client.access_tokens.get_tenant_token, client.access_tokens.get_user_token):
            with pytest.raises(InvalidArgumentError, match=r"^token_id "):
                await ask("acme", bad)
            with pytest.raises(InvalidArgumentError, match=r"^tenant_id "):
                await ask(bad, "token")
            with pytest.raises(InvalidArgumentError, match=r"^token_id must not be 'active'"):
                await ask("acme", "active")
            with pytest.raises(InvalidArgumentError, match=r"^token_id must not be 'active'"):
                await ask("acme", "ACTIVE")
    assert server.requests == []


@pytest.mark.anyio
async def test_a_token_of_another_tenant_is_not_taken() -> None:
    """A response about another tenant than the one of the call is somebody else's."""
    row: dict[str, object] = {"id": "t", "tenantId": "other", "roles": [], "permissions": []}
    async with raw_server(http(200, row)) as server, make_client(server.url) as client:
        with pytest.raises(ResponseMismatchError):
            await client.access_tokens.get_tenant_token("acme", "t")


@pytest.mark.parametrize(
    ("held", "wanted", "covered"),
    [
        ("fe.a", "fe.a", True),
        ("fe.a", "fe.a.b", False),
        ("fe.a.b", "fe.a", False),
        ("fe.A", "fe.a", False),
        ("fe.secure.read.*", "fe.secure.read.users", True),
        ("fe.secure.read.*", "fe.secure.read.users.all", True),
        ("fe.secure.read.*", "fe.secure.write.users", False),
        ("fe.secure.read.*", "fe.secure.read", False),
        ("fe.secure.read.*", "fe.secure.read.", False),
        ("fe.secure.*", "fe.secure.read.users", True),
        ("fe.secure.*", "fe.secure.*", True),
        ("fe.secure.read.*", "fe.secure.*", False),
        ("fe.secure.*", "fe.secured", False),
        ("fe.sec*", "fe.secure", False),
        ("fe.*.read", "fe.secure.read", False),
        ("*.read", "fe.read", False),
        ("**", "fe.a", False),
        (".*", "fe.a", False),
        ("*", "fe.a", True),
        ("", "fe.a", False),
    ],
)
def test_which_permissions_cover_which(held: str, wanted: str, covered: bool) -> None:
    """By name, or by a star in the place of the last part."""
    token = AccessToken(id="t", tenant_id="acme", permissions=("fe.other", held))

    assert token.may(wanted) is covered
    if covered:
        token.require(permission=wanted)
    else:
        with pytest.raises(MissingPermissionError):
            token.require(permission=wanted)


def test_what_is_required() -> None:
    """All that is named, and the error has the names of what is lacking."""
    token = AccessToken(id="t", tenant_id="acme", permissions=("fe.a", "fe.b.*"), roles=("Admin",))
    token.require(permission=["fe.a", "fe.b.c"], role="Admin")
    token.require(role=["Admin"])
    with pytest.raises(MissingPermissionError, match=r"permission fe\.c, role Owner") as caught:
        token.require(permission=["fe.a", "fe.c"], role=["Admin", "Owner"])
    assert caught.value.missing == ("fe.c", "Owner")


@pytest.mark.parametrize(
    "given",
    [
        *({}, {"permission": ""}, {"permission": []}, {"role": ()}, {"permission": ["fe.a", ""]}),
        *({"permission": 1}, {"role": [1]}, {"role": b"Admin"}, {"role": "a\nb"}, {"permission": "fe.a", "role": []}),
    ],
    ids=ascii,
)
def test_a_requirement_that_requires_nothing_is_an_error(given: dict[str, object]) -> None:
    """An empty list must not let everybody in."""
    token = AccessToken(id="t", tenant_id="acme", permissions=("*",), roles=("Admin",))
    with pytest.raises(InvalidArgumentError):
        token.require(**given)  # type: ignore[arg-type]
    for bad in ("", 1, None, ["fe.a", "fe.b"]):
        with pytest.raises(InvalidArgumentError):
            token.may(bad)  # type: ignore[arg-type]


def test_what_shows_of_a_token() -> None:
    """Its id, which is no secret: the JWT is."""
    token = AccessToken(id="t1", tenant_id="acme", user_id="ann", permissions=("fe.a",))
    assert repr(token) == "AccessToken(id='t1', tenant_id='acme', user_id='ann', expires_at=None)"
    assert (token.type, AccessToken(id="t1", tenant_id="acme").type) == (
        TokenType.USER_ACCESS,
        TokenType.TENANT_ACCESS,
    )


@pytest.mark.anyio
@pytest.mark.parametrize("flavour", FLAVOURS)
async def test_how_tokens_are_managed(frontegg_emulator: EmulatorHandle, flavour: str) -> None:
    """Created, listed and deleted, of a tenant and of a user, by each who may; the JWT comes once and does not show."""
    frontegg_emulator.seed(tenants=TENANTS, users=USERS)
    async with clients_of(frontegg_emulator, flavour) as clients:
        manager, ann = clients.manager, clients.user("fe.secure.*", tenant_id="acme")
        view = manager.for_tenant("acme")
        made: list[Any] = [
            await do(manager.access_tokens.create, "acme", description="ci", role_ids=["r1"], expires_in_minutes=60),
            await do(view.access_tokens.create, description="view"),
            await do(ann.access_tokens.create, description="ann", role_ids=("r2",)),
        ]
        assert [(each.description, each.role_ids) for each in made] == [
            ("ci", ("r1",)),
            ("view", ()),
            ("ann", ("r2",)),
        ]
        assert [each.created_by_user_id for each in made] == [None, None, "ann"]
        assert (made[0].expires_at - made[0].created_at, made[1].expires_at) == (dt.timedelta(hours=1), None)
        for each in made:
            assert isinstance(each, NewTenantAccessToken)
            assert each.secret.reveal().count(".") == 2
            assert each.secret.reveal() not in repr(each) + str(each.secret)
        for ask in (
            functools.partial(manager.access_tokens.list, "acme"),
            view.access_tokens.list,
            ann.access_tokens.list,
        ):
            listed = await do(ask().all)
            assert [each.id for each in listed] == [each.id for each in made]
            assert {type(each) for each in listed} == {TenantAccessToken}
            assert not any("secret" in each.extra for each in listed)
        assert (await do(view.access_tokens.get_tenant_token, made[0].id)).roles == ("r1",)
        await do(manager.access_tokens.delete, "acme", made[0].id)
        await do(view.access_tokens.delete, made[1].id)
        await do(ann.access_tokens.delete, made[2].id)
        assert await do(view.access_tokens.list_active_tenant_tokens) == ()
        with pytest.raises(NotFoundError):
            await do(manager.access_tokens.delete, "acme", made[0].id)


@pytest.mark.anyio
@pytest.mark.parametrize("flavour", FLAVOURS)
async def test_how_tokens_of_users_are_managed(frontegg_emulator: EmulatorHandle, flavour: str) -> None:
    """By the management with the user's id, and by the user without."""
    frontegg_emulator.seed(tenants=TENANTS, users=USERS)
    async with clients_of(frontegg_emulator, flavour) as clients:
        manager = clients.manager
        token = frontegg_emulator.user_token(tenant_id="acme", user_id="ann", permissions=["fe.secure.*"])
        ann = clients.user_with(token.access_token)
        view = manager.for_tenant("acme")
        made: list[Any] = [
            await do(
                manager.user_access_tokens.create, "ann", tenant_id="acme", description="cli", expires_in_minutes=60
            ),
            await do(view.user_access_tokens.create, "ann"),
            await do(ann.personal_access_tokens.create, description="mine"),
        ]
        assert [each.description for each in made] == ["cli", None, "mine"]
        assert made[0].expires_at - made[0].created_at == dt.timedelta(hours=1)
        assert {type(each) for each in made} == {NewUserAccessToken}
        for ask in (
            functools.partial(manager.user_access_tokens.list, "ann", tenant_id="acme"),
            functools.partial(view.user_access_tokens.list, "ann"),
            ann.personal_access_tokens.list,
        ):
            listed = await do(ask().all)
            assert [each.id for each in listed] == [each.id for each in made]
            assert {type(each) for each in listed} == {UserAccessToken}
        assert await do(manager.access_tokens.list("acme").all) == []
        assert (await do(view.access_tokens.get_user_token, made[2].id)).user_id == "ann"
        await do(manager.user_access_tokens.delete, "ann", made[0].id, tenant_id="acme")
        await do(view.user_access_tokens.delete, "ann", made[1].id)
        await do(ann.personal_access_tokens.delete, made[2].id)
        assert await do(manager.access_tokens.list_active_user_tokens, "acme") == ()


@pytest.mark.anyio
@pytest.mark.parametrize("flavour", FLAVOURS)
async def test_a_create_is_never_sent_twice(frontegg_emulator: EmulatorHandle, flavour: str) -> None:
    """When the response is lost, the error says what was asked for."""
    frontegg_emulator.seed(tenants=TENANTS, users=USERS)
    lost: Any = {"stage": "after_commit", "action": {"type": "reset"}}
    frontegg_emulator.add_fault(match={"method": "POST", "path": "/identity/*"}, **lost)
    async with clients_of(frontegg_emulator, flavour) as clients:
        manager, ann = clients.manager, clients.user("fe.secure.*", tenant_id="acme")
        given: Any = {"description": "ci", "expires_in_minutes": 5}
        for ask, asked in (
            (
                functools.partial(manager.access_tokens.create, "acme", role_ids=["r1"], **given),
                {"tenant_id": "acme", "role_ids": ("r1",), **given},
            ),
            (
                functools.partial(manager.user_access_tokens.create, "ann", tenant_id="acme", **given),
                {"tenant_id": "acme", "user_id": "ann", **given},
            ),
            (functools.partial(ann.access_tokens.create, **given), given),
            (functools.partial(ann.personal_access_tokens.create, **given), given),
        ):
            with pytest.raises(OutcomeUnknownError) as caught:
                await do(ask)
            assert caught.value.asked == asked
    sent = [entry.route for entry in frontegg_emulator.journal() if entry.method == "POST" and entry.route]
    assert [route for route in sent if "access_tokens" in route] == [
        *("access_tokens.create", "user_access_tokens.create") * 2
    ]


@pytest.mark.anyio
async def test_bad_arguments_are_not_sent() -> None:
    """The error names the argument."""
    async with raw_server() as server, make_client(server.url) as client:
        tokens, of_users = client.access_tokens, client.user_access_tokens
        for minutes in (0, -1, 1.5, True, "60", 2**53):
            for ask in (
                functools.partial(tokens.create, "acme"),
                functools.partial(of_users.create, "ann", tenant_id="acme"),
            ):
                with pytest.raises(InvalidArgumentError, match=r"^expires_in_minutes must"):
                    await ask(expires_in_minutes=minutes)  # type: ignore[arg-type]
        bad: Any
        for bad in ("r1", [""], [], [None], 7):
            with pytest.raises(InvalidArgumentError, match=r"^role_ids"):
                await tokens.create("acme", role_ids=bad)
        for bad in (7, b"x", "\ud800"):
            with pytest.raises(InvalidArgumentError, match=r"^description"):
                await tokens.create("acme", description=bad)
        for bad in ("", "..", "a\n", None):
            with pytest.raises(InvalidArgumentError, match=r"^token_id"):
                await tokens.delete("acme", bad)
            with pytest.raises(InvalidArgumentError, match=r"^token_id"):
                await of_users.delete("ann", bad, tenant_id="acme")
            with pytest.raises(InvalidArgumentError, match=r"^user_id"):
                await of_users.list(bad, tenant_id="acme").all()
    assert server.requests == []
