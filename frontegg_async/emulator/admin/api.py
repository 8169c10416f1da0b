"""The admin API: calls the verb that belongs to a method and path, with the values of the JSON body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, TypeVar, cast
from urllib.parse import unquote

import attrs
import msgspec

from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator.admin import changes, views
from frontegg_async.emulator.admin.verbs import Verbs
from frontegg_async.emulator.checks.json_input import read_json
from frontegg_async.emulator.faults.ledger import Fault
from frontegg_async.emulator.faults.spec import FaultAction

ADMIN_PREFIX: Final = "/_emulator/"
ROOT: Final = "/_emulator/v1"

Body: TypeAlias = Mapping[str, JsonValue]
Verb: TypeAlias = Callable[[Verbs, JsonValue], object]
T = TypeVar("T")


class _EnvironmentBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    client_id: str | None = None
    secret: str | None = None
    token_ttl: float | None = None
    rate_limit: int | None = None
    switches: dict[str, str | int] = msgspec.field(default_factory=dict[str, str | int])
    divergences: dict[str, str | int] = msgspec.field(default_factory=dict[str, str | int])
    """The former name of ``switches``, which is still accepted."""


class _UserTokenBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    tenant_id: str = msgspec.field(name="tenantId")
    email: str | None = None
    user_id: str | None = None
    tenant_ids: list[str] | None = msgspec.field(name="tenantIds", default=None)
    permissions: list[str] | None = None
    roles: list[str] | None = None
    type: str = "userToken"
    expires_in: float | None = None


class _AccessTokenBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    tenant_id: str = msgspec.field(name="tenantId")
    user_id: str | None = msgspec.field(name="userId", default=None)
    id: str | None = None
    permissions: list[str] | None = None
    roles: list[str] | None = None
    expires_in: float | None = None


class _TxtRecordsBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    host: str
    values: list[str]


class _ClockBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    advance: float | None = None
    freeze: bool | None = None


def _read(body: JsonValue, shape: type[T]) -> T:
    return msgspec.convert({} if body is None else body, shape)


def _create_environment(verbs: Verbs, body: JsonValue) -> object:
    given = _read(body, _EnvironmentBody)
    made = verbs.create_environment(
        client_id=given.client_id,
        secret=given.secret,
        token_ttl=given.token_ttl,
        rate_limit=given.rate_limit,
        switches=given.switches,
        divergences=given.divergences,
    ).one
    return {"client_id": made.client_id, "secret": made.secret}


def _user_token(verbs: Verbs, body: JsonValue) -> object:
    given = _read(body, _UserTokenBody)
    token = verbs.user_token(
        tenant_id=given.tenant_id,
        email=given.email,
        user_id=given.user_id,
        tenant_ids=given.tenant_ids,
        permissions=given.permissions,
        roles=given.roles,
        type=given.type,
        expires_in=given.expires_in,
    )
    return {
        "accessToken": token.access_token,
        "refreshToken": token.refresh_token,
        "expiresIn": int(token.expires_in) if token.expires_in.is_integer() else token.expires_in,
    }


def _access_token(verbs: Verbs, body: JsonValue) -> object:
    given = _read(body, _AccessTokenBody)
    made = verbs.access_token(
        tenant_id=given.tenant_id,
        user_id=given.user_id,
        id=given.id,
        permissions=given.permissions,
        roles=given.roles,
        expires_in=given.expires_in,
    )
    return {"id": made.id, "tenantId": made.tenant_id, "userId": made.user_id, "secret": made.secret}


def _clock(verbs: Verbs, body: JsonValue) -> object:
    given = _read(body, _ClockBody)
    now = verbs.clock(advance=given.advance, freeze=given.freeze)
    return {"now": now.isoformat(timespec="milliseconds").replace("+00:00", "Z")}


def _add_fault(verbs: Verbs, body: JsonValue) -> object:
    if not isinstance(body, Mapping):
        raise ValueError("the fault must be an object")  # noqa: TRY004 - the admin API expects one kind of error
    return {"id": verbs.add_fault(body)}


def describe_fault(fault: Fault, fired: int) -> dict[str, JsonValue]:
    """Return a fault as JSON of the admin API."""
    match = {name: value for name, value in attrs.asdict(fault.match).items() if value is not None}
    return {
        "id": fault.id,
        "match": cast("JsonValue", match),
        "stage": fault.stage,
        "action": {"type": _action_type(fault.action), **cast("Body", attrs.asdict(fault.action))},
        "fired": fired,
    }


def _action_type(action: FaultAction) -> str:
    name = type(action).__name__
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def _stats(verbs: Verbs, _body: JsonValue) -> object:
    stats = verbs.stats()
    return {
        "tokens_issued": stats.tokens_issued,
        "requests": stats.requests,
        "connections": {"open": stats.connections_open, "ever": stats.connections_ever},
        "journal_dropped": stats.journal_dropped,
    }


def _switches(key: str) -> Mapping[tuple[str, str], Verb]:
    """Return the verbs that read and set the switches. ``key`` is their present or former name in the API."""

    def read(verbs: Verbs, _body: JsonValue) -> object:
        return {key: verbs.switches()}

    def write(verbs: Verbs, body: JsonValue) -> object:
        if not isinstance(body, Mapping):
            raise ValueError(f"{key} must be an object of names and values")  # noqa: TRY004 - one kind of error
        verbs.set_switches(body)
        return read(verbs, None)

    return {("GET", key): read, ("POST", key): write}


def _set_txt_records(verbs: Verbs, body: JsonValue) -> object:
    given = _read(body, _TxtRecordsBody)
    verbs.set_txt_records(given.host, given.values)
    return None


class _UserBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    id: str


class _UserChangesBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    id: str
    changes: dict[str, object] = msgspec.field(default_factory=dict[str, object])


class _TextBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    name: str
    text: str


class _ChangeBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    label: str
    verb: str
    body: object = None


def _call(verbs: Verbs, body: JsonValue) -> object:
    return {"results": verbs.call(changes.read_calls(body))}


def _update_user(verbs: Verbs, body: JsonValue) -> object:
    given = _read(body, _UserChangesBody)
    verbs.update_user(given.id, cast("Body", given.changes))
    return None


def _check_json(body: JsonValue) -> None:
    """Raise an error with line and column if the body is a text that is not valid JSON."""
    given = _read(body, _TextBody)
    read_json(given.text.encode(), given.name)


def _change(verbs: Verbs, body: JsonValue) -> object:
    """Run a verb as a change, so that the verb ``undo`` can undo its effects."""
    given = _read(body, _ChangeBody)
    if given.verb not in UNDOABLE:
        raise ValueError(f"verb must be one of {', '.join(UNDOABLE)}")
    if not given.label.strip():
        raise ValueError("label must describe the change")
    verb = VERBS["POST", given.verb]
    return changes.make_undoable(verbs, given.label, lambda: verb(verbs, cast("JsonValue", given.body)))


UNDOABLE: Final = ("calls", "seed", "import", "restore", "reset", "update-user", "delete-user")
"""The verbs that the verb ``change`` can run and undo."""

VERBS: Final[Mapping[tuple[str, str], Verb]] = {
    ("GET", "health"): lambda verbs, _: verbs.health(),
    ("GET", "environments"): lambda verbs, _: verbs.environments(),
    ("POST", "environments"): _create_environment,
    ("POST", "reset"): lambda verbs, _: verbs.reset(),
    ("POST", "seed"): lambda verbs, body: verbs.seed(body),
    ("GET", "seed"): lambda verbs, _: verbs.export_seed(),
    ("POST", "check-seed"): lambda verbs, body: verbs.check_seed(body),
    ("POST", "import"): lambda verbs, body: verbs.import_seed(body),
    ("POST", "calls"): _call,
    ("POST", "update-user"): _update_user,
    ("POST", "delete-user"): lambda verbs, body: verbs.delete_user(_read(body, _UserBody).id),
    ("POST", "change"): _change,
    ("GET", "undo"): lambda verbs, _: changes.last_change(verbs),
    ("POST", "undo"): lambda verbs, _: verbs.undo(),
    ("GET", "form-fields"): lambda _, __: views.form_fields(),
    ("POST", "check-json"): lambda _, body: _check_json(body),
    ("GET", "snapshot"): lambda verbs, _: verbs.snapshot(),
    ("POST", "restore"): lambda verbs, body: verbs.restore(body),
    ("POST", "user-tokens"): _user_token,
    ("POST", "access-tokens"): _access_token,
    ("POST", "revoke-tokens"): lambda verbs, _: verbs.revoke_tokens(),
    ("GET", "tenants"): lambda verbs, _: verbs.tenants(),
    ("GET", "users"): lambda verbs, _: verbs.users(),
    ("GET", "clock"): lambda verbs, _: verbs.read_clock(),
    ("POST", "clock"): _clock,
    ("POST", "faults"): _add_fault,
    ("GET", "faults"): lambda verbs, _: {"faults": [describe_fault(*each) for each in verbs.faults()]},
    ("DELETE", "faults"): lambda verbs, _: verbs.delete_faults(),
    ("GET", "fault-kinds"): lambda _, __: views.fault_kinds(),
    ("GET", "operations"): lambda _, __: views.operations(),
    ("GET", "journal"): lambda verbs, _: {
        "requests": verbs.journal(),
        "dropped": verbs.world.journal.dropped(verbs.client_id),
    },
    ("DELETE", "journal"): lambda verbs, _: verbs.clear_journal(),
    ("GET", "deliveries"): lambda verbs, _: {"deliveries": verbs.deliveries()},
    ("GET", "outbox"): lambda verbs, _: {"emails": verbs.outbox()},
    ("DELETE", "outbox"): lambda verbs, _: verbs.clear_outbox(),
    ("GET", "stats"): _stats,
    ("GET", "openapi.json"): lambda verbs, _: verbs.openapi(),
    **_switches("switches"),
    **_switches("divergences"),
    ("POST", "txt-records"): _set_txt_records,
}
"""The verbs by method and path. A verb that returns ``None`` gives the status 204; any other result gives 200."""


def find_verb(method: str, path: str) -> Verb:
    """Return the verb of a request. ``path`` is the rest of the request's path after the root or the environment.

    Raises:
        LookupError: There is no verb with this method and path.
    """
    verb = VERBS.get((method, path))
    if verb is not None:
        return verb
    collection, _, key = path.partition("/")
    if method == "DELETE" and collection == "faults" and key:
        return lambda verbs, _: verbs.delete_fault(unquote(key))
    if method == "GET" and collection == "journal" and key:
        return lambda verbs, _: verbs.recorded_exchange(unquote(key))
    if method == "GET" and collection == "tenants" and key.endswith("/sso"):
        return lambda verbs, _: verbs.sso(unquote(key.removesuffix("/sso")))
    if method == "GET" and collection == "tenants" and key.endswith("/features"):
        return lambda verbs, _: verbs.features(unquote(key.removesuffix("/features")))
    if method == "GET" and collection == "tenants" and key:
        return lambda verbs, _: verbs.tenant(unquote(key))
    known = ", ".join(sorted({f"{known_method} {known_path}" for known_method, known_path in VERBS}))
    raise LookupError(f"the admin API has no {method} {path}; it has {known}")
