"""Exercises of security policies: each is read, set where there is one and where there is none, and refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tests.emulator.cases import Case, case
from tests.exercises.exercise import (
    Exercise,
    ExerciseClients,
    MakeCall,
    bad,
    both,
    forbidden,
    good,
    member,
    refused,
)

_POLICIES: Final[dict[str, tuple[dict[str, Any], dict[str, Any], str]]] = {
    "mfa": (
        {"enforce": "Force", "allow_remember_my_device": True, "device_expiration": 3600, "all_applications": False},
        {"enforce": "Always"},
        "enforce must be one of",
    ),
    "lockout": ({"enabled": True, "max_attempts": 5}, {"max_attempts": 0}, "max_attempts"),
    "password": (
        {"min_length": 12, "optional_tests": {"requireNumbers": True}},
        {"required_tests": {"requireNumbers": "yes"}},
        "required_tests must be a mapping",
    ),
    "password_history": ({"enabled": True, "history_size": 3}, {"history_size": 11}, "history_size"),
    "password_rotation": (
        {"enabled": True, "rotation_period_minutes": 1000, "notification_period_minutes": 10},
        {"rotation_period_minutes": 0},
        "rotation_period_minutes",
    ),
    "sessions": ({"idle": 600, "lifetime": None, "max_sessions": 3}, {"idle": 59}, "idle must be a whole number"),
}
_CONFIGS: Final[dict[str, tuple[dict[str, Any], dict[str, Any], str]]] = {
    "ip_restrictions": ({"mode": "allow", "enabled": True}, {"mode": "deny"}, "mode"),
    "email_domains": (
        {"enabled": True, "mode": "allow", "block_public_domains": True},
        {"mode": "deny"},
        "mode",
    ),
}
_WITH_CREATE: Final = ("lockout", "password_history")
_READER: Final = ("fe.secure.read.*",)


def _twice(name: str, given: dict[str, Any]) -> MakeCall:
    """Return the calls that set a policy that is not there, and then what is there."""

    def calls(s: ExerciseClients) -> Iterator[Any]:
        for _ in range(2):
            yield member(s.frontegg, name)("acme", **given)

    return calls


def _of_other(name: str, given: dict[str, Any]) -> MakeCall:
    """Return the call by which a user sets the policy of a tenant that has none."""

    def call(s: ExerciseClients) -> Any:
        token = s.emulator.user_token(tenant_id="other", user_id="ann", permissions=["fe.secure.*"]).access_token
        return member(s.user_with(token=token), name)(**given)

    return call


def _policy(policy: str, suffix: str = "") -> Iterator[Exercise]:
    given, wrong, match = (_CONFIGS if suffix else _POLICIES)[policy]
    read, change = f"security.{policy}.get{suffix}", f"security.{policy}.set{suffix}"
    write = f"security.{policy}.create" if policy in _WITH_CREATE else change
    yield good(read, lambda s: member(s.frontegg, read)("acme"))
    yield good(read, lambda s: member(s.user, read)(), "user")
    yield forbidden(read, lambda s: member(s.user, read)())
    yield bad(read, "tenant_id", lambda s: member(s.frontegg, read)(""))
    yield good(change, _twice(change, given))
    yield good(change, lambda s: member(s.user, change)(**given), "user")
    yield refused(change, 403, lambda s: member(s.user, change)(**given), "user", permissions=_READER)
    yield good(write, lambda s: member(s.frontegg, change)("other", **given))
    yield good(write, _of_other(change, given), "user")
    yield refused(write, 404, lambda s: member(s.frontegg, change)("nobody", **given))
    for verb in {write, change}:
        yield bad(verb, match, lambda s: member(s.frontegg, change)("acme", **wrong))
        yield bad(verb, "at least one of", lambda s: member(s.user, change)())


def _listing(name: str, **given: Any) -> Iterator[Exercise]:
    yield good(name, lambda s: member(s.frontegg, name)("acme", **given).all())
    yield good(name, lambda s: member(s.user, name)().all(), "user")
    yield forbidden(name, lambda s: member(s.user, name)().all())
    yield refused(name, 404, lambda s: member(s.frontegg, name)("nobody").all())
    yield bad(name, "page_size", lambda s: member(s.user, name)(page_size=0).all())
    yield bad(name, "prefetch", lambda s: member(s.user, name)(prefetch=-1).all())


_IP: Final = "security.ip_restrictions"
_DOMAINS: Final = "security.email_domains"

_COUNTRIES: Final = "security.countries"
_COUNTRY_CONFIG: Final = {"enabled": True, "mode": "allow", "fail_mode": "block", "send_email": True}


def _set_countries(s: ExerciseClients, *codes: str) -> Any:
    return s.user.security.countries.set(country_codes=codes)


_OF_USERS: Final = (
    good(f"{_COUNTRIES}.list", lambda s: s.user.security.countries.list().all(), "user"),
    forbidden(f"{_COUNTRIES}.list", lambda s: s.user.security.countries.list().all()),
    good(f"{_COUNTRIES}.set", lambda s: _set_countries(s, "DE", "FR", "DE"), "user"),
    good(f"{_COUNTRIES}.set", _set_countries, "user", switches={"countries_write": "add"}),
    forbidden(f"{_COUNTRIES}.set", lambda s: _set_countries(s, "DE")),
    bad(f"{_COUNTRIES}.set", r"country_codes\[1\] must be two", lambda s: _set_countries(s, "DE", "de"), "user"),
    bad(f"{_COUNTRIES}.set", "a sequence", lambda s: s.user.security.countries.set(country_codes="DE"), "user"),
    good(f"{_COUNTRIES}.get_config", lambda s: s.user.security.countries.get_config(), "user"),
    forbidden(f"{_COUNTRIES}.get_config", lambda s: s.user.security.countries.get_config()),
    good(f"{_COUNTRIES}.set_config", lambda s: s.user.security.countries.set_config(**_COUNTRY_CONFIG), "user"),
    good(f"{_COUNTRIES}.set_config", lambda s: s.user.security.countries.set_config(enabled=True), "user"),
    forbidden(f"{_COUNTRIES}.set_config", lambda s: s.user.security.countries.set_config(**_COUNTRY_CONFIG)),
    bad(f"{_COUNTRIES}.set_config", "mode", lambda s: s.user.security.countries.set_config(mode="deny"), "user"),
    bad(f"{_COUNTRIES}.set_config", "at least one of", lambda s: s.user.security.countries.set_config(), "user"),
)
"""Those of policies that only users set."""

EXERCISES: Final = (
    *(each for policy in _POLICIES for each in _policy(policy)),
    *(each for policy in _CONFIGS for each in _policy(policy, "_config")),
    refused(
        "security.password.set",
        403,
        lambda s: s.user.security.password.set(min_length=12),
        "user",
        switches={"password_policy_by_user": "refuse"},
    ),
    *_listing(f"{_IP}.list", filter="203"),
    *both(f"{_IP}.create", ip="198.51.100.0/24", mode="allow", wrong=("ip must be", {"ip": "host"})),
    bad(f"{_IP}.create", "mode", lambda s: s.user.security.ip_restrictions.create(ip="::1", mode="deny")),
    *both(f"{_IP}.create_many", ips=["198.51.100.0/24", "::1"], mode="block", wrong=(r"ips\[0\]", {"ips": ["x"]})),
    bad(f"{_IP}.create_many", "ips", lambda s: s.user.security.ip_restrictions.create_many(ips=[], mode="allow")),
    *both(f"{_IP}.delete", "ip1"),
    *both(f"{_IP}.is_allowed"),
    *both(f"{_IP}.is_on_allow_list"),
    *_listing(f"{_DOMAINS}.list"),
    *both(f"{_DOMAINS}.create", domain="new.example", mode="block", wrong=("domain", {"domain": "@example.com"})),
    *both(f"{_DOMAINS}.delete", "domain1"),
    *both(
        f"{_DOMAINS}.replace", domains=["a.example", "b.example"], mode="allow", wrong=("at least one", {"domains": []})
    ),
    *_OF_USERS,
)

_ABOUT_ACME: Final = {"frontegg-tenant-id": "acme"}
_ABOUT_NOBODY: Final = {"frontegg-tenant-id": "nobody"}
_REFUSED: Final = {"policies_without_tenant": "refuse"}

_LOCKOUT_BODY: Final = {"enabled": True, "maxAttempts": 3}
_CAPTCHA: Final = {"enabled": True, "siteKey": "site", "secretKey": "secret", "minScore": 0.5}
_HISTORY_BODY: Final = {"enabled": True, "historySize": 3}
_LIMIT: Final = {"isActive": True, "timeout": 600}
_WRITES: Final[dict[str, tuple[int, dict[str, Any]]]] = {
    "mfa.set": (200, {"enforceMFAType": "Force"}),
    "mfa.create": (201, {"enforceMFAType": "Force"}),
    "mfa.update": (200, {"enforceMFAType": "Force"}),
    "captcha.create": (201, _CAPTCHA),
    "captcha.update": (200, _CAPTCHA),
    "lockout.set": (200, _LOCKOUT_BODY),
    "lockout.create": (201, _LOCKOUT_BODY),
    "password.set": (201, {"minLength": 12}),
    "password_history.set": (200, _HISTORY_BODY),
    "password_history.create": (201, _HISTORY_BODY),
    "password_rotation.set": (200, {"isActive": True}),
    "sessions.set": (201, {"sessionIdleTimeoutConfiguration": _LIMIT}),
    "ip_restrictions.create": (201, {"ip": "198.51.100.1", "strategy": "ALLOW"}),
    "ip_restrictions.create_many": (201, {"ips": [{"ip": "198.51.100.1", "strategy": "ALLOW"}]}),
    "ip_restrictions.set_config": (201, {"isActive": True}),
    "email_domains.create": (201, {"domain": "new.example", "type": "ALLOW"}),
    "email_domains.replace": (201, {"domains": ["new.example"], "type": "ALLOW"}),
    "email_domains.set_config": (201, {"active": True, "type": "ALLOW"}),
}
_OF_ENVIRONMENT: Final = (*_POLICIES, "captcha")
_READS: Final = {
    **{f"{policy}.get": 200 for policy in _OF_ENVIRONMENT},
    "ip_restrictions.list": 200,
    "ip_restrictions.get_config": 200,
    "ip_restrictions.is_allowed": 201,
    "ip_restrictions.is_on_allow_list": 201,
    "email_domains.list": 200,
    "email_domains.get_config": 200,
}
_COUNTRY_BODY: Final = {
    "enabled": True,
    "action": "ALLOW",
    "failStrategy": "BLOCK",
    "shouldSendRestrictionEmail": False,
}


def _cases() -> Iterator[Case]:
    """Yield those that succeed first; acme has each policy, and other has none."""
    acme, bare = {"headers": _ABOUT_ACME}, {"headers": {"frontegg-tenant-id": "other"}}
    for name, status in _READS.items():
        yield case(f"security.{name}", status, **acme)
    for name, (status, body) in _WRITES.items():
        yield case(f"security.{name}", status, body=body, **(bare if name.endswith("create") else acme))
    yield case("security.ip_restrictions.delete", 200, "ip1", **acme)
    yield case("security.email_domains.delete", 200, "domain1", **acme)
    for name in ("ip_restrictions.delete", "email_domains.delete"):
        yield case(f"security.{name}", 403, "id")
        yield case(f"security.{name}", 404, "none", **acme)
    for name in (*_READS, *_WRITES):
        given: dict[str, Any] = {"body": _WRITES[name][1]} if name in _WRITES else {}
        more = {"switches": _REFUSED} if name.partition(".")[0] in _OF_ENVIRONMENT else {}
        yield case(f"security.{name}", 403, **given, **more)
        yield case(f"security.{name}", 404, headers=_ABOUT_NOBODY, **given)
        if name in _WRITES:
            yield case(f"security.{name}", 400, body={"wrong": 1, "enforceMFAType": 1}, **acme)
    for part, value in (
        ("sessionIdleTimeoutConfiguration", {"timeout": 2_073_601}),
        ("sessionTimeoutConfiguration", {"timeout": 59}),
        ("sessionConcurrentConfiguration", {"maxSessions": 0}),
    ):
        yield case("security.sessions.set", 400, body={part: {"isActive": True, **value}}, **acme)
    for name in ("ip_restrictions.list", "email_domains.list"):
        yield case(f"security.{name}", 400, query=(("_limit", "0"),), **acme)
    yield from _cases_of_countries()
    for name in ("mfa.create", "captcha.create", "lockout.create", "password_history.create"):
        yield case(f"security.{name}", 409, body=_WRITES[name][1], **acme)


def _cases_of_countries() -> Iterator[Case]:
    countries, config = {"countries": [{"countryCode": "DE"}]}, dict(_COUNTRY_BODY)
    for name, status, given in (
        ("countries.list", 200, {}),
        ("countries.set", 201, {"body": countries}),
        ("countries.get_config", 200, {}),
        ("countries.set_config", 201, {"body": config}),
    ):
        yield case(f"security.{name}", status, token="user", **given)
        yield case(f"security.{name}", 403, token="bare", **given)
        if given:
            yield case(f"security.{name}", 400, token="user", body={"wrong": 1})


CASES: Final = (*_cases(),)
"""Requests with the status that each must get: for each operation at first one that succeeds."""

_CREATED: Final = "2026-01-01T00:00:00.000Z"


def _row(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    times = {"createdAt": _CREATED, "updatedAt": _CREATED}
    return {"id": f"{kind}:acme", "tenantId": "acme", "kind": kind, "values": values, **times}


TABLES: Final = {
    "policies": [
        _row("mfa", {"enforceMFAType": "DontForce"}),
        _row("captcha", _CAPTCHA),
        _row("lockout", _LOCKOUT_BODY),
        _row("passwordHistory", _HISTORY_BODY),
        _row("passwordRotation", {"isActive": True}),
        _row("sessions", {"sessionIdleTimeoutConfiguration": _LIMIT}),
        _row("ipConfig", {"strategy": "BLOCK"}),
        _row("emailDomainConfig", {"active": True}),
    ],
    "ipRestrictions": [
        {"id": "ip1", "tenantId": "acme", "createdAt": _CREATED, "ip": "203.0.113.7", "strategy": "BLOCK"}
    ],
    "countries": [{"id": "c1", "tenantId": "acme", "createdAt": _CREATED, "countryCode": "US"}],
    "emailDomains": [
        {"id": "domain1", "tenantId": "acme", "createdAt": _CREATED, "domain": "old.example", "type": "BLOCK"}
    ],
}
"""Rows that there are before each request."""
