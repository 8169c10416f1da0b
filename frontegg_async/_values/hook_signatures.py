"""Sign what the header of webhooks and prehooks has.

PyJWT is not used since it warns about short secrets, which the service takes.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Final

import msgspec

SIGNATURE_HEADER: Final = "x-webhook-secret"

SIGNATURE_SECONDS: Final = 300
"""The seconds for which a signature is valid."""

_encode = msgspec.json.Encoder().encode


def sign_claims(claims: Mapping[str, int], secret: str) -> str:
    """Return a JWT of claims, signed by HS256.

    Args:
        claims: The claims.
        secret: The secret of the hook.
    """
    signed = b".".join(map(_base64, (_encode({"alg": "HS256", "typ": "JWT"}), _encode(claims))))
    return b".".join((signed, _base64(hmac.digest(secret.encode(), signed, hashlib.sha256)))).decode()


def _base64(raw: bytes) -> bytes:
    return urlsafe_b64encode(raw).rstrip(b"=")
