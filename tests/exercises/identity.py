"""Exercises of tokens, sessions, users' own data, API tokens and access tokens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from frontegg_async import ApiToken, RotatingTokens
from frontegg_async.endpoints.me import TENANTS
from tests.emulator import cases_identity
from tests.exercises.exercise import ExerciseClients, bad, forbidden, good, refused
from tests.exercises.world import api_token, user_api_token


def _with_api_token(s: ExerciseClients, version: Any, renewal: Any = "exchange", secret: str = "emu_api") -> Any:
    return s.user_with(credential=ApiToken(api_token(s.emulator), secret, version=version, renewal=renewal))


def _renewed(s: ExerciseClients, version: int) -> Iterator[Any]:
    """The session of an API token is renewed by its refresh token when the access token is refused."""
    client = _with_api_token(s, version, "refresh")
    yield client.account_settings.get_public()
    s.emulator.revoke_tokens()
    yield client.account_settings.get_public()


def _rotated(s: ExerciseClients, *, times: int = 1) -> Iterator[Any]:
    """A refresh token works for one client, once."""
    given = s.emulator.user_token(tenant_id="acme", user_id="ann").refresh_token
    for _ in range(times):
        client = s.user_with(credential=RotatingTokens(refresh_token=given, vendor_host="acme.example"))
        yield client.tenants.list()


def _switch_to_locked(s: ExerciseClients) -> Iterator[Any]:
    yield s.frontegg.tenants.lock(["other"])
    yield s.user.tenants.switch("other")


_SESSIONS: Final = (
    good("auth.authenticate", lambda s: s.frontegg.check(), "nobody"),
    refused("auth.authenticate", 401, lambda s: s.client("emu_wrong").check(), "nobody"),
    good("sessions.refresh", _rotated, "nobody"),
    refused("sessions.refresh", 401, lambda s: _rotated(s, times=2), "nobody"),
    good("sessions.exchange_api_token", lambda s: _with_api_token(s, 2).account_settings.get_public(), "nobody"),
    good("sessions.exchange_api_token_v1", lambda s: _with_api_token(s, 1).account_settings.get_public(), "nobody"),
    refused(
        "sessions.exchange_api_token",
        401,
        lambda s: _with_api_token(s, 2, secret="emu_no").account_settings.get_public(),
        "nobody",
    ),
    refused(
        "sessions.exchange_api_token_v1",
        401,
        lambda s: _with_api_token(s, 1, secret="emu_no").account_settings.get_public(),
        "nobody",
    ),
    good("sessions.refresh_api_token", lambda s: _renewed(s, 2), "nobody"),
    good("sessions.refresh_api_token_v1", lambda s: _renewed(s, 1), "nobody"),
)

_ME: Final = (
    good("me.tenants", lambda s: s.user.tenants.list().all(), "user"),
    good("me.tenants", lambda s: s.frontegg.send(TENANTS, user_id="ann")),
    refused("me.tenants", 404, lambda s: s.frontegg.send(TENANTS, user_id="nobody")),
    bad("me.tenants", "user_id", lambda s: s.frontegg.send(TENANTS, user_id="..")),
    good("me.hierarchy", lambda s: s.user.tenants.get_hierarchy(), "user"),
    good("me.switch_tenant", lambda s: s.user.tenants.switch("other"), "user"),
    refused("me.switch_tenant", 403, _switch_to_locked, "user"),
    refused("me.switch_tenant", 404, lambda s: s.user.tenants.switch("nobody"), "user"),
    bad("me.switch_tenant", "tenant_id", lambda s: s.user.tenants.switch(".."), "user"),
)


_ACCESS_TOKENS: Final = (
    good("access_tokens.create", lambda s: s.frontegg.access_tokens.create("acme", description="ci", role_ids=["r1"])),
    good("access_tokens.create", lambda s: s.user.access_tokens.create(expires_in_minutes=60), "user"),
    forbidden("access_tokens.create", lambda s: s.user.access_tokens.create()),
    refused("access_tokens.create", 404, lambda s: s.frontegg.access_tokens.create("nobody")),
    bad("access_tokens.create", "expires_in", lambda s: s.frontegg.access_tokens.create("acme", expires_in_minutes=0)),
    good("access_tokens.list", lambda s: s.frontegg.access_tokens.list("acme").all()),
    good("access_tokens.list", lambda s: s.user.access_tokens.list().all(), "user"),
    forbidden("access_tokens.list", lambda s: s.user.access_tokens.list().all()),
    refused("access_tokens.list", 404, lambda s: s.frontegg.access_tokens.list("nobody").all()),
    bad("access_tokens.list", "tenant_id", lambda s: s.frontegg.access_tokens.list("").all()),
    good("access_tokens.delete", lambda s: s.frontegg.access_tokens.delete("acme", "of-acme")),
    good("access_tokens.delete", lambda s: s.user.access_tokens.delete("of-acme"), "user"),
    forbidden("access_tokens.delete", lambda s: s.user.access_tokens.delete("of-acme")),
    refused("access_tokens.delete", 404, lambda s: s.frontegg.access_tokens.delete("acme", "of-ann")),
    bad("access_tokens.delete", "token_id", lambda s: s.frontegg.access_tokens.delete("acme", "..")),
    good(
        "user_access_tokens.create",
        lambda s: s.frontegg.user_access_tokens.create("ann", tenant_id="acme", description="cli"),
    ),
    good("user_access_tokens.create", lambda s: s.user.personal_access_tokens.create(expires_in_minutes=60), "user"),
    forbidden("user_access_tokens.create", lambda s: s.user.personal_access_tokens.create()),
    refused(
        "user_access_tokens.create", 404, lambda s: s.frontegg.user_access_tokens.create("nobody", tenant_id="acme")
    ),
    bad("user_access_tokens.create", "user_id", lambda s: s.frontegg.user_access_tokens.create("", tenant_id="acme")),
    good("user_access_tokens.list", lambda s: s.frontegg.user_access_tokens.list("ann", tenant_id="acme").all()),
    good("user_access_tokens.list", lambda s: s.user.personal_access_tokens.list().all(), "user"),
    forbidden("user_access_tokens.list", lambda s: s.user.personal_access_tokens.list().all()),
    refused(
        "user_access_tokens.list", 404, lambda s: s.frontegg.user_access_tokens.list("ann", tenant_id="nobody").all()
    ),
    bad(
        "user_access_tokens.list",
        "tenant_id",
        lambda s: s.frontegg.user_access_tokens.list("ann", tenant_id="..").all(),
    ),
    good(
        "user_access_tokens.delete", lambda s: s.frontegg.user_access_tokens.delete("ann", "of-ann", tenant_id="acme")
    ),
    good("user_access_tokens.delete", lambda s: s.user.personal_access_tokens.delete("of-ann"), "user"),
    forbidden("user_access_tokens.delete", lambda s: s.user.personal_access_tokens.delete("of-ann")),
    refused(
        "user_access_tokens.delete",
        404,
        lambda s: s.frontegg.user_access_tokens.delete("ann", "none", tenant_id="acme"),
    ),
    bad(
        "user_access_tokens.delete",
        "token_id",
        lambda s: s.frontegg.user_access_tokens.delete("ann", "", tenant_id="acme"),
    ),
    good("access_tokens.get_tenant_token", lambda s: s.frontegg.access_tokens.get_tenant_token("acme", "of-acme")),
    refused("access_tokens.get_tenant_token", 404, lambda s: s.frontegg.access_tokens.get_tenant_token("acme", "none")),
    bad("access_tokens.get_tenant_token", "token_id", lambda s: s.frontegg.access_tokens.get_tenant_token("acme", "")),
    good("access_tokens.get_user_token", lambda s: s.frontegg.access_tokens.get_user_token("acme", "of-ann")),
    refused("access_tokens.get_user_token", 404, lambda s: s.frontegg.access_tokens.get_user_token("acme", "none")),
    bad("access_tokens.get_user_token", "tenant_id", lambda s: s.frontegg.access_tokens.get_user_token("", "of-ann")),
    *(
        row
        for verb in ("list_active_tenant_tokens", "list_active_user_tokens")
        for row in (
            good(f"access_tokens.{verb}", lambda s, verb=verb: getattr(s.frontegg.access_tokens, verb)("acme")),
            refused(
                f"access_tokens.{verb}", 404, lambda s, verb=verb: getattr(s.frontegg.access_tokens, verb)("nobody")
            ),
            bad(
                f"access_tokens.{verb}", "tenant_id", lambda s, verb=verb: getattr(s.frontegg.access_tokens, verb)("..")
            ),
        )
    ),
)

_API_TOKENS: Final = (
    good("api_tokens.create", lambda s: s.frontegg.api_tokens.create("acme", description="ci", expires_in_minutes=60)),
    good("api_tokens.create", lambda s: s.user.api_tokens.create(), "user"),
    forbidden("api_tokens.create", lambda s: s.user.api_tokens.create()),
    refused("api_tokens.create", 404, lambda s: s.frontegg.api_tokens.create("nobody")),
    bad("api_tokens.create", "expires_in", lambda s: s.frontegg.api_tokens.create("acme", expires_in_minutes=0)),
    good("api_tokens.list", lambda s: s.frontegg.api_tokens.list("acme").all()),
    good("api_tokens.list", lambda s: s.user.api_tokens.list().all(), "user"),
    forbidden("api_tokens.list", lambda s: s.user.api_tokens.list().all()),
    refused("api_tokens.list", 404, lambda s: s.frontegg.api_tokens.list("nobody").all()),
    bad("api_tokens.list", "tenant_id", lambda s: s.frontegg.api_tokens.list("").all()),
    good("api_tokens.update", lambda s: s.frontegg.api_tokens.update("acme", api_token(s.emulator), description="c")),
    good("api_tokens.update", lambda s: s.user.api_tokens.update(api_token(s.emulator), role_ids=[]), "user"),
    forbidden("api_tokens.update", lambda s: s.user.api_tokens.update(api_token(s.emulator), description="c")),
    refused("api_tokens.update", 404, lambda s: s.frontegg.api_tokens.update("acme", "none", description="c")),
    bad("api_tokens.update", "at least one", lambda s: s.frontegg.api_tokens.update("acme", "none")),
    good("api_tokens.delete", lambda s: s.frontegg.api_tokens.delete("acme", api_token(s.emulator))),
    good("api_tokens.delete", lambda s: s.user.api_tokens.delete(api_token(s.emulator)), "user"),
    forbidden("api_tokens.delete", lambda s: s.user.api_tokens.delete(api_token(s.emulator))),
    refused("api_tokens.delete", 404, lambda s: s.frontegg.api_tokens.delete("acme", "none")),
    bad("api_tokens.delete", "client_id", lambda s: s.frontegg.api_tokens.delete("acme", "..")),
    good(
        "user_api_tokens.create",
        lambda s: s.frontegg.user_api_tokens.create("ann", tenant_id="acme", description="cli"),
    ),
    good("user_api_tokens.create", lambda s: s.user.personal_api_tokens.create(expires_in_minutes=60), "user"),
    forbidden("user_api_tokens.create", lambda s: s.user.personal_api_tokens.create()),
    refused("user_api_tokens.create", 404, lambda s: s.frontegg.user_api_tokens.create("nobody", tenant_id="acme")),
    bad("user_api_tokens.create", "user_id", lambda s: s.frontegg.user_api_tokens.create("", tenant_id="acme")),
    good("user_api_tokens.list", lambda s: s.frontegg.user_api_tokens.list("ann", tenant_id="acme").all()),
    good("user_api_tokens.list", lambda s: s.user.personal_api_tokens.list().all(), "user"),
    forbidden("user_api_tokens.list", lambda s: s.user.personal_api_tokens.list().all()),
    refused("user_api_tokens.list", 404, lambda s: s.frontegg.user_api_tokens.list("ann", tenant_id="nobody").all()),
    bad("user_api_tokens.list", "tenant_id", lambda s: s.frontegg.user_api_tokens.list("ann", tenant_id="..").all()),
    good(
        "user_api_tokens.delete",
        lambda s: s.frontegg.user_api_tokens.delete("ann", user_api_token(s.emulator), tenant_id="acme"),
    ),
    good("user_api_tokens.delete", lambda s: s.user.personal_api_tokens.delete(user_api_token(s.emulator)), "user"),
    forbidden("user_api_tokens.delete", lambda s: s.user.personal_api_tokens.delete(user_api_token(s.emulator))),
    refused(
        "user_api_tokens.delete", 404, lambda s: s.frontegg.user_api_tokens.delete("ann", "none", tenant_id="acme")
    ),
    bad(
        "user_api_tokens.delete", "client_id", lambda s: s.frontegg.user_api_tokens.delete("ann", "", tenant_id="acme")
    ),
)

EXERCISES: Final = (*_SESSIONS, *_ME, *_ACCESS_TOKENS, *_API_TOKENS)

CASES: Final = cases_identity.CASES
