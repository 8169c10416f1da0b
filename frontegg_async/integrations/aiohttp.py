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
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection
from typing import Final, TypeAlias

from aiohttp import web
from aiohttp.typedefs import Middleware

from frontegg_async.access_token_verifier import AccessTokenVerifier
from frontegg_async.client import AsyncFrontegg
from frontegg_async.errors import FronteggError, InvalidArgumentError
from frontegg_async.integrations.door import API_KEY, AUTHORIZATION, credential_of, session_token, verify
from frontegg_async.integrations.problems import CONTENT_TYPE, log_problem, problem_of
from frontegg_async.integrations.serving import (
    NO_VERIFIER,
    AccessVerifierMaker,
    ClientMaker,
    VerifierMaker,
    serving,
    wanted,
)
from frontegg_async.models.claims import Claims
from frontegg_async.models.entitlements import Names
from frontegg_async.options import Options
from frontegg_async.token_verifier import TokenVerifier
from frontegg_async.unset import UNSET, Unset
from frontegg_async.user import AsyncFronteggUser

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
        The context. When the app starts, it raises `ConfigurationError` for a setting that is missing or malformed.
    """

    async def run(app: web.Application) -> AsyncGenerator[None]:
        async with serving(client, verifier, access_token_verifier, options) as service:
            app[FRONTEGG] = service.client
            if service.verifier is not None:
                app[VERIFIER] = service.verifier
            if service.access_token_verifier is not None:
                app[ACCESS_TOKEN_VERIFIER] = service.access_token_verifier
            yield

    return run


def _client_of(request: web.Request) -> AsyncFrontegg:
    found = request.config_dict.get(FRONTEGG)
    if found is None:
        raise RuntimeError(_NO_CLIENT)
    return found


def _verifier_of(request: web.Request) -> TokenVerifier:
    found = request.config_dict.get(VERIFIER)
    if found is None:
        raise RuntimeError(
            _NO_CLIENT if FRONTEGG not in request.config_dict else NO_VERIFIER.format(place="frontegg_context")
        )
    return found


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
    with 503 when the token cannot be judged just now.

    Args:
        public: The routes that anybody may ask, by their whole paths: ``/health``, ``/invitations/{code}``. What has
            no route is public too: it is 404 for everybody.

    Raises:
        InvalidArgumentError: ``public`` is a text.
    """
    if isinstance(public, str):
        raise InvalidArgumentError("public must be a collection of routes, as ['/health'], and not a text")
    open_to_all = frozenset(public)

    @web.middleware
    async def admit(request: web.Request, handler: Handler) -> web.StreamResponse:
        resource = request.match_info.route.resource
        if resource is None or resource.canonical in open_to_all:
            return await handler(request)
        try:
            request[CLAIMS] = await verify(
                request.headers.getall(AUTHORIZATION, ()),
                request.headers.getall(API_KEY, ()),
                _verifier_of(request),
                request.config_dict.get(ACCESS_TOKEN_VERIFIER),
            )
        except FronteggError as error:
            return _answer(error)
        return await handler(request)

    return admit


def require(*, permission: Names | None = None, role: Names | None = None) -> Callable[[Handler], Handler]:
    """Return a decorator of handlers: requests whose token lacks something that is named are answered with 403.

    Args:
        permission: A permission, or several of which all are required; wildcards of the token cover.
        role: A role, or several of which all are required.

    Raises:
        InvalidArgumentError: Nothing is required, or a name is no text or empty.
    """
    permissions, roles = wanted(permission, role)

    def decorate(handler: Handler) -> Handler:
        @functools.wraps(handler)
        async def checked(request: web.Request) -> web.StreamResponse:
            try:
                claims_of(request).require(permission=permissions or None, role=roles or None)
            except FronteggError as error:
                return _answer(error)
            return await handler(request)

        return checked

    return decorate


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
