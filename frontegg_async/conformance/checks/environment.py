"""Checks of the environment: its token, the headers of requests, and errors."""

from __future__ import annotations

import re
import uuid
from typing import Final

from frontegg_async.conformance.answer import Answer
from frontegg_async.conformance.check import Difference, NotTriedError, Topic
from frontegg_async.conformance.probe import USER_PREFIX, Probe
from frontegg_async.endpoints import Auth, Evidence, environment, hierarchy, identity, tenants
from frontegg_async.errors import FronteggError

TOPIC: Final = Topic("environment, headers and errors")
_check: Final = TOPIC.check

_TRACE_ID: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


@_check("Client id and secret are exchanged for a token with the seconds of its life", Evidence.DOCUMENTED)
async def _token(probe: Probe) -> Difference:
    await probe.budget.turn()
    try:
        found = await probe.client.check()
    except FronteggError as error:
        raise NotTriedError(f"no token came: {type(error).__name__}") from None
    return None if found.expires_in > 0 else "expiresIn is no number above 0"


TOPIC.untried(
    "A wrong secret answers 401", Evidence.DOCUMENTED, why="the kit sends no wrong passwords, which may lock out"
)
TOPIC.untried(
    "The address of the token may end with a slash", Evidence.CLIENT, why="the kit makes requests as the client does"
)
TOPIC.untried(
    "The header x-access-token may have the token", Evidence.CLIENT, why="the client puts tokens in no other header"
)


@_check("The environment says what it is for", Evidence.DOCUMENTED, "environment_details")
async def _details(probe: Probe) -> Difference:
    answer = await probe.ask(environment.GET)
    return answer.unless(isinstance(answer.at("id"), str) and isinstance(answer.at("environment"), str))


TOPIC.untried(
    "An environment is for development, tests or production",
    Evidence.DOCUMENTED,
    "environment_type",
    why="each environment has its own; the head of the report has that of this one",
)


@_check("The identity settings have the public key, and the algorithm of tokens", Evidence.DOCUMENTED)
async def _configuration(probe: Probe) -> Difference:
    answer = await probe.ask(identity.CONFIGURATION)
    if not answer.is_done:
        return answer.unless(False)
    missing = [name for name in ("publicKey", "jwtAlgorithm") if not isinstance(answer.at(name), str)]
    return f"it has no {' and no '.join(missing)}" if missing else None


@_check("A request without a token answers 401", Evidence.DOCUMENTED)
async def _no_token(probe: Probe) -> Difference:
    answer = await _refused(probe)
    return answer.unless(answer.status == 401)


async def _refused(probe: Probe) -> Answer:
    return await probe.once("request without a token", lambda: probe.ask(tenants.GET, _nobody(), auth=Auth.NONE))


def _nobody() -> dict[str, str]:
    return {"tenant_id": str(uuid.uuid4())}


@_check("A route of one account without the header of the account answers 403 and says so", Evidence.LIVE)
async def _no_header(probe: Probe) -> Difference:
    answer = await _without_header(probe)
    return answer.unless(answer.status == 403) or (
        None if "Tenant ID is not specified" in answer.messages else "its error has another text"
    )


async def _without_header(probe: Probe) -> Answer:
    return await probe.once("request without an account", lambda: probe.ask(hierarchy.TREE))


@_check("A route of the environment with the header of an account answers 403 and says so", Evidence.LIVE)
async def _header(probe: Probe) -> Difference:
    answer = await probe.ask(tenants.GET, _nobody(), tenant_id=await probe.existing())
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


@_check("Answers have a frontegg-trace-id of 32 hexadecimal digits, those of errors too", Evidence.CLIENT, requests=2)
async def _trace_id(probe: Probe) -> Difference:
    for answer, which in ((await probe.page(), "an answer"), (await _without_header(probe), "an error")):
        if answer.trace_id is None:
            return f"{which} has none"
        if not _TRACE_ID.fullmatch(answer.trace_id):
            return f"that of {which} has another form"
    return None


@_check("A token of the environment on a route of users answers 401", Evidence.ASSUMED, "wrong_token_kind")
async def _wrong_kind(probe: Probe) -> Difference:
    answer = await probe.ask(hierarchy.PARENTS_OF, _nobody())
    return answer.unless(answer.status == 401)


@_check("Paths below /frontegg take a token of the environment, too", Evidence.ASSUMED, "vendor_token_under_prefix")
async def _below_prefix(probe: Probe) -> Difference:
    answer = await probe.ask(tenants.LIST, query={"_limit": "1"}, prefix=USER_PREFIX)
    return answer.unless(answer.is_done)


TOPIC.untried(
    "Beyond a limit of rate, the answer is 429 with the time in X-Rate-Limit-Reset",
    Evidence.CLIENT,
    "reset_header",
    why="the kit does not go beyond limits",
)
TOPIC.untried(
    "The public keys of users' tokens are at /.well-known/jwks.json of the sub-domain",
    Evidence.CLIENT,
    why="the kit asks the address of the environment's own calls",
)
