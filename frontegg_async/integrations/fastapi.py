"""FastAPI: a lifespan with the client, dependencies for routes, and exception handlers.

It needs the extra ``fastapi``::

    app = FastAPI(lifespan=frontegg_lifespan())
    add_problem_details(app)

    @app.get("/tenants/{tenant_id}", dependencies=[Depends(require(own_tenant="tenant_id"))])
    async def show(frontegg: FronteggDep, tenant_id: str): ...
"""

# Without postponed annotations: FastAPI reads annotations at run time.
import contextlib
import time
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any, Final, TypeAlias, cast

import attrs

from frontegg_async._values.secret import Secret
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.client import AsyncFrontegg
from frontegg_async.errors import (
    ConfigurationError,
    FronteggError,
    MissingExtraError,
    MissingPermissionError,
    NotFoundError,
    TokenVerificationError,
)
from frontegg_async.integrations.app_clients import (
    NO_VERIFIER,
    AccessVerifierMaker,
    ClientMaker,
    VerifierMaker,
    open_app_clients,
)
from frontegg_async.integrations.guards import Guard, check_parameters, make_guard
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
    from fastapi import Depends, FastAPI, Response, Security, routing
    from pydantic.fields import FieldInfo
    from starlette.requests import HTTPConnection
    from starlette.routing import BaseRoute
except ImportError as _missing:
    raise MissingExtraError("this needs FastAPI: pip install 'frontegg-async[fastapi]'") from _missing

from frontegg_async.integrations.fastapi_problems import ProblemError, add_problem_details, log_and_wrap, vary
from frontegg_async.integrations.fastapi_schemes import access_token_scheme, bearer_scheme
from frontegg_async.integrations.fastapi_webhooks import prehook_router, webhook_router
from frontegg_async.integrations.webhooks import PrehookFunction, WebhookFunction

__all__ = [
    "AccessVerifierMaker",
    "ClientMaker",
    "CurrentClaims",
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
"""The name of the token verifier in both states."""

ACCESS_VERIFIER: Final = "frontegg_access_token_verifier"
"""The name of the access token verifier in both states."""

_OWNER: Final = "frontegg_app"
"""The name, in both states, of the app whose lifespan set the other names."""

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
    options: Options | None = None,
    clock: Callable[[], float] = time.time,
    allow_http: bool = False,
) -> Callable[[FastAPI], AbstractAsyncContextManager[dict[str, object]]]:
    """Return a lifespan that keeps a client and token verifiers open while the app runs.

    They are ``frontegg``, ``frontegg_verifier`` and ``frontegg_access_token_verifier`` in ``request.state`` and in
    ``app.state``.

    Args:
        lifespan: A lifespan of your own, which runs inside this one: ``app.state.frontegg`` is set before. The state
            that it yields is in ``request.state`` too.
        client: Makes the client. By default, the client is configured by environment variables, as
            `AsyncFrontegg.from_env` reads them.
        verifier: Receives the client and makes the verifier; ``None`` for none. By default, without ``client``, tokens
            must be issued by ``FRONTEGG_DOMAIN``, or else by ``FRONTEGG_BASE_URL``, for ``FRONTEGG_CLIENT_ID``; one of
            the two must be set.
        access_token_verifier: Receives the client and makes the verifier of access tokens, which come in ``x-api-key``;
            with ``None`` that header is ignored. By default access tokens are accepted if there is a verifier, and must
            have the issuer and the audience that it expects.
        options: Options of the default client; not allowed with ``client``.
        clock: Returns the time by which tokens expire for the default verifiers, in seconds of the epoch. In tests,
            give ``emulator.time``, the clock of the emulator.
        allow_http: Whether the default client and verifiers may use ``http`` on a host without a dot in its name, or
            with a private address, with the credentials of an emulator, as in docker compose.

    Returns:
        The lifespan, for ``FastAPI(lifespan=...)``. It raises `ConfigurationError` at startup if a setting is missing
        or malformed, and for a guard with ``own_tenant`` on a route that has no path parameter of this name, or takes
        this name from the query, a header, a cookie or the body.
    """

    @contextlib.asynccontextmanager
    async def run(app: FastAPI) -> AsyncGenerator[dict[str, object]]:
        _check_guards(app.routes)
        async with open_app_clients(
            client,
            verifier,
            access_token_verifier,
            options,
            clock=clock,
            allow_http=allow_http,
            place="frontegg_lifespan",
        ) as clients:
            found: dict[str, object] = {
                CLIENT: clients.client,
                VERIFIER: clients.verifier,
                ACCESS_VERIFIER: clients.access_token_verifier,
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
        RuntimeError: The app's lifespan did not run, or is not one of `frontegg_lifespan`.
    """
    return cast("AsyncFrontegg", _of_app(connection, CLIENT))


async def token_verifier(connection: HTTPConnection) -> AsyncTokenVerifier:
    """Return the token verifier of the app; `TokenVerifierDep` depends on it.

    Raises:
        RuntimeError: The app's lifespan did not run, is not one of `frontegg_lifespan`, or has no verifier.
    """
    found = _of_app(connection, VERIFIER)
    if found is None:
        raise RuntimeError(NO_VERIFIER.format(place="frontegg_lifespan"))
    return cast("AsyncTokenVerifier", found)


async def access_token_verifier(connection: HTTPConnection) -> AsyncAccessTokenVerifier | None:
    """Return the access token verifier of the app; ``None`` if the app accepts no access tokens.

    Raises:
        RuntimeError: The app's lifespan did not run, or is not one of `frontegg_lifespan`.
    """
    return cast("AsyncAccessTokenVerifier | None", _of_app(connection, ACCESS_VERIFIER))


_NOTHING: Final = object()


def _of_app(connection: HTTPConnection, name: str) -> object:
    # A mounted app receives requests with the state of the outer app: its own state comes first. If the request's state
    # belongs to this app, that comes first, because two servers may run one app at the same time.
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
"""The token verifier of the app, for routes that receive tokens in another place than ``Authorization``."""

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

    ``Authorization`` carries the token of a user or of an API token, and ``x-api-key`` an access token; the claims of
    an access token are those that the service returns for it. Both headers are added to ``Vary`` of the response; of
    a ``Response`` that a route returns itself by `add_problem_details`.

    Raises:
        ProblemError: There is no token, more than one, or it is not accepted: 401. It could not be verified: 503.
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
        ProblemError: There is no token, it is not accepted, or it is an access token.
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
"""Where a dependency is called by hand, without a request: it has no path parameters."""


@attrs.frozen
class Requirement(Guard):
    """What a dependency requires of the request's token: permissions, roles, a tenant. `require` makes it.

    Equal requirements compare equal, so that ``app.dependency_overrides`` finds them. It is not a decorator: used as
    one, it raises ``TypeError``.
    """

    # Keyword-only, as FastAPI calls it: used as a decorator of a route, it would silently guard nothing.
    async def __call__(self, *, user: CurrentClaims, connection: HTTPConnection = _NO_CONNECTION) -> Claims:
        """Return the claims of the request's token.

        Args:
            user: The claims of the token.
            connection: The request or the web socket, for ``own_tenant``.

        Raises:
            ProblemError: There is no valid token: 401. It lacks a permission or a role, or is for another tenant than
                ``in_tenant``: 403. The path names another tenant than that of the token: 404.
            RuntimeError: The path has no parameter ``own_tenant``.
        """
        try:
            self.check(user, connection.path_params)
        except (MissingPermissionError, NotFoundError) as error:
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
) -> Requirement:
    """Return a dependency that requires permissions, roles and a tenant of the request's token.

    Use it as ``dependencies=[Depends(require(permission="orders.write"))]``, or as
    ``Annotated[Claims, Depends(require(...))]`` if the route needs the claims.

    A token has its permissions and roles in its own tenant, whose administrators give them, also to access tokens. A
    route that reads by an id from its path needs ``own_tenant`` (for customers) or ``in_tenant`` (for operators).

    Args:
        handler: Nothing: it is there to tell what to write if the parentheses are missing.
        permission: A permission, or several that are all required; wildcards of the token count.
        role: A role, or several that are all required.
        own_tenant: The name of the path parameter that must be the id of the token's tenant. A request for another
            tenant gets 404, whether that exists or not.
        in_tenant: The id of the tenant that the token must be for, as that of your own company: the permissions and
            roles of other tenants do not count. It needs ``permission`` or ``role``.

    Raises:
        InvalidArgumentError: Nothing is required, a collection is empty, an argument is malformed, or both tenants are
            given.
        TypeError: The parentheses of ``require()`` are missing.
    """
    check_called(handler, "dependencies=[Depends(require(permission='orders.write'))]")
    return Requirement(*attrs.astuple(make_guard(permission, role, own_tenant, in_tenant), recurse=False))


def _check_guards(routes: Sequence[BaseRoute], outer: Collection[str] = ()) -> None:
    """Refuse a guard of a path parameter that its route does not have, or reads from another place too.

    Args:
        routes: The routes of an app.
        outer: The path parameters of the mount that the app is below.

    Raises:
        ConfigurationError: There is one.
    """
    # Newer versions of FastAPI keep included routers as they are, and yield their routes here.
    expand = cast("Callable[[Sequence[BaseRoute]], Iterable[Any]]", getattr(routing, "iter_route_contexts", list))
    for route in expand(routes):
        known = {*outer, *getattr(route, "param_convertors", ())}
        inner = getattr(route, "routes", None)
        if inner:
            _check_guards(inner, known)
        whole = getattr(route, "dependant", None)
        dependants: list[Any] = [] if whole is None else [whole]
        for dependant in dependants:
            dependants += dependant.dependencies
        for dependant in dependants:
            if isinstance(dependant.call, Requirement) and dependant.call.own_tenant is not None:
                check_parameters([dependant.call.own_tenant], f"the route {route.path!r}", known)
                _check_place(dependant.call.own_tenant, route.path, dependants)


def _check_place(name: str, path: str, dependants: Sequence[Any]) -> None:
    """Refuse a route that would guard one tenant and read another.

    FastAPI takes a parameter for one of the query if only the mount's path has its name.

    Raises:
        ConfigurationError: A function of the route takes the name from elsewhere than the path, or not as its text.
    """
    for field in (each for dependant in dependants for each in dependant.path_params):
        if name in (field.name, field.alias) and not _is_plain_text(field.field_info):
            raise ConfigurationError(
                f"require(own_tenant={name!r}) compares the text in the path of the route {path!r}, but the route "
                f"reads {name!r} as another type or changes it: declare it as str"
            )
    for place in ("query", "header", "cookie", "body"):
        for field in (each for dependant in dependants for each in getattr(dependant, f"{place}_params")):
            if name in (field.name, field.alias):
                raise ConfigurationError(
                    f"require(own_tenant={name!r}) guards the path of the route {path!r}, but the parameter {name!r} "
                    f"is read from the {place}: declare it as Annotated[str, Path()], or give it another name"
                )


_CHANGES: Final = ("to_lower", "to_upper", "strip_whitespace", "func")
"""Attributes of pydantic's constraints and validators that change a text."""


_TEXTS: Final[tuple[object, ...]] = (str, Any)
"""What a parameter is declared as that a route gets as it is; the last one stands for no declaration."""


def _is_plain_text(field: FieldInfo) -> bool:
    """Return whether a route gets a parameter as the text that is in the path."""
    is_text = any(field.annotation is each for each in _TEXTS)
    return is_text and not any(getattr(each, name, None) for each in field.metadata for name in _CHANGES)
