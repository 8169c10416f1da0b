"""Requests with headers and addresses that the clients of this SDK never use."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import aiohttp

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Hidden
from frontegg_async._version import __version__
from frontegg_async.conformance.answer import Answer, parse
from frontegg_async.conformance.not_tried import NotTriedError

_AGENT: Final = f"frontegg-async/{__version__} conformance"
_SECONDS: Final = 30


async def send_plainly(
    method: str, url: str, headers: Hidden[Mapping[str, str]] | None = None, body: Hidden[JsonValue] | None = None
) -> Answer:
    """Send one request and return the answer, whatever its status. Redirects are not followed.

    Args:
        method: The HTTP method.
        url: The address.
        headers: Additional headers; none by default.
        body: A JSON value; ``None`` for no body.

    Raises:
        NotTriedError: There was no response, or the status is 429 or a server error.
    """
    try:
        async with (
            aiohttp.ClientSession(
                headers={"User-Agent": _AGENT},
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=_SECONDS),
            ) as session,
            session.request(
                method,
                url,
                headers=None if headers is None else headers.reveal(),
                json=None if body is None else body.reveal(),
                allow_redirects=False,
            ) as response,
        ):
            content = Hidden(await response.read())
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        failure = type(error).__name__
    else:
        check_answered(response.status)
        return Answer(
            status=response.status,
            body=parse(content.reveal()),
            is_empty=not content.reveal().strip(),
            trace_id=response.headers.get("frontegg-trace-id"),
        )
    # Raise outside the handler, since the original traceback contains the headers.
    raise NotTriedError(f"there was no response: {failure}")


def check_answered(status: int) -> None:
    """Refuse a response that is no evidence of the behaviour, since the service limits requests or fails.

    Raises:
        NotTriedError: The status is 429 or a server error.
    """
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise NotTriedError(f"the service answers {status}")
