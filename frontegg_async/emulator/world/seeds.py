"""Seeds: tenants, users and other rows to add to an environment. A whole seed is checked before any part is added."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, cast

import attrs
import msgspec

from frontegg_async._values.json_values import JsonValue, parse_json_text
from frontegg_async.emulator.checks.json_input import plain_json
from frontegg_async.emulator.checks.nesting import is_too_deep_text
from frontegg_async.emulator.store.gradual_free import free_gradually
from frontegg_async.emulator.store.integrity import check_rows, check_user
from frontegg_async.emulator.store.state import State, check_cycles
from frontegg_async.emulator.store.stored_records import read_rows
from frontegg_async.emulator.store.tenant_profile import TenantProfile
from frontegg_async.emulator.store.tenant_rows import OwnFields, StoredTenant, is_valid_tenant_id, metadata_text
from frontegg_async.emulator.store.user_rows import UserProfile, UserRow
from frontegg_async.emulator.world.clock import timestamp
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment

_MOMENTS: Final = frozenset({"createdAt", "updatedAt"})
"""The fields whose values may be `datetime` objects in a seed from a program."""
_USERS: Final = uuid.UUID("0d6f4f5e-6f0e-4a43-9c7e-54a3a8f5d0b1")


class SeedTenant(TenantProfile, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A tenant in a seed. It has the fields of a listed tenant, and the id of its parent.

    ``id`` and ``vendorId`` are internal ids of the service. A seed may contain them, but the emulator generates new
    ones.
    """

    tenant_id: str
    name: str
    id: str | None = None
    vendor_id: str | None = None
    parent_tenant_id: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    deleted_at: None = None
    metadata: object = None
    is_reseller: bool | None = False
    is_locked: bool | None = False


_REPLACED: Final = ("id", "vendorId", "deletedAt")
"""The fields of a stored tenant that an exported seed omits."""
_TENANT_DEFAULTS: Final[Mapping[str, object]] = {
    field.encode_name: field.default for field in msgspec.structs.fields(SeedTenant)
}
_encode_into: Final = msgspec.json.Encoder().encode_into
_COMMA: Final = ord(",")
_AFTER_PROFILE: Final = b',"tenantId":'
"""The text that follows the profile in the JSON of a `SeedTenant`. It cannot occur in a value: quotes are escaped."""


class SeedUser(UserProfile, rename="camel", kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A user in a seed. A user without an id gets an id that is derived from the e-mail address."""

    email: str
    tenant_id: str
    id: str | None = None
    tenant_ids: tuple[str, ...] = ()
    created_at: datetime | None = None


_USER_PROFILE: Final = UserProfile.__struct_fields__
_USER_DEFAULTS: Final[Mapping[str, object]] = cast(
    "Mapping[str, object]", msgspec.to_builtins(SeedUser(email="", tenant_id=""))
)


class Seed(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A seed: tenants in any order, users, and rows of all other tables in the form that a snapshot has."""

    tenants: tuple[SeedTenant, ...] = ()
    users: tuple[SeedUser, ...] = ()
    tables: dict[str, list[object]] = msgspec.field(default_factory=dict[str, list[object]])


@attrs.frozen
class SeedResult:
    """The numbers of tenants and users that a seed has added."""

    tenants: int
    """The number of added tenants."""
    users: int
    """The number of added users."""


def user_id_of(email: str) -> str:
    """Return the id of a user whose seed contains no id. The id is derived from the e-mail address."""
    return str(uuid.uuid5(_USERS, email))


def seed_document(
    document: Mapping[str, object] | None,
    tenants: Sequence[Mapping[str, object]],
    users: Sequence[Mapping[str, object]],
) -> Mapping[str, object]:
    """Return the document of a seed: the given document, or a document with the given tenants and users.

    Raises:
        ValueError: Both a document and lists are given, or ``tenants`` or ``users`` is not a list.
    """
    for name, rows in (("tenants", tenants), ("users", users)):
        if isinstance(rows, str | bytes | Mapping) or not isinstance(rows, Iterable):
            raise ValueError(f"{name} must be a list of objects, not {type(rows).__name__}")  # noqa: TRY004 - one kind of error
    if document is None:
        return {"tenants": list(tenants), "users": list(users)}
    if tenants or users:
        raise ValueError("give either the whole seed, or tenants and users, but not both")
    return document


def read_seed(value: object) -> Seed:
    """Read a seed from a JSON value.

    Raises:
        ValueError: The value is not a seed. The message has the path of the wrong value.
    """
    if not isinstance(value, Mapping):
        raise ValueError(f"the seed must be an object, not {type(value).__name__}")  # noqa: TRY004 - one kind of error
    return msgspec.convert(plain_json(cast("object", value), "the seed", moments=_MOMENTS), Seed)


def add_seed(environment: EmulatedEnvironment, seed: Seed) -> SeedResult:
    """Add the tenants and users of a seed to an environment.

    Raises:
        ValueError: A value is not valid, or an id or address is already in use. Nothing was added.
    """
    state = environment.state
    _check_tenants(environment, seed.tenants)
    now = environment.clock.timestamp()
    buffer = bytearray()
    texts = {tenant.tenant_id: _tenant_text(environment, tenant, now, buffer) for tenant in seed.tenants}
    users = [_user_row(user, now) for user in seed.users]
    tenants: Collection[str] = {*texts, *state.tenants} if users or seed.tables else ()
    _check_users(state, users, tenants)
    table_rows = read_rows(seed.tables)
    check_rows(table_rows, tenants, lambda kind, key: state.table(kind).get(key))
    state.add_tenants(texts, {each.alias: each.tenant_id for each in seed.tenants if isinstance(each.alias, str)})
    for tenant in seed.tenants:
        if tenant.parent_tenant_id is not None:
            state.put_parent(tenant.tenant_id, tenant.parent_tenant_id)
    for user in users:
        state.put_user(user)
    for row in table_rows:
        state.put(row)
    return SeedResult(len(texts), len(users))


def replace_by_seed(environment: EmulatedEnvironment, seed: Seed) -> SeedResult:
    """Replace all data of an environment with the data of a seed. Settings and clock do not change.

    Raises:
        ValueError: The seed is not valid. Nothing has changed.
    """
    before, environment.state = environment.state, State()
    try:
        result = add_seed(environment, seed)
    except ValueError:
        environment.state = before
        raise
    free_gradually(before.containers())
    return result


def count_seed(environment: EmulatedEnvironment, seed: Seed) -> SeedResult:
    """Return the result that `replace_by_seed` would have.

    Raises:
        ValueError: The seed is not valid.
    """
    trial = EmulatedEnvironment(environment.client_id, environment.secret, environment.key, clock=environment.clock)
    return add_seed(trial, seed)


def export_seed(environment: EmulatedEnvironment) -> dict[str, JsonValue]:
    """Return the data of an environment as a seed.

    The seed contains passwords and secrets, but no sessions and no deleted tenants.
    """
    state = environment.state
    tables = {name: [_plain(row) for row in rows.values()] for name, rows in state.tables.items() if rows}
    return {
        "tenants": [_exported_tenant(state.tenants.stored(key, state.parents.get(key))) for key in state.tenants],
        "users": [_exported_user(row) for row in state.users.values()],
        "tables": tables,
    }


def _plain(row: msgspec.Struct) -> dict[str, JsonValue]:
    return cast(
        "dict[str, JsonValue]", msgspec.json.decode(msgspec.json.encode(row))
    )  # encoding and decoding turns tuples into lists


def _exported_tenant(row: StoredTenant) -> dict[str, JsonValue]:
    fields = _plain(row)
    for name in _REPLACED:
        del fields[name]
    if row.metadata is not None:
        value = parse_json_text(row.metadata)
        # Export metadata as an object if no information is lost, since an object is easier to read than JSON text.
        if isinstance(value, dict | list) and metadata_text(value) == row.metadata:
            fields["metadata"] = value
    return {name: value for name, value in fields.items() if _TENANT_DEFAULTS.get(name, msgspec.UNSET) != value}


def _exported_user(row: UserRow) -> dict[str, JsonValue]:
    fields = _plain(row)
    if row.tenant_id not in row.tenant_ids:
        fields["tenantId"] = row.tenant_ids[0]  # the active tenant may be a sub-account that was entered
    return {name: value for name, value in fields.items() if _USER_DEFAULTS.get(name) != value}


def _check_tenants(environment: EmulatedEnvironment, tenants: tuple[SeedTenant, ...]) -> None:
    state = environment.state
    ids = {tenant.tenant_id for tenant in tenants}
    if len(ids) != len(tenants):
        raise ValueError("the seed has two tenants with the same tenantId")
    parents: dict[str, str] = {}
    for tenant in tenants:
        tenant_id, parent_id = tenant.tenant_id, tenant.parent_tenant_id
        if not is_valid_tenant_id(tenant_id):
            raise ValueError(f"tenant {tenant_id!r}: the tenantId is not valid")
        if tenant_id == environment.vendor_id:
            raise ValueError(f"tenant {tenant_id!r}: the tenantId is the environment's own id")
        if isinstance(tenant.metadata, str) and is_too_deep_text(tenant.metadata):
            raise ValueError(f"tenant {tenant_id!r}: the metadata is nested too deeply")
        if tenant_id in state.tenants:
            raise ValueError(f"tenant {tenant_id!r} exists already")
        if parent_id is None:
            continue
        if parent_id not in ids and parent_id not in state.tenants:
            raise ValueError(f"tenant {tenant_id!r}: its parent {parent_id!r} does not exist")
        parents[tenant_id] = parent_id
    check_cycles(parents)


def _check_users(state: State, users: Iterable[UserRow], tenants: Collection[str]) -> None:
    seen: set[str] = set()
    for user in users:
        if user.id in state.users or user.id in seen:
            raise ValueError(f"user {user.id!r} exists already")
        seen.add(user.id)
        check_user(user, tenants)


def _tenant_text(environment: EmulatedEnvironment, tenant: SeedTenant, now: str, buffer: bytearray) -> bytes:
    """Return the text to store for a tenant: the profile from the seed, followed by the other fields of a row.

    Args:
        environment: The environment.
        tenant: The tenant in the seed.
        now: The time of creation for a tenant whose seed contains none.
        buffer: A buffer that is overwritten, so that calls can share it.
    """
    if isinstance(tenant.alias, str) and tenant.has_custom_login is msgspec.UNSET:
        tenant = msgspec.structs.replace(tenant, has_custom_login=True)
    created = now if tenant.created_at is None else _moment(tenant.created_at)
    metadata = tenant.metadata
    row = OwnFields(
        environment.new_id(),
        environment.vendor_id,
        tenant.tenant_id,
        tenant.name,
        created,
        created if tenant.updated_at is None else _moment(tenant.updated_at),
        None,
        tenant.is_reseller is True,
        tenant.is_locked is True,
        metadata if isinstance(metadata, str) else metadata_text(cast("JsonValue", metadata)),
    )
    _encode_into(tenant, buffer)
    end = buffer.index(_AFTER_PROFILE)
    _encode_into(row, buffer, end)
    buffer[end] = _COMMA
    return bytes(buffer)


def _moment(given: datetime) -> str:
    if given.tzinfo is None:
        raise ValueError("createdAt and updatedAt need a time zone")
    return timestamp(given.timestamp())


def _user_row(user: SeedUser, now: str) -> UserRow:
    listed = user.tenant_ids
    return UserRow(
        **{name: getattr(user, name) for name in _USER_PROFILE},
        id=user.id or user_id_of(user.email),
        email=user.email,
        tenant_id=user.tenant_id,
        tenant_ids=tuple(dict.fromkeys(listed if user.tenant_id in listed else (user.tenant_id, *listed))),
        created_at=now if user.created_at is None else _moment(user.created_at),
    )
