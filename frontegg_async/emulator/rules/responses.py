"""What a rule says: an answer with its effect on tenants, or a refusal in one of the service's error shapes."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import attrs
import msgspec


class Effect(msgspec.Struct, kw_only=True, frozen=True, gc=False):
    """The ids of the tenants that a request created, changed and deleted."""

    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()


NO_EFFECT: Final = Effect()
NO_HEADERS: Final[Mapping[str, str]] = {}
JSON: Final = "application/json; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"


@attrs.frozen(kw_only=True)
class Empty:
    """The absence of a body, where ``None`` would be JSON null."""


EMPTY: Final = Empty()


@attrs.frozen(kw_only=True)
class Answer:
    """A status, a body and what was done.

    ``body`` is any value with a JSON form, ready ``bytes``, or `EMPTY`.
    """

    status: int = 200
    body: object = EMPTY
    effect: Effect = NO_EFFECT
    content_type: str = JSON
    headers: Mapping[str, str] = NO_HEADERS


class Refusal(Exception):  # noqa: N818 - an answer, not a failure
    """A rule does not do what was asked; it carries the answer that says so."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def service_error(status: int, text: str, code: str | None = None) -> Refusal:
    """Return a refusal in the service's own shape; without a recorded code one is made from the status."""
    return Refusal(Answer(status=status, body={"errors": [text], "errorCode": code or f"ER-00{status}"}))


def framework_error(status: int, message: str | list[str]) -> Refusal:
    """Return a refusal in the shape that the service's web framework gives by itself."""
    body = {"statusCode": status, "error": HTTPStatus(status).phrase, "message": message}
    return Refusal(Answer(status=status, body=body))


def edge_error(status: int) -> Refusal:
    """Return a refusal as the edge before the service makes it: a page of HTML."""
    title = f"{status} {HTTPStatus(status).phrase}"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Refusal(Answer(status=status, body=page.encode(), content_type=HTML))
