"""Answers as they are sent: bodies encoded, headers added, and those that faults give instead."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Final

import attrs
import msgspec

from frontegg_async._version import __version__
from frontegg_async.emulator.behaviour.switches import Behaviour
from frontegg_async.emulator.faults.spec import Action, Bomb, RateLimit, Redirect, Status
from frontegg_async.emulator.http.bombs import bomb
from frontegg_async.emulator.rules.responses import EMPTY, HTML, JSON, Answer, Empty
from frontegg_async.emulator.world.rate_limits import too_many

TRACE_HEADER: Final = "frontegg-trace-id"
EMULATOR_HEADER: Final = "x-frontegg-emulator"
_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}
_encode = msgspec.json.Encoder().encode


@attrs.frozen
class Reply:
    """An answer ready to be sent."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def reason(self) -> str:
        """The words that go with the status."""
        return _PHRASES.get(self.status, "Unknown")


def _encode_body(body: object) -> bytes:
    if isinstance(body, bytes):
        return body
    return b"" if isinstance(body, Empty) else _encode(body)


def reply_of(answer: Answer, trace_id: str) -> Reply:
    """Encode an answer."""
    raw = _encode_body(answer.body)
    headers = {EMULATOR_HEADER: __version__, TRACE_HEADER: trace_id}
    if raw:
        headers["Content-Type"] = answer.content_type
    if answer.headers:
        headers.update(answer.headers)
    return Reply(answer.status, headers, raw)


async def answer_instead(action: Action, behaviour: Behaviour) -> Answer | None:
    """Return the answer that an action gives in place of the right one; ``None`` for an action on the connection."""
    match action:
        case Status():
            return _status_answer(action)
        case RateLimit(reset_in=seconds, with_header=with_header):
            return too_many(seconds, behaviour, time.time(), with_header=with_header)
        case Redirect(location=location, status=status):
            return Answer(status=status, headers={"Location": location})
        case Bomb(encoding=encoding, size=size):
            return Answer(body=await bomb(encoding, size), headers={"Content-Encoding": encoding})
        case _:
            return None


def _status_answer(action: Status) -> Answer:
    headers = dict(action.headers)
    content_type = next((headers.pop(name) for name in action.headers if name.lower() == "content-type"), None)
    if isinstance(action.body, str):
        body: object = action.body.encode()
        content_type = content_type or HTML
    elif action.body is not None:
        body = action.body
    elif action.status in _PHRASES and action.status >= HTTPStatus.BAD_REQUEST:
        body = {"errors": [_PHRASES[action.status]], "errorCode": f"ER-00{action.status}"}
    else:
        body = EMPTY
    return Answer(status=action.status, body=body, content_type=content_type or JSON, headers=headers)
