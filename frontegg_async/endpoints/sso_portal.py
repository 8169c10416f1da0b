"""The portal's operations on SSO configurations, which only Frontegg's own clients call."""

from __future__ import annotations

from typing import Final

import attrs

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.endpoints.sso import VALIDATE_DOMAIN
from frontegg_async.models.sso import SsoConfiguration
from frontegg_async.models.sso_writes import SsoMetadataUrl

_V1: Final = "/team/resources/sso/v1/configurations"
_ONE: Final = f"{_V1}/{{configuration_id}}"

CREATE_FROM_METADATA_URL = Endpoint(
    name="sso.create_from_metadata_url",
    method="POST",
    path=f"{_V1}/metadata-url",
    auth=Auth.USER,
    body=SsoMetadataUrl,
    returns=SsoConfiguration,
    evidence=Evidence.CLIENT,
    status=201,
    errors=(400,),
    client=False,
    summary="Create a SAML configuration from the address of the identity provider's metadata.",
)

UPDATE_FROM_METADATA_URL = Endpoint(
    name="sso.update_from_metadata_url",
    method="PUT",
    path=f"{_ONE}/metadata-url",
    auth=Auth.USER,
    body=SsoMetadataUrl,
    returns=SsoConfiguration,
    retry=Retry.RESEND,
    evidence=Evidence.CLIENT,
    errors=(400, 404),
    client=False,
    summary="Change a SAML configuration by the address of the identity provider's metadata.",
)

VALIDATE_DOMAIN_V1 = attrs.evolve(
    VALIDATE_DOMAIN,
    name="sso.domains.validate_v1",
    path=f"{_ONE}/domains/{{domain_id}}/validate",
    auth=Auth.USER,
    evidence=Evidence.CLIENT,
    errors=(400, 404),
    client=False,
)

ENDPOINTS: tuple[Endpoint[object], ...] = (CREATE_FROM_METADATA_URL, UPDATE_FROM_METADATA_URL, VALIDATE_DOMAIN_V1)
"""The operations of this module. No source documents their errors. The emulator returns 400 and 404."""
