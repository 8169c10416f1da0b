"""A value that must not be seen: no text form, no pickle, comparison in constant time."""

from __future__ import annotations

import hashlib
import hmac
from typing import NoReturn, final


@final
class Secret:
    """Holds a secret text. `reveal` is the only way to read it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the secret text. Do not bind it to a name: tracebacks show the locals of a frame."""
        return self._value

    def digest(self) -> bytes:
        """Return a hash of the secret, to compare and to remember it by."""
        return hashlib.sha256(self._value.encode()).digest()

    def __repr__(self) -> str:
        return "Secret(…)"

    def __str__(self) -> str:
        return "Secret(…)"

    def __format__(self, spec: str) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret cannot be pickled or copied")

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Secret:
        return self
