"""Read and check the accounts of ``data/accounts.csv``, and put parents before their sub-accounts."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import attrs

ACCOUNTS_CSV: Final = Path(__file__).resolve().parent / "data" / "accounts.csv"


class AccountsError(ValueError):
    """The file is not a valid list of accounts. The message names the file and the line or the account."""


@attrs.frozen(kw_only=True)
class Account:
    """One line of the file; empty values are ``None``."""

    tenant_id: str
    name: str
    plan: str
    seats: int
    parent_tenant_id: str | None
    is_reseller: bool
    website: str | None
    timezone: str | None
    currency: str | None
    status: str | None
    creator_email: str | None

    @property
    def metadata(self) -> dict[str, str | int]:
        """The metadata that the vendor's own software needs."""
        return {"plan": self.plan, "seats": self.seats, "source": "accounts.csv"}


def read_accounts(path: Path = ACCOUNTS_CSV) -> list[Account]:
    """Read the accounts of a CSV file, in the order of the file.

    Raises:
        AccountsError: The file is not CSV in UTF-8, a column is missing, a value is malformed, or an id is repeated.
        OSError: The file cannot be read.
    """
    try:
        return _accounts(path)
    except (csv.Error, UnicodeDecodeError) as error:
        raise AccountsError(f"{path.name}: {error}") from None


def _accounts(path: Path) -> list[Account]:
    with path.open(encoding="utf-8-sig", newline="") as file:  # spreadsheets write a byte order mark
        reader = csv.DictReader(file, strict=True)
        missing = {field.name for field in attrs.fields(Account)} - set(reader.fieldnames or ())
        if missing:
            raise AccountsError(f"{path.name}: no column {', '.join(sorted(missing))}")
        accounts: dict[str, Account] = {}
        for row in reader:
            try:
                account = _account(row)
            except ValueError as error:
                raise AccountsError(f"{path.name}, line {reader.line_num}: {error}") from None
            if account.tenant_id in accounts:
                raise AccountsError(f"{path.name}, line {reader.line_num}: {account.tenant_id} comes twice")
            accounts[account.tenant_id] = account
    return list(accounts.values())


def _account(row: Mapping[str | None, str | None]) -> Account:
    if None in row:
        raise ValueError("there are more values than columns")

    def required(column: str) -> str:
        value = row[column]
        if not value:
            raise ValueError(f"{column} is empty")
        return value

    flag = required("is_reseller")
    if flag not in ("true", "false"):
        raise ValueError("is_reseller must be true or false")
    seats = required("seats")
    if not seats.isdecimal():
        raise ValueError("seats must be a whole number")
    return Account(
        tenant_id=required("tenant_id"),
        name=required("name"),
        plan=required("plan"),
        seats=int(seats),
        parent_tenant_id=row["parent_tenant_id"] or None,
        is_reseller=flag == "true",
        website=row["website"] or None,
        timezone=row["timezone"] or None,
        currency=row["currency"] or None,
        status=row["status"] or None,
        creator_email=row["creator_email"] or None,
    )


def in_generations(accounts: Iterable[Account]) -> list[list[Account]]:
    """Split accounts into generations. Each account is in a later generation than its parent.

    Raises:
        AccountsError: A parent is missing, or accounts form a cycle.
    """
    waiting = {account.tenant_id: account for account in accounts}
    known = set(waiting)
    generations: list[list[Account]] = []
    while waiting:
        ready = [account for account in waiting.values() if account.parent_tenant_id not in waiting]
        for account in ready:
            if account.parent_tenant_id is not None and account.parent_tenant_id not in known:
                raise AccountsError(f"{account.tenant_id}: its parent {account.parent_tenant_id} is not in the list")
        if not ready:
            raise AccountsError(f"{next(iter(waiting))}: its parents form a cycle")
        generations.append(ready)
        for account in ready:
            del waiting[account.tenant_id]
    return generations
