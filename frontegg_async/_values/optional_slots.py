"""Model slots that may stay empty. The value of an empty slot is ``None`` or an empty dict.

The service rarely sends some fields of tenants. Storing a default in each of these fields would take more time than an
occasional access through these slots.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MemberDescriptorType
from typing import cast, final


class Slot:
    """The base class of descriptors that replace a plain slot.

    Args:
        slot: The plain slot.
    """

    __slots__ = ("slot",)

    def __init__(self, slot: MemberDescriptorType) -> None:
        self.slot: MemberDescriptorType = slot

    @classmethod
    def install(cls, model: type, names: Iterable[str]) -> None:
        """Replace plain slots of ``model`` with descriptors of this class."""
        for name in names:
            setattr(model, name, cls(model.__dict__[name]))

    def __set__(self, instance: object, value: object) -> None:
        self.slot.__set__(instance, value)


@final
class OptionalSlot(Slot):
    """A slot whose value is ``None`` while the slot is empty."""

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
    """A slot that gets an empty dict on the first access if the slot is empty."""

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
