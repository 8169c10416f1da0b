"""The writes on SSO, with the credentials of an environment and of users."""

from __future__ import annotations

from typing import Final

from frontegg_async.endpoints import sso, sso_settings
from frontegg_async.models import SsoType
from tests.acceptance.scoreboard.rows.writes.environment_state import Ground, Plan, Write, field_of
from tests.support.certificates import make_certificate, make_metadata

_ENDPOINT: Final = "https://idp.example.com/sso"
_TABLE: Final = "ssoConfigurations"


def _endpoint(mark: str) -> str:
    return f"https://idp.example.com/sso/{mark}"


def _create_saml(ground: Ground, mark: str) -> Write:
    home, skips = ground.home, ground.rng.choice((None, True))
    return Write(
        endpoints=(sso.CREATE,),
        call=lambda sides, options: sides.frontegg.sso.create(
            home,
            type=SsoType.SAML,
            sso_endpoint=_endpoint(mark),
            public_certificate=make_certificate(),
            sub_account_access_limit=3,
            skip_email_domain_validation=skips,
            config_metadata={"mark": mark},
            options=options,
        ),
        shown=lambda after: after.count(_TABLE, "ssoEndpoint", _endpoint(mark)) == 1,
        made=lambda after: after.count(_TABLE, "ssoEndpoint", _endpoint(mark)),
        returned=lambda made, after: field_of(after, _TABLE, made.id, "ssoEndpoint") == _endpoint(mark),
    )


def _create_oidc(ground: Ground, mark: str) -> Write:
    home = ground.home
    return Write(
        endpoints=(sso.CREATE,),
        form="of OpenID Connect",
        call=lambda sides, options: sides.frontegg.sso.create(
            home, type=SsoType.OIDC, enabled=True, oidc_client_id=mark, oidc_secret="emu_idp", options=options
        ),
        shown=lambda after: after.count(_TABLE, "oidcClientId", mark) == 1,
        made=lambda after: after.count(_TABLE, "oidcClientId", mark),
        returned=lambda made, after: field_of(after, _TABLE, made.id, "oidcClientId") == mark,
    )


def _create_as_user(_ground: Ground, mark: str) -> Write:
    return Write(
        endpoints=(sso.CREATE_V1,),
        call=lambda sides, options: sides.user.sso.create(
            type=SsoType.SAML, sso_endpoint=_endpoint(mark), sign_request=True, options=options
        ),
        shown=lambda after: after.count(_TABLE, "ssoEndpoint", _endpoint(mark)) == 1,
        made=lambda after: after.count(_TABLE, "ssoEndpoint", _endpoint(mark)),
        returned=lambda made, after: field_of(after, _TABLE, made.id, "ssoEndpoint") == _endpoint(mark),
    )


def _update_configuration(ground: Ground, mark: str) -> Write:
    home, configuration = ground.home, ground.configuration(mark, ground.home)
    return Write(
        endpoints=(sso.UPDATE,),
        call=lambda sides, options: sides.frontegg.sso.update(
            home,
            configuration,
            sso_endpoint=_endpoint(mark),
            oidc_secret="emu_idp",
            public_certificate=make_certificate(),
            sub_account_access_limit=None,
            options=options,
        ),
        shown=lambda after: field_of(after, _TABLE, configuration, "ssoEndpoint") == _endpoint(mark),
    )


def _update_as_user(ground: Ground, mark: str) -> Write:
    configuration = ground.configuration(mark, ground.home)
    return Write(
        endpoints=(sso.UPDATE_V1,),
        call=lambda sides, options: sides.user.sso.update(
            configuration, sso_endpoint=_endpoint(mark), config_metadata={"mark": mark}, options=options
        ),
        shown=lambda after: field_of(after, _TABLE, configuration, "ssoEndpoint") == _endpoint(mark),
    )


def _create_from_metadata(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home, metadata = ground.home, make_metadata().replace(_ENDPOINT, _endpoint(mark))
        return Write(
            endpoints=(sso.CREATE_FROM_METADATA,),
            form="by a user" if of_user else "",
            call=lambda sides, options: (
                sides.user if of_user else sides.frontegg.for_tenant(home)
            ).sso.create_from_metadata(metadata=metadata, options=options),
            shown=lambda after: after.count(_TABLE, "ssoEndpoint", _endpoint(mark)) == 1,
            made=lambda after: after.count(_TABLE, "ssoEndpoint", _endpoint(mark)),
            returned=lambda made, after: field_of(after, _TABLE, made.id, "ssoEndpoint") == _endpoint(mark),
        )

    return plan


def _update_from_metadata(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home, configuration = ground.home, ground.configuration(mark, ground.home)
        metadata = make_metadata().replace(_ENDPOINT, _endpoint(mark))
        return Write(
            endpoints=(sso.UPDATE_FROM_METADATA,),
            form="by a user" if of_user else "",
            call=lambda sides, options: (
                sides.user if of_user else sides.frontegg.for_tenant(home)
            ).sso.update_from_metadata(configuration, metadata=metadata, options=options),
            shown=lambda after: field_of(after, _TABLE, configuration, "ssoEndpoint") == _endpoint(mark),
        )

    return plan


def _delete_configuration(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home, configuration = ground.home, ground.configuration(mark, ground.home)
        return Write(
            endpoints=(sso.DELETE,),
            form="by a user" if of_user else "",
            call=lambda sides, options: (sides.user if of_user else sides.frontegg.for_tenant(home)).sso.delete(
                configuration, options=options
            ),
            shown=lambda after: after.row(_TABLE, configuration) is None,
        )

    return plan


def _domain(mark: str) -> str:
    return f"{mark}.example.com"


def _create_domain(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home, configuration = ground.home, ground.configuration(mark, ground.home)
        return Write(
            endpoints=(sso.CREATE_DOMAIN,),
            form="by a user" if of_user else "",
            call=lambda sides, options: (sides.user if of_user else sides.frontegg.for_tenant(home)).sso.domains.create(
                configuration, domain=_domain(mark), options=options
            ),
            shown=lambda after: after.count("ssoDomains", "domain", _domain(mark)) == 1,
            made=lambda after: after.count("ssoDomains", "domain", _domain(mark)),
            returned=lambda made, after: field_of(after, "ssoDomains", made.id, "domain") == _domain(mark),
        )

    return plan


def _domain_of(ground: Ground, mark: str) -> tuple[str, str]:
    return ground.part("ssoDomains", mark, ground.home, domain=_domain(mark), validated=False, txtRecord=f"txt.{mark}")


def _delete_domain(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home, (configuration, domain) = ground.home, _domain_of(ground, mark)
        return Write(
            endpoints=(sso.DELETE_DOMAIN,),
            form="by a user" if of_user else "",
            call=lambda sides, options: (sides.user if of_user else sides.frontegg.for_tenant(home)).sso.domains.delete(
                configuration, domain, options=options
            ),
            shown=lambda after: after.row("ssoDomains", domain) is None,
        )

    return plan


def _validate_domain(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home, (configuration, domain) = ground.home, _domain_of(ground, mark)
        return Write(
            endpoints=(sso.VALIDATE_DOMAIN,),
            form="by a user" if of_user else "",
            call=lambda sides, options: (
                sides.user if of_user else sides.frontegg.for_tenant(home)
            ).sso.domains.validate(configuration, domain, options=options),
            shown=lambda after: field_of(after, "ssoDomains", domain, "validated") is True,
        )

    return plan


def _validate_by_email(ground: Ground, mark: str) -> Write:
    home, (configuration, domain) = ground.home, _domain_of(ground, mark)
    return Write(
        endpoints=(sso.VALIDATE_DOMAIN_BY_EMAIL,),
        call=lambda sides, options: sides.frontegg.sso.domains.validate_by_email(
            home, configuration, domain, options=options
        ),
        shown=lambda after: field_of(after, "ssoDomains", domain, "validated") is True,
    )


def _force_validate(ground: Ground, mark: str) -> Write:
    home, (_, domain) = ground.home, _domain_of(ground, mark)
    return Write(
        endpoints=(sso_settings.FORCE_VALIDATE_DOMAIN,),
        call=lambda sides, options: sides.frontegg.sso.domains.set_validated(home, _domain(mark), options=options),
        shown=lambda after: field_of(after, "ssoDomains", domain, "validated") is True,
    )


def _create_group(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home, configuration = ground.home, ground.configuration(mark, ground.home)
        return Write(
            endpoints=(sso.CREATE_GROUP,),
            form="by a user" if of_user else "",
            call=lambda sides, options: (sides.user if of_user else sides.frontegg.for_tenant(home)).sso.groups.create(
                configuration, group=mark, role_ids=["r2", "r1"], options=options
            ),
            shown=lambda after: after.count("ssoGroups", "group", mark) == 1,
            made=lambda after: after.count("ssoGroups", "group", mark),
            returned=lambda made, after: field_of(after, "ssoGroups", made.id, "group") == mark,
        )

    return plan


def _group_of(ground: Ground, mark: str) -> tuple[str, str]:
    return ground.part("ssoGroups", mark, ground.home, group=f"before {mark}", roleIds=["r0"])


def _update_group(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home, (configuration, group) = ground.home, _group_of(ground, mark)
        return Write(
            endpoints=(sso.UPDATE_GROUP,),
            form="by a user" if of_user else "",
            call=lambda sides, options: (sides.user if of_user else sides.frontegg.for_tenant(home)).sso.groups.update(
                configuration, group, group=mark, role_ids=["r1"], options=options
            ),
            shown=lambda after: field_of(after, "ssoGroups", group, "group") == mark,
        )

    return plan


def _delete_group(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home, (configuration, group) = ground.home, _group_of(ground, mark)
        return Write(
            endpoints=(sso.DELETE_GROUP,),
            form="by a user" if of_user else "",
            call=lambda sides, options: (sides.user if of_user else sides.frontegg.for_tenant(home)).sso.groups.delete(
                configuration, group, options=options
            ),
            shown=lambda after: after.row("ssoGroups", group) is None,
        )

    return plan


def _set_roles(*, of_user: bool) -> Plan:
    def plan(ground: Ground, mark: str) -> Write:
        home, configuration = ground.home, ground.configuration(mark, ground.home)
        return Write(
            endpoints=(sso.SET_DEFAULT_ROLES,),
            form="by a user" if of_user else "",
            call=lambda sides, options: (
                sides.user if of_user else sides.frontegg.for_tenant(home)
            ).sso.default_roles.set(configuration, role_ids=[mark], options=options),
            shown=lambda after: field_of(after, _TABLE, configuration, "roleIds") in ([mark], (mark,)),
        )

    return plan


def _exclude_email(_ground: Ground, mark: str) -> Write:
    email = f"{mark}@excluded.example"
    return Write(
        endpoints=(sso_settings.EXCLUDE_EMAIL,),
        call=lambda sides, options: sides.frontegg.sso.excluded_emails.add(email, options=options),
        shown=lambda after: after.row("ssoExcludedEmails", email) is not None,
        made=lambda after: after.count("ssoExcludedEmails", "email", email),
    )


def _include_email(ground: Ground, mark: str) -> Write:
    email = f"{mark}@included.example"
    ground.row("ssoExcludedEmails", email, "", email=email)
    return Write(
        endpoints=(sso_settings.DELETE_EXCLUDED_EMAIL,),
        call=lambda sides, options: sides.frontegg.sso.excluded_emails.remove(email, options=options),
        shown=lambda after: after.row("ssoExcludedEmails", email) is None,
    )


def _set_domains(_ground: Ground, _mark: str) -> Write:
    # All writes of this kind send the same value, since the value applies to the whole environment.
    return Write(
        endpoints=(sso_settings.SET_DOMAINS,),
        call=lambda sides, options: sides.frontegg.sso.settings.set_domain_config(
            allow_verified_users_to_add_domains=False,
            skip_domain_verification=False,
            bypass_domain_cross_validation=True,
            options=options,
        ),
        shown=lambda after: field_of(after, "ssoDomainPolicy", "environment", "bypassDomainCrossValidation") is True,
    )


def _set_multiple_sso(_ground: Ground, _mark: str) -> Write:
    return Write(
        endpoints=(sso_settings.SET_MULTIPLE_SSO,),
        call=lambda sides, options: sides.frontegg.sso.settings.set_multiple_sso_config(
            enabled=False, use_active_tenant=True, unspecified_tenant_strategy="BLOCK", options=options
        ),
        shown=lambda after: field_of(after, "ssoMultiple", "environment", "useActiveTenant") is True,
    )


def _set_oidc(_ground: Ground, _mark: str) -> Write:
    return Write(
        endpoints=(sso_settings.SET_OIDC,),
        call=lambda sides, options: sides.frontegg.sso.settings.set_oidc_config(
            enabled=True, redirect_uri="https://app.example/back", options=options
        ),
        shown=lambda after: field_of(after, "oidc", "environment", "active") is True,
    )


_BOTH: Final = (
    _create_from_metadata,
    _update_from_metadata,
    _delete_configuration,
    _create_domain,
    _delete_domain,
    _validate_domain,
    _create_group,
    _update_group,
    _delete_group,
    _set_roles,
)

PLANS: Final[tuple[Plan, ...]] = (
    *(plan(of_user=of_user) for plan in _BOTH for of_user in (False, True)),
    _create_saml,
    _create_oidc,
    _create_as_user,
    _update_configuration,
    _update_as_user,
    _validate_by_email,
    _force_validate,
    _exclude_email,
    _include_email,
    _set_domains,
    _set_multiple_sso,
    _set_oidc,
)
