"""`HookCalls`: calls the addresses of webhooks and prehooks, with a signature and limits."""

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
"""The user agent of calls, as a recorded delivery of the service has it. The admin API refuses this user agent."""
_HEADERS: Final = {
    "Accept": "application/json, text/plain, */*",
    "Content-Type": "application/json",
    "User-Agent": USER_AGENT,
}
MAX_RECEIVED: Final = 64 * 1024
"""The number of bytes of a response that are read. Further bytes are ignored."""


class CallFailedError(Exception):
    """A call failed without a usable response. The message is the reason."""


@attrs.frozen
class HookResponse:
    """The response to a call of a webhook or prehook: the status and the beginning of the body."""

    status: int
    body: bytes


def headers_of(secret: str | None, now: float, switches: Switches) -> dict[str, str]:
    """Return the headers of a call: a unique id, and the signature if there is a secret.

    The id does not come from the environment's generator of ids. Otherwise calls would change the ids of later objects.

    Args:
        secret: The secret of the hook, or ``None`` for a call without a signature.
        now: The time, in seconds since the epoch.
        switches: The switches, which choose the claims of the signature.
    """
    headers = {TRACE_HEADER: str(uuid.uuid4())}
    return headers if secret is None else {**headers, SIGNATURE_HEADER: sign(secret, now, switches)}


def sign(secret: str, now: float, switches: Switches) -> str:
    """Return a JWT as the value of a header. It proves that the sender knows the secret; it does not cover the body.

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
    """Return whether an address is on this machine: ``localhost``, a name below ``localhost``, or a loopback IP."""
    host = (urlsplit(url).hostname or "").removesuffix(".")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@attrs.define(eq=False)
class HookCalls:
    """Calls addresses with ``POST``. The first call opens the HTTP session.

    Args:
        any_host: Whether addresses on other machines are called too.
    """

    any_host: bool = False
    _session: aiohttp.ClientSession | None = attrs.field(default=None, init=False)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> HookResponse:
        """Send a JSON body to an address, and return the response. Redirects are not followed.

        Args:
            url: The address.
            body: The JSON text.
            headers: The headers to add.
            seconds: The maximum time to wait for the response, in seconds.

        Raises:
            CallFailedError: No response arrived, or the address is on another machine and may not be called.
        """
        if not self.any_host and not is_loopback(url):
            raise CallFailedError(
                "the emulator only calls this machine: start it with --allow-nonloopback-hooks, or in a program with "
                "Emulator(allow_nonloopback_hooks=True)"
            )
        if self._session is None:
            # Each call uses a new connection, since receivers in tests start and stop.
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
        """Close the session. Calls that have not ended fail."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


async def _read(content: aiohttp.StreamReader) -> bytes:
    read = bytearray()
    while len(read) < MAX_RECEIVED and (part := await content.read(MAX_RECEIVED - len(read))):
        read += part
    return bytes(read)


def text_of(raw: bytes) -> str:
    """Return a body as text. Bytes that are not UTF-8 become replacement characters."""
    return raw.decode(errors="replace")
