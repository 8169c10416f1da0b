"""Unit tests of the clock, body shapes, routes, limits, the journal and the state."""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Mapping
from typing import Any

import attrs
import pytest

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.emulator.faults.ledger import fires
from frontegg_async.emulator.faults.spec import Match
from frontegg_async.emulator.http.routes import RouteTable, decode, route_table, strip_prefix
from frontegg_async.emulator.services.registry import RULES
from frontegg_async.emulator.services.sessions.token_sessions import begin, renew
from frontegg_async.emulator.services.support.incoming_call import Query
from frontegg_async.emulator.services.support.request_bodies import shape_of
from frontegg_async.emulator.store.gradual_free import LARGE, Container, free_gradually
from frontegg_async.emulator.store.stored_records import all_records, state_of
from frontegg_async.emulator.store.switches import DEFAULT, change, differences
from frontegg_async.emulator.world import clock
from frontegg_async.emulator.world.clock import Clock
from frontegg_async.emulator.world.journal import Journal, JournalEntry
from frontegg_async.emulator.world.rate_windows import RateWindows
from frontegg_async.emulator.world.redaction import redact, redact_path
from frontegg_async.emulator.world.seeds import add_seed, read_seed
from frontegg_async.endpoints import Auth, Endpoint, all_endpoints
from frontegg_async.models.page import Order
from frontegg_async.models.tenants import TenantSort
from tests.emulator.support import START, create, make_environment, run, shown
from tests.emulator.test_rules_tenants import add_user


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "1970-01-01T00:00:00.000Z"),
        (START, "2023-11-14T22:13:20.000Z"),
        (START + 0.9999, "2023-11-14T22:13:20.999Z"),
    ],
)
def test_timestamps(seconds: float, text: str) -> None:
    """RFC 3339 with milliseconds and ``Z``."""
    assert clock.timestamp(seconds) == text


def test_a_clock() -> None:
    """It follows its source, ahead by what it was set forward, and stands still while it is frozen."""
    source = [100.0]
    ticking = Clock(source=lambda: source[0])
    ticking.advance(10)
    assert ticking.now() == 110
    ticking.freeze(True)
    source[0] += 5
    assert ticking.now() == 110
    ticking.advance(1)
    assert ticking.now() == 111
    ticking.freeze(False)
    assert ticking.now() == 111
    source[0] += 1
    assert ticking.now() == 112
    ticking.reset()
    assert ticking.now() == source[0]


@pytest.mark.parametrize("seconds", [-1e12, 1e12, float("nan"), float("inf")])
def test_a_clock_stays_in_range(seconds: float) -> None:
    """Moments without an RFC 3339 form are refused."""
    with pytest.raises(ValueError, match="clock"):
        Clock(frozen=START).advance(seconds)


@attrs.frozen
class Inner:
    size: int


@attrs.frozen
class Body:
    """One field of every kind that a write model may have."""

    text: str
    flag: bool
    number: float
    count: int
    order: Order
    inner: Inner
    many: tuple[str, ...]
    rows: tuple[Inner, ...] = ()
    table: Mapping[str, JsonValue] | Unset = UNSET
    some_value: JsonValue = None
    maybe: str | None | Unset = UNSET
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict)


GOOD: dict[str, Any] = {
    "text": "", "flag": True, "number": 1, "count": 1, "order": "ASC", "inner": {"size": 1}, "many": ["a"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({}, []),
        ({"number": 1.5, "rows": [{"size": 2}], "table": {"a": []}, "someValue": [1], "maybe": None}, []),
        ({"text": None}, ["text must be a string"]),
        ({"flag": 1}, ["flag must be a boolean value"]),
        ({"number": True}, ["number must be a number"]),
        ({"count": 1.0}, ["count must be an integer number"]),
        ({"order": "UP"}, ["order must be one of the following values: ASC, DESC"]),
        ({"inner": []}, ["inner must be an object"]),
        (
            {"inner": {"more": 1}},
            ["property inner.more should not exist", "inner.size should not be null or undefined"],
        ),
        ({"many": "a"}, ["many must be an array"]),
        ({"many": ["a", 1]}, ["each value in many must be a string"]),
        ({"table": []}, ["table must be an object"]),
        ({"maybe": 1}, ["maybe must be a string"]),
        ({"extra": {}}, ["property extra should not exist"]),
        ({"some_value": 1}, ["property some_value should not exist"]),
    ],
)
def test_shapes(changes: dict[str, Any], problems: list[str]) -> None:
    """A body is held against the types of the write model, by the names on the wire."""
    assert shape_of(Body).problems({**GOOD, **changes}, strict=True) == problems


def test_missing_and_loose() -> None:
    """Fields without a default are required; unknown ones pass when it is not strict."""
    assert shape_of(Inner).problems({}, strict=True) == ["size should not be null or undefined"]
    assert shape_of(Inner, optional=("size",)).problems({"more": 1}, strict=False) == []
    assert shape_of(Inner, any_json=("size",)).problems({"size": "x"}, strict=True) == []


def test_a_type_that_cannot_be_checked() -> None:
    """It is an error when the routes are made, not when a request comes."""

    @attrs.frozen
    class Odd:
        value: bytes

    with pytest.raises(TypeError, match="bytes"):
        shape_of(Odd)


def test_every_operation_has_a_rule() -> None:
    """The table has all declared operations; one without a rule is an error, and so is a rule without one."""
    assert {route.endpoint.name for route in route_table().routes} == {one.name for one in all_endpoints()}
    lonely = Endpoint(name="things.get", method="GET", path="/things", auth=Auth.NONE, returns=object)
    with pytest.raises(LookupError, match=r"things\.get"):
        RouteTable([*all_endpoints(), lonely], RULES)
    with pytest.raises(LookupError, match=r"tenants\.create"):
        RouteTable([], RULES)


def test_fixed_segments_go_first() -> None:
    """``lock`` and ``alias`` are words of the path, not ids."""
    table = route_table()
    found = table.find("POST", "/tenants/resources/tenants/v1/lock")
    assert found is not None
    assert found[0].endpoint.name == "tenants.lock"
    found = table.find("GET", "/tenants/resources/tenants/v2/alias/a%2Fb")
    assert found is not None
    assert (found[0].endpoint.name, found[1]) == ("tenants.get_by_alias", {"alias": "a/b"})
    assert table.find("DELETE", "/tenants/resources/tenants/v1/") is None


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_slash_at_the_end(method: str) -> None:
    """It makes no difference where shipped clients send it, and an unknown route elsewhere; so do two."""
    table, group = route_table(), "/identity/resources/groups/v1/g1"
    found = table.find(method, group)
    assert found is not None
    assert table.find(method, f"{group}/") == found
    for other in (f"{group}//", "/identity/resources/groups/v1/", "/identity/resources/roles/v1/r1/"):
        assert table.find(method, other) is None


@pytest.mark.parametrize(("raw", "text"), [("a", "a"), ("%C3%A4", "ä"), ("%ff", None), ("%zz", "%zz")])
def test_percent_encoding(raw: str, text: str | None) -> None:
    """What is no UTF-8 is no segment."""
    assert decode(raw) == text


def test_the_prefix() -> None:
    """Only a whole first segment is the prefix."""
    assert strip_prefix("/frontegg/a") == ("/a", True)
    assert strip_prefix("/fronteggs/a") == ("/fronteggs/a", False)


def test_windows_of_limits() -> None:
    """A window starts with a request and lasts a minute; a clock that was set back starts another."""
    limits = RateWindows()
    stood = [limits.take("a", 2, now) for now in (0.0, 10.0, 20.0)]
    assert [(one.remaining, one.seconds, one.is_over) for one in stood] == [
        (1, 60.0, False),
        (0, 50.0, False),
        (0, 40.0, True),
    ]
    assert not limits.take("b", 2, 20.0).is_over
    assert limits.take("a", 2, 60.0).remaining == 1
    assert limits.take("a", 2, 30.0).remaining == 1


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ""),
        ("_limit=1&_filter=a%20b", "_limit=1&_filter=a%20b"),
        ("_filter=ann%40acme.example&a=1", "_filter=%5Bredacted%5D&a=1"),
        ("access_token=x&a=1", "access_token=%5Bredacted%5D&a=1"),
        ("SECRET=x", "SECRET=%5Bredacted%5D"),
        ("%C5%BFecret=x", "%C5%BFecret=%5Bredacted%5D"),  # a long s, which is an s in any case
        ("countryCode=CH&code=x", "countryCode=CH&code=%5Bredacted%5D"),
        ("jwt=x&b=2", "jwt=%5Bredacted%5D&b=2"),
        ("Authorization=x", "Authorization=%5Bredacted%5D"),
        ("p%61ssword=x", "password=%5Bredacted%5D"),
        ("fe_refresh_emu_client=x", "fe_refresh_emu_client=%5Bredacted%5D"),
    ],
)
def test_redaction(query: str, shown: str) -> None:
    """Values whose names say that they are secret are not written down."""
    assert redact(query) == shown


@pytest.mark.parametrize(
    ("match", "seen", "fired", "draw", "expected"),
    [
        (Match(), 1, 0, 0.9, True),
        (Match(nth=2), 1, 0, 0.0, False),
        (Match(nth=2), 2, 0, 0.0, True),
        (Match(nth=2), 3, 1, 0.0, False),
        (Match(times=1), 2, 1, 0.0, False),
        (Match(probability=0.5), 1, 0, 0.49, True),
        (Match(probability=0.5), 1, 0, 0.5, False),
    ],
)
def test_when_a_fault_fires(match: Match, seen: int, fired: int, draw: float, expected: bool) -> None:
    """Count, times and chance decide together."""
    assert fires(match, seen=seen, fired=fired, draw=draw) is expected


def test_a_switch_keeps_the_others() -> None:
    """Changing one assumption leaves the rest."""
    changed = change(DEFAULT, {"delete_status": 204})
    assert differences(changed, DEFAULT) == {"delete_status": 204}
    assert change(changed, {"delete_status": 200}) == DEFAULT


def test_a_state_is_its_records() -> None:
    """What is kept of a state makes the same state, in any order."""
    environment = make_environment()
    create(environment, "p", isReseller=True)
    create(environment, "a", parentTenantId="p")
    create(environment, "b")
    add_user(environment, "u", "a", "b")
    run(environment, "tenants.delete", tenant_id="b")
    session = begin(environment, {"sub": "u", "tenantId": "a"}, kind="user")
    renew(environment, environment.state.refresh_tokens[session.refresh_token], {"sub": "u", "tenantId": "a"})
    records = [record for _, record in all_records(environment.state)]
    for order in (records, records[::-1]):
        assert state_of(order) == environment.state
        assert state_of(order).children("p") == ("a",)


def test_a_deleted_tenant_leaves_no_alias() -> None:
    """An alias goes with its tenant, and moves with a change."""
    environment = make_environment()
    state = environment.state
    create(environment, "a")
    import msgspec

    state.put_tenant(msgspec.structs.replace(state.tenants["a"], alias="one"))
    state.put_tenant(msgspec.structs.replace(state.tenants["a"], alias="two"))
    assert state.aliases == {"two": "a"}
    state.remove_tenant("a")
    assert state.aliases == {}


def test_an_alias_of_two_tenants_stays_with_the_other() -> None:
    """A seed may give it twice; the later one has it, whatever becomes of the first."""
    environment = make_environment()
    tenants = [{"tenantId": name, "name": name, "alias": "one"} for name in ("a", "b")]
    add_seed(environment, read_seed({"tenants": tenants}))
    run(environment, "tenants.delete", tenant_id="a")
    assert shown(run(environment, "tenants.get_by_alias", alias="one"))["tenantId"] == "b"


def test_an_order_costs_a_page() -> None:
    """A page looks at as many ids as it has tenants."""
    environment = make_environment()
    for index in range(300):
        create(environment, f"t{index:03}")
    assert environment.state.page(TenantSort.TENANT_ID, descending=True, start=10, stop=12) == ["t289", "t288"]


def test_paths_without_addresses() -> None:
    """An e-mail address in a path is personal; the rest of the path stays."""
    assert redact_path("/a/ann@acme.example/b") == "/a/[redacted]/b"
    assert redact_path("/a/b") == "/a/b"


def test_a_journal_of_several_environments() -> None:
    """All entries are in the order in which they came, also after those of one environment were forgotten."""
    journal = Journal()

    def entry(name: str, environment: str | None) -> JournalEntry:
        return JournalEntry(at="", method="GET", path=name, query="", route=None, environment=environment, trace_id="")

    for name, environment in (("1", "a"), ("2", None), ("3", "b"), ("4", "a"), ("5", "b"), ("6", None)):
        journal.add(entry(name, environment))
    assert [each.path for each in journal.entries()] == ["1", "2", "3", "4", "5", "6"]
    assert [each.path for each in journal.entries("a")] == ["1", "4"]
    assert journal.entries("nobody") == []
    journal.clear("a")
    journal.clear("nobody")
    journal.add(entry("7", "a"))
    assert [each.path for each in journal.entries()] == ["2", "3", "5", "6", "7"]
    assert [each.path for each in journal.entries("a")] == ["7"]
    journal.clear()
    assert journal.entries() == []


def test_a_query() -> None:
    """Values may be repeated and empty; the last one counts where one is asked for."""
    query = Query("a=1&b=&a=%C3%A4+2&c")
    assert (query.get("a"), query.get("b"), query.get("c"), query.get("d")) == ("ä 2", "", "", None)
    assert (query.values("a"), query.values("d")) == (["1", "ä 2"], [])
    assert Query().values("a") == []


def test_ids_are_uuids() -> None:
    """Those of the environment's own source, as the library writes them."""
    environment, rng = make_environment(), random.Random(1)
    for _ in range(100):
        assert environment.new_id() == str(uuid.UUID(int=rng.getrandbits(128), version=4))


@pytest.mark.parametrize("container", [{n: n for n in range(2 * LARGE)}, list(range(2 * LARGE))])
def test_much_is_freed_in_a_thread(container: Container) -> None:
    """Nobody waits for it."""
    threads = set(threading.enumerate())
    free_gradually([container, {}])
    for thread in set(threading.enumerate()) - threads:
        if thread.name == "frontegg-emulator-disposal":  # other threads are not this test's
            thread.join()
    assert not container


def test_little_is_left_to_the_interpreter() -> None:
    """It is gone with its last reference."""
    threads = threading.enumerate()
    free_gradually([[1, 2], {"a": 1}])
    assert threading.enumerate() == threads
