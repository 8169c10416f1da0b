"""Every command in every format: it does what it says, and nothing that it writes has a secret in it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import click
import make_command_reference
import pytest
import yaml

from frontegg_async.catalogue.lookups import all_methods
from frontegg_async.catalogue.types import Client
from frontegg_async.cli.command import Command
from frontegg_async.cli.output import FORMATS
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from frontegg_async.emulator.services.roles.rows import DEFAULT_ROLES
from frontegg_async.models import DEFAULT_JWT_CLAIMS
from tests.cli.conftest import Run
from tests.emulator.cases_sso import METADATA
from tests.exercises import world

COMMANDS: Final = {
    context.command_path.partition(" ")[2]: (command, context)
    for command, context in make_command_reference.commands()
    if isinstance(command, Command)
}
"""The commands by their names."""


def _as_json(value: object) -> str:
    """Return an argument for `GIVEN`, which is formatted and split as a shell does."""
    return shlex.quote(json.dumps(value)).replace("{", "{{").replace("}", "}}")


_CONDITION: Final = {"attribute": "tenantId", "op": "in_list", "values": ["acme"]}
_RULE: Final = {"template_key": "plan", "conditions": [_CONDITION]}
_ROLES: Final = _as_json({"child": ["r1"]})

_OF_ACME: Final = {
    "scim get": "acme scim1",
    "scim update": "acme scim1 --sync-to-user-management",
    "scim delete": "acme scim1",
    "security email-domains create": "acme --domain-name new.example --mode allow",
    "security email-domains replace": "acme --domain-name new.example --mode allow",
    "security email-domains delete": "acme domain1",
    "security email-domains set-config": "acme --enabled",
    "security ip-restrictions create-many": "acme --ip 203.0.113.9 --mode allow",
    "security ip-restrictions delete": "acme ip1",
    "security ip-restrictions set-config": "acme --enabled",
    "security lockout set": "acme --max-attempts 3",
    "security mfa set": "acme --enforce Force --all-applications",
    "security password set": "acme --min-length 12",
    "security password-history set": "acme --history-size 3",
    "security password-rotation set": "acme --enabled",
    "security sessions set": "acme --idle 600",
}
"""Commands about a tenant that users have for their own."""

GIVEN: Final = {
    "apply": "{directory}/plan.jsonl",
    "plan": "{directory}/accounts.yml --out {directory}/plan.jsonl",
    "applications assign": "acme a2",
    "applications set-access-type": "acme a1 --access-type managed_access",
    "groups set-config": "--enabled",
    "permissions ids-of": "reports.read",
    "permissions update-category": "c1 --name N",
    "user permissions ids-of": "reports.read",
    "roles ids-of": "editor",
    "api": "GET /tenants/resources/tenants/v2 --query _limit=2",
    "bulk report": "{directory}/ledger",
    "bulk resume": "{directory}/ledger",
    "bulk run": "create {directory}/rows.csv --ledger {directory}/ledger",
    "bulk template": "create",
    "bulk status": "{directory}/ledger",
    "bulk undo": "{directory}/ledger",
    "check": "",
    "completion": "bash",
    "schema": "environment",
    # Other tests run the checks: seeded deliveries, as here, differ from deliveries of the service.
    "conformance": "--version",
    "emulator": "--version",
    "diff": "{directory}/before.jsonl live",
    **{f"mirror {verb}": "sqlite:///{directory}/mirror.db" for verb in ("upgrade", "refresh", "check", "health")},
    "export": "{directory}/accounts.jsonl",
    "hierarchy assign": "other acme",
    "onboard": "--name Acme --owner-email ann@acme.example",
    "offboard": "bob --tenant-id child",
    "hierarchy move": "leaf acme",
    "hierarchy unassign": "child acme",
    "hierarchy count-sub-accounts": "acme child",
    "invitations verify": "--token-file {directory}/invitation",
    "user sub-tenants users add-many": f"leaf --users {_as_json({'eve@leaf.example': 'Eve'})}",
    "user sub-tenants users remove": "bob --tenant-id child",
    "user sub-tenants users assign-roles": f"bob --role-ids-by-tenant {_ROLES}",
    "user sub-tenants users set-roles": f"bob --role-ids-by-tenant {_ROLES}",
    "user sub-tenants users unassign-roles": f"bob --role-ids-by-tenant {_ROLES}",
    "user invitation update": "--expires-in-minutes 60",
    "user-invitations update": "ann --tenant-id acme --expires-in-minutes 60",
    "features update": "beta --name New",
    "feature-flags update": "flag --name New",
    "plans update": "pro --name New",
    "jwt-templates create": f"--key new --name New --expiration 300 --claims {_as_json(dict(DEFAULT_JWT_CLAIMS))}",
    "jwt-templates targeting delete": "g1",
    "jwt-templates targeting set": f"--rule {_as_json(_RULE)}",
    "login": "--profile another",
    "logout": "--profile old",
    "profiles list": "",
    "profiles use": "old",
    **_OF_ACME,
    **{f"user {name}": given.removeprefix("acme ") for name, given in _OF_ACME.items()},
    "sso create": "acme --type oidc --oidc-secret-file {directory}/oidc --idp-client-secret-file {directory}/oidc",
    "sso domains set-validated": "acme acme.example",
    "sso excluded-emails remove": "ann@acme.example",
    "sub-tenants delete": "leaf",
    "tenants create": '--name New --metadata \'{{"plan": "pro"}}\'',
    "tenants metadata set": "acme plan=max",
    "tenants metadata unset": "acme plan",
    "tenants move-users": "acme other",
    "user hierarchy count-sub-accounts": "child",
    "user security countries set": "--country-code DE",
    "user security countries set-config": "--enabled",
    "user sso create": "--type oidc --oidc-secret-file {directory}/oidc",
    "user tenant delete-current": "--confirm-tenant-id acme",
    "user tenants switch": "other",
    "user sub-tenants delete": "leaf",
    "users add-to-tenant": "bob --tenant-id other",
    "users assign-roles": f"ann --tenant-id acme --role-id {DEFAULT_ROLES[0].id}",
    "users get-invitation-task": "invitation",
    "users get-migration-task": "migration",
    "users change-roles": f"ann --add-role-id {DEFAULT_ROLES[0].id} --all-tenants",
    "users get-by-email": "ann@acme.example",
    "users migrate": (
        "acme --email new@acme.example --password-hash-file {directory}/oidc --password-hash-type sha256"
        " --mfa-secret-file {directory}/oidc"
    ),
    "users list-groups": "ann --tenant-id acme",
    "user users resend-invitation": "--email ann@acme.example",
    "users resend-invitation": "acme --email ann@acme.example",
    "users list-roles": "ann bob --tenant-id acme",
    "users get-roles-task": "roles",
    "users switch-tenant": "ann --tenant-id other",
    "users search": "--contains ann",
    "users passwords reset": "ann --token-file {directory}/invitation --password-file {directory}/password",
    "users passwords verify": "--email ann@acme.example --password-file {directory}/oidc",
    "user profile change-password": "--current-password-file {directory}/oidc --new-password-file {directory}/password",
    "users unassign-roles": f"ann --tenant-id acme --role-id {DEFAULT_ROLES[0].id}",
    "users replace-all-fields": "ann --name Ann",
    "users update": "ann --name Ann",
    "webhooks listen": "--count 0 --register frontegg.tenant.created --tenant acme",
    "webhooks update": "acme of-acme --display-name N",
    "webhooks of-environment update": "hook --display-name N",
    "user webhooks update": "of-acme --display-name N",
    "prehooks create": "--url http://127.0.0.1:9/ --hook-secret-file {directory}/oidc --event-key DELETE_TENANT "
    "--fail-method open",
    "prehooks update": "prehook --display-name N",
    "users emails remove": "ann mail1",
    "users emails set-primary": "ann --email ann@home.example",
    "users phone-numbers add": "ann --phone-number +49301234567",
    "user profile emails set-primary": "--email ann@home.example",
    "user profile emails verify": "--email ann@new.example --code 123456",
    "user profile emails confirm-change": "--email ann@next.example --code 123456",
    "user profile phone-numbers verify": "--otc-token-file {directory}/otc-verify --code 123456",
    "user profile phone-numbers confirm-removal": "phone1 --otc-token-file {directory}/otc-remove --code 123456",
    "whoami": "",
    "tenants list": "--sort created_at --order DESC --filter acme",
}
"""What commands are given whose arguments do not follow from the names of parameters."""

VALUES: Final = {
    "severity": "Info",
    "domains": "new.example",
    "ip": "203.0.113.7",
    "mode": "allow",
    "source": "okta",
    "tenant_id": "acme",
    "alias": "acme",
    "app_id": "a1",
    "app_ids": "a1",
    "user_source_id": "auth0",
    "app_url": "https://new.example",
    "base_role_id": "r1",
    "category_id": "c1",
    "configuration_id": "s1",
    "sso_config_id": "s1",
    "domain_id": "d1",
    "domain": "new.example",
    "email": "eve@acme.example",
    "feature_id": "beta",
    "feature_ids": "beta",
    "plan_id": "pro",
    "flag_id": "flag",
    "assignment_id": "of-acme",
    "assignment_ids": "of-acme",
    "expires_at": "2031-01-01",
    "group_id": "g1",
    "group_ids": "g1",
    "key": "new",
    "keys": "auditor",
    "level": "3",
    "login_url": "https://new.example/login",
    "names": "Portal",
    "permission_id": "p1",
    "permission_ids": "p1",
    "role_id": "r1",
    "group": "people",
    "role_ids": "r1",
    "migration_id": "m1",
    "name": "New",
    "parent_tenant_id": "acme",
    "role_ids_by_tenant": json.dumps({"child": ["r1"]}),
    "template_id": "t1",
    "invitation_id": "i1",
    "expires_in_minutes": "60",
    "expiration_in_seconds": "300",
    "tenant_ids": "acme",
    "user_id": "ann",
    "user_ids": "ann",
    "email_id": "mail1",
    "phone_id": "phone1",
    "phone_number": "+49301234567",
    "username": "ann",
    "confirm_user_id": "ann",
    "session_id": "session-of-ann",
    "metadata": METADATA,
    "type": "saml",
    "access_type": "alwaysOn",
    "unspecified_tenant_strategy": "BLOCK",
    "secret_out": "{directory}/made",
    "event_keys": "frontegg.tenant.created",
    "prehook_id": "prehook",
    "event_id": "event",
    "event_key": "mine",
    "data": json.dumps({"title": "Shipped", "description": "It left Hamburg"}),
    "secret": "{directory}/oidc",
    "url": "http://127.0.0.1:9/",
}
"""What parameters are given, by their names."""

HOOKS: Final = {"webhook_id": ("of-acme", "hook"), "log_id": ("delivery-of-acme", "delivery")}
"""What parameters are given that differ for webhooks of the environment: at first for those of a tenant."""

TOKENS: Final = {
    "access-tokens": "of-acme",
    "access-tokens get-user-token": "of-ann",
    "user-access-tokens": "of-ann",
    "user access-tokens": "of-acme",
    "user personal-access-tokens": "of-ann",
}


def _arguments(name: str, environment: EmulatorHandle, directory: Path) -> Iterator[str]:
    """Yield the arguments of a command: what the tables have for it, or for each parameter that it needs."""
    command, _ = COMMANDS[name]
    yield from name.split()
    if name in GIVEN:
        yield from shlex.split(GIVEN[name].format(directory=directory))
        return
    for parameter in command.params:
        if not parameter.required:
            continue
        assert parameter.name is not None
        if parameter.name == "token_id":
            value = TOKENS.get(name) or TOKENS[name.rpartition(" ")[0]]
        elif parameter.name in HOOKS:
            value = HOOKS[parameter.name]["of-environment" in name]
        elif parameter.name == "client_id":
            of_user = name.startswith(("user-", "user personal"))
            value = world.user_api_token(environment) if of_user else world.api_token(environment)
        elif parameter.name == "role_id" and name.startswith("user roles"):
            # Users change only roles of their own tenant.
            with environment.client() as frontegg:
                made = frontegg.roles.create_derived(
                    "acme", key="own", name="Own", base_role_id="r1", permission_ids=[]
                )
                value = made.id
        elif isinstance(parameter, click.Option) and parameter.is_flag:
            yield parameter.opts[0]
            continue
        else:
            value = VALUES[parameter.name].replace("{directory}", str(directory))
        if isinstance(parameter, click.Option):
            yield parameter.opts[0]
        yield value


_OF_ROLES: Final = (
    "assign-roles",
    "add-roles",
    "remove-roles",
    "add-to-roles",
    "default-roles set",
    "sso groups create",
    "sso groups update",
)
"""How the commands end that take ids or keys of roles."""


def _optional(name: str) -> Iterator[str]:
    """Yield an option for a command that changes fields, or takes roles, which needs none and yet one."""
    if name not in GIVEN and name.endswith(_OF_ROLES):
        yield from ("--role-id", "r1")
    if (
        name.endswith(("update", "settings set"))
        and "sso groups" not in name
        and "scim" not in name
        and name not in GIVEN
    ):
        yield from ("--enabled",) if "sso" in name else ("--description", "x") if "token" in name else ("--name", "N")


def _keep_copies(name: str, directory: Path, run: Callable[..., int]) -> None:
    """Export and mirror the accounts; then change one, which the mirror has when it is compared."""
    assert run("export", str(directory / "before.jsonl")) == 0
    for verb in ("upgrade", "refresh", "check"):
        assert run("mirror", verb, f"sqlite:///{directory}/mirror.db") == 0
    assert run("tenants", "update", "acme", "--status", "new") == 0
    assert name != "mirror check" or run("mirror", "refresh", f"sqlite:///{directory}/mirror.db") == 0


def prepared(name: str, environment: EmulatorHandle, directory: Path, run: Callable[..., int]) -> list[str]:
    """Do what a command needs before it; return its command line.

    Args:
        name: The command.
        environment: An environment that `world.prepare` has filled.
        directory: Where its files are.
        run: Runs a command line, and returns the exit code.
    """
    (directory / "oidc").write_text("canary-of-oidc\n", encoding="utf-8")
    (directory / "password").write_text("canary-Password-1\n", encoding="utf-8")
    (directory / "invitation").write_text("emu_general\n", encoding="utf-8")
    for token in ("otc-verify", "otc-remove"):
        (directory / token).write_text(f"{token}\n", encoding="utf-8")
    if name in {"logout", "profiles use", "profiles list"}:
        assert run("login", "--profile", "old") == 0
    if name in {"user profile username get", "user profile username delete"}:
        assert run("user", "profile", "username", "create", "ann") == 0
    if name == "diff" or name.startswith("mirror"):
        _keep_copies(name, directory, run)
    if name in {"plan", "apply"}:
        (directory / "accounts.yml").write_text("- {tenant_id: acme, name: New, is_locked: true}\n", encoding="utf-8")
        for file in directory.glob("plan.jsonl*"):
            file.unlink()
        assert name == "plan" or run("plan", *shlex.split(GIVEN["plan"].format(directory=directory))) == 0
    if name.startswith("bulk"):
        (directory / "rows.csv").write_text("tenant_id,name\nbulk-1,One\n", encoding="utf-8")
        for file in directory.glob("ledger*"):
            file.unlink()
        if name != "bulk run":
            assert run("bulk", "run", *shlex.split(GIVEN["bulk run"].format(directory=directory))) == 0
    return [*_arguments(name, environment, directory), *_optional(name)]


@pytest.fixture(scope="module")
def filled(server: EmulatorHandle) -> tuple[EmulatorHandle, dict[str, Any]]:
    """An environment that has everything, and its snapshot."""
    environment = server.create_environment(secret="emu_canary-of-the-environment")
    world.prepare(environment)
    return environment, environment.snapshot()


@pytest.fixture
def emulator(filled: tuple[EmulatorHandle, dict[str, Any]]) -> EmulatorHandle:
    """The environment that has everything, as it was."""
    environment, _ = filled
    return environment


def _secrets(directory: Path) -> Iterator[str]:
    yield "canary"
    for path in directory.glob("made*"):
        yield path.read_text(encoding="utf-8").strip()


SOME: Final = (
    "api",
    "access-tokens list-active-tenant-tokens",
    "api-tokens create",
    "completion",
    "emulator",
    "logout",
    "migrations wait",
    "profiles list",
    "profiles use",
    "schema",
    "settings set",
    "sso create",
    "sso get-sp-metadata",
    "sso update",
    "tenants ensure",
    "tenants metadata unset",
    "hierarchy tree",
    "tenants count-users",
    "user tenants list",
)
"""One command of each kind, for the tests that are quick."""

ENDLESS: Final = ("audits tail", "bulk worker", "mirror run", "webhooks trigger")
"""The commands that end with Ctrl-C, and one that needs a receiver."""

PROGRAMS: Final = ("conformance", "emulator")
"""The commands whose options are those of other programs."""

Try = Callable[[str, Iterable[str]], None]


@pytest.fixture
def attempt(
    run: Run, filled: tuple[EmulatorHandle, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Try:
    """Run a command in formats: it succeeds, its output can be read as what it says it is, and has no canary."""
    environment, snapshot = filled
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")

    def attempt(name: str, formats: Iterable[str]) -> None:
        for format_ in formats:
            for made in tmp_path.glob("made"):
                made.rename(tmp_path / f"made-before-{format_}")
            environment.restore(snapshot)
            token = environment.user_token(tenant_id="acme", user_id="ann", permissions=["fe.*"]).access_token
            monkeypatch.setenv("FRONTEGG_USER_TOKEN", token)
            arguments = prepared(name, environment, tmp_path, lambda *words: run(*words).code)
            after = [] if name in PROGRAMS else ["--output", format_, "--yes", "--verbose", "--debug"]
            ran = run(*arguments, *after)
            assert ran.code == 0, ran.err
            written = ran.out + ran.err
            assert [secret for secret in (*_secrets(tmp_path), token) if secret in written] == []
            if name not in {"completion", "schema", "mirror upgrade", *PROGRAMS}:
                _read(format_, ran.out)

    return attempt


@pytest.mark.acceptance
@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ENDLESS])
def test_a_command_in_every_format(name: str, attempt: Try) -> None:
    """Whatever it is."""
    attempt(name, FORMATS)


@pytest.mark.parametrize("name", SOME)
def test_a_command_of_each_kind(name: str, attempt: Try) -> None:
    """As the formats are chosen where there is no terminal, and for a person."""
    attempt(name, ("jsonl", "table"))


@pytest.mark.slow
def test_help() -> None:
    """It has examples and the options that every command has, and fits a terminal."""
    for command, context in make_command_reference.commands():
        if context.info_name not in PROGRAMS:
            text = command.get_help(context)
            assert "Global options:" in text
            assert "Examples:" in text, context.command_path
            wide = [line for line in text.splitlines() if len(line) > 90]  # a long option
            assert all(line.startswith("  frontegg ") for line in wide)  # to be copied


def test_help_is_data(run: Run) -> None:
    ran = run("tenants", "list", "-h")
    assert (ran.code, ran.err) == (0, "")
    assert "Usage: frontegg tenants list" in ran.out
    for name in PROGRAMS:
        text = run(name, "--help").out
        assert text.startswith(f"Usage: frontegg {name} [OPTIONS]\n")
        assert "\nOptions:\n  -h, --help" in text
        assert f"\nExamples:\n  frontegg {name} " in text


def test_nothing_shows_the_help(run: Run) -> None:
    """To standard error, since it is no data."""
    ran = run("tenants")
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: frontegg tenants" in ran.err
    assert run("--quiet", "--version").out == run("--version").out


def _read(format_: str, text: str) -> None:
    """Read an output as what it says it is."""
    match format_:
        case "json" if text:
            json.loads(text)
        case "jsonl":
            assert all(isinstance(json.loads(line), dict) for line in text.splitlines())
        case "yaml":
            yaml.safe_load(text)
        case _:
            assert "\x1b" not in text


@pytest.mark.parametrize("client", ["environment", "user"])
def test_every_method_of_the_clients_has_a_command(client: Client) -> None:
    """Those that the catalogue does not leave to programs."""
    commands = [each.command for each in all_methods(client) if each.is_command]
    assert [name for name in commands if name not in COMMANDS] == []


def test_no_command_takes_a_secret() -> None:
    """Neither as an option nor as an argument: others see the list of processes."""
    for name, (command, context) in COMMANDS.items():
        for parameter in command.get_params(context):
            assert parameter.name is not None
            flags = [flag for flag in parameter.opts if "secret" in flag or "token" in flag]
            harmless = ("-file", "-out", "-store", "token_id")
            assert all(flag.endswith(harmless) for flag in flags), (name, flags)


def test_global_options_stand_before_and_after(run: Run) -> None:
    """The later one wins."""
    assert run("--output", "id", "tenants", "list", "--limit", "1").out == "acme\n"
    assert run("--output", "json", "tenants", "--output", "id", "list", "--limit", "1").out == "acme\n"
    assert run("--output", "json", "tenants", "list", "--limit", "1", "--output", "id").out == "acme\n"
