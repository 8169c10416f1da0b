"""The registries have what the modules of the subjects define, whichever module is imported first."""

from __future__ import annotations

import subprocess
import sys

import attrs
import pytest

from frontegg_async.emulator.services.registry import RULES, TAGS
from frontegg_async.emulator.store.switches import names
from frontegg_async.emulator.store.tables import TABLES
from frontegg_async.emulator.subjects import subject_modules
from frontegg_async.endpoints.all_operations import all_endpoints


def test_modules_come_in_the_order_of_their_names() -> None:
    names = [module.__name__ for module in subject_modules()]
    assert names == sorted(names)
    assert [name for name in names if name.endswith(".rows")] == [each.__name__ for each in subject_modules("rows")]


def test_no_two_modules_define_the_same_name() -> None:
    for registry, attribute in ((RULES, "RULES"), (TAGS, "TAGS"), (TABLES, "TABLES")):
        assert len(registry) == sum(len(getattr(module, attribute, ())) for module in subject_modules())


def test_no_two_subjects_have_a_switch_of_the_same_name() -> None:
    defined = [field.name for module in subject_modules("switches") for field in attrs.fields(module.SWITCHES)]
    assert sorted(defined) == sorted(set(defined)) == sorted(names())


def test_each_write_body_is_a_switch() -> None:
    assert {tag.write_body for tag in TAGS.values()} - {None} <= set(names())


def test_each_operation_has_a_rule_and_a_tag() -> None:
    assert RULES.keys() == {each.name for each in all_endpoints()}
    assert TAGS.keys() >= {each.name.partition(".")[0] for each in all_endpoints()}


@pytest.mark.slow
@pytest.mark.parametrize(
    "first", ["services.users.rows", "services.webhooks.rules", "services.registry", "store.state", "store.tables"]
)
def test_any_module_may_be_imported_first(first: str) -> None:
    subprocess.run([sys.executable, "-c", f"import frontegg_async.emulator.{first}"], check=True)
