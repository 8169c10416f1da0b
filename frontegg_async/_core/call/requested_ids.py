"""The ids of a request for error messages, and the fields of a request that hooks get."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast
from urllib.parse import unquote

import attrs

from frontegg_async._core.http.transport import Request
from frontegg_async._values.json_values import parse_json
from frontegg_async._values.unset import was_sent
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints.endpoint import TENANT_OF_CALL, USER_OF_CALL

_HEADERS: Final = {TENANT_OF_CALL: "tenant_id", USER_OF_CALL: "user_id"}
_ID: Final = r"(?:.*_)?ids?|alias"
_UPPER: Final = r"(?<=[a-z0-9])(?=[A-Z])"
_UUID: Final = r"(?ai)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_TENANTS: Final = ("tenant_id", "tenant_ids", "child_tenant_id", "src_tenant_id", "target_tenant_id")
_CREATIONS: Final = frozenset({"tenants.create", "sub_tenants.create"})
"""Operations that create a tenant. The caller or the client chooses their ``tenant_id``."""
_FINDERS: Final = {
    "app_id": "applications.ids_of(names)",
    "base_role_id": "roles.ids_of(keys)",
    "permission_id": "permissions.ids_of(keys)",
    "permission_ids": "permissions.ids_of(keys)",
    "role_id": "roles.ids_of(keys)",
    "role_ids": "roles.ids_of(keys)",
}
"""The calls that find ids by keys or names, for each argument that takes such an id."""

_MAX_BODY: Final = 16 * 1024
_MAX_IDS: Final = 3
_MAX_LENGTH: Final = 80


class EnvironmentId(str):
    """The id of the environment in place of a tenant id. Error messages contain no hint about this id."""

    __slots__ = ()


def fields_and_tenants(
    body: object, path: Mapping[str, str], tenant_id: str | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the body's fields without tenant ids, and the ids of the tenants in the request.

    Args:
        body: The body of the request. ``None`` for no body.
        path: The fields of the path.
        tenant_id: The tenant id in the header, if the request has that header.
    """
    given = _sent(body)
    named = {**given, **path}
    values = [named[name] for name in _TENANTS if name in named] or [tenant_id]
    ids = [each for value in values for each in (cast("Sequence[object]", value) if _is_array(value) else (value,))]
    return tuple(name for name in given if name not in _TENANTS), tuple(each for each in ids if isinstance(each, str))


def _is_array(value: object) -> bool:
    return isinstance(value, tuple | list)


def _sent(body: object) -> dict[str, object]:
    """Return the fields of a body by the names of the arguments."""
    if isinstance(body, Mapping):
        return {argument(str(key)): value for key, value in cast("Mapping[object, object]", body).items()}
    if not attrs.has(type(body)):
        return {}
    model = cast("attrs.AttrsInstance", body)
    return {field.name: getattr(model, field.name) for field in attrs.fields(type(model)) if was_sent(model, field)}


def describe(endpoint: Endpoint[object], request: Request, *, is_new: bool = False) -> str:
    """Return the part of a message that names the ids of a request. Empty for a request without ids.

    A hint follows if an id looks wrong. Tenant and user may be swapped. A tenant's id may be
    internal, and a user's id an e-mail address. The id of a role, a permission or an application may be a key or a
    name. The text omits other values, which may be personal or secret.

    Args:
        endpoint: The operation.
        request: The request that was sent.
        is_new: Whether the caller chose the ids. Then the message contains no hint about internal ids.
    """
    every = list(ids_of(endpoint, request))
    found = [each for place, each in enumerate(every) if each not in every[:place]]
    if not found:
        return ""
    text = f" for {', '.join(f'{name} {_shown(values)}' for name, values in found)}"
    chosen = "tenant_id" if endpoint.name in _CREATIONS else ""
    doubted = [
        name
        for name, values in found
        if "tenant_id" in name
        and name != chosen
        and any(re.fullmatch(_UUID, value) and not isinstance(value, EnvironmentId) for value in values)
    ]
    users = [value for name, values in found if name == "user_id" for value in values]
    if doubted and not is_new and users and not any(re.fullmatch(_UUID, value) for value in users):
        text = f"{text}; {doubted[0]} looks like the id of a user: are {doubted[0]} and user_id swapped?"
    elif doubted and not is_new:
        which = "it looks" if len(found) == 1 else f"{doubted[0]} looks"
        text = f"{text}; {which} like an internal id: give a tenant's tenant_id, not its internal_id"
    elif not is_new and any(name == "user_id" and "@" in values[0] for name, values in found):
        text = f"{text}; user_id is not an e-mail address: users.list(email=...) finds the user"
    elif not is_new:
        keys = [
            name for name, values in found if name in _FINDERS and not all(re.fullmatch(_UUID, each) for each in values)
        ]
        text = f"{text}; {_FINDERS[keys[0]]} finds ids" if keys else text
    return text


def describe_refused(endpoint: Endpoint[object], request: Request, refusal: str) -> str:
    """Return the part of a message that names the parent or the roles of a refused request.

    The text is empty if the request names neither.

    Args:
        endpoint: The operation.
        request: The request that was sent.
        refusal: The message of the service. Only some refusals are about resellers or roles.
    """
    names = {name for name, _ in ids_of(endpoint, request)}
    if "parent_tenant_id" in names:
        hint = "; has the parent is_reseller=True?" if "sub-accounts" in refusal else ""
    elif any(name.endswith("role_ids") for name in names) and "role" in refusal.lower():
        hint = "; role_ids are ids of roles that the tenant may use: roles.ids_of(keys) finds them"
    else:
        return ""
    return f"{describe(endpoint, request, is_new=True)}{hint}"


def ids_of(endpoint: Endpoint[object], request: Request) -> Iterator[tuple[str, list[str]]]:
    """Yield the ids of headers, path and body, by the names of the arguments."""
    for header, name in _HEADERS.items():
        value = request.headers.get(header)
        if isinstance(value, str):
            yield name, [value]
    template = re.sub(r"\\\{([a-z][a-z0-9_]*)\\\}", r"(?P<\1>[^/]+)", re.escape(endpoint.path))
    matched = re.search(f"{template}$", request.url.raw_path)
    for name, value in ({} if matched is None else matched.groupdict()).items():
        if re.fullmatch(_ID, name) and name not in endpoint.secret_fields:
            yield name, [unquote(value)]
    yield from _ids_of_body(request.body)


def _ids_of_body(body: bytes | None) -> Iterator[tuple[str, list[str]]]:
    if body is None or len(body) > _MAX_BODY:
        return
    parsed = parse_json(body)
    for key, value in (cast("dict[str, object]", parsed) if isinstance(parsed, dict) else {}).items():
        name = "tenant_ids" if key == "tenants" else argument(key)
        values = cast("list[object]", value) if isinstance(value, list) else [value]
        texts = [each for each in values if isinstance(each, str)]
        if re.fullmatch(_ID, name) and texts:
            yield name, texts


def argument(key: str) -> str:
    """Return the name of an argument for a name on the wire."""
    return re.sub(_UPPER, "_", key).lower()


def _shown(values: list[str]) -> str:
    shown = ", ".join(repr(value[:_MAX_LENGTH]) for value in values[:_MAX_IDS])
    return f"{shown} and {len(values) - _MAX_IDS} more" if len(values) > _MAX_IDS else shown
