"""Row 14: an unsolicited response on an idle pooled connection never becomes the result of the next call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, cast

import attrs

from frontegg_async import AsyncFrontegg, FronteggError, NotFoundError, Options
from tests.acceptance.scoreboard.row import Finding, Row, Setting
from tests.acceptance.scoreboard.support import tenant_answers
from tests.support.faults.http import RawRequest, answer_bytes
from tests.support.faults.scripted_server import Send, Serve, Step, scripted_server

_INJECTIONS: Final = 1_000
_WIDTH: Final = 20
_TENANT: Final = "ours"
_STRANGER: Final = "stranger"
_ONCE: Final = Options(max_retries=0, deadline=20.0)


async def _gather(rows: Any) -> object:
    return [row async for row in rows]


Operation = Callable[[AsyncFrontegg], Awaitable[object]]
OPERATIONS: Final[Mapping[str, Operation]] = {
    "tenants.get": lambda it: it.tenants.get(_TENANT),
    "tenants.get_by_alias": lambda it: it.tenants.get_by_alias(_TENANT),
    "tenants.update": lambda it: it.tenants.update(_TENANT, name="new"),
    "tenants.add_metadata": lambda it: it.tenants.add_metadata(_TENANT, {"key": 1}),
    "tenants.delete_metadata": lambda it: it.tenants.delete_metadata(_TENANT, "key"),
    "tenants.delete": lambda it: it.tenants.delete(_TENANT),
    "tenants.lock": lambda it: it.tenants.lock([_TENANT]),
    "tenants.list": lambda it: _gather(it.tenants.list()),
    "hierarchy.list_parents": lambda it: it.hierarchy.list_parents(_TENANT),
    "hierarchy.list_sub_accounts": lambda it: it.hierarchy.list_sub_accounts(_TENANT),
    "hierarchy.tree": lambda it: it.hierarchy.tree(_TENANT),
    "hierarchy.search": lambda it: _gather(it.hierarchy.search(_TENANT)),
    "sub_tenants.rename": lambda it: it.sub_tenants.rename(_TENANT, name="new"),
    "sub_tenants.delete": lambda it: it.sub_tenants.delete(_TENANT),
    "sso.list": lambda it: it.sso.list(_TENANT).all(),
    "sso.update": lambda it: it.sso.update(_TENANT, f"{_TENANT}-sso", enabled=True),
    "sso.delete": lambda it: it.sso.delete(_TENANT, "c"),
    "sso.groups.list": lambda it: it.sso.groups.list(_TENANT, "c").all(),
    "sso.default_roles.get": lambda it: it.sso.default_roles.get(_TENANT, "c"),
    "access_tokens.get_tenant_token": lambda it: it.access_tokens.get_tenant_token(_TENANT, f"{_TENANT}-token"),
    "access_tokens.list": lambda it: it.access_tokens.list(_TENANT).all(),
    "access_tokens.delete": lambda it: it.access_tokens.delete(_TENANT, "id"),
    "api_tokens.list": lambda it: it.api_tokens.list(_TENANT).all(),
    "api_tokens.delete": lambda it: it.api_tokens.delete(_TENANT, "id"),
}
"""Operations about one tenant, and lists. Those that return nothing are answered with 404, and by poison with 200."""


@attrs.define
class _Case:
    """The right result of an operation, and an unsolicited response that could be taken for it."""

    name: str
    right: str
    poison: bytes


class _Origin:
    """Responds correctly, and records the last request of each connection."""

    def __init__(self) -> None:
        self.last = RawRequest("", "", {}, b"", 0)

    def choose(self, request: RawRequest) -> Sequence[Step]:
        """Return the answer to a request."""
        self.last = request
        return (Send(self.answer(request)),)

    def answer(self, request: RawRequest) -> bytes:
        """Return the correct answer."""
        data = tenant_answers.answer(request)
        return answer_bytes(404) if data == answer_bytes(200) else data


async def _outcome(operation: Operation, client: AsyncFrontegg) -> str:
    """Return what a call ended in, as text that can be compared."""
    try:
        value = await operation(client)
    except NotFoundError:
        return "NotFoundError"
    except FronteggError as error:
        return f"failed: {type(error).__name__}"
    return repr(attrs.asdict(cast("attrs.AttrsInstance", value)) if attrs.has(type(value)) else value)


async def measure_poison(setting: Setting) -> Finding:
    """Send answers about another tenant on idle connections, then make calls on them."""
    rng = setting.rng("poison")
    here = _Origin()
    wrong: list[str] = []
    failed: list[str] = []
    injected = 0
    async with (
        scripted_server([Serve(here.choose)]) as server,
        AsyncFrontegg("id", "secret", base_url=server.url, options=_ONCE, max_connections=_WIDTH) as client,
    ):
        cases: list[_Case] = []
        for name, operation in OPERATIONS.items():
            right = await _outcome(operation, client)
            cases.append(_Case(name, right, tenant_answers.answer(here.last, about=_STRANGER)))
        while injected < _INJECTIONS:
            # Open as many connections as calls, so that each call finds poison on its connection.
            await asyncio.gather(*(client.tenants.get(f"warm-{number}") for number in range(_WIDTH)))
            chosen = [rng.choice(cases) for _ in range(_WIDTH)]
            poisons = iter(chosen)
            is_read = rng.random() < 1 / 2
            for connection in server.connections:
                if connection.end is None and not connection.writer.is_closing():
                    connection.writer.write(next(poisons, chosen[0]).poison)
                    injected += 1
            if is_read:
                # Let the loop read the poison while no call uses the connection.
                await asyncio.sleep(0.001)
            outcomes = await asyncio.gather(*(_outcome(OPERATIONS[case.name], client) for case in chosen))
            for case, outcome in zip(chosen, outcomes, strict=True):
                if outcome.startswith("failed"):
                    failed.append(f"{case.name} {outcome}")
                elif outcome != case.right:
                    wrong.append(f"{case.name}: {outcome[:100]}")
    return Finding(
        figure=f"{len(wrong)} wrong answers and {len(failed)} failures after {injected:,} injections, "
        f"{len(OPERATIONS)} operations",
        passed=not wrong and not failed and injected >= _INJECTIONS,
        details=(*wrong[:10], *failed[:10]),
    )


ROWS: Final = (
    Row(
        number=14,
        name="poisoned-connection-pool",
        title="1,000 unsolicited answers about another tenant on idle connections of the pool",
        target="calls that return another tenant 0",
        measure=measure_poison,
        starred=True,
    ),
)
