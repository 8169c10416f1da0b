"""``events`` of one tenant: custom events, which the service sends to webhooks and other channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import events as endpoints
from frontegg_async.errors import InvalidArgumentError
from frontegg_async.models.events import EventChannels, EventEmail, EventSlack, EventTrigger, TriggeredEvent
from frontegg_async.options import Options
from frontegg_async.resources.support.writes import write

_NEEDED: Final = ("title", "description")


class AsyncTenantEvents:
    """The custom events of one tenant. The service sends them to webhooks and other channels.

    Every method takes ``options`` (`Options`) and can raise the common errors that `FronteggError` lists.
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def trigger(
        self,
        event_key: str,
        *,
        data: Mapping[str, JsonValue],
        email_from: str | None = None,
        email_subject: str | None = None,
        email_html: str | None = None,
        slack_emails: Sequence[str] | None = None,
        slack_message: Mapping[str, JsonValue] | None = None,
        options: Options | None = None,
    ) -> TriggeredEvent:
        """Trigger a custom event. The service sends the event to the channels that are set up for the event's key.

        ``POST /event/resources/triggers/v3`` (used by other clients). The request is never sent twice.

        Args:
            event_key: The key of the event, as the environment defines it in the portal.
            data: The data of the event, which the channels get as JSON. ``title`` and ``description`` are required and
                must not be empty. Fields of your own are allowed.
            email_from: The sender of the e-mail.
            email_subject: The subject of the e-mail.
            email_html: The HTML text of the e-mail.
            slack_emails: The e-mail addresses of the Slack users who get the message.
            slack_message: The message for Slack, as a mapping with the arguments of Slack's ``chat.postMessage``.

        Returns:
            The id of the event.

        Raises:
            BadRequestError: The service refused the event.
            NotFoundError: There is no such tenant, or no event has this key.
            OutcomeUnknownError: The response was lost, so the event may or may not have been triggered.
            ResultLostError: The event was triggered, but its id was lost with the response.
        """
        arguments.check_text(event_key, "event_key")
        email = _email(email_from, email_subject, email_html)
        slack = _slack(slack_emails, slack_message)
        body = EventTrigger(
            event_key=event_key,
            data=_check_data(data),
            channel_configuration=None if email is None and slack is None else EventChannels(email=email, slack=slack),
        )
        return await write(self._caller, endpoints.TRIGGER, body=body, options=options)


@without_frames
def _check_data(data: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    arguments.check_mapping(data, "data")
    arguments.check_json(data, "data")
    for name in _NEEDED:
        text = data.get(name)
        if not isinstance(text, str) or not text.strip():
            raise InvalidArgumentError(f"data must have a {name} with text that is not empty")
    return data


def _email(sender: str | None, subject: str | None, html: str | None) -> EventEmail | None:
    given = (("email_from", sender), ("email_subject", subject), ("email_html", html))
    for argument, text in given:
        if text is not None:
            arguments.check_text(text, argument)
    if all(text is None for _, text in given):
        return None
    return EventEmail(from_=sender, html=html, subject=subject)


@without_frames
def _slack(emails: Sequence[str] | None, message: Mapping[str, JsonValue] | None) -> EventSlack | None:
    if emails is None and message is None:
        return None
    if message is not None:
        arguments.check_mapping(message, "slack_message")
        arguments.check_json(message, "slack_message")
    addresses = None if emails is None else arguments.check_ids(emails, "slack_emails", kind="e-mail")
    for index, address in enumerate(addresses or ()):
        arguments.check_email(address, f"slack_emails[{index}]")
    return EventSlack(emails=addresses, slack_message_config=message)
