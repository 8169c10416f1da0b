"""`EmulatedResponse`: the response that a rule returns. Refusals have the error formats of the service."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Final

import msgspec

from frontegg_async.emulator.world.deliveries import Outgoing
from frontegg_async.emulator.world.journal import NO_EFFECT, Effect

NO_HEADERS: Final[Mapping[str, str]] = {}
JSON: Final = "application/json; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"


class Empty(msgspec.Struct, frozen=True):
    """The marker of a response without a body. ``None`` cannot be the marker, since it is the JSON value null."""


EMPTY: Final = Empty()

_KNOWN_CODES: Final = {"name must be a string": "ER-0005eb4672"}
"""The known error codes of messages about wrong values, by the messages."""


class EmulatedResponse(msgspec.Struct, kw_only=True, frozen=True):
    """A response before encoding: the status, the body, the headers, and the changes of tenants that it reports.

    ``body`` is a value that can be encoded as JSON, or ``bytes`` that are sent unchanged, or `EMPTY`. ``outgoing`` is a
    delivery that the emulator makes before it sends this response. In this case the body is the result of ``shown()``.
    """

    status: int = 200
    body: object = EMPTY
    effect: Effect = NO_EFFECT
    content_type: str = JSON
    headers: Mapping[str, str] = NO_HEADERS
    outgoing: Outgoing | None = None
    shown: Callable[[], object] | None = None


class RequestRefusedError(Exception):
    """A request is refused. The error contains the response of the refusal."""

    def __init__(self, response: EmulatedResponse) -> None:
        super().__init__(response.status)
        self.response = response


def service_error(status: int, text: str, code: str | None = None) -> RequestRefusedError:
    """Return a refusal in the format of the service. If ``code`` is not given, the status determines the code."""
    return RequestRefusedError(
        EmulatedResponse(status=status, body={"errors": [text], "errorCode": code or f"ER-00{status}"})
    )


def validation_error(texts: Sequence[str]) -> RequestRefusedError:
    """Return the refusal of wrong values. Each message has an error code.

    If no source contains the code of a message, the code is derived from the message.
    """
    codes = [_KNOWN_CODES.get(text) or f"ER-00{zlib.crc32(text.encode('utf-8', 'replace')):08x}" for text in texts]
    body: dict[str, object] = {"errors": [*texts], "errorCode": codes[0]}
    if len(codes) > 1:
        body["errorCodes"] = codes
    return RequestRefusedError(EmulatedResponse(status=400, body=body))


def malformed_json() -> RequestRefusedError:
    """Return the refusal of a body that is not JSON. This refusal has no error code."""
    return RequestRefusedError(EmulatedResponse(status=400, body={"errors": ["Invalid JSON provided"]}))


def framework_error(status: int, message: str | list[str]) -> RequestRefusedError:
    """Return a refusal in the format of the service's web framework."""
    body = {"statusCode": status, "error": HTTPStatus(status).phrase, "message": message}
    return RequestRefusedError(EmulatedResponse(status=status, body=body))


def edge_error(status: int) -> RequestRefusedError:
    """Return a refusal of the proxy in front of the service. Its body is an HTML page."""
    title = f"{status} {HTTPStatus(status).phrase}"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return RequestRefusedError(EmulatedResponse(status=status, body=page.encode(), content_type=HTML))
