"""The operations on the SSO settings of an environment."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.sso import (
    MultipleSsoSettings,
    OidcSettings,
    SamlSettings,
    SsoDomainSettings,
    SsoExcludedEmail,
)
from frontegg_async.models.sso_writes import (
    MultipleSsoSettingsUpdate,
    OidcSettingsUpdate,
    SsoDomainForceValidation,
    SsoDomainSettingsUpdate,
    SsoEmailExclusion,
)

_SSO: Final = "/team/resources/sso/v1"
_SAML: Final = f"{_SSO}/saml/configurations"
_CONFIGURATIONS: Final = f"{_SSO}/configurations"

SP_CERTIFICATE = Endpoint(
    name="sso.get_sp_certificate",
    method="GET",
    path=f"{_SAML}/sp-certificate",
    auth=Auth.ENVIRONMENT,
    returns=str,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    media_type="application/x-pem-file",
    summary="Get the certificate of the environment as a service provider, as PEM text.",
)

SP_METADATA = Endpoint(
    name="sso.get_sp_metadata",
    method="GET",
    path=f"{_SAML}/sp-metadata",
    auth=Auth.TENANT | Auth.USER,
    returns=str,
    evidence=Evidence.DOCUMENTED,
    errors=(403, 404),
    media_type="application/xml",
    summary="Get the metadata of the service provider for a tenant, as XML text.",
)

GET_SAML = Endpoint(
    name="sso.settings.get_saml_config",
    method="GET",
    path=f"{_SAML}/vendor-config",
    auth=Auth.ENVIRONMENT,
    returns=SamlSettings,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Get the SAML settings of the environment.",
)

FORCE_VALIDATE_DOMAIN = Endpoint(
    name="sso.domains.set_validated",
    method="PUT",
    path=f"{_CONFIGURATIONS}/domains/{{domain}}/force-validate",
    auth=Auth.ENVIRONMENT,
    body=SsoDomainForceValidation,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 404),
    summary="Set whether a domain counts as validated, without a check of its DNS records.",
)

EXCLUDE_EMAIL = Endpoint(
    name="sso.excluded_emails.add",
    method="POST",
    path=f"{_CONFIGURATIONS}/excluded-emails",
    auth=Auth.ENVIRONMENT,
    body=SsoEmailExclusion,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400,),
    summary="Exclude an e-mail address from SSO.",
)

LIST_EXCLUDED_EMAILS = Endpoint(
    name="sso.excluded_emails.list",
    method="GET",
    path=f"{_CONFIGURATIONS}/excluded-emails",
    auth=Auth.ENVIRONMENT,
    returns=tuple[SsoExcludedEmail, ...],
    evidence=Evidence.DOCUMENTED,
    summary="List the e-mail addresses that are excluded from SSO.",
)

DELETE_EXCLUDED_EMAIL = Endpoint(
    name="sso.excluded_emails.remove",
    method="DELETE",
    path=f"{_CONFIGURATIONS}/excluded-emails/{{email}}",
    auth=Auth.ENVIRONMENT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Remove the exclusion of an e-mail address from SSO.",
)

GET_DOMAINS = Endpoint(
    name="sso.settings.get_domain_config",
    method="GET",
    path=f"{_CONFIGURATIONS}/domains",
    auth=Auth.ENVIRONMENT,
    returns=SsoDomainSettings,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Get the rules that verify the domains of the environment's SSO configurations.",
)

SET_DOMAINS = Endpoint(
    name="sso.settings.set_domain_config",
    method="PUT",
    path=f"{_CONFIGURATIONS}/domains",
    auth=Auth.ENVIRONMENT,
    body=SsoDomainSettingsUpdate,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400,),
    summary="Set the rules that verify the domains of the environment's SSO configurations.",
)

GET_MULTIPLE_SSO = Endpoint(
    name="sso.settings.get_multiple_sso_config",
    method="GET",
    path=f"{_CONFIGURATIONS}/multiple-sso-per-domain",
    auth=Auth.ENVIRONMENT,
    returns=MultipleSsoSettings,
    evidence=Evidence.DOCUMENTED,
    errors=(404,),
    summary="Get whether several tenants may have SSO for one domain.",
)

SET_MULTIPLE_SSO = Endpoint(
    name="sso.settings.set_multiple_sso_config",
    method="PUT",
    path=f"{_CONFIGURATIONS}/multiple-sso-per-domain",
    auth=Auth.ENVIRONMENT,
    body=MultipleSsoSettingsUpdate,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400,),
    summary="Set whether several tenants may have SSO for one domain.",
)

GET_OIDC = Endpoint(
    name="sso.settings.get_oidc_config",
    method="GET",
    path=f"{_SSO}/oidc/configurations",
    auth=Auth.ENVIRONMENT,
    returns=OidcSettings,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(404,),
    summary="Get the OpenID Connect settings of the environment.",
)

SET_OIDC = Endpoint(
    name="sso.settings.set_oidc_config",
    method="POST",
    path=f"{_SSO}/oidc/configurations",
    auth=Auth.ENVIRONMENT,
    body=OidcSettingsUpdate,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400,),
    summary="Set the OpenID Connect settings of the environment.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    SP_CERTIFICATE,
    SP_METADATA,
    GET_SAML,
    FORCE_VALIDATE_DOMAIN,
    EXCLUDE_EMAIL,
    LIST_EXCLUDED_EMAILS,
    DELETE_EXCLUDED_EMAIL,
    GET_DOMAINS,
    SET_DOMAINS,
    GET_MULTIPLE_SSO,
    SET_MULTIPLE_SSO,
    GET_OIDC,
    SET_OIDC,
)
