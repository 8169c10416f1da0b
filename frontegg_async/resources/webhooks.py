"""``frontegg.webhooks``: addresses to which the service sends the events of tenants or of the whole environment."""

from __future__ import annotations

from frontegg_async._core.call.caller import Caller
from frontegg_async.resources.by_id.webhooks import WebhooksById
from frontegg_async.resources.of_tenant.webhooks import AsyncTenantWebhooks
from frontegg_async.resources.support.environment_caller import EnvironmentCaller


class AsyncEnvironmentWebhooks(AsyncTenantWebhooks):
    """The webhooks of the whole environment: addresses to which the service sends the events of all tenants.

    The service accepts no call without the id of a tenant. These calls send the environment's own id, which the client
    reads once with ``GET /vendors``. It is assumed that such a webhook gets the events of all tenants. Sources
    disagree: one revision of Frontegg's Terraform provider sends the same calls, but other revisions call the portal's
    host with a personal token. Try these methods in your environment, or create a webhook for each tenant.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ()

    def __init__(self, caller: Caller) -> None:
        super().__init__(EnvironmentCaller(caller))


class AsyncWebhooks(WebhooksById):
    """The webhooks of tenants and of the environment: addresses to which the service sends events.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("of_environment",)

    of_environment: AsyncEnvironmentWebhooks
    """The webhooks of the whole environment. Sources disagree on whether the service supports such webhooks."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller)
        self.of_environment = AsyncEnvironmentWebhooks(caller)
