"""The request body that creates a user."""

from __future__ import annotations

import attrs

from frontegg_async._values.value import Value

__all__: list[str] = []


@attrs.frozen(kw_only=True, eq=False, repr=False)
class UserCreate(Value):
    """A new user of a tenant. Fields that are ``None`` are not sent."""

    tenant_id: str
    email: str | None = attrs.field(default=None, repr=False)
    username: str | None = attrs.field(default=None, repr=False)
    name: str | None = attrs.field(default=None, repr=False)
    password: str | None = attrs.field(default=None, repr=False)
    phone_number: str | None = attrs.field(default=None, repr=False)
    metadata: str | None = attrs.field(default=None, repr=False)
    vendor_metadata: str | None = attrs.field(default=None, repr=False)
    role_ids: tuple[str, ...] | None = None
    expiration_in_seconds: int | float | None = None
    mfa_bypass: bool | None = None
    external_id: str | None = attrs.field(default=None, repr=False)
