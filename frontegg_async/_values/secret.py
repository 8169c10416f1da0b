"""A value that must not be seen: no text form, no pickle, comparison in constant time."""

from __future__ import annotations

import hashlib
import hmac
from typing import Generic, NoReturn, TypeVar, final

T = TypeVar("T")


@final
class Secret:
    """Holds a secret text. `reveal` is the only way to read it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the secret text. Do not bind it to a name: tracebacks show the locals of a frame."""
        return self._value

    def _bytes(self) -> bytes:
        # Lone surrogates are no characters, and have no encoding otherwise: a file that others write may hold them.
        return self._value.encode("utf-8", "surrogatepass")

    def digest(self) -> bytes:
        """Return a hash of the secret, to compare and to remember it by."""
        return hashlib.sha256(self._bytes()).digest()

    def __repr__(self) -> str:
        return "Secret(…)"

    def __str__(self) -> str:
        return "Secret(…)"

    def __format__(self, spec: str) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._bytes(), other._bytes())

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret cannot be pickled or copied")

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Secret:
        return self


@final
class Hidden(Generic[T]):
    """Holds what may be a secret for the time of a call, so that no frame has it among its locals."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self) -> T:
        """Return what is held. Do not bind it to a name."""
        return self._value


def hide(value: str | T) -> Secret | T:
    """Return text as a secret that does not show, not even among the locals of a frame; anything else as it is.

    A frame whose parameter is the text deletes that parameter then: what is raised later keeps the frame.
    """
    return Secret(value) if isinstance(value, str) else value


def reveal(value: Secret | T) -> str | T:
    """Return the text of a secret; anything else as it is."""
    return value.reveal() if isinstance(value, Secret) else value
