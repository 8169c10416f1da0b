"""The logical call against a scripted server: retries, reconciling reads, and the errors that callers get."""

from __future__ import annotations

import contextlib
import gc
import json
from collections.abc import Awaitable, Callable
from types import NoneType
from typing import Any

import msgspec
import pytest

from frontegg_async._core.http.attempt_results import RawResponse
from frontegg_async.client import AsyncFrontegg
from frontegg_async.endpoints import Auth, Endpoint, Retry
from frontegg_async.endpoints import tenants as endpoints
from frontegg_async.errors import (
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    ConflictError,
    ConnectionFailedError,
    DecodeError,
    FronteggError,
    InvalidArgumentError,
    NotFoundError,
    Outcome,
    OutcomeUnknownError,
    PermissionDeniedError,
    ProtocolError,
    RateLimitError,
    RequestTimeoutError,
    ResponseMismatchError,
    ServerError,
    UnexpectedRedirectError,
    WriteTimeoutError,
)
from frontegg_async.models.tenants import Tenant
from frontegg_async.options import Options
from tests.support.clients import FakeClock, make_client
from tests.support.loop_time import skip_waits
from tests.support.raw_server import CLOSE, RESET, SILENCE, Answer, RawRequest, Step, http, raw_server
from tests.support.tenants import tenant_row

pytestmark = pytest.mark.anyio

OK = http(200, tenant_row())


def _errors() -> list[object]:
    """Return the errors that are alive. By their types: to ask things for their class wakes lazy ones of Django's."""
    return [thing for thing in gc.get_objects() if issubclass(type(thing), FronteggError)]


def make_longest(client: AsyncFrontegg) -> AsyncFrontegg:
    """Return the client with waits that are not zero."""
    context = client._environment.context
    context.clocks = msgspec.structs.replace(context.clocks, rng=longest)
    return client


def longest() -> float:
    """Return the longest wait that chance can give."""
    return 1.0


TRUNCATED = Answer(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"tenantId": "t1"', then="close")
GARBAGE = Answer(b"\x00\x01 this is not HTTP\r\n\r\n", then="close")
AMBIGUOUS: dict[str, Step] = {
    "closed": CLOSE,
    "reset": RESET,
    "garbage": GARBAGE,
    "500": http(500, {"errors": ["oops"]}),
    "502": http(502, raw=b"<html>bad gateway</html>"),
    "503": http(503),
    "504": http(504),
    "501": http(501),
    "408": http(408),
}
ACKNOWLEDGED: dict[str, Step] = {
    "truncated": TRUNCATED,
    "unreadable": http(200, raw=b'{"tenantId": '),
    "empty": http(200),
}
"""A write is done then, and a read has no response."""


@pytest.mark.parametrize("failure", [*AMBIGUOUS.values(), *ACKNOWLEDGED.values()], ids=[*AMBIGUOUS, *ACKNOWLEDGED])
async def test_a_read_is_sent_again(failure: Step) -> None:
    """An attempt without a response is repeated, as reading changes nothing."""
    async with raw_server(failure, OK) as server, make_client(server.url) as client:
        tenant = await client.tenants.get("t1")
    assert tenant.tenant_id == "t1"
    assert len(server.requests) == 2


@pytest.mark.parametrize("failure", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
async def test_an_absolute_write_is_sent_again(failure: Step) -> None:
    """To set the same values twice ends in the same state."""
    async with raw_server(failure, OK) as server, make_client(server.url) as client:
        await client.tenants.update("t1", name="n")
    assert [request.method for request in server.requests] == ["PUT", "PUT"]


@pytest.mark.parametrize("failure", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
async def test_what_may_not_be_repeated_is_sent_once(failure: Step) -> None:
    """A lost response of such a write is an unknown outcome at once."""
    async with raw_server(failure) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError) as caught:
            await client.tenants.move_users("a", "b")
    assert len(server.requests) == 1
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.attempts == 1


@pytest.mark.parametrize("failure", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
async def test_a_creation_is_read_before_it_is_sent_again(failure: Step) -> None:
    """The server did not act: it is read, nothing is found, and the creation is sent once more."""
    async with raw_server(failure, http(200, []), _created) as server, make_client(server.url) as client:
        tenant = await client.tenants.create(name="n")
    assert [request.method for request in server.requests] == ["POST", "GET", "POST"]
    assert server.requests[0].body == server.requests[2].body
    assert json.loads(server.requests[0].body)["tenantId"] == tenant.tenant_id


def _created(request: RawRequest) -> Answer:
    body = json.loads(request.body)
    return http(201, tenant_row(body["tenantId"], name=body["name"]))


def _found(request: RawRequest) -> Answer:
    return http(200, tenant_row(request.path.rpartition("/")[2], name="n"))


@pytest.mark.parametrize("failure", [*AMBIGUOUS.values(), *ACKNOWLEDGED.values()], ids=[*AMBIGUOUS, *ACKNOWLEDGED])
async def test_a_creation_that_was_done_is_not_sent_again(failure: Step) -> None:
    """The server acted and the response was lost: the tenant is found by its id."""
    async with raw_server(failure, _found) as server, make_client(server.url) as client:
        tenant = await client.tenants.create(name="n")
    assert [request.method for request in server.requests] == ["POST", "GET"]
    assert json.loads(server.requests[0].body)["tenantId"] == tenant.tenant_id


async def test_a_conflict_of_a_repeated_creation_means_that_it_was_done() -> None:
    """The first creation arrived late: the second one finds it there."""
    script = (CLOSE, http(200, []), http(409, {"errors": ["Tenant already exists"]}), _found)
    async with raw_server(*script) as server, make_client(server.url) as client:
        await client.tenants.create(name="n")
    assert [request.method for request in server.requests] == ["POST", "GET", "POST", "GET"]


async def test_a_found_tenant_with_other_fields_is_a_conflict() -> None:
    """With the caller's own id, the tenant there may be somebody else's."""
    other = http(200, tenant_row("own", name="another", metadata={"plan": "pro"}))
    async with raw_server(CLOSE, other) as server, make_client(server.url) as client:
        with pytest.raises(ConflictError, match="differs"):
            await client.tenants.create(tenant_id="own", name="n", metadata={"plan": "pro"})
    assert len(server.requests) == 2


async def test_a_found_tenant_with_the_same_fields_is_the_one_asked_for() -> None:
    """Metadata is compared as JSON, not as text."""
    same = http(200, tenant_row("own", name="n", metadata={"b": 1, "a": [1, 2]}))
    async with raw_server(CLOSE, same) as server, make_client(server.url) as client:
        tenant = await client.tenants.create(tenant_id="own", name="n", metadata={"a": (1, 2), "b": 1})
    assert tenant.metadata == {"a": [1, 2], "b": 1}
    assert len(server.requests) == 2


async def test_a_creation_that_cannot_be_read_is_unknown() -> None:
    """Neither the creation nor the reads were answered."""
    async with raw_server(CLOSE) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError) as caught:
            await client.tenants.create(name="n")
    # The call's own two retries, and two more of the read.
    assert [request.method for request in server.requests] == ["POST", *["GET"] * 5]
    assert caught.value.endpoint == "tenants.create"


async def test_a_creation_is_read_once_more_when_the_retries_are_used_up() -> None:
    """The last creation may have been done although its response was lost."""
    script = (CLOSE, http(200, []), CLOSE, http(200, []), CLOSE, _found)
    async with raw_server(*script) as server, make_client(server.url) as client:
        await client.tenants.create(name="n")
    assert [request.method for request in server.requests] == ["POST", "GET"] * 3


async def test_a_creation_without_retries_is_unknown_at_once() -> None:
    """``max_retries=0`` asks for one request."""
    async with raw_server(CLOSE) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError):
            await client.tenants.create(name="n", options=Options(max_retries=0))
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [409, 400])
async def test_a_live_id_is_a_conflict(status: int) -> None:
    """The service's status is not settled; its text is."""
    answer = http(status, {"errors": ["Tenant already exists"], "errorCode": "ER-1"})
    async with raw_server(answer) as server, make_client(server.url) as client:
        with pytest.raises(ConflictError) as caught:
            await client.tenants.create(tenant_id="t1", name="n")
    assert caught.value.status == status
    assert caught.value.outcome is Outcome.REFUSED
    assert len(server.requests) == 1


async def test_a_404_of_a_repeated_delete_means_done() -> None:
    """The first one did it and its response was lost."""
    async with raw_server(CLOSE, http(404, {"errors": ["gone"]})) as server, make_client(server.url) as client:
        await client.tenants.delete("t1")
    assert len(server.requests) == 2


async def test_a_404_of_a_repeated_delete_raises_if_told_to() -> None:
    """``strict_delete`` wants to know."""
    async with raw_server(CLOSE, http(404)) as server, make_client(server.url) as client:
        with pytest.raises(NotFoundError):
            await client.tenants.delete("t1", options=Options(strict_delete=True))


async def test_a_404_of_the_first_delete_raises() -> None:
    """Nothing was there to delete."""
    async with raw_server(http(404, {"errors": ["no such tenant"]})) as server, make_client(server.url) as client:
        with pytest.raises(NotFoundError, match="no such tenant"):
            await client.tenants.delete("t1")


async def test_a_404_after_a_limit_is_not_a_delete_that_was_done() -> None:
    """A request that was not processed cannot have deleted anything."""
    limited = http(429, headers={"Retry-After": "1"})
    async with raw_server(limited, http(404)) as server, make_client(server.url) as client:
        with pytest.raises(NotFoundError):
            await client.tenants.delete("t1")


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, BadRequestError), (403, PermissionDeniedError), (404, NotFoundError), (418, BadRequestError)],
)
async def test_a_definite_refusal_is_not_repeated(status: int, kind: type[FronteggError]) -> None:
    """The same request would be refused again."""
    body = {"errors": ["because"], "errorCode": "ER-00010"}
    answer = http(status, body, headers={"frontegg-trace-id": "a" * 32})
    async with raw_server(answer) as server, make_client(server.url) as client:
        with pytest.raises(kind) as caught:
            await client.tenants.update("t1", name="n")
    error = caught.value
    assert len(server.requests) == 1
    named = ", for tenant_id 't1'" if status == 404 else ""
    assert str(error) == f"tenants.update returned {status}: because{named} (trace id {'a' * 32})"
    assert isinstance(error, BadRequestError | PermissionDeniedError | NotFoundError)
    assert (error.code, error.messages, error.trace_id) == ("ER-00010", ("because",), "a" * 32)


@pytest.mark.parametrize("body", [b"[]", b"{}", b"null"])
async def test_nothing_found_is_the_same_error_in_every_shape(body: bytes) -> None:
    """The service says it with an empty array; others say it otherwise."""
    async with raw_server(http(200, raw=body)) as server, make_client(server.url) as client:
        with pytest.raises(NotFoundError) as caught:
            await client.tenants.get("t1")
    assert caught.value.status == 404
    assert caught.value.response.status == 200


async def test_an_array_of_one_is_the_tenant() -> None:
    """The older route answers so."""
    async with raw_server(http(200, [tenant_row()])) as server, make_client(server.url) as client:
        assert (await client.tenants.get("t1")).name == "Tenant t1"


async def test_an_answer_about_another_tenant_is_refused_and_its_pool_retired() -> None:
    """The next call uses a new connection."""
    async with raw_server(http(200, tenant_row("t2")), OK) as server, make_client(server.url) as client:
        with pytest.raises(ResponseMismatchError):
            await client.tenants.get("t1")
        assert server.connections == 1
        await client.tenants.get("t1")
    assert server.connections == 2


async def test_a_retired_pool_closes_with_its_last_call() -> None:
    """A call that is under way when a response is not to be trusted ends in peace, and its connections with it."""
    async with raw_server(http(200, tenant_row("other"))) as server, make_client(server.url) as client:
        holder = client._environment.context.sessions
        pool = holder.get()
        pool.in_flight += 1  # a call under way
        with pytest.raises(ResponseMismatchError):
            await client.tenants.get("t1")
        assert not pool.session.closed
        assert holder.get() is not pool
        pool.in_flight -= 1
        await pool.close_if_unused()
        assert pool.session.closed


async def test_a_mismatch_of_a_write_is_an_unknown_outcome() -> None:
    """The write may have been done, and its response gone to somebody else."""
    async with raw_server(http(200, tenant_row("t2"))) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError) as caught:
            await client.tenants.update("t1", name="n")
    assert caught.value.reason == "mismatch, and the outcome could not be read"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_never_followed(status: int) -> None:
    """The error has the target's host alone."""
    answer = http(status, headers={"Location": "http://elsewhere.example/path?secret=1"})
    async with raw_server(answer) as server, make_client(server.url) as client:
        with pytest.raises(UnexpectedRedirectError, match=r"elsewhere\.example") as caught:
            await client.tenants.get("t1")
    assert "secret" not in str(caught.value)
    assert len(server.requests) == 1


async def test_a_refused_connection_sent_nothing() -> None:
    """It is tried again, since nothing can have been done."""
    async with raw_server(OK) as server:
        url = server.url
    async with make_client(url) as client:
        with pytest.raises(ConnectionFailedError) as caught:
            await client.tenants.create(name="n")
    assert caught.value.outcome is Outcome.NOT_SENT
    assert caught.value.reason == "refused"


async def _get(client: AsyncFrontegg) -> None:
    await client.tenants.get("t1")


async def _move(client: AsyncFrontegg) -> None:
    await client.tenants.move_users("a", "b")


async def _update(client: AsyncFrontegg) -> None:
    await client.tenants.update("t1", name="n")


@pytest.mark.parametrize(
    ("make_call", "kind", "attempts"),
    [(_get, RequestTimeoutError, 2), (_move, WriteTimeoutError, 1), (_update, WriteTimeoutError, 2)],
)
async def test_silence_ends_with_the_timeout(
    make_call: Callable[[AsyncFrontegg], Awaitable[None]], kind: type[FronteggError], attempts: int
) -> None:
    """A read timed out; a write timed out and may have been done."""
    skip_waits()
    async with raw_server(SILENCE) as server, make_client(server.url) as client:
        await client.check()
        with pytest.raises(kind) as caught:
            await make_call(client.with_options(max_retries=1))
    assert isinstance(caught.value, TimeoutError)
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.attempts == attempts


async def test_a_dripping_answer_cannot_evade_the_deadline() -> None:
    """One byte at a time resets timeouts of single reads, and not that of the attempt."""
    drip = Answer(OK.data, drip=0.03)
    options = Options(timeout=0.1, max_retries=0)
    async with raw_server(drip) as server, make_client(server.url, options=options) as client:
        with pytest.raises(RequestTimeoutError):
            await client.tenants.get("t1")


async def test_a_limit_is_waited_for_and_holds_the_route_back() -> None:
    """A 429 with a date closes the gate of its route until then; no other route waits."""
    clock = FakeClock(now=1_000.0)
    limited = http(429, headers={"X-Rate-Limit-Reset": "2023-11-14T22:30:05Z"})
    clock.wall_offset = 1_700_001_000.0 - clock.now
    async with raw_server(limited, OK) as server, make_client(server.url, clock=clock) as client:
        await client.tenants.get("t1")
        assert clock.slept == [5.0]
        await client.tenants.update("t1", name="n")
        assert clock.slept == [5.0]
    assert [request.method for request in server.requests] == ["GET", "GET", "PUT"]


async def test_a_limit_without_a_header_waits_a_minute() -> None:
    """That is how upstream limits come through."""
    clock = FakeClock()
    async with raw_server(http(429), OK) as server, make_client(server.url, clock=clock, rng=lambda: 0.5) as client:
        await client.tenants.get("t1")
    assert clock.slept == [61.0]


async def test_a_limit_longer_than_the_call_fails_at_once_with_the_wait() -> None:
    """Both the call that met it and the next one, which sends nothing."""
    clock = FakeClock()
    limited = http(429, headers={"Retry-After": "100"})
    async with raw_server(limited) as server, make_client(server.url, clock=clock) as client:
        with pytest.raises(RateLimitError) as first:
            await client.tenants.get("t1")
        with pytest.raises(RateLimitError) as second:
            await client.tenants.get("t2")
    assert first.value.retry_after == 100.0
    assert second.value.retry_after == 100.0
    assert (second.value.attempts, second.value.outcome) == (0, Outcome.NOT_SENT)
    assert len(server.requests) == 1


@pytest.mark.parametrize(("headers", "wait"), [({"Retry-After": "100"}, 100.0), ({}, None)])
async def test_an_outage_longer_than_the_call_fails_at_once_with_the_wait(
    headers: dict[str, str], wait: float | None
) -> None:
    """Reads and writes tell it, if the service said it."""
    async with raw_server(http(503, headers=headers)) as server, make_client(server.url, clock=FakeClock()) as client:
        for call in (client.tenants.get("t1"), client.tenants.update("t1", name="n")):
            with pytest.raises(ServerError) as caught:
                await call
            assert caught.value.retry_after == wait
            assert caught.value.attempts == (3 if wait is None else 1)


@pytest.mark.parametrize("trace_id", [b"a\xff\xfe", b"a\xc2\x9b31m", b"a b", b"a" * 257, b""])
@pytest.mark.parametrize("host", [b"ev\xffil.example", b"ev\xc2\x9b31mil.example", b"a" * 3_000])
async def test_no_header_spoils_the_text_of_an_error(trace_id: bytes, host: bytes) -> None:
    """It is one line of moderate length that any terminal and any log can take."""
    head = b"HTTP/1.1 302 Found\r\nLocation: https://%b/\r\nfrontegg-trace-id: %b\r\nContent-Length: 0\r\n\r\n"
    async with raw_server(Answer(head % (host, trace_id))) as server, make_client(server.url) as client:
        with pytest.raises(UnexpectedRedirectError) as caught:
            await client.tenants.get("t1")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500
    assert caught.value.trace_id is None


async def test_a_stale_token_is_renewed_once() -> None:
    """The call is sent again with the new token, beside its retries."""
    async with raw_server(http(401), OK) as server, make_client(server.url) as client:
        await client.tenants.get("t1", options=Options(max_retries=0))
    tokens = [request.headers["authorization"] for request in server.requests]
    assert tokens == ["Bearer token-1", "Bearer token-2"]


async def test_a_second_401_is_the_callers() -> None:
    """A fresh token was refused too."""
    async with raw_server(http(401, {"errors": ["no"]})) as server, make_client(server.url) as client:
        with pytest.raises(AuthenticationError) as caught:
            await client.tenants.get("t1")
    assert len(server.requests) == 2
    assert len(server.authentications) == 2
    assert server.url in str(caught.value)


@pytest.mark.parametrize("last", [http(429, headers={"Retry-After": "100"}), http(401)])
async def test_a_write_that_may_have_acted_stays_unknown(last: Answer) -> None:
    """Its last attempt was not processed, and the one before had no response."""
    async with raw_server(CLOSE, last) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError) as caught:
            await client.tenants.update("t1", name="n")
    assert caught.value.outcome is Outcome.UNKNOWN


async def test_a_write_that_may_have_acted_and_meets_a_closed_gate_stays_unknown() -> None:
    """Another call closed the gate of the route meanwhile."""
    clock = FakeClock()
    limited = http(429, headers={"Retry-After": "1000"})
    async with raw_server(CLOSE, limited) as server, make_client(server.url, clock=clock) as client:
        gates = client._environment.context.gates
        waits = client._environment.context.waits

        async def sleep(_: float) -> None:
            gates.close(endpoints.UPDATE, 1_000.0, RawResponse(429, {}, b""))

        waits.sleep = sleep  # type: ignore[method-assign]  # the moment between two attempts
        with pytest.raises(OutcomeUnknownError, match="rate limit") as caught:
            await make_longest(client).tenants.update("t1", name="n")
    assert len(server.requests) == 1
    assert caught.value.outcome is Outcome.UNKNOWN


async def test_no_attempt_is_begun_behind_the_deadline() -> None:
    """The loop was late: aiohttp would take the time that is left for no limit."""
    clock = FakeClock()
    async with raw_server(http(503), SILENCE) as server, make_client(server.url, clock=clock) as client:

        async def oversleep(_: float) -> None:
            clock.now += 10.0

        client._environment.context.waits.sleep = oversleep  # type: ignore[method-assign]  # a blocked loop
        with pytest.raises(RequestTimeoutError, match="deadline"):
            await make_longest(client).tenants.get("t1", options=Options(deadline=5.0, timeout=None))
    assert len(server.requests) == 1


async def test_a_wait_at_a_gate_fits_into_a_short_deadline() -> None:
    """The spread behind the gate gives way to the deadline."""
    limited = http(429, headers={"Retry-After": "20"})
    options = Options(deadline=23.0)
    clock = FakeClock()
    server = raw_server(limited, OK)
    async with server as state, make_client(state.url, clock=clock, rng=longest, options=options) as client:
        await client.tenants.get("t1")
    assert clock.slept == [pytest.approx(21.5)]


async def test_no_limit_of_retries_is_the_deadlines_limit() -> None:
    """``None`` tries as long as there is time and budget."""
    clock = FakeClock()
    options = Options(max_retries=None, deadline=60.0)
    server = raw_server(http(503))
    async with server as state, make_client(state.url, clock=clock, rng=longest, options=options) as client:
        with pytest.raises(ServerError):
            await client.tenants.get("t1")
    assert clock.slept == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0]


async def test_a_page_of_somebody_in_between_is_no_answer_to_a_read() -> None:
    """Neither to one that returns nothing, nor to a write: nobody knows whether that came to the service."""
    probe = Endpoint(name="own.probe", method="GET", path="/x", auth=Auth.ENVIRONMENT, returns=NoneType)
    async with raw_server(http(200, raw=b"<html>log in</html>")) as server, make_client(server.url) as client:
        with pytest.raises(DecodeError):
            await client.send(probe)
        with pytest.raises(OutcomeUnknownError):
            await client.tenants.delete("t1")


@pytest.mark.parametrize("returns", [dict, dict[str, object], list[str], Tenant | None, 5])
async def test_a_type_that_cannot_be_returned_is_named_before_anything_is_sent(returns: type[object]) -> None:
    """A plain ``dict`` can be; an unknown type would only be noticed when the work was done."""
    own = Endpoint(name="own.thing", method="POST", path="/x", auth=Auth.ENVIRONMENT, returns=returns)
    async with raw_server(http(200, {"a": 1})) as server, make_client(server.url) as client:
        if returns is dict:
            assert (await client.send(own, body={})).value == {"a": 1}
        else:
            with pytest.raises(ConfigurationError, match="returns"):
                await client.send(own, body={})
            assert server.authentications == []


async def test_models_can_be_returned_as_a_list() -> None:
    """Or as a tuple."""
    own = Endpoint(name="own.list", method="GET", path="/x", auth=Auth.ENVIRONMENT, returns=list[Tenant])
    async with raw_server(http(200, [tenant_row("a"), tenant_row("b")])) as server, make_client(server.url) as client:
        response = await client.send(own)
    assert [tenant.tenant_id for tenant in response.value] == ["a", "b"]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"endpoint": "x"}, "endpoint"),
        ({"path": "x"}, "path"),
        ({"path": [("a", "b")]}, "path"),
        ({"query": "a=b"}, "query"),
        ({"query": [("a", "b")]}, "query"),
    ],
)
async def test_arguments_of_send_are_checked(arguments: dict[str, object], named: str) -> None:
    """Each is named before anything is sent."""
    call: dict[str, object] = {"endpoint": endpoints.GET, "path": {"tenant_id": "t1"}} | arguments
    async with raw_server(OK) as server, make_client(server.url) as client:
        with pytest.raises(InvalidArgumentError, match=named):
            await client.send(call.pop("endpoint"), **call)  # type: ignore[arg-type]  # that is the point
    assert server.authentications == []


async def test_attempts_are_bounded_and_spread() -> None:
    """Full jitter under a doubling ceiling."""
    clock = FakeClock()
    options = Options(max_retries=4, deadline=None)
    server = raw_server(http(503))
    async with server as state, make_client(state.url, clock=clock, rng=longest, options=options) as client:
        with pytest.raises(ServerError) as caught:
            await client.tenants.get("t1")
    assert clock.slept == [0.5, 1.0, 2.0, 4.0]
    assert (len(state.requests), caught.value.attempts) == (5, 5)
    assert caught.value.elapsed == pytest.approx(7.5)


async def test_no_retry_is_begun_that_the_deadline_would_cut() -> None:
    """The wait would be longer than what is left."""
    clock = FakeClock()
    options = Options(deadline=1.25)
    server = raw_server(http(503))
    async with server as state, make_client(state.url, clock=clock, rng=longest, options=options) as client:
        with pytest.raises(ServerError):
            await client.tenants.get("t1")
    assert clock.slept == [0.5]


async def test_a_flood_of_failures_stops_the_retries() -> None:
    """When half of the budget is gone, calls are made once."""
    options = Options(max_retries=1)
    async with raw_server(http(503)) as server, make_client(server.url, options=options) as client:
        for _ in range(60):
            with pytest.raises(ServerError):
                await client.tenants.get("t1")
    assert len(server.requests) == 25 * 2 + 35


async def test_every_attempt_of_ours_is_one_request() -> None:
    """Aiohttp would repeat a request on a pooled connection that died, without telling."""
    async with raw_server(OK, CLOSE) as server, make_client(server.url) as client:
        await client.tenants.get("t1")
        with pytest.raises(ProtocolError) as caught:
            await client.tenants.get("t1", options=Options(max_retries=0))
    assert len(server.requests) == 2
    assert caught.value.attempts == 1


async def test_an_unreadable_read_says_where_without_values() -> None:
    """Personal data is never quoted."""
    row = tenant_row(tenantId=["canary@example.com"], creatorEmail=["canary@example.com"])
    async with raw_server(http(200, row)) as server, make_client(server.url) as client:
        with pytest.raises(DecodeError) as caught:
            await client.tenants.get("t1")
    assert caught.value.paths == ("$.tenantId: expected str, got list",)
    assert "canary" not in repr((caught.value, caught.value.args))
    assert str(caught.value).startswith("tenants.get: the response is not what was expected: $.")


async def test_an_unreadable_write_says_where_too() -> None:
    """A new kind of response can be told from a broken gateway."""
    async with raw_server(http(201, {"migrationId": 5})) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError) as caught:
            await client.migrations.start(["a"])
    assert caught.value.reason == "decode"
    assert caught.value.details.paths == ("$: expected object, got dict",)


async def test_what_is_sent_is_what_the_operation_says() -> None:
    """Method, path, headers and body; no tenant header by default."""
    async with raw_server(_created) as server, make_client(server.url + "/frontegg") as client:
        await client.tenants.create(tenant_id="ä/b", name="n", metadata={"plan": "pro"}, is_reseller=False)
    request = server.requests[0]
    assert (request.method, request.target) == ("POST", "/frontegg/tenants/resources/tenants/v1")
    assert json.loads(request.body) == {
        "tenantId": "ä/b",
        "name": "n",
        "metadata": {"plan": "pro"},
        "isReseller": False,
    }
    assert request.headers["content-type"] == "application/json"
    assert request.headers["accept-encoding"] == "gzip"
    assert not {name for name in request.headers if name.startswith("frontegg-")}


async def test_hostile_segments_stay_one_segment() -> None:
    """A key with slashes and dots is deleted, and nothing else."""
    async with raw_server(OK) as server, make_client(server.url) as client:
        await client.tenants.delete_metadata("t1", "../../x%2e")
        for key in ("..", ".", "", "a\x00", "\ud800", "x" * 257):
            with pytest.raises(InvalidArgumentError, match="key"):
                await client.tenants.delete_metadata("t1", key)
    assert [request.target for request in server.requests] == [
        "/tenants/resources/tenants/v1/t1/metadata/..%2F..%2Fx%252e"
    ]


async def test_a_repeated_delete_of_a_key_returns_the_tenant() -> None:
    """A 404 of the second attempt does not say that the tenant is gone."""
    async with raw_server(CLOSE, http(404), OK) as server, make_client(server.url) as client:
        tenant = await client.tenants.delete_metadata("t1", "plan")
    assert tenant.tenant_id == "t1"
    assert [request.method for request in server.requests] == ["DELETE", "DELETE", "GET"]


@pytest.mark.each_python
@pytest.mark.parametrize("answer", [http(200, []), http(200, tenant_row("t2")), http(403), http(200, raw=b"{")])
async def test_an_error_is_gone_when_it_is_caught(answer: Answer) -> None:
    """No frame holds the error that it raised: nothing waits for the garbage collector."""
    async with raw_server(answer) as server, make_client(server.url) as client:
        gc.collect()
        gc.disable()
        before = {id(thing) for thing in _errors()}
        try:
            with contextlib.suppress(FronteggError):
                await client.tenants.get("t1", options=Options(max_retries=0))
            assert not [thing for thing in _errors() if id(thing) not in before]
        finally:
            gc.enable()


async def test_an_own_operation_can_be_sent() -> None:
    """Declared by the user, with any JSON as its response."""
    own = Endpoint(name="own.thing", method="POST", path="/x/{thing_id}", auth=Auth.ENVIRONMENT, returns=object)
    answer = http(200, {"any": ["thing"]}, headers={"frontegg-trace-id": "b" * 32})
    async with raw_server(answer) as server, make_client(server.url) as client:
        response = await client.send(own, path={"thing_id": "1 2"}, query={"q": ["a", "b&c"]}, body={"k": 1})
    assert response.value == {"any": ["thing"]}
    assert (response.status, response.trace_id, response.attempts) == (200, "b" * 32, 1)
    assert response.headers["frontegg-trace-id"] == "b" * 32
    assert server.requests[0].target == "/x/1%202?q=a&q=b%26c"
    assert own.retry is Retry.NEVER


async def test_an_operation_of_users_is_refused() -> None:
    """The environment's credential must not go where a user's belongs."""
    async with raw_server(OK) as server, make_client(server.url) as client:
        with pytest.raises(ConfigurationError, match=r"tenant\.delete_current"):
            await client.send(endpoints.DELETE_CURRENT)
    assert server.requests == []
    assert server.authentications == []


@pytest.mark.parametrize("name", ["path", "query"])
async def test_paths_and_queries_are_mappings(name: str) -> None:
    """The argument is named, with the kind of what was given."""
    given: dict[str, Any] = {name: [("tenant_id", "t1")]}
    async with make_client("http://127.0.0.1:1") as client:
        with pytest.raises(InvalidArgumentError, match=f"^{name} must be a mapping, not list$"):
            await client.send(endpoints.GET, **given)


@pytest.mark.parametrize("value", [5, None, b"x", ["a", 5]])
async def test_parameters_of_a_query_are_text(value: object) -> None:
    """The parameter is named before anything is sent."""
    async with raw_server(OK) as server, make_client(server.url) as client:
        with pytest.raises(InvalidArgumentError, match="_limit"):
            await client.send(endpoints.LIST, query={"_limit": value})  # type: ignore[dict-item]  # that is the point
    assert server.authentications == []


@pytest.mark.parametrize("path", [{}, {"tenant_id": "a", "other": "b"}, {"other": "b"}])
async def test_the_fields_of_a_path_must_fit(path: dict[str, str]) -> None:
    """A missing or an unknown field is named before anything is sent."""
    async with raw_server(OK) as server, make_client(server.url) as client:
        with pytest.raises(InvalidArgumentError, match="tenant_id"):
            await client.send(endpoints.GET, path=path)
    assert server.authentications == []
