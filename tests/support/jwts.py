"""User tokens with valid claims and an invalid signature, for clients that do not verify."""

from __future__ import annotations

import base64
import json


def make_jwt(signature: str = "c2ln", **claims: object) -> str:
    """Return a token with these claims; ``tenantId`` and ``type`` have defaults."""
    whole = {"type": "userToken", "tenantId": "t1", "sub": "u1", **claims}
    return f"{_part({'alg': 'RS256', 'typ': 'JWT'})}.{_part(whole)}.{signature}"


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
