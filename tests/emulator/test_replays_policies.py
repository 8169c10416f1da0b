"""Requests about policies, as the portal of an account and Terraform's provider send them.

The portal is ``@frontegg/rest-api`` 7.119.0, with the token of a user, below ``/frontegg`` and without a tenant header.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs
import pytest

from tests.emulator.support import Service
from tests.emulator.test_replays import APPLICATIONS, IN_T, MFA, POLICIES, Sent, get, replay

pytestmark = pytest.mark.anyio

DOMAINS: Final = "/identity/resources/configurations/restrictions/v1/email-domain"
ADDRESSES: Final = f"{POLICIES}/restrictions/ip"
COUNTRIES: Final = "/security-engines/resources/policies/v1/country-restriction"
SESSIONS: Final = "/identity/resources/configurations/sessions/v1"

ENFORCED: Final = {"enforceMFAType": "Force"}
LOCKOUT: Final = {"enabled": True, "maxAttempts": 5}
HISTORY: Final = {"enabled": True, "historySize": 3}
ROTATION: Final = {"isActive": True, "rotationPeriod": 129_600, "notificationPeriod": 10_080}
ADDRESS: Final = {"ip": "127.0.0.1", "strategy": "ALLOW", "isActive": True, "description": "here"}
COUNTRY: Final = {"enabled": True, "action": "ALLOW", "failStrategy": "ALLOW", "shouldSendRestrictionEmail": False}
IDLE: Final = {"isActive": True, "timeout": 600}


def _saved(path: str, first: Mapping[str, Any], then: Mapping[str, Any]) -> tuple[Sent, ...]:
    """Save a policy twice: it is created without an id, and the second request has the id that was read."""
    route = f"{POLICIES}/{path}"
    return (
        get(route, status=404),
        Sent("POST", route, first, status=201, reads=first),
        Sent("POST", route, first, status=409),
        get(route, first, keeps=path),
        Sent("PATCH", route, {"id": f"<{path}>", **then}, reads={"id": f"<{path}>", **then}),
        get(route, {"id": f"<{path}>", **then}),
    )


PORTAL: Final = (
    get(POLICIES),
    *_saved("mfa-policy", ENFORCED, {"enforceMFAType": "ForceExceptSAML"}),
    *_saved("lockout-policy", LOCKOUT, {"enabled": False, "maxAttempts": 7}),
    *_saved("password-history-policy", HISTORY, {"enabled": True, "historySize": 10}),
    Sent("PATCH", f"{POLICIES}/password-history-policy", {"enabled": True, "historySize": 11}, status=400),
    get(f"{POLICIES}/password-rotation", status=404),
    Sent("POST", f"{POLICIES}/password-rotation", ROTATION),
    get(f"{POLICIES}/password-rotation", ROTATION),
    get(f"{POLICIES}/password", {"minLength": 10}),
    get(f"{DOMAINS}/config", status=404),
    Sent(
        "POST", DOMAINS, {"domain": "a.example", "type": "ALLOW"}, status=201, reads={"type": "ALLOW"}, keeps="domain"
    ),
    get(DOMAINS, {"id": "<domain>", "domain": "a.example"}),
    Sent("POST", f"{DOMAINS}/config", {"active": True, "type": "ALLOW", "blockPublicDomains": False}, status=201),
    get(f"{DOMAINS}/config", {"active": True, "listType": "ALLOW", "blockPublicDomains": False}),
    Sent("DELETE", f"{DOMAINS}/<domain>"),
    Sent("POST", ADDRESSES, ADDRESS, status=201),
    get(f"{ADDRESSES}?_offset=0&_limit=10&_filter=here", ADDRESS, keeps="address"),
    Sent("POST", f"{ADDRESSES}/config", {"isActive": True, "strategy": "ALLOW"}, status=201),
    get(f"{ADDRESSES}/config", {"isActive": True, "strategy": "ALLOW"}),
    Sent("POST", f"{ADDRESSES}/verify", status=201, reads={"valid": True}),
    Sent("POST", f"{ADDRESSES}/verify/allow", status=201, reads={"valid": True}),
    Sent("DELETE", f"{ADDRESSES}/<address>"),
    get(COUNTRIES),
    Sent("POST", COUNTRIES, COUNTRY, status=201),
    get(COUNTRIES, COUNTRY),
    Sent("POST", f"{COUNTRIES}/countries", {"countries": [{"countryCode": "AT"}]}, status=201),
    get(f"{COUNTRIES}/countries", {"countryCode": "AT"}),
    Sent("POST", SESSIONS, {"sessionIdleTimeoutConfiguration": IDLE}, status=201),
    get(SESSIONS, {"sessionIdleTimeoutConfiguration": IDLE}),
)

WITH_APP: Final = {**IN_T, "frontegg-application-id": "<app>"}
ROUTE: Final = f"{POLICIES}/mfa-policy"
FREE: Final = {**MFA, "enforceMFAType": "DontForce"}

TERRAFORM: Final = (
    Sent("POST", ROUTE, MFA, IN_T, 201, MFA, "without"),
    get(ROUTE, status=404, headers=WITH_APP),
    Sent("PATCH", ROUTE, FREE, WITH_APP, 404),
    Sent("POST", ROUTE, FREE, WITH_APP, 201, FREE, "within"),
    Sent("POST", ROUTE, FREE, WITH_APP, 409),
    Sent("PATCH", ROUTE, MFA, WITH_APP, reads={**MFA, "id": "<within>"}),
    Sent("PUT", ROUTE, FREE, WITH_APP, reads={**FREE, "id": "<within>"}),
    get(ROUTE, {**MFA, "id": "<without>"}, headers=IN_T),
    get(ROUTE, {**FREE, "id": "<within>"}, headers=WITH_APP),
    get(ROUTE, status=404, headers={**IN_T, "frontegg-application-id": "another"}),
    get(ROUTE, status=404),
    Sent("POST", ROUTE, MFA, {"frontegg-application-id": "<app>"}, 201, MFA),
    get(ROUTE, status=404),
    Sent("POST", f"{POLICIES}/lockout-policy", LOCKOUT, WITH_APP, 201, LOCKOUT),
    get(f"{POLICIES}/lockout-policy", LOCKOUT, headers=IN_T),
)
"""The MFA policy of an account is kept for each application and once without; others are not."""


async def test_the_portal_saves_policies(service: Service) -> None:
    """A policy that there is, it saves with the id of the policy in the body."""
    await service.create("t")
    service.token = (await service.emulator.user_token(tenant_id="t", permissions=["fe.secure.*"])).access_token
    await replay(service, [attrs.evolve(each, path=f"/frontegg{each.path}") for each in PORTAL])


async def test_an_mfa_policy_is_that_of_one_application(service: Service) -> None:
    """Each has an id of its own, and one without says nothing of the others."""
    await service.create("t")
    app = (await service.send("GET", f"{APPLICATIONS}/default")).json["id"]
    await replay(service, TERRAFORM, app=app)
    ids = [
        (await service.send("GET", ROUTE, headers=each)).json["id"]
        for each in (IN_T, {**WITH_APP, "frontegg-application-id": app})
    ]
    assert len({*ids}) == len(ids)
