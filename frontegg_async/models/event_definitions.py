"""Request bodies for event definitions. The emulator accepts them, since Frontegg's own SDKs send them."""

from __future__ import annotations

import attrs

from frontegg_async._values.value import Value

__all__: list[str] = []


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EventDefinitionCreate(Value):
    """The fields of a new event definition. Fields that are ``None`` are not sent."""

    key: str
    display_name: str | None = None
    description: str | None = attrs.field(default=None, repr=False)
    category_id: str | None = None
