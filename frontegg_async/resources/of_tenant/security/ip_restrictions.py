"""``security.ip_restrictions``: the IP addresses from which users may or may not sign in."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async.endpoints import Endpoint
from frontegg_async.endpoints import security as endpoints
from frontegg_async.errors import DecodeError, ErrorDetails, InvalidArgumentError, Outcome
from frontegg_async.models.page import Page
from frontegg_async.models.security_policies import (
    IpRestriction,
    IpRestrictionConfig,
    IpRestrictionConfigWrite,
    IpRestrictionCreate,
    IpRestrictionCreates,
    RestrictionType,
    RestrictionTypeLiteral,
)
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.of_tenant.security.policies import (
    check_some,
    completed,
    find,
    not_kept,
    read_within,
    restriction_pages,
    unlisted_on_page,
    written,
)
from frontegg_async.resources.support.listing import MAX_PAGE_SIZE
from frontegg_async.resources.support.read_back import Confirmed, shows
from frontegg_async.resources.support.writes import write

_Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


class AsyncTenantSecurityIpRestrictions:
    """The IP addresses from which users of one tenant may or may not sign in.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        filter: str | None = None,
        page_size: int = MAX_PAGE_SIZE,
        prefetch: int = 2,
        options: Options | None = None,
    ) -> AsyncPages[IpRestriction]:
        """List the restrictions. Each allows or blocks one IP address or range.

        ``GET /identity/resources/configurations/v1/restrictions/ip`` (documented).

        Args:
            filter: Only restrictions that the service's search finds for this text. The documentation does not describe
                the search.
            page_size: The number of restrictions in a page, 1 to 200.
            prefetch: The largest number of pages that the client requests ahead, 0 to 16.

        Returns:
            A listing of the restrictions. The first request is sent when you iterate the listing. Each iteration sends
            the requests again.
        """
        return restriction_pages(
            self._caller, endpoints.LIST_IPS, filter=filter, page_size=page_size, prefetch=prefetch, options=options
        )

    async def create(
        self,
        *,
        ip: str,
        mode: RestrictionType | RestrictionTypeLiteral,
        enabled: bool | None = None,
        description: str | None = None,
        options: Options | None = None,
    ) -> IpRestriction:
        """Add a restriction for an IP address. If the address has a restriction already, change that restriction.

        The restriction has an effect while the configuration is enabled and has the same mode.

        ``POST /identity/resources/configurations/v1/restrictions/ip`` (documented). The documentation does not describe
        the response, so the client reads the restriction afterwards.

        Args:
            ip: An IP address, or a range of IP addresses in CIDR notation, such as ``203.0.113.0/24``.
            mode: The list that gets the restriction: the allowed addresses (``allow``) or the blocked addresses
                (``block``).
            enabled: Whether the restriction is enabled.
            description: The purpose, as free text.

        Returns:
            The restriction.

        Raises:
            BadRequestError: The service refused the restriction.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the restriction may or may not have been added. Or the
                service accepted the restriction, but does not return the restriction afterwards.
        """
        network = _network(ip, "ip")
        body = IpRestrictionCreate(
            ip=ip,
            mode=arguments.check_member(mode, RestrictionType, "mode"),
            enabled=enabled,
            description=description,
        )
        await write(self._caller, endpoints.CREATE_IP, body=body, options=options, reconcile=self._shown(body))
        found = await read_within(self._find({ip: network}, body.mode, options), Outcome.DONE)
        if ip not in found:
            raise not_kept(endpoints.CREATE_IP)
        return found[ip]

    async def create_many(
        self,
        *,
        ips: Sequence[str],
        mode: RestrictionType | RestrictionTypeLiteral,
        enabled: bool | None = None,
        description: str | None = None,
        options: Options | None = None,
    ) -> tuple[IpRestriction, ...]:
        """Add restrictions for several IP addresses. If an address has a restriction already, change that restriction.

        The restrictions have an effect while the configuration is enabled and has the same mode.

        ``POST /identity/resources/configurations/v1/restrictions/ip/bulk`` (used by other clients). The response is
        empty, so the client reads the restrictions afterwards.

        Args:
            ips: IP addresses, or ranges of IP addresses in CIDR notation, such as ``203.0.113.0/24``; at least one.
            mode: The list that gets the restrictions: the allowed addresses (``allow``) or the blocked addresses
                (``block``).
            enabled: Whether the restrictions are enabled.
            description: The purpose, as free text.

        Returns:
            The restrictions, in the order of ``ips``.

        Raises:
            BadRequestError: The service refused the restrictions.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the restrictions may or may not have been added. Or the
                service accepted the restrictions, but does not return all of them afterwards.
        """
        kind = arguments.check_member(mode, RestrictionType, "mode")
        given = arguments.check_ids(ips, "ips")
        networks = {ip: _network(ip, f"ips[{index}]") for index, ip in enumerate(given)}
        body = IpRestrictionCreates(
            ips=tuple(IpRestrictionCreate(ip=ip, mode=kind, enabled=enabled, description=description) for ip in given)
        )
        await write(self._caller, endpoints.CREATE_IPS, body=body, options=options, reconcile=self._shown(*body.ips))
        found = await read_within(self._find(networks, kind, options), Outcome.DONE)
        if found.keys() != networks.keys():
            raise not_kept(endpoints.CREATE_IPS)
        return tuple(found[ip] for ip in given)

    def _shown(self, *bodies: IpRestrictionCreate) -> Confirmed[Page[IpRestriction]]:
        """Return a check that reads whether the first page has the requested restrictions."""

        def holds(page: Page[IpRestriction]) -> bool:
            return all(any(shows(row, body, is_complete=True) for row in page.items) for body in bodies)

        return Confirmed(self._caller, endpoints.LIST_IPS, holds, query=(("_limit", str(MAX_PAGE_SIZE)),))

    async def _find(
        self, networks: Mapping[str, _Network], mode: RestrictionType, options: Options | None
    ) -> Mapping[str, IpRestriction]:
        """Return the restrictions of one list for some addresses. The keys are the addresses as they were sent.

        The service may return an address in another notation, and may have several restrictions for different notations
        of one address. A restriction matches an address if both have the same text, or if the restriction is the only
        one for its network.
        """
        found: dict[str, IpRestriction] = {}
        alike: dict[_Network, list[IpRestriction]] = {}
        async for restriction in self.list(prefetch=0, options=options):
            ip = restriction.ip
            if restriction.mode != mode or ip is None:
                continue
            if ip in networks:
                found[ip] = restriction
                if len(found) == len(networks):
                    return found
            elif (network := _parsed(ip)) is not None:
                alike.setdefault(network, []).append(restriction)
        for ip, network in networks.items():
            if ip not in found and len(rows := alike.get(network, [])) == 1:
                found[ip] = rows[0]
        return found

    async def delete(self, restriction_id: str, *, options: Options | None = None) -> None:
        """Delete a restriction.

        ``DELETE /identity/resources/configurations/v1/restrictions/ip/{id}`` (documented). If a response is lost, the
        request is sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            restriction_id: The id of the restriction, 1 to 256 characters.

        Raises:
            NotFoundError: The tenant has no such restriction.
            OutcomeUnknownError: The response was lost, so the restriction may or may not have been deleted.
        """
        arguments.check_id(restriction_id, "restriction_id")
        is_gone = unlisted_on_page(self._caller, endpoints.LIST_IPS, restriction_id)
        await self._caller.value(endpoints.DELETE_IP, path={"id": restriction_id}, options=options, reconcile=is_gone)

    async def get_config(self, *, options: Options | None = None) -> IpRestrictionConfig | None:
        """Get the configuration: which list of addresses the service enforces, if any.

        ``GET /identity/resources/configurations/v1/restrictions/ip/config`` (documented).

        Returns:
            The configuration, or ``None`` if the tenant has no configuration.
        """
        return await find(self._caller, endpoints.GET_IP_CONFIG, options)

    async def set_config(
        self,
        *,
        mode: RestrictionType | RestrictionTypeLiteral | None = None,
        enabled: bool | None = None,
        options: Options | None = None,
    ) -> IpRestrictionConfig:
        """Set which list of addresses the service enforces. Omitted fields keep their values.

        If the mode is ``allow`` and the list is empty, an enabled configuration locks all users out.

        ``POST /identity/resources/configurations/v1/restrictions/ip/config`` (documented). The documentation does not
        describe the response, so the client reads the configuration afterwards.

        Args:
            mode: The active list: the allowed addresses (``allow``) or the blocked addresses (``block``).
            enabled: Whether the restriction is enabled.

        Returns:
            The configuration after the change.

        Raises:
            InvalidArgumentError: No setting is given; nothing was sent.
            BadRequestError: The service refused the configuration.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made. Or the service
                accepted the change, but returns other values afterwards.
        """
        given = {
            "mode": None if mode is None else arguments.check_member(mode, RestrictionType, "mode"),
            "enabled": enabled,
        }
        check_some(given)
        body = await completed(
            self._caller,
            endpoints.SET_IP_CONFIG,
            endpoints.GET_IP_CONFIG,
            IpRestrictionConfigWrite,
            given,
            options=options,
        )
        return await written(self._caller, endpoints.SET_IP_CONFIG, endpoints.GET_IP_CONFIG, body, options)

    async def is_allowed(self, *, options: Options | None = None) -> bool:
        """Check whether the IP address of this request is allowed.

        ``POST /identity/resources/configurations/v1/restrictions/ip/verify`` (documented). The service checks the IP
        address of your program, or the address in the headers from `client_ip_headers`.

        Returns:
            Whether the address is allowed. Frontegg's own SDKs expect the response ``{"valid": true}``; no page
            documents the response.

        Raises:
            NotFoundError: There is no such tenant.
            DecodeError: The response does not contain the result.
        """
        return await self._is_valid(endpoints.VERIFY_IP, options)

    async def is_on_allow_list(self, *, options: Options | None = None) -> bool:
        """Check whether the IP address of this request has an enabled restriction on the list of allowed addresses.

        ``POST /identity/resources/configurations/v1/restrictions/ip/verify/allow`` (documented). The service checks the
        IP address of your program, or the address in the headers from `client_ip_headers`.

        Returns:
            Whether the address is allowed. Frontegg's own SDKs expect the response ``{"valid": true}``; no page
            documents the response.

        Raises:
            NotFoundError: There is no such tenant.
            DecodeError: The response does not contain the result.
        """
        return await self._is_valid(endpoints.VERIFY_ALLOWED_IP, options)

    async def _is_valid(self, endpoint: Endpoint[object], options: Options | None) -> bool:
        valid = _validity(await self._caller.value(endpoint, options=options))
        if valid is not None:
            return valid
        details = ErrorDetails(endpoint=endpoint.name, outcome=Outcome.DONE, reason="decode", paths=("$.valid",))
        raise DecodeError(f"{endpoint.name}: the response does not say whether the address is valid", details)


def _validity(found: object) -> bool | None:
    """Return the result from a response. The response may have secrets, so tracebacks must not contain the response."""
    valid = cast("Mapping[str, object]", found).get("valid") if isinstance(found, Mapping) else None
    return valid if isinstance(valid, bool) else None


@without_frames
def _network(ip: object, argument: str) -> _Network:
    arguments.check_text(ip, argument)
    network = _parsed(cast("str", ip))
    if network is None:
        raise InvalidArgumentError(f"{argument} must be an IP address or a CIDR range, such as 203.0.113.0/24")
    return network


def _parsed(ip: str | None) -> _Network | None:
    try:
        return None if ip is None else ipaddress.ip_network(ip, strict=False)
    except ValueError:
        return None
