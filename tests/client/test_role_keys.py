"""Roles that are given by their keys: one look-up finds the ids, and nothing is written where a key is unknown."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, Final, TypeAlias, get_args

import attrs
import jwt
import pytest

from frontegg_async import (
    AsyncFrontegg,
    AsyncFronteggUser,
    FronteggError,
    InvalidArgumentError,
    NotFoundError,
    Options,
    Outcome,
    ReadOnlyError,
    ServerError,
    UserToInvite,
)
from frontegg_async.catalogue.lookups import all_methods
from frontegg_async.catalogue.types import Client
from tests.support.clients import FakeClock, make_client
from tests.support.raw_server import Answer, RawRequest, RawServer, http, raw_server
from tests.support.traceback_frames import MOST_FRAMES, printed_frames

pytestmark = pytest.mark.anyio

_LIST: Final = "/identity/resources/roles/v1"
_TOKEN: Final = jwt.encode({"type": "userToken", "sub": "ada", "tenantId": "acme", "exp": 4e9}, "k" * 32)


@attrs.frozen
class _Clients:
    frontegg: AsyncFrontegg
    user: AsyncFronteggUser


_Call: TypeAlias = Callable[..., Coroutine[Any, Any, object]]


def _invite_many(client: _Clients) -> _Call:
    def call(*, role_ids: list[str] | None = None, role_keys: list[str] | None = None, **others: Any) -> Any:
        users = [
            UserToInvite(email="a@b.example", role_ids=role_ids, role_keys=role_keys),
            UserToInvite(email="c@b.example", role_ids=["r9"]),
        ]
        return client.frontegg.users.invite_many("acme", users, **others)

    return call


_CALLS: Final[dict[str, tuple[Callable[[_Clients], _Call], tuple[str, ...], dict[str, Any]]]] = {
    "environment.access_tokens.create": (lambda c: c.frontegg.access_tokens.create, ("acme",), {}),
    "environment.api_tokens.create": (lambda c: c.frontegg.api_tokens.create, ("acme",), {}),
    "environment.api_tokens.update": (lambda c: c.frontegg.api_tokens.update, ("acme", "c"), {}),
    "environment.groups.add_roles": (lambda c: c.frontegg.groups.add_roles, ("acme", "g"), {}),
    "environment.groups.remove_roles": (lambda c: c.frontegg.groups.remove_roles, ("acme", "g"), {}),
    "environment.invitations.create": (lambda c: c.frontegg.invitations.create, ("acme",), {}),
    "environment.permissions.add_to_roles": (lambda c: c.frontegg.permissions.add_to_roles, ("p",), {}),
    "environment.sso.default_roles.set": (lambda c: c.frontegg.sso.default_roles.set, ("acme", "c"), {}),
    "environment.sso.groups.create": (lambda c: c.frontegg.sso.groups.create, ("acme", "c"), {"group": "g"}),
    "environment.sso.groups.update": (lambda c: c.frontegg.sso.groups.update, ("acme", "c", "i"), {"group": "g"}),
    "environment.user_invitations.create": (
        lambda c: c.frontegg.user_invitations.create,
        ("ann",),
        {"tenant_id": "acme", "expires_in_minutes": 5},
    ),
    "environment.users.assign_roles": (lambda c: c.frontegg.users.assign_roles, ("ann",), {"tenant_id": "acme"}),
    "environment.users.create": (lambda c: c.frontegg.users.create, ("acme",), {"email": "a@b.example"}),
    "environment.users.invite": (lambda c: c.frontegg.users.invite, ("acme",), {"email": "a@b.example"}),
    "environment.users.invite_many": (_invite_many, (), {}),
    "environment.users.migrate": (lambda c: c.frontegg.users.migrate, ("acme",), {"email": "a@b.example"}),
    "environment.users.unassign_roles": (
        lambda c: c.frontegg.users.unassign_roles,
        ("ann",),
        {"tenant_id": "acme", "warn_last_owner": False},
    ),
    "user.access_tokens.create": (lambda c: c.user.access_tokens.create, (), {}),
    "user.api_tokens.create": (lambda c: c.user.api_tokens.create, (), {}),
    "user.api_tokens.update": (lambda c: c.user.api_tokens.update, ("c",), {}),
    "user.groups.add_roles": (lambda c: c.user.groups.add_roles, ("g",), {}),
    "user.groups.remove_roles": (lambda c: c.user.groups.remove_roles, ("g",), {}),
    "user.invitation.create": (lambda c: c.user.invitation.create, (), {"expires_in_minutes": 5}),
    "user.sso.default_roles.set": (lambda c: c.user.sso.default_roles.set, ("c",), {}),
    "user.sso.groups.create": (lambda c: c.user.sso.groups.create, ("c",), {"group": "g"}),
    "user.sso.groups.update": (lambda c: c.user.sso.groups.update, ("c", "i"), {"group": "g"}),
    "user.sub_tenants.users.add_many": (
        lambda c: c.user.sub_tenants.users.add_many,
        ("child",),
        {"users": {"a@b.example": None}},
    ),
    "user.users.assign_roles": (lambda c: c.user.users.assign_roles, ("ann",), {}),
    "user.users.invite": (lambda c: c.user.users.invite, (), {"email": "a@b.example"}),
    "user.users.unassign_roles": (lambda c: c.user.users.unassign_roles, ("ann",), {"warn_last_owner": False}),
}
"""Each method that takes roles, with what else it needs."""


def _role(role_id: str, key: str, tenant_id: str | None = None) -> dict[str, Any]:
    return {"id": role_id, "key": key, "name": key, "level": 1, "tenantId": tenant_id, "permissions": []}


_ROLES: Final = [_role("r1", "Admin"), _role("r2", "Reader"), _role("r3", "Own", "elsewhere")]


def _answer(request: RawRequest) -> Answer:
    return http(200, _ROLES) if request.path == _LIST else http(403, {"errors": ["no"]})


@contextlib.asynccontextmanager
async def _clients(answer: Callable[[RawRequest], Answer] = _answer) -> AsyncIterator[tuple[RawServer, _Clients]]:
    async with raw_server(answer) as server, make_client(server.url) as frontegg:
        yield server, _Clients(frontegg, frontegg.as_user(_TOKEN))


def _writes(server: RawServer) -> list[RawRequest]:
    return [request for request in server.requests if request.method != "GET"]


def test_roles_are_given_by_keys_wherever_they_are_given_by_ids() -> None:
    found: dict[str, set[str]] = {}
    for client in get_args(Client):
        for method in all_methods(client):
            names = {each.name for each in method.parameters}
            if wanted := {name for name in names if name.endswith("role_ids")}:
                assert {name.replace("_ids", "_keys") for name in wanted} <= names, method.path
                found[f"{client}.{method.path}"] = wanted
    takes_one = {place for place, names in found.items() if names == {"role_ids"}}
    assert takes_one == {*_CALLS} - {"environment.users.invite_many"}


async def test_one_request_finds_the_ids() -> None:
    """It is about the tenant of the write, which has the ids in the order of the keys."""
    async with _clients() as (server, clients):
        for name, (call, path, others) in _CALLS.items():
            server.requests.clear()
            with pytest.raises(FronteggError):
                await call(clients)(*path, **others, role_keys=["Reader", "Admin"])
            (write,) = _writes(server)
            (listing,) = (request for request in server.requests if request.path == _LIST)
            assert b'"r2","r1"' in write.body, name
            is_of_tenant = name.startswith("environment.") and "permissions" not in name
            assert listing.headers.get("frontegg-tenant-id") == ("acme" if is_of_tenant else None), name


async def test_nothing_is_written_for_keys_that_cannot_be_used() -> None:
    """Unknown ones, those of roles of other tenants, ids beside keys, and texts that are no list."""
    refused: tuple[tuple[dict[str, Any], type[FronteggError], str], ...] = (
        ({"role_ids": ["r1"], "role_keys": ["Admin"]}, InvalidArgumentError, r"role_ids or \S*role_keys, not both$"),
        ({"role_keys": "Admin"}, InvalidArgumentError, r"role_keys must be a sequence of keys.*: give a list"),
        ({"role_keys": []}, InvalidArgumentError, r"role_keys must have at least one key$"),
        ({"role_keys": ["Admin"], "options": Options(read_only=True)}, ReadOnlyError, "was not sent"),
    )
    async with _clients() as (server, clients):
        for name, (call, path, others) in _CALLS.items():
            for wrong, kind, match in refused:
                with pytest.raises(kind, match=match):
                    await call(clients)(*path, **others, **wrong)
            assert not server.requests, name
            for key in ["Admim"] if name.startswith("user.") else ["Admim", "Own"]:
                with pytest.raises(NotFoundError, match=f"there is no role '{key}'") as unknown:
                    await call(clients)(*path, **others, role_keys=[key])
                assert len(printed_frames(unknown.value)) <= MOST_FRAMES, name
            assert not _writes(server), name
            server.requests.clear()


async def test_a_role_has_to_be_given_where_a_method_is_about_roles() -> None:
    async with _clients() as (server, clients):
        for call in (
            clients.frontegg.users.assign_roles("ann", tenant_id="acme"),
            clients.frontegg.groups.add_roles("acme", "g"),
            clients.frontegg.sso.default_roles.set("acme", "c"),
        ):
            with pytest.raises(InvalidArgumentError, match=r"^give role_ids or role_keys$"):
                await call
    assert not server.requests


async def test_the_other_arguments_are_checked_before_the_look_up() -> None:
    async with _clients() as (server, clients):
        wrong: Any = 5
        with pytest.raises(InvalidArgumentError, match="description"):
            await clients.frontegg.api_tokens.create("acme", description=wrong, role_keys=["Admin"])
    assert not server.requests


async def test_many_users_with_keys_take_one_request() -> None:
    users = [UserToInvite(email=f"{key}@b.example", role_keys=[key, "Admin"]) for key in ("Admin", "Reader")]
    async with _clients() as (server, clients):
        with pytest.raises(FronteggError):
            await clients.frontegg.users.invite_many("acme", users)
    listing, write = server.requests
    assert listing.path == _LIST
    assert [b'"roleIds":["r1"]' in write.body, b'"roleIds":["r2","r1"]' in write.body] == [True, True]


@pytest.mark.parametrize(
    ("arguments", "body"),
    [
        ({"add_role_keys": ["Admin"], "remove_role_keys": ["Reader"]}, b'"addRoleIds":["r1"],"removeRoleIds":["r2"]'),
        ({"add_role_keys": ["Admin"], "remove_role_ids": ["r7"]}, b'"addRoleIds":["r1"],"removeRoleIds":["r7"]'),
        ({"remove_role_keys": ["Reader"]}, b'"removeRoleIds":["r2"]'),
    ],
)
async def test_roles_are_changed_by_keys(arguments: dict[str, Any], body: bytes) -> None:
    """One request finds the ids of all keys."""
    async with _clients() as (server, clients):
        with pytest.raises(FronteggError):
            await clients.frontegg.users.change_roles("ann", **arguments, all_tenants=True, warn_last_owner=False)
    assert [request.path for request in server.requests].count(_LIST) == 1
    assert body in _writes(server)[0].body


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"add_role_keys": ["Admin"], "add_role_ids": ["r1"]}, "^give either add_role_ids or add_role_keys, not both$"),
        ({"remove_role_keys": ["a"], "remove_role_ids": ["r"]}, "^give either remove_role_ids or remove_role_keys"),
        ({"add_role_keys": ["Admin"], "remove_role_keys": ["Admin"]}, "must not have a role in common$"),
        ({"add_role_keys": ["Admin"], "remove_role_ids": ["r1"]}, "must not have a role in common$"),
        ({}, "^give roles to add or to remove"),
    ],
)
async def test_changes_that_contradict_themselves_are_not_sent(arguments: dict[str, Any], match: str) -> None:
    async with _clients() as (server, clients):
        with pytest.raises(InvalidArgumentError, match=match):
            await clients.frontegg.users.change_roles("ann", **arguments, all_tenants=True)
    assert not _writes(server)


async def test_a_look_up_that_fails_says_that_nothing_was_written() -> None:
    async with _clients(lambda _: http(503)) as (server, clients):
        with pytest.raises(ServerError) as caught:
            await clients.frontegg.groups.add_roles("acme", "g", role_keys=["Admin"], options=Options(max_retries=0))
    assert caught.value.outcome in {Outcome.NOT_SENT, Outcome.REFUSED}
    assert not _writes(server)


async def test_look_up_and_write_share_the_deadline() -> None:
    clock = FakeClock()

    def late(request: RawRequest) -> Answer:
        clock.now += 6
        return _answer(request) if request.path == _LIST else http(503)

    async with raw_server(late) as server, make_client(server.url, clock=clock) as client:
        with pytest.raises(FronteggError):
            await client.groups.add_roles("acme", "g", role_keys=["Admin"], options=Options(deadline=10.0))
    assert len(_writes(server)) == 1
