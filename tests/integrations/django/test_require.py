"""Django's ``require``: which views it decorates, and what it requires."""

from __future__ import annotations

import asyncio
import functools
from typing import Any, Final

import pytest
from django.core.checks import run_checks
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, Client, override_settings
from django.urls import include, path
from django.utils.decorators import method_decorator
from django.views import View

from frontegg_async import InvalidArgumentError
from frontegg_async.emulator import EmulatorHandle
from frontegg_sync.integrations.django import require

pytestmark = pytest.mark.usefixtures("site", "routes")

NAMES: Final = ("accounts.read", "accounts.write")
guard: Final = require(permission="accounts.read")


def _respond_async(text: str = "ok") -> HttpResponse:
    return HttpResponse(text)


class _Method(View):
    @guard
    def get(self, _: HttpRequest, name: str) -> HttpResponse:
        return _respond_async(name)


class _AsyncMethod(View):
    @guard
    async def get(self, _: HttpRequest, name: str) -> HttpResponse:
        await asyncio.sleep(0)
        return _respond_async(name)


@method_decorator(guard, name="dispatch")
class _Dispatch(View):
    def get(self, _: HttpRequest, name: str) -> HttpResponse:
        return _respond_async(name)


@method_decorator(guard, name="dispatch")
class _AsyncDispatch(View):
    async def get(self, _: HttpRequest, name: str) -> HttpResponse:
        await asyncio.sleep(0)
        return _respond_async(name)


class _OwnDispatch(_AsyncMethod):
    @guard
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().dispatch(request, *args, **kwargs)


class _Callable:
    def __call__(self, _: HttpRequest, name: str) -> HttpResponse:
        return _respond_async(name)


class _AsyncCallable:
    async def __call__(self, _: HttpRequest, name: str) -> HttpResponse:
        await asyncio.sleep(0)
        return _respond_async(name)


class _Site:
    @guard
    def plain(self, _: HttpRequest, name: str) -> HttpResponse:
        return _respond_async(name)

    @guard
    async def awaited(self, _: HttpRequest, name: str) -> HttpResponse:
        return _respond_async(name)


def _plain(_: HttpRequest, name: str) -> HttpResponse:
    return _respond_async(name)


async def _awaited(_: HttpRequest, name: str) -> HttpResponse:
    return _respond_async(name)


VIEWS: Final[dict[str, Any]] = {
    "method": _Method.as_view(),
    "async-method": _AsyncMethod.as_view(),
    "dispatch": _Dispatch.as_view(),
    "async-dispatch": _AsyncDispatch.as_view(),
    "own-dispatch": _OwnDispatch.as_view(),
    "callable": guard(_Callable()),
    "async-callable": guard(_AsyncCallable()),
    "site": _Site().plain,
    "async-site": _Site().awaited,
    "function": guard(_plain),
    "async-function": guard(_awaited),
    "partial": guard(functools.partial(_plain)),
    "async-partial": guard(functools.partial(_awaited)),
}
urlpatterns = [path(f"{name}/<str:name>", view) for name, view in VIEWS.items()]


@pytest.fixture
def routes() -> Any:
    """Serve these views without any middleware."""
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        yield


@pytest.fixture
def poor(frontegg_emulator: EmulatorHandle, site: dict[str, Any]) -> str:
    """A token without permissions."""
    del site
    return frontegg_emulator.user_token(tenant_id="north", user_id="ann").access_token


def _headers(token: str | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("view", VIEWS)
def test_what_is_decorated(view: str, token: str, poor: str) -> None:
    """Functions, methods and objects, plain and async, with and without the permission."""
    responses = [Client().get(f"/{view}/kiosk", headers=_headers(each)) for each in (token, poor, None)]
    assert [response.status_code for response in responses] == [200, 403, 401]
    assert responses[0].content == b"kiosk"


@pytest.mark.anyio
@pytest.mark.parametrize("view", VIEWS)
async def test_what_is_decorated_under_asgi(view: str, token: str, poor: str) -> None:
    """The same holds under ASGI."""
    responses = [await AsyncClient().get(f"/{view}/kiosk", headers=_headers(each)) for each in (token, poor, None)]
    assert [response.status_code for response in responses] == [200, 403, 401]


@pytest.mark.parametrize("view", [_Method, include([path("x", _plain)]), "view", None])
def test_only_views_are_decorated(view: Any) -> None:
    """The decorator raises, not the first request."""
    with pytest.raises(InvalidArgumentError, match=r"method_decorator\(require"):
        require()(view)


def test_a_view_needs_a_request() -> None:
    """Without a request nothing can be checked, so the call fails."""
    with pytest.raises(TypeError, match="without a request"):
        guard(_plain)("north", "kiosk")  # type: ignore[arg-type]  # which is what is tested


def test_require_without_parentheses() -> None:
    """It says what to write."""
    with pytest.raises(TypeError, match=r"write @require\(\)"):
        require(lambda request: request)  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["TOKEN_TYPES", "AUDIENCE"])
def test_a_setting_cannot_be_an_iterator(given: dict[str, Any], key: str) -> None:
    """The setting is read several times, and an iterator only once."""
    with override_settings(FRONTEGG={**given, key: iter(["userToken"])}):
        (problem,) = run_checks(tags=["frontegg"])
    assert (problem.id, f'FRONTEGG["{key}"] must be' in problem.msg) == ("frontegg.E004", True)
