"""The self-service client with tokens of the application: what is sent where, and what is refused."""

from __future__ import annotations

import asyncio
import contextvars
import pickle
from collections.abc import Callable

import pytest

import frontegg_sync
from frontegg_async import ApiToken, AsyncFrontegg, AsyncFronteggUser, Options, RotatingTokens, TokenPair
from frontegg_async._core.auth.unverified_claims import parse_user_token
from frontegg_async.endpoints import tenants as endpoints
from frontegg_async.errors import (
    AuthenticationError,
    ClientClosedError,
    ConfigurationError,
    InvalidArgumentError,
    OutcomeUnknownError,
    PermissionDeniedError,
    ResponseMismatchError,
)
from tests.support.jwts import make_jwt
from tests.support.raw_server import CLOSE, Answer, RawRequest, http, raw_server

pytestmark = pytest.mark.anyio

MINE = http(200, [{"tenantId": "t1", "name": "One"}, {"tenantId": "t2", "name": "Two", "isReseller": True}])
OK = http(200)
REFUSED = http(401, {"errors": ["Unauthorized"]})


def _manager(url: str) -> AsyncFrontegg:
    return AsyncFrontegg("emu_client", "emu_secret", base_url=url)


def _bearer(request: RawRequest) -> str:
    return request.headers["authorization"].removeprefix("Bearer ")


async def test_a_token_is_sent_as_it_is() -> None:
    """No authentication goes before it, and no header names a tenant: the token does."""
    token = make_jwt()
    async with raw_server(MINE) as server, AsyncFronteggUser(base_url=server.url, token=token) as user:
        tenants = await user.tenants.list().all()
    assert [(tenant.tenant_id, tenant.name) for tenant in tenants] == [("t1", "One"), ("t2", "Two")]
    assert (tenants[1].is_reseller, tenants[1].extra) == (True, {})
    (request,) = server.requests
    assert (_bearer(request), request.path) == (token, "/identity/resources/users/v2/me/tenants")
    assert not any(name.startswith("frontegg-") for name in request.headers)
    assert server.authentications == []


async def test_a_prefix_goes_before_the_path() -> None:
    """As sub-domains serve the API."""
    client = AsyncFronteggUser
    async with raw_server(MINE) as server, client(base_url=server.url, prefix="/frontegg", token=make_jwt()) as user:
        await user.tenants.list().all()
    assert server.requests[0].path == "/frontegg/identity/resources/users/v2/me/tenants"
    assert str(client(domain="app-acme.us", token=make_jwt()).base_url) == "https://app-acme.us.frontegg.com/frontegg"


async def test_users_share_the_session_of_the_management_client() -> None:
    """One connection, each user's own token, and never the environment's."""
    async with raw_server(MINE) as server, _manager(server.url) as frontegg:
        for number in range(3):
            async with frontegg.as_user(make_jwt(sub=f"u{number}")) as user:
                await user.tenants.list().all()
        sent = [parse_user_token(_bearer(request), "x")[1] for request in server.requests]
        await frontegg.as_user(make_jwt()).tenants.list().all()
    assert len(sent) == 3
    assert (server.connections, server.authentications) == (1, [])


async def test_a_user_ends_with_the_management_client() -> None:
    """To close the user's client closes nothing; to close the other closes both."""
    async with raw_server(MINE) as server:
        frontegg = _manager(server.url)
        user = frontegg.as_user(make_jwt())
        await user.aclose()
        await user.tenants.list().all()
        await frontegg.aclose()
        with pytest.raises(ClientClosedError):
            await user.tenants.list().all()


def test_the_blocking_user_ends_with_its_client_too() -> None:
    """The thread is that of the client, whatever becomes of the users."""

    async def serve(test: Callable[[str], None]) -> None:
        async with raw_server(MINE) as server:
            await asyncio.to_thread(test, server.url)

    def test(url: str) -> None:
        with frontegg_sync.Frontegg("emu_client", "emu_secret", base_url=url) as frontegg:
            with frontegg.as_user(make_jwt()) as user:
                assert len(user.tenants.list().all()) == 2
            assert len(user.with_options(timeout=5).tenants.list().all()) == 2
            with frontegg_sync.FronteggUser(base_url=url, token=make_jwt) as other:
                assert [tenant.tenant_id for tenant in other.tenants.list()] == ["t1", "t2"]
            assert len(frontegg.as_user(make_jwt).tenants.list().all()) == 2
        with pytest.raises(ClientClosedError):
            user.tenants.list().all()

    asyncio.run(serve(test))


async def test_as_user_goes_to_the_sub_domain() -> None:
    """It wins over the base URL; a region's host is no place for a user's token."""
    frontegg = AsyncFrontegg("id", "secret", domain="app-acme")
    assert (
        str(frontegg.as_user(make_jwt(iss="https://evil.example")).base_url) == "https://app-acme.frontegg.com/frontegg"
    )
    with pytest.raises(ConfigurationError, match="domain='app-acme'"):
        AsyncFrontegg("id", "secret").as_user(make_jwt())


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ("", "must be a user's JWT"),
        ("no-jwt", "must be a user's JWT"),
        ("a.b.c", "must be a user's JWT"),
        ("a.b.c.d", "must be a user's JWT"),
        (f"Bearer {make_jwt()}", "without 'Bearer'"),
        (make_jwt().replace(".", "\n.", 1), "must be a user's JWT"),
        (make_jwt(type="vendor"), "pass the token of a user"),
        (make_jwt(filler="x" * 20_000), "at most 16384 characters"),
        (make_jwt(aud="emu_client"), "a credential of an emulator"),
        (7, "or a function that returns the JWT, not int"),
        (TokenPair(access_token="canary", refresh_token="canary", expires_in=1), "TokenPair: give its access_token; "),
        (ApiToken("id", "secret"), "to the self-service client as the argument credential"),
        (RotatingTokens(refresh_token="r"), "not RotatingTokens; pass a session or an API token"),
    ],
)
def test_what_is_no_user_token_is_refused(token: str, message: str) -> None:
    """When the client is made, by a message that says what to do and never shows the token."""
    for make in (AsyncFrontegg("id", "secret", domain="app-acme").as_user, _at_the_service):
        with pytest.raises(ConfigurationError, match=message) as caught:
            make(token)
        assert str(token) not in str(caught.value) or not token


def _at_the_service(token: str) -> AsyncFronteggUser:
    return AsyncFronteggUser(domain="app-acme", token=token)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: AsyncFronteggUser(token=make_jwt()), "either domain, such as 'app-acme', or base_url"),
        (lambda: AsyncFronteggUser(domain="a", base_url="https://x.example", token=make_jwt()), "either domain"),
        (lambda: AsyncFronteggUser(domain="a"), "either token"),
        (lambda: AsyncFronteggUser(domain="a", token=make_jwt(), credential=ApiToken("i", "s")), "either token"),
        (lambda: AsyncFronteggUser(domain="a/b", token=make_jwt()), "domain must be a sub-domain"),
        (lambda: AsyncFronteggUser(base_url="http://x.example", token=make_jwt()), "base_url must be https"),
        (
            lambda: AsyncFronteggUser(domain="a", credential="id:secret"),
            "credential must be RotatingTokens or an ApiToken",
        ),  # type: ignore[arg-type]  # that is the point
        (lambda: AsyncFronteggUser(domain="a", credential=ApiToken("i", "emu_s")), "a credential of an emulator"),
        (lambda: AsyncFrontegg("id", make_jwt()), "pass the token of a user to the self-service client"),
        (lambda: ApiToken("", "s"), "client_id must be 1 to 1024"),
        (lambda: ApiToken("i", "s", version=3), "version must be 1 or 2"),  # type: ignore[arg-type]  # likewise
        (lambda: ApiToken("i", "s", renewal="never"), "renewal must be one of exchange, refresh"),  # type: ignore[arg-type]  # likewise
        (lambda: RotatingTokens(refresh_token=""), "refresh_token must be 1 to 16384"),
        (lambda: RotatingTokens(refresh_token="r", on_rotate=1), "on_rotate must be a function"),  # type: ignore[arg-type]  # likewise
    ],
)
def test_settings_that_do_not_go_together_are_refused(make: Callable[[], object], message: str) -> None:
    """Before anything can be sent."""
    with pytest.raises(ConfigurationError, match=message):
        make()


def test_an_emulators_token_may_go_over_http_where_that_was_allowed() -> None:
    """Between containers, with allow_http; a token of the service never."""
    url = "http://emulator:8080"
    AsyncFronteggUser(base_url=url, token=make_jwt(aud="emu_client"), allow_http=True)
    AsyncFronteggUser(base_url=url, credential=ApiToken("id", "emu_secret"), allow_http=True)
    with pytest.raises(ConfigurationError, match="base_url must be https"):
        AsyncFronteggUser(base_url=url, token=make_jwt(aud="client"), allow_http=True)
    with pytest.raises(ConfigurationError, match="base_url must be https"):
        AsyncFronteggUser(base_url=url, token=make_jwt(aud="emu_client"))


def test_nothing_shows_a_credential() -> None:
    """Not in a repr, and a secret is never pickled."""
    credential = RotatingTokens(refresh_token="the-refresh-token", access_token=make_jwt())
    client = AsyncFronteggUser(domain="app-acme", credential=credential)
    shown = f"{client!r} {credential!r} {ApiToken('the-id', 'the-secret')!r}"
    assert "the-refresh-token" not in shown
    assert "the-secret" not in shown
    assert make_jwt() not in shown
    with pytest.raises(TypeError):
        pickle.dumps(credential)


async def test_a_function_is_asked_for_each_call() -> None:
    """In the context of that call, so that each gets its own user's token."""
    caller: contextvars.ContextVar[str] = contextvars.ContextVar("caller")

    async def token() -> str:
        await asyncio.sleep(0)
        return make_jwt(sub=caller.get())

    async def call(name: str) -> None:
        caller.set(name)
        await user.tenants.list().all()

    async with raw_server(MINE) as server, _manager(server.url) as frontegg:
        user = frontegg.as_user(token)
        async with asyncio.TaskGroup() as tasks:
            for number in range(20):
                tasks.create_task(call(f"u{number}"))
        sent = {_bearer(request) for request in server.requests}
    assert sent == {make_jwt(sub=f"u{number}") for number in range(20)}


async def _exit() -> str:
    raise SystemExit


def _fail() -> str:
    raise KeyError(make_jwt())


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda: None, "what the function given as token returned must be a user's JWT as text, not NoneType"),
        (lambda: "nonsense", "what the function given as token returned must be a user's JWT"),
        (lambda: make_jwt(type="vendor"), "is an environment's token"),
        (_fail, "the function given as token raised KeyError"),
        (_exit, "the function given as token raised SystemExit"),
    ],
)
async def test_a_function_that_has_no_token(function: Callable[[], str], message: str) -> None:
    """Nothing is sent, and the error says what it returned instead."""
    async with raw_server(MINE) as server, AsyncFronteggUser(base_url=server.url, token=function) as user:
        with pytest.raises(ConfigurationError, match=message) as caught:
            await user.tenants.list().all()
    assert server.requests == []
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


async def test_a_function_is_asked_again_after_a_refusal() -> None:
    """Once; the same token is not sent a second time."""
    tokens = iter([make_jwt(sub="old"), make_jwt(sub="new"), make_jwt(sub="old"), make_jwt(sub="old")])
    script = raw_server(REFUSED, MINE, REFUSED)
    async with script as server, AsyncFronteggUser(base_url=server.url, token=lambda: next(tokens)) as user:
        await user.tenants.list().all()
        assert len(server.requests) == 2
        with pytest.raises(AuthenticationError):
            await user.tenants.list().all()
    assert len(server.requests) == 3


async def test_a_refused_token_is_explained() -> None:
    """It is sent although it looks expired, since the clock here may be wrong; the error says what it looks like."""
    token = make_jwt(exp=1_000_000_000, tenantIds=["t1", "t2"])
    async with raw_server(REFUSED) as server, AsyncFronteggUser(base_url=server.url, token=token) as user:
        with pytest.raises(AuthenticationError) as caught:
            await user.tenants.list().all()
    assert len(server.requests) == 1
    assert "for tenant t1 of t1, t2" in str(caught.value)
    assert "expired at 2001-09-09T01:46:40+00:00 by this machine's clock: get a new token" in str(caught.value)
    assert caught.value.attempts == 1


async def test_a_forbidden_tenant_is_explained() -> None:
    """The error names the tenant that the token is for."""
    answer = http(403, {"errors": ["Forbidden"]})
    async with raw_server(answer) as server, AsyncFronteggUser(base_url=server.url, token=make_jwt()) as user:
        with pytest.raises(PermissionDeniedError, match="the user token is for tenant t1"):
            await user.tenants.switch("t9")


async def test_operations_of_the_environment_are_refused() -> None:
    """A user's credential must not go where the environment's belongs, nor the other way round."""
    async with raw_server(OK) as server, AsyncFronteggUser(base_url=server.url, token=make_jwt()) as user:
        with pytest.raises(ConfigurationError, match=r"tenants\.get does not take a user's credential"):
            await user.send(endpoints.GET, path={"tenant_id": "t1"})
    async with raw_server(OK) as server, _manager(server.url) as frontegg:
        with pytest.raises(ConfigurationError, match="does not take an environment's credential"):
            await frontegg.send(endpoints.DELETE_CURRENT)
    assert (server.requests, server.authentications) == ([], [])


@pytest.mark.parametrize("token", [make_jwt(), make_jwt], ids=["given", "asked"])
async def test_an_answer_about_another_tenant_is_refused(token: str | Callable[[], str]) -> None:
    """The token says which tenant the response must be about."""
    script = raw_server(http(200, {"tenantId": "t1"}), http(200, {"tenantId": "t2"}))
    async with script as server, AsyncFronteggUser(base_url=server.url, token=token) as user:
        assert (await user.account_settings.get()).tenant_id == "t1"
        with pytest.raises(ResponseMismatchError):
            await user.account_settings.get()


async def test_the_own_tenant_is_deleted_when_it_was_named() -> None:
    """Once, with the very token that was looked at, whatever the function returns the next time."""
    tokens = iter([make_jwt(tenantId="t1"), make_jwt(tenantId="t2")])
    async with raw_server(OK) as server, AsyncFronteggUser(base_url=server.url, token=lambda: next(tokens)) as user:
        await user.tenant.delete_current(confirm_tenant_id="t1")
    (request,) = server.requests
    assert (request.method, request.path) == ("DELETE", "/tenants/resources/tenants/v1")
    assert _bearer(request) == make_jwt(tenantId="t1")


@pytest.mark.parametrize("confirmed", ["t2", "", "T1", "t1 ", ".."])
async def test_another_tenant_is_not_deleted(confirmed: str) -> None:
    """Nothing is sent unless the tenant is the token's."""
    async with raw_server(OK) as server, AsyncFronteggUser(base_url=server.url, token=make_jwt()) as user:
        with pytest.raises(InvalidArgumentError, match="confirm_tenant_id"):
            await user.tenant.delete_current(confirm_tenant_id=confirmed)
    assert server.requests == []


@pytest.mark.parametrize("answer", [CLOSE, REFUSED], ids=["lost", "refused"])
async def test_a_deletion_of_the_own_tenant_is_sent_once(answer: Answer) -> None:
    """Neither a lost response nor a refusal leads to another attempt."""
    async with raw_server(answer) as server, AsyncFronteggUser(base_url=server.url, token=make_jwt) as user:
        with pytest.raises(OutcomeUnknownError if answer is CLOSE else AuthenticationError):
            await user.tenant.delete_current(confirm_tenant_id="t1", options=Options(max_retries=3))
    assert len(server.requests) == 1


async def test_switching_the_tenant_names_it() -> None:
    """In the body; the response is the user, whose repr shows ids only."""
    user = {"id": "u1", "email": "ada@users.example", "tenantId": "t2", "tenantIds": ["t1", "t2"], "verified": True}
    async with raw_server(http(200, user)) as server, AsyncFronteggUser(base_url=server.url, token=make_jwt()) as user:
        switched = await user.tenants.switch("t2")
    assert server.requests[0].json() == {"tenantId": "t2"}
    assert (switched.tenant_id, switched.tenant_ids, switched.verified) == ("t2", ("t1", "t2"), True)
    assert "ada" not in repr(switched)
