"""The operations that create links with which a user activates itself or sets a new password."""

from __future__ import annotations

from typing import Final

from frontegg_async.endpoints.endpoint import Auth, Endpoint, Evidence, Retry
from frontegg_async.models.user_links import NewUserLink

_LINKS: Final = "/identity/resources/users/v1/{user_id}/links"

GENERATE_ACTIVATION = Endpoint(
    name="users.generate_activation_link",
    method="POST",
    path=f"{_LINKS}/generate-activation-token",
    auth=Auth.ENVIRONMENT,
    returns=NewUserLink,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    _echoed=(("user_id", "user_id"),),
    errors=(404,),
    summary="Create an activation link for a user, and send no e-mail.",
)

GENERATE_PASSWORD_RESET = Endpoint(
    name="users.generate_password_reset_link",
    method="POST",
    path=f"{_LINKS}/generate-password-reset-token",
    auth=Auth.ENVIRONMENT,
    returns=NewUserLink,
    retry=Retry.NEVER,
    evidence=Evidence.DOCUMENTED,
    status=201,
    _echoed=(("user_id", "user_id"),),
    errors=(404,),
    summary="Create a password reset link for a user, and send no e-mail.",
)

ENDPOINTS: tuple[Endpoint[object], ...] = (GENERATE_ACTIVATION, GENERATE_PASSWORD_RESET)
"""The operations of this module. No source documents their errors. The emulator returns 404."""
