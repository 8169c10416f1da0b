"""Invalid snapshots: refused as a whole, whichever part is wrong."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final

import msgspec
import pytest

from frontegg_async.emulator.admin.verbs import Verbs
from frontegg_async.emulator.services.api_tokens.rows import ApiTokenRow
from frontegg_async.emulator.world.signing_key import process_key
from frontegg_async.emulator.world.world import World

_DEEP: Final = "[" * 600 + "]" * 600


def make_world() -> tuple[World, Any]:
    """Return a world with every kind of record, and its snapshot."""
    world = World(process_key())
    verbs = Verbs(world)
    verbs.seed(
        {
            "tenants": [
                {"tenantId": "p", "name": "P", "isReseller": True},
                {"tenantId": "k", "name": "K", "parentTenantId": "p"},
                {"tenantId": "d", "name": "D"},
            ],
            "users": [{"id": "u", "email": "u@p.example", "tenantId": "p"}],
        }
    )
    world.default.state.put_deleted(msgspec.structs.replace(_take(world, "d"), deleted_at="2024-01-01T00:00:00.000Z"))
    verbs.user_token(tenant_id="p", user_id="u")
    world.default.state.put(
        ApiTokenRow(id="t", tenant_id="p", secret="emu_t", created_at="2024-01-01T00:00:00.000Z", metadata={"a": 1})
    )
    verbs.create_environment(client_id="emu_2", secret="emu_2")
    return world, msgspec.to_builtins(verbs.snapshot())


def _take(world: World, tenant_id: str) -> Any:
    return world.default.state.remove_tenant(tenant_id)


def _deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


Spoil = Callable[[Any, Any], object]
"""Takes the snapshot and its first environment."""

SPOILT: Final[dict[str, tuple[Spoil, str]]] = {
    "offset": (lambda _, one: one.update(clock_offset=1e30), "clock"),
    "offset back": (lambda _, one: one.update(clock_offset=-1e10), "clock"),
    "no number": (lambda _, one: one.update(clock_offset=float("nan")), "clock"),
    "frozen": (lambda _, one: one.update(clock_frozen=1e30), "clock"),
    "ttl of nothing": (lambda _, one: one.update(token_ttl=0), "token_ttl"),
    "ttl of ages": (lambda _, one: one.update(token_ttl=1e300), "token_ttl"),
    "limit": (lambda _, one: one.update(rate_limit=0), "rate_limit"),
    "switch": (lambda _, one: one.update(divergences={"no": 1}), "'no'"),
    "client id": (lambda _, one: one.update(client_id="real"), "client_id"),
    "secret": (lambda _, one: one.update(secret="emu_\ud800"), "secret"),
    "two environments": (lambda whole, one: whole["environments"].append(one), "client_id"),
    "two tenants": (lambda _, one: one["tenants"].append(one["tenants"][0]), "'p' exists twice"),
    "two deleted": (lambda _, one: one["deleted"].append(one["deleted"][0]), "'d' exists twice"),
    "two users": (lambda _, one: one["users"].append(one["users"][0]), "'u' exists twice"),
    "two tokens": (lambda _, one: one["refresh_tokens"].append(one["refresh_tokens"][0]), "twice"),
    "alive and deleted": (lambda _, one: one["deleted"][0].update(tenantId="p"), "both alive and deleted"),
    "deleted alive": (lambda _, one: one["tenants"][0].update(deletedAt="2024-01-01T00:00:00.000Z"), "deletedAt"),
    "deleted never": (lambda _, one: one["deleted"][0].update(deletedAt=None), "deletedAt"),
    "created": (lambda _, one: one["tenants"][0].update(createdAt="yesterday"), "'yesterday'"),
    "updated": (lambda _, one: one["tenants"][0].update(updatedAt="2024-02-30T00:00:00.000Z"), "2024-02-30"),
    "token's moment": (lambda _, one: one["refresh_tokens"][0].update(createdAt=""), "refresh token"),
    "token's end": (lambda _, one: one["refresh_tokens"][0].update(expiresAt="soon"), "'soon'"),
    "token's ttl": (lambda _, one: one["refresh_tokens"][0].update(ttl=-1e9), "ttl"),
    "token's kind": (lambda _, one: one["refresh_tokens"][0].update(kind="key"), "kind"),
    "token's claims": (lambda _, one: one["refresh_tokens"][0].update(claims={"sub": _deep(600)}), "nested"),
    "token's tenant": (lambda _, one: one["refresh_tokens"][0].update(claims={"sub": "u"}), "no tenant"),
    "token of no tenant": (lambda _, one: one["refresh_tokens"][0].update(claims={"tenantId": 1}), "no tenant"),
    "API token's tenant": (lambda _, one: one["tables"]["apiTokens"][0].update(tenantId=""), "must have a tenant"),
    "API token's end": (lambda _, one: one["tables"]["apiTokens"][0].update(expires="soon"), "'soon'"),
    "API token's metadata": (lambda _, one: one["tables"]["apiTokens"][0].update(metadata=_deep(600)), "nested"),
    "API token's claims": (lambda _, one: one["tables"]["apiTokens"][0].update(claims={"a": _deep(600)}), "nested"),
    "tenant id": (lambda _, one: one["tenants"][0].update(tenantId=".."), "'..'"),
    "deep metadata": (lambda _, one: one["tenants"][0].update(metadata=_DEEP), "nested"),
    "deep": (lambda _, one: one["users"][0].update(metadata=_deep(600)), "nested"),
    "parent": (lambda _, one: one["tenants"][1].update(parentTenantId="x"), "parent"),
    "cycle": (lambda _, one: one["tenants"][0].update(parentTenantId="k"), "ancestor"),
    "user's tenant": (lambda _, one: one["users"][0].update(tenantIds=["p", "x"]), "'x' does not exist"),
    "user's tenant twice": (lambda _, one: one["users"][0].update(tenantIds=["p", "k", "p"]), "same tenant twice"),
    "user without a tenant": (lambda _, one: one["users"][0].update(tenantIds=[]), "the user has no tenant"),
    "unknown in the snapshot": (lambda whole, _: whole.update(more=1), "more"),
    "unknown in an environment": (lambda _, one: one.update(more=1), "more"),
    "unknown in a tenant": (lambda _, one: one["tenants"][0].update(more=1), "more"),
    "unknown in a deleted tenant": (lambda _, one: one["deleted"][0].update(parentTenantId="p"), "parentTenantId"),
    "unknown in a user": (lambda _, one: one["users"][0].update(more=1), "more"),
    "unknown in a token": (lambda _, one: one["refresh_tokens"][0].update(more=1), "more"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_spoilt_snapshots(how: str) -> None:
    """They are refused by their place, and nothing has changed, also in environments before the spoilt one."""
    world, good = make_world()
    spoilt = copy.deepcopy(good)
    spoil, word = SPOILT[how]
    spoil(spoilt, spoilt["environments"][0])
    spoilt["environments"].reverse()
    with pytest.raises(ValueError, match=word):
        Verbs(world).restore(spoilt)
    assert msgspec.to_builtins(Verbs(world).snapshot()) == good


def test_a_good_one() -> None:
    """It is taken, and is the same when it is taken again."""
    world, good = make_world()
    world.reset()
    Verbs(world).restore(good)
    assert msgspec.to_builtins(Verbs(world).snapshot()) == good


def test_the_clock_of_all_moves_as_one() -> None:
    """When one environment's clock cannot go so far, none goes."""
    world, _ = make_world()
    verbs = Verbs(world)
    verbs.clock(freeze=True)
    before = [each.clock.now() for each in world.environments.values()]
    verbs.environment("emu_2").clock(advance=2.5e11)
    with pytest.raises(ValueError, match="9998"):
        verbs.clock(advance=1e10, freeze=False)
    assert world.default.clock.now() == before[0]
    assert world.default.clock.frozen is not None
