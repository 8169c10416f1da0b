"""``parse_event``, which parses the body of a webhook or a prehook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeVar, cast

import attrs

from frontegg_async._core.checks.arguments import check_count
from frontegg_async._core.codec.encoding import encode
from frontegg_async._core.codec.reader import decode
from frontegg_async._core.codec.rows import slow_path
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.json_values import JsonValue, NotJsonError, RepeatedNameError, copy_json, parse_unique
from frontegg_async.errors import ErrorDetails, WebhookPayloadError
from frontegg_async.models import Tenant, User
from frontegg_async.models.model import Model

M = TypeVar("M", bound=Model)

_Json = Mapping[str, JsonValue]

slow_path()  # import the slow decoder now, so that the first event does not block an event loop

MAX_BYTES: Final = 1024 * 1024
"""The default limit for the size of a body, in bytes."""

MAX_DEPTH: Final = 128
"""The largest nesting depth of a body."""

MOST_BYTES: Final = 1024 * MAX_BYTES
"""The largest allowed limit for the size of a body, in bytes."""

_BY_SCIM: Final = "idp_provisioned"
"""The value that events contain in place of a user's id if an identity provider caused the event."""

_EVENT_KEY: Final = "eventKey"
_CONTEXT: Final = "eventContext"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class WebhookEvent(Model):
    """The event of a webhook or a prehook.

    The signature does not cover the body, and events may arrive twice, late or in another order. Do not trust the
    contents of an event: get the object of the event from the API.
    """

    event_key: str
    """The kind of event, such as ``frontegg.tenant.created``, or a key that this version does not know."""
    tenant_id: str | None = None
    """The id of the event's tenant; ``None`` if the event does not name a tenant."""
    user_id: str | None = None
    """The id of the event's user; ``None`` if the event does not name a user."""
    context: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """The event's ``eventContext``; empty if the event has none."""
    payload: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """The whole body, with the field names in the JSON."""

    @property
    def tenant(self) -> Tenant | None:
        """The tenant at the time of the event; ``None`` if the event contains no valid tenant."""
        return self._model("tenant", Tenant)

    @property
    def user(self) -> User | None:
        """The user at the time of the event; ``None`` if the event contains no valid user."""
        return self._model("user", User)

    def _model(self, name: str, kind: type[M]) -> M | None:
        try:
            found = decode(encode(_subject(self.payload, name)), kind)
        except UnicodeEncodeError:  # a lone surrogate, which other parsers accept
            return None
        return found if isinstance(found, kind) else None


@without_frames
def parse_event(body: bytes | str | Mapping[str, object], *, max_bytes: int = MAX_BYTES) -> WebhookEvent:
    """Parse the body of a webhook or a prehook.

    Each JSON object with ``eventKey`` is an event. If you defined the payload of a hook yourself, the payload may lack
    ``eventKey``. In this case verify the header, and parse the body yourself.

    Args:
        body: The unparsed body, or the object that your framework parsed from the JSON.
        max_bytes: The largest size of an unparsed body in bytes, up to 1 GiB. A body may be nested 128 levels deep.

    Returns:
        The event.

    Raises:
        WebhookPayloadError: The body is not an event, or exceeds a limit; ``reason`` has the cause in one word. Respond
            with 413 for ``too_large``, and with 400 otherwise.
        InvalidArgumentError: ``max_bytes`` is out of range.
    """
    check_count(max_bytes, "max_bytes", least=1, most=MOST_BYTES)
    payload = _payload_of(body, max_bytes)
    key = payload.get(_EVENT_KEY)
    if not isinstance(key, str) or not key:
        raise _refuse("not_an_event", f"has no {_EVENT_KEY} that is text: parse it yourself if you defined its payload")
    context = _object(payload.get(_CONTEXT)) or {}
    return WebhookEvent(
        event_key=key,
        tenant_id=_tenant_id(payload, context),
        user_id=_user_id(payload, context),
        context=context,
        payload=payload,
    )


def _payload_of(body: object, max_bytes: int) -> _Json:
    value: object
    if isinstance(body, bytes | bytearray | str):
        value = _parse(body, max_bytes)
    elif isinstance(body, Mapping):
        value = _copy(cast("object", body))
    else:  # a value that a framework parsed from other JSON
        value = None
    payload = _object(value)
    if payload is None:
        raise _refuse("not_an_event", "is not a JSON object: parse it yourself if you defined its payload")
    if _is_too_deep(payload):
        raise _refuse("too_deep", f"is nested deeper than {MAX_DEPTH} levels")
    return payload


def _parse(body: bytes | bytearray | str, max_bytes: int) -> object:
    if len(body) > max_bytes or (isinstance(body, str) and len(body.encode("utf-8", "surrogatepass")) > max_bytes):
        raise too_large(max_bytes)
    try:
        return parse_unique(body)
    except RecursionError:
        reason, message = "too_deep", f"is nested deeper than {MAX_DEPTH} levels"
    except RepeatedNameError as error:
        reason, message = "not_json", f"is not JSON: {error}"
    except ValueError:
        reason, message = "not_json", "is not JSON"
    raise _refuse(reason, message)


def _copy(body: object) -> object:
    try:
        return copy_json(body)
    except NotJsonError:
        pass
    raise _refuse("not_json", "is a mapping with a value that JSON cannot represent")


def _is_too_deep(value: object) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for each in level for child in _children(each)]
        if not level:
            return False
    return True


def _children(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from cast("dict[str, object]", value).values()
    elif isinstance(value, list):
        yield from cast("list[object]", value)


def too_large(max_bytes: int) -> WebhookPayloadError:
    """Return the error for a body that exceeds the size limit."""
    return _refuse("too_large", f"has more than {max_bytes} bytes")


def unreadable() -> WebhookPayloadError:
    """Return the error for a body that was cut off or is compressed."""
    return _refuse("unreadable", "was cut off, or is compressed")


def _refuse(reason: str, message: str) -> WebhookPayloadError:
    return WebhookPayloadError(f"the body of the webhook {message}", ErrorDetails(reason=reason))


def _tenant_id(payload: _Json, context: _Json) -> str | None:
    envelope = _object(payload.get("data")) or {}
    for place in (context, payload, envelope, _subject(payload, "tenant") or {}, _subject(payload, "user") or {}):
        found = _text(place.get("tenantId"))
        if found is not None:
            return found
    return None


def _user_id(payload: _Json, context: _Json) -> str | None:
    found = _text(context.get("userId"))
    if found is not None and found != _BY_SCIM:
        return found
    return _text((_subject(payload, "user") or {}).get("id"))


def _subject(payload: _Json, name: str) -> _Json | None:
    """Return the tenant or user in a body.

    It is the member ``tenant`` or ``user`` of the body or of ``data``, or the body or ``data`` itself.
    """
    envelope = _object(payload.get("data")) or {}
    for place in (payload, envelope):
        found = _object(place.get(name))
        if found is not None:
            return found
    if not _is_about(str(payload.get(_EVENT_KEY)), name):
        return None
    identity = "tenantId" if name == "tenant" else "id"
    for place in (envelope, payload):
        if _text(place.get(identity)) is not None:
            return {key: value for key, value in place.items() if key not in {_EVENT_KEY, _CONTEXT}}
    return None


def _is_about(key: str, name: str) -> bool:
    """Return whether an event key contains a name.

    ``frontegg.tenant.created`` and ``CREATE_TENANT`` contain ``tenant``.
    """
    family = key.removeprefix("frontegg.").removeprefix("scim.").partition(".")[0]
    return family == name or name.upper() in family.split("_")


def _object(value: object) -> _Json | None:
    return cast("_Json", value) if isinstance(value, dict) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
