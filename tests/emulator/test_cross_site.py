"""Requests of web pages to the admin API: the dashboard may send them, other pages may not."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from multidict import CIMultiDict

from frontegg_async.emulator.http.cross_site import cross_site_refusal
from tests.emulator.support import Service

OURS = "127.0.0.1:8080"
PUBLIC = "https://emulator.example"
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("POST", {}, None),  # curl, SDKs, tests
        ("POST", {"Content-Type": "text/plain"}, None),
        ("POST", {"Origin": f"http://{OURS}", "Sec-Fetch-Site": "same-origin", **JSON}, None),
        ("POST", {"Origin": f"http://{OURS}", "Content-Type": "Application/JSON; charset=utf-8"}, None),
        ("POST", {"Origin": f"http://{OURS}", "Content-Type": "text/plain"}, 415),
        ("POST", {"Origin": f"http://{OURS}"}, 415),
        ("POST", {"Origin": "https://evil.example", **JSON}, 403),
        ("POST", {"Origin": f"https://{OURS}", **JSON}, 403),
        ("POST", {"Origin": "http://127.0.0.1:3000", **JSON}, 403),
        ("POST", {"Origin": "null", **JSON}, 403),
        ("DELETE", {"Origin": "https://evil.example"}, 403),
        ("POST", {"Sec-Fetch-Site": "cross-site", **JSON}, 403),
        ("POST", {"Sec-Fetch-Site": "same-site", **JSON}, 403),
        ("GET", {"Sec-Fetch-Site": "none"}, None),
        ("GET", {"Sec-Fetch-Site": "same-origin"}, None),
        ("GET", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, None),
        ("POST", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", **JSON}, 403),
        ("GET", {"Origin": "https://evil.example"}, 403),
        ("POST", {"Origin": PUBLIC, "Sec-Fetch-Site": "same-origin", **JSON}, None),  # through a proxy with TLS
        ("POST", {"Origin": PUBLIC, "Sec-Fetch-Site": "same-site", **JSON}, 403),
    ],
)
def test_who_may(method: str, headers: dict[str, str], status: int | None) -> None:
    """A page cannot hide its origin, nor the name by which it found the machine."""
    given = CIMultiDict({"Host": OURS, **headers})
    refused = cross_site_refusal(method, given, has_body=method == "POST", is_page=False, public_origin=PUBLIC)
    assert (None if refused is None else refused.status) == status


def test_the_page_may_be_linked_to() -> None:
    """From anywhere, by its right name."""
    headers = {"Host": OURS, "Sec-Fetch-Site": "cross-site"}
    assert cross_site_refusal("GET", headers, has_body=False, is_page=True) is None


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/_emulator/v1/events", "/_emulator/v1/environments/emu_client/events"])
async def test_other_pages_hold_no_event_stream(path: str, service: Service) -> None:
    """By navigations, each of which would hold one of its places, nor in any other way; a user may look at it."""
    for headers in (
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
        {"Origin": "https://evil.example"},
    ):
        async with service.session.get(service.emulator.url + path, headers=headers) as response:
            assert response.status == 403
    own = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}
    async with service.session.get(service.emulator.url + path, headers=own) as response:
        assert response.status == 200


def test_other_names_of_this_machine() -> None:
    """A page under a name that was allowed is the dashboard only if its origin has that name too."""
    headers = {"Host": "emulator.lan.example", "Origin": "http://emulator.lan.example", **JSON}
    assert cross_site_refusal("POST", headers, has_body=True, is_page=False) is None
    foreign = {**headers, "Origin": "http://evil.example"}
    refused = cross_site_refusal("POST", foreign, has_body=True, is_page=False)
    assert refused is not None
    assert refused.status is HTTPStatus.FORBIDDEN


@pytest.mark.anyio
async def test_foreign_pages_change_nothing(service: Service) -> None:
    """Over HTTP: 403 or 415 with the reason, and the state as it was; the service itself is for pages of any origin."""
    await service.create("stays")
    reset = "/_emulator/v1/reset"
    for headers, status in (
        ({"Origin": "https://evil.example"}, 403),
        ({"Host": "evil.example"}, 403),
        ({"Origin": service.emulator.url, "Content-Type": "text/plain"}, 415),
    ):
        answer = await service.send("POST", reset, headers=headers, data=b"{}")
        assert (answer.status, bool(answer.json["error"])) == (status, True)
    listed = await service.send("GET", "/tenants/resources/tenants/v2", headers={"Origin": "https://evil.example"})
    assert [row["tenantId"] for row in listed.json["items"]] == ["stays"]
    own = await service.send("POST", reset, {}, headers={"Origin": service.emulator.url})
    assert own.status == 204
