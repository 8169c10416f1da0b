"""`HookCalls`: calls the addresses of webhooks and prehooks, signed and within limits."""

from __future__ import annotations

import ipaddress
import math
import uuid
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import attrs

from frontegg_async._values.hook_signatures import SIGNATURE_HEADER, SIGNATURE_SECONDS, sign_claims
from frontegg_async.emulator.services.webhooks.switches import WebhookSwitches
from frontegg_async.emulator.store.switches import Switches

TRACE_HEADER: Final = "frontegg-trace-id"
USER_AGENT: Final = "FrontEgg HTTP Client"
"""What calls are sent by, as in a recorded delivery; the admin API refuses it."""
_HEADERS: Final = {
    "Accept": "application/json, text/plain, */*",
    "Content-Type": "application/json",
    "User-Agent": USER_AGENT,
}
MAX_RECEIVED: Final = 64 * 1024
"""How many bytes of a response are read."""


class CallFailedError(Exception):
    """A call has no response; the message says why."""


@attrs.frozen
class HookResponse:
    """The response to a call: its status, and the beginning of its body."""

    status: int
    body: bytes


def headers_of(secret: str | None, now: float, switches: Switches) -> dict[str, str]:
    """Return the headers of a call: an id of its own, and with a secret the signature.

    The id is not one of the environment, whose seeded ids would differ with each call.

    Args:
        secret: The secret of the hook; ``None`` for no signature.
        now: The time, in seconds since the epoch.
        switches: The switches, which choose the claims of the signature.
    """
    headers = {TRACE_HEADER: str(uuid.uuid4())}
    return headers if secret is None else {**headers, SIGNATURE_HEADER: sign(secret, now, switches)}


def sign(secret: str, now: float, switches: Switches) -> str:
    """Return the header that proves that the sender has the secret: a JWT that does not cover the body.

    Args:
        secret: The secret of the hook.
        now: The time, in seconds since the epoch.
        switches: The switches, which choose the claims.
    """
    issued = math.floor(now)
    claims: dict[str, int] = {} if switches[WebhookSwitches].webhook_claims == "none" else {"iat": issued}
    if switches[WebhookSwitches].webhook_claims == "iat_exp":
        claims["exp"] = issued + SIGNATURE_SECONDS
    return sign_claims(claims, secret)


def is_loopback(url: str) -> bool:
    """Return whether an address is of this machine: ``localhost``, a name below it, or a loopback address."""
    host = (urlsplit(url).hostname or "").removesuffix(".")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@attrs.define(eq=False)
class HookCalls:
    """Calls addresses by ``POST``; opens its session with the first call.

    Args:
        any_host: Whether addresses of other machines are called.
    """

    any_host: bool = False
    _session: aiohttp.ClientSession | None = attrs.field(default=None, init=False)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> HookResponse:
        """Send a JSON body, and return the response; redirects are not followed.

        Args:
            url: The address.
            body: The JSON text.
            headers: More headers.
            seconds: How long the response may take.

        Raises:
            CallFailedError: There is no response, or the address is of another machine.
        """
        if not self.any_host and not is_loopback(url):
            raise CallFailedError(
                "the emulator calls this machine only: start it with --allow-nonloopback-hooks, in a program with "
                "Emulator(allow_nonloopback_hooks=True)"
            )
        if self._session is None:
            # A connection for each call, since receivers in tests come and go.
            connector = aiohttp.TCPConnector(force_close=True, limit=0)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        sent = {**_HEADERS, **headers}
        timeout = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._session.post(
                url, data=body, headers=sent, timeout=timeout, allow_redirects=False
            ) as response:
                return HookResponse(response.status, await _read(response.content))
        except TimeoutError:
            raise CallFailedError(f"there was no response within {seconds:g} seconds") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise CallFailedError(f"{type(error).__name__}: {error}"[:200]) from None

    async def close(self) -> None:
        """Close the session; calls that are not finished fail."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


async def _read(content: aiohttp.StreamReader) -> bytes:
    read = bytearray()
    while len(read) < MAX_RECEIVED and (part := await content.read(MAX_RECEIVED - len(read))):
        read += part
    return bytes(read)


def text_of(raw: bytes) -> str:
    """Return a body as text; what is not UTF-8 is replaced."""
    return raw.decode(errors="replace")
