"""``security.ip_restrictions``: the addresses from which users may sign in."""

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
    """The addresses from which users of one tenant may sign in.

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
        """List the restrictions.

        ``GET /identity/resources/configurations/v1/restrictions/ip`` (documented).

        Args:
            filter: Only restrictions that match this text in the service's search.
            page_size: The number of restrictions in a page, 1 to 200.
            prefetch: The most pages to request ahead, 0 to 16.

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
        """Add a restriction, or change the restriction of the address.

        The service enforces it if the configuration has the same mode and is enabled.

        ``POST /identity/resources/configurations/v1/restrictions/ip`` (documented). No source says what it returns, so
        the restriction is read afterwards.

        Args:
            ip: An address, or a range of addresses in CIDR notation: ``203.0.113.0/24``.
            mode: ``allow`` or ``block``: the list for the restriction.
            enabled: Whether the restriction is enforced.
            description: The purpose, as free text.

        Returns:
            The restriction.

        Raises:
            BadRequestError: The service refused the restriction.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the restriction may or may not have been added; or the
                service accepted the write but does not show it.
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
        """Add restrictions to one list, or change the restrictions of the addresses.

        The service enforces them if the configuration has the same mode and is enabled.

        ``POST /identity/resources/configurations/v1/restrictions/ip/bulk`` (in shipped clients). The response is empty,
        so the restrictions are read afterwards.

        Args:
            ips: Addresses, or ranges of addresses in CIDR notation: ``203.0.113.0/24``; at least one.
            mode: ``allow`` or ``block``: the list for the restrictions.
            enabled: Whether the restrictions are enforced.
            description: The purpose, as free text.

        Returns:
            The restrictions, in the order of ``ips``.

        Raises:
            BadRequestError: The service refused the restrictions.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the restrictions may or may not have been added; or the
                service accepted the restrictions but does not show all of them.
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
        """Return a read that shows whether the first page has the requested restrictions."""

        def holds(page: Page[IpRestriction]) -> bool:
            return all(any(shows(row, body, is_complete=True) for row in page.items) for body in bodies)

        return Confirmed(self._caller, endpoints.LIST_IPS, holds, query=(("_limit", str(MAX_PAGE_SIZE)),))

    async def _find(
        self, networks: Mapping[str, _Network], mode: RestrictionType, options: Options | None
    ) -> Mapping[str, IpRestriction]:
        """Return the restrictions of one list for some addresses, by the sent texts.

        The service may return an address in another form, and may have several restrictions for different forms of one
        address. A restriction matches if its text equals the sent text, or if it is the only one of its network.
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
        """Get the active list of addresses.

        ``GET /identity/resources/configurations/v1/restrictions/ip/config`` (documented).

        Returns:
            The configuration; ``None`` if the tenant has no configuration.
        """
        return await find(self._caller, endpoints.GET_IP_CONFIG, options)

    async def set_config(
        self,
        *,
        mode: RestrictionType | RestrictionTypeLiteral | None = None,
        enabled: bool | None = None,
        options: Options | None = None,
    ) -> IpRestrictionConfig:
        """Set the active list of addresses. Omitted fields keep their values.

        An active but empty list of allowed addresses locks all users out.

        ``POST /identity/resources/configurations/v1/restrictions/ip/config`` (documented). No source says what it
        returns, so the configuration is read afterwards.

        Args:
            mode: ``allow`` or ``block``: the active list.
            enabled: Whether the restriction is enforced.

        Returns:
            The configuration after the change.

        Raises:
            InvalidArgumentError: No setting is given; nothing was sent.
            BadRequestError: The service refused the configuration.
            NotFoundError: There is no such tenant.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made; or the service
                accepted the write but does not show it.
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
        """Check whether the caller's IP address is allowed.

        ``POST /identity/resources/configurations/v1/restrictions/ip/verify`` (documented). The address is that of your
        program, or the one that `client_ip_headers` passes on.

        Returns:
            Whether this is the case. Shipped clients expect the response ``{"valid": true}``.

        Raises:
            NotFoundError: There is no such tenant.
            DecodeError: The response does not show whether the address is valid.
        """
        return await self._is_valid(endpoints.VERIFY_IP, options)

    async def is_on_allow_list(self, *, options: Options | None = None) -> bool:
        """Check whether the caller's IP address is on the list of allowed addresses, and enabled.

        ``POST /identity/resources/configurations/v1/restrictions/ip/verify/allow`` (documented). The address is that of
        your program, or the one that `client_ip_headers` passes on.

        Returns:
            Whether this is the case. Shipped clients expect the response ``{"valid": true}``.

        Raises:
            NotFoundError: There is no such tenant.
            DecodeError: The response does not show whether the address is valid.
        """
        return await self._is_valid(endpoints.VERIFY_ALLOWED_IP, options)

    async def _is_valid(self, endpoint: Endpoint[object], options: Options | None) -> bool:
        valid = _validity(await self._caller.value(endpoint, options=options))
        if valid is not None:
            return valid
        details = ErrorDetails(endpoint=endpoint.name, outcome=Outcome.DONE, reason="decode", paths=("$.valid",))
        raise DecodeError(f"{endpoint.name}: the response does not say whether the address is valid", details)


def _validity(found: object) -> bool | None:
    """Return the result in a response. The response may have secrets, so that tracebacks must not keep it."""
    valid = cast("Mapping[str, object]", found).get("valid") if isinstance(found, Mapping) else None
    return valid if isinstance(valid, bool) else None


@without_frames
def _network(ip: object, argument: str) -> _Network:
    arguments.check_text(ip, argument)
    network = _parsed(cast("str", ip))
    if network is None:
        raise InvalidArgumentError(f"{argument} must be an IP address or a range in CIDR notation, as 203.0.113.0/24")
    return network


def _parsed(ip: str | None) -> _Network | None:
    try:
        return None if ip is None else ipaddress.ip_network(ip, strict=False)
    except ValueError:
        return None
