"""What opaque access tokens entitle to, as the clients read it."""

from __future__ import annotations

import datetime as dt

import pytest

from frontegg_async import (
    AccessToken,
    AsyncFrontegg,
    InvalidArgumentError,
    MissingPermissionError,
    NotFoundError,
    ResponseMismatchError,
)
from frontegg_async.emulator.blocking import EmulatorHandle
from frontegg_sync import Frontegg
from tests.support.clients import make_client
from tests.support.raw_server import http, raw_server

TENANTS = [{"tenantId": "acme", "name": "Acme"}, {"tenantId": "other", "name": "Other"}]
USERS = [{"id": "ann", "email": "ann@acme.example", "tenantId": "acme"}]


@pytest.mark.anyio
async def test_what_tokens_entitle_to(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """Of the tenant itself and of its user, by id, and which are good."""
    frontegg_emulator.seed(tenants=TENANTS, users=USERS)
    own = frontegg_emulator.access_token(tenant_id="acme", roles=["Admin"], expires_in=3600)
    anns = frontegg_emulator.access_token(tenant_id="acme", user_id="ann", permissions=["fe.secure.read.*"])
    tokens = frontegg_client.access_tokens

    found = await tokens.tenant_token("acme", own)
    assert (found.id, found.tenant_id, found.user_id, found.roles) == (own, "acme", None, ("Admin",))
    assert found.expires is not None
    assert found.expires.tzinfo is dt.UTC
    found = await tokens.user_token("acme", anns)
    assert (found.user_id, found.permissions, found.expires) == ("ann", ("fe.secure.read.*",), None)
    assert found.may("fe.secure.read.users")
    assert await tokens.active_tenant_tokens("acme") == (own,)
    assert await tokens.active_user_tokens("acme") == (anns,)
    frontegg_emulator.clock(advance=3600)
    assert await tokens.active_tenant_tokens("acme") == ()
    for tenant_id, token_id in (("acme", own), ("acme", anns), ("other", own), ("acme", "nothing")):
        with pytest.raises(NotFoundError):
            await tokens.tenant_token(tenant_id, token_id)
    for tenant_id in ("other", "nobody"):
        with pytest.raises(NotFoundError):
            await tokens.user_token(tenant_id, anns)
    with pytest.raises(NotFoundError):
        await tokens.active_tenant_tokens("nobody")
    with pytest.raises(NotFoundError):
        await tokens.active_user_tokens("nobody")


def test_blocking(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """The same without awaiting."""
    frontegg_emulator.seed(tenants=TENANTS, users=USERS)
    own = frontegg_emulator.access_token(tenant_id="acme")
    anns = frontegg_emulator.access_token(tenant_id="acme", user_id="ann", permissions=["fe.a"])
    tokens = frontegg_sync_client.access_tokens

    assert tokens.tenant_token("acme", own).id == own
    assert tokens.user_token("acme", anns).permissions == ("fe.a",)
    assert (tokens.active_tenant_tokens("acme"), tokens.active_user_tokens("acme")) == ((own,), (anns,))
    with pytest.raises(NotFoundError):
        tokens.tenant_token("acme", "nothing")
    with pytest.raises(NotFoundError):
        tokens.user_token("acme", own)
    with pytest.raises(NotFoundError):
        tokens.active_user_tokens("nobody")
    with pytest.raises(NotFoundError):
        tokens.active_tenant_tokens("nobody")
    with pytest.raises(InvalidArgumentError, match="token_id"):
        tokens.user_token("acme", "")


@pytest.mark.anyio
@pytest.mark.parametrize("bad", ["", "..", "a\n", "x" * 257, "\ud800"], ids=ascii)
async def test_malformed_ids_are_not_sent(bad: str) -> None:
    """The error names the argument."""
    async with raw_server() as server, make_client(server.url) as client:
        for ask in (client.access_tokens.tenant_token, client.access_tokens.user_token):
            with pytest.raises(InvalidArgumentError, match=r"^token_id "):
                await ask("acme", bad)
            with pytest.raises(InvalidArgumentError, match=r"^tenant_id "):
                await ask(bad, "token")
            with pytest.raises(InvalidArgumentError, match=r"^token_id must not be 'active'"):
                await ask("acme", "active")
    assert server.requests == []


@pytest.mark.anyio
async def test_a_token_of_another_tenant_is_not_taken() -> None:
    """An answer about another tenant than the one of the call is somebody else's."""
    row: dict[str, object] = {"id": "t", "tenantId": "other", "roles": [], "permissions": []}
    async with raw_server(http(200, row)) as server, make_client(server.url) as client:
        with pytest.raises(ResponseMismatchError):
            await client.access_tokens.tenant_token("acme", "t")


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


def test_a_token_does_not_show() -> None:
    """Its id is what travels."""
    token = AccessToken(id="opaque", tenant_id="acme", user_id="ann", permissions=("fe.a",))
    assert repr(token) == "AccessToken(tenant_id='acme', user_id='ann', expires=None)"
