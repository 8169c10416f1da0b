"""Profiles and secrets: what is stored where, what wins, and what is refused."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tomllib
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringError, PasswordDeleteError

from frontegg_async._values.secret import Secret
from frontegg_async.cli.connection import resolve
from frontegg_async.cli.failures import CommandError, ExitCode
from frontegg_async.cli.profiles import Profile, Profiles, Store, check_name, entry_of
from frontegg_async.emulator.blocking_handle import EmulatorHandle
from tests.cli.conftest import Run


class Memory(KeyringBackend):
    """A keyring that works."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("it is not there")


class Locked(Memory):
    """A keyring that a person would have to open."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringError(f"{service} is locked: {username}, {len(password)}")


@pytest.fixture
def memory() -> Iterator[Memory]:
    """The keyring of this process, which works."""
    before, memory = keyring.get_keyring(), Memory()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """The directory of settings, as ``run`` names it."""
    return tmp_path / "settings"


@pytest.fixture
def stored(run: Run, memory: Memory, settings: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A profile that was stored, and no variables."""
    assert run("login", "--profile", "staging", "--environment", "Staging").code == 0
    for name in ("FRONTEGG_BASE_URL", "FRONTEGG_CLIENT_ID", "FRONTEGG_SECRET_KEY"):
        monkeypatch.delenv(name)
    assert memory.kept
    return settings / "profiles.toml"


def test_a_secret_is_in_the_keyring_and_nowhere_else(
    stored: Path, run: Run, memory: Memory, emulator: EmulatorHandle
) -> None:
    document = tomllib.loads(stored.read_text(encoding="utf-8"))
    assert document["default"] == "staging"
    assert document["profiles"]["staging"] == {
        "client_id": emulator.client_id,
        "base_url": emulator.url,
        "environment": "Staging",
        "in_keyring": True,
    }
    assert memory.kept == {("frontegg", entry_of(Profiles().get("staging"))): emulator.secret}
    assert sorted(path.name for path in stored.parent.rglob("*") if path.is_file()) == [
        "profiles.lock",
        "profiles.toml",
    ]
    assert run("tenants", "list", "--output", "json").out == "[]\n"
    assert run("logout").code == 0
    assert memory.kept == {}
    assert run("tenants", "list").code == 2


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring, Locked])
def test_without_a_keyring_a_secret_is_in_a_private_file(
    backend: type[KeyringBackend], run: Run, settings: Path, emulator: EmulatorHandle
) -> None:
    keyring.set_keyring(backend())
    assert "a file that only you may read" in run("login").err
    (path,) = (settings / "secrets").iterdir()
    assert path.read_text(encoding="utf-8") == emulator.secret
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert run("login", "--secret-store", "keyring").code == 1
    assert run("logout").code == 0
    assert not path.exists()


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_a_secret_that_others_may_read_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch, settings: Path) -> None:
    assert run("login", "--secret-store", "file").code == 0
    (path,) = (settings / "secrets").iterdir()
    path.chmod(0o640)
    for name in ("FRONTEGG_BASE_URL", "FRONTEGG_CLIENT_ID", "FRONTEGG_SECRET_KEY"):
        monkeypatch.delenv(name)
    refused = run("tenants", "list")
    assert refused.code == 2
    assert "chmod 600" in refused.err
    path.chmod(0o600)
    path.write_bytes(b"\xff")
    assert "it is not UTF-8" in run("tenants", "list").err


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
@pytest.mark.parametrize("name", [".", "profiles.toml", "secrets"])
def test_profiles_that_others_may_write_are_refused(
    name: str, run: Run, monkeypatch: pytest.MonkeyPatch, settings: Path, emulator: EmulatorHandle
) -> None:
    """They could send the secret to a host of theirs."""
    assert run("login", "--secret-store", "file").code == 0
    for each in ("FRONTEGG_BASE_URL", "FRONTEGG_CLIENT_ID", "FRONTEGG_SECRET_KEY"):
        monkeypatch.delenv(each)
    emulator.clear_journal()
    path = settings / name
    mode = path.stat().st_mode
    for others in (0o020, 0o002):
        path.chmod(mode | others)
        ran = run("tenants", "list")
        assert (ran.code, ran.err) == (2, f"error: other users may write {path}\nTo forbid this: chmod go-w {path}\n")
    assert emulator.journal() == []


@pytest.mark.slow
def test_logins_at_once_lose_no_profile(tmp_path: Path) -> None:
    """Each of several processes stores, chooses and removes profiles of its own."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom frontegg_async._values.secret import Secret\n"
        "from frontegg_async.cli.profiles import Profile, Profiles\n"
        "profiles = Profiles(Path(sys.argv[1]))\n"
        "print(flush=True)\nsys.stdin.readline()\n"
        "for number in range(12):\n"
        "    profiles.put(Profile(name=f'{sys.argv[2]}-{number}', client_id=sys.argv[2]), Secret('s'), 'file')\n"
        "    profiles.use(f'{sys.argv[2]}-{number}')\n"
        "profiles.remove(f'{sys.argv[2]}-0')\n"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for name in "abcd"
    ]
    for process in started:
        assert process.stdout is not None
        process.stdout.readline()  # it has read the profiles: none
    for process in started:
        process.communicate(b"\n")
    assert {process.returncode for process in started} == {0}
    profiles = Profiles(tmp_path)
    assert profiles.names == tuple(sorted(f"{name}-{number}" for name in "abcd" for number in range(1, 12)))
    assert all(profiles.secret_of(profiles.get(name)).reveal() == "s" for name in profiles.names)


_ENVIRONMENTS = (Profile(name="a", client_id="a"), Profile(name="a", client_id="a", base_url="https://other.example"))
"""Two environments under one name."""


def _secret_for(profile: Profile) -> Secret:
    return Secret(f"of {profile.base_url}")


def _check_reader(reader: Profiles) -> None:
    """See that a secret that is found belongs to the environment of the profile that is found with it."""
    found = reader.find("a")
    if found is not None:
        with suppress(CommandError):  # it was removed meanwhile
            assert reader.secret_of(found) == _secret_for(found)


class Watched(Memory):
    """A keyring beside which another process reads before and after each change."""

    priority = -1  # type: ignore[assignment]  # keyring chooses among all classes

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self.directory = directory
        self.changes = 0

    def set_password(self, service: str, username: str, password: str) -> None:
        with self._watched():
            self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        with self._watched():
            del self.kept[service, username]

    @contextmanager
    def _watched(self) -> Generator[None]:
        self.changes += 1
        before = Profiles(self.directory)
        yield
        _check_reader(before)
        _check_reader(Profiles(self.directory))


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize("store", ["keyring", "file"])
def test_a_reader_beside_logins_gets_no_secret_of_another_environment(store: Store, tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    keyring.set_keyring(watched)
    for profile in (*_ENVIRONMENTS, *_ENVIRONMENTS):
        before = Profiles(tmp_path)
        Profiles(tmp_path).put(profile, _secret_for(profile), store)
        _check_reader(before)
        _check_reader(Profiles(tmp_path))
        assert Profiles(tmp_path).secret_of(Profiles(tmp_path).get("a")) == _secret_for(profile)
    before = Profiles(tmp_path)
    assert Profiles(tmp_path).remove("a")
    _check_reader(before)
    assert (watched.changes > 0, watched.kept) == (store == "keyring", {})
    assert not [*tmp_path.glob("secrets/*")]


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit of the size of files that a signal does not end")
@pytest.mark.parametrize("old", ["keyring", "file"])
@pytest.mark.parametrize("new", ["keyring", "file"])
def test_a_change_that_cannot_be_written_keeps_profile_and_secret(
    old: Store, new: Store, memory: Memory, tmp_path: Path
) -> None:
    """As on a full disk: here no file may have more than 40 bytes."""
    import resource

    stored = Profiles(tmp_path).put(_ENVIRONMENTS[0], _secret_for(_ENVIRONMENTS[0]), old)
    before = ({**memory.kept}, [*tmp_path.glob("secrets/*")])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    for change in (
        lambda: Profiles(tmp_path).put(_ENVIRONMENTS[1], _secret_for(_ENVIRONMENTS[1]), new),
        lambda: Profiles(tmp_path).remove("a"),
    ):
        resource.setrlimit(resource.RLIMIT_FSIZE, (40, limits[1]))
        try:
            with pytest.raises(OSError, match="File too large"):
                change()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert Profiles(tmp_path).get("a") == stored
        assert Profiles(tmp_path).secret_of(stored) == _secret_for(stored)
        assert ({**memory.kept}, [*tmp_path.glob("secrets/*")]) == before


@pytest.mark.parametrize("in_keyring", [True, False])
def test_secrets_of_version_0_2_0_are_found_and_removed(in_keyring: bool, memory: Memory, tmp_path: Path) -> None:
    stored = Profiles(tmp_path).put(Profile(name="a", client_id="a"), Secret("s"), "keyring" if in_keyring else "file")
    if in_keyring:
        memory.kept["frontegg", "a"] = memory.kept.pop(("frontegg", entry_of(stored)))
    else:
        (tmp_path / "secrets" / f"profile-{entry_of(stored)}").rename(tmp_path / "secrets" / "profile-a")
    profiles = Profiles(tmp_path)
    assert profiles.secret_of(profiles.get("a")).reveal() == "s"
    profiles.put(Profile(name="a", client_id="b"), Secret("t"), "file")
    assert ({*memory.kept}, len([*tmp_path.glob("secrets/*")])) == (set(), 1)


class Stuck(Memory):
    """A keyring that waits for a person who is not there."""

    priority = -1  # type: ignore[assignment]  # keyring chooses among all classes

    def __init__(self) -> None:
        super().__init__()
        self.opened = Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.opened.wait()
        return super().get_password(service, username)


class Shut(Memory):
    """A keyring that was locked again."""

    priority = -1  # type: ignore[assignment]  # likewise

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringError(f"{service} is locked: {username}")


def test_a_keyring_that_does_not_answer_is_given_up(memory: Memory, tmp_path: Path) -> None:
    profiles = Profiles(tmp_path, patience=0.01)
    stored = profiles.put(Profile(name="a", client_id="a"), Secret("s"), "keyring")
    stuck = Stuck()
    keyring.set_keyring(stuck)
    with pytest.raises(CommandError, match=r"it did not answer within 0\.01 s") as refused:
        profiles.secret_of(stored)
    assert refused.value.code is ExitCode.USAGE
    assert not profiles.put(stored, Secret("s"), "auto").in_keyring
    stuck.opened.set()
    assert memory.kept


def test_a_keyring_that_keeps_a_secret_in_spite_of_a_logout_is_told(stored: Path, run: Run, memory: Memory) -> None:
    keyring.set_keyring(Shut())
    assert "the keyring does not work: KeyringError" in run("check").err
    ran = run("logout")
    assert (ran.code, stored.read_text(encoding="utf-8").count("client_id")) == (3, 0)
    assert "the keyring does not remove its secret" in ran.err
    assert memory.kept


def test_a_second_login_keeps_what_is_not_given(
    run: Run, memory: Memory, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("login", "--profile", "live", "--environment", "Acme", "--production", "--environment-id", "7")
    memory.kept.clear()
    monkeypatch.delenv("FRONTEGG_CLIENT_ID")
    monkeypatch.delenv("FRONTEGG_BASE_URL")
    assert run("login", "--profile", "live").code == 0
    kept = Profiles().get("live")
    assert (kept.environment, kept.production, kept.environment_id) == ("Acme", True, "7")
    assert (kept.client_id, kept.base_url) == (emulator.client_id, emulator.url)
    assert run("login", "--profile", "live", "--no-production").code == 0
    assert not Profiles().get("live").production
    monkeypatch.setenv("FRONTEGG_SECRET_KEY", "of-another")
    run("login", "--profile", "live", "--client-id", "other", "--region", "us", "--no-check")
    assert Profiles().get("live") == Profile(name="live", client_id="other", region="us", in_keyring=True)


@pytest.mark.usefixtures("memory")
def test_no_environment_is_chosen_by_a_logout(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("staging", "production"):
        run("login", "--profile", name)
    for name in ("FRONTEGG_BASE_URL", "FRONTEGG_CLIENT_ID", "FRONTEGG_SECRET_KEY"):
        monkeypatch.delenv(name)
    assert "no profile is the default now" in run("logout").err
    assert "'frontegg profiles use' chooses a profile" in run("tenants", "list").err
    assert (run("logout").code, Profiles().names) == (2, ("production",))


def test_variables_need_no_profiles(run: Run, settings: Path) -> None:
    settings.write_text("no directory", encoding="utf-8")
    assert run("check").code == 0
    assert "Not a directory" in run("profiles").err


def test_a_password_in_an_address_is_not_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTEGG_BASE_URL", "https://me:canary@api.example.com/?secret=canary")
    assert "canary" not in run("whoami").out
    assert run("login", "--no-check").code == 2


def test_a_file_gives_way_to_the_keyring_and_the_other_way(run: Run, memory: Memory, settings: Path) -> None:
    run("login", "--secret-store", "file")
    assert [*(settings / "secrets").iterdir()]
    run("login", "--secret-store", "keyring")
    assert not [*(settings / "secrets").iterdir()]
    assert memory.kept
    run("login", "--secret-store", "file")
    assert memory.kept == {}


def test_a_wrong_secret_is_not_stored(run: Run, monkeypatch: pytest.MonkeyPatch, settings: Path) -> None:
    monkeypatch.setenv("FRONTEGG_SECRET_KEY", "emu_wrong")
    assert run("login").code == 4
    assert not settings.exists()
    assert run("login", "--no-check", "--secret-store", "file").code == 0


def test_a_secret_comes_from_files(
    run: Run, emulator: EmulatorHandle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secret"
    path.write_text(f"{emulator.secret}\n", encoding="utf-8")
    monkeypatch.setenv("FRONTEGG_SECRET_KEY", "emu_wrong")
    assert run("check").code == 4
    assert run("check", "--secret-file", str(path)).code == 0
    monkeypatch.delenv("FRONTEGG_SECRET_KEY")
    monkeypatch.setenv("FRONTEGG_SECRET_KEY_FILE", str(path))
    assert run("check").code == 0
    path.write_text("\n", encoding="utf-8")
    assert "has no secret in it" in run("check").err


@pytest.mark.usefixtures("memory")
def test_people_see_which_profile_is_the_default(run: Run) -> None:
    run("login", "--profile", "live", "--production")
    head, row = run("profiles", "--output", "table").out.splitlines()
    assert head.split()[:3] == ["name", "is_default", "production"]
    assert row.split()[:3] == ["live", "true", "true"]


def test_who_am_i_says_where_settings_come_from(stored: Path, run: Run, emulator: EmulatorHandle) -> None:
    said = json.loads(run("whoami").out)
    assert stored.exists()
    assert said["environment"] == "Staging"
    assert said["sources"]["client_id"] == "profile staging"
    assert said["has_secret"] is True
    said = json.loads(run("whoami", "--client-id", "other", "--profile", "staging").out)
    assert (said["sources"]["client_id"], said["sources"]["base_url"]) == ("--client-id", "profile staging")
    assert said["has_secret"] is False  # that of the profile is of another client id
    said = json.loads(run("whoami", "--client-id", "other").out)
    assert (said["profile"], said["base_url"], said["region"]) == (None, None, "eu")
    assert emulator.secret not in run("whoami", "-o", "table").out


_FOREIGN = {
    "FRONTEGG_CLIENT_ID": "of-another",
    "FRONTEGG_SECRET_KEY": "of-another",
    "FRONTEGG_API_KEY": "of-another",
    "FRONTEGG_SECRET_FILE": "/nowhere",
    "FRONTEGG_BASE_URL": "http://127.0.0.1:9",
    "FRONTEGG_REGION": "us",
    "FRONTEGG_DOMAIN": "another",
    "FRONTEGG_ENVIRONMENT_ID": "another",
    "FRONTEGG_ENVIRONMENT": "Another",
}


@pytest.mark.parametrize("by_option", [True, False])
def test_a_named_profile_takes_nothing_from_variables(
    by_option: bool, stored: Path, run: Run, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a line on standard error says so, also with ``-q``."""
    assert stored.exists()
    arguments = ["-q", "--profile", "staging"] if by_option else ["-q"]
    if not by_option:
        monkeypatch.setenv("FRONTEGG_PROFILE", "staging")
    for names in ([*_FOREIGN], *([name] for name in _FOREIGN)):
        with monkeypatch.context() as patch:
            for name in names:
                patch.setenv(name, _FOREIGN[name])
            ran = run("whoami", *arguments)
            assert {key: value for key, value in json.loads(ran.out).items() if key != "sources"} == {
                "profile": "staging",
                "environment": "Staging",
                "production": False,
                "read_only": False,
                "client_id": emulator.client_id,
                "region": None,
                "base_url": emulator.url,
                "domain": None,
                "environment_id": None,
                "has_secret": True,
            }
            assert len(ran.err.splitlines()) == 1
            assert "ignored: the settings are those of the profile 'staging'" in ran.err
            assert all(name in ran.err for name in names)
            assert "of-another" not in ran.err
            assert len(names) == 1 or run("check", *arguments).code == 0


def test_variables_are_not_mixed_with_the_default_profile(
    stored: Path, run: Run, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One is enough for none of the profile to be used: a credential would be sent to the host of another."""
    assert stored.exists()
    emulator.clear_journal()
    foreign = _FOREIGN | {"FRONTEGG_BASE_URL": emulator.url, "FRONTEGG_SECRET_FILE": __file__}
    del foreign["FRONTEGG_ENVIRONMENT"]
    for name, value in foreign.items():
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            ran = run("tenants", "list", "-q")
        assert (ran.code, ran.out) == (2, "")
        assert f"The default profile is not used, since {name} is set: name a profile by --profile" in ran.err
    assert emulator.journal() == []


@pytest.mark.parametrize("by_variable", [True, False])
def test_nothing_is_written_where_that_is_read_only(
    by_variable: bool, run: Run, memory: Memory, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a profile, or by a variable for every profile; people are not asked first."""
    assert memory.kept == {}
    assert run("login", "--profile", "staging", *([] if by_variable else ["--read-only"])).code == 0
    for name in ("FRONTEGG_BASE_URL", "FRONTEGG_CLIENT_ID", "FRONTEGG_SECRET_KEY"):
        monkeypatch.delenv(name)
    if by_variable:
        monkeypatch.setenv("FRONTEGG_READ_ONLY", "1")
    place = "FRONTEGG_READ_ONLY" if by_variable else "the profile 'staging'"
    emulator.clear_journal()
    for command in (
        "tenants create --name A",
        "tenants delete a",
        "tenants delete a --yes",
        "tenants lock a b --profile staging",
        "api POST /tenants/resources/tenants/v1",
        "api DELETE /tenants/resources/tenants/v1/a --yes",
    ):
        ran = run(*command.split())
        assert (ran.code, ran.out) == (2, ""), command
        assert place in ran.err, command
    assert emulator.journal() == []
    assert run("tenants", "list").code == 0
    assert json.loads(run("whoami").out)["read_only"] is True
    monkeypatch.setenv("FRONTEGG_READ_ONLY", "yes")
    assert run("tenants", "list").code == 2


def test_options_that_lead_a_credential_elsewhere_are_told(
    stored: Path, run: Run, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert stored.exists()
    secret = tmp_path / "secret"
    secret.write_text(emulator.secret, encoding="utf-8")
    own = ("--client-id", emulator.client_id, "--secret-file", str(secret))

    def told(*arguments: str) -> str:
        return run("whoami", "-q", *arguments).err

    credential = "client_id from profile staging, secret from profile staging, keyring"
    assert f"{credential}, base_url from --base-url" in told("--base-url", "http://127.0.0.1:9")
    assert f"{credential}, base_url from --base-url" in told("--profile", "staging", "--base-url", "http://127.0.0.1:9")
    assert "environment_id from --environment-id" in told("--environment-id", "7")
    assert "base_url from profile staging" in told("--profile", "staging", *own)
    assert "secret from --secret-file" in told("--profile", "staging", "--secret-file", str(secret))
    assert told("--base-url", emulator.url, *own) == ""
    monkeypatch.setenv("FRONTEGG_BASE_URL", emulator.url)
    assert "secret from --secret-file, base_url from FRONTEGG_BASE_URL" in told(*own)
    monkeypatch.setenv("FRONTEGG_SECRET_KEY", emulator.secret)
    assert "secret from FRONTEGG_SECRET_KEY" in told("--client-id", "a", "--base-url", "http://127.0.0.1:9")
    monkeypatch.setenv("FRONTEGG_CLIENT_ID", emulator.client_id)
    assert "no secret is set for the client id" in run("check", "--client-id", "another").err
    assert told() == ""


@pytest.mark.parametrize("option", ["--client-id", "--region", "--base-url", "--environment-id"])
def test_options_that_contradict_a_profile_take_its_name_away(option: str, stored: Path, run: Run) -> None:
    """The environment that is asked about, and perhaps typed, is another one."""
    assert stored.exists()
    value = {"--region": "us", "--base-url": "https://prod.example.com"}.get(option, "another")
    said = json.loads(run("whoami", "--profile", "staging", option, value).out)
    assert said["environment"] != "Staging"
    assert said["production"] is (option == "--base-url")
    assert "environment" not in said["sources"]


@pytest.mark.usefixtures("memory")
def test_a_renewed_profile_takes_no_host_of_a_variable(
    run: Run, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("login", "--profile", "live").code == 0
    monkeypatch.delenv("FRONTEGG_CLIENT_ID")
    emulator.clear_journal()
    ran = run("login", "--profile", "live")
    assert ran.code == 2
    assert "FRONTEGG_BASE_URL may belong to another environment than the client id of the profile 'live'" in ran.err
    assert emulator.journal() == []


def test_a_users_token_of_a_variable_is_not_sent_to_the_address_of_a_profile(
    stored: Path, run: Run, emulator: EmulatorHandle, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert stored.exists()
    emulator.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    token = emulator.user_token(tenant_id="acme", permissions=["fe.*"]).access_token
    (tmp_path / "token").write_text(token, encoding="utf-8")
    monkeypatch.setenv("FRONTEGG_USER_TOKEN", token)
    for arguments in ((), ("--profile", "staging")):
        ran = run("user", "tenants", "list", *arguments)
        assert (ran.code, token in ran.err) == (2, False)
        assert (
            "the token in FRONTEGG_USER_TOKEN may belong to another environment than the address in the profile"
            in ran.err
        )
    assert run("user", "tenants", "list", "--user-token-file", str(tmp_path / "token")).code == 0
    assert run("user", "tenants", "list", "--base-url", emulator.url).code == 0


def _resolved(profiles: Profiles, profile: str | None = "p", /, **given: str) -> tuple[str | None, ...]:
    environ = {name: value for name, value in given.items() if name.isupper()}
    flags = {name: value for name, value in given.items() if not name.isupper()}
    found = resolve(flags, secret_file=None, environ=environ, profiles=profiles, profile=profile)
    return (found.client_id, found.region, found.base_url)


def test_options_win_over_a_named_profile_variables_and_the_default_one(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path)
    profiles.put(Profile(name="p", client_id="of-profile", region="us"), Secret("s"), "file")
    assert _resolved(profiles) == ("of-profile", "us", None)
    assert _resolved(profiles, FRONTEGG_REGION="ca") == ("of-profile", "us", None)
    assert _resolved(profiles, FRONTEGG_BASE_URL="http://e", region="uk") == ("of-profile", "uk", None)
    assert _resolved(profiles, base_url="http://e") == ("of-profile", None, "http://e")
    assert _resolved(profiles, None) == ("of-profile", "us", None)
    assert _resolved(profiles, None, FRONTEGG_REGION="ca") == (None, "ca", None)
    assert _resolved(profiles, None, FRONTEGG_BASE_URL="http://e", region="uk") == (None, "uk", None)
    assert _resolved(profiles, None, client_id="other") == ("other", None, None)


def test_a_profile_that_is_called_production_is_production(tmp_path: Path) -> None:
    """Whatever its environment is called, and wherever options lead."""
    profiles = Profiles(tmp_path)
    profiles.put(Profile(name="acme-prod", client_id="a", environment="Acme"), Secret("s"), "file")
    for given in ({}, {"region": "us"}):
        assert resolve(given, secret_file=None, environ={}, profiles=profiles, profile="acme-prod").production


@pytest.mark.parametrize("name", ["", "A", "a/b", "../a", "-a", "a b", "a" * 64, "é", "nul:", "a."])
def test_names_that_are_no_names_of_files(name: str) -> None:
    with pytest.raises(CommandError) as refused:
        check_name(name)
    assert refused.value.code is ExitCode.USAGE


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[profiles", "Expected ']'"),
        ("profiles = 3", "profiles must be a table"),
        ("default = 3", "default must be text"),
        ("[profiles.a]\nregion = 'us'", "profiles.a has no client_id"),
        ("[profiles.a]\nclient_id = 3", "profiles.a.client_id must be text"),
        ("[profiles.a]\nclient_id = 'a'\nproduction = 'yes'", "profiles.a.production must be true or false"),
        ("[profiles.a]\nclient_id = 'a'\nsecret = 'x'", "profiles.a.secret is unknown"),
        ("profiles.a = 1", "profiles.a must be a table"),
        ("[profiles.'a b']\nclient_id = 'a'", "'a b' is not a valid name of a profile"),
        ("default = 'a'", "default names no profile: 'a'"),
        ("[other]", "other is unknown"),
        pytest.param(f"a = {'[' * 100_000}", "profiles.toml cannot be used:", id="deep"),
        pytest.param(f"a = {'9' * 5_000}", "Exceeds the limit", id="number"),
    ],
)
def test_a_broken_file_is_told_with_its_place(text: str, says: str, run: Run, settings: Path) -> None:
    settings.mkdir(mode=0o700)
    (settings / "profiles.toml").write_text(text, encoding="utf-8")
    ran = run("profiles")
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def test_names_and_addresses_survive_the_file(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path)
    profile = Profile(name="a.b-c", client_id='q"\\\n', environment="Größe\x7f", production=True, allow_http=True)
    profiles.put(profile, Secret("s"), "file")
    assert Profiles(tmp_path).get("a.b-c") == profile
    assert Profiles(tmp_path).secret_of(profile).reveal() == "s"
    profiles.put(Profile(name="z", client_id="z"), Secret("t"), "file")
    profiles.use("z")
    assert Profiles(tmp_path).default == "z"
    profiles.remove("z")
    assert (Profiles(tmp_path).default, profiles.names) == (None, ("a.b-c",))  # none that nobody chose


def test_settings_are_where_the_platform_has_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FRONTEGG_CONFIG_DIR", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    if os.name == "posix":
        assert Profiles().path.parent.name == "frontegg"
