"""`Endpoint`, an operation of the service as data, and the enumerations that describe an operation."""

from __future__ import annotations

import enum
import re
from typing import Final, Generic, Literal, TypeAlias, TypeVar

import attrs

from frontegg_async._values.fields import sent_model
from frontegg_async._values.value import Value
from frontegg_async.errors import ConfigurationError

T_co = TypeVar("T_co", covariant=True)
E = TypeVar("E", bound=enum.Enum)


class Evidence(enum.Enum):
    """The kinds of evidence for an operation or for a behaviour of the service."""

    DOCUMENTED = "documented"
    """The public reference or the service's OpenAPI descriptions document the operation or the behaviour."""
    LIVE = "live"
    """A test suite against the real service asserts the behaviour, or a response of the real service was recorded."""
    CLIENT = "client"
    """Released clients of others, such as Frontegg's own SDKs, use the operation in production."""
    ASSUMED = "assumed"
    """No source documents the operation or the behaviour; this SDK assumes it."""


EvidenceLiteral: TypeAlias = Literal["documented", "live", "client", "assumed"]
"""The values of `Evidence` as text."""


class Auth(enum.Flag):
    """The credentials that an operation accepts."""

    NONE = 0
    """No credential."""
    ENVIRONMENT = enum.auto()
    """An environment (vendor) token, and no tenant header."""
    TENANT = enum.auto()
    """An environment token together with the ``frontegg-tenant-id`` header."""
    USER = enum.auto()
    """A user token."""


class Retry(enum.Enum):
    """The ways to continue if an attempt may have had an effect."""

    SAFE = "safe"
    """Send the request again: the operation only reads."""
    RESEND = "resend"
    """Send the request again: the operation is idempotent."""
    DELETE = "delete"
    """Send the request again: a 404 on a later attempt means that an earlier attempt deleted the object."""
    RECONCILE = "reconcile"
    """Read first whether the attempt had an effect. Send the request again if the attempt had no effect."""
    NEVER = "never"
    """Never send the request again."""


RetryLiteral: TypeAlias = Literal["safe", "resend", "delete", "reconcile", "never"]
"""The values of `Retry` as text."""


TENANT_OF_CALL: Final = "frontegg-tenant-id"
"""The ``_subject`` of an operation whose response must be about the tenant in the header of the request."""

USER_OF_CALL: Final = "frontegg-user-id"
"""The ``_subject`` of an operation whose response must be about the user in the header of the request."""

_TYPES: Final = (
    ("name", str),
    ("method", str),
    ("path", str),
    ("auth", Auth),
)
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PATH: Final = re.compile(r"(?:/(?!\.{1,2}(?:/|$))(?:[A-Za-z0-9._~-]+|\{[a-z][a-z0-9_]*\}))+")
_FIELD: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def _retry(value: Retry | RetryLiteral) -> Retry:
    return _member(value, Retry, "retry")


def _evidence(value: Evidence | EvidenceLiteral) -> Evidence:
    return _member(value, Evidence, "evidence")


def _member(value: object, kind: type[E], name: str) -> E:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(member.value for member in kind)
    raise ConfigurationError(f"{name} must be one of {known}")


def _default_retry(endpoint: Endpoint[object]) -> Retry:
    return Retry.SAFE if endpoint.method == "GET" else Retry.NEVER


def _default_writes(endpoint: Endpoint[object]) -> bool:
    return endpoint.retry is not Retry.SAFE


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Endpoint(Value, Generic[T_co]):
    """An operation of the service: its request, its response, and the treatment of failed attempts.

    For an operation that the SDK does not have, create an `Endpoint` and pass it to ``send()``.

    Raises:
        ConfigurationError: A value has a wrong type, or the method or the path is malformed.
    """

    name: str
    """The resource and the verb, such as ``tenants.create``, for errors, logs and spans."""
    method: str
    """``GET``, ``POST``, ``PUT``, ``PATCH`` or ``DELETE``."""
    path: str
    """The path, such as ``/tenants/resources/tenants/v2/{tenant_id}``.

    The path begins with the prefix of one service, here ``/tenants``, and not with ``/frontegg``.
    """
    auth: Auth
    """The credentials that the operation accepts."""
    returns: type[T_co]
    """The type of the response.

    A model, ``Page[Model]``, ``tuple[Model, ...]``, ``tuple[str, ...]``, ``list[Model]``, ``dict``, ``list``, ``str``
    or another plain JSON type, ``bytes`` for the raw body, ``NoneType``, or ``object`` for any JSON value.
    """
    retry: Retry = attrs.field(default=attrs.Factory(_default_retry, takes_self=True), converter=_retry)
    """The way to continue after an unknown outcome. By default `Retry.SAFE` for ``GET``, else `Retry.NEVER`."""
    writes: bool = attrs.field(default=attrs.Factory(_default_writes, takes_self=True))
    """Whether a read-only client refuses the operation. The default is ``True`` unless ``retry`` is `Retry.SAFE`."""
    evidence: Evidence = attrs.field(default=Evidence.ASSUMED, converter=_evidence)
    """The evidence for the operation."""
    body: type | None = None
    """The type of the request body: a model, ``object`` for any JSON value, or ``None`` for no body."""
    query: tuple[str, ...] = ()
    """The names of the query parameters."""
    status: int = 200
    """The status of success. Other statuses below 300 also count as success."""
    _subject: str | None = attrs.field(default=None, alias="_subject")
    """The place in the request with the id of the object that the response must describe; ``None`` for no check.

    The place is a field of the path or of the body, or a query parameter. If the place has several ids, the response
    may describe any of these objects. `TENANT_OF_CALL` and `USER_OF_CALL` stand for the tenant and the user of the
    call.
    """
    _subject_field: str = attrs.field(default="tenant_id", alias="_subject_field")
    """The field of the response with the id of the described object, if the object is not a tenant."""
    _echoed: tuple[tuple[str, str], ...] = attrs.field(default=(), alias="_echoed")
    """Pairs of an attribute of the response and a place in the request: a field of the path or body, or a query
    parameter.

    Both values must agree if both exist. Texts also agree if they differ only in spaces or a slash at their ends, or in
    the case of ASCII letters.
    """
    _max_body: int | None = attrs.field(default=None, alias="_max_body")
    """The largest size of the response body in bytes, if the body may be larger than usual."""
    user_header: bool = False
    """Whether a call with an environment's token names a user in the header ``frontegg-user-id``.

    ``send()`` then needs a ``user_id``, except with a user's own token.
    """
    secret_fields: tuple[str, ...] = ()
    """The fields of the path whose values are secrets, such as a customer's key.

    Hooks and spans show the path with ``{name}`` fields instead of these values.
    """
    errors: tuple[int, ...] = ()
    """The documented error statuses, in addition to 401 and 429."""
    media_type: str = "application/json"
    """The media type of the response. Text that is not JSON becomes a ``str``."""
    client: bool = True
    """Whether the SDK calls the operation. Only the emulator serves the other operations."""
    summary: str = ""
    """The purpose of the operation, in one line."""

    def __attrs_post_init__(self) -> None:
        self._check_types()
        if self.method not in _METHODS:
            raise ConfigurationError(f"method must be one of {', '.join(_METHODS)}, not {self.method!r}")
        if not _PATH.fullmatch(self.path):
            raise ConfigurationError(
                "path must be '/' and segments of letters, digits, '.', '_', '~', '-' or a '{field}', "
                f"not {self.path!r}"
            )
        if self._subject is not None and not self._has_subject(self._subject):
            raise ConfigurationError(
                f"_subject must be a field of the path or of the body, or a parameter of the query, "
                f"not {self._subject!r}"
            )

        given = (*self.fields, *self.query)
        if any(field not in given and not self._has_field(field) for _, field in self._echoed):
            raise ConfigurationError(
                "_echoed must be pairs of an attribute and a field of the path or of the body, or a parameter of the "
                f"query, not {self._echoed!r}"
            )
        if not isinstance(self.secret_fields, tuple) or not set(self.secret_fields) <= set(self.fields):
            raise ConfigurationError(
                f"secret_fields must be a tuple of names of fields of the path, not {self.secret_fields!r}"
            )

    def _has_field(self, field: str) -> bool:
        """Return whether the body, or each object of a body that is an array, has a field."""
        body = self.body
        return hasattr(body, field) or (body is not None and attrs.has(body) and hasattr(sent_model(body), field))

    def _has_subject(self, subject: str) -> bool:
        of_call = (TENANT_OF_CALL, USER_OF_CALL)
        return subject in (*of_call, *self.fields, *self.query) or hasattr(self.body, subject)

    def _check_types(self) -> None:
        for name, kind in _TYPES:
            if not isinstance(getattr(self, name), kind):
                raise ConfigurationError(f"{name} must be of type {kind.__name__}")
        if not self.name:
            raise ConfigurationError("name must not be empty")

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the path's fields, in order."""
        return tuple(_FIELD.findall(self.path))
