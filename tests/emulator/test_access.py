"""Authorization, as a table over operations with different credentials."""

from __future__ import annotations

import sys

import jwt
import pytest

from frontegg_async.emulator.http.access import check_access, read_token
from frontegg_async.emulator.http.routes import Route
from frontegg_async.emulator.services.registry import RULES
from frontegg_async.emulator.services.support.emulated_response import EmulatedResponse, RequestRefusedError
from frontegg_async.emulator.services.support.incoming_call import IncomingCall
from frontegg_async.emulator.services.support.rule import Rule
from frontegg_async.emulator.store.switches import DEFAULT, Switches, change
from frontegg_async.emulator.world.clock import Clock
from frontegg_async.emulator.world.emulated_environment import EmulatedEnvironment, EmulatedSettings
from frontegg_async.emulator.world.grants import Grant
from frontegg_async.emulator.world.signing_key import SigningKey, process_key
from frontegg_async.emulator.world.world import World
from frontegg_async.endpoints import Auth, Endpoint, all_endpoints
from frontegg_async.errors import MissingExtraError

VENDOR = Grant(kind="vendor", client_id="emu_test", issued=0, expires=1)
USER = Grant(kind="user", client_id="emu_test", issued=0, expires=1, tenant_id="mine", permissions=("fe.a.*",))


def nothing(_environment: EmulatedEnvironment, _call: IncomingCall) -> EmulatedResponse:
    return EmulatedResponse()


def route(auth: Auth, permission: str | None = None) -> Route:
    endpoint = Endpoint(name="things.get", method="GET", path="/things", auth=auth, returns=object)
    return Route(endpoint, Rule(run=nothing, permission=permission), None, ("things",))


@pytest.mark.parametrize(
    ("auth", "caller", "header", "permission", "outcome"),
    [
        (Auth.ENVIRONMENT, VENDOR, None, None, ""),
        (Auth.ENVIRONMENT, VENDOR, "t", None, 403),
        (Auth.ENVIRONMENT, USER, None, None, 401),
        (Auth.TENANT, VENDOR, "t", None, "t"),
        (Auth.TENANT, VENDOR, None, None, 403),
        (Auth.TENANT, VENDOR, "", None, 403),
        (Auth.TENANT, USER, None, None, 401),
        (Auth.TENANT | Auth.USER, VENDOR, "t", None, "t"),
        (Auth.TENANT | Auth.USER, VENDOR, None, None, 403),
        (Auth.TENANT | Auth.USER, USER, None, None, "mine"),
        (Auth.ENVIRONMENT | Auth.USER, VENDOR, None, None, ""),
        (Auth.ENVIRONMENT | Auth.USER, VENDOR, "t", None, "t"),
        (Auth.ENVIRONMENT | Auth.USER, USER, "other", None, "mine"),
        (Auth.USER, VENDOR, None, None, 401),
        (Auth.USER, USER, None, "fe.a.b", "mine"),
        (Auth.USER, USER, None, "fe.b", 403),
        (Auth.USER | Auth.ENVIRONMENT, VENDOR, None, "fe.b", ""),
    ],
)
def test_access(auth: Auth, caller: Grant, header: str | None, permission: str | None, outcome: str | int) -> None:
    """The kind of the token, the tenant header and the permission decide."""
    assert outcome_of(route(auth, permission), caller, header) == outcome


def outcome_of(
    asked: Route, caller: Grant, header: str | None, *, prefixed: bool = False, switches: Switches = DEFAULT
) -> str | int:
    try:
        return check_access(asked, caller, tenant_header=header, prefixed=prefixed, switches=switches)
    except RequestRefusedError as refused:
        return refused.response.status


@pytest.mark.parametrize(
    ("form", "prefixed", "served"),
    [
        ("both", True, True),
        ("both", False, True),
        ("required", True, True),
        ("required", False, False),
        ("refused", True, False),
        ("refused", False, True),
    ],
)
def test_the_prefix_of_user_routes(form: str, prefixed: bool, served: bool) -> None:
    """By the switch users are served under one form of the paths only; environments are not concerned."""
    switches = change(DEFAULT, {"user_prefix": form})
    asked = route(Auth.USER | Auth.ENVIRONMENT)
    assert outcome_of(asked, VENDOR, None, prefixed=prefixed, switches=switches) == ""
    assert outcome_of(asked, USER, None, prefixed=prefixed, switches=switches) == ("mine" if served else 404)


def test_permissions_can_be_ignored() -> None:
    """By the switch a user token needs none."""
    switches = change(DEFAULT, {"user_permissions": "ignore"})
    asked = route(Auth.USER, "fe.b")
    assert outcome_of(asked, USER, None) == 403
    assert outcome_of(asked, USER, None, switches=switches) == "mine"


@pytest.mark.parametrize(
    ("permission", "outcome"),
    [
        ("fe.account-settings.delete.account", 403),
        ("fe.account-hierarchy.read.subAccount", 403),
        ("fe.secure.read.accountSettings", "mine"),
    ],
)
def test_permissions_of_the_documented_routes_alone(permission: str, outcome: str | int) -> None:
    """By the switch those that are assumed are not asked for."""
    asked = route(Auth.USER, permission)
    assert outcome_of(asked, USER, None) == 403
    assert outcome_of(asked, USER, None, switches=change(DEFAULT, {"user_permissions": "documented"})) == outcome


def test_the_words_of_the_tenant_header() -> None:
    """A missing header is refused in the recorded words."""
    with pytest.raises(RequestRefusedError) as refused:
        check_access(route(Auth.TENANT), VENDOR, tenant_header=None, prefixed=False, switches=DEFAULT)
    assert refused.value.response.body == {"errors": ["Tenant ID is not specified"], "errorCode": "ER-00403"}


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({}, None),
        ({"Authorization": "Bearer a"}, "a"),
        ({"Authorization": "BEARER  a "}, "a"),
        ({"x-access-token": "b"}, "b"),
        ({"Authorization": "Bearer a", "x-access-token": "b"}, "a"),
        ({"Authorization": "Basic a", "x-access-token": "b"}, "b"),
    ],
)
def test_where_tokens_are(headers: dict[str, str], token: str | None) -> None:
    """``Authorization`` goes before ``x-access-token``."""
    assert read_token(headers) == token


def test_tokens_are_verified_when_they_are_not_remembered() -> None:
    """Their own claims say whose they are; those of an environment that is not there are nobody's."""
    world = World(process_key())
    other = World(process_key())
    other.add_environment("emu_other", "emu_other")
    for environment, found in ((other.default, True), (other.environments["emu_other"], False)):
        vendor, _ = environment.issue_vendor_token()
        user, issued = environment.issue_user_token({"sub": "u", "tenantId": "t", "permissions": ["a"]}, 60)
        grants = [world.grant_of(vendor), world.grant_of(user)]
        assert [grant is not None for grant in grants] == [found, found]
        if grants[1] is not None:
            assert (grants[1].subject, grants[1].tenant_id, grants[1].permissions) == ("u", "t", ("a",))
            assert 0 <= issued.expires - grants[1].expires < 1


@pytest.mark.parametrize("ttl", [86_400.0, 1_800.0, 1.0])
def test_tokens_end_to_the_fraction_of_a_second(ttl: float) -> None:
    """As long as was said, whatever the second began with; their claims say so many seconds from the one of issue."""
    world = World(process_key(), defaults=EmulatedSettings(token_ttl=ttl))
    environment = world.default
    environment.clock = Clock(frozen=1_700_000_000.625)
    vendor, _ = environment.issue_vendor_token()
    user, _ = environment.issue_user_token({"sub": "u", "tenantId": "t"}, ttl)
    for token in (vendor, user):
        claims = jwt.decode(token, options={"verify_signature": False})
        assert (claims["iat"], claims["exp"]) == (1_700_000_000, 1_700_000_000 + ttl)
    grants = [grant for token in (vendor, user) if (grant := world.grant_of(token))]
    environment.clock.advance(ttl - 0.125)
    assert [environment.accepts(grant) for grant in grants] == [True, True]
    environment.clock.advance(0.125)
    assert [environment.accepts(grant) for grant in grants] == [False, False]


def test_remembered_tokens_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are, memory does not grow without end."""
    monkeypatch.setattr("frontegg_async.emulator.world.world.MAX_GRANTS", 2)
    world = World(process_key())
    for number in range(5):
        world.remember(str(number), VENDOR)
    assert len(world._grants) <= 2


def test_without_cryptography(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyJWT alone does not do."""
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric", None)
    with pytest.raises(MissingExtraError, match="cryptography"):
        SigningKey.make()


_POLICIES = ("mfa", "lockout", "password", "password_history", "sessions")
_GUARDED = {
    "fe.secure.read.audits": (
        "audits.list",
        "audits.export_csv",
        "audits.get_stats",
        "audits.list_v1",
        "audits.export_csv_v1",
        "audits.export_csv_v2",
    ),
    "fe.secure.read.securityPolicy": (
        *(f"security.{policy}.get" for policy in _POLICIES),
        "security.countries.list",
        "security.countries.get_config",
        "security.user_emails.get",
        "security.mfa_strategies.list",
        *(f"security.{policy}.get_of_environment" for policy in ("mfa", "lockout", "password_history", "sessions")),
    ),
    "fe.secure.write.securityPolicy": (
        *(f"security.{policy}.set" for policy in _POLICIES),
        *(f"security.{policy}.create" for policy in ("mfa", "lockout", "password_history")),
        "security.mfa.update",
        "security.countries.set",
        "security.countries.set_config",
        "users.passwords.reset_breached",
    ),
    "fe.secure.read.passwordExpirationConfiguration": (
        "security.password_rotation.get",
        "security.password_rotation.get_of_environment",
    ),
    "fe.secure.write.passwordExpirationConfiguration": ("security.password_rotation.set",),
    "fe.secure.read.ipRestrictions": tuple(
        f"security.ip_restrictions.{verb}" for verb in ("list", "get_config", "is_allowed", "is_on_allow_list")
    ),
    "fe.secure.write.ipRestrictions": tuple(
        f"security.ip_restrictions.{verb}" for verb in ("create", "create_many", "set_config")
    ),
    "fe.secure.delete.ipRestrictions": ("security.ip_restrictions.delete",),
    "fe.secure.read.emailDomainRestrictions": tuple(
        f"security.email_domains.{verb}" for verb in ("list", "get_config")
    ),
    "fe.secure.write.emailDomainRestrictions": tuple(
        f"security.email_domains.{verb}" for verb in ("create", "replace", "set_config")
    ),
    "fe.secure.delete.emailDomainRestrictions": ("security.email_domains.delete",),
    "fe.secure.read.provisioningConfiguration": ("scim.list", "scim.get", "scim.count_users"),
    "fe.secure.write.provisioningConfiguration": ("scim.create", "scim.update"),
    "fe.secure.delete.provisioningConfiguration": ("scim.delete",),
    "fe.secure.read.users": (
        "users.get_temporary_config",
        *(f"users.{verb}" for verb in ("list", "list_v2", "get_in_tenant", "list_roles", "list_groups")),
        *(f"users.{subject}.list" for subject in ("emails", "phone_numbers", "usernames")),
        "users.phone_numbers.list_v1",
        "team_members.list",
        "team_members.get_stats",
    ),
    "fe.secure.write.tenantInvites": ("users.invite", "users.set_expiration", "users.make_permanent"),
    "fe.secure.write.resendActivationEmail": (
        "users.resend_invitation",
        "users.resend_all_invitations",
        "team_members.resend_activation",
    ),
    "fe.secure.write.enableDisable": ("users.disable", "users.enable"),
    "fe.secure.write.usersRoles": ("users.assign_roles", "team_members.update"),
    "fe.secure.delete.usersRoles": ("users.unassign_roles",),
    "fe.secure.delete.users": ("users.remove", "team_members.remove"),
    "fe.secure.read.roles": ("roles.list_v1", "roles.list", "team_members.list_roles"),
    "fe.secure.write.roles": ("roles.create", "roles.create_derived"),
    "fe.secure.write.updateRole": ("roles.update", "roles.set_permissions"),
    "fe.secure.delete.role": ("roles.delete",),
    "fe.secure.read.permissions": ("permissions.list", "permissions.list_categories"),
    "fe.account-settings.read.app": tuple(
        f"applications.{verb}" for verb in ("list", "list_assigned_v1", "list_assigned", "list_for_user")
    ),
    "fe.connectivity.read.webhooks": ("webhooks.list",),
    "fe.connectivity.read.webhookLogs": ("webhooks.list_logs",),
    "fe.connectivity.write.webhook": tuple(f"webhooks.{verb}" for verb in ("create", "update", "redeliver", "test")),
    "fe.connectivity.delete.webhook": ("webhooks.delete",),
    "fe.connectivity.read.events": ("event_definitions.list",),
    "fe.connectivity.read.eventCategories": ("event_definitions.categories",),
}
"""The permissions as a real environment lists them, each with the operations that are assumed to need it."""


_FAMILIES = (
    "applications.",
    "audits.",
    "event_definitions.",
    "permissions.",
    "roles.",
    "scim.",
    "security.",
    "team_members.",
    "users.",
    "webhooks.",
)
_OF_ONESELF = frozenset(
    {"users.list_sessions", "users.end_session", "users.end_sessions", "users.passwords.get_config"}
)


def test_the_permissions_of_what_guards_a_tenant() -> None:
    """Every operation of these families that users may call needs one that there is."""
    of_users = {each.name for each in all_endpoints() if each.auth & Auth.USER}
    guarded = {name for name in of_users if name.startswith(_FAMILIES)} - _OF_ONESELF

    assert {name: RULES[name].permission for name in guarded} == {
        name: permission for permission, names in _GUARDED.items() for name in names
    }
