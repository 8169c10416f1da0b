"""The rules of flags of users, of temporary users and of links of users."""

from __future__ import annotations

from typing import Any

from frontegg_async.emulator.services.emails.rows import UserLinkRow
from tests.emulator.support import create, make_environment, refusal, run, shown
from tests.emulator.test_rules_tenants import add_user
from tests.emulator.test_rules_users import user


def _listed(environment: Any, name: str, **more: Any) -> list[str]:
    return [each["id"] for each in shown(run(environment, name, **more))["items"]]


def test_users_of_a_tenant_do_not_see_an_invisible_user() -> None:
    """The environment does."""
    environment = make_environment()
    create(environment, "a")
    add_user(environment, "seen", "a")
    add_user(environment, "hidden", "a")
    assert shown(run(environment, "users.set_invisible", {"invisible": True}, user_id="hidden"))["invisible"] is True
    assert _listed(environment, "users.list", about="a") == ["seen", "hidden"]
    for name in ("users.list", "team_members.list"):
        assert _listed(environment, name, caller=user("a"), about="a") == ["seen"]


def test_the_mark_of_a_super_user() -> None:
    """It is shown, and does nothing else."""
    environment = make_environment()
    create(environment, "a")
    add_user(environment, "u", "a")
    run(environment, "users.set_superuser", {"superUser": True}, user_id="u")
    assert shown(run(environment, "users.get", user_id="u"))["superUser"] is True


def test_a_temporary_user_leaves_one_tenant() -> None:
    """Each change is an event of its own, and one that changes nothing is none."""
    environment = make_environment()
    for tenant_id in "ab":
        create(environment, tenant_id)
    add_user(environment, "u", "a", "b", password="emu")
    environment.take_events()
    for seconds in (300, 600):
        run(environment, "users.set_expiration", {"expirationInSeconds": seconds}, about="a", user_id="u")
    of_b, of_a = (environment.state.users["u"].membership(tenant_id) for tenant_id in "ba")
    assert of_b.expires is None
    assert of_a.expires is not None
    environment.clock.advance(601)
    assert refusal(environment, "sessions.login", {"email": "u@users.example", "password": "emu"}).status == 403
    environment.take_events()
    for _ in range(2):
        run(environment, "users.make_permanent", about="a", user_id="u")
    assert run(environment, "sessions.login", {"email": "u@users.example", "password": "emu"}).status == 200
    permanent, *others = [event.key for event in environment.take_events()]
    assert permanent == "frontegg.user.temporary.access.temporary.to.permanentd"
    assert others == ["frontegg.user.authenticated"]


def test_a_new_link_replaces_the_one_before() -> None:
    """There is at most one of each kind, and the token is in the link."""
    environment = make_environment()
    create(environment, "a")
    add_user(environment, "u", "a")
    made = [shown(run(environment, "users.generate_activation_link", user_id="u")) for _ in range(2)]
    other = shown(run(environment, "users.generate_password_reset_link", user_id="u"))
    tokens = [each["token"] for each in (*made, other)]
    assert len({*tokens}) == 3
    assert all(each["token"] in each["link"] and each["userId"] == "u" for each in (*made, other))
    assert [row.token for row in environment.state.table(UserLinkRow).values()] == tokens[1:]
