"""Secrets whose text form does not show the text, and structs whose text form does not show their fields."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any, Generic, NoReturn, TypeVar, cast, final

import msgspec

T = TypeVar("T")


@final
class Secret:
    """A secret text that only `reveal` returns.

    Args:
        value: The text.

    Raises:
        TypeError: The value is not text.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        kind = type(cast("object", value))
        if not issubclass(kind, str):
            del value  # the value may be the secret in another form, and the traceback keeps this frame
            raise TypeError(f"a Secret must be made of text, not {kind.__name__}")
        self._value = value

    def reveal(self) -> str:
        """Return the secret text. Do not bind the text to a name: tracebacks may show the locals of a frame."""
        return self._value

    def _bytes(self) -> bytes:
        # A text from a file may contain lone surrogates, which UTF-8 cannot encode.
        return self._value.encode("utf-8", "surrogatepass")

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


def digest_of(secret: Secret) -> bytes:
    """Return a hash that identifies a secret without showing it."""
    return hashlib.sha256(secret._bytes()).digest()  # noqa: SLF001 - of this module  # pyright: ignore[reportPrivateUsage]


@final
class Hidden(Generic[T]):
    """A wrapper for a possibly secret value, to hide it from tracebacks that record local variables."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self) -> T:
        """Return the value. Do not bind the value to a name: tracebacks may show the locals of a frame."""
        return self._value


class HiddenFields(msgspec.Struct):
    """The base class of structs that may contain credentials or personal data, which the library rich must not show."""

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Return an empty list, so that rich shows no fields."""
        return []

    def __repr__(self) -> str:
        return object.__repr__(self)


def hide(value: str | T) -> Secret | T:
    """Wrap text in a `Secret`. Return any other value unchanged.

    The caller must delete its own reference to the text: the traceback of a later exception keeps the caller's frame.
    """
    return Secret(value) if isinstance(value, str) else value


def reveal(value: Secret | T) -> str | T:
    """Return the text of a secret. Return any other value unchanged."""
    return value.reveal() if isinstance(value, Secret) else value
