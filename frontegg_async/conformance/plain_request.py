"""Requests with headers, and to addresses, that no client of this SDK sends requests with."""

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
    """Make one request and return the answer, of whatever status; a redirect is not followed.

    Args:
        method: The HTTP method.
        url: The address.
        headers: The headers beside those of HTTP; none by default.
        body: A JSON value; ``None`` for no body.

    Raises:
        NotTriedError: No answer came, or the service limits requests or fails.
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
    # Outside the handler: what failed has the headers in its traceback.
    raise NotTriedError(f"no answer came: {failure}")


def check_answered(status: int) -> None:
    """Refuse an answer that says nothing about the behaviour: of a bad day of the service.

    Raises:
        NotTriedError: The service limits requests, or fails.
    """
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise NotTriedError(f"it answers {status}")
