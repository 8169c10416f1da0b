"""Check whether a 2xx response to a write proves that the service acted. A proxy may have sent the response."""

from __future__ import annotations

import functools
import re
from collections.abc import Hashable, Mapping
from types import NoneType
from typing import Final, cast

import attrs

from frontegg_async._core.call import requested_ids
from frontegg_async._core.codec import large_bodies
from frontegg_async._core.http.attempt_results import AttemptResult, Failure, RawResponse
from frontegg_async._core.http.transport import Request
from frontegg_async._values.json_values import parse_json
from frontegg_async.endpoints import Endpoint

_HTML: Final = "text/html"
_UNTYPED: Final[tuple[object, ...]] = (NoneType, None, object)
_ERRORS: Final = ("error", "errors", "errorcode", "errorcodes", "fault", "exception")
"""Names of fields, in lower case, in which services and gateways report errors."""
_STATUSES: Final = ("statuscode", "status", "code")
_FAILED: Final = frozenset({"error", "fail", "failed", "failure"})
_ERROR_STATUS: Final = re.compile(r"[45]\d\d", re.ASCII)
_IDS: Final = re.compile(r"id|name|key|.*_id", re.ASCII)
_MANY: Final = 3
"""The number of optional fields from which a response needs more than ids to be accepted as this model."""
_TEXTS: Final = ("message", "detail", "title")
_NOT_ASSIGNED: Final = "ER-01008"
"""The service's code for an existing tenant that is not assigned to an application."""
_NO_ROUTE: Final = "Cannot "
"""The beginning of the service's message for an unknown route."""


def shows_action(endpoint: Endpoint[object], request: Request, result: AttemptResult) -> bool:
    """Return whether a 2xx response without a readable result shows that the service acted.

    An empty or a truncated response shows that the service acted. JSON shows it if both conditions hold:

    - The JSON is neither an error nor about another object than the request.
    - The JSON contains an id of the request, or its id is empty, or the operation may return any JSON.

    Args:
        endpoint: The operation. It must be a write.
        request: The request.
        result: The response, or its status and headers if the body was cut off.
    """
    if isinstance(result, Failure):
        return result.head is None or _HTML not in result.head.headers.get("Content-Type", "").lower()
    body = result.body.strip()
    if not body:
        return True
    try:
        large_bodies.check(body, large_bodies.MANY)
        value = parse_json(body)
    except (ValueError, RecursionError, large_bodies.TooMuchError):
        return False
    if value in (None, [], {}):
        return True
    named = _is_named(endpoint, request, value)
    if named is False or is_error(value, has_object=named is True):
        return False
    return named is True or endpoint.returns in _UNTYPED or _has_empty_id(endpoint, value)


def id_fields(endpoint: Endpoint[object]) -> frozenset[str]:
    """Return the names of the fields of a response whose ids must be the same as in the request."""
    subjects = [endpoint._subject_field] if endpoint._subject else []  # noqa: SLF001 - of our own operations  # pyright: ignore[reportPrivateUsage]
    names = [*dict(endpoint._echoed), *subjects]  # noqa: SLF001 - of our own operations  # pyright: ignore[reportPrivateUsage]
    return frozenset(name for name in names if name == "id" or name.endswith("_id"))


def _has_empty_id(endpoint: Endpoint[object], value: object) -> bool:
    """Return whether the id of the object is an empty text, as in some responses of the service to writes."""
    if not isinstance(value, dict):
        return False
    row = cast("dict[str, object]", value)
    return any(each == "" and requested_ids.argument(key) in id_fields(endpoint) for key, each in row.items())


def is_error(value: object, *, has_object: bool = False) -> bool:
    """Return whether JSON looks like the error of a service or a gateway.

    Args:
        value: The JSON.
        has_object: Whether the JSON contains the id of an object. Then a message in the JSON does not prove an error.
    """
    if not isinstance(value, dict):
        return False
    fields = {key.lower(): each for key, each in cast("dict[str, object]", value).items()}
    if any(fields.get(name) for name in _ERRORS) or fields.get("success") is False or fields.get("ok") is False:
        return True
    for name in _STATUSES:
        status = fields.get(name)
        if isinstance(status, str | int) and (_ERROR_STATUS.fullmatch(str(status)) or str(status).lower() in _FAILED):
            return True
    return not has_object and any(isinstance(fields.get(name), str) for name in _TEXTS)


def is_error_of_service(body: object) -> bool:
    """Return whether the body of an error looks like an error of the service.

    A proxy sends HTML, or JSON with only a message.

    Args:
        body: The JSON of the body, or any other value if the body is not JSON.
    """
    return isinstance(body, Mapping) and ("errors" in body or "statusCode" in body)


def tells_absence(body: object) -> bool:
    """Return whether the body of a 404 means that an object does not exist.

    A proxy sends HTML, JSON with only a message, or nothing. The service also responds with 404 to an unknown route,
    and to a tenant without access to the application.

    Args:
        body: The JSON of the body, or any other value if the body is not JSON.
    """
    if not is_error_of_service(body):
        return False
    said = cast("Mapping[str, object]", body)
    codes = said.get("errorCode") or said.get("errorCodes")
    texts = said.get("errors") or said.get("message")
    stated = cast("list[object]", texts) if isinstance(texts, list) else [texts]
    return codes not in (_NOT_ASSIGNED, [_NOT_ASSIGNED]) and not any(str(text).startswith(_NO_ROUTE) for text in stated)


def says_absent(response: RawResponse) -> bool:
    """Return whether a 404 response means that an object does not exist, see `tells_absence`."""
    try:
        return tells_absence(parse_json(response.body))
    except (ValueError, RecursionError):
        return False


def names_another(endpoint: Endpoint[object], request: Request, unknown: object) -> bool:
    """Return whether the ids in unknown fields of a result belong to another object than the request.

    Args:
        endpoint: The operation.
        request: The request.
        unknown: The fields by their names on the wire.
    """
    fields = {key: text for key, text in cast("Mapping[str, object]", unknown).items() if key != "id"}
    return _is_named(endpoint, request, fields) is False


def has_nothing_known(value: object) -> bool:
    """Return whether a model contains only ids and unknown fields, as if an error had been decoded."""
    fields = _content_of(cast("Hashable", type(value)))
    if not fields or not getattr(value, "extra", None):
        return False
    return all(getattr(value, name) == default for name, default in fields)


@functools.cache
def _content_of(model: Hashable) -> tuple[tuple[str, object], ...]:
    """Return the names and defaults of a model's fields except ids. Empty for a model with few fields."""
    if not isinstance(model, type) or not attrs.has(model):
        return ()
    fields = [field for field in attrs.fields(model) if field.name != "extra" and not _IDS.fullmatch(field.name)]
    if any(field.default is attrs.NOTHING for field in fields):
        return ()  # a required field, such as the secret of a token, already identifies the model
    optional = [(field.name, _default_of(field)) for field in fields if field.default is not attrs.NOTHING]
    is_all_optional = all(field.default is not attrs.NOTHING for field in attrs.fields(model))
    return tuple(optional) if is_all_optional or len(optional) >= _MANY else ()


def _default_of(field: attrs.Attribute[object]) -> object:
    factory = getattr(field.default, "factory", None)
    return factory() if callable(factory) else field.default


def _is_named(endpoint: Endpoint[object], request: Request, value: object) -> bool | None:
    """Return whether JSON contains an id of the request. ``False`` if it contains other ids, ``None`` for no ids."""
    asked: dict[str, set[str]] = {}
    for name, ids in requested_ids.ids_of(endpoint, request):
        asked.setdefault(_kind(name), set()).update(ids)
    every = set[str]().union(*asked.values())
    rows = cast("list[object]", value) if isinstance(value, list) else [value]
    found = [_is_row_named(cast("Mapping[str, object]", row), asked, every) for row in rows if isinstance(row, dict)]
    if False in found:
        return False
    return True if True in found else None


def _kind(name: str) -> str:
    """Return the base name of an id field, for example ``tenant_id`` for ``src_tenant_id``."""
    return "tenant_id" if "tenant_id" in name else name.removesuffix("s")


def _is_row_named(row: Mapping[str, object], asked: Mapping[str, set[str]], every: set[str]) -> bool | None:
    row_id = row.get("id") or None
    if isinstance(row_id, str) and row_id in every:
        return True
    named = list[bool]()
    for key, value in row.items():
        ids = asked.get(_kind(requested_ids.argument(key)))
        values = cast("list[object]", value) if isinstance(value, list) else [value]
        if ids is not None and (texts := {each for each in values if each and isinstance(each, str)}):
            named.append(not ids.isdisjoint(texts))
    if named:
        return all(named)
    return False if isinstance(row_id, str) else None
