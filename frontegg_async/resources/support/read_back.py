"""Checks that read the result of a write after a lost or empty response, and compare the result with the request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Generic, TypeVar, cast

import attrs

from frontegg_async._core.call import proofs
from frontegg_async._core.call.call_state import Recovered
from frontegg_async._core.call.caller import Caller
from frontegg_async._core.codec.encoding import encode_json
from frontegg_async._core.http import urls
from frontegg_async._values.json_values import parse_json, parse_json_text
from frontegg_async._values.secret import HiddenFields, Secret
from frontegg_async._values.unset import was_sent
from frontegg_async.endpoints import Endpoint
from frontegg_async.errors import NotFoundError
from frontegg_async.options import ResolvedOptions

A = TypeVar("A")
T = TypeVar("T")

_NOT_FOUND: Final = 404

_NOT_COMPARED: Final = frozenset({"tenant_id", "parent_tenant_id", "public_certificate", "config_metadata"})
"""Fields that are not compared: they name the place of an object, or the service changes their values."""


class ReadBack(HiddenFields, Generic[A, T], eq=False):
    """A check after a lost response: reads the result of the write with one request.

    Args:
        caller: Makes the request.
        endpoint: The operation that reads.
        find: Returns the result from the response, or ``None`` if the response does not have the result.
        path: The path parameters of the operation that reads.
        query: The query parameters.
        is_of_the_object: Whether the request reads exactly the written object. A 404 then proves that the write did not
            take effect.
        body: The body of the write, which `write` sets. If the service did not acknowledge the write, the result must
            have all values of the body.
    """

    caller: Caller
    endpoint: Endpoint[A]
    find: Callable[[A], T | None]
    path: Mapping[str, str] = urls.NO_FIELDS
    query: Sequence[tuple[str, str]] = ()
    is_of_the_object: bool = False
    body: attrs.AttrsInstance | None = None

    async def __call__(self, options: ResolvedOptions, was_acknowledged: bool) -> Recovered[T] | None:
        """Return the result, or ``None`` if the service does not return the result.

        If the service acknowledged the write, any result confirms it. Otherwise the result must have all values of the
        body.

        Raises:
            FronteggError: The request failed, or a 404 does not show that the written object is absent.
        """
        try:
            answer = await self.caller.free().value(self.endpoint, path=self.path, query=self.query, options=options)
        except NotFoundError as error:
            if self.is_of_the_object and says_absent(error):
                return None
            raise
        found = self.find(answer)
        is_shown = was_acknowledged or self.body is None or shows(found, self.body, is_complete=True)
        return Recovered(found) if found is not None and is_shown else None


def shows(found: object, body: attrs.AttrsInstance, *, is_complete: bool = False) -> bool:
    """Return whether an object has the requested values. Fields that the object lacks are not compared.

    Args:
        found: The object as the service returns it.
        body: The body that was sent. Fields that were not sent are not compared.
        is_complete: Whether the object must have every field that was sent.
    """
    for field in attrs.fields(type(body)):
        if field.name not in _NOT_COMPARED and was_sent(body, field) and (is_complete or hasattr(found, field.name)):
            sent: object = getattr(body, field.name)
            shown: object = getattr(found, field.name, None)
            has_value = not (isinstance(shown, Secret) or shown is None or is_lacking(found, field.name))
            if not has_value and is_complete and (sent is not None or not hasattr(found, field.name)):
                return False
            if has_value and not agrees(sent, shown, is_json=field.name == "metadata"):
                return False
    return True


def is_lacking(found: object, name: str) -> bool:
    """Return whether a field has no value: it is missing in the response, null, or cannot be decoded.

    A missing name is decoded as empty text. ``extra`` has the value from the response.
    """
    extra: object = getattr(found, "extra", None)
    is_nameless = name == "name" and isinstance(extra, Mapping) and name in extra
    return is_nameless or getattr(found, name) is None


def says_absent(error: NotFoundError) -> bool:
    """Return whether a response proves that the object is absent.

    A 404 from a proxy, for an unknown route or for a lack of access proves nothing. A 2xx response without an object
    proves absence if the request named the object's id.
    """
    return error.response.status != _NOT_FOUND or proofs.tells_absence(error.response.body)


def is_answered_absent(error: NotFoundError) -> bool:
    """Return whether the service reports with a 404 that the object is absent. A 2xx response is not enough."""
    return error.response.status == _NOT_FOUND and says_absent(error)


def agrees(sent: object, shown: object, *, is_json: bool = False) -> bool:
    """Return whether a returned value equals the sent value.

    The service may trim text, remove a slash at the end, and change addresses to lower case. It may return empty text
    for a cleared field, and may change the order of ids.

    Args:
        sent: The sent value.
        shown: The value that the service returns.
        is_json: Whether the field takes any JSON value. Such a value may also be sent as JSON text.
    """
    if is_json:
        return parse_json_text(sent) == shown if isinstance(sent, str) else same_json(sent, shown)
    if isinstance(sent, str) and isinstance(shown, str):
        sent, shown = _trimmed(sent), _trimmed(shown)
        is_address = "://" in sent or "@" in sent
        return sent == shown or (is_address and sent.lower() == shown)
    if isinstance(sent, tuple) and isinstance(shown, tuple):
        return frozenset(cast("tuple[object, ...]", sent)) == frozenset(cast("tuple[object, ...]", shown))
    return sent == shown or (sent is None and shown == "")


def same_json(sent: object, shown: object) -> bool:
    """Return whether two JSON values are equal. A tuple counts as an array."""
    return bool(parse_json(encode_json(sent)) == shown)


def _trimmed(text: str) -> str:
    return text.strip().rstrip("/")


class Confirmed(HiddenFields, Generic[A], eq=False):
    """A check after a lost response: reads whether a write without a result took effect.

    Args:
        caller: Makes the request.
        endpoint: The operation that reads.
        holds: Returns whether a response shows the requested state.
        path: The path parameters of the operation that reads.
        query: The query parameters of the operation that reads.
        is_removal: Whether the write removes the object, so that the object's absence confirms the write.
    """

    caller: Caller
    endpoint: Endpoint[A]
    holds: Callable[[A], bool]
    path: Mapping[str, str] = urls.NO_FIELDS
    query: Sequence[tuple[str, str]] = ()
    is_removal: bool = False

    async def __call__(self, options: ResolvedOptions, was_acknowledged: bool) -> Recovered[None] | None:
        """Return a success if the write took effect, or ``None`` if the service does not show the change.

        Raises:
            FronteggError: The request failed.
        """
        del was_acknowledged
        try:
            answer = await self.caller.free().value(self.endpoint, path=self.path, query=self.query, options=options)
        except NotFoundError as error:
            if not says_absent(error):
                raise
            return Recovered(None) if self.is_removal else None
        return Recovered(None) if self.holds(answer) and not proofs.has_nothing_known(answer) else None


def kept(caller: Caller, endpoint: Endpoint[A], body: attrs.AttrsInstance) -> Confirmed[A]:
    """Return a check that reads whether settings have the values of a body.

    Args:
        caller: Makes the request.
        endpoint: The operation that reads the settings.
        body: The body that was sent. The settings must have each field of the body.
    """
    return Confirmed(caller, endpoint, lambda found: shows(found, body, is_complete=True))


def removed(caller: Caller, endpoint: Endpoint[A], path: Mapping[str, str] = urls.NO_FIELDS) -> Confirmed[A]:
    """Return a check that reads whether an object is gone."""
    return Confirmed(caller, endpoint, lambda _: False, path, is_removal=True)


def unlisted(
    caller: Caller,
    endpoint: Endpoint[Sequence[A]],
    row_id: str,
    *,
    by: str = "id",
    path: Mapping[str, str] = urls.NO_FIELDS,
) -> Confirmed[Sequence[A]]:
    """Return a check that reads whether an object is absent from a complete list.

    Args:
        caller: Makes the request.
        endpoint: The operation that lists all objects.
        row_id: The id of the object.
        by: The field of a row that holds the id.
        path: The path parameters of the operation that reads.
    """
    return Confirmed(caller, endpoint, lambda rows: all(getattr(row, by) != row_id for row in rows), path)
