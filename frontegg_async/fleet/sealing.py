"""Encode tokens for storage.

A key of the application encrypts each token together with the name of its entry in the store.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn, cast

import attrs

from frontegg_async._values.not_copyable import refuse_copies
from frontegg_async._values.secret import Secret
from frontegg_async.errors import ConfigurationError, MissingExtraError

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


@attrs.frozen(eq=False)
class KeptToken:
    """A stored token.

    Args:
        value: The token.
        life: The lifetime in seconds.
        ends_at: When the token expires, in seconds since the epoch, by the clock of the process that stored the token.
    """

    value: Secret
    life: float
    ends_at: float


class Seal:
    """Encrypts and decrypts tokens.

    Args:
        keys: Keys from ``cryptography.fernet.Fernet.generate_key()``. The first key encrypts, and all keys decrypt, so
            that a key can be rotated while programs run.
        argument: The name of the argument with the keys, for messages.
        extra: The extra that installs ``cryptography``, for messages.

    Raises:
        ConfigurationError: No key is given, or a key is malformed.
        MissingExtraError: The package ``cryptography`` is not installed.
    """

    def __init__(self, keys: str | bytes | Sequence[str | bytes], *, argument: str, extra: str) -> None:
        try:
            each = [keys] if isinstance(keys, str | bytes) else list(keys)
        except TypeError:
            each = []
        del keys
        self._box = _box(each, argument, extra)
        each.clear()

    def seal(self, name: str, token: KeptToken) -> bytes:
        """Return a token encrypted together with the name of its entry."""
        return self._box.encrypt(
            json.dumps(
                {"name": name, "token": token.value.reveal(), "life": token.life, "ends": token.ends_at}
            ).encode()
        )

    def open(self, name: str, sealed: bytes) -> KeptToken | None:
        """Decrypt the token of an entry; return ``None`` if it was encrypted with another key or another name."""
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 - `__init__` checked that the package is installed

        try:
            found: object = json.loads(self._box.decrypt(sealed))
        except (InvalidToken, ValueError, RecursionError):
            return None
        return decode_token(name, found)

    def __reduce__(self) -> NoReturn:
        # A pickle would contain the key.
        refuse_copies("a store with an encryption key")


def encode_token(name: str, token: KeptToken) -> bytes:
    """Return a token as JSON together with the name of its entry."""
    fields = {"name": name, "token": token.value.reveal(), "life": token.life, "ends": token.ends_at}
    return json.dumps(fields).encode()


def decode_token(name: str, found: object) -> KeptToken | None:
    """Return the token of a parsed entry, or ``None`` if the entry is malformed or has another name."""
    if not isinstance(found, dict):
        return None
    fields = cast("dict[str, object]", found)
    value, life, ends_at = fields.get("token"), fields.get("life"), fields.get("ends")
    if fields.get("name") != name or not isinstance(value, str):
        return None
    if not isinstance(life, float | int) or not isinstance(ends_at, float | int):
        return None
    try:
        return KeptToken(Secret(value), float(life), float(ends_at))
    except OverflowError:
        return None


def _box(keys: list[str | bytes], argument: str, extra: str) -> MultiFernet:
    try:
        from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415 - of an extra
    except ImportError:
        pass
    else:
        try:
            boxes = [Fernet(key) for key in keys]
        except (ValueError, TypeError):
            boxes = []
        finally:
            keys.clear()
        if not boxes:
            raise ConfigurationError(
                f"{argument} must be a key from cryptography.fernet.Fernet.generate_key(), or a sequence of such keys"
            )
        return MultiFernet(boxes)
    raise MissingExtraError(f"{argument} needs cryptography: pip install 'frontegg-async[{extra}]'")
