"""The operations on SSO configurations."""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import TENANT_OF_CALL, Auth, Endpoint, Evidence, Retry
from frontegg_async.models.sso import SsoConfiguration, SsoDomain, SsoGroup, SsoRoleIds
from frontegg_async.models.sso_writes import (
    SsoConfigurationCreate,
    SsoConfigurationCreateV1,
    SsoConfigurationUpdate,
    SsoConfigurationUpdateV1,
    SsoDefaultRolesUpdate,
    SsoDomainCreate,
    SsoGroupCreate,
    SsoGroupUpdate,
    SsoMetadata,
)

_V1: Final = "/team/resources/sso/v1/configurations"
_V2: Final = "/team/resources/sso/v2/configurations"
_ONE: Final = f"{_V1}/{{configuration_id}}"
_ABOUT_A_TENANT: Final = Auth.TENANT | Auth.USER

CREATE = Endpoint(
    name="sso.create",
    method="POST",
    path=_V2,
    auth=Auth.ENVIRONMENT,
    body=SsoConfigurationCreate,
    returns=SsoConfiguration,
    retry=Retry.NEVER,
    evidence=Evidence.CLIENT,
    status=201,
    _subject="tenant_id",
    errors=(400, 404),
    summary="Create an SSO configuration of the tenant that the body names.",
)

CREATE_V1 = Endpoint(
    name="sso.create_v1",
    method="POST",
    path=_V1,
    auth=_ABOUT_A_TENANT,
    body=SsoConfigurationCreateV1,
    returns=SsoConfiguration,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    _subject=TENANT_OF_CALL,
    errors=(400, 403, 404),
    summary="Create an SSO configuration.",
)

LIST = Endpoint(
    name="sso.list",
    method="GET",
    path=_V1,
    auth=_ABOUT_A_TENANT,
    returns=tuple[SsoConfiguration, ...],
    evidence=Evidence.DOCUMENTED,
    _subject=TENANT_OF_CALL,
    errors=(403, 404),
    summary="List the SSO configurations of a tenant.",
)

UPDATE = Endpoint(
    name="sso.update",
    method="PATCH",
    path=f"{_V2}/{{configuration_id}}",
    auth=Auth.ENVIRONMENT,
    body=SsoConfigurationUpdate,
    returns=SsoConfiguration,
    retry=Retry.RESEND,
    evidence=Evidence.CLIENT,
    _subject="tenant_id",
    errors=(400, 404),
    _echoed=(("id", "configuration_id"),),
    summary="Change fields of an SSO configuration of the tenant that the body names.",
)

UPDATE_V1 = Endpoint(
    name="sso.update_v1",
    method="PATCH",
    path=_ONE,
    auth=_ABOUT_A_TENANT,
    body=SsoConfigurationUpdateV1,
    returns=SsoConfiguration,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    _subject=TENANT_OF_CALL,
    errors=(400, 403, 404),
    _echoed=(("id", "configuration_id"),),
    summary="Change fields of an SSO configuration.",
)

DELETE = Endpoint(
    name="sso.delete",
    method="DELETE",
    path=_ONE,
    auth=_ABOUT_A_TENANT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(403, 404),
    summary="Delete an SSO configuration with its domains and groups.",
)

CREATE_FROM_METADATA = Endpoint(
    name="sso.create_from_metadata",
    method="POST",
    path=f"{_V1}/metadata",
    auth=_ABOUT_A_TENANT,
    body=SsoMetadata,
    returns=SsoConfiguration,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    _subject=TENANT_OF_CALL,
    errors=(400, 403, 404),
    summary="Create a SAML configuration from the metadata of the identity provider.",
)

UPDATE_FROM_METADATA = Endpoint(
    name="sso.update_from_metadata",
    method="PUT",
    path=f"{_ONE}/metadata",
    auth=_ABOUT_A_TENANT,
    body=SsoMetadata,
    returns=SsoConfiguration,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    _subject=TENANT_OF_CALL,
    errors=(400, 403, 404),
    _echoed=(("id", "configuration_id"),),
    summary="Change a SAML configuration by the metadata of the identity provider.",
)

CREATE_DOMAIN = Endpoint(
    name="sso.domains.create",
    method="POST",
    path=f"{_ONE}/domains",
    auth=_ABOUT_A_TENANT,
    body=SsoDomainCreate,
    returns=SsoDomain,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 403, 404),
    _echoed=(("sso_config_id", "configuration_id"), ("domain", "domain")),
    summary="Add a domain to an SSO configuration.",
)

DELETE_DOMAIN = Endpoint(
    name="sso.domains.delete",
    method="DELETE",
    path=f"{_ONE}/domains/{{domain_id}}",
    auth=_ABOUT_A_TENANT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(403, 404),
    summary="Remove a domain from an SSO configuration.",
)

VALIDATE_DOMAIN = Endpoint(
    name="sso.domains.validate",
    method="PUT",
    path=f"{_V2}/{{configuration_id}}/domains/{{domain_id}}/validate",
    auth=_ABOUT_A_TENANT,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 403, 404),
    summary="Validate a domain by its TXT record.",
)

VALIDATE_DOMAIN_BY_EMAIL = Endpoint(
    name="sso.domains.validate_by_email",
    method="PUT",
    path=f"{_ONE}/domains/{{domain_id}}/validate/email",
    auth=_ABOUT_A_TENANT,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 403, 404),
    summary="Validate a domain by the e-mail address of the user.",
)

GET_DEFAULT_ROLES = Endpoint(
    name="sso.default_roles.get",
    method="GET",
    path=f"{_ONE}/roles",
    auth=_ABOUT_A_TENANT,
    returns=SsoRoleIds,
    evidence=Evidence.DOCUMENTED,
    errors=(403, 404),
    summary="Get the default roles of an SSO configuration.",
)

SET_DEFAULT_ROLES = Endpoint(
    name="sso.default_roles.set",
    method="PUT",
    path=f"{_ONE}/roles",
    auth=_ABOUT_A_TENANT,
    body=SsoDefaultRolesUpdate,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 403, 404),
    summary="Replace the default roles of an SSO configuration.",
)

CREATE_GROUP = Endpoint(
    name="sso.groups.create",
    method="POST",
    path=f"{_ONE}/groups",
    auth=_ABOUT_A_TENANT,
    body=SsoGroupCreate,
    returns=SsoGroup,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400, 403, 404),
    _echoed=(("sso_config_id", "configuration_id"), ("group", "group")),
    summary="Map a group of the identity provider to roles.",
)

LIST_GROUPS = Endpoint(
    name="sso.groups.list",
    method="GET",
    path=f"{_ONE}/groups",
    auth=_ABOUT_A_TENANT,
    returns=tuple[SsoGroup, ...],
    evidence=Evidence.DOCUMENTED,
    errors=(403, 404),
    summary="List the groups of an SSO configuration.",
)

UPDATE_GROUP = Endpoint(
    name="sso.groups.update",
    method="PATCH",
    path=f"{_ONE}/groups/{{group_id}}",
    auth=_ABOUT_A_TENANT,
    body=SsoGroupUpdate,
    returns=SsoGroup,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400, 403, 404),
    _echoed=(("id", "group_id"), ("sso_config_id", "configuration_id")),
    summary="Change a group and its roles.",
)

DELETE_GROUP = Endpoint(
    name="sso.groups.delete",
    method="DELETE",
    path=f"{_ONE}/groups/{{group_id}}",
    auth=_ABOUT_A_TENANT,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.DOCUMENTED,
    errors=(403, 404),
    summary="Delete a group of an SSO configuration.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    CREATE,
    CREATE_V1,
    LIST,
    UPDATE,
    UPDATE_V1,
    DELETE,
    CREATE_FROM_METADATA,
    UPDATE_FROM_METADATA,
    CREATE_DOMAIN,
    DELETE_DOMAIN,
    VALIDATE_DOMAIN,
    VALIDATE_DOMAIN_BY_EMAIL,
    GET_DEFAULT_ROLES,
    SET_DEFAULT_ROLES,
    CREATE_GROUP,
    LIST_GROUPS,
    UPDATE_GROUP,
    DELETE_GROUP,
)
