"""The rules of migrations, which progress with the clock."""

from __future__ import annotations

from typing import Any

import pytest

from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.environment_snapshots import prepare, read, take
from frontegg_async.emulator.world.world import World
from tests.emulator.support import create, make_environment, refusal, run, shown


def start(environment: EmulatedEnvironment, *tenant_ids: str) -> str:
    answer = run(environment, "migrations.start", {"tenants": list(tenant_ids)})
    assert answer.status == 202
    migration_id: str = shown(answer)["migrationId"]
    return migration_id


def look(environment: EmulatedEnvironment, migration_id: str) -> Any:
    return shown(run(environment, "migrations.get_status", migration_id=migration_id))


def states(environment: EmulatedEnvironment, migration_id: str) -> tuple[str, ...]:
    found = look(environment, migration_id)
    return found["status"], *(tenant["status"] for tenant in found["tenants"])


def test_a_migration_goes_by_the_clock() -> None:
    """Its tenants come one after the other, and it stands still with the clock."""
    environment = make_environment()
    create(environment, "a")
    create(environment, "b")
    migration_id = start(environment, "a", "b")
    seen = []
    for _ in range(5):
        seen.append(states(environment, migration_id))
        assert states(environment, migration_id) == seen[-1]
        environment.clock.advance(0.5)
    assert seen == [
        ("pending", "pending", "pending"),
        ("in_progress", "in_progress", "pending"),
        ("in_progress", "completed", "in_progress"),
        ("completed", "completed", "completed"),
        ("completed", "completed", "completed"),
    ]


def test_a_large_migration_takes_a_minute() -> None:
    """However many tenants it has."""
    environment = make_environment(migration_of_unknown="complete")
    migration_id = start(environment, *(f"t{number}" for number in range(1_000)))
    environment.clock.advance(60)
    assert look(environment, migration_id)["status"] == "in_progress"
    environment.clock.advance(0.5)
    assert look(environment, migration_id)["status"] == "completed"


def test_a_migration_changes_no_tenant() -> None:
    """It neither locks nor moves them, and makes none."""
    environment = make_environment()
    before = create(environment, "a")
    answer = run(environment, "migrations.start", {"tenants": ["a", "nobody", "a"]})
    environment.clock.advance(100)
    found = look(environment, shown(answer)["migrationId"])
    assert [tenant["tenantId"] for tenant in found["tenants"]] == ["a", "nobody"]
    assert shown(run(environment, "tenants.get", tenant_id="a")) == before
    assert list(environment.state.tenants) == ["a"]


def test_a_tenant_that_nobody_knows_fails() -> None:
    """With a text that says why, and the migration with it."""
    environment = make_environment()
    create(environment, "a")
    migration_id = start(environment, "a", "nobody")
    environment.clock.advance(10)
    assert look(environment, migration_id) == {
        "migrationId": migration_id,
        "status": "failed",
        "tenants": [
            {"tenantId": "a", "status": "completed"},
            {"tenantId": "nobody", "status": "failed", "error": "Tenant not found"},
        ],
    }


@pytest.mark.parametrize("tenants", [[], ["", "a"], ["a\n"], [".."]])
def test_what_cannot_be_migrated(tenants: list[str]) -> None:
    """No tenants, and what is no id."""
    environment = make_environment()
    assert refusal(environment, "migrations.start", {"tenants": tenants}).status == 400
    assert not environment.state.changes


@pytest.mark.parametrize("status", [404, 400])
def test_unknown_migration(status: int) -> None:
    """It is not found, or refused by the switch."""
    assert (
        refusal(make_environment(unknown_migration=status), "migrations.get_status", migration_id="m").status == status
    )


@pytest.mark.parametrize(
    ("value", "shape"),
    [("migration_id", '{{"migrationId":"{}"}}'), ("id", '{{"id":"{}"}}'), ("text", '"{}"'), ("plain_text", "{}")],
)
def test_the_answer_of_a_start_by_the_switch(value: str, shape: str) -> None:
    """No source tells in which form the id comes."""
    from frontegg_async.emulator.http.encoding import encode_response
    from frontegg_async.emulator.services.migrations.rows import MigrationRow

    environment = make_environment(migration_answer=value)
    answer = run(environment, "migrations.start", {"tenants": ["a"]})
    (migration_id,) = environment.state.table(MigrationRow)
    assert encode_response(answer, "").body.decode() == shape.format(migration_id)


def test_states_and_fields_that_are_not_assumed_by_the_switch() -> None:
    """There is one state more before the end, and there are fields more."""
    environment = make_environment(migration_states="more")
    create(environment, "a")
    migration_id = start(environment, "a")
    environment.clock.advance(1)
    found = look(environment, migration_id)
    assert (found["status"], found["startedAt"], found["done"]) == ("verifying", "2023-11-14T22:13:20.000Z", 1)
    environment.clock.advance(0.5)
    assert look(environment, migration_id)["status"] == "completed"


@pytest.mark.parametrize(
    ("value", "tenants", "status"),
    [
        ("any", ("a", "nobody"), "failed"),
        ("all", ("a", "nobody"), "completed"),
        ("all", ("nobody", "none"), "failed"),
    ],
)
def test_when_a_migration_fails_by_the_switch(value: str, tenants: tuple[str, ...], status: str) -> None:
    """With any of its tenants, or only with all of them."""
    environment = make_environment(migration_failure=value)
    create(environment, "a")
    migration_id = start(environment, *tenants)
    environment.clock.advance(10)
    assert look(environment, migration_id)["status"] == status


def test_what_is_known_and_unknown_by_the_switches() -> None:
    """Both can be refused, and what nobody knows can come as well."""
    environment = make_environment(migration_of_known="refuse", migration_of_unknown="complete")
    create(environment, "a")
    assert refusal(environment, "migrations.start", {"tenants": ["b", "a"]}).status == 400
    migration_id = start(environment, "b")
    environment.clock.advance(10)
    assert states(environment, migration_id) == ("completed", "completed")
    strict = make_environment(migration_of_unknown="refuse")
    assert refusal(strict, "migrations.start", {"tenants": ["b"]}).status == 400


def test_tenants_are_locked_by_the_switch() -> None:
    """A migration leaves them as they are, unless it locks those that are there."""
    for value, locked in (("leave", ["z"]), ("lock", ["a", "z"])):
        environment = make_environment(migration_tenants=value)
        for tenant_id in ("a", "b", "z"):
            create(environment, tenant_id)
        run(environment, "tenants.lock", {"tenantIds": ["z"]})
        answer = run(environment, "migrations.start", {"tenants": ["a", "nobody", "z"]})
        assert answer.effect.changed == (("a",) if value == "lock" else ())
        assert [row.tenant_id for row in environment.state.tenants.values() if row.is_locked] == locked


def test_migrations_are_in_a_snapshot() -> None:
    """They go on where they were; what no emulator would have written is refused."""
    from msgspec import ValidationError, to_builtins

    environment = make_environment()
    create(environment, "a")
    migration_id = start(environment, "a", "nobody")
    kept = to_builtins(take([environment]))
    other = World(environment.key).default
    prepare(read(kept).environments[0], other.vendor_id)(other)
    other.clock.advance(10)
    assert states(other, migration_id) == ("failed", "completed", "failed")
    row = kept["environments"][0]["tables"]["migration"][0]
    problems: list[dict[str, Any]] = [{"tenants": []}, {"startedAt": "2024-01-01T00:00:00"}, {"startedAt": "soon"}]
    for wrong in problems:
        kept["environments"][0]["tables"]["migration"] = [row | wrong]
        with pytest.raises(ValidationError):
            prepare(read(kept).environments[0], other.vendor_id)
