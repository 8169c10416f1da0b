"""What is said of commands that do not exist, and of methods that have none."""

from __future__ import annotations

import make_command_reference
import pytest

from frontegg_async.catalogue.lookups import all_methods
from tests.cli.conftest import Run

_MEANT = {
    "users rm": "remove-from-tenant",
    "user users create": "invite",
    "user-api-tokens rm": "delete",
    "tenants show": "get",
    "tenants rm": "delete",
    "tenants ls": "list",
    "tenants search": "list --filter",
    "tenants add": "create",
    "sso find": "list",
    "status": "whoami",
    "version": "--version",
    "undo": "bulk undo",
    "tenants gett": "get",
    "tenants quux": "",
}


@pytest.mark.parametrize("words", _MEANT)
def test_a_word_of_other_programs_is_understood(words: str, run: Run) -> None:
    """The command that it means is suggested, where there is one."""
    ran = run(*words.split())
    hint = f": did you mean {_MEANT[words]!r}?" if _MEANT[words] else ""
    assert ran.err.splitlines()[0] == f"error: there is no command {words.rsplit(maxsplit=1)[-1]!r}{hint}"


def test_methods_without_commands_are_listed() -> None:
    """Each has a reason, and a command that a reason names exists."""
    listed = make_command_reference.methods_without_commands()
    missing = {each.path for each in all_methods("environment") if not each.is_command}
    missing |= {f"user.{each.path}" for each in all_methods("user") if not each.is_command}
    assert set(listed) == missing
    commands = {context.command_path for _, context in make_command_reference.commands()}
    for reason in listed.values():
        named = reason.partition("`")[2].partition("`")[0].split()
        if named:
            assert " ".join(named[:3]) in commands or " ".join(named[:2]) in commands, reason
