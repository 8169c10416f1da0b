"""How declared operations differ from the official descriptions, each with the reason.

`tests/test_descriptions.py` compares this table with the descriptions, where they are at hand: a difference that is not
here fails, and so does an entry that is no difference any more. The lines are those of ``tools/descriptions.py``. The
page of own operations has the operations that are not declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_OF_TOKEN: Final = "The header may be left out, and the token of the user says which user and tenant it is."

ACCEPTED_GAPS: Final[Mapping[str, str]] = {
    "GET /identity/resources/users/emails/v1: tenant header": (
        "The header may be left out, and the ids of the users choose the addresses."
    ),
    **{
        f"{operation}: tenant header": _OF_TOKEN
        for operation in (
            "GET /identity/resources/users/phone-numbers/v1/me",
            "POST /identity/resources/users/emails/v1",
            "POST /identity/resources/users/emails/v1/verify",
            "DELETE /identity/resources/users/emails/v1/{emailId}",
            "POST /identity/resources/users/emails/v1/me/primary",
            "GET /identity/resources/users/emails/v1/me",
            "POST /identity/resources/usernames/v1",
            "GET /identity/resources/usernames/v1/me",
            "POST /identity/resources/users/v1/email/me",
            "POST /identity/resources/users/v1/email/me/verify",
        )
    },
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
