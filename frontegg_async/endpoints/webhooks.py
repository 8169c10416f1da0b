"""The operations on the webhooks of one tenant.

The service refuses an environment's token without the tenant header.
"""

from __future__ import annotations

from types import NoneType
from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.webhooks import Webhook, WebhookCreate, WebhookLog, WebhookLogs, WebhookTest, WebhookUpdate

_WEBHOOK: Final = "/webhook"
_BOTH: Final = Auth.TENANT | Auth.USER

LIST = Endpoint(
    name="webhooks.list",
    method="GET",
    path=_WEBHOOK,
    auth=_BOTH,
    returns=tuple[Webhook, ...],
    evidence=Evidence.LIVE,
    errors=(404,),
    summary="The webhooks.",
)

CREATE = Endpoint(
    name="webhooks.create",
    method="POST",
    path=f"{_WEBHOOK}/custom",
    auth=_BOTH,
    body=WebhookCreate,
    returns=Webhook,
    _echoed=(("url", "url"),),
    retry=Retry.RECONCILE,
    evidence=Evidence.CLIENT,
    status=201,
    errors=(400, 404),
    summary="Create a webhook.",
)

UPDATE = Endpoint(
    name="webhooks.update",
    method="PATCH",
    path=f"{_WEBHOOK}/{{id}}",
    auth=_BOTH,
    body=WebhookUpdate,
    returns=Webhook,
    retry=Retry.RESEND,
    evidence=Evidence.CLIENT,
    errors=(400, 404),
    _echoed=(("id", "id"),),
    summary="Change fields of a webhook.",
)

DELETE = Endpoint(
    name="webhooks.delete",
    method="DELETE",
    path=f"{_WEBHOOK}/{{id}}",
    auth=_BOTH,
    returns=NoneType,
    retry=Retry.DELETE,
    evidence=Evidence.CLIENT,
    errors=(404,),
    summary="Delete a webhook.",
)

LOGS = Endpoint(
    name="webhooks.list_logs",
    method="GET",
    path=f"{_WEBHOOK}/logs",
    auth=_BOTH,
    returns=WebhookLogs,
    evidence=Evidence.CLIENT,
    query=("id", "offset", "limit"),
    errors=(400, 404),
    summary="List the deliveries of a webhook, page by page.",
)

REDELIVER = Endpoint(
    name="webhooks.redeliver",
    method="POST",
    path=f"{_WEBHOOK}/logs/{{log_id}}/retries",
    auth=_BOTH,
    returns=WebhookLog,
    retry=Retry.NEVER,
    evidence=Evidence.CLIENT,
    status=201,
    errors=(404,),
    summary="Repeat a delivery of the log.",
)

TEST = Endpoint(
    name="webhooks.test",
    method="POST",
    path=f"{_WEBHOOK}/test",
    auth=_BOTH,
    body=WebhookTest,
    returns=WebhookLog,
    retry=Retry.NEVER,
    evidence=Evidence.CLIENT,
    status=201,
    errors=(400, 404),
    summary="Send a test event to an address.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (LIST, CREATE, UPDATE, DELETE, LOGS, REDELIVER, TEST)
"""The operations of this module. No source documents their errors. The emulator returns 400 and 404."""
