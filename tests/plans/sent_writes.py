"""The requests that write: those that a plan asks for, and those that an emulator received, in the same form."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from frontegg_async.emulator import EmulatorHandle
from frontegg_async.emulator.world.journal import JournalEntry
from frontegg_async.emulator.world.redaction import REDACTED
from frontegg_async.plans import Write
from frontegg_async.plans.files.fields import SETTINGS_SPELLINGS

_TENANTS: Final = "/tenants/resources/tenants"
_HIERARCHY: Final = "/tenants/resources/hierarchy/v1"
_SETTINGS: Final = "/tenants/resources/account-settings/v1"
_APPLICATIONS: Final = "/applications/resources/applications/tenant-assignments/v1"
_ENTITLEMENTS: Final = "/entitlements/resources/entitlements/v2"
_WIRE: Final = {
    "tenant_id": "tenantId",
    "is_reseller": "isReseller",
    "parent_tenant_id": "parentTenantId",
    **{field: wire for wire, field in SETTINGS_SPELLINGS.items()},
}


def planned_writes(writes: Iterable[Write]) -> frozenset[str]:
    """Return the requests that writes of a plan ask for; accounts that are locked in one request count alone.

    Args:
        writes: The writes.
    """
    return frozenset(each for write in writes for each in _requests(write))


def _requests(write: Write) -> Iterator[str]:
    if write.is_of_object:
        yield from _requests_of_object(write)
        return
    key, sets = write.key, {_WIRE.get(name, name): value for name, value in write.sets.items()}
    if write.operation == "move":
        before: Any = write.before
        for method, parent in (("DELETE", before["parent_tenant_id"]), ("POST", sets["parentTenantId"])):
            if parent is not None:
                yield _text(method, _HIERARCHY, {"parentTenantId": parent, "childTenantId": key})
    else:
        yield _text(*_SHAPES[write.operation](key, sets))


_OBJECTS: Final = {
    "permissions": "/identity/resources/permissions/v1",
    "roles": "/identity/resources/roles/v1",
    "applications": "/applications/resources/applications/v1",
}
"""The paths of objects by their parts; those of one object have its key in the place of its id."""
_USERS: Final = "/identity/resources/users"
_MEMBERS: Final = "permissions."
_ROLES: Final = "roles."
_METADATA: Final = "metadata."


def _requests_of_object(write: Write) -> Iterator[str]:
    """Yield the requests of a write; the permissions of a role are those that it is given, so it has none before."""
    if write.part == "users":
        yield from _requests_of_person(write)
        return
    path, own = _OBJECTS[str(write.part)], f"{_OBJECTS[str(write.part)]}/{write.object_key}"
    plain = {name: value for name, value in write.sets.items() if "." not in name}
    metadata = {name.removeprefix(_METADATA): value for name, value in write.sets.items() if name.startswith(_METADATA)}
    members = sorted(name.removeprefix(_MEMBERS) for name in write.sets if name.startswith(_MEMBERS))
    if write.operation == "create_object":
        yield _text("POST", path, [{"key": REDACTED, **plain}])
    elif write.operation == "delete_object":
        yield _text("DELETE", own)
    elif plain or metadata:
        yield _text("PATCH", own, {**plain, **({"metadata": metadata} if metadata else {})})
    if members:
        yield _text("PUT", f"{own}/permissions", {"permissionIds": members})


def _requests_of_person(write: Write) -> Iterator[str]:
    own, roles = f"{_USERS}/v1/{write.object_key}", [name.removeprefix(_ROLES) for name in write.sets if "." in name]
    name = {"name": write.sets.get("name")}
    if write.operation == "create_object":
        body = {"email": REDACTED, "roleIds": roles, "skipInviteEmail": True, **name}
        yield _text("POST", f"{_USERS}/v2", body, write.key)
    elif write.operation == "delete_object":
        yield _text("DELETE", own, None, write.key)
    else:
        yield _text("PUT", f"{_USERS}/v1", name, write.key)
        yield _text("POST", f"{own}/roles", {"roleIds": roles}, write.key)


_SHAPES: Final[Mapping[str, Callable[[str, dict[str, object]], tuple[object, ...]]]] = {
    "create": lambda key, sets: ("POST", f"{_TENANTS}/v1", {"tenantId": key, **sets}),
    "update": lambda key, sets: ("PUT", f"{_TENANTS}/v2/{key}", sets),
    "delete": lambda key, _: ("DELETE", f"{_TENANTS}/v1/{key}"),
    "add_metadata": lambda key, sets: ("POST", f"{_TENANTS}/v1/{key}/metadata", sets),
    "delete_metadata": lambda key, sets: ("DELETE", f"{_TENANTS}/v1/{key}/metadata/{sets['key']}"),
    "update_account_settings": lambda key, sets: ("PUT", _SETTINGS, sets, key),
    "assign_application": lambda key, sets: ("POST", f"{_APPLICATIONS}/{sets['app_id']}", {"tenantId": key}),
    "assign_plan": lambda key, sets: (
        "POST",
        f"{_ENTITLEMENTS}/batch",
        {"entitlements": [{"planId": sets["plan_id"], "tenantId": key}]},
    ),
    "lock": lambda key, _: ("POST", f"{_TENANTS}/v1/lock", {"tenantIds": [key]}),
    "unlock": lambda key, _: ("POST", f"{_TENANTS}/v1/unlock", {"tenantIds": [key]}),
}
"""Method, path, body and the tenant of the header, by operation."""


def sent_writes(emulator: EmulatorHandle, keys: Mapping[str, str]) -> Counter[str]:
    """Return how often the emulator, which keeps bodies, has received each request that writes.

    Args:
        emulator: The emulator.
        keys: The keys of objects by their ids, which requests have in their place.
    """
    found: Counter[str] = Counter()
    for entry in emulator.journal():
        for each in _received(emulator, entry):
            text = _ID.sub(lambda match: keys.get(match[0], match[0]), each)
            method, path, tenant, body = text.split(" ", 3)
            is_of_members = body.startswith('{"permissionIds"')
            ids = sorted(json.loads(body)["permissionIds"]) if is_of_members else []
            found[_text(method, path, {"permissionIds": ids}, tenant) if is_of_members else text] += 1
    return found


def _received(emulator: EmulatorHandle, entry: JournalEntry) -> Iterator[str]:
    if entry.method == "GET" or entry.route == "auth.authenticate":
        return
    request = emulator.recorded_exchange(entry.trace_id).request
    body: Any = json.loads(request.body) if request.body else None
    tenant = {name.lower(): value for name, value in request.headers}.get("frontegg-tenant-id", "")
    path = entry.path + (f"?{entry.query}" if entry.query else "")
    if entry.route in ("tenants.lock", "tenants.unlock"):
        for each in body.pop("tenantIds"):
            yield _text(entry.method, path, {**body, "tenantIds": [each]}, tenant)
    elif entry.route == "plan_assignments.assign":
        for each in body["entitlements"]:
            yield _text(entry.method, path, {"entitlements": [each]}, tenant)
    else:
        yield _text(entry.method, path, body, tenant)


_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _text(method: object, path: object, body: object = None, tenant: object = "") -> str:
    return f"{method} {path} {tenant} {json.dumps(body, sort_keys=True)}"
