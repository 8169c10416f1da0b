"""Django REST framework: authentication and permissions in this process, without a database."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any, cast

import pytest
from django.core.checks import run_checks
from django.test import Client, override_settings
from django.urls import path
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from frontegg_async.emulator import EmulatorHandle
from frontegg_sync.integrations.django import FronteggCaller
from frontegg_sync.integrations.django.rest_framework import FronteggAuthentication, FronteggPermission, require
from tests.integrations import feature_cases, tenant_guard_cases

pytestmark = pytest.mark.usefixtures("routes", "frontegg_django")


class _View(APIView):
    authentication_classes = (FronteggAuthentication,)
    renderer_classes = (JSONRenderer,)

    def get(self, request: Request, **_: str) -> Response:
        caller = cast("object", request.user)
        assert isinstance(caller, FronteggCaller)
        return Response({"user": caller.claims.subject})


def _view(*permissions: Any) -> Any:
    return _View.as_view(permission_classes=permissions)


class _Never(BasePermission):
    def has_permission(self, *_: object) -> bool:
        return False


urlpatterns = [
    path("verified", _view(FronteggPermission)),
    path("either", _view(_Never | require(role="Support"))),
    *(path(f"features/{name}", _view(require(**given))) for name, given in feature_cases.GUARDS.items()),
    *(
        path(f"tenants/{name}/<str:tenant_id>", _view(require(**given)))
        for name, given in tenant_guard_cases.GUARDS.items()
    ),
]


@pytest.fixture
def routes() -> Iterator[None]:
    """Serve these views."""
    with override_settings(ROOT_URLCONF=__name__):
        yield


def test_who_may_read_a_tenant(frontegg_emulator: EmulatorHandle) -> None:
    """By bearer tokens and access tokens, as with the decorator."""
    tenant_guard_cases.seed(frontegg_emulator)
    for guard, callers in tenant_guard_cases.STATUSES.items():
        for (tenant_id, entitled), wanted in callers.items():
            for headers in tenant_guard_cases.credentials(frontegg_emulator, tenant_id, entitled=entitled):
                found = tuple(
                    Client().get(f"/tenants/{guard}/{each}", headers=headers).status_code for each in ("north", "south")
                )
                assert found == wanted, (guard, tenant_id, entitled)


def test_features_of_plans(frontegg_emulator: EmulatorHandle) -> None:
    """The response names the feature and the reason, as with the decorator."""
    feature_cases.seed(frontegg_emulator)
    for guard, answers in feature_cases.ANSWERS.items():
        for caller, wanted in answers.items():
            headers = feature_cases.credential(frontegg_emulator, caller)
            response = Client().get(f"/features/{guard}", headers=headers)
            assert feature_cases.answer_of(response.status_code, response.json()) == wanted, (guard, caller)


def test_a_valid_token_may_be_enough(frontegg_emulator: EmulatorHandle) -> None:
    """Other classes of DRF go with these; without a token there is a challenge."""
    feature_cases.seed(frontegg_emulator)
    headers = feature_cases.credential(frontegg_emulator, "west/ann")
    assert Client().get("/verified", headers=headers).json() == {"user": "ann"}
    assert Client().get("/either", headers=headers).status_code == 403
    refused = Client().get("/verified")
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    expired = Client().get("/verified", headers={"Authorization": "Bearer x"})
    assert (expired.status_code, expired.json()["code"]) == (401, "token_invalid")


def test_a_check_finds_an_unknown_parameter() -> None:
    """Also in the class of the view."""

    class Guarded(_View):
        permission_classes = (require(own_tenant="account"),)

    module = ModuleType("urls_of_the_test")
    module.urlpatterns = [path("a/<str:tenant_id>", Guarded.as_view()), path("b/<str:account>", Guarded.as_view())]  # type: ignore[attr-defined] # what Django reads
    with override_settings(ROOT_URLCONF=module):
        assert [problem.id for problem in run_checks(tags=["frontegg"])] == ["frontegg.E007"]


def test_it_is_no_decorator() -> None:
    """The error says what to write."""
    view: Any = _View
    with pytest.raises(TypeError, match=r"permission_classes = \[require\(\)\]"):
        require(view)
