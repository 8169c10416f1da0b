"""Canaries: the secrets and personal data that the row looks for, and answers that contain them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from frontegg_async import Options
from frontegg_async.models import DEFAULT_JWT_CLAIMS
from tests.acceptance.scoreboard.support.recorder import answer, user_token

_MOMENT: Final = "2026-01-01T00:00:00.000Z"
CLIENT_ID: Final = "canary-client"
SECRET: Final = "canary-secret"
PERSON: Final = "canary-person@example.com"
VALUE: Final = "canary-value"
PRIVATE: Final = re.compile(r"canary-secret|c2lncanary|eyJ[A-Za-z0-9_-]{8,}\.")
PERSONAL: Final = re.compile(r"canary-person|canary-value")
ONCE: Final = Options(max_retries=1, timeout=2.0, deadline=5.0)


_TENANT: Final = {"tenantId": "t", "name": "n", "createdAt": _MOMENT, "updatedAt": _MOMENT}
_FULL: Final = {
    **_TENANT,
    "creatorEmail": PERSON,
    "email": PERSON,
    "metadata": json.dumps({"k": VALUE}),
    "secret": SECRET,
    "token": SECRET,
    "oidcSecret": SECRET,
    "idpClientSecret": SECRET,
    "accessToken": user_token("canary"),
    "refreshToken": SECRET,
    "expiresIn": 3600,
    "unknown": VALUE,
    "id": "t",
    "clientId": "t",
}
ANSWERS: Final[dict[str, bytes]] = {
    "all fields": answer(200, _FULL),
    "many": answer(200, [_FULL]),
    "page": answer(200, {"items": [_FULL], "_metadata": {"totalItems": 1}}),
    "wrong types": answer(200, {**_FULL, "tenantId": {"a": SECRET}, "name": [PERSON], "id": 5}),
    "wrong rows": answer(200, [{**_FULL, "tenantId": 5}]),
    "cut off": b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n"
    + json.dumps({"a": [SECRET]}).encode().ljust(40)[:39]
    + b"x",
    "text": b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\nnot-any-value",
    "400": answer(400, {"errors": ["no"], "input": _FULL}),
    "401": answer(401, {"errors": ["no"], "input": _FULL}),
    "403": answer(403, {"errors": ["no"], "input": _FULL}),
    "404": answer(404, {"errors": ["no"], "input": _FULL}),
    "409": answer(409, {"errors": ["no"], "input": _FULL}),
    "429": answer(429, {"errors": ["no"], "input": _FULL}, "Retry-After: 9999"),
    "500": answer(500, {"errors": ["no"], "input": _FULL}),
    "redirect": answer(302, _FULL, f"Location: https://evil.example/{SECRET}?e={PERSON}"),
    "no HTTP": b"SSH-2.0 " + SECRET.encode() + b"\r\n\r\n",
    "a broken header": b"HTTP/1.1 200 OK\r\nContent-Length: " + SECRET.encode() + b"\r\n\r\n",
    "gzip that is none": answer(200, _FULL, "Content-Encoding: gzip"),
}


ARGUMENTS: Final[Mapping[str, object]] = {
    "metadata": {"k": VALUE},
    "email": PERSON,
    "creator_email": PERSON,
    "creator_name": PERSON,
    "filter": PERSON,
    "tenant_ids": ["t", "u"],
    "role_ids": ["r"],
    "permission_ids": ["p"],
    "type": "oidc",
    "access_type": "children",
    "oidc_secret": SECRET,
    "idp_client_secret": SECRET,
    "token": user_token("canary"),
    "new_parent_id": "u",
    "parent_id": "u",
    "target_tenant_id": "u",
    "confirm_tenant_id": "t",
    "timezone": "Europe/Oslo",
    "currency": "EUR",
    "timeout": 1.0,
    "claims": {**DEFAULT_JWT_CLAIMS, "canary": VALUE},
    "expiration": 60,
    "expires_in_minutes": 5,
    "roles": {"t": ["r"]},
    "rules": [{"template_key": "k", "conditions": [{"attribute": "userEmail", "op": "contains", "values": [PERSON]}]}],
}
OPTIONAL: Final = frozenset(
    {"metadata", "email", "creator_email", "creator_name", "filter", "oidc_secret", "idp_client_secret"}
)
