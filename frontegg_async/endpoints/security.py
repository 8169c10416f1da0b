"""The operations on the security policies of a tenant: rules for sign-in, passwords and sessions."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.page import Page
from frontegg_async.models.security_policies import (
    CaptchaPolicyWrite,
    CountryRestriction,
    CountryRestrictionConfig,
    CountryRestrictionConfigWrite,
    CountryRestrictionsWrite,
    EmailDomainConfig,
    EmailDomainConfigWrite,
    EmailDomainReplacement,
    EmailDomainRestriction,
    EmailDomainRestrictionCreate,
    IpRestriction,
    IpRestrictionConfig,
    IpRestrictionConfigWrite,
    IpRestrictionCreate,
    IpRestrictionCreates,
    LockoutPolicy,
    LockoutPolicyWrite,
    MfaPolicy,
    MfaPolicyWrite,
    PasswordHistoryPolicy,
    PasswordHistoryPolicyWrite,
    PasswordPolicy,
    PasswordPolicyWrite,
    PasswordRotationPolicy,
    PasswordRotationPolicyWrite,
    SessionPolicy,
    SessionPolicyWrite,
)

_V1: Final = "/identity/resources/configurations/v1"
_MFA: Final = f"{_V1}/mfa-policy"
_LOCKOUT: Final = f"{_V1}/lockout-policy"
_PASSWORD: Final = f"{_V1}/password"
_HISTORY: Final = f"{_V1}/password-history-policy"
_ROTATION: Final = f"{_V1}/password-rotation"
_SESSIONS: Final = "/identity/resources/configurations/sessions/v1"
_IP: Final = f"{_V1}/restrictions/ip"
_CAPTCHA: Final = f"{_V1}/captcha-policy"
_EMAIL_DOMAIN: Final = "/identity/resources/configurations/restrictions/v1/email-domain"
_COUNTRY: Final = "/security-engines/resources/policies/v1/country-restriction"

_OF_A_TENANT: Final = Auth.TENANT | Auth.USER
_ANY: Final = Auth.ENVIRONMENT | _OF_A_TENANT
"""The SDK always sends the tenant header. Without the header, the policy is the policy of the whole environment."""
_OF_THE_MANAGEMENT: Final = Auth.ENVIRONMENT | Auth.TENANT
"""It is assumed that the operations on the captcha policy take the tenant header."""

GET_MFA = Endpoint(
    name="security.mfa.get",
    method="GET",
    path=_MFA,
    auth=_ANY,
    returns=MfaPolicy,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Get the MFA policy of a tenant.",
)

SET_MFA = Endpoint(
    name="security.mfa.set",
    method="PUT",
    path=_MFA,
    auth=_ANY,
    body=MfaPolicyWrite,
    returns=MfaPolicy,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Set the MFA policy of a tenant.",
)

CREATE_MFA = Endpoint(
    name="security.mfa.create",
    method="POST",
    path=_MFA,
    auth=_ANY,
    body=MfaPolicyWrite,
    returns=MfaPolicy,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404, 409),
    client=False,
    summary="Create the MFA policy of a tenant.",
)

UPDATE_MFA = Endpoint(
    name="security.mfa.update",
    method="PATCH",
    path=_MFA,
    auth=_ANY,
    body=MfaPolicyWrite,
    returns=MfaPolicy,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    client=False,
    summary="Change the MFA policy of a tenant.",
)

GET_LOCKOUT = Endpoint(
    name="security.lockout.get",
    method="GET",
    path=_LOCKOUT,
    auth=_ANY,
    returns=LockoutPolicy,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Get the lockout policy of a tenant.",
)

SET_LOCKOUT = Endpoint(
    name="security.lockout.set",
    method="PATCH",
    path=_LOCKOUT,
    auth=_ANY,
    body=LockoutPolicyWrite,
    returns=LockoutPolicy,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Change the lockout policy of a tenant that has one.",
)

CREATE_LOCKOUT = Endpoint(
    name="security.lockout.create",
    method="POST",
    path=_LOCKOUT,
    auth=_ANY,
    body=LockoutPolicyWrite,
    returns=LockoutPolicy,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404, 409),
    summary="Create the lockout policy of a tenant that has none.",
)

GET_HISTORY = Endpoint(
    name="security.password_history.get",
    method="GET",
    path=_HISTORY,
    auth=_ANY,
    returns=PasswordHistoryPolicy,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Get the password history policy of a tenant.",
)

SET_HISTORY = Endpoint(
    name="security.password_history.set",
    method="PATCH",
    path=_HISTORY,
    auth=_ANY,
    body=PasswordHistoryPolicyWrite,
    returns=PasswordHistoryPolicy,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Change the password history policy of a tenant that has one.",
)

CREATE_HISTORY = Endpoint(
    name="security.password_history.create",
    method="POST",
    path=_HISTORY,
    auth=_ANY,
    body=PasswordHistoryPolicyWrite,
    returns=PasswordHistoryPolicy,
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404, 409),
    summary="Create the password history policy of a tenant that has none.",
)

GET_PASSWORD = Endpoint(
    name="security.password.get",
    method="GET",
    path=_PASSWORD,
    auth=_ANY,
    returns=PasswordPolicy,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Get the password policy of a tenant.",
)

SET_PASSWORD = Endpoint(
    name="security.password.set",
    method="POST",
    path=_PASSWORD,
    auth=_ANY,
    body=PasswordPolicyWrite,
    returns=PasswordPolicy,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404),
    summary="Set the password policy of a tenant.",
)

GET_ROTATION = Endpoint(
    name="security.password_rotation.get",
    method="GET",
    path=_ROTATION,
    auth=_ANY,
    returns=PasswordRotationPolicy,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Get the password rotation policy of a tenant.",
)

SET_ROTATION = Endpoint(
    name="security.password_rotation.set",
    method="POST",
    path=_ROTATION,
    auth=_ANY,
    body=PasswordRotationPolicyWrite,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Set the password rotation policy of a tenant.",
)

GET_SESSIONS = Endpoint(
    name="security.sessions.get",
    method="GET",
    path=_SESSIONS,
    auth=_ANY,
    returns=SessionPolicy,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Get the session policy of a tenant.",
)

SET_SESSIONS = Endpoint(
    name="security.sessions.set",
    method="POST",
    path=_SESSIONS,
    auth=_ANY,
    body=SessionPolicyWrite,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404),
    summary="Set the session policy of a tenant.",
)

LIST_IPS = Endpoint(
    name="security.ip_restrictions.list",
    method="GET",
    path=_IP,
    auth=_OF_A_TENANT,
    returns=Page[IpRestriction],
    evidence=Evidence.DOCUMENTED,
    query=("_limit", "_offset", "_filter"),
    errors=(400, 404),
    summary="List the IP restrictions of a tenant.",
)

CREATE_IP = Endpoint(
    name="security.ip_restrictions.create",
    method="POST",
    path=_IP,
    auth=_OF_A_TENANT,
    body=IpRestrictionCreate,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404),
    summary="Add an IP restriction to a tenant, or change it.",
)

CREATE_IPS = Endpoint(
    name="security.ip_restrictions.create_many",
    method="POST",
    path=f"{_IP}/bulk",
    auth=_OF_A_TENANT,
    body=IpRestrictionCreates,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.CLIENT,
    status=201,
    errors=(400, 404),
    summary="Add IP restrictions to a tenant, or change them.",
)

DELETE_IP = Endpoint(
    name="security.ip_restrictions.delete",
    method="DELETE",
    path=f"{_IP}/{{id}}",
    auth=_OF_A_TENANT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Delete an IP restriction of a tenant.",
)

GET_IP_CONFIG = Endpoint(
    name="security.ip_restrictions.get_config",
    method="GET",
    path=f"{_IP}/config",
    auth=_OF_A_TENANT,
    returns=IpRestrictionConfig,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Get the choice between the IP lists of a tenant.",
)

SET_IP_CONFIG = Endpoint(
    name="security.ip_restrictions.set_config",
    method="POST",
    path=f"{_IP}/config",
    auth=_OF_A_TENANT,
    body=IpRestrictionConfigWrite,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404),
    summary="Set the choice between the IP lists of a tenant.",
)

VERIFY_IP = Endpoint(
    name="security.ip_restrictions.is_allowed",
    method="POST",
    path=f"{_IP}/verify",
    auth=_OF_A_TENANT,
    returns=object,
    retry=Retry.SAFE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(404,),
    summary="Check whether the caller's address is allowed.",
)

VERIFY_ALLOWED_IP = Endpoint(
    name="security.ip_restrictions.is_on_allow_list",
    method="POST",
    path=f"{_IP}/verify/allow",
    auth=_OF_A_TENANT,
    returns=object,
    retry=Retry.SAFE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(404,),
    summary="Check whether the caller's address is in the list of allowed addresses.",
)

LIST_DOMAINS = Endpoint(
    name="security.email_domains.list",
    method="GET",
    path=_EMAIL_DOMAIN,
    auth=_OF_A_TENANT,
    returns=Page[EmailDomainRestriction],
    evidence=Evidence.DOCUMENTED,
    query=("_limit", "_offset"),
    errors=(400, 404),
    summary="List the e-mail domain restrictions of a tenant.",
)

CREATE_DOMAIN = Endpoint(
    name="security.email_domains.create",
    method="POST",
    path=_EMAIL_DOMAIN,
    auth=_OF_A_TENANT,
    body=EmailDomainRestrictionCreate,
    returns=EmailDomainRestriction,
    _echoed=(("domain", "domain"),),
    retry=Retry.RECONCILE,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404),
    summary="Add an e-mail domain restriction to a tenant.",
)

DELETE_DOMAIN = Endpoint(
    name="security.email_domains.delete",
    method="DELETE",
    path=f"{_EMAIL_DOMAIN}/{{id}}",
    auth=_OF_A_TENANT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Delete an e-mail domain restriction of a tenant.",
)

REPLACE_DOMAINS = Endpoint(
    name="security.email_domains.replace",
    method="POST",
    path=f"{_EMAIL_DOMAIN}/replace-bulk",
    auth=_OF_A_TENANT,
    body=EmailDomainReplacement,
    returns=tuple[EmailDomainRestriction, ...],
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404),
    summary="Replace the e-mail domain restrictions of a tenant.",
)

GET_DOMAIN_CONFIG = Endpoint(
    name="security.email_domains.get_config",
    method="GET",
    path=f"{_EMAIL_DOMAIN}/config",
    auth=_OF_A_TENANT,
    returns=EmailDomainConfig,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Get the choice between the e-mail domain lists of a tenant.",
)

SET_DOMAIN_CONFIG = Endpoint(
    name="security.email_domains.set_config",
    method="POST",
    path=f"{_EMAIL_DOMAIN}/config",
    auth=_OF_A_TENANT,
    body=EmailDomainConfigWrite,
    returns=EmailDomainConfig,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404),
    summary="Set the choice between the e-mail domain lists of a tenant.",
)

LIST_COUNTRIES = Endpoint(
    name="security.countries.list",
    method="GET",
    path=f"{_COUNTRY}/countries",
    auth=Auth.USER,
    returns=tuple[CountryRestriction, ...],
    evidence=Evidence.CLIENT,
    summary="List the country restrictions of a user's tenant.",
)

SET_COUNTRIES = Endpoint(
    name="security.countries.set",
    method="POST",
    path=f"{_COUNTRY}/countries",
    auth=Auth.USER,
    body=CountryRestrictionsWrite,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.CLIENT,
    status=201,
    errors=(400,),
    summary="Set the country restrictions of a user's tenant.",
)

GET_COUNTRY_CONFIG = Endpoint(
    name="security.countries.get_config",
    method="GET",
    path=_COUNTRY,
    auth=Auth.USER,
    returns=CountryRestrictionConfig,
    evidence=Evidence.CLIENT,
    summary="Get the effect of the list of countries of a user's tenant.",
)

SET_COUNTRY_CONFIG = Endpoint(
    name="security.countries.set_config",
    method="POST",
    path=_COUNTRY,
    auth=Auth.USER,
    body=CountryRestrictionConfigWrite,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.CLIENT,
    status=201,
    errors=(400,),
    summary="Set the effect of the list of countries of a user's tenant.",
)

GET_CAPTCHA = Endpoint(
    name="security.captcha.get",
    method="GET",
    path=_CAPTCHA,
    auth=_OF_THE_MANAGEMENT,
    returns=object,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    client=False,
    summary="Get the captcha policy.",
)

CREATE_CAPTCHA = Endpoint(
    name="security.captcha.create",
    method="POST",
    path=_CAPTCHA,
    auth=_OF_THE_MANAGEMENT,
    body=CaptchaPolicyWrite,
    returns=object,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 404, 409),
    client=False,
    summary="Create the captcha policy, if there is none.",
)

UPDATE_CAPTCHA = Endpoint(
    name="security.captcha.update",
    method="PUT",
    path=_CAPTCHA,
    auth=_OF_THE_MANAGEMENT,
    body=CaptchaPolicyWrite,
    returns=object,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    client=False,
    summary="Change the captcha policy, if there is one.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    GET_CAPTCHA,
    CREATE_CAPTCHA,
    UPDATE_CAPTCHA,
    GET_MFA,
    SET_MFA,
    CREATE_MFA,
    UPDATE_MFA,
    GET_LOCKOUT,
    SET_LOCKOUT,
    CREATE_LOCKOUT,
    GET_HISTORY,
    SET_HISTORY,
    CREATE_HISTORY,
    GET_PASSWORD,
    SET_PASSWORD,
    GET_ROTATION,
    SET_ROTATION,
    GET_SESSIONS,
    SET_SESSIONS,
    LIST_IPS,
    CREATE_IP,
    CREATE_IPS,
    DELETE_IP,
    GET_IP_CONFIG,
    SET_IP_CONFIG,
    VERIFY_IP,
    VERIFY_ALLOWED_IP,
    LIST_DOMAINS,
    CREATE_DOMAIN,
    DELETE_DOMAIN,
    REPLACE_DOMAINS,
    GET_DOMAIN_CONFIG,
    SET_DOMAIN_CONFIG,
    LIST_COUNTRIES,
    SET_COUNTRIES,
    GET_COUNTRY_CONFIG,
    SET_COUNTRY_CONFIG,
)
"""The operations of this module. A few of their errors are documented. The emulator returns the other errors."""
