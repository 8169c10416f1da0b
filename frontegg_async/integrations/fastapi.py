"""FastAPI: a lifespan with the client, dependencies for routes, and handlers that turn errors into answers.

It needs the extra ``fastapi``::

    app = FastAPI(lifespan=frontegg_lifespan())
    add_exception_handlers(app)

    @app.get("/tenants/{tenant_id}")
    async def show(frontegg: FronteggDep, user: CurrentUser, tenant_id: str): ...
"""

# Without postponed annotations: FastAPI reads those of callables at run time.
import contextlib
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Final, TypeAlias, TypeGuard, cast

import attrs

from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.client import AsyncFrontegg
from frontegg_async.errors import (
    FronteggError,
    MissingExtraError,
    MissingPermissionError,
    TokenVerificationError,
)
from frontegg_async.integrations.door import API_KEY, AUTHORIZATION, credential_of, session_token, verify
from frontegg_async.integrations.problems import CONTENT_TYPE, Problem, log_problem, logger, problem_of
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

try:
    from fastapi import Depends, FastAPI, HTTPException, Response, Security
    from fastapi.openapi.models import APIKey, APIKeyIn, HTTPBearer
    from fastapi.openapi.models import SecurityBase as SecurityBaseModel
    from fastapi.security.base import SecurityBase
    from starlette.requests import HTTPConnection
    from starlette.types import ExceptionHandler
    from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
except ImportError as _missing:
    raise MissingExtraError("this needs FastAPI: pip install 'frontegg-async[fastapi]'") from _missing

__all__ = [
    "CurrentUser",
    "FronteggDep",
    "FronteggUserDep",
    "ProblemError",
    "Requirement",
    "TokenVerifierDep",
    "access_token_scheme",
    "access_token_verifier",
    "add_exception_handlers",
    "bearer_scheme",
    "current_user",
    "frontegg_client",
    "frontegg_lifespan",
    "frontegg_user",
    "require",
    "token_verifier",
]

CLIENT: Final = "frontegg"
"""The name of the client in ``request.state`` and ``app.state``."""

VERIFIER: Final = "frontegg_verifier"
"""The name of the verifier there."""

ACCESS_VERIFIER: Final = "frontegg_access_token_verifier"
"""The name of the verifier of access tokens there."""

_OWNER: Final = "frontegg_app"
"""The name there of the app whose lifespan they are of."""

_FAILED: Final = 1011
"""The code that a web socket is closed with when the service failed."""

State: TypeAlias = Mapping[str, object]
"""What a lifespan hands to its requests."""

_LIFESPAN: Final = (
    "there is no Frontegg client here: make the app with FastAPI(lifespan=frontegg_lifespan()). In tests the lifespan "
    "has to run too: 'with TestClient(app) as client:', or set app.dependency_overrides[frontegg_client]"
)


def frontegg_lifespan(
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[State | None]] | None = None,
    *,
    client: ClientMaker | None = None,
    verifier: VerifierMaker | None | Unset = UNSET,
    access_token_verifier: AccessVerifierMaker | None | Unset = UNSET,
    options: Options | None = None,
) -> Callable[[FastAPI], AbstractAsyncContextManager[dict[str, object]]]:
    """Return a lifespan that has a client, and verifiers of tokens, open for as long as the app runs.

    They are ``frontegg``, ``frontegg_verifier`` and ``frontegg_access_token_verifier`` in ``request.state`` and in
    ``app.state``.

    Args:
        lifespan: A lifespan of your own, which runs inside of this one: ``app.state.frontegg`` is there already. What
            it yields is in ``request.state`` too.
        client: Makes the client. By default it has the settings of environment variables, as
            `AsyncFrontegg.from_env` reads them.
        verifier: Gets the client and makes the verifier; ``None`` for none. By default, and without ``client``, tokens
            must be issued by ``FRONTEGG_DOMAIN``, or else by ``FRONTEGG_BASE_URL``, for ``FRONTEGG_CLIENT_ID``.
        access_token_verifier: Gets the client and makes the verifier of access tokens, which come in ``x-api-key``;
            with ``None`` that header is not looked at. By default they are taken where there is a verifier, and must
            have the issuer and the audience that it expects.
        options: How the client makes calls, unless ``client`` makes it.

    Returns:
        The lifespan, for ``FastAPI(lifespan=...)``. When it begins, it raises `ConfigurationError` for a setting that
        is missing or malformed.
    """

    @contextlib.asynccontextmanager
    async def run(app: FastAPI) -> AsyncGenerator[dict[str, object]]:
        async with serving(client, verifier, access_token_verifier, options) as service:
            found: dict[str, object] = {
                CLIENT: service.client,
                VERIFIER: service.verifier,
                ACCESS_VERIFIER: service.access_token_verifier,
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


class ProblemError(HTTPException):
    """What the dependencies raise when they refuse a request: an answer of FastAPI's own, or problem details.

    It is answered with problem details where `add_exception_handlers` was called, and as any ``HTTPException`` where it
    was not.

    Args:
        error: The error of the SDK that is behind it.
    """

    def __init__(self, error: FronteggError) -> None:
        self.error: FronteggError = error
        self.problem: Problem = problem_of(error)
        super().__init__(self.problem.status, self.problem.detail, self.problem.headers)


def _refusal(error: FronteggError) -> ProblemError:
    refusal = ProblemError(error)
    log_problem(error, refusal.problem)
    return refusal


def add_exception_handlers(app: FastAPI) -> None:
    """Have the app answer with problem details (RFC 9457) when a call of the SDK fails and the route lets it.

    A web socket that is accepted already is closed with 1011 and the ``code`` of the problem.

    Args:
        app: The app, before it serves. A mounted app is one of its own.
    """
    app.add_exception_handler(FronteggError, cast("ExceptionHandler", _answer_error))
    app.add_exception_handler(ProblemError, cast("ExceptionHandler", _answer_problem))


async def _answer_error(connection: HTTPConnection, error: Exception) -> Response | None:
    failure = cast("FronteggError", error)
    problem = problem_of(failure)
    if _is_accepted(connection):
        await _end(connection, failure, problem)
        return None
    log_problem(failure, problem)
    return _response(problem)


def _is_accepted(connection: HTTPConnection) -> TypeGuard[WebSocket]:
    return isinstance(connection, WebSocket) and connection.application_state is not WebSocketState.CONNECTING


async def _end(socket: WebSocket, error: FronteggError, problem: Problem) -> None:
    # No status can be answered any more, and whoever runs the app has nothing but the log.
    logger.warning("closing a web socket: %s: %s", type(error).__name__, error)
    if socket.application_state is WebSocketState.CONNECTED:
        with contextlib.suppress(WebSocketDisconnect):  # whoever has gone needs no farewell
            await socket.close(_FAILED, problem.code)


async def _answer_problem(connection: HTTPConnection, error: Exception) -> Response | None:
    refusal = cast("ProblemError", error)
    if _is_accepted(connection):
        await _end(connection, refusal.error, refusal.problem)
        return None
    return _response(refusal.problem)


def _response(problem: Problem) -> Response:
    return Response(problem.encode(), problem.status, problem.headers, media_type=CONTENT_TYPE)


async def frontegg_client(connection: HTTPConnection) -> AsyncFrontegg:
    """Return the client of the app; `FronteggDep` depends on it.

    Raises:
        RuntimeError: The app's lifespan did not run, or is none of `frontegg_lifespan`.
    """
    return cast("AsyncFrontegg", _of_app(connection, CLIENT))


async def token_verifier(connection: HTTPConnection) -> TokenVerifier:
    """Return the verifier of the app; `TokenVerifierDep` depends on it.

    Raises:
        RuntimeError: The app's lifespan did not run, is none of `frontegg_lifespan`, or has no verifier.
    """
    found = _of_app(connection, VERIFIER)
    if found is None:
        raise RuntimeError(NO_VERIFIER.format(place="frontegg_lifespan"))
    return cast("TokenVerifier", found)


async def access_token_verifier(connection: HTTPConnection) -> AccessTokenVerifier | None:
    """Return the verifier of access tokens of the app; ``None`` if it does not take any.

    Raises:
        RuntimeError: The app's lifespan did not run, or is none of `frontegg_lifespan`.
    """
    return cast("AccessTokenVerifier | None", _of_app(connection, ACCESS_VERIFIER))


_NOTHING: Final = object()


def _of_app(connection: HTTPConnection, name: str) -> object:
    # A mounted app gets its requests with the state of the outer one: its own counts. Where the state of the request is
    # the app's own, it comes first, since two servers may run one app at a time.
    places = [connection.app.state, connection.state]
    if getattr(connection.state, _OWNER, None) is connection.app:
        places.reverse()
    for state in places:
        found: object = getattr(state, name, _NOTHING)
        if found is not _NOTHING:
            return found
    raise RuntimeError(_LIFESPAN)


class _BearerScheme(SecurityBase):
    """Shows in the OpenAPI document that a token is needed, and takes the headers as they are."""

    model: SecurityBaseModel

    def __init__(self) -> None:
        self.model = HTTPBearer(
            bearerFormat="JWT", description="The JWT of a signed-in user, or of an API token, from Frontegg."
        )
        self.scheme_name = "Frontegg"

    async def __call__(self, connection: HTTPConnection) -> tuple[str, ...]:
        """Return the values of all ``Authorization`` headers."""
        return tuple(connection.headers.getlist(AUTHORIZATION))


class _AccessTokenScheme(SecurityBase):
    """Shows in the OpenAPI document that an access token may be sent instead, and takes the headers as they are."""

    model: SecurityBaseModel

    def __init__(self) -> None:
        self.model = APIKey.model_validate(
            {"in": APIKeyIn.header, "name": API_KEY, "description": "The JWT of an access token of Frontegg."}
        )
        self.scheme_name = "FronteggAccessToken"

    async def __call__(self, connection: HTTPConnection) -> tuple[str, ...]:
        """Return the values of all ``x-api-key`` headers."""
        return tuple(connection.headers.getlist(API_KEY))


bearer_scheme: Final = _BearerScheme()
"""The security scheme of `CurrentUser` for tokens of users and of API tokens, as the OpenAPI document shows it."""

access_token_scheme: Final = _AccessTokenScheme()
"""The security scheme of `CurrentUser` for access tokens, as the OpenAPI document shows it."""

FronteggDep: TypeAlias = Annotated[AsyncFrontegg, Depends(frontegg_client)]
"""The client of the app: ``async def route(frontegg: FronteggDep)``."""

TokenVerifierDep: TypeAlias = Annotated[TokenVerifier, Depends(token_verifier)]
"""The verifier of the app, for routes that get tokens in another way than in the ``Authorization`` header."""

_AccessVerifier: TypeAlias = Annotated[AccessTokenVerifier | None, Depends(access_token_verifier)]


async def _authorization(
    values: Annotated[tuple[str, ...], Security(bearer_scheme)], response: Response
) -> tuple[str, ...]:
    response.headers.add_vary_header(AUTHORIZATION)
    return values


async def _api_keys(
    values: Annotated[tuple[str, ...], Security(access_token_scheme)], access: _AccessVerifier, response: Response
) -> tuple[str, ...]:
    if access is not None:
        response.headers.add_vary_header(API_KEY)
    return values


_Authorization: TypeAlias = Annotated[tuple[str, ...], Depends(_authorization)]
_ApiKeys: TypeAlias = Annotated[tuple[str, ...], Depends(_api_keys)]


async def current_user(
    authorization: _Authorization, api_keys: _ApiKeys, verifier: TokenVerifierDep, access: _AccessVerifier
) -> Claims:
    """Verify the token of the request and return what it says; `CurrentUser` depends on it.

    ``Authorization`` has the token of a user or of an API token, and ``x-api-key`` an access token; what the service
    tells about that is in the claims. ``Vary`` of the answer has these headers; a ``Response`` that a route returns
    itself has what the route gives it.

    Raises:
        ProblemError: There is no token, more than one, or it is not taken: 401. It could not be judged now: 503.
        RuntimeError: The app has no verifier.
    """
    try:
        return await verify(authorization, api_keys, verifier, access)
    except FronteggError as error:
        raise _refusal(error) from error


CurrentUser: TypeAlias = Annotated[Claims, Security(current_user)]
"""Who sends the request, by its token: ``async def route(user: CurrentUser)``. Without a good token it is 401."""


async def frontegg_user(
    frontegg: FronteggDep,
    _: CurrentUser,  # the token is verified before it is sent anywhere
    authorization: _Authorization,
) -> AsyncFronteggUser:
    """Return the self-service client of whoever sends the request; `FronteggUserDep` depends on it.

    Raises:
        ProblemError: There is no token, it is not taken, or it is an access token.
        ConfigurationError: The app's client has neither ``domain`` nor ``base_url``.
    """
    try:
        token = session_token(credential_of(authorization, ()))
    except TokenVerificationError as error:
        raise _refusal(error) from error
    return frontegg.as_user(token.reveal())


FronteggUserDep: TypeAlias = Annotated[AsyncFronteggUser, Depends(frontegg_user)]
"""The self-service client of whoever sends the request, with the request's own token."""


@attrs.frozen
class Requirement:
    """What a token must entitle to; as a dependency it refuses those that do not with 403. `require` makes it.

    Two that require the same are equal, so that ``app.dependency_overrides`` finds them. It decorates nothing: used as
    a decorator, it raises ``TypeError``.
    """

    permission: tuple[str, ...]
    role: tuple[str, ...]

    # By keyword alone, as FastAPI calls it: as a decorator above that of a route, it would guard nothing, silently.
    async def __call__(self, *, user: CurrentUser) -> Claims:
        """Return what the token of the request says.

        Raises:
            ProblemError: There is no good token: 401. It lacks something: 403.
        """
        try:
            user.require(permission=self.permission or None, role=self.role or None)
        except MissingPermissionError as error:
            raise _refusal(error) from error
        return user


def require(*, permission: Names | None = None, role: Names | None = None) -> Requirement:
    """Return a dependency that lets a request pass whose token has everything that is named.

    As ``dependencies=[Depends(require(permission="orders.write"))]``, or ``Annotated[Claims, Depends(require(...))]``
    where the route wants to know who it is.

    Args:
        permission: A permission, or several of which all are required; wildcards of the token cover.
        role: A role, or several of which all are required.

    Raises:
        InvalidArgumentError: Nothing is required, a collection of names is empty, or a name is no text or empty.
    """
    return Requirement(*wanted_names(permission, role))
