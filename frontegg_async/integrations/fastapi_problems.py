"""FastAPI: responses to refused requests, and to errors of the SDK that routes raise."""

import contextlib
from typing import Any, Final, TypeGuard, cast

from fastapi import FastAPI, HTTPException, Response
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, ExceptionHandler, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from frontegg_async.errors import FronteggError
from frontegg_async.integrations.asgi import varying
from frontegg_async.integrations.fastapi_routes import features_by_operation
from frontegg_async.integrations.fastapi_schemes import access_token_scheme, bearer_scheme
from frontegg_async.integrations.openapi import add_refusals
from frontegg_async.integrations.problems import CONTENT_TYPE, Problem, log_problem, logger, problem_of

_ASKED: Final = "frontegg_asked"
"""The key in the scope of a request for the token headers that affect the response."""

_FAILED: Final = 1011
"""The close code of a web socket after an error."""


def vary(connection: HTTPConnection, response: Response, header: str) -> None:
    """Add a header to ``Vary`` of the response, including a response that the route returns itself."""
    response.headers.add_vary_header(header)
    connection.scope.get(_ASKED, set()).add(header)


class ProblemError(HTTPException):
    """The error that the dependencies raise when they reject a request.

    After `add_problem_details`, the response has problem details. Otherwise it is FastAPI's response to an
    ``HTTPException``.

    Args:
        error: The error of the SDK that caused the rejection.
    """

    def __init__(self, error: FronteggError) -> None:
        self.error: FronteggError = error
        self.problem: Problem = problem_of(error)
        super().__init__(self.problem.status, self.problem.detail, self.problem.headers)


def log_and_wrap(error: FronteggError) -> ProblemError:
    """Log an error of the SDK, and return the `ProblemError` that a dependency raises."""
    problem_error = ProblemError(error)
    log_problem(error, problem_error.problem)
    return problem_error


def add_problem_details(app: FastAPI) -> None:
    """Respond with problem details (RFC 9457) when a route raises an error of the SDK.

    An accepted web socket is closed with 1011 and the ``code`` of the problem. Each response to a caller has the token
    headers in ``Vary``, including a response that the route returns itself. The OpenAPI document shows 401 and 403 for
    each route that depends on `CurrentClaims` or on `require`, unless the route describes them. If the route requires a
    feature, 403 names the feature, and the document also has 503.

    Args:
        app: The app, before it serves. A mounted app needs its own handlers.
    """
    app.add_middleware(_VaryMiddleware)
    app.add_exception_handler(FronteggError, cast("ExceptionHandler", _respond_to_error))
    app.add_exception_handler(ProblemError, cast("ExceptionHandler", _respond_to_problem))
    make_document = app.openapi

    def with_refusals() -> dict[str, Any]:
        document = make_document()
        schemes = (bearer_scheme.scheme_name, access_token_scheme.scheme_name)
        add_refusals(document, schemes, features_by_operation(app.routes))
        return document

    setattr(app, "openapi", with_refusals)  # noqa: B010 - FastAPI documents this; type checkers refuse "="


class _VaryMiddleware:
    """A middleware that adds the token headers to ``Vary`` of every response, however a route makes it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a request."""
        # Keep the headers out of this frame, which is part of an error's traceback.
        asked: set[str] = scope.setdefault(_ASKED, set[str]())

        responding = self._app(scope, receive, varying(send, asked))
        del scope
        await responding


async def _respond_to_error(connection: HTTPConnection, error: Exception) -> Response | None:
    failure = cast("FronteggError", error)
    problem = problem_of(failure)
    if _is_accepted(connection):
        await _close_socket(connection, failure, problem)
        return None
    log_problem(failure, problem)
    return _response(problem)


def _is_accepted(connection: HTTPConnection) -> TypeGuard[WebSocket]:
    return isinstance(connection, WebSocket) and connection.application_state is not WebSocketState.CONNECTING


async def _close_socket(socket: WebSocket, error: FronteggError, problem: Problem) -> None:
    # It is too late to send a status, so the log is the only place for the error.
    logger.warning("closing a web socket: %s: %s", type(error).__name__, error)
    if socket.application_state is WebSocketState.CONNECTED:
        with contextlib.suppress(WebSocketDisconnect):  # the peer is already gone
            await socket.close(_FAILED, problem.code)


async def _respond_to_problem(connection: HTTPConnection, error: Exception) -> Response | None:
    problem_error = cast("ProblemError", error)
    if _is_accepted(connection):
        await _close_socket(connection, problem_error.error, problem_error.problem)
        return None
    return _response(problem_error.problem)


def _response(problem: Problem) -> Response:
    return Response(problem.encode(), problem.status, problem.headers, media_type=CONTENT_TYPE)
