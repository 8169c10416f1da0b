"""A common way to call asynchronous and blocking clients."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import AsyncGenerator, Callable
from typing import Any

import attrs

from frontegg_async import AsyncFrontegg, AsyncFronteggUser
from frontegg_async.emulator import EmulatorHandle
from frontegg_sync import FronteggUser

FLAVOURS = ("async", "blocking")


async def do(method: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Call a method, and await its result if it is awaitable."""
    value = method(*arguments, **options)
    return await value if inspect.iscoroutine(value) else value


@attrs.frozen
class Clients:
    """The clients of one flavour, and their environment."""

    emulator: EmulatorHandle
    manager: Any
    flavour: str
    stack: contextlib.AsyncExitStack

    def user(self, *permissions: str, tenant_id: str, email: str = "ann@acme.example") -> Any:
        """Return the self-service client of a tenant's user with these permissions."""
        token = self.emulator.user_token(tenant_id=tenant_id, email=email, permissions=permissions).access_token
        return self.user_with(token)

    def user_with(self, token: str) -> Any:
        """Return the self-service client for a token."""
        if self.flavour == "blocking":
            return self.stack.enter_context(FronteggUser(base_url=self.emulator.url, token=token))
        user = AsyncFronteggUser(base_url=self.emulator.url, token=token)
        self.stack.push_async_callback(user.aclose)
        return user


@contextlib.asynccontextmanager
async def clients_of(emulator: EmulatorHandle, flavour: str) -> AsyncGenerator[Clients]:
    """Open a management client of a flavour, and close it and its users at the end."""
    async with contextlib.AsyncExitStack() as stack:
        if flavour == "blocking":
            manager: Any = stack.enter_context(emulator.client())
        else:
            manager = AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url)
            stack.push_async_callback(manager.aclose)
        yield Clients(emulator=emulator, manager=manager, flavour=flavour, stack=stack)
