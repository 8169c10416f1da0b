"""Exercises of tenants and their user counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from frontegg_async.endpoints import identity
from tests.emulator.cases import case
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
    good("tenants.count_users", lambda s: s.frontegg.tenants.count_users(["acme", "child"])),
    bad("tenants.count_users", "tenant_ids", lambda s: s.frontegg.tenants.count_users("acme")),
    good("tenants.move_users", lambda s: s.frontegg.tenants.move_users("acme", "other")),
    refused("tenants.move_users", 404, lambda s: s.frontegg.tenants.move_users("acme", "nobody")),
    bad("tenants.move_users", "target_tenant_id", lambda s: s.frontegg.tenants.move_users("acme", "acme")),
    good("environment.get", lambda s: s.frontegg.environment.get()),
    good("identity.configuration", lambda s: s.frontegg.send(identity.CONFIGURATION)),
)

CASES: Final = (
    case("tenants.create", 201, body={"name": "New", "metadata": {"a": [1]}, "website": None}),
    case("tenants.list", 200),
    case("tenants.list_v1", 200),
    case("tenants.get", 200, "acme"),
    case("tenants.get_v1", 200, "acme"),
    case("tenants.get_by_alias", 200, "acme"),
    case("tenants.update", 200, "acme", body={"name": "Acme 2", "currency": None}),
    case("tenants.update_v1", 200, "acme", body={"metadata": '{"a": 1}'}),
    case("tenants.delete", 200, "acme"),
    case("tenant.delete_current", 200, token="user"),
    case("tenants.add_metadata", 201, "other", body={"metadata": {"seats": 3}}),
    case("tenants.delete_metadata", 200, "acme", "plan"),
    case("tenants.lock", 204, body={"tenantIds": ["acme", "other"]}),
    case("tenants.unlock", 204, body={"tenantIds": ["child"]}),
    case("tenants.count_users", 201, body={"tenantIds": ["acme", "other"], "excludeInvisibleUsers": True}),
    case("tenants.move_users", 200, body={"srcTenantId": "acme", "targetTenantId": "other"}),
    case("tenants.create", 201, body={}),
    case("tenants.create", 201, body={"tenantId": "below", "name": "Below", "parentTenantId": "acme"}),
    case("tenants.list", 200, query=(("_limit", "1"), ("_offset", "1"), ("_sortBy", "name"), ("_order", "DESC"))),
    case("tenants.list", 200, query=(("_offset", "7"), ("_filter", "ACME"), ("_tenantIds", "acme"))),
    case("tenants.list", 200, switches={"links": "empty"}),
    case("tenants.list", 200, switches={"links": "missing"}),
    case("tenants.get", 200, "nobody"),
    case("tenants.get", 200, "child"),
    case("tenants.get", 200, "other"),
    case("tenants.get_v1", 200, "nobody"),
    case("tenants.delete_metadata", 200, "acme", "no such key"),
    case("tenants.count_users", 201, token="user", body={"tenantIds": ["child"]}),
    case("tenants.create", 404, body={"name": "Below", "parentTenantId": "nobody"}),
    case("tenants.create", 400, body={"name": "Below", "parentTenantId": "child"}),
    case("tenants.create", 409, body={"tenantId": "acme", "name": "Acme"}),
    case("tenants.list", 400, query=(("_sortBy", "colour"),)),
    case("tenants.list", 414, query=tuple(("_tenantIds", f"t{index}") for index in range(300))),
    case("tenants.get", 404, "nobody", switches={"unknown_tenant": "not_found"}),
    case("tenants.get_v1", 400, "a\x01b"),
    case("tenants.get_by_alias", 404, "nobody"),
    case("tenants.update", 400, "acme", body={}),
    case("tenants.update", 404, "nobody", body={"name": "Nobody"}),
    case("tenants.update_v1", 400, "acme", body={}),
    case("tenants.update_v1", 404, "nobody", body={"name": "Nobody"}),
    case("tenants.delete", 404, "nobody"),
    case("tenant.delete_current", 403, token="bare"),
    case("tenant.delete_current", 404, token="orphan"),
    case("tenants.add_metadata", 400, "acme", body={"metadata": 7}),
    case("tenants.add_metadata", 404, "nobody", body={"metadata": {"a": 1}}),
    case("tenants.delete_metadata", 404, "nobody", "plan"),
    case("tenants.lock", 400, body={"tenantIds": []}),
    case("tenants.lock", 404, body={"tenantIds": ["acme", "nobody"]}),
    case("tenants.unlock", 400, body={"tenantIds": ["t"] * 101}),
    case("tenants.unlock", 404, body={"tenantIds": ["nobody"]}),
    case("tenants.count_users", 403, token="user", body={"tenantIds": ["other"]}),
    case("tenants.count_users", 404, token="user", body={"tenantIds": ["nobody"]}),
    case("tenants.move_users", 404, body={"srcTenantId": "acme", "targetTenantId": "nobody"}),
)
"""Requests with the status that each must get: for each operation at first one that succeeds."""
