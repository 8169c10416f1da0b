"""`ObjectWriter`: writes an object in the same way as an apply of a plan."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Final

import attrs

from frontegg_async._core.call.caller import Caller
from frontegg_async._values.json_values import JsonValue
from frontegg_async.conformance.client_calls import AcceptedError, CallRefusedError, call, caller_of
from frontegg_async.conformance.not_tried import NotTriedError
from frontegg_async.conformance.probe import Probe
from frontegg_async.managed.fields import Field, Shape
from frontegg_async.managed.kinds import ManagedObject, ObjectKind
from frontegg_async.managed.values import ObjectChanges

_MOST: Final = 12
"""The maximum number of requests of a call. A change of SSO writes domains, roles and groups, and needs a token."""

_Flat = Mapping[str, JsonValue]
"""Values by flat names. The values of secrets are ignored."""


@attrs.frozen(eq=False)
class ObjectWriter:
    """Reads and writes an object. A write is never repeated."""

    probe: Probe
    kind: ObjectKind
    key: str
    """The natural key before a write."""
    tenant_id: str | None
    """The id of the account; ``None`` for an object of the environment."""

    async def read(self, key: str, object_id: str = "") -> ManagedObject | None:
        """Return the object with a key, or else with an id; ``None`` if neither exists.

        Args:
            key: The natural key.
            object_id: The id; empty if the id is not known.

        Raises:
            NotTriedError: The object cannot be read.
        """
        try:
            objects = await call(
                self.probe, lambda client: self.kind.read(caller_of(client, self.tenant_id), [key]), most=_MOST
            )
        except CallRefusedError as error:
            raise NotTriedError(f"the written object cannot be read: {error.error}") from None
        return objects.found.get(key) or (objects.by_id(object_id) if object_id else None)

    async def create(self, values: _Flat) -> _Flat:
        """Create the object, and return the values that the service refused.

        Args:
            values: The values.

        Raises:
            NotTriedError: The object could not be made.
        """
        if await self._create(values) is None:
            return {}
        least = self._required(values)
        refused = await self._create(least)
        if refused is not None:
            raise NotTriedError(f"the {self.kind.noun} could not be made: {refused.answer.status}")
        return {name: value for name, value in values.items() if name not in least}

    async def update(self, object_id: str, values: _Flat) -> Mapping[str, str]:
        """Change fields with one write. If the service refuses the write, change each field with a separate write.

        Args:
            object_id: The id of the object.
            values: The values.

        Returns:
            Descriptions of how the service refused fields, by field name.

        Raises:
            NotTriedError: A request failed.
        """
        if not values or await self._update(object_id, values) is None:
            return {}
        refusals: dict[str, str] = {}
        for name, some in self._alone(values):
            if (refused := await self._update(object_id, some)) is not None:
                refusals[name] = f"the service answers {refused.answer.shape}"
        return refusals

    @property
    def _fields(self) -> Mapping[str, Field]:
        return self.kind.fields_of(self.key)

    def _required(self, values: _Flat) -> _Flat:
        return {name: value for name, value in values.items() if self._fields[_field(name)].is_required}

    def _alone(self, values: _Flat) -> Iterator[tuple[str, _Flat]]:
        """Yield each field with its values. The values that every policy needs are added."""
        needed = self._required({} if self.kind.can_create else values)
        for field in dict.fromkeys(_field(name) for name in values):
            yield field, {**needed, **{name: value for name, value in values.items() if _field(name) == field}}

    async def _create(self, values: _Flat) -> CallRefusedError | None:
        return await self._write(
            values, lambda caller, changes: self.kind.create(caller, self.key, changes, send_email=False)
        )

    async def _update(self, object_id: str, values: _Flat) -> CallRefusedError | None:
        return await self._write(values, lambda caller, changes: self.kind.update(caller, self.key, object_id, changes))

    async def _write(
        self, values: _Flat, write: Callable[[Caller, ObjectChanges], Awaitable[None]]
    ) -> CallRefusedError | None:
        """Write with new secrets, and return the service's refusal; ``None`` if the service accepted the write."""
        is_secret = {name for name in values if self._fields[_field(name)].shape is Shape.SECRET}
        sent = {name: secrets.token_urlsafe(18) if name in is_secret else value for name, value in values.items()}
        changes = ObjectChanges(self._fields, sent)
        try:
            await call(
                self.probe, lambda client: write(caller_of(client, self.tenant_id, writes=True), changes), most=_MOST
            )
        except CallRefusedError as error:
            return error
        except AcceptedError:
            pass  # a read shows the result
        return None


def _field(name: str) -> str:
    return name.partition(".")[0]
