"""One call of a webhook or prehook: its body, its signature, where it may go, and its limits."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import jwt
import pytest

from frontegg_async import BadRequestError
from frontegg_async.emulator.http.deliverer import body_of
from frontegg_async.emulator.http.hook_calls import CallFailedError, HookCalls, is_loopback, sign, text_of
from frontegg_async.emulator.world.events import EmulatedEvent
from tests.emulator.hook_stage import SECRET, Stage, receiver
from tests.emulator.support import make_environment

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("switch", "expected"),
    [
        ("subject", {"user": {"id": "u"}}),
        ("data", {"data": {"id": "u"}}),
        ("top_level", {"id": "u"}),
        ("none", {}),
    ],
)
async def test_forms_of_a_body(switch: str, expected: dict[str, object]) -> None:
    """Where the subject is; what an event has not is left out."""
    environment = make_environment(webhook_subject=switch)
    event = EmulatedEvent(
        key="frontegg.user.app.assigned", subject={"id": "u"}, tenant_id="t", user_id="u", application_id="a"
    )
    body = json.loads(body_of(environment, event))
    context = {"vendorId": environment.vendor_id, "tenantId": "t", "userId": "u", "applicationId": "a"}
    assert body == {"eventKey": event.key, "eventContext": context, **expected}


@pytest.mark.parametrize(
    ("switch", "expected"), [("iat_exp", {"iat": 7, "exp": 307}), ("iat", {"iat": 7}), ("none", {})]
)
async def test_forms_of_the_claims(switch: str, expected: dict[str, int]) -> None:
    """Those of the switch, and the header is that of a JWT."""
    signed = sign(SECRET, 7.9, make_environment(webhook_claims=switch).switches)
    assert jwt.decode(signed, SECRET, ["HS256"], options={"verify_exp": False}) == expected
    assert jwt.get_unverified_header(signed) == {"alg": "HS256", "typ": "JWT"}


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:9/", "ClientConnectorError"),
        ("https://app.example.com/", "allow_nonloopback_hooks"),
    ],
)
async def test_calls_that_fail(stage: Stage, url: str, words: str) -> None:
    """Nobody listens, or the address is of another machine."""
    assert (await stage.frontegg.webhooks.of_environment.test(url=url, secret="s")).status_code is None
    (delivery,) = await stage.emulator.deliveries()
    assert words in (delivery.failure or "")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:1/", True),
        ("http://127.8.9.1/", True),
        ("http://[::1]/", True),
        ("http://localhost./", True),
        ("http://hooks.localhost/", True),
        ("http://10.0.0.1/", False),
        ("http://localhost.example.com/", False),
        ("http://notlocalhost/", False),
        ("http://127.0.0.1@example.com/", False),
        ("http://0.0.0.0/", False),
    ],
)
async def test_what_is_this_machine(url: str, expected: bool) -> None:
    """By the name alone: no name is looked up."""
    assert is_loopback(url) is expected


async def test_limits_of_a_call() -> None:
    """It ends after its time, a large response is cut off, and other hosts are called when that is allowed."""
    calls = HookCalls(any_host=True)
    async with receiver() as made:
        made.gate.clear()
        with pytest.raises(CallFailedError, match=r"no response within 0\.01 seconds"):
            await calls.post(made.url, b"{}", {}, 0.01)
        made.gate.set()
        made.status, made.answer = 200, "x" * 100_000
        assert len((await calls.post(made.url, b"{}", {}, 5)).body) == 65_536
    with pytest.raises(CallFailedError, match="ClientConnectorError"):
        await calls.post("http://0.0.0.0:9/", b"{}", {}, 5)
    with pytest.raises(CallFailedError, match="Error"):
        await calls.post("http://127.0.0.1:99999/", b"{}", {}, 5)
    await calls.close()
    await calls.close()
    assert text_of(b"\xff") == "\ufffd"


async def test_no_hook_calls_the_emulator_itself(stage: Stage) -> None:
    """Its admin API needs no credential: such an address is refused, and a call that gets there by another name too."""
    port = urlsplit(stage.emulator.url).port
    own = [f"http://{host}:{port}/_emulator/v1/reset" for host in ("127.0.0.1", "LOCALHOST.", "[::1]", "127.9.9.9")]
    for url in own:
        with pytest.raises(BadRequestError, match="url must not be the emulator itself"):
            await stage.webhook(url=url)
        with pytest.raises(BadRequestError, match="url must not be the emulator itself"):
            await stage.prehook(url=url)
    hook = await stage.webhook()
    with pytest.raises(BadRequestError, match="url must not be the emulator itself"):
        await stage.frontegg.webhooks.of_environment.update(hook.id, url=own[0])

    calls = HookCalls(any_host=True)
    response = await calls.post(f"http://0.0.0.0:{port}/_emulator/v1/reset", b"{}", {}, 5)
    await calls.close()
    assert (response.status, b"refuses calls of webhooks" in response.body) == (403, True)
    assert (await stage.frontegg.webhooks.of_environment.get(hook.id)).id == hook.id
