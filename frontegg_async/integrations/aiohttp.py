"""aiohttp servers: a client for an app, verified users, and problem details for errors.

The SDK itself depends on aiohttp, so this module needs no extra. The verification of users needs ``jwt``::

    app = web.Application(middlewares=[verified_users(public=["/health"])])
    add_problem_details(app)
    app.cleanup_ctx.append(frontegg_context())

    async def show(request: web.Request) -> web.Response:
        tenant = await request.config_dict[FRONTEGG].tenants.get(request[CLAIMS].tenant_id)
        return web.json_response(tenant, dumps=dumps)
"""

from __future__ import annotations

import functools
import inspect
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection, Iterator
from typing import Final, TypeAlias, TypeVar, cast

from aiohttp import hdrs, web
from aiohttp.abc import AbstractView
from aiohttp.typedefs import Middleware

from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.client import AsyncFrontegg
from frontegg_async.entitlements.entitlements import AsyncEntitlements
from frontegg_async.errors import ConfigurationError, FronteggError, InvalidArgumentError
from frontegg_async.integrations.aiohttp_webhooks import add_prehooks, add_webhooks
from frontegg_async.integrations.app_clients import (
    NO_ENTITLEMENTS,
    NO_VERIFIER,
    AccessVerifierMaker,
    ClientMaker,
    EntitlementsMaker,
    VerifierMaker,
    open_app_clients,
)
from frontegg_async.integrations.guards import check_features, check_guards, guards_of, make_guard, remember_guard
from frontegg_async.integrations.problems import CONTENT_TYPE, log_problem, problem_of
from frontegg_async.integrations.public_routes import PublicRoutes, added_app, check_app, remember
from frontegg_async.integrations.request_credentials import (
    API_KEY,
    AUTHORIZATION,
    credential_of,
    hidden,
    session_token,
    verify,
)
from frontegg_async.integrations.webhooks import PrehookFunction, WebhookFunction
from frontegg_async.models.claims import Claims
from frontegg_async.models.entitlements import Names, check_called
from frontegg_async.models.model import Serializable
from frontegg_async.options import Options
from frontegg_async.user import AsyncFronteggUser
from frontegg_async.verification.access_token_verifier import AsyncAccessTokenVerifier
from frontegg_async.verification.token_verifier import AsyncTokenVerifier

__all__ = [
    "ACCESS_TOKEN_VERIFIER",
    "CLAIMS",
    "ENTITLEMENTS",
    "FRONTEGG",
    "VERIFIER",
    "AccessVerifierMaker",
    "AnyHandler",
    "ClientMaker",
    "EntitlementsMaker",
    "Handler",
    "PrehookFunction",
    "VerifierMaker",
    "WebhookFunction",
    "add_prehooks",
    "add_problem_details",
    "add_webhooks",
    "current_claims",
    "dumps",
    "frontegg_context",
    "frontegg_user",
    "require",
    "verified_users",
]

FRONTEGG: Final = web.AppKey("frontegg", AsyncFrontegg)
"""The client of an app: ``request.config_dict[FRONTEGG]``."""

VERIFIER: Final = web.AppKey("frontegg_verifier", AsyncTokenVerifier)
"""The token verifier of an app, if any."""

ACCESS_TOKEN_VERIFIER: Final = web.AppKey("frontegg_access_token_verifier", AsyncAccessTokenVerifier)
"""The access token verifier of an app, if any."""

ENTITLEMENTS: Final = web.AppKey("frontegg_entitlements", AsyncEntitlements)
"""The entitlements of an app, if any: ``request.config_dict[ENTITLEMENTS]``."""

CLAIMS: Final = web.RequestKey("frontegg_claims", Claims)
"""The claims of the request's token, set by `verified_users`: ``request[CLAIMS]``."""

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
"""A handler of requests."""
AnyHandler = TypeVar("AnyHandler", bound=Callable[..., Awaitable[web.StreamResponse]])
"""A handler: a function or a method."""


_METHODS: Final = tuple(method.lower() for method in hdrs.METH_ALL)
"""The names of the methods of a `web.View` that answer requests."""

_NO_CLIENT: Final = (
    "there is no Frontegg client here: add app.cleanup_ctx.append(frontegg_context()) to the application, or to the "
    "application that it is a sub-application of"
)
_NO_CLAIMS: Final = (
    "the token of this request was not verified: add verified_users() to the middlewares of the application, and do "
    "not list this route as public"
)


def dumps(value: object) -> str:
    """Return the JSON text of a value that contains models: ``web.json_response(tenants, dumps=dumps)``.

    Args:
        value: A model, a page, or a list or dict of them, at any depth. Models are written as ``to_dict()`` returns
            them, without their secrets.

    Raises:
        TypeError: The value contains something that is neither a model nor a JSON value.
        ValueError: A number outside the models is not finite, or a value contains itself.
    """
    return json.dumps(value, default=_dict_of, allow_nan=False)


def _dict_of(value: object) -> dict[str, object]:
    if not isinstance(value, Serializable):
        raise TypeError(f"JSON cannot hold a value of type {type(value).__name__}")
    return value.to_dict()


def frontegg_context(
    *,
    client: ClientMaker | None = None,
    verifier: VerifierMaker | None | Unset = UNSET,
    access_token_verifier: AccessVerifierMaker | None | Unset = UNSET,
    entitlements: EntitlementsMaker | None = None,
    options: Options | None = None,
    clock: Callable[[], float] = time.time,
    allow_http: bool = False,
) -> Callable[[web.Application], AsyncIterator[None]]:
    """Return a cleanup context that opens the client and the verifiers of an app, and closes them at shutdown.

    Append this context to ``app.cleanup_ctx``, before your own contexts that use the client.

    Args:
        client: A function that makes the client. By default, environment variables configure the client, as for
            `AsyncFrontegg.from_env`.
        verifier: A function that receives the client and makes the token verifier. ``None`` stands for no verifier. By
            default, an app with its own ``client`` has no verifier. Otherwise, the verifier accepts tokens with the
            audience ``FRONTEGG_CLIENT_ID`` and the issuer ``FRONTEGG_DOMAIN``. If ``FRONTEGG_DOMAIN`` is not set, the
            issuer is ``FRONTEGG_BASE_URL``. One of these two variables must be set.
        access_token_verifier: A function that receives the client and makes the verifier of access tokens in
            ``x-api-key``. With ``None``, this header is ignored. By default, access tokens are accepted if there is a
            token verifier. The access tokens must have the issuer and the audience that the token verifier expects.
        entitlements: A function that receives the client and makes the entitlements, such as the class
            `AsyncEntitlements`. Without entitlements, ``require(feature=...)`` is not allowed. The app does not start
            if the entitlements cannot be read.
        options: Options of the default client; not allowed with ``client``.
        clock: Returns the current time for the default verifiers, in seconds since the epoch. In tests, give
            ``emulator.time``, the clock of the emulator.
        allow_http: Whether the default client and verifiers may use ``http`` with the credentials of an emulator. The
            name of the host must have no dot, or its address must be private, as in docker compose.

    Returns:
        The context. When the app starts, the context raises `ConfigurationError` for:

        - A setting that is missing or malformed.
        - A public route of `verified_users` whose path belongs to several resources.
        - A guard with ``own_tenant`` on a route without this path parameter.
        - A guard with ``feature`` in an app without ``entitlements``.

        The context logs a warning for a public route that the app does not have.
    """

    async def run(app: web.Application) -> AsyncGenerator[None]:
        check_app(app)
        _check_guards(app, NO_ENTITLEMENTS.format(place="frontegg_context") if entitlements is None else None)
        async with open_app_clients(
            client,
            verifier,
            access_token_verifier,
            entitlements,
            options,
            clock=clock,
            allow_http=allow_http,
            place="frontegg_context",
        ) as clients:
            app[FRONTEGG] = clients.client
            if clients.verifier is not None:
                app[VERIFIER] = clients.verifier
            if clients.access_token_verifier is not None:
                app[ACCESS_TOKEN_VERIFIER] = clients.access_token_verifier
            if clients.entitlements is not None:
                app[ENTITLEMENTS] = clients.entitlements
            yield

    return run


def _client_of(request: web.Request) -> AsyncFrontegg:
    for app in _apps_of(request):
        if FRONTEGG in app:
            return app[FRONTEGG]
    raise RuntimeError(_NO_CLIENT)


def _verifiers_of(request: web.Request) -> tuple[AsyncTokenVerifier, AsyncAccessTokenVerifier | None]:
    """Return the verifiers of the innermost app that has a client or a verifier. Both are from the same app."""
    for app in _apps_of(request):
        if VERIFIER in app:
            return app[VERIFIER], app.get(ACCESS_TOKEN_VERIFIER)
        if FRONTEGG in app:
            raise RuntimeError(NO_VERIFIER.format(place="frontegg_context"))
    raise RuntimeError(_NO_CLIENT)


def _entitlements_of(request: web.Request) -> AsyncEntitlements:
    """Return the entitlements of the innermost app that has a client, so that both have the same environment."""
    for app in _apps_of(request):
        if ENTITLEMENTS in app:
            return app[ENTITLEMENTS]
        if FRONTEGG in app:
            raise RuntimeError(f"there are no entitlements: {NO_ENTITLEMENTS.format(place='frontegg_context')}")
    raise RuntimeError(_NO_CLIENT)


def _apps_of(request: web.Request) -> Iterator[web.Application]:
    """Return the apps of a request, the innermost first, even while a middleware of an outer app runs.

    ``request.config_dict`` stops at the app whose middleware runs. A middleware of an outer app that used it would
    verify the token with the settings of the outer app, but the handler would use the client of the inner app.
    """
    return reversed(request.match_info.apps)


def current_claims(request: web.Request) -> Claims:
    """Return the verified claims of a request's token.

    Args:
        request: A request that `verified_users` accepted.

    Raises:
        RuntimeError: The middleware is missing, or the route is public.
    """
    if CLAIMS not in request:
        raise RuntimeError(_NO_CLAIMS)
    return request[CLAIMS]


def frontegg_user(request: web.Request) -> AsyncFronteggUser:
    """Return a self-service client that uses the token of the request.

    Args:
        request: A request that `verified_users` accepted.

    Raises:
        TokenVerificationError: The request has an access token, which self-service calls do not accept.
        RuntimeError: The middleware is missing, or the route is public.
        ConfigurationError: The app's client has neither ``domain`` nor ``base_url``.
    """
    current_claims(request)  # raises unless the token was verified
    credential = credential_of(hidden(request.headers.getall(AUTHORIZATION, ())), ())
    return _client_of(request).as_user(session_token(credential).reveal())


def verified_users(*, public: Collection[str] = ()) -> Middleware:
    """Return a middleware that rejects requests without a valid token and stores the token's claims in `CLAIMS`.

    ``Authorization`` carries the token of a user or of an API token, and ``x-api-key`` an access token. The service
    returns the claims of an access token. A request without a valid token, or with more than one token, gets 401. The
    response is 503 if the token cannot be verified at the moment. The middleware adds both headers to ``Vary``, so that
    caches keep callers apart. The handler of a stream must set ``Vary`` itself, since it sends its headers first.

    Args:
        public: The whole paths of routes that need no token for any method: ``/health``, ``/invitations/{code}``. A
            request that matches no route needs no token, either: it gets 404 or 405.

    Returns:
        The middleware. Each path of ``public`` must belong to a single resource. For example, aiohttp gives the same
        path to ``/files/{name}`` and ``/files/{name:secret-.+}``. For a path of several resources, `frontegg_context`
        raises `ConfigurationError` when the app starts. Without `frontegg_context`, the first request for this path
        fails with ``RuntimeError``.

    Raises:
        InvalidArgumentError: ``public`` is a string, or contains something that is not a string.
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
                hidden(request.headers.getall(AUTHORIZATION, ())),
                hidden(request.headers.getall(API_KEY, ())),
                verifier,
                access,
            )
        except FronteggError as error:
            return _add_vary(_problem_response(error), headers)
        try:
            return _add_vary(await handler(request), headers)
        except web.HTTPException as response:
            _add_vary(response, headers)
            raise

    remember(admit, routes)
    return admit


_ResponseT = TypeVar("_ResponseT", bound=web.StreamResponse)


def _add_vary(response: _ResponseT, headers: tuple[str, ...]) -> _ResponseT:
    """Add the token headers to ``Vary``, unless the response has begun."""
    if not response.prepared:
        known = {each.strip().lower() for value in response.headers.getall("Vary", ()) for each in value.split(",")}
        for header in headers:
            if header.lower() not in known:
                response.headers.add("Vary", header)
    return response


def _is_public(routes: PublicRoutes, request: web.Request) -> bool:
    try:
        return routes.include(request)
    except ConfigurationError as error:
        message = str(error)
    # A ConfigurationError would become 502 by `add_problem_details`, but the service has not failed.
    raise RuntimeError(message)


def require(
    handler: None = None,
    /,
    *,
    permission: Names | None = None,
    role: Names | None = None,
    own_tenant: str | Unset = UNSET,
    in_tenant: str | Unset = UNSET,
    feature: Names | None = None,
) -> Callable[[AnyHandler], AnyHandler]:
    """Return a decorator of handlers that refuses requests without a required permission, role, tenant or feature.

    It decorates every handler that aiohttp accepts: ``async`` functions, methods, including those of a ``web.View``,
    a ``web.View`` itself, and objects whose ``__call__`` is ``async``. Put ``require`` below the
    decorator of a ``RouteTableDef``, so that the guarded handler is registered.

    The permissions and roles of a token hold in the token's own tenant. The administrators of this tenant assign them
    to users and access tokens. Thus a handler that reads an object by an id from its path needs ``own_tenant`` (for
    customers) or ``in_tenant`` (for operators).

    Args:
        handler: Not used. This parameter only serves to detect missing parentheses.
        permission: One or more required permissions. Wildcards in the token's permissions apply. A token without them
            gets 403.
        role: One or more required roles. A token without them gets 403.
        own_tenant: The name of the path parameter that must be the id of the token's tenant. A request for another
            tenant gets 404, whether or not this tenant exists.
        in_tenant: The id of the tenant that the token must belong to, such as your own company. Permissions and roles
            in other tenants do not count. It needs ``permission`` or ``role``.
        feature: One or more features that the caller must be entitled to, by the ``entitlements`` of the app. A caller
            without the entitlement gets 403. The response is 503 while the entitlement is unknown.

    Returns:
        The decorator. It raises `InvalidArgumentError` for anything that is not a handler. `frontegg_context` raises
        `ConfigurationError` when the app starts if a route has no path parameter ``own_tenant``, or if the app has no
        ``entitlements`` for ``feature``.

    Raises:
        InvalidArgumentError: Nothing is required, a collection is empty, an argument is malformed, or both tenants are
            given.
        TypeError: The parentheses of ``require()`` are missing.
    """
    check_called(handler, "@require(permission='orders.write')")
    guard = make_guard(permission, role, own_tenant, in_tenant, feature)

    def decorate(handler: AnyHandler) -> AnyHandler:
        _check_handler(handler)

        @functools.wraps(handler)
        async def checked(*arguments: object) -> web.StreamResponse:
            request = _request_in(arguments)
            try:
                claims = current_claims(request)
                guard.check(claims, request.match_info)
                if guard.feature:
                    check_features(guard, claims, _entitlements_of(request))
            except FronteggError as error:
                return _problem_response(error)
            return await handler(*arguments)

        remember_guard(checked, guard)
        return cast("AnyHandler", checked)

    return decorate


def _check_guards(app: web.Application, missing_entitlements: str | None) -> None:
    """Refuse guards that cannot check the requests of their route, in an app and its sub-apps.

    Raises:
        ConfigurationError: A guard needs a path parameter or entitlements that are missing.
    """
    for resource in app.router.resources():
        inner = added_app(resource)
        if inner is not None:
            # A sub-app with a context may have its own entitlements.
            _check_guards(inner, None if inner.cleanup_ctx else missing_entitlements)
            continue
        pattern = resource.get_info().get("pattern")
        known: Collection[str] = () if pattern is None else pattern.groupindex
        for route in resource:
            guards = guards_of(route.handler, _METHODS)
            name = f"the route {resource.canonical!r}"
            check_guards(guards, name, known, missing_entitlements=missing_entitlements)


def _check_handler(handler: object) -> None:
    if isinstance(handler, type):
        is_handler = issubclass(handler, AbstractView)
    else:
        call: object = getattr(handler, "__call__", None)  # noqa: B004 - the method itself is inspected
        is_handler = inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(call)
    if not is_handler:
        raise InvalidArgumentError(
            "require decorates async handlers: a function, a method, a web.View, or an object whose __call__ is async"
        )


def _request_in(arguments: tuple[object, ...]) -> web.Request:
    """Return the request among the arguments of a handler: a function, a method, or a method of a `web.View`."""
    for each in arguments[:2]:
        if isinstance(each, web.Request):
            return each
        if isinstance(each, AbstractView):
            return each.request
    raise TypeError("require decorates request handlers, and this was called without a request")


def add_problem_details(app: web.Application) -> None:
    """Respond with problem details (RFC 9457) when a handler or a middleware raises an error of the SDK.

    If the response has already begun, for example a stream or a web socket, the server logs the error and closes the
    connection.

    Args:
        app: The app, before it serves. Its sub-apps are included.
    """
    app.middlewares.insert(0, _problem_details)


@web.middleware
async def _problem_details(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except FronteggError as error:
        if _has_begun(request):
            raise
        return _problem_response(error)


def _has_begun(request: web.Request) -> bool:
    """Return whether a part of the response was sent. Then a second response would become part of the first."""
    sent: object = request.writer.output_size
    return isinstance(sent, int) and sent > 0  # the writer of a mocked request is a mock


def _problem_response(error: FronteggError) -> web.Response:
    problem = problem_of(error)
    log_problem(error, problem)
    return web.Response(
        body=problem.encode(), status=problem.status, headers=problem.headers, content_type=CONTENT_TYPE
    )
