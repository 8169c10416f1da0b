"""Deliveries to apps of each framework, with the statuses that they answer."""

from __future__ import annotations

import json
from typing import Any, Final

import jwt

from frontegg_async.webhooks import WebhookVerifier

SECRET: Final = "the secret of a hook, of thirty-two bytes or more"
VERIFIER: Final = WebhookVerifier(SECRET)
HEADER: Final = "x-webhook-secret"
KEY: Final = "frontegg.tenant.created"
GOOD: Final = {HEADER: jwt.encode({"iat": 1, "exp": 9_999_999_999}, SECRET)}
BODY: Final = json.dumps({"eventKey": KEY, "eventContext": {"tenantId": "acme"}}).encode()
MAX_BYTES: Final = 1000

REFUSED: Final[dict[str, tuple[Any, bytes, int, str]]] = {
    "no header": ({}, BODY, 401, "webhook_refused"),
    "another secret": ({HEADER: jwt.encode({}, SECRET + "!")}, BODY, 401, "webhook_refused"),
    "the header twice": ([*GOOD.items(), *GOOD.items()], BODY, 401, "webhook_refused"),
    "a forgery that is large": ({}, BODY + b" " * MAX_BYTES, 401, "webhook_refused"),
    "no event": (GOOD, b'{"event": 1}', 400, "webhook_malformed"),
    "no JSON": (GOOD, b"<html>", 400, "webhook_malformed"),
    "nothing": (GOOD, b"", 400, "webhook_malformed"),
    "a large body": (GOOD, BODY + b" " * MAX_BYTES, 413, "webhook_too_large"),
}
