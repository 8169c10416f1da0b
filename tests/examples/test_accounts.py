"""The sample accounts: the properties that examples rely on, and errors for malformed files."""

from __future__ import annotations

import zoneinfo
from pathlib import Path

import pytest
from accounts import ACCOUNTS_CSV, AccountsError, in_generations, read_accounts

HEADER = ACCOUNTS_CSV.read_text(encoding="utf-8").partition("\n")[0]
LINE = "{id},Acme,team,5,{parent},{reseller},,Europe/Berlin,EUR,active,it@acme.example"


def _line(tenant_id: str, parent: str = "", reseller: str = "true") -> str:
    return LINE.format(id=tenant_id, parent=parent, reseller=reseller)


def test_accounts_are_realistic() -> None:
    """The file has 1,200 accounts with real time zones, unique ids and names of many scripts."""
    accounts = read_accounts()
    zones = zoneinfo.available_timezones()
    assert len({account.tenant_id for account in accounts}) == 1_200
    assert not zones or {account.timezone for account in accounts} <= zones
    assert sum(not account.name.isascii() for account in accounts) > 300


@pytest.mark.parametrize("text", ['"', ",", ";", "\\", "\t", "\u3000", "\u200d", "\U00020bb7", "\u05d1", "\u0627"])
def test_some_names_are_awkward(text: str) -> None:
    """Names have what breaks careless readers of CSV or JSON, and scripts that run from right to left."""
    assert any(text in account.name for account in read_accounts())


def test_values_are_of_the_kinds_that_the_page_lists() -> None:
    """Plans and statuses are the listed ones, hosts are below the reserved domain, and websites may be missing."""
    accounts = read_accounts()
    assert {account.plan for account in accounts} == {"free", "team", "business", "enterprise"}
    assert {account.status for account in accounts} == {"active", "trial", "past_due", "closing"}
    assert all(str(account.creator_email).endswith(".example") for account in accounts)
    websites = {account.website for account in accounts}
    assert None in websites
    assert all(website is None or website.endswith(".example") for website in websites)


def test_parents_are_resellers_in_any_order() -> None:
    """Every parent is a reseller, and some parents come after their sub-accounts."""
    accounts = read_accounts()
    position = {account.tenant_id: index for index, account in enumerate(accounts)}
    resellers = {account.tenant_id for account in accounts if account.is_reseller}
    children = [account for account in accounts if account.parent_tenant_id]
    assert {account.parent_tenant_id for account in children} <= resellers
    assert any(position[str(one.parent_tenant_id)] > position[one.tenant_id] for one in children)


def test_generations_have_parents_first() -> None:
    """The parents of each generation are in earlier ones, and every account is in one."""
    accounts = read_accounts()
    seen: set[str | None] = {None}
    generations = in_generations(accounts)
    assert 3 <= len(generations) <= 5
    for generation in generations:
        assert {account.parent_tenant_id for account in generation} <= seen
        seen |= {account.tenant_id for account in generation}
    assert len(seen) == len(accounts) + 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tenant_id,name\na,b\n", "no column creator_email"),
        (f"{HEADER}\n{_line('')}\n", "line 2: tenant_id is empty"),
        (f"{HEADER}\n{_line('a')}\n{_line('a')}\n", "line 3: a comes twice"),
        (f"{HEADER}\n{_line('a', reseller='maybe')}\n", "line 2: is_reseller must be true or false"),
        (f"{HEADER}\n{_line('a').replace(',5,', ',many,')}\n", "line 2: seats must be a whole number"),
        (f"{HEADER}\n{_line('a')},b\n", "line 2: there are more values than columns"),
        (f'{HEADER}\n"a', "bad.csv: unexpected end of data"),
        (f"{HEADER}\n\udce9", "bad.csv: 'utf-8' codec can't decode"),
    ],
)
def test_bad_files_are_named(tmp_path: Path, text: str, message: str) -> None:
    """The error for a malformed file names the line."""
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(AccountsError, match=message):
        read_accounts(path)


def test_spreadsheets_may_write_the_file(tmp_path: Path) -> None:
    """A byte order mark and Windows line ends are accepted."""
    path = tmp_path / "accounts.csv"
    path.write_text(f"\ufeff{HEADER}\n{_line('a')}\n", encoding="utf-8", newline="\r\n")

    assert [account.tenant_id for account in read_accounts(path)] == ["a"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([_line("a", parent="b")], "a: its parent b is not in the list"),
        ([_line("a", parent="b"), _line("b", parent="a")], "a: its parents form a cycle"),
    ],
)
def test_bad_hierarchies_are_named(tmp_path: Path, lines: list[str], message: str) -> None:
    """The error for a missing parent or a cycle names the account."""
    path = tmp_path / "bad.csv"
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    with pytest.raises(AccountsError, match=message):
        in_generations(read_accounts(path))
