"""Exercises of applications."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.emulator.cases_roles import APPLICATION_CASES
from tests.exercises.exercise import ExerciseClients, bad, good, refused

_NEW: Final = {"name": "New", "app_url": "https://new.example", "login_url": "https://new.example/login"}
_GIVEN: Final[dict[str, dict[str, str]]] = {"create": _NEW, "update": {"app_id": "a1"}}


def _written(verb: str, argument: str, text: str) -> Callable[[ExerciseClients], Any]:
    return lambda s: getattr(s.frontegg.applications, verb)(**{**_GIVEN[verb], argument: text})


EXERCISES: Final = (
    good("applications.list", lambda s: s.frontegg.applications.list().all()),
    good(
        "applications.list",
        lambda s: s.frontegg.applications.list(
            name="o", access_type="free_access", is_default=False, is_active=True
        ).all(),
    ),
    good("applications.list", lambda s: s.frontegg.applications.ids_of(["Portal", "Docs"])),
    bad("applications.list", "is_active", lambda s: s.frontegg.applications.list(is_active="yes").all()),
    bad("applications.list", "name", lambda s: s.frontegg.applications.list(name="").all()),
    good("applications.get_default", lambda s: s.frontegg.applications.get_default()),
    refused(
        "applications.get_default",
        404,
        lambda s: s.frontegg.applications.get_default(),
        switches={"default_application": "none"},
    ),
    good("applications.get", lambda s: s.frontegg.applications.get("a1")),
    refused("applications.get", 404, lambda s: s.frontegg.applications.get("none")),
    bad("applications.get", "app_id", lambda s: s.frontegg.applications.get("")),
    bad("applications.get", "app_id", lambda s: s.frontegg.applications.get("Default")),
    good(
        "applications.create",
        lambda s: s.frontegg.applications.create(
            **_NEW, access_type="managed_access", type="web", frontend_stack="vue", metadata={"a": 1}, is_default=True
        ),
    ),
    bad("applications.create", "login_url", lambda s: s.frontegg.applications.create(**{**_NEW, "login_url": ""})),
    *(
        bad(
            f"applications.{verb}",
            f"{argument} must be an absolute URL, such as https://app",
            _written(verb, argument, text),
        )
        for verb in _GIVEN
        for argument, text in (
            ("app_url", "new.example"),
            ("login_url", "/login"),
            ("logo_url", "ftp://new.example/logo.png"),
        )
    ),
    bad("applications.create", "metadata", lambda s: s.frontegg.applications.create(**_NEW, metadata=[1])),
    bad("applications.create", "frontend_stack", lambda s: s.frontegg.applications.create(**_NEW, frontend_stack="x")),
    good(
        "applications.update",
        lambda s: s.frontegg.applications.update(
            "a1", name="Gate", access_type="free_access", type="other", frontend_stack="vue", metadata={}
        ),
    ),
    refused("applications.update", 404, lambda s: s.frontegg.applications.update("none", name="Gate")),
    bad("applications.update", "at least one", lambda s: s.frontegg.applications.update("a1")),
    bad("applications.update", "app_url", lambda s: s.frontegg.applications.update("a1", app_url="")),
    good("applications.delete", lambda s: s.frontegg.applications.delete("a1")),
    refused("applications.delete", 404, lambda s: s.frontegg.applications.delete("none")),
    bad("applications.delete", "app_id", lambda s: s.frontegg.applications.delete("..")),
    good("applications.list_assigned", lambda s: s.frontegg.applications.list_assigned("acme")),
    good(
        "applications.list_assigned", lambda s: s.frontegg.applications.list_assigned("acme", access_type="free_access")
    ),
    refused("applications.list_assigned", 404, lambda s: s.frontegg.applications.list_assigned("nobody")),
    bad(
        "applications.list_assigned",
        "access_type",
        lambda s: s.frontegg.applications.list_assigned("acme", access_type="all"),
    ),
    good("applications.list_tenants", lambda s: s.frontegg.applications.list_tenants("a1")),
    refused("applications.list_tenants", 404, lambda s: s.frontegg.applications.list_tenants("none")),
    bad("applications.list_tenants", "app_id", lambda s: s.frontegg.applications.list_tenants("")),
    good("applications.assign", lambda s: s.frontegg.applications.assign("acme", "a2", access_type="free_access")),
    refused("applications.assign", 404, lambda s: s.frontegg.applications.assign("acme", "none")),
    refused("applications.assign", 409, lambda s: s.frontegg.applications.assign("acme", "a1")),
    bad("applications.assign", "tenant_id", lambda s: s.frontegg.applications.assign("", "a1")),
    good(
        "applications.set_access_type",
        lambda s: s.frontegg.applications.set_access_type("acme", "a1", access_type="free_access"),
    ),
    refused(
        "applications.set_access_type",
        404,
        lambda s: s.frontegg.applications.set_access_type("acme", "a2", access_type="free_access"),
    ),
    bad(
        "applications.set_access_type",
        "access_type",
        lambda s: s.frontegg.applications.set_access_type("acme", "a1", access_type="none"),
    ),
    good("applications.unassign", lambda s: s.frontegg.for_tenant("acme").applications.unassign("a1")),
    refused("applications.unassign", 404, lambda s: s.frontegg.applications.unassign("other", "a1")),
    bad("applications.unassign", "app_id", lambda s: s.frontegg.applications.unassign("acme", "")),
    good("applications.assign_users", lambda s: s.frontegg.applications.assign_users("acme", "a1", user_ids=["ann"])),
    refused(
        "applications.assign_users",
        404,
        lambda s: s.frontegg.applications.assign_users("acme", "a1", user_ids=["none"]),
    ),
    bad(
        "applications.assign_users",
        "user_ids",
        lambda s: s.frontegg.applications.assign_users("acme", "a1", user_ids=[]),
    ),
    good(
        "applications.unassign_users",
        lambda s: s.frontegg.applications.unassign_users("acme", "a1", user_ids=["ann"]),
    ),
    refused(
        "applications.unassign_users",
        404,
        lambda s: s.frontegg.applications.unassign_users("acme", "a2", user_ids=["ann"]),
    ),
    bad(
        "applications.unassign_users",
        "app_id",
        lambda s: s.frontegg.applications.unassign_users("acme", ".", user_ids=["ann"]),
    ),
    good("applications.list_users", lambda s: s.frontegg.applications.list_users("a1")),
    refused("applications.list_users", 404, lambda s: s.frontegg.applications.list_users("none")),
    bad("applications.list_users", "app_id", lambda s: s.frontegg.applications.list_users(" a1")),
    good("applications.list_for_user", lambda s: s.frontegg.applications.list_for_user("ann")),
    refused("applications.list_for_user", 404, lambda s: s.frontegg.applications.list_for_user("none")),
    bad("applications.list_for_user", "user_id", lambda s: s.frontegg.applications.list_for_user("")),
)

CASES: Final = APPLICATION_CASES
