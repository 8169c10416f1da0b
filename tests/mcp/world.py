"""An environment whose text and secrets can be told apart in every answer, and sessions of the official client."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, Self, cast

import attrs
from mcp import Client
from mcp_types import CallToolResult, TextContent

from frontegg_async.emulator import AsyncEmulatorHandle, JournalEntry
from frontegg_async.mcp.protocol import make_server
from frontegg_async.mcp.scope import Scope
from frontegg_async.mcp.service import AccountsService

SECRET: Final = "canary-secret"
"""In each secret of the environment that an operation could show."""
OUTSIDE: Final = "canary-outside"
"""In the ids of accounts that are not those of the scope, and in what belongs to them."""
TEXT: Final = "canary-text"
"""In each other text of these accounts; nobody asks for it."""
INSIDE: Final = ("acme", "acme-1", "acme-2")
"""The accounts of the scope: the first is above the others."""
FOREIGN: Final = (f"{OUTSIDE}-1", f"{OUTSIDE}-2")
HOLDING: Final = f"{OUTSIDE}-holding"
"""The account above the first of the scope."""

_TENANTS: Final[list[dict[str, Any]]] = [
    {"tenantId": HOLDING, "name": f"Holding {OUTSIDE} {TEXT}", "isReseller": True},
    {"tenantId": "acme", "name": "Acme", "parentTenantId": HOLDING, "isReseller": True, "metadata": {"seats": 1}},
    *({"tenantId": each, "name": each.title(), "parentTenantId": "acme"} for each in INSIDE[1:]),
    *(
        {"tenantId": each, "name": f"{OUTSIDE} {TEXT}", "metadata": {"note": TEXT}, "creatorName": TEXT}
        for each in FOREIGN
    ),
]
_USERS: Final[list[dict[str, Any]]] = [
    {"email": "ann@acme.example", "name": "Ann", "tenantId": "acme", "password": f"{SECRET}-1A!"},
    {"email": "bob@acme.example", "name": "Bob", "tenantId": "acme-1", "password": f"{SECRET}-1A!"},
    {
        "email": "eve@acme.example",
        "name": "Eve",
        "tenantId": "acme",
        "tenantIds": ["acme", FOREIGN[0]],
        "password": f"{SECRET}-1A!",
    },
    {
        "email": f"{OUTSIDE}@other.example",
        "name": f"{OUTSIDE} {TEXT}",
        "tenantId": FOREIGN[0],
        "password": f"{SECRET}-1A!",
    },
    {
        "email": f"{OUTSIDE}@holding.example",
        "name": f"{OUTSIDE} {TEXT}",
        "tenantId": HOLDING,
        "password": f"{SECRET}-1A!",
    },
]


async def fill(emulator: AsyncEmulatorHandle) -> None:
    """Fill an environment with accounts of the scope, others, and secrets."""
    await emulator.seed(tenants=_TENANTS, users=_USERS)
    async with emulator.client() as client:
        for tenant_id in (*INSIDE, FOREIGN[0]):
            await client.api_tokens.create(tenant_id, description=f"token of {tenant_id}")
            await client.for_tenant(tenant_id).sso.create(
                type="oidc", oidc_client_id="app", oidc_secret=f"{SECRET}-sso", sso_endpoint="https://idp.example/login"
            )
        await client.webhooks.create(
            FOREIGN[0],
            display_name=TEXT,
            url="https://hooks.example",
            secret=f"{SECRET}-hook",
            event_keys=["frontegg.user.created"],
        )


async def log(emulator: AsyncEmulatorHandle) -> None:
    """Write rows of the audit log, which no snapshot of an environment has."""
    async with emulator.client() as client:
        for tenant_id in (*INSIDE, FOREIGN[0]):
            text = TEXT if tenant_id in FOREIGN else "Somebody signed in"
            await client.audits.write(tenant_id, action="Login", description=text, severity="Info")


@attrs.define
class Session:
    """A session of the official client."""

    client: Client

    async def call(self, name: str, **arguments: object) -> Mapping[str, Any]:
        """Call a tool and return its structured content; fail if the call was refused."""
        result = await self.result(name, arguments)
        assert not result.is_error, text_of(result)
        return cast("Mapping[str, Any]", result.structured_content)

    async def refused(self, name: str, **arguments: object) -> str:
        """Call a tool that must refuse, and return the text."""
        result = await self.result(name, arguments)
        assert result.is_error
        assert result.structured_content is None
        return text_of(result)

    async def result(self, name: str, arguments: Mapping[str, object]) -> CallToolResult:
        """Call a tool."""
        return await self.client.call_tool(name, cast("dict[str, Any]", dict(arguments)))


def text_of(result: CallToolResult) -> str:
    """Return the text of a result."""
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def whole_text(result: CallToolResult) -> str:
    """Return all that a client receives, as text in which escapes of JSON are undone."""
    written = result.model_dump(by_alias=True, exclude_none=True)
    return json.dumps(written, ensure_ascii=False)


@asynccontextmanager
async def session_of(
    service: AccountsService, scope: Scope | None = None, *, mode: Any = "auto", as_text: bool = False
) -> AsyncGenerator[Session]:
    """Open a session of the official client in this process."""
    server = make_server(service, lambda: (scope or Scope(), ""), as_text=as_text)
    async with Client(server, mode=mode) as client:
        yield Session(client)


@attrs.define
class Judge:
    """What the service received, and what it must hold at the end."""

    emulator: AsyncEmulatorHandle
    before: Mapping[str, Any]

    @classmethod
    async def of(cls, emulator: AsyncEmulatorHandle) -> Self:
        """Begin to watch an environment."""
        await emulator.clear_journal()
        return cls(emulator, _state(await emulator.snapshot()))

    async def entries(self) -> list[JournalEntry]:
        """Return the requests other than those for a token."""
        return [each for each in await self.emulator.journal() if each.path != "/auth/vendor"]

    async def writes(self) -> list[str]:
        """Return the requests that write, and a word if the state is another."""
        wrong = [f"{each.method} {each.path}" for each in await self.entries() if each.method != "GET" or each.effect]
        return wrong if _state(await self.emulator.snapshot()) == self.before else [*wrong, "the state changed"]


def _state(snapshot: Mapping[str, Any]) -> Mapping[str, Any]:
    (environment,) = cast("list[Mapping[str, Any]]", snapshot["environments"])
    return {name: environment[name] for name in ("tenants", "deleted", "users", "tables")}
