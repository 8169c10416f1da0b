"""M5: mirrors in each kind of database, and an export, are equal, whatever accounts have in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs
import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frontegg_async.emulator import Emulator
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from frontegg_async.mirror.account_rows import hash_of, root_of
from frontegg_sync import Frontegg
from frontegg_sync.mirror import Mirror
from tests.support.examples import examples
from tests.support.postgres import PostgresServer

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

_OF_ICU = "CREATE DATABASE icu TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"


@attrs.frozen
class Scene:
    """An environment, and mirrors of it in three databases."""

    emulator: EmulatorHandle
    frontegg: Frontegg
    mirrors: Mapping[str, Mirror]

    def roots(self, directory: Path) -> dict[str, str]:
        """Refresh the mirrors; return the roots of all, and of the exports of all."""
        found: dict[str, str] = {}
        path = directory / "accounts.jsonl"
        for name, mirror in self.mirrors.items():
            mirror.refresh()
            proof = mirror.check()
            found |= {f"{name}: service": proof.root, f"{name}: mirror": proof.mirror_root}
            mirror.export(path)
            found[f"{name}: export"] = _root_of_file(path)
        self.frontegg.export(path)
        return {**found, "export": _root_of_file(path)}


def _root_of_file(path: Path) -> str:
    lines = path.read_bytes().splitlines()
    ids: list[str] = [msgspec.json.decode(line)["tenant_id"] for line in lines]
    return root_of([(ids, [hash_of(line) for line in lines])])


@pytest.fixture(scope="module")
def scene(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """PostgreSQL sorts text by code points in one database, and as people do in the other."""
    file = tmp_path_factory.mktemp("mirror") / "mirror.db"
    with psycopg.connect(postgres.conninfo(), autocommit=True) as connection:
        connection.execute(_OF_ICU)
    urls = {"sqlite": f"sqlite:///{file}", "postgres": postgres.new_database(), "icu": postgres.conninfo("icu")}
    with Emulator() as emulator, emulator.client() as frontegg:
        mirrors = {name: Mirror(frontegg, url) for name, url in urls.items()}
        for mirror in mirrors.values():
            mirror.upgrade()
        yield Scene(emulator, frontegg, mirrors)
        for mirror in mirrors.values():
            mirror.close()


_TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
_IDS = st.text("aAbBzZ09-_.~éÉßıøλЖ中𝄞", min_size=1, max_size=8).filter(lambda each: each.strip(".") != "")
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def _accounts(draw: st.DrawFn) -> list[dict[str, object]]:
    """Return some accounts, each below an earlier one or at the top."""
    found: list[dict[str, object]] = []
    for tenant_id in draw(st.lists(_IDS, max_size=12, unique=True)):
        fields: dict[str, object] = {"tenantId": tenant_id, "name": draw(_TEXTS), "metadata": draw(_JSON)}
        parents = [each["tenantId"] for each in found]
        if parents and draw(st.booleans()):
            fields["parentTenantId"] = draw(st.sampled_from(parents))
        found.append({**fields, "isReseller": draw(st.booleans()), "isLocked": draw(st.booleans())})
    return found


@settings(parent=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(accounts=_accounts())
def test_all_have_one_root(scene: Scene, tmp_path: Path, accounts: list[dict[str, object]]) -> None:
    """The accounts of the example before are deleted."""
    scene.emulator.reset()
    scene.emulator.seed(tenants=accounts)
    roots = scene.roots(tmp_path)
    assert len({*roots.values()}) == 1, roots
    assert scene.mirrors["icu"].check().accounts == len(accounts)
