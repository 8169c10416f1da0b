"""What the rules emit: one event for each change that webhooks are told of, and none for a refusal or a seed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from frontegg_async.emulator.admin.changes import OperationCall, run_calls
from frontegg_async.emulator.admin.verbs import Verbs
from frontegg_async.emulator.world.deliveries import NoDeliverer
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.events import EmulatedEvent
from frontegg_async.emulator.world.signing_key import process_key
from frontegg_async.emulator.world.world import World
from tests.emulator.support import create, make_environment, run

CALLS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("tenants.create", {"body": {"tenantId": "new", "name": "New"}}, ["tenant.created new"]),
    ("tenants.update", {"body": {"name": "Other"}, "tenant_id": "acme"}, ["tenant.updated acme"]),
    ("tenants.update", {"body": {"tenantId": "acme"}, "tenant_id": "acme"}, []),
    ("tenants.lock", {"body": {"tenantIds": ["acme", "sub"]}}, ["tenant.locked acme", "tenant.locked sub"]),
    ("tenants.unlock", {"body": {"tenantIds": ["acme"]}}, []),
    ("tenants.delete", {"tenant_id": "acme"}, ["tenant.deleted acme"]),
    ("sub_tenants.create", {"body": {"name": "B", "tenantId": "b", "parentTenantId": "acme"}}, ["tenant.created b"]),
    ("sub_tenants.rename", {"body": {"name": "B"}, "tenant_id": "sub"}, ["tenant.updated sub"]),
    ("sub_tenants.delete", {"tenant_id": "sub"}, ["tenant.deleted sub"]),
    ("api_tokens.create", {"body": {}, "about": "acme"}, ["tenantApiToken.created acme"]),
]


def told(events: list[EmulatedEvent]) -> list[str]:
    """Events in short."""
    return [f"{event.key.removeprefix('frontegg.')} {event.tenant_id}" for event in events]


@pytest.mark.parametrize(("operation", "arguments", "expected"), CALLS)
def test_what_a_rule_emits(operation: str, arguments: dict[str, Any], expected: list[str]) -> None:
    """Each change is one event of its tenant."""
    environment = make_environment()
    create(environment, "acme", isReseller=True)
    create(environment, "sub", parentTenantId="acme")
    environment.take_events()
    run(environment, operation, **arguments)
    assert told(environment.take_events()) == expected


def test_the_subject_has_no_secret() -> None:
    """An API token is told without its secret, when it is made and when it is deleted."""
    environment = make_environment()
    create(environment, "acme")
    created: Any = run(environment, "api_tokens.create", {}, about="acme").body
    run(environment, "api_tokens.delete", about="acme", id=created["clientId"])
    _, made, deleted = environment.take_events()
    assert made.subject == deleted.subject == {name: value for name, value in created.items() if name != "secret"}
    assert (made.subject_name, deleted.key) == ("tenantApiToken", "frontegg.tenantApiToken.deleted")


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("frontegg.tenant.created", "tenant"),
        ("frontegg.user.app.assigned", "user"),
        ("frontegg.scim.user.created", "user"),
        ("frontegg.scim", "scim"),
        ("other", "other"),
    ],
)
def test_the_name_of_a_subject(key: str, name: str) -> None:
    """It is the first word of the key, and for SCIM the one after it."""
    assert EmulatedEvent(key=key, subject=None, tenant_id="t").subject_name == name


def test_when_events_are_told() -> None:
    """Once a change is committed, in order; calls that are taken back and seeds are never told."""
    world = World(process_key())
    heard: list[str] = []

    class Heard(NoDeliverer):
        def tell(self, environment: EmulatedEnvironment, events: Sequence[EmulatedEvent]) -> None:
            del environment
            heard.extend(told(list(events)))

    world.deliverer = Heard()
    verbs = Verbs(world)
    verbs.seed({"tenants": [{"tenantId": "seeded", "name": "Seeded"}]})
    lock = OperationCall(operation="tenants.lock", body={"tenantIds": ["seeded"]})
    with pytest.raises(ValueError, match="not found"):
        run_calls(verbs, [lock, OperationCall(operation="tenants.delete", path={"tenant_id": "unknown"})])
    verbs.clock(advance=1)
    assert heard == []
    run_calls(verbs, [lock, OperationCall(operation="tenants.delete", path={"tenant_id": "seeded"})])
    verbs.restore(msgspec.to_builtins(verbs.snapshot()))
    assert heard == ["tenant.locked seeded", "tenant.deleted seeded"]
