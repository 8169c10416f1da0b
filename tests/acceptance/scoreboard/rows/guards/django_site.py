"""A Django site with the routes of a table, the decorator that guards them, and the cache of the whole site."""

from __future__ import annotations

import asyncio
import contextlib
import types
from collections.abc import AsyncIterator, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import django
from django.conf import settings

from frontegg_async.emulator import AsyncEmulatorHandle
from tests.acceptance.scoreboard.rows.guards.route_tables import MARK, PERMISSION, ROLE, Route

if TYPE_CHECKING:
    from django.urls import URLPattern

    from tests.acceptance.scoreboard.rows.guards.guards import Ask

_APP: Final = "frontegg_sync.integrations.django"
_MIDDLEWARE: Final = (
    "django.middleware.cache.UpdateCacheMiddleware",
    "django.middleware.common.CommonMiddleware",
    f"{_APP}.middleware.FronteggMiddleware",
    f"{_APP}.middleware.FronteggErrorMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
)
_RENDERED: Final[Mapping[str, str]] = {
    "word": "{0}",
    "field": "<str:{0}>",
    "rest": "<path:{0}>",
}
_EXPRESSIONS: Final[Mapping[str, str]] = {
    "word": "{0}",
    "field": "(?P<{0}>[^/]+)",
    "expression": "(?P<{0}>secret-[^/]+)",
    "rest": "(?P<{0}>.+)",
}


def _set_up() -> None:
    if not settings.configured:
        settings.configure(
            ALLOWED_HOSTS=["*"],
            INSTALLED_APPS=[_APP],
            MIDDLEWARE=list(_MIDDLEWARE),
            ROOT_URLCONF=__name__,
            SECRET_KEY="of this row",
        )
        django.setup()


def _view(route: Route) -> Callable[..., Any]:
    """Return a view of a route: a function, an async one, or a class, guarded as a whole or by its method."""
    from django.http import HttpRequest, HttpResponse
    from django.views import View

    from frontegg_sync.integrations.django import require

    guard = {
        "public": lambda view: view,
        "signed in": require(),
        "entitled": require(permission=iter([PERMISSION]), role=ROLE),
    }[route.guard]

    def answer(_: HttpRequest, **_fields: str) -> HttpResponse:
        return HttpResponse(headers={MARK: route.name})

    async def answer_async(_: HttpRequest, **_fields: str) -> HttpResponse:
        return HttpResponse(headers={MARK: route.name})

    class Answer(View):
        @guard
        def get(self, request: HttpRequest, **fields: str) -> HttpResponse:
            return answer(request, **fields)

        post = get

    class AnswerAsync(View):
        @guard
        async def get(self, request: HttpRequest, **fields: str) -> HttpResponse:
            return answer(request, **fields)

    forms: tuple[Callable[..., Any], ...] = (
        guard(answer),
        guard(answer_async),
        guard(Answer.as_view()),
        Answer.as_view(),
        AnswerAsync.as_view(),
    )
    return forms[route.form % len(forms)]


def _pattern(route: Route) -> URLPattern:
    from django.urls import path, re_path

    end = "/" if route.ends_with_slash else ""
    kinds = {segment.kind for segment in route.segments}
    if "expression" in kinds or route.form % 2:
        parts = (_EXPRESSIONS[segment.kind].format(segment.text) for segment in route.segments)
        return re_path(f"^{'/'.join(parts)}{end}$", _view(route))
    parts = (_RENDERED[segment.kind].format(segment.text) for segment in route.segments)
    return path(f"{'/'.join(parts)}{end}", _view(route))


def _site(table: list[Route]) -> types.ModuleType:
    from django.urls import include, path

    site = types.ModuleType("site_of_a_table")
    nested = [_pattern(route) for route in table if route.is_nested]
    patterns: list[object] = [_pattern(route) for route in table if not route.is_nested]
    patterns.insert(len(patterns) // 2, path("part/", include((nested, "part"))))
    setattr(site, "urlpatterns", patterns)  # noqa: B010 - a module has no such attribute for type checkers
    return site


@contextlib.asynccontextmanager
async def serve_django(emulator: AsyncEmulatorHandle, table: list[Route]) -> AsyncIterator[Ask]:
    """Have a site answer a table; nested routes are included, and the whole site is cached.

    Args:
        emulator: Whose tokens are taken.
        table: The routes.
    """
    _set_up()
    from django.core.cache import cache
    from django.test import Client, override_settings

    given = {
        "CLIENT_ID": emulator.client_id,
        "SECRET": emulator.secret,
        "BASE_URL": emulator.url,
        "ISSUER": emulator.url,
    }
    cache.clear()
    client = Client()

    def send(method: str, path: str, headers: Mapping[str, str]) -> str | None:
        answer = client.generic(method, path, headers=headers)
        found: str | None = answer.headers.get(MARK)
        return found

    async def ask(method: str, path: str, headers: Mapping[str, str]) -> str | None:
        return await asyncio.to_thread(send, method, path, headers)

    with override_settings(FRONTEGG=given, ROOT_URLCONF=_site(table)):
        yield ask
