"""Receive webhooks and prehooks: verify headers, parse bodies, detect duplicates, answer prehooks; sign for tests.

The functions and classes need neither a framework nor a client. The integrations use them.
"""

from frontegg_async.models.event_keys import EventKeyLiteral, PrehookEventKeyLiteral
from frontegg_async.webhooks.duplicates import DuplicateGuard, WebhookGuard
from frontegg_async.webhooks.events import WebhookEvent, parse_event
from frontegg_async.webhooks.prehooks import PrehookVerdict, allow, block
from frontegg_async.webhooks.signing import SignedEvent, sign
from frontegg_async.webhooks.verifier import AlgorithmLiteral, WebhookVerifier

__all__ = [
    "AlgorithmLiteral",
    "DuplicateGuard",
    "EventKeyLiteral",
    "PrehookEventKeyLiteral",
    "PrehookVerdict",
    "SignedEvent",
    "WebhookEvent",
    "WebhookGuard",
    "WebhookVerifier",
    "allow",
    "block",
    "parse_event",
    "sign",
]
