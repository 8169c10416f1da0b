"""Targeting rules, and the objects that they refer to."""

from __future__ import annotations

from typing import Any

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async._values.json_values import JsonValue
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import InvalidArgumentError, NotFoundError
from frontegg_async.models import JwtTemplateCondition, JwtTemplateRule
from tests.managed.environment_cases import CASES, prepare, rule
from tests.managed.writing import create, kind_of, read
from tests.support.clients import make_client
from tests.support.raw_server import http, raw_server

pytestmark = pytest.mark.anyio

NAME = "jwt_template_targeting"
RULES = kind_of(NAME).fields["rules"]


async def rules_of(client: AsyncFrontegg) -> JsonValue:
    return (await read(client, NAME)).found["environment"].values["rules"]


async def test_rules_that_nobody_set(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """There are none, also where the service returns 404; a proxy that knows no such route is an error."""
    assert await rules_of(frontegg_client) == []
    frontegg_emulator.set_switch("jwt_targeting_without_rules", "not_found")
    await create(frontegg_client, NAME, {"rules": []})
    assert await rules_of(frontegg_client) == []
    async with raw_server(http(404, raw=b"<html>")) as server, make_client(server.url) as client:
        with pytest.raises(NotFoundError):
            await rules_of(client)


async def test_ids_are_sent(frontegg_client: AsyncFrontegg) -> None:
    """The service gets ids of roles and applications, and files have none."""
    await prepare(frontegg_client)
    await create(frontegg_client, NAME, CASES[NAME].changes)
    first, _, last = (await frontegg_client.jwt_templates.targeting.get()).rules
    ids = [*await frontegg_client.roles.ids_of(["ReadOnly", "viewer"])]
    assert sorted(first.conditions[0].values) == sorted(ids)
    assert last.conditions[0].values == await frontegg_client.applications.ids_of(["Default Application"])
    assert await rules_of(frontegg_client) == CASES[NAME].changes["rules"]


async def test_roles_that_no_file_has(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """A role of a tenant is named by its id, and a role that is deleted cannot be named again."""
    await prepare(frontegg_client)
    frontegg_emulator.seed(tenants=[{"tenantId": "north", "name": "North"}])
    own = await frontegg_client.for_tenant("north").roles.create(key="own", name="Own", level=5)
    wanted = [rule("standard", "roleIds", own.id)]
    await create(frontegg_client, NAME, {"rules": wanted})
    assert await rules_of(frontegg_client) == wanted
    await frontegg_client.roles.delete(own.id)
    assert await rules_of(frontegg_client) == wanted
    with pytest.raises(InvalidArgumentError, match=f"there is no role '{own.id}'"):
        await create(frontegg_client, NAME, {"rules": wanted})


async def test_a_name_of_several_applications(frontegg_client: AsyncFrontegg) -> None:
    """It is shown, and cannot be written."""
    await prepare(frontegg_client)
    wanted = [rule("standard", "applicationId", "Till")]
    await create(frontegg_client, NAME, {"rules": wanted})
    await frontegg_client.applications.create(name="Till", app_url="https://a.example", login_url="https://a.example")
    assert await rules_of(frontegg_client) == wanted
    with pytest.raises(InvalidArgumentError, match="several objects are the application 'Till'"):
        await create(frontegg_client, NAME, {"rules": wanted})


def test_one_form() -> None:
    """Files may spell attributes as signatures do, repeat values, and leave out what is so by default."""
    condition = JwtTemplateCondition(attribute="roleIds", op="in_list", values=("b", "a"))
    given = JwtTemplateRule(template_key="standard", conditions=(condition,)).to_dict()
    short = {"attribute": "role_ids", "op": "in_list", "values": ["b", "a", "b"], "negate": False}
    forms: list[Any] = [[given], [{"template_key": "standard", "conditions": [short]}]]
    for form in forms:
        assert [*RULES.problems(form)] == []
        assert RULES.canonical(form) == [rule("standard", "roleIds", "a", "b")]


CONDITION = {"attribute": "roleIds", "op": "in_list", "values": ["a"]}


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("standard", "rules must be a sequence of rules"),
        ([{"conditions": [CONDITION]}], "rules[0].template_key is missing"),
        ([{"template_key": "a", "conditions": []}], "rules[0].conditions must have"),
        ([{"template_key": "a", "conditions": [{**CONDITION, "op": "is"}]}], "rules[0].conditions[0].op must be"),
        ([{"template_key": "a", "conditions": [{**CONDITION, "negat": True}]}], "rules[0] has no field 'negat'"),
        ([{"template_key": "a", "conditions": [CONDITION], "logic": "or"}], "rules[0] has no field 'logic'"),
    ],
)
def test_rules_that_are_refused(value: Any, problem: str) -> None:
    """The field names the place."""
    [(_, message)] = RULES.problems(value)
    assert message.startswith(problem)


def test_its_key() -> None:
    kind = kind_of(NAME)
    assert kind.key_problem("environment") is None
    assert kind.key_problem("rules") == "the keys in jwt_template_targeting are environment"
