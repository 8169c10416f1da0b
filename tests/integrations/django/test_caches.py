"""With Django's caches, the page of one caller never reaches another."""

from __future__ import annotations

import random
from typing import Any, Final

import pytest
from django.core.cache import cache
from django.core.checks import run_checks
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, Client, RequestFactory, override_settings
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import cache_page
from django.views.decorators.vary import vary_on_headers
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.views import APIView

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


def _knowing(request: HttpRequest) -> HttpResponse:
    """Respond with what a middleware has asked."""
    name: str = getattr(request, "name", "nobody")
    _made.append(name)
    return HttpResponse(name)


class _Asking:
    """A middleware that asks for the caller."""

    def __init__(self, get_response: Any) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        caller = get_caller(request)
        setattr(request, "name", caller.claims.subject if caller.is_authenticated else "nobody")  # noqa: B010 - new
        response: HttpResponse = self._get_response(request)
        return response


class _Authentication(BaseAuthentication):
    def authenticate(self, request: Request) -> Any:
        caller = get_caller(request)
        return (caller, caller.claims) if caller.is_authenticated else None


class _Rest(APIView):
    authentication_classes = (_Authentication,)
    permission_classes = ()

    def get(self, request: Request) -> HttpResponse:
        name: str = request.auth.subject if request.auth else "nobody"
        _made.append(name)
        return HttpResponse(name)


_BY_VIEW: Final[dict[str, Any]] = {
    "by-view": cache_page(60)(_lazy),
    "by-async-view": cache_page(60)(_lazy_async),
    "by-view-and-one-header": cache_page(60)(vary_on_headers("Authorization")(_lazy)),
    "by-view-and-one-header-outside": vary_on_headers("Authorization")(cache_page(60)(_lazy)),
    "by-view-and-both-headers": cache_page(60)(vary_on_headers("authorization", "X-API-KEY")(_lazy)),
    "inside-of-require": require()(cache_page(60)(_lazy)),
    "by-class": cache_page(60)(_Class.as_view()),
    "by-view-after-a-middleware": cache_page(60)(_knowing),
    "of-rest-framework": cache_page(60)(_Rest.as_view()),
    "by-dispatch-of-rest-framework": method_decorator(cache_page(60), name="dispatch")(_Rest).as_view(),
}
"""Views whose responses are stored before any middleware sees them."""

urlpatterns = [
    path("lazy", _lazy),
    path("lazy-async", _lazy_async),
    path("guarded", _guarded),
    path("guarded-async", _guarded_async),
    path("class", _Class.as_view()),
    path("page", cache_page(60)(_guarded)),
    path("indifferent", _indifferent),
    *(path(name, view) for name, view in _BY_VIEW.items()),
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


@pytest.mark.parametrize("middleware", [[], [f"{__name__}._Asking"], MIDDLEWARE])
@pytest.mark.parametrize("page", _BY_VIEW)
def test_a_view_that_is_cached_keeps_callers_apart(
    callers: dict[str, dict[str, str]], page: str, middleware: list[str]
) -> None:
    """With and without middleware; each caller gets the own page, the second time from the cache."""
    if page == "by-view-after-a-middleware":
        middleware = [f"{__name__}._Asking"]
    with override_settings(MIDDLEWARE=middleware):
        for name in (*callers, *reversed(callers)):
            response = Client().get(f"/{page}", headers=callers[name])
            if response.status_code != 401:
                assert (response.status_code, response.content.decode()) == (200, name)
    assert len(_made) == len(set(_made))


def test_a_view_that_asks_nobody_is_cached_for_all(callers: dict[str, dict[str, str]]) -> None:
    """The cache works as before, also for callers."""
    made = []

    def same(_: HttpRequest) -> HttpResponse:
        made.append(1)
        return HttpResponse("all the same")

    for headers in callers.values():
        request = RequestFactory(headers=headers).get("/same")
        assert "Vary" not in cache_page(60)(same)(request).headers
    assert len(made) == 1


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
