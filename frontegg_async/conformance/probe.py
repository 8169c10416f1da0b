"""`Probe`: what checks ask the service with."""

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
"""What accounts of the kit are created with, beside an id and, unless it is ``None``, a name."""
USER_PREFIX: Final = "/frontegg"
"""What sub-domains have before the paths of users' calls."""


@attrs.frozen(kw_only=True)
class Credentials:
    """What the environment authenticates with."""

    client_id: str
    secret: Secret


class Probe:
    """Makes requests whose answers come as they are, and accounts to try writes on.

    Args:
        client: The client of the environment; its hook ``on_request`` is that of the budget.
        budget: How many requests may be made, and how fast.
        made: What the run makes; ``None`` for a run that only reads.
        credentials: What the client authenticates with, for requests that it does not make.
    """

    def __init__(
        self, client: AsyncFrontegg, budget: Budget, made: Made | None = None, credentials: Credentials | None = None
    ) -> None:
        self.client = client
        self.budget = budget
        self.made = made
        self._credentials = credentials
        self.is_read_only: bool = False
        """Whether the environment's credential was refused a write because it may not write."""
        self.asked: int = 0
        """The requests that checks made."""
        self.answered: int = 0
        """Those of them that got an answer, and not one of a service that limits requests or fails."""
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
        """Make one request and return the answer, of whatever status. A write is not sent again.

        Args:
            endpoint: The operation, of which method and path count.
            fields: A value for each field of its path.
            query: The parameters of the query; a sequence repeats the key.
            body: Any JSON value, which is sent as it is.
            tenant_id: The tenant of the header ``frontegg-tenant-id``, also where the operation takes none.
            user_id: The user of the header ``frontegg-user-id``, also where the operation takes none.
            application_id: The application of the header ``frontegg-application-id``.
            auth: ``Auth.NONE`` to send no token.
            user: The client of a user or an API token, to send the request with its token instead.
            prefix: What comes before the path; where users' calls are served by default.
            at_once: Do not wait for the rate: `Budget.settle` waits afterwards.

        Raises:
            NotTriedError: The budget is used up, no answer came, or the service limits requests or fails.
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
                raise NotTriedError(f"no answer came: {type(error).__name__}") from None
            check_answered(refused.status)  # which would pass for a refusal
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
        """Make one request without the client, as `send_plainly` of the module does, and count it.

        Args:
            method: The HTTP method.
            url: The address.
            headers: The headers beside those of HTTP; none by default.
            body: A JSON value; ``None`` for no body.

        Raises:
            NotTriedError: The budget is used up, no answer came, or the service limits requests or fails.
        """
        await self.budget.turn()
        self.budget.used += 1
        self.asked += 1
        answer = await send_plainly(method, url, headers, body)
        self.answered += 1
        return answer

    @property
    def credentials(self) -> Credentials:
        """What the environment authenticates with.

        Raises:
            NotTriedError: The run does not know it.
        """
        if self._credentials is None:
            raise NotTriedError("it takes the client id and the secret, which this run was not given")
        return self._credentials

    async def prefix_of(self, user: AsyncFronteggUser) -> str:
        """Return what comes before the paths of users' calls, which the client of a sub-domain adds by itself."""
        if user.base_url.prefix:
            return ""

        async def look() -> str:
            answer = await self.ask(account_settings.PUBLIC, user=user, prefix="")
            return USER_PREFIX if answer.status == HTTPStatus.NOT_FOUND else ""

        return await self.once("prefix of users' calls", look)

    async def once(self, name: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """Return what a coroutine returns, made by the first of the checks that share it.

        A failure is shared too: the others are not tried for the same reason.

        Args:
            name: What it is, for all checks of the run.
            make: Makes it.

        Raises:
            NotTriedError: It could not be made.
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
        """Keep what a check has come by for the others: `once` does not make it again."""
        self._known.setdefault(name, value)

    @property
    def prefix(self) -> str:
        """What the ids of the accounts of the kit begin with.

        Raises:
            NotTriedError: The run only reads.
        """
        if self.made is None:
            raise NotTriedError("it writes: --write tries it")
        return self.made.prefix

    @property
    def nobody(self) -> str:
        """An id that no account has."""
        return f"{self.prefix}nobody"

    def leave_to_reads(self) -> None:
        """Leave a check of what others have made to a run that only reads, which has requests to spare.

        Raises:
            NotTriedError: The run writes.
        """
        if self.made is not None:
            raise NotTriedError("a run without --write tries it")

    async def page(self) -> Answer:
        """Return the first page of the accounts, at most two rows of it; the kit's own with ``--write``."""

        async def look() -> Answer:
            query = {"_limit": "2", "_offset": "0"}
            if self.made is not None:
                await self.account("first")
                await self.account("second")
                query["_filter"] = self.made.prefix
            return await self.ask(tenant_operations.LIST, query=query)

        return await self.once("page of accounts", look)

    async def existing(self) -> str:
        """Return the id of an account that is there: one of the kit with ``--write``, any otherwise.

        Raises:
            NotTriedError: There is none, or the accounts cannot be listed.
        """
        if self.made is not None:
            return await self.account("first")
        page = await self.page()
        for row in page.items:
            tenant_id = row.get("tenantId") if isinstance(row, dict) else None
            if isinstance(tenant_id, str) and tenant_id:
                return tenant_id
        raise NotTriedError("no account could be listed: --write makes one")

    async def creation(self, name: str, fields: Mapping[str, JsonValue] | None = None) -> Answer:
        """Return the answer to the creation of an account, made once a run.

        Args:
            name: What the id has after the prefix of the run.
            fields: What it is created with besides its id, as the service names it; by default its name, and what the
                checks that share it need.

        Raises:
            NotTriedError: The run only reads, or no answer came.
        """

        async def create() -> Answer:
            if self.is_read_only:
                raise NotTriedError("the credential may not write")
            given = {"name": self.name_of(name), **_FIELDS.get(name, {})} if fields is None else fields
            body = {key: value for key, value in given.items() if value is not None}
            return await self.ask(tenant_operations.CREATE, body={"tenantId": self.new_id(name), **body})

        return await self.once(f"creation of {name}", create)

    async def account(self, name: str) -> str:
        """Return the id of an account that the kit makes for this run; the checks that name it share it.

        Args:
            name: What the id has after the prefix of the run.

        Raises:
            NotTriedError: The run only reads, or the account could not be made.
        """
        answer = await self.creation(name)
        if not answer.is_done:
            raise NotTriedError(f"an account could not be made: {answer.status}")
        return self.new_id(name)

    def name_of(self, name: str) -> str:
        """Return the name of an account of the kit: no other run has it, and names sort in another order than ids."""
        return f"Conformance {name[::-1]} {'' if self.made is None else self.made.prefix[-8:-1]}"

    def new_id(self, name: str) -> str:
        """Return an id for an account of the kit, and note it for clean-up: the check creates it itself.

        Args:
            name: What the id has after the prefix of the run.

        Raises:
            NotTriedError: The run only reads, or no request is left.
        """
        if self.made is None:
            raise NotTriedError("it writes: --write tries it")
        if not self.made.has(name):
            self.budget.check()
        tenant_id = self.made.account(name)
        self.budget.kept = self.made.requests
        return tenant_id

    def unmade(self, name: str, *answers: Answer) -> None:
        """Forget an account that the kit need not delete: all that could have made it was refused, or it is deleted.

        Args:
            name: What the id has after the prefix of the run.
            answers: The answers.
        """
        refused = range(HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR)
        if self.made is not None and all(answer.status in refused for answer in answers):
            self.made.forget(name)
            self.budget.kept = self.made.requests

    def note_row(self, endpoint: Endpoint[object], fields: Mapping[str, str], tenant_id: str) -> None:
        """Note a row that a check made in an account of the kit, for clean-up, which deletes it before the account.

        For rows that may outlive their account. What goes with its account needs no note. Users go with theirs by what
        the service documents, so that clean-up deletes only those of them who are still listed afterwards.

        Args:
            endpoint: The operation that deletes it, with the tenant header and without a body.
            fields: A value for each field of its path.
            tenant_id: The account of the kit.

        Raises:
            NotTriedError: The run only reads.
        """
        if self.made is None:
            raise NotTriedError("it writes: --write tries it")
        self.made.row(endpoint, fields, tenant_id)
        self.budget.kept = self.made.requests

    def note_part(self, name: str) -> None:
        """Note a part of the environment for clean-up, which deletes its objects whose keys begin with the prefix.

        Args:
            name: The name of the part, as ``roles``.

        Raises:
            NotTriedError: The run only reads.
        """
        if self.made is None:
            raise NotTriedError("it writes: --write tries it")
        self.made.part(name)
        self.budget.kept = self.made.requests


def once_a_run(
    make: Callable[Concatenate[Probe, P], Awaitable[T]],
) -> Callable[Concatenate[Probe, P], Coroutine[object, object, T]]:
    """Let a function run once in a run for the same arguments, as `Probe.once` does: checks share what it returns."""
    signature = inspect.signature(make)

    @wraps(make)
    async def shared(probe: Probe, /, *args: P.args, **kwargs: P.kwargs) -> T:
        given = signature.bind(probe, *args, **kwargs)
        given.apply_defaults()
        name = (make, given.args[1:], frozenset(given.kwargs.items()))
        return await probe.once(name, partial(make, probe, *args, **kwargs))

    return shared
