"""Values that leave the SDK: plain dicts, and metadata as types of the caller."""

from __future__ import annotations

import dataclasses
from typing import TypedDict, assert_type

import attrs

from frontegg_async import Claims, Page, Response, Tenant
from frontegg_async.models import SsoConfiguration


@attrs.frozen
class Plan:
    """A type of attrs."""

    plan: str


@dataclasses.dataclass
class Seats:
    """A dataclass."""

    seats: int


class Billing(TypedDict):
    """A type for dicts."""

    plan: str


def metadata(tenant: Tenant, claims: Claims, configuration: SsoConfiguration) -> None:
    """Metadata have the type that is asked for, without casts."""
    assert_type(tenant.metadata_as(Plan), Plan)
    assert_type(tenant.metadata_as(Billing), Billing)
    assert_type(tenant.metadata_as(Billing)["plan"], str)
    assert_type(claims.metadata_as(Seats).seats, int)
    assert_type(configuration.config_metadata_as(Plan), Plan)


def dicts(tenant: Tenant, page: Page[Tenant], response: Response[Page[Tenant]]) -> None:
    """A dict becomes the model whose method reads it."""
    assert_type(tenant.to_dict(), dict[str, object])
    assert_type(tenant.to_json(reveal=()), str)
    assert_type(Tenant.from_dict(tenant.to_dict(mode="python")), Tenant)
    assert_type(Page.from_dict(page.to_dict(), Tenant), Page[Tenant])
    assert_type(Response.from_dict(response.to_dict(), Page[Tenant]), Response[Page[Tenant]])
    tenant.to_dict(mode="text")  # type: ignore[arg-type]  # there is no such mode
