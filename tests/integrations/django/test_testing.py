"""The fixtures of the pytest plugin for a site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import path

from frontegg_async.testing import EmulatorClock, PostEvent, SeededUser
from frontegg_async.webhooks import WebhookEvent
from frontegg_sync import TokenVerificationError
from frontegg_sync.integrations.django import get_client, get_verifier
from frontegg_sync.integrations.django.webhooks import webhook_received, webhook_view
from tests.integrations.django.heard import heard
from tests.integrations.webhook_cases import SECRET, VERIFIER

TIMEOUT: Final = 7.0
PRODUCTION: Final = {
    "CLIENT_ID": "of production",
    "SECRET": "of production",
    "DOMAIN": "app-acme",
    "REGION": "us",
    "JWT_SECRET": "of production, of thirty-two bytes",
    "OPTIONS": {"timeout": TIMEOUT},
}

urlpatterns = [path("hook", webhook_view(VERIFIER))]


@pytest.fixture
def production() -> Iterator[None]:
    """Have the setting of production."""
    with override_settings(FRONTEGG=PRODUCTION, ROOT_URLCONF=__name__):
        yield


@pytest.mark.usefixtures("production")
def test_the_setting_is_overridden(request: pytest.FixtureRequest, frontegg_seeded_user: SeededUser) -> None:
    """Calls and verification use the emulator and its clock; options of the site stay."""
    given: dict[str, object] = request.getfixturevalue("frontegg_django")
    assert given == settings.FRONTEGG
    assert get_client().tenants.list().count() == 1
    assert get_client().options.timeout == TIMEOUT
    assert get_verifier().verify(frontegg_seeded_user.token).tenant_id == frontegg_seeded_user.tenant_id
    clock: EmulatorClock = request.getfixturevalue("frontegg_clock")
    clock.advance(100_000)
    with pytest.raises(TokenVerificationError):
        get_verifier().verify(frontegg_seeded_user.token)


def test_a_site_without_the_setting(frontegg_django: dict[str, object]) -> None:
    """The fixture makes one."""
    assert get_client().tenants.list().count() == 0
    assert "BASE_URL" in frontegg_django


@pytest.mark.usefixtures("production")
def test_an_event_is_posted_to_a_view(frontegg_post_event: PostEvent) -> None:
    """By the test client of Django."""
    received: list[str | None] = []

    def receive(event: WebhookEvent, **_: object) -> None:
        received.append(event.tenant_id)

    event = WebhookEvent(event_key="frontegg.tenant.created", tenant_id="acme")
    with heard(webhook_received, receive):
        response = frontegg_post_event(Client(), "/hook", event, secret=SECRET)
        assert frontegg_post_event(Client(), "/hook", event, secret="another").status_code == 401
    assert (response.status_code, received) == (204, ["acme"])
