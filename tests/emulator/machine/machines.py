"""State machines for tenants: every operation in any order, each response compared with the model."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from frontegg_async.emulator.services.support.emulated_response import EMPTY
from tests.emulator.machine.model import PLAIN, Model
from tests.emulator.machine.transports import (
    V1,
    V2,
    HttpTransport,
    Received,
    ResponseLostError,
    RulesTransport,
    Transport,
    path,
)

IDS: Final = ("t1", "t2", "t3", "acme", "Acme-2", "a b", "x/y", "100%", "ünï+cödé", "日本", "v1")
UNKNOWN: Final = "nobody"
KEYS: Final = ("plan", "seats", "a.b", "lock", "ключ")

MAX_SNAPSHOTS: Final = 2

tenant_ids: Final = st.sampled_from(IDS)
texts: Final = st.sampled_from(("Acme", "acme ltd", "Zebra", "Ärger", "ÄRGER & Co", "日本", "x"))
values: Final = st.sampled_from(("pro", 7, 2.5, True, None, [1, {"a": None}], {"b": "c"}, ""))
objects: Final = st.dictionaries(st.sampled_from(KEYS), values, max_size=3)
json_texts: Final = st.one_of(objects, values).map(lambda value: json.dumps(value, indent=1))
metadata: Final = st.one_of(st.none(), objects, json_texts)
mergeable: Final = st.one_of(objects, objects.map(json.dumps), st.sampled_from((7, [], None, "7", "[]", "{not json")))
plain_fields: Final = st.dictionaries(
    st.sampled_from([name for name in PLAIN if name != "name"]), st.one_of(st.none(), texts), max_size=3
)


@attrs.frozen
class Change:
    """A request that changes something: how it is sent, why it may be refused, and what it does when it is not."""

    send: tuple[str, str, object]
    refused: set[int]
    status: int
    apply: Callable[[Model], None]
    about: str | None = None


class TenantMachine(RuleBasedStateMachine):
    """Requests in any order. A subclass says through which transport."""

    def __init__(self) -> None:
        super().__init__()
        self.transport = self.open_transport()
        self.model = Model(now=self.transport.admin("POST", "clock", {"freeze": True})["now"])
        self.snapshots: list[tuple[Any, Model]] = []

    def open_transport(self) -> Transport:
        """Return the way to the emulator."""
        raise NotImplementedError

    def teardown(self) -> None:
        """Leave the environment behind."""
        self.transport.close()

    def make(self, change: Change) -> None:
        """Make a change, and hold the answer against the model."""
        answered = self.transport.send(*change.send)
        if change.refused:
            assert answered.status in change.refused, answered
            self.check_error(answered)
            return
        assert answered.status == change.status, answered
        change.apply(self.model)
        if change.about is None:
            assert answered.body is EMPTY
        else:
            assert self.model.tenants[change.about].difference(answered.body) == []

    def check_error(self, answered: Received) -> None:
        """Errors have one of the two envelopes."""
        if "errors" in answered.body:
            assert all(isinstance(text, str) for text in answered.body["errors"])
        else:
            assert answered.body["statusCode"] == answered.status
            assert answered.body["message"]

    def pick(self, data: st.DataObject) -> str:
        """Draw an id, mostly of a tenant that lives."""
        alive = st.sampled_from(list(self.model.tenants)) if self.model.tenants else tenant_ids
        return data.draw(st.one_of(alive, alive, alive, alive, st.sampled_from((*IDS, UNKNOWN))))

    def draw_create(self, data: st.DataObject, tenant_id: str) -> Change:
        """Draw the create of a tenant: new, re-activated or there already."""
        body: dict[str, Any] = {"tenantId": tenant_id, "name": data.draw(texts), **data.draw(plain_fields)}
        if data.draw(st.booleans()):
            body["metadata"] = data.draw(metadata)
        body["isReseller"] = data.draw(st.booleans())
        if data.draw(st.booleans()):
            body["parentTenantId"] = self.pick(data)
        refused = self.model.refuse_create(body)
        return Change(("POST", V1, body), refused, 201, lambda model: model.create(tenant_id, body), tenant_id)

    def draw_update(self, data: st.DataObject) -> Change:
        """Draw an update: any subset of the fields, none included."""
        tenant_id = self.pick(data)
        body: dict[str, Any] = data.draw(plain_fields)
        if data.draw(st.booleans()):
            body["name"] = data.draw(texts)
        if data.draw(st.booleans()):
            body["metadata"] = data.draw(metadata)
        if data.draw(st.booleans()):
            body["isReseller"] = data.draw(st.booleans())
        target = path(data.draw(st.sampled_from((V1, V2))), tenant_id)
        refused = self.model.refuse_update(tenant_id, body)
        return Change(("PUT", target, body), refused, 200, lambda model: model.update(tenant_id, body), tenant_id)

    def draw_merge(self, data: st.DataObject) -> Change:
        """Draw keys to merge, or what cannot be merged."""
        tenant_id, given = self.pick(data), data.draw(mergeable)
        send = ("POST", path(V1, tenant_id, "metadata"), {"metadata": given})
        refused = self.model.refuse_merge(tenant_id, given)
        return Change(send, refused, 201, lambda model: model.merge(tenant_id, given), tenant_id)

    def draw_delete_key(self, data: st.DataObject) -> Change:
        """Draw a key to delete, there or not."""
        tenant_id, key = self.pick(data), data.draw(st.sampled_from(KEYS))
        send = ("DELETE", path(V1, tenant_id, "metadata", key), EMPTY)
        refused = self.model.refuse_unknown(tenant_id)
        return Change(send, refused, 200, lambda model: model.delete_key(tenant_id, key), tenant_id)

    def draw_delete(self, data: st.DataObject) -> Change:
        """Draw a tenant to delete."""
        tenant_id = self.pick(data)
        refused = self.model.refuse_unknown(tenant_id)
        return Change(("DELETE", path(V1, tenant_id), EMPTY), refused, 200, lambda model: model.delete(tenant_id))

    def draw_lock(self, data: st.DataObject) -> Change:
        """Draw tenants to lock or unlock, none included."""
        ids = [self.pick(data) for _ in range(data.draw(st.integers(0, 3)))]
        verb = data.draw(st.sampled_from(("lock", "unlock")))
        send = ("POST", path(V1, verb), {"tenantIds": ids})
        refused = self.model.refuse_lock(ids)
        return Change(send, refused, 204, lambda model: model.lock(ids, locked=verb == "lock"))

    @initialize(count=st.integers(0, 14), names=st.lists(texts, min_size=14, max_size=14))
    def begin(self, count: int, names: Sequence[str]) -> None:
        """Begin with a tree of resellers, some of the same age."""
        for index in range(count):
            tenant_id = f"s{index}"
            body: dict[str, Any] = {"tenantId": tenant_id, "name": names[index], "isReseller": True}
            if index:
                body["parentTenantId"] = f"s{(index - 1) // 2}"
            assert self.transport.send("POST", V1, body).status == 201
            self.model.create(tenant_id, body)
            if index % 3 == 0:
                self.time_passes(1)

    @rule(data=st.data(), tenant_id=tenant_ids)
    def create(self, data: st.DataObject, tenant_id: str) -> None:
        """Create a tenant with an id of ours."""
        self.make(self.draw_create(data, tenant_id))

    @rule(name=texts, given=metadata)
    def create_without_id(self, name: str, given: Any) -> None:
        """Create a tenant and leave the id to the service."""
        body = {"name": name, "metadata": given}
        answered = self.transport.send("POST", V1, body)
        assert answered.status == 201
        tenant_id = answered.body["tenantId"]
        assert tenant_id not in self.model.tenants
        assert tenant_id not in self.model.deleted
        self.model.create(tenant_id, body)
        assert self.model.tenants[tenant_id].difference(answered.body) == []

    @rule(data=st.data())
    def update(self, data: st.DataObject) -> None:
        """Change some fields."""
        self.make(self.draw_update(data))

    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        """Merge metadata."""
        self.make(self.draw_merge(data))

    @rule(data=st.data())
    def delete_key(self, data: st.DataObject) -> None:
        """Delete a key of the metadata."""
        self.make(self.draw_delete_key(data))

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        """Delete a tenant."""
        self.make(self.draw_delete(data))

    @rule(data=st.data())
    def lock(self, data: st.DataObject) -> None:
        """Lock or unlock."""
        self.make(self.draw_lock(data))

    @rule(seconds=st.integers(1, 60))
    def time_passes(self, seconds: int) -> None:
        """Set the clock forward."""
        self.model.now = self.transport.admin("POST", "clock", {"advance": seconds})["now"]

    @rule(data=st.data())
    def get(self, data: st.DataObject) -> None:
        """Get one tenant by both routes: an object and an array of one, or twice an empty array."""
        tenant_id = self.pick(data)
        new, old = (self.transport.send("GET", path(base, tenant_id)) for base in (V2, V1))
        assert (new.status, old.status) == (200, 200)
        tenant = self.model.tenants.get(tenant_id)
        if tenant is None:
            assert (new.body, old.body) == ([], [])
        else:
            assert old.body == [new.body]
            assert tenant.difference(new.body) == []

    @rule(
        limit=st.sampled_from((None, 1, 2, 3, 50, 200, 1000)),
        sort=st.sampled_from((None, "createdAt", "name", "tenantId")),
        order=st.sampled_from((None, "ASC", "DESC")),
        text=st.sampled_from((None, "", "a", "ACME", "ä", "本", "%", "nothing like it")),
        data=st.data(),
    )
    def list(
        self, limit: int | None, sort: str | None, order: str | None, text: str | None, data: st.DataObject
    ) -> None:
        """Read a listing to its end, page by page, by the index of the page."""
        query: list[tuple[str, object]] = [("limit", 1), ("offset", 3)]  # not parameters: they have no underscore
        given = {"_limit": limit, "_sortBy": sort, "_order": order, "_filter": text}
        query += [(name, value) for name, value in given.items() if value is not None]
        ids = None
        if data.draw(st.booleans()):
            ids = [self.pick(data) for _ in range(data.draw(st.integers(1, 5)))]
            query += _ids_query(ids, data.draw(st.sampled_from(("repeated", "comma", "brackets"))))
        expected = self.model.matching(text, ids)
        size = min(limit or 50, 200)
        count = math.ceil(len(expected) / size)
        rows: list[dict[str, Any]] = []
        for index in range(count + 1):
            answered = self.transport.send("GET", V2, query=[*query, ("_offset", index)])
            assert answered.status == 200
            assert answered.body["_metadata"] == {"totalItems": len(expected), "totalPages": count}
            assert len(answered.body["items"]) == max(0, min(size, len(expected) - index * size))
            rows += answered.body["items"]
        assert sorted(row["tenantId"] for row in rows) == sorted(expected)
        assert [fault for row in rows for fault in expected[row["tenantId"]].difference(row)] == []
        keys = [row[sort or "createdAt"] for row in rows]
        assert keys == sorted(keys, reverse=order == "DESC")
        if sort is None and order is None:
            assert rows == sorted(rows, key=lambda row: (row["createdAt"], row["tenantId"]))

    @precondition(lambda self: len(self.snapshots) < MAX_SNAPSHOTS)
    @rule()
    def take_snapshot(self) -> None:
        """Remember everything."""
        self.snapshots.append((self.transport.admin("GET", "snapshot"), self.model.copy()))

    @precondition(lambda self: self.snapshots)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        """Go back to what was remembered, clock included."""
        snapshot, model = data.draw(st.sampled_from(self.snapshots))
        self.transport.admin("POST", "restore", snapshot)
        self.model = model.copy()

    @invariant()
    def all_is_as_the_model_has_it(self) -> None:
        """The old listing has every tenant, whole, in the default order."""
        answered = self.transport.send("GET", V1)
        assert answered.status == 200
        assert {row["tenantId"] for row in answered.body} == set(self.model.tenants)
        assert len(answered.body) == len(self.model.tenants)
        assert len({row["id"] for row in answered.body}) == len(answered.body)
        assert [(row, wrong) for row in answered.body if (wrong := self.difference(row))] == []

    def difference(self, row: dict[str, Any]) -> list[str]:
        """The fields in which a row is not the model's tenant."""
        return self.model.tenants[row["tenantId"]].difference(row)

    @rule()
    def the_hierarchy_is_as_the_model_has_it(self) -> None:
        """Parents are not in the tenants; a snapshot has them."""
        (environment,) = self.transport.admin("GET", "snapshot")["environments"]
        parents = {stored["tenantId"]: stored["parentTenantId"] for stored in environment["tenants"]}
        assert parents == {tenant.tenant_id: tenant.parent for tenant in self.model.tenants.values()}


class PureMachine(TenantMachine):
    """Against the rules as functions."""

    def open_transport(self) -> Transport:
        """The rules."""
        return RulesTransport()


class HttpMachine(TenantMachine):
    """Against a server, where answers can be lost."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__()

    def open_transport(self) -> Transport:
        """The server."""
        return HttpTransport(self.url)

    @rule(
        data=st.data(),
        stage=st.sampled_from(("accept", "before_commit", "after_commit", "in_headers", "in_body")),
        action=st.sampled_from(("reset", "close")),
        kind=st.sampled_from(("create", "update", "merge", "delete_key", "delete", "lock")),
    )
    def lose_an_answer(self, data: st.DataObject, stage: str, action: str, kind: str) -> None:
        """The connection ends before or after the change was made: only afterwards it shows which."""
        change = self.draw_change(data, kind)
        if change.refused:
            return
        method, target, body = change.send
        self.transport.admin("POST", "faults", {"match": {"times": 1}, "stage": stage, "action": {"type": action}})
        try:
            answered = self.transport.send(method, target, body)
        except ResponseLostError:
            pass
        else:
            # a response that is cut off may be complete
            assert stage in {"in_headers", "in_body"}, answered
        self.transport.close()
        self.transport.admin("DELETE", "faults")
        if stage not in {"accept", "before_commit"}:
            change.apply(self.model)

    def draw_change(self, data: st.DataObject, kind: str) -> Change:
        """Draw a change of a kind."""
        if kind == "create":
            return self.draw_create(data, data.draw(tenant_ids))
        draw: Callable[[st.DataObject], Change] = getattr(self, f"draw_{kind}")
        return draw(data)


def _ids_query(ids: list[str], form: str) -> list[tuple[str, object]]:
    if form == "comma":
        return [("_tenantIds", ",".join(ids))]
    return [("_tenantIds[]" if form == "brackets" else "_tenantIds", tenant_id) for tenant_id in ids]
