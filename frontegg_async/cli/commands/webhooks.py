"""``frontegg webhooks``: the commands of the resource, ``listen`` and ``trigger``."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import sys
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import attrs
import click
from aiohttp import web

from frontegg_async._core.checks.arguments import check_url
from frontegg_async._formats.records import Record
from frontegg_async._values.json_values import parse_unique
from frontegg_async._values.printable import printable
from frontegg_async._values.secret import Secret
from frontegg_async.cli.background_output import BackgroundOutput
from frontegg_async.cli.command import Command, Entry, Group, entry_of
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.operations import noun
from frontegg_async.cli.secret_files import read_secret
from frontegg_async.cli.session import Session
from frontegg_async.errors import FronteggError, WebhookPayloadError, WebhookVerificationError
from frontegg_async.regions import is_loopback, parse_base_url
from frontegg_async.webhooks import WebhookVerifier, parse_event

_COLUMNS: Final = ("event_key", "tenant_id", "user_id", "verified", "forwarded", "payload")
_FORWARD_SECONDS: Final = 10.0
_FORWARDED: Final = ("content-encoding", "content-type", "frontegg-trace-id", "user-agent", "x-webhook-secret")
"""The headers that are forwarded with a call."""


def webhooks(name: str) -> Group:
    """Return the command ``frontegg webhooks``.

    Args:
        name: The name of the command.
    """
    group = noun(name)
    group.entries["listen"] = entry_of(_listen(name))
    group.entries["trigger"] = Entry(
        "frontegg_async.cli.commands.webhook_trigger:trigger",
        "Send a signed event to a receiver.",
    )
    return group


def _listen(noun: str) -> Command:
    @click.option(
        "--port", type=click.IntRange(0, 65535), default=0, help="The port to listen on. The default is a free port."
    )
    @click.option(
        "--register",
        "keys",
        multiple=True,
        metavar="KEY",
        help="Create a webhook for this event, and delete it at the end. May be repeated.",
    )
    @click.option(
        "--tenant",
        metavar="ID",
        help="The account of the webhook of --register. The default is a webhook of the whole environment.",
    )
    @click.option(
        "--url", metavar="URL", help="The address at which the service reaches this machine. Needs --register."
    )
    @click.option(
        "--hook-secret-file",
        type=click.Path(path_type=Path, allow_dash=True),
        help="A file with the secret of the webhook. Calls without a valid signature receive the status 401.",
    )
    @click.option(
        "--forward", metavar="URL", help="Forward each call to this address, and return the status of the response."
    )
    @click.option(
        "--count",
        type=click.IntRange(0),
        help="End after this number of calls. 0 only tests whether the command can listen.",
    )
    def run(
        session: Session,
        *,
        port: int,
        keys: tuple[str, ...],
        tenant: str | None,
        url: str | None,
        hook_secret_file: Path | None,
        forward: str | None,
        count: int | None,
    ) -> None:
        if forward is not None:
            check_url(forward, "--forward", example="http://127.0.0.1:8000/hooks")
            if port and urlsplit(forward).port == port and is_loopback(urlsplit(forward).hostname or ""):
                raise click.UsageError(
                    "--forward must not be the address of this command: it would forward calls to itself."
                )
        if url is not None and not keys:
            raise click.UsageError("--url is the address of the webhook that --register creates: give both.")
        if tenant is not None and not keys:
            raise click.UsageError("--tenant is the account of the webhook that --register creates: give both.")
        secret = None if hook_secret_file is None else read_secret(hook_secret_file)
        if keys and not url and not _is_here(session.connection.base_url):
            raise CommandError(
                "the service cannot reach this machine directly",
                ExitCode.USAGE,
                "Give --url with the address of a tunnel to this machine.",
            )
        if keys and secret is None:
            secret = Secret(secrets.token_urlsafe(32))
        session.check_fields(_COLUMNS)

        async def listen() -> None:
            async with (
                listener.up(port) as address,
                _registered(session, tenant, url=url or address, secret=secret, keys=keys),
            ):
                session.say(f"listening at {address}")
                if keys and tenant is None:
                    session.say("the webhook is for the events of all accounts; --tenant ID limits it to one account")
                output.start(asyncio.get_running_loop(), listener.ended.set)
                await listener.ended.wait()

        with BackgroundOutput[Record](lambda calls: _write(session, calls), session.say, "calls") as output:
            listener = _Listener(None if secret is None else WebhookVerifier(secret), forward, output.put, count)
            asyncio.run(listen())

    return Command(
        "listen",
        run,
        help="Show the calls of webhooks to this machine, until Ctrl-C.\n\n"
        "The command listens on the loopback interface, where an emulator can reach it. The service needs a tunnel.",
        examples=(
            f"{noun} listen --register frontegg.user.created --tenant acme",
            f"{noun} listen --port 8765 --hook-secret-file secret.txt --forward http://127.0.0.1:8000/hooks",
        ),
    )


def _is_here(base_url: str | None) -> bool:
    return base_url is not None and parse_base_url(base_url).is_loopback


@contextlib.asynccontextmanager
async def _registered(
    session: Session, tenant: str | None, *, url: str, secret: Secret | None, keys: tuple[str, ...]
) -> AsyncGenerator[None]:
    """Create a webhook for the given events, if any. Delete the webhook at the end of the ``with`` block."""
    if not keys or secret is None:
        yield
        return
    async with session.client() as client:
        hooks = client.webhooks.of_environment if tenant is None else client.for_tenant(tenant).webhooks
        hook = await hooks.create(url=url, secret=secret, event_keys=keys, display_name="frontegg webhooks listen")
        try:
            yield
        finally:
            try:
                await hooks.delete(hook.id)
            except FronteggError:
                of = "of-environment delete" if tenant is None else f"delete {tenant}"
                session.say(f"the webhook {hook.id} is not deleted; to delete it: frontegg webhooks {of} {hook.id}")
                raise
            session.writes.clear()


def _write(session: Session, calls: Iterator[Record]) -> None:
    """Write the calls as they arrive, as lines of text or in the chosen format."""
    if session.format == "table":
        sys.stdout.writelines(map(_for_people, calls))
    else:
        asyncio.run(session.show_all(calls, columns=_COLUMNS, id_field="event_key", what="calls"))


def _for_people(record: Record) -> str:
    ends = {True: "verified", False: "NOT VERIFIED", None: "not verified: no secret is given"}
    facts = [
        record["event_key"] or "no event",
        ends[record["verified"] if isinstance(record["verified"], bool) else None],
    ]
    if record["tenant_id"]:
        facts.insert(1, f"tenant {record['tenant_id']}")
    if record["forwarded"] is not None:
        facts.append(f"forwarded: {record['forwarded'] or 'no response'}")
    lines = [", ".join(map(str, facts)), *json.dumps(record["payload"], indent=2, ensure_ascii=False).splitlines()]
    return "".join(f"{printable(line)}\n" for line in lines)


@attrs.define(eq=False)
class _Listener:
    """A server that receives the calls of webhooks.

    Args:
        verifier: Verifies the calls. ``None`` if no secret is given.
        forward: The address to forward each call to.
        show: Shows a call, without waiting.
        left: The number of calls to show; ``None`` for no limit.
    """

    verifier: WebhookVerifier | None
    forward: str | None
    show: Callable[[Record], None]
    left: int | None
    ended: asyncio.Event = attrs.field(factory=asyncio.Event, init=False)
    """Set after the last call."""
    _session: aiohttp.ClientSession | None = attrs.field(default=None, init=False)

    @contextlib.asynccontextmanager
    async def up(self, port: int) -> AsyncGenerator[str]:
        """Listen on the loopback interface; yield the address."""
        server = web.Server(self._handle, auto_decompress=False)  # bodies are forwarded unchanged
        runner = web.ServerRunner(server, shutdown_timeout=0.05)
        await runner.setup()
        if self.left == 0:
            self.ended.set()
        try:
            try:
                await web.TCPSite(runner, "127.0.0.1", port).start()
            except OSError as error:
                raise CommandError(f"cannot listen on port {port}: {error.strerror}", ExitCode.USAGE) from None
            async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as self._session:
                yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
        finally:
            await runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method != "POST":
            return web.Response(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "POST"})
        try:
            body = await request.read()  # aiohttp refuses a body of more than a megabyte with 413
        except OSError:  # the sender has disconnected
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        verified = self._verify(request.headers)
        status = HTTPStatus.UNAUTHORIZED.value if verified is False else HTTPStatus.OK.value
        forwarded = None
        if self.forward is not None and verified is not False:
            forwarded = await self._pass_on(request.headers, body)
            status = forwarded or HTTPStatus.BAD_GATEWAY.value
        if not self.ended.is_set():
            self.show({**_fields_of(body), "verified": verified, "forwarded": forwarded})
            self.left = None if self.left is None else self.left - 1
            if self.left == 0:
                self.ended.set()
        return web.Response(status=status)

    def _verify(self, headers: Mapping[str, str]) -> bool | None:
        if self.verifier is None:
            return None
        try:
            self.verifier.verify(headers)
        except WebhookVerificationError:
            return False
        return True

    async def _pass_on(self, headers: Mapping[str, str], body: bytes) -> int:
        """Forward a call, and return the status of the response; 0 without a response."""
        assert self._session is not None  # noqa: S101 - set while the server listens
        assert self.forward is not None  # noqa: S101 - as above
        sent = {name: headers[name] for name in _FORWARDED if name in headers}
        timeout = aiohttp.ClientTimeout(total=_FORWARD_SECONDS)
        try:
            async with self._session.post(
                self.forward, data=body, headers=sent, timeout=timeout, allow_redirects=False
            ) as response:
                return response.status
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
            return 0


def _fields_of(body: bytes) -> Record:
    """Return the fields of a body for output."""
    try:
        event = parse_event(body)
    except WebhookPayloadError:
        try:
            payload: object = parse_unique(body)
        except (ValueError, RecursionError):
            payload = body.decode(errors="replace")
        return {"event_key": None, "tenant_id": None, "user_id": None, "payload": payload}
    return {
        "event_key": event.event_key,
        "tenant_id": event.tenant_id,
        "user_id": event.user_id,
        "payload": dict(event.payload),
    }
