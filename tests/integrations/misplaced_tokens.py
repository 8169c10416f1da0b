"""Requests that have a good token beside something else, or in the header of another kind of token."""

from __future__ import annotations

from frontegg_async.emulator import EmulatorHandle

Headers = list[tuple[str, str]]
_BASIC = "Basic YW5uOnB3"


def misplaced_tokens(emulator: EmulatorHandle, bearer: str) -> dict[str, Headers]:
    """Return the headers of each such request. No integration accepts one, and none looks a token up for it.

    Args:
        emulator: The emulator, which issues an access token.
        bearer: The good value of ``Authorization``.
    """
    made = emulator.access_token(tenant_id="north", roles=["Admin", "Owner"])
    key = made.secret
    return {
        "bare id": [("x-api-key", made.id)],
        "forged": [("x-api-key", f"{key[:-8]}AAAAAAAA")],
        "user's token as a key": [("x-api-key", bearer.partition(" ")[2])],
        "access token as bearer": [("Authorization", f"Bearer {key}")],
        "both": [("Authorization", bearer), ("x-api-key", key)],
        "two bearers": [("Authorization", bearer), ("Authorization", bearer)],
        "two keys": [("x-api-key", key), ("x-api-key", key)],
        "a bearer beside basic": [("Authorization", bearer), ("Authorization", _BASIC)],
        "a key beside basic": [("Authorization", _BASIC), ("x-api-key", key)],
        "good and empty bearer": [("Authorization", bearer), ("Authorization", "")],
        "empty key beside a good one": [("x-api-key", ""), ("x-api-key", key)],
    }
