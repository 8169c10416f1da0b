"""Signals about callers, in plain and ``async`` views."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import AsyncClient, Client

from frontegg_sync.integrations.django import caller_authenticated, caller_refused
from tests.integrations.django.heard import heard

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def told() -> Iterator[list[tuple[str, str]]]:
    """What both signals told: the path of the request, and the subject or the reason."""
    found: list[tuple[str, str]] = []

    def accepted(*, request: Any, claims: Any, **_: object) -> None:
        found.append((request.path, claims.subject))

    def refused(*, request: Any, error: Any, **_: object) -> None:
        found.append((request.path, error.reason))

    with heard(caller_authenticated, accepted), heard(caller_refused, refused):
        yield found


@pytest.mark.parametrize("path", ["/plain/who", "/async/who"])
def test_each_verification_is_told_once(path: str, token: str, told: list[tuple[str, str]]) -> None:
    """A token that is accepted, and one that is not; a request without a token is no refusal."""
    for each in (token, "nonsense", None):
        Client().get(path, headers={} if each is None else {"Authorization": f"Bearer {each}"})

    assert told == [(path, "ann"), (path, "malformed")]


@pytest.mark.anyio
async def test_receivers_under_asgi(token: str, told: list[tuple[str, str]]) -> None:
    """A receiver may be ``async``."""
    subjects: list[str] = []

    async def receive(*, claims: Any, **_: object) -> None:
        subjects.append(claims.subject)

    with heard(caller_authenticated, receive):
        for path in ("/plain/who", "/async/who"):
            await AsyncClient().get(path, headers={"Authorization": f"Bearer {token}"})

    assert subjects == ["ann", "ann"]
    assert told == [("/plain/who", "ann"), ("/async/who", "ann")]


@pytest.mark.parametrize("path", ["/plain/who", "/async/who"])
def test_a_broken_receiver_is_logged(path: str, token: str, caplog: pytest.LogCaptureFixture) -> None:
    """The response is the same, and the log names the receiver's error."""

    def receive(**_: object) -> None:
        raise KeyError("of the receiver")

    with heard(caller_authenticated, receive), caplog.at_level(logging.ERROR, "django.dispatch"):
        response = Client().get(path, headers={"Authorization": f"Bearer {token}"})

    assert response.json() == {"who": "ann"}
    assert "of the receiver" in caplog.text
