"""Metadata as types of the caller."""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import enum
import uuid
from typing import Any, Literal, NotRequired, TypedDict, cast

import attrs
import pytest
from pydantic import BaseModel

from frontegg_async import DecodeError, InvalidArgumentError, Tenant
from frontegg_async._values.json_values import RawText
from frontegg_async.models import Claims, SsoConfiguration, TenantApiToken, UserApiToken, UserTenant

_ODD: Any = set[int] | bytes
NOW = dt.datetime(2026, 5, 4, 9, 30, tzinfo=dt.UTC)


class Level(enum.StrEnum):
    """A choice."""

    FREE = "free"
    PRO = "pro"


@attrs.frozen
class Limits:
    """A nested type."""

    seats: int
    price: float = 0.0


@attrs.frozen
class Plan:
    """A type of attrs."""

    plan: Level
    limits: Limits | None = None
    since: dt.datetime | None = None
    tags: tuple[str, ...] = ()


@dataclasses.dataclass
class Seats:
    """A dataclass."""

    seats: int | None = None


class Billing(TypedDict):
    """A type for dicts."""

    plan: Literal["free", "pro"]
    tags: NotRequired[list[str]]


class Loose(TypedDict, total=False):
    """A type for dicts whose keys may all be missing."""

    plan: str


@dataclasses.dataclass
class Invoice:
    """Values that JSON has as text."""

    number: uuid.UUID
    due: dt.date
    sum: decimal.Decimal | None = None

    def __post_init__(self) -> None:
        if self.sum is not None and self.sum < 0:
            raise ValueError("sum is negative")


@attrs.frozen
class Checked:
    """A type with a validator of attrs, in a field."""

    level: str = attrs.field(validator=attrs.validators.max_len(3))
    invoice: Invoice | None = None


NUMBER = uuid.UUID(int=4)


def _made(hint: object) -> Any:
    return attrs.make_class("Odd", {"pair": attrs.field(type=cast("type", hint))})


def _tenant(metadata: Any) -> Tenant:
    return Tenant(tenant_id="acme", metadata=metadata)


@pytest.mark.parametrize(
    ("metadata", "kind", "value"),
    [
        ({"plan": "pro", "other": 1}, Plan, Plan(Level.PRO)),
        ({"plan": "pro", "limits": {"seats": 3, "price": 2}}, Plan, Plan(Level.PRO, Limits(3, 2.0))),
        ({"plan": "pro", "since": "2026-05-04T09:30:00Z", "tags": ["a"]}, Plan, Plan(Level.PRO, None, NOW, ("a",))),
        ({"seats": 3}, Seats, Seats(3)),
        ({"plan": "pro", "tags": ["a"]}, Billing, {"plan": "pro", "tags": ["a"]}),
        (
            {"number": str(NUMBER), "due": "2026-05-04", "sum": "1.50"},
            Invoice,
            Invoice(NUMBER, dt.date(2026, 5, 4), decimal.Decimal("1.50")),
        ),
        (None, Seats, Seats()),
        (None, Loose, {}),
        ({}, Seats, Seats()),
    ],
)
def test_metadata_are_read_as_a_type(metadata: Any, kind: Any, value: object) -> None:
    """Classes of attrs, dataclasses and dicts; without metadata, what is made without any key."""
    assert _tenant(metadata).metadata_as(kind) == value


@pytest.mark.parametrize(
    ("metadata", "kind", "problem"),
    [
        ({}, Plan, "metadata.plan is missing"),
        (None, Plan, "metadata.plan is missing"),
        ({"plan": "hunter2"}, Plan, "metadata.plan must be one of 'free', 'pro', not str"),
        ({"plan": "pro", "limits": {"seats": "3"}}, Plan, "metadata.limits.seats must be a whole number, not str"),
        ({"plan": "pro", "limits": {"seats": 1.5}}, Plan, "metadata.limits.seats must be a whole number, not float"),
        ({"plan": "pro", "limits": [1]}, Plan, "metadata.limits must be an object, not list"),
        ({"plan": "pro", "tags": "ab"}, Plan, "metadata.tags must be a list, not str"),
        ({"plan": "pro", "tags": ["a", 1]}, Plan, "metadata.tags[1] must be text, not int"),
        ({"plan": "hunter2"}, Billing, "metadata.plan must be one of 'free', 'pro'"),
        ({"seats": True}, Seats, "metadata.seats must be a whole number or null, not bool"),
        ({"number": "hunter2"}, Invoice, "metadata.number must be text with a UUID, not str"),
        ({"number": str(NUMBER), "due": 3}, Invoice, "metadata.due must be a date in the form of RFC 3339, not int"),
        (
            {"number": str(NUMBER), "due": "2026-05-04", "sum": "-1"},
            Invoice,
            "metadata is not allowed: sum is negative",
        ),
        (
            {"level": "pro", "invoice": {"number": str(NUMBER), "due": "2026-05-04", "sum": "-1"}},
            Checked,
            "metadata.invoice is not allowed: sum is negative",
        ),
        ({"level": "free"}, Checked, "metadata is not allowed: Length of 'level' must be <= 3: 4"),
        ([], Seats, "metadata must be an object, not list"),
        (RawText("hunter2"), Loose, "metadata must be an object, not RawText"),
    ],
)
def test_metadata_of_another_form_are_an_error(metadata: Any, kind: Any, problem: str) -> None:
    """It names the tenant, the path and what is expected, and never quotes the value."""
    with pytest.raises(DecodeError) as caught:
        _tenant(metadata).metadata_as(kind)
    assert str(caught.value).startswith(f"Tenant(tenant_id='acme'): {problem}")
    assert "hunter2" not in str(caught.value)
    assert caught.value.paths == (problem,)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("kind", [str, dict, list[Plan], Plan(Level.PRO), None])
def test_the_type_must_have_fields(kind: Any) -> None:
    """Others are refused."""
    with pytest.raises(InvalidArgumentError, match=r"^kind must be an attrs class, a dataclass or a TypedDict$"):
        _tenant({}).metadata_as(kind)


@dataclasses.dataclass
class Unknown:
    """Its annotation cannot be resolved."""

    plan: Nowhere  # type: ignore[name-defined]  # noqa: F821 - that is the point


class Foreign(BaseModel):
    """A model of pydantic."""


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (_made(_ODD), "kind must have fields of JSON types, but Odd.pair has the type set[int] | bytes"),
        (_made(list[complex]), "kind must have fields of JSON types, but Odd.pair has the type complex"),
        (_made(_made(complex)), "kind must have fields of JSON types, but Odd.pair has the type complex"),
        (Unknown, "the annotations of kind must be defined: in Unknown, name 'Nowhere' is not defined"),
        (
            Foreign,
            "kind must be an attrs class, a dataclass or a TypedDict: pydantic models have model_validate(metadata)",
        ),
    ],
)
def test_fields_must_be_of_types_that_json_has(kind: Any, message: str) -> None:
    """The message has the field and its type, or what to do."""
    with pytest.raises(InvalidArgumentError) as caught:
        _tenant({"pair": {}}).metadata_as(kind)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "model",
    [
        UserTenant(tenant_id="acme", metadata={"seats": 1}),
        TenantApiToken(client_id="c", metadata={"seats": 1}),
        UserApiToken(client_id="c", metadata={"seats": 1}),
        Claims(
            type="userToken",
            subject="ann",
            tenant_id="acme",
            metadata={"seats": 1},
            issued_at=NOW,
            expires_at=None,
            audience=(),
            issuer="i",
        ),
    ],
    ids=lambda model: type(model).__name__,
)
def test_other_models_have_metadata_too(model: UserTenant | TenantApiToken | UserApiToken | Claims) -> None:
    """Tenants of a user, API tokens and claims."""
    assert model.metadata_as(Seats) == Seats(1)


def test_an_sso_configuration_has_metadata_of_its_own() -> None:
    """The message has the name of the field."""
    assert SsoConfiguration(id="c", config_metadata={"seats": 1}).config_metadata_as(Seats) == Seats(1)
    with pytest.raises(DecodeError, match=r"config_metadata\.seats must be"):
        SsoConfiguration(id="c", config_metadata={"seats": "1"}).config_metadata_as(Seats)
