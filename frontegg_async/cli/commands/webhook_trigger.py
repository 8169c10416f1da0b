"""``frontegg webhooks trigger``: send a signed event to a webhook receiver, as the service does."""

from __future__ import annotations

import asyncio
import difflib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final, cast, get_args
from uuid import uuid4

import aiohttp
import click

from frontegg_async._core.checks.arguments import check_url
from frontegg_async._values.json_values import JsonValue
from frontegg_async.cli.command import Argument, Command
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.parameters import JsonText
from frontegg_async.cli.secret_files import read_secret
from frontegg_async.cli.session import Session
from frontegg_async.webhooks import EventKeyLiteral, PrehookEventKeyLiteral, SignedEvent, sign

_KEYS: Final[tuple[str, ...]] = (*get_args(EventKeyLiteral), *get_args(PrehookEventKeyLiteral))
_FIELDS: Final = ("event_key", "url", "status", "body", "response")
_SECONDS: Final = 30.0
_LONGEST: Final = 4_096
"""The most bytes of a response in the output."""


def trigger(name: str) -> Command:
    """Return the command ``frontegg webhooks trigger``.

    Args:
        name: The name of the command.
    """

    @click.option("--tenant", default="acme", show_default=True, metavar="ID", help="The account of the event.")
    @click.option("--body", type=JsonText(), metavar="JSON", help="The whole body, or @FILE to read it from a file.")
    def run(session: Session, *, event: str, url: str, tenant: str, body: object) -> int:
        check_url(url, "URL", example="http://127.0.0.1:8000/hooks")
        if session.secret_file is None:
            advice = "Give --secret-file with the secret of the webhook, or --secret-file - for standard input."
            raise CommandError("the secret of the webhook is missing", ExitCode.USAGE, advice)
        session.check_fields(_FIELDS)
        if event not in _KEYS:
            near = difflib.get_close_matches(event, _KEYS, 1)
            meant = f"; did you mean {near[0]}?" if near else ""
            session.say(f"this version does not know the event {event}{meant}")
        signed = sign(body_of(event, tenant) if body is None else _object(body), read_secret(session.secret_file))
        status, text = asyncio.run(_post(url, signed))
        record = {"event_key": event, "url": url, "status": status, "body": json.loads(signed.body), "response": text}
        session.show(record, id_field="status")
        return ExitCode.DONE if status < HTTPStatus.MULTIPLE_CHOICES else ExitCode.ERROR

    return Command(
        name,
        run,
        params=[
            Argument("event", "The key of the event, such as frontegg.user.created.", metavar="EVENT"),
            Argument("url", "The address of the receiver.", metavar="URL"),
        ],
        help="Send a signed event to a receiver.\n\n"
        "The request has the format of the service's requests, with fictitious ids. The output has the response of the "
        "receiver. --secret-file is a file with the secret of the webhook, not the secret of the environment. Nothing "
        "is sent to the service. The exit code is 1 if the receiver refuses the event.",
        examples=(
            f"webhooks {name} frontegg.user.created http://127.0.0.1:8000/hooks --secret-file secret.txt",
            f"webhooks {name} frontegg.tenant.deleted http://127.0.0.1:8000/hooks --secret-file secret --tenant acme",
        ),
    )


def _object(body: object) -> Mapping[str, object]:
    if not isinstance(body, dict):
        raise CommandError("--body must be a JSON object", ExitCode.USAGE)
    return cast("dict[str, object]", body)


async def _post(url: str, signed: SignedEvent) -> tuple[int, str]:
    """Send an event, and return the status and the beginning of the response."""
    timeout = aiohttp.ClientTimeout(total=_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
            http.post(url, data=signed.body, headers=signed.headers, timeout=timeout, allow_redirects=False) as answer,
        ):
            return answer.status, (await answer.content.read(_LONGEST)).decode(errors="replace")
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        reason = f": {error}" if str(error) else ""
        raise CommandError(f"{url} does not respond ({type(error).__name__}{reason})") from None


def body_of(event: str, tenant_id: str) -> dict[str, JsonValue]:
    """Return the body of an event in the format of the service, with fictitious ids.

    Args:
        event: The key of the event.
        tenant_id: The account of the event.
    """
    subject, *path = event.removeprefix("ffrontegg.").removeprefix("frontegg.").split(".")
    subject = path[0] if subject == "scim" and path else subject
    made_at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    user_id = str(uuid4())
    context: dict[str, JsonValue] = {"vendorId": str(uuid4()), "tenantId": tenant_id}
    found: dict[str, JsonValue] = {"tenantId": tenant_id, "createdAt": made_at, "updatedAt": made_at}
    if subject == "tenant":
        found |= {"id": str(uuid4()), "name": tenant_id.title(), "isReseller": False, "metadata": "{}"}
    elif subject in {"user", "users"}:
        context["userId"] = user_id
        found |= {
            "id": user_id,
            "email": "ann@example.com",
            "name": "Ann Example",
            "verified": True,
            "tenantIds": [tenant_id],
            "roles": [],
            "permissions": [],
        }
    else:
        found["id"] = str(uuid4())
    return {"eventKey": event, "eventContext": context, subject if event.count(".") > 1 else "data": found}
