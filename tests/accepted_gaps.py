"""What the official descriptions have and this project does not, each with the reason.

`tests/test_descriptions.py` holds it against the descriptions, where they are at hand: a difference that is not here
fails, and so does an entry that is no difference any more. The lines are those of ``tools/descriptions.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ACCEPTED_GAPS: Final[Mapping[str, str]] = {
    "POST /identity/resources/auth/v1/logout": (
        "It is for hosted log-in pages, by a cookie; the contract does not name it. The SDK holds no browser's session."
    ),
    "POST /identity/resources/configurations/v1": (
        "The contract names the reading of the environment's identity settings, for its key, and not their writing."
    ),
    "PUT /identity/resources/users/v1/tenant: tenant header": (
        "The description has the headers that the service's gateway adds; a user's token says tenant and user itself."
    ),
}
