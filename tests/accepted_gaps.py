"""How declared operations differ from the official descriptions, each with the reason.

`tests/test_descriptions.py` compares this table with the descriptions, where they are at hand: a difference that is not
here fails, and so does an entry that is no difference any more. The lines are those of ``tools/descriptions.py``. The
page of own operations has the operations that are not declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ACCEPTED_GAPS: Final[Mapping[str, str]] = {
    "GET /directory/resources/v1/configurations/scim2: query parameter id": (
        "One configuration has an operation of its own, which is declared."
    ),
    "POST /identity/resources/users/v1/mfa/disable: body field token": (
        "It is a code of the user's own device; an environment disables the second factor without one."
    ),
    "POST /identity/resources/permissions/v1/categories: body field id": (
        "The service chooses the id, as it does for roles and permissions."
    ),
}
