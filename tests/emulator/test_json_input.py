"""Values that JSON does not allow: every verb refuses them before anything changes, and the error names the place."""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import pytest

from frontegg_async.emulator import Emulator, EmulatorHandle
from frontegg_async.emulator.checks.json_input import plain_json, read_json
from tests.emulator.support import V1, V2, Service

NAN = float("nan")
LONE = "\ud800"
TENANT = {"tenantId": "a", "name": "A"}
USER = {"email": "ann@a.example", "tenantId": "a"}


class Letter(enum.StrEnum):
    A = "a"


class Number(float):
    """As numpy's."""


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (LONE, "surrogate.* at [$]$"),
        ([1, {"b c": [NAN]}], r"nan.* at \$\[1\]\['b c'\]\[0\]$"),
        ({"a": {"b": float("-inf")}}, "-inf.* at [$][.]a[.]b$"),
        ({"a": {LONE: 1}}, "surrogate.* key .* at [$][.]a$"),
        ({"a": {1: 2}}, "key 1.* at [$][.]a$"),
        ({"a": {1, 2}}, "type set.* at [$][.]a$"),
        ({"a": b"x"}, "type bytes.* at [$][.]a$"),
        ({"a": datetime(2024, 1, 1, tzinfo=UTC)}, "type datetime.* at [$][.]a$"),
        ([2**20_000], r"digits at \$\[0\]$"),
        ({"k" * 500: [NAN]}, r"at \$\.k{79}\.\.\.$"),
    ],
)
def test_what_json_cannot_hold(value: object, place: str) -> None:
    """The error says what and where."""
    with pytest.raises(ValueError, match=f"^the thing has .*{place}"):
        plain_json(value, "the thing")


def test_what_has_no_end() -> None:
    """A list that is in itself, even twice, is nested too deeply."""
    endless: list[Any] = []
    endless += [endless, endless, {1}]
    endless.pop()
    with pytest.raises(ValueError, match="deeply"):
        plain_json(endless, "the thing")


def test_what_is_plain_stays_as_it_is_and_the_rest_becomes_plain() -> None:
    """Other mappings, tuples and subclasses are JSON too, but not for every encoder."""
    plain: Any = {"a": [1, 2**70, 1.5, True, None, "é", {"b": {}}], "": []}
    assert plain_json(plain, "the thing") is plain
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    special = MappingProxyType(
        {Letter.A: (Number(1.5), Letter.A, MappingProxyType({})), "flag": True, "none": None, "at": moment}
    )
    made: Any = plain_json(special, "the thing", moments={"at"})
    assert made == {"a": [1.5, "a", {}], "flag": True, "none": None, "at": moment}
    assert [type(made["a"][0]), type(made["a"][1]), type(next(iter(made)))] == [float, str, str]


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b'{"a": ["\\ud800"]}', r"surrogate.* at \$\.a\[0\]"),
        (b'{"a": NaN}', "nan.* at [$][.]a"),
        (b"[1e400]", "inf.* at [$]"),
        (b"{", "not valid JSON"),
        (b"\xff", "not valid JSON"),
        (b"1" * 5_000, "not valid JSON"),
    ],
)
def test_json_text(raw: bytes, problem: str) -> None:
    """What Python's own parser would take is refused by its place."""
    with pytest.raises(ValueError, match=f"the body .*{problem}"):
        read_json(raw, "the body")


SEEDS: list[tuple[dict[str, Any], str]] = [
    ({"tenants": [TENANT | {"name": LONE}]}, "tenants[0].name"),
    ({"tenants": [TENANT | {"metadata": {"x": NAN}}]}, "tenants[0].metadata.x"),
    ({"tenants": [TENANT | {"metadata": {"x": float("inf")}}]}, "tenants[0].metadata.x"),
    ({"tenants": [TENANT | {"metadata": LONE}]}, "tenants[0].metadata"),
    ({"tenants": [TENANT | {"metadata": {LONE: 1}}]}, "tenants[0].metadata"),
    ({"tenants": [TENANT | {"metadata": {"x": {1}}}]}, "tenants[0].metadata.x"),
    ({"tenants": [TENANT | {"metadata": datetime(2024, 1, 1, tzinfo=UTC)}]}, "tenants[0].metadata"),
    ({"tenants": [TENANT | {"annualRevenue": NAN}]}, "tenants[0].annualRevenue"),
    ({"tenants": [TENANT], "users": [USER | {"email": LONE}]}, "users[0].email"),
    ({"tenants": [TENANT], "users": [USER | {"password": LONE}]}, "users[0].password"),
    ({"tenants": [TENANT], "users": [USER | {"permissions": ["fe.*", LONE]}]}, "users[0].permissions[1]"),
    ({"tenants": [TENANT], "users": [USER | {"metadata": {"x": [NAN]}}]}, "users[0].metadata.x[0]"),
    ({"tenants": [TENANT], "users": [USER | {"metadata": {"x": object()}}]}, "users[0].metadata.x"),
]


def is_sound(emulator: EmulatorHandle) -> bool:
    """Whether it is empty and can tell so."""
    snapshot = emulator.snapshot()
    (environment,) = snapshot["environments"]  # type: ignore[misc]  # of JSON
    return json.dumps(snapshot, allow_nan=False).isascii() and not environment["tenants"]  # type: ignore[call-overload,index,no-any-return]  # of JSON


@pytest.fixture(scope="module")
def emulator() -> Any:
    with Emulator() as running:
        yield running


@pytest.mark.parametrize(("document", "place"), SEEDS, ids=[place for _, place in SEEDS])
def test_seeds(emulator: EmulatorHandle, document: dict[str, Any], place: str) -> None:
    """In a program, from the start, and in a restored snapshot: nothing is changed."""
    one = emulator.create_environment()
    with pytest.raises(ValueError) as refused:
        one.seed(document)
    assert str(refused.value).endswith(f" at $.{place}")
    assert is_sound(one)
    with pytest.raises(ValueError) as refused, Emulator(seed=document):
        pass
    assert str(refused.value).endswith(f" at $.{place}")


def test_snapshots(emulator: EmulatorHandle) -> None:
    """A snapshot that was changed by hand is checked as a whole."""
    one = emulator.create_environment()
    one.seed(tenants=[TENANT], users=[USER | {"metadata": MappingProxyType({"x": (Number(1.5),)})}])
    before = one.snapshot()
    one.restore(MappingProxyType(before))
    assert one.snapshot() == before
    for spoil in (
        lambda kept: kept["tenants"][0].update(name=LONE),
        lambda kept: kept["users"][0].update(metadata={"x": NAN}),
        lambda kept: kept["users"][0].update(metadata={"x": {1}}),
        lambda kept: kept.update(clock_offset=NAN),
    ):
        spoiled: Any = one.snapshot()
        spoil(spoiled["environments"][0])
        with pytest.raises(ValueError, match=r"environments\[0\]|clock"):
            one.restore(spoiled)
        assert one.snapshot() == before


VERBS: list[tuple[str, Callable[[EmulatorHandle], object]]] = [
    ("client_id", lambda one: one.create_environment(client_id=f"emu_{LONE}")),
    ("client_id", lambda one: one.create_environment(client_id=5)),  # type: ignore[arg-type]  # what is tested
    ("secret", lambda one: one.create_environment(secret=b"emu_x")),  # type: ignore[arg-type]  # what is tested
    ("token_ttl", lambda one: one.create_environment(token_ttl=NAN)),
    ("rate_limit", lambda one: one.create_environment(rate_limit="5")),  # type: ignore[arg-type]  # what is tested
    ("switches", lambda one: one.create_environment(switches=5)),  # type: ignore[arg-type]  # what is tested
    ("switch", lambda one: one.create_environment(switches={5: 5})),  # type: ignore[dict-item]  # what is tested
    ("delete_status", lambda one: one.create_environment(switches={"delete_status": LONE})),
    ("client_id", lambda one: one.environment([])),  # type: ignore[arg-type]  # what is tested
    ("name", lambda one: one.set_switch([], 5)),  # type: ignore[arg-type]  # what is tested
    *(
        (name, lambda one, name=name, value=value: one.user_token(**{"tenant_id": "a", name: value}))  # type: ignore[misc]  # a default that binds
        for name in ("tenant_id", "email", "user_id")
        for value in (LONE, 5, [])
    ),
    *(
        (name, lambda one, name=name, value=value: one.user_token(**{"tenant_id": "a", name: value}))  # type: ignore[misc]  # a default that binds
        for name in ("tenant_ids", "permissions", "roles")
        for value in ("x", 5, [LONE], [5])
    ),
    ("expires_in", lambda one: one.user_token(tenant_id="a", expires_in=NAN)),
    *(
        (name, lambda one, name=name, value=value: one.access_token(**{"tenant_id": "a", name: value}))  # type: ignore[misc]  # a default that binds
        for name in ("tenant_id", "id", "user_id")
        for value in (LONE, 5, [])
    ),
    *(
        (name, lambda one, name=name, value=value: one.access_token(**{"tenant_id": "a", name: value}))  # type: ignore[misc]  # a default that binds
        for name in ("permissions", "roles")
        for value in ("x", 5, [LONE], [5])
    ),
    ("expires_in", lambda one: one.access_token(tenant_id="a", expires_in=float("inf"))),
    ("clock", lambda one: one.clock(advance=NAN)),
    ("clock", lambda one: one.clock(advance=10**400)),
    ("advance", lambda one: one.clock(advance="5")),  # type: ignore[arg-type]  # what is tested
    ("freeze", lambda one: one.clock(freeze=1)),  # type: ignore[arg-type]  # what is tested
    ("action.body.x", lambda one: one.add_fault(stage="accept", action={"type": "status", "body": {"x": LONE}})),
    ("action.body", lambda one: one.add_fault(stage="accept", action={"type": "status", "body": object()})),  # type: ignore[dict-item]  # what is tested
    ("action.seconds", lambda one: one.add_fault(stage="accept", action={"type": "delay", "seconds": NAN})),
    ("action.headers", lambda one: one.add_fault(stage="accept", action={"type": "status", "headers": {1: "x"}})),  # type: ignore[dict-item]  # what is tested
    ("match.path", lambda one: one.add_fault(stage="accept", action={"type": "reset"}, match={"path": f"/{LONE}"})),
    ("fault_id", lambda one: one.delete_fault([])),  # type: ignore[arg-type]  # what is tested
    ("host", lambda one: one.set_txt_records(LONE, ["x"])),
    ("host", lambda one: one.set_txt_records(5, ["x"])),  # type: ignore[arg-type]  # what is tested
    ("values[1]", lambda one: one.set_txt_records("a.example", ["x", LONE])),
    ("tenants", lambda one: one.seed(tenants=5)),  # type: ignore[arg-type]  # what is tested
    ("users", lambda one: one.seed(users="ab")),  # type: ignore[arg-type]  # what is tested
    ("tenants", lambda one: one.seed(tenants=TENANT)),  # type: ignore[arg-type]  # what is tested
    ("seed", lambda one: one.seed({1: 2})),  # type: ignore[dict-item]  # what is tested
    ("seed", lambda one: one.seed(5)),  # type: ignore[arg-type]  # what is tested
    ("snapshot", lambda one: one.restore(5)),  # type: ignore[arg-type]  # what is tested
    ("snapshot", lambda one: one.restore({1: 2})),  # type: ignore[dict-item]  # what is tested
]


@pytest.mark.parametrize(("name", "call"), VERBS)
def test_verbs(emulator: EmulatorHandle, name: str, call: Callable[[EmulatorHandle], object]) -> None:
    """A wrong value or type is a `ValueError` that names the argument, and nothing has changed."""
    one = emulator.create_environment()
    one.seed(tenants=[TENANT])
    environments = len(emulator.snapshot()["environments"])  # type: ignore[arg-type]  # of JSON
    before = one.snapshot()
    with pytest.raises(ValueError) as refused:
        call(one)
    assert name in str(refused.value)
    str(refused.value).encode()
    assert one.snapshot() == before
    assert one.faults() == []
    assert len(emulator.snapshot()["environments"]) == environments  # type: ignore[arg-type]  # of JSON


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("verb", "raw", "place"),
    [
        ("seed", b'{"tenants": [{"tenantId": "a", "name": "\\ud800"}]}', "$.tenants[0].name"),
        ("seed", b'{"tenants": [{"tenantId": "a", "name": "A", "annualRevenue": NaN}]}', "$.tenants[0].annualRevenue"),
        ("restore", b'{"version": 1, "environments": [{"client_id": "\\ud800"}]}', "$.environments[0].client_id"),
        ("user-tokens", b'{"tenantId": "a", "email": "\\ud800"}', "$.email"),
        ("access-tokens", b'{"tenantId": "a", "roles": ["\\ud800"]}', "$.roles[0]"),
        ("clock", b'{"advance": 1e999}', "$.advance"),
        ("clock", b'{"advance": Infinity}', "$.advance"),
        ("faults", b'{"stage": "accept", "action": {"type": "status", "body": "\\udfff"}}', "$.action.body"),
        ("switches", b'{"delete_status": NaN}', "$.delete_status"),
        ("txt-records", b'{"host": "\\ud800", "values": []}', "$.host"),
    ],
)
async def test_bodies_of_the_admin_api(service: Service, verb: str, raw: bytes, place: str) -> None:
    """They are 400, and the place is named."""
    before = await service.emulator.snapshot()
    answer = await service.send(
        "POST",
        f"/_emulator/v1/environments/{service.emulator.client_id}/{verb}",
        data=raw,
        headers={"Content-Type": "application/json"},
    )
    assert answer.status == 400
    assert place in answer.json["error"]
    assert await service.emulator.snapshot() == before


@pytest.mark.anyio
async def test_headers_that_are_no_utf8_do_not_spoil_the_journal(service: Service) -> None:
    """They are shown with their bytes escaped."""
    import asyncio

    host, port = service.emulator.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        b"GET " + V2.encode() + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        b"Authorization: Bearer " + service.token.encode() + b"\r\nx-frontegg-forwarded-for: \xff\xc3\xa9\r\n\r\n"
    )
    await reader.read()
    writer.close()
    await writer.wait_closed()
    journal = await service.admin("GET", "journal")
    assert journal.json["requests"][-1]["headers"] == {"x-frontegg-forwarded-for": "\\udcff\u00e9"}


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = {"d": value}
    return value


@pytest.mark.anyio
@pytest.mark.parametrize("depth", [490, 494, 495, 496, 497, 498, 499])
async def test_what_was_taken_can_be_restored(service: Service, depth: int) -> None:
    """However deeply it is nested: whatever a create takes, a snapshot of it can be put back."""
    await service.create("a", metadata=nested(depth))
    header = {"frontegg-tenant-id": "a"}
    created = await service.send(
        "POST", "/identity/resources/tenants/api-tokens/v1", {"metadata": nested(depth)}, headers=header
    )
    assert created.status == 201
    pair = {"clientId": created.json["clientId"], "secret": created.json["secret"]}
    session = await service.send("POST", "/identity/resources/auth/v1/api-token", pair)
    assert session.status == 200
    if depth <= 497:  # around it are the seed, its users and the user
        user = {"email": "ann@a.example", "tenantId": "a", "metadata": nested(depth), "password": "pw"}
        assert (await service.admin("POST", "seed", {"users": [user]})).status == 200
        signed = {"email": "ann@a.example", "password": "pw"}
        vendor = {"frontegg-vendor-host": service.emulator.client_id}
        assert (await service.send("POST", "/identity/resources/auth/v1/user", signed, headers=vendor)).status == 200
    long = {"metadata": {"number": 10**4300 - 1}}
    made = await service.send("POST", "/identity/resources/tenants/api-tokens/v1", long, headers=header)
    assert made.status == 201
    snapshot: Mapping[str, Any] = (await service.admin("GET", "snapshot")).json
    assert (await service.admin("POST", "restore", snapshot)).raw == b""
    assert (await service.admin("GET", "snapshot")).json == snapshot
    assert (await service.send("GET", f"{V1}/a")).json[0]["metadata"] == json.dumps(nested(depth)).replace(" ", "")
