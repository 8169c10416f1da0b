"""The examples of the help, run as they are written: the method allows their values, and the service takes them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import make_command_reference
import pytest

from frontegg_async.catalogue.lookups import all_methods
from frontegg_async.catalogue.types import Client
from frontegg_async.cli.command import Command
from frontegg_async.cli.failures import ExitCode
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.conftest import Run
from tests.emulator.cases_sso import METADATA

CLIENTS: Final[tuple[Client, ...]] = ("environment", "user")
METHODS: Final = {each.command for client in CLIENTS for each in all_methods(client) if each.is_command}
EXAMPLES: Final = [
    example
    for command, context in make_command_reference.commands()
    if isinstance(command, Command) and context.command_path.removeprefix("frontegg ") in METHODS
    for example in command.examples
]
FILES: Final = {
    "current-password.txt": "emu_ada",
    "hash.txt": "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
    "invitation.txt": "emu_invitation",
    "metadata.xml": METADATA,
    "otc-token.txt": "emu_otc",
    "password.txt": "emu_Password-1",
    "reset-token.txt": "emu_reset",
    "secret.txt": "emu_secret",
}
_LINK: Final = {"kind": "passwordReset", "userId": "9f02a1d4", "expires": "2100-01-01T00:00:00.000Z"}
_CODE: Final = {"userId": "9f02a1d4", "code": "482913"}
TABLES: Final = {
    "userLinks": [{**_LINK, "id": "passwordReset:9f02a1d4", "token": FILES["reset-token.txt"]}],
    "contactCodes": [
        {**_CODE, "id": "verify", "purpose": "verify_email", "value": "ada@acme.com"},
        {**_CODE, "id": "change", "purpose": "change_email", "value": "ada@acme.com"},
        {**_CODE, "id": FILES["otc-token.txt"], "purpose": "verify_phone", "value": "+49301234567"},
    ],
}
"""The link and the codes of the examples."""
REFUSED: Final = re.compile(r"returned (?:400|403|405|415|422)\b")
"""What the service says of a request whose content is not allowed; that there is no such thing is no such thing."""


@pytest.fixture(scope="module")
def filled(server: EmulatorHandle) -> tuple[EmulatorHandle, Mapping[str, Any]]:
    """An environment with the accounts, the user and the role of the examples, and no policies."""
    environment = server.create_environment()
    environment.seed(
        tenants=[
            {"tenantId": "acme", "name": "Acme", "isReseller": True},
            {"tenantId": "globex", "name": "Globex", "parentTenantId": "acme"},
        ],
        users=[
            {
                "id": "9f02a1d4",
                "email": "ada@acme.com",
                "tenantId": "acme",
                "tenantIds": ["acme", "globex"],
                "mfaEnrolled": True,
                "password": FILES["current-password.txt"],
            }
        ],
    )
    snapshot: Any = environment.snapshot()
    snapshot["environments"][0]["tables"].update(TABLES)
    environment.restore(snapshot)
    return environment, snapshot


@pytest.fixture
def emulator(filled: tuple[EmulatorHandle, Mapping[str, Any]]) -> EmulatorHandle:
    """The environment of the examples."""
    return filled[0]


@pytest.mark.acceptance
def test_every_example_is_allowed(
    run: Run, filled: tuple[EmulatorHandle, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only ids of things that are not there may be wrong with it."""
    environment, snapshot = filled
    monkeypatch.chdir(tmp_path)
    refused: dict[str, str] = {}
    for example in EXAMPLES:
        environment.restore(snapshot)
        token = environment.user_token(tenant_id="acme", user_id="9f02a1d4", permissions=["fe.*"]).access_token
        for name, text in {**FILES, "token.txt": token}.items():
            Path(name).write_text(text, encoding="utf-8")
        words = shlex.split(example)
        if "--secret-out" in words:
            Path("secret.txt").unlink()
        ran = run(*words, "--yes")
        if ran.code not in (ExitCode.DONE, ExitCode.ERROR, ExitCode.PARTLY) or REFUSED.search(ran.err):
            refused[example] = ran.err
    assert refused == {}
