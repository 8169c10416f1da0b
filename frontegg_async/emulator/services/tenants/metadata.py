"""The rules of tenants' metadata. Responses contain it as JSON text. Requests contain an object or JSON text."""

from __future__ import annotations

import msgspec

from frontegg_async._values.json_values import JsonValue, RawText, parse_json_text
from frontegg_async.emulator.checks.nesting import is_too_deep_text
from frontegg_async.emulator.services.support.common import find_tenant
from frontegg_async.emulator.services.support.emulated_response import (
    EmulatedResponse,
    RequestRefusedError,
    service_error,
    validation_error,
)
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.services.support.switches import ServiceSwitches
from frontegg_async.emulator.services.tenants.access import emit_other_change
from frontegg_async.emulator.services.tenants.switches import TenantSwitches
from frontegg_async.emulator.services.tenants.updated_at import with_updated_at
from frontegg_async.emulator.store.tenant_rows import TenantRow, metadata_text
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.journal import Effect


def to_text(value: JsonValue, *, check: bool = True) -> str | None:
    """Return the JSON text to store for the metadata in a request. A string is taken as JSON text already.

    Raises:
        RequestRefusedError: 400 if the text is nested too deeply or is not JSON. With ``check`` off, any text is
            accepted.
    """
    if isinstance(value, str):
        if check and isinstance(parse_json_text(value), RawText):
            raise _no_metadata()
        if is_too_deep_text(value):
            raise validation_error(["metadata is nested too deeply"])
    return metadata_text(value)


def add_metadata(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Merge keys into the metadata of a tenant. If the JSON text is not an object, it replaces the metadata."""
    row = find_tenant(environment.state, call.path["tenant_id"])
    given = call.body["metadata"]
    if isinstance(given, str):
        text = to_text(given)
        keys = parse_json_text(given)
        if not isinstance(keys, dict):
            if environment.switches[TenantSwitches].metadata_merge_text == "refuse":
                raise _no_metadata()
            return _store(environment, row, text, environment.switches[ServiceSwitches].post_status)
    elif isinstance(given, dict):
        keys = given
    else:
        raise _no_metadata()
    stored = _stored_object(row)
    if stored is None:
        if row.metadata is not None and environment.switches[TenantSwitches].metadata_merge == "refuse":
            raise service_error(400, "The tenant's metadata is not an object")
        stored = {}
    return _store(environment, row, to_text({**stored, **keys}), environment.switches[ServiceSwitches].post_status)


def delete_metadata(environment: EmulatedEnvironment, call: IncomingCall) -> EmulatedResponse:
    """Remove a key from the metadata of a tenant. A missing key changes nothing."""
    row = find_tenant(environment.state, call.path["tenant_id"])
    stored = _stored_object(row)
    if stored is None or call.path["key"] not in stored:
        return EmulatedResponse(body=row)
    remaining = {key: value for key, value in stored.items() if key != call.path["key"]}
    return _store(environment, row, to_text(remaining), 200)


def _stored_object(row: TenantRow) -> dict[str, JsonValue] | None:
    value = None if row.metadata is None else parse_json_text(row.metadata)
    return value if isinstance(value, dict) else None


def _no_metadata() -> RequestRefusedError:
    return validation_error(["metadata must be a JSON or a JSON string"])


def _store(environment: EmulatedEnvironment, row: TenantRow, metadata: str | None, status: int) -> EmulatedResponse:
    changed = with_updated_at(environment, msgspec.structs.replace(row, metadata=metadata), "metadata")
    environment.state.put_tenant(changed)
    emit_other_change(environment, changed)
    return EmulatedResponse(status=status, body=changed, effect=Effect(changed=(row.tenant_id,)))


RULES = {
    "tenants.add_metadata": Rule(run=add_metadata, any_json=("metadata",)),
    "tenants.delete_metadata": Rule(run=delete_metadata),
}
