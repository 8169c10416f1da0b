"""The emulator in a program, async and blocking: every verb of both handles."""

from __future__ import annotations

import asyncio
import inspect
import json
import socket
import threading
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from frontegg_async.emulator import AsyncEmulatorHandle, Emulator, EmulatorHandle
from frontegg_async.emulator.server_thread import ServerThread
from frontegg_async.errors import ConfigurationError


def fetch(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=30) as response:
        return json.load(response)


@pytest.mark.anyio
async def test_awaiting() -> None:
    """Every verb of the awaitable handle."""
    async with Emulator(seed={"tenants": [{"tenantId": "s", "name": "S"}]}) as emulator:
        assert (emulator.client_id, emulator.secret) == ("emu_client", "emu_secret")
        one = await emulator.create_environment(client_id="emu_one", secret="emu_one", token_ttl=10)
        assert (one.client_id, one.secret) == ("emu_one", "emu_one")
        result = await one.seed(
            tenants=[{"tenantId": "a", "name": "A"}], users=[{"email": "u@a.example", "tenantId": "a"}]
        )
        assert (result.tenants, result.users) == (1, 1)
        kept = await one.snapshot()
        json.dumps(kept)
        await one.reset()
        await one.restore(kept)
        assert await one.snapshot() == kept
        token = await one.user_token(tenant_id="a", email="u@a.example", expires_in=5)
        assert token.expires_in == 5
        assert token.access_token not in repr(token)
        await one.revoke_tokens()
        frozen = await one.clock(freeze=True)
        assert (await one.clock(advance=10) - frozen).total_seconds() == 10
        assert await one.clock(freeze=False) > frozen
        fault = await one.add_fault(stage="accept", action={"type": "close"})
        assert [each["id"] for each in await one.faults()] == [fault]
        await one.delete_fault(fault)
        await one.delete_faults()
        with pytest.raises(LookupError):
            await one.delete_fault(fault)
        async with one.client() as client:
            assert (await client.tenants.get("a")).name == "A"
        assert [entry.route for entry in await one.journal()] == ["auth.authenticate", "tenants.get"]
        await one.clear_journal()
        assert await one.journal() == []
        assert (await one.stats()).tokens_issued == 2
        await one.set_switch("delete_status", 204)
        assert {each["name"]: each["value"] for each in await one.switches()}["delete_status"] == 204
        assert (await one.health())["status"] == "ok"
        assert "paths" in await one.openapi()
        async with emulator.client() as client:
            assert (await client.tenants.get("s")).name == "S"


def test_blocking() -> None:
    """Every verb of the blocking handle."""
    with Emulator(loose=True) as emulator:
        assert (emulator.client_id, emulator.secret) == ("emu_client", "emu_secret")
        assert fetch(f"{emulator.url}/_emulator/v1/health")["status"] == "ok"
        one = emulator.create_environment(client_id="emu_one", secret="emu_one", token_ttl=10)
        result = one.seed(tenants=[{"tenantId": "a", "name": "A"}], users=[{"email": "u@a.example", "tenantId": "a"}])
        assert (result.tenants, result.users) == (1, 1)
        kept = one.snapshot()
        json.dumps(kept)
        one.reset()
        one.restore(kept)
        assert one.snapshot() == kept
        assert one.user_token(tenant_id="a", email="u@a.example").expires_in == 86_400
        one.revoke_tokens()
        frozen = one.clock(freeze=True)
        assert (one.clock(advance=10) - frozen).total_seconds() == 10
        assert one.clock(freeze=False) > frozen
        fault = one.add_fault(stage="accept", action={"type": "close"})
        assert [each["id"] for each in one.faults()] == [fault]
        one.delete_fault(fault)
        one.delete_faults()
        with pytest.raises(LookupError):
            one.delete_fault(fault)
        with pytest.raises(ValueError, match="stage"):
            one.add_fault(stage="never", action={"type": "close"})
        with one.client() as client:
            assert client.tenants.get("a").name == "A"
        assert [entry.route for entry in one.journal()] == ["auth.authenticate", "tenants.get"]
        one.clear_journal()
        assert one.journal() == []
        assert one.stats().tokens_issued == 2
        one.set_switch("delete_status", 204)
        values = {each["name"]: each["value"] for each in one.switches()}
        assert (values["delete_status"], values["unknown_body_field"]) == (204, "ignore")
        assert one.health()["status"] == "ok"
        assert "paths" in one.openapi()
        with pytest.raises(LookupError):
            emulator.environment("emu_nobody")


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        (lambda one: one.user_token(tenant_id="a", permissions="fe.*"), "permissions must be a list of texts, not str"),
        (lambda one: one.user_token(tenant_id="a", tenant_ids="abc"), "tenant_ids must be a list of texts, not str"),
        (lambda one: one.user_token(tenant_id="a", roles=1), "roles must be a list of texts, not int"),
        (lambda one: one.user_token(tenant_id="a", roles=[1]), r"roles\[0\] must be text"),
        (lambda one: one.access_token(tenant_id="a", permissions="fe.*"), "permissions must be a list of texts"),
        (lambda one: one.clock(advance="5"), "advance must be a number of seconds"),
        (lambda one: one.clock(advance=True), "advance must be a number of seconds"),
        (lambda one: one.clock(freeze="no"), "freeze must be True or False"),
    ],
)
def test_wrong_types_are_named(verb: Callable[[Any], object], words: str) -> None:
    """A text where a list belongs is not taken apart."""
    with Emulator(seed={"tenants": [{"tenantId": "a", "name": "A"}]}) as emulator:
        kept = emulator.clock(freeze=True)
        with pytest.raises(ValueError, match=words):
            verb(emulator)
        assert emulator.clock() == kept


def test_a_verb_after_the_end_says_so() -> None:
    """Not what asyncio says of its loop."""
    with Emulator() as emulator:
        pass
    with pytest.raises(RuntimeError, match="the emulator has ended"):
        emulator.stats()


def test_the_handles_agree() -> None:
    """Both have the same verbs with the same parameters."""

    def verbs(handle: type) -> dict[str, list[str]]:
        return {
            name: [str(parameter).split(":")[0] for parameter in inspect.signature(member).parameters.values()]
            for name, member in vars(handle).items()
            if inspect.isfunction(member) and not name.startswith("_")
        }

    assert verbs(AsyncEmulatorHandle) == verbs(EmulatorHandle)


def test_many_threads() -> None:
    """Blocking verbs may be called from any thread."""
    with Emulator() as emulator:
        errors: list[BaseException] = []

        def work(number: int) -> None:
            try:
                one = emulator.create_environment()
                one.seed(tenants=[{"tenantId": f"t{number}", "name": "T"}])
                assert len(one.snapshot()["environments"][0]["tenants"]) == 1  # type: ignore[index, call-overload, arg-type]
            except Exception as error:  # noqa: BLE001 - it is raised in a thread
                errors.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []


@pytest.mark.anyio
async def test_entered_twice() -> None:
    """One emulator runs once at a time, and may run again."""
    emulator = Emulator()
    async with emulator:
        with pytest.raises(RuntimeError, match="already"):
            await emulator.__aenter__()
        with pytest.raises(RuntimeError, match="already"):
            emulator.__enter__()
    async with emulator as again:
        assert (await again.stats()).tokens_issued == 0


def test_a_port_in_use_and_a_bad_seed() -> None:
    """Both are said on entering, and no thread is left."""
    before = set(threading.enumerate())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        emulator = Emulator(port=taken.getsockname()[1])
        with pytest.raises(OSError, match="in use"):
            emulator.__enter__()
    with pytest.raises(ValueError, match="name"):
        Emulator(seed={"tenants": [{"tenantId": "a"}]}).__enter__()
    assert set(threading.enumerate()) <= before  # one of an earlier test may have ended meanwhile


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"rate_limit": 0}, "rate_limit"),
        ({"rate_limit": -1}, "rate_limit"),
        ({"rate_limit": True}, "rate_limit"),
        ({"port": -1}, "port"),
        ({"port": 99_999}, "port"),
        ({"port": "80"}, "port"),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], word: str) -> None:
    """They are refused at once, by name."""
    with pytest.raises(ValueError, match=word):
        Emulator(**arguments)


@pytest.mark.slow
@pytest.mark.anyio
async def test_persistence_in_a_program(tmp_path: Path) -> None:
    """Both forms keep what is in them in a file, one after the other; the seed counts the first time."""
    emulator = Emulator(persist=tmp_path / "state.sqlite3", seed={"tenants": [{"tenantId": "a", "name": "A"}]})
    async with emulator as first:
        await first.seed(tenants=[{"tenantId": "b", "name": "B"}])
        with pytest.raises(ConfigurationError, match="in use"):
            await asyncio.to_thread(Emulator(persist=tmp_path / "state.sqlite3").__enter__)
    with ExitStack() as stack:
        second = await asyncio.to_thread(stack.enter_context, emulator)
        assert sum(1 for _ in tenants_of(second)) == 2
        second.reset()
    async with Emulator(persist=tmp_path / "state.sqlite3") as third:
        assert (await third.snapshot())["environments"][0]["tenants"] == []  # type: ignore[index, call-overload]


def tenants_of(handle: EmulatorHandle) -> Any:
    environments: Any = handle.snapshot()["environments"]
    return environments[0]["tenants"]


@pytest.mark.anyio
async def test_a_file_is_given_back_when_the_port_is_taken(tmp_path: Path) -> None:
    """Another emulator can use it then."""
    path = tmp_path / "state.sqlite3"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        emulator = Emulator(port=taken.getsockname()[1], persist=path)
        with pytest.raises(OSError, match="in use"):
            await asyncio.to_thread(emulator.__enter__)
        with pytest.raises(OSError, match="in use"):
            await emulator.__aenter__()
    async with Emulator(persist=path) as free, free.client() as frontegg:
        assert await frontegg.tenants.list().all() == []


@pytest.mark.anyio
async def test_with_in_a_running_loop_says_what_to_write() -> None:
    """A blocking handle there would be awaited by mistake, and stop the loop."""
    emulator = Emulator()
    with pytest.warns(RuntimeWarning, match=r"write 'async with Emulator\(\.\.\.\)', not 'with'") as warned, emulator:
        pass
    assert warned[0].filename == __file__
    async with emulator as running:
        assert await running.journal() == []


def test_the_end_cuts_off_what_is_under_way() -> None:
    """Leaving the block does not wait for a fault that holds a request for hours."""
    with Emulator() as emulator:
        emulator.add_fault(stage="accept", action={"type": "delay", "seconds": 80_000})
        host, port = emulator.url.removeprefix("http://").split(":")
        connection = socket.create_connection((host, int(port)))
        connection.sendall(b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while not emulator.journal():
            pass
    with connection:
        assert connection.recv(1) == b""


def test_a_blocking_verb_in_its_own_thread() -> None:
    """It would wait for itself, and says so."""
    thread = ServerThread("test")
    try:
        with pytest.raises(RuntimeError, match="thread of the emulator"):
            thread.call(lambda: thread.call(lambda: None))
    finally:
        thread.stop()
