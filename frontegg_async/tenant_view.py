"""``frontegg.for_tenant(...)``: the management of one tenant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NoReturn, TypeVar

from frontegg_async._core.call.caller import Caller
from frontegg_async._values.not_copyable import refuse_copies
from frontegg_async._values.secret import Hidden
from frontegg_async.endpoints import Endpoint
from frontegg_async.models.response import Response
from frontegg_async.options import Options
from frontegg_async.resources.access_tokens import AsyncTenantAccessTokens
from frontegg_async.resources.account_settings import AsyncTenantAccountSettings
from frontegg_async.resources.api_tokens import AsyncTenantApiTokens
from frontegg_async.resources.tenant_hierarchy import AsyncTenantHierarchy
from frontegg_async.resources.tenant_sso import AsyncTenantSso
from frontegg_async.resources.user_access_tokens import AsyncTenantUserAccessTokens
from frontegg_async.resources.user_api_tokens import AsyncTenantUserApiTokens

T = TypeVar("T")


class AsyncTenantView:
    """A view of a management client for one tenant: its calls carry the tenant, so they do not name it."""

    __slots__ = (
        "_caller",
        "access_tokens",
        "account_settings",
        "api_tokens",
        "hierarchy",
        "sso",
        "user_access_tokens",
        "user_api_tokens",
    )

    access_tokens: AsyncTenantAccessTokens
    """What programs send in ``x-api-key`` as the tenant, and what access tokens entitle to."""
    account_settings: AsyncTenantAccountSettings
    """The settings that the tenant's own administrators may change."""
    api_tokens: AsyncTenantApiTokens
    """What services authenticate with as the tenant."""
    hierarchy: AsyncTenantHierarchy
    """What is above and below the tenant."""
    sso: AsyncTenantSso
    """How users of the tenant sign in with its identity providers."""
    user_access_tokens: AsyncTenantUserAccessTokens
    """What programs send in ``x-api-key`` as a user of the tenant."""
    user_api_tokens: AsyncTenantUserApiTokens
    """What programs authenticate with as a user of the tenant."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.access_tokens = AsyncTenantAccessTokens(caller)
        self.account_settings = AsyncTenantAccountSettings(caller)
        self.api_tokens = AsyncTenantApiTokens(caller)
        self.hierarchy = AsyncTenantHierarchy(caller)
        self.sso = AsyncTenantSso(caller)
        self.user_access_tokens = AsyncTenantUserAccessTokens(caller)
        self.user_api_tokens = AsyncTenantUserApiTokens(caller)

    @property
    def tenant_id(self) -> str:
        """The id of the tenant."""
        return str(self._caller.tenant_id)

    async def send(
        self,
        endpoint: Endpoint[T],
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str | Sequence[str]] | None = None,
        body: object = None,
        user_id: str | None = None,
        options: Options | None = None,
    ) -> Response[T]:
        """Make a call of any operation about this tenant, one of your own included.

        Args:
            endpoint: The operation. It gets the tenant's header if it takes one.
            path: A value for each field of its path.
            query: The parameters of the query; a sequence repeats the key.
            body: A write model, or any JSON value.
            user_id: The id of the user whom the call is about, 1 to 256 characters, for an operation with
                ``user_header=True``.
            options: How this call is made; what is not given is taken from the client.

        Returns:
            The value together with status, headers, trace id, attempts and elapsed time.

        Raises:
            ConfigurationError: The operation does not take the credential of this client, or is about a user and
                there is no ``user_id``.
            InvalidArgumentError: A field, a parameter or the body is not allowed; nothing was sent.
            FronteggError: Any other failure of the call.
        """
        return await self._caller.send(
            endpoint, path=path, query=query, body=Hidden(body), user_id=user_id, options=options
        )

    def __reduce__(self) -> NoReturn:
        refuse_copies(type(self).__name__, "make one where it is needed, by for_tenant() of a client")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.tenant_id!r})"
