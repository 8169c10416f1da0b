"""Checks of applications, their accounts, and user sources."""

from __future__ import annotations

from typing import Final

from frontegg_async.conformance.answer import Answer, at
from frontegg_async.conformance.check import Difference, Topic
from frontegg_async.conformance.checks.shared import NO_ID, NO_REQUESTS, PEOPLE, need
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe, once_a_run
from frontegg_async.endpoints import Evidence, user_sources
from frontegg_async.endpoints import applications as operations

TOPIC: Final = Topic("applications")
_check: Final = TOPIC.check


@once_a_run
async def _applications(probe: Probe) -> Answer:
    return await probe.ask(operations.LIST)


async def an_application(probe: Probe) -> str:
    """Return the id of the default application, or else of any application."""
    rows = need(await _applications(probe), "the applications cannot be listed").items
    for row in sorted(rows, key=lambda row: at(row, "isDefault") is not True):
        if isinstance(found := at(row, "id"), str):
            return found
    raise NotTriedError("the environment has no application")


@_check("The applications are an array", Evidence.DOCUMENTED)
async def _array(probe: Probe) -> Difference:
    answer = await _applications(probe)
    return answer.unless(answer.status == 200 and isinstance(answer.body, list))


@_check("An environment has an application", Evidence.ASSUMED, "default_application")
async def _one(probe: Probe) -> Difference:
    answer = need(await _applications(probe), "the applications cannot be listed")
    return None if answer.items else "the environment has no application"


@_check("The default application has isDefault", Evidence.DOCUMENTED)
async def _default(probe: Probe) -> Difference:
    answer = await probe.ask(operations.GET_DEFAULT)
    if answer.status == 404:
        raise NotTriedError("the environment has no default application")
    return answer.unless(answer.at("isDefault") is True)


@_check("An unknown application answers 404", Evidence.DOCUMENTED)
async def _unknown(probe: Probe) -> Difference:
    answer = await probe.ask(operations.GET, {"app_id": NO_ID})
    return answer.unless(answer.status == 404)


@_check("The tenants of an application are an array in tenantIds", Evidence.DOCUMENTED)
async def _tenants(probe: Probe) -> Difference:
    answer = await probe.ask(operations.TENANTS, {"app_id": await an_application(probe)})
    return answer.unless(isinstance(answer.at("tenantIds"), list))


@_check("The users of an application are an array", Evidence.DOCUMENTED)
async def _users(probe: Probe) -> Difference:
    app_id = await an_application(probe)
    users = await probe.ask(operations.USERS, {"app_id": app_id})
    return users.unless(isinstance(users.body, list))


@once_a_run
async def application_assigned(probe: Probe) -> Answer:
    """Return the answer to the assignment of an application to the account `PEOPLE`."""
    app_id, tenant_id = await an_application(probe), await probe.account(PEOPLE)
    return await probe.ask(operations.ASSIGN, {"app_id": app_id}, body={"tenantId": tenant_id})


async def _assignment(probe: Probe) -> Answer:
    answer = await application_assigned(probe)
    if answer.status == 409:
        raise NotTriedError("new accounts have the application already")
    return answer


@_check(
    "The assignment of an application answers 201 with the applications of the tenant",
    Evidence.DOCUMENTED,
    "application_write_body",
    writes=True,
)
async def _assigned(probe: Probe) -> Difference:
    answer = await _assignment(probe)
    return answer.unless(answer.status == 201 and isinstance(answer.at("appIds"), list))


@_check("A second assignment of an application answers 409", Evidence.CLIENT, writes=True)
async def _twice(probe: Probe) -> Difference:
    need(await _assignment(probe), "an application could not be assigned")
    body = {"tenantId": await probe.account(PEOPLE)}
    answer = await probe.ask(operations.ASSIGN, {"app_id": await an_application(probe)}, body=body)
    return answer.unless(answer.status == 409)


@_check(
    "The second version lists the applications of a tenant in assignments",
    Evidence.DOCUMENTED,
    writes=True,
)
async def _listed(probe: Probe) -> Difference:
    need(await _assignment(probe), "an application could not be assigned")
    answer = await probe.ask(operations.ASSIGNED, tenant_id=await probe.account(PEOPLE))
    return answer.unless(isinstance(answer.at(0, "assignments", 0, "accessType"), str))


for _name in (
    "The first version lists the applications of a tenant in appIds",
    "The access of a tenant to an application is changed and removed",
    "Users are assigned to an application, and the applications of a user are an array",
):
    TOPIC.untried(_name, Evidence.DOCUMENTED, why=NO_REQUESTS)


@_check("The user sources are an array, each with the ids of its applications", Evidence.DOCUMENTED)
async def _user_sources(probe: Probe) -> Difference:
    answer = await probe.ask(user_sources.LIST)
    return answer.unless(
        answer.status == 200
        and isinstance(answer.body, list)
        and all(isinstance(at(row, "appIds"), list) for row in answer.items)
    )


TOPIC.untried(
    "The deletion of a user source answers without a body",
    Evidence.DOCUMENTED,
    "user_source_write_body",
    why="user sources belong to the environment, in which the kit writes nothing",
)

TOPIC.untried(
    "The creation of a feature answers with the feature",
    Evidence.DOCUMENTED,
    "entitlement_write_body",
    why="features and plans belong to the environment, in which the kit writes nothing",
)
