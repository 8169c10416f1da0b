"""Slots of models that may stay empty and then read as ``None`` or as an empty dict.

The service sends some fields of tenants rarely. Storing a default for each of them in each row of a page takes longer
than reading them through these slots now and then.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MemberDescriptorType
from typing import cast, final


class Slot:
    """A descriptor that replaces a plain slot.

    Args:
        slot: The plain slot.
    """

    __slots__ = ("slot",)

    def __init__(self, slot: MemberDescriptorType) -> None:
        self.slot: MemberDescriptorType = slot

    @classmethod
    def install(cls, model: type, names: Iterable[str]) -> None:
        """Replace plain slots of ``model`` by such descriptors."""
        for name in names:
            setattr(model, name, cls(model.__dict__[name]))

    def __set__(self, instance: object, value: object) -> None:
        self.slot.__set__(instance, value)


@final
class OptionalSlot(Slot):
    """Reads as ``None`` while it is empty."""

    __slots__ = ()

    def __get__(self, instance: object | None, owner: type) -> object:
        if instance is None:
            return self
        try:
            return self.slot.__get__(instance, owner)
        except AttributeError:
            return None


@final
class DictSlot(Slot):
    """Stores an empty dict when it is read while it is empty."""

    __slots__ = ()

    def __get__(self, instance: object | None, owner: type) -> object:
        if instance is None:
            return self
        try:
            return cast("object", self.slot.__get__(instance, owner))
        except AttributeError:
            empty: dict[str, object] = {}
            self.slot.__set__(instance, empty)
            return empty
