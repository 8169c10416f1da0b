"""Models of activation and password links: a user activates itself or sets a new password with a link."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret
from frontegg_async.models.model import Model

__all__ = ["NewUserLink"]


@attrs.frozen(kw_only=True, eq=False, repr=False, weakref_slot=False)
class NewUserLink(Model):
    """A new link for one user. Anyone with the link acts as that user. The service returns the link only once."""

    user_id: str | None = None
    """The id of the user; ``None`` if the response lacks it."""
    link: Secret = attrs.field(repr=False)
    """The link to give to the user. ``link.reveal()`` returns the text."""
    token: Secret = attrs.field(repr=False)
    """The token in the link. ``token.reveal()`` returns the text."""
    extra: Mapping[str, JsonValue] = attrs.field(factory=dict[str, JsonValue], repr=False, hash=False)
    """Unknown fields of the response, and values of an unexpected type, by their names in the JSON."""
