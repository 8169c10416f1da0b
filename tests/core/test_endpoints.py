"""Operations as data: their retry classes, and what a declaration of an application must have."""

from __future__ import annotations

import re
from types import NoneType
from typing import Any, Final, get_args, get_origin

import attrs
import pytest

from frontegg_async import endpoints
from frontegg_async.endpoints import Auth, Endpoint, Evidence, Retry, all_endpoints
from frontegg_async.errors import ConfigurationError
from frontegg_async.models.page import Page
from frontegg_async.models.tenant_writes import TenantCreate
from frontegg_async.models.tenants import Tenant, UserMove
from tests.support.every import every

_RETRIES: Final = {
    "auth.authenticate": Retry.SAFE,
    "auth.jwks": Retry.SAFE,
    "identity.configuration": Retry.SAFE,
    "access_tokens.create": Retry.NEVER,
    "access_tokens.list": Retry.SAFE,
    "access_tokens.delete": Retry.DELETE,
    "user_access_tokens.create": Retry.NEVER,
    "user_access_tokens.list": Retry.SAFE,
    "user_access_tokens.delete": Retry.DELETE,
    "access_tokens.get_tenant_token": Retry.SAFE,
    "access_tokens.list_active_tenant_tokens": Retry.SAFE,
    "access_tokens.get_user_token": Retry.SAFE,
    "access_tokens.list_active_user_tokens": Retry.SAFE,
    "tenants.create": Retry.RECONCILE,
    "tenants.list": Retry.SAFE,
    "tenants.list_v1": Retry.SAFE,
    "tenants.get": Retry.SAFE,
    "tenants.get_v1": Retry.SAFE,
    "tenants.get_by_alias": Retry.SAFE,
    "tenants.update": Retry.RESEND,
    "tenants.update_v1": Retry.RESEND,
    "tenants.delete": Retry.DELETE,
    # The method returns the tenant, so it reads the tenant after a 404 to a repeated request.
    "tenants.delete_metadata": Retry.RESEND,
    "tenants.add_metadata": Retry.RESEND,
    "tenants.lock": Retry.RESEND,
    "tenants.unlock": Retry.RESEND,
    "hierarchy.assign": Retry.RECONCILE,
    "hierarchy.unassign": Retry.RECONCILE,
    "hierarchy.tree": Retry.SAFE,
    "hierarchy.search": Retry.SAFE,
    "hierarchy.count_sub_accounts": Retry.SAFE,
    "sub_tenants.create": Retry.RECONCILE,
    "sub_tenants.rename": Retry.RESEND,
    "sub_tenants.set_management": Retry.RESEND,
    "sub_tenants.set_hierarchy_settings": Retry.RESEND,
    "sub_tenants.delete": Retry.DELETE,
    "sub_tenants.set_user_access": Retry.RESEND,
    "tenants.count_users": Retry.SAFE,
    "tenants.move_users": Retry.NEVER,
    "roles.create": Retry.RECONCILE,
    "roles.create_derived": Retry.RECONCILE,
    "roles.set_permissions": Retry.RESEND,
    "permissions.create": Retry.RECONCILE,
    "groups.create": Retry.RECONCILE,
    "groups.add_users": Retry.RESEND,
    "groups.remove_users": Retry.RESEND,
    "applications.create": Retry.NEVER,
    "applications.assign": Retry.RECONCILE,
    "applications.unassign": Retry.DELETE,
}
"""What the retry policy says of each operation, typed by hand."""

_TAGGED: Final = re.compile(r"[a-z_0-9]+(?:\.[a-z_0-9]+){1,2}")


def _declare(**changes: Any) -> Endpoint[object]:
    values: dict[str, Any] = {
        "name": "things.get",
        "method": "GET",
        "path": "/things/{thing_id}",
        "auth": Auth.ENVIRONMENT,
        "returns": object,
    }
    return Endpoint(**(values | changes))


def test_no_value_of_a_path_leads_to_another_operation() -> None:
    """But for some whose last part is refused as an id."""
    endpoints = all_endpoints()
    mistaken = {
        (endpoint.name, other.name)
        for endpoint in endpoints
        for other in endpoints
        if other is not endpoint
        and other.method == endpoint.method
        and re.fullmatch(re.sub(r"\{[a-z_]+\}", "[^/{}]+", endpoint.path), other.path)
    }
    assert mistaken == {
        ("access_tokens.get_tenant_token", "access_tokens.list_active_tenant_tokens"),
        ("access_tokens.get_user_token", "access_tokens.list_active_user_tokens"),
        ("users.end_session", "users.end_sessions"),
        ("users.get_in_tenant", "users.get_by_email"),
        ("users.mark_verified", "me.confirm_phone"),
        ("users.replace_all_fields", "me.switch_tenant"),
        ("users.set_expiration", "users.set_temporary_config"),
        ("applications.get", "applications.get_default"),
        ("groups.get", "groups.get_config"),
    }


@pytest.mark.parametrize(("name", "retry"), _RETRIES.items())
def test_what_each_operation_allows(name: str, retry: Retry) -> None:
    """Reads, absolute and merging writes are repeated, creations are read first, moves are never repeated."""
    assert {endpoint.name: endpoint.retry for endpoint in all_endpoints()}[name] is retry


@every(all_endpoints(), lambda endpoint: endpoint.name)
def test_declarations(endpoint: Endpoint[object]) -> None:
    """Each declaration is whole: a name, a summary, a type to return, and no write that passes for a read."""
    assert _TAGGED.fullmatch(endpoint.name)
    assert endpoint.summary.endswith(".")
    assert isinstance(endpoint.evidence, Evidence)
    assert 200 <= endpoint.status < 300
    assert all(400 <= status < 500 for status in endpoint.errors)
    (returned, *_) = get_args(endpoint.returns) or (endpoint.returns,)
    assert returned in (NoneType, bytes, object, str) or attrs.has(returned)
    assert endpoint.body is None or attrs.has(endpoint.body)
    assert not (endpoint.method == "GET" and endpoint.body)
    if endpoint.retry is Retry.SAFE and endpoint.method != "GET":
        assert endpoint.name in {
            "audits.export_csv",
            "audits.export_csv_v1",
            "audits.export_csv_v2",
            "auth.authenticate",
            "groups.get_many",
            "invitations.verify",
            "security.ip_restrictions.is_allowed",
            "security.ip_restrictions.is_on_allow_list",
            "sessions.exchange_api_token",
            "sessions.exchange_api_token_v1",
            "tenants.count_users",
            "users.passwords.verify",
        }
    assert hash(endpoint) == hash(attrs.evolve(endpoint))


def test_answers_about_one_tenant_are_checked() -> None:
    """Every operation that names a tenant and returns it, alone or in an array, says whose response it must be."""
    for endpoint in all_endpoints():
        (returned, *_) = get_args(endpoint.returns) or (endpoint.returns,)
        is_named = "tenant_id" in endpoint.fields or (endpoint.client and endpoint.returns is Tenant)
        if returned is Tenant and is_named and endpoint.name != "tenants.get_by_alias":
            assert endpoint._subject == "tenant_id", endpoint.name


def test_the_public_names() -> None:
    """What the package exports are operations of the table."""
    exported = {value for name in endpoints.__all__ if isinstance(value := getattr(endpoints, name), Endpoint)}
    assert set(endpoints.__all__) <= set(dir(endpoints))
    assert exported <= set(all_endpoints())
    assert {endpoint.name for endpoint in exported} >= {"tenants.create", "tenants.get", "tenants.list"}
    assert get_origin(endpoints.LIST_TENANTS.returns) is Page


def test_defaults() -> None:
    """Of an operation of one's own, nothing is assumed: a read is repeated, and nothing else is."""
    endpoint = _declare()
    assert (endpoint.retry, endpoint.evidence, endpoint.status, endpoint._subject) == (
        Retry.SAFE,
        Evidence.ASSUMED,
        200,
        None,
    )
    assert endpoint.fields == ("thing_id",)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert _declare(method=method).retry is Retry.NEVER
    assert _declare(method="PUT", retry=Retry.RESEND).retry is Retry.RESEND


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/a", ()),
        ("/a/b-c/d.e/f_g/h~i", ()),
        ("/{a}", ("a",)),
        ("/{a}/{b_2}/c", ("a", "b_2")),
        ("/.well-known/..a/...", ()),
    ],
)
def test_paths(path: str, fields: tuple[str, ...]) -> None:
    """A path is literal segments and fields."""
    assert _declare(path=path).fields == fields


@pytest.mark.parametrize(
    "path",
    [
        *("", "a", "/", "/a/", "//a", "/a//b", "/a?b", "/a#b", "/a b", "/%2e", "/a\n", "/\u00e4"),
        *("/..", "/.", "/a/../b", "/a/./b", "/a/..", "/../{a}"),
        *("/{a", "/a}", "/{A}", "/{}", "/x{a}", "/{a}{b}", "/{a}x", "/{a-b}", "/{1}"),
    ],
    ids=ascii,
)
def test_bad_paths(path: str) -> None:
    """Anything that could mean another path than it looks like is refused when it is declared."""
    with pytest.raises(ConfigurationError, match=r"^path must be '/' and segments"):
        _declare(path=path)


@pytest.mark.parametrize("method", ["", "get", "Get", "HEAD", "TRACE", "CONNECT", "GET ", "GET\r\nX: y"])
def test_bad_methods(method: str) -> None:
    """A method is one of five, in upper case."""
    with pytest.raises(ConfigurationError, match=r"^method must be one of GET, POST, PUT, PATCH, DELETE"):
        _declare(method=method)


def test_subjects() -> None:
    """A subject is a field of the path or of the body, or a parameter of the query, and nothing else."""
    assert _declare(query=("_ids",), _subject="_ids")._subject == "_ids"
    assert _declare(_subject="thing_id")._subject == "thing_id"
    assert _declare(method="POST", path="/a", body=TenantCreate, _subject="tenant_id")._subject == "tenant_id"
    for body in (None, UserMove):
        with pytest.raises(ConfigurationError, match=r"^_subject must be a field of the path or of the body"):
            _declare(body=body, _subject="tenant_id")


def test_they_are_frozen() -> None:
    """The table cannot be changed at run time."""
    for endpoint in all_endpoints():
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            endpoint.path = "/x"  # type: ignore[misc]  # it is frozen


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"name": 5}, "name"),
        ({"name": ""}, "name"),
        ({"path": 5}, "path"),
        ({"auth": "environment"}, "auth"),
        ({"auth": None}, "auth"),
        ({"retry": "SAFE"}, "retry"),
        ({"evidence": "Z"}, "evidence"),
    ],
)
def test_values_of_a_wrong_type_are_named(changes: dict[str, Any], named: str) -> None:
    """When the operation is declared, not when it is called."""
    values: dict[str, Any] = {"name": "a.b", "method": "GET", "path": "/a", "auth": Auth.ENVIRONMENT, "returns": object}
    with pytest.raises(ConfigurationError, match=named):
        Endpoint(**(values | changes))
