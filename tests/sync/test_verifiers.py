"""The blocking verifiers: results, whose thread makes the calls, and what closing one closes."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import EmulatorHandle
from frontegg_sync import (
    AccessTokenVerifier,
    ClientClosedError,
    ConfigurationError,
    Frontegg,
    Runner,
    TokenVerificationError,
    TokenVerifier,
)
from frontegg_sync.models import TokenType


def _token(emulator: EmulatorHandle, **more: Any) -> str:
    return emulator.user_token(tenant_id="acme", **more).access_token


def test_verifying_tokens(frontegg_emulator: EmulatorHandle) -> None:
    """By the key set of the issuer, from many threads."""
    token = _token(frontegg_emulator, permissions=["fe.secure.*"], email="ann@acme.example")
    settings: dict[str, Any] = {"issuer": frontegg_emulator.url, "audience": frontegg_emulator.client_id}
    with TokenVerifier(**settings) as verifier, ThreadPoolExecutor(16) as threads:
        verifier.check()
        claims = verifier.verify(token)
        claims.require(permission="fe.secure.read.users")
        assert (claims.type, claims.email, verifier.issuer) == (TokenType.USER, "ann@acme.example", settings["issuer"])
        assert set(threads.map(verifier.verify, [token] * 200)) == {claims}
        assert verifier.verify_header(f"Bearer {token}", types=[TokenType.USER]) == claims
        for header, reason in ((None, "missing"), (f"Bearer {token}x", "malformed"), ("Basic x", "malformed")):
            with pytest.raises(TokenVerificationError) as caught:
                verifier.verify_header(header)
            assert caught.value.reason == reason
        assert repr(verifier) == f"TokenVerifier({frontegg_emulator.url!r})"
    with pytest.raises(ClientClosedError):
        verifier.verify(token)


def test_keys_by_a_client(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """The calls are made in the thread of the client, which goes on when the verifier is closed."""
    token = _token(frontegg_emulator)
    frontegg_sync_client.check()
    before = set(threading.enumerate())
    with TokenVerifier(
        issuer=frontegg_emulator.url, audience=frontegg_emulator.client_id, client=frontegg_sync_client
    ) as verifier:
        assert verifier.verify(token).tenant_id == "acme"
        assert "frontegg" not in {each.name for each in set(threading.enumerate()) - before}
    with pytest.raises(ClientClosedError):
        verifier.verify(token)
    frontegg_sync_client.check()


def test_access_tokens(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """They are verified and looked up, from many threads, and may be had as claims."""
    frontegg_emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    made = frontegg_emulator.access_token(tenant_id="acme", roles=["Admin"])
    with AccessTokenVerifier(frontegg_sync_client, ttl=5.0) as verifier, ThreadPoolExecutor(16) as threads:
        verifier.check()
        verifier.verify(made.secret).require(role="Admin")
        assert verifier.verify(made.secret, type=TokenType.TENANT_ACCESS).tenant_id == "acme"
        assert {token.id for token in threads.map(verifier.verify, [made.secret] * 200)} == {made.id}
        claims = verifier.verify_claims(made.secret)
        assert (claims.subject, claims.roles, claims.expires_at) == (made.id, ("Admin",), None)
        for token, reason in ((None, "missing"), (made.id, "malformed"), (f"{made.secret[:-4]}AAAA", "signature")):
            with pytest.raises(TokenVerificationError) as caught:
                verifier.verify(token)
            assert caught.value.reason == reason
    with pytest.raises(ClientClosedError):
        verifier.verify(made.secret)
    frontegg_sync_client.check()
    asked = [entry.route for entry in frontegg_emulator.journal()]
    assert asked.count("access_tokens.get_tenant_token") == 1


def test_a_verifier_keeps_its_client(frontegg_emulator: EmulatorHandle) -> None:
    """A client that nobody else has lives as long as the verifier."""
    frontegg_emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    token = frontegg_emulator.access_token(tenant_id="acme").secret
    verifier = AccessTokenVerifier(frontegg_emulator.client(), ttl=0)
    gc.collect()
    assert verifier.verify(token).tenant_id == "acme"
    assert verifier.verify(token).tenant_id == "acme"


def test_a_verifier_ends_with_its_client(frontegg_emulator: EmulatorHandle) -> None:
    """It has no other way to the service."""
    frontegg_emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    token = frontegg_emulator.access_token(tenant_id="acme").secret
    client = frontegg_emulator.client()
    verifier = AccessTokenVerifier(client)
    client.close()
    with pytest.raises(ClientClosedError):
        verifier.verify(token)


def test_a_shared_runner(frontegg_emulator: EmulatorHandle) -> None:
    """One thread for clients and verifiers."""
    token = _token(frontegg_emulator)
    settings: dict[str, Any] = {"issuer": frontegg_emulator.url, "audience": frontegg_emulator.client_id}
    with Runner() as runner, TokenVerifier(**settings, runner=runner) as verifier:
        assert verifier.verify(token).tenant_id == "acme"


def test_what_does_not_go_together(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """A client has its own runner; a client to await is no blocking one."""
    settings: dict[str, Any] = {"domain": "app-acme", "audience": "client-1"}
    with Runner() as runner, pytest.raises(ConfigurationError, match=r"^runner and client exclude each other"):
        TokenVerifier(**settings, client=frontegg_sync_client, runner=runner)
    awaited = AsyncFrontegg(frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url)
    for make in (lambda: TokenVerifier(**settings, client=awaited), lambda: AccessTokenVerifier(awaited)):  # type: ignore[arg-type]
        with pytest.raises(ConfigurationError, match=r"^client must be a Frontegg of frontegg_sync, not AsyncFrontegg"):
            make()
    with pytest.raises(ConfigurationError, match=r"^leeway must"):
        TokenVerifier(**settings, leeway=-1)
