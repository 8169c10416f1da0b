"""``sign``, which creates the request that the service would send for an event, to test receivers."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Final, cast

import attrs

from frontegg_async._core.checks.arguments import check_json
from frontegg_async._core.checks.verifier_times import check_clock
from frontegg_async._core.codec.encoding import encode_json
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.hook_signatures import SIGNATURE_HEADER, SIGNATURE_SECONDS, sign_claims
from frontegg_async._values.kinds import kind_of
from frontegg_async._values.secret import Secret
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.webhooks.events import WebhookEvent
from frontegg_async.webhooks.verifier import check_hook_secret

_CONTEXT: Final = "eventContext"


@attrs.frozen(kw_only=True)
class SignedEvent:
    """The parts of a request that `WebhookVerifier` accepts."""

    body: bytes
    """The JSON text of the event."""
    headers: Mapping[str, str] = attrs.field(repr=False)
    """The headers ``Content-Type`` and ``x-webhook-secret``. The second contains the signature."""


@without_frames
def sign(
    event: WebhookEvent | Mapping[str, object],
    secret: str | Secret,
    *,
    clock: Callable[[], float] = time.time,
) -> SignedEvent:
    """Return the body and headers of the request that the service would send for an event. Nothing is sent.

    The signature is valid for 300 seconds, like the emulator's signatures, and does not cover the body.

    Args:
        event: The whole body, such as
            ``{"eventKey": "frontegg.tenant.created", "eventContext": {"tenantId": "acme"}}``; or an event whose
            ``payload`` is the body. If the event has no payload, the body contains the key, the ids and the context of
            the event.
        secret: The secret of the webhook or prehook, not empty.
        clock: A function that returns the time of the signature, in seconds since the epoch.

    Returns:
        The parts of a request: ``requests.post(url, data=signed.body, headers=signed.headers)``.

    Raises:
        InvalidArgumentError: The event is not a JSON object, or the secret is empty or is not text. The message names
            the wrong argument.
        ConfigurationError: ``clock`` is not callable.
    """
    held = check_hook_secret(secret, "text", InvalidArgumentError)
    issued = math.floor(check_clock(clock).wall())
    signature = sign_claims({"iat": issued, "exp": issued + SIGNATURE_SECONDS}, held.reveal())
    return SignedEvent(
        body=encode_json(_body_of(event)), headers={"Content-Type": "application/json", SIGNATURE_HEADER: signature}
    )


def _body_of(event: object) -> Mapping[str, object]:
    if not isinstance(event, WebhookEvent):
        if not isinstance(event, Mapping):
            raise InvalidArgumentError(f"event must be a WebhookEvent or a mapping, not {kind_of(event)}")
        body = cast("Mapping[str, object]", event)
    elif event.payload:
        body = event.payload
    else:
        ids = {"tenantId": event.tenant_id, "userId": event.user_id}
        known = {name: value for name, value in ids.items() if value is not None}
        body = {"eventKey": event.event_key, _CONTEXT: {**event.context, **known}}
    check_json(body, "event")
    return body
