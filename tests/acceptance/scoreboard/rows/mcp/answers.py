"""Row 60: the size of answers in a large environment, and what a tool costs beside the SDK's own call."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from frontegg_async import AsyncFrontegg
from frontegg_async.emulator import Emulator
from frontegg_async.mcp.service import AccountsService, Limits
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.mcp.world import Session, session_of

_ACCOUNTS: Final = 100_000
_MOST_BYTES: Final = 20_000
_MOST_MILLISECONDS: Final = 5.0
_REPETITIONS: Final = 200
_CALLS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("environment_get", {}),
    ("accounts_search", {"limit": 50}),
    ("accounts_search", {"text": "9", "limit": 50}),
    ("account_get", {"tenant_id": "t-0000000", "parts": ["settings", "applications", "plans", "policies", "sso"]}),
    ("accounts_tree", {}),
    ("accounts_tree", {"tenant_id": "t-0000000"}),
    ("users_search", {"limit": 50}),
    ("audits_search", {"limit": 50}),
    ("accounts_compare", {"a": "t-0000000", "b": "t-0000001"}),
    (
        "plan_create",
        {"changes": [{"tenant_id": f"t-{number:07}", "metadata": {"x": "y" * 400}} for number in range(100)]},
    ),
)


async def measure(setting: Setting) -> Finding:
    """Call each tool in an environment with many accounts, and compare the time of one with that of the SDK."""
    accounts = setting.scaled(_ACCOUNTS)
    limits = Limits(calls=10**6, rows=10**6, rate=10**6)
    with TemporaryDirectory() as directory:
        async with Emulator() as emulator, emulator.client() as client:
            await emulator.seed(tenants=[_account(number) for number in range(accounts)])
            service = AccountsService(client, plans=Path(directory), limits=limits)
            async with session_of(service) as session:
                sizes = {f"{name} {given}"[:60]: await _size(session, name, given) for name, given in _CALLS}
                listed = await session.client.list_tools()
                listing = len(listed.model_dump_json(by_alias=True, exclude_none=True).encode())
                added = await _added(session, client)
    longest = max(sizes.values())
    return Finding(
        figure=f"{accounts:,} accounts: the longest answer has {longest:,} bytes, the list of tools {listing:,};"
        f" a tool adds {added:.1f} ms of processor time to the SDK's call",
        passed=longest <= _MOST_BYTES and listing <= _MOST_BYTES // 2 and added <= _MOST_MILLISECONDS,
        details=tuple(f"{name}: {size}" for name, size in sizes.items()),
    )


def _account(number: int) -> dict[str, Any]:
    account: dict[str, Any] = {
        "tenantId": f"t-{number:07}",
        "name": f"Account {number} " + "x" * (number % 200),
        "metadata": {"plan": "team", "note": "y" * (number % 3_000)},
        "isReseller": number % 1_000 == 0,
    }
    return account if number % 1_000 == 0 else {**account, "parentTenantId": f"t-{number // 1_000 * 1_000:07}"}


async def _size(session: Session, name: str, given: dict[str, Any]) -> int:
    result = await session.result(name, given)
    return -1 if result.is_error else len(result.model_dump_json(by_alias=True).encode())


async def _added(session: Session, client: AsyncFrontegg) -> float:
    """Return the milliseconds by which a tool takes longer than the SDK's call, with the client of the protocol."""
    tool = await _milliseconds(lambda: session.call("accounts_search", text="t-0000001", limit=1))
    alone = await _milliseconds(client.tenants.list(filter="t-0000001", page_size=50).first_page)
    return tool - alone


async def _milliseconds(call: Callable[[], Awaitable[object]]) -> float:
    await call()
    began = time.process_time()
    for _ in range(_REPETITIONS):
        await call()
    return (time.process_time() - began) / _REPETITIONS * 1_000


ROWS: Final = (
    Row(
        number=60,
        name="sizes-of-answers",
        title="answers of the MCP server with 100,000 accounts, its list of tools, and the time that a tool adds",
        target="answers at most 20 kB, the list at most 10 kB, at most 5 ms",
        measure=measure,
        starred=True,
        time_limit=120.0,
        alone=True,
    ),
)
