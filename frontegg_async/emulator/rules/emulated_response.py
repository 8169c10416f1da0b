"""What a rule says: an answer with its effect on tenants, or a refusal in one of the service's error shapes."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import attrs

from frontegg_async.emulator.world.journal import NO_EFFECT, Effect

NO_HEADERS: Final[Mapping[str, str]] = {}
JSON: Final = "application/json; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"


@attrs.frozen(kw_only=True)
class Empty:
    """The absence of a body, where ``None`` would be JSON null."""


EMPTY: Final = Empty()


@attrs.frozen(kw_only=True)
class EmulatedResponse:
    """A status, a body and what was done.

    ``body`` is any value with a JSON form, ready ``bytes``, or `EMPTY`.
    """

    status: int = 200
    body: object = EMPTY
    effect: Effect = NO_EFFECT
    content_type: str = JSON
    headers: Mapping[str, str] = NO_HEADERS


class RequestRefusedError(Exception):
    """A rule does not do what was asked; it carries the answer that says so."""

    def __init__(self, response: EmulatedResponse) -> None:
        super().__init__(response.status)
        self.response = response


def service_error(status: int, text: str, code: str | None = None) -> RequestRefusedError:
    """Return a refusal in the service's own shape; without a recorded code one is made from the status."""
    return RequestRefusedError(
        EmulatedResponse(status=status, body={"errors": [text], "errorCode": code or f"ER-00{status}"})
    )


def framework_error(status: int, message: str | list[str]) -> RequestRefusedError:
    """Return a refusal in the shape that the service's web framework gives by itself."""
    body = {"statusCode": status, "error": HTTPStatus(status).phrase, "message": message}
    return RequestRefusedError(EmulatedResponse(status=status, body=body))


def edge_error(status: int) -> RequestRefusedError:
    """Return a refusal as the edge before the service makes it: a page of HTML."""
    title = f"{status} {HTTPStatus(status).phrase}"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return RequestRefusedError(EmulatedResponse(status=status, body=page.encode(), content_type=HTML))
