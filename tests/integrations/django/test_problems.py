"""Responses to errors that a view does not catch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from frontegg_async import InvalidArgumentError
from frontegg_sync.integrations.django import get_async_client, get_client, problem_response, require

pytestmark = pytest.mark.usefixtures("views", "frontegg_django")


def _create(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_client().tenants.create(name=request.GET["name"]).tenant_id)


async def _show(request: HttpRequest, tenant_id: str) -> HttpResponse:
    return HttpResponse((await get_async_client().tenants.get(tenant_id)).name, request.content_type)


urlpatterns = [
    path("create", _create),
    path("show/<str:tenant_id>", _show),
    path("guarded", require()(_create)),
]

BROWSER: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


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


@pytest.mark.parametrize("path", ["/show/nobody", "/guarded", "/create?name="])
@pytest.mark.parametrize("verify", ["lazy", "eager"])
def test_browsers_get_a_page(frontegg_django: dict[str, object], path: str, verify: str) -> None:
    """With the same status and headers; other senders get problem details."""
    with override_settings(FRONTEGG={**frontegg_django, "VERIFY": verify}):
        page = Client().get(path, headers={"Accept": BROWSER})
        for accept in ("*/*", "application/json", "application/json, text/html;q=0.9", ""):
            other = Client().get(path, headers={"Accept": accept})
            assert other.headers["Content-Type"] == "application/problem+json", accept
            assert other.status_code == page.status_code
            for name in ("Cache-Control", "WWW-Authenticate"):
                assert other.headers.get(name) == page.headers.get(name)
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert f"<p>{other.json()['detail']}</p>" in page.content.decode()


def test_a_page_says_which_argument_is_bad() -> None:
    """Escaped, as everything in it."""
    page = Client().get("/create?name=", headers={"Accept": BROWSER}).content.decode()
    assert "<li>name must not be empty</li>" in page
    error = InvalidArgumentError("sort_by must be one of a, not '<b>'")
    request = RequestFactory().get("/", headers={"Accept": BROWSER})
    assert "not &#x27;&lt;b&gt;&#x27;" in problem_response(error, request).content.decode()


def test_a_refused_token_of_a_browser(frontegg_django: dict[str, object]) -> None:
    """The middleware answers by a page too."""
    headers = {"Accept": BROWSER, "Authorization": "Bearer x"}
    with override_settings(FRONTEGG={**frontegg_django, "VERIFY": "eager"}):
        page = Client().get("/create?name=x", headers=headers)
    assert (page.status_code, page.headers["Content-Type"]) == (401, "text/html; charset=utf-8")


def test_a_site_has_pages_of_its_own(tmp_path: Any) -> None:
    """By the names that Django has for them."""
    (tmp_path / "404.html").write_text("<p>Lost: {{ problem.code }} {{ problem.status }}</p>")
    engine = {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [tmp_path]}
    with override_settings(TEMPLATES=[engine]):
        page = Client().get("/show/nobody", headers={"Accept": BROWSER})
    assert page.content == b"<p>Lost: not_found 404</p>"
