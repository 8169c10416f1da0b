"""Managed webhooks and prehooks of the environment. The key is the display name, or the URL if there is none."""

from __future__ import annotations

import abc
from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Final, cast

from frontegg_async._core.call.caller import Caller
from frontegg_async._core.checks import arguments
from frontegg_async._values.json_values import JsonValue
from frontegg_async.endpoints import Endpoint, prehooks, webhooks
from frontegg_async.managed.fields import Check, Field, Shape, by_name
from frontegg_async.managed.kinds import ManagedObject, ObjectKind, Objects, by_key
from frontegg_async.managed.values import ObjectChanges, values_of
from frontegg_async.models.model import Model
from frontegg_async.models.prehooks import Prehook, PrehookFailMethod
from frontegg_async.models.webhooks import Webhook
from frontegg_async.resources.prehooks import MAX_TIMEOUT, AsyncPrehooks
from frontegg_async.resources.support.hooks import check_hook_url, check_prehook_key, check_webhook_key
from frontegg_async.resources.webhooks import AsyncEnvironmentWebhooks

_NAME: Final = "display_name"
_URL: Final = "url"
_SECRET: Final = "secret"  # noqa: S105 - the name of a field
_EVENT_KEYS: Final = "event_keys"
_CODE: Final = "CUSTOM_CODE"


def _check_url(value: object, _: str) -> None:
    check_hook_url(value)


def _fields(check_event_key: Check) -> tuple[Field, ...]:
    return (
        Field(_NAME, check=arguments.check_text),
        Field(_URL, is_required=True, has_address=True, check=_check_url),
        Field(_SECRET, Shape.SECRET, is_required=True),
        Field(_EVENT_KEYS, Shape.MEMBERS, is_required=True, check=check_event_key),
        Field("description", is_nullable=True),
        Field("is_active", Shape.FLAG),
    )


class _Hooks(ObjectKind):
    """The hooks of the environment."""

    key_field: ClassVar[str] = _NAME

    @abc.abstractmethod
    def _hooks(self, caller: Caller) -> AsyncEnvironmentWebhooks | AsyncPrehooks: ...

    async def read(self, caller: Caller, keys: Collection[str] | None = None) -> Objects:
        """Return the hooks."""
        del keys
        return by_key([self._object(each) for each in await self._hooks(caller).list().all()])

    async def create(self, caller: Caller, key: str, values: ObjectChanges, *, send_email: bool) -> None:
        """Create a hook. A hook whose key is its URL gets no display name."""
        del send_email
        sent = _sent({_NAME: key, **values.plain()})
        await self._hooks(caller).create(**cast("Any", sent), event_keys=values.added(_EVENT_KEYS))

    async def update(self, caller: Caller, key: str, object_id: str, changes: ObjectChanges) -> None:
        """Change fields of a hook. Its key stays if the URL changes. Other event keys stay unchanged."""
        hooks, plain = self._hooks(caller), changes.plain()
        sent = _sent({_NAME: key, **plain} if _URL in plain else plain)
        if changes.members(_EVENT_KEYS):
            present = (await hooks.get(object_id)).event_keys
            sent[_EVENT_KEYS] = changes.whole(_EVENT_KEYS, list(present))
        await hooks.update(object_id, **cast("Any", sent))

    async def delete(self, caller: Caller, key: str, object_id: str) -> None:
        """Delete a hook."""
        del key
        await self._hooks(caller).delete(object_id)

    def _object(self, hook: Webhook | Prehook) -> ManagedObject:
        key = hook.display_name or hook.url or hook.id
        return ManagedObject(
            key,
            hook.id,
            {**values_of(hook, self.fields), _NAME: key},
            secrets=frozenset({_SECRET} if hook.secret else ()),
            reason_to_stay="it is code at the service" if hook.type == _CODE else None,
        )


def _sent(values: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {**values, _NAME: None} if _NAME in values and values[_NAME] == values.get(_URL) else values


class Webhooks(_Hooks):
    """The webhooks of the whole environment."""

    part: ClassVar[str] = "webhooks"
    noun: ClassVar[str] = "webhook"
    model: ClassVar[type[Model]] = Webhook
    endpoints: ClassVar[tuple[Endpoint[object], ...]] = (webhooks.UPDATE, webhooks.CREATE, webhooks.DELETE)
    fields: ClassVar[Mapping[str, Field]] = by_name(*_fields(check_webhook_key))
    read_only: ClassVar[frozenset[str]] = ObjectKind.read_only | {"type", "tenant_id", "invocations"}

    def _hooks(self, caller: Caller) -> AsyncEnvironmentWebhooks:
        return AsyncEnvironmentWebhooks(caller)


class Prehooks(_Hooks):
    """The prehooks of the environment."""

    part: ClassVar[str] = "prehooks"
    noun: ClassVar[str] = "prehook"
    model: ClassVar[type[Model]] = Prehook
    endpoints: ClassVar[tuple[Endpoint[object], ...]] = (prehooks.UPDATE, prehooks.CREATE, prehooks.DELETE)
    fields: ClassVar[Mapping[str, Field]] = by_name(
        *_fields(check_prehook_key),
        Field("fail_method", choices=PrehookFailMethod, is_required=True),
        Field("timeout", Shape.NUMBER, limits=(1, MAX_TIMEOUT)),
    )
    read_only: ClassVar[frozenset[str]] = ObjectKind.read_only | {"type"}

    def _hooks(self, caller: Caller) -> AsyncPrehooks:
        return AsyncPrehooks(caller)
