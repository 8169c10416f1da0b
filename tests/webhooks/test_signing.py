"""``sign``: a receiver accepts what it returns."""

from __future__ import annotations

import time
from typing import Any, Final

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from frontegg_async import ConfigurationError, InvalidArgumentError, Secret, WebhookVerificationError
from frontegg_async.integrations.fastapi import webhook_router
from frontegg_async.webhooks import WebhookEvent, WebhookVerifier, sign

SECRET: Final = "short"
CREATED: Final = {"eventKey": "frontegg.tenant.created", "eventContext": {"tenantId": "acme"}}


def test_an_app_accepts_a_signed_event() -> None:
    """The request needs nothing but the body and the headers."""
    received: list[WebhookEvent] = []
    app = FastAPI()
    app.include_router(webhook_router(WebhookVerifier(SECRET), received.append))
    signed, forged = sign(CREATED, SECRET), sign(CREATED, "another secret")
    with TestClient(app) as client:
        accepted = client.post("/webhooks/frontegg", content=signed.body, headers=signed.headers)
        refused = client.post("/webhooks/frontegg", content=forged.body, headers=forged.headers)
    assert (accepted.status_code, refused.status_code) == (httpx.codes.NO_CONTENT, httpx.codes.UNAUTHORIZED)
    assert [(event.event_key, event.tenant_id) for event in received] == [("frontegg.tenant.created", "acme")]


@pytest.mark.parametrize("secret", [SECRET, Secret(SECRET)])
def test_an_event_may_be_a_mapping_or_a_webhook_event(secret: str | Secret) -> None:
    """An event without a payload gets the body that the service would send for it."""
    made = WebhookEvent(event_key="frontegg.user.invited", tenant_id="acme", user_id="ann", context={"x": [1]})
    verifier = WebhookVerifier(SECRET)
    read = [verifier.read(each.headers, each.body) for each in (sign(made, secret), sign(CREATED, secret))]
    assert (read[0].event_key, read[0].tenant_id, read[0].user_id) == ("frontegg.user.invited", "acme", "ann")
    assert read[0].context == {"x": [1], "tenantId": "acme", "userId": "ann"}
    again = sign(read[1], secret)
    assert verifier.read(again.headers, again.body) == read[1]
    assert again.headers["x-webhook-secret"] not in repr(again)


def test_a_signature_is_valid_for_five_minutes_by_its_clock() -> None:
    """A test of an expired header needs no wait."""
    now = time.time()
    old = sign(CREATED, SECRET, clock=lambda: now - 301)
    late = WebhookVerifier(SECRET, leeway=0, clock=lambda: now)
    with pytest.raises(WebhookVerificationError) as caught:
        late.verify(old.headers)
    assert caught.value.reason == "expired"
    late.verify(sign(CREATED, SECRET, clock=lambda: now - 299).headers)


BAD: Final[list[tuple[Any, Any, str]]] = [
    ("frontegg.tenant.created", SECRET, "^event must be a WebhookEvent or a mapping, not str$"),
    ({"eventKey": {1}}, SECRET, r"^event\['eventKey'\] is of type set, which JSON cannot hold"),
    (CREATED, "", "^secret must not be empty: anybody could sign with an empty secret$"),
    (CREATED, None, "^secret must be text, not of None"),
    (CREATED, "\ud800", "^secret has a lone surrogate"),
]


@pytest.mark.parametrize(("event", "secret", "message"), BAD)
def test_a_bad_argument_is_named(event: Any, secret: Any, message: str) -> None:
    """The error says which one, and what it takes."""
    clock: Any = 0
    with pytest.raises(InvalidArgumentError, match=message):
        sign(event, secret)
    with pytest.raises(ConfigurationError, match=r"^clock must be a function"):
        sign(CREATED, SECRET, clock=clock)
