"""A traceback shows the caller's code and the method that was called; the way through the SDK is not printed."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable
from typing import Any, Final

import pytest

import frontegg_async
import frontegg_sync
from frontegg_async import (
    AuthenticationError,
    ClientClosedError,
    ConfigurationError,
    ConflictError,
    ConnectionFailedError,
    InvalidArgumentError,
    NotFoundError,
    Options,
    OutcomeUnknownError,
    PermissionDeniedError,
    RateLimitError,
    RequestTimeoutError,
    ServerError,
    TokenVerificationError,
)
from frontegg_async.emulator import EmulatorHandle
from tests.support.flavours import FLAVOURS, Clients, clients_of, do
from tests.support.traceback_frames import MOST_FRAMES, printed_frames

pytestmark = pytest.mark.anyio

ONCE: Final = Options(max_retries=0)


@pytest.fixture(params=FLAVOURS)
async def clients(request: pytest.FixtureRequest, frontegg_emulator: EmulatorHandle) -> AsyncGenerator[Clients]:
    """The clients of each flavour in turn, and a tenant."""
    frontegg_emulator.seed({"tenants": [{"tenantId": "acme", "name": "Acme"}]})
    async with clients_of(frontegg_emulator, request.param) as made:
        yield made


def _made(c: Clients, name: str, *arguments: Any, **settings: Any) -> Any:
    """Make a client or a verifier of the flavour; it is closed after the test."""
    package: Any = frontegg_async if c.flavour == "async" else frontegg_sync
    made = (getattr(package, f"Async{name}", None) or getattr(package, name))(*arguments, **settings)
    if c.flavour == "async":
        c.stack.push_async_callback(made.aclose)
    else:
        c.stack.callback(made.close)
    return made


def _client(c: Clients, secret: str = "emu_other", **settings: Any) -> Any:
    return _made(
        c, "Frontegg", c.emulator.client_id, secret, **{"base_url": c.emulator.url, "options": ONCE, **settings}
    )


def _broken(c: Clients, path: str, stage: str = "accept", **action: Any) -> Any:
    c.emulator.add_fault(match={"path": f"{path}*"}, stage=stage, action=action)
    return c.manager.with_options(max_retries=0)


def _verifier(c: Clients, **settings: Any) -> Any:
    return _made(c, "TokenVerifier", audience=c.emulator.client_id, **{"issuer": c.emulator.url, **settings})


async def _iterated(c: Clients) -> None:
    listing = _broken(c, "/tenants", type="status", status=503).tenants.list()
    if c.flavour == "async":
        async for _ in listing:
            pass
    else:
        for _ in listing:
            pass


async def _closed(c: Clients) -> None:
    await do(c.manager.aclose if c.flavour == "async" else c.manager.close)
    await do(c.manager.tenants.get, "acme")


async def _required(c: Clients) -> None:
    token = c.emulator.user_token(tenant_id="acme", email="a@b.example").access_token
    claims = await do(_verifier(c).verify, token)
    claims.require(permission="")


CASES: Final[dict[str, tuple[type[Exception], Callable[[Clients], Any]]]] = {
    "argument": (InvalidArgumentError, lambda c: c.manager.tenants.get("..")),
    "argument of a listing": (InvalidArgumentError, lambda c: c.manager.tenants.list(page_size=500)),
    "value that JSON cannot hold": (
        InvalidArgumentError,
        lambda c: c.manager.tenants.add_metadata("acme", {"a": {"b": [object()]}}),
    ),
    "not found": (NotFoundError, lambda c: c.manager.tenants.get("nobody")),
    "not found by a check": (NotFoundError, lambda c: c.manager.hierarchy.move("a", new_parent_id="b")),
    "conflict": (ConflictError, lambda c: c.manager.tenants.create(name="Acme", tenant_id="acme")),
    "conflict of an observed call": (
        ConflictError,
        lambda c: _client(c, c.emulator.secret, on_response=str).tenants.create(name="Acme", tenant_id="acme"),
    ),
    "migration": (NotFoundError, lambda c: c.manager.migrations.wait("nothing").result()),
    "permission": (
        PermissionDeniedError,
        lambda c: c.user(tenant_id="acme").tenant.delete_current(confirm_tenant_id="acme"),
    ),
    "authentication": (AuthenticationError, lambda c: _client(c).check()),
    "connection": (
        ConnectionFailedError,
        lambda c: _client(c, base_url="http://127.0.0.1:1").tenants.get("acme"),
    ),
    "timeout": (
        RequestTimeoutError,
        lambda c: _broken(c, "/tenants", type="delay", seconds=5).with_options(timeout=0.2).tenants.get("acme"),
    ),
    "rate limit": (
        RateLimitError,
        lambda c: _broken(c, "/tenants", type="rate_limit", reset_in=600, with_header=True).tenants.get("acme"),
    ),
    "server error": (ServerError, lambda c: _broken(c, "/tenants", type="status", status=503).tenants.get("acme")),
    "unknown outcome": (
        OutcomeUnknownError,
        lambda c: _broken(c, "/team", "after_commit", type="reset").sso.create("acme", type="saml"),
    ),
    "iteration": (ServerError, _iterated),
    "all": (ServerError, lambda c: _broken(c, "/tenants", type="status", status=503).tenants.list().all()),
    "records": (ServerError, lambda c: _broken(c, "/tenants", type="status", status=503).tenants.list().to_records()),
    "first": (ServerError, lambda c: _broken(c, "/tenants", type="status", status=503).tenants.list().first()),
    "count": (ServerError, lambda c: _broken(c, "/tenants", type="status", status=503).tenants.list().count()),
    "unread listing": (TypeError, lambda c: len(c.manager.tenants.list())),
    "client id": (ConfigurationError, lambda c: _made(c, "Frontegg", "", "secret")),
    "secret": (ConfigurationError, lambda c: _made(c, "Frontegg", "id", "with space ")),
    "region": (ConfigurationError, lambda c: _made(c, "Frontegg", "id", "secret", region="mars")),
    "connections": (ConfigurationError, lambda c: _client(c, max_connections=0)),
    "user's token": (ConfigurationError, lambda c: _made(c, "FronteggUser", token="none", domain="acme")),
    "issuer": (ConfigurationError, lambda c: _verifier(c, issuer="ftp://x")),
    "options": (ConfigurationError, lambda c: c.manager.with_options(max_retries=-1)),
    "malformed token": (TokenVerificationError, lambda c: _verifier(c).verify("none")),
    "keys of a token": (
        TokenVerificationError,
        lambda c: _verifier(c, issuer="http://127.0.0.1:1").verify(
            c.emulator.user_token(tenant_id="acme", email="a@b.example").access_token
        ),
    ),
    "access token": (
        TokenVerificationError,
        lambda c: _made(c, "AccessTokenVerifier", c.manager).verify("none"),
    ),
    "name of a permission": (InvalidArgumentError, _required),
    "closed client": (ClientClosedError, _closed),
}


@pytest.mark.each_python
@pytest.mark.parametrize("case", CASES)
async def test_no_error_shows_the_way_through_the_sdk(clients: Clients, case: str) -> None:
    """Three frames of the SDK at most, none of other packages, and no other error is chained to it but a cause."""
    kind, call = CASES[case]
    with pytest.raises(kind) as caught:
        await do(call, clients)
    assert len(printed_frames(caught.value)) <= MOST_FRAMES
    assert caught.value.__context__ is caught.value.__cause__


async def test_debug_shows_the_whole_way(clients: Clients, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever looks for a mistake in the SDK needs it."""
    with caplog.at_level(logging.DEBUG, "frontegg_async"), pytest.raises(NotFoundError) as caught:
        await do(clients.manager.tenants.get, "nobody")
    assert "frontegg_async._core.call.call.Call.run" in printed_frames(caught.value)
