"""Slots of models that may be left empty."""

from __future__ import annotations

from collections.abc import Iterable
from types import MemberDescriptorType
from typing import final


@final
class OptionalSlot:
    """A slot that reads as ``None`` while nothing was stored in it.

    Most tenants have none of the fields that the service sends only sometimes. To store ``None`` for each of them in
    each row of a page costs more than to read one of them now and then through this.
    """

    __slots__ = ("_slot",)

    def __init__(self, slot: MemberDescriptorType) -> None:
        self._slot = slot

    @classmethod
    def install(cls, model: type, names: Iterable[str]) -> None:
        """Put optional slots in the place of plain slots of ``model``."""
        for name in names:
            setattr(model, name, cls(model.__dict__[name]))

    def __get__(self, instance: object | None, owner: type) -> object:
        if instance is None:
            return self
        try:
            return self._slot.__get__(instance, owner)
        except AttributeError:
            return None

    def __set__(self, instance: object, value: object) -> None:
        self._slot.__set__(instance, value)
