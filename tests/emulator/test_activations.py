"""The rules of activation, acceptance of invitations and sign-up, from the e-mail to the sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest

from frontegg_async.emulator.services.emails.rows import SentEmailRow
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment
from frontegg_async.emulator.world.grants import Grant
from tests.emulator.support import create, make_environment, refusal, run, shown
from tests.emulator.test_rules_roles import new_role
from tests.emulator.test_rules_tenants import add_user

_PASSWORD: Final = "battery-Staple-2"
_NEW: Final = {"email": "new@users.example"}


def _environment() -> EmulatedEnvironment:
    environment = make_environment()
    for tenant_id in "ab":
        create(environment, tenant_id)
    add_user(environment, "u", "a")
    return environment


def _sent(environment: EmulatedEnvironment) -> tuple[SentEmailRow, dict[str, Any]]:
    """The last e-mail, and what its link has."""
    *_, email = environment.state.table(SentEmailRow).values()
    query = parse_qs(urlsplit(email.link).query)
    return email, {name: values[0] for name, values in query.items()}


def test_an_invited_person_activates_itself_once() -> None:
    """It has to set a password, is signed in, and signs in with it later."""
    environment = _environment()
    run(environment, "users.invite", _NEW, about="a")
    email, link = _sent(environment)
    query = f"userId={link['userId']}&token={link['token']}"
    assert email.template == "ActivateUser"
    assert shown(run(environment, "users.activation.get_strategy", query=query)) == {"shouldSetPassword": True}
    assert refusal(environment, "users.activation.activate", link).status == 400
    signed_in = shown(run(environment, "users.activation.activate", {**link, "password": _PASSWORD}))
    assert (signed_in["userEmail"], signed_in["mfaRequired"]) == (_NEW["email"], False)
    row = environment.state.users[link["userId"]]
    assert (row.verified, row.membership("a").status) == (True, "Activated")
    assert run(environment, "sessions.login", {**_NEW, "password": _PASSWORD}).status == 200
    assert refusal(environment, "users.activation.activate", {**link, "password": _PASSWORD}).status == 400


def test_a_new_activation_email_replaces_the_one_before() -> None:
    """Of somebody who is active, nothing is sent."""
    environment = _environment()
    run(environment, "users.invite", _NEW, about="a")
    _, old = _sent(environment)
    run(environment, "users.activation.resend", {**_NEW, "emailMetadata": {}})
    _, new = _sent(environment)
    assert old["token"] != new["token"]
    assert refusal(environment, "users.activation.activate", {**old, "password": _PASSWORD}).status == 400
    run(environment, "users.activation.activate", {**new, "password": _PASSWORD})
    before = len(environment.state.table(SentEmailRow))
    run(environment, "users.activation.resend", {**_NEW, "emailMetadata": {}})
    assert len(environment.state.table(SentEmailRow)) == before


def test_codes_where_the_environment_has_them() -> None:
    """An e-mail then has a code beside the link."""
    environment = _environment()
    run(environment, "users.activation.set_config", {"strategy": "code"})
    run(environment, "users.invite", _NEW, about="a")
    email, link = _sent(environment)
    body = {**link, "password": _PASSWORD}
    assert refusal(environment, "users.activation.activate_with_code", {**body, "code": "x"}).status == 400
    assert run(environment, "users.activation.activate_with_code", {**body, "code": email.code}).status == 200


def test_an_invitation_to_another_tenant_is_accepted() -> None:
    """It expires by the emulator's clock."""
    environment = _environment()
    run(environment, "users.invite", {"email": "u@users.example"}, about="b")
    email, link = _sent(environment)
    assert email.template == "InviteToTenant"
    run(environment, "users.invitation.accept", link)
    assert environment.state.users["u"].membership("b").status == "Activated"
    run(environment, "users.resend_invitation", {"email": "u@users.example"}, about="b")
    _, late = _sent(environment)
    environment.clock.advance(8 * 86_400)
    assert refusal(environment, "users.invitation.accept", late).status == 400


def test_invitations_to_a_locked_tenant() -> None:
    """Neither is one accepted, nor a link made: each refusal has the code that shipped clients know."""
    environment = _environment()
    run(environment, "users.invite", {"email": "u@users.example"}, about="b")
    _, link = _sent(environment)
    made = shown(run(environment, "invitations.create", {"tenantId": "b"}))
    run(environment, "tenants.lock", {"tenantIds": ["b"]})
    accepted = refusal(environment, "users.invitation.accept", link)
    created = refusal(environment, "invitations.create", {"tenantId": "b"})
    add_user(environment, "v", "a", password="emu")
    used = {"email": "v@users.example", "password": "emu", "invitationToken": made["token"]}
    joined = refusal(environment, "sessions.login", used)
    assert [(each.status, shown(each)["errorCode"]) for each in (accepted, created, joined)] == [
        (400, "ER-01239"),
        (400, "ER-01240"),
        (400, "ER-01239"),
    ]


def test_a_person_who_signs_up_owns_a_new_tenant() -> None:
    """Without a password, an e-mail comes first."""
    environment = _environment()
    person = {"provider": "local", "companyName": "New", **_NEW}
    signed_up = shown(run(environment, "users.sign_up.create", {**person, "password": _PASSWORD}))
    assert environment.state.tenants[signed_up["tenantId"]].name == "New"
    assert signed_up["authResponse"]["userId"] == signed_up["userId"]
    other = {**person, "email": "other@users.example"}
    assert shown(run(environment, "users.sign_up.create", other))["shouldActivate"] is True
    assert _sent(environment)[0].recipient == "other@users.example"
    tenants = len(environment.state.tenants)
    for wrong in (person, {**other, "email": "no"}, {**other, "email": "c@users.example", "password": "weak"}):
        assert refusal(environment, "users.sign_up.create", wrong).status in (400, 409)
    assert len(environment.state.tenants) == tenants


def test_a_person_who_signs_up_with_an_invitation_joins_its_tenant() -> None:
    """With its roles, and without a tenant of its own; what is not valid makes neither a user nor a tenant."""
    environment = _environment()
    role_id = new_role(environment, "guest", about="b")["id"]
    made = shown(run(environment, "invitations.create", {"tenantId": "b", "roleIds": [role_id]}))
    of_user = shown(run(environment, "invitations.create", {"tenantId": "a", "userId": "u"}))
    person = {"provider": "local", "companyName": "New", "password": _PASSWORD, **_NEW}
    right = {**person, "invitationToken": made["token"]}
    tenants = dict(environment.state.tenants)

    def refused(body: Mapping[str, object]) -> tuple[int, object]:
        response = refusal(environment, "users.sign_up.create", body)
        return response.status, shown(response).get("errorCode")

    assert [refused({**right, "invitationToken": token})[0] for token in ("unknown", of_user["token"])] == [400, 400]
    run(environment, "tenants.lock", {"tenantIds": ["b"]})
    assert refused(right) == (400, "ER-01239")
    run(environment, "tenants.unlock", {"tenantIds": ["b"]})
    signed_up = shown(run(environment, "users.sign_up.create", right))
    row = environment.state.users[signed_up["userId"]]
    assert (signed_up["tenantId"], row.tenant_ids, row.membership("b").role_ids) == ("b", ("b",), (role_id,))
    environment.clock.advance(8 * 86_400)
    assert refused({**right, "email": "late@users.example"})[0] == 400
    assert dict(environment.state.tenants).keys() == tenants.keys()
    assert len(environment.state.users) == 2


@pytest.mark.parametrize("leaves", ["users.remove", "sub_tenants.users.remove", "tenants.move_users"])
def test_a_user_who_left_a_tenant_has_no_link_to_it(leaves: str) -> None:
    """Nor an invitation; the links to its other tenants stay."""
    environment = _environment()
    for tenant_id in "cd":
        create(environment, tenant_id)
    links: dict[str, dict[str, Any]] = {}
    for tenant_id in "bc":
        run(environment, "users.invite", {"email": "u@users.example"}, about=tenant_id)
        _, links[tenant_id] = _sent(environment)
    own = shown(run(environment, "invitations.create", {"tenantId": "b", "userId": "u"}))
    if leaves == "users.remove":
        run(environment, leaves, about="b", user_id="u")
    elif leaves == "tenants.move_users":
        run(environment, leaves, {"srcTenantId": "b", "targetTenantId": "d"})
    else:
        run(environment, leaves, {"userId": "u", "subTenants": [{"tenantId": "b"}]}, about="b")
    for link in (links["b"], {"userId": "u", "token": own["token"]}):
        assert refusal(environment, "users.invitation.accept", link).status == 400
    assert "b" not in environment.state.users["u"].tenant_ids
    run(environment, "users.invitation.accept", links["c"])


def test_a_token_for_another_tenant_of_the_user() -> None:
    """The active tenant stays."""
    environment = _environment()
    add_user(environment, "w", "a", "b")
    caller = Grant(kind="user", client_id="emu_test", issued=0, expires=1, tenant_id="a", subject="w")
    made = shown(run(environment, "me.get_tenant_token", {"tenantId": "b"}, caller=caller))
    assert made["accessToken"]
    assert environment.state.users["w"].tenant_id == "a"
