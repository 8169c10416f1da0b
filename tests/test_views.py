"""The resources of one tenant beside those that take its id: the same methods, with the same words."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Final, cast

import attrs
import pytest

from frontegg_async import resources
from frontegg_async.tenant_view import AsyncTenantView
from frontegg_async.user import AsyncFronteggUser
from tests.support.every import every

_BY_CREDENTIAL: Final = {"InvalidArgumentError", "NotFoundError", "PermissionDeniedError"}
"""Errors that depend on whether a tenant is named, and on whose credential is used."""

_OF_SEVERAL: Final = "tenant_ids"
"""A parameter that chooses some tenants, which a method of one tenant does not have."""


@attrs.frozen
class _Pair:
    """A method of one tenant, and the one that takes the tenant's id."""

    name: str
    scoped: Callable[..., object]
    management: Callable[..., object]

    def __str__(self) -> str:
        return self.name


_CLASSES: Final = {name: cast("type", getattr(resources, name)) for name in resources.__all__}
_SCOPED: Final = {
    name: _CLASSES[name.replace("AsyncTenant", "Async", 1)]
    for name in _CLASSES
    if name.startswith("AsyncTenant") and name.replace("AsyncTenant", "Async", 1) in _CLASSES
}


_VERBS: Final = ("get", "update", "delete", "add_metadata", "delete_metadata")
"""What a view of one tenant has of the management of tenants."""


def _methods(owner: type) -> dict[str, Callable[..., object]]:
    found = {name: member for each in reversed(owner.__mro__) for name, member in vars(each).items()}
    return {name: each for name, each in found.items() if inspect.isfunction(each) and not name.startswith("_")}


def _pairs() -> Iterator[_Pair]:
    for name, management in _SCOPED.items():
        beside = _methods(management)
        for method, function in _methods(_CLASSES[name]).items():
            if function is beside[method]:
                continue  # of a base of both, as `AsyncWritableRoles`, which takes no tenant in either
            yield _Pair(f"{name}.{method}", function, beside[method])
    view, management = _methods(AsyncTenantView), _methods(resources.AsyncTenants)
    for method in _VERBS:
        yield _Pair(f"AsyncTenantView.{method}", view[method], management[method])


_PAIRS: Final = tuple(_pairs())
_each_pair = every(_PAIRS)


def _entries(documentation: str, section: str) -> list[str]:
    found = re.search(rf"^{section}:\n(.*?)(?=^\w|\Z)", documentation, re.DOTALL | re.MULTILINE)
    return re.findall(r"^ {4}(\w+):", found[1], re.MULTILINE) if found else []


def test_the_resources_are_seen() -> None:
    """What the other tests go by."""
    assert {"AsyncTenantHierarchy", "AsyncTenantAccountSettings", "AsyncTenantSso", "AsyncTenantApiTokens"} <= set(
        _SCOPED
    )
    assert "AsyncTenantHierarchy.tree" in {pair.name for pair in _PAIRS}


@_each_pair
def test_the_tenants_id_comes_first(pair: _Pair) -> None:
    """Positionally; every other parameter is the same, in the same order, with the same default and type.

    Beside the id of a user it is taken by name, so that nobody swaps the two.
    """
    scoped = list(inspect.signature(pair.scoped).parameters.values())
    management = list(inspect.signature(pair.management).parameters.values())
    several = {_OF_SEVERAL} if pair.name.startswith("AsyncTenantAudits.") else set[str]()
    by_name = management[1].name in {"user_id", "user_ids"}
    place = [each.name for each in management].index("tenant_id")

    kind = inspect.Parameter.KEYWORD_ONLY if by_name else inspect.Parameter.POSITIONAL_OR_KEYWORD
    assert management[place].kind is kind
    assert by_name or place == 1
    rest = [each for each in management[place + 1 :] if each.name not in several]
    assert management[:place] + rest == scoped
    assert inspect.signature(pair.scoped).return_annotation == inspect.signature(pair.management).return_annotation
    assert inspect.iscoroutinefunction(pair.scoped) is inspect.iscoroutinefunction(pair.management)


@_each_pair
def test_both_are_documented_alike(pair: _Pair) -> None:
    """The same operation, the same arguments but for the tenant, and the same errors."""
    scoped, management = (inspect.cleandoc(each.__doc__ or "") for each in (pair.scoped, pair.management))

    assert re.findall(r"``[A-Z]+ /\S+``", scoped) == re.findall(r"``[A-Z]+ /\S+``", management)
    left_out = {"tenant_id", _OF_SEVERAL} if pair.name.startswith("AsyncTenantAudits.") else {"tenant_id"}
    entries = [name for name in _entries(management, "Args") if name not in left_out]
    assert _entries(scoped, "Args") == entries
    assert "tenant_id" in _entries(management, "Args")
    assert set(_entries(management, "Raises")) - _BY_CREDENTIAL == set(_entries(scoped, "Raises")) - _BY_CREDENTIAL


@pytest.mark.parametrize("owner", [AsyncTenantView, AsyncFronteggUser], ids=lambda owner: owner.__name__)
def test_what_is_about_one_tenant_is_on_every_client_of_one(owner: type) -> None:
    """The view of the management, and the self-service client, with the same names as the management has."""
    names = {"account_settings", "api_tokens", "hierarchy", "sso"}

    assert names <= set(inspect.get_annotations(owner))
