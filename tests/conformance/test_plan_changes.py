"""What a report says of values that came back in another form: never the value."""

from __future__ import annotations

from typing import Final

import pytest

from frontegg_async._values.json_values import JsonValue
from frontegg_async.conformance.plan_changes import planned_changes, planned_object_changes
from frontegg_async.managed.kinds import ManagedObject
from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.plans.objects.changes import Wanted

SENT = "https://Ann.example/ Street/"


@pytest.mark.parametrize(
    ("shown", "form"),
    [
        (SENT, None),
        (f" {SENT.removesuffix('/')} ", None),
        (SENT.lower(), None),
        (SENT.upper().rstrip("/"), "the same text in another case"),
        (SENT.replace(" ", ""), "the same text with other white space"),
        ("https://ann.invalid", "another text"),
        ("", "empty text"),
        (None, "null"),
        (5, "a number"),
        (["secret"], "an array of 1, the first text"),
    ],
)
def test_forms_of_a_text(shown: JsonValue, form: str | None) -> None:
    expected = None if form is None else f"website comes back as {form}"
    assert planned_changes({"website": SENT}, {"website": shown}) == expected


@pytest.mark.parametrize(
    ("sent", "shown", "form"),
    [
        (2**53 + 1, 2**53, "another value, a number"),
        (1, 1.0, None),
        (1, True, "a flag"),
        (1, "1", "text"),
        ({"ann": 1}, {"ann": 2}, "another value, an object of 1 more"),
        (None, "", "empty text"),
        (None, None, None),
    ],
)
def test_forms_of_a_value_of_metadata(sent: JsonValue, shown: JsonValue, form: str | None) -> None:
    expected = None if form is None else f"metadata.key comes back as {form}"
    assert planned_changes({"metadata": {"key": sent}}, {"metadata": {"key": shown}}) == expected


def test_a_key_that_is_missing() -> None:
    assert planned_changes({"metadata": {"key": 1}}, {"metadata": {}}) == "metadata.key comes back as nothing"


@pytest.mark.parametrize("shown", [None, ""])
def test_a_text_that_was_cleared(shown: JsonValue) -> None:
    assert planned_changes({"website": None}, {"website": shown}) is None


HOOK: Final[dict[str, JsonValue]] = {
    "display_name": "Ledger",
    "url": "https://Ledger.invalid/Hooks/",
    "event_keys": ["frontegg.tenant.created", "frontegg.user.created"],
    "description": "The ledger",
    "is_active": False,
}


@pytest.mark.parametrize(
    ("shown", "form"),
    [
        ({}, None),
        ({"url": "https://ledger.invalid/hooks"}, None),
        ({"url": "https://LEDGER.invalid/hooks"}, "url comes back as the same text in another case"),
        ({"description": " The ledger "}, None),
        ({"description": "the ledger"}, "description comes back as the same text in another case"),
        ({"description": None}, "description comes back as null"),
        ({"is_active": True}, "is_active comes back as another value, a flag"),
        ({"event_keys": ["frontegg.user.created", "frontegg.tenant.created"]}, None),
        (
            {"event_keys": ["frontegg.tenant.created"]},
            "event_keys.frontegg.user.created comes back as another value, a flag",
        ),
        ({"display_name": "ledger"}, "display_name comes back as the same text in another case"),
    ],
)
def test_forms_of_an_object(shown: dict[str, JsonValue], form: str | None) -> None:
    found = {**HOOK, **shown}
    hook = ManagedObject(str(found["display_name"]), "id", found, secrets=frozenset({"secret"}))
    wanted = Wanted("Ledger", {**HOOK, "secret": {"secret": "env:SECRET"}}, "", renamed_from=hook.key)
    assert planned_object_changes(ENVIRONMENT["webhooks"], wanted, hook) == form


def test_a_secret_that_is_not_shown_as_set() -> None:
    wanted = Wanted("Ledger", {"secret": {"secret": "env:SECRET"}}, "")
    shown = ManagedObject("Ledger", "id", HOOK)
    assert planned_object_changes(ENVIRONMENT["webhooks"], wanted, shown) == "secret comes back as nothing"


def test_an_object_that_no_plan_writes() -> None:
    shown = ManagedObject("Ledger", "id", HOOK, reason_to_stay="it is code at the service")
    wanted = Wanted("Ledger", {"is_active": True}, "")
    found = planned_object_changes(ENVIRONMENT["webhooks"], wanted, shown)
    assert found == "a read returns it as an object that plans do not write"
