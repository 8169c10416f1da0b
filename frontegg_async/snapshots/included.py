"""The parts of a snapshot that need requests for each account, for example settings, API tokens and users."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, cast

import attrs
import msgspec

from frontegg_async._core.call.caller import Caller
from frontegg_async._formats.json_text import sorted_json
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.value import Value
from frontegg_async.managed.exported import exported_values
from frontegg_async.managed.registry import ACCOUNT
from frontegg_async.models.exports import IncludeLiteral
from frontegg_async.models.to_plain import secret_names
from frontegg_async.options import Options
from frontegg_async.resources.of_tenant.account_settings import AsyncTenantAccountSettings
from frontegg_async.resources.of_tenant.api_tokens import AsyncTenantApiTokens
from frontegg_async.snapshots.rows import NOT_MANAGED, Row, field_of


async def read_included(caller: Caller, included: Sequence[IncludeLiteral], options: Options | None) -> Row:
    """Request the included parts of an account, and return the value of each field. Secrets are left out.

    Args:
        caller: The object that sends the requests for the account.
        included: The parts to request.
        options: The options of each call.

    Raises:
        NotFoundError: The account or an included part does not exist.
        FronteggError: A request failed.
    """
    own = caller if options is None else caller.with_options(options)
    row: Row = {}
    not_managed: Row = {}
    for name in included:
        kind = ACCOUNT.get(name)
        if kind is None:
            row[field_of(name)] = _without_secrets(await _READS[name](caller, options))
            continue
        objects = await kind.read(own)
        wrong = {key: [found.id] for key, found in objects.found.items() if kind.key_problem(key)}
        ids = {**wrong, **{key: [*those] for key, those in objects.repeated.items()}}
        row[name] = {key: exported_values(kind, found) for key, found in objects.found.items() if key not in ids}
        if ids:
            not_managed[name] = cast("JsonValue", ids)
    return {**row, NOT_MANAGED: not_managed} if not_managed else row


_READS: Final[dict[IncludeLiteral, Callable[[Caller, Options | None], Awaitable[object]]]] = {
    "settings": lambda caller, options: AsyncTenantAccountSettings(caller).get(options=options),
    "api-tokens": lambda caller, options: AsyncTenantApiTokens(caller).list(options=options).all(),
}


def _without_secrets(value: object) -> JsonValue:
    """Return a model as plain JSON without secrets. Unknown fields are left out, too, since they may contain secrets.

    The items of lists are sorted by their content.
    """
    if isinstance(value, tuple | list):
        return sorted(map(_without_secrets, cast("Sequence[object]", value)), key=sorted_json)
    if not isinstance(value, Value):
        return cast("JsonValue", msgspec.to_builtins(value, enc_hook=str))
    left_out = {"tenant_id", "extra", *secret_names(cast("type", type(value)))}
    names = (field.name for field in attrs.fields(cast("type[attrs.AttrsInstance]", type(value))))
    return {name: _without_secrets(getattr(value, name)) for name in names if name not in left_out}
