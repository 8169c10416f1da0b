"""The pages of operations: up to date, complete, and true about the methods."""

from __future__ import annotations

import re
from typing import Final

import make_operations
import pytest

from frontegg_async.client import AsyncFrontegg
from frontegg_async.endpoints import Auth, Endpoint, all_endpoints
from frontegg_async.user import AsyncFronteggUser
from tests.docs import neighbours
from tests.support import client_methods
from tests.support.every import every
from tests.support.raw_server import http, raw_server

_PAGE: Final = make_operations.PAGE.read_text(encoding="utf-8")


def test_the_page_is_up_to_date() -> None:
    """It is what is generated now: ``make generate`` writes it."""
    assert make_operations.page() == _PAGE


@every(all_endpoints(), lambda endpoint: endpoint.name)
def test_every_operation_has_one_row(endpoint: Endpoint[object]) -> None:
    """With its method and path as people look them up."""
    assert _PAGE.count(f"| `{endpoint.name}` | `{endpoint.method} {make_operations.reference_path(endpoint)}` |") == 1


def test_methods_of_the_page_are_there() -> None:
    """Each that it names, of the clients and of the resources within."""
    functions = {
        "frontegg": {path for path, _ in client_methods.methods_of(AsyncFrontegg)},
        "user": {path for path, _ in client_methods.methods_of(AsyncFronteggUser)},
    }
    for endpoint in all_endpoints():
        for called in make_operations.methods(endpoint):
            client, _, name = called.strip("`").partition(".")
            assert (name or endpoint.name) in functions[client]


def test_few_operations_have_no_method() -> None:
    """Those with which clients authenticate, and two that they read for others."""
    inside = [each.name for each in all_endpoints() if make_operations.method(each) == "*inside*"]
    assert [name for name in inside if not name.startswith("sessions.")] == ["groups.list_v1", "identity.configuration"]


def _endpoint(name: str) -> Endpoint[object]:
    return next(each for each in all_endpoints() if each.name == name)


@pytest.mark.parametrize(
    ("name", "method", "credential"),
    [
        ("tenants.create", "`frontegg`", "environment"),
        ("tenants.list_v1", "*emulator*", "environment"),
        ("account_settings.get", "`frontegg`, `user`", None),
        ("sso.create_v1", "`user.sso.create`", "environment with the tenant, or user"),
        ("auth.authenticate", "`frontegg.check`", "none"),
        ("sessions.refresh", "*inside*", None),
        ("me.tenants", "`frontegg.users.list_tenants`, `user.tenants.list`", "environment with the user, or user"),
        (
            "user_api_tokens.list",
            "`frontegg`, `user.personal_api_tokens.list`",
            "environment with the tenant and the user, or user",
        ),
    ],
)
def test_the_words_of_a_row(name: str, method: str, credential: str | None) -> None:
    """How an operation is called, and with which credential."""
    endpoint = _endpoint(name)
    assert make_operations.method(endpoint) == method
    assert credential is None or make_operations.credential(endpoint) == credential


def test_every_credential_has_words() -> None:
    """A kind of credential that is added needs them too."""
    assert {auth for auth, _ in make_operations.CREDENTIALS} == {*Auth}


_NEIGHBOURS_PAGE: Final = neighbours.PAGE.read_text(encoding="utf-8")
_NEIGHBOURS: Final = re.findall(
    r"^\| `([A-Z]+) (\S+)` \| [^|]+ \| (environment[^|]*) \| ([^|]+) \|$", _NEIGHBOURS_PAGE, re.MULTILINE
)


def test_the_rows_of_neighbours_have_known_words() -> None:
    """The credentials and evidence marks are those of the table of operations; no operation stands twice."""
    credentials = {"environment", "environment with the tenant", "environment with the tenant and the user"}
    assert {credential for _, _, credential, _ in _NEIGHBOURS} <= credentials
    assert {evidence for _, _, _, evidence in _NEIGHBOURS} <= {*make_operations.EVIDENCE.values()}
    assert len({(method, path) for method, path, _, _ in _NEIGHBOURS}) == len(_NEIGHBOURS)
    # The test reads all rows of four columns that begin with an operation.
    assert len(re.findall(r"^\| `[A-Z]+ /(?:[^|]+\|){4}$", _NEIGHBOURS_PAGE, re.MULTILINE)) == len(_NEIGHBOURS) > 0


def test_no_operation_of_the_page_is_declared() -> None:
    """A row of the page goes when its operation is declared."""
    rows = [row for row in neighbours.rows() if not row.path.endswith("/...")]
    assert [known.name for known in all_endpoints() if any(row.covers(known.method, known.path) for row in rows)] == []


def test_the_page_says_why_operations_have_no_method() -> None:
    """Each that only the emulator serves is in a row, and each row has one."""
    rows, served = neighbours.rows_without_method(), [each for each in all_endpoints() if not each.client]
    assert [each.name for each in served if not any(row.covers(each.method, each.path) for row in rows)] == []
    assert [row for row in rows if not any(row.covers(each.method, each.path) for each in served)] == []


def test_nothing_replaces_the_configuration_of_the_portal() -> None:
    """A write loses what its body leaves out; the page says so to whoever declares it."""
    assert [known.name for known in all_endpoints() if known.path.startswith("/metadata")] == []
    assert "| `GET, POST /metadata?entityName=adminBox` |" in _NEIGHBOURS_PAGE


@pytest.mark.anyio
@pytest.mark.parametrize(("method", "path", "credential"), [row[:3] for row in _NEIGHBOURS])
async def test_a_neighbour_can_be_declared_and_sent(method: str, path: str, credential: str) -> None:
    """The page says how: none is declared already, and what is sent is what the row has."""
    assert (method, path) not in {(known.method, known.path) for known in all_endpoints()}
    endpoint = Endpoint(
        name="a.b",
        method=method,
        path=path,
        auth=Auth.TENANT if "tenant" in credential else Auth.ENVIRONMENT,
        user_header="user" in credential,
        returns=object,
    )
    fields = dict.fromkeys(endpoint.fields, "x1")
    user_id = "ann" if endpoint.user_header else None
    async with raw_server(http(200, {})) as server, AsyncFrontegg("emu_c", "emu_s", base_url=server.url) as client:
        sender = client if endpoint.auth is Auth.ENVIRONMENT else client.for_tenant("acme")
        await sender.send(endpoint, path=fields, user_id=user_id)
    (request,) = server.requests
    assert (request.method, request.path) == (method, path.format(**fields))
    assert request.headers.get("frontegg-tenant-id") == ("acme" if "tenant" in credential else None)
    assert request.headers.get("frontegg-user-id") == user_id
