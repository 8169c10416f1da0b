"""Checks of the access tokens of accounts and users, and of the API tokens of users."""

from __future__ import annotations

from typing import Final

from frontegg_async._values.json_values import JsonValue
from frontegg_async.conformance.answer import Answer
from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.checks.shared import NO_ID, PEOPLE, member, need, need_text
from frontegg_async.conformance.jwt_parts import claims_of
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.endpoints import Endpoint, Evidence, access_tokens, api_tokens

TOPIC: Final = Topic("access tokens")
_check: Final = TOPIC.check


@once_a_run
async def access_token(probe: Probe, account: str = PEOPLE) -> Answer:
    """Return the answer to the creation of an access token that does not expire.

    Args:
        probe: The probe that sends the requests.
        account: The name of the account.

    Raises:
        NotTriedError: The account could not be made, or there was no response.
    """
    body = {"description": "conformance"}
    return await probe.ask(access_tokens.CREATE, body=body, tenant_id=await probe.account(account))


async def access_token_id(probe: Probe, account: str = PEOPLE) -> str:
    """Return the id of an access token of an account, made once a run.

    Args:
        probe: The probe that sends the requests.
        account: The name of the account.

    Raises:
        NotTriedError: The token could not be made, or no response contains its id.
    """
    answer = need(await access_token(probe, account), "an access token could not be made")
    if isinstance(answer.at("id"), str):
        return str(answer.at("id"))
    listed = await probe.ask(access_tokens.LIST, tenant_id=await probe.account(account))
    return need_text(listed.at("accessTokens", 0, "id"), "no response contains the id of a new access token")


async def _claims(probe: Probe) -> dict[str, JsonValue]:
    answer = need(await access_token(probe), "an access token could not be made")
    return claims_of(need_text(answer.at("secret"), "no response contains the JWT of a new access token"))


@_check("Access tokens are enabled", Evidence.ASSUMED, "access_tokens")
async def _enabled(probe: Probe) -> Difference:
    answer = await probe.ask(access_tokens.ACTIVE_TENANT_TOKENS, tenant_id=await probe.existing())
    if answer.status not in {200, 403}:
        raise NotTriedError(f"the active access tokens cannot be listed: {answer.status}")
    return answer.unless(answer.status == 200)


@_check(
    "The creation of an access token answers 201 with its id and secret",
    Evidence.DOCUMENTED,
    "token_write_body",
    writes=True,
)
async def _access_token_created(probe: Probe) -> Difference:
    answer = need(await access_token(probe), "an access token could not be made")
    return answer.unless(
        answer.status == 201 and isinstance(answer.at("id"), str) and isinstance(answer.at("secret"), str)
    )


@_check("Access tokens are listed in accessTokens", Evidence.DOCUMENTED, writes=True)
async def _access_token_list(probe: Probe) -> Difference:
    need(await access_token(probe), "an access token could not be made")
    answer = await probe.ask(access_tokens.LIST, tenant_id=await probe.account(PEOPLE))
    return answer.unless(isinstance(answer.at("accessTokens", 0), dict))


@_check("An unknown access token answers 404", Evidence.ASSUMED)
async def _unknown_access_token(probe: Probe) -> Difference:
    answer = await probe.ask(access_tokens.TENANT_TOKEN, {"id": NO_ID})
    if answer.status == 403:
        raise NotTriedError("access tokens are not enabled")
    return answer.unless(answer.status == 404)


@_check("The sub of an access token is its id, and its roles are FETCH-ROLES-BY-API", Evidence.CLIENT, writes=True)
async def _access_token_claims(probe: Probe) -> Difference:
    claims = await _claims(probe)
    if claims.get("sub") != await access_token_id(probe):
        return "the sub is another value"
    return None if claims.get("roles") == ["FETCH-ROLES-BY-API"] else "the roles are another value"


async def _of_ann(probe: Probe, operation: Endpoint[object]) -> Answer:
    ann = await member(probe)
    return await probe.ask(operation, body={"description": "conformance"}, tenant_id=ann.tenant_id, user_id=ann.id)


@_check(
    "The creation of a user's API token answers 201 with its secret",
    Evidence.DOCUMENTED,
    "token_write_body",
    writes=True,
)
async def _user_api_token(probe: Probe) -> Difference:
    answer = await _of_ann(probe, api_tokens.CREATE_OF_USER)
    return answer.unless(
        answer.status == 201 and isinstance(answer.at("clientId"), str) and isinstance(answer.at("secret"), str)
    )


@_check("The secret of a user's access token is a JWT of the type userAccessToken", Evidence.CLIENT, writes=True)
async def _user_access_token(probe: Probe) -> Difference:
    answer = need(await _of_ann(probe, access_tokens.CREATE_OF_USER), "an access token could not be made")
    claims = claims_of(need_text(answer.at("secret"), "no response contains the JWT of a new access token"))
    return None if claims.get("type") == "userAccessToken" else "the token has another type"


@_check("The secret of an access token is a JWT of the type tenantAccessToken", Evidence.CLIENT, writes=True)
async def _jwt(probe: Probe) -> Difference:
    return None if (await _claims(probe)).get("type") == "tenantAccessToken" else "the token has another type"


@_check("An access token that does not expire has no exp", Evidence.ASSUMED, "endless_access_token", writes=True)
async def _endless(probe: Probe) -> Difference:
    return "the token has an exp" if "exp" in await _claims(probe) else None


@_check("An access token is looked up without a tenant, with its roles", Evidence.CLIENT, writes=True)
async def _looked_up(probe: Probe) -> Difference:
    answer = await probe.ask(access_tokens.TENANT_TOKEN, {"id": await access_token_id(probe)})
    return answer.unless(isinstance(answer.at("roles"), list) and isinstance(answer.at("permissions"), list))


@_check(
    "An access token of another tenant than in the header answers 404",
    Evidence.ASSUMED,
    "foreign_access_token",
    writes=True,
)
async def _foreign(probe: Probe) -> Difference:
    fields, elsewhere = {"id": await access_token_id(probe)}, await probe.account("first")
    answer = await probe.ask(access_tokens.TENANT_TOKEN, fields, tenant_id=elsewhere)
    return answer.unless(answer.status == 404)


TOPIC.untried(
    "The ids of users' valid access tokens are an array",
    Evidence.DOCUMENTED,
    why="the kit tries the tokens of tenants, and the budget has no requests for both",
)
TOPIC.untried(
    "A look-up of an expired access token answers 404",
    Evidence.ASSUMED,
    "expired_access_token",
    why="a token would have to expire first, and the kit does not wait",
)
