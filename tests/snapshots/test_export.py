"""An export is the same bytes for the same accounts, and there is none that is not complete."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from frontegg_async import AsyncFrontegg, Export, InvalidArgumentError, NotFoundError, PaginationError, ServerError
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import MissingExtraError
from frontegg_async.snapshots import files, reader
from frontegg_async.snapshots.sorted_spool import SortedSpool
from frontegg_async.testing import EmulatorFaults
from tests.support.flavours import FLAVOURS, Clients, clients_of, do
from tests.support.tenants import tenant_row

pytestmark = pytest.mark.anyio

ACCOUNTS: Final[list[dict[str, Any]]] = [
    {"tenantId": "b-root", "name": "Root", "isReseller": True, "metadata": {"z": 1, "a": {"c": [1], "b": "é"}}},
    {
        "tenantId": "a-child",
        "name": "Child\r\nof root",
        "parentTenantId": "b-root",
        "isReseller": True,
        "status": "=1+1",
    },
    {"tenantId": "Z-grandchild", "name": '{"parent_tenant_id":null}', "parentTenantId": "a-child", "metadata": "text"},
    {"tenantId": "c-alone", "name": "Alone", "isReseller": True},
]


@pytest.fixture(params=FLAVOURS)
async def clients(request: pytest.FixtureRequest, frontegg_emulator: EmulatorHandle) -> AsyncIterator[Clients]:
    """Clients of one flavour, in an environment with some accounts."""
    frontegg_emulator.clock(freeze=True)
    frontegg_emulator.seed(tenants=ACCOUNTS)
    async with clients_of(frontegg_emulator, request.param) as opened:
        yield opened


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Return the rows of JSON Lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def names_in(directory: Path) -> list[str]:
    """Return the names of the files in a directory."""
    return sorted(path.name for path in directory.iterdir())


async def test_it_has_each_account_once_in_order(clients: Clients, tmp_path: Path) -> None:
    """Rows are sorted by id in the order of code points, keys are sorted, and the parents come from the hierarchy."""
    path = tmp_path / "accounts.jsonl"

    written = await do(clients.manager.export, path)

    assert written == Export(path=str(path), accounts=4)
    rows = rows_of(path)
    assert [(row["tenant_id"], row["parent_tenant_id"]) for row in rows] == [
        ("Z-grandchild", "a-child"),
        ("a-child", "b-root"),
        ("b-root", None),
        ("c-alone", None),
    ]
    assert {row["format"] for row in rows} == {"frontegg-accounts/1"}
    assert [row["metadata"] for row in rows] == ["text", None, {"a": {"b": "é", "c": [1]}, "z": 1}, None]
    assert [row["name"] for row in rows][:2] == ['{"parent_tenant_id":null}', "Child\r\nof root"]
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines == [json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":")) for row in rows]
    assert names_in(tmp_path) == ["accounts.jsonl"]


async def test_it_asks_little_more_than_once_for_each_page(clients: Clients, tmp_path: Path) -> None:
    """The first page, an empty one and all again; the last two again, twice. Trees are read twice.

    The tree of a reseller has those of the resellers in it, if that was read before them.
    """
    await do(clients.manager.export, tmp_path / "accounts.jsonl")

    asked = [entry.path for entry in clients.emulator.journal() if "/tenants/" in entry.path]
    assert len([path for path in asked if "tenants/v2" in path]) == 7
    assert 2 <= len([path for path in asked if "hierarchy" in path]) <= 6


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "yml"])
async def test_the_same_accounts_are_the_same_bytes(
    clients: Clients, frontegg_emulator_server: EmulatorHandle, tmp_path: Path, suffix: str
) -> None:
    """Also where they were made in another order."""
    first, second, third = (tmp_path / f"{name}.{suffix}" for name in ("first", "second", "third"))
    await do(clients.manager.export, first)
    await do(clients.manager.export, second)
    document: dict[str, Any] = clients.emulator.export_seed()
    shuffled = document | {"tenants": random.Random(7).sample(document["tenants"], len(document["tenants"]))}
    other = frontegg_emulator_server.create_environment()
    other.import_seed(shuffled)
    async with clients_of(other, clients.flavour) as others:
        await do(others.manager.export, third)

    assert first.read_bytes() == second.read_bytes()
    ours, theirs = ([*files.read_rows(path)] for path in (first, third))
    own = ("internal_id", "vendor_id")  # which an emulator gives
    assert [{**row, **dict.fromkeys(own)} for row in ours] == [{**row, **dict.fromkeys(own)} for row in theirs]


async def test_all_formats_hold_the_same(clients: Clients, tmp_path: Path) -> None:
    """CSV has JSON text in the cells of metadata, and in others plain text that no spreadsheet computes."""
    for suffix in ("jsonl", "csv", "yml"):
        await do(clients.manager.export, tmp_path / f"accounts.{suffix}")

    rows = rows_of(tmp_path / "accounts.jsonl")
    assert yaml.safe_load((tmp_path / "accounts.yml").read_text(encoding="utf-8")) == rows
    with (tmp_path / "accounts.csv").open(encoding="utf-8", newline="") as file:
        cells = [*csv.DictReader(file)]
    assert [*cells[0]] == [*rows[0]]
    assert [row["metadata"] for row in cells] == ['"text"', "", '{"a":{"b":"é","c":[1]},"z":1}', ""]
    assert [row["status"] for row in cells] == ["", "'=1+1", "", ""]
    assert [row["status"] for row in files.read_rows(tmp_path / "accounts.csv")] == [row["status"] for row in rows]
    assert [row["is_reseller"] for row in cells] == ["false", "true", "true", "true"]
    assert [row["name"] for row in cells] == [row["name"] for row in rows]


async def test_what_is_included_has_no_secret(clients: Clients, tmp_path: Path) -> None:
    """Settings, SSO and API tokens, in an order that depends on nothing but them."""
    path, again = tmp_path / "accounts.jsonl", tmp_path / "again.jsonl"
    manager = clients.manager
    await do(manager.sso.create, "b-root", type="oidc", oidc_client_id="oidc-id", oidc_secret="canary-oidc")
    await do(manager.sso.create, "b-root", type="saml", idp_client_id="idp-id", idp_client_secret="canary-idp")
    token = await do(manager.api_tokens.create, "a-child", description="for tests", role_ids=["role-1"])

    include = ["api-tokens", "sso", "settings"]
    await do(manager.export, path, include=include)
    await do(manager.export, again, include=include)

    text = path.read_text(encoding="utf-8")
    assert text == again.read_text(encoding="utf-8")
    assert "canary" not in text
    assert token.secret.reveal() not in text
    assert "secret" not in text
    rows = {row["tenant_id"]: row for row in rows_of(path)}
    assert [*rows["c-alone"]] == sorted(rows["c-alone"])
    assert (rows["c-alone"]["sso"], rows["c-alone"]["api_tokens"]) == ({}, [])
    assert rows["b-root"]["sso"]["oidc"]["oidc_client_id"] == "oidc-id"
    assert [*rows["b-root"]["sso"]] == ["oidc", "saml"]
    assert rows["a-child"]["api_tokens"][0]["client_id"] == token.client_id
    assert "timezone" in rows["a-child"]["settings"]


async def test_an_account_that_is_deleted_meanwhile_is_left_out(clients: Clients, tmp_path: Path) -> None:
    """Its settings are not there any more when they are read."""

    def delete(done: int, _: int) -> None:
        if not done:  # what is included is read from now on
            with clients.emulator.client() as other:
                other.tenants.delete("c-alone")

    written = await do(clients.manager.export, tmp_path / "accounts.jsonl", include=["settings"], on_progress=delete)

    assert written.accounts == 3
    assert [row["tenant_id"] for row in rows_of(tmp_path / "accounts.jsonl")] == ["Z-grandchild", "a-child", "b-root"]


OF_A_PROXY: Final = {"message": "no Route matched with those values"}
ABSENCES: Final[list[dict[str, Any]]] = [
    {"errors": ["Not found"]},
    {"errors": ["This account/tenant is not assigned to the requested application"], "errorCode": "ER-01008"},
    OF_A_PROXY,
]


@pytest.mark.parametrize(
    ("included", "path"),
    [
        ("settings", "/tenants/resources/account-settings/v1"),
        ("sso", "/team/resources/sso/v1/configurations"),
        ("api_tokens", "/identity/resources/tenants/api-tokens/v1"),
    ],
)
async def test_an_account_that_is_there_is_not_left_out(
    clients: Clients, frontegg_faults: EmulatorFaults, tmp_path: Path, included: str, path: str
) -> None:
    """Whatever 404 its settings have: there is no export, and no difference to the environment."""
    earlier = tmp_path / "accounts.jsonl"
    await do(clients.manager.export, earlier, include=[included])
    for body in ABSENCES:
        frontegg_faults.status(404, body=body, path=path, times=1)
        with pytest.raises(NotFoundError):
            await do(clients.manager.export, tmp_path / "later.jsonl", include=[included])
        frontegg_faults.status(404, body=body, path=path, times=1)
        with pytest.raises(NotFoundError):
            await do(clients.manager.diff, earlier)

    assert names_in(tmp_path) == ["accounts.jsonl"]


@pytest.mark.parametrize("body", ABSENCES[1:])
async def test_only_the_service_says_that_an_account_is_gone(
    clients: Clients, frontegg_faults: EmulatorFaults, tmp_path: Path, body: dict[str, Any]
) -> None:
    """A 404 of a proxy to the read of the account itself ends the export, with and without what is included."""
    frontegg_faults.status(404, body=body, path="/tenants/resources/tenants/v2/*")
    for path in ("/tenants/resources/account-settings/v1", "/tenants/resources/hierarchy/v1/tree"):
        frontegg_faults.status(404, body=body, path=path)
        with pytest.raises(NotFoundError):
            await do(clients.manager.export, tmp_path / "accounts.jsonl", include=["settings"])

    assert names_in(tmp_path) == []


@pytest.mark.filterwarnings("ignore::frontegg_async.errors.PaginationWarning")
@pytest.mark.parametrize(
    ("about", "error"),
    [
        ({"totalItems": 2}, PaginationError),
        ({"totalItems": 0}, PaginationError),
        ({}, PaginationError),
        (404, PaginationError),
        (500, ServerError),
    ],
)
async def test_what_is_incomplete_is_not_written(
    clients: Clients, frontegg_faults: EmulatorFaults, tmp_path: Path, about: object, error: type[Exception]
) -> None:
    """The file of an earlier export stays as it was, and no temporary file is left."""
    path = tmp_path / "accounts.jsonl"
    path.write_text("earlier", encoding="utf-8")
    if isinstance(about, int):
        frontegg_faults.status(about, path="/tenants/resources/hierarchy/v1/tree")
    else:
        body: dict[str, Any] = {"items": [tenant_row("a")], "_metadata": about}
        frontegg_faults.status(200, body=body, path="/tenants/resources/tenants/v2")

    manager = clients.manager.with_options(max_retries=0, incomplete_listing="warn")
    with pytest.raises(error):
        await do(manager.export, path)

    assert path.read_text(encoding="utf-8") == "earlier"
    assert names_in(tmp_path) == ["accounts.jsonl"]


async def test_no_accounts_are_not_many(clients: Clients, frontegg_faults: EmulatorFaults, tmp_path: Path) -> None:
    """A page without accounts is no export of an environment that has some, whatever the options say."""
    body: dict[str, Any] = {"items": [], "_metadata": {"totalItems": 5}}
    frontegg_faults.status(200, body=body, path="/tenants/resources/tenants/v2")
    manager = clients.manager.with_options(incomplete_listing="warn")

    with pytest.raises(PaginationError):
        await do(manager.export, tmp_path / "accounts.jsonl")
    frontegg_faults.clear()
    clients.emulator.reset()
    written = await do(manager.export, tmp_path / "accounts.jsonl")

    assert written.accounts == 0
    assert (tmp_path / "accounts.jsonl").read_bytes() == b""


async def test_an_order_that_changes_from_page_to_page_is_told(clients: Clients, tmp_path: Path) -> None:
    """Some accounts are on two pages then, and others on none."""
    clients.emulator.seed(tenants=[{"tenantId": f"t-{number}", "name": "Account"} for number in range(450)])
    clients.emulator.set_switch("created_at_ties", "change_order")

    with pytest.raises(
        PaginationError, match=r"has rows of an earlier page|rows were read, and the service counts 454"
    ):
        await do(clients.manager.export, tmp_path / "accounts.jsonl")

    assert names_in(tmp_path) == []


async def test_many_rows_are_sorted_on_disk(clients: Clients, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Here each page is more than is kept in memory."""
    path, spilled = tmp_path / "accounts.jsonl", tmp_path / "spilled.jsonl"
    await do(clients.manager.export, path)
    monkeypatch.setattr(reader, "SortedSpool", partial(SortedSpool, run=1))
    await do(clients.manager.export, spilled)

    assert path.read_bytes() == spilled.read_bytes()


async def test_bad_arguments_are_told_before_anything_is_sent(clients: Clients, tmp_path: Path) -> None:
    """The message names the argument and what is allowed."""
    for path, include, told in [
        (tmp_path / "accounts.txt", (), r"path must end in \.jsonl, \.csv, \.yml, \.yaml"),
        (5, (), "path must be a path, not int"),
        (tmp_path / "a.csv", "sso", "include must be a collection of names"),
        (
            tmp_path / "a.csv",
            ["secrets"],
            "include must have names among settings, .*; 'secrets' is unknown",
        ),
    ]:
        with pytest.raises(InvalidArgumentError, match=told):
            await do(clients.manager.export, path, include=include)

    assert clients.emulator.journal() == []


async def test_a_file_that_cannot_be_made_is_named(clients: Clients, tmp_path: Path) -> None:
    """Before anything is sent: no directory, or a directory in the way."""
    with pytest.raises(FileNotFoundError, match=r"missing.accounts\.jsonl"):
        await do(clients.manager.export, tmp_path / "missing" / "accounts.jsonl")
    (tmp_path / "taken.csv").mkdir()
    with pytest.raises(OSError, match=r"taken\.csv'$"):
        await do(clients.manager.export, tmp_path / "taken.csv")

    assert names_in(tmp_path) == ["taken.csv"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit of the size of files that a signal does not end")
@pytest.mark.parametrize("spills", [False, True])
async def test_a_full_disk_names_the_file(
    clients: Clients, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, spills: bool
) -> None:
    """Here a limit of the size of files, as they are written and as rows are sorted."""
    import resource

    if spills:
        monkeypatch.setattr(reader, "SortedSpool", partial(SortedSpool, run=1))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(OSError, match=r"File too large: .*accounts\.jsonl'$"):
            await do(clients.manager.export, tmp_path / "accounts.jsonl")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)

    assert names_in(tmp_path) == []


@pytest.mark.skipif(os.name != "posix", reason="of POSIX")
async def test_a_new_file_is_private_and_an_old_one_stays_as_it_is(clients: Clients, tmp_path: Path) -> None:
    """Also behind a symbolic link, which stays."""
    path, link = tmp_path / "accounts.jsonl", tmp_path / "link.jsonl"
    await do(clients.manager.export, path)
    new = path.stat().st_mode & 0o777
    path.chmod(0o640)
    link.symlink_to(path)
    await do(clients.manager.export, link)

    assert (new, path.stat().st_mode & 0o777, link.is_symlink()) == (0o600, 0o640, True)


async def test_a_cancelled_export_leaves_nothing(frontegg_client: AsyncFrontegg, tmp_path: Path) -> None:
    """Whatever it was doing, from its first step to its last."""
    steps = 0
    while True:
        task = asyncio.ensure_future(frontegg_client.export(tmp_path / "accounts.jsonl"))
        for _ in range(steps):
            await asyncio.sleep(0)
        steps += 7
        if task.done():
            break
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert [name for name in names_in(tmp_path) if name.endswith(".part")] == []
    await task


async def test_yaml_needs_an_extra(
    frontegg_client: AsyncFrontegg, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The message has the command."""
    monkeypatch.setitem(sys.modules, "yaml", None)

    with pytest.raises(MissingExtraError, match=r"pip install 'frontegg-async\[cli\]'"):
        await frontegg_client.export(tmp_path / "accounts.yml")
