"""Shared code for webhooks and prehooks: checks of arguments, and the search for a hook in a list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, Protocol, TypeVar, cast, get_args

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.kinds import kind_of
from frontegg_async._values.secret import Secret
from frontegg_async.endpoints import Endpoint
from frontegg_async.errors import ErrorDetails, InvalidArgumentError, NotFoundError, Outcome
from frontegg_async.models.event_keys import EventKeyLiteral
from frontegg_async.models.prehooks import PrehookCreate, PrehookUpdate
from frontegg_async.models.webhooks import WebhookCreate, WebhookUpdate
from frontegg_async.resources.support.creations import Created
from frontegg_async.resources.support.read_back import shows

_URL: Final = "https://app.example.com/hooks"
_WEBHOOK_KEY: Final = re.compile(r"(?!frontegg$)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*", re.ASCII)
"""The form of an event key. Keys of the service begin with ``frontegg.``; keys of custom events may have any prefix."""
_KNOWN_KEYS: Final = frozenset(get_args(EventKeyLiteral))
_PREHOOK_KEY: Final = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*", re.ASCII)


class _Hook(Protocol):
    """A webhook or a prehook."""

    @property
    def id(self) -> str: ...
    @property
    def secret(self) -> Secret | None: ...
    @property
    def created_at(self) -> datetime | None: ...


H = TypeVar("H", bound=_Hook)


@without_frames
def check_hook_url(value: object) -> None:
    """Check the address of a hook.

    Raises:
        InvalidArgumentError: The value is not an absolute HTTP address, or has a fragment.
    """
    arguments.check_url(value, "url", example=_URL)
    if "#" in cast("str", value):
        raise InvalidArgumentError(f"url must have no fragment (the part after '#'): give an address such as {_URL}")


@without_frames
def check_hook_secret(value: object) -> None:
    """Check a signing secret.

    Raises:
        InvalidArgumentError: The secret is not text, or is empty or blank. Verifiers do not accept such secrets.
    """
    if not isinstance(value, Secret):
        raise InvalidArgumentError(f"secret must be text, not {kind_of(value)}")
    if not value.reveal().strip():
        raise InvalidArgumentError("secret must not be empty: receivers use it to verify the sender")


@without_frames
def check_webhook_keys(values: object) -> tuple[str, ...]:
    """Check event keys, and return each once, in order. Keys that this version does not know are allowed.

    Raises:
        InvalidArgumentError: ``values`` is not a sequence or is empty, or an item does not have the form of an event
            key.
    """
    keys = arguments.check_ids(values, "event_keys", kind="event key")
    for index, key in enumerate(keys):
        check_webhook_key(key, f"event_keys[{index}]")
    return keys


@without_frames
def check_prehook_keys(values: object) -> tuple[str, ...]:
    """Check the event keys of a prehook, and return each once. Keys that this version does not know are allowed.

    Raises:
        InvalidArgumentError: ``values`` is not a sequence or is empty, or an item does not have the form of a prehook's
            event key.
    """
    keys = arguments.check_ids(values, "event_keys", kind="event key")
    for index, key in enumerate(keys):
        check_prehook_key(key, f"event_keys[{index}]")
    return keys


def check_webhook_key(value: object, argument: str) -> None:
    """Check the form of the event key of a webhook.

    Raises:
        InvalidArgumentError: The text does not have the form of an event key.
    """
    key = cast("str", value)
    is_known = f"frontegg.{key}" in _KNOWN_KEYS
    if is_known or not _WEBHOOK_KEY.fullmatch(key):
        meant = f": did you mean {f'frontegg.{key}'!r}?" if is_known else ""
        raise InvalidArgumentError(
            f"{argument} must be an event key, such as 'frontegg.tenant.created', not {key!r}{meant}"
        )


def check_prehook_key(value: object, argument: str) -> None:
    """Check the form of the event key of a prehook.

    Raises:
        InvalidArgumentError: The text does not have the form of a prehook's event key.
    """
    key = cast("str", value)
    if not _PREHOOK_KEY.fullmatch(key):
        meant = f": did you mean {key.upper()!r}?" if _PREHOOK_KEY.fullmatch(key.upper()) else ""
        raise InvalidArgumentError(
            f"{argument} must be an event key of prehooks, such as 'CREATE_TENANT', not {key!r}{meant}"
        )


def created_hook(
    caller: Caller, endpoint: Endpoint[tuple[H, ...]], body: WebhookCreate | PrehookCreate
) -> Created[tuple[H, ...], H, H]:
    """Return a check that reads whether a hook was created. Another hook may have the same fields."""
    return Created(
        caller,
        endpoint,
        body,
        lambda hooks: hooks,
        lambda hook: hook,
        lambda hook: hook.id,
        is_unique=False,
        agrees=lambda hook: _has(hook, body),
    )


def updated_hook(hooks: Sequence[H], hook_id: str, body: WebhookUpdate | PrehookUpdate) -> H | None:
    """Return the hook with the given id if the hook has all requested values, otherwise ``None``."""
    return next((hook for hook in hooks if hook.id == hook_id and _has(hook, body)), None)


def _has(hook: _Hook, body: WebhookCreate | WebhookUpdate | PrehookCreate | PrehookUpdate) -> bool:
    """Return whether a hook has the values that were sent, including the secret."""
    is_signed = hook.secret is None or not isinstance(body.secret, str) or hook.secret == Secret(body.secret)
    return is_signed and shows(hook, body)


@without_frames
def find_hook(hooks: Iterable[H], hook_id: str, endpoint: Endpoint[object], kind: str) -> H:
    """Return the hook with the given id from a list of all hooks.

    Raises:
        NotFoundError: No hook has the id.
    """
    for hook in hooks:
        if hook.id == hook_id:
            return hook
    raise NotFoundError(
        f"there is no {kind} {hook_id!r}",
        ErrorDetails(endpoint=endpoint.name, attempts=1, outcome=Outcome.REFUSED),
    )
