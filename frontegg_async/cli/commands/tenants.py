"""``frontegg tenants``: the commands of the resource, ``delete`` for several accounts, and ``metadata``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import attrs
import click

from frontegg_async._core.checks.arguments import check_id, check_path_value
from frontegg_async._values.json_values import JsonValue, RepeatedNameError
from frontegg_async.catalogue.lookups import columns_of, method_at
from frontegg_async.cli.command import Argument, Command, Group, entry_of
from frontegg_async.cli.failures import CommandError, ExitCode, failure_of
from frontegg_async.cli.operations import noun
from frontegg_async.cli.parameters import json_of, read_ids
from frontegg_async.cli.progress import Progress
from frontegg_async.cli.session import Session
from frontegg_async.cli.talk import say
from frontegg_async.errors import AuthenticationError, FronteggError

if TYPE_CHECKING:
    from frontegg_async.client import AsyncFrontegg
    from frontegg_async.models.tenants import Tenant

_TENANT_ID: Final = Argument("tenant_id", "The id of the account.")


def tenants(name: str) -> Group:
    """Return the command ``frontegg tenants``.

    Args:
        name: The name of the command.
    """
    group = noun(name)
    for verb in ("metadata set", "metadata unset"):  # handwritten, since they take pairs and several keys
        del group.entries[verb]
    metadata = Group(
        "metadata",
        commands={"set": entry_of(_set()), "unset": entry_of(_unset())},
        help="Set or remove single keys of an account's metadata.",
    )
    group.entries |= {"delete": entry_of(_delete()), "metadata": entry_of(metadata)}
    return group


@attrs.define
class _Deletion:
    """The deletion of accounts, and its progress."""

    ids: Sequence[str]
    begun: int = 0
    deleted: int = 0
    failed: dict[str, FronteggError] = attrs.Factory(dict[str, FronteggError])

    async def run(self, client: AsyncFrontegg, progress: Progress) -> None:
        """Delete the accounts one after the other."""
        for tenant_id in self.ids:
            self.begun += 1
            try:
                await client.tenants.delete(tenant_id)
                self.deleted += 1
            except FronteggError as error:
                self.failed[tenant_id] = error
                if isinstance(error, AuthenticationError):
                    raise
            progress.update(self.begun, len(self.ids), {"failed": len(self.failed)})

    def __str__(self) -> str:
        is_unknown = self.begun > self.deleted + len(self.failed)
        note = f"; it is unknown whether {self.ids[self.begun - 1]} was deleted" if is_unknown else ""
        return f"deleted {self.deleted:,} of {len(self.ids):,} accounts{note}"

    @property
    def code(self) -> ExitCode:
        """The exit code."""
        codes = {failure_of(error).code for error in self.failed.values()}
        if not codes:
            return ExitCode.DONE
        if ExitCode.UNKNOWN in codes:
            return ExitCode.UNKNOWN
        return ExitCode.PARTLY if self.deleted else max(codes)


def _delete() -> Command:
    @click.option("--subtree", is_flag=True, help="Also delete all accounts below the account. Give only one id.")
    @click.option(
        "--ledger",
        metavar="LEDGER",
        help="The file that records the progress of --subtree. The default is delete-ID.ledger.sqlite3 in the current "
        "directory.",
    )
    def run(session: Session, *, tenant_ids: tuple[str, ...], subtree: bool, ledger: str | None) -> int:
        ids = tuple(dict.fromkeys(read_ids(tenant_ids)))
        for index, tenant_id in enumerate(ids):
            check_id(tenant_id, f"tenant_ids[{index}]")
        if subtree:
            return _delete_subtree(session, ids, ledger)
        if ledger is not None:
            raise CommandError("--ledger needs --subtree", ExitCode.USAGE)
        session.confirm(f"Delete {len(ids):,} {'account' if len(ids) == 1 else 'accounts'} and all their users")
        deletion = _Deletion(ids)

        async def delete(client: AsyncFrontegg) -> None:
            with session.progress("accounts") as progress:
                await deletion.run(client, progress)

        try:
            session.run(delete)
        except (KeyboardInterrupt, AuthenticationError):
            if deletion.begun > len(deletion.failed):
                session.say(str(deletion))
                session.writes.clear()
            raise
        if len(deletion.failed) == len(ids) == 1:
            raise deletion.failed[ids[0]]
        for tenant_id, error in deletion.failed.items():
            say(f"{tenant_id}: {error}", label="error", colour="red")
        session.say(str(deletion))
        return deletion.code

    return Command(
        "delete",
        run,
        params=[
            Argument("tenant_ids", "One or more ids, or - to read ids from the lines of standard input.", nargs=-1)
        ],
        help="Delete accounts and all their users. The sub-accounts of a deleted account move to its parent.\n\n"
        "With --subtree, delete an account and all accounts below it. The command shows the tree and asks. It deletes "
        "the lowest accounts first, and skips accounts that others change meanwhile. After an interruption, run the "
        "same command again to continue.",
        examples=("tenants delete acme globex --yes", "tenants delete north --subtree"),
    )


def _delete_subtree(session: Session, ids: Sequence[str], ledger: str | None) -> int:
    from frontegg_async.cli.subtree_deletion import delete_subtree, ledger_of  # noqa: PLC0415 - other commands need no plans

    if len(ids) != 1:
        raise CommandError(f"--subtree takes one account, not {len(ids):,}", ExitCode.USAGE)
    return delete_subtree(session, ids[0], ledger_of(ids[0]) if ledger is None else ledger)


def _set() -> Command:
    def run(session: Session, tenant_id: str, pairs: tuple[str, ...]) -> int:
        metadata = dict(map(_pair, pairs))
        if len(metadata) < len(pairs):
            raise CommandError("the same KEY is given twice", ExitCode.USAGE)
        from frontegg_async.cli.results import show_result  # noqa: PLC0415 - help needs no models

        columns = columns_of(method_at("environment", "tenants.update"))
        session.check_fields(columns)

        async def add(client: AsyncFrontegg) -> int:
            return await show_result(session, await client.tenants.add_metadata(tenant_id, metadata), columns=columns)

        return session.run(add)

    return Command(
        "set",
        run,
        params=[_TENANT_ID, Argument("pairs", "A key, and its new value.", nargs=-1, metavar="KEY=VALUE...")],
        help="Set keys of an account's metadata. Other keys keep their values.\n\n"
        'A value is text unless it is JSON: 3, true and {"a": 1} are JSON, and \'"3"\' is the text 3. The new value '
        "replaces the whole value of the key. A dot is part of the key: limits.seats is not seats in limits. Metadata "
        "that is not an object, such as a list, becomes an object.",
        examples=("tenants metadata set acme plan=pro seats=25",),
    )


def _unset() -> Command:
    def run(session: Session, tenant_id: str, keys: tuple[str, ...]) -> int:
        from frontegg_async.cli.results import show_result  # noqa: PLC0415 - help needs no models

        columns = columns_of(method_at("environment", "tenants.update"))
        session.check_fields(columns)
        for index, key in enumerate(keys):
            check_path_value(key, f"keys[{index}]")

        async def remove(client: AsyncFrontegg) -> int:
            found: Tenant | None = None
            for key in keys:
                found = await client.tenants.delete_metadata(tenant_id, key)
            return await show_result(session, found, columns=columns)

        return session.run(remove)

    return Command(
        "unset",
        run,
        params=[
            _TENANT_ID,
            Argument("keys", "One or more keys. A missing key is no error.", nargs=-1),
        ],
        help="Remove keys from an account's metadata.",
        examples=("tenants metadata unset acme plan",),
    )


def _pair(text: str) -> tuple[str, JsonValue]:
    """Return a key and its value, which is text unless it is JSON.

    Raises:
        CommandError: The text is not ``KEY=VALUE``, or an object in the JSON has a name twice.
    """
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise CommandError(f"{text!r} is not KEY=VALUE", ExitCode.USAGE)
    try:
        return key, json_of(value)
    except RepeatedNameError as error:
        raise CommandError(f"{key}: {error}", ExitCode.USAGE) from None
    except ValueError:
        return key, value
