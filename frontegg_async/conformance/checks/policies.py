"""Checks of security policies, SCIM configurations and JWT templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from frontegg_async._values.json_values import JsonValue
from frontegg_async.conformance.answer import Answer
from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.checks.applications import an_application
from frontegg_async.conformance.checks.shared import NO_REQUESTS, need, need_text
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.conformance.question import Value
from frontegg_async.endpoints import Evidence, jwt_templates, scim
from frontegg_async.endpoints import security as operations

TOPIC: Final = Topic("policies, SCIM and JWT templates")
_check: Final = TOPIC.check

_MFA: Final[Mapping[str, JsonValue]] = {
    "enforceMFAType": "DontForce",
    "allowRememberMyDevice": True,
    "mfaDeviceExpiration": 86_400,
}
_MARK: Final = 86_401
"""A value that no other policy has."""


@_check(
    "A get of the MFA policy without a tenant has the environment's policy, or answers 404",
    Evidence.ASSUMED,
    "policies_without_tenant",
)
async def _without_tenant(probe: Probe) -> Difference:
    answer = await probe.ask(operations.GET_MFA)
    return answer.unless(answer.status in {200, 404})


@_check("The password policy is an object, even if none was set", Evidence.DOCUMENTED)
async def _password(probe: Probe) -> Difference:
    answer = await probe.ask(operations.GET_PASSWORD, tenant_id=await probe.existing())
    return answer.unless(isinstance(answer.at("minLength"), int))


@_check("A PATCH of a missing lockout policy answers 404", Evidence.DOCUMENTED, writes=True)
async def _no_lockout(probe: Probe) -> Difference:
    tenant_id = await probe.account("first")
    answer = await probe.ask(operations.SET_LOCKOUT, body={"enabled": False, "maxAttempts": 5}, tenant_id=tenant_id)
    return answer.unless(answer.status == 404)


@_check("A POST of an existing MFA policy answers 409", Evidence.DOCUMENTED, writes=True)
async def _mfa_twice(probe: Probe) -> Difference:
    need(await _mfa(probe), "an MFA policy could not be set")
    answer = await probe.ask(operations.CREATE_MFA, body=_MFA, tenant_id=await probe.account("first"))
    return answer.unless(answer.status == 409)


@once_a_run
async def _mfa(probe: Probe) -> Answer:
    """Return the answer to a write of the MFA policy of an account of the kit."""
    return await probe.ask(operations.SET_MFA, body=_MFA, tenant_id=await probe.account("first"))


@_check("A PUT of an MFA policy answers with the policy", Evidence.ASSUMED, "policy_write_body", writes=True)
async def _mfa_body(probe: Probe) -> Difference:
    answer = await _mfa(probe)
    return answer.unless(answer.at("enforceMFAType") == "DontForce")


@_check(
    "A write of a policy resets the fields that it omits",
    Evidence.ASSUMED,
    "policies_partial_write",
    writes=True,
)
async def _partial(probe: Probe) -> Difference:
    need(await _mfa(probe), "an MFA policy could not be set")
    tenant_id = await probe.account("first")
    body = {"enforceMFAType": "DontForce"}
    need(
        await probe.ask(operations.SET_MFA, body=body, tenant_id=tenant_id), "a part of the MFA policy could not be set"
    )
    answer = need(await probe.ask(operations.GET_MFA, tenant_id=tenant_id), "the MFA policy cannot be read")
    if answer.at("enforceMFAType") != "DontForce":
        raise NotTriedError("the MFA policy cannot be read")
    kept = answer.at("allowRememberMyDevice") is True and answer.at("mfaDeviceExpiration") == 86_400
    return "the policy keeps the omitted fields" if kept else None


@TOPIC.ask(
    "Does an account have a separate MFA policy for each application?",
    Evidence.LIVE,
    "mfa_policy_of",
    {
        "application": "Yes: the header frontegg-application-id selects a policy of its own.",
        "tenant": "No: a write with the header frontegg-application-id changes the account's only policy.",
    },
    writes=True,
)
async def _mfa_of_application(probe: Probe) -> Value:
    tenant_id = await probe.account("second")
    body: JsonValue = {**_MFA, "mfaDeviceExpiration": _MARK}
    application_id = await an_application(probe)
    written = await probe.ask(operations.SET_MFA, body=body, tenant_id=tenant_id, application_id=application_id)
    need(written, "an MFA policy of an application could not be set")
    found = await probe.ask(operations.GET_MFA, tenant_id=tenant_id)
    return "tenant" if found.at("mfaDeviceExpiration") == _MARK else "application"


@_check("A session policy keeps its written values", Evidence.ASSUMED, "policies_kept", writes=True)
async def _kept(probe: Probe) -> Difference:
    tenant_id = await probe.account("first")
    body = {"sessionConcurrentConfiguration": {"isActive": False, "maxSessions": 7}}
    need(
        await probe.ask(operations.SET_SESSIONS, body=body, tenant_id=tenant_id), "the session policy could not be set"
    )
    answer = await probe.ask(operations.GET_SESSIONS, tenant_id=tenant_id)
    return answer.unless(answer.at("sessionConcurrentConfiguration", "maxSessions") == 7)


@_check(
    "The check of the caller's own IP address answers with an object",
    Evidence.ASSUMED,
    "restrictions_verified",
    "policy_write_body",
    writes=True,
)
async def _verified(probe: Probe) -> Difference:
    answer = await probe.ask(operations.VERIFY_IP, tenant_id=await probe.account("first"))
    need(answer, "the IP address cannot be checked")
    return answer.unless(isinstance(answer.body, dict))


@_check("The IP restrictions are a page", Evidence.DOCUMENTED)
async def _ips(probe: Probe) -> Difference:
    answer = await probe.ask(operations.LIST_IPS, tenant_id=await probe.existing())
    return answer.unless(isinstance(answer.at("items"), list))


@_check("The SCIM configurations of the environment are an array", Evidence.DOCUMENTED)
async def _scim_array(probe: Probe) -> Difference:
    answer = await probe.ask(scim.LIST)
    return answer.unless(answer.status == 200 and isinstance(answer.body, list))


@once_a_run
async def _scim(probe: Probe) -> Answer:
    """Return the answer to the creation of a SCIM configuration."""
    tenant_id = await probe.account("first")
    body = {"source": "other", "connectionName": "conformance", "syncToUserManagement": False}
    answer = await probe.ask(scim.CREATE, body=body, tenant_id=tenant_id)
    if isinstance(answer.at("id"), str):
        probe.note_row(scim.DELETE, {"id": str(answer.at("id"))}, tenant_id)
    return answer


@_check(
    "The creation of a SCIM configuration answers 201 with id and token",
    Evidence.DOCUMENTED,
    "scim_write_body",
    writes=True,
)
async def _scim_created(probe: Probe) -> Difference:
    answer = await _scim(probe)
    return answer.unless(
        answer.status == 201 and isinstance(answer.at("id"), str) and isinstance(answer.at("token"), str)
    )


@_check("Only the creation of a SCIM configuration returns its token", Evidence.DOCUMENTED, writes=True)
async def _scim_token(probe: Probe) -> Difference:
    made = need(await _scim(probe), "a SCIM configuration could not be made")
    fields = {"id": need_text(made.at("id"), "no response contains the id of a new SCIM configuration")}
    answer = await probe.ask(scim.GET, fields, tenant_id=await probe.account("first"))
    if not isinstance(answer.body, dict):
        raise NotTriedError(f"the SCIM configuration cannot be read: {answer.status}")
    return answer.unless("token" not in answer.body)


@_check("The JWT templates are a page", Evidence.DOCUMENTED)
async def _templates(probe: Probe) -> Difference:
    answer = await probe.ask(jwt_templates.LIST, query={"_limit": "2", "_offset": "0"})
    return answer.unless(isinstance(answer.at("items"), list))


_RULES: Final = "the rules of JWT templates belong to the environment, in which the kit writes nothing"

for _name, _switch, _why in (
    ("A JWT template needs the claims of OpenID Connect", "jwt_template_claims", NO_REQUESTS),
    ("A targeting rule may name a missing JWT template", "jwt_template_unknown", _RULES),
    ("A claim is left out if its variable has no value", "jwt_unknown_variable", _RULES),
    (
        "The targeting of JWT templates exists after its last rule was removed",
        "jwt_targeting_without_rules",
        _RULES,
    ),
    ("The creation of a JWT template answers with the template", "template_write_body", NO_REQUESTS),
):
    TOPIC.untried(_name, Evidence.ASSUMED, _switch, why=_why)

for _name in (
    "Lockout and password history have a POST, which answers 409 if the policy exists",
    "Reads and writes of the allowed e-mail domains have different field names",
    "The deletion of a SCIM configuration answers 204",
):
    TOPIC.untried(_name, Evidence.DOCUMENTED, why=NO_REQUESTS)
