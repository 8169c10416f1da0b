"""The document of an environment has what files may have, and no secret."""

from __future__ import annotations

import enum
import json
from collections.abc import Collection, Mapping
from typing import ClassVar

import pytest

from frontegg_async._core.call.caller import Caller
from frontegg_async._values.json_values import JsonValue
from frontegg_async.managed.fields import Field, Shape, by_name
from frontegg_async.managed.kinds import ManagedObject, ObjectKind, Objects, by_key
from frontegg_async.managed.values import ObjectChanges
from frontegg_async.snapshots.environment_document import EnvironmentDocument


class Colour(enum.StrEnum):
    """Values that a field can have."""

    RED = "red"


class Hooks(ObjectKind):
    """Objects with each sort of field."""

    part: ClassVar[str] = "hooks"
    noun: ClassVar[str] = "hook"
    key_field: ClassVar[str] = "name"
    fields: ClassVar[Mapping[str, Field]] = by_name(
        Field("name"),
        Field("url", has_address=True),
        Field("title"),
        Field("note", is_nullable=True),
        Field("colour", choices=Colour),
        Field("password", Shape.SECRET),
        Field("headers", Shape.MAP),
    )

    async def read(self, caller: Caller, keys: Collection[str] | None = None) -> Objects:
        """Return no objects."""
        del caller, keys
        return by_key([])

    async def update(self, caller: Caller, key: str, object_id: str, changes: ObjectChanges) -> None:
        """Change nothing."""


def hook(key: str, *secrets: str, reason_to_stay: str | None = None, **values: JsonValue) -> ManagedObject:
    """Return an object."""
    shown = {"name": key, **values}
    return ManagedObject(key, f"id of {key}", shown, frozenset(secrets), reason_to_stay)


def document(*hooks: ManagedObject) -> EnvironmentDocument:
    """Return the document with some objects."""
    made = EnvironmentDocument()
    made.add(Hooks(), by_key(hooks))
    return made


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"title": None, "note": None}, {"note": None}),
        ({"title": "", "note": ""}, {"title": "", "note": ""}),
        ({"colour": "red"}, {"colour": "red"}),
        ({"colour": "not known to this version"}, {}),
        ({"password": "canary"}, {}),
        ({"title": "${A} $${B} $"}, {"title": "$${A} $$${B} $"}),
        (
            {"headers": {"${A}": ["${A}", {"x": "${A}", "y": 1}]}},
            {"headers": {"${A}": ["$${A}", {"x": "$${A}", "y": 1}]}},
        ),
    ],
)
def test_fields(values: Mapping[str, JsonValue], fields: Mapping[str, JsonValue]) -> None:
    """A value that no file may have is left out, and texts have no variables of their own."""
    assert document(ManagedObject("a", "1", values)).value()["hooks"] == {"a": fields}


def test_fields_have_the_order_of_the_kind() -> None:
    """Objects are in the order of their keys."""
    made = document(hook("b", note="x", url="x"), hook("a", headers={}, title="x")).value()
    assert json.dumps(made["hooks"]) == (
        '{"a": {"title": "x", "headers": {}}, "b": {"url": "${HOOK_B_URL}", "note": "x"}}'
    )


def test_secrets_are_references() -> None:
    """Only where the object has a secret."""
    made = document(hook("Orders, new", "password"), hook("other")).value()
    assert made["hooks"] == {"Orders, new": {"password": {"secret": "env:HOOK_ORDERS_NEW_PASSWORD"}}, "other": {}}


def test_names_are_used_once() -> None:
    """Numbers follow the order of keys, and a digest stands for letters that no name has."""
    made = document(*(hook(key, url=key) for key in ("a-b", "a b", "a_b", "\u00e9", "e\u0301")))
    assert made.variables == {
        "HOOK_A_B_URL": "a b",
        "HOOK_A_B_URL_2": "a-b",
        "HOOK_A_B_URL_3": "a_b",
        "HOOK_4A99557E_URL": "\u00e9",
        "HOOK_E_BF12767B_URL": "e\u0301",
    }


def test_objects_that_no_plan_writes_are_left_out() -> None:
    """Keys that several objects have, or that no file may have, are listed with the ids."""
    twice = [ManagedObject("twice", each, {}) for each in ("2", "1")]
    made = document(*twice, hook(" "), hook("kept"), hook("of the service", reason_to_stay="the service makes it"))
    assert made.value() == {
        "format": "frontegg-environment/1",
        "hooks": {"kept": {}},
        "not_managed": {"hooks": {" ": ["id of  "], "twice": ["1", "2"]}},
    }
    assert made.count == 1
