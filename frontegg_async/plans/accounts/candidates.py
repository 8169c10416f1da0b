"""Pair the rows of files with the accounts of the environment, and drop pairs without a difference."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import cast

import attrs

from frontegg_async._values.json_values import parse_json
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.plans.files.accounts_files import AccountsFiles
from frontegg_async.plans.files.sources import FileRow
from frontegg_async.plans.objects.changes import ObjectChange
from frontegg_async.snapshots.reader import Portion
from frontegg_async.snapshots.rows import Row


@attrs.define(eq=False)
class Candidate:
    """An account in a file that may differ from the environment."""

    source: FileRow
    """The row in the file, with its line and column."""
    wanted: Row
    """The values of the row."""
    shown: Row | None
    """The account in the environment; ``None`` if it does not exist."""
    original: Row | None
    """The account in the original export, from which the files were edited; ``None`` if the export lacks the account.
    """
    objects: list[ObjectChange] = attrs.Factory(list[ObjectChange])
    """The changes of the account's users, policies and SSO configurations."""
    dangers: list[str] = attrs.Factory(list[str])
    """The guards ``last-owner`` and ``sso-lockout``, if a change of the account's objects counts toward their limits.
    """

    @property
    def why(self) -> str:
        """The file name and the line of the row.

        The directory is left out, so that plans do not depend on directories.
        """
        place = self.source.place
        return f"{PurePath(place.file).name}:{place.line}" if place.line else str(place)


class Pairing:
    """Reads the rows of files in parallel with the accounts of the environment, ordered by id. The methods block.

    Args:
        files: The files.
        base: The original export, from which the files were edited; ``None`` without such an export.
        environment_id: The id of the environment, if the service shows it.

    Raises:
        InvalidArgumentError: A row of the original export belongs to another environment. The methods raise this error.
    """

    def __init__(self, files: AccountsFiles, base: AccountsFiles | None, environment_id: str | None) -> None:
        self._environment_id = environment_id
        self._rows = files.stream()
        self._base: Iterator[FileRow] = iter(()) if base is None else base.sorted()
        self._original = next(self._base, None)

    def take(self, portion: Portion) -> list[Candidate] | None:
        """Return the rows of files up to the end of a portion that differ from their accounts or have no account.

        The result is ``None`` if all accounts of the portion are equal to the next rows of the files.

        Args:
            portion: The next accounts.
        """
        if self._rows.skip(portion.lines):
            return None
        found: list[Candidate] = []
        for tenant_id, line in portion.rows():
            while (row := self._rows.head) is not None and row.tenant_id <= tenant_id:
                if row.tenant_id < tenant_id:
                    found.append(self._candidate(row, None))
                elif row.line != line:
                    found.append(self._candidate(row, line))
                self._rows.advance()
        return found

    def rest(self) -> list[Candidate]:
        """Return the rows of files after the last account."""
        found: list[Candidate] = []
        while (row := self._rows.head) is not None:
            found.append(self._candidate(row, None))
            self._rows.advance()
        return found

    def _candidate(self, row: FileRow, line: bytes | None) -> Candidate:
        shown = None if line is None else cast("Row", parse_json(line))
        return Candidate(row, cast("Row", parse_json(row.line)), shown, self._original_of(row.tenant_id))

    def _original_of(self, tenant_id: str) -> Row | None:
        while self._original is not None and self._original.tenant_id < tenant_id:
            self._original = next(self._base, None)
        if self._original is None or self._original.tenant_id != tenant_id:
            return None
        row = cast("Row", parse_json(self._original.line))
        other = row.get("vendor_id")
        if None not in (other, self._environment_id) and other != self._environment_id:
            raise InvalidArgumentError(
                f"{self._original.place}: base belongs to another environment, {other}; this client uses"
                f" {self._environment_id}"
            )
        return row
