"""Checks of the environment: its token, the headers of requests, and errors."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Hidden
from frontegg_async.conformance.answer import Answer
from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.checks.shared import NO_ID, need_text
from frontegg_async.conformance.jwt_parts import claims_of
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import USER_PREFIX, Probe, once_a_run
from frontegg_async.conformance.question import Value
from frontegg_async.endpoints import Auth, Evidence, auth, environment, hierarchy, identity, tenants
from frontegg_async.errors import ConfigurationError, FronteggError
from frontegg_async.models.check import ConnectionCheck
from frontegg_async.regions import parse_base_url

TOPIC: Final = Topic("environment, headers and errors")
_check: Final = TOPIC.check

AUTHENTICATION: Final = "authentication"
"""The name of the first `ConnectionCheck` of a run, for `Probe.once`."""
ENVIRONMENT: Final = "environment"
"""The name of the details of the environment, for `Probe.once`."""
ANY_PAGE: Final = "page with one account"
"""The name of a page with one account, without a filter, for `Probe.once`."""
_TRACE_ID: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


@_check("Client id and secret are exchanged for a token and its lifetime in seconds", Evidence.DOCUMENTED)
async def _token(probe: Probe) -> Difference:
    async def authenticate() -> ConnectionCheck:
        await probe.budget.turn()
        try:
            return await probe.client.check()
        except FronteggError as error:
            raise NotTriedError(f"no token was returned: {type(error).__name__}") from None

    found = await probe.once(AUTHENTICATION, authenticate)
    return None if found.expires_in > 0 else "expiresIn is no number above 0"


TOPIC.untried(
    "A wrong secret answers 401",
    Evidence.DOCUMENTED,
    why="wrong secrets may lock the credential, so the kit sends no wrong secret",
)


@once_a_run
async def _authenticated(probe: Probe, slash: str) -> Answer:
    """Send client id and secret to an address with or without a final slash, and return the answer."""
    given = probe.credentials
    body = Hidden[JsonValue]({"clientId": given.client_id, "secret": given.secret.reveal()})
    return await probe.send_plainly("POST", f"{probe.client.base_url}{auth.AUTHENTICATE.path}{slash}", body=body)


@_check("The address for tokens may end with a slash", Evidence.CLIENT)
async def _slash(probe: Probe) -> Difference:
    answer = await _authenticated(probe, "/")
    return answer.unless(isinstance(answer.at("token"), str))


async def _fresh_token(probe: Probe) -> str:
    """Return a token of the environment that the client does not use."""
    answer = await _authenticated(probe, "/")
    if not isinstance(answer.at("token"), str):
        answer = await _authenticated(probe, "")
    return need_text(answer.at("token"), "no token was returned")


@TOPIC.ask(
    "May the credential of the environment write?",
    Evidence.ASSUMED,
    "environment_credential",
    {"read_write": "Yes.", "read_only": "No: its tokens have no scope to write, or a write is refused with 403."},
)
async def _may_write(probe: Probe) -> Value:
    if probe.made is not None:
        answer = await probe.creation("first")
        probe.is_read_only = answer.status == HTTPStatus.FORBIDDEN
        return "read_only" if probe.is_read_only else "read_write"
    scopes = claims_of(await _fresh_token(probe)).get("scopes")
    if not isinstance(scopes, list) or not scopes:
        raise NotTriedError("the tokens have no scopes: only a run with --write tries this check")
    return "read_write" if any("write" in str(scope).lower() for scope in scopes) else "read_only"


@_check("The header x-access-token may contain the token", Evidence.CLIENT)
async def _other_header(probe: Probe) -> Difference:
    token = await _fresh_token(probe)
    answer = await probe.send_plainly(
        "GET", f"{probe.client.base_url}{tenants.LIST.path}?_limit=1", Hidden({"x-access-token": token})
    )
    if answer.is_done:
        probe.keep(ANY_PAGE, answer)
    return answer.unless(answer.is_done)


async def environment_of(probe: Probe) -> Answer:
    """Return the details of the environment, requested once a run."""
    return await probe.once(ENVIRONMENT, lambda: probe.ask(environment.GET))


@_check("The details of the environment have its kind", Evidence.DOCUMENTED, "environment_details")
async def _details(probe: Probe) -> Difference:
    answer = await environment_of(probe)
    return answer.unless(isinstance(answer.at("id"), str) and isinstance(answer.at("environment"), str))


TOPIC.untried(
    "An environment is for development, tests or production",
    Evidence.DOCUMENTED,
    "environment_type",
    why="an environment has only one kind, which the head of the report shows",
)


@_check("The identity settings have the public key, and the algorithm of tokens", Evidence.DOCUMENTED)
async def _configuration(probe: Probe) -> Difference:
    answer = await probe.ask(identity.CONFIGURATION)
    if not answer.is_done:
        return answer.unless(False)
    missing = [name for name in ("publicKey", "jwtAlgorithm") if not isinstance(answer.at(name), str)]
    return f"the settings have no {' and no '.join(missing)}" if missing else None


@_check("A request without a token answers 401", Evidence.DOCUMENTED)
async def _no_token(probe: Probe) -> Difference:
    answer = await _refused(probe)
    return answer.unless(answer.status == 401)


@once_a_run
async def _refused(probe: Probe) -> Answer:
    return await probe.ask(tenants.GET, {"tenant_id": NO_ID}, auth=Auth.NONE)


@_check("A route of one account without the tenant header answers 403 with a message about the header", Evidence.LIVE)
async def _no_header(probe: Probe) -> Difference:
    answer = await _without_header(probe)
    return answer.unless(answer.status == 403) or (
        None if "Tenant ID is not specified" in answer.messages else "its error has another text"
    )


@once_a_run
async def _without_header(probe: Probe) -> Answer:
    return await probe.ask(hierarchy.TREE)


@_check("A route of the environment with a tenant header answers 403 with a message about the header", Evidence.LIVE)
async def _header(probe: Probe) -> Difference:
    answer = await probe.ask(tenants.GET, {"tenant_id": NO_ID}, tenant_id=await probe.existing())
    return answer.unless(answer.status == 403) or (
        None if "Tenant ID is defined" in answer.messages else "its error has another text"
    )


@_check("An error has its texts in errors, or in message beside statusCode", Evidence.LIVE)
async def _error(probe: Probe) -> Difference:
    answer = await _without_header(probe)
    if answer.is_done:
        raise NotTriedError("the request was not refused")
    is_service = isinstance(answer.at("errors"), list)
    is_framework = isinstance(answer.at("message"), str | list) and isinstance(answer.at("statusCode"), int)
    return answer.unless(is_service or is_framework)


@_check("All responses, also errors, have a frontegg-trace-id of 32 hexadecimal digits", Evidence.CLIENT)
async def _trace_id(probe: Probe) -> Difference:
    page = await environment_of(probe)
    if not page.is_done:
        page = await probe.page()
    for answer, which in ((page, "an answer"), (await _without_header(probe), "an error")):
        if answer.trace_id is None:
            return f"{which} has no trace id"
        if not _TRACE_ID.fullmatch(answer.trace_id):
            return f"the trace id of {which} has another form"
    return None


@_check("A token of the environment on a route of users answers 401", Evidence.ASSUMED, "wrong_token_kind")
async def _wrong_kind(probe: Probe) -> Difference:
    path = hierarchy.PARENTS_OF.path.format(tenant_id=NO_ID)
    # After the 401 the client would fetch a new token and send the request again.
    token = await _fresh_token(probe)
    answer = await probe.send_plainly(
        "GET", f"{probe.client.base_url}{path}", Hidden({"authorization": f"Bearer {token}"})
    )
    return answer.unless(answer.status == 401)


@_check("Paths below /frontegg accept a token of the environment, too", Evidence.ASSUMED, "vendor_token_under_prefix")
async def _below_prefix(probe: Probe) -> Difference:
    answer = await probe.ask(tenants.LIST, query={"_limit": "1"}, prefix=USER_PREFIX)
    return answer.unless(answer.is_done)


for _name, _evidence, _why in (
    (
        "A token of the environment at the sub-domain answers 401",
        Evidence.LIVE,
        "the kit sends such a token only to the environment's own address",
    ),
    (
        "frontegg-environment-id chooses one of the environments of a portal account",
        Evidence.DOCUMENTED,
        "the check needs the credential of a portal account",
    ),
    (
        "Limits and audits use the caller's address that a backend forwards",
        Evidence.DOCUMENTED,
        "the check needs a verifier that the portal shows, and audits cannot be deleted",
    ),
):
    TOPIC.untried(_name, _evidence, why=_why)
TOPIC.untried(
    "Some responses have the number of remaining requests in x-rate-limit-remaining",
    Evidence.LIVE,
    why="no source names these responses",
)
TOPIC.untried(
    "Requests beyond a rate limit answer 429 with the time in X-Rate-Limit-Reset",
    Evidence.CLIENT,
    "reset_header",
    why="the kit stays below limits",
)


async def sub_domain(probe: Probe) -> str:
    """Return the origin of the environment's sub-domain, from the settings or from the environment's details."""
    if probe.client.domain is not None:
        return probe.client.domain.origin
    if probe.client.base_url.region is None:
        return probe.client.base_url.origin
    host = (await environment_of(probe)).at("host")
    try:
        found = parse_base_url(f"https://{host}")
    except ConfigurationError:
        found = None
    if found is None or not found.is_frontegg:
        raise NotTriedError("the check needs FRONTEGG_DOMAIN, the environment's sub-domain")
    return found.origin


@_check("The public keys of users' tokens are at /.well-known/jwks.json of the sub-domain", Evidence.CLIENT)
async def _keys(probe: Probe) -> Difference:
    answer = await probe.send_plainly("GET", f"{await sub_domain(probe)}{identity.JWKS.path}")
    return answer.unless(answer.is_done and isinstance(answer.at("keys", 0, "kty"), str))
