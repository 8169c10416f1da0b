"""Responses to errors that a view does not catch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from frontegg_sync.integrations.django import get_client

pytestmark = pytest.mark.usefixtures("views", "frontegg_django")


def _create(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_client().tenants.create(name=request.GET["name"]).tenant_id)


urlpatterns = [path("create", _create)]


@pytest.fixture
def views() -> Iterator[None]:
    """Serve the views of this module."""
    with override_settings(ROOT_URLCONF=__name__):
        yield


def test_a_bad_argument_is_named() -> None:
    """As a form needs it."""
    response = Client().get("/create?name=")
    expected = [{"argument": "name", "message": "name must not be empty"}]
    assert (response.status_code, response.json()["errors"]) == (422, expected)
