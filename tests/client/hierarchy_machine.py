"""A state machine that changes the hierarchy through the SDK and compares it with a model."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, Final

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from frontegg_async import BadRequestError, ConflictError, FronteggError, InvalidArgumentError, NotFoundError, Outcome
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.errors import MoveError
from frontegg_async.models import SubAccountAccessType
from tests.support.clients import make_client

IDS: Final = ("t0", "t1", "t2", "t3", "x/y", "ünï", "100%")
UNKNOWN: Final = "nobody"

ids: Final = st.sampled_from((*IDS, *IDS, UNKNOWN))
faults: Final = st.none() | st.tuples(
    st.sampled_from(("accept", "before_commit", "after_commit", "in_headers", "in_body")),
    st.sampled_from(("close", "reset")),
    st.sampled_from((1, 2)),
)

Problem = type[Exception]


@attrs.define
class Member:
    """A tenant that lives."""

    name: str
    parent: str | None
    is_reseller: bool
    access: SubAccountAccessType = SubAccountAccessType.DEFAULT_OFF


class HierarchyMachine(RuleBasedStateMachine):
    """Writes with and without lost responses, and reads that must show what the model has."""

    def __init__(self, emulator: EmulatorHandle) -> None:
        super().__init__()
        emulator.reset()
        self.emulator = emulator
        self.runner = asyncio.Runner()
        self.client = make_client(emulator.url)
        self.members: dict[str, Member] = {}
        self.names = 0

    def teardown(self) -> None:
        """Close the client."""
        self.runner.run(self.client.aclose())
        self.runner.close()

    # What the model knows

    def above(self, tenant_id: str) -> list[str]:
        """The tenants above one, the nearest first."""
        found: list[str] = []
        parent = self.members[tenant_id].parent
        while parent is not None:
            found.append(parent)
            parent = self.members[parent].parent
        return found

    def below(self, tenant_id: str) -> dict[str, int]:
        """The tenants below one, with their levels."""
        return {
            other: self.above(other).index(tenant_id) + 1 for other in self.members if tenant_id in self.above(other)
        }

    def problem_of_assign(self, child: str, parent: str) -> set[Problem]:
        """Why a tenant cannot be put under another; nothing if it can."""
        if child == parent:
            return {InvalidArgumentError}
        problems: set[Problem] = set()
        if child not in self.members or parent not in self.members:
            problems.add(NotFoundError)
        if parent in self.members and not self.members[parent].is_reseller:
            problems.add(BadRequestError)
        if child in self.members and self.members[child].parent not in (None, parent):
            problems.add(BadRequestError)
        if {child, parent} <= self.members.keys() and child in self.above(parent):
            problems.add(BadRequestError)
        return problems

    # How requests are made

    def attempt(self, call: Coroutine[Any, Any, object], path: str, fault: Any) -> FronteggError | None:
        """Make a call, with its first responses lost if a fault says so; return how it failed."""
        if fault is not None:
            stage, action, times = fault
            match: Mapping[str, Any] = {"path": f"{path}*", "times": times}
            # reads use GET, and must not be disturbed
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                self.emulator.add_fault(match={**match, "method": method}, stage=stage, action={"type": action})
        try:
            self.runner.run(call)
        except FronteggError as error:
            return error
        finally:
            self.emulator.delete_faults()
        return None

    def expect(self, error: Exception | None, problems: set[Problem], *, may_be_done: bool = False) -> bool:
        """Hold the end of a call against the model; return whether the change is to be made there too."""
        if problems and error is None:
            assert may_be_done, problems
            return False
        if problems:
            assert type(error) in problems, error
            return False
        assert error is None, error
        return True

    @initialize(shape=st.lists(st.integers(-1, 3), min_size=4, max_size=4), flags=st.integers(0, 15))
    def begin(self, shape: list[int], flags: int) -> None:
        """Begin with some tenants, some below others."""
        seed: list[Mapping[str, Any]] = []
        for place, tenant_id in enumerate(IDS[:4]):
            above = shape[place]
            parent = IDS[above] if 0 <= above < place else None
            is_reseller = bool(flags & 1 << place)
            self.members[tenant_id] = Member(tenant_id, parent, is_reseller)
            seed.append({"tenantId": tenant_id, "name": tenant_id, "parentTenantId": parent, "isReseller": is_reseller})
        self.emulator.seed(tenants=seed)

    # Changes

    @rule(tenant_id=ids, parent=ids, is_reseller=st.booleans(), fault=faults)
    def create(self, tenant_id: str, parent: str, fault: Any, *, is_reseller: bool) -> None:
        """Create a sub-account; one that was deleted lives again."""
        self.names += 1
        name = f"name {self.names}"
        call = self.client.sub_tenants.create(
            name=name, parent_tenant_id=parent, tenant_id=tenant_id, is_reseller=is_reseller
        )
        problems: set[Problem] = set()
        if tenant_id == parent:
            problems = {InvalidArgumentError}
        else:
            if tenant_id in self.members:
                problems.add(ConflictError)
            if parent not in self.members:
                problems.add(NotFoundError)
            elif not self.members[parent].is_reseller:
                problems.add(BadRequestError)
        if self.expect(self.attempt(call, "/tenants/resources/sub-tenants/v1", fault), problems):
            self.members[tenant_id] = Member(name, parent, is_reseller)

    @rule(child=ids, parent=ids, fault=faults)
    def assign(self, child: str, parent: str, fault: Any) -> None:
        """Put a tenant under another; when a response is lost, one that is there counts as put there."""
        is_there = child in self.members and self.members[child].parent == parent
        call = self.client.hierarchy.assign(child, parent)
        error = self.attempt(call, "/tenants/resources/hierarchy/v1", fault)
        may_be_done = is_there and fault is not None
        if self.expect(error, self.problem_of_assign(child, parent), may_be_done=may_be_done):
            self.members[child].parent = parent

    @rule(child=ids, parent=ids, directly=st.booleans(), fault=faults)
    def remove(self, child: str, parent: str, fault: Any, *, directly: bool) -> None:
        """Take a tenant from under its parent; when a response is lost, one that is not there counts as taken away."""
        if directly and child in self.members:
            parent = self.members[child].parent or parent
        problems: set[Problem] = {InvalidArgumentError} if child == parent else set()
        if not problems and (child not in self.members or self.members[child].parent != parent):
            problems = {NotFoundError}
        error = self.attempt(self.client.hierarchy.unassign(child, parent), "/tenants/resources/hierarchy/v1", fault)
        if self.expect(error, problems, may_be_done=fault is not None):
            self.members[child].parent = None

    @rule(child=ids, parent=ids, fault=faults)
    def move(self, child: str, parent: str, fault: Any) -> None:
        """Move a tenant: it is there in the end, or where it was, or the error says where."""
        old = self.members[child].parent if child in self.members else None
        error = self.attempt(self.client.hierarchy.move(child, parent), "/tenants/resources/hierarchy/v1", fault)
        problems = self.problems_of_move(child, parent, old)
        if MoveError in problems:
            assert isinstance(error, MoveError), error
            assert error.parent_id is None
            assert error.outcome is Outcome.REFUSED or fault is not None
            self.members[child].parent = None
        elif self.expect(error, problems):
            self.members[child].parent = parent

    def problems_of_move(self, child: str, parent: str, old: str | None) -> set[Problem]:
        """Why a tenant cannot be moved; `MoveError` if it cannot be put back either."""
        if child == parent:
            return {InvalidArgumentError}
        if child not in self.members:
            return {NotFoundError}
        if old == parent:
            return set()
        if parent not in self.members:
            return {NotFoundError}
        if child in self.above(parent):
            return {InvalidArgumentError}
        if self.members[parent].is_reseller:
            return set()
        return {BadRequestError} if old is None or self.members[old].is_reseller else {MoveError}

    @rule(tenant_id=ids, as_sub_tenant=st.booleans(), fault=faults)
    def delete(self, tenant_id: str, fault: Any, *, as_sub_tenant: bool) -> None:
        """Delete a tenant: its sub-accounts go to its parent. When a response is lost, one that is gone was deleted."""
        path = f"/tenants/resources/{'sub-tenants' if as_sub_tenant else 'tenants'}/v1"
        resource = self.client.sub_tenants if as_sub_tenant else self.client.tenants
        problems: set[Problem] = set() if tenant_id in self.members else {NotFoundError}
        error = self.attempt(resource.delete(tenant_id), path, fault)
        if self.expect(error, problems, may_be_done=fault is not None):
            gone = self.members.pop(tenant_id)
            for member in self.members.values():
                if member.parent == tenant_id:
                    member.parent = gone.parent

    @rule(tenant_id=ids, is_reseller=st.booleans(), fault=faults)
    def set_management(self, tenant_id: str, fault: Any, *, is_reseller: bool) -> None:
        """Allow or forbid sub-accounts; those that are there stay."""
        call = self.client.sub_tenants.set_management(tenant_id, is_reseller=is_reseller)
        error = self.attempt(call, "/tenants/resources/sub-tenants/v1", fault)
        if self.expect(error, set() if tenant_id in self.members else {NotFoundError}):
            self.members[tenant_id].is_reseller = is_reseller

    @rule(tenant_id=ids, access=st.sampled_from(SubAccountAccessType), fault=faults)
    def set_hierarchy_settings(self, tenant_id: str, access: SubAccountAccessType, fault: Any) -> None:
        """Set who may enter the sub-accounts."""
        call = self.client.sub_tenants.set_hierarchy_settings(tenant_id, access_type=access)
        error = self.attempt(call, "/tenants/resources/sub-tenants/v1", fault)
        if self.expect(error, set() if tenant_id in self.members else {NotFoundError}):
            self.members[tenant_id].access = access

    @rule(tenant_id=ids, fault=faults)
    def rename(self, tenant_id: str, fault: Any) -> None:
        """Give a tenant another name."""
        self.names += 1
        name = f"name {self.names}"
        call = self.client.sub_tenants.rename(tenant_id, name=name)
        error = self.attempt(call, "/tenants/resources/sub-tenants/v1", fault)
        if self.expect(error, set() if tenant_id in self.members else {NotFoundError}):
            self.members[tenant_id].name = name

    # Reads

    @rule(tenant_id=ids)
    def read(self, tenant_id: str) -> None:
        """What is above and below a tenant, by every operation that tells of it."""
        self.runner.run(self._read(tenant_id))

    async def _read(self, tenant_id: str) -> None:
        hierarchy = self.client.hierarchy
        if tenant_id not in self.members:
            for call in (
                hierarchy.tree(tenant_id),
                hierarchy.list_parents(tenant_id),
                hierarchy.list_sub_accounts(tenant_id),
            ):
                try:
                    await call
                except NotFoundError:
                    continue
                raise AssertionError(tenant_id)
            return
        below = self.below(tenant_id)
        tree = await hierarchy.tree(tenant_id)
        assert {node.tenant_id: node.tenant_name for node in tree} == {
            each: self.members[each].name for each in (tenant_id, *below)
        }
        for place in tree.walk():
            above = [*self.above(place.node.tenant_id)]
            assert place.path == (*reversed(above[: place.depth]), place.node.tenant_id)
        assert {row.tenant_id: row.level for row in await hierarchy.list_sub_accounts(tenant_id)} == below
        rows = await hierarchy.list_parents(tenant_id)
        assert [row.tenant_id for row in rows] == self.above(tenant_id)
        assert [row.level for row in rows] == list(range(1, len(rows) + 1))
        found = {row.tenant_id: row async for row in hierarchy.search(tenant_id, page_size=2)}
        assert found.keys() == below.keys()
        for each, row in found.items():
            member = self.members[each]
            assert (row.name, row.is_reseller, row.sub_account_access_type) == (
                member.name,
                member.is_reseller,
                member.access,
            )
            assert row.metadata is not None
            assert row.metadata.is_parent == bool(self.below(each))
        counts = await hierarchy.count_sub_accounts(tenant_id, [tenant_id, *below])
        assert {count.tenant_id: count.total_sub_tenants for count in counts} == {
            each: len(self.below(each)) for each in (tenant_id, *below)
        }

    @invariant()
    def everybody_is_where_the_model_has_it(self) -> None:
        """The snapshot tells all parents."""
        snapshot: Any = self.emulator.snapshot()
        rows = snapshot["environments"][0]["tenants"]
        assert {row["tenantId"]: row["parentTenantId"] for row in rows} == {
            tenant_id: member.parent for tenant_id, member in self.members.items()
        }
