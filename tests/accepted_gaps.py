"""What the official descriptions have and this project does not, each with the reason.

`tests/test_descriptions.py` holds it against the descriptions, where they are at hand: a difference that is not here
fails, and so does an entry that is no difference any more. The lines are those of ``tools/descriptions.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_CREDENTIALS: Final = (
    "Secrets of applications are made and rotated by people, in the portal; docs/guide/roles.md says so."
)
_PASSWORDS: Final = (
    "It brings the hashes of passwords in; docs/reference/own_operations.md has it for whoever needs it."
)
_DEPRECATED: Final = "The description calls it deprecated; the operation that replaces it is declared."

ACCEPTED_GAPS: Final[Mapping[str, str]] = {
    "GET /applications/resources/applications/v1/credentials/{appId}": _CREDENTIALS,
    "POST /applications/resources/applications/v1/credentials/regenerate": _CREDENTIALS,
    "POST /applications/resources/applications/v1/credentials/shared/regenerate": _CREDENTIALS,
    "POST /applications/application-clients": _CREDENTIALS,
    "GET /applications/application-clients/app/{appId}": _CREDENTIALS,
    "GET /applications/application-clients/{id}": _CREDENTIALS,
    "PATCH /applications/application-clients/{id}": _CREDENTIALS,
    "DELETE /applications/application-clients/{id}": _CREDENTIALS,
    "GET /audits": _DEPRECATED,
    "POST /audits/export/csv": _DEPRECATED,
    "POST /audits/export/csv/v2": "It returns what the declared export below /audits/resources returns.",
    "GET /directory/resources/v1/configurations/scim2: query parameter id": (
        "One configuration has an operation of its own, which is declared."
    ),
    "GET /identity/resources/applications/user-tenants/active/v1": (
        "It is for log-in pages of several applications; docs/reference/own_operations.md has it."
    ),
    "PUT /identity/resources/applications/user-tenants/active/v1": (
        "It is for log-in pages of several applications; docs/reference/own_operations.md has it."
    ),
    "GET /identity/resources/roles/v2/distinct-levels": (
        "roles.list returns each role with its level by one request, and no source tells what this returns."
    ),
    "GET /identity/resources/roles/v2/distinct-tenants": (
        "roles.list returns each role with its tenant by one request, and no source tells what this returns."
    ),
    "GET /identity/resources/users/v1/me/tenants": "Version 2 is declared, which has all fields of each tenant.",
    "POST /identity/resources/auth/v1/logout": (
        "It is for hosted log-in pages, by a cookie; the contract does not name it. The SDK holds no browser's session."
    ),
    "POST /identity/resources/configurations/v1": (
        "The contract names the reading of the environment's identity settings, for its key, and not their writing."
    ),
    "POST /identity/resources/migrations/v1/local/bulk": _PASSWORDS,
    "GET /identity/resources/migrations/v1/local/bulk/status/{migrationId}": _PASSWORDS,
    "POST /identity/resources/vendor-only/users/v1": (
        "users.invite creates users; docs/reference/own_operations.md has this one, for ids and passwords of your own."
    ),
}
