"""A state machine that writes and reads tenants through the SDK, with faults, and compares them with a model."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from frontegg_async import BadRequestError, ConflictError, FronteggError, NotFoundError, Tenant
from frontegg_async.emulator import EmulatorHandle
from tests.emulator.machine.model import PLAIN, Model
from tests.support.clients import make_client

T = TypeVar("T")

IDS: Final = ("t1", "t2", "acme", "x/y", "100%", "ünï")
UNKNOWN: Final = "nobody"
BEFORE_THE_ANSWER: Final = ("accept", "before_commit", "after_commit")
IN_THE_ANSWER: Final = ("in_headers", "in_body")
TENANTS: Final = "/tenants/*"

ids: Final = st.sampled_from((*IDS, *IDS, UNKNOWN))
texts: Final = st.sampled_from(("Acme", "Zebra", "Ärger & Co", "日本"))
keys: Final = st.sampled_from(("plan", "seats", "a.b", "ключ"))
values: Final = st.sampled_from(("pro", 7, 2.5, True, None, [1, {"a": None}], {"b": "c"}, ""))
objects: Final = st.dictionaries(keys, values, max_size=3)
fields: Final = st.dictionaries(st.sampled_from([name for name in PLAIN if name in {"status", "website"}]), texts)

breaks: Final = st.sampled_from(({"type": "reset"}, {"type": "close"}, {"type": "garbage"}))
answers: Final = st.sampled_from((*({"type": "status", "status": status} for status in (500, 502, 503, 504)),))
cuts: Final = st.sampled_from(({"type": "truncate", "bytes": 0}, {"type": "truncate", "bytes": 30}))
limit: Final = st.just({"type": "rate_limit", "reset_in": 1})
faults: Final = st.none() | st.tuples(
    st.tuples(st.sampled_from(BEFORE_THE_ANSWER), breaks | answers)
    | st.tuples(st.sampled_from(IN_THE_ANSWER), breaks | cuts)
    | st.tuples(st.sampled_from(("accept", "before_commit")), limit),
    st.sampled_from((1, 2)),
)
"""A stage and what happens there, and to how many requests of the call, reads among them."""

REFUSED_SECRETS: Final = {400: BadRequestError, 404: NotFoundError, 409: ConflictError}


def snake(name: str) -> str:
    """The name of a field in Python."""
    return re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


class TenantClientMachine(RuleBasedStateMachine):
    """Writes and reads, with and without faults; after each the listing must show what the model has."""

    def __init__(self, emulator: EmulatorHandle) -> None:
        super().__init__()
        emulator.reset()
        self.emulator = emulator
        self.runner = asyncio.Runner()
        self.client = make_client(emulator.url)
        self.model = Model(now="")
        self.names = 0

    def teardown(self) -> None:
        """Close the client."""
        self.runner.run(self.client.aclose())
        self.runner.close()

    def new_name(self) -> str:
        """A name that no other has, so that no tenant is taken for another."""
        self.names += 1
        return f"name {self.names}"

    def attempt(self, call: Coroutine[Any, Any, T], fault: Any, *, path: str = TENANTS) -> T | FronteggError:
        """Make a call, with its first requests at fault; return its value or how it failed."""
        self.emulator.clear_journal()
        if fault is not None:
            (stage, action), times = fault
            self.emulator.add_fault(match={"path": path, "times": times}, stage=stage, action=action)
        try:
            return self.runner.run(call)
        except FronteggError as error:
            return error
        finally:
            self.emulator.delete_faults()

    def effects(self, kind: str) -> list[str]:
        """The ids of the tenants that the last call created or deleted."""
        return [each for entry in self.emulator.journal() if entry.effect for each in getattr(entry.effect, kind)]

    def is_refused(self, ended: object, refused: set[int]) -> bool:
        """Hold the end of a call against the statuses that refuse it; return whether it was refused."""
        if not refused:
            assert not isinstance(ended, FronteggError), ended
            return False
        assert type(ended) in {REFUSED_SECRETS[status] for status in refused}, (ended, refused)
        return True

    def check(self, tenant: Tenant) -> None:
        """Hold a tenant against the model."""
        expected = self.model.tenants[tenant.tenant_id]
        found = {name: getattr(tenant, snake(name)) for name in PLAIN}
        assert found == expected.plain
        assert (tenant.is_reseller, tenant.is_locked) == (expected.is_reseller, expected.is_locked)
        assert tenant.metadata == expected.metadata.parsed()

    # Writes

    @rule(
        tenant_id=ids,
        parent=st.none() | ids,
        given_fields=fields,
        metadata=objects,
        reseller=st.booleans(),
        fault=faults,
    )
    def create(
        self, tenant_id: str, parent: str | None, given_fields: Any, metadata: Any, fault: Any, *, reseller: bool
    ) -> None:
        """Create a tenant with an id of ours; one that was deleted lives again."""
        if parent == tenant_id:
            return
        name = self.new_name()
        body = {"tenantId": tenant_id, "name": name, "isReseller": reseller, "metadata": metadata, **given_fields}
        if parent is not None:
            body["parentTenantId"] = parent
        call = self.client.tenants.create(
            tenant_id=tenant_id,
            name=name,
            is_reseller=reseller,
            parent_tenant_id=parent,
            metadata=metadata,
            **given_fields,
        )
        made = self.attempt(call, fault)
        if self.is_refused(made, self.model.refuse_create(body)):
            assert self.effects("created") == []
            return
        assert self.effects("created") == [tenant_id]
        self.model.create(tenant_id, body)
        assert isinstance(made, Tenant)
        self.check(made)

    @rule(metadata=objects, fault=faults)
    def create_without_id(self, metadata: Any, fault: Any) -> None:
        """Create a tenant with an id of the SDK's, at most a few."""
        if len(self.model.tenants) > 2 * len(IDS):
            return
        name = self.new_name()
        made = self.attempt(self.client.tenants.create(name=name, metadata=metadata), fault)
        assert isinstance(made, Tenant), made
        assert self.effects("created") == [made.tenant_id]
        self.model.create(made.tenant_id, {"name": name, "metadata": metadata})
        self.check(made)

    @rule(tenant_id=ids, metadata=objects, fault=faults)
    def ensure(self, tenant_id: str, metadata: Any, fault: Any) -> None:
        """Get a tenant, or create it."""
        name = self.new_name()
        ended = self.attempt(self.client.tenants.ensure(tenant_id, name=name, metadata=metadata), fault)
        assert not isinstance(ended, FronteggError), ended
        tenant, created = ended
        assert created is (tenant_id not in self.model.tenants)
        assert self.effects("created") == [tenant_id] * created
        if created:
            self.model.create(tenant_id, {"name": name, "metadata": metadata})
        self.check(tenant)

    @rule(tenant_id=ids, given_fields=fields, metadata=st.none() | objects, fault=faults)
    def update(self, tenant_id: str, given_fields: Any, metadata: Any, fault: Any) -> None:
        """Change some fields; metadata as a whole."""
        name = self.new_name()
        body = {"name": name, "metadata": metadata, **given_fields}
        ended = self.attempt(self.client.tenants.update(tenant_id, name=name, metadata=metadata, **given_fields), fault)
        if not self.is_refused(ended, self.model.refuse_update(tenant_id, body)):
            self.model.update(tenant_id, body)
            assert isinstance(ended, Tenant)
            self.check(ended)

    @rule(tenant_id=ids, metadata=objects.filter(bool), fault=faults)
    def merge(self, tenant_id: str, metadata: Any, fault: Any) -> None:
        """Merge keys into the metadata."""
        ended = self.attempt(self.client.tenants.add_metadata(tenant_id, metadata), fault)
        if not self.is_refused(ended, self.model.refuse_unknown(tenant_id)):
            self.model.merge(tenant_id, metadata)

    @rule(tenant_id=ids, key=keys, fault=faults)
    def delete_key(self, tenant_id: str, key: str, fault: Any) -> None:
        """Delete a key, there or not; of a tenant that is not there it is not found, or was done already."""
        ended = self.attempt(self.client.tenants.delete_metadata(tenant_id, key), fault)
        refused = self.model.refuse_unknown(tenant_id)
        if refused and fault is not None and not isinstance(ended, FronteggError):
            return
        if not self.is_refused(ended, refused):
            self.model.delete_key(tenant_id, key)

    @rule(tenant_id=ids, fault=faults)
    def delete(self, tenant_id: str, fault: Any) -> None:
        """Delete a tenant; when a response is lost, one that is not there was deleted."""
        ended = self.attempt(self.client.tenants.delete(tenant_id), fault)
        refused = self.model.refuse_unknown(tenant_id)
        if refused and fault is not None and ended is None:
            assert self.effects("deleted") == []
        elif not self.is_refused(ended, refused):
            assert self.effects("deleted") == [tenant_id]
            self.model.delete(tenant_id)

    @rule(tenant_ids=st.lists(ids, min_size=1, max_size=3, unique=True), locked=st.booleans(), fault=faults)
    def lock(self, tenant_ids: list[str], fault: Any, *, locked: bool) -> None:
        """Lock or unlock all of some tenants, or none of them."""
        verb = self.client.tenants.lock if locked else self.client.tenants.unlock
        ended = self.attempt(verb(tenant_ids), fault)
        if not self.is_refused(ended, self.model.refuse_lock(tenant_ids)):
            self.model.lock(tenant_ids, locked=locked)

    # Reads

    @rule(tenant_id=ids, fault=faults)
    def get(self, tenant_id: str, fault: Any) -> None:
        """Get one tenant."""
        found = self.attempt(self.client.tenants.get(tenant_id), fault)
        if not self.is_refused(found, self.model.refuse_unknown(tenant_id)):
            assert isinstance(found, Tenant)
            self.check(found)

    @rule(size=st.sampled_from((1, 2, 200)), fault=faults)
    def list(self, size: int, fault: Any) -> None:
        """List all, by pages of any size."""
        rows = self.attempt(self._list(size), fault)
        assert not isinstance(rows, FronteggError), rows
        self.check_all(rows)

    async def _list(self, size: int) -> list[Tenant]:
        return [tenant async for tenant in self.client.tenants.list(page_size=size)]

    def check_all(self, rows: list[Tenant]) -> None:
        """All tenants that there should be, once each, and no other."""
        assert sorted(row.tenant_id for row in rows) == sorted(self.model.tenants)
        for row in rows:
            self.check(row)

    @invariant()
    def all_is_as_the_model_has_it(self) -> None:
        """The listing has every tenant, and a snapshot every parent."""
        self.check_all(self.runner.run(self._list(200)))
        snapshot: Any = self.emulator.snapshot()
        rows = snapshot["environments"][0]["tenants"]
        assert {row["tenantId"]: row["parentTenantId"] for row in rows} == {
            tenant_id: tenant.parent for tenant_id, tenant in self.model.tenants.items()
        }
