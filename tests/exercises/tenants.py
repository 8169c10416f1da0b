"""Exercises of tenants and their user counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from frontegg_async.endpoints import identity
from tests.exercises.exercise import ExerciseClients, bad, forbidden, good, refused


def _delete_twice(s: ExerciseClients) -> Iterator[Any]:
    yield s.frontegg.tenants.delete("acme")
    yield s.user.tenant.delete_current(confirm_tenant_id="acme")


EXERCISES: Final = (
    good("tenants.create", lambda s: s.frontegg.tenants.create(name="New", metadata={"a": [1]})),
    refused("tenants.create", 404, lambda s: s.frontegg.tenants.create(name="New", parent_tenant_id="nobody")),
    refused("tenants.create", 400, lambda s: s.frontegg.tenants.create(name="New", parent_tenant_id="leaf")),
    refused("tenants.create", 409, lambda s: s.frontegg.tenants.create(name="New", tenant_id="acme")),
    bad("tenants.create", "name", lambda s: s.frontegg.tenants.create(name="")),
    bad("tenants.create", "parent_tenant_id", lambda s: s.frontegg.tenants.create(name="n", parent_tenant_id="..")),
    good("tenants.list", lambda s: s.frontegg.tenants.list(filter="a").all()),
    bad("tenants.list", "page_size", lambda s: s.frontegg.tenants.list(page_size=0).all()),
    good("tenants.get", lambda s: s.frontegg.tenants.get("acme")),
    refused("tenants.get", 404, lambda s: s.frontegg.tenants.get("nobody"), switches={"unknown_tenant": "not_found"}),
    bad("tenants.get", "tenant_id", lambda s: s.frontegg.tenants.get("..")),
    good("tenants.get_by_alias", lambda s: s.frontegg.tenants.get_by_alias("acme")),
    refused("tenants.get_by_alias", 404, lambda s: s.frontegg.tenants.get_by_alias("nobody")),
    bad("tenants.get_by_alias", "alias must not have a slash", lambda s: s.frontegg.tenants.get_by_alias("a/b")),
    good("tenants.update", lambda s: s.frontegg.tenants.update("acme", website=None, currency="EUR")),
    refused("tenants.update", 404, lambda s: s.frontegg.tenants.update("nobody", name="n")),
    bad("tenants.update", "at least one field", lambda s: s.frontegg.tenants.update("acme")),
    good("tenants.delete", lambda s: s.frontegg.tenants.delete("acme")),
    refused("tenants.delete", 404, lambda s: s.frontegg.tenants.delete("nobody")),
    bad("tenants.delete", "tenant_id", lambda s: s.frontegg.tenants.delete("")),
    good("tenant.delete_current", lambda s: s.user.tenant.delete_current(confirm_tenant_id="acme"), "user"),
    forbidden("tenant.delete_current", lambda s: s.user.tenant.delete_current(confirm_tenant_id="acme")),
    refused("tenant.delete_current", 404, _delete_twice, "user"),
    bad("tenant.delete_current", "acme", lambda s: s.user.tenant.delete_current(confirm_tenant_id="other"), "user"),
    good("tenants.add_metadata", lambda s: s.frontegg.tenants.add_metadata("acme", {"seats": 3})),
    refused("tenants.add_metadata", 404, lambda s: s.frontegg.tenants.add_metadata("nobody", {"seats": 3})),
    bad("tenants.add_metadata", "metadata", lambda s: s.frontegg.tenants.add_metadata("acme", [1])),
    good("tenants.delete_metadata", lambda s: s.frontegg.tenants.delete_metadata("acme", "plan")),
    refused("tenants.delete_metadata", 404, lambda s: s.frontegg.tenants.delete_metadata("nobody", "plan")),
    bad("tenants.delete_metadata", "key", lambda s: s.frontegg.tenants.delete_metadata("acme", "..")),
    *(
        row
        for verb in ("lock", "unlock")
        for row in (
            good(f"tenants.{verb}", lambda s, verb=verb: getattr(s.frontegg.tenants, verb)(["acme", "leaf"])),
            bad(f"tenants.{verb}", "at least one", lambda s, verb=verb: getattr(s.frontegg.tenants, verb)([])),
        )
    ),
    good("tenants.user_counts", lambda s: s.frontegg.tenants.user_counts(["acme", "child"])),
    bad("tenants.user_counts", "tenant_ids", lambda s: s.frontegg.tenants.user_counts("acme")),
    good("tenants.move_users", lambda s: s.frontegg.tenants.move_users("acme", "other")),
    refused("tenants.move_users", 404, lambda s: s.frontegg.tenants.move_users("acme", "nobody")),
    bad("tenants.move_users", "target_tenant_id", lambda s: s.frontegg.tenants.move_users("acme", "acme")),
    good("identity.configuration", lambda s: s.frontegg.send(identity.CONFIGURATION)),
)
