"""A seed that an environment is exported as gives the same data again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from frontegg_async.emulator import Emulator
from tests.emulator.process import EmulatorProcess
from tests.emulator.support import Service

INTERNAL: Final = ("id", "vendorId")

SEED: Final[dict[str, Any]] = {
    "tenants": [
        {"tenantId": "acme", "name": "Acme & <Söhne>", "parentTenantId": "north", "metadata": '{"a": 1.50, "a": 2}'},
        {
            "tenantId": "north",
            "name": "North",
            "isReseller": True,
            "alias": "n",
            "createdAt": "2020-01-01T00:00:00.001Z",
        },
        {"tenantId": "text", "name": "T", "metadata": '"{}"', "isLocked": True, "website": "https://t.example"},
        {"tenantId": "deep", "name": "D", "parentTenantId": "acme", "metadata": {"k": [1, {"big": 2**70}], "n": None}},
        {"tenantId": "nulls", "name": "N", "alias": None, "metadata": "null"},
    ],
    "users": [
        {
            "email": "ann@n.example",
            "tenantId": "acme",
            "tenantIds": ["north", "acme"],
            "password": "emu_p",
            "metadata": {},
        },
        {"email": "bob@n.example", "tenantId": "deep", "permissions": ["fe.*"], "roles": ["r"], "allowAccess": False},
        {"email": "eve@n.example", "tenantId": "deep", "username": "eve", "invisible": True, "name": ""},
    ],
}


def data_of(snapshot: Any) -> Any:
    """Return the data of a snapshot without what a seed does not have, and the ids that are made anew."""
    (environment,) = snapshot["environments"]
    tenants = [{name: value for name, value in one.items() if name not in INTERNAL} for one in environment["tenants"]]
    return tenants, environment["users"], environment["tables"]


def fill(emulator: Any) -> None:
    """Add what only the API can: SSO, an API token, settings and a moved tenant."""
    emulator.seed(SEED)
    with emulator.client() as frontegg:
        configuration = frontegg.sso.create("acme", type="saml", sso_endpoint="https://idp.example/", oidc_secret="s")
        frontegg.sso.domains.create("acme", configuration.id, domain="acme.example")
        frontegg.sso.groups.create("acme", configuration.id, group="admins", role_ids=["r1"])
        frontegg.tenants.delete("text")
        emulator.user_token(tenant_id="acme", email="ann@n.example")
        emulator.access_token(tenant_id="acme")
        emulator.set_txt_records("x.example", ["a"])


def test_it_comes_back_the_same() -> None:
    """Into another environment, and in place of what is there; again and again."""
    with Emulator() as emulator:
        fill(emulator)
        seed = emulator.export_seed()
        before = data_of(emulator.environment(emulator.client_id).snapshot())
        assert json.loads(json.dumps(seed)) == seed
        assert [tenant["tenantId"] for tenant in seed["tenants"]] == ["acme", "north", "deep", "nulls"]  # type: ignore[index, call-overload, union-attr]
        other = emulator.create_environment()
        other.seed(seed)
        assert data_of(other.snapshot()) == before
        assert other.export_seed() == seed
        other.seed(tenants=[{"tenantId": "late", "name": "Late"}])
        result = other.import_seed(seed)
        assert (result.tenants, result.users) == (4, 3)
        assert data_of(other.snapshot()) == before


def test_an_entered_sub_account_is_no_membership() -> None:
    """A user that a session has brought to a sub-account does not become a member of it."""
    with Emulator() as emulator:
        emulator.seed(SEED)
        snapshot: Any = emulator.snapshot()
        for user in snapshot["environments"][0]["users"]:
            user["tenantId"] = "text"
        emulator.restore(snapshot)
        users: Any = emulator.export_seed()["users"]
        assert [user["tenantId"] for user in users] == ["north", "deep", "deep"]


@pytest.mark.slow
def test_the_command_line_takes_it(tmp_path: Path) -> None:
    """As the file of ``--seed``."""
    with Emulator() as emulator:
        fill(emulator)
        seed = emulator.export_seed()
    file = tmp_path / "seed.json"
    file.write_text(json.dumps(seed), encoding="utf-8")
    with EmulatorProcess("--seed", str(file)) as process:
        assert process.send("GET", "/_emulator/v1/seed") == seed


BAD: Final[list[tuple[Any, str]]] = [
    ({"tables": {"nothing": []}}, "no table 'nothing'"),
    ({"tables": {"txtRecords": [{"id": "h"}, {"id": "h"}]}}, "twice"),
    (
        {
            "tables": {
                "ssoGroups": [
                    {
                        "id": "g",
                        "tenantId": "a",
                        "ssoConfigId": "c",
                        "createdAt": "2020-01-01T00:00:00.000Z",
                        "group": "g",
                        "roleIds": [],
                    }
                ]
            }
        },
        "does not exist",
    ),
    ({"tenants": [{"tenantId": "a", "name": "A", "parentTenantId": "b"}]}, "'b' does not exist"),
    ({"tenants": 1}, "tenants"),
    ([], "object"),
]


@pytest.mark.anyio
@pytest.mark.parametrize(("seed", "words"), BAD)
async def test_what_cannot_be_imported(service: Service, seed: Any, words: str) -> None:
    """It is refused by the check and by the import, and everything stays."""
    await service.emulator.seed(SEED)
    before = (await service.admin("GET", "snapshot")).json
    for verb in ("check-seed", "import"):
        answer = await service.admin("POST", verb, seed)
        assert (answer.status, words in answer.json["error"]) == (400, True), answer.raw
    assert (await service.admin("GET", "snapshot")).json == before


@pytest.mark.anyio
async def test_a_check_counts_and_changes_nothing(service: Service) -> None:
    """Also when the environment has the same tenants: they would be replaced."""
    await service.emulator.seed(SEED)
    before = (await service.admin("GET", "snapshot")).json
    answer = await service.admin("POST", "check-seed", await service.emulator.export_seed())
    assert answer.json == {"tenants": 5, "users": 3}
    assert (await service.admin("GET", "snapshot")).json == before
