"""``frontegg.account_settings``: the settings of a tenant that its own administrators may change."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.checks.unknown_values import warn_unknown_values
from frontegg_async._values.unset import UNSET, Unset
from frontegg_async.endpoints import account_settings as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.account_settings import PublicTenantSettings, TenantSettings, TenantSettingsUpdate
from frontegg_async.options import Options
from frontegg_async.resources.support.read_back import ReadBack, shows
from frontegg_async.resources.support.writes import write


class AsyncTenantAccountSettings:
    """The settings that the administrators of one tenant may change.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get(self, *, options: Options | None = None) -> TenantSettings:
        """Get the settings of the tenant.

        ``GET /tenants/resources/account-settings/v1`` (documented). A user needs the permission
        ``fe.secure.read.accountSettings`` (assumed).

        Returns:
            The settings.

        Raises:
            NotFoundError: There is no such tenant.
            PermissionDeniedError: The user may not read the settings.
            ResponseMismatchError: The response was about another tenant.
        """
        return await self._caller.value(endpoints.GET, options=options)

    async def update(
        self,
        *,
        name: str | Unset = UNSET,
        application_url: str | None | Unset = UNSET,
        login_url: str | None | Unset = UNSET,
        address: str | None | Unset = UNSET,
        timezone: str | None | Unset = UNSET,
        date_format: str | None | Unset = UNSET,
        time_format: str | None | Unset = UNSET,
        currency: str | None | Unset = UNSET,
        logo: str | None | Unset = UNSET,
        options: Options | None = None,
    ) -> TenantSettings:
        """Change settings of the tenant. Omitted settings keep their values; ``None`` clears a setting.

        ``PUT /tenants/resources/account-settings/v1`` (documented). The last writer wins. A user needs the permission
        ``fe.secure.write.accountSettings`` (assumed).

        Args:
            name: The display name. The returned settings do not include the name.
            application_url: The address of your application for the tenant's users.
            login_url: The address where the tenant's users log in.
            address: A postal address.
            timezone: The name of a time zone, such as ``Europe/Berlin``. An unknown name is sent with an
                `UnknownValueWarning`.
            date_format: The format of dates, such as ``DD/MM/YYYY``.
            time_format: The format of times of day, such as ``24h``.
            currency: A currency, such as ``EUR``. An unknown currency is sent with an `UnknownValueWarning`.
            logo: An image, base64-encoded.

        Returns:
            The settings after the change.

        Raises:
            InvalidArgumentError: No field is given; nothing was sent.
            NotFoundError: There is no such tenant.
            PermissionDeniedError: The user may not change the settings.
            BadRequestError: The service refused the settings.
            OutcomeUnknownError: The response was lost, so the change may or may not have been made.
            ResultLostError: The write was done, but its result could not be read. The error's attribute ``asked`` holds
                the arguments of the call.
        """
        body = TenantSettingsUpdate(
            name=name,
            application_url=application_url,
            login_url=login_url,
            address=address,
            timezone=timezone,
            date_format=date_format,
            time_format=time_format,
            currency=currency,
            logo=logo,
        )
        if name is not UNSET:
            arguments.check_text(name, "name")
        if body == TenantSettingsUpdate():
            raise InvalidArgumentError("give at least one setting to change")
        within = self._caller.options_for(options).deadline
        await warn_unknown_values(body, within=within)
        reconcile = ReadBack(self._caller, endpoints.GET, lambda settings: settings if shows(settings, body) else None)
        return await write(self._caller, endpoints.UPDATE, body=body, options=options, reconcile=reconcile)

    async def get_public(self, *, options: Options | None = None) -> PublicTenantSettings:
        """Get the public settings of the tenant. A user needs no permission for them.

        ``GET /tenants/resources/account-settings/v1/public`` (documented).

        Returns:
            The public settings.

        Raises:
            NotFoundError: There is no such tenant.
            ResponseMismatchError: The response was about another tenant.
        """
        return await self._caller.value(endpoints.PUBLIC, options=options)
