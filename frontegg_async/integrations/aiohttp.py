"""aiohttp's server: the client of an app, verified users, and errors that are answered with problem details.

aiohttp is what the SDK stands on, so that this needs no extra; verifying users needs ``jwt``::

    app = web.Application(middlewares=[problem_details, verified_users(public=["/health"])])
    app.cleanup_ctx.append(frontegg_context())

    async def show(request: web.Request) -> web.Response:
        tenant = await request.config_dict[FRONTEGG].tenants.get(request[CLAIMS].tenant_id)
        return web.json_response({"name": tenant.name})
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection, Iterator
from typing import Final, TypeAlias, TypeVar, cast

from aiohttp import web
from aiohttp.abc import AbstractView
from aiohttp.typedefs import Middleware

from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.client import AsyncFrontegg
from frontegg_async.errors import ConfigurationError, FronteggError, InvalidArgumentError
from frontegg_async.integrations.door import API_KEY, AUTHORIZATION, credential_of, session_token, verify
from frontegg_async.integrations.problems import CONTENT_TYPE, log_problem, problem_of
from frontegg_async.integrations.public_routes import PublicRoutes, check_app, remember
from frontegg_async.integrations.serving import (
    NO_VERIFIER,
    AccessVerifierMaker,
    ClientMaker,
    VerifierMaker,
    serving,
)
from frontegg_async.models.claims import Claims
from frontegg_async.models.entitlements import Names, wanted_names
from frontegg_async.options import Options
from frontegg_async.user import AsyncFronteggUser
from frontegg_async.verification.access_token_verifier import AccessTokenVerifier
from frontegg_async.verification.token_verifier import TokenVerifier

__all__ = [
    "ACCESS_TOKEN_VERIFIER",
    "CLAIMS",
    "FRONTEGG",
    "VERIFIER",
    "claims_of",
    "frontegg_context",
    "frontegg_user",
    "problem_details",
    "require",
    "verified_users",
]

FRONTEGG: Final = web.AppKey("frontegg", AsyncFrontegg)
"""The client of an app: ``request.config_dict[FRONTEGG]``."""

VERIFIER: Final = web.AppKey("frontegg_verifier", TokenVerifier)
"""The verifier of an app, if it has one."""

ACCESS_TOKEN_VERIFIER: Final = web.AppKey("frontegg_access_token_verifier", AccessTokenVerifier)
"""The verifier of access tokens of an app, if it has one."""

CLAIMS: Final = web.RequestKey("frontegg_claims", Claims)
"""What the token of a request says, once `verified_users` let it pass: ``request[CLAIMS]``."""

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
AnyHandler = TypeVar("AnyHandler", bound=Callable[..., Awaitable[web.StreamResponse]])
"""A handler, or a method that is one."""


_NO_CLIENT: Final = (
    "there is no Frontegg client here: add app.cleanup_ctx.append(frontegg_context()) to the application, or to the "
    "one that it is a part of"
)
_NO_CLAIMS: Final = (
    "nobody has verified the token of this request: add verified_users() to the middlewares of the application, and do "
    "not name this route as public"
)


def frontegg_context(
    *,
    client: ClientMaker | None = None,
    verifier: VerifierMaker | None | Unset = UNSET,
    access_token_verifier: AccessVerifierMaker | None | Unset = UNSET,
    options: Options | None = None,
) -> Callable[[web.Application], AsyncIterator[None]]:
    """Return what opens a client and verifiers of tokens when an app starts, and closes them in the end.

    Append it to ``app.cleanup_ctx``, before those of your own that use the client.

    Args:
        client: Makes the client. By default it has the settings of environment variables, as
            `AsyncFrontegg.from_env` reads them.
        verifier: Gets the client and makes the verifier; ``None`` for none. By default, and without ``client``, tokens
            must be issued by ``FRONTEGG_DOMAIN``, or else by ``FRONTEGG_BASE_URL``, for ``FRONTEGG_CLIENT_ID``.
        access_token_verifier: Gets the client and makes the verifier of access tokens, which come in ``x-api-key``;
            with ``None`` that header is not looked at. By default they are taken where there is a verifier, and must
            have the issuer and the audience that it expects.
        options: How the client makes calls, unless ``client`` makes it.

    Returns:
        The context. When the app starts, it raises `ConfigurationError` for a setting that is missing or malformed, and
        for a public route of `verified_users` whose path stands for several resources.
    """

    async def run(app: web.Application) -> AsyncGenerator[None]:
        check_app(app)
        async with serving(client, verifier, access_token_verifier, options) as service:
            app[FRONTEGG] = service.client
            if service.verifier is not None:
                app[VERIFIER] = service.verifier
            if service.access_token_verifier is not None:
                app[ACCESS_TOKEN_VERIFIER] = service.access_token_verifier
            yield

    return run


def _client_of(request: web.Request) -> AsyncFrontegg:
    for app in _apps_of(request):
        if FRONTEGG in app:
            return app[FRONTEGG]
    raise RuntimeError(_NO_CLIENT)


def _verifiers_of(request: web.Request) -> tuple[TokenVerifier, AccessTokenVerifier | None]:
    """Return the verifiers of the innermost app that has a client or a verifier: never those of different apps."""
    for app in _apps_of(request):
        if VERIFIER in app:
            return app[VERIFIER], app.get(ACCESS_TOKEN_VERIFIER)
        if FRONTEGG in app:
            raise RuntimeError(NO_VERIFIER.format(place="frontegg_context"))
    raise RuntimeError(_NO_CLIENT)


def _apps_of(request: web.Request) -> Iterator[web.Application]:
    """Return the apps that a request is for, the innermost first, also while a middleware of an outer one runs.

    ``request.config_dict`` stops at the app whose middleware runs: a token would be verified with the settings of one
    app and used with the client of another.
    """
    return reversed(request.match_info.apps)


def claims_of(request: web.Request) -> Claims:
    """Return what the token of a request says.

    Args:
        request: A request that `verified_users` let pass.

    Raises:
        RuntimeError: The middleware is missing, or the route is one of its public ones.
    """
    if CLAIMS not in request:
        raise RuntimeError(_NO_CLAIMS)
    return request[CLAIMS]


def frontegg_user(request: web.Request) -> AsyncFronteggUser:
    """Return the self-service client of whoever sends a request, with the request's own token.

    Args:
        request: A request that `verified_users` let pass.

    Raises:
        TokenVerificationError: The request came with an access token, which is none of a user's session.
        RuntimeError: The middleware is missing, or the route is one of its public ones.
        ConfigurationError: The app's client has neither ``domain`` nor ``base_url``.
    """
    claims_of(request)  # the token is verified before it is sent anywhere
    credential = credential_of(request.headers.getall(AUTHORIZATION, ()), ())
    return _client_of(request).as_user(session_token(credential).reveal())


def verified_users(*, public: Collection[str] = ()) -> Middleware:
    """Return a middleware that lets only requests pass whose token is good, and puts what it says into `CLAIMS`.

    ``Authorization`` has the token of a user or of an API token, and ``x-api-key`` an access token; what the service
    tells about that is in the claims. Without a good token, and with more than one, a request is answered with 401, and
    with 503 when the token cannot be judged just now. ``Vary`` of the answers has these headers, so that caches keep
    callers apart; the handler of a stream, whose headers are sent before the middleware sees it, sets it itself.

    Args:
        public: The routes that anybody may request, with every method, by their whole paths: ``/health``,
            ``/invitations/{code}``. A request that no route matches needs no token either: its answer is 404, or 405,
            for everybody.

    Returns:
        The middleware. A path of ``public`` must stand for one resource: aiohttp has the same path for
        ``/files/{name}`` and ``/files/{name:secret-.+}``. Otherwise `frontegg_context` raises `ConfigurationError` when
        the app starts, and without it the first request of that path fails with ``RuntimeError``.

    Raises:
        InvalidArgumentError: ``public`` is a text, or has something that is no text.
    """
    routes = PublicRoutes(public)

    @web.middleware
    async def admit(request: web.Request, handler: Handler) -> web.StreamResponse:
        if _is_public(routes, request):
            return await handler(request)
        verifier, access = _verifiers_of(request)
        headers = (AUTHORIZATION,) if access is None else (AUTHORIZATION, API_KEY)
        try:
            request[CLAIMS] = await verify(
                request.headers.getall(AUTHORIZATION, ()), request.headers.getall(API_KEY, ()), verifier, access
            )
        except FronteggError as error:
            return _varied(_answer(error), headers)
        try:
            return _varied(await handler(request), headers)
        except web.HTTPException as answer:
            _varied(answer, headers)
            raise

    remember(admit, routes)
    return admit


_Answer = TypeVar("_Answer", bound=web.StreamResponse)


def _varied(answer: _Answer, headers: tuple[str, ...]) -> _Answer:
    """Say to caches by which headers of a request an answer was chosen, unless it has begun."""
    if not answer.prepared:
        known = {each.strip().lower() for value in answer.headers.getall("Vary", ()) for each in value.split(",")}
        for header in headers:
            if header.lower() not in known:
                answer.headers.add("Vary", header)
    return answer


def _is_public(routes: PublicRoutes, request: web.Request) -> bool:
    try:
        return routes.include(request)
    except ConfigurationError as error:
        message = str(error)
    raise RuntimeError(message)  # `problem_details` would answer the other with 502, as a failure of the service


def require(*, permission: Names | None = None, role: Names | None = None) -> Callable[[AnyHandler], AnyHandler]:
    """Return a decorator of handlers: requests whose token lacks something that is named are answered with 403.

    It decorates what aiohttp takes as a handler: ``async`` functions, methods of a class, as those of a ``web.View``,
    a ``web.View`` itself, and objects whose ``__call__`` is ``async``. Put it below the decorator of a
    ``RouteTableDef``, which registers what it gets.

    Args:
        permission: A permission, or several of which all are required; wildcards of the token cover.
        role: A role, or several of which all are required.

    Returns:
        The decorator. It raises `InvalidArgumentError` for what is no handler.

    Raises:
        InvalidArgumentError: Nothing is required, a collection of names is empty, or a name is no text or empty.
    """
    permissions, roles = wanted_names(permission, role)

    def decorate(handler: AnyHandler) -> AnyHandler:
        _check_handler(handler)

        @functools.wraps(handler)
        async def checked(*arguments: object) -> web.StreamResponse:
            try:
                claims_of(_request_in(arguments)).require(permission=permissions or None, role=roles or None)
            except FronteggError as error:
                return _answer(error)
            return await handler(*arguments)

        return cast("AnyHandler", checked)

    return decorate


def _check_handler(handler: object) -> None:
    if isinstance(handler, type):
        is_handler = issubclass(handler, AbstractView)
    else:
        call: object = getattr(handler, "__call__", None)  # noqa: B004 - of an object
        is_handler = inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(call)
    if not is_handler:
        raise InvalidArgumentError(
            "require decorates async handlers: a function, a method, a web.View, or an object whose __call__ is async"
        )


def _request_in(arguments: tuple[object, ...]) -> web.Request:
    """Return the request of a call of a handler, which is a function, a method, or a method of a `web.View`."""
    for each in arguments[:2]:
        if isinstance(each, web.Request):
            return each
        if isinstance(each, AbstractView):
            return each.request
    raise TypeError("require decorates handlers of requests, and this was called without one")


@web.middleware
async def problem_details(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer with problem details (RFC 9457) when a call of the SDK fails and the handler lets it.

    Put it before the middlewares whose errors it is to answer. Of an answer that has begun, as of a stream or a web
    socket, the server logs the error and ends the connection, as it does with any other.
    """
    try:
        return await handler(request)
    except FronteggError as error:
        if _has_begun(request):
            raise
        return _answer(error)


def _has_begun(request: web.Request) -> bool:
    """Return whether something of the answer is sent: another one would be read as a part of it."""
    sent: object = request.writer.output_size
    return isinstance(sent, int) and sent > 0  # the writer of a mocked request is a mock


def _answer(error: FronteggError) -> web.Response:
    problem = problem_of(error)
    log_problem(error, problem)
    return web.Response(
        body=problem.encode(), status=problem.status, headers=problem.headers, content_type=CONTENT_TYPE
    )
