"""Exercises of groups."""

from __future__ import annotations

from typing import Final

from frontegg_async.endpoints.groups import LIST_V1
from tests.emulator.cases_roles import GROUP_CASES
from tests.exercises.exercise import bad, both, forbidden, good, refused

EXERCISES: Final = (
    *both("groups.list", relations="rolesAndUsers", wrong=("relations", {"relations": "all"})),
    good("groups.list_v1", lambda s: s.frontegg.for_tenant("acme").send(LIST_V1)),
    good("groups.list_v1", lambda s: s.user.send(LIST_V1), "user"),
    forbidden("groups.list_v1", lambda s: s.user.send(LIST_V1)),
    refused("groups.list_v1", 404, lambda s: s.frontegg.for_tenant("nobody").send(LIST_V1)),
    bad("groups.list_v1", "query", lambda s: s.user.send(LIST_V1, query=7), "user"),
    good("groups.list", lambda s: s.frontegg.groups.list("acme", sort_by="name", relations="roles").all()),
    good("groups.list", lambda s: s.user.groups.list(order="desc", page_size=1).all(), "user"),
    forbidden("groups.list", lambda s: s.user.groups.list().first()),
    refused("groups.list", 404, lambda s: s.frontegg.groups.list("nobody").first()),
    bad("groups.list", "page_size", lambda s: s.frontegg.groups.list("acme", page_size=201).all()),
    *both("groups.get", "g1", relations="users"),
    bad("groups.get", "group_id", lambda s: s.frontegg.groups.get("acme", "config")),
    good("groups.get_many", lambda s: s.frontegg.groups.get_many("acme", ["g1", "none"])),
    good("groups.get_many", lambda s: s.user.groups.get_many(["g1"], relations="roles"), "user"),
    forbidden("groups.get_many", lambda s: s.user.groups.get_many(["g1"])),
    refused("groups.get_many", 404, lambda s: s.frontegg.groups.get_many("nobody", ["g1"])),
    bad("groups.get_many", "group_ids", lambda s: s.frontegg.groups.get_many("acme", [])),
    *both("groups.create", name="New", metadata={"a": [1]}, wrong=("name", {"name": ""})),
    refused("groups.create", 409, lambda s: s.frontegg.groups.create("acme", name="Team", metadata='{"b": 1}')),
    bad("groups.create", "metadata", lambda s: s.frontegg.groups.create("acme", name="New", metadata="no JSON")),
    *both("groups.update", "g1", name="Staff", metadata={"a": 2}, wrong=("name", {"name": ""})),
    refused("groups.update", 409, lambda s: s.frontegg.groups.update("acme", "g1", name="Board")),
    bad("groups.update", "at least one", lambda s: s.frontegg.groups.update("acme", "g1")),
    *both("groups.delete", "g1"),
    *both("groups.add_roles", "g1", role_ids=["r2"], wrong=("role_ids", {"role_ids": []})),
    *both("groups.remove_roles", "g1", role_ids=["r1"], wrong=("role_ids", {"role_ids": "r1"})),
    *both("groups.add_users", "g2", user_ids=["ann"], wrong=("user_ids", {"user_ids": []})),
    *both("groups.remove_users", "g1", user_ids=["ann"], wrong=("user_ids", {"user_ids": [""]})),
    good("groups.get_config", lambda s: s.frontegg.groups.get_config()),
    good("groups.set_config", lambda s: s.frontegg.groups.set_config(enabled=True)),
    bad("groups.set_config", "enabled", lambda s: s.frontegg.groups.set_config()),
)

CASES: Final = GROUP_CASES
