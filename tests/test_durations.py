"""Every duration is given as a number or as a `timedelta`, which means the same.

The blocking package has the annotations of the asyncio package, as ``test_parity.py`` checks.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final, TypeAlias

import jwt
import pytest

from frontegg_async import (
    AsyncAccessTokenVerifier,
    AsyncFrontegg,
    AsyncTokenVerifier,
    ConfigurationError,
    FronteggError,
    InvalidArgumentError,
    Options,
    UserToInvite,
    WebhookVerifier,
)
from frontegg_async.integrations.redis import Budget, RedisDuplicateGuard
from frontegg_async.integrations.webhooks import Receiver
from frontegg_async.webhooks import DuplicateGuard
from frontegg_sync import Frontegg
from tests.support.clients import make_client
from tests.support.raw_server import RawServer, http, raw_server

_DURATION: Final = re.compile(
    r"(^|_)(timeout|deadline|expir\w*|idle|lifetime|overlap|interval|leeway|ttl|max_age|budget|seconds|minutes|reset_in"
    r"|advance|stalled_after)(_|$)"
)
_OF_THE_SDK: Final = re.compile(r"(Store|Gate)\.(acquire|wait|close)$|(Tail|Progress|Pair|Turn|UserToken)\.__init__$")
"""What the SDK calls or makes: methods of stores that it is given, and values."""
_NAMESPACES: Final = (
    "frontegg_async",
    "frontegg_async.bulk",
    "frontegg_async.emulator",
    "frontegg_async.integrations.aiohttp",
    "frontegg_async.integrations.fastapi",
    "frontegg_async.integrations.redis",
    "frontegg_async.resources",
    "frontegg_async.testing",
    "frontegg_async.webhooks",
)


def _functions() -> Iterator[tuple[str, Any]]:
    for namespace in _NAMESPACES:
        module = importlib.import_module(namespace)
        for name in module.__all__:
            found = getattr(module, name)
            if inspect.isfunction(found):
                yield f"{namespace}.{name}", found
            elif inspect.isclass(found) and ".models." not in found.__module__:
                members = inspect.getmembers(found, inspect.isfunction)
                yield from (
                    (f"{namespace}.{name}.{member}", function)
                    for member, function in members
                    if member == "__init__" or not member.startswith("_")
                )


def test_every_parameter_that_is_a_duration_takes_a_timedelta() -> None:
    hints = {
        f"{place}({name}: {hint})"
        for place, function in _functions()
        for name, hint in inspect.get_annotations(function).items()
        if not _OF_THE_SDK.search(place) and _DURATION.search(name) and re.search(r"\b(int|float)\b", str(hint))
    }
    assert len(hints) > 60
    assert [hint for hint in hints if "timedelta" not in hint] == []


_Call: TypeAlias = Callable[[AsyncFrontegg, Any], Any]
_TOKEN: Final = jwt.encode({"type": "userToken", "sub": "ada", "tenantId": "acme", "exp": 4e9}, "k" * 32)

_MINUTES: Final[dict[str, tuple[str, _Call]]] = {
    "api_tokens": ("expires_in_minutes", lambda c, d: c.api_tokens.create("acme", expires_in_minutes=d)),
    "access_tokens": ("expires_in_minutes", lambda c, d: c.access_tokens.create("acme", expires_in_minutes=d)),
    "user_access_tokens": (
        "expires_in_minutes",
        lambda c, d: c.user_access_tokens.create("ann", tenant_id="acme", expires_in_minutes=d),
    ),
    "user_api_tokens": (
        "expires_in_minutes",
        lambda c, d: c.user_api_tokens.create("ann", tenant_id="acme", expires_in_minutes=d),
    ),
    "invitations": ("expires_in_minutes", lambda c, d: c.invitations.create("acme", expires_in_minutes=d)),
    "invitation.create": ("expires_in_minutes", lambda c, d: c.as_user(_TOKEN).invitation.create(expires_in_minutes=d)),
    "invitation.update": ("expires_in_minutes", lambda c, d: c.as_user(_TOKEN).invitation.update(expires_in_minutes=d)),
    "rotation": (
        "rotation_period_minutes",
        lambda c, d: c.security.password_rotation.set(
            "acme", enabled=True, rotation_period_minutes=d, notification_period_minutes=1
        ),
    ),
    "notification": (
        "notification_period_minutes",
        lambda c, d: c.security.password_rotation.set(
            "acme", enabled=True, rotation_period_minutes=100_000, notification_period_minutes=d
        ),
    ),
}
_SECONDS: Final[dict[str, tuple[str, _Call]]] = {
    "users.invite": (
        "expiration_in_seconds",
        lambda c, d: c.users.invite("acme", email="a@b.example", expiration_in_seconds=d),
    ),
    "users.invite_many": (
        "expiration_in_seconds",
        lambda c, d: c.users.invite_many("acme", [UserToInvite(email="a@b.example", expiration_in_seconds=d)]),
    ),
    "users.list": (
        "max_inactive_seconds",
        lambda c, d: c.users.list("acme", preset="inactive", max_inactive_seconds=d).first(),
    ),
    "jwt_templates.create": (
        "expiration",
        lambda c, d: c.jwt_templates.create(
            key="k", name="K", claims=dict.fromkeys(("iss", "sub", "aud", "exp", "iat"), "x"), expiration=d
        ),
    ),
    "jwt_templates.update": ("expiration", lambda c, d: c.jwt_templates.update("t", expiration=d)),
    "mfa": (
        "device_expiration",
        lambda c, d: c.security.mfa.set(
            "acme", enforce="Force", allow_remember_my_device=True, device_expiration=d, all_applications=False
        ),
    ),
    "sessions.idle": (
        "idle",
        lambda c, d: c.security.sessions.set("acme", idle=d, lifetime=3_600, max_sessions=1),
    ),
    "sessions.lifetime": (
        "lifetime",
        lambda c, d: c.security.sessions.set("acme", idle=3_600, lifetime=d, max_sessions=1),
    ),
}
_SHORT: Final[dict[str, tuple[str, _Call]]] = {
    "prehooks.create": (
        "timeout",
        lambda c, d: c.prehooks.create(
            url="https://a.example", secret="s", event_keys=["CREATE_TENANT"], fail_method="open", timeout=d
        ),
    ),
    "prehooks.update": ("timeout", lambda c, d: c.prehooks.update("p", timeout=d)),
}
_WHOLE: Final = [
    *((name, call, 10_080, timedelta(days=7)) for name, call in _MINUTES.values()),
    *((name, call, 600, timedelta(minutes=10)) for name, call in _SECONDS.values()),
    *((name, call, 3, timedelta(seconds=3)) for name, call in _SHORT.values()),
]


def _sent(server: RawServer) -> list[tuple[str, str, bytes]]:
    found = [(request.method, request.target, request.body) for request in server.requests]
    server.requests.clear()
    return found


async def _made(call: _Call, client: AsyncFrontegg, value: object) -> None:
    with pytest.raises(FronteggError):
        await call(client, value)


@pytest.mark.anyio
async def test_whole_numbers_and_durations_send_the_same() -> None:
    """And what is no duration is refused, with the name of the argument, before anything is sent."""
    async with raw_server(http(403, {"errors": ["no"]})) as server, make_client(server.url) as client:
        for name, call, number, duration in _WHOLE:
            await _made(call, client, number)
            sent = _sent(server)
            assert any(str(number).encode() in body or str(number) in target for _, target, body in sent), name
            await _made(call, client, duration)
            assert _sent(server) == sent, name
            unit = "minutes" if name.endswith("_minutes") else "seconds"
            for wrong, match in (
                (True, f"{name} must be a whole number"),
                (-1, f"{name} must be a whole number"),
                (float(number), f"{name} must be a whole number"),
                (-duration, f"{name} must not be negative"),
                (duration + timedelta(milliseconds=1), f"{name} must be a whole number of {unit}, not "),
            ):
                with pytest.raises(InvalidArgumentError, match=match):
                    await call(client, wrong)
            assert not server.requests, name


def _client() -> AsyncFrontegg:
    return AsyncFrontegg("id", "secret")


_SETTINGS: Final[dict[str, tuple[type[FronteggError], Callable[[Any], object]]]] = {
    "timeout": (ConfigurationError, lambda d: Options(timeout=d).timeout),
    "deadline": (ConfigurationError, lambda d: Options(deadline=d).deadline),
    "timeout ": (ConfigurationError, lambda d: _client().with_options(timeout=d).options.timeout),
    "leeway": (ConfigurationError, lambda d: WebhookVerifier("s" * 32, leeway=d)._leeway),
    "leeway ": (ConfigurationError, lambda d: AsyncAccessTokenVerifier(_client(), secret="s" * 32, leeway=d)._expected),
    "leeway  ": (
        ConfigurationError,
        lambda d: AsyncTokenVerifier(audience="a", domain="app-acme", secret="s" * 32, leeway=d)._expected,
    ),
    "max_age": (ConfigurationError, lambda d: WebhookVerifier("s" * 32, max_age=d)._max_age),
    "ttl": (ConfigurationError, lambda d: AsyncAccessTokenVerifier(_client(), secret="s" * 32, ttl=d)._ttl),
    "ttl ": (ConfigurationError, lambda d: DuplicateGuard(ttl=d)._ttl),
    "ttl  ": (ConfigurationError, lambda d: RedisDuplicateGuard("redis://127.0.0.1:1", ttl=d)._milliseconds),
    "seconds": (ConfigurationError, lambda d: Budget(requests=1, seconds=d)),
    "budget": (
        ConfigurationError,
        lambda d: Receiver(WebhookVerifier("s" * 32), print, argument="a", max_bytes=9, budget=d)._budget,
    ),
    "timeout  ": (InvalidArgumentError, lambda d: _client().migrations.wait("m", timeout=d)._timeout),
    "interval": (InvalidArgumentError, lambda d: _client().audits.tail("acme", interval=d)._interval),
    "overlap": (InvalidArgumentError, lambda d: _client().audits.tail("acme", overlap=d)._overlap),
}


@pytest.mark.parametrize("name", _SETTINGS)
def test_numbers_of_seconds_and_durations_are_the_same(name: str) -> None:
    """Parts of a second too; others are refused with the name of the setting."""
    error, make = _SETTINGS[name]
    assert make(timedelta(milliseconds=2_500)) == make(2.5)
    assert make(timedelta(seconds=2)) == make(2)
    for wrong in (True, -1.0, timedelta(seconds=-1), "2"):
        with pytest.raises(error, match=f"^{name.strip()} must "):
            make(wrong)


def test_the_blocking_client_takes_durations_too() -> None:
    with Frontegg("id", "secret", options=Options(deadline=timedelta(minutes=1))) as client:
        assert client.options.deadline == 60.0
        assert client.with_options(timeout=timedelta(seconds=3)).options.timeout == 3.0
