"""Run the exercises of every operation: successful with both clients, refused, and rejected before sending."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Iterator
from types import GeneratorType
from typing import Any, Final

import attrs
import pytest

from frontegg_async import (
    APIError,
    AsyncFrontegg,
    AsyncFronteggUser,
    AsyncPages,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    InvalidArgumentError,
    NotFoundError,
    Options,
    PermissionDeniedError,
    RateLimitError,
    ReadOnlyError,
    UserToMigrate,
    resources,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.endpoints import Auth, Endpoint, all_endpoints
from frontegg_sync import Frontegg, FronteggUser, Pages, Runner
from tests.exercises.every_exercise import EXERCISES
from tests.exercises.exercise import Exercise
from tests.exercises.world import prepare
from tests.support.traceback_frames import MOST_FRAMES, printed_frames

pytestmark = pytest.mark.slow

ENDPOINTS: Final = {endpoint.name: endpoint for endpoint in all_endpoints() if endpoint.client}
QUICK: Final = Options(timeout=10.0, deadline=10.0)
ERRORS: Final[dict[int, type[APIError]]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    429: RateLimitError,
}

BAD: Final = [each for each in EXERCISES if each.kind == "bad"]
"""Calls that send nothing, so that all have the clients and the environment of the first."""

ARGUMENTS: Final = {
    name
    for kind in (
        AsyncFrontegg,
        AsyncFronteggUser,
        UserToMigrate,
        *(getattr(resources, each) for each in resources.__all__),
    )
    for _, method in inspect.getmembers(kind, inspect.isfunction)
    for name in inspect.signature(method).parameters
}
"""The names of the arguments of all methods."""

NOT_BY: Final = {
    ("sso.create_v1", "environment"): "the environment creates by the route that needs no tenant header",
    ("sso.update_v1", "environment"): "the environment updates by the route that needs no tenant header",
    **{
        (name, "user"): "portals call it; the self-service client has no method for it, but `send`"
        for name in (
            "applications.list",
            "applications.list_assigned",
            "applications.list_for_user",
            "groups.get_config",
            "identity.configuration",
            "users.emails.list",
            "users.passwords.get_config",
            "users.phone_numbers.list",
            "users.usernames.list",
        )
    },
    ("me.change_password", "environment"): "an environment does not know the password that a user has",
    ("tenants.count_users", "user"): "the self-service client has no other tenants than the user's own",
}
"""Credentials that an operation accepts and that no method uses for it."""

NO_ARGUMENTS: Final = {
    "auth.authenticate": "its credentials are checked when a client is made",
    "sessions.refresh": "its token is checked when the credential is made",
    "sessions.exchange_api_token": "its credentials are checked when the credential is made",
    "sessions.exchange_api_token_v1": "its credentials are checked when the credential is made",
    "sessions.refresh_api_token": "its token came from the service",
    "sessions.refresh_api_token_v1": "its token came from the service",
}
"""Operations with a body that contains none of the arguments."""


UNREACHABLE: Final = {
    ("me.change_password", 404): "the token of a user who was deleted is refused",
    **{
        (f"security.{policy}", 404): "the tenant has none then, and None is returned"
        for policy in (
            "mfa.get",
            "lockout.get",
            "password.get",
            "password_history.get",
            "password_rotation.get",
            "sessions.get",
            "ip_restrictions.get_config",
            "email_domains.get_config",
        )
    },
    **{
        (f"security.{policy}", status): "another request follows, which creates or changes the policy"
        for policy, status in (
            ("lockout.set", 404),
            ("lockout.create", 409),
            ("password_history.set", 404),
            ("password_history.create", 409),
        )
    },
    ("me.tenants", 400): "the user is always named",
    ("sso.create_v1", 404): "it is called by users only, and a user's token ends with its tenant",
}
"""Documented refusals that no call of the SDK can cause."""

RECOVERED: Final = {
    ("sessions.refresh_api_token", 401): "the session begins anew, by an exchange",
    ("sessions.refresh_api_token_v1", 401): "the session begins anew, by an exchange",
}
"""RefusedSecrets from which the SDK recovers."""


@attrs.define
class _OpenClients:
    """The clients of one flavour, and their environment."""

    emulator: EmulatorHandle
    frontegg: Any
    user: Any
    flavour: Any
    made: list[Any] = attrs.field(factory=list)
    options: Options = QUICK

    def client(self, secret: str) -> Any:
        """Return another management client."""
        return self._keep(
            self.flavour.management(self.emulator.client_id, secret, base_url=self.emulator.url, options=self.options)
        )

    def user_with(self, **credential: Any) -> Any:
        """Return a self-service client with another credential."""
        return self._keep(self.flavour.self_service(base_url=self.emulator.url, options=self.options, **credential))

    def _keep(self, client: Any) -> Any:
        self.made.append(client)
        return client


@attrs.frozen
class _Awaited:
    management: Any = AsyncFrontegg
    self_service: Any = AsyncFronteggUser


@attrs.frozen
class _Blocking:
    """Blocking clients that share one thread."""

    runner: Runner

    def management(self, *args: Any, **settings: Any) -> Frontegg:
        return Frontegg(*args, runner=self.runner, **settings)

    def self_service(self, **settings: Any) -> FronteggUser:
        return FronteggUser(runner=self.runner, **settings)


def _open_clients(emulator: EmulatorHandle, exercise: Exercise, flavour: Any) -> _OpenClients:
    prepare(emulator)
    for name, value in exercise.switches.items():
        emulator.set_switch(name, value)
    token = emulator.user_token(tenant_id="acme", user_id="ann", permissions=list(exercise.permissions)).access_token
    clients = _OpenClients(emulator, None, None, flavour)
    clients.frontegg = clients.client(emulator.secret)
    clients.user = clients.user_with(token=token)
    return clients


async def _await(exercise: Exercise, clients: _OpenClients) -> None:
    result = exercise.call(clients)
    for step in result if isinstance(result, GeneratorType) else (result,):
        if isinstance(step, AsyncPages):
            await step.all()
        elif inspect.iscoroutine(step):
            await step


def _block(exercise: Exercise, clients: _OpenClients) -> None:
    result = exercise.call(clients)
    for step in result if isinstance(result, GeneratorType) else (result,):
        assert not inspect.iscoroutine(step)
        if isinstance(step, Pages):
            step.all()


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    """The thread of all blocking clients."""
    with Runner() as shared:
        yield shared


@pytest.fixture
async def awaited(frontegg_emulator: EmulatorHandle, exercise: Exercise) -> AsyncIterator[_OpenClients]:
    """The asynchronous clients of an exercise."""
    clients = _open_clients(frontegg_emulator, exercise, _Awaited())
    yield clients
    for client in clients.made:
        await client.aclose()


@pytest.fixture
def blocking(frontegg_emulator: EmulatorHandle, exercise: Exercise, runner: Runner) -> Iterator[_OpenClients]:
    """The blocking clients of an exercise."""
    clients = _open_clients(frontegg_emulator, exercise, _Blocking(runner))
    yield clients
    for client in clients.made:
        client.close()


@pytest.fixture(scope="module")
def unused(frontegg_emulator_server: EmulatorHandle) -> _OpenClients:
    """Asynchronous clients of all calls that send nothing."""
    return _open_clients(frontegg_emulator_server.create_environment(), BAD[0], _Awaited())


def _statuses(emulator: EmulatorHandle, exercise: Exercise) -> list[int | None]:
    return [entry.status for entry in emulator.journal() if entry.route == exercise.name]


def _of(kind: str) -> Any:
    return pytest.mark.parametrize("exercise", [each for each in EXERCISES if each.kind == kind], ids=str)


def _by_faults() -> Iterator[Any]:
    """Yield a good exercise of each operation by each credential, with the statuses by which faults may refuse it.

    A secret that was refused is not sent again: a request for a token meets one of them at a time.
    """
    first = {(each.name, each.who): each for each in reversed(EXERCISES) if each.kind == "good"}
    for exercise in first.values():
        possible = sorted({400, 401, 429} & {*ENDPOINTS[exercise.name].errors, 401, 429})
        statuses = [status for status in possible if (exercise.name, status) not in RECOVERED]
        is_of_token = ENDPOINTS[exercise.name].auth is Auth.NONE
        for some in [[status] for status in statuses] if is_of_token else [statuses]:
            yield pytest.param(exercise, some, id=str(exercise))


@pytest.mark.anyio
@_of("good")
async def test_a_call_succeeds(awaited: _OpenClients, exercise: Exercise) -> None:
    """The emulator acts, and responds with the documented status."""
    await _await(exercise, awaited)
    assert ENDPOINTS[exercise.name].status in _statuses(awaited.emulator, exercise)


@_of("good")
def test_a_blocking_call_succeeds(blocking: _OpenClients, exercise: Exercise) -> None:
    """The blocking client gives the same result."""
    _block(exercise, blocking)
    assert ENDPOINTS[exercise.name].status in _statuses(blocking.emulator, exercise)


@pytest.mark.anyio
@_of("refused")
async def test_a_call_is_refused(awaited: _OpenClients, exercise: Exercise) -> None:
    """The error has the class of the status, and names the operation."""
    with pytest.raises(ERRORS[exercise.status]) as caught:
        await _await(exercise, awaited)
    _check_refusal(caught.value, awaited.emulator, exercise)


@pytest.mark.anyio
async def test_a_write_is_refused_before_anything_is_sent(frontegg_emulator: EmulatorHandle) -> None:
    """By clients that are read-only, also if the call reads before it writes."""
    prepare(frontegg_emulator)
    token = frontegg_emulator.user_token(tenant_id="acme", user_id="ann", permissions=["fe.*"]).access_token
    clients = _OpenClients(frontegg_emulator, None, None, _Awaited(), options=Options(read_only=True))
    clients.frontegg, clients.user = clients.client(frontegg_emulator.secret), clients.user_with(token=token)
    for exercise in EXERCISES:
        if exercise.kind == "good" and ENDPOINTS[exercise.name].writes and exercise.who != "nobody":
            with pytest.raises(ReadOnlyError):
                await _await(exercise, clients)
    for client in clients.made:
        await client.aclose()
    assert {entry.route for entry in frontegg_emulator.journal()} == set()


def _check_refusal(error: APIError, emulator: EmulatorHandle, exercise: Exercise) -> None:
    assert (error.endpoint, error.status) == (exercise.name, exercise.status)
    assert len(printed_frames(error)) <= MOST_FRAMES
    assert error.trace_id
    assert _statuses(emulator, exercise)[-1] == exercise.status


@pytest.mark.anyio
@_of("bad")
async def test_a_bad_argument_is_named(unused: _OpenClients, exercise: Exercise) -> None:
    """The error names the argument, and nothing is sent."""
    unused.emulator.clear_journal()
    with pytest.raises(InvalidArgumentError, match=exercise.match) as caught:
        await _await(exercise, unused)
    argument = caught.value.argument
    assert argument is None or argument in ARGUMENTS, caught.value
    assert len(printed_frames(caught.value)) <= MOST_FRAMES
    assert _statuses(unused.emulator, exercise) == []


def _break(emulator: EmulatorHandle, exercise: Exercise, status: int) -> None:
    """Add a fault that refuses every call of the operation."""
    endpoint = ENDPOINTS[exercise.name]
    action = {"type": "status", "status": status}
    if status == 429:
        action = {"type": "rate_limit", "reset_in": 600, "with_header": True}
    prefix, field, _ = endpoint.path.partition("{")
    emulator.add_fault(
        match={"method": endpoint.method, "path": f"{prefix}*" if field else endpoint.path},
        stage="before_commit" if endpoint.name == "auth.authenticate" else "accept",
        action=action,
    )


def _error(exercise: Exercise, status: int) -> type[APIError]:
    """Return the class of the error; a refused request for a token is none of the call that needs the token."""
    is_of_token = ENDPOINTS[exercise.name].auth is Auth.NONE and status != 429
    return AuthenticationError if is_of_token else ERRORS[status]


@pytest.mark.anyio
@pytest.mark.parametrize(("exercise", "statuses"), list(_by_faults()))
async def test_a_documented_error(awaited: _OpenClients, exercise: Exercise, statuses: list[int]) -> None:
    """Faults cause what the emulator does not: a refused token, a rate limit, and a 400 that the SDK prevents.

    The limit is the last: the client waits for its end.
    """
    for status in statuses:
        _break(awaited.emulator, exercise, status)
        with pytest.raises(_error(exercise, status)) as caught:
            await _await(exercise, awaited)
        assert len(printed_frames(caught.value)) <= MOST_FRAMES
        awaited.emulator.delete_faults()


def _credentials(endpoint: Endpoint[object]) -> set[str]:
    ways = {
        "environment": bool(endpoint.auth & (Auth.ENVIRONMENT | Auth.TENANT)),
        "user": bool(endpoint.auth & Auth.USER),
        "nobody": endpoint.auth is Auth.NONE,
    }
    return {who for who, takes in ways.items() if takes and (endpoint.name, who) not in NOT_BY}


def _expected(endpoint: Endpoint[object]) -> set[int]:
    return {status for status in endpoint.errors if status != 400 and (endpoint.name, status) not in UNREACHABLE}


@pytest.mark.parametrize("endpoint", list(ENDPOINTS.values()), ids=lambda endpoint: endpoint.name)
def test_every_operation_is_exercised(endpoint: Endpoint[object]) -> None:
    """Every operation has exercises: with each credential, each documented refusal except 400, and bad arguments."""
    rows = [each for each in EXERCISES if each.name == endpoint.name]
    takes_arguments = bool(endpoint.fields or endpoint.query or endpoint.body) and endpoint.name not in NO_ARGUMENTS

    assert {each.who for each in rows if each.kind == "good"} == _credentials(endpoint)
    assert {each.status for each in rows if each.kind == "refused"} >= _expected(endpoint)
    assert any(each.kind == "bad" for each in rows) or not takes_arguments


def test_rows_name_operations_that_exist() -> None:
    """Exceptions for operations that no longer exist must be removed."""
    assert {each.name for each in EXERCISES} == set(ENDPOINTS)
    assert {name for name, _ in (*NOT_BY, *UNREACHABLE, *RECOVERED)} | set(NO_ARGUMENTS) <= set(ENDPOINTS)
