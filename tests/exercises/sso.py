"""Exercises of SSO: the environment passes a tenant id and users do not; equal calls share their exercises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from frontegg_async.models import SsoType
from tests.emulator import cases_sso
from tests.emulator.cases_sso import METADATA
from tests.exercises.exercise import ExerciseClients, bad, both, forbidden, good, member, refused

_UNSET: Final = {"sso_unset_settings": "not_found"}


def _create_in_nothing(s: ExerciseClients) -> Iterator[Any]:
    """The tenant is deleted, and its user's token is still valid."""
    yield s.frontegg.tenants.delete("acme")
    yield s.user.sso.create(type=SsoType.OIDC)


_CONFIGURATIONS: Final = (
    good(
        "sso.create",
        lambda s: s.frontegg.sso.create("acme", type="saml", enabled=True, sso_endpoint="https://idp.example.com"),
    ),
    bad("sso.create", "sso_endpoint must", lambda s: s.frontegg.sso.create("acme", type="saml", enabled=True)),
    refused("sso.create", 404, lambda s: s.frontegg.sso.create("nobody", type=SsoType.SAML)),
    bad("sso.create", "type", lambda s: s.frontegg.sso.create("acme", type="ldap")),
    bad("sso.create", "did you mean 'saml'", lambda s: s.frontegg.sso.create("acme", type="SAML")),
    good("sso.create_v1", lambda s: s.user.sso.create(type=SsoType.OIDC, oidc_client_id="c"), "user"),
    forbidden("sso.create_v1", lambda s: s.user.sso.create(type=SsoType.OIDC)),
    refused("sso.create_v1", 401, _create_in_nothing, "user"),
    bad(
        "sso.create_v1",
        "public_certificate",
        lambda s: s.user.sso.create(type=SsoType.SAML, public_certificate="x"),
        "user",
    ),
    good("sso.update", lambda s: s.frontegg.sso.update("acme", "s1", enabled=True)),
    refused("sso.update", 404, lambda s: s.frontegg.sso.update("acme", "none", enabled=True)),
    bad("sso.update", "at least one", lambda s: s.frontegg.sso.update("acme", "s1")),
    good("sso.update_v1", lambda s: s.user.sso.update("s1", enabled=True), "user"),
    forbidden("sso.update_v1", lambda s: s.user.sso.update("s1", enabled=True)),
    refused("sso.update_v1", 404, lambda s: s.user.sso.update("none", enabled=True), "user"),
    bad("sso.update_v1", "at least one", lambda s: s.user.sso.update("s1"), "user"),
    *both("sso.list"),
    *both("sso.delete", "s1"),
    *both("sso.create_from_metadata", metadata=METADATA, wrong=("metadata", {"metadata": "<no"})),
    *both("sso.update_from_metadata", "s1", metadata=METADATA, wrong=("metadata", {"metadata": ""})),
    *both("sso.get_sp_metadata"),
)

_PARTS: Final = (
    *both("sso.domains.create", "s1", domain="new.example", wrong=("domain", {"domain": ""})),
    *both("sso.domains.delete", "s1", "d1"),
    *both("sso.domains.validate", "s1", "d1"),
    good("sso.domains.validate_by_email", lambda s: s.frontegg.sso.domains.validate_by_email("acme", "s1", "d1")),
    good("sso.domains.validate_by_email", lambda s: s.user.sso.domains.validate_by_email("s1", "d1"), "user"),
    forbidden("sso.domains.validate_by_email", lambda s: s.user.sso.domains.validate_by_email("s1", "d1")),
    refused(
        "sso.domains.validate_by_email",
        404,
        lambda s: s.frontegg.sso.domains.validate_by_email("acme", "s1", "none"),
    ),
    bad("sso.domains.validate_by_email", "domain_id", lambda s: s.user.sso.domains.validate_by_email("s1", ""), "user"),
    good("sso.domains.set_validated", lambda s: s.frontegg.sso.domains.set_validated("acme", "acme.example")),
    refused("sso.domains.set_validated", 404, lambda s: s.frontegg.sso.domains.set_validated("acme", "no.example")),
    bad("sso.domains.set_validated", "domain", lambda s: s.frontegg.sso.domains.set_validated("acme", "..")),
    *both("sso.default_roles.get", "s1"),
    *both("sso.default_roles.set", "s1", role_ids=["r2"], wrong=("role_ids", {"role_ids": "r2"})),
    *both("sso.groups.create", "s1", group="admins", role_ids=["r1"], wrong=("group", {"group": ""})),
    *both("sso.groups.list", "s1"),
    *both("sso.groups.update", "s1", "g1", group="people", role_ids=[], wrong=("group", {"group": ""})),
    *both("sso.groups.delete", "s1", "g1"),
)

_OF_THE_ENVIRONMENT: Final = (
    *(
        row
        for name in (
            "sso.get_sp_certificate",
            "sso.settings.get_saml_config",
            "sso.settings.get_domain_config",
            "sso.settings.get_multiple_sso_config",
            "sso.settings.get_oidc_config",
        )
        for row in (
            good(name, lambda s, name=name: member(s.frontegg, name)()),
            refused(name, 404, lambda s, name=name: member(s.frontegg, name)(), switches=_UNSET),
        )
    ),
    good(
        "sso.settings.set_domain_config",
        lambda s: s.frontegg.sso.settings.set_domain_config(
            allow_verified_users_to_add_domains=True, skip_domain_verification=True, bypass_domain_cross_validation=True
        ),
    ),
    bad(
        "sso.settings.set_domain_config",
        "skip_domain_verification",
        lambda s: s.frontegg.sso.settings.set_domain_config(
            allow_verified_users_to_add_domains=True, skip_domain_verification=1, bypass_domain_cross_validation=True
        ),
    ),
    good(
        "sso.settings.set_multiple_sso_config",
        lambda s: s.frontegg.sso.settings.set_multiple_sso_config(
            enabled=True, use_active_tenant=True, unspecified_tenant_strategy="BLOCK"
        ),
    ),
    bad(
        "sso.settings.set_multiple_sso_config",
        "enabled",
        lambda s: s.frontegg.sso.settings.set_multiple_sso_config(
            enabled="yes", use_active_tenant=True, unspecified_tenant_strategy="BLOCK"
        ),
    ),
    good(
        "sso.settings.set_oidc_config",
        lambda s: s.frontegg.sso.settings.set_oidc_config(enabled=True, redirect_uri="https://acme.example/back"),
    ),
    bad("sso.settings.set_oidc_config", "enabled", lambda s: s.frontegg.sso.settings.set_oidc_config(enabled=None)),
    good("sso.excluded_emails.add", lambda s: s.frontegg.sso.excluded_emails.add("bob@acme.example")),
    bad("sso.excluded_emails.add", "email", lambda s: s.frontegg.sso.excluded_emails.add("")),
    good("sso.excluded_emails.list", lambda s: s.frontegg.sso.excluded_emails.list().all()),
    good("sso.excluded_emails.remove", lambda s: s.frontegg.sso.excluded_emails.remove("ann@acme.example")),
    refused("sso.excluded_emails.remove", 404, lambda s: s.frontegg.sso.excluded_emails.remove("bob@acme.example")),
    bad("sso.excluded_emails.remove", "email", lambda s: s.frontegg.sso.excluded_emails.remove("..")),
)

EXERCISES: Final = (*_CONFIGURATIONS, *_PARTS, *_OF_THE_ENVIRONMENT)

CASES: Final = cases_sso.CASES
TABLES: Final = cases_sso.TABLES
