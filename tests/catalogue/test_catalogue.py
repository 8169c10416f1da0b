"""The catalogue says what the clients have: held against their classes, as Python knows them."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from types import FunctionType, SimpleNamespace
from typing import Final, cast, get_args, get_origin, get_type_hints

import attrs
import pytest

from frontegg_async._values.secret import Secret
from frontegg_async.catalogue.lookups import ENTRIES, all_methods, columns_of, method_at, methods_of, noun_at
from frontegg_async.catalogue.types import Client, Method
from frontegg_async.client import AsyncFrontegg
from frontegg_async.endpoints import Endpoint, all_endpoints
from frontegg_async.models.model import Serializable
from frontegg_async.pages import AsyncPages
from frontegg_async.tenant_view import AsyncTenantView
from frontegg_async.tree import TenantTree
from frontegg_async.user import AsyncFronteggUser
from tests.support import client_methods
from tests.support.every import every

CLASSES: Final[dict[Client, type]] = {"environment": AsyncFrontegg, "user": AsyncFronteggUser}
FUNCTIONS: Final = {client: dict(client_methods.methods_of(owner)) for client, owner in CLASSES.items()}
METHODS: Final = [(client, each) for client in CLASSES for each in all_methods(client)]
OPERATIONS: Final = {each.name: each for each in all_endpoints()}
LEFT_OUT: Final = frozenset({"self", "options", "prefetch"})

ALSO_DESTRUCTIVE: Final = {"offboard", "tenants.move_users"}
"""Methods that are destructive although they neither send DELETE nor lock or replace something."""

UNDONE_BY: Final = {
    "applications.unassign": "applications.assign",
    "applications.unassign_users": "applications.assign_users",
    "groups.remove_roles": "groups.add_roles",
    "groups.remove_users": "groups.add_users",
    "hierarchy.unassign": "hierarchy.assign",
    "sub_tenants.users.unassign_roles": "sub_tenants.users.assign_roles",
    "tenants.delete_metadata": "tenants.add_metadata",
    "tenants.lock": "tenants.unlock",
    "users.lock": "users.unlock",
    "users.unassign_roles": "users.assign_roles",
}
"""Destructive methods whose commands do not ask, each with the method that undoes it."""

SEVERAL: Final = {
    ("environment", "plan_assignments.assign"),
    ("environment", "migrations.start"),
    ("environment", "tenants.lock"),
    ("environment", "tenants.unlock"),
    ("environment", "users.change_roles"),
    ("user", "sub_tenants.users.remove"),
}

_SECRETS: Final[dict[str, object]] = {"secret": Secret, "link": Secret, "token": Secret, "otc_token": Secret | None}
"""The fields that hold the secret of what is created, by their types."""


def _name(given: tuple[Client, Method]) -> str:
    return f"{given[0]} {given[1].path}"


def _function(given: tuple[Client, Method]) -> Callable[..., object]:
    client, method = given
    return FUNCTIONS[client][method.path]


def test_the_catalogue_has_each_method_once() -> None:
    for client, functions in FUNCTIONS.items():
        paths = [each.path for each in all_methods(client)]
        assert len(paths) == len(set(paths))
        assert set(paths) == functions.keys()


@every(METHODS, _name)
def test_parameters_are_those_of_the_signature(given: tuple[Client, Method]) -> None:
    signature = inspect.signature(_function(given))
    found = [each for each in signature.parameters.values() if each.name not in LEFT_OUT]
    assert [(each.name, each.by_position, each.required) for each in given[1].parameters] == [
        (each.name, each.kind is each.POSITIONAL_OR_KEYWORD, each.default is each.empty) for each in found
    ]


@pytest.mark.slow
@every(METHODS, _name)
def test_kinds_are_those_of_the_annotations(given: tuple[Client, Method]) -> None:
    """Whether a value is a flag, a time, a secret and so on, and whether null clears it."""
    method = given[1]
    if "." not in method.path or not method.is_command:
        return
    signature = inspect.signature(_function(given))
    for each in method.parameters:
        annotations = {each.name: signature.parameters[each.name].annotation}
        globals_ = cast("FunctionType", _function(given)).__globals__
        hint = get_type_hints(SimpleNamespace(__annotations__=annotations), globals_)[each.name]
        members = set(get_args(hint) or (hint,))
        is_json = any(get_origin(member) is Mapping for member in members)
        plain = {bool: "flag", datetime: "time", int: "integer", float: "number"}
        expected = next((kind for type_, kind in plain.items() if type_ in members and not is_json), None)
        assert each.kind == (expected or each.kind), each.name
        assert each.kind != "object"
        assert not is_json or each.kind == "json"
        assert each.secret is (Secret in members)
        assert each.clearable is ("Unset" in annotations[each.name] and type(None) in members), each.name
        assert (each.kind == "word") is bool(each.words)


@pytest.mark.slow
@every(METHODS, _name)
def test_results_are_those_of_the_annotation(given: tuple[Client, Method]) -> None:
    """The model, its fields, and its secret."""
    method = given[1]
    if "." not in method.path or not method.is_command:  # whose annotations only type checkers can read
        return
    returns = get_type_hints(_function(given))["return"]
    hints = (returns, *get_args(returns))
    model = next((each for each in hints if inspect.isclass(each) and issubclass(each, Serializable)), None)
    if model is None or model is TenantTree:
        return
    fields = attrs.fields(model)
    assert method.model == model.__name__
    assert columns_of(method) == tuple(each.name for each in fields if not each.name.startswith("_"))
    assert (method.returns == "pages") is (get_origin(returns) is AsyncPages)
    kinds = get_type_hints(model)
    assert method.secret == next((name for name, kind in _SECRETS.items() if kinds.get(name) == kind), "")


def test_destructive_is_what_deletes_locks_or_replaces() -> None:
    """By the operations that methods call, apart from the exceptions above."""

    def is_derived(method: Method) -> bool:
        sends_delete = any(OPERATIONS[name].method == "DELETE" for name in method.operations)
        return sends_delete or method.name.partition("_")[0] in ("lock", "replace")

    found = {(client, each.path) for client, each in METHODS if each.is_destructive}
    derived = {(client, each.path) for client, each in METHODS if is_derived(each)}
    assert {path for _, path in found ^ derived} == ALSO_DESTRUCTIVE
    assert {each.path: each.undone_by for _, each in METHODS if each.undone_by} == UNDONE_BY
    for client, each in METHODS:
        assert not each.undone_by or method_at(client, each.undone_by)


def test_methods_that_delete_or_remove_are_destructive() -> None:
    """By their names too, whatever operation they call."""
    named = [each for _, each in METHODS if each.name.startswith(("delete", "remove", "unassign", "end"))]
    assert [each.path for each in named if not each.is_destructive] == ["user_sources.unassign_applications"]


def test_writes_with_several_accounts_are_known() -> None:
    assert {(client, each.path) for client, each in METHODS if each.of_several} == SEVERAL
    for client, each in METHODS:
        writes = any(OPERATIONS[name].writes for name in each.operations)
        takes = any(parameter.name == "tenant_ids" for parameter in each.parameters)
        assert each.of_several is (writes and takes), (client, each.path)


@pytest.mark.slow
@every(METHODS, _name)
def test_operations_are_those_that_the_docstring_names(given: tuple[Client, Method]) -> None:
    client, method = given
    docstring = " ".join((inspect.getdoc(_function(given)) or "").split())
    named = [name for name, each in OPERATIONS.items() if each.client and f"``{_call(each)}``" in docstring]
    assert sorted(method.operations) == sorted(named)
    for name in method.operations:
        assert method in methods_of(client, name)
    assert not method.operations or method.evidence == OPERATIONS[method.operations[0]].evidence.value


def _call(endpoint: Endpoint[object]) -> str:
    """Return method and path as the reference writes them."""
    return f"{endpoint.method} {re.sub(r'_([a-z])', lambda match: match[1].upper(), endpoint.path)}"


def test_the_view_of_a_tenant_is_named() -> None:
    """Each of its methods is one of the environment's client, which takes the tenant's id too."""
    own = {"aclose", "with_options", "send"}
    viewed = {path if "." in path else f"tenants.{path}" for path, _ in client_methods.methods_of(AsyncTenantView)}
    found = {each.path for client, each in METHODS if each.in_view and client == "environment"}
    assert found == (viewed - {f"tenants.{name}" for name in own}) & FUNCTIONS["environment"].keys()


@every(METHODS, _name)
def test_texts_are_there(given: tuple[Client, Method]) -> None:
    method = given[1]
    assert method.about
    assert not method.is_command or all(each.about for each in method.parameters)
    asks = method.is_destructive or method.of_several
    assert bool(method.action and method.thing) is asks


@pytest.mark.slow
def test_a_noun_brings_no_other_noun_and_no_client() -> None:
    code = (
        "import sys; from frontegg_async.catalogue.lookups import noun_at; noun_at('environment', 'sso.domains');"
        "print(*(name for name in sys.modules if name.startswith('frontegg_async') or name == 'aiohttp'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    loaded = {name for name in done.stdout.split() if name.count(".") > 1}
    assert {name for name in loaded if ".catalogue." in name} == {
        "frontegg_async.catalogue.entry",
        "frontegg_async.catalogue.environment",
        "frontegg_async.catalogue.environment.sso",
        "frontegg_async.catalogue.index",
        "frontegg_async.catalogue.lookups",
        "frontegg_async.catalogue.types",
    }
    assert "aiohttp" not in done.stdout.split()
    assert "frontegg_async.client" not in done.stdout.split()


def test_nouns_are_found_by_their_paths() -> None:
    assert noun_at("environment", "sso.domains").thing == "domain"
    for client, entries in ENTRIES.items():
        assert {*entries} == {path.partition(".")[0] for path in FUNCTIONS[client] if "." in path}
