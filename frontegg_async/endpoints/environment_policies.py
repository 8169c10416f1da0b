"""The operations on policies of the whole environment, which Frontegg's portals call and the emulator serves."""

from __future__ import annotations

from types import NoneType
from typing import Final

import attrs

from frontegg_async.endpoints import security
from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.environment_policies import MfaConfigWrite, MfaStrategyWrite, UserEmailsPolicyWrite

_V1: Final = "/identity/resources/configurations/v1"


def _of_environment(
    endpoint: Endpoint[object], *, evidence: Evidence = Evidence.CLIENT, auth: Auth = Auth.USER
) -> Endpoint[object]:
    """Return the operation on the policy of the environment that corresponds to an operation on a tenant's policy."""
    return attrs.evolve(
        endpoint,
        name=f"{endpoint.name}_of_environment",
        path=f"{endpoint.path}/vendor",
        auth=auth,
        returns=object,
        evidence=evidence,
        errors=(),
        client=False,
        summary=endpoint.summary.replace("of a tenant", "of the environment"),
    )


_BOTH: Final = Auth.ENVIRONMENT | Auth.USER

GET_USER_EMAILS = Endpoint(
    name="security.user_emails.get",
    method="GET",
    path=f"{_V1}/user-emails-policy",
    auth=_BOTH,
    returns=object,
    evidence=Evidence.DOCUMENTED,
    client=False,
    summary="Get whether users may change their e-mail addresses.",
)

SET_USER_EMAILS = Endpoint(
    name="security.user_emails.set",
    method="POST",
    path=f"{_V1}/user-emails-policy",
    auth=Auth.ENVIRONMENT,
    body=UserEmailsPolicyWrite,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    errors=(400,),
    client=False,
    summary="Set whether users may change their e-mail addresses.",
)

LIST_MFA_STRATEGIES = Endpoint(
    name="security.mfa_strategies.list",
    method="GET",
    path=f"{_V1}/mfa/strategies",
    auth=_BOTH,
    returns=object,
    evidence=Evidence.DOCUMENTED,
    client=False,
    summary="List the second factors that users may use.",
)

SET_MFA_STRATEGY = Endpoint(
    name="security.mfa_strategies.set",
    method="POST",
    path=f"{_V1}/mfa/strategies",
    auth=Auth.ENVIRONMENT,
    body=MfaStrategyWrite,
    returns=NoneType,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400,),
    client=False,
    summary="Set whether users may use a kind of second factor.",
)

GET_MFA_CONFIG = Endpoint(
    name="security.mfa_config.get",
    method="GET",
    path=f"{_V1}/mfa",
    auth=Auth.ENVIRONMENT,
    returns=object,
    evidence=Evidence.DOCUMENTED,
    client=False,
    summary="Get the settings of second factors.",
)

SET_MFA_CONFIG = Endpoint(
    name="security.mfa_config.set",
    method="POST",
    path=f"{_V1}/mfa",
    auth=Auth.ENVIRONMENT,
    body=MfaConfigWrite,
    returns=object,
    retry=Retry.RESEND,
    evidence=Evidence.DOCUMENTED,
    status=201,
    errors=(400,),
    client=False,
    summary="Set the settings of second factors.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (
    _of_environment(security.GET_MFA),
    _of_environment(security.GET_LOCKOUT),
    _of_environment(security.GET_HISTORY),
    _of_environment(security.GET_ROTATION, evidence=Evidence.DOCUMENTED, auth=_BOTH),
    _of_environment(security.GET_SESSIONS, evidence=Evidence.DOCUMENTED, auth=_BOTH),
    GET_USER_EMAILS,
    SET_USER_EMAILS,
    LIST_MFA_STRATEGIES,
    SET_MFA_STRATEGY,
    GET_MFA_CONFIG,
    SET_MFA_CONFIG,
)
