"""The tenants in which users work, for each application."""

from __future__ import annotations

from typing import Any

from frontegg_async.emulator.services.applications.rows import DEFAULT_APPLICATION
from tests.emulator.support import create, make_environment, run, shown
from tests.emulator.test_rules_tenants import add_user


def test_what_is_set_is_shown_while_the_user_is_in_the_tenant() -> None:
    environment = make_environment()
    create(environment, "a")
    create(environment, "b")
    add_user(environment, "ann", "a", "b")
    headers = {"frontegg-user-id": "ann"}

    def active() -> Any:
        return shown(run(environment, "applications.get_active_tenants", headers=headers))

    assert active() == {"applicationActiveTenants": []}
    row = {"tenantId": "b", "applicationId": DEFAULT_APPLICATION.id}
    body = {"activeApplicationTenants": [row]}
    run(environment, "applications.set_active_tenants", body, headers=headers)
    assert active() == {"applicationActiveTenants": [row]}
    run(environment, "users.remove", about="b", user_id="ann")
    assert active() == {"applicationActiveTenants": []}
