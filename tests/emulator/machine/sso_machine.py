"""A state machine for SSO: every operation in any order, each response compared with the model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from frontegg_async.emulator.services.support.emulated_response import EMPTY
from tests.emulator.machine.sso_draws import TENANTS, Change, SsoDraws, about, fields, tenant_ids
from tests.emulator.machine.sso_model import FLAGS, PLAIN, SKIPS, SsoModel
from tests.emulator.machine.transports import (
    HttpTransport,
    Received,
    ResponseLostError,
    RulesTransport,
    Transport,
    path,
)
from tests.emulator.sso import BASE, SAML

MAX_SNAPSHOTS: Final = 2


class SsoMachine(SsoDraws, RuleBasedStateMachine):
    """Requests in any order. A subclass says through which transport."""

    def __init__(self) -> None:
        super().__init__()
        self.transport = self.open_transport()
        now = self.transport.admin("POST", "clock", {"freeze": True})["now"]
        provider = self.transport.send("GET", f"{SAML}/vendor-config").body
        defaults: dict[str, Any] = {
            **dict.fromkeys(PLAIN),
            **dict.fromkeys((*FLAGS, SKIPS), False),
            "type": "saml",
            "subAccountAccessLimit": None,
            "configMetadata": None,
            **provider,
        }
        self.model = SsoModel(now=now, defaults=defaults)
        self.snapshots: list[tuple[Any, SsoModel]] = []

    def open_transport(self) -> Transport:
        """Return the way to the emulator."""
        raise NotImplementedError

    def teardown(self) -> None:
        """Leave the environment behind."""
        self.transport.close()

    def make(self, change: Change) -> None:
        """Make a change, and hold the answer against the model."""
        method, target, body, headers = change.send
        answered = self.transport.send(method, target, body, headers=headers)
        if change.refused:
            assert answered.status in change.refused, answered
            self.check_error(answered)
            return
        assert answered.status == change.status, answered
        row: dict[str, Any] = answered.body if isinstance(answered.body, dict) else {}
        assert row or answered.body is EMPTY
        change.apply(self.model, row)
        if "generatedVerification" in row:
            assert self.model.configurations[row["id"]].difference(row["id"], row) == []

    @staticmethod
    def check_error(answered: Received) -> None:
        """Errors have one of the two envelopes."""
        assert answered.body["errors"] if "errors" in answered.body else answered.body["message"]

    @initialize(data=st.data(), owners=st.lists(st.sampled_from(TENANTS[:2]), min_size=1, max_size=4))
    def begin(self, data: st.DataObject, owners: Sequence[str]) -> None:
        """Begin with some configurations, each with a domain and a group, which may be shared or not."""
        self.make(self.draw_policy(data))
        for tenant_id in TENANTS[:2]:
            self.make(self.draw_tenant(tenant_id))
        for index, tenant_id in enumerate(owners):
            body = data.draw(fields)
            answered = self.transport.send("POST", BASE, body, headers=about(tenant_id))
            key = answered.body["id"]
            self.model.create(tenant_id, key, body)
            name = f"d{index}.example"
            added = self.transport.send("POST", path(BASE, key, "domains"), {"domain": name}, headers=about(tenant_id))
            self.model.add_domain(key, added.body["id"], name)
            self.make(self.draw_group(data))

    @rule(tenant_id=tenant_ids, really=st.integers(0, 7))
    def tenant(self, tenant_id: str, really: int) -> None:
        """Create a tenant, or seldom delete one."""
        if tenant_id not in self.model.tenants or not really:
            self.make(self.draw_tenant(tenant_id))

    @rule(data=st.data())
    def create(self, data: st.DataObject) -> None:
        """Create a configuration."""
        self.make(self.draw_create(data))

    @rule(data=st.data(), kind=st.sampled_from(("update", "roles", "delete")))
    def change_configuration(self, data: st.DataObject, kind: str) -> None:
        """Change a configuration."""
        self.make(self.draw(data, kind))

    @rule(data=st.data(), kind=st.sampled_from(("domain", "domain", "domain_away", "validation", "force")))
    def change_domains(self, data: st.DataObject, kind: str) -> None:
        """Change domains."""
        self.make(self.draw(data, kind))

    @rule(data=st.data(), kind=st.sampled_from(("group", "group_change")))
    def change_groups(self, data: st.DataObject, kind: str) -> None:
        """Change groups."""
        self.make(self.draw(data, kind))

    @rule(data=st.data(), kind=st.sampled_from(("policy", "email")))
    def change_settings(self, data: st.DataObject, kind: str) -> None:
        """Change what the environment sets."""
        self.make(self.draw(data, kind))

    @rule(seconds=st.integers(1, 60))
    def time_passes(self, seconds: int) -> None:
        """Set the clock forward."""
        self.model.now = self.transport.admin("POST", "clock", {"advance": seconds})["now"]

    @precondition(lambda self: len(self.snapshots) < MAX_SNAPSHOTS)
    @rule()
    def take_snapshot(self) -> None:
        """Remember everything."""
        self.snapshots.append((self.transport.admin("GET", "snapshot"), self.model.copy()))

    @precondition(lambda self: self.snapshots)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        """Go back to what was remembered, clock included."""
        snapshot, model = data.draw(st.sampled_from(self.snapshots))
        self.transport.admin("POST", "restore", snapshot)
        self.model = model.copy()

    @invariant()
    def all_is_as_the_model_has_it(self) -> None:
        """Every tenant has its configurations, whole; one that is not there has none."""
        for tenant_id in TENANTS:
            answered = self.transport.send("GET", BASE, headers=about(tenant_id))
            if tenant_id not in self.model.tenants:
                assert answered.status == 404
                continue
            own = self.model.of(tenant_id)
            rows = {row["id"]: row for row in answered.body}
            assert rows.keys() == own.keys()
            assert [(key, wrong) for key, row in rows.items() if (wrong := own[key].difference(key, row))] == []

    @invariant()
    def settings_are_as_the_model_has_them(self) -> None:
        """So are the excluded addresses and the settings of the environment."""
        excluded = self.transport.send("GET", f"{BASE}/excluded-emails").body
        assert sorted(row["email"] for row in excluded) == sorted(self.model.excluded.values())
        policy = self.transport.send("GET", f"{BASE}/domains").body
        assert {name: value for name, value in policy.items() if value} == {
            name: value for name, value in self.model.policy.items() if value
        }
        several = self.transport.send("GET", f"{BASE}/multiple-sso-per-domain").body
        assert several["active"] == self.model.multiple.get("active", False)

    @rule(data=st.data())
    def parts_are_listed(self, data: st.DataObject) -> None:
        """Groups and default roles have routes of their own."""
        tenant_id, key = self.pick_owner(data)
        groups, given = (
            self.transport.send("GET", path(BASE, key, kind), headers=about(tenant_id)) for kind in ("groups", "roles")
        )
        if self.model.refuse_configuration(tenant_id, key):
            assert (groups.status, given.status) == (404, 404)
            return
        assert groups.body == self.shown(tenant_id, key)["groups"]
        assert given.body == {"roleIds": self.model.configurations[key].roles}

    @rule()
    def nothing_is_left_over(self) -> None:
        """What is deleted is not kept where nobody sees it."""
        (environment,) = self.transport.admin("GET", "snapshot")["environments"]
        kept = {name: {row["id"] for row in rows} for name, rows in environment["tables"].items()}
        every = self.model.configurations
        assert kept.get("ssoConfigurations", set()) == every.keys()
        assert kept.get("ssoDomains", set()) == {part for each in every.values() for part in each.domains}
        assert kept.get("ssoGroups", set()) == {part for each in every.values() for part in each.groups}


class PureSsoMachine(SsoMachine):
    """Against the rules as functions."""

    def open_transport(self) -> Transport:
        """The rules."""
        return RulesTransport()


class HttpSsoMachine(SsoMachine):
    """Against a server, where answers can be lost."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__()

    def open_transport(self) -> Transport:
        """The server."""
        return HttpTransport(self.url)

    @rule(
        data=st.data(),
        stage=st.sampled_from(("accept", "before_commit", "after_commit", "in_headers", "in_body")),
        action=st.sampled_from(("reset", "close")),
        kind=st.sampled_from(
            (
                "create",
                "update",
                "delete",
                "roles",
                "domain",
                "domain_away",
                "validation",
                "force",
                "group",
                "group_change",
                "policy",
                "email",
            )
        ),
    )
    def lose_an_answer(self, data: st.DataObject, stage: str, action: str, kind: str) -> None:
        """The connection ends before or after the change was made: only afterwards it shows which."""
        change = self.draw(data, kind)
        if change.refused:
            return
        method, target, body, headers = change.send
        self.transport.admin("POST", "faults", {"match": {"times": 1}, "stage": stage, "action": {"type": action}})
        try:
            answered = self.transport.send(method, target, body, headers=headers)
        except ResponseLostError:
            pass
        else:
            # a response that is cut off may be complete
            assert stage in {"in_headers", "in_body"}, answered
        self.transport.close()
        self.transport.admin("DELETE", "faults")
        if stage not in {"accept", "before_commit"}:
            change.apply(self.model, change.find() if change.find is not None else {})
