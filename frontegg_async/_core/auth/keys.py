"""Keys that verify tokens. The key determines the algorithm, never the token."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, Protocol, cast

import attrs

from frontegg_async._core.runtime.tracebacks import without_frames
from frontegg_async._values.json_values import JsonValue
from frontegg_async._values.secret import Secret, hide
from frontegg_async.errors import ConfigurationError, MissingExtraError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: TC004 - of an extra

RS256: Final = "RS256"
HS256: Final = "HS256"

MAX_KEYS: Final = 64
"""The number of keys of a JWKS that are used. Further keys are ignored."""

_MIN_BITS: Final = 2048
_MAX_BITS: Final = 8192
_MAX_EXPONENT: Final = 2**32
_MIN_SECRET: Final = 32
_MAX_PEM: Final = 16 * 1024
_NUMBERS: Final = {"n": re.compile(r"[\w-]{1,2048}", re.ASCII), "e": re.compile(r"[\w-]{1,8}", re.ASCII)}
"""The patterns of the modulus and the exponent of an RSA key, in base64url.

OpenSSL takes seconds to check much larger numbers.
"""


class Key(Protocol):
    """A key that verifies signatures."""

    @property
    def key_id(self) -> str | None:
        """The id by which tokens name the key. ``None`` if the key has no id."""
        ...

    def verifies(self, signed: bytes, signature: bytes) -> bool:
        """Return whether a signature was made with the matching key."""
        ...


@attrs.frozen(eq=False)
class RsaKey:
    """A public RSA key, for RS256."""

    key_id: str | None
    _public: RSAPublicKey = attrs.field(repr=False)

    def verifies(self, signed: bytes, signature: bytes) -> bool:
        """Return whether a signature was made with the matching private key."""
        import jwt  # noqa: PLC0415 - see `check_extra`

        return jwt.get_algorithm_by_name(RS256).verify(signed, self._public, signature)


@attrs.frozen(eq=False)
class SecretKey:
    """A shared secret, for HS256."""

    _secret: Secret
    key_id: None = None

    def verifies(self, signed: bytes, signature: bytes) -> bool:
        """Return whether a signature was made with the secret."""
        import jwt  # noqa: PLC0415 - see `check_extra`

        return jwt.get_algorithm_by_name(HS256).verify(signed, self._secret.reveal().encode(), signature)


@attrs.frozen(eq=False)
class KeySet:
    """The keys of an issuer."""

    keys: Sequence[Key] = ()

    def find(self, key_id: str | None) -> Key | None:
        """Return the key with this id.

        The only key of an issuer is returned if the token names no key, or if the key has no id.
        """
        only = self.keys[0] if len(self.keys) == 1 else None
        if key_id is None or (only is not None and only.key_id is None):
            return only
        return next((key for key in self.keys if key.key_id == key_id), None)


NO_KEYS: Final = KeySet()


def check_extra() -> None:
    """Check that the extra ``jwt`` is installed.

    Raises:
        MissingExtraError: cryptography is not installed.
    """
    from jwt import algorithms  # noqa: PLC0415 - the import takes a tenth of a second, and most programs verify nothing

    if not algorithms.has_crypto:
        raise MissingExtraError("verifying tokens needs cryptography: pip install 'frontegg-async[jwt]'")


@without_frames
def key_of_pem(pem: object, setting: str) -> RsaKey:
    """Return a public RSA key from its PEM.

    Args:
        pem: The text of the PEM.
        setting: The name of the setting that contains the PEM, for messages.

    Raises:
        ConfigurationError: The text is not the PEM of a public RSA key of an allowed size.
    """
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - of an extra
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415 - of an extra
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415 - of an extra

    if isinstance(pem, str) and len(pem) <= _MAX_PEM:
        try:
            key = load_pem_public_key(pem.encode())
        except (ValueError, UnsupportedAlgorithm):
            key = None
        if isinstance(key, RSAPublicKey) and _is_sound(key):
            return RsaKey(None, key)
    raise ConfigurationError(
        f"{setting} must be the PEM of a public RSA key of {_MIN_BITS} to {_MAX_BITS} bits: "
        "text that begins with '-----BEGIN PUBLIC KEY-----'"
    )


def key_of_secret(secret: object) -> SecretKey:
    """Return a key for HS256.

    Args:
        secret: The shared secret, as text or as a `Secret`.

    Raises:
        ConfigurationError: The secret is not a text of at least 32 bytes, or the secret is a PEM.
    """
    held = hide(secret)
    del secret
    if not isinstance(held, Secret) or "-----BEGIN " in held.reveal():
        raise ConfigurationError(
            "secret must be the environment's JWT secret as text; pass a PEM as public_key instead"
        )
    try:
        size = len(held.reveal().encode())
    except UnicodeEncodeError:
        size = 0
    if size < _MIN_SECRET:
        raise ConfigurationError(
            f"secret must have at least {_MIN_SECRET} bytes: a shorter secret can be guessed from a single token"
        )
    return SecretKey(held)


def keys_of_document(entries: object) -> KeySet:
    """Return the keys of a JWKS that can verify tokens. Other entries are ignored."""
    listed = cast("Sequence[object]", entries)[:MAX_KEYS] if isinstance(entries, list | tuple) else ()
    found = (_key_of(cast("Mapping[str, JsonValue]", entry)) for entry in listed if isinstance(entry, Mapping))
    keys = [key for key in found if key is not None]
    names = [key.key_id for key in keys]
    # Drop keys that share an id, because the id is ambiguous. Keep all keys without an id: of several, `find` uses none
    # as the only key.
    return KeySet(tuple(key for key in keys if key.key_id is None or names.count(key.key_id) == 1))


def _key_of(entry: Mapping[str, JsonValue]) -> RsaKey | None:
    import jwt  # noqa: PLC0415 - see `check_extra`
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415 - of an extra

    operations = entry.get("key_ops", ["verify"])
    key_id = entry.get("kid")
    if (
        entry.get("use", "sig") != "sig"
        or entry.get("alg", RS256) != RS256
        or not (isinstance(operations, list) and "verify" in operations)
        or not isinstance(key_id, str | None)
    ):
        return None
    # Drop the fields of a private key, which PyJWT would use.
    numbers = {name: text for name in _NUMBERS if isinstance(text := entry.get(name), str)}
    if not all(pattern.fullmatch(numbers.get(name, "")) for name, pattern in _NUMBERS.items()):
        return None
    try:
        key = jwt.PyJWK({"kty": entry.get("kty"), **numbers}, algorithm=RS256).key
    except jwt.PyJWTError:
        return None
    return RsaKey(key_id or None, key) if isinstance(key, RSAPublicKey) and _is_sound(key) else None


def _is_sound(key: RSAPublicKey) -> bool:
    numbers = key.public_numbers()
    return _MIN_BITS <= key.key_size <= _MAX_BITS and numbers.n % 2 == 1 and numbers.e < _MAX_EXPONENT


def keys_of_settings(pem: str | None, algorithm: str | None) -> KeySet:
    """Return the key from the settings of an environment.

    Args:
        pem: The public key of the environment, as PEM.
        algorithm: The algorithm with which the environment signs.

    Raises:
        ConfigurationError: The environment does not sign with RS256, or the environment has no public key.
    """
    if algorithm not in (None, RS256):
        raise ConfigurationError(
            f"the environment signs its tokens with {ascii(algorithm)[:20]}: pass the environment's JWT secret as "
            "secret=..."
        )
    return KeySet((cast("Key", key_of_pem(pem, "the environment's publicKey")),))
