"""`make_guard`: what ``require`` of each framework integration makes of its arguments."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from frontegg_async import InvalidArgumentError, MissingPermissionError
from frontegg_async._values.unset import UNSET
from frontegg_async.integrations.guards import Guard, make_guard
from frontegg_async.models.claims import Claims

NAMES: Final = ("orders.read", "orders.write")


def _guard(permission: Any, role: Any) -> Guard:
    return make_guard(permission, role, UNSET, UNSET, None)


def _claims(permissions: tuple[str, ...], roles: tuple[str, ...]) -> Claims:
    return Claims(
        type="userToken",
        subject="ann",
        tenant_id="north",
        permissions=permissions,
        roles=roles,
        issued_at=datetime.fromtimestamp(0, UTC),
        expires_at=None,
        audience=("client",),
        issuer="https://app.example",
    )


@pytest.mark.parametrize("several", [iter, tuple, list, set, dict.fromkeys, lambda names: (each for each in names)])
def test_all_names_are_required(several: Any) -> None:
    """Each request is checked for all names, also if they came from an iterator, which can be read only once."""
    for guard in (_guard(several(NAMES), "Owner"), _guard("orders.read", several((*NAMES, "Owner")))):
        for _ in range(2):
            guard.check(_claims(("orders.*",), (*NAMES, "Owner")), {})
            for permissions, roles in ((("orders.read",), ("Owner",)), (("orders.*",), ()), ((), (*NAMES, "Owner"))):
                with pytest.raises(MissingPermissionError):
                    guard.check(_claims(permissions, roles), {})


@pytest.mark.parametrize("empty", [[], (), "", iter(()), {}])
def test_an_empty_requirement_is_an_error(empty: Any) -> None:
    """A requirement without names is an error, also beside one with names."""
    with pytest.raises(InvalidArgumentError, match="permission"):
        _guard(empty, "Owner")
    with pytest.raises(InvalidArgumentError, match="role"):
        _guard("orders.read", empty)


@pytest.mark.parametrize("several", [iter, tuple, list, dict.fromkeys])
def test_an_iterator_of_features_is_read_once(several: Any) -> None:
    """Each request is checked for all features."""
    features = ("reports", "exports")
    assert make_guard(None, None, UNSET, UNSET, several(features)).feature == features
    assert make_guard(None, None, UNSET, UNSET, "reports").feature == ("reports",)


def test_features_are_no_permission() -> None:
    """They do not say whose permissions count, so ``in_tenant`` still needs a permission or a role."""
    with pytest.raises(InvalidArgumentError, match="give permission or role"):
        make_guard(None, None, UNSET, "our-company", "reports")
