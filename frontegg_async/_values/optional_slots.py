"""Model slots that may stay empty, and then read as ``None`` or as an empty dict.

The service rarely sends some fields of tenants. A default for each field in each row of a page would cost more time
than an occasional read through these slots.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MemberDescriptorType
from typing import cast, final


class Slot:
    """The base of descriptors that replace a plain slot.

    Args:
        slot: The plain slot.
    """

    __slots__ = ("slot",)

    def __init__(self, slot: MemberDescriptorType) -> None:
        self.slot: MemberDescriptorType = slot

    @classmethod
    def install(cls, model: type, names: Iterable[str]) -> None:
        """Replace plain slots of ``model`` with such descriptors."""
        for name in names:
            setattr(model, name, cls(model.__dict__[name]))

    def __set__(self, instance: object, value: object) -> None:
        self.slot.__set__(instance, value)


@final
class OptionalSlot(Slot):
    """A slot that reads as ``None`` while it is empty."""

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
    """A slot that reads as an empty dict while it is empty, and then keeps that dict."""

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
