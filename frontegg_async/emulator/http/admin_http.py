"""`AdminHttp`: serves the admin API and the dashboard without credentials, and refuses cross-site requests."""

from __future__ import annotations

import logging
import os
import re
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote

from aiohttp import web

from frontegg_async.emulator.admin.api import ROOT, find_verb
from frontegg_async.emulator.admin.verbs import Verbs
from frontegg_async.emulator.checks.json_input import read_json
from frontegg_async.emulator.dashboard.static_files import ADDRESS, page_of
from frontegg_async.emulator.http.cross_site import cross_site_refusal
from frontegg_async.emulator.http.encoding import encode_response
from frontegg_async.emulator.http.events import last_of, send_events
from frontegg_async.emulator.http.hook_calls import USER_AGENT
from frontegg_async.emulator.http.requests import UnreadableBodyError, read_body, target_of
from frontegg_async.emulator.services.support.emulated_response import EMPTY, EmulatedResponse
from frontegg_async.emulator.world.connections import Connection
from frontegg_async.emulator.world.subscribers import MAX_SUBSCRIBERS
from frontegg_async.emulator.world.world import World

_ENVIRONMENTS: Final = "environments/"
_EVENTS: Final = re.compile(rf"{ROOT}/(?:environments/(?P<client_id>[^/]+)/)?events")

log: logging.Logger = logging.getLogger("frontegg_async.emulator")


class _TooManySubscribersError(Exception):
    """The event stream has the maximum number of subscribers already."""


class AdminHttp:
    """Serves the admin API and the dashboard.

    Args:
        world: The state of the whole emulator.
    """

    def __init__(self, world: World) -> None:
        self._verbs = Verbs(world)

    async def handle(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        """Serve a request to the admin API or the dashboard."""
        method = request.method
        path, _, query = target_of(request).partition("?")
        page = page_of(path) if method in {"GET", "HEAD"} else None
        stream = _EVENTS.fullmatch(path) if method == "GET" else None
        refused = self._refusal(request, is_page=page is not None, is_stream=stream is not None)
        try:
            if refused is not None:
                result = refused
            elif page is not None:
                result = page
            elif stream is not None:
                return await self._events(request, connection, stream["client_id"], query)
            else:
                result = self.run(method, path, await read_body(request))
        except UnreadableBodyError as error:
            result = admin_error(HTTPStatus.BAD_REQUEST, str(error))
        except LookupError as error:
            result = admin_error(HTTPStatus.NOT_FOUND, str(error.args[0]))
        except ValueError as error:
            result = admin_error(HTTPStatus.BAD_REQUEST, str(error))
        except _TooManySubscribersError:
            result = admin_error(
                HTTPStatus.SERVICE_UNAVAILABLE, f"the event stream has {MAX_SUBSCRIBERS} readers already"
            )
        encoded = encode_response(result, os.urandom(16).hex())
        response = web.Response(
            status=encoded.status, reason=encoded.reason, headers=encoded.headers, body=encoded.body
        )
        if request.content.exception() is not None:
            response.force_close()
        return response

    async def _events(
        self, request: web.BaseRequest, connection: Connection, client_id: str | None, query: str
    ) -> web.StreamResponse:
        world = self._verbs.world
        environment = None if client_id is None else self._verbs.environment(unquote(client_id)).client_id
        last = last_of(query)
        if world.subscribers.is_full:
            raise _TooManySubscribersError
        return await send_events(request, connection, world, environment, last)

    def run(self, method: str, path: str, raw: bytes) -> EmulatedResponse:
        """Run the verb of a request, and return its response."""
        if not path.startswith(f"{ROOT}/"):
            return admin_error(HTTPStatus.NOT_FOUND, f"the admin API is under {ROOT}/, the dashboard at {ADDRESS}")
        try:
            verbs, name = self._target(path.removeprefix(f"{ROOT}/"))
            verb = find_verb(method, name)
            body = read_json(raw, "the body") if raw.strip() else None
            result = verb(verbs, body)
        except LookupError as error:
            return admin_error(HTTPStatus.NOT_FOUND, str(error.args[0]))
        except (ValueError, RecursionError, OverflowError) as error:
            return admin_error(HTTPStatus.BAD_REQUEST, str(error))
        except Exception:
            log.exception("the emulator failed on %s %s", method, path)
            return admin_error(HTTPStatus.INTERNAL_SERVER_ERROR, "the emulator failed: see its log")
        return EmulatedResponse(status=204, body=EMPTY) if result is None else EmulatedResponse(body=result)

    def _refusal(self, request: web.BaseRequest, *, is_page: bool, is_stream: bool) -> EmulatedResponse | None:
        if request.headers.get("User-Agent") == USER_AGENT:
            # The admin API needs no credential. Without this check, a user could let the emulator call its own admin
            # API through a webhook.
            return admin_error(HTTPStatus.FORBIDDEN, "the admin API refuses calls of webhooks and prehooks")
        found = cross_site_refusal(
            request.method,
            request.headers,
            has_body=request.body_exists,
            is_page=is_page,
            is_stream=is_stream,
            public_origin=self._verbs.world.issuer,
        )
        return None if found is None else admin_error(found.status, found.reason)

    def _target(self, path: str) -> tuple[Verbs, str]:
        if not path.startswith(_ENVIRONMENTS):
            return self._verbs, path
        client_id, _, name = path.removeprefix(_ENVIRONMENTS).partition("/")
        return self._verbs.environment(unquote(client_id)), name


def admin_error(status: HTTPStatus, text: str) -> EmulatedResponse:
    """Return an error response of the admin API."""
    return EmulatedResponse(status=status, body={"error": text})
