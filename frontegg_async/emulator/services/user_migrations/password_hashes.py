"""`is_password`: checks a password against a password hash, if the standard library can compute the hash.

Only the format of scrypt hashes is known: salt and key with the salt separator between them. The encodings of other
hashes are assumed: a digest is hexadecimal or base64, and PBKDF2 hashes have the format of Django.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final

import msgspec

from frontegg_async.emulator.store.user_rows import PasswordHash, UserRow

_MOST_ITERATIONS: Final = 1_000_000
_MOST_MEMORY: Final = 64 * 1024 * 1024
_PLAIN: Final = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}


class _Scrypt(msgspec.Struct, rename={"salt_separator": "saltSeparator", "key_length": "keyLen", "cost": "N"}):
    salt_separator: str
    cost: int
    r: int
    p: int
    key_length: int


def is_password(user: UserRow, password: str) -> bool:
    """Return whether a password is the password of a user. If the emulator cannot compute the hash, it is not."""
    given = _raw(password)
    if user.password is not None:
        return hmac.compare_digest(_raw(user.password), given)
    if user.password_hash is None:
        return False
    try:
        return _has_hash(user.password_hash, given)
    except (ValueError, OverflowError, MemoryError, msgspec.DecodeError):
        return False  # the hash or its parameters do not have the assumed form


def _has_hash(hashed: PasswordHash, password: bytes) -> bool:
    if hashed.type in _PLAIN:
        return _is_digest(hashed.hash, _PLAIN[hashed.type](password, usedforsecurity=False).digest())
    if hashed.type == "pbkdf2":
        algorithm, iterations, salt, digest = hashed.hash.removeprefix("pbkdf2_").split("$")
        if not 1 <= int(iterations) <= _MOST_ITERATIONS:
            return False
        return _is_digest(digest, hashlib.pbkdf2_hmac(algorithm, password, _raw(salt), int(iterations)))
    if hashed.type == "scrypt":
        config = msgspec.json.decode(hashed.config or "", type=_Scrypt)
        salt, digest = hashed.hash.split(config.salt_separator)
        computed = hashlib.scrypt(
            password,
            salt=_raw(salt),
            n=config.cost,
            r=config.r,
            p=config.p,
            maxmem=_MOST_MEMORY,
            dklen=config.key_length,
        )
        return _is_digest(digest, computed)
    return False


def _is_digest(text: str, digest: bytes) -> bool:
    is_hexadecimal = hmac.compare_digest(_raw(text.lower()), digest.hex().encode())
    return is_hexadecimal or hmac.compare_digest(_raw(text), base64.b64encode(digest))


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
