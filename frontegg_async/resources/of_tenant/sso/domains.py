"""``sso.domains``: the e-mail domains whose users sign in with an SSO configuration."""

from __future__ import annotations

from collections.abc import Sequence

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.ascii_case import folded
from frontegg_async.endpoints import sso as endpoints
from frontegg_async.models.sso import SsoConfiguration, SsoDomain
from frontegg_async.models.sso_writes import SsoDomainCreate
from frontegg_async.options import Options
from frontegg_async.resources.of_tenant.sso.checks import check_domain
from frontegg_async.resources.support.creations import Created
from frontegg_async.resources.support.read_back import Confirmed
from frontegg_async.resources.support.writes import write


class AsyncTenantSsoDomains:
    """The e-mail domains of one tenant's SSO configurations.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def create(self, sso_config_id: str, *, domain: str, options: Options | None = None) -> SsoDomain:
        """Add a domain to an SSO configuration. The request is never sent twice.

        ``POST /team/resources/sso/v1/configurations/{configurationId}/domains`` (documented).

        Args:
            sso_config_id: The id of the SSO configuration, 1 to 256 characters.
            domain: The domain's name, such as ``example.com``.

        Returns:
            The domain. Before you call `validate`, the owner of the domain must publish a TXT record in the DNS. The
            host of the record is the domain's ``txt_record_host``, and its value is the configuration's
            ``generated_verification``. The configuration's ``txt_record_for`` returns both.

        Raises:
            BadRequestError: The service refused the domain.
            ConflictError: The domain is already in use.
            NotFoundError: The tenant has no such configuration.
            OutcomeUnknownError: The response was lost, so the domain may or may not have been added. The error's
                attribute ``asked`` holds the arguments of the call.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        arguments.check_id(sso_config_id, "sso_config_id")
        check_domain(domain, "domain")
        path = {"configuration_id": sso_config_id}
        body = SsoDomainCreate(domain=domain)
        reconcile = Created(
            self._caller,
            endpoints.LIST,
            body,
            lambda found: _find(found, sso_config_id, domain),
            lambda found: found,
            lambda found: found.id,
            agrees=lambda _: True,
        )
        return await write(
            self._caller, endpoints.CREATE_DOMAIN, path=path, body=body, options=options, reconcile=reconcile
        )

    async def delete(self, sso_config_id: str, domain_id: str, *, options: Options | None = None) -> None:
        """Remove a domain from an SSO configuration.

        ``DELETE /team/resources/sso/v1/configurations/{configurationId}/domains/{domainId}`` (documented). If a
        response is lost, the request is sent again; a 404 then counts as success, unless the option ``strict_delete``
        is set.

        Args:
            sso_config_id: The id of the SSO configuration, 1 to 256 characters.
            domain_id: The id of the domain, not the domain name.

        Raises:
            NotFoundError: The tenant has no such configuration, or the configuration has no such domain.
            OutcomeUnknownError: The response was lost, so the domain may or may not have been removed.
        """
        path = _path(sso_config_id, domain_id)
        is_gone = Confirmed(
            self._caller,
            endpoints.LIST,
            lambda found: all(domain.id != domain_id for each in found for domain in each.domains),
        )
        await self._caller.value(endpoints.DELETE_DOMAIN, path=path, options=options, reconcile=is_gone)

    async def validate(self, sso_config_id: str, domain_id: str, *, options: Options | None = None) -> None:
        """Make the service look up a domain's TXT record. If the record exists, the domain is validated.

        The configuration's ``txt_record_for`` returns the required record.

        ``PUT /team/resources/sso/v2/configurations/{configurationId}/domains/{domainId}/validate`` (documented). The
        documentation does not describe the response. Read the configuration afterwards to see whether the domain is
        ``validated``.

        Args:
            sso_config_id: The id of the SSO configuration, 1 to 256 characters.
            domain_id: The id of the domain, not the domain name.

        Raises:
            BadRequestError: The service did not find the record.
            NotFoundError: The tenant has no such configuration, or the configuration has no such domain.
            OutcomeUnknownError: The response was lost, so the domain may or may not have been validated.
        """
        path = _path(sso_config_id, domain_id)
        is_valid = self._validated(domain_id)
        await self._caller.value(endpoints.VALIDATE_DOMAIN, path=path, options=options, reconcile=is_valid)

    async def validate_by_email(self, sso_config_id: str, domain_id: str, *, options: Options | None = None) -> None:
        """Validate a domain without a TXT record. The calling user must have an e-mail address in the domain.

        ``PUT /team/resources/sso/v1/configurations/{configurationId}/domains/{domainId}/validate/email`` (documented).
        The documentation does not describe the response. Read the configuration afterwards to see whether the domain is
        ``validated``.

        Args:
            sso_config_id: The id of the SSO configuration, 1 to 256 characters.
            domain_id: The id of the domain, not the domain name.

        Raises:
            BadRequestError: The user has no address in the domain.
            NotFoundError: The tenant has no such configuration, or the configuration has no such domain.
            OutcomeUnknownError: The response was lost, so the domain may or may not have been validated.
        """
        path = _path(sso_config_id, domain_id)
        is_valid = self._validated(domain_id)
        await self._caller.value(endpoints.VALIDATE_DOMAIN_BY_EMAIL, path=path, options=options, reconcile=is_valid)

    def _validated(self, domain_id: str) -> Confirmed[tuple[SsoConfiguration, ...]]:
        """Return a check that reads whether a domain is validated."""
        return Confirmed(
            self._caller,
            endpoints.LIST,
            lambda found: any(each.id == domain_id and each.validated is True for row in found for each in row.domains),
        )


def _path(sso_config_id: str, domain_id: str) -> dict[str, str]:
    arguments.check_id(sso_config_id, "sso_config_id")
    arguments.check_id(domain_id, "domain_id")
    return {"configuration_id": sso_config_id, "domain_id": domain_id}


def _find(found: Sequence[SsoConfiguration], sso_config_id: str, domain: str) -> list[SsoDomain]:
    configuration = next((each for each in found if each.id == sso_config_id), None)
    domains = () if configuration is None else configuration.domains
    return [each for each in domains if folded(each.domain) == folded(domain)]
