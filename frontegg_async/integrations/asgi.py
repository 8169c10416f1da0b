"""A middleware for any ASGI app, such as Starlette or Litestar, that verifies the token of each request.

This module needs the extra ``jwt``, and no framework::

    verifier = AsyncTokenVerifier(domain="app-acme", audience="your client id")
    app = Starlette(routes=routes, middleware=[Middleware(VerifiedUsers, verifier=verifier)])

    async def show(request: Request) -> Response:
        return PlainTextResponse(current_claims(request.scope).tenant_id)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import Final, TypeAlias, cast
from urllib.parse import unquote

from frontegg_async._values.kinds import kind_of
from frontegg_async._values.secret import Secret
from frontegg_async.errors import FronteggError, InvalidArgumentError
from frontegg_async.integrations.problems import CONTENT_TYPE, Problem, log_problem, problem_of
from frontegg_async.integrations.request_credentials import API_KEY, AUTHORIZATION, hidden, verify
from frontegg_async.models.claims import Claims
from frontegg_async.verification.access_token_verifier import AsyncAccessTokenVerifier
from frontegg_async.verification.token_verifier import AsyncTokenVerifier

__all__ = ["AsgiApp", "Receive", "Scope", "Send", "VerifiedUsers", "current_claims"]

# These three types accept the corresponding types of frameworks.
Scope: TypeAlias = Mapping[str, object]
"""The scope of a request or a web socket."""

Receive: TypeAlias = Callable[[], Awaitable[object]]
"""A function that receives a message of ASGI."""

Send: TypeAlias = Callable[..., Awaitable[None]]
"""A function that sends a message of ASGI."""

AsgiApp: TypeAlias = Callable[..., Awaitable[None]]
"""An ASGI app: a function of a `Scope`, a `Receive` and a `Send`."""

_USER: Final = "user"
"""The key of the claims in the scope. Starlette and Litestar return its value as ``request.user``."""

_POLICY_VIOLATION: Final = 1008
"""The close code of a refused web socket."""

_NO_CLAIMS: Final = (
    "the token of this request was not verified: put VerifiedUsers around the app, and do not list this path as public"
)


class VerifiedUsers:
    """A middleware that rejects requests and web sockets without a valid token.

    ``Authorization`` carries the token of a user or of an API token, and ``x-api-key`` an access token. The service
    returns the claims of an access token. A request without a valid token, or with more than one token, gets problem
    details with 401, or with 503 if the token cannot be verified at the moment. A web socket is refused in the same
    way, or closed with 1008 if the server cannot send a response. The app finds the claims as ``user`` in the scope.
    Starlette and Litestar return them as ``request.user``. The middleware adds the token headers to ``Vary`` of each
    response.

    Args:
        app: The app.
        verifier: Verifies the tokens. You can make the verifier at import, since its connections end with
            the event loop.
        access_token_verifier: Verifies access tokens. Without it, ``x-api-key`` is ignored.
        public: The whole paths that need no token, such as ``/health``. Patterns are not supported. Each path must
            equal ``path`` in the scope, and the decoded path that the server received.

    Raises:
        InvalidArgumentError: An argument has a wrong type. The message names the argument.
    """

    def __init__(
        self,
        app: AsgiApp,
        *,
        verifier: AsyncTokenVerifier,
        access_token_verifier: AsyncAccessTokenVerifier | None = None,
        public: Collection[str] = (),
    ) -> None:
        given: Mapping[str, tuple[object, type]] = {
            "verifier": (verifier, AsyncTokenVerifier),
            "access_token_verifier": (access_token_verifier, AsyncAccessTokenVerifier),
        }
        for name, (value, kind) in given.items():
            if not isinstance(value, kind) and (value is not None or value is verifier):
                raise InvalidArgumentError(f"{name} must be an {kind.__name__}, not {kind_of(value)}")
        self._app = app
        self._verifier = verifier
        self._access = access_token_verifier
        self._headers = (AUTHORIZATION,) if access_token_verifier is None else (AUTHORIZATION, API_KEY)
        self._public = _check_public(public)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a request, or pass it to the app with the claims of its token.

        Args:
            scope: The scope of the request, the web socket or the lifespan.
            receive: Receives messages.
            send: Sends messages.
        """
        # Keep the headers out of this frame, which is part of an error's traceback.
        if scope["type"] == "lifespan" or self._is_public(scope):
            responding = self._app(scope, receive, send)
        else:
            varied = varying(send, self._headers)
            claims = await self._verify(scope)
            if isinstance(claims, Problem):
                responding = _refuse(claims, scope, receive, varied)
            else:
                responding = self._app({**scope, _USER: claims}, receive, varied)
        del scope
        await responding

    def _is_public(self, scope: Scope) -> bool:
        """Return whether a request needs no token, by the path in the scope and by the path that the server received.

        Litestar removes the prefix of a mounted app from ``path`` before its middleware runs. The remaining path may
        equal a public path.
        """
        received = cast("bytes | None", scope.get("raw_path"))
        if received is not None and unquote(received.partition(b"?")[0].decode("latin-1")) not in self._public:
            return False
        return scope["path"] in self._public

    async def _verify(self, scope: Scope) -> Claims | Problem:
        try:
            return await verify(_values(scope, AUTHORIZATION), _values(scope, API_KEY), self._verifier, self._access)
        except FronteggError as error:
            problem = problem_of(error)
            log_problem(error, problem)
            return problem


def current_claims(scope: Scope) -> Claims:
    """Return the verified claims of a request's token.

    Args:
        scope: The scope of a request that `VerifiedUsers` accepted: ``request.scope``.

    Raises:
        RuntimeError: The middleware is missing, or the path is public.
    """
    claims = scope.get(_USER)
    if not isinstance(claims, Claims):
        raise RuntimeError(_NO_CLAIMS)  # noqa: TRY004 - the program lacks the middleware
    return claims


def varying(send: Send, headers: Collection[str]) -> Send:
    """Return a function that sends messages, and adds headers to ``Vary`` of the response.

    Args:
        send: Sends a message.
        headers: The names of the headers. The function reads the collection when the response begins.
    """

    async def send_varied(message: Mapping[str, object]) -> None:
        if headers and message["type"] in {"http.response.start", "websocket.http.response.start"}:
            given = [*cast("Iterable[tuple[bytes, bytes]]", message.get("headers", ()))]
            others = [(name, value) for name, value in given if name.lower() != b"vary"]
            vary = [value.decode("latin-1") for name, value in given if name.lower() == b"vary"]
            known = {each.strip().lower() for each in ",".join(vary).split(",")}
            vary += sorted(header for header in headers if header.lower() not in known)
            message = {**message, "headers": [*others, (b"vary", ", ".join(vary).encode("latin-1"))]}
        await send(message)

    return send_varied


def _check_public(public: object) -> frozenset[str]:
    if isinstance(public, str) or not isinstance(public, Collection):
        raise InvalidArgumentError(f"public must be a collection of paths, such as ['/health'], not {kind_of(public)}")
    paths = frozenset(cast("Collection[object]", public))
    if not all(isinstance(path, str) and path.startswith("/") for path in paths):
        raise InvalidArgumentError("public may only have paths that begin with a slash, such as '/health'")
    return cast("frozenset[str]", paths)


def _values(scope: Scope, header: str) -> tuple[Secret, ...]:
    headers = cast("Iterable[tuple[bytes, bytes]]", scope["headers"])
    wanted = header.lower().encode()
    return hidden([value.decode("latin-1") for name, value in headers if name.lower() == wanted])


async def _refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    prefix = ""
    if scope["type"] == "websocket":
        await receive()  # the request to connect
        if "websocket.http.response" not in cast("Mapping[str, object]", scope.get("extensions") or {}):
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": problem.code})
            return
        prefix = "websocket."
    body = problem.encode()
    headers = {"Content-Type": CONTENT_TYPE, "Content-Length": str(len(body)), **problem.headers}
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": f"{prefix}http.response.start", "status": problem.status, "headers": raw})
    await send({"type": f"{prefix}http.response.body", "body": body})
