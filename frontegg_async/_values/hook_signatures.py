"""Signatures for the header of webhooks and prehooks.

PyJWT is not used, because it warns about short secrets, which the service accepts.
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
"""The lifetime of a signature in seconds."""

_encode = msgspec.json.Encoder().encode


def sign_claims(claims: Mapping[str, int], secret: str) -> str:
    """Return a JWT with claims, signed with HS256.

    Args:
        claims: The claims.
        secret: The secret of the hook.
    """
    signed = b".".join(map(_base64, (_encode({"alg": "HS256", "typ": "JWT"}), _encode(claims))))
    return b".".join((signed, _base64(hmac.digest(secret.encode(), signed, hashlib.sha256)))).decode()


def _base64(raw: bytes) -> bytes:
    return urlsafe_b64encode(raw).rstrip(b"=")
