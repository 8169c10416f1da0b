"""Persistence: every change with a response is there after a restart, also after kill -9."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from frontegg_async.emulator import Emulator
from frontegg_async.emulator.admin.verbs import Verbs
from frontegg_async.emulator.services.api_tokens.rows import ApiTokenRow
from frontegg_async.emulator.services.sessions.token_sessions import MAX_LIVE, current_claims, redeem, renew
from frontegg_async.emulator.store.user_rows import RefreshToken
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment, EmulatedSettings
from frontegg_async.emulator.world.seeds import read_seed
from frontegg_async.emulator.world.signing_key import process_key
from frontegg_async.emulator.world.sqlite_store import SqliteStore, attach, open_store
from frontegg_async.emulator.world.start import start_world
from frontegg_async.emulator.world.world import World
from frontegg_async.errors import ConfigurationError
from tests.emulator.process import STARTED, EmulatorProcess, run_emulator
from tests.emulator.support import V1, V2, Service, run, shown

_OTHER_KEY: Final = (
    Ed25519PrivateKey.from_private_bytes(bytes(32))
    .private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    .hex()
)


def open_world(path: Path) -> World:
    world = World(process_key())
    attach(world, path)
    return world


def close(world: World) -> None:
    assert world.store is not None
    world.store.close()


@pytest.mark.skipif(os.name != "posix", reason="the modes of POSIX")
def test_a_new_file_is_for_its_owner_only(tmp_path: Path) -> None:
    """With what SQLite makes beside it; one that exists keeps its mode."""
    new, old = tmp_path / "new.sqlite3", tmp_path / "old.sqlite3"
    old.touch(0o640)
    for path in (new, old):
        world = open_world(path)
        modes = {each.stat().st_mode & 0o777 for each in tmp_path.glob(f"{path.name}*")}
        close(world)
        assert modes == {0o600 if path is new else old.stat().st_mode & 0o777}


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_process(tmp_path: Path, number: int) -> None:
    """Everything that was answered is there when it comes back."""
    path = str(tmp_path / "state.sqlite3")
    with EmulatorProcess("--persist", path, command=STARTED) as emulator:
        emulator.authenticate()
        emulator.send("POST", V1, {"tenantId": "p", "name": "P", "isReseller": True})
        for index in range(20):
            emulator.send(
                "POST", V1, {"tenantId": f"t{index}", "name": "T", "parentTenantId": "p", "metadata": {"n": index}}
            )
        emulator.send("DELETE", f"{V1}/t0")
        emulator.send("POST", f"{V1}/lock", {"tenantIds": ["t1"]})
        emulator.send("POST", "/_emulator/v1/environments", {"client_id": "emu_2", "secret": "emu_2"})
        emulator.send("POST", "/_emulator/v1/environments/emu_2/seed", {"tenants": [{"tenantId": "x", "name": "X"}]})
        emulator.send("POST", "/_emulator/v1/divergences", {"delete_status": 204})
        emulator.send("POST", "/_emulator/v1/clock", {"freeze": True})
        before = emulator.send("GET", "/_emulator/v1/snapshot")
        emulator.end(number)
    with EmulatorProcess("--persist", path) as emulator:
        after = emulator.send("GET", "/_emulator/v1/snapshot")
        emulator.authenticate()
        assert emulator.send("GET", V2)["_metadata"]["totalItems"] == 20
    assert before == after


def test_rows_come_back_in_their_order(tmp_path: Path) -> None:
    """Also those of one moment: the oldest session of an API token goes first, before and after a restart."""
    path = tmp_path / "state.sqlite3"
    world = open_world(path)
    Verbs(world).clock(freeze=True)
    Verbs(world).seed({"tenants": [{"tenantId": "a", "name": "A"}]})
    for name in ("t", "s", "r"):
        world.default.state.put(
            ApiTokenRow(id=name, tenant_id="a", secret="emu_t", created_at="2024-01-01T00:00:00.000Z")
        )
    world.commit(world.default)
    body = {"clientId": "t", "secret": "emu_t"}
    for _ in range(MAX_LIVE):
        run(world.default, "sessions.exchange_api_token", body)
    world.commit(world.default)
    run(world.default, "api_tokens.update", {"description": "new"}, about="a", id="t")
    world.commit(world.default)
    oldest, *others = world.default.state.refresh_tokens
    close(world)
    world = open_world(path)
    tokens = shown(run(world.default, "api_tokens.list", about="a"))
    assert [token["clientId"] for token in tokens] == ["t", "s", "r"]
    run(world.default, "sessions.exchange_api_token", body)
    left = list(world.default.state.refresh_tokens)
    assert left[:-1] == others
    assert oldest not in left
    close(world)


@pytest.mark.slow
def test_the_command_line_wins_and_a_seed_is_for_the_first_time(tmp_path: Path) -> None:
    """Switches given on a later start hold; the seed is ignored when there is a state."""
    path, seed = str(tmp_path / "state.sqlite3"), tmp_path / "seed.json"
    seed.write_text('{"tenants": [{"tenantId": "a", "name": "A"}]}')
    with EmulatorProcess("--persist", path, "--seed", str(seed)) as emulator:
        emulator.authenticate().send("DELETE", f"{V1}/a")
        emulator.end(signal.SIGTERM)
    with EmulatorProcess("--persist", path, "--seed", str(seed), "--loose", "--rate-limit", "2") as emulator:
        emulator.authenticate()
        assert emulator.send("GET", V2)["items"] == []
        assert emulator.send("POST", V1, {"name": "B", "unknown": 1})["name"] == "B"
        emulator.send("GET", V2)
        assert emulator.send("GET", V2) == 429
        status, out, err = emulator.end(signal.SIGTERM)
        assert (status, out) == (0, "")
        assert err == f"frontegg emulator: the seed file {seed} is ignored: {path} has data\n"
    with EmulatorProcess("--persist", path) as emulator:
        emulator.authenticate()
        assert [emulator.send("GET", V2)["_metadata"]["totalItems"] for _ in range(4)] == [1, 1, 1, 1]
        assert emulator.send("POST", V1, {"name": "B", "unknown": 1}) == 400
        assert emulator.end(signal.SIGTERM) == (0, "", "")


@pytest.mark.slow
def test_a_bad_seed_does_not_touch_the_file(tmp_path: Path) -> None:
    """The next start with a good one has it, also when a start without one came between."""
    path, seed = tmp_path / "state.sqlite3", tmp_path / "seed.json"
    for bad in ("{", '{"tenants": [{"tenantId": "a", "name": "A", "parentTenantId": "x"}]}'):
        seed.write_text(bad)
        assert run_emulator("--persist", str(path), "--seed", str(seed))[0] == 1
        assert not path.exists()
    close(open_world(path))
    seed.write_text('{"tenants": [{"tenantId": "a", "name": "A"}]}')
    with EmulatorProcess("--persist", str(path), "--seed", str(seed)) as emulator:
        assert emulator.authenticate().send("GET", V2)["_metadata"]["totalItems"] == 1
        assert emulator.end(signal.SIGTERM) == (0, "", "")


def test_sessions_go_on_after_a_restart(tmp_path: Path) -> None:
    """A refresh token that is good is good again, one that was used is used, and API tokens authenticate."""
    path = tmp_path / "state.sqlite3"
    world = open_world(path)
    verbs = Verbs(world)
    verbs.seed({"tenants": [{"tenantId": "a", "name": "A"}], "users": [{"id": "u", "email": "u", "tenantId": "a"}]})
    first = verbs.user_token(tenant_id="a", user_id="u", permissions=["fe.x"])
    row = world.default.state.refresh_tokens[first.refresh_token]
    second = renew(world.default, row, current_claims(world.default, row))
    world.default.state.put(ApiTokenRow(id="t", tenant_id="a", secret="emu_t", created_at="2024-01-01T00:00:00.000Z"))
    world.commit(world.default)
    close(world)
    world = open_world(path)
    environment = world.default
    good = redeem(environment, second.refresh_token, "user")
    assert isinstance(good, RefreshToken)
    assert current_claims(environment, good)["permissions"] == ["fe.x"]
    assert run(environment, "sessions.exchange_api_token", {"clientId": "t", "secret": "emu_t"}).status == 200
    assert not isinstance(redeem(environment, first.refresh_token, "user"), RefreshToken)
    assert not isinstance(redeem(environment, second.refresh_token, "user"), RefreshToken)
    close(world)


@pytest.mark.slow
def test_tokens_stay_good_after_a_restart(tmp_path: Path) -> None:
    """The key is kept with the data, and so is what was revoked; a file of before the key was kept gets one."""
    path = str(tmp_path / "state.sqlite3")
    with EmulatorProcess("--persist", path) as emulator:
        revoked = emulator.authenticate().token
        emulator.send("POST", "/_emulator/v1/revoke-tokens")
        assert emulator.send("GET", V2) == 401
        good = emulator.authenticate().token
        keys = emulator.send("GET", "/.well-known/jwks.json")
        emulator.end(signal.SIGKILL)
    with EmulatorProcess("--persist", path) as emulator:
        assert emulator.send("GET", "/.well-known/jwks.json") == keys
        emulator.token = revoked
        assert emulator.send("GET", V2) == 401
        emulator.token = good
        assert emulator.send("GET", V2)["items"] == []
        emulator.end(signal.SIGTERM)
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE signing_keys")
    connection.close()
    with EmulatorProcess("--persist", path) as emulator:
        assert emulator.send("GET", "/.well-known/jwks.json") != keys


def test_a_file_without_data_keeps_its_environments(tmp_path: Path) -> None:
    """A seed is added to it, and what else was set up stays."""
    path = tmp_path / "state.sqlite3"
    world = open_world(path)
    Verbs(world).create_environment(client_id="emu_2", secret="emu_two", rate_limit=3)
    close(world)
    seed = read_seed({"tenants": [{"tenantId": "a", "name": "A"}]})
    for _ in range(2):
        beginning = start_world(EmulatedSettings(), seed=seed, persist=path)
        assert list(beginning.world.default.state.tenants) == ["a"]
        assert beginning.world.environments["emu_2"].settings.rate_limit == 3
        close(beginning.world)
    assert beginning.restored


def test_what_a_reset_goes_back_to(tmp_path: Path) -> None:
    """After a restart it is the same as before: what the environment began with, not what was set since."""
    path = tmp_path / "state.sqlite3"
    world = open_world(path)
    verbs = Verbs(world)
    verbs.create_environment(client_id="emu_2", secret="emu_two", rate_limit=3, switches={"delete_status": 204})
    verbs.set_switches({"post_status": 200})
    verbs.environment("emu_2").create_environment(client_id="emu_3", secret="emu_three", token_ttl=5)
    close(world)
    world = open_world(path)
    assert world.default.switches.value("post_status") == 200
    assert world.environments["emu_2"].switches.value("post_status") == 200
    world.reset()
    assert world.default.settings == EmulatedSettings()
    assert world.environments["emu_2"].settings.rate_limit == 3
    assert world.environments["emu_2"].switches.value("delete_status") == 204
    assert world.environments["emu_2"].switches.value("post_status") == 201
    assert world.environments["emu_3"].settings.token_ttl == 5
    close(world)


def test_what_all_environments_go_through_is_kept_as_one(tmp_path: Path) -> None:
    """When one of them cannot be kept, the file has none of it."""
    path = tmp_path / "state.sqlite3"
    world = open_world(path)
    verbs = Verbs(world)
    verbs.seed({"tenants": [{"tenantId": "a", "name": "A"}]})
    verbs.create_environment(client_id="emu_2", secret="emu_2")
    verbs.environment("emu_2").seed({"tenants": [{"tenantId": "b", "name": "B"}]})
    kept = verbs.snapshot()
    assert world.store is not None
    good, world.store = world.store, BreaksAtTheSecond(open_store_of(world), world.defaults)
    for change in (verbs.reset, lambda: verbs.clock(advance=60), lambda: verbs.set_switches({"post_status": 200})):
        with pytest.raises(sqlite3.OperationalError):
            change()
    with pytest.raises(sqlite3.OperationalError):
        verbs.restore({"version": 1, "environments": [{"client_id": "emu_3", "secret": "emu_3"}]})
    good.close()
    world = open_world(path)
    assert Verbs(world).snapshot() == kept
    close(world)


def test_every_kind_of_change_is_kept(tmp_path: Path) -> None:
    """Users, refresh tokens, resets, restores and forgotten environments."""
    path = tmp_path / "state.sqlite3"
    world = open_world(path)
    verbs = Verbs(world)
    verbs.seed({"tenants": [{"tenantId": "a", "name": "A"}], "users": [{"email": "u@a.example", "tenantId": "a"}]})
    verbs.user_token(tenant_id="a", email="u@a.example")
    kept = verbs.snapshot()
    close(world)
    world = open_world(path)
    verbs = Verbs(world)
    assert verbs.snapshot() == kept
    verbs.create_environment(client_id="emu_2", secret="emu_2")
    import msgspec

    verbs.restore(msgspec.to_builtins(kept))
    run(world.default, "tenants.delete", tenant_id="a")
    world.commit(world.default)
    close(world)
    world = open_world(path)
    assert list(world.environments) == ["emu_client"]
    assert list(world.default.state.deleted) == ["a"]
    assert world.default.state.users == {}
    world.reset()
    close(world)
    world = open_world(path)
    assert not world.default.state.deleted
    close(world)


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("UPDATE records SET record = x'00'", "damaged"),
        ("UPDATE environments SET record = '{}'", "damaged"),
        ("UPDATE environments SET record = replace(record, '{}', '{\"no\": 1}')", "damaged"),
        ("UPDATE environments SET record = replace(record, '{}', '{\"divergences\": {\"no\": 1}}')", "damaged"),
        ("UPDATE records SET kind = 'other'", "damaged"),
        ("UPDATE records SET record = 5", "damaged"),
        ("UPDATE records SET record = record || ' '; UPDATE environments SET record = 5", "damaged"),
        ("UPDATE records SET client_id = 'emu_nobody'", "damaged"),
        ("UPDATE records SET record = json_set(record, '$.createdAt', 'never')", "damaged"),
        ("UPDATE records SET record = json_set(record, '$.parentTenantId', 'x')", "damaged"),
        ("DELETE FROM environments", "damaged"),
        ("INSERT INTO environments SELECT x'00', record FROM environments", "damaged"),
        ("UPDATE environments SET record = json_set(record, '$.clock_offset', 1e30)", "damaged"),
        ("UPDATE environments SET record = json_set(record, '$.clock_frozen', -1)", "damaged"),
        ("UPDATE environments SET record = json_set(record, '$.settings.token_ttl', 0)", "damaged"),
        ("UPDATE environments SET record = json_set(record, '$.defaults.rate_limit', 0)", "damaged"),
        ("UPDATE environments SET record = json_set(record, '$.secret', 'real')", "damaged"),
        ("DROP TABLE records", "damaged"),
        ("UPDATE signing_keys SET record = x'00'", "damaged"),
        ("UPDATE signing_keys SET record = 'key'", "damaged"),
        (f"UPDATE signing_keys SET record = x'{_OTHER_KEY}'", "damaged"),
        ("PRAGMA user_version = 99", "format 99"),
        ("PRAGMA application_id = 1", "another program"),
    ],
)
def test_damaged_files(tmp_path: Path, statement: str, word: str) -> None:
    """They are refused with the file's name and the reason."""
    path = tmp_path / "state.sqlite3"
    world = open_world(path)
    Verbs(world).seed({"tenants": [{"tenantId": "a", "name": "A"}]})
    close(world)
    connection = sqlite3.connect(path)
    connection.executescript(statement)
    connection.close()
    with pytest.raises(ConfigurationError, match=word):
        open_world(path)


def test_a_cut_file(tmp_path: Path) -> None:
    """A file that lost its end is refused."""
    path = tmp_path / "state.sqlite3"
    world = open_world(path)
    Verbs(world).seed({"tenants": [{"tenantId": f"t{index}", "name": "T"} for index in range(500)]})
    close(world)
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2])
    with pytest.raises(ConfigurationError, match="damaged"):
        open_world(path)


def test_a_file_of_another_program_stays_as_it_is(tmp_path: Path) -> None:
    """Nothing is written to it before it is refused."""
    path = tmp_path / "other.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (text TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match="another program"):
        open_world(path)
    assert path.read_bytes() == before


class FullConnection(sqlite3.Connection):
    """A file that may have so many pages."""

    pages = 1

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        """Run a statement."""
        if sql.startswith("PRAGMA locking_mode"):
            super().execute(f"PRAGMA max_page_count = {self.pages}")
        return super().execute(sql, *parameters)


@pytest.mark.parametrize("kept", [False, True])
def test_a_start_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: bool) -> None:
    """It is told as what it is: nobody need throw a file away that is whole, with data or without."""
    path = tmp_path / "state.sqlite3"
    if kept:
        world = open_world(path)
        Verbs(world).seed({"tenants": [{"tenantId": "a", "name": "A"}]})
        assert isinstance(world.store, SqliteStore)
        world.store._connection.execute("DROP TABLE signing_keys")  # as a file of an older emulator
        world.store._connection.execute("VACUUM")
        close(world)
    connect = sqlite3.connect
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", lambda *given, **named: connect(*given, factory=FullConnection, **named))
        with pytest.raises(ConfigurationError, match=r"cannot be read or written: .* disk is full"):
            open_world(path)
    world = open_world(path)
    assert list(world.default.state.tenants) == ["a"] * kept
    close(world)


def test_text_that_is_no_text(tmp_path: Path) -> None:
    """The module's own errors have no name to tell them by."""
    path = tmp_path / "state.sqlite3"
    world = open_world(path)
    Verbs(world).seed({"tenants": [{"tenantId": "a", "name": "A"}]})
    close(world)
    connection = sqlite3.connect(path)
    connection.executescript("UPDATE environments SET client_id = CAST(x'ff' AS TEXT)")
    connection.executescript("UPDATE records SET client_id = CAST(x'ff' AS TEXT)")
    connection.close()
    with pytest.raises(ConfigurationError, match="damaged"):
        open_world(path)


class BreaksAtTheSecond(SqliteStore):
    """A store whose disk is full after one environment."""

    def _put_environment(self, connection: sqlite3.Connection, environment: EmulatedEnvironment) -> None:
        if environment.client_id != "emu_client":
            raise sqlite3.OperationalError("database or disk is full")
        super()._put_environment(connection, environment)


def open_store_of(world: World) -> sqlite3.Connection:
    assert isinstance(world.store, SqliteStore)
    return world.store._connection


class BrokenStore(SqliteStore):
    """A store whose disk is full."""

    def save(self, environments: Sequence[EmulatedEnvironment]) -> None:
        del environments
        raise sqlite3.OperationalError("database or disk is full")


@pytest.mark.anyio
async def test_a_store_that_fails(service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The answer is 500 and the log says why: nobody is told that something was kept which was not."""
    world = service.emulator._verbs.world
    good = open_store(tmp_path / "state.sqlite3", world.defaults)
    world.store = BrokenStore(good._connection, world.defaults)
    answer = await service.create("a")
    assert answer.status == 500
    assert "disk is full" in caplog.text
    answer = await service.admin("POST", "clock", {"freeze": True})
    assert (answer.status, "log" in answer.json["error"]) == (500, True)
    assert answer.headers["x-frontegg-emulator"]


def test_a_disk_that_is_full_in_the_middle(tmp_path: Path) -> None:
    """SQLite may end the transaction itself: what is raised is the reason, and nothing is lost when there is room."""
    path = tmp_path / "state.sqlite3"
    world = open_world(path)
    connection = open_store_of(world)
    connection.execute("PRAGMA cache_size = 1")
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 10}")
    with pytest.raises(sqlite3.OperationalError, match="disk is full"):
        Verbs(world).seed({"tenants": [{"tenantId": f"t{index}", "name": "T"} for index in range(1_000)]})
    connection.execute("PRAGMA max_page_count = 100000")
    Verbs(world).seed({"tenants": [{"tenantId": "a", "name": "A"}]})
    close(world)
    world = open_world(path)
    assert len(world.default.state.tenants) == 1_001
    close(world)


@pytest.mark.parametrize("verb", ["reset", "restore"])
def test_what_could_not_be_kept_as_a_whole(tmp_path: Path, verb: str) -> None:
    """It is kept with the next change: the file never has some of what was before and some of what came after."""
    path = tmp_path / "state.sqlite3"
    world = open_world(path)
    verbs = Verbs(world)
    empty = msgspec.to_builtins(verbs.snapshot())
    verbs.create_environment(client_id="emu_2", secret="emu_2")
    for each in (verbs, verbs.environment("emu_2")):
        each.seed({"tenants": [{"tenantId": "a", "name": "A"}, {"tenantId": "b", "name": "B"}]})
    run(world.default, "tenants.delete", tenant_id="a")
    world.commit(world.default)
    connection = open_store_of(world)
    connection.execute("PRAGMA query_only = ON")
    with pytest.raises(sqlite3.OperationalError):
        verbs.reset() if verb == "reset" else verbs.restore(empty)
    connection.execute("PRAGMA query_only = OFF")
    verbs.seed({"tenants": [{"tenantId": "a", "name": "New"}]})
    before = verbs.snapshot()
    close(world)
    world = open_world(path)
    assert Verbs(world).snapshot() == before
    assert [row.name for row in world.default.state.tenants.values()] == ["New"]
    assert ("emu_2" in world.environments) is (verb == "reset")
    close(world)


def test_revocation_after_the_clock_was_set_back(tmp_path: Path) -> None:
    """A token that was issued later than it is now is among those issued so far, also after a restart."""
    path = tmp_path / "state.sqlite3"
    world = open_world(path)
    Verbs(world).clock(advance=3600)
    token, _ = world.default.issue_vendor_token()
    Verbs(world).clock(advance=-3600)
    close(world)
    world = open_world(path)
    grant = world.grant_of(token)
    assert grant is not None
    assert world.default.accepts(grant)
    Verbs(world).revoke_tokens()
    assert not world.default.accepts(grant)
    close(world)


def test_a_failed_write_is_rolled_back(tmp_path: Path) -> None:
    """What was kept before is still there, whole."""
    path = tmp_path / "state.sqlite3"
    world = open_world(path)
    verbs = Verbs(world)
    verbs.seed({"tenants": [{"tenantId": "a", "name": "A"}]})
    run(world.default, "tenants.update", {"name": "B"}, tenant_id="a")
    world.default.state.changes["deleted", "bad"] = None
    world.default.state.deleted["bad"] = object()  # type: ignore[assignment]  # cannot be kept
    with pytest.raises(TypeError):
        world.commit(world.default)
    close(world)
    world = open_world(path)
    assert world.default.state.tenants["a"].name == "A"
    close(world)


def attempt(path: Path, gate: threading.Barrier, opened: list[SqliteStore], refused: list[str]) -> None:
    gate.wait()
    try:
        opened.append(open_store(path, EmulatedSettings()))
    except ConfigurationError as error:
        refused.append(error.message)


@pytest.mark.slow
@pytest.mark.parametrize("is_new", [True, False])
def test_of_several_at_once_one_gets_the_file(tmp_path: Path, is_new: bool) -> None:
    """Exactly one, whether the file is new or not; the others are told that it is in use."""
    path = tmp_path / "state.sqlite3"
    for number in range(5):
        if is_new:
            path = tmp_path / f"{number}.sqlite3"
        opened: list[SqliteStore] = []
        refused: list[str] = []
        gate = threading.Barrier(3)
        threads = [threading.Thread(target=attempt, args=(path, gate, opened, refused)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(opened) == 1
        assert len(refused) == 2
        assert all("in use" in message for message in refused)
        opened[0].close()


def test_a_lock_that_is_given_up_is_waited_for(tmp_path: Path) -> None:
    """As by another that starts and gets nothing; one that stays is in use."""
    path = tmp_path / "state.sqlite3"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("PRAGMA application_id").fetchone()
    pauses: list[int] = []

    def give_up() -> None:
        pauses.append(1)
        if len(pauses) == 3:
            other.close()

    open_store(path, EmulatedSettings(), pause=give_up).close()
    assert len(pauses) == 3
    store = open_store(path, EmulatedSettings())
    pauses = [1, 1, 1]
    with pytest.raises(ConfigurationError, match="in use by another emulator"):
        open_store(path, EmulatedSettings(), pause=give_up)
    store.close()


def test_an_in_memory_database_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's name for a database in memory, and no name at all; a file of that name elsewhere is one."""
    monkeypatch.chdir(tmp_path)
    paths: list[Any] = [":memory:", Path(":memory:"), Path("./:memory:")]
    for path in paths:
        with pytest.raises(ConfigurationError, match=r":memory:.*database in memory"), Emulator(persist=path):
            pass
    for path in ("", 5, b"x.sqlite3", True):
        with pytest.raises(ValueError, match="persist must be the path"):
            Emulator(persist=path)  # type: ignore[arg-type]  # what is tested
    with Emulator(persist=tmp_path / ":memory:"), Emulator(persist="text.sqlite3"):
        pass
    assert sorted(each.name for each in tmp_path.iterdir()) == [":memory:", "text.sqlite3"]


@pytest.mark.slow
def test_the_command_line_refuses_an_in_memory_database() -> None:
    """In one line."""
    status, out, err = run_emulator("--persist", ":memory:")
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert "database in memory" in err
