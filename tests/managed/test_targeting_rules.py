"""Targeting rules of feature plans and feature flags in one form, as files and the service write them in several."""

from __future__ import annotations

from pathlib import Path

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.targeting_rules import RULES_FIELD, with_rules

GROUP: JsonValue = {"conditionLogic": "or", "conditions": []}


@pytest.mark.parametrize(
    ("rule", "normal"),
    [
        ({"treatment": "true"}, {"description": "", "conditionLogic": "and", "treatment": "true"}),
        (
            {"description": None, "conditionLogic": "or", "conditions": [{"attribute": "a"}, GROUP], "more": 1},
            {
                "description": "",
                "conditionLogic": "or",
                "conditions": [{"attribute": "a", "negate": False}, GROUP],
                "more": 1,
            },
        ),
    ],
)
def test_fields_that_may_be_left_out_are_empty(rule: JsonValue, normal: JsonValue) -> None:
    """In files and of the service; fields that are not known stay."""
    assert RULES_FIELD.canonical([rule]) == with_rules({"rules": [rule]})["rules"] == [normal]
    assert RULES_FIELD.canonical([normal]) == [normal]


def test_no_rules_are_an_empty_list() -> None:
    """What is no list of rules stays as it is, so that nothing hides it."""
    given: list[JsonValue] = [None, [], "text"]
    assert [with_rules({"rules": each})["rules"] for each in given] == [[], [], "text"]
    assert with_rules({})["rules"] == []


@pytest.mark.anyio
async def test_a_rule_without_these_fields_is_no_change_again(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """The service gets them, since it documents them as required."""
    condition = {"attribute": "jwt.a", "attributeType": "custom", "op": "in_list", "value": {"list": ["b"]}}
    rule = {"conditions": [condition], "treatment": "true"}
    file = {"format": "frontegg-environment/1", "plans": {"Pro": {"rules": [rule]}}}
    await frontegg_client.apply(await frontegg_client.plan(file), ledger=tmp_path / "ledger")
    assert not await frontegg_client.plan(file)
    [pro] = await frontegg_client.plans.list().all()
    assert pro.rules == [
        {
            "description": "",
            "conditionLogic": "and",
            "conditions": [{**condition, "negate": False}],
            "treatment": "true",
        }
    ]
