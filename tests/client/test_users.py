"""Users against the emulator: what they are in tenants, what the traps of the service cannot do, and lost responses."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from frontegg_async import (
    AsyncFrontegg,
    BadRequestError,
    ConflictError,
    FronteggError,
    InvalidArgumentError,
    NotFoundError,
    Options,
    Outcome,
    OutcomeUnknownError,
    PermissionDeniedError,
    ResponseMismatchError,
    UserToInvite,
)
from frontegg_async.emulator import EmulatorHandle
from frontegg_async.emulator.services.roles.rows import DEFAULT_ROLES
from frontegg_async.errors import LastOwnerWarning, UnknownValueWarning
from frontegg_async.models import TaskStatus
from frontegg_sync import Frontegg
from tests.exercises.world import ROLE_OF_OTHER, prepare
from tests.support.clients import make_client
from tests.support.raw_server import Answer, http, raw_server

pytestmark = pytest.mark.anyio

ADMIN, READ_ONLY = (role.id for role in DEFAULT_ROLES)
USER = {"id": "eve", "email": "eve@acme.example", "tenantId": "acme", "tenantIds": ["acme"]}


@pytest.fixture(autouse=True)
def prepared(frontegg_emulator: EmulatorHandle) -> None:
    """Ann of acme and other, and Bob of child, which is below acme."""
    prepare(frontegg_emulator)


@contextmanager
def _told() -> Iterator[list[str]]:
    """Collect the texts of warnings about owners."""
    texts: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield texts
    texts += [str(each.message) for each in caught if each.category is LastOwnerWarning]


async def test_the_life_of_a_user(frontegg_client: AsyncFrontegg) -> None:
    """Invited, found, given roles, moved to another tenant, and deleted."""
    users = frontegg_client.users
    invited = await users.invite("acme", email="eve@acme.example", role_ids=[READ_ONLY], metadata={"team": 7})
    eve = await users.get(invited.id, tenant_id="acme")
    assert (invited.roles, invited.permissions) == (eve.roles, eve.permissions)
    assert eve.roles is not None
    assert eve.permissions is not None
    assert ([role.key for role in eve.roles], eve.metadata, eve.verified) == (["ReadOnly"], {"team": 7}, False)
    assert "fe.secure.read.*" in [permission.key for permission in eve.permissions]
    assigned = await users.assign_roles(eve.id, tenant_id="acme", role_ids=[ADMIN])
    assert [role.id for role in assigned.roles] == [READ_ONLY, ADMIN]
    left = await users.unassign_roles(eve.id, tenant_id="acme", role_ids=[READ_ONLY])
    assert [role.id for role in left.roles] == [ADMIN]
    added = await users.add_to_tenant(eve.id, tenant_id="other")
    assert added.tenant_ids == ("acme", "other")
    assert (await users.switch_tenant(eve.id, tenant_id="other")).tenant_id == "other"
    await users.remove_from_tenant(eve.id, tenant_id="acme", warn_last_owner=False)
    assert [tenant.tenant_id for tenant in await users.list_tenants(eve.id)] == ["other"]
    await users.delete_everywhere(eve.id, confirm_user_id=eve.id)
    with pytest.raises(NotFoundError):
        await users.get_by_email("eve@acme.example")


async def test_the_roles_of_all_tenants_and_of_a_listing(
    frontegg_client: AsyncFrontegg, frontegg_emulator: EmulatorHandle
) -> None:
    """A listing has none of them, unless the service changes: ``None`` is not the same as no role."""
    users = frontegg_client.users
    done = await users.change_roles("ann", add_role_ids=[ADMIN, ROLE_OF_OTHER], tenant_ids=["other"])
    assert (done.id, done.is_over, done.total_tenants) == (None, True, 1)
    whole = {each.tenant_id: each.roles for each in (await users.get("ann")).tenants}
    assert [role.key for role in whole["other"] or ()] == ["Admin", "Own"]
    listed = await users.list("other").first()
    assert listed is not None
    assert [each.roles for each in listed.tenants] == [None, None]
    frontegg_emulator.set_switch("user_list_roles", "given")
    again = await users.list("other").first()
    assert again is not None
    assert [len(each.roles or ()) for each in again.tenants] == [1, 2]  # one of a group
    assert [
        (each.user_id, len(each.role_ids)) for each in await users.list_roles(["ann", "bob"], tenant_id="other")
    ] == [("ann", 2)]
    frontegg_emulator.set_switch("bulk_roles", "task")
    task = await users.change_roles("ann", add_role_ids=[ROLE_OF_OTHER], all_tenants=True)
    assert (task.status, task.is_over) == (TaskStatus.NOT_STARTED, False)
    ended = await users.get_roles_task(task.id or "")
    assert (ended.status, [each.tenant_id for each in ended.errors]) == (TaskStatus.COMPLETED_WITH_ERRORS, ["acme"])


async def test_the_groups_of_users(frontegg_client: AsyncFrontegg) -> None:
    """Rows have the ids of the groups, which are read by these."""
    made = await frontegg_client.groups.create("acme", name="Readers")
    await frontegg_client.groups.add_users("acme", made.id, user_ids=["ann"])
    (row,) = await frontegg_client.users.list_groups(["ann", "bob"], tenant_id="acme")
    assert (row.user_id, row.tenant_id, made.id in row.group_ids) == ("ann", "acme", True)
    found = await frontegg_client.groups.get_many("acme", row.group_ids)
    assert {each.id for each in found} == set(row.group_ids)


async def test_relations_of_groups_that_were_not_asked_for_are_none(frontegg_client: AsyncFrontegg) -> None:
    """An empty tuple would say that a group has no members."""
    made = await frontegg_client.groups.create("acme", name="Readers")
    plain, with_users, with_both = [
        await frontegg_client.groups.get("acme", made.id, relations=relations)
        for relations in (None, "users", "rolesAndUsers")
    ]
    assert (plain.users, plain.roles) == (None, None)
    assert (with_users.users, with_users.roles) == ((), None)
    assert (with_both.users, with_both.roles) == ((), ())


async def test_a_user_is_changed_in_a_tenant_that_it_is_in(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """Where no tenant is named, a request reads one first; the token comes before it."""
    changed = await frontegg_client.users.update("bob", name="Robert")
    assert changed.name == "Robert"
    assert [entry.method for entry in frontegg_emulator.journal()] == ["POST", "GET", "PUT"]
    assert (await frontegg_client.users.get("bob")).name == "Robert"


async def test_roles_of_an_invitation_that_are_no_objects() -> None:
    """The description has texts: they stay in ``extra``, and the invitation counts."""
    keys: dict[str, object] = {"roles": ["Admin"], "permissions": ["fe.*"]}
    script = [http(404, {"errors": ["no"]}), http(201, {**USER, **keys})]
    async with raw_server(*script) as server, make_client(server.url) as client:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnknownValueWarning)  # comes once for each field
            invited = await client.users.invite("acme", email="eve@acme.example")
    assert (invited.roles, invited.permissions) == (None, None)
    assert {name: invited.extra[name] for name in keys} == keys


async def test_users_come_with_their_roles(frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg) -> None:
    """In the tenant of the listing, if that is asked for: with one list of roles, and a request for each 100 users."""
    ids = [f"u{number:03}" for number in range(150)]
    users = [{"id": each, "email": f"{each}@acme.example", "tenantId": "acme"} for each in ids]
    frontegg_emulator.seed(users=users)
    client = frontegg_client
    await client.users.assign_roles("u000", tenant_id="acme", role_ids=[ADMIN])
    await client.users.assign_roles("u120", tenant_id="acme", role_ids=[READ_ONLY, "r2"])

    def reads(count: int) -> list[str | None]:
        return [entry.route for entry in frontegg_emulator.journal()[count:]]

    before = len(frontegg_emulator.journal())
    found = {user.id: user async for user in client.users.list("acme", prefetch=0, with_roles=True)}
    assert sorted(reads(before)) == ["roles.list_v1", "users.list", "users.list_roles", "users.list_roles"]
    assert {*ids} <= {*found}
    roles = {user_id: [role.key for role in user.roles or ()] for user_id, user in found.items()}
    assert (roles["u000"], sorted(roles["u120"]), found["u007"].roles) == (["Admin"], ["ReadOnly", "auditor"], ())

    before = len(frontegg_emulator.journal())
    listing = client.for_tenant("acme").users.list(user_ids=ids, page_size=60, with_roles=True)
    assert [user.id for user in await listing.all() if user.roles] == ["u000", "u120"]
    paged = reads(before)
    assert (paged.count("users.list"), paged.count("users.list_roles")) == (3, 3)
    await client.roles.update(ADMIN, name="Boss")
    first = await listing.first()  # reads the roles anew
    assert first is not None
    assert [role.name for role in first.roles or ()] == ["Boss"]
    assert {user.roles for user in await client.users.list("acme").all()} == {None}
    assert (await client.users.list("nowhere", with_roles=True).all()) == []


async def test_a_role_that_was_made_meanwhile_is_read(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """The list of roles is read again if a later page has a role that it lacks."""
    users = [{"id": f"u{number}", "email": f"u{number}@acme.example", "tenantId": "acme"} for number in range(2)]
    frontegg_emulator.seed(users=users)
    client, keys = frontegg_client, []
    async for user in client.users.list("acme", user_ids=["u0", "u1"], page_size=1, prefetch=0, with_roles=True):
        keys.append([role.key for role in user.roles or ()])
        if user.id == "u0":
            made = await client.roles.create(key="late", name="Late", level=10)
            await client.users.assign_roles("u1", tenant_id="acme", role_ids=[made.id])
    assert keys == [[], ["late"]]


@pytest.mark.parametrize("with_roles", [True, "yes"])
def test_roles_are_those_of_a_tenant(frontegg_client: AsyncFrontegg, with_roles: bool) -> None:
    """Without a tenant, nothing is sent."""
    words = "with_roles needs tenant_id" if with_roles is True else "with_roles must be"
    with pytest.raises(InvalidArgumentError, match=words):
        frontegg_client.users.list(with_roles=with_roles)


async def test_a_listing_is_of_the_tenant_alone(frontegg_client: AsyncFrontegg) -> None:
    """Its sub-accounts and the whole environment are asked for."""
    users = frontegg_client.users
    assert [user.id async for user in users.list("acme")] == ["ann"]
    assert {user.id async for user in users.list("acme", include_sub_tenants=True)} == {"ann", "bob"}
    assert [user.id async for user in users.list(sort_by="email", order="desc")] == ["bob", "ann"]
    many = [f"user-{index}" for index in range(150)]
    listing = users.list(user_ids=[*many, "ann"])
    assert [user.id for user in await listing.all()] == ["ann"]
    assert "(user_ids=[151])" in repr(listing)
    assert await users.list(external_ids=["none"]).first() is None


async def test_a_role_of_another_tenant_is_refused(frontegg_client: AsyncFrontegg) -> None:
    """With an invitation, too; and nobody is invited."""
    users = frontegg_client.users
    with pytest.raises(BadRequestError, match=ROLE_OF_OTHER):
        await users.assign_roles("ann", tenant_id="acme", role_ids=[ROLE_OF_OTHER])
    with pytest.raises(BadRequestError, match=ROLE_OF_OTHER):
        await users.invite("acme", email="eve@acme.example", role_ids=[ROLE_OF_OTHER])
    with pytest.raises(BadRequestError, match="the role is not in the tenant"):
        await users.change_roles("ann", add_role_ids=[ROLE_OF_OTHER], tenant_ids=["acme"])
    assert await users.list(email="eve@acme.example").first() is None


async def test_a_second_factor_is_taken_once(frontegg_client: AsyncFrontegg) -> None:
    """Ann has one."""
    users = frontegg_client.users
    assert (await users.get("ann")).mfa_enrolled
    await users.disable_mfa("ann", tenant_id="acme")
    assert not (await users.get("ann")).mfa_enrolled
    with pytest.raises(BadRequestError) as refused:
        await users.disable_mfa("ann", tenant_id="acme")
    assert refused.value.code == "ER-01097"


async def test_an_environment_without_an_application_invites_nobody(
    frontegg_client: AsyncFrontegg, frontegg_emulator: EmulatorHandle
) -> None:
    """The code of the service says why."""
    frontegg_emulator.set_switch("default_application", "none")
    with pytest.raises(PermissionDeniedError) as caught:
        await frontegg_client.users.invite("acme", email="eve@acme.example")
    assert caught.value.code == "ER-00008"


async def test_no_tenant_is_created_for_a_user(frontegg_client: AsyncFrontegg) -> None:
    """The service would create one that does not exist, if it was not told to refuse that."""
    with pytest.raises(NotFoundError):
        await frontegg_client.users.add_to_tenant("bob", tenant_id="typo")
    assert await frontegg_client.tenants.list(tenant_ids=["typo"]).first() is None


async def test_a_removal_from_a_tenant_is_no_deletion(frontegg_client: AsyncFrontegg) -> None:
    """And a deletion needs the id twice."""
    users = frontegg_client.for_tenant("acme").users
    await users.remove_from_tenant("ann")
    assert (await frontegg_client.users.get("ann")).tenant_ids == ("other",)
    with pytest.raises(InvalidArgumentError, match="confirm_user_id"):
        await frontegg_client.users.delete_everywhere("ann", confirm_user_id="bob")


async def test_what_is_not_given_is_cleared_by_a_replacement_alone(frontegg_client: AsyncFrontegg) -> None:
    """An update leaves it as it is."""
    users = frontegg_client.users
    await users.update("ann", tenant_id="acme", name="Ann", metadata={"a": 1})
    assert (await users.update("ann", tenant_id="acme", phone_number="+49301234567")).metadata == {"a": 1}
    replaced = await users.replace_all_fields("ann", external_id="7")
    assert (replaced.metadata, replaced.phone_number, replaced.external_id) == ({}, None, "7")
    assert [user.id async for user in users.list(external_ids=["7"])] == ["ann"]


@pytest.mark.parametrize("path", ["*users/v3/roles*", "*users/v3", "*users/v1/*"])
@pytest.mark.parametrize("status", [200, 400, 403, 404, 429, 503])
async def test_nothing_is_changed_where_the_check_for_owners_fails(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg, path: str, status: int
) -> None:
    """The answers are those of a proxy, not of the service."""
    await frontegg_client.users.assign_roles("ann", tenant_id="acme", role_ids=[ADMIN])
    await frontegg_client.users.invite("acme", email="eve@acme.example", role_ids=[READ_ONLY])
    text = "null" if status == 200 else "<html>"
    page = {"type": "status", "status": status, "body": text, "headers": {"content-type": "text/html"}}
    frontegg_emulator.add_fault(stage="accept", action=page, match={"method": "GET", "path": path})
    with pytest.raises(FronteggError) as failed:
        await frontegg_client.users.remove_from_tenant("ann", tenant_id="acme", options=Options(max_retries=0))
    assert failed.value.outcome is Outcome.NOT_SENT
    frontegg_emulator.delete_faults()
    assert "acme" in (await frontegg_client.users.get("ann")).tenant_ids


async def test_the_last_owner_of_a_tenant_is_warned_of(frontegg_client: AsyncFrontegg, sync_client: Frontegg) -> None:
    """Before anything is removed, by both clients; not of others, and not where another owner stays."""
    users = frontegg_client.users
    await users.assign_roles("ann", tenant_id="acme", role_ids=[ADMIN])
    eve = await users.invite("acme", email="eve@acme.example", role_ids=[READ_ONLY])
    with pytest.raises(LastOwnerWarning, match="user 'ann' is the last owner of tenant 'acme'"):
        await users.remove_from_tenant("ann", tenant_id="acme")
    assert "acme" in (await users.get("ann")).tenant_ids
    with pytest.raises(LastOwnerWarning, match="'ann'"):
        sync_client.users.remove_from_tenant("ann", tenant_id="acme")
    await users.assign_roles(eve.id, tenant_id="acme", role_ids=[ADMIN])
    for keep_out, let_in in (
        (users.lock(eve.id), users.unlock(eve.id)),
        (users.disable(eve.id, tenant_id="acme"), users.enable(eve.id, tenant_id="acme")),
    ):
        await keep_out
        with pytest.raises(LastOwnerWarning, match="'ann'"):
            await users.remove_from_tenant("ann", tenant_id="acme")
        await let_in
    with _told() as texts:
        await users.remove_from_tenant("ann", tenant_id="acme")
        await users.unassign_roles(eve.id, tenant_id="acme", role_ids=[ADMIN], warn_last_owner=False)
        await users.remove_from_tenant(eve.id, tenant_id="acme")
    assert texts == []


async def test_losing_the_role_of_an_owner_is_warned_of(
    frontegg_emulator: EmulatorHandle, frontegg_client: AsyncFrontegg
) -> None:
    """In each tenant that is left without an owner, and not where a role of an owner stays; nothing is changed."""
    users = frontegg_client.users
    await users.assign_roles("ann", tenant_id="acme", role_ids=[ADMIN, READ_ONLY])
    await users.add_to_tenant("ann", tenant_id="child", send_email=False)
    await users.assign_roles("ann", tenant_id="child", role_ids=[ADMIN])
    for loses, tenants in (
        (users.unassign_roles("ann", tenant_id="acme", role_ids=[READ_ONLY, ADMIN]), "tenant 'acme': nobody"),
        (users.delete_everywhere("ann", confirm_user_id="ann"), "tenant 'acme' and tenant 'child': nobody"),
        (
            users.change_roles("ann", remove_role_ids=[ADMIN], all_tenants=True),
            "tenant 'acme' and tenant 'child': nobody",
        ),
        (
            users.change_roles("ann", add_role_ids=[READ_ONLY], remove_role_ids=[ADMIN], tenant_ids=["child"]),
            "tenant 'child': nobody",
        ),
    ):
        with pytest.raises(LastOwnerWarning, match=f"'ann' is the last owner of {tenants}"):
            await loses
    assert {role.id for role in (await users.get("ann", tenant_id="acme")).roles or ()} >= {ADMIN, READ_ONLY}
    await users.assign_roles("bob", tenant_id="child", role_ids=[ADMIN])
    frontegg_emulator.clear_journal()
    with pytest.raises(LastOwnerWarning, match="last owner of tenant 'acme': nobody"):
        await users.delete_everywhere("ann", confirm_user_id="ann")
    read = [entry.route for entry in frontegg_emulator.journal()]
    assert read == ["users.get", "users.list", "users.list", "users.list_roles"]
    owner = await frontegg_client.roles.create(key="owner", name="Owner", level=0)
    with _told() as texts:
        await users.change_roles("ann", remove_role_ids=[ADMIN], tenant_ids=["child"])
        await users.change_roles("ann", add_role_ids=[owner.id], remove_role_ids=[ADMIN], tenant_ids=["acme"])
        await users.change_roles("ann", remove_role_ids=[owner.id], all_tenants=True, warn_last_owner=False)
        await users.assign_roles("ann", tenant_id="child", role_ids=[ADMIN])
        await users.unassign_roles("ann", tenant_id="acme", role_ids=[READ_ONLY])
        await users.unassign_roles("ann", tenant_id="child", role_ids=[ADMIN])
        await users.delete_everywhere("ann", confirm_user_id="ann", warn_last_owner=False)
    assert texts == []


async def test_many_are_invited_by_one_request(frontegg_client: AsyncFrontegg) -> None:
    """Those who cannot be invited are errors of the task."""
    users = frontegg_client.users
    task = await users.invite_many(
        "acme", [UserToInvite(email="eve@acme.example"), UserToInvite(email="ANN@acme.example")]
    )
    status = await users.get_invitation_task(task.id)
    assert (status.status, status.extra["total"]) == ("CompletedWithErrors", 2)
    assert (await users.get_by_email("eve@acme.example")).tenant_ids == ("acme",)
    (found,) = await users.list_statuses([(await users.get_by_email("eve@acme.example")).id])
    assert [(each.tenant_id, each.status) for each in found.tenants_statuses] == [("acme", "PendingInvitation")]


@pytest.fixture
def sync_client(frontegg_emulator: EmulatorHandle) -> Iterator[Frontegg]:
    """A blocking client."""
    with Frontegg(frontegg_emulator.client_id, frontegg_emulator.secret, base_url=frontegg_emulator.url) as client:
        yield client


async def test_a_lost_invitation_is_read_by_its_address() -> None:
    """It was done; or it was not and is sent again; or the user is in another tenant alone."""
    elsewhere, nobody = http(200, {**USER, "tenantIds": ["other"]}), http(404, {"errors": ["no"]})
    role = {"id": "r1", "key": "Admin"}
    member = {**USER, "tenants": [{"tenantId": "other", "roles": []}, {"tenantId": "acme", "roles": [role]}]}
    created = {"id": "eve", "roles": [role]}
    for before, answers, sent in (
        (nobody, [http(503), http(200, member)], ["POST", "GET"]),
        (elsewhere, [http(503), http(200, member)], ["POST", "GET"]),
        (nobody, [http(503), nobody, http(201, created)], ["POST", "GET", "POST"]),
        (elsewhere, [http(503), elsewhere, http(201, created)], ["POST", "GET", "POST"]),
    ):
        async with raw_server(before, *answers) as server, make_client(server.url) as client:
            invited = await client.users.invite("acme", email="eve@acme.example")
        assert invited.id == "eve"
        assert [each.key for each in invited.roles or ()] == ["Admin"]
        assert [request.method for request in server.requests] == ["GET", *sent]
        assert "eve%40acme.example" in server.requests[2].target


@pytest.mark.parametrize(
    ("before", "after", "error"),
    [
        (http(200, USER), [http(200, USER)], ConflictError),
        (http(500), [http(200, USER), http(200, [{"userId": "eve", "roleIds": ["r1"]}])], OutcomeUnknownError),
        (
            http(404, {"errors": ["no"]}),
            [http(200, USER), http(200, [{"userId": "eve", "roleIds": []}])],
            ConflictError,
        ),
        (http(404, {"errors": ["no"]}), [http(200, {**USER, "name": "Adam"})], ConflictError),
    ],
    ids=["was there", "nobody knows", "other roles", "other name"],
)
async def test_a_member_who_was_not_invited_by_this_call_is_no_success(
    before: Answer, after: list[Answer], error: type[FronteggError]
) -> None:
    """The first attempt was lost before it was processed, and the tenant has a user with the address."""
    async with raw_server(before, http(503), *after) as server, make_client(server.url) as client:
        with pytest.raises(error):
            await client.users.invite("acme", email="eve@acme.example", name="Eve", role_ids=["r1"])
    assert [request.method for request in server.requests].count("POST") == 1


async def test_a_lost_invitation_that_cannot_be_read_is_unknown() -> None:
    """The error tells what was asked, without the name."""
    async with raw_server(http(404), http(503), http(500)) as server, make_client(server.url) as client:
        with pytest.raises(OutcomeUnknownError) as caught:
            await client.users.invite(
                "acme", email="eve@acme.example", name="Eve", options=Options(max_retries=1, deadline=5)
            )
    assert caught.value.asked["tenant_id"] == "acme"


async def test_a_user_who_was_not_asked_for_is_refused() -> None:
    """A response that belongs to another request is no user."""
    async with raw_server(http(200, USER)) as server, make_client(server.url) as client:
        with pytest.raises(ResponseMismatchError):
            await client.users.get("ann")


async def test_errors_name_the_method_that_was_called(frontegg_client: AsyncFrontegg) -> None:
    """Also where a method of signed-in users sends the same request."""
    users = frontegg_client.users
    for call, name in (
        (users.switch_tenant("ann", tenant_id="nobody"), "users.switch_tenant"),
        (users.list_tenants("nobody"), "users.list_tenants"),
    ):
        with pytest.raises(NotFoundError, match=rf"^{name}\b") as caught:
            await call
        assert caught.value.endpoint == name
    with pytest.raises(NotFoundError, match=r"users\.list\(email=\.\.\.\) finds the user"):
        await users.get("ann@acme.example")


async def test_an_address_that_is_taken(frontegg_client: AsyncFrontegg) -> None:
    """Of another user; the user's own, in capitals, is none."""
    users = frontegg_client.users
    with pytest.raises(ConflictError):
        await users.set_email("ann", email="BOB@child.example")
    assert (await users.set_email("ann", email="ANN@acme.example")).email == "ANN@acme.example"


async def test_the_address_is_set_without_a_tenant() -> None:
    """The service refuses the header on this route, which is about the user in all tenants."""
    row = {"id": "ann", "email": "ann@new.example"}
    async with raw_server(http(200, row)) as server, make_client(server.url) as client:
        await client.users.set_email("ann", email="ann@new.example")
    assert "frontegg-tenant-id" not in server.requests[0].headers
