"""``security.countries``: the countries from which users may sign in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.kinds import kind_of
from frontegg_async.endpoints import security as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.security_policies import (
    CountryCode,
    CountryRestriction,
    CountryRestrictionConfig,
    CountryRestrictionConfigWrite,
    CountryRestrictionsWrite,
    RestrictionType,
    RestrictionTypeLiteral,
)
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.of_tenant.security.policies import check_some, completed, find, written
from frontegg_async.resources.support.whole_listing import same, whole_listing

_CODE: Final = re.compile(r"[A-Z]{2}", re.ASCII)


class AsyncOwnSecurityCountries:
    """The countries from which users of the user's own tenant may sign in.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(self, *, options: Options | None = None) -> AsyncPages[CountryRestriction]:
        """List the countries.

        ``GET /security-engines/resources/policies/v1/country-restriction/countries`` (used by other clients).

        Returns:
            A listing of the countries. The first request is sent when you iterate the listing. Each iteration sends the
            requests again.
        """
        return whole_listing(self._caller, endpoints.LIST_COUNTRIES, CountryRestriction, same, options=options)

    async def set(
        self, *, country_codes: Sequence[str], options: Options | None = None
    ) -> tuple[CountryRestriction, ...]:
        """Set the list of countries. The service enforces the list if the configuration is enabled.

        ``POST /security-engines/resources/policies/v1/country-restriction/countries`` (used by other clients). The
        response is empty, so the client reads the countries afterwards. It is not documented whether countries that you
        omit stay in the list.

        Args:
            country_codes: The country codes, each of two capital letters, such as ``DE``. The sequence may be empty.

        Returns:
            The countries in the list after the change.

        Raises:
            BadRequestError: The service refused the countries.
            OutcomeUnknownError: The response was lost, so the countries may or may not have been set. Or the service
                accepted the countries, but returns a list without them afterwards.
        """
        codes = _check_codes(country_codes)
        return await written(
            self._caller,
            endpoints.SET_COUNTRIES,
            endpoints.LIST_COUNTRIES,
            CountryRestrictionsWrite(countries=tuple(CountryCode(country_code=code) for code in codes)),
            options,
            is_kept=lambda found: {each.country_code for each in found} >= {*codes},
        )

    async def get_config(self, *, options: Options | None = None) -> CountryRestrictionConfig | None:
        """Get the configuration of the list of countries: whether and how the service enforces the list.

        ``GET /security-engines/resources/policies/v1/country-restriction`` (used by other clients).

        Returns:
            The configuration, or ``None`` if the tenant has no configuration.
        """
        return await find(self._caller, endpoints.GET_COUNTRY_CONFIG, options)

    async def set_config(
        self,
        *,
        enabled: bool | None = None,
        mode: RestrictionType | RestrictionTypeLiteral | None = None,
        fail_mode: RestrictionType | RestrictionTypeLiteral | None = None,
        send_email: bool | None = None,
        options: Options | None = None,
    ) -> CountryRestrictionConfig:
        """Configure the list of countries. Omitted fields keep their values.

        If the mode is ``allow`` and the list is empty, an enabled configuration locks all users out.

        ``POST /security-engines/resources/policies/v1/country-restriction`` (used by other clients). The response is
        empty, so the client reads the configuration afterwards.

        Args:
            enabled: Whether the service enforces the list. If the tenant has no configuration yet, all arguments are
                required.
            mode: Whether the service lets users in the listed countries sign in (``allow``) or not (``block``).
            fail_mode: Whether the service lets users sign in if their country is unknown (``allow``) or not
                (``block``).
            send_email: Whether the service sends an e-mail if it refuses a user.

        Returns:
            The configuration after the change.

        Raises:
            InvalidArgumentError: No setting is given, an argument is not allowed, or the tenant has no configuration
                and an argument is omitted. Nothing was changed.
            BadRequestError: The service refused the configuration.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made. Or the service
                accepted the change, but returns other values afterwards.
        """
        given = {
            "enabled": enabled,
            "mode": _member(mode, "mode"),
            "fail_mode": _member(fail_mode, "fail_mode"),
            "send_email": send_email,
        }
        check_some(given)
        body = await completed(
            self._caller,
            endpoints.SET_COUNTRY_CONFIG,
            endpoints.GET_COUNTRY_CONFIG,
            CountryRestrictionConfigWrite,
            given,
            options=options,
            needed=tuple(given),
        )
        return await written(self._caller, endpoints.SET_COUNTRY_CONFIG, endpoints.GET_COUNTRY_CONFIG, body, options)


def _member(value: str | None, argument: str) -> RestrictionType | None:
    return None if value is None else arguments.check_member(value, RestrictionType, argument)


@without_frames
def _check_codes(values: object) -> tuple[str, ...]:
    """Check country codes, and return each once, in order.

    Raises:
        InvalidArgumentError: ``values`` is not a sequence, or an item is not a country code.
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InvalidArgumentError(f"country_codes must be a sequence of codes, not {kind_of(values)}")
    codes = tuple(cast("Iterable[object]", values))
    for index, code in enumerate(codes):
        if not isinstance(code, str) or _CODE.fullmatch(code) is None:
            raise InvalidArgumentError(f"country_codes[{index}] must be two capital letters, such as DE")
    return tuple(dict.fromkeys(cast("tuple[str, ...]", codes)))
