"""Make calls of operations. All arguments are checked and encoded before the first request."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar, cast

import attrs
import msgspec

from frontegg_async._core.call.call import Call
from frontegg_async._core.call.call_state import FOREVER, Reconcile
from frontegg_async._core.call.context import CallContext, PinnedToken, TokenSource
from frontegg_async._core.call.failures import error_of_authentication
from frontegg_async._core.call.observers import GLOBAL_OBSERVERS
from frontegg_async._core.call.requested_ids import fields_and_tenants
from frontegg_async._core.checks import arguments
from frontegg_async._core.codec import encoding, reader
from frontegg_async._core.http import urls
from frontegg_async._core.http.attempt_results import RawResponse
from frontegg_async._core.http.transport import Request
from frontegg_async._core.runtime.clocks import Clocks
from frontegg_async._core.runtime.loops import running_loop
from frontegg_async._core.runtime.tracebacks import shorten, without_frames
from frontegg_async._values.fields import bare_field
from frontegg_async._values.kinds import kind_of
from frontegg_async._values.secret import Hidden, Secret
from frontegg_async.endpoints import Auth, Endpoint, Retry
from frontegg_async.endpoints.endpoint import TENANT_OF_CALL, USER_OF_CALL
from frontegg_async.errors import (
    ConfigurationError,
    ErrorDetails,
    FronteggError,
    InvalidArgumentError,
    Outcome,
    OutcomeUnknownError,
    ReadOnlyError,
    RequestTimeoutError,
    ResultLostError,
)
from frontegg_async.models.response import Response
from frontegg_async.options import Options, ResolvedOptions, merge_options

if TYPE_CHECKING:
    from frontegg_async._core.call.shared_rate_limits import SharedRateLimits

T = TypeVar("T")
_Headers: TypeAlias = Mapping[str, str | Secret]

_JSON: Final = "application/json"
_NO_SCOPE: Final[Mapping[str, str]] = {}
_TAKES: Final = {Auth.ENVIRONMENT: Auth.ENVIRONMENT | Auth.TENANT, Auth.USER: Auth.USER}
"""The kinds of operations that each kind of credential can call."""


class Tally:
    """Counts the requests of calls."""

    __slots__ = ("requests",)

    def __init__(self) -> None:
        self.requests: int = 0

    def take(self) -> int:
        """Return the number of requests, and reset it to 0."""
        requests, self.requests = self.requests, 0
        return requests

    async def run(self, call: Call[T]) -> T:
        """Make a call. Count its requests, even if the call fails."""
        try:
            return await call.run()
        finally:
            self.requests += call.attempts


class Caller:
    """Makes calls with one set of options, optionally for one tenant or user.

    Args:
        context: The context that all calls share.
        tokens: The source of tokens. ``None`` for operations without a credential.
        options: The options of the client or of one of its views.
        tenant_id: The id of the tenant in the header of the calls.
        user_id: The id of the user in the header of the calls.
        is_free: Whether failures are not charged to the retry budget.
        tally: Counts the requests of the calls. ``None`` to count none.
    """

    __slots__ = ("_context", "_options", "_tokens", "is_free", "tally", "tenant_id", "user_id")

    def __init__(
        self,
        context: CallContext,
        tokens: TokenSource | None,
        options: ResolvedOptions,
        *,
        tenant_id: str | None = None,
        user_id: str | None = None,
        is_free: bool = False,
        tally: Tally | None = None,
    ) -> None:
        self._context = context
        self.is_free: bool = is_free
        self.tally: Tally | None = tally
        self._tokens = tokens
        self._options = options
        self.tenant_id: str | None = tenant_id
        self.user_id: str | None = user_id

    def for_tenant(self, tenant_id: str) -> Caller:
        """Return a caller whose calls send the header of a tenant.

        The header is sent only with operations that take it.

        Args:
            tenant_id: The id of the tenant.

        Raises:
            InvalidArgumentError: The value cannot be an id.
        """
        arguments.check_id(tenant_id, "tenant_id")
        return Caller(
            self._context, self._tokens, self._options, tenant_id=tenant_id, is_free=self.is_free, tally=self.tally
        )

    def for_user(self, user_id: str) -> Caller:
        """Return a caller whose calls send the header of a user of the tenant.

        The header is sent only with operations that take it.

        Args:
            user_id: The id of the user.

        Raises:
            InvalidArgumentError: ``user_id`` cannot be an id.
        """
        arguments.check_id(user_id, "user_id")
        return Caller(
            self._context,
            self._tokens,
            self._options,
            tenant_id=self.tenant_id,
            user_id=user_id,
            is_free=self.is_free,
            tally=self.tally,
        )

    def with_options(self, given: Options) -> Caller:
        """Return a caller with these options. Omitted options keep their values."""
        caller = copy.copy(self)
        caller._options = merge_options(self._options, given)  # noqa: SLF001 - of this class
        return caller

    def counted(self, tally: Tally) -> Caller:
        """Return a caller whose requests are counted."""
        caller = copy.copy(self)
        caller.tally = tally
        return caller

    def limited(self, rates: SharedRateLimits) -> Caller:
        """Return a caller whose requests wait for other shared rate limits."""
        caller = copy.copy(self)
        caller._context = self._context.limited(rates)  # noqa: SLF001 - of this class
        return caller

    def free(self) -> Caller:
        """Return a caller whose failures are not charged to the retry budget, for reads after a failed write."""
        free = copy.copy(self)
        free.is_free = True
        return free

    async def pin(self, options: Options | None) -> tuple[Caller, Secret]:
        """Return a caller that sends the current token with all its calls. Also return the token.

        Args:
            options: The options of the next call. Their deadline also limits this method.

        Raises:
            RequestTimeoutError: The deadline passed before a token was available.
            FronteggError: No token could be fetched.
        """
        running_loop()
        tokens = cast("TokenSource", self._tokens)
        if tokens.is_per_call:
            tokens = tokens.begin()
        failure: FronteggError | None = None
        try:
            async with asyncio.timeout(self.options_for(options).deadline):
                while tokens.current() is None:
                    await tokens.fetch()
        except FronteggError as error:
            failure = error_of_authentication(error.fresh(), self._context.base_url)
        except TimeoutError:
            pass
        if failure is not None:
            raise failure.fresh()
        token = tokens.current()
        if token is None:
            details = ErrorDetails(outcome=Outcome.NOT_SENT, reason="deadline")
            raise RequestTimeoutError("the deadline passed before a token was available", details)
        return Caller(self._context, PinnedToken(token, tokens.hint, tokens.tenant_id), self._options), token

    def forget_token(self) -> None:
        """Discard the token, so that the next call fetches a new token if possible."""
        if self._tokens is not None:
            self._tokens.reset()

    @property
    def is_user(self) -> bool:
        """Whether the credential belongs to a user. Otherwise it belongs to an environment."""
        return self._context.auth is Auth.USER

    @property
    def own_tenant_id(self) -> str | None:
        """The id of the tenant of the calls.

        This is the tenant given to `for_tenant`, or the tenant of a user's token. ``None`` if no tenant is known.
        """
        if self.tenant_id is None and self.is_user and self._tokens is not None:
            return self._tokens.tenant_id
        return self.tenant_id

    @property
    def clocks(self) -> Clocks:
        """Time and randomness."""
        return self._context.clocks

    async def pause(self, seconds: float) -> None:
        """Wait between two calls.

        Raises:
            ClientClosedError: The client is closed, or is closed during the wait.
        """
        self._context.sessions.check_open()
        await self._context.waits.sleep(seconds)

    @without_frames
    def check_writable(self, name: str, options: Options | None = None) -> None:
        """Raise an error if the client or the options of the call are read-only. Jobs call this before they write.

        Raises:
            ReadOnlyError: The client or the options are read-only.
        """
        chosen = self.options_for(options)
        if chosen.read_only:
            raise _read_only(name, chosen)

    def options_for(self, options: Options | None) -> ResolvedOptions:
        """Return the options of a call. The options of the client are the defaults."""
        if options is None:
            return self._options
        if not isinstance(options, Options):
            raise InvalidArgumentError(f"options must be Options, not {kind_of(options)}")
        return merge_options(self._options, options)

    def opens_at(self, *endpoints: Endpoint[object]) -> float:
        """Return the time at which the last closed route of these operations opens, on the monotonic clock.

        A 429 closes a route. The time is -inf if no route is closed.
        """
        if not self._context.gates.by_route:
            return -FOREVER
        gates = [self._context.gates.last(endpoint) for endpoint in endpoints]
        return max([gate.opens_at for gate in gates if gate is not None], default=-FOREVER)

    @property
    def may_retry(self) -> bool:
        """Whether the retry budget allows a retry."""
        return self._context.budget.allows

    def was_limited(self, endpoint: Endpoint[object]) -> bool:
        """Return whether the service recently rate-limited the route of an operation."""
        return self._context.gates.was_limited(endpoint)

    def value(
        self,
        endpoint: Endpoint[T],
        *,
        path: Mapping[str, str] = urls.NO_FIELDS,
        query: Sequence[tuple[str, str]] = (),
        body: object = None,
        options: Options | None = None,
        reconcile: Reconcile[T] | None = None,
        turn: Awaitable[None] | None = None,
    ) -> Coroutine[object, object, T]:
        """Return the coroutine of a call. Errors for invalid arguments are raised before the coroutine is awaited.

        The response is decoded after ``turn`` has ended.
        """
        try:
            call = self._call(endpoint, path, query, body, options, reconcile)
        except FronteggError as error:
            shorten(error)
            raise
        call.turn = turn
        return call.run() if self.tally is None else self.tally.run(call)

    async def response(
        self,
        endpoint: Endpoint[T],
        *,
        path: Mapping[str, str] = urls.NO_FIELDS,
        query: Sequence[tuple[str, str]] = (),
        body: object = None,
        options: Options | None = None,
    ) -> Response[T]:
        """Make a call and return its value with the status, headers and timing of the response."""
        call = self._call(endpoint, path, query, body, options, None)
        value = await call.run()
        response = cast("RawResponse", call.response)
        return Response(
            value=value,
            status=response.status,
            headers={name.lower(): text for name, text in response.headers.items()},
            trace_id=response.trace_id,
            attempts=call.attempts,
            elapsed=call.elapsed(),
        )

    async def send(
        self,
        endpoint: Endpoint[T],
        *,
        path: Mapping[str, str] | None,
        query: Mapping[str, str | Sequence[str]] | None,
        body: Hidden[object],
        user_id: str | None = None,
        options: Options | None,
    ) -> Response[T]:
        """Make a call of any operation. All arguments are checked.

        Raises:
            InvalidArgumentError: An argument is not allowed. Nothing was sent.
            FronteggError: Any other failure of the call.
        """
        if not isinstance(endpoint, Endpoint):
            raise InvalidArgumentError(f"endpoint must be an Endpoint, not {type(endpoint).__name__}")
        for name, given in (("path", path), ("query", query)):
            if given is not None:
                arguments.check_mapping(given, name)
        pairs = urls.RedactedQuery() if query is None else urls.RedactedQuery(_pairs(query))
        fields = urls.NO_FIELDS if path is None else urls.RedactedFields(path)
        sent = None if body.reveal() is None else body
        try:
            caller = self if user_id is None else self._about_user(endpoint, user_id)
            return await caller.response(endpoint, path=fields, query=pairs, body=sent, options=options)
        except (OutcomeUnknownError, ResultLostError) as error:
            asked = {name: value for name, value in fields.items() if name not in endpoint.secret_fields}
            failure: FronteggError = error.fresh(attrs.evolve(error.details, asked=asked))
        except FronteggError as error:
            shorten(error)
            raise
        raise failure.fresh()

    def _about_user(self, endpoint: Endpoint[object], user_id: str) -> Caller:
        """Return a caller whose calls send the header of a user.

        Raises:
            InvalidArgumentError: ``user_id`` cannot be an id, or the operation takes no user header.
        """
        about = self.for_user(user_id)
        if not endpoint.user_header:
            raise InvalidArgumentError(
                f"{endpoint.name} takes no user_id: only operations with user_header=True take it"
            )
        return about

    def _chosen(self, endpoint: Endpoint[object], options: Options | None) -> ResolvedOptions:
        """Return the options of a call. Raise an error if they are read-only and the operation writes."""
        chosen = self._options if options is None else self.options_for(options)
        if chosen.read_only and endpoint.writes:
            raise _read_only(endpoint.name, chosen)
        return chosen

    # All parameters are positional, like those of `Call`.
    def _call(  # noqa: PLR0917 - see above
        self,
        endpoint: Endpoint[T],
        path: Mapping[str, str],
        query: Sequence[tuple[str, str]],
        body: object,
        options: Options | None,
        reconcile: Reconcile[T] | None,
        /,
    ) -> Call[T]:
        """Check and encode the arguments. Return the call, which has sent nothing yet."""
        context = self._context
        tokens = self._tokens
        scope = _NO_SCOPE
        if endpoint.auth is Auth.NONE:
            tokens = None
        elif tokens is None or endpoint.auth is not context.auth or endpoint.user_header:
            scope = self._admit(endpoint)
        chosen = self._chosen(endpoint, options)
        headers: _Headers = context.headers if chosen.headers is None else {**chosen.headers, **context.headers}
        if scope:
            headers = {**headers, **scope}
        if endpoint.media_type != _JSON:
            headers = {**headers, "Accept": f"{endpoint.media_type}, */*;q=0.5"}
        payload: bytes | None = None
        if body is not None:
            payload = _encode(_revealed(body))
            headers = {**headers, "Content-Type": _JSON}
        reading = reader.reader_of(endpoint.returns)
        url = urls.address(context.base_url, endpoint.path, path, query)
        subject = endpoint._subject  # noqa: SLF001 - of our own operations  # pyright: ignore[reportPrivateUsage]
        if subject is None:
            asked: tuple[str, ...] = ()
        elif subject in path:
            asked = (path[subject],)
        else:
            asked = self._asked(subject, query, _revealed(body))
        largest = endpoint._max_body  # noqa: SLF001 - of our own operations  # pyright: ignore[reportPrivateUsage]
        request = Request(endpoint.method, url, headers, payload, endpoint.retry is Retry.NEVER, largest)
        if tokens is not None and tokens.is_per_call:
            tokens = tokens.begin()
        started = context.clocks.monotonic()
        deadline = FOREVER if chosen.deadline is None else started + chosen.deadline
        pairs = endpoint._echoed  # noqa: SLF001 - of our own operations  # pyright: ignore[reportPrivateUsage]
        echoed = _echoed(pairs, {**dict(query), **path}, _revealed(body)) if pairs else ()
        # Positional arguments take half the time.
        call = Call(
            context,
            tokens,
            endpoint,
            reading,
            request,
            asked,
            chosen,
            reconcile,
            self.is_free,
            started,
            deadline,
            echoed,
        )
        if context.is_observed or GLOBAL_OBSERVERS:
            return _observed(call, path, query, body, scope.get(TENANT_OF_CALL))
        return call

    def _asked(self, subject: str, query: Sequence[tuple[str, str]], body: object) -> tuple[str, ...]:
        """Return the ids that the response may contain, if the path contains no id. Empty allows any id."""
        if subject == TENANT_OF_CALL:
            return () if self.tenant_id is None else (self.tenant_id,)
        if subject == USER_OF_CALL:
            return () if self.user_id is None else (self.user_id,)
        named = tuple(each for name, value in query if name == subject for each in value.split(","))
        if named:
            return named
        value: object = getattr(body, subject, None)
        return (
            cast("tuple[str, ...]", value) if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()
        )

    def _admit(self, endpoint: Endpoint[object]) -> Mapping[str, str]:
        """Check that an operation takes the credential. Return the tenant and user headers of the call."""
        taken = endpoint.auth & _TAKES[self._context.auth]
        if self._tokens is None or not taken:
            kind = "a user's" if self.is_user else "an environment's"
            raise ConfigurationError(
                f"{endpoint.name} does not take {kind} credential, and this client has no other credential"
            )
        if self.is_user:
            return _NO_SCOPE
        scope: dict[str, str] = {}
        if Auth.TENANT in taken:
            if self.tenant_id is not None:
                scope[TENANT_OF_CALL] = self.tenant_id
            elif Auth.ENVIRONMENT not in taken:
                raise ConfigurationError(f"{endpoint.name} is about one tenant: call it through for_tenant(tenant_id)")
        if endpoint.user_header:
            if self.user_id is None:
                raise ConfigurationError(f"{endpoint.name} is about one user: give send() a user_id")
            scope[USER_OF_CALL] = self.user_id
        return scope


def _echoed(pairs: Sequence[tuple[str, str]], given: Mapping[str, str], body: object) -> tuple[tuple[str, str], ...]:
    """Return the values of the path, the query and the body that the response must repeat."""
    kind = type(body)
    if attrs.has(kind) and (bare := bare_field(kind)) is not None:
        (body,) = cast("tuple[object, ...]", getattr(body, bare.name))[:1] or (None,)
    values = ((name, given[field] if field in given else getattr(body, field, None)) for name, field in pairs)
    return tuple((name, value) for name, value in values if isinstance(value, str))


def _observed(
    call: Call[T], path: Mapping[str, str], query: Sequence[tuple[str, str]], body: object, tenant_id: str | None
) -> Call[T]:
    """Return a call that notifies the observers of its client and of the process."""
    from frontegg_async._core.call.observed_call import ObservedCall  # noqa: PLC0415 - only observed calls need it

    context, endpoint = call.context, call.endpoint
    observed: ObservedCall[T] = ObservedCall(*msgspec.structs.astuple(call))
    observed.is_observed = True
    observed.observers = (*context.observers, *GLOBAL_OBSERVERS)
    observed.body_fields, observed.tenant_ids = fields_and_tenants(_revealed(body), path, tenant_id)
    secrets = endpoint.secret_fields
    observed.shown_url = (
        urls.shown_address(context.base_url, endpoint.path, path, query, secrets) if secrets else str(call.request.url)
    )
    return observed


def _revealed(body: object) -> object:
    return cast("Hidden[object]", body).reveal() if isinstance(body, Hidden) else body


@without_frames
def _encode(body: object) -> bytes:
    if attrs.has(type(body)):
        arguments.check_body(cast("attrs.AttrsInstance", body))
    else:
        arguments.check_json(body, "body")
    return encoding.encode(body)


def _pairs(query: Mapping[str, str | Sequence[str]]) -> list[tuple[str, str]]:
    """Return the name and value of each query parameter."""
    pairs: list[tuple[str, str]] = []
    for name, values in query.items():
        if isinstance(values, str):
            pairs.append((name, values))
        elif isinstance(values, list | tuple):
            pairs += [(name, value) for value in cast("Sequence[str]", values)]
        else:
            kind = type(values).__name__
            raise InvalidArgumentError(f"query[{name!r}] must be text, or a list or tuple of texts, not {kind}")
    return pairs


def _read_only(name: str, options: ResolvedOptions) -> ReadOnlyError:
    place = options.read_only if isinstance(options.read_only, str) else "the option read_only"
    return ReadOnlyError(f"{name} writes, and was not sent: the client is read-only, as {place} says")
