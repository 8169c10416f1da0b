"""The users of sub-accounts, by the requests that Frontegg's own clients make, and what the exercises do not show."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from frontegg_async.emulator import EmulatorHandle
from frontegg_async.emulator.services.roles.rows import DEFAULT_ROLES

_PATH: Final = "/frontegg/identity/resources/sub-tenants/users"
_TENANTS: Final[list[Mapping[str, Any]]] = [
    {"tenantId": "acme", "name": "Acme", "isReseller": True},
    {"tenantId": "north", "name": "North", "parentTenantId": "acme"},
    {"tenantId": "closed", "name": "Closed", "parentTenantId": "acme", "isLocked": True},
    {"tenantId": "other", "name": "Other"},
]
_USERS: Final[list[Mapping[str, Any]]] = [
    {"id": "ann", "email": "ann@acme.example", "tenantId": "acme"},
    {"id": "bob", "email": "bob@north.example", "tenantId": "north", "tenantIds": ["north", "other"]},
]
_ROLE: Final = DEFAULT_ROLES[0].id


class _Caller:
    """Makes requests as Ann, who administers Acme."""

    def __init__(self, emulator: EmulatorHandle) -> None:
        token = emulator.user_token(tenant_id="acme", user_id="ann", permissions=["fe.*"]).access_token
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        self._connection = http.client.HTTPConnection(urlsplit(emulator.url).netloc, timeout=30)
        self.emulator = emulator

    def __call__(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Return status and body of a response."""
        self._connection.request(method, f"{_PATH}{path}", json.dumps(body), self._headers)
        response = self._connection.getresponse()
        raw = response.read()
        return response.status, json.loads(raw) if raw else None

    def users(self) -> dict[str, dict[str, Any]]:
        """Return the users of the emulator by their e-mail addresses."""
        snapshot = json.loads(json.dumps(self.emulator.snapshot()))
        return {user["email"]: user for user in snapshot["environments"][0]["users"]}

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@pytest.fixture
def ask(frontegg_emulator: EmulatorHandle) -> Iterator[_Caller]:
    """The requests of an administrator."""
    frontegg_emulator.seed(tenants=_TENANTS, users=_USERS)
    caller = _Caller(frontegg_emulator)
    yield caller
    caller.close()


def test_the_calls_of_the_official_client(ask: _Caller) -> None:
    """It calls the second version with a slash at the end, and deletes with bodies."""
    added = {"users": [{"email": "kim@north.example"}], "tenantId": "north", "allowSubAccountAccess": True}
    assert ask("POST", "/v2/", added)[0] == 201
    kim = ask.users()["kim@north.example"]
    assert (kim["tenantIds"], kim["allowAccess"]) == (["north"], True)

    both = [{"tenantId": "acme", "roleIds": [_ROLE]}, {"tenantId": "north"}]
    assert ask("POST", "/v1", {"user": {"email": "kim@north.example"}, "subTenants": both})[0] == 201
    roles = {"subTenantsRoles": [{"tenantId": "acme", "roleIds": [_ROLE]}]}
    for method in ("POST", "PATCH", "DELETE"):
        assert ask(method, f"/v1/{kim['id']}/roles", roles)[0] in (200, 201)
    assert ask.users()["kim@north.example"]["memberships"]["acme"]["roleIds"] == []
    assert ask("DELETE", "/v1", {"userId": kim["id"], "subTenants": [{"tenantId": "north"}]})[0] == 200
    assert ask.users()["kim@north.example"]["tenantIds"] == ["acme"]
    assert ask("PUT", f"/v1/{kim['id']}/access", {"allowAccess": False})[0] == 200


def test_users_are_listed_within_the_hierarchy(ask: _Caller) -> None:
    """What a user is in tenants elsewhere is not shown."""
    _, page = ask("GET", "/v1?_limit=10&_offset=0&_filter=&_sortBy=email&_order=DESC")
    assert [(user["email"], user["tenantIds"]) for user in page["items"]] == [
        ("bob@north.example", ["north"]),
        ("ann@acme.example", ["acme"]),
    ]


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([{"tenantId": "north"}, {"tenantId": "other"}], 403),
        ([{"tenantId": "north"}, {"tenantId": "closed"}], 403),
        ([{"tenantId": "north"}, {"tenantId": "nobody"}], 404),
        ([{"tenantId": "north"}, {"tenantId": "acme", "roleIds": ["none"]}], 400),
    ],
)
def test_a_refused_add_changes_nothing(ask: _Caller, rows: list[Mapping[str, Any]], status: int) -> None:
    """One row that is not allowed refuses all of them."""
    before = ask.users()
    assert ask("POST", "/v1", {"user": {"email": "eve@north.example"}, "subTenants": rows})[0] == status
    assert ask.users() == before


def test_a_user_who_leaves_the_last_tenant_is_deleted(ask: _Caller) -> None:
    """One who is in others stays."""
    assert ask("DELETE", "/v1", {"userId": "bob", "subTenants": [{"tenantId": "north"}]})[0] == 200
    assert ask.users()["bob@north.example"]["tenantIds"] == ["other"]
    assert ask("DELETE", "/v1", {"userId": "ann", "subTenants": [{"tenantId": "acme"}]})[0] == 200
    assert "ann@acme.example" not in ask.users()
