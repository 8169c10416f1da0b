"""The outbox: which e-mails the service would have sent, and that it sends no others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import attrs
import msgspec
import pytest

from frontegg_async.emulator import Emulator, EmulatorHandle, SentEmail
from frontegg_async.emulator.services.emails.rows import SentEmailRow
from frontegg_async.emulator.services.emails.sending import MAX_EMAILS, send_invitation
from frontegg_async.emulator.store.user_rows import UserRow
from frontegg_async.endpoints import Auth, all_endpoints
from frontegg_sync import Frontegg, FronteggError
from tests.emulator.outbox import SENDERS
from tests.emulator.support import Service, make_environment

pytestmark = pytest.mark.anyio

SEED: Final[dict[str, Any]] = {
    "tenants": [
        {"tenantId": "north", "name": "North", "isReseller": True},
        {"tenantId": "acme", "name": "Acme", "parentTenantId": "north"},
        {"tenantId": "kiosk", "name": "Kiosk", "parentTenantId": "north"},
        {"tenantId": "closed", "name": "Closed", "isLocked": True},
    ],
    "users": [
        {
            "id": "eve",
            "email": "eve@north.example",
            "tenantId": "north",
            "memberships": {"north": {"status": "PendingInvitation"}},
        },
        {"id": "ann", "email": "ann@north.example", "tenantId": "north"},
        {
            "id": "bob",
            "email": "Bob@acme.example",
            "tenantId": "north",
            "tenantIds": ["north", "acme", "kiosk"],
            "memberships": {
                "acme": {"status": "PendingInvitation"},
                "kiosk": {"status": "PendingLogin"},
            },
        },
    ],
}
NORTH: Final = {"frontegg-tenant-id": "north"}
ENDPOINTS: Final = {each.name: each for each in all_endpoints()}
NEW: Final = {"email": "new@north.example"}
ACTIVATE_NEW: Final = ("ActivateUser", "new@north.example", "north")


@attrs.frozen
class Sending:
    """A request that succeeds, and the e-mails that it sends."""

    name: str
    body: object
    sent: tuple[tuple[str, str, str], ...] = ()
    fields: Mapping[str, str] = attrs.field(factory=dict)
    headers: Mapping[str, str] = NORTH
    is_of_user: bool = False
    switches: Mapping[str, str | int] = attrs.field(factory=dict)


def _of_users() -> list[Sending]:
    named, own = {"userId": "ann"}, {"tenantId": "kiosk"}
    several = [
        {**NEW, "name": "<b>New</b>"},
        {"email": "ann@north.example"},
        {"email": "no address"},
        {"username": "n"},
    ]
    sent_again = ("InviteToTenant", "Bob@acme.example", "acme")
    return [
        *(
            row
            for name in ("users.invite", "users.invite_v1")
            for row in (
                Sending(name, NEW, (ACTIVATE_NEW,)),
                Sending(name, {**NEW, "skipInviteEmail": False}, (ACTIVATE_NEW,)),
                Sending(name, {**NEW, "skipInviteEmail": None}, (ACTIVATE_NEW,)),
                Sending(name, {**NEW, "skipInviteEmail": True}),
                Sending(name, {"username": "nobody-with-an-address"}),
                Sending(
                    name,
                    {"email": "ANN@north.example"},
                    (("InviteToTenant", "ann@north.example", "kiosk"),),
                    headers={"frontegg-tenant-id": "kiosk"},
                ),
                Sending(
                    name,
                    {"email": "ann@north.example"},
                    (("InviteToTenant", "ann@north.example", "north"),),
                    switches={"invite_member": 201},
                ),
            )
        ),
        Sending("users.invite_many", {"users": several}, (ACTIVATE_NEW,)),
        Sending("users.invite_many", {"users": [{**NEW, "skipInviteEmail": True}]}),
        Sending("users.add_to_tenant", own, (("InviteToTenant", "ann@north.example", "kiosk"),), {"user_id": "ann"}),
        Sending("users.add_to_tenant", {**own, "skipInviteEmail": True}, (), {"user_id": "ann"}),
        Sending(
            "team_members.resend_activation",
            {},
            (("ActivateUser", "eve@north.example", "north"),),
            {"user_id": "eve"},
            is_of_user=True,
        ),
        Sending(
            "users.resend_invitation",
            {"email": "ANN@north.example"},
            (("InviteToTenant", "ann@north.example", "north"),),
        ),
        Sending("users.resend_all_invitations", {"email": "bob@acme.example"}, (sent_again,)),
        Sending("users.resend_all_invitations", {"email": "ann@north.example"}),
        Sending("users.set_active_tenant", {"tenantId": "kiosk"}, (), {"user_id": "ann"}),
        Sending("users.set_email", {"email": "anna@north.example"}, (), {"user_id": "ann"}),
        Sending("invitations.create", {"tenantId": "north", **named, "shouldSendEmail": False}),
    ]


def _of_invitations() -> list[Sending]:
    to_ann = (("InviteToTenant", "ann@north.example", "north"),)
    about_ann = {**NORTH, "frontegg-user-id": "ann"}
    asks, refuses = {"shouldSendEmail": True, "expiresInMinutes": 5}, {"shouldSendEmail": False, "expiresInMinutes": 5}
    general, of_ann = {"tenantId": "north"}, {"tenantId": "north", "userId": "ann"}
    off = {"tenant_invitations": "refused"}
    of_user: list[tuple[str, dict[str, object]]] = [
        ("user_invitations.create_v1", {}),
        ("user_invitations.create", {"roleIds": []}),
    ]
    return [
        Sending("invitations.create", {**of_ann, "shouldSendEmail": True}, to_ann),
        Sending("invitations.create", of_ann),
        Sending("invitations.create", {**general, "shouldSendEmail": True}),
        Sending("invitations.create", {**of_ann, "shouldSendEmail": True}, switches=off),
        *(Sending(name, {**asks, **more}, to_ann, headers=about_ann) for name, more in of_user),
        *(Sending(name, {**refuses, **more}, headers=about_ann) for name, more in of_user),
        Sending("user_invitations.update", {"shouldSendEmail": True}, to_ann, headers=about_ann),
        Sending("user_invitations.update", {"expiresInMinutes": 9}, headers=about_ann),
    ]


def _of_sub_tenants() -> list[Sending]:
    kiosk, acme = {"tenantId": "kiosk"}, {"tenantId": "acme"}
    return [
        Sending(
            "sub_tenants.users.add",
            {"user": NEW, "subTenants": [kiosk, acme]},
            (("ActivateUser", "new@north.example", "kiosk"), ("ActivateUser", "new@north.example", "acme")),
            is_of_user=True,
        ),
        Sending(
            "sub_tenants.users.add", {"user": {"email": "bob@ACME.example"}, "subTenants": [acme]}, is_of_user=True
        ),
        Sending(
            "sub_tenants.users.add_many",
            {"users": [NEW, NEW, {"email": "ann@north.example"}], "tenantId": "kiosk"},
            (("ActivateUser", "new@north.example", "kiosk"), ("InviteToTenant", "ann@north.example", "kiosk")),
            is_of_user=True,
        ),
    ]


def _of_activations() -> list[Sending]:
    person = {"provider": "local", "companyName": "New", "email": "new@new.example"}
    return [
        Sending(
            "users.activation.resend", {"email": "eve@north.example"}, (("ActivateUser", "eve@north.example", "north"),)
        ),
        Sending("users.activation.resend", {"email": "ann@north.example"}),
        Sending("users.sign_up.create", {**person, "password": "Another-pass-1"}),
        Sending("users.sign_up.create_with_username", {**person, "username": "new", "password": "Another-pass-1"}),
    ]


def _of_passwords() -> list[Sending]:
    of_ann = {"identifier": "ANN@north.example", "identifierType": "email"}
    to_ann = (("ResetPassword", "ann@north.example", "north"),)
    return [
        Sending("users.passwords.send_reset_email", of_ann, to_ann),
        Sending("users.passwords.send_reset_email", {**of_ann, "identifier": "no@north.example"}),
        Sending("users.passwords.send_reset_email_v1", {"email": "ann@north.example"}, to_ann),
        Sending("users.passwords.send_reset_sms", of_ann),
    ]


def _of_contacts() -> list[Sending]:
    email, phone = {"email": "anna@north.example"}, {"phoneNumber": "+49301234567"}
    code, text = (("VerifyNewEmail", "anna@north.example", "north"),), (("OTC", "+49301234567", "north"),)
    return [
        Sending("users.emails.add", email, code, {"user_id": "ann"}),
        Sending("users.emails.add", {**email, "isVerified": True}, (), {"user_id": "ann"}),
        Sending("me.emails.add", email, code, is_of_user=True),
        Sending("me.change_email", email, code, is_of_user=True),
        Sending("me.phone_numbers.add", phone, text, is_of_user=True),
        Sending("me.phone_numbers.add", {**phone, "verify": False}, is_of_user=True),
        Sending("me.phone_numbers.send_code", phone, text, is_of_user=True),
        Sending("me.change_phone", phone, text, is_of_user=True),
        Sending(
            "me.reset_phone",
            {"email": "ann@north.example"},
            (("ResetPhoneNumber", "ann@north.example", "north"),),
        ),
        Sending("me.reset_phone", {"email": "nobody@north.example"}),
        Sending(
            "me.phone_numbers.request_removal",
            None,
            (("OTC", "+4930111111", "north"),),
            {"id": "phone"},
            is_of_user=True,
        ),
    ]


SENDINGS: Final = (
    *_of_users(),
    *_of_invitations(),
    *_of_sub_tenants(),
    *_of_contacts(),
    *_of_passwords(),
    *_of_activations(),
)


async def prepared(service: Service) -> Service:
    """Return the service with tenants, users, and an invitation of Ann that was not sent."""
    await service.emulator.seed(SEED)
    snapshot: Any = msgspec.to_builtins(await service.emulator.snapshot())
    snapshot["environments"][0]["tables"]["invitations"] = [
        {"id": "i", "token": "t&o k", "tenantId": "north", "userId": "ann", "expires": "2100-01-01T00:00:00.000Z"}
    ]
    at = "2026-01-01T00:00:00.000Z"
    snapshot["environments"][0]["tables"]["userContacts"] = [
        {
            "id": "phone",
            "userId": "ann",
            "kind": "phone",
            "value": "+4930111111",
            "verified": True,
            "createdAt": at,
            "updatedAt": at,
        }
    ]
    await service.emulator.restore(snapshot)
    return service


async def send(service: Service, sending: Sending) -> int:
    """Send a request, and return the status."""
    for switch, value in sending.switches.items():
        await service.emulator.set_switch(switch, value)
    endpoint = ENDPOINTS[sending.name]
    headers = dict(sending.headers) if Auth.TENANT in endpoint.auth else {}
    if sending.is_of_user:
        token = await service.emulator.user_token(tenant_id="north", user_id="ann", permissions=["fe.secure.*"])
        headers = {"Authorization": f"Bearer {token.access_token}"}
    path = endpoint.path.format(**sending.fields)
    response = await service.send(endpoint.method, path, sending.body, headers=headers)
    return response.status


def brief(emails: list[SentEmail]) -> tuple[tuple[str, str, str], ...]:
    return tuple((each.template, each.recipient, each.tenant_id) for each in emails)


@pytest.mark.parametrize("sending", SENDINGS, ids=lambda sending: sending.name)
async def test_what_is_sent(service: Service, sending: Sending) -> None:
    """A request that succeeds sends these e-mails, and no others."""
    await prepared(service)
    assert await send(service, sending) < 300
    assert brief(await service.emulator.outbox()) == sending.sent


def test_each_operation_that_sends_is_shown() -> None:
    """The requests of the OpenAPI document show that all other operations send nothing."""
    assert {each.name for each in SENDINGS if each.sent} == SENDERS


REFUSED: Final[tuple[tuple[str, object, Mapping[str, str]], ...]] = (
    ("users.invite", NEW, {"frontegg-tenant-id": "nobody"}),
    ("users.invite", NEW, {"frontegg-tenant-id": "closed"}),
    ("users.invite", {"email": "ann@north.example"}, NORTH),
    ("users.invite", {**NEW, "skipInviteEmail": "false"}, NORTH),
    ("users.invite", {**NEW, "roleIds": ["nothing"]}, NORTH),
    ("users.invite_many", {"users": [NEW, {**NEW, "skipInviteEmail": "true"}]}, NORTH),
    ("users.invite_many", {"users": [NEW] * 1_001}, NORTH),
    ("users.add_to_tenant", {"tenantId": "closed"}, {}),
    ("users.add_to_tenant", {"tenantId": "north"}, {}),
    ("users.add_to_tenant", {"tenantId": "kiosk", "skipInviteEmail": "yes"}, {}),
    ("users.resend_invitation", NEW, NORTH),
    ("invitations.create", {"tenantId": "north", "userId": "bob", "shouldSendEmail": 1}, {}),
    ("invitations.create", {"tenantId": "kiosk", "userId": "ann", "shouldSendEmail": True}, {}),
)


@pytest.mark.parametrize(("name", "body", "headers"), REFUSED)
async def test_a_refused_request_sends_nothing(
    service: Service, name: str, body: object, headers: Mapping[str, str]
) -> None:
    await prepared(service)
    assert await send(service, Sending(name, body, fields={"user_id": "ann"}, headers=headers)) >= 400
    assert await service.emulator.outbox() == []


async def test_what_an_email_has(service: Service) -> None:
    """The time of the environment, and a link to the page of its template with the token of an invitation."""
    await prepared(service)
    now = await service.emulator.clock(freeze=True)
    for name, body in (("users.invite", NEW), ("users.resend_invitation", {"email": "ann@north.example"})):
        await send(service, Sending(name, body))
    await send(
        service,
        Sending("user_invitations.update", {"shouldSendEmail": True}, headers={**NORTH, "frontegg-user-id": "ann"}),
    )
    activation, invitation, with_token = await service.emulator.outbox()
    at = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert {each.at for each in (activation, invitation, with_token)} == {at}
    assert len({activation.id, invitation.id, with_token.id}) == 3
    assert activation.user_id not in {"ann", "bob"}
    for email, page in ((activation, "activate"), (invitation, "invitation/accept")):
        path, query = _link(email, service)
        assert (path, query["userId"], [*query]) == (f"/oauth/account/{page}", [email.user_id], ["userId", "token"])
    assert _link(with_token, service)[1] == {"userId": ["ann"], "token": ["t&o k"]}
    assert "link" not in repr(with_token)


def _link(email: SentEmail, service: Service) -> tuple[str, dict[str, list[str]]]:
    assert email.link.startswith(f"{service.emulator.url}/")
    return urlsplit(email.link).path, parse_qs(urlsplit(email.link).query)


async def test_the_admin_api(service: Service) -> None:
    """It has the e-mails of one environment or of all, oldest first, and deletes those of one."""
    await prepared(service)
    await send(service, Sending("users.invite", NEW))
    other = await service.emulator.create_environment()
    await other.seed(tenants=[{"tenantId": "acme", "name": "Acme"}])
    async with other.client() as frontegg:
        await frontegg.users.invite("acme", email="one@acme.example")
        await frontegg.users.invite("acme", email="two@acme.example")
    shown = (await service.admin("GET", "outbox")).json["emails"]
    assert shown == [attrs.asdict(each) for each in await service.emulator.outbox()]
    everywhere = (await service.admin("GET", "outbox", only=False)).json["emails"]
    assert [each["recipient"] for each in everywhere] == ["new@north.example", "one@acme.example", "two@acme.example"]
    assert (await service.admin("DELETE", "outbox")).status == 204
    assert await service.emulator.outbox() == []
    assert len(await other.outbox()) == 2
    assert (await service.admin("DELETE", "outbox", only=False)).status == 204
    assert await other.outbox() == []


async def test_operations_that_are_taken_back(service: Service) -> None:
    """Several as one change send nothing if one is refused; the undo of a change takes its e-mails along."""
    await prepared(service)
    operation = {"operation": "users.invite_many", "tenantId": "north", "body": {"users": [NEW]}}
    refused = {"operation": "tenants.delete", "path": {"tenant_id": "nobody"}}
    assert (await service.admin("POST", "calls", {"calls": [operation, refused]})).status == 400
    assert await service.emulator.outbox() == []
    change = {"label": "Invite", "verb": "calls", "body": {"calls": [operation]}}
    assert (await service.admin("POST", "change", change)).status == 200
    assert len(await service.emulator.outbox()) == 1
    assert (await service.admin("POST", "undo")).status == 200
    assert await service.emulator.outbox() == []


async def test_clearing_does_not_stand_in_the_way_of_an_undo(service: Service) -> None:
    """The undo brings back the data from before the change, without the e-mail that the change sent."""
    await prepared(service)
    operation = {"operation": "users.invite", "tenantId": "north", "body": NEW}
    change = {"label": "Invite", "verb": "calls", "body": {"calls": [operation]}}
    assert (await service.admin("POST", "change", change)).status == 200
    await service.emulator.clear_outbox()
    assert (await service.admin("POST", "undo")).status == 200
    assert await service.emulator.outbox() == []


def test_a_snapshot_and_a_reset(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """A snapshot has the e-mails; a reset removes them."""
    frontegg_emulator.seed(SEED)
    frontegg_sync_client.users.invite("north", email="new@north.example")
    sent, snapshot = frontegg_emulator.outbox(), frontegg_emulator.snapshot()
    frontegg_emulator.reset()
    assert frontegg_emulator.outbox() == []
    frontegg_emulator.restore(snapshot)
    assert frontegg_emulator.outbox() == sent
    frontegg_emulator.clear_outbox()
    assert frontegg_emulator.outbox() == []


@pytest.mark.slow
def test_a_restart(tmp_path: Path) -> None:
    """The file has the e-mails, and none that were deleted."""
    path = tmp_path / "state.sqlite3"
    with Emulator(persist=path) as emulator, emulator.client() as frontegg:
        emulator.seed(SEED)
        frontegg.users.invite("north", email="old@north.example")
        emulator.clear_outbox()
        frontegg.users.invite("north", email="new@north.example")
        sent = emulator.outbox()
    with Emulator(persist=path) as emulator:
        assert emulator.outbox() == sent
    assert brief(sent) == (ACTIVATE_NEW,)


def test_a_deleted_tenant_and_user(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """An e-mail that was sent stays sent, also through a snapshot."""
    frontegg_emulator.seed(SEED)
    user = frontegg_sync_client.users.invite("kiosk", email="new@north.example")
    frontegg_sync_client.users.remove_from_tenant(user.id, tenant_id="kiosk")
    frontegg_sync_client.tenants.delete("kiosk")
    frontegg_emulator.restore(frontegg_emulator.snapshot())
    assert brief(frontegg_emulator.outbox()) == (("ActivateUser", "new@north.example", "kiosk"),)


@pytest.mark.slow
def test_a_request_whose_response_is_lost(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """The client sends the invitation again, and the user gets one e-mail."""
    frontegg_emulator.seed(SEED)
    match = {"method": "POST", "path": "/identity/resources/users/*", "times": 1}
    frontegg_emulator.add_fault(stage="after_commit", action={"type": "reset"}, match=match)
    frontegg_sync_client.users.invite("north", email="new@north.example")
    assert brief(frontegg_emulator.outbox()) == (ACTIVATE_NEW,)


def test_a_request_that_a_fault_prevents(frontegg_emulator: EmulatorHandle, frontegg_sync_client: Frontegg) -> None:
    """Nothing is sent before the request takes effect."""
    frontegg_emulator.seed(SEED)
    frontegg_emulator.add_fault(
        stage="before_commit", action={"type": "status", "status": 422}, match={"method": "POST"}
    )
    with pytest.raises(FronteggError):
        frontegg_sync_client.users.invite("north", email="new@north.example")
    assert frontegg_emulator.outbox() == []


def test_very_many() -> None:
    """The outbox has the newest."""
    environment = make_environment()
    user = UserRow(id="ann", email="ann@acme.example", tenant_id="acme", tenant_ids=("acme",))
    for number in range(MAX_EMAILS + 3):
        send_invitation(environment, user, f"tenant-{number}")
    kept = [row.target_tenant_id for row in environment.state.table(SentEmailRow).values()]
    assert kept == [f"tenant-{number}" for number in range(3, MAX_EMAILS + 3)]
