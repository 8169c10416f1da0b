"""``security.email_domains``: the allowed and the blocked domains of users' e-mail addresses."""

from __future__ import annotations

from collections.abc import Sequence

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.ascii_case import folded
from frontegg_async.endpoints import security as endpoints
from frontegg_async.models.security_policies import (
    EmailDomainConfig,
    EmailDomainConfigWrite,
    EmailDomainReplacement,
    EmailDomainRestriction,
    EmailDomainRestrictionCreate,
    RestrictionType,
    RestrictionTypeLiteral,
)
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.of_tenant.security.policies import (
    check_some,
    completed,
    find,
    restriction_pages,
    unlisted_on_page,
    upsert,
)
from frontegg_async.resources.of_tenant.sso.checks import check_domain
from frontegg_async.resources.support.creations import Created
from frontegg_async.resources.support.listing import MAX_PAGE_SIZE
from frontegg_async.resources.support.writes import write

_FIRST = (("_limit", str(MAX_PAGE_SIZE)), ("_offset", "0"))


class AsyncTenantSecurityEmailDomains:
    """The allowed and the blocked domains of the e-mail addresses of one tenant's users.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self, *, page_size: int = MAX_PAGE_SIZE, prefetch: int = 2, options: Options | None = None
    ) -> AsyncPages[EmailDomainRestriction]:
        """List the restrictions. Each allows or blocks one domain.

        ``GET /identity/resources/configurations/restrictions/v1/email-domain`` (documented).

        Args:
            page_size: The number of restrictions in a page, 1 to 200.
            prefetch: The largest number of pages that the client requests ahead, 0 to 16.

        Returns:
            A listing of the restrictions. The first request is sent when you iterate the listing. Each iteration sends
            the requests again.
        """
        return restriction_pages(
            self._caller, endpoints.LIST_DOMAINS, page_size=page_size, prefetch=prefetch, options=options
        )

    async def create(
        self,
        *,
        domain: str,
        mode: RestrictionType | RestrictionTypeLiteral,
        options: Options | None = None,
    ) -> EmailDomainRestriction:
        """Add a restriction. The restriction has an effect while the configuration is enabled and has the same mode.

        ``POST /identity/resources/configurations/restrictions/v1/email-domain`` (documented). The client checks whether
        the restriction exists before it sends the request, and again after a lost response.

        Args:
            domain: The domain, such as ``example.com``.
            mode: The list that gets the restriction: the allowed domains (``allow``) or the blocked domains
                (``block``).

        Returns:
            The restriction.

        Raises:
            BadRequestError: The service refused the domain.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the restriction may or may not have been added. The error's
                attribute ``asked`` holds the arguments of the call.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        check_domain(domain, "domain")
        kind = arguments.check_member(mode, RestrictionType, "mode")

        body = EmailDomainRestrictionCreate(domain=domain, mode=kind)
        reconcile = Created(
            self._caller,
            endpoints.LIST_DOMAINS,
            body,
            lambda page: (each for each in page.items if (folded(each.domain), each.mode) == (folded(domain), kind)),
            lambda found: found,
            lambda found: found.id,
            agrees=lambda _: True,
            query=_FIRST,
        )
        return await write(self._caller, endpoints.CREATE_DOMAIN, body=body, options=options, reconcile=reconcile)

    async def delete(self, restriction_id: str, *, options: Options | None = None) -> None:
        """Delete a restriction.

        ``DELETE /identity/resources/configurations/restrictions/v1/email-domain/{id}`` (documented). If a response is
        lost, the request is sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            restriction_id: The id of the restriction, not the domain; 1 to 256 characters.

        Raises:
            NotFoundError: The tenant has no such restriction.
            OutcomeUnknownError: The response was lost, so the restriction may or may not have been deleted.
        """
        arguments.check_id(restriction_id, "restriction_id")
        is_gone = unlisted_on_page(self._caller, endpoints.LIST_DOMAINS, restriction_id)
        await self._caller.value(
            endpoints.DELETE_DOMAIN, path={"id": restriction_id}, options=options, reconcile=is_gone
        )

    async def replace(
        self,
        *,
        domains: Sequence[str],
        mode: RestrictionType | RestrictionTypeLiteral,
        options: Options | None = None,
    ) -> tuple[EmailDomainRestriction, ...]:
        """Replace all restrictions. All new restrictions have the same mode.

        ``POST /identity/resources/configurations/restrictions/v1/email-domain/replace-bulk`` (documented).

        Args:
            domains: The domains, at least one.
            mode: The mode of the new restrictions: they allow (``allow``) or block (``block``) their domains.

        Returns:
            The new restrictions.

        Raises:
            BadRequestError: The service refused the domains.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the restrictions may or may not have been replaced. The
                error's attribute ``asked`` holds the arguments of the call.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        names = arguments.check_ids(domains, "domains", kind="domain")
        for index, domain in enumerate(names):
            check_domain(domain, f"domains[{index}]")
        body = EmailDomainReplacement(mode=arguments.check_member(mode, RestrictionType, "mode"), domains=names)
        return await write(self._caller, endpoints.REPLACE_DOMAINS, body=body, options=options)

    async def get_config(self, *, options: Options | None = None) -> EmailDomainConfig | None:
        """Get the configuration: which list of domains the service enforces, if any.

        ``GET /identity/resources/configurations/restrictions/v1/email-domain/config`` (documented).

        Returns:
            The configuration, or ``None`` if the tenant has no configuration.
        """
        return await find(self._caller, endpoints.GET_DOMAIN_CONFIG, options)

    async def set_config(
        self,
        *,
        enabled: bool | None = None,
        mode: RestrictionType | RestrictionTypeLiteral | None = None,
        block_public_domains: bool | None = None,
        options: Options | None = None,
    ) -> EmailDomainConfig:
        """Set which list of domains the service enforces. Omitted fields keep their values.

        ``POST /identity/resources/configurations/restrictions/v1/email-domain/config`` (documented).

        Args:
            enabled: Whether the service enforces the active list. Required if the tenant has no configuration.
            mode: The active list: the allowed domains (``allow``) or the blocked domains (``block``).
            block_public_domains: Whether the service refuses public e-mail domains. Anybody can get an address in such
                a domain.

        Returns:
            The configuration after the change.

        Raises:
            InvalidArgumentError: No setting is given, an argument is not allowed, or the tenant has no configuration
                and ``enabled`` is omitted. Nothing was changed.
            BadRequestError: The service refused the configuration.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        given = {
            "enabled": enabled,
            "mode": None if mode is None else arguments.check_member(mode, RestrictionType, "mode"),
            "block_public_domains": block_public_domains,
        }
        check_some(given)
        body = await completed(
            self._caller,
            endpoints.SET_DOMAIN_CONFIG,
            endpoints.GET_DOMAIN_CONFIG,
            EmailDomainConfigWrite,
            given,
            options=options,
            needed=("enabled",),
        )
        return await upsert(self._caller, endpoints.SET_DOMAIN_CONFIG, endpoints.GET_DOMAIN_CONFIG, body, options)
