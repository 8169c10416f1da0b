"""Files that are laid over others: the laws, and the keys that they must not have together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given

from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.fields import Shape
from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.plans.environment_files.environment_files import read_environment_files
from tests.plans.environment_files.reading import FORMAT, Values, faults_of, values_of
from tests.plans.environment_files.strategies import ENVIRONMENTS, Document


def read(*documents: Document) -> Values:
    """Return the values that mappings give together."""
    return values_of(read_environment_files(documents, {}))


@pytest.mark.slow
@given(ENVIRONMENTS)
def test_a_file_over_itself_changes_nothing(document: Document) -> None:
    """It may name all that the file below has."""
    assert read(document, document) == read(document)


@pytest.mark.slow
@given(ENVIRONMENTS)
def test_a_file_without_parts_changes_nothing(document: Document) -> None:
    """Neither below nor above."""
    empty: Document = {"format": "frontegg-environment/1"}
    assert read(document, empty) == read(empty, document) == read(document)


@pytest.mark.slow
@given(ENVIRONMENTS, ENVIRONMENTS, ENVIRONMENTS)
def test_the_order_of_laying_does_not_matter(a: Document, b: Document, c: Document) -> None:
    """What two files give together is laid over the third as the two are, one after the other."""
    both: dict[str, JsonValue] = {"format": "frontegg-environment/1", **read(b, c)}
    assert read(a, both) == read(a, b, c)


@pytest.mark.slow
@given(ENVIRONMENTS, ENVIRONMENTS)
def test_values_come_from_the_last_file(below: Document, above: Document) -> None:
    """Maps are laid over each other key by key, and any other value is replaced as a whole."""
    lower, upper, together = read(below), read(above), read(below, above)
    assert together.keys() == lower.keys() | upper.keys()
    for part, objects in together.items():
        low, high = lower.get(part, {}), upper.get(part, {})
        assert [*objects] == sorted(low.keys() | high.keys())
        for key, values in objects.items():
            old, new = low.get(key, {}), high.get(key, {})
            fields = ENVIRONMENT[part].fields_of(key)
            assert [*values] == [name for name in fields if name in old or name in new]
            for name, value in values.items():
                before, after = old.get(name), new.get(name)
                if fields[name].shape is Shape.MAP and isinstance(before, Mapping) and isinstance(after, Mapping):
                    assert value == {**before, **after}
                else:
                    assert value == (after if name in new else before)


LOOK = "only in upper or lower case or in Unicode form"
ROLES = FORMAT + "roles:\n  "
CONFLICTS = {
    "keys in two cases": (
        ["editor: {}\n  viewer: {}", "viewer: {}\n  Editor: {}"],
        [f"above.yml:4:3: the role 'Editor' differs from 'editor', at below.yml:3:3, {LOOK}"],
    ),
    "keys in two forms": (
        ["\u00e9: {}", "e\u0301: {}"],
        [f"above.yml:3:3: the role 'e\\u0301' differs from '\\xe9', at below.yml:3:3, {LOOK}"],
    ),
    "a rename of an object that is there": (
        ["old: {}", "new: {renamed_from: old}"],
        ["above.yml:3:23: renamed_from must not be the key of another role, at below.yml:3:3"],
    ),
    "two renames of one object": (
        ["a: {renamed_from: old}", "b: {renamedFrom: old}"],
        ["above.yml:3:20: the role 'a' has the same renamed_from"],
    ),
}


@pytest.mark.parametrize(("texts", "faults"), CONFLICTS.values(), ids=CONFLICTS)
def test_conflicts(tmp_path: Path, texts: list[str], faults: list[str]) -> None:
    """They have the place in the file above, and name that in the file below."""
    below, above = texts
    assert faults_of(tmp_path, {"below.yml": ROLES + below, "above.yml": ROLES + above}) == faults


def test_an_environment_may_have_keys_that_look_alike() -> None:
    """They are in one file then, and a file above names both."""
    roles: dict[str, JsonValue] = {"a": {}, "A": {}}
    document: Document = {"format": "frontegg-environment/1", "roles": roles}
    lower: Document = {"format": "frontegg-environment/1", "roles": {"a": {}}}
    assert read(document)["roles"].keys() == read(lower, document)["roles"].keys() == roles.keys()


def test_the_last_file_with_a_rename_names_the_key_before() -> None:
    """A file above that does not name it leaves it."""
    made = [
        {"format": "frontegg-environment/1", "roles": {"a": fields}}
        for fields in ({"renamed_from": "b"}, {"renamed_from": "c"}, {"level": 1})
    ]
    assert read_environment_files(made, {}).objects["roles"]["a"].renamed_from == "c"
