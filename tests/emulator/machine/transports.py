"""Two ways to call the emulator: its rules as functions, and the running server over real sockets."""

from __future__ import annotations

import http.client
import json
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias
from urllib.parse import quote, urlencode, urlsplit

import attrs
import msgspec

from frontegg_async.emulator.admin.verbs import Verbs
from frontegg_async.emulator.http.routes import route_table
from frontegg_async.emulator.services.support import incoming_call
from frontegg_async.emulator.services.support.emulated_response import EMPTY, JSON, RequestRefusedError, framework_error
from frontegg_async.emulator.world.signing_key import process_key
from frontegg_async.emulator.world.world import World

V1: Final = "/tenants/resources/tenants/v1"
V2: Final = "/tenants/resources/tenants/v2"


Query: TypeAlias = Sequence[tuple[str, object]]
Headers: TypeAlias = Mapping[str, str]
NO_HEADERS: Final[Headers] = {}


class ResponseLostError(Exception):
    """The connection ended without a response."""


@attrs.frozen
class Received:
    """A received response; ``body`` is `EMPTY` if there was none."""

    status: int
    body: Any


def path(base: str, *fields: str) -> str:
    """A path with its fields encoded."""
    return "/".join((base, *(quote(field, safe="") for field in fields)))


class Transport(Protocol):
    """A way to call one empty environment whose clock is stopped."""

    def send(
        self, method: str, target: str, body: object = EMPTY, query: Query = (), headers: Headers = NO_HEADERS
    ) -> Received:
        """Send a request of the service."""
        ...

    def admin(self, method: str, verb: str, body: object = None) -> Any:
        """Use a verb of the admin API."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


class RulesTransport:
    """Calls the rules as functions."""

    _ROUTES: Final = route_table()

    def __init__(self) -> None:
        world = World(process_key())
        self._environment = world.default
        self._environment.rng = random.Random(0)  # the same ids in every run
        self._verbs = Verbs(world, world.default)

    def send(
        self, method: str, target: str, body: object = EMPTY, query: Query = (), headers: Headers = NO_HEADERS
    ) -> Received:
        """Find the rule of a request and call it."""
        found = self._ROUTES.find(method, target)
        assert found is not None, f"{method} {target}"
        route, fields = found
        sent: Any = {} if body is EMPTY else json.loads(json.dumps(body))
        try:
            if route.shape is not None and (problems := route.shape.problems(sent, strict=True)):
                raise framework_error(400, problems)
            call = incoming_call.IncomingCall(
                tenant_id=headers.get("frontegg-tenant-id", ""),
                path=fields,
                query=incoming_call.Query(urlencode(query)),
                body=sent,
                raw_path=target,
            )
            answer = route.rule.run(self._environment, call)
        except RequestRefusedError as refusal:
            answer = refusal.response
        if answer.body is EMPTY or answer.content_type != JSON:
            return Received(answer.status, answer.body)
        raw = answer.body if isinstance(answer.body, bytes) else msgspec.json.encode(answer.body)
        return Received(answer.status, json.loads(raw))

    def admin(self, method: str, verb: str, body: object = None) -> Any:
        """Call the verbs that the machine uses."""
        given: Any = body
        verbs: dict[tuple[str, str], Callable[[], object]] = {
            ("GET", "snapshot"): self._verbs.snapshot,
            ("POST", "restore"): lambda: self._verbs.restore(given),
            ("POST", "clock"): lambda: {"now": self._tick(given)},
        }
        return msgspec.to_builtins(verbs[method, verb]())

    def _tick(self, body: dict[str, Any]) -> str:
        self._verbs.clock(advance=body.get("advance"), freeze=body.get("freeze"))
        return self._environment.clock.timestamp()

    def close(self) -> None:
        """Nothing is open."""


class HttpTransport:
    """Calls a separate environment of a running emulator, on one kept-alive connection."""

    def __init__(self, url: str, environment: str | None = None) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        self._headers = {"content-type": "application/json"}
        asked = {} if environment is None else {"client_id": environment}
        made = self._request("POST", "/_emulator/v1/environments", asked).body
        self.client_id: Final[str] = made["client_id"]
        self._admin = f"/_emulator/v1/environments/{made['client_id']}"
        self._credentials = {"clientId": made["client_id"], "secret": made["secret"]}
        self.authenticate()

    def authenticate(self) -> None:
        """Get a token, which is good for a day by the environment's clock."""
        token = self._request("POST", "/auth/vendor", self._credentials).body["token"]
        self._headers["authorization"] = f"Bearer {token}"

    def send(
        self, method: str, target: str, body: object = EMPTY, query: Query = (), headers: Headers = NO_HEADERS
    ) -> Received:
        """Send a request over the connection.

        Raises:
            ResponseLostError: It ended before there was an answer; the next request opens a new one.
        """
        return self._request(method, f"{target}?{urlencode(query)}" if query else target, body, headers)

    def admin(self, method: str, verb: str, body: object = None) -> Any:
        """Use a verb of the admin API, which must succeed."""
        answered = self._request(method, f"{self._admin}/{verb}", EMPTY if body is None else body)
        assert answered.status in {200, 204}, answered
        return answered.body

    def close(self) -> None:
        """Close the connection; the next request opens a new one."""
        self._connection.close()

    def _request(self, method: str, target: str, body: object, headers: Headers = NO_HEADERS) -> Received:
        raw = None if body is EMPTY else json.dumps(body).encode()
        try:
            self._connection.request(method, target, raw, {**self._headers, **headers})
            response = self._connection.getresponse()
            content = response.read()
        except (http.client.HTTPException, ConnectionError):
            self._connection.close()
            raise ResponseLostError from None
        assert response.headers["frontegg-trace-id"], "every answer has a trace id"
        is_json = response.headers.get_content_type() == "application/json"
        return Received(response.status, json.loads(content) if content and is_json else content or EMPTY)
