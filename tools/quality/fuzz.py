"""Test the emulator with schemathesis from its own OpenAPI document, over real sockets, with each kind of token.

Usage: ``python tools/quality/fuzz.py [--short] [--examples N] [--keep DIRECTORY]``. All phases are deterministic. The
last line has the numbers of operations and cases. The exit status is 1 if schemathesis finds a failure.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from frontegg_async.emulator import Emulator, EmulatorHandle  # noqa: E402 - of this checkout, wherever it is run from
from frontegg_async.emulator.openapi.document import document  # noqa: E402 - likewise

SEED: Final = 1
PATHS: Final[Any] = document()["paths"]
TENANTS: Final[Sequence[Mapping[str, Any]]] = (
    {"tenantId": "acme", "name": "Acme", "isReseller": True, "alias": "acme"},
    {"tenantId": "child", "name": "Child", "parentTenantId": "acme", "isReseller": True},
    {"tenantId": "grandchild", "name": "Grandchild", "parentTenantId": "child"},
    {"tenantId": "other", "name": "Other", "metadata": {"plan": "pro"}},
)
USERS: Final[Sequence[Mapping[str, Any]]] = (
    {"id": "ann", "email": "ann@acme.example", "password": "emu_ann", "tenantId": "acme", "tenantIds": ["child"]},
    {"id": "bob", "email": "bob@other.example", "password": "emu_bob", "tenantId": "other"},
)

CONFIGURATION: Final = """\
warnings = false

[generation]
deterministic = true
max-examples = {examples}
no-shrink = true

[phases.coverage]
enabled = {has_coverage}

[phases.stateful]
max-steps = 8

[phases.stateful.generation]
max-examples = {sequences}

[checks.unsupported_method]
# The service's framework responds with 404 to a method that a path does not have, and so does the emulator.
enabled = false

[auth.openapi.{scheme}]
bearer = "{token}"

[dictionaries.tenants]
values = ["acme", "child", "grandchild", "other"]

[dictionaries.users]
values = ["ann", "bob"]

[parameters]
"header.frontegg-tenant-id" = {{ dictionary = "tenants", probability = 0.8 }}
"header.frontegg-user-id" = {{ dictionary = "users", probability = 0.8 }}
"path.tenantId" = {{ dictionary = "tenants", probability = 0.5 }}
"path.userId" = {{ dictionary = "users", probability = 0.5 }}
"path.alias" = {{ dictionary = "tenants", probability = 0.5 }}
"""

REFUSALS: Final[Mapping[str, Sequence[str]]] = {
    "text that must be JSON": ("tenants.create", "tenants.update", "tenants.update_v1", "tenants.add_metadata"),
    "text that must be the XML of an identity provider": ("sso.create_from_metadata", "sso.update_from_metadata"),
    "text that must be a JSON object": (
        "groups.create",
        "groups.update",
        "plans.create",
        "plans.update",
        "feature_flags.create",
        "feature_flags.update",
    ),
    "two ids that must differ": ("tenants.move_users", "hierarchy.assign", "hierarchy.unassign", "sub_tenants.create"),
    "a header that only one kind of token needs": (
        "user_access_tokens.create",
        "user_access_tokens.list",
        "user_access_tokens.delete",
        "me.tenants",
        "user_api_tokens.create",
        "user_api_tokens.list",
        "user_api_tokens.delete",
        "me.switch_tenant",
        "users.update",
        "users.list_sessions",
        "users.end_session",
        "users.end_sessions",
        "users.disable_mfa",
        "applications.get_active_tenants",
        "applications.set_active_tenants",
        "me.change_password",
        "user_invitations.create",
        "user_invitations.create_v1",
        "user_invitations.delete",
        "user_invitations.get",
        "user_invitations.update",
    ),
    "an e-mail address, text that must be a JSON object, or a role that exists": (
        "users.invite",
        "users.invite_many",
        "users.replace_all_fields",
        "users.set_email",
        "users.assign_roles",
        "users.unassign_roles",
        "users.change_roles",
        "users.invite_v1",
        "invitations.create",
        "me.update_profile",
    ),
    "a token or a code that was sent to somebody": (
        "me.change_phone_after_reset",
        "me.confirm_email",
        "me.emails.verify",
        "me.confirm_phone",
        "me.phone_numbers.verify",
        "me.verify_phone_reset",
        "users.activation.activate",
        "users.activation.activate_with_code",
        "users.activation.get_strategy",
        "users.invitation.accept",
        "users.invitation.accept_with_code",
        "users.passwords.reset",
        "users.passwords.validate_reset",
        "users.passwords.verify_reset_sms",
    ),
    "a list or an object that must not be empty": (
        "security.mfa_config.set",
        "users.bulk_migrate",
        "users.bulk_migrate_v2",
        "users.passwords.send_reset_email_v1",
    ),
    "a password that the policy allows, or a user with a second factor": (
        "users.sign_up.create",
        "users.sign_up.create_with_username",
        "users.unenroll_mfa",
    ),
    "an e-mail address or a phone number": (
        "me.change_email",
        "me.change_phone",
        "me.emails.add",
        "me.phone_numbers.add",
        "me.phone_numbers.send_code",
        "users.create",
        "users.emails.add",
        "users.emails.set_primary",
        "users.migrate",
        "users.phone_numbers.add",
    ),
    "claims that must be there": ("jwt_templates.create", "jwt_templates.update"),
    "parameters that are given together, or that are not empty": (
        "users.list",
        "users.get_by_email",
        "users.list_roles",
        "users.list_groups",
        "users.list_statuses",
    ),
}
"""The operations that may respond 400 to valid input, by the rule that JSON Schema cannot express."""

REFUSAL: Final = """
# {reason}
[[operations]]
include-operation-id = {operations}
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "400", "401", "403", "404", "409", "410", "429"]
"""

_OPERATIONS: Final = re.compile(r"^\s*Tested: (\d+)", re.MULTILINE)
_CASES: Final = re.compile(r"^\s*([\d,]+) generated", re.MULTILINE)


@dataclass
class Run:
    """A run of schemathesis with one kind of token."""

    kind: str
    process: subprocess.Popen[str]
    output: Path

    def finish(self) -> tuple[bool, int, int]:
        """Wait for the run; return whether it found no failure, and the numbers of operations and cases."""
        code = self.process.wait()
        text = self.output.read_text(encoding="utf-8")
        operations, cases = _OPERATIONS.search(text), _CASES.search(text)
        if code or operations is None or cases is None:
            print(text)
            return False, 0, 0
        return True, int(operations[1]), int(cases[1].replace(",", ""))


def tokens(environment: EmulatorHandle) -> Iterator[tuple[str, str]]:
    """Yield a token of each kind, with the name of its security scheme in the document."""
    body = json.dumps({"clientId": environment.client_id, "secret": environment.secret}).encode()
    request = urllib.request.Request(  # noqa: S310 - the emulator's own address
        f"{environment.url}/auth/vendor", body, {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request) as response:  # noqa: S310 - likewise
        yield "environmentToken", json.load(response)["token"]
    issued = environment.user_token(tenant_id="acme", tenant_ids=["acme", "child"], user_id="ann", permissions=["fe.*"])
    yield "userToken", issued.access_token


def settings(scheme: str, token: str, examples: int, *, short: bool = False) -> str:
    """Return the configuration of schemathesis for the security scheme of a token."""
    has_coverage, sequences = ("false", 5) if short else ("true", 25)
    refusals = (REFUSAL.format(reason=why, operations=json.dumps(operations)) for why, operations in REFUSALS.items())
    configuration = CONFIGURATION.format(
        scheme=scheme, token=token, examples=examples, has_coverage=has_coverage, sequences=sequences
    )
    return configuration + "".join(refusals)


def operations_of(scheme: str) -> list[str]:
    """Return the operations to test with a token.

    These are all operations for the environment's token. For any other token, they are the operations that accept it.
    """
    return [
        operation["operationId"]
        for methods in PATHS.values()
        for operation in methods.values()
        if scheme == "environmentToken" or any(scheme in way for way in operation.get("security", ()))
    ]


def start(environment: EmulatorHandle, scheme: str, configuration: str, directory: Path) -> Run:
    """Start schemathesis with the configuration for a security scheme."""
    file = directory / f"{scheme}.toml"
    file.write_text(configuration, encoding="utf-8")
    output = directory / f"{scheme}.txt"
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(file), "run"),
        f"{environment.url}/_emulator/v1/openapi.json",
        *("--url", environment.url, "--seed", str(SEED), "--no-color", "--continue-on-failure"),
        *(f"--include-operation-id={name}" for name in operations_of(scheme)),
    ]
    with output.open("w", encoding="utf-8") as sink:
        process = subprocess.Popen(command, cwd=directory, stdout=sink, stderr=subprocess.STDOUT, text=True)
    return Run(scheme, process, output)


@contextmanager
def work_directory(keep: Path | None) -> Iterator[Path]:
    """Yield a directory for the files of a run. A temporary directory is removed at the end."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    directory = Path(tempfile.mkdtemp(prefix="frontegg-fuzz-"))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def main() -> int:
    """Run schemathesis; return 1 if it finds a failure."""
    parser = argparse.ArgumentParser(description="Test the emulator with schemathesis from its own OpenAPI document.")
    parser.add_argument("--short", action="store_true", help="about a tenth of the cases, without boundary values")
    parser.add_argument("--examples", type=int, help="random cases for each operation (default: 6; 2 if short)")
    parser.add_argument("--keep", type=Path, help="a directory to keep configuration and output in")
    arguments = parser.parse_args()
    started = time.monotonic()
    with work_directory(arguments.keep) as directory, Emulator() as emulator:
        runs: list[Run] = []
        for scheme in ("environmentToken", "userToken"):
            environment = emulator.create_environment()
            environment.seed(tenants=TENANTS, users=USERS)
            token = dict(tokens(environment))[scheme]
            examples = arguments.examples or (2 if arguments.short else 6)
            configuration = settings(scheme, token, examples, short=arguments.short)
            runs.append(start(environment, scheme, configuration, directory))
        results = [run.finish() for run in runs]
    passed = all(result[0] for result in results)
    operations, cases = max(result[1] for result in results), sum(result[2] for result in results)
    verdict = "no failures" if passed else "FAILURES"
    print(f"schemathesis: {operations} operations, {cases} cases, {verdict}, {time.monotonic() - started:.0f} s")
    return int(not passed)


if __name__ == "__main__":
    sys.exit(main())
