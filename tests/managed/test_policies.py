"""Policies of accounts: each field is written, read again and changed, and nothing else changes."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Final

import pytest

from frontegg_async import AsyncFrontegg
from frontegg_async._values.json_values import JsonValue
from frontegg_async.bulk import BulkReport
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import InvalidArgumentError, PermissionDeniedError
from frontegg_async.managed.fields import Field
from frontegg_async.managed.policies import Policies
from tests.bulk.guarded_rows import SEED, apply, states
from tests.managed.account_rows import ACCOUNT, OTHER, caller_of, flat, object_row, update, writes

pytestmark = pytest.mark.anyio

KIND: Final = Policies()
Flat = dict[str, JsonValue]

FIRST: Final[dict[str, Flat]] = {
    "mfa": {"enforce": "Force", "allow_remember_my_device": True, "device_expiration": 3600},
    "lockout": {"enabled": True, "max_attempts": 5},
    "password": {
        "min_length": 12,
        "max_length": 99,
        "allow_passphrases": True,
        "min_phrase_length": 20,
        "min_optional_tests_to_pass": 3,
        "block_pwned_passwords": True,
        "optional_tests.requireNumbers": False,
        "required_tests.checkThreeRepeatedChars": False,
    },
    "password_history": {"enabled": True, "history_size": 4},
    "password_rotation": {"enabled": True, "rotation_period_minutes": 1000, "notification_period_minutes": 100},
    "sessions": {
        "idle.enabled": True,
        "idle.timeout": 600,
        "lifetime.enabled": False,
        "lifetime.timeout": 7200,
        "concurrent.enabled": True,
        "concurrent.max_sessions": 2,
    },
    "ip_restrictions": {"mode": "BLOCK", "enabled": True},
    "email_domains": {"enabled": True, "mode": "ALLOW", "block_public_domains": True},
}
SECOND: Final[dict[str, Flat]] = {
    "mfa": {"enforce": "ForceExceptSAML", "allow_remember_my_device": False, "device_expiration": 60},
    "lockout": {"enabled": False, "max_attempts": 1},
    "password": {
        "min_length": 1,
        "max_length": 13,
        "allow_passphrases": False,
        "min_phrase_length": 1,
        "min_optional_tests_to_pass": 0,
        "block_pwned_passwords": False,
        "optional_tests.requireNumbers": True,
        "required_tests.checkThreeRepeatedChars": True,
    },
    "password_history": {"enabled": False, "history_size": 10},
    "password_rotation": {"enabled": False, "rotation_period_minutes": 101, "notification_period_minutes": 0},
    "sessions": {
        "idle.enabled": False,
        "idle.timeout": 60,
        "lifetime.enabled": True,
        "lifetime.timeout": 60,
        "concurrent.enabled": False,
        "concurrent.max_sessions": 1,
    },
    "ip_restrictions": {"mode": "ALLOW", "enabled": False},
    "email_domains": {"enabled": False, "mode": "BLOCK", "block_public_domains": False},
}


@pytest.fixture
def client(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> AsyncFrontegg:
    """Return a client of an environment with accounts."""
    frontegg_emulator.seed(tenants=SEED)
    return frontegg_client


def test_each_field_has_two_values() -> None:
    for key in KIND.keys:
        names = {
            f"{name}.{member}" if field.keys else name
            for name, field in KIND.fields_of(key).items()
            for member in (field.keys or [""])
        }
        for values in (FIRST[key], SECOND[key]):
            assert {name if name in names else name.partition(".")[0] for name in values} == names
        assert all(FIRST[key][name] != SECOND[key][name] for name in FIRST[key])


@pytest.mark.parametrize("key", KIND.keys)
async def test_a_policy_that_is_not_there(client: AsyncFrontegg, key: str) -> None:
    """It has no values; a change of fields makes it, for this account only."""
    before = await flat(client, KIND, key)
    # The service has a password policy for each account.
    assert before == {} or key == "password"

    await update(client, KIND, key, FIRST[key])

    assert await flat(client, KIND, key) == {**before, **FIRST[key]}
    assert await flat(client, KIND, key, OTHER) == before


@pytest.mark.parametrize(("key", "name"), [(key, name) for key in KIND.keys for name in FIRST[key]])
async def test_a_change_of_a_field(client: AsyncFrontegg, key: str, name: str) -> None:
    """All others are as before."""
    await update(client, KIND, key, FIRST[key])
    before = await flat(client, KIND, key)

    await update(client, KIND, key, {name: SECOND[key][name]})

    assert await flat(client, KIND, key) == {**before, name: SECOND[key][name]}


@pytest.mark.parametrize(
    ("key", "values", "lacking"),
    [
        ("mfa", {"device_expiration": 60}, "enforce"),
        ("lockout", {"enabled": True}, "max_attempts"),
        ("password_history", {"history_size": 2}, "enabled"),
        ("email_domains", {"mode": "BLOCK"}, "enabled"),
        ("sessions", {"idle.enabled": False}, "idle.timeout"),
    ],
)
async def test_a_policy_that_needs_more(
    frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, key: str, values: Flat, lacking: str
) -> None:
    """Nothing is written."""
    with pytest.raises(InvalidArgumentError, match=f"{lacking} must be given, because the tenant has no such"):
        await update(client, KIND, key, values)
    assert writes(frontegg_emulator) == []


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("mfa", {"enforce": "DontForce"}),
        ("password", {"min_length": 11}),
        ("password", {"optional_tests.requireLowercase": False}),
        ("password_rotation", {"enabled": True}),
        ("sessions", {"concurrent.enabled": True, "concurrent.max_sessions": 3}),
        ("ip_restrictions", {"enabled": False}),
        ("email_domains", {"enabled": False}),
    ],
)
async def test_some_fields_of_a_policy_that_is_not_there(client: AsyncFrontegg, key: str, values: Flat) -> None:
    await update(client, KIND, key, values)
    assert values.items() <= (await flat(client, KIND, key)).items()


async def test_a_reading_of_all(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg) -> None:
    """Each has an object, also where there is no policy; it takes one request each, and none for other keys."""
    found = await KIND.read(caller_of(client))
    assert [*found.found] == sorted(KIND.keys)
    assert found.repeated == {}
    frontegg_emulator.clear_journal()
    assert [*(await KIND.read(caller_of(client), ["mfa", "sessions"])).found] == ["mfa", "sessions"]
    assert len(frontegg_emulator.journal()) == 2


async def test_mfa_of_an_application(client: AsyncFrontegg) -> None:
    """It is another policy, which stays as it is; nothing warns that it does."""
    app = await client.applications.create(name="Desk", app_url="https://a.example", login_url="https://a.example")
    await client.applications.assign(ACCOUNT, app.id)
    await client.security.mfa.set(ACCOUNT, enforce="DontForce", app_ids=[app.id])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        await update(client, KIND, "mfa", {"enforce": "Force"})
    of_app = await client.security.mfa.get(ACCOUNT, app_id=app.id)
    assert of_app is not None
    assert of_app.enforce == "DontForce"
    assert (await flat(client, KIND, "mfa"))["enforce"] == "Force"


async def test_what_cannot_be_read(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg) -> None:
    """It is an error, and not a policy without values."""
    path = "/identity/resources/configurations/v1/lockout-policy"
    frontegg_emulator.add_fault(
        stage="before_commit",
        action={"type": "status", "status": 403, "body": {"errors": ["no"]}},
        match={"path": path},
    )
    with pytest.raises(PermissionDeniedError):
        await KIND.read(caller_of(client))
    assert [*(await KIND.read(caller_of(client), ["mfa"])).found] == ["mfa"]


def field(key: str, name: str) -> Field:
    return KIND.fields_of(key)[name]


@pytest.mark.parametrize(
    ("key", "name", "value", "canonical"),
    [
        ("mfa", "enforce", "force_except_saml", "ForceExceptSAML"),
        ("mfa", "enforce", "Force", "Force"),
        ("email_domains", "mode", "block", "BLOCK"),
    ],
)
def test_spellings(key: str, name: str, value: str, canonical: str) -> None:
    """Those of the methods are accepted; the service has one."""
    assert [*field(key, name).problems(value)] == []
    assert field(key, name).canonical(value) == canonical


@pytest.mark.parametrize(
    ("key", "name", "value", "problem"),
    [
        ("mfa", "enforce", "Always", "enforce must be "),
        ("mfa", "enforce", None, "enforce must not be null"),
        ("mfa", "device_expiration", 0, "device_expiration must be a whole number from 1"),
        ("lockout", "enabled", "yes", "enabled must be true or false"),
        ("password_history", "history_size", 11, "history_size must be a whole number from 1 to 10"),
        ("password", "optional_tests", {"requireNumbers": None}, "optional_tests must not have null"),
        ("password", "optional_tests", {"requireNumbers": 1}, "optional_tests must be True or False"),
        ("sessions", "idle", {"timeout": 59}, "timeout must be a whole number from 60 to 2073600"),
        ("sessions", "idle", {"enabled": None}, "enabled must not be null"),
        ("sessions", "idle", {"minutes": 5}, "idle has no 'minutes'; there are enabled, timeout"),
        ("sessions", "idle", 600, "idle must be a mapping"),
    ],
)
def test_values_that_a_policy_cannot_have(key: str, name: str, value: object, problem: str) -> None:
    [(path, message)] = field(key, name).problems(value)
    assert message.startswith(problem)
    assert path == (tuple(value) if isinstance(value, dict) else ())


def test_keys() -> None:
    assert KIND.key_problem("mfa") is None
    assert KIND.key_problem("mfs") == f"the keys in policies are {', '.join(FIRST)}"
    assert [*KIND.fields_of("lockout")] == ["enabled", "max_attempts"]


async def test_rows(frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, tmp_path: Path) -> None:
    """A row makes a policy, a row that is done is not sent, and a policy that others changed is stale."""
    both: Flat = {"enabled": True, "max_attempts": 5}
    rows = [
        object_row(KIND, "update_object", "lockout", dict.fromkeys(both), values=both),
        object_row(
            KIND,
            "update_object",
            "sessions",
            {"idle.enabled": None, "idle.timeout": None},
            generation=1,
            values={"idle.enabled": True, "idle.timeout": 600},
        ),
        object_row(KIND, "update_object", "mfa", {"enforce": "DontForce"}, generation=2, values={"enforce": "Force"}),
    ]

    async def run(ledger: str) -> BulkReport:
        frontegg_emulator.clear_journal()
        return await apply(client, rows, str(tmp_path / ledger))

    report = await run("first")
    assert states(report) == ["done", "done", "stale"]
    [stale] = report.rows(only="stale")
    assert stale.message == 'enforce is null now, and the plan expects "DontForce"'
    assert await flat(client, KIND, "lockout") == both
    assert writes(frontegg_emulator) == ["security.lockout.set", "security.lockout.create", "security.sessions.set"]

    assert states(await run("second")) == ["done", "done", "stale"]
    assert writes(frontegg_emulator) == []

    await client.security.lockout.set(ACCOUNT, max_attempts=6)
    assert states(await run("third")) == ["stale", "done", "stale"]
    assert await flat(client, KIND, "lockout") == {"enabled": True, "max_attempts": 6}


async def test_a_row_whose_response_is_lost(
    frontegg_emulator: EmulatorHandle, client: AsyncFrontegg, tmp_path: Path
) -> None:
    match = {"path": "/identity/resources/configurations/sessions/v1", "method": "POST", "times": 1}
    frontegg_emulator.add_fault(stage="after_commit", action={"type": "close"}, match=match)
    values: Flat = {"concurrent.enabled": True, "concurrent.max_sessions": 4}
    rows = [object_row(KIND, "update_object", "sessions", dict.fromkeys(values), values=values)]
    assert states(await apply(client, rows, str(tmp_path / "l"))) == ["done"]
    assert await flat(client, KIND, "sessions") == values
