"""`RecordedExchange`: the request and the response of a journal entry, with secrets redacted."""

from __future__ import annotations

from typing import Final

import attrs

from frontegg_async.emulator.world.recordings import MAX_BODY, MAX_RECORDINGS, RecordedBody, RecordedMessage, Recording
from frontegg_async.emulator.world.redaction import (
    completed_json,
    is_suspicious,
    redact_headers,
    redact_json_text,
    redact_text,
)

OFF: Final = (
    "no bodies are kept: start the emulator without --no-journal-bodies, or in a program with journal_bodies=True"
)
GONE: Final = f"bodies are kept only for the last {MAX_RECORDINGS:,} requests, and only after their responses were sent"


@attrs.frozen(kw_only=True)
class RecordedPart:
    """A request or a response in the journal."""

    headers: tuple[tuple[str, str], ...] = attrs.field(repr=False)
    """The names and values of the headers, in order. Values that may be secret are ``[redacted]``."""
    body: str | None = attrs.field(repr=False)
    """The text of the body with secrets redacted and JSON indented, or ``None`` if the body cannot be shown."""
    size: int
    """The size of the body in bytes."""
    note: str = ""
    """The reason why the body is missing or truncated. The text is empty if the body is complete."""


@attrs.frozen(kw_only=True)
class RecordedExchange:
    """The request and the response of a journal entry."""

    request: RecordedPart
    """The request."""
    response: RecordedPart | None
    """The response, or ``None`` if a fault ended the connection before the response."""


def shown(recording: Recording) -> RecordedExchange:
    """Return the request and the response of a recording with secrets redacted."""
    response = recording.response
    return RecordedExchange(request=_part(recording.request), response=None if response is None else _part(response))


def _part(message: RecordedMessage) -> RecordedPart:
    headers = tuple(redact_headers(message.headers))
    body = message.body
    if body is None:
        return RecordedPart(headers=headers, body=None, size=0, note="The emulator did not read the body.")
    text, note = _body(body)
    return RecordedPart(headers=headers, body=text, size=body.size, note=note)


def _body(body: RecordedBody) -> tuple[str | None, str]:
    """Return the text of a body, and a note that says why the text is missing or truncated."""
    if body.size == 0:
        return "", "There is no body."
    is_cut = body.size > len(body.beginning)
    try:
        # The kept bytes may end within a character. The body is still text.
        text = body.beginning.decode() if not is_cut else body.beginning.decode(errors="ignore")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text or (is_cut and len(text.encode()) < len(body.beginning) - 3):
        return None, f"The body is binary: {body.size:,} bytes."
    note = f"These are the first {MAX_BODY // 1024} KiB of {body.size:,} bytes." if is_cut else ""
    try:
        shown_json = redact_json_text(completed_json(text) if is_cut else text, indent=2)
    except RecursionError:
        return None, "The body is nested too deeply to be shown."
    if shown_json is not None:
        return shown_json, note
    if is_suspicious(text):
        return None, "The body is not JSON, so it may contain secrets: it is not shown."
    return redact_text(text), note
