"""FastAPI: a lifespan with the client, dependencies for routes, and exception handlers.

This module needs the extra ``fastapi``::

    app = FastAPI(lifespan=frontegg_lifespan())
    add_problem_details(app)

    @app.get("/tenants/{tenant_id}", dependencies=[Depends(require(own_tenant="tenant_id"))])
    async def show(frontegg: FronteggDep, tenant_id: str): ...
"""

# No postponed annotations here: FastAPI reads annotations at run time.
import contextlib
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Final, TypeAlias, cast

import attrs

from frontegg_async._values.secret import Secret
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.client import AsyncFrontegg
from frontegg_async.entitlements.entitlements import AsyncEntitlements
from frontegg_async.errors import (
    FronteggError,
    MissingExtraError,
    MissingPermissionError,
    NotEntitledError,
    NotFoundError,
    StaleEntitlementsError,
    TokenVerificationError,
)
from frontegg_async.integrations.app_clients import (
    NO_ENTITLEMENTS,
    NO_VERIFIER,
    AccessVerifierMaker,
    ClientMaker,
    EntitlementsMaker,
    VerifierMaker,
    open_app_clients,
)
from frontegg_async.integrations.guards import Guard, check_features, make_guard
from frontegg_async.integrations.request_credentials import (
    API_KEY,
    AUTHORIZATION,
    credential_of,
    session_token,
    verify,
)
from frontegg_async.models.claims import Claims
from frontegg_async.models.entitlements import Names, check_called
from frontegg_async.options import Options
from frontegg_async.user import AsyncFronteggUser
from frontegg_async.verification.access_token_verifier import AsyncAccessTokenVerifier
from frontegg_async.verification.token_verifier import AsyncTokenVerifier

try:
    from fastapi import Depends, FastAPI, Response, Security
    from starlette.requests import HTTPConnection
except ImportError as _missing:
    raise MissingExtraError("this needs FastAPI: pip install 'frontegg-async[fastapi]'") from _missing

from frontegg_async.integrations.fastapi_problems import ProblemError, add_problem_details, log_and_wrap, vary
from frontegg_async.integrations.fastapi_routes import check_routes
from frontegg_async.integrations.fastapi_schemes import access_token_scheme, bearer_scheme
from frontegg_async.integrations.fastapi_webhooks import prehook_router, webhook_router
from frontegg_async.integrations.webhooks import PrehookFunction, WebhookFunction

__all__ = [
    "AccessVerifierMaker",
    "ClientMaker",
    "CurrentClaims",
    "EntitlementsDep",
    "EntitlementsMaker",
    "FronteggDep",
    "FronteggUserDep",
    "Guard",
    "PrehookFunction",
    "ProblemError",
    "Requirement",
    "State",
    "TokenVerifierDep",
    "VerifierMaker",
    "WebhookFunction",
    "access_token_scheme",
    "access_token_verifier",
    "add_problem_details",
    "bearer_scheme",
    "current_claims",
    "frontegg_client",
    "frontegg_entitlements",
    "frontegg_lifespan",
    "frontegg_user",
    "prehook_router",
    "require",
    "token_verifier",
    "webhook_router",
]

CLIENT: Final = "frontegg"
"""The name of the client in ``request.state`` and ``app.state``."""

VERIFIER: Final = "frontegg_verifier"
"""The name of the token verifier in ``request.state`` and ``app.state``."""

ACCESS_VERIFIER: Final = "frontegg_access_token_verifier"
"""The name of the access token verifier in ``request.state`` and ``app.state``."""

ENTITLEMENTS: Final = "frontegg_entitlements"
"""The name of the entitlements in ``request.state`` and ``app.state``."""

_OWNER: Final = "frontegg_app"
"""The name, in both states, under which a lifespan stores its app."""

State: TypeAlias = Mapping[str, object]
"""The state that a lifespan passes to its requests."""

_LIFESPAN: Final = (
    "there is no Frontegg client here: make the app with FastAPI(lifespan=frontegg_lifespan()). In tests the lifespan "
    "must run too: 'with TestClient(app) as client:', or set app.dependency_overrides[frontegg_client]"
)


def frontegg_lifespan(
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[State | None]] | None = None,
    *,
    client: ClientMaker | None = None,
    verifier: VerifierMaker | None | Unset = UNSET,
    access_token_verifier: AccessVerifierMaker | None | Unset = UNSET,
    entitlements: EntitlementsMaker | None = None,
    options: Options | None = None,
    clock: Callable[[], float] = time.time,
    allow_http: bool = False,
) -> Callable[[FastAPI], AbstractAsyncContextManager[dict[str, object]]]:
    """Return a lifespan that keeps a client, token verifiers and entitlements open while the app runs.

    Both ``request.state`` and ``app.state`` have these objects as ``frontegg``, ``frontegg_verifier``,
    ``frontegg_access_token_verifier`` and ``frontegg_entitlements``.

    Args:
        lifespan: Your own lifespan, which runs inside this one, after ``app.state.frontegg`` is set. Its state is in
            ``request.state``, too.
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
        The lifespan, for ``FastAPI(lifespan=...)``. At startup, the lifespan raises `ConfigurationError` for:

        - A setting that is missing or malformed.
        - A guard with ``own_tenant`` on a route without a path parameter of this name, or on a route that takes this
          name from the query, a header, a cookie or the body.
        - A guard with ``feature`` in an app without ``entitlements``.
    """

    @contextlib.asynccontextmanager
    async def run(app: FastAPI) -> AsyncGenerator[dict[str, object]]:
        missing = NO_ENTITLEMENTS.format(place="frontegg_lifespan") if entitlements is None else None
        check_routes(app.routes, missing_entitlements=missing)
        async with open_app_clients(
            client,
            verifier,
            access_token_verifier,
            entitlements,
            options,
            clock=clock,
            allow_http=allow_http,
            place="frontegg_lifespan",
        ) as clients:
            found: dict[str, object] = {
                CLIENT: clients.client,
                VERIFIER: clients.verifier,
                ACCESS_VERIFIER: clients.access_token_verifier,
                ENTITLEMENTS: clients.entitlements,
                _OWNER: app,
            }
            for name, value in found.items():
                setattr(app.state, name, value)
            if lifespan is None:
                yield found
                return
            async with lifespan(app) as own:
                yield {**(own or {}), **found}

    return run


async def frontegg_client(connection: HTTPConnection) -> AsyncFrontegg:
    """Return the client of the app; `FronteggDep` depends on it.

    Raises:
        RuntimeError: The app's lifespan did not run, or `frontegg_lifespan` did not make it.
    """
    return cast("AsyncFrontegg", _of_app(connection, CLIENT))


async def token_verifier(connection: HTTPConnection) -> AsyncTokenVerifier:
    """Return the token verifier of the app; `TokenVerifierDep` depends on it.

    Raises:
        RuntimeError: The app's lifespan did not run, was not made by `frontegg_lifespan`, or has no verifier.
    """
    found = _of_app(connection, VERIFIER)
    if found is None:
        raise RuntimeError(NO_VERIFIER.format(place="frontegg_lifespan"))
    return cast("AsyncTokenVerifier", found)


async def access_token_verifier(connection: HTTPConnection) -> AsyncAccessTokenVerifier | None:
    """Return the access token verifier of the app; ``None`` if the app accepts no access tokens.

    Raises:
        RuntimeError: The app's lifespan did not run, or `frontegg_lifespan` did not make it.
    """
    return cast("AsyncAccessTokenVerifier | None", _of_app(connection, ACCESS_VERIFIER))


async def frontegg_entitlements(connection: HTTPConnection) -> AsyncEntitlements:
    """Return the entitlements of the app; `EntitlementsDep` depends on it.

    Raises:
        RuntimeError: The app's lifespan did not run, was not made by `frontegg_lifespan`, or has no entitlements.
    """
    found = _of_app(connection, ENTITLEMENTS)
    if found is None:
        raise RuntimeError(f"there are no entitlements: {NO_ENTITLEMENTS.format(place='frontegg_lifespan')}")
    return cast("AsyncEntitlements", found)


_NOTHING: Final = object()
_NO_APP: Final = "a direct call of require(feature=...) needs connection=, which is the request or the web socket"


def _of_app(connection: HTTPConnection, name: str) -> object:
    # A mounted app receives requests with the state of the outer app, so its own `app.state` takes precedence. But if
    # the request's state belongs to this app, this state takes precedence: two servers may run one app in parallel.
    if "app" not in connection.scope:
        raise RuntimeError(_NO_APP)
    places = [connection.app.state, connection.state]
    if getattr(connection.state, _OWNER, None) is connection.app:
        places.reverse()
    for state in places:
        found: object = getattr(state, name, _NOTHING)
        if found is not _NOTHING:
            return found
    raise RuntimeError(_LIFESPAN)


FronteggDep: TypeAlias = Annotated[AsyncFrontegg, Depends(frontegg_client)]
"""The client of the app: ``async def route(frontegg: FronteggDep)``."""

TokenVerifierDep: TypeAlias = Annotated[AsyncTokenVerifier, Depends(token_verifier)]
"""The token verifier of the app, for routes that receive tokens outside ``Authorization``."""

EntitlementsDep: TypeAlias = Annotated[AsyncEntitlements, Depends(frontegg_entitlements)]
"""The entitlements of the app, for your own decisions: ``entitlements.decide(user, feature="reports")``."""

_AccessVerifier: TypeAlias = Annotated[AsyncAccessTokenVerifier | None, Depends(access_token_verifier)]


async def _authorization(
    values: Annotated[tuple[Secret, ...], Security(bearer_scheme)], connection: HTTPConnection, response: Response
) -> tuple[Secret, ...]:
    vary(connection, response, AUTHORIZATION)
    return values


async def _api_keys(
    values: Annotated[tuple[Secret, ...], Security(access_token_scheme)],
    access: _AccessVerifier,
    connection: HTTPConnection,
    response: Response,
) -> tuple[Secret, ...]:
    if access is not None:
        vary(connection, response, API_KEY)
    return values


_Authorization: TypeAlias = Annotated[tuple[Secret, ...], Depends(_authorization)]
_ApiKeys: TypeAlias = Annotated[tuple[Secret, ...], Depends(_api_keys)]


async def current_claims(
    authorization: _Authorization, api_keys: _ApiKeys, verifier: TokenVerifierDep, access: _AccessVerifier
) -> Claims:
    """Verify the token of the request and return its claims; `CurrentClaims` depends on it.

    ``Authorization`` carries the token of a user or of an API token, and ``x-api-key`` an access token. The service
    returns the claims of an access token. This dependency adds both headers to ``Vary`` of the response. For a
    ``Response`` that a route returns itself, `add_problem_details` adds the headers.

    Raises:
        ProblemError: 401: there is no token, more than one token, or the token is not accepted. 503: the token could
            not be verified.
        RuntimeError: The app has no verifier.
    """
    try:
        return await verify(authorization, api_keys, verifier, access)
    except FronteggError as error:
        raise log_and_wrap(error) from error


CurrentClaims: TypeAlias = Annotated[Claims, Security(current_claims)]
"""The claims of the request's token: ``async def route(user: CurrentClaims)``. Without a valid token: 401."""


async def frontegg_user(
    frontegg: FronteggDep,
    _: CurrentClaims,  # verify the token before it is sent to the service
    authorization: _Authorization,
) -> AsyncFronteggUser:
    """Return a self-service client that uses the token of the request; `FronteggUserDep` depends on it.

    Raises:
        ProblemError: There is no token, the token is not accepted, or the token is an access token.
        ConfigurationError: The app's client has neither ``domain`` nor ``base_url``.
    """
    try:
        token = session_token(credential_of(authorization, ()))
    except TokenVerificationError as error:
        raise log_and_wrap(error) from error
    return frontegg.as_user(token.reveal())


FronteggUserDep: TypeAlias = Annotated[AsyncFronteggUser, Depends(frontegg_user)]
"""A self-service client that uses the token of the request."""


_NO_CONNECTION: Final = HTTPConnection({"type": "http"})
"""The default connection if you call a dependency yourself: it has no path parameters and no app."""


@attrs.frozen
class Requirement(Guard):
    """The permissions, roles, tenant and features that a dependency requires of the request's token.

    `require` returns this class. Equal requirements compare equal, so that ``app.dependency_overrides`` finds them. A
    requirement is not a decorator, and raises ``TypeError`` if it is used as a decorator.
    """

    # Keyword-only parameters suffice for FastAPI. Used as a decorator, the object then raises an error.
    async def __call__(self, *, user: CurrentClaims, connection: HTTPConnection = _NO_CONNECTION) -> Claims:
        """Return the claims of the request's token.

        Args:
            user: The claims of the token.
            connection: The request or the web socket, for ``own_tenant`` and ``feature``.

        Raises:
            ProblemError: 401: there is no valid token. 403: the token lacks a permission or a role, is for another
                tenant than ``in_tenant``, or the caller may not use a feature. 404: the path names another tenant than
                the token. 503: the entitlement of the caller is unknown at the moment.
            RuntimeError: The path has no parameter ``own_tenant``, or the app has no entitlements.
        """
        try:
            self.check(user, connection.path_params)
            if self.feature:
                check_features(self, user, await frontegg_entitlements(connection))
        except (MissingPermissionError, NotFoundError, NotEntitledError, StaleEntitlementsError) as error:
            raise log_and_wrap(error) from error
        return user


def require(
    handler: None = None,
    /,
    *,
    permission: Names | None = None,
    role: Names | None = None,
    own_tenant: str | Unset = UNSET,
    in_tenant: str | Unset = UNSET,
    feature: Names | None = None,
) -> Requirement:
    """Return a dependency that requires permissions, roles, a tenant or features of the request's token.

    Use it as ``dependencies=[Depends(require(permission="orders.write"))]``, or as
    ``Annotated[Claims, Depends(require(...))]`` if the route needs the claims.

    The permissions and roles of a token hold in the token's own tenant. The administrators of this tenant assign them
    to users and access tokens. Thus a route that reads an object by an id from its path needs ``own_tenant`` (for
    customers) or ``in_tenant`` (for operators).

    Args:
        handler: Not used. This parameter only serves to detect missing parentheses.
        permission: One or more required permissions. Wildcards in the token's permissions apply.
        role: One or more required roles.
        own_tenant: The name of the path parameter that must be the id of the token's tenant. A request for another
            tenant gets 404, whether or not this tenant exists.
        in_tenant: The id of the tenant that the token must belong to, such as your own company. Permissions and roles
            in other tenants do not count. It needs ``permission`` or ``role``.
        feature: One or more features that the caller must be entitled to, by the ``entitlements`` of the app.

    Raises:
        InvalidArgumentError: Nothing is required, a collection is empty, an argument is malformed, or both tenants are
            given.
        TypeError: The parentheses of ``require()`` are missing.
    """
    check_called(handler, "dependencies=[Depends(require(permission='orders.write'))]")
    return Requirement(*attrs.astuple(make_guard(permission, role, own_tenant, in_tenant, feature), recurse=False))
