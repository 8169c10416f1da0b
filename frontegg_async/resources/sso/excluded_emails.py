"""``frontegg.sso.excluded_emails``: the e-mail addresses that do not have to use SSO."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.http.urls import RedactedFields
from frontegg_async._values.ascii_case import folded
from frontegg_async.endpoints import sso_settings as endpoints
from frontegg_async.models.sso import SsoExcludedEmail
from frontegg_async.models.sso_writes import SsoEmailExclusion
from frontegg_async.options import Options
from frontegg_async.pages import AsyncPages
from frontegg_async.resources.support.read_back import Confirmed
from frontegg_async.resources.support.whole_listing import same, whole_listing


class AsyncSsoExcludedEmails:
    """The e-mail addresses of an environment that do not have to use SSO.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def add(self, email: str, *, options: Options | None = None) -> None:
        """Let an e-mail address sign in without SSO.

        ``POST /team/resources/sso/v1/configurations/excluded-emails`` (documented).

        Args:
            email: The address, at most 256 characters.

        Raises:
            InvalidArgumentError: ``email`` is not an e-mail address; nothing was sent.
            BadRequestError: The service refused the address.
            OutcomeUnknownError: The response was lost, so the address may or may not have been added.
        """
        arguments.check_email(email, "email")
        is_listed = self._listed(email, is_excluded=True)
        body = SsoEmailExclusion(email=email)
        await self._caller.value(endpoints.EXCLUDE_EMAIL, body=body, options=options, reconcile=is_listed)

    def list(self, *, options: Options | None = None) -> AsyncPages[SsoExcludedEmail]:
        """List the e-mail addresses that sign in without SSO.

        ``GET /team/resources/sso/v1/configurations/excluded-emails`` (documented).

        Returns:
            A listing of the addresses. The first request is sent when you iterate the listing. Each iteration sends the
            requests again.
        """
        return whole_listing(self._caller, endpoints.LIST_EXCLUDED_EMAILS, SsoExcludedEmail, same, options=options)

    async def remove(self, email: str, *, options: Options | None = None) -> None:
        """Require SSO again for an e-mail address.

        ``DELETE /team/resources/sso/v1/configurations/excluded-emails/{email}`` (documented). If a response is lost,
        the request is sent again; a 404 then counts as success, unless the option ``strict_delete`` is set.

        Args:
            email: The address, at most 256 characters.

        Raises:
            InvalidArgumentError: ``email`` is not an e-mail address; nothing was sent.
            NotFoundError: The address was not excluded.
            OutcomeUnknownError: The response was lost, so the address may or may not have been removed.
        """
        arguments.check_email(email, "email")
        is_gone = self._listed(email, is_excluded=False)
        path = RedactedFields(email=email)
        await self._caller.value(endpoints.DELETE_EXCLUDED_EMAIL, path=path, options=options, reconcile=is_gone)

    def _listed(self, email: str, *, is_excluded: bool) -> Confirmed[tuple[SsoExcludedEmail, ...]]:
        """Return a reader that checks whether an address is excluded, or is not excluded."""

        def holds(rows: tuple[SsoExcludedEmail, ...]) -> bool:
            found = {folded(row.email) for row in rows}
            # A row without an address may be the row to remove.
            return folded(email) in found if is_excluded else found.isdisjoint({folded(email), ""})

        return Confirmed(self._caller, endpoints.LIST_EXCLUDED_EMAILS, holds)
