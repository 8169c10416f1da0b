"""`DeliveryLoop`: calls webhooks in the background. Each webhook receives its events in order."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections import deque
from collections.abc import Coroutine, Sequence
from typing import Final

import attrs
import msgspec

from frontegg_async.emulator.faults.spec import DELIVERY, Delay, Lose, Swap
from frontegg_async.emulator.http.hook_calls import CallFailedError, HookCalls, headers_of, text_of
from frontegg_async.emulator.services.webhooks.rows import WebhookRow
from frontegg_async.emulator.services.webhooks.subscriptions import subscribed_webhooks
from frontegg_async.emulator.services.webhooks.switches import WebhookSwitches
from frontegg_async.emulator.store.delivery_row import DeliveryRow
from frontegg_async.emulator.world.deliveries import Outgoing
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.events import EmulatedEvent
from frontegg_async.emulator.world.world import World

ANSWER_SECONDS: Final = 10.0
"""The maximum time to wait for the response of a webhook, in seconds."""
MAX_FAILURES: Final = 5
"""The number of consecutive failures after which a webhook is disabled."""
MAX_WAITING: Final = 10_000
"""The maximum number of deliveries that wait for one webhook. Further deliveries fail."""
MAX_ROWS: Final = 1_000
"""The maximum number of deliveries in the log of an environment. Older deliveries are dropped."""
_DROPPED: Final = "the emulator ended, or its data was replaced, before the delivery was made"
_SUCCESS: Final = range(200, 300)
_encode = msgspec.json.Encoder().encode

log: logging.Logger = logging.getLogger("frontegg_async.emulator")


def body_of(environment: EmulatedEnvironment, event: EmulatedEvent) -> bytes:
    """Return the body with which webhooks are called about an event."""
    context = {
        "vendorId": environment.vendor_id,
        "tenantId": event.tenant_id,
        "userId": event.user_id,
        "applicationId": event.application_id,
    }
    body: dict[str, object] = {
        "eventKey": event.key,
        "eventContext": {name: value for name, value in context.items() if value is not None},
    }
    match environment.switches[WebhookSwitches].webhook_subject:
        case "subject":
            body[event.subject_name] = event.subject
        case "data":
            body["data"] = event.subject
        case "top_level":
            fields = msgspec.to_builtins(event.subject)
            body = {**fields, **body} if isinstance(fields, dict) else body
        case "none":
            pass
    return _encode(body)


@attrs.define(eq=False)
class _Queue:
    """The deliveries of one webhook that wait or that a fault postpones, and the task that makes the deliveries."""

    environment: EmulatedEnvironment
    waiting: deque[Outgoing] = attrs.field(factory=deque[Outgoing])
    held: list[Outgoing] = attrs.field(factory=list[Outgoing])
    task: asyncio.Task[None] | None = None


@attrs.define(eq=False)
class DeliveryLoop:
    """Makes the deliveries of an emulator in the event loop of its server.

    Args:
        world: The state of the whole emulator.
        calls: The object that calls the addresses of webhooks.
    """

    world: World
    calls: HookCalls
    _queues: dict[tuple[EmulatedEnvironment, str], _Queue] = attrs.field(
        factory=dict[tuple[EmulatedEnvironment, str], _Queue], init=False
    )
    _single: dict[asyncio.Task[None], EmulatedEnvironment] = attrs.field(
        factory=dict[asyncio.Task[None], EmulatedEnvironment], init=False
    )

    def tell(self, environment: EmulatedEnvironment, events: Sequence[EmulatedEvent]) -> None:
        """Start to call the webhooks that subscribe to the given events, and return at once."""
        for event in events if environment.state.table(WebhookRow) else ():
            subscribed = subscribed_webhooks(environment, event.key, event.tenant_id)
            try:
                body = body_of(environment, event).decode() if subscribed else ""
            except Exception:
                log.exception("the emulator failed to make the body of a webhook")
                continue
            for row in subscribed:
                self._enqueue(environment, row, event, body)
        self._store(environment)

    def _enqueue(self, environment: EmulatedEnvironment, hook: WebhookRow, event: EmulatedEvent, body: str) -> None:
        row = DeliveryRow(
            id=environment.new_id(),
            tenant_id=hook.tenant_id,
            at=environment.clock.timestamp(),
            webhook_id=hook.id,
            event_tenant_id=event.tenant_id,
            event_key=event.key,
            body=body,
        )
        queue = self._queues.setdefault((environment, hook.id), _Queue(environment))
        if len(queue.waiting) >= MAX_WAITING:
            row = msgspec.structs.replace(row, failure=f"{MAX_WAITING:,} deliveries wait for this webhook already")
        else:
            queue.waiting.append(Outgoing(row=row))
        _add(environment, row)
        if queue.task is None:
            queue.task = _start(self._work(queue))

    async def _work(self, queue: _Queue, *, releases: bool = False) -> None:
        """Make the waiting deliveries of a webhook. If ``releases`` is true, make the postponed deliveries first."""
        try:
            while queue.waiting or releases:
                try:
                    if releases or await self._deliver(queue, queue.waiting.popleft()):
                        await self._release(queue)
                except Exception:
                    log.exception("the emulator failed to call a webhook")
                releases = False
        finally:
            queue.task = None

    async def _release(self, queue: _Queue) -> None:
        while queue.held:
            await self._send(queue.environment, queue.held.pop(0))

    def begin(self, environment: EmulatedEnvironment, outgoing: Outgoing) -> None:
        """Start a single delivery, and return at once."""
        task = _start(self.make(environment, outgoing))
        self._single[task] = environment
        task.add_done_callback(self._single.pop)

    async def make(self, environment: EmulatedEnvironment, outgoing: Outgoing) -> None:
        """Make a single delivery, which is a test or a redelivery. Faults do not act on it."""
        _add(environment, outgoing.row)
        self._store(environment)
        await self._send(environment, outgoing)

    async def done(self, environment: EmulatedEnvironment | None) -> None:
        """Wait until an environment has no pending deliveries. ``None`` waits for every environment.

        Deliveries that a fault postponed are made too.
        """
        while tasks := self._tasks(environment):
            await asyncio.wait(tasks)

    def _tasks(self, environment: EmulatedEnvironment | None) -> list[asyncio.Task[None]]:
        """Start the postponed deliveries, and return the tasks that have not ended."""
        for queue in self._queues.values():
            if queue.task is None and queue.held and environment in (None, queue.environment):
                queue.task = _start(self._work(queue, releases=True))
        queues = [queue.task for queue in self._queues.values() if environment in (None, queue.environment)]
        single = [task for task, owner in self._single.items() if environment in (None, owner)]
        return [task for task in (*queues, *single) if task is not None]

    def drop(self, environment: EmulatedEnvironment) -> None:
        """Drop the pending deliveries of an environment whose data is being replaced or comes from another process."""
        for key in [key for key in self._queues if key[0] is environment]:
            task = self._queues.pop(key).task
            if task is not None:
                task.cancel()
        for task in [task for task, owner in self._single.items() if owner is environment]:
            task.cancel()
        waiting = [row for row in environment.state.table(DeliveryRow).values() if row.waits]
        for row in waiting:
            environment.state.put(msgspec.structs.replace(row, failure=_DROPPED))

    async def stop(self) -> None:
        """Drop all pending deliveries."""
        tasks = [queue.task for queue in self._queues.values() if queue.task is not None] + list(self._single)
        self._queues.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.calls.close()

    async def _deliver(self, queue: _Queue, outgoing: Outgoing) -> bool:
        """Make a delivery unless a fault prevents it. Return ``False`` if a fault postpones the delivery."""
        environment, copies = queue.environment, 1
        for ledger in (self.world.environment_faults.get(environment.client_id), self.world.faults):
            for fault in ledger.due(DELIVERY, ledger.count_delivery(outgoing.row.event_key)) if ledger else ():
                _change(outgoing, faults=(*outgoing.row.faults, fault.id))
                if isinstance(fault.action, Swap):
                    queue.held.append(outgoing)
                    return False
                if isinstance(fault.action, Delay):
                    await asyncio.sleep(fault.action.seconds)
                else:
                    copies *= 0 if isinstance(fault.action, Lose) else 2
        if not copies:
            _change(outgoing, failure="a fault has dropped the delivery")
            self._keep(environment, outgoing.row)
        for _ in range(copies):
            await self._send(environment, outgoing)
        return True

    async def _send(self, environment: EmulatedEnvironment, outgoing: Outgoing) -> None:
        """Call the webhook, and store the result of the call."""
        hook = environment.state.table(WebhookRow).get(outgoing.row.webhook_id or "")
        url, secret = outgoing.url, outgoing.secret
        if url is None:
            if hook is None or not hook.is_active:
                _change(outgoing, failure="the webhook was deleted" if hook is None else "the webhook is not active")
                self._keep(environment, outgoing.row)
                return
            url, secret = hook.url, hook.secret or None
        _change(outgoing, url=url.partition("?")[0])
        if not outgoing.headers:
            outgoing.headers = headers_of(secret, environment.clock.now(), environment.switches)
        try:
            response = await self.calls.post(url, outgoing.row.body.encode(), outgoing.headers, ANSWER_SECONDS)
        except CallFailedError as error:
            _change(outgoing, failure=str(error))
        else:
            _change(outgoing, status=response.status, received=text_of(response.body))
        self._count(environment, outgoing.row)
        self._keep(environment, outgoing.row)

    def _count(self, environment: EmulatedEnvironment, row: DeliveryRow) -> None:
        """Count the result of a call, and disable the webhook after too many consecutive failures."""
        hook = environment.state.table(WebhookRow).get(row.webhook_id or "")
        if hook is None:
            return
        failures = 0 if row.status is not None and row.status in _SUCCESS else hook.failures + 1
        fails = failures >= MAX_FAILURES and environment.switches[WebhookSwitches].webhook_after_failures == "disable"
        environment.state.put(
            msgspec.structs.replace(
                hook, invocations=hook.invocations + 1, failures=failures, is_active=hook.is_active and not fails
            )
        )

    def _keep(self, environment: EmulatedEnvironment, row: DeliveryRow) -> None:
        """Store the result of a delivery, unless the log was emptied during the call."""
        if row.id in environment.state.table(DeliveryRow):
            environment.state.put(row)
        self._store(environment)

    def _store(self, environment: EmulatedEnvironment) -> None:
        """Store the changes of the log now. Otherwise they would count as changes by the next request."""
        if environment.state.changes:
            self.world.commit(environment, counts=False)
            self.world.subscribers.publish_change("deliveries", environment.client_id)


def _change(outgoing: Outgoing, **changes: object) -> None:
    outgoing.row = msgspec.structs.replace(outgoing.row, **changes)


def _add(environment: EmulatedEnvironment, row: DeliveryRow) -> None:
    """Add a delivery to the log."""
    rows = environment.state.table(DeliveryRow)
    if len(rows) >= MAX_ROWS:
        environment.state.remove(DeliveryRow, next(iter(rows)))
    environment.state.put(row)


def _start(work: Coroutine[object, object, None]) -> asyncio.Task[None]:
    """Start a task without the context variables of the request that caused it."""
    return asyncio.get_running_loop().create_task(work, context=contextvars.Context())
