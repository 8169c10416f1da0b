"""Rotating refresh tokens: deliver each new token pair to the application, even if calls are cancelled."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import logging
import os
from collections.abc import Awaitable, Callable
from typing import cast

from frontegg_async._core.auth.application_functions import FunctionError, FunctionThreads, is_async, run_async
from frontegg_async._core.auth.token_cache import TokenCache
from frontegg_async._core.auth.token_windows import Token
from frontegg_async._core.call.log import logger
from frontegg_async._values.secret import Hidden, Secret
from frontegg_async.credentials import RotationHook, TokenPair
from frontegg_async.errors import ConfigurationError, ConnectionFailedError


class RotationNotifier:
    """Passes new token pairs to the application's ``on_rotate`` function, one pair at a time.

    A plain function runs in a thread. Neither cancelling a call nor closing the client stops the function.

    Args:
        hook: The function. ``None`` if the application passed no function.
        deadline: The longest wait for a call of the function, in seconds. ``None`` for no limit.
    """

    def __init__(self, hook: RotationHook | None, deadline: float | None) -> None:
        self._hook = hook
        self._deadline = deadline
        self._threads = FunctionThreads(1)
        self._task: asyncio.Task[None] | None = None

    async def notify(self, pair: Hidden[TokenPair], context: contextvars.Context) -> None:
        """Pass a pair to the function. Wait until the function returns.

        If a call with an earlier pair still runs, do not wait: the function gets the pair after that call.

        Args:
            pair: The pair.
            context: The context in which the function runs.
        """
        hook = self._hook
        if hook is None:
            return
        earlier = self._under_way()
        self._task = task = asyncio.get_running_loop().create_task(self._run(hook, earlier, pair, context))
        if earlier is None:
            await asyncio.wait((task,), timeout=self._deadline)
        if not task.done():
            logger.error("the function given as on_rotate does not return; calls continue with the new pair")

    async def drain(self, seconds: float) -> None:
        """Wait until the function has returned for all pairs, at most ``seconds``."""
        task = self._under_way()
        if task is None:
            return
        await asyncio.wait((task,), timeout=seconds)
        if not task.done():
            logger.error("the function given as on_rotate does not return; the client is closed without waiting longer")

    def forget_loop(self) -> None:
        """In a forked child, abandon the work that the parent process started."""
        self._task = None
        self._threads = FunctionThreads(1)

    def _under_way(self) -> asyncio.Task[None] | None:
        task = self._task
        if task is None or task.done() or task.get_loop() is not asyncio.get_running_loop():
            return None
        return task

    async def _run(
        self,
        hook: RotationHook,
        earlier: asyncio.Task[None] | None,
        pair: Hidden[TokenPair],
        context: contextvars.Context,
    ) -> None:
        if earlier is not None:
            await asyncio.wait((earlier,))
        try:
            if is_async(hook):
                awaited = cast("Callable[[TokenPair], Awaitable[None]]", hook)
                await run_async(lambda: awaited(pair.reveal()), context)
                return
            returned: object = await self._threads.run(lambda: hook(pair.reveal()), context.copy())
            if inspect.isawaitable(returned):
                await run_async(lambda: returned, context)
        except FunctionError as error:
            logger.log(logging.ERROR, "the function given as on_rotate raised %s", error.kind)
        except ConnectionFailedError:
            logger.log(logging.ERROR, "the function given as on_rotate was not called: no thread could be started")


class RotatingTokenCache(TokenCache):
    """The token cache of a session with single-use refresh tokens. The session belongs to one process.

    Args:
        fetch: Refreshes the session.
        clock: The monotonic clock.
        hint: Returns a hint about the token for the message of an error.
        is_strained: Returns whether the retry budget is used up.
        notifier: Passes new token pairs to the application.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[Token]],
        clock: Callable[[], float],
        *,
        hint: Callable[[], str],
        is_strained: Callable[[], bool],
        notifier: RotationNotifier,
    ) -> None:
        super().__init__(fetch, clock, kind="user token", hint=hint, is_strained=is_strained, is_single_use=True)
        self._notifier = notifier
        self._process = os.getpid()

    def current(self) -> Secret | None:
        """Return the cached token if it may still be sent. Start a refresh if the refresh is due.

        Raises:
            ConfigurationError: This is a forked child of the process that owns the session.
        """
        if os.getpid() != self._process:
            raise ConfigurationError(
                "this process was forked from the process that owns the session of the RotatingTokens, and a refresh "
                "token can be used once: after the fork, create a client with a separate session in each process"
            )
        return super().current()

    async def drain(self, seconds: float) -> None:
        """After `close`, wait at most ``seconds`` until a refresh has passed its pair to the application."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        await super().drain(seconds)
        await self._notifier.drain(max(0.0, until - loop.time()))

    def forget_loop(self) -> None:
        """In a forked child, abandon the work that the parent process started."""
        super().forget_loop()
        self._notifier.forget_loop()
