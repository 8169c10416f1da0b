"""Slots of models that may be left empty.

Most tenants have none of the fields that the service sends only sometimes. To store something for each of them in each
row of a page costs more than to read one of them now and then through these.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MemberDescriptorType
from typing import cast, final


class Slot:
    """Stands in the place of a plain slot.

    Args:
        slot: The plain one.
    """

    __slots__ = ("slot",)

    def __init__(self, slot: MemberDescriptorType) -> None:
        self.slot: MemberDescriptorType = slot

    @classmethod
    def install(cls, model: type, names: Iterable[str]) -> None:
        """Put such slots in the place of plain slots of ``model``."""
        for name in names:
            setattr(model, name, cls(model.__dict__[name]))

    def __set__(self, instance: object, value: object) -> None:
        self.slot.__set__(instance, value)


@final
class OptionalSlot(Slot):
    """Reads as ``None`` while nothing was stored in it."""

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
    """Has an empty dict from when it is first read while nothing was stored in it."""

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
