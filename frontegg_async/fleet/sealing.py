"""Tokens at rest: encrypted with a key of the user's, and bound to the name that they are kept under."""

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
    """What a sealed text holds.

    Args:
        value: The token.
        life: The seconds of its life.
        ends_at: When it ends, in seconds of the epoch, by the clock of who sealed it.
    """

    value: Secret
    life: float
    ends_at: float


class Seal:
    """Encrypts and decrypts tokens.

    Args:
        keys: Keys as ``cryptography.fernet.Fernet.generate_key()`` makes them: the first encrypts, and all decrypt, so
            that a key can be replaced while programs run.
        argument: The argument that the keys were given as, for messages.
        extra: The extra that installs what is needed, for messages.

    Raises:
        ConfigurationError: There is no key, or one of them is malformed.
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
        """Return an encrypted text of a token that only opens under its name."""
        return self._box.encrypt(
            json.dumps(
                {"name": name, "token": token.value.reveal(), "life": token.life, "ends": token.ends_at}
            ).encode()
        )

    def open(self, name: str, sealed: bytes) -> KeptToken | None:
        """Return what was sealed under a name; ``None`` if it was sealed with another key or under another name."""
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 - it is there, or there were no seal

        try:
            found: object = json.loads(self._box.decrypt(sealed))
        except (InvalidToken, ValueError, RecursionError):
            return None
        return decode_token(name, found)

    def __reduce__(self) -> NoReturn:
        # The key would be in it.
        refuse_copies("a store with an encryption key")


def encode_token(name: str, token: KeptToken) -> bytes:
    """Return a text of a token, which names what it is for."""
    fields = {"name": name, "token": token.value.reveal(), "life": token.life, "ends": token.ends_at}
    return json.dumps(fields).encode()


def decode_token(name: str, found: object) -> KeptToken | None:
    """Return the token that a parsed text holds under a name, or ``None`` if it holds none."""
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
                f"{argument} must be a key as cryptography.fernet.Fernet.generate_key() makes it, or a sequence of them"
            )
        return MultiFernet(boxes)
    raise MissingExtraError(f"{argument} needs cryptography: pip install 'frontegg-async[{extra}]'")
