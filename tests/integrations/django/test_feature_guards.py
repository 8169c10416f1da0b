"""Django: guards that require features of plans."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.core.checks import run_checks
from django.http import HttpRequest, JsonResponse
from django.test import AsyncClient, Client, override_settings
from django.urls import path
from django.views import View

from frontegg_async import InvalidArgumentError
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.entitlements import EntitlementsEvent, EntitlementsEventKind
from frontegg_async.errors import StaleEntitlementsError
from frontegg_sync.integrations.django import (
    aget_entitlements,
    close_clients,
    get_caller,
    get_entitlements,
    require,
)
from tests.integrations.feature_cases import (
    ANSWERS,
    GUARDS,
    SNAPSHOT,
    answer_of,
    break_snapshot,
    credential,
    seed,
)

pytestmark = pytest.mark.usefixtures("site", "routes")


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
        "OPTIONS": {"max_retries": 0},
    }


@pytest.fixture
def routes() -> Iterator[None]:
    """Serve these views without any middleware."""
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        yield


def _show(_: HttpRequest) -> JsonResponse:
    return JsonResponse({})


async def _show_async(_: HttpRequest) -> JsonResponse:
    return JsonResponse({})


class _Class(View):
    def get(self, request: HttpRequest) -> JsonResponse:
        return _show(request)


def _mine(request: HttpRequest) -> JsonResponse:
    found = get_entitlements().features_of(get_caller(request).claims)
    return JsonResponse({"features": sorted(found)})


SUFFIXES: Final[dict[str, Any]] = {"": _show, "-async": _show_async, "-class": _Class.as_view()}
urlpatterns = [
    *(
        path(f"{name}{suffix}", require(**given)(view))
        for name, given in GUARDS.items()
        for suffix, view in SUFFIXES.items()
    ),
    path("mine", _mine),
]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_who_is_answered(frontegg_emulator: EmulatorHandle, suffix: str) -> None:
    """By account and by user, with bearer tokens and with access tokens; the problem names the feature and why."""
    for guard, answers in ANSWERS.items():
        for caller, wanted in answers.items():
            response = Client().get(f"/{guard}{suffix}", headers=credential(frontegg_emulator, caller))
            assert answer_of(response.status_code, response.json()) == wanted, (guard, caller)
        assert Client().get(f"/{guard}{suffix}").status_code == 401


@pytest.mark.anyio
@pytest.mark.parametrize("suffix", SUFFIXES)
async def test_who_is_answered_under_asgi(frontegg_emulator: EmulatorHandle, suffix: str) -> None:
    """The snapshot is read in a thread, and the loop is not blocked."""
    for caller, wanted in ANSWERS["both"].items():
        response = await AsyncClient().get(f"/both{suffix}", headers=credential(frontegg_emulator, caller))
        assert answer_of(response.status_code, response.json()) == wanted, caller


@pytest.mark.anyio
async def test_many_first_requests_at_once(frontegg_emulator: EmulatorHandle) -> None:
    """They wait for one read, which needs a thread itself: that must not be one of those that wait."""
    headers = credential(frontegg_emulator, "north")
    responses = await asyncio.gather(*(AsyncClient().get("/reports-async", headers=headers) for _ in range(30)))
    assert {each.status_code for each in responses} == {200}
    assert _reads(frontegg_emulator) == 1


def test_one_snapshot_serves_all_requests(frontegg_emulator: EmulatorHandle) -> None:
    """It is read with the first request that needs it, and not for a request without a valid token."""
    Client().get("/reports")
    assert _reads(frontegg_emulator) == 0
    for path_ in ("/reports", "/reports", "/reports-class", "/mine"):
        assert Client().get(path_, headers=credential(frontegg_emulator, "north")).status_code == 200
    assert _reads(frontegg_emulator) == 1


def test_views_decide_themselves(frontegg_emulator: EmulatorHandle) -> None:
    """By the entitlements of the process."""
    response = Client().get("/mine", headers=credential(frontegg_emulator, "west/ann"))
    assert response.json() == {"features": ["exports", "reports"]}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_nothing_is_open_before_the_first_snapshot(frontegg_emulator: EmulatorHandle, suffix: str) -> None:
    """A failed read is not repeated by each request, and the next process tries again."""
    break_snapshot(frontegg_emulator)
    headers = credential(frontegg_emulator, "north")
    responses = [Client().get(f"/reports{suffix}", headers=headers) for _ in range(2)]
    assert [(each.status_code, each.json()["code"]) for each in responses] == [(503, "unavailable")] * 2
    assert _reads(frontegg_emulator) == 1
    frontegg_emulator.delete_faults()
    close_clients()
    assert Client().get(f"/reports{suffix}", headers=headers).status_code == 200


@pytest.mark.anyio
async def test_a_read_that_failed(frontegg_emulator: EmulatorHandle) -> None:
    """Programs hear why."""
    break_snapshot(frontegg_emulator)
    with pytest.raises(StaleEntitlementsError, match=r"could not be read: .*500"):
        await aget_entitlements()


@pytest.mark.slow
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_snapshot_that_is_too_old_opens_nothing(
    frontegg_emulator: EmulatorHandle, given: dict[str, Any], suffix: str
) -> None:
    """Also for an account that was entitled: it is not known whether it still is."""
    stale = threading.Event()

    def listen(event: EntitlementsEvent) -> None:
        if event.kind is EntitlementsEventKind.STALE:
            stale.set()

    part = {"refresh": 0.1, "max_age": 0.2, "on_event": listen}
    with override_settings(FRONTEGG={**given, "ENTITLEMENTS": part}):
        get_entitlements()
        break_snapshot(frontegg_emulator)
        assert stale.wait(10)
        response = Client().get(f"/reports{suffix}", headers=credential(frontegg_emulator, "north"))
    assert (response.status_code, response.json()["code"]) == (503, "unavailable")


@pytest.mark.parametrize(
    ("part", "problem", "message"),
    [
        ({"max_agee": 1}, "frontegg.E002", "FRONTEGG[\"ENTITLEMENTS\"] has no 'max_agee'. Did you mean 'max_age'?"),
        ("yes", "frontegg.E004", 'FRONTEGG["ENTITLEMENTS"] must be a dict'),
        ({"max_age": -1}, "frontegg.E004", 'FRONTEGG["ENTITLEMENTS"]["max_age"] must be'),
        ({"on_event": "nowhere.listen"}, "frontegg.E004", 'FRONTEGG["ENTITLEMENTS"]["on_event"] cannot be imported'),
    ],
)
def test_what_is_wrong_with_the_setting(given: dict[str, Any], part: Any, problem: str, message: str) -> None:
    """It is found before the site starts."""
    with override_settings(FRONTEGG={**given, "ENTITLEMENTS": part}):
        (found,) = run_checks(tags=["frontegg"])
    assert found.id == problem
    assert message in f"{found.msg} {found.hint}"


def test_the_extra_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is found before the site starts, for each view that needs it."""
    monkeypatch.setitem(sys.modules, "re2", None)
    found = run_checks(tags=["frontegg"])
    assert {each.id for each in found} == {"frontegg.E008"}
    assert "pip install 'frontegg-async[entitlements]'" in found[0].msg


@pytest.mark.parametrize("feature", ["", [], b"reports", ["reports", 1]])
def test_wrong_features_are_refused_when_the_guard_is_made(feature: Any) -> None:
    """An empty collection of features is no guard without features."""
    with pytest.raises(InvalidArgumentError, match="feature must"):
        require(feature=feature)


def _reads(emulator: EmulatorHandle) -> int:
    return sum(entry.path == SNAPSHOT for entry in emulator.journal())
