"""Slots may stay empty: a decoded tenant equals a constructed one."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import attrs
import pytest

from frontegg_async._core.codec.encoding import encode
from frontegg_async._core.codec.reader import decode
from frontegg_async._values.optional_slots import DictSlot, OptionalSlot
from frontegg_async.models.tenants import Tenant
from tests.support.tenants import tenant_row

SPARSE = [name for name, value in vars(Tenant).items() if isinstance(value, OptionalSlot)]


def read(**fields: object) -> Tenant:
    """Return a tenant of the fast path."""
    body = encode(tenant_row(**fields))  # type: ignore[arg-type]  # fields of the wire
    for _ in range(2):  # the first time the path learns the names
        tenant = decode(body, Tenant)
        assert isinstance(tenant, Tenant)
    return tenant


def test_an_empty_slot_reads_as_none() -> None:
    """Each of them, by attribute and in what attrs makes of the tenant."""
    tenant = read()
    assert len(SPARSE) == 17
    assert [getattr(tenant, name) for name in SPARSE] == [None] * 17
    assert {attrs.asdict(tenant)[name] for name in SPARSE} == {None}


def test_an_empty_slot_equals_one_that_holds_none() -> None:
    """Also after a copy, a pickle and a change."""
    tenant = read()
    made = Tenant(tenant_id="t1", name="Tenant t1", created_at=tenant.created_at, updated_at=tenant.updated_at)
    assert tenant == made
    assert hash(tenant) == hash(made)
    assert copy.copy(tenant) == copy.deepcopy(tenant) == pickle.loads(pickle.dumps(tenant)) == made
    assert attrs.evolve(tenant, city="Bern").city == "Bern"


@pytest.mark.parametrize(("name", "value"), [("countryCode", "CH"), ("hasCustomLogin", True), ("yearFounded", 1871)])
def test_a_slot_that_is_sent_is_filled(name: str, value: Any) -> None:
    """And stays frozen."""
    tenant = read(**{name: value})
    field = {"countryCode": "country_code", "hasCustomLogin": "has_custom_login", "yearFounded": "year_founded"}[name]
    assert getattr(tenant, field) == value
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(tenant, field, None)
    assert read().city is None


def test_the_class_has_its_slots() -> None:
    """Looked up on the class, a slot is itself."""
    assert isinstance(Tenant.city, OptionalSlot)


def test_what_is_not_known_is_a_dict_of_each_tenants_own() -> None:
    """It is made when it is first read, and is the same from then on; a pickle and a copy have one too."""
    first, second = read(), read()
    assert first.extra == {}
    assert first.extra is first.extra
    assert first.extra is not second.extra
    assert pickle.loads(pickle.dumps(read())).extra == copy.copy(read()).extra == {}
    assert read(other=1).extra == {"other": 1}
    assert read().extra == {}
    assert isinstance(Tenant.extra, DictSlot)
