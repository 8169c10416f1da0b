"""With Django's caches, the page of one caller never reaches another."""

from __future__ import annotations

import random
from typing import Any, Final

import pytest
from django.core.cache import cache
from django.core.checks import run_checks
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, Client, override_settings
from django.urls import path
from django.views import View
from django.views.decorators.cache import cache_page

from frontegg_async.emulator import EmulatorHandle
from frontegg_sync.integrations.django import aget_caller, get_caller, require
from tests.integrations.django.conftest import MIDDLEWARE

pytestmark = pytest.mark.usefixtures("site", "cached")

_CACHED: Final = (
    "django.middleware.cache.UpdateCacheMiddleware",
    *MIDDLEWARE,
    "django.middleware.cache.FetchFromCacheMiddleware",
)
_PAGES: Final = ("/lazy", "/lazy-async", "/guarded", "/guarded-async", "/class", "/page")
_made: list[str] = []
"""The responses that views made, and no cache."""


def _page(request: HttpRequest) -> HttpResponse:
    caller = get_caller(request)
    name = caller.claims.subject if caller.is_authenticated else "nobody"
    _made.append(name)
    return HttpResponse(name)


def _lazy(request: HttpRequest) -> HttpResponse:
    return _page(request)


async def _lazy_async(request: HttpRequest) -> HttpResponse:
    await aget_caller(request)
    return _page(request)


@require()
def _guarded(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require()
async def _guarded_async(request: HttpRequest) -> HttpResponse:
    return _page(request)


class _Class(View):
    @require()
    def get(self, request: HttpRequest) -> HttpResponse:
        return _page(request)


def _indifferent(_: HttpRequest) -> HttpResponse:
    return HttpResponse("all the same")


urlpatterns = [
    path("lazy", _lazy),
    path("lazy-async", _lazy_async),
    path("guarded", _guarded),
    path("guarded-async", _guarded_async),
    path("class", _Class.as_view()),
    path("page", cache_page(60)(_guarded)),
    path("indifferent", _indifferent),
]


@pytest.fixture
def cached() -> Any:
    """Cache the whole site."""
    cache.clear()
    _made.clear()
    with override_settings(MIDDLEWARE=list(_CACHED), ROOT_URLCONF=__name__):
        yield
    cache.clear()


@pytest.fixture
def callers(frontegg_emulator: EmulatorHandle, site: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The headers of several callers, by the text of their pages."""
    del site
    found: dict[str, dict[str, str]] = {"nobody": {}}
    for name in ("ann", "bob"):
        issued = frontegg_emulator.user_token(tenant_id="north", user_id=name)
        found[name] = {"Authorization": f"Bearer {issued.access_token}"}
    for _ in range(2):
        made = frontegg_emulator.access_token(tenant_id="north")
        found[made.id] = {"x-api-key": made.secret}
    return found


@pytest.mark.parametrize("order", range(4))
@pytest.mark.parametrize("page", _PAGES)
def test_each_caller_has_its_own_page(callers: dict[str, dict[str, str]], page: str, order: int) -> None:
    """Each caller gets the right page in any order, and gets it from the cache the second time."""
    names = [*callers, *callers]
    random.Random(order).shuffle(names)
    for name in names:
        response = Client().get(page, headers=callers[name])
        if name == "nobody" and not page.startswith("/lazy"):
            assert response.status_code == 401
        else:
            assert (response.status_code, response.content.decode()) == (200, name)
        assert response["Vary"] == "Authorization, x-api-key"
    assert len(_made) == len(set(_made))


@pytest.mark.anyio
@pytest.mark.parametrize("page", _PAGES)
async def test_each_caller_has_its_own_page_under_asgi(callers: dict[str, dict[str, str]], page: str) -> None:
    """The same holds under ASGI."""
    for name, headers in callers.items():
        response = await AsyncClient().get(page, headers=headers)
        assert response["Vary"] == "Authorization, x-api-key"
        if response.status_code == 200:
            assert response.content.decode() == name
        else:
            assert (name, response.status_code) == ("nobody", 401)


def test_rejections_are_not_cached() -> None:
    """Rejections have ``Vary`` and ``no-store``."""
    for page in ("/guarded", "/guarded-async"):
        for headers in ({}, {"Authorization": "Bearer nonsense"}):
            response = Client().get(page, headers=headers)
            assert (response.status_code, response["Cache-Control"]) == (401, "no-store")
            assert response["Vary"] == "Authorization, x-api-key"


@pytest.mark.parametrize(
    ("changes", "vary"),
    [
        ({}, None),
        ({"VERIFY": "eager"}, "Authorization, x-api-key"),
        ({"VERIFY": "eager", "TOKEN_TYPES": ["userToken"]}, "Authorization"),
    ],
)
def test_vary_names_the_token_headers(given: dict[str, Any], changes: dict[str, Any], vary: str | None) -> None:
    """If no view uses the caller, only an eager site adds ``Vary``; it names only headers in use."""
    with override_settings(FRONTEGG={**given, **changes}):
        response = Client().get("/indifferent")
        refused = Client().get("/indifferent", headers={"Authorization": "Bearer nonsense"})

    assert response.headers.get("Vary") == refused.headers.get("Vary") == vary
    assert refused.status_code == (401 if "VERIFY" in changes else 200)


def test_vary_of_a_view_is_kept(callers: dict[str, dict[str, str]]) -> None:
    """Other headers in ``Vary`` stay, without duplicates."""

    def view(_: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Vary": "Cookie, authorization"})

    request = HttpRequest()
    request.META["HTTP_AUTHORIZATION"] = callers["ann"]["Authorization"]
    assert require()(view)(request)["Vary"] == "Cookie, authorization, x-api-key"
    assert require()(lambda _: "no response")(request) == "no response"


def test_the_order_of_the_middleware_is_checked() -> None:
    """A cache before the middleware would store responses without ``Vary``."""
    assert run_checks(tags=["frontegg"]) == []
    with override_settings(MIDDLEWARE=[MIDDLEWARE[0], _CACHED[0], _CACHED[-1]]):
        (problem,) = run_checks(tags=["frontegg"])
    assert (problem.id, problem.hint) == ("frontegg.E006", "Put UpdateCacheMiddleware first.")
