"""Django: guards that ask for the caller's own tenant, or for the tenant of operators."""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any, Final

import pytest
from django.core.checks import run_checks
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, Client, override_settings
from django.urls import include, path, re_path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.http import require_safe

from frontegg_async import InvalidArgumentError, MissingPermissionError
from frontegg_async.emulator import EmulatorHandle
from frontegg_sync.integrations.django import get_caller, require
from tests.integrations.tenant_guard_cases import GUARDS, SPELLINGS, STATUSES, WRONG, credentials, seed

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def given(frontegg_emulator: EmulatorHandle) -> dict[str, Any]:
    """The setting FRONTEGG, in place of that of other tests."""
    seed(frontegg_emulator)
    url = frontegg_emulator.url
    return {
        "CLIENT_ID": frontegg_emulator.client_id,
        "SECRET": frontegg_emulator.secret,
        "BASE_URL": url,
        "ISSUER": url,
    }


def _show(_: HttpRequest, tenant_id: str) -> HttpResponse:
    return HttpResponse(tenant_id)


async def _show_async(_: HttpRequest, tenant_id: str) -> HttpResponse:
    return HttpResponse(tenant_id)


class _Class(View):
    def get(self, request: HttpRequest, tenant_id: str) -> HttpResponse:
        return _show(request, tenant_id)


urlpatterns = [
    path(f"{name}{suffix}/<str:tenant_id>", require(**given)(view))
    for name, given in GUARDS.items()
    for suffix, view in (("", _show), ("-async", _show_async), ("-class", _Class.as_view()))
]


def test_who_is_answered(frontegg_emulator: EmulatorHandle) -> None:
    """By bearer token and by access tokens: a role of another tenant opens nothing, and no other tenant is shown."""
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        for guard, statuses in STATUSES.items():
            for (tenant_id, entitled), wanted in statuses.items():
                for headers in credentials(frontegg_emulator, tenant_id, entitled=entitled):
                    for suffix in ("", "-class"):
                        answers = [
                            Client().get(f"/{guard}{suffix}/{each}", headers=headers).status_code
                            for each in ("north", "south")
                        ]
                        assert tuple(answers) == wanted, (guard, suffix, tenant_id, entitled, [*headers])
            assert Client().get(f"/{guard}/north").status_code == 401
        headers = credentials(frontegg_emulator, "north", entitled=False)[0]
        spelled = {each: Client().get(f"/own/{each}", headers=headers) for each in SPELLINGS}
        assert {each: answer.status_code for each, answer in spelled.items()} == SPELLINGS
        assert run_checks(tags=["frontegg"]) == []


@pytest.mark.anyio
async def test_who_is_answered_under_asgi(frontegg_emulator: EmulatorHandle) -> None:
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        for guard, statuses in STATUSES.items():
            for (tenant_id, entitled), wanted in statuses.items():
                headers = credentials(frontegg_emulator, tenant_id, entitled=entitled)[1]
                answers = [
                    (await AsyncClient().get(f"/{guard}-async/{each}", headers=headers)).status_code
                    for each in ("north", "south")
                ]
                assert tuple(answers) == wanted, (guard, tenant_id, entitled)


@pytest.mark.parametrize("case", WRONG)
def test_wrong_arguments_are_refused_when_the_guard_is_made(case: str) -> None:
    """A tenant that comes from a setting that is missing is no guard without a tenant."""
    given, message = WRONG[case]
    with pytest.raises(InvalidArgumentError, match=message):
        require(**given)


class _Method(View):
    @require(own_tenant="account")
    def get(self, request: HttpRequest, tenant_id: str) -> HttpResponse:
        return _show(request, tenant_id)


@method_decorator(require(own_tenant="account"), name="dispatch")
class _Dispatch(_Class): ...


_guarded: Final = require(own_tenant="account")(_show)
_UNREADABLE: Final[dict[str, Any]] = {
    "function": _guarded,
    "async function": require(own_tenant="account")(_show_async),
    "below a decorator": require_safe(_guarded),
    "below a guard": require(role="Support")(_guarded),
    "partial": functools.partial(_guarded),
    "as_view": require(own_tenant="account")(_Class.as_view()),
    "method": _Method.as_view(),
    "dispatch": _Dispatch.as_view(),
}


@pytest.mark.parametrize("view", _UNREADABLE.values(), ids=_UNREADABLE)
def test_a_check_finds_an_unknown_parameter(view: Any) -> None:
    """Below an ``include()`` too, and by expressions; parameters of outer paths and extra arguments are known."""
    module = ModuleType("urls_of_the_test")
    module.urlpatterns = [  # type: ignore[attr-defined]  # what Django reads
        path("a/<str:tenant_id>", include([path("x", view)])),
        re_path(r"^b/(?P<tenant_id>[a-z]+)$", view),
        path("good/<str:account>/", include([path("<str:tenant_id>", view)])),
        path("good", view, {"account": "north", "tenant_id": "north"}),
    ]
    with override_settings(ROOT_URLCONF=module):
        problems = run_checks(tags=["frontegg"])
    assert [problem.id for problem in problems] == ["frontegg.E007"] * 2
    assert "require(own_tenant='account') guards the path 'a/<str:tenant_id>x'" in problems[0].msg
    assert "which has only tenant_id." in problems[1].msg


def test_an_unchecked_guard_fails_closed(frontegg_emulator: EmulatorHandle) -> None:
    request = HttpRequest()
    request.META["HTTP_AUTHORIZATION"] = credentials(frontegg_emulator, "north", entitled=True)[0]["Authorization"]
    with pytest.raises(RuntimeError, match="own_tenant='account'"):
        _guarded(request, tenant_id="north")


def test_a_caller_can_be_asked_for_a_tenant(frontegg_emulator: EmulatorHandle) -> None:
    """``caller.require`` has the argument too."""
    request = HttpRequest()
    request.META["HTTP_AUTHORIZATION"] = credentials(frontegg_emulator, "north", entitled=True)[0]["Authorization"]
    caller = get_caller(request)
    assert caller.require(role="Support", in_tenant="north").tenant_id == "north"
    with pytest.raises(MissingPermissionError):
        caller.require(role="Support", in_tenant="our-company")
    with pytest.raises(InvalidArgumentError, match="give permission or role"):
        caller.require(in_tenant="north")
