"""What was asked for, in the error of a call of which no answer tells what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from frontegg_async.errors import OutcomeUnknownError
from frontegg_async.jsonvalue import JsonValue

_UNTOLD: Final = frozenset({"oidc_secret", "idp_client_secret", "config_metadata", "metadata"})
"""What may hold a secret, and is not kept in an error."""


def telling(
    error: OutcomeUnknownError, tenant_id: str | None, path: Mapping[str, str], body: attrs.AttrsInstance
) -> OutcomeUnknownError:
    """Return the error of a creation that is never sent again, with what was asked for and no secrets."""
    asked: dict[str, JsonValue] = {} if tenant_id is None else {"tenant_id": tenant_id}
    asked |= path
    for field in attrs.fields(type(body)):
        value: JsonValue = getattr(body, field.name)
        if value is not None and field.name not in _UNTOLD:
            asked[field.name] = value
    return error.with_details(attrs.evolve(error.details, asked=asked))


def telling_ids(error: OutcomeUnknownError, tenant_id: str | None, parent_id: str | None) -> OutcomeUnknownError:
    """Return the error of the creation of a tenant with its ids: one that was made here is known from nowhere else."""
    ids = {"tenant_id": tenant_id, "parent_tenant_id": parent_id}
    asked: dict[str, JsonValue] = {name: value for name, value in ids.items() if value is not None}
    return error.with_details(attrs.evolve(error.details, asked=asked))


def telling_of_user(error: OutcomeUnknownError, user_id: str) -> OutcomeUnknownError:
    """Return such an error with the user for whom it was asked for."""
    return error.with_details(attrs.evolve(error.details, asked={**error.asked, "user_id": user_id}))
