"""The export of an environment has the objects by their keys: the same bytes wherever they have other ids."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from frontegg_async import AsyncFrontegg, BadRequestError, Export, InvalidArgumentError
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.managed.kinds import Objects
from frontegg_async.managed.registry import ENVIRONMENT
from frontegg_async.plans.environment_files.environment_files import EnvironmentFiles, read_environment_files
from frontegg_async.plans.environment_files.variables import read_variables
from frontegg_sync import Frontegg
from tests.managed.environment_cases import CASES, prepare
from tests.managed.writing import create, full
from tests.support.flavours import FLAVOURS, Clients, clients_of, do

pytestmark = pytest.mark.anyio

ROLES: Final = "/identity/resources/roles/v1"
APPLICATIONS: Final = "/applications/resources/applications/v1"
DESK: Final[Mapping[str, Any]] = {
    "app_url": "https://desk.acme.example",
    "login_url": "https://desk.acme.example/login?to=${HOME}",
    "description": "Costs ${PRICE} $${TAX}",
    "metadata": {"${KEY}": ["${VALUE}", 1, None], "theme": {"dark": True}},
}


def fill(client: Frontegg, *, is_reversed: bool = False) -> None:
    """Create objects in one order or the other, so that they have other ids."""
    order = -1 if is_reversed else 1
    for name in ["Accounts", "\u65e5\u672c"][::order]:
        client.permissions.create_category(name=name)
    categories = {each.name: each.id for each in client.permissions.list_categories()}
    for key in ["accounts.read", "accounts.write", "Reports.read"][::order]:
        client.permissions.create(key=key, name=key.title(), category_id=categories["Accounts"])
    ids = client.permissions.ids_of(["accounts.write", "accounts.read"])
    for key in ["author", "null", "a: b"][::order]:
        role = client.roles.create(key=key, name=key, level=5)
        client.roles.set_permissions(role.id, permission_ids=ids)
    for name in ["Desk ", "desk", "B\u00fcro", "B\u00e4ro"][::order]:
        client.applications.create(name=name, **DESK)


@pytest.fixture(params=FLAVOURS)
async def clients(request: pytest.FixtureRequest, frontegg_emulator: EmulatorHandle) -> AsyncIterator[Clients]:
    """Clients of one flavour, in an environment with some objects."""
    with frontegg_emulator.client() as client:
        fill(client)
    async with clients_of(frontegg_emulator, request.param) as opened:
        yield opened


async def export(clients: Clients, path: Path, **options: Any) -> Export:
    """Export the environment, beside a file with its addresses."""
    return await do(clients.manager.export, path, kind="environment", **options)


@pytest.mark.parametrize("suffix", ["yml", "json"])
async def test_the_same_objects_are_the_same_bytes(
    clients: Clients, frontegg_emulator_server: EmulatorHandle, tmp_path: Path, suffix: str
) -> None:
    """Also in an environment where they have other ids."""
    other = frontegg_emulator_server.create_environment()
    with other.client() as client:
        fill(client, is_reversed=True)
    texts: list[bytes] = []
    async with clients_of(other, clients.flavour) as others:
        for number, each in enumerate([clients, clients, others]):
            path, addresses = tmp_path / f"{number}.{suffix}", tmp_path / f"vars{number}.{suffix}"
            written = await export(each, path, vars=addresses)
            assert written == Export(path=str(path), objects=written.objects)
            texts.append(path.read_bytes() + addresses.read_bytes())
    assert texts[0] == texts[1] == texts[2]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["yml", "json"])
async def test_it_is_read_back(frontegg_emulator_server: EmulatorHandle, tmp_path: Path, suffix: str) -> None:
    """With the values of the variables, a file has what the service shows, without secrets.

    Null stands for empty text. Other ids, and another order of creation, give the same bytes.
    """
    first = await _exported(frontegg_emulator_server.create_environment(), tmp_path / f"1.{suffix}", [*CASES])
    second = await _exported(frontegg_emulator_server.create_environment(), tmp_path / f"2.{suffix}", [*CASES][::-1])

    assert first == second
    assert "canary" not in "".join(first)
    assert "env:WEBHOOK_LEDGER_SECRET" in first[0]
    objects = read_environment_files([tmp_path / f"1.{suffix}"], read_variables(tmp_path / f"1.vars.{suffix}")).objects
    assert objects["applications"]["Desk "].values.items() >= DESK.items()
    assert objects["permissions"]["Reports.read"].values["category"] == "Accounts"
    assert objects["roles"]["a: b"].values["permissions"] == ["accounts.read", "accounts.write"]
    assert objects["prehooks"]["Gate"].values["secret"] == {"secret": "env:PREHOOK_GATE_SECRET"}


async def _exported(emulator: EmulatorHandle, path: Path, names: Sequence[str]) -> list[str]:
    """Fill an environment with objects of each kind, check its export, and return the texts of both files."""
    with emulator.client() as blocking:
        fill(blocking)
    addresses = path.with_suffix(f".vars{path.suffix}")
    async with AsyncFrontegg(emulator.client_id, emulator.secret, base_url=emulator.url) as client:
        await prepare(client)
        for name in names:
            await create(client, name, full(name))
        written = await client.export(path, kind="environment", vars=addresses)
        caller = client._caller  # pyright: ignore[reportPrivateUsage]
        shown = {part: await kind.read(caller) for part, kind in ENVIRONMENT.items()}
    files = read_environment_files([path], read_variables(addresses))
    _check_objects(files, shown)
    assert sum(map(len, files.objects.values())) == written.objects
    return [each.read_text(encoding="utf-8") for each in (path, addresses)]


def _check_objects(files: EnvironmentFiles, shown: Mapping[str, Objects]) -> None:
    """Check that files have what the service shows of all objects that plans write."""
    assert [*files.objects] == [*ENVIRONMENT]
    for part, objects in files.objects.items():
        kept = {key: each for key, each in shown[part].found.items() if each.reason_to_stay is None}
        assert objects.keys() == kept.keys()
        for key, each in objects.items():
            secrets = kept[key].secrets
            assert secrets <= each.values.keys()
            assert {name: value or None for name, value in each.values.items() if name not in secrets} == {
                name: kept[key].values[name] or None for name in each.values if name not in secrets
            }
            left_out = kept[key].values.keys() - each.values.keys() - {ENVIRONMENT[part].key_field}
            assert not any(kept[key].values[name] for name in left_out)


async def test_addresses_are_variables(clients: Clients, tmp_path: Path) -> None:
    """Each has a name of its own, which depends on its object only where the names of keys differ enough."""
    path, addresses = tmp_path / "environment.yml", tmp_path / "vars.json"
    await export(clients, path, vars=addresses)

    names = {name.removesuffix("_APP_URL") for name in read_variables(addresses) if name.endswith("_APP_URL")}
    assert names == {
        "APPLICATION_DEFAULT_APPLICATION",
        "APPLICATION_DESK",
        "APPLICATION_B_RO_96EECEBC",
        "APPLICATION_B_RO_3A04233F",
    }
    assert "https://" not in path.read_text(encoding="utf-8")
    assert "app_url: ${APPLICATION_DESK_APP_URL}" in path.read_text(encoding="utf-8")


async def test_objects_that_share_a_key_are_not_managed(clients: Clients, tmp_path: Path) -> None:
    """Their ids are beside the parts."""
    ids: list[str] = []
    for address in ("https://a.acme.example", "https://b.acme.example"):
        made = await do(clients.manager.applications.create, name="Twice", app_url=address, login_url=address)
        ids.append(made.id)
    path = tmp_path / "environment.json"
    await export(clients, path)

    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["not_managed"] == {"applications": {"Twice": sorted(ids)}}
    assert "Twice" not in document["applications"]
    assert "acme.example" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("status", [403, 404])
async def test_parts_that_cannot_be_read_are_left_out(clients: Clients, tmp_path: Path, status: int) -> None:
    """They are named, and are not taken for empty ones."""
    action = {"type": "status", "status": status}
    clients.emulator.add_fault(stage="accept", action=action, match={"path": ROLES})
    path = tmp_path / "environment.json"
    written = await export(clients, path)

    document = json.loads(path.read_text(encoding="utf-8"))
    assert written.not_readable == ("roles",)
    assert "roles" not in document
    assert "applications" in document


async def test_an_incomplete_export_is_none(clients: Clients, tmp_path: Path) -> None:
    """The files of an earlier export stay as they are."""
    paths = tmp_path / "environment.json", tmp_path / "vars.yml"
    for path in paths:
        path.write_text("{}", encoding="utf-8")
    clients.emulator.add_fault(stage="accept", action={"type": "status", "status": 400}, match={"path": APPLICATIONS})
    with pytest.raises(BadRequestError):
        await export(clients, paths[0], vars=paths[1])
    assert [path.read_text(encoding="utf-8") for path in paths] == ["{}", "{}"]
    assert {entry.name for entry in os.scandir(tmp_path)} == {"environment.json", "vars.yml"}


@pytest.mark.parametrize(
    ("path", "options", "message"),
    [
        ("e.csv", {}, r"path must end in .yml, .yaml, .json, but is 'e.csv'"),
        ("e.yml", {"vars": "v.txt"}, r"vars must end in .yml, .yaml, .json, but is 'v.txt'"),
        ("e.yml", {"vars": 3}, "vars must be a path, not int"),
        ("e.yml", {"vars": "./e.yml"}, "vars and path must be different files"),
        ("e.yml", {"include": ["sso"]}, "must not be given with kind 'environment'"),
        ("e.yml", {"only": ["acme"]}, "must not be given with kind 'environment'"),
        ("e.yml", {"kind": "accounts", "vars": "v.yml"}, "vars is only for kind 'environment'"),
        ("e.yml", {"kind": "tenants"}, "kind must be 'accounts' or 'environment', not 'tenants'"),
    ],
)
async def test_what_cannot_be_asked_for(clients: Clients, path: str, options: dict[str, Any], message: str) -> None:
    """Nothing is sent."""
    clients.emulator.clear_journal()
    with pytest.raises(InvalidArgumentError, match=message):
        await do(clients.manager.export, path, **{"kind": "environment", **options})
    assert clients.emulator.journal() == []


async def test_progress(clients: Clients, tmp_path: Path) -> None:
    """It is the number of parts."""
    found: list[tuple[int, int]] = []

    def note(done: int, total: int) -> None:
        found.append((done, total))

    await export(clients, tmp_path / "environment.json", on_progress=note)
    assert found == [(number, len(ENVIRONMENT)) for number in range(1, len(ENVIRONMENT) + 1)]
