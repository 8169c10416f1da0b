"""`SigningKey`: signs and reads JSON Web Tokens. All emulators of a process share one key."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

import attrs

from frontegg_async._core.runtime.forks import ProcessLock
from frontegg_async.errors import MissingExtraError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey  # noqa: TC004 - an extra

_KEY_BITS: Final = 2048
_PUBLIC_EXPONENT: Final = 65537
_NO_CHECKS: Final = {
    "verify_aud": False,
    "verify_exp": False,
    "verify_iat": False,
    "verify_iss": False,
    "verify_nbf": False,
    "verify_sub": False,
    "verify_jti": False,
}
"""The options for PyJWT. PyJWT checks only the signature; the clock of the environment decides whether times pass."""


def _missing_extra() -> MissingExtraError:
    return MissingExtraError("the emulator needs cryptography: pip install 'frontegg-async[emulator]'")


def _number(value: int) -> str:
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


@attrs.frozen
class SigningKey:
    """An RSA key with its public key as PEM text and its id in the JSON Web Key Set."""

    private: RSAPrivateKey = attrs.field(repr=False, eq=False)
    public: RSAPublicKey = attrs.field(repr=False, eq=False)
    pem: str = attrs.field(repr=False)
    key_id: str

    @classmethod
    def make(cls) -> SigningKey:
        """Generate a new key.

        Raises:
            MissingExtraError: cryptography is not installed.
        """
        try:
            from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - of an optional extra
        except ImportError:
            raise _missing_extra() from None
        return cls.of(rsa.generate_private_key(public_exponent=_PUBLIC_EXPONENT, key_size=_KEY_BITS))

    @classmethod
    def of(cls, private: RSAPrivateKey) -> SigningKey:
        """Return a signing key for a private key."""
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - of an optional extra
            Encoding,
            PublicFormat,
        )

        public = private.public_key()
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        return cls(private, public, pem, hashlib.sha256(pem.encode()).hexdigest()[:32])

    @classmethod
    def load(cls, stored: bytes) -> SigningKey:
        """Return the key from the bytes that `dump` returned.

        Raises:
            ValueError: The bytes are not an RSA key.
        """
        from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - of an optional extra
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - of an optional extra
            load_der_private_key,
        )

        private = load_der_private_key(stored, None)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise ValueError("the signing key is not an RSA key")  # noqa: TRY004 - one kind of error for a damaged file
        return cls.of(private)

    def dump(self) -> bytes:
        """Return the private key as DER bytes for storage."""
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - of an optional extra
            Encoding,
            NoEncryption,
            PrivateFormat,
        )

        return self.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())

    def key_set(self) -> dict[str, object]:
        """Return the JSON Web Key Set that contains this key."""
        numbers = self.public.public_numbers()
        key = {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.key_id,
            "n": _number(numbers.n),
            "e": _number(numbers.e),
        }
        return {"keys": [key]}

    def sign(self, claims: Mapping[str, object], *, named: bool, algorithm: str = "RS256") -> str:
        """Return a signed token. With ``named``, the token's header contains the id of the key.

        HS256 signs with a secret of the emulator, since no source contains the secret that the service uses.
        """
        import jwt  # noqa: PLC0415 - of an optional extra

        if algorithm == "HS256":
            return jwt.encode(dict(claims), self.dump(), algorithm=algorithm)
        headers = {"kid": self.key_id} if named else None
        return jwt.encode(dict(claims), self.private, algorithm="RS256", headers=headers)

    def read(self, token: str) -> Mapping[str, object] | None:
        """Return the claims of a token that this key has signed, or ``None`` for any other text."""
        import jwt  # noqa: PLC0415 - of an optional extra

        try:
            claims = cast("Mapping[str, object]", jwt.decode(token, self.public, ["RS256"], options=_NO_CHECKS))  # type: ignore[arg-type]  # PyJWT's own option type is not public
        except (jwt.InvalidTokenError, ValueError):
            return None
        return claims


_lock = ProcessLock()
_made: list[SigningKey] = []


def process_key() -> SigningKey:
    """Return the key of this process. The first call generates the key.

    Raises:
        MissingExtraError: cryptography is not installed.
    """
    with _lock.of_process():
        if not _made:
            _made.append(SigningKey.make())
        return _made[0]
