"""Exercises of security policies: each is read, set where there is one and where there is none, and refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tests.emulator.cases import Case, case
from tests.exercises.exercise import Exercise, ExerciseClients, bad, good, refused

_POLICIES: Final[dict[str, tuple[dict[str, Any], dict[str, Any], str]]] = {
    "mfa": (
        {"enforce": "Force", "allow_remember_my_device": True, "device_expiration": 3600},
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
        {"is_active": True, "rotation_period": 1000, "notification_period": 10},
        {"rotation_period": 0},
        "rotation_period",
    ),
    "sessions": ({"idle": 600, "lifetime": None, "max_sessions": 3}, {"idle": 59}, "idle must be a whole number"),
}
_WITH_CREATE: Final = ("lockout", "password_history")


def _of(s: ExerciseClients, policy: str) -> Any:
    return getattr(s.frontegg.security, policy)


def _twice(s: ExerciseClients, policy: str, given: dict[str, Any]) -> Iterator[Any]:
    """Set a policy that is not there, and then what is there."""
    yield _of(s, policy).set("acme", **given)
    yield _of(s, policy).set("acme", **given)


def _policy(policy: str) -> Iterator[Exercise]:
    given, wrong, match = _POLICIES[policy]
    name = f"security.{policy}"
    write = "create" if policy in _WITH_CREATE else "set"
    yield good(f"{name}.get", lambda s: _of(s, policy).get("acme"))
    yield bad(f"{name}.get", "tenant_id", lambda s: _of(s, policy).get(""))
    yield good(f"{name}.set", lambda s: _twice(s, policy, given))
    yield good(f"{name}.{write}", lambda s: _of(s, policy).set("other", **given))
    yield refused(f"{name}.{write}", 404, lambda s: _of(s, policy).set("nobody", **given))
    for verb in {write, "set"}:
        yield bad(f"{name}.{verb}", match, lambda s: _of(s, policy).set("acme", **wrong))
        yield bad(f"{name}.{verb}", "at least one of", lambda s: _of(s, policy).set("acme"))


_IP: Final = "security.ip_restrictions"
_DOMAINS: Final = "security.email_domains"

EXERCISES: Final = (
    *(each for policy in _POLICIES for each in _policy(policy)),
    good(f"{_IP}.list", lambda s: s.frontegg.security.ip_restrictions.list("acme", filter="203").all()),
    refused(f"{_IP}.list", 404, lambda s: s.frontegg.security.ip_restrictions.list("nobody").all()),
    bad(f"{_IP}.list", "page_size", lambda s: s.frontegg.security.ip_restrictions.list("acme", page_size=0).all()),
    good(
        f"{_IP}.create",
        lambda s: s.frontegg.security.ip_restrictions.create("acme", ip="198.51.100.0/24", strategy="allow"),
    ),
    refused(
        f"{_IP}.create", 404, lambda s: s.frontegg.security.ip_restrictions.create("nobody", ip="::1", strategy="allow")
    ),
    bad(
        f"{_IP}.create",
        "ip must be",
        lambda s: s.frontegg.security.ip_restrictions.create("acme", ip="host", strategy="allow"),
    ),
    bad(
        f"{_IP}.create",
        "strategy",
        lambda s: s.frontegg.security.ip_restrictions.create("acme", ip="::1", strategy="deny"),
    ),
    good(f"{_IP}.delete", lambda s: s.frontegg.security.ip_restrictions.delete("acme", "ip1")),
    refused(f"{_IP}.delete", 404, lambda s: s.frontegg.security.ip_restrictions.delete("acme", "none")),
    bad(f"{_IP}.delete", "restriction_id", lambda s: s.frontegg.security.ip_restrictions.delete("acme", "")),
    good(f"{_IP}.get_config", lambda s: s.frontegg.security.ip_restrictions.get_config("acme")),
    bad(f"{_IP}.get_config", "tenant_id", lambda s: s.frontegg.security.ip_restrictions.get_config("")),
    good(
        f"{_IP}.set_config",
        lambda s: s.frontegg.security.ip_restrictions.set_config("acme", strategy="allow", is_active=True),
    ),
    refused(
        f"{_IP}.set_config",
        404,
        lambda s: s.frontegg.security.ip_restrictions.set_config("nobody", strategy="allow", is_active=True),
    ),
    bad(f"{_IP}.set_config", "at least one of", lambda s: s.frontegg.security.ip_restrictions.set_config("acme")),
    *(
        each
        for verb in ("verify", "verify_allowed")
        for each in (
            good(f"{_IP}.{verb}", lambda s, verb=verb: getattr(s.frontegg.security.ip_restrictions, verb)("acme")),
            refused(
                f"{_IP}.{verb}", 404, lambda s, verb=verb: getattr(s.frontegg.security.ip_restrictions, verb)("nobody")
            ),
        )
    ),
    good(f"{_DOMAINS}.list", lambda s: s.frontegg.security.email_domains.list("acme").all()),
    refused(f"{_DOMAINS}.list", 404, lambda s: s.frontegg.security.email_domains.list("nobody").all()),
    bad(f"{_DOMAINS}.list", "prefetch", lambda s: s.frontegg.security.email_domains.list("acme", prefetch=-1).all()),
    good(
        f"{_DOMAINS}.create",
        lambda s: s.frontegg.security.email_domains.create("acme", domain="new.example", type="block"),
    ),
    refused(
        f"{_DOMAINS}.create",
        404,
        lambda s: s.frontegg.security.email_domains.create("nobody", domain="new.example", type="block"),
    ),
    bad(
        f"{_DOMAINS}.create",
        "domain",
        lambda s: s.frontegg.security.email_domains.create("acme", domain="@example.com", type="block"),
    ),
    good(f"{_DOMAINS}.delete", lambda s: s.frontegg.security.email_domains.delete("acme", "domain1")),
    refused(f"{_DOMAINS}.delete", 404, lambda s: s.frontegg.security.email_domains.delete("acme", "none")),
    bad(f"{_DOMAINS}.delete", "restriction_id", lambda s: s.frontegg.security.email_domains.delete("acme", "..")),
    good(
        f"{_DOMAINS}.replace",
        lambda s: s.frontegg.security.email_domains.replace("acme", domains=["a.example", "b.example"], type="allow"),
    ),
    refused(
        f"{_DOMAINS}.replace",
        404,
        lambda s: s.frontegg.security.email_domains.replace("nobody", domains=["a.example"], type="allow"),
    ),
    bad(
        f"{_DOMAINS}.replace",
        "at least one",
        lambda s: s.frontegg.security.email_domains.replace("acme", domains=[], type="allow"),
    ),
    good(f"{_DOMAINS}.get_config", lambda s: s.frontegg.security.email_domains.get_config("acme")),
    bad(f"{_DOMAINS}.get_config", "tenant_id", lambda s: s.frontegg.security.email_domains.get_config("")),
    good(
        f"{_DOMAINS}.set_config",
        lambda s: s.frontegg.security.email_domains.set_config(
            "acme", active=True, list_type="allow", block_public_domains=True
        ),
    ),
    refused(
        f"{_DOMAINS}.set_config",
        404,
        lambda s: s.frontegg.security.email_domains.set_config(
            "nobody", active=True, list_type="allow", block_public_domains=True
        ),
    ),
    bad(f"{_DOMAINS}.set_config", "at least one of", lambda s: s.frontegg.security.email_domains.set_config("acme")),
)

_ABOUT_ACME: Final = {"frontegg-tenant-id": "acme"}
_ABOUT_NOBODY: Final = {"frontegg-tenant-id": "nobody"}
_REFUSED: Final = {"policies_without_tenant": "refuse"}

_LOCKOUT_BODY: Final = {"enabled": True, "maxAttempts": 3}
_HISTORY_BODY: Final = {"enabled": True, "historySize": 3}
_LIMIT: Final = {"isActive": True, "timeout": 600}
_WRITES: Final[dict[str, tuple[int, dict[str, Any]]]] = {
    "mfa.set": (200, {"enforceMFAType": "Force"}),
    "mfa.create": (201, {"enforceMFAType": "Force"}),
    "mfa.update": (200, {"enforceMFAType": "Force"}),
    "lockout.set": (200, _LOCKOUT_BODY),
    "lockout.create": (201, _LOCKOUT_BODY),
    "password.set": (201, {"minLength": 12}),
    "password_history.set": (200, _HISTORY_BODY),
    "password_history.create": (201, _HISTORY_BODY),
    "password_rotation.set": (200, {"isActive": True}),
    "sessions.set": (201, {"sessionIdleTimeoutConfiguration": _LIMIT}),
    "ip_restrictions.create": (201, {"ip": "198.51.100.1", "strategy": "ALLOW"}),
    "ip_restrictions.set_config": (201, {"isActive": True}),
    "email_domains.create": (201, {"domain": "new.example", "type": "ALLOW"}),
    "email_domains.replace": (201, {"domains": ["new.example"], "type": "ALLOW"}),
    "email_domains.set_config": (201, {"active": True, "type": "ALLOW"}),
}
_READS: Final = {
    **{f"{policy}.get": 200 for policy in _POLICIES},
    "ip_restrictions.list": 200,
    "ip_restrictions.get_config": 200,
    "ip_restrictions.verify": 201,
    "ip_restrictions.verify_allowed": 201,
    "email_domains.list": 200,
    "email_domains.get_config": 200,
}
_OF_ENVIRONMENT: Final = (*_POLICIES,)


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
        more = {"divergences": _REFUSED} if name.partition(".")[0] in _OF_ENVIRONMENT else {}
        yield case(f"security.{name}", 403, **given, **more)
        yield case(f"security.{name}", 404, headers=_ABOUT_NOBODY, **given)
        if name in _WRITES:
            yield case(f"security.{name}", 400, body={"wrong": 1}, **acme)
    for name in ("ip_restrictions.list", "email_domains.list"):
        yield case(f"security.{name}", 400, query=(("_limit", "0"),), **acme)
    for name in ("mfa.create", "lockout.create", "password_history.create"):
        yield case(f"security.{name}", 409, body=_WRITES[name][1], **acme)


CASES: Final = (*_cases(),)
"""Requests with the status that each must get: for each operation at first one that succeeds."""

_CREATED: Final = "2026-01-01T00:00:00.000Z"


def _row(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    times = {"createdAt": _CREATED, "updatedAt": _CREATED}
    return {"id": f"{kind}:acme", "tenantId": "acme", "kind": kind, "values": values, **times}


TABLES: Final = {
    "policies": [
        _row("mfa", {"enforceMFAType": "DontForce"}),
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
    "emailDomains": [
        {"id": "domain1", "tenantId": "acme", "createdAt": _CREATED, "domain": "old.example", "type": "BLOCK"}
    ],
}
"""Rows that there are before each request."""
