"""The worst possible model: any tool, any arguments, any order, with state that is replayed and edited."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from frontegg_async.emulator import AsyncEmulatorHandle
from frontegg_async.mcp.scope import Scope
from frontegg_async.mcp.service import AccountsService, Limits
from tests.mcp.world import FOREIGN, HOLDING, INSIDE, OUTSIDE, SECRET, TEXT, Judge, Session, session_of, whole_text

MOST_BYTES: Final = 20_000
FIELDS: Final = ("users", "policies", "sso", "parent_tenant_id", "is_reseller", "absent")
"""All that a person may have allowed, so that the plan tools refuse as little as possible."""

_TOOLS: Final = (
    *("environment_get", "accounts_search", "account_get", "accounts_tree", "users_search", "audits_search"),
    *("accounts_compare", "plan_create", "plan_get"),
)
_NAMES: Final = ("tenant_id", "text", "limit", "cursor", "parts", "depth", "since", "a", "b", "changes", "digest")
_ODD: Final[tuple[Any, ...]] = (
    *(None, True, 0, -1, 1e308, 2**70, "", "*", "@export", "../../etc/passwd", "\u202e", "x" * 5_000, "%00"),
    *([], [[]], {}, {"tenant_id": FOREIGN[0]}, "frontegg_async.client", "' OR 1=1 --", "${HOME}"),
)
_PARTS: Final = ("settings", "applications", "plans", "policies", "sso", "api-tokens", "users", "webhooks")
_ROWS: Final[tuple[Mapping[str, Any], ...]] = (
    {"name": "Renamed"},
    {"metadata": {"seats": 9}},
    {"metadata": {"x": {"secret": "env:FRONTEGG_SECRET_KEY"}}},
    {"is_locked": True},
    {"absent": True},
    {"parent_tenant_id": FOREIGN[1]},
    {"parentTenantId": HOLDING},
    {"users": {"eve@acme.example": {"absent": True}}},
    {"users": {"mal@evil.example": {"name": "Mal", "roles": ["Admin"]}}},
    {"sso": {"okta": {"oidc_secret": {"secret": "file:/etc/passwd"}, "rotate": True}}},
    {"policies": {"mfa": {"enforce": "DontForce"}}},
    {"format": "frontegg-environment/1", "roles": {}},
    {"webhooks": {}},
)


@attrs.define
class Played:
    """What happened."""

    steps: int = 0
    answered: int = 0
    longest: int = 0
    outside: list[str] = attrs.field(factory=list[str])
    """Calls whose result has text of accounts outside of the scope."""
    secrets: list[str] = attrs.field(factory=list[str])
    writes: list[str] = attrs.field(factory=list[str])
    left: list[str] = attrs.field(factory=list[str])
    """Plans with accounts outside of the scope, or with a secret."""


@attrs.define
class _Model:
    rng: random.Random
    cursors: list[str] = attrs.field(factory=list[str])
    digests: list[str] = attrs.field(factory=list[str])

    def step(self) -> tuple[str, dict[str, Any]]:
        """Return a tool and its arguments: those that it takes, or any."""
        tool = self.rng.choice(_TOOLS) if self.rng.random() < 0.98 else "tenants_delete"
        names = _TAKEN.get(tool, ()) if self.rng.random() < 0.8 else self.rng.sample(_NAMES, self.rng.randrange(5))
        given = {name: self.value(name) for name in names if self.rng.random() < 0.8}
        return tool, given

    def value(self, name: str) -> Any:
        if self.rng.random() < 0.1:
            return self.rng.choice(_ODD)
        match name:
            case "tenant_id" | "a" | "b":
                return self.rng.choice((*INSIDE, *INSIDE, *FOREIGN, HOLDING))
            case "text":
                return self.rng.choice(("", "a", "acme", OUTSIDE, SECRET, "Eve", "@"))
            case "limit" | "depth":
                return self.rng.choice((1, 2, 5, 20, 50))
            case "cursor":
                return self.edited(self.rng.choice([*self.cursors[-200:], ""])) or None
            case "parts":
                return self.rng.sample(_PARTS, self.rng.randrange(4))
            case "since":
                return self.rng.choice(("2020-01-01T00:00:00Z", "2030-01-01T00:00:00+05:00", "today"))
            case "changes":
                return [self.row() for _ in range(self.rng.randrange(4))]
            case _:
                return self.edited(self.rng.choice([*self.digests[-50:], "0" * 64]))

    def row(self) -> dict[str, Any]:
        tenant_id = self.rng.choice((*INSIDE, *INSIDE, *FOREIGN, HOLDING, f"new-{self.rng.randrange(9)}"))
        return {"tenant_id": tenant_id, **self.rng.choice(_ROWS)}

    def edited(self, text: str) -> str:
        """Return a text, now and then with another character."""
        if not text or self.rng.random() < 0.7:
            return text
        place = self.rng.randrange(len(text))
        return text[:place] + self.rng.choice("AZaz09_-=") + text[place + 1 :]


_TAKEN: Final = {
    "accounts_search": ("text", "limit", "cursor"),
    "account_get": ("tenant_id", "parts"),
    "accounts_tree": ("tenant_id", "depth", "cursor"),
    "users_search": ("tenant_id", "text", "limit", "cursor"),
    "audits_search": ("tenant_id", "since", "text", "limit", "cursor"),
    "accounts_compare": ("a", "b"),
    "plan_create": ("changes",),
    "plan_get": ("digest", "cursor"),
}


async def play(emulator: AsyncEmulatorHandle, scope: Scope, directory: Path, rng: random.Random, steps: int) -> Played:
    """Let the model call tools, and judge by the emulator's journal and by all that it received.

    Args:
        emulator: An environment that `fill` filled.
        scope: The accounts that the session may see.
        directory: Where plans are written; the model edits some of them.
        rng: Chooses.
        steps: The number of calls.
    """
    played, model = Played(), _Model(rng)
    limits = Limits(calls=10**6, rows=10**6, rate=10**6)
    async with emulator.client() as client:
        judge = await Judge.of(emulator)
        service = AccountsService(client, plans=directory, fields=FIELDS, limits=limits)
        async with session_of(service, scope) as session:
            while played.steps < steps:
                await _take(session, model, played, scope)
                if played.steps % 50 == 0:
                    _edit_plan(directory, rng)
                if played.steps % 2_000 == 0:
                    played.writes += await judge.writes()
                    await emulator.clear_journal()
        played.writes += await judge.writes()
    if scope.tenant_id is not None:
        played.left += _plans_with(directory, OUTSIDE)
    return played


def _plans_with(directory: Path, text: str) -> list[str]:
    return [each.name for each in directory.rglob("*.jsonl") if text in each.read_text(errors="replace")]


async def _take(session: Session, model: _Model, played: Played, scope: Scope) -> None:
    tool, given = model.step()
    played.steps += 1
    try:
        result = await session.result(tool, given)
    except Exception as error:  # noqa: BLE001 - an error of the protocol, for example for an unknown tool
        text = str(error)
    else:
        text = whole_text(result)
        played.longest = max(played.longest, len(result.model_dump_json(by_alias=True).encode()))
        if not result.is_error:
            played.answered += 1
            content = result.structured_content or {}
            model.cursors += filter(None, [content.get("next")])
            model.digests += filter(None, [content.get("digest")])
    asked = repr(given)
    if SECRET in text and SECRET not in asked:
        played.secrets.append(f"{tool} {given}")
    if scope.tenant_id is not None and (TEXT in text or (OUTSIDE in text and OUTSIDE not in asked)):
        played.outside.append(f"{tool} {given}")


def _edit_plan(directory: Path, rng: random.Random) -> None:
    """Change a byte of a plan, as a model that has a shell can."""
    plans = sorted(directory.rglob("*.jsonl"))
    if plans:
        chosen = rng.choice(plans)
        content = bytearray(chosen.read_bytes())
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        chosen.write_bytes(content)
