"""`Probe` sends the requests of the checks and records the responses."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Mapping, Sequence
from functools import partial, wraps
from http import HTTPStatus
from typing import Concatenate, Final, ParamSpec, TypeVar, cast

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Hidden, Secret
from frontegg_async.client import AsyncFrontegg
from frontegg_async.conformance.answer import Answer, parse, plain
from frontegg_async.conformance.budget import Budget
from frontegg_async.conformance.made import Made
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.plain_request import check_answered, send_plainly
from frontegg_async.endpoints import Auth, Endpoint, Retry, account_settings
from frontegg_async.endpoints import tenants as tenant_operations
from frontegg_async.errors import FronteggError
from frontegg_async.models.response import Response
from frontegg_async.options import Options
from frontegg_async.user import AsyncFronteggUser

T = TypeVar("T")
P = ParamSpec("P")

_FIELDS: Final[Mapping[str, Mapping[str, JsonValue]]] = {
    "first": {"metadata": {"plan": "pro"}},
    "second": {"metadata": {"seats": 5}},
    "people": {"metadata": {"plan": "pro", "seats": 5}, "isReseller": True},
    "child": {"isReseller": True},
    "holder": {"metadata": "42", "isReseller": True},
    "locked": {"metadata": {"seats": 5}},
    "left": {"name": None},
}
"""The fields with which the kit creates accounts, besides an id and a name. A name of ``None`` is sent as null."""
USER_PREFIX: Final = "/frontegg"
"""The prefix of the paths of users' requests at sub-domains."""


@attrs.frozen(kw_only=True)
class Credentials:
    """The client id and the secret of the environment."""

    client_id: str
    secret: Secret


class Probe:
    """Sends requests and returns the unchanged responses, and makes accounts on which checks try writes.

    Args:
        client: The client of the environment. Its hook ``on_request`` must be `Budget.note`.
        budget: Limits the number and the rate of requests.
        made: The record of the objects that the run makes; ``None`` for a run that only reads.
        credentials: The client's credentials, for requests that the client does not send.
    """

    def __init__(
        self, client: AsyncFrontegg, budget: Budget, made: Made | None = None, credentials: Credentials | None = None
    ) -> None:
        self.client = client
        self.budget = budget
        self.made = made
        self._credentials = credentials
        self.is_read_only: bool = False
        """Whether the service refused a write because the environment's credential may not write."""
        self.asked: int = 0
        """The number of requests that checks made."""
        self.answered: int = 0
        """The number of these requests with a response that is neither a 429 nor a server error."""
        self._known: dict[Hashable, object] = {}

    async def ask(
        self,
        endpoint: Endpoint[object],
        fields: Mapping[str, str] | None = None,
        *,
        query: Mapping[str, str | Sequence[str]] | None = None,
        body: object = None,
        tenant_id: str | None = None,
        user_id: str | None = None,
        application_id: str | None = None,
        auth: Auth | None = None,
        user: AsyncFronteggUser | None = None,
        prefix: str | None = None,
        at_once: bool = False,
    ) -> Answer:
        """Send one request and return the answer, whatever its status. Writes are never repeated.

        Args:
            endpoint: The operation. Only its method and path are used.
            fields: A value for each field of its path.
            query: The query parameters. A sequence repeats the key.
            body: Any JSON value. It is sent unchanged.
            tenant_id: The value of the header ``frontegg-tenant-id``, even if the operation does not take it.
            user_id: The value of the header ``frontegg-user-id``, even if the operation does not take it.
            application_id: The value of the header ``frontegg-application-id``.
            auth: ``Auth.NONE`` to send no token.
            user: The client of a user or an API token. The request then has its token instead.
            prefix: The prefix of the path; for requests of users, by default the prefix at which they are served.
            at_once: Do not wait for the rate: `Budget.settle` waits afterwards.

        Raises:
            NotTriedError: The budget is used up, there was no response, or the status is 429 or a server error.
        """
        if prefix is None:
            prefix = "" if user is None else await self.prefix_of(user)
        wanted = Auth.USER if user is not None else Auth.ENVIRONMENT if tenant_id is None else Auth.TENANT
        raw = attrs.evolve(
            endpoint,
            path=prefix + endpoint.path,
            auth=wanted if auth is None else auth,
            returns=bytes,
            retry=Retry.SAFE if endpoint.method == "GET" else Retry.NEVER,
            _subject=None,
            _echoed=(),
            user_header=user_id is not None,
        )
        if at_once:
            self.budget.check()
        else:
            await self.budget.turn()
        self.asked += 1
        sender = user or (self.client if tenant_id is None else self.client.for_tenant(tenant_id))
        options = None if application_id is None else Options(headers={"frontegg-application-id": application_id})
        try:
            if user_id is None:
                sent = sender.send(raw, path=fields, query=query, body=body, options=options)
            else:
                about = cast("AsyncFrontegg", sender)
                sent = about.send(raw, path=fields, query=query, body=body, user_id=user_id, options=options)
            response = cast("Response[bytes]", await sent)
        except FronteggError as error:
            refused = error.details.response
            if refused is None:
                raise NotTriedError(f"there was no response: {type(error).__name__}") from None
            check_answered(refused.status)  # a 429 would look like a refusal
            self.answered += 1
            return Answer(
                status=refused.status,
                body=plain(refused.body),
                is_empty=refused.body is None,
                trace_id=refused.trace_id,
            )
        self.answered += 1
        return Answer(
            status=response.status,
            body=parse(response.value),
            is_empty=not response.value.strip(),
            trace_id=response.trace_id,
        )

    async def send_plainly(
        self,
        method: str,
        url: str,
        headers: Hidden[Mapping[str, str]] | None = None,
        body: Hidden[JsonValue] | None = None,
    ) -> Answer:
        """Send one request without the client, like the function `send_plainly`, and count it.

        Args:
            method: The HTTP method.
            url: The address.
            headers: Additional headers; none by default.
            body: A JSON value; ``None`` for no body.

        Raises:
            NotTriedError: The budget is used up, there was no response, or the status is 429 or a server error.
        """
        await self.budget.turn()
        self.budget.used += 1
        self.asked += 1
        answer = await send_plainly(method, url, headers, body)
        self.answered += 1
        return answer

    @property
    def credentials(self) -> Credentials:
        """The client id and the secret of the environment.

        Raises:
            NotTriedError: The run has no credentials.
        """
        if self._credentials is None:
            raise NotTriedError("the check needs the client id and the secret, which this run was not given")
        return self._credentials

    async def prefix_of(self, user: AsyncFronteggUser) -> str:
        """Return the prefix of users' paths; empty for the client of a sub-domain, which adds the prefix itself."""
        if user.base_url.prefix:
            return ""

        async def look() -> str:
            answer = await self.ask(account_settings.PUBLIC, user=user, prefix="")
            return USER_PREFIX if answer.status == HTTPStatus.NOT_FOUND else ""

        return await self.once("prefix of users' calls", look)

    async def once(self, name: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """Return the result of a coroutine function. The first check calls it, and later checks share the result.

        A failure is shared too: later checks are not tried, for the same reason.

        Args:
            name: The name of the result, unique in the run.
            make: The coroutine function.

        Raises:
            NotTriedError: The result could not be made.
        """
        if name not in self._known:
            try:
                self._known[name] = await make()
            except NotTriedError as error:
                self._known[name] = error
        known = self._known[name]
        if isinstance(known, NotTriedError):
            raise NotTriedError(*known.args)
        return cast("T", known)

    def keep(self, name: str, value: object) -> None:
        """Keep a result for other checks, so that `once` does not make it again."""
        self._known.setdefault(name, value)

    @property
    def prefix(self) -> str:
        """The prefix of the ids of the kit's accounts.

        Raises:
            NotTriedError: The run only reads.
        """
        if self.made is None:
            raise NotTriedError("the check writes: only a run with --write tries this check")
        return self.made.prefix

    @property
    def nobody(self) -> str:
        """An id that no account has."""
        return f"{self.prefix}nobody"

    def leave_to_reads(self) -> None:
        """Skip a check of accounts that the kit did not make in runs that write.

        Runs that only read have requests to spare.

        Raises:
            NotTriedError: The run writes.
        """
        if self.made is not None:
            raise NotTriedError("only a run without --write tries this check")

    async def page(self) -> Answer:
        """Return a first page of at most two accounts; accounts of the kit with ``--write``."""

        async def look() -> Answer:
            query = {"_limit": "2", "_offset": "0"}
            if self.made is not None:
                await self.account("first")
                await self.account("second")
                query["_filter"] = self.made.prefix
            return await self.ask(tenant_operations.LIST, query=query)

        return await self.once("page of accounts", look)

    async def existing(self) -> str:
        """Return the id of an existing account: an account of the kit with ``--write``, and otherwise any account.

        Raises:
            NotTriedError: There is no account, or the accounts cannot be listed.
        """
        if self.made is not None:
            return await self.account("first")
        page = await self.page()
        for row in page.items:
            tenant_id = row.get("tenantId") if isinstance(row, dict) else None
            if isinstance(tenant_id, str) and tenant_id:
                return tenant_id
        raise NotTriedError("no account could be listed: with --write, the kit makes an account")

    async def creation(self, name: str, fields: Mapping[str, JsonValue] | None = None) -> Answer:
        """Create an account once a run, and return the answer.

        Args:
            name: The id of the account without the prefix of the run.
            fields: The fields of the body besides the id. By default these are a name, and the fields that the checks
                of this account need.

        Raises:
            NotTriedError: The run only reads, or there was no response.
        """

        async def create() -> Answer:
            if self.is_read_only:
                raise NotTriedError("the credential may not write")
            given = {"name": self.name_of(name), **_FIELDS.get(name, {})} if fields is None else fields
            body = {key: value for key, value in given.items() if value is not None}
            return await self.ask(tenant_operations.CREATE, body={"tenantId": self.new_id(name), **body})

        return await self.once(f"creation of {name}", create)

    async def account(self, name: str) -> str:
        """Return the id of an account that the kit makes for this run. Checks that use the same name share the account.

        Args:
            name: The id of the account without the prefix of the run.

        Raises:
            NotTriedError: The run only reads, or the account could not be made.
        """
        answer = await self.creation(name)
        if not answer.is_done:
            raise NotTriedError(f"an account could not be made: {answer.status}")
        return self.new_id(name)

    def name_of(self, name: str) -> str:
        """Return the name of an account of the kit. Names are unique to the run, and sort in another order than ids."""
        return f"Conformance {name[::-1]} {'' if self.made is None else self.made.prefix[-8:-1]}"

    def new_id(self, name: str) -> str:
        """Return an id for an account that the check creates itself, and record the account for clean-up.

        Args:
            name: The id of the account without the prefix of the run.

        Raises:
            NotTriedError: The run only reads, or no request is left.
        """
        if self.made is None:
            raise NotTriedError("the check writes: only a run with --write tries this check")
        if not self.made.has(name):
            self.budget.check()
        tenant_id = self.made.account(name)
        self.budget.kept = self.made.requests
        return tenant_id

    def unmade(self, name: str, *answers: Answer) -> None:
        """Remove an account from the record if all answers are refusals, or if it was deleted.

        Args:
            name: The id of the account without the prefix of the run.
            answers: The answers.
        """
        refused = range(HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR)
        if self.made is not None and all(answer.status in refused for answer in answers):
            self.made.forget(name)
            self.budget.kept = self.made.requests

    def note_row(self, endpoint: Endpoint[object], fields: Mapping[str, str], tenant_id: str) -> None:
        """Record a row that a check made in an account of the kit. Clean-up deletes the row before the account.

        Record only rows that may outlive their account. By its documentation the service deletes users with their
        account, so clean-up deletes only users who are still listed afterwards.

        Args:
            endpoint: The operation that deletes the row, with the tenant header and without a body.
            fields: A value for each field of its path.
            tenant_id: The id of the account.

        Raises:
            NotTriedError: The run only reads.
        """
        if self.made is None:
            raise NotTriedError("the check writes: only a run with --write tries this check")
        self.made.row(endpoint, fields, tenant_id)
        self.budget.kept = self.made.requests

    def note_part(self, name: str) -> None:
        """Record a part of the environment. Clean-up deletes the part's objects whose keys begin with the prefix.

        Args:
            name: The name of the part, such as ``roles``.

        Raises:
            NotTriedError: The run only reads.
        """
        if self.made is None:
            raise NotTriedError("the check writes: only a run with --write tries this check")
        self.made.part(name)
        self.budget.kept = self.made.requests


def once_a_run(
    make: Callable[Concatenate[Probe, P], Awaitable[T]],
) -> Callable[Concatenate[Probe, P], Coroutine[object, object, T]]:
    """Let a function run once a run for the same arguments, like `Probe.once`. Checks share the result."""
    signature = inspect.signature(make)

    @wraps(make)
    async def shared(probe: Probe, /, *args: P.args, **kwargs: P.kwargs) -> T:
        given = signature.bind(probe, *args, **kwargs)
        given.apply_defaults()
        name = (make, given.args[1:], frozenset(given.kwargs.items()))
        return await probe.once(name, partial(make, probe, *args, **kwargs))

    return shared
