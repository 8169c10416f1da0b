"""MFA policies: the service keeps one for each application, and one for calls without an application."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import pytest

from frontegg_async import (
    AsyncFrontegg,
    InvalidArgumentError,
    NotFoundError,
    Options,
    Outcome,
    OutcomeUnknownError,
    PartialFailureError,
    PermissionDeniedError,
    ResultLostError,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import UncoveredApplicationsWarning
from frontegg_async.models import MfaEnforcement
from frontegg_sync import Frontegg
from tests.support.clients import make_client
from tests.support.raw_server import Answer, RawRequest, http, raw_server
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

PATH: Final = "/identity/resources/configurations/v1/mfa-policy"
HEADER: Final = "frontegg-application-id"
FORCED: Final = {"id": "p", "enforceMFAType": "Force", "allowRememberMyDevice": True, "mfaDeviceExpiration": 60}
ALL_FIELDS: Final[dict[str, Any]] = {"enforce": "Force", "allow_remember_my_device": True, "device_expiration": 60}


@pytest.fixture
async def app_ids(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> list[str]:
    """Three applications, of which the first two are assigned to ``acme``."""
    frontegg_emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    url = "https://app.example"
    made = [await frontegg_client.applications.create(name=n, app_url=url, login_url=url) for n in "ABC"]
    for each in made[:2]:
        await frontegg_client.applications.assign("acme", each.id)
    frontegg_emulator.clear_journal()
    return [each.id for each in made]


async def _enforced(client: AsyncFrontegg, app_ids: list[str]) -> list[str | None]:
    """Return what is enforced without an application, and in each."""
    found = [await client.security.mfa.get("acme", app_id=each) for each in (None, *app_ids)]
    return [None if each is None else str(each.enforce) for each in found]


@pytest.mark.parametrize("is_user", [False, True], ids=["environment", "user"])
async def test_each_application_has_its_own(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, app_ids: list[str], *, is_user: bool
) -> None:
    """One of them says nothing of another, and is completed from its own fields."""
    permissions = ["fe.secure.*", "fe.account-settings.read.app"]
    token = frontegg_emulator.user_token(tenant_id="acme", permissions=permissions).access_token
    own = frontegg_client.as_user(token).security.mfa if is_user else frontegg_client.for_tenant("acme").security.mfa
    await own.set(enforce="DontForce", all_applications=False)
    assert await _enforced(frontegg_client, app_ids) == ["DontForce", None, None, None]
    with pytest.raises(InvalidArgumentError, match="enforce must be given"):
        await own.set(device_expiration=60, app_ids=[app_ids[2]])
    made = await own.set(enforce="Force", device_expiration=60, app_ids=[app_ids[2], app_ids[0], app_ids[2]])
    assert made.device_expiration == 60
    assert await _enforced(frontegg_client, app_ids) == ["DontForce", "Force", None, "Force"]
    await own.set(enforce="ForceExceptSAML", all_applications=True)
    assert await _enforced(frontegg_client, app_ids) == [
        "ForceExceptSAML",
        "ForceExceptSAML",
        "ForceExceptSAML",
        "Force",
    ]
    kept = [await own.get(app_id=each) for each in app_ids]
    assert [each and each.device_expiration for each in kept] == [60, 1_209_600, 60]


async def test_a_policy_that_cannot_be_completed_keeps_all_from_being_written(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, app_ids: list[str]
) -> None:
    """The second application has none yet, and the first must not be changed alone."""
    mfa = frontegg_client.for_tenant("acme").security.mfa
    await mfa.set(enforce="Force", app_ids=app_ids[:1])
    with pytest.raises(InvalidArgumentError, match="enforce must be given"):
        await mfa.set(device_expiration=60, app_ids=app_ids)
    assert [entry.method for entry in frontegg_emulator.journal()].count("PUT") == 1


async def test_headers_of_the_client_choose_no_application(frontegg_client: AsyncFrontegg, app_ids: list[str]) -> None:
    """A service may pass the application of its own caller on with all calls."""
    passing_on = frontegg_client.with_options(headers={HEADER: app_ids[2], "x-own": "1"})
    await passing_on.security.mfa.set("acme", enforce="Force", all_applications=True)
    assert await _enforced(frontegg_client, app_ids) == ["Force", "Force", "Force", None]
    options = Options(headers={HEADER: app_ids[2]})
    await frontegg_client.security.mfa.set("acme", enforce="DontForce", all_applications=False, options=options)
    await frontegg_client.security.mfa.set("acme", enforce="DontForce", app_ids=app_ids[:1], options=options)
    assert await _enforced(frontegg_client, app_ids) == ["DontForce", "DontForce", "Force", None]
    found = await passing_on.security.mfa.get("acme", app_id=app_ids[1])
    assert found is not None
    assert found.enforce is MfaEnforcement.FORCE


async def test_a_call_that_names_none_warns_once_and_writes_one(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, app_ids: list[str]
) -> None:
    """At the line of the program; as an error, it keeps the request from being sent."""
    with pytest.raises(UncoveredApplicationsWarning, match="give all_applications=True or app_ids"):
        await frontegg_client.security.mfa.set("acme", enforce="Force")
    assert frontegg_emulator.journal() == []
    with pytest.warns(UncoveredApplicationsWarning) as caught:
        await frontegg_client.security.mfa.set("acme", enforce="Force")
    assert [each.filename for each in caught] == [__file__]
    assert await _enforced(frontegg_client, app_ids) == ["Force", None, None, None]


def test_so_does_a_blocking_call(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    frontegg_emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    with pytest.warns(UncoveredApplicationsWarning) as caught:
        frontegg_sync_client.security.mfa.set("acme", enforce="Force")
    assert [each.filename for each in caught] == [__file__]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"app_ids": []}, "app_ids must have at least one id"),
        ({"app_ids": "app"}, "app_ids must be a sequence of ids"),
        ({"app_ids": 7}, "app_ids must be a sequence of ids"),
        ({"app_ids": ["a", ""]}, r"app_ids\[1\] must not be empty"),
        ({"app_ids": ["a", None]}, r"app_ids\[1\] must be text"),
        ({"app_ids": [" a"]}, r"app_ids\[0\] must not begin or end with white space"),
        ({"app_ids": ["a\r\nx: y"]}, r"app_ids\[0\] must not have control characters"),
        ({"app_ids": ["é"]}, r"app_ids\[0\] must be ASCII"),
        ({"app_ids": ["a"], "all_applications": True}, "app_ids and all_applications cannot both"),
        ({"app_ids": ["a"], "all_applications": False}, "app_ids and all_applications cannot both"),
        ({"all_applications": 1}, "all_applications must be True or False"),
        ({"all_applications": True, "device_expiration": 0}, "device_expiration must be"),
    ],
    ids=str,
)
async def test_what_is_not_allowed_is_not_sent(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidArgumentError, match=message):
        await frontegg_client.security.mfa.set("acme", enforce="Force", **given)
    for wrong in ("", "é", "a\n", 7):
        with pytest.raises(InvalidArgumentError, match="app_id must"):
            await frontegg_client.security.mfa.get("acme", app_id=wrong)  # type: ignore[arg-type]  # refused
    assert frontegg_emulator.journal() == []


async def test_a_part_that_fails_is_told_by_application(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, app_ids: list[str]
) -> None:
    """The others are written nevertheless."""
    await frontegg_client.applications.assign("acme", app_ids[2])
    match = {"method": "PUT", "path": PATH}
    refusal = {"type": "status", "status": 403}
    frontegg_emulator.add_fault(match={**match, "nth": 2}, stage="before_commit", action=refusal)
    frontegg_emulator.add_fault(match={**match, "nth": 3}, stage="after_commit", action={"type": "reset"})
    hasty = frontegg_client.with_options(max_retries=0)
    with pytest.raises(PartialFailureError) as caught:
        await hasty.security.mfa.set("acme", all_applications=True, **ALL_FIELDS)
    error = caught.value
    assert (error.succeeded, [*error.failed], error.unknown) == (("", app_ids[2]), [app_ids[0]], (app_ids[1],))
    assert isinstance(error.failed[app_ids[0]], PermissionDeniedError)
    assert error.outcome is Outcome.UNKNOWN
    assert "of 4 applications 2 succeeded, 1 failed, 1 are unknown" in str(error)
    assert await _enforced(frontegg_client, app_ids) == ["Force", None, "Force", "Force"]


async def test_assignments_that_cannot_be_read_keep_all_from_being_written(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """And the error of a single request is its own."""
    with pytest.raises(NotFoundError) as caught:
        await frontegg_client.security.mfa.set("nobody", enforce="Force", all_applications=True)
    assert caught.value.outcome is Outcome.NOT_SENT
    with pytest.raises(NotFoundError):
        await frontegg_client.security.mfa.set("nobody", app_ids=["a"], **ALL_FIELDS)
    assert [entry.method for entry in frontegg_emulator.journal()][-2:] == ["GET", "PUT"]


async def test_a_call_that_is_cancelled_says_what_was_done(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, app_ids: list[str]
) -> None:
    """The note names the application whose request was under way."""
    waiting = {"type": "delay", "seconds": 60}
    frontegg_emulator.add_fault(match={"method": "PUT", "nth": 2}, stage="accept", action=waiting)
    call = frontegg_client.security.mfa.set("acme", all_applications=True, **ALL_FIELDS)
    task = asyncio.ensure_future(call)
    await until(lambda: any(entry.faults for entry in frontegg_emulator.journal()))
    task.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await task
    (note,) = caught.value.__notes__
    assert "of 3 applications 1 succeeded, 0 failed, 1 are unknown" in note
    assert app_ids[0] in note


NO_POLICY: Final = http(404, {"errors": ["Security Policy not found. MFA is disabled"]})
PAGE: Final = http(200, raw=b"<html>maintenance</html>", headers={"Content-Type": "text/html"})
OTHERS: Final = http(200, {**FORCED, "enforceMFAType": "DontForce"})


@pytest.mark.parametrize("read", [NO_POLICY, OTHERS], ids=["no policy", "another policy"])
async def test_a_doubtful_2xx_is_proved_for_its_own_application(read: Answer) -> None:
    """Where the policy of that application is not as asked, the write is sent again."""
    seen: list[tuple[str, str | None]] = []

    def then(answer: Answer) -> Any:
        def step(request: RawRequest) -> Answer:
            seen.append((request.method, request.headers.get(HEADER)))
            return answer

        return step

    done = http(200, FORCED)
    script = [PAGE, done, PAGE, read, done]
    async with raw_server(*map(then, script)) as server, make_client(server.url) as client:
        made = await client.security.mfa.set("acme", app_ids=["a", "b"], **ALL_FIELDS)
    assert made.enforce is MfaEnforcement.FORCE
    assert seen == [("PUT", "a"), ("GET", "a"), ("PUT", "b"), ("GET", "b"), ("PUT", "b")]


async def test_one_that_is_never_proved_is_unknown() -> None:
    """A proxy answers all writes with a page, and the service shows no policy."""

    def answer(request: RawRequest) -> Answer:
        return PAGE if request.method == "PUT" else NO_POLICY

    async with raw_server(answer) as server, make_client(server.url, options=Options(max_retries=1)) as client:
        with pytest.raises(OutcomeUnknownError):
            await client.security.mfa.set("acme", app_ids=["a"], **ALL_FIELDS)
    assert [request.method for request in server.requests].count("PUT") == 2


async def test_a_lost_result_of_one_of_several_was_done() -> None:
    """It is no failure of that application, and the others are written."""

    def answer(request: RawRequest) -> Answer:
        if request.method == "GET":
            return http(503)
        return http(200, raw=b"") if request.headers[HEADER] == "a" else http(200, FORCED)

    async with raw_server(answer) as server, make_client(server.url, options=Options(max_retries=0)) as client:
        with pytest.raises(ResultLostError):
            await client.security.mfa.set("acme", app_ids=["a", "b"], **ALL_FIELDS)
    assert [request.headers[HEADER] for request in server.requests if request.method == "PUT"] == ["a", "b"]
