"""Functions and classes to receive webhooks and prehooks, to respond to prehooks, and to sign events in tests.

A receiver verifies headers, parses bodies and detects repeated webhooks. This package needs neither a framework nor a
client.
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
